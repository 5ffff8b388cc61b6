/*
 * A whole member at once. libdeflate inflates about twice as fast as zlib
 * where it is there, but wants all of the input and says nothing of what is
 * wrong: that is left to zlib, which also does without it.
 */
#include "config.h"

#include <stdlib.h>
#ifdef HAVE_LIBDEFLATE
#include <libdeflate.h>
#endif

#include "core/crc.h"
#include "core/source.h"
#include "core/util.h"
#include "core/zip.h"

static enum status
load_by_zlib(unsigned char *out, const struct source *source,
	const struct zip_entry *entry)
{
	struct zip_stream *stream;
	enum status code = zip_open(&stream, source, entry);

	if (code)
		return code;
	code = zip_read(stream, out, (size_t)entry->bytes);
	if (!code)
		code = zip_finish(stream);
	zip_close(stream);
	return code;
}

#ifdef HAVE_LIBDEFLATE

/* Stored bytes are held besides the inflated ones: only of members that are
 * not large. */
static const uint64_t whole_most = (uint64_t)256 << 20;

static bool
inflate_right(unsigned char *out, const unsigned char *in,
	const struct zip_entry *entry)
{
	struct libdeflate_decompressor *inflater
		= libdeflate_alloc_decompressor();
	size_t used = 0, got = 0;
	bool right;

	if (!inflater)
		return false;
	right = libdeflate_deflate_decompress_ex(inflater, in,
		(size_t)entry->stored_bytes, out, (size_t)entry->bytes, &used,
		&got) == LIBDEFLATE_SUCCESS
		&& used == entry->stored_bytes && got == entry->bytes
		&& crc_extend(0, out, got) == entry->crc;
	libdeflate_free_decompressor(inflater);
	return right;
}

/* False: not right, or not tried. */
static bool
load_by_libdeflate(unsigned char *out, const struct source *source,
	const struct zip_entry *entry)
{
	void *in = NULL;
	uint64_t begin = 0;
	bool right;

	if (entry->method != ZIP_DEFLATED || entry->bytes > whole_most
		|| entry->stored_bytes > whole_most
		|| zip_begin(&begin, source, entry)
		|| util_alloc(&in, (size_t)entry->stored_bytes, 1, "a member"))
		return false;
	right = !source_read(source, in, begin, (size_t)entry->stored_bytes)
		&& inflate_right(out, in, entry);
	free(in);
	return right;
}

enum status
zip_load(void *out, const struct source *source, const struct zip_entry *entry)
{
	if (load_by_libdeflate(out, source, entry))
		return STATUS_OK;
	return load_by_zlib(out, source, entry);
}

#else

enum status
zip_load(void *out, const struct source *source, const struct zip_entry *entry)
{
	return load_by_zlib(out, source, entry);
}

#endif
