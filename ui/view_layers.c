/*
 * The layer list: a line a layer, with as many columns as fit, the most
 * telling first. Numbers come from layer_stats; "~" marks what is not
 * complete yet.
 */
#include "ui/view.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/operator.h"
#include "core/util.h"
#include "ui/figure_page.h"
#include "ui/glyph.h"
#include "ui/layer_stats.h"
#include "ui/measure_table.h"
#include "ui/plot.h"
#include "ui/shorten.h"

enum { CELL_TEXT = 32, NAME_MIN = 8, NAME_WANT = 14, SPARK_MAX = 32,
	TITLE_TEXT = 200 };

/* What one line tells. */
struct line {
	const struct model *model;
	const struct layer *layer;
	const struct layer_stats *stats;
	struct layer_averages averages;
	bool averaged;
};

static bool
usable(const struct layer *layer)
{
	return layer->resolved && layer->status == STATUS_OK;
}

static void
kind_text(char out[CELL_TEXT], const struct line *line)
{
	if (usable(line->layer))
		snprintf(out, CELL_TEXT, "%s%s", line->layer->kind->name,
			line->layer->assumed ? "?" : "");
}

static void
channels_text(char out[CELL_TEXT], const struct line *line)
{
	if (usable(line->layer))
		snprintf(out, CELL_TEXT, "%zu", line->layer->channels);
}

/* "i": it grows with the position. */
static void
tss_text(char out[CELL_TEXT], const struct line *line)
{
	const struct layer *layer = line->layer;

	if (!usable(layer))
		return;
	if (layer->tss_rule == TSS_RANK)
		snprintf(out, CELL_TEXT, "rank");
	else if (layer->tss_rule == TSS_WINDOW
	    && layer->state_size >= layer->length)
		snprintf(out, CELL_TEXT, "i");
	else
		snprintf(out, CELL_TEXT, "%zu", layer->state_size);
}

static bool
partial(const struct line *line)
{
	return line->averages.stale
		|| line->averages.known < line->averages.wanted;
}

static void
ess_text(char out[CELL_TEXT], const struct line *line)
{
	if (!line->averaged || isnan(line->averages.ess)) {
		if (usable(line->layer))
			snprintf(out, CELL_TEXT, "%s",
				line->averages.failed ? "fails" : "...");
		return;
	}
	snprintf(out, CELL_TEXT, "%s%s%.*f", line->averages.failed ? "!" : "",
		partial(line) ? "~" : "", line->averages.ess < 100 ? 2 : 1,
		line->averages.ess);
}

static void
share_text(char out[CELL_TEXT], const struct line *line)
{
	if (line->averaged && !isnan(line->averages.share))
		snprintf(out, CELL_TEXT, "%.0f%%", 100 * line->averages.share);
}

/* Channels of these kinds: "2/1". */
static void
verdict_text(char out[CELL_TEXT], const struct line *line)
{
	if (line->averaged && line->averages.saturated
		+ line->averages.collapsed)
		snprintf(out, CELL_TEXT, "%zu/%zu", line->averages.saturated,
			line->averages.collapsed);
	else if (line->averaged)
		snprintf(out, CELL_TEXT, "-");
}

static void
change_text(char out[CELL_TEXT], const struct line *line)
{
	double change;

	if (!usable(line->layer))
		return;
	change = layer_list_change(line->model, (size_t)(line->layer
		- line->layer->dump->layers));
	if (fabs(change) < 0.005)
		change = 0;
	if (!isnan(change))
		snprintf(out, CELL_TEXT, comparison_on(line->model) ? "%+.2f"
			: "%.2f", change);
}

/* In the order in which they earn their place. */
static const struct column {
	const char *title;
	int width;
	void (*text)(char out[CELL_TEXT], const struct line *line);
	bool sorted;                    /* only where the list is by change, or
					 * another dump is compared */
} columns[] = {
	{ NULL, 8, ess_text, false },   /* the measure's ess_title */
	{ "change", 8, change_text, true },
	{ "use", 5, share_text, false },
	{ "kind", 9, kind_text, false },
	{ "sat/col", 8, verdict_text, false },
	{ "ch", 6, channels_text, false },
	{ "TSS", 6, tss_text, false },
};

