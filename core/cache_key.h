/*
 * What the numbers of a layer depend on, as one hash: the engine, the choice of
 * its method, the layer's settled description and meta, and the content of its factors.
 *
 * Content is identified without reading it all, since a dump may hold
 * gigabytes: by what the file says of each member (CRC-32 and sizes, where
 * the format has a CRC) and a sample of its stored bytes. Two dumps that
 * differ then share a key only if every changed member has both the same
 * CRC-32 and the same sample, which a run of training does not arrive at. A
 * format without CRC is identified by the file instead: device, inode, size,
 * times of its last change, and the sample; a file changed within the last
 * seconds has no key, as one more change might leave its times as they are.
 */
#ifndef CORE_CACHE_KEY_H
#define CORE_CACHE_KEY_H

#include <stdbool.h>

#include "core/sha256.h"

struct layer;
struct store;
struct store_member;

/* Raise this whenever a number that hankel_spectra gives changes. */
enum { ENGINE_VERSION = 11 };

/* False: the layer has no key, and is not cached. The layer is resolved. One
 * thread at a time (json_dumps). */
bool cache_key(unsigned char out[SHA256_SIZE], const struct layer *layer,
	int choice);

/* What one member holds, as above; false where the format has no CRC. Any
 * thread. */
bool cache_key_member(unsigned char out[SHA256_SIZE],
	const struct store *store, const struct store_member *member);

#endif
