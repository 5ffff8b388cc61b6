#include "ui/glyph.h"

#include "core/util.h"

static const wchar_t glyphs[GLYPH_COUNT][2] = {
#define GLYPH_ROW(name, unicode, ascii) [GLYPH_##name] = { ascii, unicode },
	GLYPH_INFO(GLYPH_ROW)
#undef GLYPH_ROW
};

/* The ASCII eighths grow in height and in ink. */
static const wchar_t eighths_unicode[] = L" \u2581\u2582\u2583\u2584\u2585"
	L"\u2586\u2587\u2588";
static const wchar_t eighths_ascii[] = L" _..::||#";

/* No '.' and no 'x' among the ASCII shades: those are pixels without a value
 * (GLYPH_PENDING, GLYPH_NODATA). */
static const wchar_t shades_unicode[] = L" \u2591\u2592\u2593\u2588";
static const wchar_t shades_ascii[] = L" :-=+*#%@";

/* As many: dots, and digits. */
static const wchar_t bounded_unicode[] = L"\u2809\u280b\u281b\u283f\u28ff";
static const wchar_t bounded_ascii[] = L"012345678";

_Static_assert(LENGTH(bounded_unicode) == LENGTH(shades_unicode)
	&& LENGTH(bounded_ascii) == LENGTH(shades_ascii), "a twin each");

static int
clamp(int value, int high)
{
	return value < 0 ? 0 : value > high ? high : value;
}

wchar_t
glyph_get(enum glyph glyph, bool unicode)
{
	return glyphs[glyph][unicode];
}

wchar_t
glyph_eighth(int eighths, bool unicode)
{
	return (unicode ? eighths_unicode : eighths_ascii)[clamp(eighths, 8)];
}

int
glyph_shades(bool unicode)
{
	return (int)(unicode ? LENGTH(shades_unicode) : LENGTH(shades_ascii))
		- 1;
}

wchar_t
glyph_shade(int step, bool unicode)
{
	step = clamp(step, glyph_shades(unicode) - 1);
	return (unicode ? shades_unicode : shades_ascii)[step];
}

wchar_t
glyph_shade_bounded(int step, bool unicode)
{
	step = clamp(step, glyph_shades(unicode) - 1);
	return (unicode ? bounded_unicode : bounded_ascii)[step];
}

wchar_t
glyph_side(int side)
{
	static const wchar_t sides[] = L"=~- +*#";

	return sides[clamp(side + GLYPH_SIDES, 2 * GLYPH_SIDES)];
}
