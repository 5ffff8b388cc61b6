#include <locale.h>
#include <stdint.h>

#include "tests/ui/screen.h"
#include "ui/canvas.h"
#include "ui/glyph.h"
#include "ui/utf8.h"

static struct canvas *
canvas_of(bool unicode, int rows, int columns)
{
	struct canvas *canvas = canvas_new(look_new(COLOUR_MONO, unicode,
		false, 0));

	canvas_reset(canvas, rows, columns);
	return canvas;
}

static int
put(struct canvas *canvas, int row, int column, int columns, const char *text)
{
	return canvas_text(canvas, row, column, columns, COLOUR_DEFAULT,
		COLOUR_DEFAULT, 0, text);
}

static void
test_utf8(void)
{
	static const struct {
		const char *bytes;
		uint32_t code;
		size_t length;
	} cases[] = {
		{ "a", 'a', 1 }, { "\xc3\xa9", 0xe9, 2 },
		{ "\xe4\xb8\xad", 0x4e2d, 3 }, { "\xf0\x9f\x98\x80", 0x1f600, 4 },
		{ "\xc0\x80", UTF8_INVALID, 1 },
		{ "\xe0\x80\x80", UTF8_INVALID, 1 },
		{ "\xed\xa0\x80", UTF8_INVALID, 1 },
		{ "\xf4\x90\x80\x80", UTF8_INVALID, 1 },
		{ "\xe4\xb8", UTF8_INVALID, 1 }, { "\xff", UTF8_INVALID, 1 },
		{ "\x80", UTF8_INVALID, 1 },
	};
	char bytes[UTF8_MAX];

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		uint32_t code;
		size_t n = utf8_decode(&code, cases[i].bytes);

		ok(n == cases[i].length && code == cases[i].code,
			"UTF-8 sequence %zu decodes to %x", i, code);
		if (code != UTF8_INVALID)
			ok(utf8_encode(bytes, code) == n
				&& !memcmp(bytes, cases[i].bytes, n),
				"and encodes back");
	}
	ok(utf8_encode(bytes, 0xd800) == 3 && !memcmp(bytes, "\xef\xbf\xbd", 3),
		"a surrogate is written as the replacement character");
}

static void
test_width(void)
{
	ok(text_width("abc") == 3, "three letters");
	ok(text_width("\xe4\xb8\xad\xe6\x96\x87") == 4, "two wide characters");
	ok(text_width("e\xcc\x81") == 1, "a combining accent takes no cell");
	ok(text_width("\xf0\x9f\x98\x80\xe2\x80\x8d") == 2,
		"a joiner takes no cell");
	ok(text_width("a\x1b[2J\xff") == 6,
		"a control character and a broken byte take one each");
}

static void
test_text(void)
{
	struct canvas *canvas = canvas_of(true, 2, 8);
	struct cell *cell;

	ok(put(canvas, 0, 0, 8, "a\xe4\xb8\xad" "b") == 4, "cells used");
	screen_is(canvas, "a\xe4\xb8\xad" "b\n\n", "a wide character");
	ok(canvas_cell(canvas, 0, 2)->glyph == 0, "its right half is glyph 0");

	canvas_reset(canvas, 2, 8);
	ok(put(canvas, 0, 1, 4, "ab\xe4\xb8\xad\xe4\xb8\xad") == 4,
		"a clipped text uses all its cells");
	screen_is(canvas, " ab\xe4\xb8\xad\n\n", "wide ones that fit");
	ok(put(canvas, 0, 1, 3, "ab\xe4\xb8\xad") == 3, "one does not fit");
	screen_is(canvas, " ab\n\n", "it is a blank, and so is its old half");
	ok(put(canvas, 1, 7, 8, "\xe4\xb8\xad") == 1
		&& canvas_cell(canvas, 1, 7)->glyph == L' ',
		"nor does it hang over the grid's edge");
	ok(put(canvas, 1, -1, 8, "\xe4\xb8\xad" "a") == 3, "left of the grid");
	screen_is(canvas, " ab\n a\n", "the half that shows is a blank");

	canvas_reset(canvas, 2, 8);
	put(canvas, 0, 0, 8, "\xcc\x81" "e\xcc\x81\xcc\x80\xcc\x82x");
	cell = canvas_cell(canvas, 0, 0);
	ok(cell->glyph == 'e' && cell->combining[0] == 0x301
		&& cell->combining[1] == 0x300
		&& canvas_cell(canvas, 0, 1)->glyph == 'x',
		"two combining marks stay, a third and a leading one go");
	put(canvas, 1, 0, 8, "\x1b[2J\x9b\xc2\x9b\t\n\xe2\x80\xaez");
	screen_is(canvas, "e\xcc\x81\xcc\x80x\n?[2J????\n",
		"controls become question marks");
	canvas_free(canvas);
}

static void
test_halves(void)
{
	struct canvas *canvas = canvas_of(true, 1, 6);

	put(canvas, 0, 0, 6, "\xe4\xb8\xad\xe4\xb8\xad\xe4\xb8\xad");
	canvas_put(canvas, 0, 1, L'a', COLOUR_DEFAULT, COLOUR_DEFAULT);
	canvas_put(canvas, 0, 4, L'b', COLOUR_DEFAULT, COLOUR_DEFAULT);
	screen_is(canvas, " a\xe4\xb8\xad" "b\n",
		"half a wide character overwritten: the other half is blank");
	put(canvas, 0, 1, 2, "\xe6\x96\x87");
	screen_is(canvas, " \xe6\x96\x87 b\n", "and by another wide one");
	canvas_free(canvas);
}

