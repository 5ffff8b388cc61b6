/*
 * Factors as they are loaded: whole and shared, or, of large members, the part
 * that one channel needs. Parts of an axis that is not outermost in the file
 * come with their neighbours and are shared, too; others are the channel's own.
 */
#include <string.h>

#include "core/dump.h"
#include "core/member_cache.h"
#include "core/member_part.h"
#include "core/store.h"
#include "core/util.h"

enum status
factor_load(struct tensor **out, const struct layer *layer,
	const struct factor *factor)
{
	return member_cache_get(out, layer->dump->cache, factor, NULL);
}

size_t
binding_index(int *axis, const struct layer *layer,
	const struct binding *binding, size_t channel)
{
	const char *letter = strpbrk(binding->form, "HGD");

	*axis = letter ? (int)(letter - binding->form) : -1;
	if (letter && *letter == 'G')
		return channel * layer->axes['G' - 'A'] / layer->channels;
	return channel;
}

/* Of an axis of the binding's form: false where the factor is read whole. */
static bool
plan_part(struct member_part *part, const struct binding *binding, int axis,
	size_t index)
{
	const struct factor *factor = binding->factor;
	const struct part_wanted wanted = {
		.axis = binding->axis[axis],
		.index = index,
		.batch_axis = binding->batch_axis,
		.batch = binding->batch,
	};

	return factor->type.bytes >= store_part_least
		&& member_part_plan(part, &factor->type, &wanted)
		&& store_has_part(factor->store, factor->member, part);
}

enum status
factor_load_channel(struct tensor **out, size_t *first,
	const struct layer *layer, const struct binding *binding, int axis,
	size_t index)
{
	struct member_part part;

	*first = 0;
	if (!plan_part(&part, binding, axis, index))
		return factor_load(out, layer, binding->factor);
	*first = part.first;
	if (part.loops == 0)
		return store_load_part(out, binding->factor->store,
			binding->factor->member, &part);
	return member_cache_get(out, layer->dump->cache, binding->factor,
		&part);
}

/* What a factor takes in memory for one channel. */
static size_t
channel_bytes(const struct layer *layer, const struct binding *binding)
{
	struct member_part part;
	int axis;
	size_t index = binding_index(&axis, layer, binding, 0);

	return axis >= 0 && plan_part(&part, binding, axis, index)
		? part.type.bytes : binding->factor->type.bytes;
}

size_t
layer_channel_bytes(const struct layer *layer)
{
	size_t bytes = 0;

	for (size_t k = 0; k < LAYER_BINDINGS; k++) {
		const struct binding *binding = &layer->bindings[k];
		struct member_part part;
		int axis = -1;
		size_t index = binding->factor
			? binding_index(&axis, layer, binding, 0) : 0;

		if (axis >= 0 && plan_part(&part, binding, axis, index)
			&& part.loops == 0)
			bytes += part.type.bytes;
	}
	return bytes;
}

enum status
layer_check_memory(const struct layer *layer)
{
	const struct factor *largest = NULL;
	uint64_t bytes = 0, stored = 0;
	enum status code;

	for (size_t k = 0; k < LAYER_BINDINGS; k++) {
		const struct binding *binding = &layer->bindings[k];

		if (!binding->factor)
			continue;
		bytes += channel_bytes(layer, binding);
		stored += binding->factor->member->stored_bytes;
		if (!largest || binding->factor->type.bytes
			> largest->type.bytes)
			largest = binding->factor;
	}
	code = store_justify(bytes, stored);
	return code ? status_at(code, "one channel of %s", largest->name)
		: code;
}