/* From left to right. */
static const size_t order[] = { 3, 5, 6, 0, 1, 2, 4 };

struct shape {
	int name;                       /* columns of the name */
	bool shown[LENGTH(columns)];
	int spark;                      /* columns of the sparkline; 0: none */
	struct shorten shorten;
};

static int
longest_name(const struct dump *dump)
{
	int longest = NAME_MIN;

	for (size_t i = 0; dump && i < dump->layer_count; i++) {
		int n = text_width(dump->layers[i].label);

		if (n > longest)
			longest = n;
	}
	return longest;
}

static struct shape
shape_new(const struct model *model, int width)
{
	const struct dump *dump = model_dump(model);
	struct shape shape = { .shorten = shorten_new(dump) };
	int longest = longest_name(dump), left = width - 1, want;

	want = longest < NAME_WANT ? longest : NAME_WANT;
	for (size_t c = 0; c < LENGTH(columns); c++) {
		if (columns[c].sorted && !comparison_on(model)
		    && model->list.sort != LAYERS_BY_CHANGE)
			continue;
		if (left - columns[c].width < (c < 2 ? NAME_MIN : want))
			break;
		shape.shown[c] = true;
		left -= columns[c].width;
	}
	shape.name = longest < left ? longest : left;
	left -= shape.name;
	if (left >= 8)
		shape.spark = left - 2 < SPARK_MAX ? left - 2 : SPARK_MAX;
	return shape;
}

static void
draw_spark(struct canvas *canvas, int row, int column, int n,
	const struct line *line)
{
	double values[SPARK_MAX], high = 0;
	size_t cells = line->layer->length - 1;

	for (int k = 0; k < n; k++) {
		size_t begin = 1 + (size_t)k * cells / (size_t)n;
		size_t end = 1 + (size_t)(k + 1) * cells / (size_t)n;

		values[k] = layer_stats_mean(line->stats, begin,
			end > begin ? end : begin + 1);
		if (values[k] > high)
			high = values[k];
	}
	plot_sparkline(canvas, row, column, n, values, high, COLOUR_MEAN);
}

static void
draw_line(struct canvas *canvas, struct rect rect, const struct shape *shape,
	const struct line *line)
{
	bool selected = line->layer == model_layer(line->model);
	unsigned attributes = selected ? CELL_BOLD : 0;
	int at = rect.column + 1 + shape->name;
	char *name;

	if (selected)
		canvas_put(canvas, rect.row, rect.column,
			glyph_get(GLYPH_MARK, canvas->look.unicode),
			COLOUR_ACCENT, COLOUR_DEFAULT);
	name = shorten_name(shape->shorten, line->layer->label, shape->name,
		canvas->look.unicode);
	canvas_text(canvas, rect.row, rect.column + 1, shape->name,
		COLOUR_DEFAULT, COLOUR_DEFAULT, attributes, name);
	free(name);
	if (line->layer->resolved && line->layer->status != STATUS_OK) {
		canvas_text(canvas, rect.row, at + 1,
			rect.column + rect.columns - at - 1, COLOUR_WARNING,
			COLOUR_DEFAULT, 0, "cannot be used");
		return;
	}
	for (size_t k = 0; k < LENGTH(order); k++) {
		const struct column *column = &columns[order[k]];
		char text[CELL_TEXT] = "";
		int width;

		if (!shape->shown[order[k]])
			continue;
		column->text(text, line);
		width = (int)strlen(text);
		if (width > column->width - 1)
			width = column->width - 1;
		canvas_text(canvas, rect.row, at + column->width - width, width,
			COLOUR_DEFAULT, COLOUR_DEFAULT, attributes, text);
		at += column->width;
	}
	if (shape->spark && line->averaged)
		draw_spark(canvas, rect.row, at + 1, shape->spark, line);
}

