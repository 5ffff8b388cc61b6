/*
 * What has been computed: (layer, channel, position) -> spectrum, under a byte
 * budget; the least recently seen channel goes first, what is on the screen
 * last. One thread only.
 */
#ifndef CORE_ATLAS_H
#define CORE_ATLAS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/hankel.h"
#include "core/measure.h"
#include "core/spectrum.h"

struct atlas;
struct layer;
struct packed;

struct atlas *atlas_new(size_t budget);
void atlas_free(struct atlas *atlas);

/* Takes over the caller's reference. What is known already stays as it is; of
 * a block that would fill the budget alone every 2nd, 4th, ... cell is kept. */
void atlas_put(struct atlas *atlas, const struct layer *layer,
	size_t channel, struct packed *block);

/* A block with more bytes is thinned out: who has many, beforehand
 * (packed_thin). */
size_t atlas_block_most(const struct atlas *atlas);

/* A copy; its values are borrowed until the next atlas_put. False where
 * nothing is known. */
bool atlas_get(struct spectrum *out, const struct atlas *atlas,
	const struct layer *layer, size_t channel, size_t position);

/* Is the cell known? */
bool atlas_holds(const struct atlas *atlas, const struct layer *layer,
	size_t channel, size_t position);

/* For many positions of a channel: a bit each, 64 a word, lowest first; NULL:
 * none is held. Borrowed until the atlas changes. */
const uint64_t *atlas_held(const struct atlas *atlas,
	const struct layer *layer, size_t channel);

/* The nearest known cells below and above a position, copies likewise. */
bool atlas_before(struct spectrum *out, const struct atlas *atlas,
	const struct layer *layer, size_t channel, size_t position);
bool atlas_after(struct spectrum *out, const struct atlas *atlas,
	const struct layer *layer, size_t channel, size_t position);

/* Gives what is known of positions begin .. end - 1 to the sink, in any
 * order. */
void atlas_each(const struct atlas *atlas, const struct layer *layer,
	size_t channel, size_t begin, size_t end, struct hankel_sink sink);

/* tolerance-ESS of positions begin .. end - 1, ESS_UNKNOWN where nothing is
 * known: what atlas_each and ess_tolerance would give, much faster. False,
 * and out untouched, where nothing is known of the channel. */
#define ESS_UNKNOWN UINT32_MAX
bool atlas_count(uint32_t *out, const struct atlas *atlas,
	const struct layer *layer, size_t channel, size_t begin, size_t end,
	struct tolerance tol);

/* The blocks all of that is in, at most ATLAS_BLOCKS, for packed_unref. */
enum { ATLAS_BLOCKS = 8 };
size_t atlas_blocks(struct packed **out, const struct atlas *atlas,
	const struct layer *layer, size_t channel);

/* Adds to the seconds of work in a channel that is not on disk, and returns
 * them; atlas_saved: now it is. */
double atlas_spend(struct atlas *atlas, const struct layer *layer,
	size_t channel, double seconds);
void atlas_saved(struct atlas *atlas, const struct layer *layer,
	size_t channel);

/* What is on the screen: its channels go after all others, and that of the
 * cursor never. A view without a layer is of nothing. */
struct atlas_view {
	const struct layer *layer;
	size_t channel_begin, channel_end;
	size_t channel;                 /* the cursor's */
};

void atlas_look(struct atlas *atlas, struct atlas_view view);

/* What the atlas would still hold without all that is not in the view. */
size_t atlas_seen_bytes(const struct atlas *atlas);

/* The channel is being looked at: it is now the last of its kind to go. */
void atlas_touch(struct atlas *atlas, const struct layer *layer,
	size_t channel);

/* How many positions of a channel are known. */
size_t atlas_known(const struct atlas *atlas, const struct layer *layer,
	size_t channel);

/* Another number when what is known of the layer, or failed, may be other
 * than it was. */
uint32_t atlas_changes(const struct atlas *atlas, const struct layer *layer);

/* Singular values of its cells, all together. */
size_t atlas_values(const struct atlas *atlas, const struct layer *layer,
	size_t channel);

/* A channel that cannot be computed, and the sentence why (copied). */
void atlas_fail(struct atlas *atlas, const struct layer *layer,
	size_t channel, const char *sentence);
const char *atlas_failure(const struct atlas *atlas,
	const struct layer *layer, size_t channel);   /* NULL: none */

/* All that the atlas has allocated; never above the budget, unless that is
 * too small for an empty one. */
size_t atlas_bytes(const struct atlas *atlas);
size_t atlas_budget(const struct atlas *atlas);

#endif
