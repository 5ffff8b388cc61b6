#include "src/record.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"
#include "core/util.h"
#include "ui/keymap.h"
#include "ui/tty.h"
#include "ui/utf8.h"

enum { KEYS_MAX = 64 };

struct record {
	FILE *file;
	char *path;
	char keys[KEYS_MAX];            /* not written yet, */
	size_t used;                    /* of so many bytes */
	bool waited;                    /* the last line is a wait */
	int rows, columns;              /* of the last resize */
};

static enum status
failed(const char *path)
{
	char *safe = text_escape(path, strlen(path));
	enum status status = status_set(STATUS_IO, "%s: cannot record: %s",
		safe, strerror(errno));

	free(safe);
	return status;
}

enum status
record_open(struct record **out, const char *path, int rows, int columns)
{
	struct record *record;
	FILE *file = path ? fopen(path, "w") : NULL;

	if (path && !file)
		return failed(path);
	*out = NULL;
	if (!path)
		return STATUS_OK;
	record = xcalloc(1, sizeof *record);
	record->file = file;
	record->path = xstrdup(path);
	record->rows = rows;
	record->columns = columns;
	fprintf(file, "resize %dx%d\n", columns, rows);
	*out = record;
	return STATUS_OK;
}

static void
flush_keys(struct record *record)
{
	if (record->used)
		fprintf(record->file, "keys %.*s\n", (int)record->used,
			record->keys);
	record->used = 0;
}

static void
record_key(struct record *record, int key)
{
	char name[KEY_NAME_MAX];

	/* One that has a name: Space, Enter, F1. */
	keymap_name_of_key(name, key);
	if (key > ' ' && key < KEY_NONE && key != 0x7f) {
		if (record->used + UTF8_MAX > KEYS_MAX)
			flush_keys(record);
		record->used += utf8_encode(record->keys + record->used,
			(uint32_t)key);
		return;
	}
	flush_keys(record);
	fprintf(record->file, "key %s\n", key == '\n' ? "Enter"
		: key == 0x7f ? "Backspace" : name);
}

static void
record_pointer(struct record *record, const struct event *event)
{
	static const char *const names[] = {
		[MOUSE_PRESS] = "press", [MOUSE_DRAG] = "drag",
		[MOUSE_RELEASE] = "release", [MOUSE_WHEEL_UP] = "wheel-up",
		[MOUSE_WHEEL_DOWN] = "wheel-down",
	};

	flush_keys(record);
	fprintf(record->file, "pointer %s %d %d\n", names[event->action],
		event->row, event->column);
}

void
record_event(struct record *record, const struct event *event, int rows,
	int columns, bool rested)
{
	bool resize = event->key == TTY_KEY_RESIZE;

	/* All drawn anew, in the same size. */
	if (!record || (resize && rows == record->rows
		&& columns == record->columns))
		return;
	if (rested && !record->waited) {
		flush_keys(record);
		fputs("wait all\n", record->file);
	}
	record->waited = rested;
	if (resize) {
		record->rows = rows;
		record->columns = columns;
		flush_keys(record);
		fprintf(record->file, "resize %dx%d\n", columns, rows);
	} else if (event->key == TTY_KEY_MOUSE) {
		record_pointer(record, event);
	} else {
		record_key(record, event->key);
	}
}

enum status
record_close(struct record *record)
{
	enum status status = STATUS_OK;
	bool right;

	if (!record)
		return STATUS_OK;
	flush_keys(record);
	right = !ferror(record->file);
	right &= !fclose(record->file);
	if (!right)
		status = failed(record->path);
	free(record->path);
	free(record);
	return status;
}
