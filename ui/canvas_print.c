/*
 * A canvas as text: what tests compare and people paste.
 */
#include "ui/canvas.h"

#include "core/util.h"
#include "ui/utf8.h"

/* What a cell looks like at the edge. */
struct pen {
	int fg, bg;
	unsigned attributes;
};

static struct pen
cell_pen(const struct look *look, const struct cell *cell)
{
	struct pen pen = { .attributes = cell->attributes };

	pen.fg = colour_terminal(look, cell->fg, false, &pen.attributes);
	pen.bg = colour_terminal(look, cell->bg, true, &pen.attributes);
	return pen;
}

static bool
pen_equal(struct pen a, struct pen b)
{
	return a.fg == b.fg && a.bg == b.bg && a.attributes == b.attributes;
}

static void
print_colour(FILE *file, int base, int value)
{
	char text[COLOUR_SGR];

	if (value < 0)
		return;
	colour_sgr(text, base, value);
	fputs(text, file);
}

static void
print_pen(FILE *file, struct pen pen)
{
	static const struct {
		unsigned bit;
		const char *sgr;
	} names[] = {
		{ CELL_BOLD, ";1" }, { CELL_DIM, ";2" },
		{ CELL_UNDERLINE, ";4" }, { CELL_REVERSE, ";7" },
	};

	fputs("\033[0", file);
	for (size_t i = 0; i < LENGTH(names); i++)
		if (pen.attributes & names[i].bit)
			fputs(names[i].sgr, file);
	print_colour(file, 30, pen.fg);
	print_colour(file, 40, pen.bg);
	putc('m', file);
}

static void
print_character(FILE *file, wchar_t character)
{
	char bytes[UTF8_MAX];

	fwrite(bytes, 1, utf8_encode(bytes, (uint32_t)character), file);
}

static void
print_cell(FILE *file, const struct cell *cell)
{
	if (cell->glyph == 0)
		return;
	print_character(file, cell->glyph);
	for (int i = 0; i < CELL_COMBINING && cell->combining[i]; i++)
		print_character(file, cell->combining[i]);
}

static const struct cell *
canvas_row(const struct canvas *canvas, int row)
{
	return canvas->cells + (size_t)row * (size_t)canvas->columns;
}

void
canvas_print(FILE *file, const struct canvas *canvas)
{
	for (int row = 0; row < canvas->rows; row++) {
		const struct cell *cells = canvas_row(canvas, row);
		int end = canvas->columns;

		while (end > 0 && cells[end - 1].glyph == L' ')
			end--;
		for (int column = 0; column < end; column++)
			print_cell(file, &cells[column]);
		putc('\n', file);
	}
}

void
canvas_print_ansi(FILE *file, const struct canvas *canvas)
{
	static const struct pen plain = { -1, -1, 0 };

	for (int row = 0; row < canvas->rows; row++) {
		const struct cell *cells = canvas_row(canvas, row);
		struct pen pen = plain;

		for (int column = 0; column < canvas->columns; column++) {
			struct pen next = cell_pen(&canvas->look,
				&cells[column]);

			if (!pen_equal(pen, next))
				print_pen(file, next);
			pen = next;
			print_cell(file, &cells[column]);
		}
		fputs(pen_equal(pen, plain) ? "\n" : "\033[0m\n", file);
	}
}
