#include "ui/figure_bar.h"

#include "ui/colour.h"
#include "ui/figure_colour.h"

/* Points. */
enum { GAP = 10, WIDTH = 9, STEPS = 128 };

static void
draw_title(struct figure *figure, const struct plot_frame *frame,
	const char *title)
{
	struct type type = { .size = PLOT_TYPE, .rgb = INK_TEXT,
		.anchor = 0.5, .upright = true };
	const struct box *box = &frame->box;

	if (figure_width(type, title) <= 1.2 * box->height)
		figure_text(figure, (struct point){ box->x + WIDTH
			+ plot_ticks_width(frame) + 1.4 * PLOT_TYPE,
			box->y + box->height / 2 }, type, title);
}

static void
draw_lacking(struct figure *figure, struct box box, const char *lacking)
{
	double bottom = box.y + box.height;

	figure_rect(figure, (struct box){ box.x, bottom + 6, WIDTH, 6 },
		INK_NODATA);
	figure_text(figure, (struct point){ box.x + WIDTH + 4, bottom + 12 },
		(struct type){ .size = PLOT_TYPE, .rgb = INK_TEXT }, lacking);
}

void
figure_bar_draw(struct figure *figure, struct box image,
	struct figure_bar bar)
{
	struct plot_frame frame = { .figure = figure, .box = image,
		.y = bar.scale };
	uint32_t rgb[STEPS];

	frame.box.x += image.width + GAP;
	frame.box.width = WIDTH;
	for (int k = 0; k < STEPS; k++) {
		double fraction = 1 - (double)k / (STEPS - 1);

		rgb[k] = bar.sides ? colour_true_side(2 * fraction - 1)
			: colour_true(bar.palette, fraction);
	}
	figure_part(figure, "scale");
	figure_cells(figure, frame.box, 1, STEPS, rgb);
	figure_frame(figure, frame.box, (struct ink){ INK_AXIS, 0.5, false });
	if (bar.sides)
		plot_ticks_sides(&frame);
	else
		plot_ticks_right(&frame);
	draw_title(figure, &frame, bar.title);
	if (bar.lacking)
		draw_lacking(figure, frame.box, bar.lacking);
}
