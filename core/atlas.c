/*
 * A strip holds what is known of one channel: a few blocks of packed spectra,
 * and a bit a position. Strips are found by hash and dropped whole when the
 * budget would be passed, those not on the screen first, of these the least
 * recently seen; a strip that does not fit alone loses its older blocks, and a
 * block that does not fit alone is thinned out. Everything the atlas allocates
 * is counted.
 */
#include "core/atlas.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/dump.h"
#include "core/packed.h"
#include "core/util.h"

/* Blocks of a strip: with more, the two smallest become one. */
enum { BLOCKS = ATLAS_BLOCKS, BITS = 64, BUCKETS_FIRST = 64 };

struct strip {
	const struct layer *layer;
	size_t channel;
	struct strip *chain;            /* same hash bucket */
	struct strip *newer, *older;    /* order of use */
	uint64_t *held;                 /* a bit a position; NULL: none */
	size_t known;
	struct packed *blocks[BLOCKS];  /* disjoint, oldest first */
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
};

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

static size_t
hash(const struct layer *layer, size_t channel)
{
	uint64_t x = (uint64_t)(uintptr_t)layer + channel * 0x9e3779b97f4a7c15u;

	x ^= x >> 32;
	x *= 0xd6e8feb86659fd93u;
	x ^= x >> 32;
	return (size_t)x;
}

static struct strip **
place(const struct atlas *atlas, const struct layer *layer, size_t channel)
{
	struct strip **at = &atlas->buckets[hash(layer, channel)
		& (atlas->bucket_count - 1)];

	while (*at && ((*at)->layer != layer || (*at)->channel != channel))
		at = &(*at)->chain;
	return at;
}

static void
unlink_use(struct atlas *atlas, struct strip *strip)
{
	if (strip->newer)
		strip->newer->older = strip->older;
	else
		atlas->newest = strip->older;
	if (strip->older)
		strip->older->newer = strip->newer;
	else
		atlas->oldest = strip->newer;
}

static void
link_newest(struct atlas *atlas, struct strip *strip)
{
	strip->newer = NULL;
	strip->older = atlas->newest;
	if (atlas->newest)
		atlas->newest->newer = strip;
	else
		atlas->oldest = strip;
	atlas->newest = strip;
}

static bool
is_pinned(const struct atlas *atlas, const struct strip *strip)
{
	return strip->layer == atlas->view.layer
		&& strip->channel == atlas->view.channel;
}

static bool
is_seen(const struct atlas *atlas, const struct strip *strip)
{
	const struct atlas_view *view = &atlas->view;

	return is_pinned(atlas, strip) || (strip->layer == view->layer
		&& strip->channel >= view->channel_begin
		&& strip->channel < view->channel_end);
}

static void
charge(struct atlas *atlas, struct strip *strip, size_t bytes)
{
	strip->bytes += bytes;
	atlas->bytes += bytes;
	if (is_seen(atlas, strip))
		atlas->seen_bytes += bytes;
}

static void
refund(struct atlas *atlas, struct strip *strip, size_t bytes)
{
	strip->bytes -= bytes;
	atlas->bytes -= bytes;
	if (is_seen(atlas, strip))
		atlas->seen_bytes -= bytes;
}

static size_t
block_bytes(const struct packed *block)
{
	return packed_bytes(block->count, block->value_count);
}

static void
drop(struct atlas *atlas, struct strip *strip)
{
	struct strip **at = place(atlas, strip->layer, strip->channel);

	*at = strip->chain;
	unlink_use(atlas, strip);
	refund(atlas, strip, strip->bytes);
	atlas->strip_count--;
	for (size_t k = 0; k < strip->block_count; k++)
		packed_unref(strip->blocks[k]);
	free(strip->held);
	free(strip->failure);
	free(strip);
}

