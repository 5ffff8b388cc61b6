#include "src/configuration.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/state_file.h"
#include "core/text.h"
#include "core/util.h"
#include "src/report.h"
#include "ui/model.h"
#include "ui/phrase.h"
#include "ui/script.h"
#include "ui/trail.h"

enum { FILE_MAX = 1 << 20 };

static void
add_folder(struct config *config, char *folder)
{
	size_t n = 0;

	while (config->folders && config->folders[n])
		n++;
	config->folders = xreallocarray(config->folders, n + 2,
		sizeof *config->folders);
	config->folders[n] = folder;
	config->folders[n + 1] = NULL;
}

/* The user's, then the machine's. */
static void
find_folders(struct config *config)
{
	const char *dirs = getenv("XDG_CONFIG_DIRS");
	char *folder = state_directory("XDG_CONFIG_HOME", ".config");

	if (folder)
		add_folder(config, folder);
	if (!dirs || !*dirs)
		dirs = "/etc/xdg";
	while (*dirs) {
		size_t n = strcspn(dirs, ":");

		/* Relative paths are to be ignored. */
		if (*dirs == '/')
			add_folder(config, xasprintf("%.*s/esscope", (int)n,
				dirs));
		dirs += n + (dirs[n] == ':');
	}
}

static enum status
read_file(struct config *config, const char *path)
{
	char *text;
	size_t size;
	enum status status = state_read(&text, &size, path, FILE_MAX);

	if (status != STATUS_OK)
		return status;
	if (memchr(text, '\0', size)) {
		free(text);
		return status_set(STATUS_FORMAT, "%s: is no text", path);
	}
	config->files = xreallocarray(config->files, config->count + 1,
		sizeof *config->files);
	config->files[config->count++] = (struct config_file){
		text_escape(path, strlen(path)), text };
	return STATUS_OK;
}

enum status
config_read(struct config *out, const char *path, bool none)
{
	struct config config = { 0 };
	enum status status = STATUS_OK;
	size_t count = 0;

	find_folders(&config);
	while (config.folders && config.folders[count])
		count++;
	if (path)
		status = read_file(&config, path);
	for (size_t k = count; !path && !none && k-- > 0;) {
		char *own = xasprintf("%s/config", config.folders[k]);
		enum status one = read_file(&config, own);

		if (one != STATUS_OK && one != STATUS_MISSING)
			report("%s", status_text());
		free(own);
	}
	if (status == STATUS_OK)
		*out = config;
	else
		config_done(&config);
	return status;
}

void
config_done(struct config *config)
{
	for (size_t k = 0; k < config->count; k++) {
		free(config->files[k].path);
		free(config->files[k].text);
	}
	free(config->files);
	for (char **folder = config->folders; folder && *folder; folder++)
		free(*folder);
	free(config->folders);
	*config = (struct config){ 0 };
}

/* The argument, if the line is "color ..." alone. */
static char *
colour_of_line(const char *line)
{
	struct phrase phrase;

	if (line[strspn(line, " \t")] == '#' || !phrase_next(&phrase, line, 0)
	    || phrase.name_end - phrase.name != 5
	    || strncmp(line + phrase.name, "color", 5) != 0)
		return NULL;
	return phrase_argument(&phrase, line);
}

char *
config_colour(const struct config *config)
{
	char *last = NULL;

	for (size_t k = 0; k < config->count; k++) {
		const char *p = config->files[k].text;

		while (*p) {
			size_t n = strcspn(p, "\n");
			char *line = xstrndup(p, n);
			char *found = colour_of_line(line);

			if (found) {
				free(last);
				last = found;
			}
			free(line);
			p += n + (p[n] == '\n');
		}
	}
	return last;
}

struct complaints {
	char *first;
	size_t count;
};

static void
complain(void *payload, const char *sentence)
{
	struct complaints *complaints = payload;

	report("%s", sentence);
	if (complaints->count++ == 0)
		complaints->first = xstrdup(sentence);
}

static void
set_themes(const struct config *config, struct model *model)
{
	size_t count = 0;

	while (config->folders && config->folders[count])
		count++;
	model->themes = xcalloc(count + 2, sizeof *model->themes);
	for (size_t k = 0; k < count; k++)
		model->themes[k] = xasprintf("%s/themes", config->folders[k]);
	model->themes[count] = xstrdup(ESSCOPE_DATA "/themes");
}

char *
config_apply(const struct config *config, struct model *model)
{
	struct complaints complaints = { 0 };

	set_themes(config, model);
	for (size_t k = 0; k < config->count; k++)
		script_apply(model, config->files[k].path,
			config->files[k].text, complain, &complaints);
	trail_restart(model);
	model->quit = model->suspend = model->help = false;
	if (complaints.count > 1) {
		char *first = complaints.first;

		complaints.first = xasprintf("%s (and %zu more)", first,
			complaints.count - 1);
		free(first);
	}
	return complaints.first;
}
