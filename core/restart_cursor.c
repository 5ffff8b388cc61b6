/*
 * Inflating from a restart point on.
 */
#include <stdlib.h>

#include <zlib.h>

#include "core/restart.h"
#include "core/source.h"
#include "core/util.h"

enum { INPUT = 1 << 14, SCRATCH = 1 << 15 };

struct restart_cursor {
	uint64_t at;                    /* next byte inflated */
	uint64_t read;                  /* of the stored bytes */
	z_stream z;
	unsigned char input[INPUT], scratch[SCRATCH];
};

void
restart_cursor_close(struct restart_cursor *cursor)
{
	if (!cursor)
		return;
	inflateEnd(&cursor->z);
	free(cursor);
}

uint64_t
restart_cursor_at(const struct restart_cursor *cursor)
{
	return cursor->at;
}

/* The byte that is shared between two blocks, then the window. */
static enum status
prime(z_stream *z, const struct deflated *deflated,
	const struct restart_point *point, const unsigned char *window,
	size_t size)
{
	unsigned char shared;
	enum status code = STATUS_OK;

	if (point->bits) {
		code = source_read(deflated->source, &shared, deflated->begin
			+ point->stored_at - 1, 1);
		if (!code)
			inflatePrime(z, (int)point->bits,
				shared >> (8 - point->bits));
	}
	if (!code && size && inflateSetDictionary(z, window,
		(uInt)size) != Z_OK)
		code = status_set(STATUS_FORMAT, "its restart points are "
			"damaged");
	return code;
}

enum status
restart_begin(z_stream *z, const struct deflated *deflated,
	const struct restart_point *point, const unsigned char *packed)
{
	unsigned char window[RESTART_WINDOW];
	uLongf size = sizeof window;

	if (point->window_size == 0)
		size = 0;
	else if (uncompress(window, &size, packed, point->window_size) != Z_OK)
		return status_set(STATUS_FORMAT, "its restart points are "
			"damaged");
	if (inflateInit2(z, -MAX_WBITS) != Z_OK)
		return status_set(STATUS_MEMORY, "no memory to inflate");
	return prime(z, deflated, point, window, size);
}

enum status
restart_cursor_open(struct restart_cursor **out,
	const struct deflated *deflated, const struct restart_point *point,
	const unsigned char *packed)
{
	struct restart_cursor *cursor = xcalloc(1, sizeof *cursor);
	enum status code = restart_begin(&cursor->z, deflated, point, packed);

	cursor->at = point->at;
	cursor->read = point->stored_at;
	if (code)
		restart_cursor_close(cursor);
	else
		*out = cursor;
	return code;
}

static enum status
inflate_to(struct restart_cursor *cursor, const struct deflated *deflated,
	unsigned char *out, size_t n)
{
	z_stream *z = &cursor->z;

	z->next_out = out;
	z->avail_out = (uInt)n;
	while (z->avail_out > 0) {
		uint64_t left = deflated->stored_bytes - cursor->read;
		size_t some = left < INPUT ? (size_t)left : INPUT;
		int result;

		if (z->avail_in == 0 && some) {
			enum status code = source_read(deflated->source,
				cursor->input, deflated->begin + cursor->read,
				some);

			if (code)
				return code;
			cursor->read += some;
			z->next_in = cursor->input;
			z->avail_in = (uInt)some;
		}
		result = inflate(z, Z_NO_FLUSH);
		if (result == Z_MEM_ERROR)
			return status_set(STATUS_MEMORY,
				"no memory to inflate");
		if (z->avail_out > 0 && result != Z_OK)
			return status_set(STATUS_FORMAT, "its deflated bytes "
				"are damaged (%s)", z->msg ? z->msg
				: "they end too early");
	}
	cursor->at += n;
	return STATUS_OK;
}

enum status
restart_cursor_read(struct restart_cursor *cursor, const struct deflated *deflated,
	unsigned char *out, uint64_t offset, size_t n)
{
	enum status code = STATUS_OK;

	while (!code && cursor->at < offset) {
		uint64_t gap = offset - cursor->at;

		code = inflate_to(cursor, deflated, cursor->scratch,
			gap < SCRATCH ? (size_t)gap : SCRATCH);
	}
	while (!code && n > 0) {
		size_t some = size_min(n, (size_t)1 << 30);

		code = inflate_to(cursor, deflated, out, some);
		out += some;
		n -= some;
	}
	return code;
}
