/*
 * One strip, and where it is found. Everything it allocates is counted.
 */
#include "core/atlas_strip.h"

#include <stdlib.h>

#include "core/dump.h"
#include "core/packed.h"
#include "core/util.h"

static size_t
hash(const struct layer *layer, size_t channel)
{
	uint64_t x = (uint64_t)(uintptr_t)layer + channel * 0x9e3779b97f4a7c15u;

	x ^= x >> 32;
	x *= 0xd6e8feb86659fd93u;
	x ^= x >> 32;
	return (size_t)x;
}

size_t
strip_slot(const struct layer *layer)
{
	return hash(layer, 0) % LAYER_SLOTS;
}

struct strip **
strip_place(const struct atlas *atlas, const struct layer *layer, size_t channel)
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

void
strip_use(struct atlas *atlas, struct strip *strip)
{
	unlink_use(atlas, strip);
	link_newest(atlas, strip);
}

bool
strip_is_pinned(const struct atlas *atlas, const struct strip *strip)
{
	return strip->layer == atlas->view.layer
		&& strip->channel == atlas->view.channel;
}

bool
strip_is_seen(const struct atlas *atlas, const struct strip *strip)
{
	const struct atlas_view *view = &atlas->view;

	return strip_is_pinned(atlas, strip) || (strip->layer == view->layer
		&& strip->channel >= view->channel_begin
		&& strip->channel < view->channel_end);
}

void
strip_charge(struct atlas *atlas, struct strip *strip, size_t bytes)
{
	atlas->changes[strip_slot(strip->layer)]++;
	strip->bytes += bytes;
	atlas->bytes += bytes;
	if (strip_is_seen(atlas, strip))
		atlas->seen_bytes += bytes;
}

void
strip_refund(struct atlas *atlas, struct strip *strip, size_t bytes)
{
	atlas->changes[strip_slot(strip->layer)]++;
	strip->bytes -= bytes;
	atlas->bytes -= bytes;
	if (strip_is_seen(atlas, strip))
		atlas->seen_bytes -= bytes;
}

size_t
strip_block_bytes(const struct packed *block)
{
	return packed_bytes(block->count, block->value_count);
}

void
strip_drop(struct atlas *atlas, struct strip *strip)
{
	struct strip **at = strip_place(atlas, strip->layer, strip->channel);

	*at = strip->chain;
	unlink_use(atlas, strip);
	strip_refund(atlas, strip, strip->bytes);
	atlas->strip_count--;
	for (size_t k = 0; k < strip->block_count; k++)
		packed_unref(strip->blocks[k]);
	free(strip->held);
	free(strip->failure);
	free(strip);
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
			at = strip_place(atlas, strip->layer, strip->channel);
			strip->chain = *at;
			*at = strip;
		}
	free(old);
}

struct strip *
strip_get(struct atlas *atlas, const struct layer *layer, size_t channel)
{
	struct strip **at = strip_place(atlas, layer, channel), *strip = *at;

	if (strip) {
		strip_use(atlas, strip);
		return strip;
	}
	strip = xcalloc(1, sizeof *strip);
	strip->layer = layer;
	strip->channel = channel;
	*at = strip;
	link_newest(atlas, strip);
	strip_charge(atlas, strip, sizeof *strip);
	if (++atlas->strip_count > atlas->bucket_count)
		grow_buckets(atlas);
	return strip;
}

size_t
strip_words(const struct layer *layer)
{
	return (layer->length + STRIP_BITS - 1) / STRIP_BITS;
}

static void
mark(struct strip *strip, const struct packed *block, bool held)
{
	for (size_t k = 0; k < block->count; k++) {
		size_t i = block->places[k].position;
		uint64_t bit = (uint64_t)1 << i % STRIP_BITS;

		if (held)
			strip->held[i / STRIP_BITS] |= bit;
		else
			strip->held[i / STRIP_BITS] &= ~bit;
	}
	strip->known += held ? block->count : 0 - block->count;
}

struct packed *
strip_take_out(struct atlas *atlas, struct strip *strip, size_t k)
{
	struct packed *block = strip->blocks[k];

	mark(strip, block, false);
	strip_refund(atlas, strip, strip_block_bytes(block));
	strip->block_count--;
	for (; k < strip->block_count; k++)
		strip->blocks[k] = strip->blocks[k + 1];
	return block;
}

void
strip_put_in(struct atlas *atlas, struct strip *strip, struct packed *block)
{
	mark(strip, block, true);
	strip_charge(atlas, strip, strip_block_bytes(block));
	strip->blocks[strip->block_count++] = block;
}
