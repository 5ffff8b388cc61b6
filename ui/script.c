#include "ui/script.h"

#include <stdlib.h>
#include <string.h>

#include "core/state_file.h"
#include "core/text.h"
#include "core/util.h"
#include "ui/command.h"
#include "ui/model.h"
#include "ui/trail.h"

/* Longer than anybody writes by hand. */
enum { FILE_MAX = 1 << 24, SOURCES_MAX = 1000 };

struct line {
	char *text;
	char *name;
	size_t number;
};

struct script {
	struct line *lines;
	size_t next, count;
	int sources;
	const struct line *running;     /* NULL: none, as on the ":" line */
	struct script_request request;
};

struct script *
script_new(void)
{
	return xcalloc(1, sizeof(struct script));
}

void
script_stop(struct script *script)
{
	for (size_t i = script->next; i < script->count; i++) {
		free(script->lines[i].text);
		free(script->lines[i].name);
	}
	free(script->lines);
	script->lines = NULL;
	script->next = script->count = 0;
}

void
script_free(struct script *script)
{
	if (!script)
		return;
	script_stop(script);
	free(script->request.path);
	free(script);
}

struct script_request *
script_request(struct script *script)
{
	return &script->request;
}

size_t
script_left(const struct script *script)
{
	return script->count - script->next;
}

bool
script_running(const struct script *script)
{
	return script->running;
}

bool
script_defer(struct script *script, const char *rest)
{
	const struct line *line = script->running;
	size_t left = script_left(script);

	if (script->request.want == SCRIPT_NOTHING)
		return false;
	script_insert(script, line ? line->name : ":", rest);
	if (line && script_left(script) > left)
		script->lines[script->next].number = line->number;
	return true;
}

static bool
says_something(const char *line)
{
	line += strspn(line, " \t");
	return *line && *line != '#';
}

/* The lines that say something: how many, and copies into out if not NULL. */
static size_t
read_lines(struct line *out, const char *name, const char *text)
{
	size_t count = 0;

	for (size_t number = 1; *text; number++) {
		size_t n = strcspn(text, "\n");
		char *line = xstrndup(text, n && text[n - 1] == '\r' ? n - 1
			: n);

		if (says_something(line)) {
			if (out)
				out[count] = (struct line){ xstrdup(line),
					xstrdup(name), number };
			count++;
		}
		free(line);
		text += n + (text[n] == '\n');
	}
	return count;
}

void
script_insert(struct script *script, const char *name, const char *text)
{
	size_t left = script->count - script->next;
	size_t count = read_lines(NULL, name, text);
	struct line *lines = xcalloc(count + left + 1, sizeof *lines);

	read_lines(lines, name, text);
	if (left)
		memcpy(lines + count, script->lines + script->next,
			left * sizeof *lines);
	free(script->lines);
	script->lines = lines;
	script->next = 0;
	script->count = count + left;
}

enum status
script_source(struct script *script, const char *path)
{
	enum status status;
	char *text, *name;
	size_t size;

	if (script->sources++ == SOURCES_MAX)
		return status_set(STATUS_USAGE, "source was called %d times; "
			"does a file read itself?", SOURCES_MAX);
	status = state_read(&text, &size, path, FILE_MAX);
	if (status != STATUS_OK)
		return status;
	name = text_escape(path, strlen(path));
	script_insert(script, name, text);
	free(name);
	free(text);
	return STATUS_OK;
}

/* Runs it as if it were typed; the sentence names the place. */
static enum status
run(struct model *model, const struct line *line)
{
	enum status status;

	model_hush(model);
	model->script->running = line;
	status = command_line(model, line->text);
	model->script->running = NULL;
	trail_follow(model);
	return status_at(status, "%s:%zu", line->name, line->number);
}

bool
script_step(struct model *model, enum status *status)
{
	struct script *script = model->script;
	struct line line;

	if (script->next == script->count)
		return false;
	line = script->lines[script->next++];
	*status = run(model, &line);
	if (*status != STATUS_OK) {
		model_say(model, true, "%s", status_text());
		script_stop(script);
	}
	free(line.text);
	free(line.name);
	return true;
}

bool
script_interrupt(struct script *script)
{
	if (script->running || (!script_left(script)
		&& script->request.want == SCRIPT_NOTHING))
		return false;
	script_stop(script);
	script->request.want = SCRIPT_NOTHING;
	return true;
}

/* True where it asked for a file or the clipboard. */
static bool
refuse_wishes(struct model *model)
{
	struct wish *wish = &model->wish;
	bool any = wish->export || wish->copy || wish->marks;

	free(wish->export);
	free(wish->copy);
	free(wish->marks);
	wish->export = wish->copy = wish->marks = NULL;
	return any;
}

void
script_apply(struct model *model, const char *name, const char *text,
	void (*complain)(void *payload, const char *sentence), void *payload)
{
	struct script *old = model->script, *script = script_new();
	enum status status;

	model->script = script;
	script_insert(script, name, text);
	while (script->next < script->count) {
		struct line line = script->lines[script->next++];

		status = run(model, &line);
		model->prompt.open = false;
		if (status == STATUS_OK && refuse_wishes(model))
			status = status_set(STATUS_USAGE, "%s:%zu: this writes, "
				"and is for keys and scripts", line.name,
				line.number);
		else if (status == STATUS_OK
		    && script->request.want != SCRIPT_NOTHING)
			status = status_set(STATUS_USAGE, "%s:%zu: this is "
				"for scripts only", line.name, line.number);
		script->request.want = SCRIPT_NOTHING;
		if (status != STATUS_OK)
			complain(payload, status_text());
		free(line.text);
		free(line.name);
	}
	model_hush(model);
	model->script = old;
	script_free(script);
}
