/*
 * From what was typed to a screen: options, then configuration. What `view`
 * shows and what `render` draws begin the same way.
 */
#include "src/app.h"

#include <stdlib.h>

#include "core/cache.h"
#include "src/configuration.h"
#include "src/options.h"
#include "src/report.h"
#include "ui/colour.h"

enum { XTERM_COLOURS = 256 };

struct app_options
app_options_new(const struct options *options)
{
	return (struct app_options){
		.paths = options->paths,
		.path_count = options->path_count,
		.session = {
			.threads = options->threads,
			.memory = options->memory,
			.choice = options->choice,
			.batch = options->batch,
		},
		.tty = {
			.colour = options->colour,
			.glyphs = options->glyphs,
			.light = options->light,
			.mouse = options->mouse,
			.low = options->low,
		},
		.tolerance = options->tolerances.items[0],
		.start = &options->selection,
		.appearance = &options->appearance,
		.commands = options->commands,
		.command_count = options->command_count,
		.play = options->play,
		.record = options->record,
		.watch = options->watch,
		.fresh = options->fresh,
		.tolerance_given = options->tolerance_given,
		.batch_given = options->batch_given,
		.colour_given = options->colour_given,
	};
}

int
app_configure(struct app_options *app, const struct options *options)
{
	enum colour_mode mode;
	struct config config;
	char *directory, *wanted;
	int result;

	if (config_read(&config, options->config, options->no_config)) {
		report("%s", status_text());
		return 1;
	}
	app->config = &config;
	wanted = options->colour_given ? NULL : config_colour(&config);
	if (wanted && colour_mode_choose(&mode, wanted, XTERM_COLOURS))
		app->tty.colour = wanted;
	directory = cache_directory();
	app->session.cache = directory;
	result = app_run(app);
	free(directory);
	free(wanted);
	config_done(&config);
	return result;
}
