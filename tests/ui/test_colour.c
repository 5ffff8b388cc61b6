#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/util.h"
#include "tests/tap.h"
#include "ui/canvas.h"
#include "ui/colour.h"

/* CIE lightness of an xterm-256 colour, 0 to 100. */
static double
lightness(int xterm)
{
	static const int shifts[] = { 16, 8, 0 };
	static const double weights[] = { 0.2126, 0.7152, 0.0722 };
	double y = 0;

	for (int i = 0; i < 3; i++) {
		double v = (colour_rgb(xterm) >> shifts[i] & 255) / 255.0;

		y += weights[i] * (v <= 0.04045 ? v / 12.92
			: pow((v + 0.055) / 1.055, 2.4));
	}
	return y > 0.008856 ? 116 * cbrt(y) - 16 : 903.3 * y;
}

static void
test_rgb(void)
{
	ok(colour_rgb(16) == 0 && colour_rgb(231) == 0xffffff
		&& colour_rgb(53) == 0x5f005f && colour_rgb(232) == 0x080808
		&& colour_rgb(255) == 0xeeeeee && colour_rgb(256) == 0,
		"24-bit values of the 256 colours");
}

static void
test_palettes(void)
{
	for (size_t p = 0; p < colour_palette_count; p++) {
		const struct colour_palette *palette = &colour_palettes[p];
		bool ordered = true, ours = true;

		for (int i = 0; i < palette->levels; i++) {
			ours &= palette->xterm[i] >= 16;
			if (i > 0)
				ordered &= lightness(palette->xterm[i])
					>= lightness(palette->xterm[i - 1])
						- 0.01;
		}
		ok(ordered, "lightness never falls along %s", palette->name);
		ok(ours, "%s leaves the user's sixteen alone", palette->name);
	}
	ok(!strcmp(colour_palettes[0].name, "inferno"),
		"inferno is the default");
}

/* Pixels without a value look like no level, in any palette. */
static void
test_fills(void)
{
	for (size_t p = 0; p < colour_palette_count; p++)
		for (int light = 0; light < 2; light++) {
			struct look look = look_new(COLOUR_256, true, light,
				(int)p);
			int pending = colour_terminal(&look,
				COLOUR_PENDING_FILL, true, NULL);
			int nodata = colour_terminal(&look,
				COLOUR_NODATA_FILL, true, NULL);
			bool apart = pending != nodata;

			for (int i = 0; i < look.levels; i++) {
				int c = colour_terminal(&look,
					colour_level(i), true, NULL);

				apart &= c != pending && c != nodata;
			}
			ok(apart, "%s, %s: no level looks like no value",
				colour_palettes[p].name,
				light ? "light" : "dark");
		}
}

static void
test_levels(void)
{
	struct look look = look_new(COLOUR_256, true, false, 0);
	struct look mono = look_new(COLOUR_MONO, true, false, 0);
	struct look ansi = look_new(COLOUR_16, true, false, 0);
	struct look bright = look_new(COLOUR_256, true, true, 0);
	bool exact = true;

	ok(look.levels == 16 && mono.levels == 5 && ansi.levels == 13
		&& look_new(COLOUR_16, false, false, 0).levels == 9
		&& look_new(COLOUR_256, true, false, 99).palette == 0,
		"the look decides how many levels there are");
	ok(look_level(&look, 0) == 0 && look_level(&look, -1) == 0
		&& look_level(&look, NAN) == 0, "nothing is level 0");
	ok(look_level(&look, 1e-300) == 2 && look_level(&mono, 1e-9) == 1
		&& look_level(&bright, 1e-9) == 1,
		"the smallest something can be told from it");
	ok(look_level(&look, 1) == 15 && look_level(&look, INFINITY) == 15,
		"1 is the top level");
	for (int i = 0; i <= 15; i++)
		exact &= look_level(&bright, i / 15.0) == i;
	for (int i = 1; i <= 14; i++)
		exact &= look_level(&look, i / 14.0) == i + 1;
	ok(exact, "few integers each have their own level");
	ok(colour_terminal(&look, colour_level(0), true, NULL) == 16
		&& colour_terminal(&bright, colour_level(0), true, NULL) == 229,
		"on a light background nothing is light");
	ok(colour_terminal(&look, colour_level(99), true, NULL) == 229,
		"a level beyond the ramp is its top");
	ok(colour_terminal(&ansi, colour_level(0), true, NULL) == 0
		&& colour_terminal(&ansi, colour_level(1), true, NULL) == 4
		&& colour_terminal(&ansi, colour_level(4), true, NULL) == 4
		&& colour_terminal(&ansi, colour_level(5), true, NULL) == 6
		&& colour_terminal(&ansi, colour_level(12), true, NULL) == 7,
		"16 colours: the next anchor up");
	ok(colour_terminal(&mono, colour_level(3), true, NULL) == -1,
		"without colours a level has none");
}

static double
distance(uint32_t a, uint32_t b)
{
	double sum = 0;

	for (int shift = 0; shift < 24; shift += 8)
		sum += pow((double)(a >> shift & 255)
			- (double)(b >> shift & 255), 2);
	return sqrt(sum);
}

