/*
 * What a role or a level looks like on the terminal. Data never use colours 0
 * to 15 where there are 256: those belong to the user's theme. Roles do not
 * know the background's lightness for sure, so their colours have a luminance
 * near 0.2, which reads on black and on white alike, and text stays in the
 * terminal's own colours.
 */
#include "ui/colour.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util.h"
#include "ui/digits.h"
#include "ui/canvas.h"
#include "ui/glyph.h"

/* Lightness never falls along a ramp, and each is as near to the true map as
 * the colours 16 to 255 allow; the nearest colours one by one would turn back
 * and draw contours that are not in the data. */
static const uint8_t inferno[] = {
	16, 232, 17, 53, 89, 125, 161, 131, 167, 202, 208, 214, 221, 227, 228,
	229,
};
static const uint8_t grey[] = {
	16, 232, 233, 234, 235, 236, 237, 238, 239, 240, 59, 241, 242, 243,
	244, 102, 245, 246, 247, 248, 145, 249, 250, 251, 252, 188, 253, 254,
	255, 231,
};
static const uint8_t viridis[] = {
	53, 54, 55, 25, 30, 36, 71, 41, 77, 113, 148, 184, 220,
};
static const uint8_t magma[] = {
	16, 232, 17, 54, 90, 126, 161, 197, 167, 203, 209, 216, 222, 229,
};
static const uint8_t plasma[] = {
	18, 19, 55, 91, 126, 162, 132, 197, 167, 203, 173, 208, 214, 220, 226,
};
static const uint8_t cividis[] = {
	17, 18, 25, 60, 242, 243, 244, 101, 143, 185, 220,
};

/* Less than 0, 0 in the middle, more. The greys near white are of both arms,
 * so of none, and the longer arm ends where the other does. */
static const uint8_t sides[] = {
	88, 130, 166, 172, 215, 222, 223, 231, 189, 146, 103, 97, 61, 91, 54,
};

const struct colour_palette colour_palettes[] = {
	{ "inferno", "black, red, yellow", inferno, LENGTH(inferno), 2 },
	{ "grey", "most steps", grey, LENGTH(grey), 3 },
	{ "viridis", "purple, green, yellow", viridis, LENGTH(viridis), 1 },
	{ "magma", "black, purple, cream", magma, LENGTH(magma), 2 },
	{ "plasma", "blue, red, yellow", plasma, LENGTH(plasma), 1 },
	{ "cividis", "blue, grey, yellow: the same with any colour vision",
		cividis, LENGTH(cividis), 1 },
};
const size_t colour_palette_count = LENGTH(colour_palettes);

const char *const colour_mode_names[COLOUR_MODES] = {
	[COLOUR_MONO] = "mono", [COLOUR_16] = "16", [COLOUR_256] = "256",
	[COLOUR_TRUE] = "truecolor",
};

enum { LOW_LEVELS = 9, TRUE_LEVELS = 32 };
enum { SIDES_256 = (int)LENGTH(sides) / 2, SIDES_TRUE = 16, SIDES_LOW = 4 };
enum { PALETTE_INFERNO = 0, PALETTE_VIRIDIS = 2 };

/* In every theme we know each of these is lighter than the one before. */
static const uint8_t anchors[COLOUR_ANCHORS] = { 0, 4, 6, 7 };

struct role {
	int xterm, ansi;        /* -1: the terminal's own */
	unsigned attributes;    /* where there are colours */
	unsigned plain;         /* where there are none */
};

static const struct role roles[COLOUR_ROLES] = {
	[COLOUR_DEFAULT] = { -1, -1, 0, 0 },
	[COLOUR_TITLE] = { -1, -1, CELL_BOLD, CELL_BOLD },
	[COLOUR_DIM] = { 244, -1, 0, CELL_DIM },
	[COLOUR_ACCENT] = { 32, 6, CELL_BOLD, CELL_BOLD },
	[COLOUR_SELECT] = { -1, -1, CELL_REVERSE, CELL_REVERSE },
	[COLOUR_TOLERANCE] = { 166, 5, CELL_BOLD, CELL_BOLD },
	[COLOUR_COUNTED] = { 32, 6, 0, CELL_BOLD },
	[COLOUR_CEILING] = { 133, 1, 0, 0 },
	[COLOUR_MEAN] = { 29, 2, 0, CELL_BOLD },
	[COLOUR_BAND] = { 66, -1, 0, CELL_DIM },
	[COLOUR_PENDING] = { 244, -1, 0, CELL_DIM },
	[COLOUR_NODATA] = { 244, -1, 0, CELL_DIM },
	[COLOUR_PENDING_FILL] = { 23, -1, 0, 0 },
	[COLOUR_NODATA_FILL] = { 236, -1, 0, 0 },
	[COLOUR_WARNING] = { 196, 1, CELL_BOLD, CELL_BOLD },
	[COLOUR_GOOD] = { 28, 2, 0, 0 },
	[COLOUR_DELIMITER] = { 133, 5, 0, CELL_UNDERLINE },
};