static void
test_fill(void)
{
	struct canvas *canvas = canvas_of(true, 3, 4);

	canvas_fill(canvas, (struct rect){ -5, 2, 7, 1000 }, L'#',
		COLOUR_DEFAULT, COLOUR_DEFAULT);
	canvas_put(canvas, 2, 4, L'x', COLOUR_DEFAULT, COLOUR_DEFAULT);
	canvas_put(canvas, -1, 0, L'x', COLOUR_DEFAULT, COLOUR_DEFAULT);
	canvas_put(canvas, 2, 0, L'\n', COLOUR_DEFAULT, COLOUR_DEFAULT);
	screen_is(canvas, "  ##\n  ##\n?\n", "fills are clipped to the grid");
	ok(!canvas_cell(canvas, 3, 0) && !canvas_cell(canvas, 0, -1),
		"no cell outside");
	canvas_reset(canvas, -1, 10);
	ok(canvas->rows == 0 && put(canvas, 0, 0, 5, "a") == 0,
		"an empty grid takes text and shows nothing");
	canvas_free(canvas);
}

static void
test_ascii(void)
{
	struct canvas *canvas = canvas_of(false, 2, 10);

	put(canvas, 0, 0, 10, "\xc3\xa9\xe4\xb8\xad" "e\xcc\x81|");
	canvas_put(canvas, 1, 0, L'\u2580', COLOUR_DEFAULT, COLOUR_DEFAULT);
	screen_is(canvas, "???e|\n?\n",
		"what ASCII lacks is '?' and as wide as it would be");
	canvas_format(canvas, 1, 0, 4, COLOUR_TITLE, COLOUR_DEFAULT, 0,
		"%s %d", "ab", 1234);
	screen_is(canvas, "???e|\nab 1\n", "formatted text is clipped");
	ok(setlocale(LC_CTYPE, "C") != NULL, "in the C locale");
	canvas_reset(canvas, 2, 10);
	put(canvas, 0, 0, 10, "\xc3\xa9\xe4\xb8\xad|");
	screen_is(canvas, "??|\n\n", "non-ASCII characters are '?'");
	ok(text_width("\xc3\xa9\xe4\xb8\xad|") == 3, "and measured so");
	setlocale(LC_CTYPE, "C.UTF-8");
	canvas_free(canvas);
}

static void
test_ansi(void)
{
	struct canvas *canvas = canvas_new(look_new(COLOUR_256, true, false,
		0));
	char *text = NULL;
	size_t size;
	FILE *file = open_memstream(&text, &size);

	canvas_reset(canvas, 1, 4);
	canvas_put(canvas, 0, 1, L'\u2580', colour_level(2), colour_level(15));
	canvas_text(canvas, 0, 2, 1, COLOUR_TITLE, COLOUR_DEFAULT,
		CELL_UNDERLINE, "t");
	canvas_print_ansi(file, canvas);
	fclose(file);
	ok(!strcmp(text, " \033[0;38;5;17;48;5;229m\u2580\033[0;1;4mt\033[0m"
		" \n"), "colours and attributes as ANSI sequences");
	free(text);
	canvas->look = look_new(COLOUR_TRUE, true, false, 0);
	file = open_memstream(&text, &size);
	canvas_print_ansi(file, canvas);
	fclose(file);
	ok(!strcmp(text, " \033[0;38;2;12;7;37;48;2;181;52;88m\u2580\033[0;1;4mt"
		"\033[0m \n"), "and with levels of 24 bits");
	free(text);
	canvas_free(canvas);
}

static void
test_glyphs(void)
{
	bool ascii = true, narrow = true;

	for (enum glyph i = 0; i < GLYPH_COUNT; i++) {
		ascii &= glyph_get(i, false) > 32 && glyph_get(i, false) < 127;
		narrow &= wcwidth(glyph_get(i, true)) == 1;
	}
	ok(ascii, "every glyph has an ASCII twin");
	ok(narrow, "every glyph is one cell wide");
	ok(glyph_eighth(0, true) == L' ' && glyph_eighth(8, true) == L'\u2588'
		&& glyph_eighth(9, true) == L'\u2588'
		&& glyph_eighth(-1, false) == L' '
		&& glyph_eighth(8, false) == L'#', "eighths are clamped");
	ok(glyph_shade(0, true) == L' ' && glyph_shade(4, true) == L'\u2588'
		&& glyph_shades(true) == 5, "five shades");
	for (int i = 0; i < glyph_shades(false); i++)
		ascii &= glyph_shade(i, false)
				!= glyph_get(GLYPH_PENDING, false)
			&& glyph_shade(i, false)
				!= glyph_get(GLYPH_NODATA, false);
	ok(ascii, "no ASCII shade looks like a missing value");
}

int
main(void)
{
	if (!setlocale(LC_CTYPE, "C.UTF-8"))
		return printf("1..0 # SKIP no C.UTF-8 locale\n"), 0;
	test_utf8();
	test_width();
	test_text();
	test_halves();
	test_fill();
	test_ascii();
	test_ansi();
	test_glyphs();
	return done();
}
