#include "ui/screen.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/util.h"
#include "ui/canvas.h"
#include "ui/command.h"
#include "ui/delimiters.h"
#include "ui/glyph.h"
#include "ui/keymap.h"
#include "ui/layer_band.h"
#include "ui/layer_curve.h"
#include "ui/layer_stats.h"
#include "ui/layout.h"
#include "ui/missing.h"
#include "ui/model.h"
#include "ui/prompt_line.h"
#include "ui/search.h"
#include "ui/slider.h"
#include "ui/spell.h"
#include "ui/text_ring.h"
#include "ui/title_line.h"
#include "ui/view.h"

/* A frame's share of work: each takes a millisecond or two. */
enum { RESOLVES = 8, CURVE_VALUES = 1 << 16, BAND_CELLS = 1 << 14,
	LINE_TEXT = 240 };

/* Of the statistics: seconds of CPU. */
static const double stats_seconds = 2e-3;

/* Likewise of each of what reads the text once. */
static const double text_seconds = 1e-3;

/* True when layers on screen are left to resolve. */
static bool
resolve_layers(struct model *model, size_t begin, size_t end)
{
	struct dump *dump = model_dump(model);
	int left = RESOLVES;

	for (size_t i = begin; i < end; i++) {
		struct layer *layer
			= &dump->layers[layer_list_at(model, i)];

		if (layer->resolved)
			continue;
		if (left-- == 0)
			return true;
		layer_resolve(layer);
	}
	return false;
}

static void
look_panes(struct model *model, const struct layout *layout)
{
	for (int i = 0; i < PANE_COUNT && !model->help; i++)
		if (views[i]->look)
			views[i]->look(model, layout->panes[i]);
}

/* What goes on from frame to frame, for the places begin .. end - 1 of the
 * list; true when some is left. */
static bool
go_on(struct model *model, const struct bins *band, size_t begin, size_t end)
{
	struct spell spell = spell_begin(model, stats_seconds);
	bool some = spell_left(model), more = !some;

	/* After a turn that had enough to do they have their next. */
	if (some)
		more |= layer_curve_work(model, CURVE_VALUES);
	spell_end(model, spell);
	more |= layer_stats_go_on(model, begin, end, stats_seconds);
	more |= comparison_work(model, begin, end, stats_seconds);
	/* Its axis is what the statistics say it is. */
	if (some)
		more |= layer_band_work(model, band, BAND_CELLS);
	more |= delimiters_go_on(model, text_seconds);
	more |= text_ring_go_on(model, text_seconds);
	if (!more && layer_list_averages(model))
		more = layer_stats_go_on(model, 0, model->list.count,
			stats_seconds)
			|| comparison_work(model, 0, model->list.count,
			stats_seconds);
	return more;
}

/* A frame without the end of its turn. */
static bool
update(struct model *model, int rows, int columns)
{
	struct layout layout = layout_new(model, rows, columns);
	struct rect list = layout.panes[PANE_LAYERS];
	struct rect profile = layout.panes[PANE_PROFILE];
	struct bins band = { 0 };
	size_t begin, end;
	bool more;

	model->rows = rows;
	model->columns = columns;
	model->map_more = model->map_behind = false;
	if (layout.small)
		return search_go_on(model);
	if (model->help)
		view_help_clamp(model, layout.body);
	more = layer_list_update(model);
	view_layers_range(model, list.rows - 1, &begin, &end);
	more |= resolve_layers(model, begin, end);
	more |= channel_order_update(model);
	/* Where it leads to is on the screen then. */
	if (search_go_on(model))
		more = true;
	model_look(model);
	look_panes(model, &layout);
	more |= model->map_more;
	view_text_follow(model, layout.panes[PANE_TEXT]);
	/* What was asked for is not on the screen yet: it comes first. */
	if (model->map_behind || model->search)
		return true;
	if (profile.rows > 0)
		band = view_positions(model, profile);
	return more | go_on(model, &band, begin, end);
}

