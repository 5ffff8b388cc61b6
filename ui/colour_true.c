/*
 * The palettes in true colour, for figures and for terminals that have it. The
 * 256 colours only come near them.
 */
#include "ui/colour.h"

#include <math.h>
#include <string.h>

#include "core/util.h"

enum { STEPS = 17 };

/* At sixteenths, straight lines between: within 6 of 255 of the maps of
 * matplotlib (cividis: 11), by S. van der Walt, N. Smith and E. Firing and,
 * for cividis, J. Nunez, C. Anderton and R. Renslow; free of rights. */
static const struct ramp {
	const char *name;
	uint32_t rgb[STEPS];
} ramps[] = {
	{ "inferno", {
		0x000004, 0x0b0724, 0x210c4a, 0x3c0965, 0x57106d, 0x70196e,
		0x89226a, 0xa32b61, 0xbb3755, 0xd14644, 0xe35932, 0xf1711e,
		0xf98d0a, 0xfcab0f, 0xf9ca32, 0xf2e865, 0xfcffa4 } },
	{ "viridis", {
		0x440154, 0x48186a, 0x472d7b, 0x424086, 0x3b528b, 0x33638d,
		0x2c728e, 0x26818e, 0x21908c, 0x1f9f88, 0x28ae80, 0x3ebc74,
		0x5dc963, 0x82d34c, 0xabdc32, 0xd5e21a, 0xfde725 } },
	{ "magma", {
		0x000004, 0x0a0822, 0x1d1146, 0x36106a, 0x50127c, 0x691c81,
		0x822681, 0x9c2e7f, 0xb63779, 0xcf4170, 0xe65163, 0xf5695c,
		0xfb8761, 0xfea571, 0xfec387, 0xfde0a2, 0xfcfdbf } },
	{ "plasma", {
		0x0d0887, 0x310596, 0x4c02a1, 0x6600a7, 0x7e03a8, 0x9511a2,
		0xa92396, 0xbb3587, 0xcb4778, 0xd9596a, 0xe66c5c, 0xf07f4f,
		0xf89441, 0xfdab33, 0xfdc328, 0xf9dd25, 0xf0f921 } },
	{ "cividis", {
		0x00224e, 0x002e6a, 0x1a386f, 0x32436d, 0x434e6c, 0x52596d,
		0x61656f, 0x6f7073, 0x7c7b78, 0x8b8778, 0x9b9376, 0xaba072,
		0xbbad6c, 0xccba64, 0xddc958, 0xefd748, 0xfee838 } },
};

/* From 0 on, at eighths: orange for less, purple for more, in CIELAB of the same
 * lightness, from 96 to 30, and as colourful as sRGB has them. */
enum { SIDE_STEPS = 9 };
static const uint32_t sides[2][SIDE_STEPS] = {
	{ 0xf3f3f3, 0xffd5a9, 0xffb667, 0xf49a36, 0xde8223, 0xc76b0c, 0xae5601,
		0x944300, 0x75340a },
	{ 0xf3f3f3, 0xe1d7fe, 0xcebbff, 0xbb9ffe, 0xa983fb, 0x966ce1, 0x8356c8,
		0x6f44a3, 0x59367b },
};

static uint32_t
mixed(uint32_t a, uint32_t b, double t)
{
	uint32_t rgb = 0;

	for (int shift = 0; shift < 24; shift += 8) {
		double x = a >> shift & 255, y = b >> shift & 255;

		rgb |= (uint32_t)lround(x + t * (y - x)) << shift;
	}
	return rgb;
}

/* Between the steps of a ramp. */
static uint32_t
between(const uint32_t *ramp, int steps, double fraction)
{
	double at = fraction * (steps - 1);
	int k = at < steps - 2 ? (int)at : steps - 2;

	return mixed(ramp[k], ramp[k + 1], at - k);
}

uint32_t
colour_true(int palette, double fraction)
{
	const char *name = colour_palettes[palette].name;

	fraction = fraction > 0 ? fmin(fraction, 1) : 0;
	for (size_t i = 0; i < LENGTH(ramps); i++)
		if (!strcmp(ramps[i].name, name))
			return between(ramps[i].rgb, STEPS, fraction);
	return mixed(0x000000, 0xffffff, fraction);     /* grey */
}

uint32_t
colour_true_side(double fraction)
{
	double size = fmin(fabs(fraction), 1);

	return between(sides[fraction > 0], SIDE_STEPS, size > 0 ? size : 0);
}