/* In true colour: as many levels in every palette, none of which looks like
 * no value. */
static void
test_true(void)
{
	for (size_t p = 0; p < colour_palette_count; p++)
		for (int light = 0; light < 2; light++) {
			struct look look = look_new(COLOUR_TRUE, true, light,
				(int)p);
			double before = light ? 101 : -1, apart = 999;
			int pending = colour_terminal(&look,
				COLOUR_PENDING_FILL, true, NULL);
			bool ordered = look.levels == 32;

			for (int i = 0; i < look.levels; i++) {
				int c = colour_terminal(&look,
					colour_level(i), true, NULL);
				double l = lightness(c);

				ordered &= c >= COLOUR_DIRECT
					&& (light ? l < before : l > before);
				before = l;
				apart = fmin(apart, distance(colour_rgb(c),
					colour_rgb(pending)));
			}
			ok(ordered, "%s, %s: 32 levels in order",
				colour_palettes[p].name,
				light ? "light" : "dark");
			ok(apart > 20, "%s: not computed yet is %.0f away",
				colour_palettes[p].name, apart);
		}
}

/* Both sides of 0: lighter towards it, told from each other everywhere, and
 * the same on a light background. */
static void
test_sides(enum colour_mode mode)
{
	struct look look = look_new(mode, true, false, 3);
	struct look bright = look_new(mode, true, true, PALETTE_OF_MODE);
	int most = look_sides(&look);
	bool ordered = most == (mode == COLOUR_TRUE ? 16 : 7), apart = true;
	double uneven = 0;

	for (int k = 1; k <= most; k++) {
		int less = colour_terminal(&look, colour_side(-k), true, NULL);
		int more = colour_terminal(&look, colour_side(k), true, NULL);

		ordered &= lightness(less) < lightness(colour_terminal(&look,
			colour_side(1 - k), true, NULL))
			&& lightness(more) < lightness(colour_terminal(&look,
			colour_side(k - 1), true, NULL))
			&& less == colour_terminal(&bright, colour_side(-k),
			true, NULL);
		apart &= distance(colour_rgb(less), colour_rgb(more)) > 12 * fmin(
			k, 4);
		uneven = fmax(uneven, fabs(lightness(less) - lightness(more)));
	}
	ok(ordered, "%s: lighter towards 0 on both sides",
		colour_mode_names[mode]);
	ok(apart, "%s: the sides are apart", colour_mode_names[mode]);
	ok(uneven < (mode == COLOUR_TRUE ? 1 : 22), "%s: equally light up to "
		"%.1f", colour_mode_names[mode], uneven);
}

static void
test_side(void)
{
	struct look look = look_new(COLOUR_256, true, false, 0);
	struct look ansi = look_new(COLOUR_16, true, false, 0);
	struct look slow = look_low(look);

	ok(look_side(&look, 0) == 0 && look_side(&look, NAN) == 0
		&& look_side(&look, 1e-300) == 1
		&& look_side(&look, -1e-300) == -1
		&& look_side(&look, 3 / 7.0) == 3
		&& look_side(&look, -INFINITY) == -7, "0 alone is in the middle");
	ok(colour_terminal(&look, colour_side(0), true, NULL) == 231
		&& colour_terminal(&look, colour_side(-7), true, NULL) == 88
		&& colour_terminal(&look, colour_side(7), true, NULL) == 54
		&& colour_terminal(&slow, colour_side(4), true, NULL) == 54,
		"the ends of the ramp");
	ok(colour_terminal(&ansi, colour_side(-1), false, NULL) == 3
		&& colour_terminal(&ansi, colour_side(2), false, NULL) == 5
		&& look_sides(&ansi) == 3, "16 colours: one a side");
}

/* Which palette there is, where none is chosen. */
static void
test_palette_of_mode(void)
{
	struct look look = look_new(COLOUR_TRUE, true, false, PALETTE_OF_MODE);
	struct look less = look_with(&look, COLOUR_256, false);
	struct look chosen = look_with_palette(&less, 3);

	ok(!strcmp(colour_palettes[look.palette].name, "viridis")
		&& !strcmp(colour_palettes[less.palette].name, "inferno"),
		"viridis in true colour, inferno in 256");
	ok(look_with(&chosen, COLOUR_TRUE, true).palette == 3
		&& look_with(&chosen, COLOUR_TRUE, true).levels == 32,
		"one that was chosen stays");
	ok(look_low(look).levels == 9, "a slow line has as few levels");
	ok(colour_terminal(&look, COLOUR_TOLERANCE, false, NULL) == 166,
		"other colours are of the 256");
}

