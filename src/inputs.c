/*
 * A file is known by its device and inode: it may have several names. What
 * cannot be looked at is left for the opening of the dump to explain.
 */
#include "src/inputs.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/store.h"
#include "core/text.h"
#include "core/util.h"

static bool
is_same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* Does the directory hold this file, and as a dump? */
static bool
holds(const char *directory, const struct stat *file)
{
	DIR *dir = opendir(directory);
	const struct dirent *item;
	bool found = false;

	if (!dir)
		return false;
	while (!found && (item = readdir(dir))) {
		struct stat st;
		char *path;

		if (item->d_name[0] == '.')
			continue;
		path = xasprintf("%s/%s", directory, item->d_name);
		found = !stat(path, &st) && is_same(&st, file)
			&& !store_recognise(path);
		free(path);
	}
	closedir(dir);
	return found;
}

static bool
is_input(const char *path, const struct stat *file)
{
	struct stat st;

	if (!strcmp(path, "-"))
		return !fstat(STDIN_FILENO, &st) && is_same(&st, file);
	if (stat(path, &st))
		return false;
	return S_ISDIR(st.st_mode) ? holds(path, file) : is_same(&st, file);
}

enum status
inputs_spare(char *const *paths, size_t count, const char *output)
{
	struct stat file;
	char *label;

	if (!output || stat(output, &file) || !S_ISREG(file.st_mode))
		return STATUS_OK;
	for (size_t k = 0; k < count; k++) {
		if (!is_input(paths[k], &file))
			continue;
		label = text_escape(output, strlen(output));
		status_set(STATUS_USAGE, "%s: -o would replace a dump that is "
			"to be read; expected another file", label);
		free(label);
		return STATUS_USAGE;
	}
	return STATUS_OK;
}