int
look_ramp_levels(const struct look *look, int palette)
{
	return look->mode == COLOUR_TRUE ? TRUE_LEVELS
		: colour_palettes[palette].levels;
}

/* As far from the darkest, or lightest, as the 256 colours have it. */
static int
least_level(const struct look *look)
{
	const struct colour_palette *palette = &colour_palettes[look->palette];
	int least = look->light ? 1 : palette->least;
	int steps = palette->levels - 1;

	return (least * (look->levels - 1) + steps / 2) / steps;
}

struct look
look_new(enum colour_mode mode, bool unicode, bool light, int palette)
{
	struct look look = { .mode = mode, .unicode = unicode, .light = light,
		.least = 1 };

	look.chosen = palette >= 0 && (size_t)palette < colour_palette_count;
	look.palette = look.chosen ? palette : mode == COLOUR_TRUE
		? PALETTE_VIRIDIS : PALETTE_INFERNO;
	if (mode >= COLOUR_256) {
		look.levels = look_ramp_levels(&look, look.palette);
		look.least = least_level(&look);
	} else if (mode == COLOUR_16 && unicode)
		look.levels = (COLOUR_ANCHORS - 1) * COLOUR_ANCHOR_STEP + 1;
	else
		look.levels = glyph_shades(unicode);
	return look;
}

struct look
look_low(struct look look)
{
	look.low = true;
	if (look.mode >= COLOUR_256 && look.levels > LOW_LEVELS) {
		look.levels = LOW_LEVELS;
		look.least = 1;
	}
	return look;
}

/* The same, but for how colours are made. */
static struct look
look_made(const struct look *look, enum colour_mode mode, bool light,
	int palette)
{
	struct look other = look_new(mode, look->unicode, light, palette);

	memcpy(other.roles, look->roles, sizeof other.roles);
	other.digits = look->digits;
	return look->low ? look_low(other) : other;
}

struct look
look_with(const struct look *look, enum colour_mode mode, bool light)
{
	return look_made(look, mode, light, look->chosen ? look->palette
		: PALETTE_OF_MODE);
}

struct look
look_with_palette(const struct look *look, int palette)
{
	return look_made(look, look->mode, look->light, palette);
}

int
look_level(const struct look *look, double fraction)
{
	int steps = look->levels - look->least;
	double step;

	if (!(fraction > 0))
		return 0;
	if (fraction >= 1)
		return look->levels - 1;
	step = ceil(fraction * steps - 1e-9);   /* 3 / 14 * 14 is 3 */
	return look->least + (step < 1 ? 0 : (int)step - 1);
}

int
look_sides(const struct look *look)
{
	if (look->mode < COLOUR_256)
		return GLYPH_SIDES;
	return look->low ? SIDES_LOW : look->mode == COLOUR_TRUE ? SIDES_TRUE
		: SIDES_256;
}

int
look_side(const struct look *look, double fraction)
{
	int most = look_sides(look);
	double side = ceil(fmin(fabs(fraction), 1) * most - 1e-9);

	if (!(fabs(fraction) > 0))
		return 0;
	return (side < 1 ? 1 : (int)side) * (fraction < 0 ? -1 : 1);
}

/* With 16 colours the glyph says it already. */
static int
side_terminal(const struct look *look, int side)
{
	int most = look_sides(look);

	if (look->mode == COLOUR_TRUE)
		return COLOUR_DIRECT + (int)colour_true_side((double)side
			/ most);
	if (look->mode == COLOUR_256)
		return sides[SIDES_256 + side * SIDES_256 / most];
	if (look->mode == COLOUR_16 && side)
		return side > 0 ? 5 : look->light ? 1 : 3;
	return -1;
}

