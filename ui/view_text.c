/*
 * The prompt as running text, every token i on the colour of the measure at
 * position i: of H_i, which lies between the tokens i-1 and i, so what is held
 * just before token i is read. Token 0 has none: H_0 is empty. Without
 * colours the shade stands under the token.
 */
#include "ui/view.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/util.h"
#include "ui/comparison.h"
#include "ui/figure_page.h"
#include "ui/glyph.h"
#include "ui/heatmap.h"
#include "ui/measure_table.h"
#include "ui/position_axis.h"
#include "ui/readout.h"
#include "ui/reduce.h"
#include "ui/text_lines.h"
#include "ui/token_text.h"

enum { LEGEND_FROM = 5, READOUT_FROM = 9, LINE_TEXT = 240 };

/* Lines one move goes at most: each has to be laid out. */
enum { MOVE_MOST = 4096 };

struct parts {
	struct rect text, legend, readout;
	int rows_line;                  /* rows of the screen a line takes */
};

/* How a token looks. */
struct token_ink {
	colour fg, bg;
	unsigned attributes;
	wchar_t under;                  /* without colours */
};

static struct parts
parts_new(struct look look, struct rect rect)
{
	struct parts parts = { .text = view_body(rect) };
	int left = parts.text.rows;

	parts.legend = parts.readout = parts.text;
	parts.text.column++;
	parts.text.columns -= 2;
	parts.legend.rows = left >= LEGEND_FROM;
	parts.readout.rows = left >= READOUT_FROM ? READOUT_ROWS : 0;
	parts.text.rows -= parts.legend.rows + parts.readout.rows;
	parts.legend.row += parts.text.rows;
	parts.readout.row = parts.legend.row + parts.legend.rows;
	parts.rows_line = look.mode == COLOUR_MONO && parts.text.rows > 1
		? 2 : 1;
	return parts;
}

static bool
has_text(const struct model *model)
{
	return model_ready(model) && layer_token(model_layer(model), 0);
}

static long
lines_shown(const struct parts *parts)
{
	long lines = parts->text.rows / parts->rows_line;

	return lines > 1 ? lines : 1;
}

/* The lines for that width; what was at the top stays there. */
static struct text_lines *
lines_for(struct model *model, int columns)
{
	struct text_view *view = &model->text;

	if (view->lines && view->layer == model_layer(model)
	    && view->columns == columns
	    && view->unicode == model->look.unicode)
		return view->lines;
	text_lines_free(view->lines);
	view->layer = model_layer(model);
	view->columns = columns;
	view->unicode = model->look.unicode;
	view->lines = text_lines_new(view->layer, columns, view->unicode);
	view->top = size_min(view->top, view->layer->length - 1);
	return view->lines;
}

void
view_text_follow(struct model *model, struct rect rect)
{
	struct parts parts = parts_new(model->look, rect);
	struct text_lines *lines;
	struct text_line cursor, top, last;
	long shown = lines_shown(&parts);

	if (rect.rows == 0 || !has_text(model) || parts.text.rows < 1
	    || parts.text.columns < 1)
		return;
	lines = lines_for(model, parts.text.columns);
	cursor = text_lines_at(lines, model->position);
	top = text_lines_at(lines, model->text.top);
	last = text_lines_step(lines, top, shown - 1);
	/* A third from the top: what comes next is what one reads. */
	if (cursor.begin < top.begin || cursor.begin > last.begin)
		top = text_lines_step(lines, cursor, -shown / 3);
	/* No blank lines at the end of the text. */
	last = text_lines_step(lines, top, shown - 1);
	if (last.end == model_layer(model)->length)
		top = text_lines_step(lines, last, 1 - shown);
	model->text.top = top.begin;
}

