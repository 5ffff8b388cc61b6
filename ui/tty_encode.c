#include "ui/tty_encode.h"

#include <stdlib.h>
#include <string.h>

#include "core/util.h"
#include "ui/colour.h"
#include "ui/digits.h"
#include "ui/utf8.h"

enum {
	STEP = 32,              /* bytes of one move; twice that is more than
				 * any change of colours */
	GAP_MOST = 8,           /* cells rewritten rather than stepped over */
	LINE_FEEDS_MOST = 3,    /* rows down; more are shorter in digits */
};

/* How cells look apart from their text. */
struct style {
	int fg, bg;
	unsigned attributes;
};

/* Bytes on their way, and what the terminal has been told so far. */
struct pen {
	const struct encoder *encoder;
	const struct frame *frame;
	char **bytes;
	size_t *room;
	size_t size;
	struct style style;
	int row, column;                /* -1: not known */
};

/* A stretch of a row, in one style, that has to be written. */
struct run {
	int row, begin, end;
	struct style style;
	bool blank;             /* its style's foreground is of no matter */
};

struct runs {
	struct run *items;
	size_t count, room;
};

static void
put(struct pen *pen, const char *bytes, size_t n)
{
	if (pen->size + n > *pen->room) {
		*pen->room = 2 * (pen->size + n);
		*pen->bytes = xreallocarray(*pen->bytes, *pen->room, 1);
	}
	memcpy(*pen->bytes + pen->size, bytes, n);
	pen->size += n;
}

static const struct shown *
cell_at(const struct frame *frame, int row, int column)
{
	return frame->cells + (size_t)row * (size_t)frame->columns + column;
}

static bool
is_blank(const struct shown *cell)
{
	return cell->text[0] == L' ' && !cell->text[1];
}

static bool
same_cell(const struct shown *a, const struct shown *b)
{
	return !wcscmp(a->text, b->text) && a->fg == b->fg && a->bg == b->bg
		&& a->attributes == b->attributes;
}

static struct style
style_of(const struct shown *cell)
{
	return (struct style){ cell->fg, cell->bg, cell->attributes };
}

static bool
same_style(struct style a, struct style b)
{
	return a.fg == b.fg && a.bg == b.bg && a.attributes == b.attributes;
}

/* A blank without strokes has no foreground: any will do. */
static bool
style_serves(struct style now, const struct shown *cell)
{
	return now.bg == cell->bg && now.attributes == cell->attributes
		&& (now.fg == cell->fg || (is_blank(cell)
		&& !cell->attributes));
}

/* The control sequence of one number. */
static int
control_text(char *out, int number, char last)
{
	int n = 2;

	memcpy(out, "\033[", 2);
	n += digits_put(out + n, (unsigned)number);
	out[n] = last;
	return n + 1;
}

/* Parameters from one style to another; without `from` after a reset. */
static int
style_text(char *out, const struct style *from, struct style to)
{
	static const int codes[] = { 1, 7, 4, 2 };
	const struct style reset = { -1, -1, 0 };
	int n = 0;

	if (!from) {
		from = &reset;
		out[n++] = ';';
		out[n++] = '0';
	}
	for (size_t k = 0; k < LENGTH(codes); k++)
		if (to.attributes & ~from->attributes & 1u << k) {
			out[n++] = ';';
			n += digits_put(out + n, (unsigned)codes[k]);
		}
	if (to.fg != from->fg)
		n += colour_sgr(out + n, 30, to.fg);
	if (to.bg != from->bg)
		n += colour_sgr(out + n, 40, to.bg);
	return n;
}

static void
set_style(struct pen *pen, struct style style)
{
	char add[2 * STEP], anew[2 * STEP], *best = add;
	int n, m;

	if (same_style(pen->style, style))
		return;
	n = style_text(add, &pen->style, style);
	m = style_text(anew, NULL, style);
	/* What is switched off can only be reset. */
	if (pen->style.attributes & ~style.attributes || m < n) {
		best = anew;
		n = m;
	}
	put(pen, "\033[", 2);
	/* A reset alone is the default of SGR. */
	if (n != 2 || best[1] != '0')
		put(pen, best + 1, (size_t)n - 1);
	put(pen, "m", 1);
	pen->style = style;
}

