/*
 * esscope view: the screen. Where there is no terminal to draw on or to read
 * keys from, the overview of `info` instead.
 */
#include "src/commands.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "src/app.h"
#include "src/choose.h"
#include "src/demo.h"
#include "src/options.h"
#include "src/report.h"
#include "src/start.h"

/* Of a screen without a terminal. */
enum { ROWS = 24, COLUMNS = 80 };

/* Where the dump comes on standard input, the keys come from the terminal
 * that the process belongs to. */
static bool
can_read_keys(const struct options *options)
{
	int fd;

	if (isatty(STDIN_FILENO))
		return true;
	for (size_t k = 0; k < options->path_count; k++) {
		if (strcmp(options->paths[k], "-"))
			continue;
		fd = open("/dev/tty", O_RDWR | O_CLOEXEC);
		if (fd >= 0)
			close(fd);
		return fd >= 0;
	}
	return false;
}

/* A script runs without a terminal, too. False: there is neither. */
static bool
choose_screen(struct app_options *app, const struct options *options)
{
	bool script = options->play || options->command_count;
	bool terminal = can_read_keys(options) && isatty(STDOUT_FILENO);

	if (script && (!terminal || options->rows)) {
		app->rows = options->rows ? options->rows : ROWS;
		app->columns = options->rows ? options->columns : COLUMNS;
	}
	return terminal || script;
}

/* Without a FILE, one of those here. Less than 0: it is chosen; else the exit
 * status. */
static int
choose_file(char **out, struct app_options *app)
{
	int ending;

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return usage_error("view", "no FILE is given");
	switch (choose_dump(out, &ending, app->tty)) {
	case STATUS_OK:
		break;
	case STATUS_MISSING:
		return usage_error("view", status_text());
	default:
		report("%s", status_text());
		return 1;
	}
	app->paths = out;
	app->path_count = 1;
	return *out ? -1 : ending ? 128 + ending : 0;
}

static int
view(const struct options *options)
{
	struct app_options app = app_options_new(options);
	const char *fault = start_fault(&options->selection);
	char *chosen = NULL;
	int result = -1;

	if (!fault && options_cache_size(&app.session.cache_size, options))
		fault = status_text();
	if (fault)
		return usage_error("view", fault);
	if (!options->path_count)
		result = choose_file(&chosen, &app);
	else if (!choose_screen(&app, options))
		result = cmd_info(options);
	if (result < 0)
		result = app_configure(&app, options);
	free(chosen);
	return result;
}

int
cmd_view(const struct options *options)
{
	struct options of_sample = *options;
	char *sample;
	int result;

	if (!options->demo)
		return view(options);
	if (demo_find(&sample)) {
		report("%s", status_text());
		return 1;
	}
	of_sample.paths = &sample;
	of_sample.path_count = 1;
	result = view(&of_sample);
	free(sample);
	return result;
}