void
atlas_free(struct atlas *atlas)
{
	if (!atlas)
		return;
	while (atlas->oldest)
		drop(atlas, atlas->oldest);
	free(atlas->buckets);
	free(atlas);
}

static void
grow_buckets(struct atlas *atlas)
{
	struct strip **old = atlas->buckets;
	size_t count = atlas->bucket_count;

	atlas->bytes += 3 * count * sizeof *atlas->buckets;
	atlas->bucket_count *= 4;
	atlas->buckets = xcalloc(atlas->bucket_count, sizeof *atlas->buckets);
	for (size_t k = 0; k < count; k++)
		for (struct strip *strip = old[k], *next; strip; strip = next) {
			struct strip **at;

			next = strip->chain;
			at = place(atlas, strip->layer, strip->channel);
			strip->chain = *at;
			*at = strip;
		}
	free(old);
}

/* The channel's strip, made when it is new, and now the newest in use. */
static struct strip *
strip_of(struct atlas *atlas, const struct layer *layer, size_t channel)
{
	struct strip **at = place(atlas, layer, channel), *strip = *at;

	if (strip) {
		unlink_use(atlas, strip);
		link_newest(atlas, strip);
		return strip;
	}
	strip = xcalloc(1, sizeof *strip);
	strip->layer = layer;
	strip->channel = channel;
	*at = strip;
	link_newest(atlas, strip);
	charge(atlas, strip, sizeof *strip);
	if (++atlas->strip_count > atlas->bucket_count)
		grow_buckets(atlas);
	return strip;
}

static size_t
held_words(const struct layer *layer)
{
	return (layer->length + BITS - 1) / BITS;
}

static void
mark(struct strip *strip, const struct packed *block, bool held)
{
	for (size_t k = 0; k < block->count; k++) {
		size_t i = block->places[k].position;
		uint64_t bit = (uint64_t)1 << i % BITS;

		if (held)
			strip->held[i / BITS] |= bit;
		else
			strip->held[i / BITS] &= ~bit;
	}
	strip->known += held ? block->count : 0 - block->count;
}

/* Takes block k out of the strip; the reference is the caller's. */
static struct packed *
take_out(struct atlas *atlas, struct strip *strip, size_t k)
{
	struct packed *block = strip->blocks[k];

	mark(strip, block, false);
	refund(atlas, strip, block_bytes(block));
	strip->block_count--;
	for (; k < strip->block_count; k++)
		strip->blocks[k] = strip->blocks[k + 1];
	return block;
}

static void
put_in(struct atlas *atlas, struct strip *strip, struct packed *block)
{
	mark(strip, block, true);
	charge(atlas, strip, block_bytes(block));
	strip->blocks[strip->block_count++] = block;
}

/* The index of the smallest block, or of the smallest but `but`. */
static size_t
smallest(const struct strip *strip, size_t but)
{
	size_t least = strip->block_count;

	for (size_t k = 0; k < strip->block_count; k++)
		if (k != but && (least == strip->block_count
		    || block_bytes(strip->blocks[k])
			< block_bytes(strip->blocks[least])))
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
	two[0] = take_out(atlas, strip, a > b ? a : b);
	two[1] = take_out(atlas, strip, a > b ? b : a);
	if (packed_merge(&one, two, 2) != STATUS_OK)
		one = packed_ref(two[0]);
	packed_unref(two[0]);
	packed_unref(two[1]);
	put_in(atlas, strip, one);
}

/* What goes next, but not `keep`: the least recently seen that is not on the
 * screen, else of what is there. NULL: nothing may go. */
static struct strip *
next_to_go(const struct atlas *atlas, const struct strip *keep)
{
	struct strip *strip = atlas->oldest;

	while (strip && (strip == keep || is_seen(atlas, strip)))
		strip = strip->newer;
	if (strip)
		return strip;
	strip = atlas->oldest;
	while (strip && (strip == keep || is_pinned(atlas, strip)))
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
		drop(atlas, other);
	while (atlas->bytes > atlas->budget - bytes && strip->block_count)
		packed_unref(take_out(atlas, strip, 0));
	return atlas->bytes <= atlas->budget - bytes;
}

