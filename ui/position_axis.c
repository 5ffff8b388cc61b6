#include "ui/position_axis.h"

#include <stdio.h>
#include <string.h>

#include "core/dump.h"
#include "core/util.h"
#include "ui/bins.h"
#include "ui/delimiters.h"
#include "ui/glyph.h"
#include "ui/model.h"

bool
position_delimiter(const char *token)
{
	char end = token[0] == '<' ? '>' : token[0] == '[' ? ']' : '\0';
	size_t n;

	/* Asked of a million tokens at times: most are not measured. */
	if (!end)
		return false;
	n = strlen(token);
	return n >= 3 && token[n - 1] == end;
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

/* Only while they stand apart: a mark in every column marks nothing. */
static void
draw_delimiters(struct canvas *canvas, struct rect rect,
	const struct model *model, const struct bins *bins)
{
	int marks = 0;

	for (int p = 0; p < bins->pixels; p++)
		marks += delimiters_between(model, bins_begin(bins, p),
			bins_end(bins, p));
	for (int p = 0; p < bins->pixels && marks <= bins->pixels / 3; p++)
		if (delimiters_between(model, bins_begin(bins, p),
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
	draw_delimiters(canvas, rect, model, bins);
	if (numbers)
		position_axis_numbers(canvas, rect, bins, model->position);
	if (numbers && model->anchor)
		draw_anchor(canvas, rect, model, bins);
}
