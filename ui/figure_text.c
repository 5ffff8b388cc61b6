/*
 * The prompt on paper as running text, every token i on the colour of H_i:
 * what is held just before it is read. Token 0 has none.
 */
#include "ui/figure_page.h"

#include <math.h>
#include <stdlib.h>

#include "core/operator.h"
#include "core/util.h"
#include "ui/comparison.h"
#include "ui/figure_bar.h"
#include "ui/figure_colour.h"
#include "ui/measure_table.h"
#include "ui/position_axis.h"
#include "ui/reduce.h"
#include "ui/text_lines.h"
#include "ui/token_text.h"

/* Points; lines are at most what a page has room for. */
enum { LINE_HEIGHT = 12, SHADE_HEIGHT = 10, BASE_LINE = 8, HEIGHT_MIN = 60,
	LINES_MOST = 50 };

/* A cell of the terminal's grid: monospaced fonts are about so wide. */
static const double size = 7, cell_width = 0.602 * 7;

/* The lines shown: all, or some around the cursor. */
struct passage {
	struct text_lines *lines;
	struct text_line first, last;
	int count;
};

static double
text_width_of(void)
{
	return figure_body_width() - FIGURE_BAR_ROOM;
}

static struct passage
passage_new(const struct model *model)
{
	const struct layer *layer = model_layer(model);
	struct passage passage = { .count = 1 };
	struct text_lines *lines = text_lines_new(layer,
		(int)(text_width_of() / cell_width), true);
	struct text_line first = text_lines_at(lines, 0), last;

	/* Not all: as on the screen, the cursor a third from the top, and no
	 * blank lines at the end. */
	last = text_lines_step(lines, first, LINES_MOST - 1);
	if (last.end < layer->length) {
		first = text_lines_step(lines, text_lines_at(lines,
			model->position), -LINES_MOST / 3);
		last = text_lines_step(lines, first, LINES_MOST - 1);
		if (last.end == layer->length)
			first = text_lines_step(lines, last, 1 - LINES_MOST);
	}
	passage.lines = lines;
	passage.first = passage.last = first;
	while (passage.last.end < last.end) {
		passage.last = text_lines_step(lines, passage.last, 1);
		passage.count++;
	}
	return passage;
}

static bool
has_text(const struct model *model)
{
	return layer_token(model_layer(model), 0);
}

static char *
text_title(const struct model *model)
{
	char *before = xasprintf("%s along the text, ", model->measure->title);
	char *title = figure_channel_title(model, before);

	free(before);
	return title;
}

static double
text_height(const struct model *model)
{
	struct passage passage;

	if (!has_text(model))
		return HEIGHT_MIN;
	passage = passage_new(model);
	text_lines_free(passage.lines);
	return fmax(HEIGHT_MIN, passage.count * LINE_HEIGHT);
}

/* Ink that is seen on that colour. */
static uint32_t
ink_on(uint32_t rgb)
{
	double light = 0.299 * (rgb >> 16) + 0.587 * (rgb >> 8 & 255)
		+ 0.114 * (rgb & 255);

	return light < 128 ? INK_PAGE : INK_TEXT;
}

static void
draw_token(struct figure *figure, struct point at, const char *raw,
	const struct token_piece *piece, uint32_t shade)
{
	double width = piece->width * cell_width;
	double under = at.y + SHADE_HEIGHT - 0.8;
	struct type type = { .size = size, .rgb = ink_on(shade),
		.mono = true };

	if (shade != INK_PAGE)
		figure_rect(figure, (struct box){ at.x, at.y, width,
			SHADE_HEIGHT }, shade);
	figure_text(figure, (struct point){ at.x, at.y + BASE_LINE }, type,
		piece->text);
	if (position_delimiter(raw))
		figure_segment(figure, (struct point){ at.x, under },
			(struct point){ at.x + width, under }, (struct ink){
			ink_on(shade), 0.6, false });
}

/* Pixels of a line's tokens; the first of all tokens has none. */
static struct pixel *
pixels_of(const struct model *model, const struct text_line *line)
{
	struct model alone = comparison_alone(model);
	size_t begin = size_max(line->begin, 1);
	size_t place = model_channel_place(model, model->channel);
	struct bins bins = bins_new(begin, line->end - begin,
		(int)(line->end - begin));
	struct pixel *pixels = xcalloc(line->end - line->begin,
		sizeof *pixels);

	if (bins.pixels)
		reduce_row(pixels + (begin - line->begin), &alone, place,
			place + 1, &bins);
	return pixels;
}

static bool
draw_line(struct figure *figure, struct point at, const struct model *model,
	const struct text_line *line, struct text_lines *lines)
{
	const struct layer *layer = model_layer(model);
	struct colour_scale scale = colour_scale_of(model);
	struct pixel *pixels = pixels_of(model, line);
	bool failed = false;

	for (size_t i = line->begin; i < line->end; i++) {
		const struct token_piece *piece = text_lines_piece(lines, i);
		const struct pixel *pixel = &pixels[i - line->begin];
		bool value = pixel->kind == PIXEL_VALUE;
		uint32_t shade = i == 0 ? INK_PAGE : !value ? INK_NODATA
			: colour_true(model->look.palette,
			colour_scale_place(&scale, pixel->value));

		failed |= i > 0 && !value;
		draw_token(figure, at, layer_token(layer, i), piece, shade);
		at.x += piece->width * cell_width;
	}
	free(pixels);
	return failed;
}

static void
draw_bar(struct figure *figure, struct box box, const struct model *model,
	bool failed)
{
	struct colour_scale scale = colour_scale_of(model);
	char *title = figure_bar_title(model, &scale);
	struct figure_bar bar = { .title = title,
		.lacking = failed ? "failed" : NULL };

	figure_bar_scale(&bar, model, &scale);
	figure_bar_draw(figure, box, bar);
	free(title);
}

static void
text_draw(struct figure *figure, struct box box, const struct model *model)
{
	struct passage passage;
	struct text_line line;
	bool failed = false;

	figure_part(figure, "text");
	if (!has_text(model)) {
		figure_text(figure, (struct point){ box.x, box.y + 20 },
			(struct type){ .size = PLOT_TYPE, .rgb = INK_TEXT },
			"This dump has no tokens.");
		return;
	}
	passage = passage_new(model);
	line = passage.first;
	for (int k = 0; k < passage.count; k++) {
		failed |= draw_line(figure, (struct point){ box.x,
			box.y + k * LINE_HEIGHT }, model, &line,
			passage.lines);
		line = text_lines_step(passage.lines, line, 1);
	}
	text_lines_free(passage.lines);
	box.width = text_width_of();
	box.height -= LINE_HEIGHT - SHADE_HEIGHT;
	draw_bar(figure, box, model, failed);
}

static char *
text_remark(const struct model *model)
{
	struct colour_scale scale = colour_scale_of(model);
	const char *rule = "Token i has the colour of H_i: of what is held "
		"just before it is read.";
	size_t length = model_layer(model)->length;
	struct passage passage;
	char *tokens, *remark;

	if (!has_text(model))
		return NULL;
	passage = passage_new(model);
	if (passage.last.end - passage.first.begin == length)
		tokens = xstrdup(rule);
	else
		tokens = xasprintf("%s Tokens %zu to %zu of %zu.", rule,
			passage.first.begin, passage.last.end - 1, length);
	text_lines_free(passage.lines);
	remark = figure_bar_remark(tokens, model, &scale);
	free(tokens);
	return remark;
}

const struct view_figure figure_text_pane = {
	.title = text_title,
	.height = text_height,
	.draw = text_draw,
	.remark = text_remark,
};
