#include "ui/position_axis.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "core/dump.h"
#include "core/util.h"
#include "ui/bins.h"
#include "ui/glyph.h"
#include "ui/model.h"

enum { MEAN_TOKENS = 1024 };

bool
position_delimiter(const char *token)
{
	size_t n = strlen(token);

	if (n < 3)
		return false;
	return (token[0] == '<' && token[n - 1] == '>')
		|| (token[0] == '[' && token[n - 1] == ']');
}

char *
position_token(char out[POSITION_TOKEN], const struct layer *layer, size_t i)
{
	const char *token = layer_token(layer, i);

	if (!token)
		snprintf(out, POSITION_TOKEN, "-");
	else if (strlen(token) < POSITION_TOKEN - 8)
		snprintf(out, POSITION_TOKEN, "\"%s\"", token);
	else
		snprintf(out, POSITION_TOKEN, "\"%.*s...\"",
			POSITION_TOKEN - 12, token);
	return out;
}

/* The least of 1, 2, 5, 10, ... that leaves `room` columns between labels. */
static size_t
tick_step(const struct bins *bins, int room)
{
	size_t step = 1;

	for (int k = 0; step * (size_t)bins->pixels / bins->count
		< (size_t)room && k < 40; k++)
		step = step * (k % 3 == 1 ? 5 : 4) / 2;
	return step;
}

static bool
holds_delimiter(const struct layer *layer, size_t begin, size_t end)
{
	for (size_t i = begin; i < end; i++) {
		const char *token = layer_token(layer, i);

		if (token && position_delimiter(token))
			return true;
	}
	return false;
}

/* Only while they stand apart: a mark in every column marks nothing. */
static void
draw_delimiters(struct canvas *canvas, struct rect rect,
	const struct layer *layer, const struct bins *bins)
{
	int marks = 0;

	if (!layer_token(layer, 0))
		return;
	for (int p = 0; p < bins->pixels; p++)
		marks += holds_delimiter(layer, bins_begin(bins, p),
			bins_end(bins, p));
	for (int p = 0; p < bins->pixels && marks <= bins->pixels / 3; p++)
		if (holds_delimiter(layer, bins_begin(bins, p),
			bins_end(bins, p)))
			canvas_put(canvas, rect.row, rect.column + p,
				glyph_get(GLYPH_RULE_V, canvas->look.unicode),
				COLOUR_DELIMITER, COLOUR_DEFAULT);
}

/* Ticks, except in columns low .. high - 1: the cursor's. */
static void
draw_ticks(struct canvas *canvas, struct rect rect, const struct bins *bins,
	int low, int high)
{
	char text[32];
	int width = snprintf(text, sizeof text, "%zu",
		bins->begin + bins->count);
	size_t step = tick_step(bins, width + 3);

	for (size_t i = bins->begin - bins->begin % step;
		i < bins->begin + bins->count; i += step) {
		int column = bins_pixel(bins, i);
		int n = snprintf(text, sizeof text, "%zu", i);

		if (column < 0 || column + n > rect.columns
		    || (column <= high && column + n >= low))
			continue;
		canvas_text(canvas, rect.row, rect.column + column, n,
			COLOUR_DIM, COLOUR_DEFAULT, 0, text);
	}
}

void
position_axis_numbers(struct canvas *canvas, struct rect rect,
	const struct bins *bins, size_t cursor)
{
	int column = bins_pixel(bins, cursor), width, at;
	char label[32];

	if (bins->pixels == 0 || column < 0)
		return;
	width = snprintf(label, sizeof label, "%zu", cursor);
	at = column + 1;
	if (at + width > rect.columns)
		at = column - width;
	if (at < 0)
		return;
	draw_ticks(canvas, rect, bins, at < column ? at : column,
		at < column ? column + 1 : at + width);
	canvas_put(canvas, rect.row, rect.column + column,
		glyph_get(GLYPH_MARK_UP, canvas->look.unicode), COLOUR_DEFAULT,
		COLOUR_DEFAULT);
	canvas_text(canvas, rect.row, rect.column + at, width, COLOUR_DEFAULT,
		COLOUR_DEFAULT, 0, label);
}

/* The other end of the span. */
static void
draw_anchor(struct canvas *canvas, struct rect rect,
	const struct model *model, const struct bins *bins)
{
	int column = bins_pixel(bins, model->anchor);

	if (column >= 0 && column != bins_pixel(bins, model->position))
		canvas_put(canvas, rect.row, rect.column + column,
			glyph_get(GLYPH_MARK_UP, canvas->look.unicode),
			COLOUR_ACCENT, COLOUR_DEFAULT);
}

