#include "ui/settings.h"

#include <stdlib.h>
#include <string.h>

#include "core/util.h"
#include "ui/command.h"
#include "ui/layer_list.h"
#include "ui/layer_scale.h"
#include "ui/measure_table.h"
#include "ui/model.h"
#include "ui/operator_picture.h"
#include "ui/phrase.h"
#include "ui/view.h"

/* %.17g reads back exactly. */
static char *
value_of_tolerance(const struct model *model)
{
	return xasprintf("%s %.17g", model->tolerance.kind
		== TOLERANCE_RELATIVE ? "rel" : "abs", model->tolerance.value);
}

static char *
value_of_measure(const struct model *model)
{
	return xstrdup(model->measure->name);
}

static char *
value_of_reducer(const struct model *model)
{
	return xstrdup(reducer_names[model->reducer]);
}

static char *
value_of_scale(const struct model *model)
{
	static const char *const names[SCALE_COUNT] = {
		[SCALE_AUTO] = "auto", [SCALE_CEILING] = "ceiling",
		[SCALE_SEEN] = "seen",
	};

	return xstrdup(names[model->basis]);
}

/* Of another measure they are not kept. */
static char *
value_of_limits(const struct model *model)
{
	return !colour_limits_hold(model) ? xstrdup("auto")
		: xasprintf("%.17g,%.17g", model->limits.low,
		model->limits.high);
}

static char *
value_of_spacing(const struct model *model)
{
	return xstrdup(spacing_names[model->spacing]);
}

static char *
value_of_palette(const struct model *model)
{
	return xstrdup(colour_palettes[model->look.palette].name);
}

static char *
value_of_background(const struct model *model)
{
	return xstrdup(model->look.light ? "light" : "dark");
}

static char *
value_of_mouse(const struct model *model)
{
	return xstrdup(model->mouse ? "on" : "off");
}

static char *
value_of_sync(const struct model *model)
{
	return xstrdup(model->unbracketed ? "off" : "on");
}

static char *
value_of_color(const struct model *model)
{
	(void)model;
	return xstrdup("auto");
}

static char *
value_of_zoom(const struct model *model)
{
	return xasprintf("%d@%zu,%d@%zu", model->positions.zoom,
		model->positions.begin, model->channels.zoom,
		model->channels.begin);
}

static char *
value_of_pane(const struct model *model)
{
	return xstrdup(views[model->focus]->name);
}

static char *
value_of_layer_sort(const struct model *model)
{
	return xstrdup(layer_sort_names[model->list.sort]);
}

static char *
value_of_channel_sort(const struct model *model)
{
	return channel_criterion_text(model, &model->order.by, false);
}

static char *
value_of_filter(const struct model *model)
{
	return phrase_quote(model->list.filter ? model->list.filter : "*");
}

static char *
value_of_rows(const struct model *model)
{
	return xstrdup(model->layer_rows ? "layers" : "channels");
}

static char *
value_of_digits(const struct model *model)
{
	return xstrdup(model->look.digits ? "on" : "off");
}

static char *
value_of_signed(const struct model *model)
{
	return xstrdup(signs_names[model->signs]);
}

static char *
value_of_span(const struct model *model)
{
	return model->anchor ? xasprintf("%zu", model->anchor) : NULL;
}

static char *
value_of_curve(const struct model *model)
{
	return xstrdup(model->curve_shown ? "on" : "off");
}

static char *
value_of_text(const struct model *model)
{
	return model->text.top ? xasprintf("%zu", model->text.top) : NULL;
}

/* What stands in the map's place while another pane has the focus. */
static char *
value_of_guest(const struct model *model)
{
	return model_centre(model) != PANE_MAP
		&& model_centre(model) != model->focus
		? xstrdup(views[model_centre(model)]->name) : NULL;
}

static char *
value_of_full(const struct model *model)
{
	return xstrdup(model->full ? "on" : "off");
}

/* What belongs to one layer or one place is for sessions alone. */
const struct setting settings[] = {
	{ "tolerance", true, true, value_of_tolerance },
	{ "measure", true, true, value_of_measure },
	{ "reducer", true, true, value_of_reducer },
	{ "scale", true, true, value_of_scale },
	{ "seen", true, false, layer_scale_text },
	{ "limits", true, true, value_of_limits },
	{ "spacing", true, true, value_of_spacing },
	{ "filter", true, true, value_of_filter },
	{ "sort", true, true, value_of_layer_sort },
	{ "sort", true, true, value_of_channel_sort },
	{ "rows", true, true, value_of_rows },
	{ "digits", true, true, value_of_digits },
	{ "signed", true, true, value_of_signed },
	{ "operator-limits", true, false, operator_picture_limits_text },
	{ "zoom", true, false, value_of_zoom },
	{ "entry", true, false, operator_picture_entry_text },
	{ "span", true, false, value_of_span },
	{ "curve", true, true, value_of_curve },
	{ "text-top", true, false, value_of_text },
	{ "pane", true, false, value_of_guest },
	{ "pane", true, true, value_of_pane },
	{ "full", true, true, value_of_full },
	{ "color", false, true, value_of_color },
	{ "background", false, true, value_of_background },
	{ "palette", false, true, value_of_palette },
	{ "mouse", false, true, value_of_mouse },
	{ "sync", false, true, value_of_sync },
	{ NULL, false, false, NULL },
};

static void
print_keys(FILE *file, const struct command *command)
{
	const char *keys = command->keys;

	if (*keys)
		fprintf(file, "\n# %s\n", command->help);
	while (*(keys += strspn(keys, " "))) {
		size_t n = strcspn(keys, " ");

		fprintf(file, "#bind %.*s %s\n", (int)n, keys, command->name);
		keys += n;
	}
}

void
settings_print(FILE *file)
{
	const struct model model = {
		.tolerance = TOLERANCE_DEFAULT, .measure = &measure_kinds[0],
		.look = look_new(COLOUR_256, true, false, 0),
		.focus = PANE_MAP, .mouse = true,
	};

	fputs("# esscope-config(5): commands, one a line, as behind : on the "
		"screen.\n# What is commented out here is what holds without "
		"it.\n", file);
	for (const struct setting *s = settings; s->command; s++) {
		char *value;

		if (!s->configured)
			continue;
		value = s->value(&model);
		fprintf(file, "\n# %s\n#%s %s\n",
			command_find(s->command)->help, s->command, value);
		free(value);
	}
	fputs("\n# Colours and keys of a theme, by its name.\n#theme default\n",
		file);
	fputs("\n# Keys.\n", file);
	for (size_t i = 0; i < command_count; i++)
		print_keys(file, &commands[i]);
}
