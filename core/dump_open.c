/*
 * One argument of the command line: a file is one dump; a directory is one
 * too, of all its files, unless two of them hold the same factor, as
 * checkpoints of one model do: then each file is a dump of its own.
 */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/dump_files.h"
#include "core/dump_parts.h"
#include "core/member_cache.h"
#include "core/shards.h"
#include "core/source.h"
#include "core/store.h"
#include "core/text.h"
#include "core/util.h"

/* One file as one dump. */
static enum status
add_file(struct dump_list *list, struct store *store, const char *path,
	struct member_cache *cache)
{
	struct dump_parts parts = { .path = path, .count = 1, .cache = cache };
	enum status code;

	parts.stores = xcalloc(1, sizeof(struct store *));
	parts.stores[0] = store;
	code = dump_keys_read(&parts.keys, parts.stores, 1);
	if (!code)
		code = dump_assemble(&list->dumps[list->count], &parts);
	dump_keys_free(&parts.keys);
	if (code) {
		stores_close(parts.stores, 1);
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

/* Files of another format than ours are passed over in a directory, where any
 * may lie. */
static enum status
open_stores(struct store **stores, size_t *count, struct files *files)
{
	while (*count < files->count) {
		enum status code = store_open(&stores[*count],
			files->paths[*count]);

		if (code == STATUS_FOREIGN && !files->indexed)
			files_pass_over(files, *count);
		else if (code)
			return code;
		else
			++*count;
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
join(struct dump_list *list, const char *path, struct files *files,
	struct member_cache *cache)
{
	struct dump_parts parts = { .path = path, .cache = cache };
	enum status code;

	parts.stores = xcalloc(files->count + 1, sizeof(struct store *));
	code = open_stores(parts.stores, &parts.count, files);
	if (!code && !parts.count)
		code = files_fail(files, path);
	if (!code)
		code = dump_keys_read(&parts.keys, parts.stores, parts.count);
	if (!code && dump_keys_clash(&parts.keys)) {
		code = split(list, parts.stores, files, cache);
	} else if (!code) {
		list->dumps = xcalloc(1, sizeof *list->dumps);
		code = dump_assemble(&list->dumps[0], &parts);
		if (!code) {
			list->count = 1;
			parts.stores = NULL;
			parts.count = 0;
		}
	}
	dump_keys_free(&parts.keys);
	stores_close(parts.stores, parts.count);
	return code;
}

static enum status
open_directory(struct dump_list *list, const char *path, DIR *dir,
	struct member_cache *cache)
{
	struct files files = { 0 };
	enum status code;

	files_list(&files, path, dir);
	code = join(list, path, &files, cache);
	if (!code)
		files_tell(&files, list);
	files_free(&files);
	return code;
}

/* All files that an index names; each must be there. */
static enum status
open_shards(struct dump_list *list, const char *path,
	struct member_cache *cache)
{
	struct files files = { .indexed = true };
	enum status code = shards_read(&files.paths, &files.count, path);

	if (!code)
		code = join(list, path, &files, cache);
	files_free(&files);
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
	if (!dir && errno == ENOTDIR && shards_named(path))
		return open_shards(list, path, cache);
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

void
dump_list_close(struct dump_list *list)
{
	size_t i;

	for (i = 0; i < list->count; i++)
		dump_close(list->dumps[i]);
	free(list->dumps);
	free(list->skipped);
	*list = (struct dump_list){ 0 };
}
