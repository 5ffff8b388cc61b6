/*
 * Spectra on disk, so that a second look at a dump need not compute them
 * again: a file a channel in one directory, which may be deleted at any time.
 *
 * Keyed by content (cache_key.h), written to a temporary file and renamed, so
 * that a file is whole or not there, whoever is killed and however many
 * programs write; what is read is checked to the last byte (cache_file.h).
 * No call fails: without a directory, space or permission there is just less
 * in the cache. After cache_open any thread.
 */
#ifndef CORE_CACHE_H
#define CORE_CACHE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/sha256.h"

struct cache;
struct layer;
struct packed;

/* $XDG_CACHE_HOME/esscope or ~/.cache/esscope, for free(); NULL where the
 * environment names neither. */
char *cache_directory(void);

/* Nothing is made in the directory (nor the directory) before the first
 * write. Files take at most `limit` bytes together; those used longest ago
 * are removed for new ones. Spectra are of that enum method_choice. */
struct cache *cache_open(const char *directory, size_t limit, int choice);
void cache_close(struct cache *cache);  /* NULL is fine */

/* What is kept of a channel of a resolved layer; false: nothing. */
bool cache_read(struct packed **out, struct cache *cache,
	const struct layer *layer, size_t channel);

/* Keeps the cells instead of what there was of the channel. */
void cache_write(struct cache *cache, const struct layer *layer,
	size_t channel, const struct packed *packed);

/* Bytes of another kind under a key of their own: a descriptor to read them
 * from, as hostile as any file, or -1. */
int cache_blob_open(struct cache *cache,
	const unsigned char key[SHA256_SIZE]);
void cache_blob_write(struct cache *cache,
	const unsigned char key[SHA256_SIZE], const unsigned char *bytes,
	size_t size);

/* Is it worth a file, after so many seconds of work? From 10 ns a byte and
 * 2 ms a file on: reading takes a fifth of that, or less. */
bool cache_worth(struct packed *const *blocks, size_t block_count,
	double seconds);

#endif
