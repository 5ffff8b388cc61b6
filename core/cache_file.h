/*
 * One file of the cache: a header and the arrays of a struct packed, in the
 * machine's own layout. Hostile until parsed: sizes are held against the
 * file's, the checksum covers every byte, and what views rely on (positions
 * ascend within 1..L-1, values descend, methods exist) is checked besides.
 */
#ifndef CORE_CACHE_FILE_H
#define CORE_CACHE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/sha256.h"

struct packed;

/* What a file has to be of; all of it is in the header. */
struct cache_id {
	unsigned char key[SHA256_SIZE];
	uint64_t channel, length;       /* length: L */
};

/* False, and *out untouched, for anything but a whole file of that id. */
bool cache_file_read(struct packed **out, int fd, const struct cache_id *id);

/* False where not all of it could be written. */
bool cache_file_write(int fd, const struct packed *packed,
	const struct cache_id *id);

uint64_t cache_file_size(uint64_t cells, uint64_t values);

#endif
