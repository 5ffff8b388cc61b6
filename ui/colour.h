/*
 * Colours by meaning. A `colour` is a role of the chrome (COLOUR_TITLE) or a
 * level of the data ramp (colour_level(0) .. colour_level(levels - 1)); the
 * edge (tty_frame.c, figure.c) turns it into what the target has: levels of the true
 * ramps, 256-colour ramps whose lightness never falls (UX 4.3), 16 colours, or
 * none.
 */
#ifndef UI_COLOUR_H
#define UI_COLOUR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint16_t colour;

/* name, what it is for */
#define COLOUR_ROLE_INFO(_)                                        \
	_(DEFAULT, "the terminal's own")                           \
	_(TITLE, "title line")                                     \
	_(DIM, "rules, units, what is not in focus")               \
	_(ACCENT, "the focused pane's title, the key to press")    \
	_(SELECT, "the selected row; the cursor")                  \
	_(TOLERANCE, "tolerance line and slider knob")             \
	_(COUNTED, "singular values above the tolerance")          \
	_(CEILING, "what ESS cannot exceed")                       \
	_(MEAN, "the mean over channels")                          \
	_(BAND, "quantiles over channels")                         \
	_(PENDING, "not computed yet")                             \
	_(NODATA, "no data: outside the operator, failed")         \
	_(PENDING_FILL, "pixels not computed yet")                 \
	_(NODATA_FILL, "pixels without data")                      \
	_(WARNING, "warnings and errors")                          \
	_(GOOD, "done, fine")                                      \
	_(DELIMITER, "sentence and document boundaries")

enum colour_role {
#define COLOUR_ENUM(name, text) COLOUR_##name,
	COLOUR_ROLE_INFO(COLOUR_ENUM)
#undef COLOUR_ENUM
	COLOUR_ROLES,
	COLOUR_LEVEL_0 = 256,           /* the data ramp starts here */
	COLOUR_BLACK = 2048,            /* to write with on levels */
	COLOUR_WHITE,
	COLOUR_SIGNED_0 = 4096,         /* 0; less than 0 below, more above */
	COLOUR_RAMP_0 = 8192,           /* 256 for each of the palettes */
};

/* From less to more. */
enum colour_mode {
	COLOUR_MONO, COLOUR_16, COLOUR_256, COLOUR_TRUE, COLOUR_MODES,
};
extern const char *const colour_mode_names[COLOUR_MODES];

/* At the edge a colour is -1, the terminal's own; one of 256; or this and a
 * 24-bit value. */
enum { COLOUR_DIRECT = 1 << 24 };

/* What a target can show; fixed while a canvas lives. */
struct look {
	enum colour_mode mode;
	bool unicode;                   /* else ASCII twins of every glyph */
	bool light;                     /* light background: ramps reversed */
	int levels;                     /* distinct data colours, >= 2 */
	int least;                      /* the lowest level of something */
	int palette;                    /* index into colour_palettes */
	bool chosen;                    /* it was; else it is the mode's */
	bool low;                       /* few levels, one value a cell */
	uint16_t roles[COLOUR_ROLES];   /* 1 + a theme's colour; 0: ours */
	bool digits;                    /* cells of maps hold a digit */
};

/* The role of a name in small letters, with - for _; -1: none. And back, with
 * room for ROLE_NAME bytes. */
enum { ROLE_NAME = 32 };
int colour_role_find(const char *name);
void colour_role_name(char out[ROLE_NAME], int role);

struct colour_palette {
	const char *name;
	const char *help;
	const uint8_t *xterm;           /* 256-colour indices, dark to light */
	int levels;
	int least;      /* the first that the eye tells from the darkest */
};

extern const struct colour_palette colour_palettes[];
extern const size_t colour_palette_count;

enum { PALETTE_OF_MODE = -1 };  /* viridis in true colour, else inferno */

/* The mode and palette give levels. Without colours, or with 16 and no shade
 * glyphs: as many as there are shades; 16 colours with them: the shades
 * between neighbours of an ordered ramp of four colours. */
struct look look_new(enum colour_mode mode, bool unicode, bool light,
	int palette);

/* The same look but for these: roles, digits and low stay as they are, and so
 * does a palette that was chosen. */
struct look look_with(const struct look *look, enum colour_mode mode,
	bool light);
struct look look_with_palette(const struct look *look, int palette);

/* The same for a slow line: at most 9 levels, spread over the palette, and
 * heatmaps of coloured blanks. */
struct look look_low(struct look look);

/* The level of a fraction in 0..1 (clamped). 0 and only 0 is level 0, and
 * anything more is look->least or above, which one can see. */
int look_level(const struct look *look, double fraction);

/* Levels of values of both signs, on either side of 0: orange below, purple
 * above, equally light on both sides. side: the one of a fraction in -1 .. 1
 * (clamped); 0 and only 0 is 0. Where there are few colours the glyph tells
 * them (glyph_side), and so many are all it can tell. */
int look_sides(const struct look *look);
int look_side(const struct look *look, double fraction);

static inline colour
colour_side(int side)
{
	return (colour)(COLOUR_SIGNED_0 + side);
}

/* 16 colours with shade glyphs: level = 4 * anchor + shade, a glyph of so
 * much of the next anchor's colour over this one's. Each anchor is the level
 * of a pure colour. */
enum { COLOUR_ANCHOR_STEP = 4, COLOUR_ANCHORS = 4 };

static inline colour
colour_level(int level)
{
	return (colour)(COLOUR_LEVEL_0 + level);
}

/* The levels of any palette in this look, and one of them; the terminal's own
 * colour where there are fewer than 256. */
int look_ramp_levels(const struct look *look, int palette);

static inline colour
colour_ramp(int palette, int level)
{
	return (colour)(COLOUR_RAMP_0 + 256 * palette + level);
}

/* Edge: the terminal colour of c in this look: 0..255, -1 for the terminal's
 * default, or COLOUR_DIRECT + rgb. attributes is or-ed with what a role needs
 * where there is no colour (bold, reverse). */
int colour_terminal(const struct look *look, colour c, bool background,
	unsigned *attributes);

/* What to write with over a background: black or white, which contrasts more
 * (4.5 at the least where there are 256), or COLOUR_DEFAULT where it has no
 * colour. */
colour colour_ink(const struct look *look, colour background);

/* 24-bit value of a terminal colour, for figures. */
uint32_t colour_rgb(int terminal);

/* The true colour of a fraction 0 .. 1 (clamped) of a palette. */
uint32_t colour_true(int palette, double fraction);

/* That of a fraction -1 .. 1 of values of both signs. */
uint32_t colour_true_side(double fraction);

/* ";38;5;202": a terminal colour as parameters of SGR, and their number of
 * bytes; base is 30, or 40 for a background. */
enum { COLOUR_SGR = 32 };
int colour_sgr(char out[COLOUR_SGR], int base, int terminal);

/* --color, NO_COLOR, CLICOLOR_FORCE, TERM, colours of the terminal, in this
 * order. wanted is "auto", "never" or one of colour_mode_names; otherwise
 * false, and *out untouched. True colour is only taken where it is wanted: a
 * terminal that has not got it shows nonsense, and its frames are longer. */
bool colour_mode_choose(enum colour_mode *out, const char *wanted,
	int terminal_colours);

#endif
