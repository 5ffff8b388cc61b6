#include "src/option_appearance.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "core/util.h"
#include "src/options.h"
#include "src/picture.h"
#include "ui/colour_scale.h"
#include "ui/measure_table.h"
#include "ui/view.h"

enum { NAMES = 200, ZOOM_MAX = 40, CELLS_MIN = 5, CELLS_MAX = 1000 };

static enum status
check_view(const char *option, const char *name, bool screen)
{
	char names[NAMES];
	enum pane pane;

	if (view_find(&pane, name) || (screen && !strcmp(name, "screen")))
		return STATUS_OK;
	view_names(names, sizeof names);
	return status_set(STATUS_USAGE, "--%s '%s': expected %s%s", option,
		name, names, screen ? ", or screen" : "");
}

enum status
take_view(struct options *options, const char *argument)
{
	options->appearance.view = argument;
	return check_view("view", argument, true);
}

enum status
take_focus(struct options *options, const char *argument)
{
	options->appearance.focus = argument;
	return check_view("focus", argument, false);
}

enum status
take_measure(struct options *options, const char *argument)
{
	char names[NAMES];

	options->appearance.measure = measure_kind_find(argument);
	if (options->appearance.measure)
		return STATUS_OK;
	measure_kind_names(names, sizeof names);
	return status_set(STATUS_USAGE, "--measure '%s': expected one of %s",
		argument, names);
}

/* The index of a name. */
static enum status
take_name(int *out, const char *const *names, size_t count,
	const char *option, const char *argument)
{
	char known[NAMES];
	size_t used = 0;

	for (size_t k = 0; k < count; k++) {
		if (!strcmp(names[k], argument)) {
			*out = (int)k;
			return STATUS_OK;
		}
		if (used < sizeof known)
			used += (size_t)snprintf(known + used,
				sizeof known - used, "%s%s", k ? ", " : "",
				names[k]);
	}
	return status_set(STATUS_USAGE, "--%s '%s': expected one of %s",
		option, argument, known);
}

enum status
take_reducer(struct options *options, const char *argument)
{
	return take_name(&options->appearance.reducer, reducer_names,
		REDUCER_COUNT, "reducer", argument);
}

enum status
take_scale(struct options *options, const char *argument)
{
	return take_name(&options->appearance.scale, scale_names, SCALE_COUNT,
		"scale", argument);
}

/* What the measure has to say against it waits until that is known. */
enum status
take_limits(struct options *options, const char *argument)
{
	struct colour_limits limits;

	options->appearance.limits = argument;
	if (colour_limits_read(&limits, argument, &measure_kinds[0]))
		return STATUS_OK;
	return status_set(STATUS_USAGE, "--limits '%s': expected two numbers, "
		"the smaller one first, as in 2,14", argument);
}

enum status
take_spacing(struct options *options, const char *argument)
{
	return take_name(&options->appearance.spacing, spacing_names,
		SPACING_COUNT, "spacing", argument);
}

enum status
take_palette(struct options *options, const char *argument)
{
	const char *names[16];
	size_t count = size_min(colour_palette_count, LENGTH(names));

	for (size_t k = 0; k < count; k++)
		names[k] = colour_palettes[k].name;
	return take_name(&options->appearance.palette, names, count,
		"palette", argument);
}

/* Digits up to a number that no axis exceeds. */
static bool
take_number(size_t *out, const char **text)
{
	size_t value = 0;

	if (!isdigit((unsigned char)**text))
		return false;
	for (; isdigit((unsigned char)**text); (*text)++)
		if (!size_mul(&value, value, 10)
		    || !size_add(&value, value, (size_t)(**text - '0')))
			return false;
	*out = value;
	return true;
}

/* "3@64" */
static bool
take_window(size_t *zoom, size_t *begin, const char **text)
{
	*begin = 0;
	if (!take_number(zoom, text) || *zoom > ZOOM_MAX)
		return false;
	if (**text != '@')
		return true;
	++*text;
	return take_number(begin, text);
}

enum status
take_zoom(struct options *options, const char *argument)
{
	struct appearance *to = &options->appearance;
	const char *p = argument;
	bool fits = take_window(&to->zooms[0], &to->begins[0], &p);

	if (fits && *p == ',') {
		p++;
		fits = take_window(&to->zooms[1], &to->begins[1], &p);
	}
	to->zoomed = true;
	if (fits && !*p)
		return STATUS_OK;
	return status_set(STATUS_USAGE, "--zoom '%s': expected halvings and "
		"first cell, of positions and then of channels, as in "
		"2@64 or 2@64,1@8", argument);
}

enum status
take_picture(struct options *options, const char *argument)
{
	char names[NAMES];

	options->picture = picture_format_find(argument);
	if (options->picture)
		return STATUS_OK;
	picture_format_names(names, sizeof names);
	return status_set(STATUS_USAGE, "--format '%s': expected one of %s",
		argument, names);
}

enum status
take_size(struct options *options, const char *argument)
{
	const char *p = argument;
	size_t columns, rows;

	if (!take_number(&columns, &p) || *p++ != 'x' || !take_number(&rows, &p)
	    || *p || columns < CELLS_MIN || columns > CELLS_MAX
	    || rows < CELLS_MIN || rows > CELLS_MAX)
		return status_set(STATUS_USAGE, "--size '%s': expected columns "
			"x rows from %d to %d, as in 160x48", argument,
			CELLS_MIN, CELLS_MAX);
	options->columns = (int)columns;
	options->rows = (int)rows;
	return STATUS_OK;
}

enum status
take_color(struct options *options, const char *argument)
{
	enum colour_mode mode;

	if (!colour_mode_choose(&mode, argument, 256))
		return status_set(STATUS_USAGE, "--color '%s': expected auto, "
			"truecolor, 256, 16 or mono", argument);
	options->colour = argument;
	options->colour_given = true;
	return STATUS_OK;
}

enum status
take_ascii(struct options *options, const char *argument)
{
	(void)argument;
	options->glyphs = 1;
	return STATUS_OK;
}

enum status
take_utf8(struct options *options, const char *argument)
{
	(void)argument;
	options->glyphs = 2;
	return STATUS_OK;
}

enum status
take_no_mouse(struct options *options, const char *argument)
{
	(void)argument;
	options->mouse = false;
	return STATUS_OK;
}

enum status
take_no_watch(struct options *options, const char *argument)
{
	(void)argument;
	options->watch = false;
	return STATUS_OK;
}

enum status
take_signed(struct options *options, const char *argument)
{
	(void)argument;
	options->appearance.signs = true;
	return STATUS_OK;
}

enum status
take_low(struct options *options, const char *argument)
{
	(void)argument;
	options->low = true;
	return STATUS_OK;
}

enum status
take_light(struct options *options, const char *argument)
{
	(void)argument;
	options->light = true;
	return STATUS_OK;
}
