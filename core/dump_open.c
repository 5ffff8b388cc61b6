/*
 * One argument of the command line: a file is one dump; a directory is one
 * too, of all its files, unless two of them hold the same factor, as
 * checkpoints of one model do: then each file is a dump of its own.
 */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/dump_parts.h"
#include "core/foreign.h"
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

/* Files of a directory. */
struct files {
	char **paths;
	size_t count;
	char **notes;                   /* on those that were skipped */
	size_t note_count;
	char *foreign;                  /* what it is instead, or NULL */
};

static int
compare_lines(const void *a, const void *b)
{
	return natural_compare(*(char *const *)a, *(char *const *)b);
}

static void
sort_lines(char **lines, size_t count)
{
	if (count > 0)
		qsort(lines, count, sizeof *lines, compare_lines);
}

/* Is it a file that can be opened? What is in it is found out later. */
static bool
is_readable(const char *path)
{
	struct source *source;
	enum status code = source_open(&source, path, NULL);

	if (!code)
		source_close(source);
	return code != STATUS_IO;
}

/* A directory is what is there; what else should be is said. */
static void
note_missing_shards(struct files *files, const char *path)
{
	char **shards, *label;
	size_t count, k;

	if (shards_read(&shards, &count, path)) {
		lines_add(&files->notes, &files->note_count,
			xasprintf("skipped: %s", status_text()));
		return;
	}
	for (k = 0; k < count; k++) {
		if (access(shards[k], F_OK) == 0)
			continue;
		label = text_escape(shards[k], strlen(shards[k]));
		lines_add(&files->notes, &files->note_count, xasprintf(
			"%s is not there, though an index names it", label));
		free(label);
	}
	lines_free(shards, count);
}

/* Beside the files they would be lost without a word. */
static void
note_bare_json(struct files *files, const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	char *label;

	if (strcmp(name, "meta.json") != 0 && strcmp(name, "tokens.json") != 0)
		return;
	label = text_escape(path, strlen(path));
	lines_add(&files->notes, &files->note_count, xasprintf("%s is not "
		"read: only a member of an .npz may be called so", label));
	free(label);
}

/* Takes the path over. What is called as one of our formats and is no file,
 * or not ours to read, is noted; what is not called so may be anything. */
static void
list_file(struct files *files, char *path)
{
	struct stat st;

	note_bare_json(files, path);
	if (shards_named(path))
		note_missing_shards(files, path);
	if (store_named(path) && is_readable(path)) {
		lines_add(&files->paths, &files->count, path);
		return;
	}
	if (store_named(path))
		lines_add(&files->notes, &files->note_count,
			xasprintf("skipped: %s", status_text()));
	else if (stat(path, &st) == 0 && S_ISREG(st.st_mode)
		&& store_recognised(path)) {
		lines_add(&files->paths, &files->count, path);
		return;
	}
	free(path);
}

/* Files that are, or are called as, one of our formats. */
static void
list_files(struct files *files, const char *path, DIR *dir)
{
	size_t n = strlen(path);
	const char *slash = n > 0 && path[n - 1] == '/' ? "" : "/";
	const struct dirent *item;

	while ((item = readdir(dir))) {
		if (!files->foreign && foreign_refuse_member(item->d_name,
			strlen(item->d_name)))
			files->foreign = xstrdup(status_text());
		if (item->d_name[0] != '.')
			list_file(files, xasprintf("%s%s%s", path, slash,
				item->d_name));
	}
	sort_lines(files->paths, files->count);
	sort_lines(files->notes, files->note_count);
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
	struct dump_parts parts = { .path = path, .cache = cache };
	enum status code;

	parts.stores = xcalloc(files->count, sizeof(struct store *));
	code = open_stores(parts.stores, &parts.count, files);
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

/* Of several dumps in a directory the first tells of the files skipped. */
static void
hand_notes(struct dump *dump, struct files *files)
{
	size_t k;

	for (k = 0; k < files->note_count; k++) {
		lines_add(&dump->notes, &dump->note_count, files->notes[k]);
		files->notes[k] = NULL;
	}
}

static enum status
fail_without_file(const char *path, const struct files *files)
{
	char *label = text_escape(path, strlen(path));

	if (files->foreign)
		status_set(STATUS_FORMAT, "%s: %s", label, files->foreign);
	else
		status_set(STATUS_FORMAT, "%s: a directory without "
			"a file of " STORE_NAMES "%s%s", label,
			files->note_count ? " that can be read; " : "",
			files->note_count ? files->notes[0] : "");
	free(label);
	return STATUS_FORMAT;
}

static enum status
open_directory(struct dump_list *list, const char *path, DIR *dir,
	struct member_cache *cache)
{
	struct files files = { 0 };
	enum status code;

	list_files(&files, path, dir);
	code = files.count ? join(list, path, &files, cache)
		: fail_without_file(path, &files);
	if (!code)
		hand_notes(list->dumps[0], &files);
	lines_free(files.paths, files.count);
	lines_free(files.notes, files.note_count);
	free(files.foreign);
	return code;
}

/* All files that an index names; each must be there. */
static enum status
open_shards(struct dump_list *list, const char *path,
	struct member_cache *cache)
{
	struct files files = { 0 };
	enum status code = shards_read(&files.paths, &files.count, path);

	if (!code)
		code = join(list, path, &files, cache);
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
	*list = (struct dump_list){ 0 };
}
