/*
 * Random frames through the encoder into a terminal of a hundred lines, which
 * must then show what the frames hold: whatever the order, with and without
 * erasing in colour and repeats, wide characters over narrow ones and back.
 */
#include "ui/tty_encode.h"

#include <locale.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tests/tap.h"
#include "ui/utf8.h"

enum { ROWS = 9, COLUMNS = 37, PARAMETERS = 16 };

/* Of what xterm does as much as the encoder uses. */
struct terminal {
	struct shown cells[ROWS][COLUMNS];
	struct shown pen;
	int row, column;
	wchar_t last;
	bool bce, fault;
};

static struct shown *
cell(struct terminal *t, int column)
{
	return &t->cells[t->row][column];
}

static void
blank_half(struct terminal *t, int column)
{
	cell(t, column)->text[0] = L' ';
	cell(t, column)->text[1] = 0;
}

static void
print(struct terminal *t, wchar_t c)
{
	int width = c > 0x2fff ? 2 : 1;

	if (t->column + width > COLUMNS || t->row < 0) {
		t->fault = true;
		return;
	}
	/* A half that loses its other half is a blank. */
	if (!cell(t, t->column)->text[0] && t->column > 0)
		blank_half(t, t->column - 1);
	if (t->column + width < COLUMNS
	    && !cell(t, t->column + width)->text[0])
		blank_half(t, t->column + width);
	*cell(t, t->column) = t->pen;
	cell(t, t->column)->text[0] = c;
	cell(t, t->column)->text[1] = 0;
	if (width == 2) {
		*cell(t, t->column + 1) = t->pen;
		cell(t, t->column + 1)->text[0] = 0;
	}
	t->column += width;
	t->last = c;
}

static void
select_colour(struct terminal *t, const int *p, int n, int *k)
{
	int *target = p[*k] < 40 ? &t->pen.fg : &t->pen.bg;
	int code = p[*k] % 10;

	*target = code;
	if (code == 9)
		*target = -1;
	if (code == 8 && p[*k + 1] == 2) {
		t->fault |= *k + 4 >= n;
		*target = COLOUR_DIRECT + (p[*k + 2] << 16 | p[*k + 3] << 8
			| p[*k + 4]);
		*k += 4;
	} else if (code == 8) {
		t->fault |= *k + 2 >= n || p[*k + 1] != 5;
		*target = p[*k + 2];
		*k += 2;
	}
}

static void
rendition(struct terminal *t, const int *p, int n)
{
	static const unsigned bits[8] = { 0, CELL_BOLD, CELL_DIM, 0,
		CELL_UNDERLINE, 0, 0, CELL_REVERSE };

	for (int k = 0; k < n; k++) {
		if (p[k] == 0)
			t->pen = (struct shown){ .fg = -1, .bg = -1 };
		else if (p[k] < 8)
			t->pen.attributes |= bits[p[k]];
		else
			select_colour(t, p, n, &k);
	}
}

static void
erase(struct terminal *t)
{
	for (int i = t->column; i < COLUMNS; i++)
		*cell(t, i) = (struct shown){ .text = { L' ' }, .fg = -1,
			.bg = t->bce ? t->pen.bg : -1 };
}

static void
sequence(struct terminal *t, const int *p, int n, char final)
{
	int one = p[0] ? p[0] : 1;

	switch (final) {
	case 'H':
		t->row = one - 1;
		t->column = n > 1 ? p[1] - 1 : 0;
		break;
	case 'd':
		t->row = one - 1;
		break;
	case 'G':
		t->column = one - 1;
		break;
	case 'A':
		t->row -= one;
		break;
	case 'B':
		t->row += one;
		break;
	case 'C':
		t->column += one;
		break;
	case 'D':
		t->column -= one;
		break;
	case 'K':
		erase(t);
		break;
	case 'b':
		while (one--)
			print(t, t->last);
		break;
	case 'm':
		rendition(t, p, n);
		break;
	default:
		t->fault = true;
	}
}

static void
feed(struct terminal *t, const char *bytes, size_t size)
{
	const char *end = bytes + size;

	while (bytes < end && !t->fault) {
		int p[PARAMETERS] = { 0 }, n = 1;
		uint32_t c;

		bytes += utf8_decode(&c, bytes);
		if (c == '\r') {
			t->column = 0;
		} else if (c == '\b') {
			t->column--;
		} else if (c == '\n') {
			t->row++;
		} else if (c != 27) {
			print(t, (wchar_t)c);
		} else {
			t->fault |= *bytes++ != '[';
			for (; *bytes == ';' || (*bytes >= '0'
				&& *bytes <= '9'); bytes++) {
				if (*bytes == ';')
					n++;
				else
					p[n - 1] = 10 * p[n - 1] + *bytes - '0';
			}
			sequence(t, p, n, *bytes++);
		}
		t->fault |= t->row < 0 || t->row >= ROWS || t->column < 0;
	}
}

static uint64_t state = 11;

static int
any(int n)
{
	state = state * 6364136223846793005u + 1442695040888963407u;
	return (int)((state >> 33) % (uint64_t)n);
}

static struct shown
any_cell(void)
{
	static const wchar_t glyphs[] = L"  a#\u2580\u2588\u2500";
	struct shown shown = { .fg = -1, .bg = any(3) ? -1 : 16 + any(4) };

	shown.text[0] = glyphs[any(7)];
	if (any(9) == 0)
		shown.attributes = (unsigned)any(16);
	if (any(6) == 0)
		shown.bg = COLOUR_DIRECT + 0xfedcba + any(2);
	if (shown.text[0] != L' ' && any(2))
		shown.fg = any(2) ? 20 + any(3) : any(2) ? any(16) % 8
			: COLOUR_DIRECT + any(2);
	return shown;
}