/* "3/24 by ess", "2/5 of 24  *attn*" */
static void
title_text(char text[TITLE_TEXT], const struct model *model)
{
	const struct layer_list *list = &model->list;
	bool sorted = list->sort != LAYERS_BY_NAME;
	char of[32] = "";

	if (list->filter)
		snprintf(of, sizeof of, " of %zu",
			model_dump(model)->layer_count);
	snprintf(text, TITLE_TEXT, "%zu/%zu%s%s%s%s%s",
		list->count ? layer_list_place(model) + 1 : 0, list->count,
		of, sorted ? " by " : "", sorted
		? layer_sort_names[list->sort] : "", list->filter ? " & " : "",
		list->filter ? list->filter : "");
}

static void
draw_heading(struct canvas *canvas, struct rect rect,
	const struct model *model, const struct shape *shape)
{
	int at = rect.column + 1 + shape->name;
	char text[TITLE_TEXT];

	title_text(text, model);
	view_title(canvas, rect, model, PANE_LAYERS, text);
	for (size_t k = 0; k < LENGTH(order); k++) {
		const struct column *column = &columns[order[k]];
		const char *title = !column->title ? model->measure->ess_title
			: column->sorted && comparison_on(model) ? "A-B"
			: column->title;
		int width = (int)strlen(title);

		if (!shape->shown[order[k]])
			continue;
		/* The title and the count of layers come first. */
		if (at + column->width - width >= rect.column + 9
			+ (int)strlen(text))
			canvas_text(canvas, rect.row, at + column->width - width,
				width, COLOUR_DIM, COLOUR_DEFAULT, 0,
				title);
		at += column->width;
	}
	if (shape->spark)
		canvas_format(canvas, rect.row, at + 1, shape->spark,
			COLOUR_DIM, COLOUR_DEFAULT, 0, "1..L-1");
}

void
view_layers_range(const struct model *model, int rows, size_t *begin,
	size_t *end)
{
	size_t count = model->list.count, place = layer_list_place(model);
	size_t shown = rows > 0 ? (size_t)rows : 0, half = shown / 2;

	*begin = 0;
	/* Half a page at a time, so that the list stands still mostly. */
	if (count > shown && half)
		*begin = size_min(place / half * half
			- size_min(place / half * half, half / 2),
			count - shown);
	*end = size_min(count, *begin + shown);
}

static void
draw(struct canvas *canvas, struct rect rect, const struct model *model)
{
	const struct dump *dump = model_dump(model);
	struct shape shape = shape_new(model, rect.columns);
	struct rect line_rect = view_body(rect);
	size_t begin, end;

	draw_heading(canvas, rect, model, &shape);
	view_layers_range(model, line_rect.rows, &begin, &end);
	for (size_t i = begin; i < end; i++) {
		size_t index = layer_list_at(model, i);
		struct line line = { .model = model,
			.layer = &dump->layers[index],
			.stats = model->stats[index] };

		line.averaged = layer_stats_get(&line.averages, line.stats,
			model);
		draw_line(canvas, line_rect, &shape, &line);
		line_rect.row++;
	}
}

static void
click(struct model *model, struct rect rect, int row, int column)
{
	size_t begin, end;

	(void)column;
	view_layers_range(model, rect.rows - 1, &begin, &end);
	if (row >= 1 && begin + (size_t)row - 1 < end)
		model_select_layer(model,
			layer_list_at(model, begin + (size_t)row - 1));
}

static void
wheel(struct model *model, struct rect rect, int steps)
{
	(void)rect;
	layer_list_step(model, steps);
}

static const struct view_hint hints[] = {
	{ { "down", "up" }, "layer", NULL, false },
	{ { "tolerance-down", "tolerance-up", "tolerance" }, "tolerance",
		"tol", false },
	{ { "next-measure" }, "measure", NULL, false },
	{ { "next-pane" }, "pane", NULL, false },
	{ { "find" }, "find", NULL, false },
	{ { "sort" }, "sort", NULL, true },
	{ { "filter" }, "filter", NULL, true },
	{ { NULL }, NULL, NULL, false },
};

const struct view_kind view_layers = {
	.name = "layers",
	.title = "LAYERS",
	.hints = hints,
	.rows_min = 3,
	.columns_min = 20,
	.rests = RESTS_LAYERS,
	.draw = draw,
	.click = click,
	.wheel = wheel,
	.figure = &figure_layers,
};
