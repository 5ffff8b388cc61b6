/*
 * What is kept. Strips are dropped whole when the budget would be passed,
 * those not on the screen first, of these the least recently seen; a strip
 * that does not fit alone loses its older blocks, and a block that does not
 * fit alone is thinned out. Everything the atlas allocates is counted.
 */
#include "core/atlas.h"

#include <stdlib.h>
#include <string.h>

#include "core/atlas_strip.h"
#include "core/dump.h"
#include "core/packed.h"
#include "core/util.h"

/* Blocks of a strip: with more, the two smallest become one. */
enum { BLOCKS = ATLAS_BLOCKS, BUCKETS_FIRST = 64 };

struct atlas *
atlas_new(size_t budget)
{
	struct atlas *atlas = xcalloc(1, sizeof *atlas);

	atlas->budget = budget;
	atlas->bucket_count = BUCKETS_FIRST;
	atlas->bytes = sizeof *atlas
		+ atlas->bucket_count * sizeof *atlas->buckets;
	atlas->buckets = xcalloc(atlas->bucket_count, sizeof *atlas->buckets);
	return atlas;
}

void
atlas_free(struct atlas *atlas)
{
	if (!atlas)
		return;
	while (atlas->oldest)
		strip_drop(atlas, atlas->oldest);
	free(atlas->buckets);
	free(atlas);
}

/* The index of the smallest block, or of the smallest but `but`. */
static size_t
smallest(const struct strip *strip, size_t but)
{
	size_t least = strip->block_count;

	for (size_t k = 0; k < strip->block_count; k++)
		if (k != but && (least == strip->block_count
		    || strip_block_bytes(strip->blocks[k])
			< strip_block_bytes(strip->blocks[least])))
			least = k;
	return least;
}

/* Room for one more block: the two smallest become one, so that each cell is
 * copied only about log2 of the number of blocks times. Without the memory
 * for that the older of the two goes. */
static void
make_slot(struct atlas *atlas, struct strip *strip)
{
	struct packed *two[2], *one = NULL;
	size_t a, b;

	if (strip->block_count < BLOCKS)
		return;
	a = smallest(strip, BLOCKS);
	b = smallest(strip, a);
	two[0] = strip_take_out(atlas, strip, a > b ? a : b);
	two[1] = strip_take_out(atlas, strip, a > b ? b : a);
	if (packed_merge(&one, two, 2) != STATUS_OK)
		one = packed_ref(two[0]);
	packed_unref(two[0]);
	packed_unref(two[1]);
	strip_put_in(atlas, strip, one);
}

/* What goes next, but not `keep`: the least recently seen that is not on the
 * screen, else of what is there. NULL: nothing may go. */
static struct strip *
next_to_go(const struct atlas *atlas, const struct strip *keep)
{
	struct strip *strip = atlas->oldest;

	while (strip && (strip == keep || strip_is_seen(atlas, strip)))
		strip = strip->newer;
	if (strip)
		return strip;
	strip = atlas->oldest;
	while (strip && (strip == keep || strip_is_pinned(atlas, strip)))
		strip = strip->newer;
	return strip;
}

/* Makes room for so many bytes of this strip; false: they do not fit. */
static bool
make_room(struct atlas *atlas, struct strip *strip, size_t bytes)
{
	struct strip *other;

	if (bytes > atlas->budget)
		return false;
	while (atlas->bytes > atlas->budget - bytes
		&& (other = next_to_go(atlas, strip)))
		strip_drop(atlas, other);
	while (atlas->bytes > atlas->budget - bytes && strip->block_count)
		packed_unref(strip_take_out(atlas, strip, 0));
	return atlas->bytes <= atlas->budget - bytes;
}

static void
trim(struct atlas *atlas)
{
	struct strip *strip;

	while (atlas->bytes > atlas->budget
		&& (strip = next_to_go(atlas, NULL)))
		strip_drop(atlas, strip);
}

/* It leaves a quarter of the budget to what comes later. */
size_t
atlas_block_most(const struct atlas *atlas)
{
	return atlas->budget / 4 * 3;
}

