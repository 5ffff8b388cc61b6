/*
 * .npy.gz: one .npy through gzip, as one gzip member or as several on end
 * (pigz, cat a.gz b.gz). Its header says how many bytes come out, so no more
 * is ever inflated; each member's CRC-32 and length are checked by zlib.
 */
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "core/npy.h"
#include "core/source.h"
#include "core/store.h"
#include "core/util.h"

enum {
	INPUT_SIZE = 1 << 16,
	PART_MAX = 1 << 30, /* what zlib counts in 32 bits */
	DEFLATE_RATIO = 1032,
	GZIP_BITS = MAX_WBITS + 16,
};

struct gzip {
	const struct source *source;
	uint64_t at; /* next byte of the file to read */
	z_stream z;
	bool ended; /* between two members, or at the end */
	unsigned char input[INPUT_SIZE];
};

static enum status
gzip_open(struct gzip **out, const struct source *source)
{
	struct gzip *gzip = xcalloc(1, sizeof *gzip);

	gzip->source = source;
	if (inflateInit2(&gzip->z, GZIP_BITS) != Z_OK) {
		free(gzip);
		return status_set(STATUS_MEMORY, "no memory to inflate");
	}
	*out = gzip;
	return STATUS_OK;
}

static void
gzip_close(struct gzip *gzip)
{
	inflateEnd(&gzip->z);
	free(gzip);
}

/* More input, if there is any. */
static enum status
fill(struct gzip *gzip)
{
	uint64_t left = gzip->source->size - gzip->at;
	size_t n = left < INPUT_SIZE ? (size_t)left : INPUT_SIZE;
	enum status code;

	if (gzip->z.avail_in > 0 || n == 0)
		return STATUS_OK;
	code = source_read(gzip->source, gzip->input, gzip->at, n);
	if (code)
		return code;
	gzip->at += n;
	gzip->z.next_in = gzip->input;
	gzip->z.avail_in = (unsigned)n;
	return STATUS_OK;
}

/* Behind a member: the next one, the end of the file, or zeros up to there, as
 * tape and some writers leave. *more: there is another member. */
static enum status
next_member(bool *more, struct gzip *gzip)
{
	enum status code = fill(gzip);

	*more = !code && gzip->z.avail_in > 0 && *gzip->z.next_in == 0x1f;
	if (*more) {
		inflateReset(&gzip->z);
		gzip->ended = false;
	}
	while (!code && !*more && gzip->z.avail_in > 0) {
		for (; gzip->z.avail_in > 0; gzip->z.avail_in--) {
			if (*gzip->z.next_in++ != 0)
				return status_set(STATUS_FORMAT,
					"bytes that "
					"are no gzip follow its end");
		}
		code = fill(gzip);
	}
	return code;
}

static enum status
fail_inflate(const struct gzip *gzip, int result)
{
	if (result == Z_MEM_ERROR)
		return status_set(STATUS_MEMORY, "no memory to inflate");
	if (result == Z_BUF_ERROR)
		return status_set(STATUS_FORMAT, "its gzip data end too "
						 "early; is it cut off?");
	return status_set(STATUS_FORMAT, "its gzip data are damaged (%s)",
		gzip->z.msg ? gzip->z.msg : "a preset dictionary");
}

/* Up to n bytes, at most PART_MAX, into out; *got is fewer only at the end. */
static enum status
read_some(size_t *got, struct gzip *gzip, unsigned char *out, size_t n)
{
	z_stream *z = &gzip->z;

	z->next_out = out;
	z->avail_out = (unsigned)n;
	while (z->avail_out > 0) {
		enum status code;
		bool more = true;
		int result;

		code = gzip->ended ? next_member(&more, gzip) : fill(gzip);
		if (code)
			return code;
		if (!more)
			break;
		result = inflate(z, Z_NO_FLUSH);
		if (result == Z_STREAM_END)
			gzip->ended = true;
		else if (result != Z_OK)
			return fail_inflate(gzip, result);
	}
	*got = n - z->avail_out;
	return STATUS_OK;
}

/* The next n bytes, all of them. */
static enum status
gzip_read(struct gzip *gzip, unsigned char *out, size_t n)
{
	while (n > 0) {
		size_t part = size_min(n, PART_MAX), got = 0;
		enum status code = read_some(&got, gzip, out, part);

		if (code)
			return code;
		if (got < part)
			return status_set(STATUS_FORMAT,
				"%zu bytes fewer come "
				"out than its .npy header says",
				n - got);
		out += part;
		n -= part;
	}
	return STATUS_OK;
}

