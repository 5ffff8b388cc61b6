/*
 * Bins: every cell in exactly one pixel, pixels and cells agreeing both ways,
 * whatever the sizes.
 */
#include "tests/tap.h"
#include "ui/bins.h"

/* Pixel edges run through all cells without gap or overlap. */
static bool
is_partition(const struct bins *bins)
{
	size_t next = bins->begin;

	for (int p = 0; p < bins->pixels; p += bins->width) {
		if (bins_begin(bins, p) != next
		    || bins_end(bins, p) <= next
		    || bins_end(bins, p) - next > bins_ratio(bins))
			return false;
		next = bins_end(bins, p);
	}
	return next == bins->begin + bins->count;
}

/* The pixel of a cell holds the cell. */
static bool
finds_cells(const struct bins *bins)
{
	for (size_t c = bins->begin; c < bins->begin + bins->count; c++) {
		int p = bins_pixel(bins, c);

		if (p < 0 || p >= bins->pixels || bins_begin(bins, p) > c
		    || bins_end(bins, p) <= c)
			return false;
	}
	return bins_pixel(bins, bins->begin + bins->count) == -1
		&& (bins->begin == 0 || bins_pixel(bins, bins->begin - 1) == -1);
}

int
main(void)
{
	bool whole = true, found = true;
	struct bins bins;

	for (size_t count = 1; count < 70; count++)
		for (int pixels = 1; pixels < 90; pixels++) {
			bins = bins_new(3, count, pixels);
			whole &= bins.pixels <= pixels && is_partition(&bins);
			found &= finds_cells(&bins);
		}
	ok(whole, "1 to 69 cells over 1 to 89 pixels: no gap, no overlap");
	ok(found, "each cell is found in its own pixel");
	bins = bins_new(1, 255, 44);
	ok(bins_ratio(&bins) == 6 && bins.pixels == 44,
		"255 cells over 44 pixels: up to 6 a pixel");
	bins = bins_new(0, 4, 15);
	ok(bins.width == 3 && bins.pixels == 12 && bins_pixel(&bins, 2) == 7,
		"4 cells over 15 pixels: 3 each, the third in the middle of 6-8");
	bins = bins_new(0, 0, 10);
	ok(bins.pixels == 0 && bins_pixel(&bins, 0) == -1, "no cells");
	bins = bins_new(0, 10, 0);
	ok(bins.pixels == 0 && bins_pixel(&bins, 0) == -1, "no pixels");
	return done();
}
