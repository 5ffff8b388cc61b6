/*
 * esscope render: what the screen would show, as a file. Everything that is
 * shown is computed first; nothing is written before.
 */
#include "src/commands.h"

#include <locale.h>
#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/cache.h"
#include "core/util.h"
#include "src/inputs.h"
#include "src/numbers.h"
#include "src/options.h"
#include "src/output.h"
#include "src/picture.h"
#include "src/report.h"
#include "src/settle.h"
#include "src/start.h"
#include "ui/view.h"

struct render {
	const struct options *options;
	const struct picture_format *format;
	struct session_options session;
	struct session *dumps;
	struct picture picture;
	bool failed;                    /* channels of it cannot be computed */
};

static const struct picture_format *
choose_format(const struct options *options)
{
	const char *path = options->output;

	if (options->picture)
		return options->picture;
	if (path && strcmp(path, "-"))
		return picture_format_of(path);
	return picture_format_find(isatty(STDOUT_FILENO) ? "ans" : "txt");
}

/* What is wrong with the request, or NULL. */
static const char *
find_fault(struct render *render, const struct options *options)
{
	const char *fault = start_fault(&options->selection);
	char names[200];

	render->format = choose_format(options);
	if (options->path_count != 1)
		return "render is of one FILE";
	if (fault)
		return fault;
	if (!render->format) {
		picture_format_names(names, sizeof names);
		status_set(STATUS_USAGE, "--output '%s': no --format is given, "
			"and its name does not end in one: %s", options->output,
			names);
		return status_text();
	}
	if (options_cache_size(&render->session.cache_size, options))
		return status_text();
	return NULL;
}

/* A file has no terminal to ask: all glyphs, and every colour if any. */
static struct look
choose_look(const struct render *render)
{
	const struct options *options = render->options;
	enum colour_mode mode = COLOUR_256;

	if (!render->format->colours)
		mode = COLOUR_MONO;
	else if (strcmp(options->colour, "auto"))
		colour_mode_choose(&mode, options->colour, 256);
	return look_new(mode, options->glyphs != 1, options->light,
		PALETTE_OF_MODE);
}

/* Widths of characters come from the locale, and a picture does not depend on
 * it. */
static void
widen_locale(void)
{
	if (strcmp(nl_langinfo(CODESET), "UTF-8"))
		setlocale(LC_CTYPE, "C.UTF-8");
}

/* As many as the view has a use for. */
static int
default_rows(const struct picture *picture)
{
	const struct dump *dump = model_dump(picture->model);

	if (picture->view == SETTLE_SCREEN)
		return 48;
	if (picture->view == PANE_LAYERS)
		return 1 + (int)dump->layer_count;
	return picture->view == PANE_MAP ? view_map_rows(picture->model, 30)
		: 30;
}

static void
choose_view(struct picture *picture, const struct options *options)
{
	const char *name = options->appearance.view;
	enum pane pane = PANE_MAP;

	picture->view = SETTLE_SCREEN;
	if (!name || strcmp(name, "screen")) {
		if (name)
			view_find(&pane, name);
		picture->view = (int)pane;
		model_focus(picture->model, pane);
		picture->model->full = true;
	}
	picture->rows = options->rows ? options->rows
		: default_rows(picture);
	picture->columns = options->columns ? options->columns
		: picture->view == SETTLE_SCREEN ? 160 : 100;
}

static enum status
open_model(struct render *render)
{
	const struct options *options = render->options;
	struct start start;
	enum status status = session_open(&render->dumps, options->paths,
		options->path_count, render->session);

	if (!status)
		status = start_choose(&start, &options->selection,
			render->dumps);
	if (status)
		return status;
	render->picture.model = model_new(render->dumps,
		options->tolerances.items[0], choose_look(render));
	start_apply(&start, &options->appearance, render->picture.model,
		false);
	choose_view(&render->picture, options);
	render->picture.model->paper = render->picture.view == PANE_OPERATOR
		&& !render->format->cells;
	return STATUS_OK;
}

/* A view of a layer that cannot be used would be a picture of the reason. */
static enum status
check_layer(const struct picture *picture)
{
	const struct layer *layer = model_layer(picture->model);

	if (!layer)
		return status_set(STATUS_MISSING, "%s: holds no layers",
			model_dump(picture->model)->label);
	if (layer->status && picture->view != PANE_LAYERS)
		return status_set(layer->status, "%s", layer->error);
	return STATUS_OK;
}

/* Rows that settle needs for a view to have so many: a screen has two more. */
static int
screen_rows(const struct picture *picture)
{
	return picture->view == SETTLE_SCREEN ? picture->rows
		: picture->rows + 2;
}

static void
report_failures(struct render *render)
{
	const struct model *model = render->picture.model;
	const struct layer *layer = model_layer(model);
	const char *why;

	for (size_t c = 0; model_ready(model) && c < layer->channels; c++)
		if ((why = session_failure(model->session, layer, c))) {
			report("%s", why);
			render->failed = true;
		}
}

/* Beside an array, what it holds. */
static enum status
write_description(const struct render *render)
{
	char *path = xasprintf("%s.json", render->options->output);
	struct output *output;
	enum status status = output_open(&output, path);

	free(path);
	if (status)
		return status;
	status = numbers_describe(render->picture.model,
		(enum pane)render->picture.view, output);
	if (!status)
		return output_commit(output);
	output_discard(output);
	return status;
}

static enum status
write_picture(struct render *render)
{
	const char *path = render->options->output;
	const struct picture_format *format = render->format;
	bool described = format->numbers && !format->writer && path
		&& strcmp(path, "-");
	enum status status = output_open(&render->picture.output, path);

	if (status)
		return status;
	status = picture_write(format, &render->picture);
	if (!status) {
		status = output_commit(render->picture.output);
		return status || !described ? status
			: write_description(render);
	}
	output_discard(render->picture.output);
	return status;
}

static enum status
run(struct render *render)
{
	const struct options *options = render->options;
	struct picture *picture = &render->picture;
	enum status status = inputs_spare(options->paths, options->path_count,
		options->output);

	if (!status)
		status = open_model(render);
	if (!status)
		status = check_layer(picture);
	if (!status)
		status = settle(picture->model, picture->view,
			screen_rows(picture), picture->columns);
	if (status)
		return status;
	report_failures(render);
	return write_picture(render);
}

int
cmd_render(const struct options *options)
{
	struct render render = {
		.options = options,
		.session = {
			.threads = options->threads,
			.memory = options->memory,
			.choice = options->choice,
			.batch = options->batch,
		},
	};
	const char *fault = find_fault(&render, options);
	char *directory;
	enum status status;

	if (fault)
		return usage_error("render", fault);
	widen_locale();
	directory = cache_directory();
	render.session.cache = directory;
	status = run(&render);
	report_failure(status);
	model_free(render.picture.model);
	session_close(render.dumps);
	free(directory);
	return status || render.failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
