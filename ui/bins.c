#include "ui/bins.h"

struct bins
bins_new(size_t begin, size_t count, int pixels)
{
	struct bins bins = { begin, count, 0, 1 };

	if (pixels <= 0 || count == 0)
		return bins;
	if (count <= (size_t)pixels) {
		bins.width = pixels / (int)count;
		bins.pixels = bins.width * (int)count;
	} else {
		bins.pixels = pixels;
	}
	return bins;
}

size_t
bins_begin(const struct bins *bins, int pixel)
{
	if (bins->count <= (size_t)bins->pixels)
		return bins->begin + (size_t)(pixel / bins->width);
	return bins->begin
		+ (size_t)pixel * bins->count / (size_t)bins->pixels;
}

size_t
bins_end(const struct bins *bins, int pixel)
{
	if (bins->count <= (size_t)bins->pixels)
		return bins_begin(bins, pixel) + 1;
	return bins_begin(bins, pixel + 1);
}

int
bins_pixel(const struct bins *bins, size_t cell)
{
	size_t k = cell - bins->begin, pixels = (size_t)bins->pixels;

	if (cell < bins->begin || k >= bins->count || pixels == 0)
		return -1;
	if (bins->count <= pixels)
		return (int)k * bins->width + (bins->width - 1) / 2;
	/* The first pixel whose end, (p + 1) count / pixels, is beyond k. */
	return (int)(((k + 1) * pixels - 1) / bins->count);
}

size_t
bins_ratio(const struct bins *bins)
{
	size_t pixels = (size_t)bins->pixels;

	if (pixels == 0 || bins->count <= pixels)
		return 1;
	return (bins->count + pixels - 1) / pixels;
}
