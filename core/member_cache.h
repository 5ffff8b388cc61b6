/*
 * Loaded factors, shared and immutable, kept while they are used and under a
 * byte budget afterwards; least recently used goes first. Any thread: one
 * reads a member while others that want it wait; no lock is held meanwhile,
 * so different members are read at the same time.
 */
#ifndef CORE_MEMBER_CACHE_H
#define CORE_MEMBER_CACHE_H

#include <stddef.h>

#include "core/status.h"
#include "core/tensor.h"

struct factor;
struct member_cache;
struct member_part;

struct member_cache *member_cache_new(size_t budget);
struct member_cache *member_cache_ref(struct member_cache *cache);
void member_cache_unref(struct member_cache *cache);   /* NULL is fine */

/* The elements of a typed factor, as its type says, or a part of them (NULL:
 * all), for the caller to tensor_unref. Of members larger than the budget only those in use and the
 * last one are kept. That a member is damaged is remembered, and not read again. */
enum status member_cache_get(struct tensor **out, struct member_cache *cache,
	const struct factor *factor, const struct member_part *part);

/* Bytes of the tensors held, used or not. */
size_t member_cache_bytes(struct member_cache *cache);

#endif
