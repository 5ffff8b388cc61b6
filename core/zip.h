/*
 * Zip archives as numpy and others write them: the directory at the end, and
 * members that are stored or deflated, read from their start. Sizes come only
 * from the central directory (older Pythons write inconsistent local ones).
 * Sentences name members, not the file.
 */
#ifndef CORE_ZIP_H
#define CORE_ZIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/status.h"

struct source;

enum {
	ZIP_STORED = 0,
	ZIP_DEFLATED = 8,
	ZIP_LOCAL_SIZE = 30,            /* a local header's fixed part */
};

struct zip_entry {
	const char *name;       /* in the directory's bytes: no NUL at its end */
	size_t name_size;
	bool encrypted;
	int method;
	uint32_t crc;
	uint64_t stored_bytes;  /* in the file */
	uint64_t bytes;         /* once inflated */
	uint64_t offset;        /* of its local header */
	uint64_t end;           /* what follows begins here */
};

struct zip_directory {
	unsigned char *bytes;
	struct zip_entry *entries;      /* in the order of their offsets */
	size_t count;
};

/* Every member lies in the file, apart from all others. */
enum status zip_directory_read(struct zip_directory *out,
	const struct source *source);
void zip_directory_free(struct zip_directory *directory);

/* Can it be read: stored or deflated, of a size its stored bytes can hold? */
enum status zip_check(const struct zip_entry *entry);

/* All of a member, entry->bytes of them: sizes and CRC are right. */
enum status zip_load(void *out, const struct source *source,
	const struct zip_entry *entry);

/* The same, of a member that nobody wants: its bytes go through a buffer. */
enum status zip_verify(const struct source *source,
	const struct zip_entry *entry);

/* Where its stored bytes begin; all of them lie before entry->end. */
enum status zip_begin(uint64_t *out, const struct source *source,
	const struct zip_entry *entry);

struct zip_stream;

/* Reads one member from its start. The name is not needed. */
enum status zip_open(struct zip_stream **out, const struct source *source,
	const struct zip_entry *entry);
void zip_close(struct zip_stream *stream);

/* The next n bytes; STATUS_FORMAT where the member ends before. */
enum status zip_read(struct zip_stream *stream, void *out, size_t n);

/* After all bytes have been read: was that all, and is the CRC right? */
enum status zip_finish(struct zip_stream *stream);

#endif