void
view_text_move(struct model *model, long steps)
{
	struct text_lines *lines = model->text.lines;
	struct text_line line;
	int column;

	if (!has_text(model) || !lines
	    || model->text.layer != model_layer(model))
		return;
	line = text_lines_at(lines, model->position);
	column = text_lines_column(lines, model->position);
	line = text_lines_step(lines, line, steps > MOVE_MOST ? MOVE_MOST
		: steps < -MOVE_MOST ? -MOVE_MOST : steps);
	model_set_position(model, text_lines_pick(lines, line, column));
}

/* The look of a token on the pixel of its position. */
static struct token_ink
ink_of(const struct model *model, const struct colour_scale *scale,
	const struct pixel *pixel, size_t token)
{
	const char *raw = layer_token(model_layer(model), token);
	const struct look *look = &model->look;
	struct token_ink ink = { COLOUR_DEFAULT, COLOUR_DEFAULT, 0, L' ' };
	int level;

	if (position_delimiter(raw))
		ink.attributes |= CELL_UNDERLINE;
	if (token == model->position)
		ink.attributes |= CELL_REVERSE | CELL_BOLD;
	if (token == 0)
		return ink;
	if (pixel->kind != PIXEL_VALUE && pixel->kind != PIXEL_BOUNDED) {
		bool pending = pixel->kind == PIXEL_PENDING;

		ink.bg = pending ? COLOUR_PENDING_FILL : COLOUR_NODATA_FILL;
		ink.under = glyph_get(pending ? GLYPH_PENDING : GLYPH_NODATA,
			look->unicode);
		return ink;
	}
	level = look_level(look, colour_scale_place(scale, pixel->value));
	ink.bg = colour_level(level);
	ink.fg = colour_ink(look, ink.bg);
	ink.under = pixel->kind == PIXEL_BOUNDED
		? glyph_shade_bounded(level, look->unicode)
		: glyph_shade(level, look->unicode);
	return ink;
}

static void
draw_line(struct canvas *canvas, struct rect at, const struct model *model,
	const struct text_line *line, bool under)
{
	struct bins bins = bins_new(size_max(line->begin, 1),
		line->end - size_max(line->begin, 1),
		(int)(line->end - line->begin));
	struct pixel *pixels = xcalloc(line->end - line->begin + 1,
		sizeof *pixels);
	struct colour_scale scale = colour_scale_of(model);
	struct model alone = comparison_alone(model);
	size_t place = model_channel_place(model, model->channel);
	int end = at.column + at.columns;

	if (bins.pixels)
		reduce_row(pixels, &alone, place, place + 1, &bins);
	for (size_t i = line->begin; i < line->end; i++) {
		const struct token_piece *piece = text_lines_piece(
			model->text.lines, i);
		struct token_ink ink = ink_of(model, &scale, &pixels[i > bins.begin
			? i - bins.begin : 0], i);
		int used = canvas_text(canvas, at.row, at.column,
			end - at.column, ink.fg, ink.bg, ink.attributes,
			piece->text);

		if (under)
			canvas_fill(canvas, (struct rect){ at.row + 1,
				at.column, 1, used }, ink.under, COLOUR_DIM,
				COLOUR_DEFAULT);
		at.column += used;
	}
	free(pixels);
}

static void
draw_text(struct canvas *canvas, const struct parts *parts,
	const struct model *model)
{
	struct text_lines *lines = model->text.lines;
	struct text_line line = text_lines_at(lines, model->text.top);
	struct rect at = parts->text;

	for (long k = lines_shown(parts); k > 0; k--) {
		draw_line(canvas, at, model, &line, parts->rows_line > 1);
		at.row += parts->rows_line;
		if (line.end >= model_layer(model)->length)
			break;
		line = text_lines_step(lines, line, 1);
	}
}

