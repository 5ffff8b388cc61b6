#include "src/choose.h"

#include <dirent.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "core/store.h"
#include "core/text.h"
#include "core/util.h"
#include "ui/canvas.h"

/* More than anybody scrolls through; and how far a folder is looked into. */
enum { FOUND_MAX = 10000, LOOKED_AT = 64, DATE = 20, CONTROL_C = 3,
	ESCAPE = 27 };

struct found {
	char *path, *label;
	struct timespec changed;
	uint64_t size;                  /* 0: a folder */
};

struct chooser {
	struct found *items;
	int count, chosen, top;
	bool done, left;
};

static bool
is_dump(const char *path, const struct stat *st)
{
	struct dirent *entry;
	bool holds = false;
	DIR *dir;

	if (S_ISREG(st->st_mode))
		return !store_recognise(path);
	dir = S_ISDIR(st->st_mode) ? opendir(path) : NULL;
	for (int k = 0; dir && !holds && k < LOOKED_AT
		&& (entry = readdir(dir)); k++) {
		char *inner = xasprintf("%s/%s", path, entry->d_name);
		struct stat own;

		holds = entry->d_name[0] != '.' && !stat(inner, &own)
			&& S_ISREG(own.st_mode) && !store_recognise(inner);
		free(inner);
	}
	if (dir)
		closedir(dir);
	return holds;
}

static int
newest_first(const void *a, const void *b)
{
	const struct found *x = a, *y = b;

	if (x->changed.tv_sec != y->changed.tv_sec)
		return x->changed.tv_sec > y->changed.tv_sec ? -1 : 1;
	if (x->changed.tv_nsec != y->changed.tv_nsec)
		return x->changed.tv_nsec > y->changed.tv_nsec ? -1 : 1;
	return natural_compare(x->label, y->label);
}

static void
add(struct chooser *chooser, const char *name)
{
	struct stat st;
	char *label;

	if (name[0] == '.' || stat(name, &st) || !is_dump(name, &st)
	    || chooser->count == FOUND_MAX)
		return;
	label = text_escape(name, strlen(name));
	chooser->items = xreallocarray(chooser->items,
		(size_t)chooser->count + 1, sizeof *chooser->items);
	chooser->items[chooser->count++] = (struct found){ xstrdup(name),
		label, st.st_mtim, S_ISREG(st.st_mode) ? (uint64_t)st.st_size
		: 0 };
}

static void
look_around(struct chooser *chooser)
{
	struct dirent *entry;
	DIR *dir = opendir(".");

	while (dir && (entry = readdir(dir)))
		add(chooser, entry->d_name);
	if (dir)
		closedir(dir);
	if (chooser->count)
		qsort(chooser->items, (size_t)chooser->count,
			sizeof *chooser->items, newest_first);
}

/* "  4.1 MB"; a folder has none. */
static void
size_text(char out[16], uint64_t size)
{
	static const char units[] = "kMGT";
	double value = (double)size / 1000;
	int unit = 0;

	while (value >= 999.95 && unit < 3) {
		value /= 1000;
		unit++;
	}
	snprintf(out, 16, size ? "%6.1f %cB" : "  folder", value, units[unit]);
}

static void
draw(struct canvas *canvas, const struct chooser *chooser)
{
	canvas_text(canvas, 0, 0, canvas->columns, COLOUR_TITLE,
		COLOUR_DEFAULT, 0, " esscope: dumps here, newest first");
	for (int k = 0; k < canvas->rows - 2
		&& chooser->top + k < chooser->count; k++) {
		const struct found *found = &chooser->items[chooser->top + k];
		bool here = chooser->top + k == chooser->chosen;
		char date[DATE] = "", size[16];
		struct tm tm;

		if (localtime_r(&found->changed.tv_sec, &tm))
			strftime(date, sizeof date, "%Y-%m-%d %H:%M", &tm);
		size_text(size, found->size);
		canvas_format(canvas, k + 1, 0, canvas->columns,
			COLOUR_DEFAULT, COLOUR_DEFAULT,
			here ? CELL_REVERSE : 0, " %s  %s  %s ", date, size,
			found->label);
	}
	canvas_text(canvas, canvas->rows - 1, 0, canvas->columns,
		COLOUR_ACCENT, COLOUR_DEFAULT, 0,
		" Enter opens  j k move  q quits    or: esscope FILE...");
}

