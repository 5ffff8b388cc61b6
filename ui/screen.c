#include "ui/screen.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/util.h"
#include "ui/canvas.h"
#include "ui/command.h"
#include "ui/glyph.h"
#include "ui/keymap.h"
#include "ui/layer_stats.h"
#include "ui/layout.h"
#include "ui/model.h"
#include "ui/slider.h"
#include "ui/view.h"

/* A frame's share of work: both take a few milliseconds. */
enum { RESOLVES = 8, STATS_CELLS = 1 << 18, LINE_TEXT = 240 };

/* True when layers on screen are left to resolve. */
static bool
resolve_layers(struct model *model, size_t begin, size_t end)
{
	struct dump *dump = model_dump(model);
	int left = RESOLVES;

	for (size_t i = begin; i < end; i++) {
		if (dump->layers[i].resolved)
			continue;
		if (left-- == 0)
			return true;
		layer_resolve(&dump->layers[i]);
	}
	return false;
}

bool
screen_update(struct model *model, int rows, int columns)
{
	struct layout layout = layout_new(model, rows, columns);
	struct rect list = layout.panes[PANE_LAYERS];
	size_t begin, end;
	bool more;

	if (layout.small)
		return false;
	if (model->help)
		view_help_clamp(model, layout.body);
	view_layers_range(model, list.rows - 1, &begin, &end);
	more = resolve_layers(model, begin, end);
	model_look(model);
	return layer_stats_work(model, begin, end, STATS_CELLS) || more;
}

static void
draw_name(struct canvas *canvas, struct rect rect, const struct model *model)
{
	const struct dump *dump = model_dump(model);
	size_t dumps = session_dump_count(model->session);
	char which[64] = "", at_step[32] = "";
	const char *path;
	const json_t *step;
	int used;

	used = canvas_text(canvas, rect.row, rect.column, rect.columns,
		COLOUR_ACCENT, COLOUR_DEFAULT, CELL_BOLD, " esscope  ");
	if (dumps > 1)
		snprintf(which, sizeof which, "%zu/%zu ", model->dump + 1,
			dumps);
	if (!dump)
		return;
	step = json_object_get(dump->meta, "step");
	if (json_is_integer(step))
		snprintf(at_step, sizeof at_step, " step %lld",
			(long long)json_integer_value(step));
	used += canvas_format(canvas, rect.row, rect.column + used,
		rect.columns - used, COLOUR_TITLE, COLOUR_DEFAULT, 0,
		"%s%s%s%s", which, dump->model ? dump->model : "",
		dump->model ? at_step : "", dump->model ? "  " : "");
	path = dump->label;
	if (text_width(path) > rect.columns - used && strrchr(path, '/'))
		path = strrchr(path, '/') + 1;
	/* Beside the model's name a piece of a path says nothing. */
	if (!dump->model || text_width(path) <= rect.columns - used)
		canvas_text(canvas, rect.row, rect.column + used,
			rect.columns - used, dump->model ? COLOUR_DIM
			: COLOUR_TITLE, COLOUR_DEFAULT, 0, path);
}

/* 1234 -> "1.2k". */
static void
short_number(char out[16], double value)
{
	if (value < 1000)
		snprintf(out, 16, "%.0f", value);
	else if (value < 1e6)
		snprintf(out, 16, "%.1fk", value / 1e3);
	else
		snprintf(out, 16, "%.1fM", value / 1e6);
}

static void
short_time(char out[16], double seconds)
{
	if (seconds < 100)
		snprintf(out, 16, "%.0fs", ceil(seconds));
	else if (seconds < 6000)
		snprintf(out, 16, "%.0fmin", seconds / 60);
	else
		snprintf(out, 16, "%.0fh", seconds / 3600);
}

/* "62% 1.2k/s 4s" at the right end; returns the columns left of it. */
static int
draw_progress(struct canvas *canvas, struct rect rect,
	const struct model *model)
{
	struct session_progress progress = session_progress(model->session);
	char rate[16], eta[16] = "", text[LINE_TEXT];
	int width;

	if (!progress.busy)
		return rect.columns;
	short_number(rate, progress.rate);
	if (progress.done < progress.wanted) {
		if (progress.eta >= 0)
			short_time(eta, progress.eta);
		snprintf(text, sizeof text, " %.0f%% %s/s %s ",
			floor(100 * (double)progress.done
			/ (double)progress.wanted), rate, eta);
	} else {
		snprintf(text, sizeof text, " other layers %s/s ", rate);
	}
	width = (int)strlen(text);
	if (width > rect.columns / 2)
		return rect.columns;
	canvas_text(canvas, rect.row, rect.column + rect.columns - width,
		width, COLOUR_GOOD, COLOUR_DEFAULT, 0, text);
	return rect.columns - width;
}

/* The shortest way to write a key of the command as bound now; "" where it
 * has none. */
static const char *
short_key(const struct model *model, const struct command *command)
{
	static const char *const arrows[][2] = {
		{ "Left", "\xe2\x86\x90" }, { "Right", "\xe2\x86\x92" },
		{ "Up", "\xe2\x86\x91" }, { "Down", "\xe2\x86\x93" },
	};
	const char *key;

	for (size_t k = 0; (key = keymap_key(model->keymap, command, k)); k++) {
		for (size_t a = 0; a < LENGTH(arrows); a++)
			if (model->look.unicode && !strcmp(key, arrows[a][0]))
				return arrows[a][1];
		if (text_width(key) == 1)
			return key;
	}
	key = keymap_key(model->keymap, command, 0);
	return key ? key : "";
}

