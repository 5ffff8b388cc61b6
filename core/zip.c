/*
 * The directory of a zip archive (APPNOTE 6.3: 4.3.12, 4.5.3).
 *
 * What is believed is only what can be checked against the file's own size:
 * the directory fits between the members and the end record, it holds as many
 * entries as it says, and each member's bytes end before the next one begins.
 * So no bytes are counted twice, and no entry that zip_check lets through can
 * make us allocate more than deflate's 1032 times its bytes.
 */
#include "core/zip.h"

#include <stdlib.h>
#include <string.h>

#include "core/bytes.h"
#include "core/source.h"
#include "core/text.h"
#include "core/util.h"
#include "core/zip_end.h"

enum {
	EXTRA_ZIP64 = 1,
	FLAGS_ENCRYPTED = 0x2041,       /* bits 0, 6 and 13 */
	DEFLATE_RATIO = 1032,
};

#define SATURATED 0xffffffffu

_Static_assert(sizeof(size_t) == sizeof(uint64_t),
	"sizes of members must fit in memory's");

/* The 64-bit values of the fields that are saturated, in their fixed order
 * (4.5.3), from the extra field of an entry. */
static enum status
read_extra64(uint64_t *const wide[3], const unsigned char *extra, size_t n)
{
	size_t i, at = 4;

	if (*wide[0] != SATURATED && *wide[1] != SATURATED
		&& *wide[2] != SATURATED)
		return STATUS_OK;
	while (n >= 4 && bytes_u16(extra) != EXTRA_ZIP64) {
		size_t skip = 4 + (size_t)bytes_u16(extra + 2);

		if (skip > n)
			return status_set(STATUS_FORMAT, "damaged zip entry");
		extra += skip;
		n -= skip;
	}
	if (n < 4)
		return STATUS_OK;
	n = size_min(n, 4 + (size_t)bytes_u16(extra + 2));
	for (i = 0; i < 3; i++) {
		if (*wide[i] != SATURATED)
			continue;
		if (n - at < 8)
			return status_set(STATUS_FORMAT, "damaged zip entry");
		*wide[i] = bytes_u64(extra + at);
		at += 8;
	}
	return STATUS_OK;
}

static enum status
check_entry(const struct zip_entry *entry)
{
	if (entry->encrypted)
		return status_set(STATUS_FORMAT, "it is encrypted; "
			"expected members without a password, as numpy.savez "
			"writes them");
	if (entry->method == ZIP_STORED) {
		if (entry->bytes == entry->stored_bytes)
			return STATUS_OK;
		return status_set(STATUS_FORMAT, "it is stored, but %ju bytes "
			"in the file and %ju once read",
			(uintmax_t)entry->stored_bytes,
			(uintmax_t)entry->bytes);
	}
	if (entry->method != ZIP_DEFLATED)
		return status_set(STATUS_FORMAT, "compression method %d; "
			"expected stored or deflated, as numpy writes",
			entry->method);
	if (entry->bytes / DEFLATE_RATIO > entry->stored_bytes)
		return status_set(STATUS_FORMAT, "%ju bytes cannot come out of "
			"%ju deflated ones", (uintmax_t)entry->bytes,
			(uintmax_t)entry->stored_bytes);
	return STATUS_OK;
}

static enum status
at_entry(enum status code, const struct zip_entry *entry)
{
	char *name;

	if (!code)
		return code;
	name = text_escape(entry->name, entry->name_size);
	status_at(code, "%s", name);
	free(name);
	return code;
}

enum status
zip_check(const struct zip_entry *entry)
{
	return at_entry(check_entry(entry), entry);
}

