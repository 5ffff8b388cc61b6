/*
 * Bins: every cell in exactly one pixel, pixels and cells agreeing both ways,
 * whatever the sizes.
 */
#include <math.h>

#include "core/dump.h"
#include "tests/tap.h"
#include "ui/bins.h"
#include "ui/operator_picture.h"

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

/* A row of T by pixels: by its groups, which need no look at each entry, as
 * by its entries. */
static void
test_row(size_t columns, int pixels)
{
	enum { MOST = 500, GROUPS = 200, ROW = 300 };
	double entries[MOST], fast[GROUPS], slow[GROUPS];
	struct pooled_group groups[GROUPS] = { { 0 } };
	struct bins bins = bins_new(0, columns, pixels);
	struct pooled row = { .parts = 1, .groups = groups, .entries = entries,
		.request = { .area = { ROW, 1, 0, columns }, .rows = 1,
			.columns = (size_t)(bins.pixels / bins.width) } };
	struct operator_picture picture = { .columns = bins,
		.rows = bins_new(ROW, 1, 1), .entry = { .row = ROW } };
	bool right = true;

	for (size_t j = 0; j < columns; j++)
		entries[j] = j > ROW ? 0 : sin((double)(j * j)) - 0.5;
	for (size_t g = 0; g < row.request.columns; g++)
		for (size_t j = pooled_edge(0, columns, row.request.columns, g);
			j < pooled_edge(0, columns, row.request.columns, g + 1)
			&& j <= ROW; j++, groups[g].count++)
			groups[g].max = fmax(groups[g].max, fabs(entries[j]));
	picture.block = &row;
	operator_picture_across(slow, &picture);
	picture.block = NULL;
	picture.row = &row;
	operator_picture_across(fast, &picture);
	for (int p = 0; p < bins.pixels; p++)
		right &= slow[p] == fast[p] || (isnan(slow[p])
			&& isnan(fast[p]));
	ok(right, "%zu entries of a row over %d pixels: groups hold them",
		columns, pixels);
	for (size_t j = 0; j < columns; j++)
		entries[j] = 9;
	operator_picture_across(fast, &picture);
	ok(fast[0] < 9, "and no entry is looked at");
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
	test_row(500, 77);
	test_row(310, 200);
	test_row(40, 170);
	return done();
}