/* Nothing may follow what was read. */
static enum status
gzip_finish(struct gzip *gzip)
{
	unsigned char beyond;
	size_t got = 0;
	enum status code = read_some(&got, gzip, &beyond, 1);

	if (!code && got > 0)
		return status_set(STATUS_FORMAT, "more bytes come out than "
						 "its .npy header says");
	return code;
}

/* The .npy header, and the stream behind it. */
static enum status
read_header(struct tensor_type *type, size_t *size, struct gzip *gzip)
{
	unsigned char head[NPY_HEADER_MAX];
	const size_t start = 12; /* what npy_header_size needs */
	size_t got = 0;
	enum status code = read_some(&got, gzip, head, start);

	if (!code && (got < 6 || memcmp(head, "\x93NUMPY", 6)))
		return status_set(STATUS_FORMAT,
			"what it has compressed is "
			"no .npy; unpack it first: gunzip FILE");
	if (!code)
		code = npy_header_size(size, head, got);
	if (!code && *size > start)
		code = gzip_read(gzip, head + start, *size - start);
	return code ? code : npy_header_parse(type, head, *size);
}

static enum status
fail_ratio(const struct tensor_type *type, const struct source *source)
{
	char text[TENSOR_TYPE_TEXT];

	return status_set(STATUS_FORMAT,
		"%s cannot come out of %ju deflated "
		"bytes",
		tensor_type_text(text, type), (uintmax_t)source->size);
}

/* An open stream behind the header, whose elements can be there. */
static enum status
open_array(struct gzip **out, struct tensor_type *type, size_t *size,
	const struct source *source)
{
	struct gzip *gzip = NULL;
	enum status code = gzip_open(&gzip, source);

	if (code)
		return code;
	code = read_header(type, size, gzip);
	if (!code && type->bytes / DEFLATE_RATIO > source->size)
		code = fail_ratio(type, source);
	if (code) {
		gzip_close(gzip);
		return code;
	}
	*out = gzip;
	return STATUS_OK;
}

static bool
npy_gz_probe(const unsigned char *head, size_t n)
{
	return n >= 3 && head[0] == 0x1f && head[1] == 0x8b && head[2] == 8;
}

static size_t
cut(const char *name, size_t n, const char *end)
{
	size_t m = strlen(end);

	return n > m && !memcmp(name + n - m, end, m) ? n - m : n;
}

static enum status
npy_gz_list(struct store *store)
{
	const char *name = store->source->name;
	struct store_member *member;
	struct tensor_type type;
	struct gzip *gzip = NULL;
	size_t size;
	enum status code = open_array(&gzip, &type, &size, store->source);

	if (!code)
		gzip_close(gzip);
	/* That nobody reads its elements is said when somebody wants to. */
	if (code == STATUS_TYPE)
		type.bytes = size = 0;
	else if (code)
		return code;
	code = store_reserve(store, 1);
	if (code)
		return code;
	member = store_add(
		store, name, cut(name, cut(name, strlen(name), ".gz"), ".npy"));
	member->array = true;
	member->stored_bytes = store->source->size;
	member->bytes = size + type.bytes;
	return STATUS_OK;
}

static enum status
npy_gz_type(struct tensor_type *out, const struct store *store,
	const struct store_member *member)
{
	struct tensor_type type;
	struct gzip *gzip = NULL;
	size_t size;
	enum status code = open_array(&gzip, &type, &size, store->source);

	(void)member;
	if (code)
		return code;
	gzip_close(gzip);
	*out = type;
	return STATUS_OK;
}

static enum status
npy_gz_load(void **out, const unsigned char **data, size_t *bytes,
	const struct store *store, const struct store_member *member)
{
	struct tensor_type type;
	struct gzip *gzip = NULL;
	size_t size;
	void *owned = NULL;
	enum status code = open_array(&gzip, &type, &size, store->source);

	(void)member;
	if (code)
		return code;
	code = util_alloc(&owned, type.bytes, 1, "an array");
	if (!code)
		code = gzip_read(gzip, owned, type.bytes);
	if (!code)
		code = gzip_finish(gzip);
	gzip_close(gzip);
	if (code) {
		free(owned);
		return code;
	}
	*out = owned;
	*data = owned;
	*bytes = type.bytes;
	return STATUS_OK;
}

const struct store_format store_npy_gz = {
	.name = "npy.gz",
	.wraps = true,
	.probe = npy_gz_probe,
	.list = npy_gz_list,
	.type = npy_gz_type,
	.load = npy_gz_load,
};
