#include "ui/tty_frame.h"

#include <stdlib.h>

#include "core/util.h"
#include "ui/glyph.h"

void
frame_resize(struct frame *frame, int rows, int columns)
{
	size_t count = (size_t)rows * (size_t)columns;

	free(frame->cells);
	frame->cells = xcalloc(count, sizeof *frame->cells);
	frame->rows = rows;
	frame->columns = columns;
}

void
frame_free(struct frame *frame)
{
	free(frame->cells);
}

/* A blank has no foreground, and two halves of one colour are a blank: fewer
 * pairs, fewer bytes. A full block stays one: as a blank in its colour a bar
 * would be missing wherever the screen is copied as text. */
static struct shown
shown_simplify(struct shown shown)
{
	if (shown.text[0] == glyph_get(GLYPH_HALF_UPPER, true)
		&& shown.fg == shown.bg && shown.bg >= 0)
		shown.text[0] = L' ';
	if (shown.text[0] == L' ' && !shown.text[1]) {
		shown.attributes &= CELL_REVERSE | CELL_UNDERLINE;
		if (!shown.attributes)
			shown.fg = -1;
	}
	return shown;
}

static struct shown
shown_of(const struct look *look, const struct cell *cell)
{
	struct shown shown = { .text = { cell->glyph },
		.attributes = cell->attributes };

	for (int i = 0; i < CELL_COMBINING; i++)
		shown.text[i + 1] = cell->combining[i];
	shown.fg = colour_terminal(look, cell->fg, false, &shown.attributes);
	shown.bg = colour_terminal(look, cell->bg, true, &shown.attributes);
	return shown_simplify(shown);
}

static bool
shown_equal(const struct shown *a, const struct shown *b)
{
	return !wcscmp(a->text, b->text) && a->fg == b->fg && a->bg == b->bg
		&& a->attributes == b->attributes;
}

static bool
is_wide(wchar_t glyph)
{
	return glyph >= 0x1100 && wcwidth(glyph) == 2;
}

bool
frame_update(struct frame *frame, const struct canvas *canvas,
	const struct look *look, int row)
{
	static const struct cell blank = { .glyph = L' ' };
	struct shown *shown = frame->cells
		+ (size_t)row * (size_t)frame->columns;
	bool changed = false, wide = false;

	for (int i = 0; i < frame->columns; i++) {
		const struct cell *cell = &blank;
		struct shown next;

		if (row < canvas->rows && i < canvas->columns)
			cell = &canvas->cells[(size_t)row
				* (size_t)canvas->columns + (size_t)i];
		next = shown_of(look, cell);
		/* Halves alone, where the canvas has another size. */
		if ((!next.text[0] && !wide) || (i == frame->columns - 1
			&& is_wide(next.text[0])))
			next.text[0] = L' ';
		wide = is_wide(next.text[0]);
		changed |= !shown_equal(&shown[i], &next);
		shown[i] = next;
	}
	return changed;
}

const struct shown *
frame_row(const struct frame *frame, int row)
{
	return frame->cells + (size_t)row * (size_t)frame->columns;
}