/* Level 0 .. top of a palette: all of its colours, or as many evenly spread. */
static int
ramp_terminal(const struct look *look, int palette, int level, int top)
{
	const struct colour_palette *ramp = &colour_palettes[palette];
	int at = level * (ramp->levels - 1) / top;

	if (look->mode == COLOUR_TRUE)
		return COLOUR_DIRECT + (int)colour_true(palette,
			(double)(look->light ? top - level : level) / top);
	if (look->mode == COLOUR_256)
		return ramp->xterm[look->light ? ramp->levels - 1 - at : at];
	return -1;
}

static int
level_terminal(const struct look *look, int level)
{
	int top = look->levels - 1;

	if (level < 0)
		level = 0;
	if (level > top)
		level = top;
	if (look->mode >= COLOUR_256)
		return ramp_terminal(look, look->palette, level, top);
	if (look->mode == COLOUR_16) {
		/* Rounded up: the anchor of 0 is kept for 0. */
		int last = COLOUR_ANCHORS - 1;
		int anchor = (level * last + top - 1) / top;

		return anchors[look->light ? last - anchor : anchor];
	}
	return -1;
}

static int
ink_terminal(const struct look *look, colour c)
{
	if (look->mode >= COLOUR_256)
		return c == COLOUR_BLACK ? 16 : 231;
	return look->mode == COLOUR_16 ? c == COLOUR_BLACK ? 0 : 7 : -1;
}

/* Quiet, and in no ramp: grey has every grey, so there it is olive. */
static int
fill_terminal(const struct look *look, colour c)
{
	if (c == COLOUR_PENDING_FILL)
		return look->light ? 152 : 23;
	if (colour_palettes[look->palette].xterm == grey)
		return look->light ? 187 : 58;
	return look->light ? 254 : 236;
}

int
colour_terminal(const struct look *look, colour c, bool background,
	unsigned *attributes)
{
	const struct role *role;
	unsigned wanted;

	if (c >= COLOUR_RAMP_0) {
		int palette = (c - COLOUR_RAMP_0) / 256;

		return ramp_terminal(look, palette, c % 256,
			look_ramp_levels(look, palette) - 1);
	}
	if (c >= COLOUR_SIGNED_0 - SIDES_TRUE)
		return side_terminal(look, c - COLOUR_SIGNED_0);
	if (c == COLOUR_BLACK || c == COLOUR_WHITE)
		return ink_terminal(look, c);
	if (c >= COLOUR_LEVEL_0)
		return level_terminal(look, c - COLOUR_LEVEL_0);
	if (c >= COLOUR_ROLES)
		return -1;
	if (look->roles[c] && (look->mode >= COLOUR_256 || (look->mode
		== COLOUR_16 && look->roles[c] <= 8))) {
		if (attributes && !background)
			*attributes |= roles[c].attributes;
		return look->roles[c] - 1;
	}
	if (look->mode >= COLOUR_256
		&& (c == COLOUR_PENDING_FILL || c == COLOUR_NODATA_FILL))
		return fill_terminal(look, c);
	role = &roles[c];
	wanted = look->mode == COLOUR_MONO ? role->plain : role->attributes;
	if (background)
		wanted &= CELL_REVERSE;
	if (look->mode == COLOUR_16 && !role->attributes && role->ansi < 0)
		wanted |= background ? 0 : role->plain;
	if (attributes)
		*attributes |= wanted;
	/* Cyan is too pale on white, blue too dark on black. */
	if (look->mode == COLOUR_16)
		return look->light && role->ansi == 6 ? 4 : role->ansi;
	return look->mode >= COLOUR_256 ? role->xterm : -1;
}

void
colour_role_name(char out[ROLE_NAME], int role)
{
	static const char *const names[COLOUR_ROLES] = {
#define ROLE_NAME_OF(name, text) #name,
		COLOUR_ROLE_INFO(ROLE_NAME_OF)
#undef ROLE_NAME_OF
	};
	const char *name = names[role];

	for (; *name; name++)
		*out++ = *name == '_' ? '-' : (char)(*name - 'A' + 'a');
	*out = '\0';
}