void
position_axis_draw(struct canvas *canvas, struct rect rect,
	const struct model *model, const struct bins *bins, bool numbers)
{
	if (bins->pixels == 0 || bins_pixel(bins, model->position) < 0)
		return;
	draw_delimiters(canvas, rect, model_layer(model), bins);
	if (numbers)
		position_axis_numbers(canvas, rect, bins, model->position);
	if (numbers && model->anchor)
		draw_anchor(canvas, rect, model, bins);
}

/* Cells a token takes, on the average of those at the start of the layer: the
 * same wherever the cursor is. */
static size_t
mean_width(const struct layer *layer)
{
	size_t count = size_min(layer->length, MEAN_TOKENS), sum = 0;

	for (size_t i = 0; i < count; i++)
		sum += (size_t)text_width(layer_token(layer, i));
	return size_max(sum / count, 1);
}

/* The first of the tokens before `end` that fit into so many cells. */
static size_t
fit_before(const struct layer *layer, size_t end, size_t cells)
{
	while (end > 0) {
		size_t n = (size_t)text_width(layer_token(layer, end - 1));

		if (n > cells)
			break;
		cells -= n;
		end--;
	}
	return end;
}

static void
draw_token(struct canvas *canvas, struct rect at, const struct model *model,
	size_t i)
{
	const char *token = layer_token(model_layer(model), i);
	colour fg = i < model->position ? COLOUR_DEFAULT : COLOUR_DIM;
	unsigned attributes = 0;
	size_t first, count;

	if (position_delimiter(token)) {
		fg = COLOUR_DELIMITER;
		attributes = CELL_UNDERLINE;
	}
	if (model_span(&first, &count, model) && i >= first
	    && i - first < count)
		attributes |= CELL_UNDERLINE;
	if (i == model->position)
		fg = COLOUR_SELECT;
	canvas_text(canvas, at.row, at.column, at.columns, fg, COLOUR_DEFAULT,
		attributes, token);
}

/* Does what is to be done with each token where it lies. */
struct flow {
	struct rect rect;
	struct canvas *canvas;          /* NULL: not drawn */
	int row, column;                /* of interest */
	size_t found;                   /* the token there; SIZE_MAX: none */
	int rows;                       /* used */
};

/* Lays tokens out, broken between tokens; returns the first that found no
 * room. */
static size_t
flow_run(struct flow *flow, const struct model *model, size_t begin)
{
	const struct layer *layer = model_layer(model);
	struct rect rect = flow->rect, at = rect;
	size_t i;

	flow->found = SIZE_MAX;
	for (i = begin; i < layer->length; i++) {
		int width = text_width(layer_token(layer, i));

		if (width > at.columns && at.columns < rect.columns) {
			at.row++;
			at.column = rect.column;
			at.columns = rect.columns;
		}
		if (at.row >= rect.row + rect.rows)
			break;
		if (flow->canvas)
			draw_token(flow->canvas, at, model, i);
		if (at.row == flow->row && flow->column >= at.column
		    && flow->column < at.column + width)
			flow->found = i;
		at.column += width;
		at.columns -= width;
		flow->rows = at.row + 1 - rect.row;
	}
	return i;
}

int
position_tokens_rows(const struct model *model, int most, int columns)
{
	struct flow probe = { .rect = { 0, 0, most, columns } };

	if (most < 1 || columns < 1
	    || flow_run(&probe, model, 0) < model_layer(model)->length)
		return 0;
	return probe.rows;
}

/* The first token to show: of all, where they fit; else the text stands still
 * while the cursor walks through half of it. */
static size_t
text_begin(const struct model *model, struct rect rect)
{
	const struct layer *layer = model_layer(model);
	size_t cells = (size_t)rect.rows * (size_t)rect.columns;
	size_t block = size_max(cells / 2 / mean_width(layer), 1), begin;
	struct flow probe = { .rect = rect };

	if (position_tokens_rows(model, rect.rows, rect.columns))
		return 0;
	begin = fit_before(layer, model->position - model->position % block,
		cells / 4);
	if (flow_run(&probe, model, begin) <= model->position)
		begin = fit_before(layer, model->position,
			(size_t)rect.columns / 2);
	return begin;
}

static bool
text_shown(const struct model *model, struct rect rect)
{
	return model_ready(model) && layer_token(model_layer(model), 0)
		&& rect.rows >= 1 && rect.columns >= 1;
}

void
position_tokens_draw(struct canvas *canvas, struct rect rect,
	const struct model *model)
{
	struct flow flow = { .rect = rect, .canvas = canvas };

	if (text_shown(model, rect))
		flow_run(&flow, model, text_begin(model, rect));
}

bool
position_tokens_pick(size_t *out, struct rect rect, const struct model *model,
	int row, int column)
{
	struct flow flow = { .rect = rect, .row = row, .column = column };

	if (!text_shown(model, rect))
		return false;
	flow_run(&flow, model, text_begin(model, rect));
	if (flow.found == SIZE_MAX)
		return false;
	*out = flow.found;
	return true;
}