static void
trim(struct atlas *atlas)
{
	struct strip *strip;

	while (atlas->bytes > atlas->budget
		&& (strip = next_to_go(atlas, NULL)))
		drop(atlas, strip);
}

/* What of the block is new; halved until it leaves a quarter of the budget to
 * what comes later, where it would fill the budget alone. */
static struct packed *
fitted(const struct atlas *atlas, const struct strip *strip,
	struct packed *block)
{
	struct packed *out = NULL;

	if (packed_without(&out, block, strip->held) != STATUS_OK)
		return NULL;
	while (out->count && block_bytes(out) > atlas->budget / 4 * 3) {
		struct packed *half = NULL;

		if (packed_halve(&half, out) != STATUS_OK)
			break;
		packed_unref(out);
		out = half;
	}
	return out;
}

static void
put_new(struct atlas *atlas, struct strip *strip, struct packed *block)
{
	struct packed *new = fitted(atlas, strip, block);

	if (!new)
		return;
	make_slot(atlas, strip);
	if (new->count && make_room(atlas, strip, block_bytes(new)))
		put_in(atlas, strip, packed_ref(new));
	packed_unref(new);
}

void
atlas_put(struct atlas *atlas, const struct layer *layer, size_t channel,
	struct packed *block)
{
	struct strip *strip = strip_of(atlas, layer, channel);
	size_t words = held_words(layer);

	if (!strip->held && make_room(atlas, strip, words * sizeof(uint64_t))) {
		strip->held = xcalloc(words, sizeof(uint64_t));
		charge(atlas, strip, words * sizeof(uint64_t));
	}
	if (strip->held)
		put_new(atlas, strip, block);
	packed_unref(block);
	trim(atlas);
}

static const struct strip *
known_strip(const struct atlas *atlas, const struct layer *layer,
	size_t channel)
{
	const struct strip *strip = *place(atlas, layer, channel);

	return strip && strip->held ? strip : NULL;
}

bool
atlas_holds(const struct atlas *atlas, const struct layer *layer,
	size_t channel, size_t position)
{
	const struct strip *strip = known_strip(atlas, layer, channel);

	return strip && position < layer->length
		&& (strip->held[position / BITS] >> position % BITS & 1);
}

bool
atlas_get(struct spectrum *out, const struct atlas *atlas,
	const struct layer *layer, size_t channel, size_t position)
{
	const struct strip *strip = known_strip(atlas, layer, channel);

	for (size_t b = 0; strip && b < strip->block_count; b++) {
		const struct packed *block = strip->blocks[b];
		size_t k = packed_find(block, position);

		if (k < block->count
		    && block->places[k].position == position) {
			*out = packed_spectrum(block, k);
			return true;
		}
	}
	return false;
}

/* Positions outwards a word at a time; position 0 is never held. */
bool
atlas_before(struct spectrum *out, const struct atlas *atlas,
	const struct layer *layer, size_t channel, size_t position)
{
	const struct strip *strip = known_strip(atlas, layer, channel);
	size_t word = position / BITS;
	uint64_t bits;

	if (!strip || !position || position > layer->length)
		return false;
	bits = position % BITS ? strip->held[word]
		& (((uint64_t)1 << position % BITS) - 1) : 0;
	while (!bits && word > 0)
		bits = strip->held[--word];
	return bits && atlas_get(out, atlas, layer, channel,
		word * BITS + BITS - 1 - (size_t)__builtin_clzll(bits));
}

