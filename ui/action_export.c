/*
 * Taking what is seen away. Views write no files: a command leaves a wish in
 * the model, and the event loop, which may have to wait for cells, fulfils it.
 */
#include "ui/action.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util.h"
#include "ui/model.h"
#include "ui/script.h"
#include "ui/view.h"

enum { NAME_MAX_BYTES = 100 };

/* The last part of the path, without what follows its first dot. */
static char *
dump_stem(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash && slash[1] ? slash + 1 : path;

	return xstrndup(name, strcspn(name, "./"));
}

/* What no shell and no file system minds. */
static void
make_safe(char *name)
{
	for (char *p = name; *p; p++)
		if (!isalnum((unsigned char)*p) && !strchr("._-+=", *p))
			*p = '_';
	if (strlen(name) > NAME_MAX_BYTES)
		name[NAME_MAX_BYTES] = '\0';
}

/* "run-layers.2-map.svg", for free(). */
static char *
propose(const struct model *model)
{
	const struct dump *dump = model_dump(model);
	const struct layer *layer = model_layer(model);
	bool all = views[model->focus]->rests == RESTS_LAYERS;
	char *stem = dump_stem(dump ? dump->path : "");
	char *name = xasprintf("%s%s%s-%s", stem, all || !layer ? "" : "-",
		all || !layer ? "" : layer->label, views[model->focus]->name);
	char *whole;

	make_safe(name);
	whole = xasprintf("%s.%s", name, views[model->focus]->figure ? "svg"
		: "txt");
	free(name);
	free(stem);
	return whole;
}

/* "~/x" is below the home directory, as in a shell. */
static char *
expand(const char *path)
{
	const char *home = getenv("HOME");

	if (path[0] == '~' && path[1] == '/' && home)
		return xasprintf("%s%s", home, path + 1);
	return xstrdup(path);
}

enum status
action_marks(struct model *model, const char *argument)
{
	if (!argument) {
		model->help = true;
		model->page = PAGE_MARKS;
		model->help_row = 0;
		return STATUS_OK;
	}
	free(model->wish.marks);
	model->wish.marks = expand(argument);
	model->wish.failed = false;
	script_request(model->script)->want = SCRIPT_EXPORT;
	return STATUS_OK;
}

static enum status
wish(struct model *model, const char *argument, bool over)
{
	char *proposed, *line;

	if (!argument) {
		proposed = propose(model);
		line = xasprintf("%s %s", over ? "export!" : "export",
			proposed);
		prompt_open(&model->prompt, ':', line);
		free(line);
		free(proposed);
		return STATUS_OK;
	}
	free(model->wish.export);
	model->wish.export = expand(argument);
	model->wish.over = over;
	model->wish.scripted = script_running(model->script);
	model->wish.failed = false;
	script_request(model->script)->want = SCRIPT_EXPORT;
	return STATUS_OK;
}

enum status
action_export(struct model *model, const char *argument)
{
	return wish(model, argument, false);
}

enum status
action_export_over(struct model *model, const char *argument)
{
	return wish(model, argument, true);
}