static void
test_roles(void)
{
	struct look look = look_new(COLOUR_256, true, false, 0);
	struct look mono = look_new(COLOUR_MONO, true, false, 0);
	struct look ansi = look_new(COLOUR_16, true, false, 0);
	struct look bright = look_new(COLOUR_16, true, true, 0);
	unsigned attributes = CELL_UNDERLINE;
	bool readable = true, none = true;

	ok(colour_terminal(&look, COLOUR_TITLE, false, &attributes) == -1
		&& attributes == (CELL_UNDERLINE | CELL_BOLD),
		"a title is bold in the terminal's own colour");
	ok(colour_terminal(&ansi, COLOUR_ACCENT, false, NULL) == 6
		&& colour_terminal(&bright, COLOUR_ACCENT, false, NULL) == 4,
		"16 colours: no cyan on white, no blue on black");
	attributes = 0;
	colour_terminal(&look, COLOUR_SELECT, true, &attributes);
	ok(attributes == CELL_REVERSE, "the selection is reversed");
	for (int c = 0; c < COLOUR_ROLES; c++) {
		int index = colour_terminal(&look, (colour)c, false, NULL);
		double l = index < 0 ? 50 : lightness(index);

		if (c != COLOUR_PENDING_FILL && c != COLOUR_NODATA_FILL)
			readable &= l > 44 && l < 60;
		none &= colour_terminal(&mono, (colour)c, false, NULL) == -1
			&& colour_terminal(&mono, (colour)c, true, NULL) == -1;
	}
	ok(readable, "roles are of middle lightness: they read on any ground");
	ok(none, "mono has no colour at all");
	ok(colour_ink(&look, colour_level(0)) == COLOUR_WHITE
		&& colour_ink(&look, colour_level(15)) == COLOUR_BLACK
		&& colour_ink(&ansi, colour_level(0)) == COLOUR_WHITE
		&& colour_ink(&ansi, colour_level(12)) == COLOUR_BLACK
		&& colour_ink(&mono, colour_level(1)) == COLOUR_DEFAULT,
		"ink contrasts with the level under it");
}

/* How well ink reads on a colour, 1 to 21. */
static double
contrast_on(const struct look *look, colour under)
{
	double a = lightness(colour_terminal(look, under, true, NULL));
	double b = lightness(colour_terminal(look, colour_ink(look, under),
		false, NULL));

	a = 0.05 + (a > 8 ? pow((a + 16) / 116, 3) : a / 903.3);
	b = 0.05 + (b > 8 ? pow((b + 16) / 116, 3) : b / 903.3);
	return fmax(a, b) / fmin(a, b);
}

static void
test_ink(enum colour_mode mode)
{
	double least = 21;

	for (size_t p = 0; p < colour_palette_count; p++) {
		struct look look = look_new(mode, true, p % 2, (int)p);

		for (int i = 0; i < look.levels; i++)
			least = fmin(least, contrast_on(&look,
				colour_level(i)));
		for (int k = -look_sides(&look); k <= look_sides(&look); k++)
			least = fmin(least, contrast_on(&look,
				colour_side(k)));
	}
	ok(least > 4.5, "%s: ink reads on every level, %.1f at the least",
		colour_mode_names[mode], least);
}

static enum colour_mode
mode(const char *wanted, int colours)
{
	enum colour_mode out = (enum colour_mode)99;

	colour_mode_choose(&out, wanted, colours);
	return out;
}

static void
test_choose(void)
{
	unsetenv("NO_COLOR");
	unsetenv("CLICOLOR_FORCE");
	setenv("TERM", "xterm-256color", 1);
	ok(mode("auto", 256) == COLOUR_256 && mode("auto", 88) == COLOUR_16
		&& mode("auto", 8) == COLOUR_16 && mode("auto", 2) == COLOUR_MONO
		&& mode("auto", -1) == COLOUR_MONO,
		"the terminal's colours decide");
	setenv("TERM", "dumb", 1);
	ok(mode("auto", 256) == COLOUR_MONO, "TERM=dumb has none");
	setenv("CLICOLOR_FORCE", "1", 1);
	ok(mode("auto", 256) == COLOUR_256 && mode("auto", -1) == COLOUR_16,
		"CLICOLOR_FORCE wants some");
	setenv("NO_COLOR", "1", 1);
	ok(mode("auto", 256) == COLOUR_MONO, "NO_COLOR wins over it");
	ok(mode("256", 8) == COLOUR_256 && mode("16", 256) == COLOUR_16,
		"--color wins over both");
	setenv("NO_COLOR", "", 1);
	unsetenv("CLICOLOR_FORCE");
	setenv("TERM", "xterm", 1);
	ok(mode("auto", 8) == COLOUR_16, "an empty NO_COLOR is not set");
	setenv("COLORTERM", "truecolor", 1);
	ok(mode("truecolor", 8) == COLOUR_TRUE
		&& mode("auto", 1 << 24) == COLOUR_256,
		"true colour is never chosen by itself");
	ok(mode("never", 256) == COLOUR_MONO && mode("mono", 256) == COLOUR_MONO,
		"never is mono");
	ok(mode("pink", 256) == (enum colour_mode)99, "pink is no mode");
}

int
main(void)
{
	test_rgb();
	test_palettes();
	test_fills();
	test_levels();
	test_true();
	test_sides(COLOUR_256);
	test_sides(COLOUR_TRUE);
	test_side();
	test_palette_of_mode();
	test_roles();
	test_ink(COLOUR_256);
	test_ink(COLOUR_TRUE);
	test_choose();
	return done();
}