bool
atlas_after(struct spectrum *out, const struct atlas *atlas,
	const struct layer *layer, size_t channel, size_t position)
{
	const struct strip *strip = known_strip(atlas, layer, channel);
	size_t word = ++position / BITS, words = held_words(layer);
	uint64_t bits;

	if (!strip || position >= layer->length)
		return false;
	bits = strip->held[word] & ~(uint64_t)0 << position % BITS;
	while (!bits && word + 1 < words)
		bits = strip->held[++word];
	return bits && atlas_get(out, atlas, layer, channel,
		word * BITS + (size_t)__builtin_ctzll(bits));
}

void
atlas_each(const struct atlas *atlas, const struct layer *layer,
	size_t channel, size_t begin, size_t end, struct hankel_sink sink)
{
	const struct strip *strip = known_strip(atlas, layer, channel);

	for (size_t b = 0; strip && b < strip->block_count; b++)
		packed_each(strip->blocks[b], begin, end, sink);
}

bool
atlas_count(uint32_t *out, const struct atlas *atlas,
	const struct layer *layer, size_t channel, size_t begin, size_t end,
	struct tolerance tol)
{
	const struct strip *strip = known_strip(atlas, layer, channel);

	if (!strip || !strip->known)
		return false;
	if (strip->known < layer->length - 1 || begin == 0)
		for (size_t i = begin; i < end; i++)
			out[i - begin] = ESS_UNKNOWN;
	for (size_t b = 0; b < strip->block_count; b++)
		packed_count(out, strip->blocks[b], begin, end, tol);
	return true;
}

size_t
atlas_blocks(struct packed **out, const struct atlas *atlas,
	const struct layer *layer, size_t channel)
{
	const struct strip *strip = known_strip(atlas, layer, channel);
	size_t count = strip ? strip->block_count : 0;

	for (size_t b = 0; b < count; b++)
		out[b] = packed_ref(strip->blocks[b]);
	return count;
}

double
atlas_spend(struct atlas *atlas, const struct layer *layer, size_t channel,
	double seconds)
{
	struct strip *strip = *place(atlas, layer, channel);

	return strip ? strip->unsaved += seconds : 0;
}

void
atlas_saved(struct atlas *atlas, const struct layer *layer, size_t channel)
{
	struct strip *strip = *place(atlas, layer, channel);

	if (strip)
		strip->unsaved = 0;
}

void
atlas_touch(struct atlas *atlas, const struct layer *layer, size_t channel)
{
	struct strip *strip = *place(atlas, layer, channel);

	if (!strip)
		return;
	unlink_use(atlas, strip);
	link_newest(atlas, strip);
}

void
atlas_look(struct atlas *atlas, struct atlas_view view)
{
	atlas->view = view;
	atlas->seen_bytes = 0;
	for (struct strip *strip = atlas->oldest; strip; strip = strip->newer)
		if (is_seen(atlas, strip))
			atlas->seen_bytes += strip->bytes;
}

size_t
atlas_seen_bytes(const struct atlas *atlas)
{
	return atlas->seen_bytes + sizeof *atlas
		+ atlas->bucket_count * sizeof *atlas->buckets;
}

size_t
atlas_known(const struct atlas *atlas, const struct layer *layer,
	size_t channel)
{
	const struct strip *strip = *place(atlas, layer, channel);

	return strip ? strip->known : 0;
}

void
atlas_fail(struct atlas *atlas, const struct layer *layer, size_t channel,
	const char *sentence)
{
	struct strip *strip = strip_of(atlas, layer, channel);

	size_t bytes = strlen(sentence) + 1;

	if (strip->failure)
		refund(atlas, strip, strlen(strip->failure) + 1);
	free(strip->failure);
	strip->failure = NULL;
	if (make_room(atlas, strip, bytes)) {
		strip->failure = xstrdup(sentence);
		charge(atlas, strip, bytes);
	}
	trim(atlas);
}

const char *
atlas_failure(const struct atlas *atlas, const struct layer *layer,
	size_t channel)
{
	const struct strip *strip = *place(atlas, layer, channel);

	return strip ? strip->failure : NULL;
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