static void
draw_legend(struct canvas *canvas, struct rect rect,
	const struct model *model)
{
	struct colour_scale scale = colour_scale_of(model);
	char unit[SCALE_WORDS];
	int used;
	struct rect at;

	colour_scale_words(unit, &scale, model);
	used = heatmap_colour_bar(canvas, rect.row, rect.column + 1,
		rect.columns - 1, (struct colour_bar){ .low = scale.low,
			.high = scale.high, .unit = unit,
			.spacing = scale.spacing, .from = scale.from,
			.cut_high = scale.most > scale.high });
	at = (struct rect){ rect.row, rect.column + 2 + used, 1,
		rect.columns - 2 - used };
	(void)(view_field(canvas, &at, COLOUR_DIM, 0, "token i has the colour "
		"of H_i: what is held just before it is read")
	|| view_field(canvas, &at, COLOUR_DIM, 0,
		"token i: H_i, just before it is read")
	|| view_field(canvas, &at, COLOUR_DIM, 0, "token i: H_i, before it"));
}

static void
draw_title(struct canvas *canvas, struct rect rect, const struct model *model)
{
	const struct layer *layer = model_layer(model);
	char text[LINE_TEXT], own[4] = "", *name;
	int room = rect.columns - 40;

	if (!model_ready(model)) {
		view_title(canvas, rect, model, PANE_TEXT,
			layer ? layer->label : "");
		return;
	}
	name = view_layer_name(model, room > 8 ? room : 8);
	if (comparison_on(model))
		snprintf(own, sizeof own, "%c ", comparison_own(model));
	snprintf(text, sizeof text, "%s  %s%s  ch %zu  token %zu of %zu", name,
		own, model->measure->title, model->channel, model->position,
		layer->length);
	view_title(canvas, rect, model, PANE_TEXT, text);
	free(name);
}

static void
draw(struct canvas *canvas, struct rect rect, const struct model *model)
{
	struct parts parts = parts_new(canvas->look, rect);
	struct rect body = view_body(rect);

	draw_title(canvas, rect, model);
	if (view_explain(canvas, body, model))
		return;
	if (!has_text(model)) {
		body.column++;
		body.columns--;
		view_paragraph(canvas, body, COLOUR_DIM, "This dump has no "
			"tokens: no array \"tokens\" of L strings, nor "
			"\"token_ids\". Positions have numbers only; the "
			"profile shows them.");
		return;
	}
	/* The frame before another layer's lines are there. */
	if (parts.text.rows < 1 || !model->text.lines
	    || model->text.layer != model_layer(model))
		return;
	draw_text(canvas, &parts, model);
	if (parts.legend.rows)
		draw_legend(canvas, parts.legend, model);
	if (parts.readout.rows)
		readout_draw(canvas, parts.readout, model);
}

static void
click(struct model *model, struct rect rect, int row, int column)
{
	struct parts parts = parts_new(model->look, rect);
	struct text_lines *lines = model->text.lines;
	struct text_line line;
	long down = rect.row + row - parts.text.row;

	if (!has_text(model) || !lines || down < 0 || down >= parts.text.rows
	    || model->text.layer != model_layer(model))
		return;
	line = text_lines_step(lines, text_lines_at(lines, model->text.top),
		down / parts.rows_line);
	model_set_position(model, text_lines_pick(lines, line,
		rect.column + column - parts.text.column));
}

static void
wheel(struct model *model, struct rect rect, int steps)
{
	(void)rect;
	view_text_move(model, steps);
}

static const struct view_hint hints[] = {
	{ { "left", "right" }, "token", NULL, false },
	{ { "down", "up" }, "line", NULL, false },
	{ { "find" }, "find", NULL, false },
	{ { "drop" }, "next drop", "drop", false },
	{ { "tolerance-down", "tolerance-up", "tolerance" }, "tolerance",
		"tol", false },
	{ { "text" }, "map", NULL, false },
	{ { "full" }, "full", NULL, false },
	{ { "next-pane" }, "pane", NULL, false },
	{ { NULL }, NULL, NULL, false },
};

const struct view_kind view_text = {
	.name = "text",
	.title = "TEXT",
	.hints = hints,
	.rows_min = 3,
	.columns_min = 20,
	.draw = draw,
	.click = click,
	.wheel = wheel,
	.figure = &figure_text_pane,
};
