#include "core/cache_key.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include <jansson.h>

#include "core/dump.h"
#include "core/hankel.h"
#include "core/operator.h"
#include "core/source.h"
#include "core/store.h"
#include "core/util.h"

/* A member's sample: so many slices of so many bytes from its first to its
 * last; all of a member that is smaller. */
enum { SLICES = 16, SLICE = 4096 };

/* Seconds in which one more change might not show in a file's times. */
enum { UNSETTLED = 2 };

static void
add_number(struct sha256 *sha, uint64_t number)
{
	unsigned char bytes[8];

	for (int k = 0; k < 8; k++)
		bytes[k] = (unsigned char)(number >> 8 * k);
	sha256_add(sha, bytes, sizeof bytes);
}

/* With its length, so that two texts never read as two others. */
static void
add_text(struct sha256 *sha, const char *text)
{
	add_number(sha, text ? strlen(text) + 1 : 0);
	sha256_add(sha, text ? text : "", text ? strlen(text) : 0);
}

/* Compact and sorted, so that the order of keys does not matter. */
static bool
add_json(struct sha256 *sha, const json_t *json)
{
	char *text = json ? json_dumps(json, JSON_COMPACT | JSON_SORT_KEYS
		| JSON_ENCODE_ANY) : NULL;
	bool right = text || !json;

	add_text(sha, text);
	free(text);
	return right;
}

/* But for keys that no number depends on: what the layer is called, how many
 * channels of the model share its operator, what its state could hold, what an
 * exporter found. */
static bool
add_meta(struct sha256 *sha, const json_t *meta)
{
	static const char *const harmless[] = { "tss", "width", "label",
		"checked", "dtype_source" };
	json_t *rest = json_is_object(meta) ? json_copy((json_t *)meta)
		: json_incref((json_t *)meta);
	bool right;

	for (size_t k = 0; k < LENGTH(harmless) && json_is_object(rest); k++)
		json_object_del(rest, harmless[k]);
	right = add_json(sha, rest);
	json_decref(rest);
	return right;
}

static bool
add_sample(struct sha256 *sha, const struct source *source, uint64_t begin,
	uint64_t end)
{
	static const uint64_t whole = SLICES * SLICE;
	uint64_t size = end - begin;
	unsigned char slice[SLICE];

	if (end < begin || end > source->size)
		return false;
	for (uint64_t k = 0; k < SLICES; k++) {
		uint64_t at = size > whole ? (size - SLICE) / (SLICES - 1) * k
			: SLICE * k;
		size_t some = size - at < SLICE ? (size_t)(size - at) : SLICE;

		if (at >= size)
			break;
		if (source_read(source, slice, begin + at, some) != STATUS_OK)
			return false;
		sha256_add(sha, slice, some);
	}
	return true;
}

/* Which file, and in which state; of no use where it has just changed or has
 * no name any more. */
static bool
add_file(struct sha256 *sha, const struct source *source)
{
	struct timespec now;
	struct stat st;

	if (fstat(source->fd, &st) || clock_gettime(CLOCK_REALTIME, &now)
	    || (uint64_t)st.st_size != source->size || !st.st_nlink
	    || st.st_ctim.tv_sec + UNSETTLED > now.tv_sec
	    || st.st_mtim.tv_sec + UNSETTLED > now.tv_sec)
		return false;
	add_number(sha, (uint64_t)st.st_dev);
	add_number(sha, (uint64_t)st.st_ino);
	add_number(sha, (uint64_t)st.st_mtim.tv_sec);
	add_number(sha, (uint64_t)st.st_mtim.tv_nsec);
	add_number(sha, (uint64_t)st.st_ctim.tv_sec);
	add_number(sha, (uint64_t)st.st_ctim.tv_nsec);
	return true;
}

static bool
add_factor(struct sha256 *sha, const struct factor *factor)
{
	const struct store_member *member = factor->member;
	const struct store *store = factor->store;
	uint64_t end = member->end ? member->end
		: member->offset + member->stored_bytes;

	add_text(sha, factor->name);
	add_text(sha, store->format->name);
	add_number(sha, member->bytes);
	add_number(sha, member->stored_bytes);
	add_number(sha, (uint64_t)member->method);
	add_number(sha, member->crc);
	return (store->format->crc || add_file(sha, store->source))
		&& add_sample(sha, store->source, member->offset, end);
}

/* What layer_resolve settled: some of it comes from other layers' and the
 * dump's side (length from tokens). */
static void
add_layer(struct sha256 *sha, const struct layer *layer)
{
	add_text(sha, layer->kind->name);
	add_number(sha, layer->length);
	add_number(sha, layer->channels);
	add_number(sha, layer->batches);
	if (layer->batch)
		add_number(sha, layer->batch);
	add_number(sha, layer->band);
	add_number(sha, layer->growth);
	for (size_t k = 0; k < AXIS_LETTERS; k++)
		add_number(sha, layer->axes[k]);
	for (size_t k = 0; k < LAYER_BINDINGS; k++) {
		const struct binding *binding = &layer->bindings[k];

		add_text(sha, binding->factor ? binding->factor->name : NULL);
		add_text(sha, binding->form);
		for (size_t r = 0; r < TENSOR_RANK_MAX; r++)
			add_number(sha, (uint64_t)binding->axis[r]);
		add_number(sha, (uint64_t)binding->batch_axis);
	}
}

bool
cache_key(unsigned char out[SHA256_SIZE], const struct layer *layer,
	int choice)
{
	struct sha256 sha;
	bool right;

	sha256_start(&sha);
	add_number(&sha, ENGINE_VERSION);
	add_number(&sha, (uint64_t)choice);
	add_text(&sha, method_name(hankel_method(layer)));
	add_layer(&sha, layer);
	right = add_meta(&sha, layer->meta)
		&& add_meta(&sha, json_object_get(layer->dump->meta,
			"defaults"));
	add_number(&sha, layer->factor_count);
	for (size_t k = 0; k < layer->factor_count && right; k++)
		right = add_factor(&sha, &layer->factors[k]);
	sha256_end(out, &sha);
	return right;
}

/* Another hash than any layer's: those begin with a small number. */
bool
cache_key_member(unsigned char out[SHA256_SIZE], const struct store *store,
	const struct store_member *member)
{
	struct sha256 sha;
	bool right;

	sha256_start(&sha);
	add_text(&sha, "restart points");
	add_number(&sha, member->bytes);
	add_number(&sha, member->stored_bytes);
	add_number(&sha, (uint64_t)member->method);
	add_number(&sha, member->crc);
	right = store->format->crc && add_sample(&sha, store->source,
		member->offset, member->end);
	sha256_end(out, &sha);
	return right;
}