/* The keys of one hint: "[ ]". */
static void
hint_keys(char out[LINE_TEXT], const struct model *model,
	const struct view_hint *hint)
{
	size_t used = 0;

	out[0] = '\0';
	for (int k = 0; k < 2 && hint->commands[k]; k++) {
		const struct command *command =
			command_find(hint->commands[k]);

		if (command && used < LINE_TEXT)
			used += (size_t)snprintf(out + used, LINE_TEXT - used,
				"%s%s", used ? " " : "",
				short_key(model, command));
	}
}

static void
draw_hints(struct canvas *canvas, struct rect rect, struct model *model)
{
	static const struct view_hint always[] = {
		{ { "help" }, "help" }, { { "quit" }, "quit" },
		{ { NULL }, NULL },
	};
	static const struct view_hint alone[] = {
		{ { "help" }, "help" }, { { "quit" }, "quit" },
		{ { "full" }, "all panes" },
		{ { NULL }, NULL },
	};
	static const struct view_hint helping[] = {
		{ { "quit" }, "back" }, { { NULL }, NULL },
	};
	const struct view_kind *view = model->help ? &view_help
		: views[model->focus];
	const struct view_hint *hint = model->help ? helping
		: model->full ? alone : always;
	int at = 1;

	/* Help and quit first: they must survive a narrow window. */
	for (int turn = 0; turn < 2; turn++, hint = view->hints) {
		for (; hint->label; hint++) {
			char keys[LINE_TEXT];
			int width;

			hint_keys(keys, model, hint);
			width = text_width(keys) + 1 + text_width(hint->label);
			if (!keys[0])
				continue;
			if (at + width > rect.columns)
				return;
			at += canvas_text(canvas, rect.row, rect.column + at,
				rect.columns - at, COLOUR_ACCENT,
				COLOUR_DEFAULT, CELL_BOLD, keys) + 1;
			at += canvas_text(canvas, rect.row, rect.column + at,
				rect.columns - at, COLOUR_DEFAULT,
				COLOUR_DEFAULT, 0, hint->label) + 2;
		}
	}
}

static void
draw_prompt(struct canvas *canvas, struct rect rect,
	const struct prompt *prompt)
{
	const char *text = prompt->text;
	int used;

	/* A line longer than the screen shows its end. */
	while (*text && text_width(text) > rect.columns - 3)
		text++;
	used = 1 + canvas_text(canvas, rect.row, rect.column, 1,
		COLOUR_ACCENT, COLOUR_DEFAULT, CELL_BOLD, ":");
	used = 1 + canvas_text(canvas, rect.row, rect.column + 1,
		rect.columns - 2, COLOUR_DEFAULT, COLOUR_DEFAULT, 0, text);
	canvas_put(canvas, rect.row, rect.column + used, L' ', COLOUR_SELECT,
		COLOUR_SELECT);
}

static void
draw_status(struct canvas *canvas, struct rect rect, struct model *model)
{
	const char *count = keymap_count(model->keymap);

	if (model->prompt.open) {
		draw_prompt(canvas, rect, &model->prompt);
		return;
	}
	rect.columns = draw_progress(canvas, rect, model);
	if (model->message)
		canvas_text(canvas, rect.row, rect.column + 1,
			rect.columns - 1, model->warning ? COLOUR_WARNING
			: COLOUR_DEFAULT, COLOUR_DEFAULT, 0, model->message);
	else if (count[0])
		canvas_format(canvas, rect.row, rect.column + 1,
			rect.columns - 1, COLOUR_ACCENT, COLOUR_DEFAULT, 0,
			"%s  now a key: %sl moves so far, %s| goes there",
			count, count, count);
	else
		draw_hints(canvas, rect, model);
}

static void
draw_panes(struct canvas *canvas, const struct layout *layout,
	const struct model *model)
{
	canvas_fill(canvas, layout->rule,
		glyph_get(GLYPH_RULE_V, canvas->look.unicode), COLOUR_DIM,
		COLOUR_DEFAULT);
	for (int i = 0; i < PANE_COUNT; i++)
		if (layout->panes[i].rows > 0)
			views[i]->draw(canvas, layout->panes[i], model);
}

void
screen_draw(struct canvas *canvas, struct model *model)
{
	struct layout layout = layout_new(model, canvas->rows,
		canvas->columns);

	if (layout.small) {
		char text[LINE_TEXT];

		snprintf(text, sizeof text, "esscope needs %d columns and %d "
			"rows; this is %dx%d. q quits.", LAYOUT_COLUMNS_MIN,
			LAYOUT_ROWS_MIN, canvas->columns, canvas->rows);
		view_paragraph(canvas, (struct rect){ 0, 0, canvas->rows,
			canvas->columns }, COLOUR_DEFAULT, text);
		return;
	}
	draw_name(canvas, layout.name, model);
	slider_draw(canvas, layout.slider, model->tolerance);
	if (model->help)
		view_help.draw(canvas, layout.body, model);
	else
		draw_panes(canvas, &layout, model);
	draw_status(canvas, layout.status, model);
}
