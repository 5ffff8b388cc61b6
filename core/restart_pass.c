/*
 * The pass that finds restart points. inflate stops at the end of every block
 * (Z_BLOCK); where the last point is far enough behind and the budget allows,
 * that is a point. What is inflated is only held against the CRC-32.
 */
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "core/crc.h"
#include "core/restart.h"
#include "core/source.h"
#include "core/util.h"

enum {
	INPUT = 1 << 16,
	OUTPUT = 1 << 17,
	STEP = 1 << 20,         /* bytes inflated a step */
	SHARE = 100,            /* stored bytes for one byte of the table */
};

struct restart_pass {
	struct deflated deflated;
	uint64_t read;                  /* of the stored bytes */
	uint64_t at;                    /* inflated so far */
	uint64_t affordable;            /* no point before so many stored
					 * bytes: its window would be too much */
	uint32_t crc;
	bool ended;
	z_stream z;
	unsigned char input[INPUT], output[OUTPUT];
	unsigned char window[RESTART_WINDOW];
};

enum status
restart_pass_open(struct restart_pass **out, const struct deflated *deflated,
	const struct restarts *restarts)
{
	const struct restart_point *last
		= &restarts->points[restarts->count - 1];
	struct restart_pass *pass = xcalloc(1, sizeof *pass);
	enum status code = restart_begin(&pass->z, deflated, last,
		last->window_size ? restarts->windows + last->window : NULL);

	pass->deflated = *deflated;
	pass->at = last->at;
	pass->read = last->stored_at;
	pass->crc = restarts->crc;
	if (code)
		restart_pass_close(pass);
	else
		*out = pass;
	return code;
}

void
restart_pass_close(struct restart_pass *pass)
{
	if (!pass)
		return;
	inflateEnd(&pass->z);
	free(pass);
}

static enum status
fill(struct restart_pass *pass)
{
	const struct deflated *deflated = &pass->deflated;
	uint64_t left = deflated->stored_bytes - pass->read;
	size_t some = left < INPUT ? (size_t)left : INPUT;
	enum status code;

	if (pass->z.avail_in || !some)
		return STATUS_OK;
	code = source_read(deflated->source, pass->input,
		deflated->begin + pass->read, some);
	if (code)
		return code;
	pass->read += some;
	pass->z.next_in = pass->input;
	pass->z.avail_in = (uInt)some;
	return STATUS_OK;
}

/* Room for n more bytes behind used, doubling. */
static void *
grow(void *items, size_t *room, size_t used, size_t n, size_t size)
{
	if (*room - used >= n)
		return items;
	*room = size_max(2 * *room, used + n);
	return xreallocarray(items, *room, size);
}

static void
add_point(struct restarts *restarts, struct restart_point point,
	const unsigned char *packed, uint32_t crc)
{
	if (restarts->lock)
		pthread_mutex_lock(restarts->lock);
	restarts->windows = grow(restarts->windows, &restarts->windows_room,
		restarts->windows_size, point.window_size, 1);
	memcpy(restarts->windows + restarts->windows_size, packed,
		point.window_size);
	restarts->windows_size += point.window_size;
	restarts->points = grow(restarts->points, &restarts->room,
		restarts->count, 1, sizeof *restarts->points);
	restarts->points[restarts->count++] = point;
	restarts->crc = crc;
	if (restarts->lock)
		pthread_mutex_unlock(restarts->lock);
}

/* Between two blocks: a point, if it is time for one and it can be afforded
 * by what has been read. */
static void
consider(struct restart_pass *pass, struct restarts *restarts)
{
	struct restart_point point = {
		.at = pass->at,
		.stored_at = pass->read - pass->z.avail_in,
		.bits = (uint32_t)pass->z.data_type & 7,
		.window = restarts->windows_size,
	};
	unsigned char packed[RESTART_PACKED];
	uLongf size = sizeof packed;
	uInt length = 0;
	uint64_t spent = restarts->windows_size
		+ (restarts->count + 1) * sizeof point + 128;

	if (point.at - restarts->points[restarts->count - 1].at < restart_span
		|| pass->affordable > point.stored_at
		|| inflateGetDictionary(&pass->z, pass->window, &length)
			!= Z_OK
		|| compress2(packed, &size, pass->window, length, 6) != Z_OK)
		return;
	pass->affordable = SHARE * (spent + size);
	if (pass->affordable > point.stored_at)
		return;
	point.window_size = (uint32_t)size;
	point.window_crc = crc_extend(0, packed, size);
	add_point(restarts, point, packed, pass->crc);
}

static enum status
at_end(const struct restart_pass *pass)
{
	const struct deflated *deflated = &pass->deflated;

	if (pass->at != deflated->bytes || pass->z.avail_in
		|| pass->read != deflated->stored_bytes)
		return status_set(STATUS_FORMAT, "its deflated bytes end at "
			"byte %ju of %ju: the file is damaged",
			(uintmax_t)pass->at,
			(uintmax_t)deflated->bytes);
	if (pass->crc != deflated->crc)
		return status_set(STATUS_FORMAT, "wrong CRC-32 (%08x; the "
			"directory says %08x): the file is damaged",
			(unsigned)pass->crc, (unsigned)deflated->crc);
	return STATUS_OK;
}

/* To the end of a block, of the input or of the room for output. */
static enum status
inflate_block(struct restart_pass *pass)
{
	z_stream *z = &pass->z;
	size_t got;
	int result;

	z->next_out = pass->output;
	z->avail_out = OUTPUT;
	result = inflate(z, Z_BLOCK);
	got = OUTPUT - z->avail_out;
	pass->crc = crc_extend(pass->crc, pass->output, got);
	pass->at += got;
	pass->ended = result == Z_STREAM_END;
	if (result == Z_MEM_ERROR)
		return status_set(STATUS_MEMORY, "no memory to inflate");
	/* It may stop for a block that it had all bits of. */
	if (result == Z_BUF_ERROR && (z->avail_in
		|| pass->read < pass->deflated.stored_bytes))
		result = Z_OK;
	if (result != Z_OK && result != Z_STREAM_END)
		return status_set(STATUS_FORMAT, "its deflated bytes are "
			"damaged (%s)", z->msg ? z->msg : "they end too early");
	if (pass->at > pass->deflated.bytes)
		return status_set(STATUS_FORMAT, "it is longer than the zip "
			"directory says: the file is damaged");
	return STATUS_OK;
}

enum status
restart_pass_step(struct restart_pass *pass, struct restarts *restarts,
	uint64_t *at, bool *done)
{
	uint64_t until = pass->at + STEP;
	enum status code = STATUS_OK;

	while (!code && !pass->ended && pass->at < until) {
		code = fill(pass);
		if (!code)
			code = inflate_block(pass);
		/* 128: behind a block, 64: which was the last */
		if (!code && (pass->z.data_type & 128)
			&& !(pass->z.data_type & 64))
			consider(pass, restarts);
	}
	if (!code && pass->ended)
		code = at_end(pass);
	*at = pass->at;
	*done = !code && pass->ended;
	restarts->whole |= *done;
	return code;
}
