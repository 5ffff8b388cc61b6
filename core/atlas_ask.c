/*
 * What the atlas knows. Nothing is moved or marked as used.
 */
#include "core/atlas_strip.h"
#include "core/dump.h"
#include "core/packed.h"

static const struct strip *
known_strip(const struct atlas *atlas, const struct layer *layer,
	size_t channel)
{
	const struct strip *strip = *strip_place(atlas, layer, channel);

	return strip && strip->held ? strip : NULL;
}

const uint64_t *
atlas_held(const struct atlas *atlas, const struct layer *layer,
	size_t channel)
{
	const struct strip *strip = known_strip(atlas, layer, channel);

	return strip ? strip->held : NULL;
}

bool
atlas_holds(const struct atlas *atlas, const struct layer *layer,
	size_t channel, size_t position)
{
	const struct strip *strip = known_strip(atlas, layer, channel);

	return strip && position < layer->length
		&& (strip->held[position / STRIP_BITS] >> position % STRIP_BITS & 1);
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
	size_t word = position / STRIP_BITS;
	uint64_t bits;

	if (!strip || !position || position > layer->length)
		return false;
	bits = position % STRIP_BITS ? strip->held[word]
		& (((uint64_t)1 << position % STRIP_BITS) - 1) : 0;
	while (!bits && word > 0)
		bits = strip->held[--word];
	return bits && atlas_get(out, atlas, layer, channel,
		word * STRIP_BITS + STRIP_BITS - 1 - (size_t)__builtin_clzll(bits));
}

bool
atlas_after(struct spectrum *out, const struct atlas *atlas,
	const struct layer *layer, size_t channel, size_t position)
{
	const struct strip *strip = known_strip(atlas, layer, channel);
	size_t word = ++position / STRIP_BITS, words = strip_words(layer);
	uint64_t bits;

	if (!strip || position >= layer->length)
		return false;
	bits = strip->held[word] & ~(uint64_t)0 << position % STRIP_BITS;
	while (!bits && word + 1 < words)
		bits = strip->held[++word];
	return bits && atlas_get(out, atlas, layer, channel,
		word * STRIP_BITS + (size_t)__builtin_ctzll(bits));
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

size_t
atlas_known(const struct atlas *atlas, const struct layer *layer,
	size_t channel)
{
	const struct strip *strip = *strip_place(atlas, layer, channel);

	return strip ? strip->known : 0;
}

size_t
atlas_values(const struct atlas *atlas, const struct layer *layer,
	size_t channel)
{
	const struct strip *strip = *strip_place(atlas, layer, channel);
	size_t count = 0;

	for (size_t k = 0; strip && k < strip->block_count; k++)
		count += strip->blocks[k]->value_count;
	return count;
}

uint32_t
atlas_changes(const struct atlas *atlas, const struct layer *layer)
{
	return atlas->changes[strip_slot(layer)];
}

const char *
atlas_failure(const struct atlas *atlas, const struct layer *layer,
	size_t channel)
{
	const struct strip *strip = *strip_place(atlas, layer, channel);

	return strip ? strip->failure : NULL;
}
