#include "ui/position_axis.h"

#include <stdio.h>
#include <string.h>

#include "core/dump.h"
#include "ui/bins.h"
#include "ui/glyph.h"
#include "ui/model.h"

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
position_axis_draw(struct canvas *canvas, struct rect rect,
	const struct model *model, const struct bins *bins)
{
	int cursor = bins_pixel(bins, model->position), width, at;
	char label[32];

	if (bins->pixels == 0 || cursor < 0)
		return;
	draw_delimiters(canvas, rect, model_layer(model), bins);
	width = snprintf(label, sizeof label, "%zu", model->position);
	at = cursor + 1;
	if (at + width > rect.columns)
		at = cursor - width;
	if (at < 0)
		return;
	draw_ticks(canvas, rect, bins, at < cursor ? at : cursor,
		at < cursor ? cursor + 1 : at + width);
	canvas_put(canvas, rect.row, rect.column + cursor,
		glyph_get(GLYPH_MARK_UP, canvas->look.unicode), COLOUR_ACCENT,
		COLOUR_DEFAULT);
	canvas_text(canvas, rect.row, rect.column + at, width, COLOUR_ACCENT,
		COLOUR_DEFAULT, CELL_BOLD, label);
}

/* Draws tokens begin .. end - 1 from a column on; returns the cells used. */
static int
draw_run(struct canvas *canvas, struct rect at, const struct layer *layer,
	size_t begin, size_t end)
{
	int used = 0;

	for (size_t i = begin; i < end; i++) {
		const char *token = layer_token(layer, i);
		bool delimiter = position_delimiter(token);

		used += canvas_text(canvas, at.row, at.column + used,
			at.columns - used, delimiter ? COLOUR_DELIMITER
			: COLOUR_DEFAULT, COLOUR_DEFAULT,
			delimiter ? CELL_UNDERLINE : 0, token);
	}
	return used;
}

/* How many tokens before `end` (from `begin` on) fit into so many columns,
 * and what they take. */
static size_t
fit_before(const struct layer *layer, size_t end, int columns, int *used)
{
	size_t begin = end;

	*used = 0;
	while (begin > 0) {
		int n = text_width(layer_token(layer, begin - 1));

		if (*used + n > columns)
			break;
		*used += n;
		begin--;
	}
	return begin;
}

static size_t
fit_after(const struct layer *layer, size_t begin, int columns, int *used)
{
	size_t end = begin;

	*used = 0;
	while (end < layer->length) {
		int n = text_width(layer_token(layer, end));

		if (*used + n > columns)
			break;
		*used += n;
		end++;
	}
	return end;
}

/* The line with the bar: what is before it ends there, what is after it
 * begins behind it. */
static void
draw_middle(struct canvas *canvas, struct rect rect, const struct model *model,
	int column, size_t *first, size_t *last)
{
	const struct layer *layer = model_layer(model);
	size_t i = model->position;
	int before, after;

	/* No more room to one side than it has text for. */
	fit_before(layer, i, rect.columns - 1, &before);
	fit_after(layer, i, rect.columns - 1, &after);
	if (column < rect.columns - 1 - after)
		column = rect.columns - 1 - after;
	if (column > before)
		column = before;
	*first = fit_before(layer, i, column, &before);
	*last = fit_after(layer, i, rect.columns - column - 1, &after);
	draw_run(canvas, (struct rect){ rect.row, rect.column + column - before,
		1, before }, layer, *first, i);
	canvas_put(canvas, rect.row, rect.column + column,
		glyph_get(GLYPH_RULE_V, canvas->look.unicode),
		COLOUR_ACCENT, COLOUR_DEFAULT);
	draw_run(canvas, (struct rect){ rect.row, rect.column + column + 1, 1,
		rect.columns - column - 1 }, layer, i, *last);
}

void
position_tokens_draw(struct canvas *canvas, struct rect rect,
	const struct model *model, int column)
{
	const struct layer *layer = model_layer(model);
	int middle = (rect.rows - 1) / 2, quarter = rect.columns / 4, used;
	struct rect row = rect;
	size_t first, last;

	if (!model_ready(model) || !layer_token(layer, 0) || rect.rows < 1
	    || rect.columns < 3)
		return;
	if (column < quarter)
		column = quarter;
	if (column > rect.columns - 1 - quarter)
		column = rect.columns - 1 - quarter;
	row.row = rect.row + middle;
	draw_middle(canvas, row, model, column, &first, &last);
	for (row.row--; row.row >= rect.row && first > 0; row.row--) {
		size_t begin = fit_before(layer, first, rect.columns, &used);

		draw_run(canvas, row, layer, begin, first);
		if (begin == first)
			break;
		first = begin;
	}
	for (row.row = rect.row + middle + 1; row.row < rect.row + rect.rows
		&& last < layer->length; row.row++) {
		size_t end = fit_after(layer, last, rect.columns, &used);

		draw_run(canvas, row, layer, last, end);
		if (end == last)
			break;
		last = end;
	}
}
