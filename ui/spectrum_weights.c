#include "ui/spectrum_weights.h"

#include <math.h>

#include "core/spectrum.h"
#include "ui/bins.h"
#include "ui/plot.h"
#include "ui/view.h"

/* Cells a bar needs for a number, with the blank behind it. */
enum { NUMBER_WIDTH = 4 };

struct weights {
	double part;                    /* of the entropy, in 0..1 */
	double share;                   /* of sum(s), up to here */
};

/* Of the values of a column's bar; they share it. */
static struct weights
weights_of(const struct spectrum *s, const struct bins *bars, int x)
{
	struct weights weights = { 0, 0 };
	double entropy = log(s->entropy);
	size_t end = bins_end(bars, x);

	for (size_t k = 0; k < end && k < s->count; k++) {
		double p = s->values[k] / s->sum;

		weights.share += p;
		if (k >= bins_begin(bars, x) && p > 0 && entropy > 0)
			weights.part -= p * log(p) / entropy;
	}
	return weights;
}

static void
draw_number(struct canvas *canvas, int row, int column, double value)
{
	canvas_format(canvas, row, column, NUMBER_WIDTH - 1, COLOUR_DEFAULT,
		COLOUR_DEFAULT, 0, "%3.0f", fmin(100 * value, 100));
}

void
spectrum_weights_draw(struct canvas *canvas, struct rect rect,
	const struct spectrum *spectrum, const struct bins *bars)
{
	int left = rect.column + VIEW_GUTTER;
	bool numbers = bars->width >= NUMBER_WIDTH;

	if (!(spectrum->sum > 0) || rect.rows < SPECTRUM_WEIGHTS_ROWS)
		return;
	canvas_text(canvas, rect.row, rect.column, VIEW_GUTTER, COLOUR_DIM,
		COLOUR_DEFAULT, 0, numbers ? "-plnp%" : "-plnp");
	canvas_text(canvas, rect.row + 1, rect.column, VIEW_GUTTER, COLOUR_DIM,
		COLOUR_DEFAULT, 0, numbers ? " cum %" : "  cum");
	for (int x = 0; x < bars->pixels; x += bars->width) {
		struct weights weights = weights_of(spectrum, bars, x);

		if (bins_begin(bars, x) >= spectrum->count)
			break;
		if (numbers) {
			draw_number(canvas, rect.row, left + x, weights.part);
			draw_number(canvas, rect.row + 1, left + x,
				weights.share);
			continue;
		}
		plot_sparkline(canvas, rect.row, left + x, 1, &weights.part, 1,
			COLOUR_BAND);
		plot_sparkline(canvas, rect.row + 1, left + x, 1,
			&weights.share, 1, COLOUR_BAND);
	}
}