bool
screen_update(struct model *model, int rows, int columns)
{
	bool more = update(model, rows, columns);

	spell_renew(model);
	return more;
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

/* " memory is full: try --memory 1G ", where the map shows cells that found no
 * room: what it has of them are bounds, and no more will come. */
static void
memory_text(char out[LINE_TEXT], const struct model *model, size_t bytes)
{
	char size[MISSING_MEMORY];

	out[0] = '\0';
	if (!bytes || !missing_on_map(model))
		return;
	missing_memory(size, bytes);
	snprintf(out, LINE_TEXT, " memory is full: %s ", size);
}

/* "62% of 12.8k 1.2k/s 4s" */
static void
progress_text(char text[LINE_TEXT], const struct model *model)
{
	struct session_progress progress = session_progress(model->session);
	char rate[16], eta[16] = "", of[16];
	int read = session_reading(model->session);

	if (!progress.busy && !progress.stopped && read < 0) {
		memory_text(text, model, progress.short_of);
		return;
	}
	short_number(rate, progress.rate);
	if (read >= 0 && progress.busy) {
		snprintf(text, LINE_TEXT, " reading %d%% %s/s ", read, rate);
	} else if (read >= 0) {
		snprintf(text, LINE_TEXT, " reading %d%% ", read);
	} else if (progress.stopped && progress.done >= progress.wanted) {
		snprintf(text, LINE_TEXT, " other layers: stopped ");
	} else if (progress.stopped) {
		snprintf(text, LINE_TEXT, " stopped at %.0f%% ",
			floor(100 * (double)progress.done
			/ (double)progress.wanted));
	} else if (progress.done < progress.wanted) {
		if (progress.eta >= 0)
			short_time(eta, progress.eta);
		short_number(of, (double)progress.wanted);
		snprintf(text, LINE_TEXT, " %.0f%% of %s %s/s %s ",
			floor(100 * (double)progress.done
			/ (double)progress.wanted), of, rate, eta);
	} else {
		snprintf(text, LINE_TEXT, " other layers %s/s ", rate);
	}
}

/* At the right end; returns the columns left of it. */
static int
draw_progress(struct canvas *canvas, struct rect rect,
	const struct model *model)
{
	char text[LINE_TEXT];
	int width;

	progress_text(text, model);
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

/* A hint in words: "[ ] t tolerance", or in few: "[]t tol". */
struct hint_text {
	char keys[LINE_TEXT];
	const char *label;
	int width;
};

static struct hint_text
hint_text(const struct model *model, const struct view_hint *hint, bool brief)
{
	struct hint_text text = { .label = brief && hint->brief ? hint->brief
		: hint->label };
	size_t used = 0;

	for (size_t k = 0; k < LENGTH(hint->commands) && hint->commands[k];
	    k++) {
		const struct command *command =
			command_find(hint->commands[k]);

		if (command && used < sizeof text.keys)
			used += (size_t)snprintf(text.keys + used,
				sizeof text.keys - used, "%s%s",
				used && !brief ? " " : "",
				short_key(model, command));
	}
	text.width = text_width(text.keys) + 1 + text_width(text.label);
	return text;
}

/* Draws them from column *at on; false when one finds no room. Without a
 * canvas, only looks. */
static bool
put_hints(struct canvas *canvas, struct rect rect, const struct model *model,
	const struct view_hint *hint, bool brief, int *at)
{
	for (; hint->label; hint++) {
		struct hint_text text = hint_text(model, hint, brief);

		if (!text.keys[0])
			continue;
		if (*at + text.width > rect.columns)
			return !canvas && hint->extra;
		if (canvas) {
			int used = canvas_text(canvas, rect.row, rect.column
				+ *at, text.width, COLOUR_ACCENT,
				COLOUR_DEFAULT, CELL_BOLD, text.keys) + 1;

			canvas_text(canvas, rect.row, rect.column + *at + used,
				text.width, COLOUR_DEFAULT, COLOUR_DEFAULT, 0,
				text.label);
		}
		*at += text.width + 2;
	}
	return true;
}

static void
draw_hints(struct canvas *canvas, struct rect rect, struct model *model)
{
	static const struct view_hint always[] = {
		{ { "help" }, "help", NULL, false },
		{ { "quit" }, "quit", NULL, false },
		{ { NULL }, NULL, NULL, false },
	};
	static const struct view_hint alone[] = {
		{ { "help" }, "help", NULL, false },
		{ { "quit" }, "quit", NULL, false },
		{ { "full" }, "all panes", NULL, false },
		{ { NULL }, NULL, NULL, false },
	};
	static const struct view_hint helping[] = {
		{ { "quit" }, "back", NULL, false },
		{ { NULL }, NULL, NULL, false },
	};
	const struct view_kind *view = model->help ? &view_help
		: views[model->focus];
	const struct view_hint *first = model->help ? helping
		: model->full ? alone : always;
	int at = 1;
	bool brief = !put_hints(NULL, rect, model, first, false, &at)
		|| !put_hints(NULL, rect, model, view->hints, false, &at);

	at = brief ? 0 : 1;
	/* Help and quit first: they must survive a narrow window. */
	if (put_hints(canvas, rect, model, first, false, &at))
		put_hints(canvas, rect, model, view->hints, brief, &at);
}

/* " 412 B  1.3 ms  0 dropped  1.2k/s " at the right end; returns the columns
 * left of it. Of the frame before: this one is not sent yet. */
static int
draw_hud(struct canvas *canvas, struct rect rect, const struct model *model)
{
	struct session_progress progress = session_progress(model->session);
	char rate[16], bytes[32] = "?", text[LINE_TEXT];
	int width;

	if (!model->hud.shown)
		return rect.columns;
	short_number(rate, progress.rate);
	if (model->hud.bytes >= 0)
		snprintf(bytes, sizeof bytes, "%ld", model->hud.bytes);
	snprintf(text, sizeof text, " %s B  %.1f ms  %lu dropped  %s/s ",
		bytes, model->hud.ms, model->hud.dropped, rate);
	width = (int)strlen(text);
	if (width > rect.columns)
		return rect.columns;
	canvas_text(canvas, rect.row, rect.column + rect.columns - width,
		width, COLOUR_ACCENT, COLOUR_DEFAULT, 0, text);
	return rect.columns - width;
}

/* In the line where it fits beside progress, else over what is above it: all
 * of it can be read. */
static void
draw_message(struct canvas *canvas, struct rect line,
	const struct model *model, int columns)
{
	colour fg = model->warning ? COLOUR_WARNING : COLOUR_DEFAULT;
	struct rect page = { 0, line.column, canvas->rows / 2, columns };

	if (text_width(model->message) < line.columns) {
		canvas_text(canvas, line.row, line.column + 1,
			line.columns - 1, fg, COLOUR_DEFAULT, 0,
			model->message);
		return;
	}
	page.column++;
	page.columns -= 2;
	page.rows = view_paragraph(NULL, page, fg, model->message);
	page.row = line.row + 1 - page.rows;
	canvas_fill(canvas, (struct rect){ page.row, line.column, page.rows,
		columns }, L' ', COLOUR_DEFAULT, COLOUR_DEFAULT);
	view_paragraph(canvas, page, fg, model->message);
}

static void
draw_status(struct canvas *canvas, struct rect rect, struct model *model)
{
	const struct command *waiting = keymap_pending(model->keymap);
	const char *count = keymap_count(model->keymap);

	if (model->prompt.open) {
		prompt_draw(canvas, rect, model);
		return;
	}
	rect.columns = draw_progress(canvas, rect, model);
	rect.columns = draw_hud(canvas, rect, model);
	if (model->message)
		draw_message(canvas, rect, model, canvas->columns);
	else if (waiting)
		canvas_format(canvas, rect.row, rect.column + 1,
			rect.columns - 1, COLOUR_ACCENT, COLOUR_DEFAULT, 0,
			"%s: a letter now; :marks lists them, Esc leaves",
			waiting->name);
	else if (count[0])
		canvas_format(canvas, rect.row, rect.column + 1,
			rect.columns - 1, COLOUR_ACCENT, COLOUR_DEFAULT, 0,
			"%s  now a key: %sl moves so far, %sg goes there",
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

		snprintf(text, sizeof text, "q quits. esscope needs %d "
			"columns and %d rows; this is %dx%d.", LAYOUT_COLUMNS_MIN,
			LAYOUT_ROWS_MIN, canvas->columns, canvas->rows);
		view_paragraph(canvas, (struct rect){ 0, 0, canvas->rows,
			canvas->columns }, COLOUR_DEFAULT, text);
		return;
	}
	if (layout.name.rows)
		title_line_draw(canvas, layout.name, model);
	slider_draw(canvas, layout.slider, model->tolerance);
	if (model->help)
		view_help.draw(canvas, layout.body, model);
	else
		draw_panes(canvas, &layout, model);
	draw_status(canvas, layout.status, model);
}