/* What of the block is new; thinned out where it would fill the budget
 * alone. */
static struct packed *
fitted(const struct atlas *atlas, const struct strip *strip,
	struct packed *block)
{
	struct packed *out = NULL;

	if (packed_without(&out, block, strip->held) != STATUS_OK)
		return NULL;
	packed_thin(&out, atlas_block_most(atlas));
	return out;
}

/* What is known already stays; where a much larger block has the same to the
 * bit it stays there. So a channel that is swept after some of its cells were
 * looked at is not copied but for these. */
static void
make_way(struct atlas *atlas, struct strip *strip, const struct packed *block)
{
	if (strip_block_bytes(block) > atlas_block_most(atlas))
		return;
	for (size_t k = strip->block_count; k-- > 0;) {
		struct packed *old = strip->blocks[k], *rest = NULL;

		if (old->count > block->count / 4
		    || packed_spare(&rest, old, block) != STATUS_OK)
			continue;
		if (rest != old) {
			packed_unref(strip_take_out(atlas, strip, k));
			if (rest->count)
				strip_put_in(atlas, strip, packed_ref(rest));
		}
		packed_unref(rest);
	}
}

static void
put_new(struct atlas *atlas, struct strip *strip, struct packed *block)
{
	struct packed *new;

	make_way(atlas, strip, block);
	new = fitted(atlas, strip, block);
	if (!new)
		return;
	make_slot(atlas, strip);
	if (new->count && make_room(atlas, strip, strip_block_bytes(new)))
		strip_put_in(atlas, strip, packed_ref(new));
	packed_unref(new);
}

void
atlas_put(struct atlas *atlas, const struct layer *layer, size_t channel,
	struct packed *block)
{
	struct strip *strip = strip_get(atlas, layer, channel);
	size_t words = strip_words(layer);

	if (!strip->held && make_room(atlas, strip, words * sizeof(uint64_t))) {
		strip->held = xcalloc(words, sizeof(uint64_t));
		strip_charge(atlas, strip, words * sizeof(uint64_t));
	}
	if (strip->held)
		put_new(atlas, strip, block);
	packed_unref(block);
	trim(atlas);
}

double
atlas_spend(struct atlas *atlas, const struct layer *layer, size_t channel,
	double seconds)
{
	struct strip *strip = *strip_place(atlas, layer, channel);

	return strip ? strip->unsaved += seconds : 0;
}

void
atlas_saved(struct atlas *atlas, const struct layer *layer, size_t channel)
{
	struct strip *strip = *strip_place(atlas, layer, channel);

	if (strip)
		strip->unsaved = 0;
}

void
atlas_touch(struct atlas *atlas, const struct layer *layer, size_t channel)
{
	struct strip *strip = *strip_place(atlas, layer, channel);

	if (!strip)
		return;
	strip_use(atlas, strip);
}

void
atlas_look(struct atlas *atlas, struct atlas_view view)
{
	atlas->view = view;
	atlas->seen_bytes = 0;
	for (struct strip *strip = atlas->oldest; strip; strip = strip->newer)
		if (strip_is_seen(atlas, strip))
			atlas->seen_bytes += strip->bytes;
}

size_t
atlas_seen_bytes(const struct atlas *atlas)
{
	return atlas->seen_bytes + sizeof *atlas
		+ atlas->bucket_count * sizeof *atlas->buckets;
}

void
atlas_fail(struct atlas *atlas, const struct layer *layer, size_t channel,
	const char *sentence)
{
	struct strip *strip = strip_get(atlas, layer, channel);

	size_t bytes = strlen(sentence) + 1;

	if (strip->failure)
		strip_refund(atlas, strip, strlen(strip->failure) + 1);
	free(strip->failure);
	strip->failure = NULL;
	if (make_room(atlas, strip, bytes)) {
		strip->failure = xstrdup(sentence);
		strip_charge(atlas, strip, bytes);
	}
	trim(atlas);
}

size_t
atlas_bytes(const struct atlas *atlas)
{
	return atlas->bytes;
}

size_t
atlas_budget(const struct atlas *atlas)
{
	return atlas->budget;
}
