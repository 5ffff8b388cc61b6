/*
 * A dump is put together from the keys of one file or of several: layers in
 * natural order, each with its factors, its part of meta, and the tokens they
 * share.
 */
#include "core/dump.h"

#include <stdlib.h>
#include <string.h>

#include "core/dump_parts.h"
#include "core/member_cache.h"
#include "core/restart_member.h"
#include "core/store.h"
#include "core/text.h"
#include "core/util.h"

unsigned long
layer_next_serial(void)
{
	static atomic_ulong serial;

	return atomic_fetch_add(&serial, 1) + 1;
}

static void
layer_done(struct layer *layer)
{
	size_t i;

	for (i = 0; i < layer->factor_count; i++)
		free(layer->factors[i].name);
	free(layer->factors);
	lines_free(layer->notes, layer->note_count);
	free(layer->name);
	free(layer->label);
	free(layer->title);
	free(layer->error);
}

/* All but the stores, which the caller may still own. */
static void
dump_free(struct dump *dump)
{
	size_t i;

	for (i = 0; i < dump->layer_count; i++)
		layer_done(&dump->layers[i]);
	free(dump->layers);
	if (dump->tokens)
		lines_free(dump->tokens, dump->token_count);
	lines_free(dump->extras, dump->extra_count);
	lines_free(dump->notes, dump->note_count);
	json_decref(dump->meta);
	member_cache_unref(dump->cache);
	free(dump->model);
	free(dump->label);
	free(dump->path);
	free(dump);
}

void
stores_close(struct store **stores, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		store_close(stores[i]);
	free(stores);
}

void
dump_close(struct dump *dump)
{
	struct dump *origin;

	if (!dump || --dump->references)
		return;
	origin = dump->origin;
	if (!origin)
		stores_close(dump->stores, dump->store_count);
	dump_free(dump);
	dump_close(origin);
}

/* The keys of one layer, n of them, become its factors. */
static enum status
make_layer(struct layer *layer, struct dump *dump, struct dump_key *keys,
	size_t n)
{
	void *factors;
	size_t i;
	enum status code = util_alloc(&factors, n, sizeof *layer->factors,
		"factors");

	if (code)
		return code;
	*layer = (struct layer){
		.dump = dump,
		.serial = layer_next_serial(),
		.name = xstrdup(keys[0].layer),
		.label = text_escape(keys[0].layer, strlen(keys[0].layer)),
		.factors = factors,
	};
	for (i = 0; i < n; i++) {
		layer->factors[i] = (struct factor){
			.name = keys[i].factor,
			.store = keys[i].store,
			.member = keys[i].member,
		};
		keys[i].factor = NULL;
	}
	layer->factor_count = n;
	return STATUS_OK;
}

static enum status
make_layers(struct dump *dump, struct dump_keys *keys)
{
	size_t count = 0, i, n;
	void *layers;
	enum status code;

	for (i = 0; i < keys->count; i += dump_keys_group(keys, i))
		count++;
	code = util_alloc(&layers, count, sizeof *dump->layers, "layers");
	if (code)
		return code;
	dump->layers = layers;
	for (i = 0; i < keys->count; i += n) {
		n = dump_keys_group(keys, i);
		code = make_layer(&dump->layers[dump->layer_count], dump,
			&keys->items[i], n);
		if (code)
			return code;
		dump->layer_count++;
	}
	return STATUS_OK;
}

/* The one array, if it is of a type that is never read: with what to do. */
static enum status
fail_unread(const struct dump *dump)
{
	const struct store *store = dump->stores[0];
	struct tensor_type type;

	if (dump->store_count > 1 || store->member_count != 1
		|| !store->members[0].array)
		return STATUS_OK;
	return store_type(&type, store, &store->members[0]);
}

static enum status
fail_without_layer(const struct dump *dump)
{
	char kinds[KINDS_TEXT];
	enum status code = fail_unread(dump);

	if (code)
		return code;
	if (dump->extra_count == 0)
		return status_set(STATUS_FORMAT, "%s: holds no operator: "
			"no array at all", dump->label);
	return status_set(STATUS_FORMAT, "%s: holds no operator: %s%s; "
		"expected a square T of floats, or arrays named "
		"LAYER/FACTOR (layers.0/q), of the factors of %s", dump->label,
		dump->extras[0], dump->extra_count > 1 ? " and others" : "",
		kinds_text(kinds, true));
}

/* Names of members differ, so this is a T with and without its factor. */
static enum status
fail_clash(const struct dump *dump, const struct dump_key *key)
{
	char *layer = text_escape(key->layer, strlen(key->layer));

	status_set(STATUS_FORMAT, "%s: %s and %s/T are the same factor; "
		"expected one", dump->label, layer, layer);
	free(layer);
	return STATUS_FORMAT;
}