static int
step_text(char *out, int steps, char one)
{
	if (steps > 1)
		return control_text(out, steps, one);
	memcpy(out, "\033[", 2);
	out[2] = one;
	return 3;
}

static int
row_text(char *out, int from, int to)
{
	char other[STEP];
	int n, m;

	if (from == to)
		return 0;
	n = control_text(out, to + 1, 'd');
	/* A line feed alone: nonl() (tty_curses.c) keeps the column. */
	if (to > from && to - from <= LINE_FEEDS_MOST) {
		memset(out, '\n', (size_t)(to - from));
		return to - from;
	}
	m = step_text(other, abs(to - from), to > from ? 'B' : 'A');
	if (m < n)
		memcpy(out, other, (size_t)m);
	return m < n ? m : n;
}

static int
column_text(char *out, int from, int to)
{
	char other[STEP];
	int n, m;

	if (from == to)
		return 0;
	if (to == 0) {
		*out = '\r';
		return 1;
	}
	n = control_text(out, to + 1, 'G');
	if (to < from && from - to <= 4) {
		memset(out, '\b', (size_t)(from - to));
		return from - to;
	}
	m = step_text(other, abs(to - from), to > from ? 'C' : 'D');
	if (m < n)
		memcpy(out, other, (size_t)m);
	return m < n ? m : n;
}

/* The shortest way to a place; returns its bytes. */
static int
move_text(char out[2 * STEP], const struct pen *pen, int row, int column)
{
	char parts[2 * STEP];
	int n, m;

	if (pen->row == row && pen->column == column)
		return 0;
	n = row || column ? control_text(out, row + 1, 'H')
		: step_text(out, 1, 'H');
	if (column) {
		out[n - 1] = ';';
		n += digits_put(out + n, (unsigned)column + 1);
		out[n++] = 'H';
	}
	if (pen->row < 0)
		return n;
	m = row_text(parts, pen->row, row);
	m += column_text(parts + m, pen->column, column);
	if (m < n)
		memcpy(out, parts, (size_t)m);
	return m < n ? m : n;
}

static size_t
text_bytes(char *out, const struct shown *cell)
{
	size_t n = 0;

	for (const wchar_t *p = cell->text; *p; p++)
		n += utf8_encode(out + n, (uint32_t)*p);
	return n;
}

static void
put_text(struct pen *pen, const struct shown *cell)
{
	char bytes[(CELL_COMBINING + 2) * UTF8_MAX];

	put(pen, bytes, text_bytes(bytes, cell));
}

/* Behind the last column the cursor may hang or not. */
static void
advance(struct pen *pen, int columns)
{
	pen->column += columns;
	if (pen->column >= pen->frame->columns)
		pen->row = pen->column = -1;
}

/* So many equal cells from here on. */
static void
put_equal(struct pen *pen, const struct shown *cell, int count)
{
	char text[STEP], one[(CELL_COMBINING + 2) * UTF8_MAX];
	int n;
	bool erasable = is_blank(cell) && !cell->attributes
		&& (cell->bg < 0 || pen->encoder->bce);

	/* To the end of the line. */
	if (erasable && pen->column + count == pen->frame->columns
	    && count > 3) {
		put(pen, "\033[K", 3);
		return;
	}
	put_text(pen, cell);
	n = control_text(text, count - 1, 'b');
	if (pen->encoder->rep && !cell->text[1]
	    && (size_t)n < text_bytes(one, cell) * ((size_t)count - 1)) {
		put(pen, text, (size_t)n);
	} else {
		for (int k = 1; k < count; k++)
			put_text(pen, cell);
	}
	advance(pen, count);
}

/* Cells begin .. end - 1 of a row, all in the style there is. */
static void
put_cells(struct pen *pen, int row, int begin, int end)
{
	while (begin < end) {
		const struct shown *cell = cell_at(pen->frame, row, begin);
		int next = begin + 1;

		if (next < end && !cell_at(pen->frame, row, next)->text[0]) {
			put_text(pen, cell);
			advance(pen, 2);
			begin += 2;
			continue;
		}
		while (next < end && same_cell(cell, cell_at(pen->frame, row,
			next)))
			next++;
		/* The second half of a wide character is written with it. */
		if (cell->text[0])
			put_equal(pen, cell, next - begin);
		begin = next;
	}
}

