/*
 * What fuzz targets put their bytes into.
 */
#ifndef TESTS_FUZZ_ARCHIVE_H
#define TESTS_FUZZ_ARCHIVE_H

#include <stddef.h>
#include <stdint.h>

struct bytes {
	uint8_t *bytes;                 /* for free(3) */
	size_t size, room;
};

void bytes_put(struct bytes *file, const void *bytes, size_t n);
/* The lower n bytes of a number, little end first. */
void bytes_number(struct bytes *file, uint64_t value, size_t n);

/* A zip while members are added; archive_end leaves the file. */
struct archive {
	struct bytes file, directory;
	size_t count;
};

struct zipped {
	const void *name, *data;
	size_t name_size;
	size_t stored_bytes, bytes;
	uint32_t crc;
	unsigned method;
};

void archive_add(struct archive *archive, const struct zipped *member);
void archive_add_stored(struct archive *archive, const void *name,
	size_t name_size, const void *data, size_t n);
void archive_end(struct archive *archive);

#endif
