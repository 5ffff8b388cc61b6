/*
 * What lies in a directory: files that are of the dump, and what is said of
 * the others.
 */
#include "core/dump_files.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/dump.h"
#include "core/dump_parts.h"
#include "core/foreign.h"
#include "core/shards.h"
#include "core/source.h"
#include "core/store.h"
#include "core/text.h"
#include "core/util.h"

/* Files of other formats that are named: a run may leave hundreds. */
enum { FOREIGN_NAMED = 5 };

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
		lines_add(&files->unread, &files->unread_count,
			xstrdup(status_text()));
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

static void
add_foreign(struct files *files)
{
	lines_add(&files->foreign, &files->foreign_count,
		xstrdup(status_text()));
}

/* Takes the path over. What is called as one of our formats and is no file,
 * or not ours to read, is noted; what is not called so may be anything. */
static void
list_file(struct files *files, char *path)
{
	bool named = store_named(path), ours = named && is_readable(path);
	struct stat st;

	note_bare_json(files, path);
	if (shards_named(path))
		note_missing_shards(files, path);
	if (named && !ours)
		lines_add(&files->unread, &files->unread_count,
			xstrdup(status_text()));
	if (!named && !stat(path, &st) && S_ISREG(st.st_mode)) {
		enum status code = store_recognise(path);

		ours = !code;
		if (code == STATUS_FOREIGN)
			add_foreign(files);
	}
	if (ours)
		lines_add(&files->paths, &files->count, path);
	else
		free(path);
}

void
files_list(struct files *files, const char *path, DIR *dir)
{
	size_t n = strlen(path);
	const char *slash = n > 0 && path[n - 1] == '/' ? "" : "/";
	const struct dirent *item;

	while ((item = readdir(dir))) {
		if (!files->itself && foreign_refuse_member(item->d_name,
			strlen(item->d_name)))
			files->itself = xstrdup(status_text());
		if (item->d_name[0] != '.')
			list_file(files, xasprintf("%s%s%s", path, slash,
				item->d_name));
	}
	sort_lines(files->paths, files->count);
	sort_lines(files->notes, files->note_count);
	sort_lines(files->unread, files->unread_count);
}

void
files_pass_over(struct files *files, size_t index)
{
	add_foreign(files);
	free(files->paths[index]);
	files->count--;
	memmove(files->paths + index, files->paths + index + 1,
		(files->count - index) * sizeof *files->paths);
}

static void
note_skipped(struct files *files)
{
	size_t named = size_min(files->foreign_count, FOREIGN_NAMED);

	sort_lines(files->foreign, files->foreign_count);
	for (size_t k = 0; k < files->unread_count + named; k++) {
		char *brief = foreign_brief(k < files->unread_count
			? files->unread[k]
			: files->foreign[k - files->unread_count]);

		lines_add(&files->notes, &files->note_count,
			xasprintf("skipped: %s", brief));
		free(brief);
	}
	if (files->foreign_count > named)
		lines_add(&files->notes, &files->note_count,
			xasprintf("skipped: %zu more files of other formats",
				files->foreign_count - named));
}

void
files_tell(struct files *files, struct dump_list *list)
{
	size_t skipped = files->unread_count + files->foreign_count;
	size_t first = files->note_count;
	struct dump *dump = list->dumps[0];

	note_skipped(files);
	if (skipped == 1)
		list->skipped = xstrdup(files->notes[first]);
	else if (skipped)
		list->skipped = xasprintf("%s, and %zu more files",
			files->notes[first], skipped - 1);
	for (size_t k = 0; k < files->note_count; k++) {
		lines_add(&dump->notes, &dump->note_count, files->notes[k]);
		files->notes[k] = NULL;
	}
}

enum status
files_fail(struct files *files, const char *path)
{
	char *label = text_escape(path, strlen(path));

	note_skipped(files);
	if (files->itself)
		status_set(STATUS_FOREIGN, "%s: %s", label, files->itself);
	else if (files->foreign_count)
		status_set(STATUS_FOREIGN, "%s", files->foreign[0]);
	else
		status_set(STATUS_FORMAT, "%s: a directory without "
			"a file of " STORE_NAMES "%s%s", label,
			files->note_count ? " that can be read; " : "",
			files->note_count ? files->notes[0] : "");
	free(label);
	return STATUS_FORMAT;
}

void
files_free(struct files *files)
{
	lines_free(files->paths, files->count);
	lines_free(files->notes, files->note_count);
	lines_free(files->unread, files->unread_count);
	lines_free(files->foreign, files->foreign_count);
	free(files->itself);
}
