/*
 * One member of a zip archive, from its start to its end. What has been read
 * is in the running CRC; the compressed bytes pass through one small buffer,
 * so a member costs its own size once and nothing else.
 */
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "core/bytes.h"
#include "core/crc.h"
#include "core/source.h"
#include "core/util.h"
#include "core/zip.h"

enum { INPUT_SIZE = 16384, PART_SIZE = 262144 };

#define SIGNATURE_LOCAL 0x04034b50u

struct zip_stream {
	const struct source *source;
	int method;
	uint32_t crc_wanted, crc;
	uint64_t at;                    /* next byte of the file */
	uint64_t left;                  /* stored bytes not yet read */
	uint64_t bytes_left;            /* bytes not yet handed out */
	z_stream z;
	unsigned char input[INPUT_SIZE];
};

enum status
zip_begin(uint64_t *out, const struct source *source,
	const struct zip_entry *entry)
{
	unsigned char local[ZIP_LOCAL_SIZE];
	enum status code;
	uint64_t begin;

	code = source_read(source, local, entry->offset, ZIP_LOCAL_SIZE);
	if (code)
		return code;
	if (bytes_u32(local) != SIGNATURE_LOCAL)
		return status_set(STATUS_FORMAT, "no zip member at byte %ju",
			(uintmax_t)entry->offset);
	begin = entry->offset + ZIP_LOCAL_SIZE + bytes_u16(local + 26)
		+ bytes_u16(local + 28);
	if (begin > entry->end || entry->stored_bytes > entry->end - begin)
		return status_set(STATUS_FORMAT, "its %ju bytes overlap what "
			"follows", (uintmax_t)entry->stored_bytes);
	*out = begin;
	return STATUS_OK;
}

enum status
zip_open(struct zip_stream **out, const struct source *source,
	const struct zip_entry *entry)
{
	struct zip_stream *stream = xcalloc(1, sizeof *stream);
	enum status code;

	stream->source = source;
	stream->method = entry->method;
	stream->crc_wanted = entry->crc;
	stream->left = entry->stored_bytes;
	stream->bytes_left = entry->bytes;
	code = zip_begin(&stream->at, source, entry);
	if (!code && inflateInit2(&stream->z, -MAX_WBITS) != Z_OK)
		code = status_set(STATUS_MEMORY, "no memory to inflate");
	if (code) {
		free(stream);
		return code;
	}
	*out = stream;
	return STATUS_OK;
}

void
zip_close(struct zip_stream *stream)
{
	if (!stream)
		return;
	inflateEnd(&stream->z);
	free(stream);
}

static enum status
fail_deflate(const struct zip_stream *stream)
{
	return status_set(STATUS_FORMAT, "its deflated bytes are damaged (%s)",
		stream->z.msg ? stream->z.msg : "they end too early");
}

/* Inflates up to n bytes; *end is set at the end of the deflate stream. */
static enum status
inflate_some(struct zip_stream *stream, unsigned char *out, unsigned n,
	int *end)
{
	z_stream *z = &stream->z;

	z->next_out = out;
	z->avail_out = n;
	for (;;) {
		int result;

		if (z->avail_in == 0 && stream->left > 0) {
			size_t chunk = stream->left < INPUT_SIZE
				? (size_t)stream->left : INPUT_SIZE;
			enum status code = source_read(stream->source,
				stream->input, stream->at, chunk);

			if (code)
				return code;
			stream->at += chunk;
			stream->left -= chunk;
			z->next_in = stream->input;
			z->avail_in = (unsigned)chunk;
		}
		result = inflate(z, Z_NO_FLUSH);
		*end = result == Z_STREAM_END;
		if (result == Z_STREAM_END || z->avail_out == 0)
			return STATUS_OK;
		if (result == Z_MEM_ERROR)
			return status_set(STATUS_MEMORY, "no memory to inflate");
		if (result != Z_OK)
			return fail_deflate(stream);
	}
}

static enum status
read_deflated(struct zip_stream *stream, unsigned char *out, size_t n)
{
	int end;
	enum status code = inflate_some(stream, out, (unsigned)n, &end);

	if (!code && stream->z.avail_out > 0)
		code = fail_deflate(stream);
	return code;
}

static enum status
read_stored(struct zip_stream *stream, unsigned char *out, size_t n)
{
	enum status code = source_read(stream->source, out, stream->at, n);

	if (code)
		return code;
	stream->at += n;
	stream->left -= n;
	return STATUS_OK;
}

/* In parts, so that the CRC finds them still in the cache. */
enum status
zip_read(struct zip_stream *stream, void *out, size_t n)
{
	unsigned char *to = out;

	if (n > stream->bytes_left)
		return status_set(STATUS_FORMAT,
			"it is shorter than its .npy header says");
	while (n > 0) {
		size_t part = size_min(n, PART_SIZE);
		enum status code = stream->method == ZIP_STORED
			? read_stored(stream, to, part)
			: read_deflated(stream, to, part);

		if (code)
			return code;
		stream->crc = crc_extend(stream->crc, to, part);
		stream->bytes_left -= part;
		to += part;
		n -= part;
	}
	return STATUS_OK;
}

enum status
zip_finish(struct zip_stream *stream)
{
	unsigned char beyond;
	int end = 1;

	if (stream->method == ZIP_DEFLATED) {
		enum status code = inflate_some(stream, &beyond, 1, &end);

		if (code)
			return code;
	}
	if (!end || (stream->method == ZIP_DEFLATED
		&& stream->z.avail_out == 0))
		return status_set(STATUS_FORMAT,
			"it is longer than the zip directory says");
	if (stream->left > 0 || stream->z.avail_in > 0)
		return status_set(STATUS_FORMAT,
			"its deflated bytes end before the directory says");
	if (stream->crc != stream->crc_wanted)
		return status_set(STATUS_FORMAT, "wrong CRC-32 (%08x; the "
			"directory says %08x): the file is damaged",
			(unsigned)stream->crc, (unsigned)stream->crc_wanted);
	return STATUS_OK;
}

enum status
zip_verify(const struct source *source, const struct zip_entry *entry)
{
	unsigned char *buffer = xmalloc(PART_SIZE);
	struct zip_stream *stream = NULL;
	enum status code = zip_open(&stream, source, entry);

	while (!code && stream->bytes_left > 0)
		code = zip_read(stream, buffer, stream->bytes_left < PART_SIZE
			? (size_t)stream->bytes_left : PART_SIZE);
	if (!code)
		code = zip_finish(stream);
	zip_close(stream);
	free(buffer);
	return code;
}