/* Changes some stretches; every third frame holds wide characters. */
static void
change(struct frame *frame, bool wide)
{
	for (int k = any(30); k >= 0; k--) {
		struct shown *row = frame->cells + any(ROWS) * COLUMNS;
		struct shown shown = any_cell();
		int begin = any(COLUMNS), end = begin + 1 + any(12);

		for (int i = begin; i < end && i < COLUMNS; i++)
			row[i] = any(5) ? shown : any_cell();
	}
	for (int row = 0; row < ROWS; row++) {
		struct shown *cells = frame->cells + row * COLUMNS;

		for (int i = 0; i < COLUMNS; i++)
			if (!cells[i].text[0] || cells[i].text[0] > 0x2fff)
				cells[i] = any_cell();
		for (int i = any(COLUMNS); wide && i + 1 < COLUMNS;
			i += 2 + any(20)) {
			cells[i].text[0] = L'\u65e5';
			cells[i + 1] = cells[i];
			cells[i + 1].text[0] = 0;
		}
	}
}

static bool
shows(const struct terminal *t, const struct frame *frame)
{
	for (int k = 0; k < ROWS * COLUMNS; k++) {
		const struct shown *a = &t->cells[k / COLUMNS][k % COLUMNS];
		const struct shown *b = &frame->cells[k];
		bool blank = b->text[0] == L' ' && !b->attributes;

		if (a->text[0] != b->text[0] || a->bg != b->bg
		    || a->attributes != b->attributes
		    || (a->fg != b->fg && !blank && b->text[0]))
			return false;
	}
	return !t->fault && t->pen.fg == -1 && t->pen.bg == -1
		&& !t->pen.attributes;
}

static void
test_frames(bool bce, bool rep, int wide)
{
	struct encoder encoder = { .bce = bce, .rep = rep };
	struct terminal t = { .bce = bce, .row = -1 };
	struct frame frame = { 0 };
	int right = 0, quiet = 0;

	encoder_blank(&encoder, ROWS, COLUMNS);
	frame_resize(&frame, ROWS, COLUMNS);
	memcpy(t.cells, encoder.there.cells, sizeof t.cells);
	memcpy(frame.cells, encoder.there.cells, sizeof t.cells);
	t.pen = (struct shown){ .fg = -1, .bg = -1 };
	for (int n = 0; n < 2000; n++) {
		change(&frame, wide && n % wide == 0);
		encoder_encode(&encoder, &frame);
		t.row = any(ROWS);      /* wherever it is */
		feed(&t, encoder.bytes, encoder.size);
		right += shows(&t, &frame);
		encoder_encode(&encoder, &frame);
		quiet += encoder.size == 0;
	}
	ok(right == 2000 && quiet == 2000, "2000 frames, bce %d, rep %d, wide "
		"in every %d: %d right, %d quiet after", bce, rep, wide,
		right, quiet);
	encoder_free(&encoder);
	frame_free(&frame);
}

/* What moves in the rows of a channel costs one change of colours. */
static void
test_order(void)
{
	struct encoder encoder = { .bce = true };
	struct frame frame = { 0 };

	encoder_blank(&encoder, ROWS, COLUMNS);
	frame_resize(&frame, ROWS, COLUMNS);
	memcpy(frame.cells, encoder.there.cells, ROWS * COLUMNS
		* sizeof *frame.cells);
	for (int row = 0; row < 8; row++)
		for (int i = 0; i < 30; i += 3)
			frame.cells[row * COLUMNS + i].bg = 100 + i;
	encoder_encode(&encoder, &frame);
	ok(encoder.size < 8 * 10 * 6 + 10 * 20, "80 cells of 10 colours in "
		"%zu bytes", encoder.size);
	encoder_free(&encoder);
	frame_free(&frame);
}

/* Entries of the terminal database: xterm, xterm-direct, vt100, linux. */
static void
test_entries(void)
{
	static const char cup[] = "\033[%i%p1%d;%p2%dH";
	static const char direct[] = "\033[%?%p1%{8}%<%t3%p1%d%e38:2::%p1"
		"%{65536}%/%d:%p1%{256}%/%{255}%&%d:%p1%{255}%&%d%;m";
	struct encoder encoder = { 0 };

	ok(encoder_speaks(&encoder, cup, "\033[%?%p1%{8}%<%t3%p1%d%e38;5;"
		"%p1%d%;m", NULL, true) && encoder.bce && !encoder.rep,
		"what has 256 colours is written to");
	ok(encoder_speaks(&encoder, cup, direct, NULL, true),
		"and what has all of them");
	ok(!encoder_speaks(&encoder, "\033[%i%p1%d;%p2%dH$<5>", NULL, NULL,
		false) && !encoder_speaks(&encoder, cup, "\033[3%p1%dm", NULL,
		false), "others are left to curses");
}

int
main(void)
{
	test_entries();
	setlocale(LC_CTYPE, "C.UTF-8");
	for (int k = 0; k < 4; k++) {
		test_frames(k & 1, k & 2, 0);
		test_frames(k & 1, k & 2, 3);
	}
	test_order();
	return done();
}
