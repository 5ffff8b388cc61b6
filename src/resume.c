#include "src/resume.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/cache_key.h"
#include "core/dump.h"
#include "core/state_file.h"
#include "core/text.h"
#include "core/util.h"
#include "ui/command.h"
#include "ui/model.h"
#include "ui/phrase.h"
#include "ui/seen.h"
#include "ui/settings.h"
#include "ui/trail.h"

/* There are never more files, so that of more dumps the first so many will
 * do. */
enum { FILE_MAX = 1 << 16, FILES_MAX = 300 };

static const char suffix[] = ".session";
static const char mark_word[] = "\nmark ";

/* The file of a dump, for free(); NULL where its content has no key: no layer
 * can be used, or a bare .npy changed just now. */
static char *
path_of(const char *folder, struct dump *dump)
{
	unsigned char key[SHA256_SIZE], hash[SHA256_SIZE];
	char name[2 * SHA256_SIZE + 1];
	struct sha256 sha;
	size_t layer;

	/* Elements of a batch are one dump. */
	if (dump->origin)
		dump = dump->origin;
	if (dump->layer_count == 0)
		return NULL;
	layer = model_usable_layer(dump);
	if (layer_resolve(&dump->layers[layer]) != STATUS_OK
	    || !cache_key(key, &dump->layers[layer], 0))
		return NULL;
	sha256_start(&sha);
	sha256_add(&sha, key, sizeof key);
	for (size_t k = 0; k < dump->layer_count; k++)
		sha256_add(&sha, dump->layers[k].label,
			strlen(dump->layers[k].label) + 1);
	sha256_end(hash, &sha);
	for (size_t k = 0; k < SHA256_SIZE; k++)
		sprintf(name + 2 * k, "%02x", hash[k]);
	name[32] = '\0';
	return xasprintf("%s/%s%s", folder, name, suffix);
}

static bool
belongs(const char *name, size_t size)
{
	static const char *const places[] = { "layer", "batch", "channel",
		"position", "mark" };

	for (size_t k = 0; k < LENGTH(places); k++)
		if (strlen(places[k]) == size && !memcmp(places[k], name, size))
			return true;
	for (const struct setting *s = settings; s->command; s++)
		if (s->view && strlen(s->command) == size
		    && !memcmp(s->command, name, size))
			return true;
	return false;
}

/* Text that could have been written here: one command of a session. */
static bool
is_sound(const char *line)
{
	struct phrase phrase;

	return text_is_safe(line, strlen(line))
		&& phrase_next(&phrase, line, 0)
		&& phrase.number == phrase.number_end && !line[phrase.end]
		&& belongs(line + phrase.name, phrase.name_end - phrase.name);
}

static void
run_lines(struct model *model, char *text)
{
	char *save = NULL;

	for (char *line = strtok_r(text, "\n", &save); line;
		line = strtok_r(NULL, "\n", &save))
		if (is_sound(line)) {
			command_line(model, line);
			model->prompt.open = false;
		}
}

/* One dump's. */
static bool
read_dump(struct model *model, const char *folder, size_t dump)
{
	char *path = path_of(folder, session_dump(model->session, dump));
	char *text;
	size_t size;
	bool found = path && state_read(&text, &size, path, FILE_MAX)
		== STATUS_OK;

	if (found) {
		if (model->dump != dump)
			model_select_dump(model, dump);
		run_lines(model, text);
		free(text);
	}
	free(path);
	return found;
}

struct found {
	char *path;
	struct timespec used;
};

static int
older_first(const void *a, const void *b)
{
	const struct timespec *x = &((const struct found *)a)->used;
	const struct timespec *y = &((const struct found *)b)->used;

	if (x->tv_sec != y->tv_sec)
		return x->tv_sec < y->tv_sec ? -1 : 1;
	return (x->tv_nsec > y->tv_nsec) - (x->tv_nsec < y->tv_nsec);
}

static size_t
list_files(struct found **out, const char *folder)
{
	DIR *dir = opendir(folder);
	struct found *list = NULL;
	struct dirent *entry;
	size_t count = 0;

	while (dir && (entry = readdir(dir))) {
		size_t n = strlen(entry->d_name), k = sizeof suffix - 1;
		struct stat st;
		char *path;

		if (n < k || strcmp(entry->d_name + n - k, suffix) != 0)
			continue;
		path = xasprintf("%s/%s", folder, entry->d_name);
		if (stat(path, &st) == 0) {
			list = xreallocarray(list, count + 1, sizeof *list);
			list[count++] = (struct found){ path, st.st_mtim };
		} else {
			free(path);
		}
	}
	if (dir)
		closedir(dir);
	*out = list;
	return count;
}