/* Meta has been read: it tells which groups are layers. */
static enum status
take_keys(struct dump *dump, struct dump_keys *keys)
{
	enum status code;
	size_t i;

	dump_keys_sift(keys, json_object_get(dump->meta, "layers"));
	for (i = 0; i < keys->extra_count; i++) {
		lines_add(&dump->extras, &dump->extra_count, keys->extras[i]);
		keys->extras[i] = NULL;
	}
	code = make_layers(dump, keys);
	if (!code && dump->layer_count == 0)
		code = fail_without_layer(dump);
	return code;
}

enum status
dump_assemble(struct dump **out, struct dump_parts *parts)
{
	struct dump *dump = xcalloc(1, sizeof *dump);
	const struct dump_key *clash = dump_keys_clash(&parts->keys);
	enum status code;

	dump->references = 1;
	dump->path = xstrdup(parts->path);
	dump->label = text_escape(parts->path, strlen(parts->path));
	dump->stores = parts->stores;
	dump->store_count = parts->count;
	dump->cache = member_cache_ref(parts->cache);
	code = clash ? fail_clash(dump, clash) : dump_meta_read(dump);
	if (!code)
		code = take_keys(dump, &parts->keys);
	if (!code) {
		dump_meta_attach(dump);
		code = dump_tokens_read(dump);
	}
	if (code) {
		dump_free(dump);
		return code;
	}
	*out = dump;
	return STATUS_OK;
}

void
dump_keep(struct dump *dump, struct cache *cache, double patience)
{
	for (size_t k = 0; k < dump->store_count; k++)
		restart_members_set(dump->stores[k]->restarts, cache,
			patience);
}

bool
dump_reading(const struct dump *dump, uint64_t *done, uint64_t *total)
{
	*done = *total = 0;
	for (size_t k = 0; k < dump->store_count; k++)
		restart_members_progress(dump->stores[k]->restarts, done,
			total);
	return *total > 0;
}

void
dump_stop(struct dump *dump)
{
	for (size_t k = 0; k < dump->store_count; k++)
		restart_members_stop(dump->stores[k]->restarts);
}

void
dump_end(struct dump *dump, double seconds)
{
	dump_stop(dump);
	for (size_t k = 0; k < dump->store_count; k++)
		restart_members_end(dump->stores[k]->restarts, seconds);
}

void
dump_leave(struct dump *dump, double seconds)
{
	for (size_t k = 0; k < dump->store_count; k++)
		restart_members_leave(dump->stores[k]->restarts, seconds);
}

struct slice
binding_slice(const struct binding *binding, const struct tensor *tensor)
{
	struct slice stored = tensor_slice(tensor), slice = stored;
	int i;

	slice.rank = (int)strlen(binding->form);
	for (i = 0; i < slice.rank; i++) {
		slice.shape[i] = stored.shape[binding->axis[i]];
		slice.stride[i] = stored.stride[binding->axis[i]];
	}
	/* Of a part, that element is the only one. */
	if (binding->batch_axis >= 0
		&& stored.shape[binding->batch_axis] > binding->batch)
		slice.data += binding->batch
			* stored.stride[binding->batch_axis];
	return slice;
}

struct factor *
layer_factor(struct layer *layer, const char *name)
{
	size_t i;

	for (i = 0; i < layer->factor_count; i++) {
		if (strcmp(layer->factors[i].name, name) == 0)
			return &layer->factors[i];
	}
	return NULL;
}

const char *
layer_sentence(const struct layer *layer, const char *sentence)
{
	const char *places[] = { layer->dump->label, layer->label };

	for (size_t k = 0; k < LENGTH(places); k++) {
		size_t n = strlen(places[k]);

		if (!strncmp(sentence, places[k], n)
			&& !strncmp(sentence + n, ": ", 2))
			sentence += n + 2;
	}
	return sentence;
}

const char *
layer_token(const struct layer *layer, size_t i)
{
	const struct dump *dump = layer->dump;

	if (!layer->resolved || !dump->tokens
		|| layer->length != dump->token_count
		|| i >= dump->token_count)
		return NULL;
	return dump->tokens[i];
}

struct layer *
dump_layer(const struct dump *dump, const char *label, size_t place)
{
	if (place < dump->layer_count
	    && !strcmp(dump->layers[place].label, label))
		return &dump->layers[place];
	for (size_t i = 0; i < dump->layer_count; i++)
		if (!strcmp(dump->layers[i].label, label))
			return &dump->layers[i];
	return NULL;
}