/* Bytes to write the cells from the pen's column to another on that row once
 * more, in the style there is; more than any move where they have another. */
static int
rewrite_bytes(const struct pen *pen, int row, int column)
{
	char bytes[STEP];
	int n = 0;

	if (pen->row < 0 || column <= pen->column
	    || column - pen->column > GAP_MOST)
		return STEP;
	for (int k = pen->column; k < column && n < STEP; k++) {
		const struct shown *cell = cell_at(pen->frame, row, k);

		/* Neither half of a wide one. */
		if (!cell->text[0] || cell->text[1] || cell->text[0] > 0x2fff
		    || !style_serves(pen->style, cell))
			return STEP;
		n += (int)text_bytes(bytes, cell);
	}
	return n;
}

/* To a place: by a move, or over cells that stay as they are. */
static void
step(struct pen *pen, int row, int column)
{
	char whole[2 * STEP], down[STEP];
	int n = move_text(whole, pen, row, column), m = 0;

	if (pen->row >= 0)
		m = row_text(down, pen->row, row);
	if (m + rewrite_bytes(pen, row, column) < n) {
		put(pen, down, (size_t)m);
		pen->row = row;
		put_cells(pen, row, pen->column, column);
		return;
	}
	put(pen, whole, (size_t)n);
	pen->row = row;
	pen->column = column;
}

static void
put_run(struct pen *pen, const struct run *run)
{
	struct style style = run->style;

	if (run->blank && !pen->style.attributes && !style.attributes)
		style.fg = pen->style.fg;
	step(pen, run->row, run->begin);
	set_style(pen, style);
	put_cells(pen, run->row, run->begin, run->end);
}

static void
runs_add(struct runs *runs, struct run run)
{
	if (runs->count == runs->room) {
		runs->room = 2 * runs->room + 64;
		runs->items = xreallocarray(runs->items, runs->room,
			sizeof *runs->items);
	}
	runs->items[runs->count++] = run;
}

/* Does the cell go on with the run? Behind blanks it brings its foreground. */
static bool
run_takes(struct run *run, const struct shown *cell)
{
	if (style_serves(run->style, cell)) {
		run->blank &= is_blank(cell);
		return true;
	}
	if (!run->blank || cell->bg != run->style.bg || cell->attributes
	    || run->style.attributes)
		return false;
	run->style.fg = cell->fg;
	run->blank = false;
	return true;
}

/* The changed cells of a row as runs. Blanks join what is beside them; a
 * second half goes with its first. */
static void
find_runs(struct runs *runs, const struct encoder *encoder,
	const struct frame *frame, int row)
{
	struct run run = { .row = row, .begin = -1 };

	for (int i = 0; i < frame->columns; i++) {
		const struct shown *cell = cell_at(frame, row, i);
		bool half = !cell->text[0];
		bool changed = half ? run.begin >= 0 && run.end == i
			: !same_cell(cell, cell_at(&encoder->there, row, i))
			|| (i + 1 < frame->columns
			&& !cell_at(frame, row, i + 1)->text[0]
			&& !same_cell(cell_at(frame, row, i + 1),
				cell_at(&encoder->there, row, i + 1)));

		if (changed && run.begin >= 0 && run.end == i
		    && (half || run_takes(&run, cell))) {
			run.end++;
			continue;
		}
		if (!changed)
			continue;
		if (run.begin >= 0)
			runs_add(runs, run);
		run = (struct run){ row, i, i + 1, style_of(cell),
			is_blank(cell) };
	}
	if (run.begin >= 0)
		runs_add(runs, run);
}

static int
compare_int(int a, int b)
{
	return (a > b) - (a < b);
}

/* Colour by colour, and within one down the columns: a map's rows that show
 * the same channel change in the same columns. */
