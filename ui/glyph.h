/*
 * Every special glyph with its ASCII twin, so that LANG=C shows the same
 * picture in plainer strokes.
 */
#ifndef UI_GLYPH_H
#define UI_GLYPH_H

#include <stdbool.h>
#include <wchar.h>

/* name, Unicode, ASCII */
#define GLYPH_INFO(_)             \
	_(HALF_UPPER, L'\u2580', L'"') \
	_(FULL, L'\u2588', L'#')       \
	_(RULE_H, L'\u2500', L'-')     \
	_(RULE_V, L'\u2502', L'|')     \
	_(CROSS, L'\u253c', L'+')      \
	_(TEE_RIGHT, L'\u251c', L'|')  \
	_(TEE_LEFT, L'\u2524', L'|')   \
	_(TEE_DOWN, L'\u252c', L'+')   \
	_(TEE_UP, L'\u2534', L'+')     \
	_(BAR, L'\u2586', L'=')       \
	_(CORNER, L'\u2510', L'+')     \
	_(KNOB, L'\u25cf', L'O')       \
	_(LINE_BOLD, L'\u2501', L'=')  \
	_(LINE_DASH, L'\u2504', L'-')  \
	_(DOT, L'\u00b7', L'.')        \
	_(MARK, L'\u25b8', L'>')       \
	_(MARK_UP, L'\u25b2', L'^')    \
	_(MARK_DOWN, L'\u25bc', L'v')  \
	_(MARK_LEFT, L'\u25c2', L'<')  \
	_(CUT_LOW, L'\u25c1', L'<')    \
	_(CUT_HIGH, L'\u25b7', L'>')   \
	_(PENDING, L'\u00b7', L'.')    \
	_(NODATA, L'\u2573', L'x')     \
	_(OUTSIDE, L'\u2571', L'/')    \
	_(BOUNDED, L'\u2592', L':')    \
	_(TWO_BOUNDED, L'\u259a', L':') \
	_(UPPER_BOUNDED, L'\u2599', L':') \
	_(LOWER_BOUNDED, L'\u259b', L':') \
	_(ELLIPSIS, L'\u2026', L'~')   \
	_(TIMES, L'\u00d7', L'x')

enum glyph {
#define GLYPH_ENUM(name, unicode, ascii) GLYPH_##name,
	GLYPH_INFO(GLYPH_ENUM)
#undef GLYPH_ENUM
	GLYPH_COUNT,
};

wchar_t glyph_get(enum glyph glyph, bool unicode);

/* A bar of eighths growing upwards: 0 (blank) .. 8 (full). */
wchar_t glyph_eighth(int eighths, bool unicode);

/* Shades for mono: step 0 (blank) .. glyph_shades() - 1 (full). */
int glyph_shades(bool unicode);
wchar_t glyph_shade(int step, bool unicode);

/* A value's side of 0, and of GLYPH_SIDES steps how far: strokes of a minus
 * below, of a plus above, with more ink for more; 0 is a blank. */
enum { GLYPH_SIDES = 3 };
wchar_t glyph_side(int side);

/* Their twins for values that are only bounded: other signs, as ordered. */
wchar_t glyph_shade_bounded(int step, bool unicode);

#endif