static void
free_files(struct found *list, size_t count)
{
	for (size_t k = 0; k < count; k++)
		free(list[k].path);
	free(list);
}

/* Dumps of the model that may have one. */
static size_t
count_dumps(const struct model *model)
{
	return size_min(session_dump_count(model->session), FILES_MAX);
}

bool
resume_read(struct model *model, const char *folder)
{
	struct found *list;
	size_t files = list_files(&list, folder);
	/* A dump's key needs its headers, so not for nothing. */
	size_t count = files ? count_dumps(model) : 0;
	bool found = false;

	free_files(list, files);
	/* The first is the one to look at. */
	while (count-- > 0)
		found = read_dump(model, folder, count);
	if (model->dump != 0)
		model_select_dump(model, 0);
	model_hush(model);
	trail_restart(model);
	return found;
}

static void
write_marks(FILE *file, const struct model *model, size_t dump)
{
	for (int i = 0; i < MARKS; i++) {
		char letter = trail_letter(i);
		const struct mark *mark = trail_mark(model, letter);

		if (!mark->set || mark->place.dump != dump)
			continue;
		seen_write_place(file, model, mark->place);
		fprintf(file, "mark %c %s\n", letter, mark->note ? mark->note
			: "");
	}
}

/* The view as it was written the last time: what is behind the marks. */
static void
keep_view(FILE *file, const char *path)
{
	char *text, *view;
	size_t size;

	if (state_read(&text, &size, path, FILE_MAX) != STATUS_OK)
		return;
	view = text;
	for (char *line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (*line == '#' || !strncmp(line, mark_word + 1,
		    sizeof mark_word - 2))
			view = line + strcspn(line, "\n");
	}
	fputs(view + (*view == '\n'), file);
	free(text);
}

/* The marks of a dump, and its view: as it was last on the screen, in this run
 * or before. */
static enum status
write_dump(const struct model *model, const char *path, size_t d)
{
	const struct dump *dump = session_dump(model->session, d);
	const char *view = seen_view(model, dump);
	enum status status;
	char *text = NULL;
	size_t size = 0;
	FILE *file = open_memstream(&text, &size);

	if (!file)
		return status_set(STATUS_MEMORY, "no memory for a session");
	fprintf(file, "# esscope: how this was last looked at\n# %s\n",
		dump->label);
	write_marks(file, model, d);
	if (view)
		fputs(view, file);
	else
		keep_view(file, path);
	fclose(file);
	status = size <= FILE_MAX ? state_write(path, text, size) : STATUS_OK;
	free(text);
	return status;
}

static void
remove_oldest(const char *folder)
{
	struct found *list;
	size_t count = list_files(&list, folder);

	if (count > FILES_MAX)
		qsort(list, count, sizeof *list, older_first);
	for (size_t k = 0; k + FILES_MAX < count; k++)
		unlink(list[k].path);
	free_files(list, count);
}

static bool
has_marks(const struct model *model, size_t dump)
{
	for (int i = 0; i < MARKS; i++) {
		const struct mark *mark = trail_mark(model, trail_letter(i));

		if (mark->set && mark->place.dump == dump)
			return true;
	}
	return false;
}

/* Did the last run leave marks? */
static bool
had_marks(const char *path)
{
	size_t size;
	char *text;
	bool had;

	if (state_read(&text, &size, path, FILE_MAX) != STATUS_OK)
		return false;
	had = strstr(text, mark_word) != NULL;
	free(text);
	return had;
}

/* Where it is to be written, for free(); NULL: nothing is new. Marks that were
 * not read are not known to be gone. */
static char *
path_to_write(const struct model *model, const char *folder, size_t d,
	bool fresh)
{
	struct dump *dump = session_dump(model->session, d);
	bool new = seen_view(model, dump) || has_marks(model, d);
	char *path = new || !fresh ? path_of(folder, dump) : NULL;

	if (!path || new || had_marks(path))
		return path;
	free(path);
	return NULL;
}

enum status
resume_write(struct model *model, const char *folder, bool fresh)
{
	size_t count = count_dumps(model);
	enum status status = STATUS_OK;

	seen_note(model);
	for (size_t d = 0; d < count && status == STATUS_OK; d++) {
		char *path = path_to_write(model, folder, d, fresh);

		if (path)
			status = write_dump(model, path, d);
		free(path);
	}
	if (status == STATUS_OK)
		remove_oldest(folder);
	return status;
}
