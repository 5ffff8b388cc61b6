#include "ui/map_picture.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/util.h"
#include "ui/heatmap.h"
#include "ui/map_rows.h"
#include "ui/model.h"
#include "ui/reduce.h"

/* Cells that a frame recounts where only more is known: a few milliseconds. */
enum { CELLS_A_FRAME = 1 << 18 };

/* What all of it rests on; compared as bytes. */
struct subject {
	const struct layer *layer;
	const struct measure_kind *measure;
	struct tolerance tolerance;
	struct bins channels, positions;
	int reducer;
	int sort;
	size_t sorted_at, sorted_known;
	const size_t *order;
};

struct map_picture {
	struct subject subject;
	struct pixel *pixels;
	uint32_t *changes;              /* of the layer, when a row was made */
	int next;                       /* the row whose turn it is */
};

struct map_picture *
map_picture_new(void)
{
	return xcalloc(1, sizeof(struct map_picture));
}

void
map_picture_free(struct map_picture *picture)
{
	if (!picture)
		return;
	free(picture->pixels);
	free(picture->changes);
	free(picture);
}

static void
fill_bins(struct bins *out, const struct bins *bins)
{
	out->begin = bins->begin;
	out->count = bins->count;
	out->pixels = bins->pixels;
	out->width = bins->width;
}

static void
fill_subject(struct subject *out, const struct model *model,
	const struct bins *channels, const struct bins *positions)
{
	memset(out, 0, sizeof *out);
	out->layer = model_layer(model);
	out->measure = model->measure;
	out->tolerance.kind = model->tolerance.kind;
	out->tolerance.value = model->tolerance.value;
	fill_bins(&out->channels, channels);
	fill_bins(&out->positions, positions);
	out->reducer = (int)model->reducer;
	out->sort = (int)model->order.sort;
	out->sorted_at = model->order.position;
	out->sorted_known = model->order.known;
	out->order = model->order.channels;
}

static struct pixel *
row_of(const struct map_picture *picture, int row)
{
	return picture->pixels + (size_t)row
		* (size_t)picture->subject.positions.pixels;
}

/* Rows of one channel over several pixels are copies of the first. */
static void
make_row(struct map_picture *picture, const struct model *model, int row)
{
	const struct bins *channels = &picture->subject.channels;
	size_t width = (size_t)picture->subject.positions.pixels;
	size_t begin = bins_begin(channels, row);
	uint32_t changes = session_changes(model->session, model_layer(model));

	if (row > 0 && begin == bins_begin(channels, row - 1)
	    && picture->changes[row - 1] == changes)
		memcpy(row_of(picture, row), row_of(picture, row - 1),
			width * sizeof(struct pixel));
	else
		reduce_row(row_of(picture, row), model, begin,
			bins_end(channels, row), &picture->subject.positions);
	picture->changes[row] = changes;
}

static void
make_all(struct map_picture *picture, const struct model *model,
	const struct subject *subject)
{
	size_t rows = (size_t)subject->channels.pixels;

	picture->subject = *subject;
	picture->pixels = xreallocarray(picture->pixels, rows
		* (size_t)subject->positions.pixels, sizeof *picture->pixels);
	picture->changes = xreallocarray(picture->changes, rows,
		sizeof *picture->changes);
	picture->next = 0;
	picture->changes[0] = 0;
	for (int row = 0; row < subject->channels.pixels; row++)
		make_row(picture, model, row);
}

/* The cells of a row of pixels. */
static size_t
cells_of(const struct subject *subject, int row)
{
	return (bins_end(&subject->channels, row)
		- bins_begin(&subject->channels, row))
		* subject->positions.count;
}

bool
map_picture_update(struct model *model, const struct bins *channels,
	const struct bins *positions)
{
	struct map_picture *picture = model->map_picture;
	uint32_t changes;
	struct subject subject;
	size_t done = 0;
	int rows = channels->pixels, cursor;

	if (!model_ready(model) || !rows || !positions->pixels)
		return false;
	fill_subject(&subject, model, channels, positions);
	if (memcmp(&subject, &picture->subject, sizeof subject)) {
		make_all(picture, model, &subject);
		return false;
	}
	changes = session_changes(model->session, subject.layer);
	cursor = bins_pixel(channels, model_channel_place(model,
		model->channel));
	if (cursor >= 0 && picture->changes[cursor] != changes) {
		make_row(picture, model, cursor);
		done += cells_of(&subject, cursor);
	}
	for (int k = 0; k < rows; k++) {
		int row = picture->next;

		if (picture->changes[row] != changes) {
			if (done >= CELLS_A_FRAME)
				return true;
			make_row(picture, model, row);
			done += cells_of(&subject, row);
		}
		picture->next = (row + 1) % rows;
	}
	return false;
}

void
map_picture_fill(struct pixel *pixels, const struct model *model,
	const struct bins *rows, const struct bins *positions)
{
	const struct map_picture *picture = model->map_picture;
	size_t width = (size_t)positions->pixels;
	struct subject subject;

	if (!model->layer_rows) {
		fill_subject(&subject, model, rows, positions);
		if (!memcmp(&subject, &picture->subject, sizeof subject)) {
			memcpy(pixels, picture->pixels, (size_t)rows->pixels
				* width * sizeof *pixels);
			return;
		}
	}
	for (int r = 0; r < rows->pixels; r++, pixels += width) {
		size_t begin = bins_begin(rows, r);

		if (r > 0 && begin == bins_begin(rows, r - 1))
			memcpy(pixels, pixels - width, width * sizeof *pixels);
		else
			map_row_reduce(pixels, model, begin, bins_end(rows, r),
				positions);
	}
}
