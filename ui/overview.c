#include "ui/overview.h"

#include <math.h>

#include "ui/glyph.h"
#include "ui/model.h"

/* The colour bar has so many columns of the legend beside it. */
enum { LINE = 12, BAR_COLUMNS = 36 };

struct rect
overview_rect(struct rect legend)
{
	legend.column += BAR_COLUMNS;
	legend.columns -= BAR_COLUMNS;
	return legend;
}

/* "pos ------====--  ch ===="; 0: not shown. */
static int
overview_width(struct rect rect, const struct overview *overview)
{
	const struct overview_axis *across = &overview->across;
	const struct overview_axis *down = &overview->down;
	int width = text_width(across->label) + text_width(down->label) + 4
		+ 2 * LINE;

	if ((across->count == across->total && down->count == down->total)
	    || rect.columns < width + 2)
		return 0;
	return width + 1;
}

/* The first column of an axis' line. */
static int
line_begin(struct rect rect, const struct overview *overview,
	const struct overview_axis *axis)
{
	int begin = rect.column + rect.columns + 1
		- overview_width(rect, overview);

	begin += text_width(overview->across.label) + 1;
	if (axis == &overview->down)
		begin += LINE + 1 + text_width(axis->label) + 1;
	return begin;
}

static void
draw_axis(struct canvas *canvas, struct rect rect,
	const struct overview *overview, const struct overview_axis *axis)
{
	bool unicode = canvas->look.unicode;
	int from = line_begin(rect, overview, axis);
	int width = text_width(axis->label);
	int begin = (int)(axis->begin * LINE / axis->total);
	int end = (int)((axis->begin + axis->count) * LINE / axis->total);

	canvas_text(canvas, rect.row, from - 1 - width, width, COLOUR_DIM,
		COLOUR_DEFAULT, 0, axis->label);
	if (end == begin && end < LINE)
		end++;
	else if (end == begin)
		begin--;
	for (int k = 0; k < LINE; k++) {
		bool seen = k >= begin && k < end;

		canvas_put(canvas, rect.row, from + k, glyph_get(seen
			? GLYPH_LINE_BOLD : GLYPH_DOT, unicode), seen
			? COLOUR_ACCENT : COLOUR_DIM, COLOUR_DEFAULT);
	}
}

int
overview_draw(struct canvas *canvas, struct rect rect,
	const struct overview *overview)
{
	int width = overview_width(rect, overview);

	if (width) {
		draw_axis(canvas, rect, overview, &overview->across);
		draw_axis(canvas, rect, overview, &overview->down);
	}
	return width;
}

static const struct overview_axis *
axis_at(struct rect rect, const struct overview *overview, int column)
{
	const struct overview_axis *axes[] = { &overview->across,
		&overview->down };

	for (int k = 0; k < 2; k++) {
		int from = line_begin(rect, overview, axes[k]);

		if (column >= from && column < from + LINE)
			return axes[k];
	}
	return NULL;
}

bool
overview_grab(double *at, struct model *model, struct rect rect,
	const struct overview *overview, int row, int column)
{
	const struct overview_axis *axis = NULL;

	if (!rect.rows || !overview_width(rect, overview))
		return false;
	if (model->grab == GRAB_NONE && row == rect.row)
		axis = axis_at(rect, overview, column);
	else if (model->grab == GRAB_OVERVIEW_ACROSS)
		axis = &overview->across;
	else if (model->grab == GRAB_OVERVIEW_DOWN)
		axis = &overview->down;
	if (!axis)
		return false;
	model->grab = axis == &overview->across ? GRAB_OVERVIEW_ACROSS
		: GRAB_OVERVIEW_DOWN;
	*at = fmin(fmax((column - line_begin(rect, overview, axis) + 0.5)
		/ LINE, 0), 1);
	return true;
}
