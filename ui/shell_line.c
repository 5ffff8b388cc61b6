#include "ui/shell_line.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util.h"
#include "ui/caption.h"
#include "ui/layer_scale.h"
#include "ui/measure_table.h"
#include "ui/model.h"
#include "ui/operator_picture.h"
#include "ui/view.h"

static bool
is_plain(const char *word)
{
	for (const char *p = word; *p; p++)
		if (!isalnum((unsigned char)*p) && !strchr("@%+=:,./-_", *p))
			return false;
	return *word;
}

static bool
has_control(const char *word)
{
	for (const char *p = word; *p; p++)
		if ((unsigned char)*p < ' ' || *p == 127)
			return true;
	return false;
}

/* One byte within $'...', which holds what '...' cannot show; or within
 * '...', where only a quote needs care. */
static void
put_byte(FILE *stream, char c, bool escapes)
{
	if (escapes && ((unsigned char)c < ' ' || c == 127))
		fprintf(stream, "\\x%02x", (unsigned)(unsigned char)c);
	else if (escapes && (c == '\\' || c == '\''))
		fprintf(stream, "\\%c", c);
	else if (c == '\'')
		fputs("'\\''", stream);
	else
		putc(c, stream);
}

static void
put_word(FILE *stream, const char *word)
{
	bool escapes = has_control(word);

	if (is_plain(word)) {
		fputs(word, stream);
		return;
	}
	fputs(escapes ? "$'" : "'", stream);
	for (; *word; word++)
		put_byte(stream, *word, escapes);
	putc('\'', stream);
}

static void
put_option(FILE *stream, const char *option, const char *value)
{
	fprintf(stream, " %s ", option);
	put_word(stream, value);
}

static void __attribute__((format(printf, 3, 4)))
put_format(FILE *stream, const char *option, const char *fmt, ...)
{
	char *value;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&value, fmt, ap) < 0)
		value = xstrdup("");
	va_end(ap);
	put_option(stream, option, value);
	free(value);
}

/* The file's whole name, so that it does not depend on where one is. */
static void
put_file(FILE *stream, const char *path)
{
	char *whole = realpath(path, NULL);

	putc(' ', stream);
	put_word(stream, whole ? whole : path);
	free(whole);
}

/* The dump on the screen, or both that are compared: A, then B. */
static void
put_files(FILE *stream, const struct model *model)
{
	const struct dump *a = comparison_side(model, 'A');

	put_file(stream, a ? a->path : model_dump(model)->path);
	if (a)
		put_file(stream, comparison_side(model, 'B')->path);
}

static void
put_place(FILE *stream, const struct model *model)
{
	const struct layer *layer = model_layer(model);
	const struct window *positions = &model->positions;
	const struct window *channels = &model->channels;

	put_option(stream, "--layer", layer->name);
	put_format(stream, "--channel", "%zu", model->channel);
	put_format(stream, "--position", "%zu", model->position);
	if (model_dump(model)->batch)
		put_format(stream, "--batch", "%zu", model_dump(model)->batch);
	if (channels->zoom)
		put_format(stream, "--zoom", "%d@%zu,%d@%zu", positions->zoom,
			positions->begin, channels->zoom, channels->begin);
	else if (positions->zoom)
		put_format(stream, "--zoom", "%d@%zu", positions->zoom,
			positions->begin);
}

static void
put_appearance(FILE *stream, const struct model *model)
{
	char number[CAPTION_NUMBER], high[CAPTION_NUMBER];

	put_option(stream, model->tolerance.kind == TOLERANCE_RELATIVE
		? "--rel-tol" : "--tol", caption_number(number,
		model->tolerance.value));
	put_option(stream, "--measure", model->measure->name);
	if (model->reducer != REDUCER_MAX)
		put_option(stream, "--reducer", reducer_names[model->reducer]);
	if (model->basis != SCALE_AUTO)
		put_option(stream, "--scale", scale_names[model->basis]);
	if (colour_limits_hold(model))
		put_format(stream, "--limits", "%s,%s",
			caption_number(number, model->limits.low),
			caption_number(high, model->limits.high));
	if (model->spacing != SPACING_LINEAR)
		put_option(stream, "--spacing", spacing_names[model->spacing]);
	if (model->look.chosen || model->look.palette)
		put_option(stream, "--palette",
			colour_palettes[model->look.palette].name);
	if (model->signs)
		fputs(" --signed", stream);
	/* render without it draws the map alone. */
	put_option(stream, "--view", model->full ? views[model->focus]->name
		: "screen");
	if (!model->full && model->focus != PANE_MAP)
		put_option(stream, "--focus", views[model->focus]->name);
}

/* Of T, which is only looked at when it is shown. */
static void
put_operator(FILE *stream, const struct model *model)
{
	char *limits = operator_picture_limits_text(model);
	char *entry = operator_picture_entry_text(model);

	if (model->signs == SIGNS_LINEAR)
		put_option(stream, "-c", "signed linear");
	if (limits && model_centre(model) == PANE_OPERATOR)
		put_format(stream, "-c", "operator-limits %s", limits);
	if (entry)
		put_format(stream, "-c", "entry %s", entry);
	free(limits);
	free(entry);
}

/* What stands in the map's place beside the focus, and where it is. */
static void
put_guest(FILE *stream, const struct model *model)
{
	enum pane centre = model_centre(model);

	if (!model->full && centre != PANE_MAP && centre != model->focus) {
		put_format(stream, "-c", "pane %s", views[centre]->name);
		put_format(stream, "-c", "pane %s", views[model->focus]->name);
	}
	if (centre == PANE_TEXT && model->text.top)
		put_format(stream, "-c", "text-top %zu", model->text.top);
}

/* What only commands can say. */
static void
put_orders(FILE *stream, const struct model *model)
{
	char *order = channel_criterion_text(model, &model->order.by, true);
	char *seen = layer_scale_text(model);

	static const char *const compare[] = {
		[COMPARING_NOTHING] = NULL,
		[COMPARING_DIFFERENCE] = "compare difference",
		[COMPARING_A] = "compare a", [COMPARING_B] = "compare b",
	};

	if (compare[model->comparison.shows])
		put_option(stream, "-c", compare[model->comparison.shows]);
	if (seen)
		put_format(stream, "-c", "seen %s", seen);
	if (model->layer_rows)
		put_option(stream, "-c", "rows layers");
	if (model->look.digits)
		put_option(stream, "-c", "digits on");
	put_operator(stream, model);
	put_guest(stream, model);
	if (model->curve_shown)
		put_option(stream, "-c", "curve on");
	if (model->list.filter)
		put_format(stream, "-c", "filter %s", model->list.filter);
	if (model->list.sort != LAYERS_BY_NAME)
		put_format(stream, "-c", "sort %s",
			layer_sort_names[model->list.sort]);
	if (model->order.by.sort != CHANNELS_BY_NUMBER)
		put_format(stream, "-c", "sort %s", order);
	if (model->anchor)
		put_format(stream, "-c", "span %zu", model->anchor);
	free(order);
	free(seen);
}

char *
shell_line(const struct model *model)
{
	const struct dump *dump = model_dump(model);
	char *text = NULL;
	size_t size;
	FILE *stream;

	if (!dump || !strcmp(dump->path, "-"))
		return NULL;
	stream = open_memstream(&text, &size);
	if (!stream)
		return NULL;
	fputs("esscope", stream);
	put_files(stream, model);
	if (model_ready(model))
		put_place(stream, model);
	put_appearance(stream, model);
	put_orders(stream, model);
	fputs(" --fresh", stream);
	fclose(stream);
	return text;
}
