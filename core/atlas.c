/*
 * A strip holds what is known of one channel: a slot a position, pointing
 * into blocks of spectra. Strips are found by hash and dropped whole, least
 * recently used first, when the budget is passed; a strip that has just been
 * put is never the one dropped.
 */
#include "core/atlas.h"

#include <stdint.h>
#include <stdlib.h>

#include "core/dump.h"
#include "core/util.h"

struct strip {
	const struct layer *layer;
	size_t channel;
	struct strip *chain;            /* same hash bucket */
	struct strip *newer, *older;    /* order of use */
	const struct spectrum **slots;  /* L of them */
	size_t known;
	struct spectra **blocks;
	size_t block_count;
	size_t bytes;
	char *failure;
};

struct atlas {
	size_t budget, bytes;
	struct strip **buckets;
	size_t bucket_count;            /* a power of two */
	size_t strip_count;
	struct strip *newest, *oldest;
};

struct atlas *
atlas_new(size_t budget)
{
	struct atlas *atlas = xcalloc(1, sizeof *atlas);

	atlas->budget = budget;
	atlas->bucket_count = 1024;
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

static void
drop(struct atlas *atlas, struct strip *strip)
{
	struct strip **at = place(atlas, strip->layer, strip->channel);

	*at = strip->chain;
	unlink_use(atlas, strip);
	atlas->bytes -= strip->bytes;
	atlas->strip_count--;
	for (size_t k = 0; k < strip->block_count; k++)
		spectra_unref(strip->blocks[k]);
	free(strip->blocks);
	free(strip->slots);
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
	strip->bytes = sizeof *strip + layer->length * sizeof *strip->slots;
	strip->slots = xcalloc(layer->length, sizeof *strip->slots);
	*at = strip;
	link_newest(atlas, strip);
	atlas->bytes += strip->bytes;
	if (++atlas->strip_count > atlas->bucket_count)
		grow_buckets(atlas);
	return strip;
}

static void
trim(struct atlas *atlas)
{
	while (atlas->bytes > atlas->budget && atlas->oldest != atlas->newest)
		drop(atlas, atlas->oldest);
}

void
atlas_put(struct atlas *atlas, const struct layer *layer, size_t channel,
	struct spectra *spectra)
{
	struct strip *strip = strip_of(atlas, layer, channel);
	size_t bytes = spectra_bytes(spectra);

	strip->blocks = xreallocarray(strip->blocks, strip->block_count + 1,
		sizeof *strip->blocks);
	strip->blocks[strip->block_count++] = spectra_ref(spectra);
	strip->bytes += bytes;
	atlas->bytes += bytes;
	for (size_t k = 0; k < spectra->count; k++) {
		const struct spectrum *item = &spectra->items[k];

		strip->known += !strip->slots[item->position];
		strip->slots[item->position] = item;
	}
	trim(atlas);
}

static const struct spectrum *const *
slots_of(const struct atlas *atlas, const struct layer *layer, size_t channel)
{
	const struct strip *strip = *place(atlas, layer, channel);

	return strip ? strip->slots : NULL;
}

bool
atlas_get(struct spectrum *out, const struct atlas *atlas,
	const struct layer *layer, size_t channel, size_t position)
{
	if (!atlas_holds(atlas, layer, channel, position))
		return false;
	*out = *slots_of(atlas, layer, channel)[position];
	return true;
}

bool
atlas_holds(const struct atlas *atlas, const struct layer *layer,
	size_t channel, size_t position)
{
	const struct spectrum *const *slots = slots_of(atlas, layer, channel);

	return slots && position < layer->length && slots[position];
}

void
atlas_each(const struct atlas *atlas, const struct layer *layer,
	size_t channel, size_t begin, size_t end, struct hankel_sink sink)
{
	const struct spectrum *const *slots = slots_of(atlas, layer, channel);

	for (size_t i = begin; slots && i < end; i++)
		if (slots[i])
			sink.take(sink.payload, slots[i]);
}

bool
atlas_count(uint32_t *out, const struct atlas *atlas,
	const struct layer *layer, size_t channel, size_t begin, size_t end,
	struct tolerance tol)
{
	const struct spectrum *const *slots = slots_of(atlas, layer, channel);

	if (!slots)
		return false;
	for (size_t i = begin; i < end; i++)
		*out++ = slots[i] ? (uint32_t)ess_tolerance(slots[i], tol)
			: ESS_UNKNOWN;
	return true;
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

	free(strip->failure);
	strip->failure = xstrdup(sentence);
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
