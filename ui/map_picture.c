#include "ui/map_picture.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "core/util.h"
#include "ui/heatmap.h"
#include "ui/map_rows.h"
#include "ui/model.h"
#include "ui/reduce.h"

/* What all of it rests on; compared as bytes. */
struct subject {
	const struct layer *layer;
	const struct layer *beside;     /* of A - B */
	bool differs;
	const struct measure_kind *measure;
	struct tolerance tolerance;
	struct bins channels, positions;
	int reducer;
	unsigned long order;
};

struct map_picture {
	struct subject subject;
	struct pixel *pixels;
	uint32_t *changes;              /* of the layer, when a row was made */
	bool *behind;                   /* a row, of another subject */
	int behind_count;
	int next;                       /* the row whose turn it is */
	struct reduction *making;       /* or NULL: a row under way, */
	int making_row;
	uint32_t making_changes;        /* and when it was begun */
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
	reduction_free(picture->making);
	free(picture->pixels);
	free(picture->changes);
	free(picture->behind);
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
	out->differs = comparison_differs(model);
	out->beside = out->differs ? comparison_layer(model) : NULL;
	out->measure = model->measure;
	out->tolerance.kind = model->tolerance.kind;
	out->tolerance.value = model->tolerance.value;
	fill_bins(&out->channels, channels);
	fill_bins(&out->positions, positions);
	out->reducer = (int)model->reducer;
	out->order = model->order.serial;
}

static struct pixel *
row_of(const struct map_picture *picture, int row)
{
	return picture->pixels + (size_t)row
		* (size_t)picture->subject.positions.pixels;
}

/* A slider moved: what is shown is not far off, row by row. */
static bool
only_tolerance(const struct subject *a, const struct subject *b)
{
	struct subject as = *a;

	as.tolerance.kind = b->tolerance.kind;
	as.tolerance.value = b->tolerance.value;
	return !memcmp(&as, b, sizeof as);
}

static void
turn_to(struct map_picture *picture, const struct subject *subject)
{
	size_t rows = (size_t)subject->channels.pixels;
	size_t pixels = rows * (size_t)subject->positions.pixels;
	bool near = only_tolerance(&picture->subject, subject);

	picture->subject = *subject;
	reduction_free(picture->making);
	picture->making = NULL;
	picture->behind_count = (int)rows;
	if (!near) {
		picture->next = 0;
		picture->pixels = xreallocarray(picture->pixels, pixels,
			sizeof *picture->pixels);
		picture->changes = xreallocarray(picture->changes, rows,
			sizeof *picture->changes);
		picture->behind = xreallocarray(picture->behind, rows,
			sizeof *picture->behind);
		for (size_t p = 0; p < pixels; p++)
			picture->pixels[p] = (struct pixel){ PIXEL_PENDING,
				0 };
	}
	memset(picture->behind, true, rows * sizeof *picture->behind);
}

static void
row_made(struct map_picture *picture, int row, uint32_t changes)
{
	picture->changes[row] = changes;
	picture->behind_count -= picture->behind[row];
	picture->behind[row] = false;
}

/* Rows of one channel over several pixels are copies of the first. */
static bool
is_copy(const struct map_picture *picture, int row, uint32_t changes)
{
	const struct bins *channels = &picture->subject.channels;

	return row > 0 && bins_begin(channels, row)
		== bins_begin(channels, row - 1) && !picture->behind[row - 1]
		&& picture->changes[row - 1] == changes;
}

/* Begins a row, or goes on with it; true when it is made. */
static bool
make_row(struct map_picture *picture, const struct model *model, int row,
	uint32_t changes, double until)
{
	const struct bins *channels = &picture->subject.channels;

	if (is_copy(picture, row, changes)) {
		memcpy(row_of(picture, row), row_of(picture, row - 1),
			(size_t)picture->subject.positions.pixels
			* sizeof(struct pixel));
		row_made(picture, row, changes);
		return true;
	}
	if (!picture->making) {
		picture->making = reduction_new(bins_begin(channels, row),
			bins_end(channels, row), &picture->subject.positions);
		picture->making_row = row;
		picture->making_changes = changes;
	}
	if (!reduction_go_on(picture->making, model, until))
		return false;
	reduction_put(row_of(picture, row), picture->making, model);
	reduction_free(picture->making);
	picture->making = NULL;
	row_made(picture, row, picture->making_changes);
	return true;
}

/* The next row to make: one under way, the cursor's, then round and round; -1:
 * all show what is known. */
static int
row_to_make(struct map_picture *picture, int cursor, uint32_t changes)
{
	int rows = picture->subject.channels.pixels;

	if (picture->making)
		return picture->making_row;
	if (cursor >= 0 && (picture->behind[cursor]
		|| picture->changes[cursor] != changes))
		return cursor;
	for (int k = 0; k < rows; k++) {
		int row = (picture->next + k) % rows;

		if (!picture->behind[row] && picture->changes[row] == changes)
			continue;
		picture->next = row;
		return row;
	}
	return -1;
}

/* There is nothing to show: it is not behind either. */
static void
forget(struct map_picture *picture)
{
	memset(&picture->subject, 0, sizeof picture->subject);
	reduction_free(picture->making);
	picture->making = NULL;
	picture->behind_count = 0;
}

bool
map_picture_update(struct map_picture *picture, const struct model *model,
	const struct bins *channels, const struct bins *positions,
	double seconds)
{
	double until = clock_seconds(CLOCK_THREAD_CPUTIME_ID);
	struct subject subject;
	uint32_t changes;
	int cursor, row;

	if (!model_ready(model) || !channels->pixels || !positions->pixels) {
		forget(picture);
		return false;
	}
	fill_subject(&subject, model, channels, positions);
	if (memcmp(&subject, &picture->subject, sizeof subject))
		turn_to(picture, &subject);
	changes = session_changes(model->session, subject.layer);
	/* Both only ever grow. */
	if (subject.beside)
		changes += session_changes(model->session, subject.beside);
	cursor = bins_pixel(channels, model_channel_place(model,
		model->channel));
	until += picture->behind_count ? seconds : seconds / 2;
	while ((row = row_to_make(picture, cursor, changes)) >= 0)
		if (!make_row(picture, model, row, changes, until)
		    || clock_seconds(CLOCK_THREAD_CPUTIME_ID) >= until)
			break;
	return row_to_make(picture, cursor, changes) >= 0;
}

bool
map_picture_behind(const struct map_picture *picture)
{
	return picture->behind_count > 0;
}

static bool
is_of(const struct map_picture *picture, const struct model *model,
	const struct bins *channels, const struct bins *positions)
{
	struct subject subject;

	fill_subject(&subject, model, channels, positions);
	return !memcmp(&subject, &picture->subject, sizeof subject);
}

void
map_picture_row(struct pixel *pixels, const struct map_picture *picture,
	const struct model *model, size_t place, const struct bins *positions)
{
	struct bins channel = bins_new(place, 1, 1);

	if (is_of(picture, model, &channel, positions))
		memcpy(pixels, picture->pixels, (size_t)positions->pixels
			* sizeof *pixels);
	else
		reduce_row(pixels, model, place, place + 1, positions);
}

void
map_picture_fill(struct pixel *pixels, const struct model *model,
	const struct bins *rows, const struct bins *positions)
{
	const struct map_picture *picture = model->map_picture;
	size_t width = (size_t)positions->pixels;

	if (!model->layer_rows && is_of(picture, model, rows, positions)) {
		memcpy(pixels, picture->pixels, (size_t)rows->pixels
			* width * sizeof *pixels);
		return;
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
