#include "ui/history.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/state_file.h"
#include "core/text.h"
#include "core/util.h"
#include "ui/prompt.h"

/* A file of more bytes has grown over many runs, and is written anew. */
enum { FILE_MAX = 1 << 20, FILE_GROWN = 1 << 16 };

struct history {
	char *lines[HISTORY_LINES];     /* with their sigils, oldest first */
	size_t count;
	char *path;                     /* NULL: not kept */
};

struct history *
history_new(void)
{
	return xcalloc(1, sizeof(struct history));
}

void
history_free(struct history *history)
{
	if (!history)
		return;
	for (size_t i = 0; i < history->count; i++)
		free(history->lines[i]);
	free(history->path);
	free(history);
}

/* Could it have been typed? */
static bool
sound(const char *line, size_t n)
{
	return n >= 2 && n <= PROMPT_MAX && (line[0] == ':' || line[0] == '/')
		&& text_is_safe(line, n);
}

static void
forget(struct history *history, size_t index)
{
	free(history->lines[index]);
	history->count--;
	memmove(history->lines + index, history->lines + index + 1,
		(history->count - index) * sizeof *history->lines);
}

static void
remember(struct history *history, const char *line, size_t n)
{
	for (size_t i = 0; i < history->count; i++)
		if (strlen(history->lines[i]) == n
		    && !memcmp(history->lines[i], line, n)) {
			forget(history, i);
			break;
		}
	if (history->count == HISTORY_LINES)
		forget(history, 0);
	history->lines[history->count++] = xstrndup(line, n);
}

/* The file with what is remembered, and no more. */
static enum status
rewrite(const struct history *history)
{
	size_t size = 0;
	char *text, *end;
	enum status status;

	for (size_t i = 0; i < history->count; i++)
		size += strlen(history->lines[i]) + 1;
	text = end = xmalloc(size + 1);
	for (size_t i = 0; i < history->count; i++) {
		end = stpcpy(end, history->lines[i]);
		*end++ = '\n';
	}
	status = state_write(history->path, text, size);
	free(text);
	return status;
}

enum status
history_open(struct history *history, const char *path)
{
	enum status status;
	char *text;
	size_t size;

	free(history->path);
	history->path = xstrdup(path);
	status = state_read(&text, &size, path, FILE_MAX);
	if (status == STATUS_MISSING)
		return STATUS_OK;
	if (status != STATUS_OK)
		return status;
	for (const char *p = text; p < text + size;) {
		const char *end = memchr(p, '\n', size - (size_t)(p - text));
		size_t n = end ? (size_t)(end - p) : strlen(p);

		if (sound(p, n))
			remember(history, p, n);
		if (!end)
			break;
		p = end + 1;
	}
	free(text);
	return size > FILE_GROWN ? rewrite(history) : STATUS_OK;
}

enum status
history_add(struct history *history, char sigil, const char *line)
{
	char *text = xasprintf("%c%s\n", sigil, line);
	size_t n = strlen(text);
	enum status status = STATUS_OK;

	if (sound(text, n - 1)) {
		remember(history, text, n - 1);
		if (history->path)
			status = state_append(history->path, text, n);
	}
	if (status != STATUS_OK) {
		free(history->path);
		history->path = NULL;
	}
	free(text);
	return status;
}

/* The line so many back among those of this kind and beginning, or NULL. */
static const char *
older(const struct history *history, const struct prompt *prompt, size_t back)
{
	for (size_t i = history->count; i-- > 0;) {
		const char *line = history->lines[i];

		if (line[0] == prompt->sigil && !strncmp(line + 1,
			prompt->text, prompt->typed) && --back == 0)
			return line + 1;
	}
	return NULL;
}

void
history_recall(const struct history *history, struct prompt *prompt,
	int direction)
{
	size_t back, typed;
	const char *line = NULL;
	char own[PROMPT_MAX];

	if (prompt->recalled == 0)
		prompt->typed = prompt->length;
	if (direction < 0 && prompt->recalled == 0)
		return;
	back = prompt->recalled + (direction > 0 ? 1 : (size_t)-1);
	if (back)
		line = older(history, prompt, back);
	if (back && !line)
		return;
	typed = prompt->typed;
	memcpy(own, prompt->text, typed);
	own[typed] = '\0';
	prompt_set(prompt, line ? line : own);
	prompt->recalled = back;
	prompt->typed = typed;
}