static int
by_style(const void *a, const void *b)
{
	const struct run *x = a, *y = b;
	int order = compare_int(x->style.bg, y->style.bg);

	order = order ? order : compare_int((int)x->style.attributes,
		(int)y->style.attributes);
	order = order ? order : compare_int(x->style.fg, y->style.fg);
	order = order ? order : compare_int(x->begin, y->begin);
	return order ? order : compare_int(x->row, y->row);
}

/* The same, along the rows. */
static int
by_style_and_row(const void *a, const void *b)
{
	const struct run *x = a, *y = b;

	if (!same_style(x->style, y->style))
		return by_style(a, b);
	return x->row != y->row ? compare_int(x->row, y->row)
		: compare_int(x->begin, y->begin);
}

static size_t
write_runs(const struct encoder *encoder, const struct frame *frame,
	char **bytes, size_t *room, const struct runs *runs)
{
	struct pen pen = { .encoder = encoder, .frame = frame, .bytes = bytes,
		.room = room, .style = { -1, -1, 0 }, .row = -1,
		.column = -1 };

	for (size_t k = 0; k < runs->count; k++)
		put_run(&pen, &runs->items[k]);
	set_style(&pen, (struct style){ -1, -1, 0 });
	return pen.size;
}

/* Keeps the shorter of what there is and the runs in their present order. */
static void
try_order(struct encoder *encoder, const struct frame *frame,
	const struct runs *runs)
{
	size_t size = write_runs(encoder, frame, &encoder->other,
		&encoder->other_room, runs);
	char *bytes = encoder->bytes;
	size_t room = encoder->room;

	if (size >= encoder->size)
		return;
	encoder->size = size;
	encoder->bytes = encoder->other;
	encoder->room = encoder->other_room;
	encoder->other = bytes;
	encoder->other_room = room;
}

/* A wide character takes two cells at once: then order matters, and rows come
 * as they are. */
static bool
has_wide(const struct frame *frame)
{
	size_t count = (size_t)frame->rows * (size_t)frame->columns;

	for (size_t k = 0; k < count; k++)
		if (!frame->cells[k].text[0])
			return true;
	return false;
}

void
encoder_encode(struct encoder *encoder, const struct frame *frame)
{
	size_t count = (size_t)frame->rows * (size_t)frame->columns;
	struct runs runs = { NULL, 0, 0 };

	for (int row = 0; row < frame->rows; row++)
		find_runs(&runs, encoder, frame, row);
	encoder->size = 0;
	if (runs.count) {
		encoder->size = write_runs(encoder, frame, &encoder->bytes,
			&encoder->room, &runs);
		if (!has_wide(frame) && !has_wide(&encoder->there)) {
			qsort(runs.items, runs.count, sizeof *runs.items,
				by_style);
			try_order(encoder, frame, &runs);
			qsort(runs.items, runs.count, sizeof *runs.items,
				by_style_and_row);
			try_order(encoder, frame, &runs);
		}
	}
	free(runs.items);
	memcpy(encoder->there.cells, frame->cells,
		count * sizeof *frame->cells);
}

void
encoder_blank(struct encoder *encoder, int rows, int columns)
{
	size_t count = (size_t)rows * (size_t)columns;

	frame_resize(&encoder->there, rows, columns);
	for (size_t k = 0; k < count; k++)
		encoder->there.cells[k] = (struct shown){ .text = { L' ' },
			.fg = -1, .bg = -1 };
}

/* An entry of true colour (xterm-direct) is of a terminal that has the 256 as
 * well; curses would take their numbers for shades of blue. */
bool
encoder_speaks(struct encoder *encoder, const char *cup, const char *setaf,
	const char *rep, bool bce)
{
	encoder->bce = bce;
	encoder->rep = rep && strstr(rep, "\033[");
	return cup && !strcmp(cup, "\033[%i%p1%d;%p2%dH")
		&& setaf && (strstr(setaf, "38;5;")
		|| strstr(setaf, "38:2:") || strstr(setaf, "38;2;"));
}

void
encoder_free(struct encoder *encoder)
{
	frame_free(&encoder->there);
	free(encoder->bytes);
	free(encoder->other);
}
