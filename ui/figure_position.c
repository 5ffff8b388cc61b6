/*
 * The axis that figures of positions share.
 */
#include "ui/figure_page.h"

#include <math.h>
#include <stdlib.h>

#include "core/dump.h"
#include "core/util.h"
#include "ui/figure_colour.h"
#include "ui/figure_plot.h"
#include "ui/position_axis.h"

enum { TITLE_ROOM = 11, NUMBER_ROOM = 11 };

static const double token_size = 5.5, token_room = 46;

struct bins
figure_positions(const struct model *model)
{
	size_t count = model_position_bins(model, 1).count;

	return model_position_bins(model, (int)size_min(count, FIGURE_COLUMNS));
}

/* Is there room for the token of each position? */
static bool
tokens_fit(const struct model *model, double width)
{
	return layer_token(model_layer(model), 0)
		&& width / (double)figure_positions(model).count
		>= 1.15 * token_size;
}

double
figure_position_height(const struct model *model, double width)
{
	return NUMBER_ROOM + TITLE_ROOM
		+ (tokens_fit(model, width) ? token_room : 0);
}

static void
put_tokens(const struct plot_frame *frame, const struct model *model)
{
	struct bins bins = figure_positions(model);
	struct type type = { .size = token_size, .rgb = INK_TEXT, .anchor = 1,
		.upright = true };
	double y = frame->box.y + frame->box.height + NUMBER_ROOM + 1;

	figure_part(frame->figure, "tokens");
	for (size_t i = bins.begin; i < bins.begin + bins.count; i++) {
		const char *token = layer_token(model_layer(model), i);
		char *text = figure_clip(type, token, token_room - 3);

		type.rgb = position_delimiter(token) ? INK_DELIMITER
			: INK_TEXT;
		figure_text(frame->figure, (struct point){ plot_x(frame,
			(double)i) + 0.35 * token_size, y }, type, text);
		free(text);
	}
}

/* Short strokes above the frame; none where they would stand too close.
 * Returns the first of the tokens marked, or NULL. */
static const char *
put_delimiters(const struct plot_frame *frame, const struct model *model)
{
	struct bins bins = figure_positions(model);
	const struct layer *layer = model_layer(model);
	const char *first = NULL;
	size_t count = 0, end = bins.begin + bins.count;

	for (size_t i = end; layer_token(layer, 0) && i-- > bins.begin;)
		if (position_delimiter(layer_token(layer, i))) {
			first = layer_token(layer, i);
			count++;
		}
	if (count == 0 || frame->box.width / (double)count < 6)
		return NULL;
	figure_part(frame->figure, "delimiters");
	for (size_t i = bins.begin; i < end; i++) {
		double x = plot_x(frame, (double)i);

		if (position_delimiter(layer_token(layer, i)))
			figure_segment(frame->figure,
				(struct point){ x, frame->box.y - 4 },
				(struct point){ x, frame->box.y - 0.5 },
				(struct ink){ INK_DELIMITER, 1, false });
	}
	return first;
}

void
figure_position_axis(const struct plot_frame *frame,
	const struct model *model)
{
	struct type type = { .size = PLOT_TYPE, .rgb = INK_TEXT,
		.anchor = 0.5 };
	bool tokens = tokens_fit(model, frame->box.width);
	double y = frame->box.y + frame->box.height + NUMBER_ROOM + TITLE_ROOM
		+ (tokens ? token_room : 0) - 2;

	const char *marked = put_delimiters(frame, model);
	char *title = marked ? xasprintf("position i   (marks above: %s)",
		marked) : xstrdup("position i");

	figure_part(frame->figure, "positions");
	plot_ticks_below(frame, true);
	figure_text(frame->figure, (struct point){ frame->box.x
		+ frame->box.width / 2, y }, type, title);
	free(title);
	if (tokens)
		put_tokens(frame, model);
}
