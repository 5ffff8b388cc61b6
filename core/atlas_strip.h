/*
 * Between the files of the atlas: what is known of one channel is a strip, a
 * few blocks of packed spectra and a bit a position. Strips are found by hash
 * and linked in the order they were last used in. atlas_strip.c has one strip
 * and its place, atlas.c what is kept under the budget, atlas_ask.c the
 * questions.
 */
#ifndef CORE_ATLAS_STRIP_H
#define CORE_ATLAS_STRIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/atlas.h"

struct packed;

enum {
	STRIP_BITS = 64,                /* a word of held */
	LAYER_SLOTS = 128,
};

struct strip {
	const struct layer *layer;
	size_t channel;
	struct strip *chain;            /* same hash bucket */
	struct strip *newer, *older;    /* order of use */
	uint64_t *held;                 /* a bit a position; NULL: none */
	size_t known;
	struct packed *blocks[ATLAS_BLOCKS];  /* disjoint, oldest first */
	size_t block_count;
	size_t bytes;                   /* all of the above */
	double unsaved;                 /* seconds */
	char *failure;
};

struct atlas {
	size_t budget, bytes;
	struct strip **buckets;
	size_t bucket_count;            /* a power of two */
	size_t strip_count;
	struct strip *newest, *oldest;
	struct atlas_view view;
	size_t seen_bytes;              /* of the strips in it */
	/* How often anything changed; layers are dealt out by hash. */
	uint32_t changes[LAYER_SLOTS];
};

/* Where the channel's strip is linked in its bucket, or would be. */
struct strip **strip_place(const struct atlas *atlas,
	const struct layer *layer, size_t channel);

/* The channel's strip, made when it is new, and now the newest in use. */
struct strip *strip_get(struct atlas *atlas, const struct layer *layer,
	size_t channel);
void strip_use(struct atlas *atlas, struct strip *strip);
void strip_drop(struct atlas *atlas, struct strip *strip);

/* Is it the cursor's? Is it on the screen? */
bool strip_is_pinned(const struct atlas *atlas, const struct strip *strip);
bool strip_is_seen(const struct atlas *atlas, const struct strip *strip);

/* The layer's of atlas->changes. */
size_t strip_slot(const struct layer *layer);

/* What the strip allocates is counted, and no longer; it has changed. */
void strip_charge(struct atlas *atlas, struct strip *strip, size_t bytes);
void strip_refund(struct atlas *atlas, struct strip *strip, size_t bytes);

/* Words of held. */
size_t strip_words(const struct layer *layer);

/* Takes block k out of the strip; the reference is the caller's. */
struct packed *strip_take_out(struct atlas *atlas, struct strip *strip,
	size_t k);
void strip_put_in(struct atlas *atlas, struct strip *strip,
	struct packed *block);
size_t strip_block_bytes(const struct packed *block);

#endif
