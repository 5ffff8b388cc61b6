/*
 * A dump is put together from the keys of one file or of several: layers in
 * natural order, each with its factors, its part of meta, and the tokens they
 * share. Nothing but directories, meta, tokens and the headers of arrays
 * without a layer is read here.
 */
#include "core/dump.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/dump_parts.h"
#include "core/member_cache.h"
#include "core/store.h"
#include "core/text.h"
#include "core/util.h"

static unsigned long
next_serial(void)
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
	lines_free(dump->tokens, dump->token_count);
	lines_free(dump->extras, dump->extra_count);
	json_decref(dump->meta);
	member_cache_unref(dump->cache);
	free(dump->model);
	free(dump->label);
	free(dump->path);
	free(dump);
}

static void
close_stores(struct store **stores, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		store_close(stores[i]);
	free(stores);
}

void
dump_close(struct dump *dump)
{
	if (!dump)
		return;
	close_stores(dump->stores, dump->store_count);
	dump_free(dump);
}

void
dump_list_close(struct dump_list *list)
{
	size_t i;

	for (i = 0; i < list->count; i++)
		dump_close(list->dumps[i]);
	free(list->dumps);
	*list = (struct dump_list){ 0 };
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
		.serial = next_serial(),
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

/* Keys from `first` on that name the same layer. */
static size_t
count_layer(const struct dump_keys *keys, size_t first)
{
	size_t i = first + 1;

	while (i < keys->count
		&& strcmp(keys->items[i].layer, keys->items[first].layer) == 0)
		i++;
	return i - first;
}

static enum status
make_layers(struct dump *dump, struct dump_keys *keys)
{
	size_t count = 0, i, n;
	void *layers;
	enum status code;

	for (i = 0; i < keys->count; i += count_layer(keys, i))
		count++;
	code = util_alloc(&layers, count, sizeof *dump->layers, "layers");
	if (code)
		return code;
	dump->layers = layers;
	for (i = 0; i < keys->count; i += n) {
		n = count_layer(keys, i);
		code = make_layer(&dump->layers[dump->layer_count], dump,
			&keys->items[i], n);
		if (code)
			return code;
		dump->layer_count++;
	}
	return STATUS_OK;
}

static enum status
fail_without_layer(const struct dump *dump)
{
	if (dump->extra_count == 0)
		return status_set(STATUS_FORMAT, "%s: holds no operator: "
			"no array at all", dump->label);
	return status_set(STATUS_FORMAT, "%s: holds no operator: %s%s, without "
		"a layer; expected arrays named LAYER/FACTOR (layers.0/q), or "
		"a square T", dump->label, dump->extras[0],
		dump->extra_count > 1 ? " and others" : "");
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

/* What files are put together under a name, before and after. */
struct parts {
	const char *path;
	struct store **stores;
	size_t count;
	struct dump_keys keys;
	struct member_cache *cache;
};

/* Takes over the stores and the extras if it succeeds. */
static enum status
assemble(struct dump **out, struct parts *parts)
{
	struct dump *dump = xcalloc(1, sizeof *dump);
	const struct dump_key *clash = dump_keys_clash(&parts->keys);
	enum status code;

	dump->path = xstrdup(parts->path);
	dump->label = text_escape(parts->path, strlen(parts->path));
	dump->stores = parts->stores;
	dump->store_count = parts->count;
	dump->cache = member_cache_ref(parts->cache);
	dump->extras = parts->keys.extras;
	dump->extra_count = parts->keys.extra_count;
	parts->keys.extras = NULL;
	parts->keys.extra_count = 0;
	code = clash ? fail_clash(dump, clash)
		: make_layers(dump, &parts->keys);
	if (!code && dump->layer_count == 0)
		code = fail_without_layer(dump);
	if (!code)
		code = dump_meta_read(dump);
	if (!code)
		code = dump_meta_attach(dump);
	if (!code)
		code = dump_tokens_read(dump);
	if (code) {
		dump_free(dump);
		return code;
	}
	*out = dump;
	return STATUS_OK;
}

/* One file as one dump. */
static enum status
add_file(struct dump_list *list, struct store *store, const char *path,
	struct member_cache *cache)
{
	struct parts parts = { .path = path, .count = 1, .cache = cache };
	enum status code;

	parts.stores = xcalloc(1, sizeof(struct store *));
	parts.stores[0] = store;
	code = dump_keys_read(&parts.keys, parts.stores, 1);
	if (!code)
		code = assemble(&list->dumps[list->count], &parts);
	dump_keys_free(&parts.keys);
	if (code) {
		close_stores(parts.stores, 1);
		return code;
	}
	list->count++;
	return STATUS_OK;
}

static enum status
open_file(struct dump_list *list, const char *path, struct member_cache *cache)
{
	struct store *store;
	enum status code = store_open(&store, path);

	if (code)
		return code;
	list->dumps = xcalloc(1, sizeof *list->dumps);
	return add_file(list, store, path, cache);
}

/* Files of a directory. */
struct files {
	char **paths;
	size_t count;
};

static int
compare_paths(const void *a, const void *b)
{
	return natural_compare(*(char *const *)a, *(char *const *)b);
}

/* Regular files that are, or are called as, one of our formats. */
static void
list_files(struct files *files, const char *path, DIR *dir)
{
	size_t n = strlen(path);
	const char *slash = n > 0 && path[n - 1] == '/' ? "" : "/";
	const struct dirent *item;

	while ((item = readdir(dir))) {
		struct stat st;
		char *name;

		if (item->d_name[0] == '.')
			continue;
		name = xasprintf("%s%s%s", path, slash, item->d_name);
		if (stat(name, &st) == 0 && S_ISREG(st.st_mode)
			&& store_recognised(name))
			lines_add(&files->paths, &files->count, name);
		else
			free(name);
	}
	if (files->count > 0)
		qsort(files->paths, files->count, sizeof *files->paths,
			compare_paths);
}

static enum status
open_stores(struct store **stores, size_t *count, const struct files *files)
{
	size_t i;

	for (i = 0; i < files->count; i++) {
		enum status code = store_open(&stores[i], files->paths[i]);

		if (code)
			return code;
		*count = i + 1;
	}
	return STATUS_OK;
}

/* Each file a dump of its own. What was handed to a dump is set to NULL. */
static enum status
split(struct dump_list *list, struct store **stores, const struct files *files,
	struct member_cache *cache)
{
	size_t i;

	list->dumps = xcalloc(files->count, sizeof *list->dumps);
	for (i = 0; i < files->count; i++) {
		struct store *store = stores[i];
		enum status code;

		stores[i] = NULL;
		code = add_file(list, store, files->paths[i], cache);
		if (code)
			return code;
	}
	return STATUS_OK;
}

/* All files one dump, unless two of them hold the same factor. */
static enum status
join(struct dump_list *list, const char *path, const struct files *files,
	struct member_cache *cache)
{
	struct parts parts = { .path = path, .cache = cache };
	enum status code;

	parts.stores = xcalloc(files->count, sizeof(struct store *));
	code = open_stores(parts.stores, &parts.count, files);
	if (!code)
		code = dump_keys_read(&parts.keys, parts.stores, parts.count);
	if (!code && dump_keys_clash(&parts.keys)) {
		code = split(list, parts.stores, files, cache);
	} else if (!code) {
		list->dumps = xcalloc(1, sizeof *list->dumps);
		code = assemble(&list->dumps[0], &parts);
		if (!code) {
			list->count = 1;
			parts.stores = NULL;
			parts.count = 0;
		}
	}
	dump_keys_free(&parts.keys);
	close_stores(parts.stores, parts.count);
	return code;
}

static enum status
open_directory(struct dump_list *list, const char *path, DIR *dir,
	struct member_cache *cache)
{
	struct files files = { 0 };
	enum status code;

	list_files(&files, path, dir);
	if (files.count == 0) {
		char *label = text_escape(path, strlen(path));

		code = status_set(STATUS_FORMAT, "%s: a directory without "
			".npz or .npy files", label);
		free(label);
	} else {
		code = join(list, path, &files, cache);
	}
	lines_free(files.paths, files.count);
	return code;
}

/* A file if it is no directory, as far as one can see. */
static enum status
open_path(struct dump_list *list, const char *path, struct member_cache *cache)
{
	DIR *dir;
	char *label;
	enum status code;

	if (strcmp(path, "-") == 0)
		return open_file(list, path, cache);
	dir = opendir(path);
	if (!dir && (errno == ENOTDIR || errno == ENOENT))
		return open_file(list, path, cache);
	if (dir) {
		code = open_directory(list, path, dir, cache);
		closedir(dir);
		return code;
	}
	label = text_escape(path, strlen(path));
	code = status_set(STATUS_IO, "%s: %s", label, strerror(errno));
	free(label);
	return code;
}

enum status
dump_open(struct dump_list *out, const char *path, size_t budget)
{
	struct member_cache *cache = member_cache_new(budget);
	struct dump_list list = { 0 };
	enum status code = open_path(&list, path, cache);

	member_cache_unref(cache);
	if (code) {
		dump_list_close(&list);
		return code;
	}
	*out = list;
	return STATUS_OK;
}

enum status
factor_load(struct tensor **out, const struct layer *layer,
	const struct factor *factor)
{
	return member_cache_get(out, layer->dump->cache, factor);
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
layer_token(const struct layer *layer, size_t i)
{
	const struct dump *dump = layer->dump;

	if (!layer->resolved || layer->length != dump->token_count
		|| i >= dump->token_count)
		return NULL;
	return dump->tokens[i];
}
