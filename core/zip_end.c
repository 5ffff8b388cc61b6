/*
 * The records at the end of a zip archive (APPNOTE 6.3: 4.3.14 to 4.3.16), and
 * from them where its directory lies. As Python's zipfile does, and so numpy:
 * offsets count from the archive's first byte, and where the directory lies
 * further behind in the file than they say, so much stands before the archive.
 */
#include "core/zip_end.h"

#include <stdbool.h>
#include <stdlib.h>

#include "core/bytes.h"
#include "core/source.h"
#include "core/util.h"

enum {
	END_SIZE = 22,
	END_TAIL = END_SIZE + 65535,    /* with the longest comment */
	LOCATOR_SIZE = 20,
	END64_SIZE = 56,
};

#define SIGNATURE_END 0x06054b50u
#define SIGNATURE_END64 0x06064b50u
#define SIGNATURE_LOCATOR 0x07064b50u
#define SATURATED 0xffffffffu

/* What the records say, and where in the file the first of them begins. */
struct said {
	uint64_t count, offset, size;
	uint64_t at;
};

static enum status
fail_cut_off(void)
{
	return status_set(STATUS_FORMAT, "no zip directory at its end; is the "
		"file cut off, or still being written?");
}

enum status
zip_fail_split(void)
{
	return status_set(STATUS_FORMAT, "a part of a split zip; expected all "
		"of it in one file (zip -s 0 PART.zip --out WHOLE.npz)");
}

/* The end record in the last n bytes of the file: the one whose comment ends
 * with the file; where none does, other bytes follow the last. */
static const unsigned char *
find_end(const unsigned char *tail, size_t n)
{
	const unsigned char *last = NULL;

	if (n < END_SIZE)
		return NULL;
	for (size_t at = n - END_SIZE + 1; at-- > 0;) {
		if (bytes_u32(tail + at) != SIGNATURE_END)
			continue;
		if (at + END_SIZE + bytes_u16(tail + at + 20) == n)
			return tail + at;
		if (!last)
			last = tail + at;
	}
	return last;
}

/* The 64-bit record, where there is one: right before its locator, or (with
 * data of its own) where that says. */
static enum status
find_end64(unsigned char out[END64_SIZE], uint64_t *at, bool *found,
	const struct source *source, uint64_t locator_at,
	const unsigned char *locator)
{
	uint64_t last = locator_at - END64_SIZE;
	uint64_t places[] = { last, bytes_u64(locator + 8) };

	*found = false;
	for (size_t k = 0; locator_at >= END64_SIZE && !*found
		&& k < LENGTH(places); k++) {
		enum status code;

		if (places[k] > last)
			continue;
		code = source_read(source, out, places[k], END64_SIZE);
		if (code)
			return code;
		*at = places[k];
		*found = bytes_u32(out) == SIGNATURE_END64;
	}
	return STATUS_OK;
}

/* Replaces what the 32-bit end record had no room for. A saturated field
 * without a locator is meant as it stands. */
static enum status
read_end64(struct said *said, const struct source *source)
{
	unsigned char locator[LOCATOR_SIZE], end[END64_SIZE];
	bool wanted = said->count == 0xffff || said->size == SATURATED
		|| said->offset == SATURATED, found;
	uint64_t at = 0;
	enum status code;

	if (said->at < LOCATOR_SIZE)
		return STATUS_OK;
	code = source_read(source, locator, said->at - LOCATOR_SIZE,
		LOCATOR_SIZE);
	if (code || bytes_u32(locator) != SIGNATURE_LOCATOR)
		return code;
	code = find_end64(end, &at, &found, source, said->at - LOCATOR_SIZE,
		locator);
	if (code)
		return code;
	if (!found)
		return wanted ? fail_cut_off() : STATUS_OK;
	if (bytes_u32(end + 16) || bytes_u32(end + 20))
		return zip_fail_split();
	said->count = bytes_u64(end + 32);
	said->size = bytes_u64(end + 40);
	said->offset = bytes_u64(end + 48);
	said->at = at;
	return STATUS_OK;
}

static enum status
read_end(struct said *said, const unsigned char *tail, size_t n,
	const struct source *source)
{
	const unsigned char *end = find_end(tail, n);

	if (!end)
		return fail_cut_off();
	if (bytes_u16(end + 4) != bytes_u16(end + 6))
		return zip_fail_split();
	said->count = bytes_u16(end + 10);
	said->size = bytes_u32(end + 12);
	said->offset = bytes_u32(end + 16);
	said->at = source->size - n + (size_t)(end - tail);
	return read_end64(said, source);
}

static enum status
read_records(struct said *out, const struct source *source)
{
	size_t n = (size_t)(source->size < END_TAIL ? source->size : END_TAIL);
	enum status code;
	void *tail = NULL;

	code = util_alloc(&tail, n, 1, "zip directory");
	if (!code)
		code = source_read(source, tail, source->size - n, n);
	if (!code)
		code = read_end(out, tail, n, source);
	free(tail);
	return code;
}

/* Does an entry begin there? */
static bool
entry_at(const struct source *source, uint64_t at)
{
	unsigned char signature[4];

	return !source_read(source, signature, at, sizeof signature)
		&& bytes_u32(signature) == ZIP_SIGNATURE_ENTRY;
}

enum status
zip_locate(struct zip_extent *out, const struct source *source)
{
	struct said said = { 0 };
	enum status code = read_records(&said, source);
	uint64_t before;

	if (code)
		return code;
	if (said.offset > said.at || said.size > said.at - said.offset)
		return status_set(STATUS_FORMAT, "its zip directory should be "
			"%ju bytes at byte %ju, but the file ends before; "
			"is it cut off?", (uintmax_t)said.size,
			(uintmax_t)said.offset);
	if (said.count > said.size / ZIP_ENTRY_SIZE)
		return status_set(STATUS_FORMAT, "its zip directory has no "
			"room for the %ju members it claims",
			(uintmax_t)said.count);
	/* Other records may lie between the directory and its end. */
	before = said.at - said.size - said.offset;
	if (before && !entry_at(source, said.offset + before))
		before = 0;
	*out = (struct zip_extent){
		.count = said.count, .offset = said.offset + before,
		.size = said.size, .before = before,
	};
	return STATUS_OK;
}

bool
zip_at_end(const struct source *source)
{
	struct zip_extent extent;

	return !zip_locate(&extent, source) && extent.count > 0
		&& entry_at(source, extent.offset);
}