/* The entry at p, of at most n bytes; *used is how many it takes. */
static enum status
read_entry(struct zip_entry *entry, size_t *used, const unsigned char *p,
	size_t n)
{
	size_t name_size, extra_size;
	enum status code;

	if (n < ZIP_ENTRY_SIZE || bytes_u32(p) != ZIP_SIGNATURE_ENTRY)
		return status_set(STATUS_FORMAT, "damaged zip directory: no "
			"entry where one was expected");
	name_size = bytes_u16(p + 28);
	extra_size = bytes_u16(p + 30);
	*used = ZIP_ENTRY_SIZE + name_size + extra_size + bytes_u16(p + 32);
	if (*used > n)
		return status_set(STATUS_FORMAT, "damaged zip directory");
	*entry = (struct zip_entry){
		.name = (const char *)p + ZIP_ENTRY_SIZE,
		.name_size = name_size,
		.encrypted = bytes_u16(p + 8) & FLAGS_ENCRYPTED,
		.method = bytes_u16(p + 10),
		.crc = bytes_u32(p + 16),
		.stored_bytes = bytes_u32(p + 20),
		.bytes = bytes_u32(p + 24),
		.offset = bytes_u32(p + 42),
	};
	code = read_extra64((uint64_t *const[]){ &entry->bytes,
		&entry->stored_bytes, &entry->offset },
		p + ZIP_ENTRY_SIZE + name_size, extra_size);
	if (!code && memchr(entry->name, '\0', entry->name_size))
		code = status_set(STATUS_FORMAT, "a NUL byte in its name");
	if (!code && bytes_u16(p + 34) != 0 && bytes_u16(p + 34) != 0xffff)
		code = zip_fail_split();
	return at_entry(code, entry);
}

static int
compare_offsets(const void *a, const void *b)
{
	uint64_t x = ((const struct zip_entry *)a)->offset;
	uint64_t y = ((const struct zip_entry *)b)->offset;

	return x < y ? -1 : x > y;
}

/* Sorts by offset; each member must end before the next begins. */
static enum status
check_ranges(struct zip_directory *directory, uint64_t limit)
{
	size_t i;

	qsort(directory->entries, directory->count, sizeof *directory->entries,
		compare_offsets);
	for (i = directory->count; i-- > 0;) {
		struct zip_entry *entry = &directory->entries[i];
		size_t head = ZIP_LOCAL_SIZE + entry->name_size;
		char *name;

		entry->end = limit;
		if (entry->offset <= limit && limit - entry->offset >= head
			&& limit - entry->offset - head >= entry->stored_bytes) {
			limit = entry->offset;
			continue;
		}
		name = text_escape(entry->name, entry->name_size);
		status_set(STATUS_FORMAT, "%s: its %ju bytes at byte %ju "
			"overlap what follows or the file's end", name,
			(uintmax_t)entry->stored_bytes,
			(uintmax_t)entry->offset);
		free(name);
		return STATUS_FORMAT;
	}
	return STATUS_OK;
}

static enum status
read_entries(struct zip_directory *directory, const struct zip_extent *extent)
{
	const unsigned char *p = directory->bytes;
	size_t left = (size_t)extent->size, i;

	for (i = 0; i < directory->count; i++) {
		size_t used = 0;
		enum status code = read_entry(&directory->entries[i], &used,
			p, left);

		if (code)
			return code;
		/* Beyond any file where that would be beyond any number. */
		if (!size_add(&directory->entries[i].offset,
			directory->entries[i].offset, extent->before))
			directory->entries[i].offset = UINT64_MAX;
		p += used;
		left -= used;
	}
	if (left > 0)
		return status_set(STATUS_FORMAT, "its zip directory holds more "
			"than the %zu members it claims", directory->count);
	return check_ranges(directory, extent->offset);
}

enum status
zip_directory_read(struct zip_directory *out, const struct source *source)
{
	struct zip_directory directory = { 0 };
	struct zip_extent extent = { 0 };
	enum status code;
	void *bytes = NULL, *entries = NULL;

	code = zip_locate(&extent, source);
	if (code)
		return code;
	code = util_alloc(&bytes, (size_t)extent.size, 1, "zip directory");
	if (!code)
		code = util_alloc(&entries, (size_t)extent.count,
			sizeof *directory.entries, "zip directory");
	directory.bytes = bytes;
	directory.entries = entries;
	directory.count = (size_t)extent.count;
	if (!code)
		code = source_read(source, bytes, extent.offset,
			(size_t)extent.size);
	if (!code)
		code = read_entries(&directory, &extent);
	if (code) {
		zip_directory_free(&directory);
		return code;
	}
	*out = directory;
	return STATUS_OK;
}

void
zip_directory_free(struct zip_directory *directory)
{
	free(directory->bytes);
	free(directory->entries);
	*directory = (struct zip_directory){ 0 };
}
