/*
 * esscope render: what the screen would show, as a file. It is a screen without
 * a terminal (app.h), with the same commands at its start; once these are done,
 * everything that is shown is computed, and written then, nothing before.
 */
#include "src/commands.h"

#include <locale.h>
#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/util.h"
#include "src/app.h"
#include "src/inputs.h"
#include "src/numbers.h"
#include "src/options.h"
#include "src/output.h"
#include "src/picture.h"
#include "src/report.h"
#include "src/settle.h"
#include "src/start.h"
#include "ui/view.h"

/* Of a picture in cells, where --size does not say. */
enum { ROWS = 48, COLUMNS = 160, COLUMNS_ALONE = 100 };

/* A screen has so many rows more than the view that is alone on it. */
enum { FRAME_ROWS = 2 };

struct render {
	const struct options *options;
	const struct picture_format *format;
	struct look look;
	bool unicode;                   /* the locale's */
	int rows, columns;              /* of the screen at the start */
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
	if (options->path_count < 1)
		return "render is of a FILE";
	if (options->path_count > 1 && !options->command_count
	    && !options->play)
		return "render is of one FILE; -c compare has a picture of two";
	if (fault)
		return fault;
	if (!render->format) {
		picture_format_names(names, sizeof names);
		status_set(STATUS_USAGE, "--output '%s': no --format is given, "
			"and its name does not end in one: %s", options->output,
			names);
		return status_text();
	}
	return NULL;
}

/* A file has no terminal to ask: all glyphs, and every colour if any. On one
 * NO_COLOR and the locale hold as on the screen. */
static struct look
choose_look(const struct render *render)
{
	const struct options *options = render->options;
	enum colour_mode mode = COLOUR_256;
	bool terminal = !options->output && isatty(STDOUT_FILENO);

	if (!render->format->colours)
		mode = COLOUR_MONO;
	else if (strcmp(options->colour, "auto") || terminal)
		colour_mode_choose(&mode, options->colour, 256);
	return look_new(mode, terminal && !options->glyphs ? render->unicode
		: options->glyphs != 1, options->light,
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
		return ROWS;
	if (picture->view == PANE_LAYERS)
		return 1 + (int)dump->layer_count;
	return picture->view == PANE_MAP ? view_map_rows(picture->model, 30)
		: 30;
}

/* What the commands have left of the screen. */
static void
choose_view(struct render *render, struct model *model, int rows, int columns)
{
	const struct options *options = render->options;
	struct picture *picture = &render->picture;
	bool alone = model->full && !model->help;
	bool resized = rows != render->rows || columns != render->columns;

	picture->model = model;
	picture->view = alone ? (int)model->focus : SETTLE_SCREEN;
	picture->rows = options->rows ? options->rows : default_rows(picture);
	picture->columns = columns;
	if (resized)
		picture->rows = alone && rows > FRAME_ROWS ? rows - FRAME_ROWS
			: rows;
	else if (!options->columns && !alone)
		picture->columns = COLUMNS;
	model->paper = picture->view == PANE_OPERATOR
		&& !render->format->cells;
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

/* Of a layer; the others are counted. */
enum { FAILURES_TOLD = 20 };

/* Rows that settle needs for a view to have so many. */
static int
screen_rows(const struct picture *picture)
{
	return picture->view == SETTLE_SCREEN ? picture->rows
		: picture->rows + FRAME_ROWS;
}

static void
report_layer(struct render *render, const struct layer *layer)
{
	const struct model *model = render->picture.model;
	size_t failed = 0;

	for (size_t c = 0; c < layer->channels; c++) {
		const char *why = session_failure(model->session, layer, c);

		if (why && failed++ < FAILURES_TOLD)
			report("%s: %s: channel %zu: %s", layer->dump->label,
				layer->label, c, view_reason(why, layer));
	}
	if (failed > FAILURES_TOLD)
		report("%s: %s: and %zu more channels", layer->dump->label,
			layer->label, failed - FAILURES_TOLD);
	render->failed |= failed > 0;
}

static void
report_failures(struct render *render)
{
	const struct model *model = render->picture.model;
	const struct layer *match = comparison_layer(model);

	if (model_ready(model))
		report_layer(render, model_layer(model));
	if (match)
		report_layer(render, match);
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

static int
finish(void *payload, struct model *model, int rows, int columns)
{
	struct render *render = payload;
	struct picture *picture = &render->picture;
	enum status status;

	choose_view(render, model, rows, columns);
	status = check_layer(picture);
	if (!status)
		status = settle(model, picture->view, screen_rows(picture),
			picture->columns);
	if (!status) {
		report_failures(render);
		status = write_picture(render);
	}
	report_failure(status);
	return status || render->failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

/* The screen that the commands run on. */
static void
choose_screen(struct app_options *app, struct render *render,
	const struct appearance *appearance)
{
	const struct options *options = render->options;
	bool alone = strcmp(appearance->view, "screen") != 0;

	render->look = choose_look(render);
	render->rows = (options->rows ? options->rows : ROWS)
		+ (alone ? FRAME_ROWS : 0);
	render->columns = options->columns ? options->columns
		: alone ? COLUMNS_ALONE : COLUMNS;
	app->look = &render->look;
	app->rows = render->rows;
	app->columns = render->columns;
	app->appearance = appearance;
	app->watch = false;
	app->finish = finish;
	app->payload = render;
}

int
cmd_render(const struct options *options)
{
	struct app_options app = app_options_new(options);
	struct render render = { .options = options };
	struct appearance appearance = options->appearance;
	const char *fault = find_fault(&render, options);
	enum status status;

	if (!fault && options_cache_size(&app.session.cache_size, options))
		fault = status_text();
	if (fault)
		return usage_error("render", fault);
	if (!appearance.view)
		appearance.view = views[PANE_MAP]->name;
	render.unicode = !strcmp(nl_langinfo(CODESET), "UTF-8");
	widen_locale();
	choose_screen(&app, &render, &appearance);
	status = inputs_spare(options->paths, options->path_count,
		options->output);
	report_failure(status);
	return status ? EXIT_FAILURE : app_configure(&app, options);
}