int
colour_role_find(const char *name)
{
	char own[ROLE_NAME];

	for (int role = 0; role < COLOUR_ROLES; role++) {
		colour_role_name(own, role);
		if (!strcmp(own, name))
			return role;
	}
	return -1;
}

uint32_t
colour_rgb(int terminal)
{
	static const uint32_t ansi[] = {
		0x000000, 0xcd0000, 0x00cd00, 0xcdcd00,
		0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5,
		0x7f7f7f, 0xff0000, 0x00ff00, 0xffff00,
		0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff,
	};
	static const uint32_t cube[] = { 0x00, 0x5f, 0x87, 0xaf, 0xd7, 0xff };

	if (terminal >= COLOUR_DIRECT)
		return (uint32_t)(terminal - COLOUR_DIRECT);
	if (terminal < 0 || terminal > 255)
		return 0;
	if (terminal < 16)
		return ansi[terminal];
	if (terminal < 232) {
		int i = terminal - 16;

		return cube[i / 36] << 16 | cube[i / 6 % 6] << 8 | cube[i % 6];
	}
	return 0x010101 * (uint32_t)(8 + 10 * (terminal - 232));
}

/* ";" and a number. */
static int
parameter(char *out, unsigned number)
{
	out[0] = ';';
	return 1 + digits_put(out + 1, number);
}

/* A screen has thousands of them: nothing here reads a format. */
int
colour_sgr(char out[COLOUR_SGR], int base, int terminal)
{
	uint32_t rgb = colour_rgb(terminal);
	unsigned first = (unsigned)(terminal < 0 ? base + 9
		: terminal < 8 ? base + terminal
		: terminal < 16 ? base + 52 + terminal : base + 8);
	int n = parameter(out, first);

	if (terminal >= COLOUR_DIRECT) {
		n += parameter(out + n, 2);
		n += parameter(out + n, rgb >> 16 & 255);
		n += parameter(out + n, rgb >> 8 & 255);
		n += parameter(out + n, rgb & 255);
	} else if (terminal >= 16) {
		n += parameter(out + n, 5);
		n += parameter(out + n, (unsigned)terminal);
	}
	out[n] = '\0';
	return n;
}

/* Relative luminance, 0 to 1, with the usual power law for sRGB. */
static double
luminance(int xterm)
{
	uint32_t rgb = colour_rgb(xterm);

	return 0.2126 * pow((rgb >> 16) / 255.0, 2.2)
		+ 0.7152 * pow((rgb >> 8 & 255) / 255.0, 2.2)
		+ 0.0722 * pow((rgb & 255) / 255.0, 2.2);
}

static double
contrast(double a, double b)
{
	return a > b ? (a + 0.05) / (b + 0.05) : (b + 0.05) / (a + 0.05);
}

colour
colour_ink(const struct look *look, colour background)
{
	int under = colour_terminal(look, background, true, NULL);
	double base;

	if (under < 0)
		return COLOUR_DEFAULT;
	base = luminance(under);
	return contrast(luminance(ink_terminal(look, COLOUR_BLACK)), base)
		> contrast(luminance(ink_terminal(look, COLOUR_WHITE)), base)
		? COLOUR_BLACK : COLOUR_WHITE;
}

static bool
is_set(const char *variable)
{
	const char *value = getenv(variable);

	return value && *value;
}

static enum colour_mode
mode_of_terminal(int terminal_colours)
{
	const char *term = getenv("TERM"), *force = getenv("CLICOLOR_FORCE");
	bool forced = force && *force && strcmp(force, "0") != 0;

	if (is_set("NO_COLOR"))
		return COLOUR_MONO;
	if (!forced && (!term || !strcmp(term, "dumb")))
		return COLOUR_MONO;
	if (terminal_colours >= 256)
		return COLOUR_256;
	return terminal_colours >= 8 || forced ? COLOUR_16 : COLOUR_MONO;
}

bool
colour_mode_choose(enum colour_mode *out, const char *wanted,
	int terminal_colours)
{
	if (!strcmp(wanted, "auto")) {
		*out = mode_of_terminal(terminal_colours);
		return true;
	}
	if (!strcmp(wanted, "never"))
		wanted = colour_mode_names[COLOUR_MONO];
	for (int i = 0; i < COLOUR_MODES; i++)
		if (!strcmp(wanted, colour_mode_names[i])) {
			*out = (enum colour_mode)i;
			return true;
		}
	return false;
}