static void
move(struct chooser *chooser, int steps, int rows)
{
	int chosen = chooser->chosen + steps;

	chosen = chosen < chooser->count ? chosen : chooser->count - 1;
	chooser->chosen = chosen > 0 ? chosen : 0;
	if (chooser->chosen < chooser->top)
		chooser->top = chooser->chosen;
	if (rows > 0 && chooser->chosen >= chooser->top + rows)
		chooser->top = chooser->chosen - rows + 1;
}

/* The second click on a line opens it, as Enter does. */
static void
point(struct chooser *chooser, const struct event *event, int rows)
{
	int line = chooser->top + event->row - 1;

	if (event->action == MOUSE_WHEEL_UP)
		move(chooser, -1, rows);
	else if (event->action == MOUSE_WHEEL_DOWN)
		move(chooser, 1, rows);
	if (event->action != MOUSE_PRESS || event->row < 1
	    || event->row > rows || line >= chooser->count)
		return;
	chooser->done = line == chooser->chosen;
	chooser->chosen = line;
}

static void
answer(struct chooser *chooser, const struct event *event, int rows)
{
	switch (event->key) {
	case '\n':
	case '\r':
		chooser->done = true;
		break;
	case 'q':
	case ESCAPE:
	case CONTROL_C:
		chooser->left = true;
		break;
	case 'j':
	case TTY_KEY_DOWN:
		move(chooser, 1, rows);
		break;
	case 'k':
	case TTY_KEY_UP:
		move(chooser, -1, rows);
		break;
	case TTY_KEY_PAGE_DOWN:
		move(chooser, rows, rows);
		break;
	case TTY_KEY_PAGE_UP:
		move(chooser, -rows, rows);
		break;
	case 'g':
	case TTY_KEY_HOME:
		move(chooser, -FOUND_MAX, rows);
		break;
	case 'G':
	case TTY_KEY_END:
		move(chooser, FOUND_MAX, rows);
		break;
	case TTY_KEY_MOUSE:
		point(chooser, event, rows);
		break;
	}
}

static int
run(struct chooser *chooser, struct tty *tty)
{
	struct canvas *canvas = canvas_new(tty_look(tty));
	int ending = 0;

	while (!chooser->done && !chooser->left
	    && !(ending = tty_end_signal(tty))) {
		struct event event;
		int rows, columns;

		tty_size(tty, &rows, &columns);
		move(chooser, 0, rows - 2);
		canvas_reset(canvas, rows, columns);
		draw(canvas, chooser);
		tty_draw(tty, canvas);
		tty_wait(tty, -1, -1);
		while (!chooser->done && (event = tty_event(tty)).key
			!= KEY_NONE)
			answer(chooser, &event, rows - 2);
	}
	canvas_free(canvas);
	return ending;
}

enum status
choose_dump(char **out, int *ending, struct tty_options options)
{
	struct chooser chooser = { 0 };
	enum status status = STATUS_OK;
	struct tty *tty;

	*out = NULL;
	*ending = 0;
	look_around(&chooser);
	if (chooser.count == 0)
		status = status_set(STATUS_MISSING, "no FILE is given, and "
			"there is no dump in this folder; --demo opens "
			"one that comes with esscope");
	else
		status = tty_open(&tty, options);
	if (status == STATUS_OK) {
		*ending = run(&chooser, tty);
		tty_close(tty);
		if (chooser.done)
			*out = xstrdup(chooser.items[chooser.chosen].path);
	}
	for (int k = 0; k < chooser.count; k++) {
		free(chooser.items[k].path);
		free(chooser.items[k].label);
	}
	free(chooser.items);
	return status;
}
