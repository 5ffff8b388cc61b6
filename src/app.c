#include "src/app.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/util.h"
#include "src/configuration.h"
#include "src/copy.h"
#include "src/export.h"
#include "src/export_marks.h"
#include "src/keep.h"
#include "src/play.h"
#include "src/record.h"
#include "src/start.h"
#include "src/watch.h"
#include "ui/canvas.h"
#include "ui/command.h"
#include "ui/input.h"
#include "ui/model.h"
#include "ui/screen.h"
#include "ui/script.h"
#include "ui/trail.h"
#include "ui/tty_environment.h"

/* While results stream in: a frame every 50 ms, and where all are there more
 * often, until what is counted of them is done. Keys are answered at once. */
enum { FRAME_MS = 50, COUNT_MS = 10 };

/* Otherwise as often as this it asks whether files have changed. */
enum { WATCH_MS = 500 };

/* How long who quits waits for a factorisation that is under way. */
static const double farewell_seconds = 0.15;

struct app {
	struct session *session;
	struct tty *tty;                /* NULL: a screen of */
	int rows, columns;              /* that size instead */
	struct model *model;
	struct canvas *canvas;
	struct export *export;
	long drawn;                     /* ms: when the last frame was */
	bool due;                       /* something changed since */
	bool busy;                      /* that frame said work goes on, */
	int reading;                    /* and how far: session_reading */
	bool more;                      /* screen_update was not through */
	struct play play;
	struct record *record;
	struct watch *watch;            /* NULL: none */
	bool left;                      /* not closed: something is computed */
};

static long
now_ms(void)
{
	return (long)(1e3 * clock_seconds(CLOCK_MONOTONIC));
}

static void
size(const struct app *app, int *rows, int *columns)
{
	*rows = app->rows;
	*columns = app->columns;
	if (app->tty)
		tty_size(app->tty, rows, columns);
}

/* Everything that waits; true when there was any. */
static bool
take_events(struct app *app)
{
	struct event event;
	bool any = false;
	int rows, columns;

	if (!app->tty)
		return false;
	tty_size(app->tty, &rows, &columns);
	while ((event = tty_event(app->tty)).key != KEY_NONE) {
		if (event.key == TTY_KEY_RESIZE)
			tty_size(app->tty, &rows, &columns);
		record_event(app->record, &event, rows, columns,
			!app->more && !app->busy);
		input_event(app->model, rows, columns, &event);
		app->model->hud.dropped += any;
		any = true;
		if (app->model->quit || app->model->suspend)
			break;
	}
	return any;
}

static void
draw(struct app *app)
{
	int rows, columns;
	double began = clock_seconds(CLOCK_MONOTONIC);

	size(app, &rows, &columns);
	app->play.more = app->more = screen_update(app->model, rows, columns);
	app->canvas->look = app->model->look;
	canvas_reset(app->canvas, rows, columns);
	screen_draw(app->canvas, app->model);
	if (app->tty) {
		tty_set_sync(app->tty, !app->model->unbracketed);
		tty_draw(app->tty, app->canvas);
		app->model->hud.bytes = tty_sent(app->tty);
	}
	app->model->hud.ms = 1e3 * (clock_seconds(CLOCK_MONOTONIC)
		- began);
	app->drawn = now_ms();
	app->due = false;
	app->busy = session_progress(app->session).busy;
	app->reading = session_reading(app->session);
}

static int
frame_ms(const struct app *app)
{
	return app->more && !app->busy ? COUNT_MS : FRAME_MS;
}

/* Milliseconds the loop may sleep; -1: until something happens. */
static int
pause_ms(const struct app *app)
{
	long left = app->drawn + frame_ms(app) - now_ms();
	int play = play_pause(&app->play), export = export_pause(app->export);

	if (app->model->map_behind || app->model->search)
		return 0;
	if (export >= 0)
		return export;
	if (play >= 0 && play < FRAME_MS)
		return play;
	if (app->due || app->more)
		return left > 0 ? (int)left : 0;
	if (app->busy || app->reading >= 0 || play >= 0)
		return FRAME_MS;
	return app->watch ? WATCH_MS : -1;
}

static void
draw_now(void *payload)
{
	draw(payload);
}

/* A terminal has the size it has. */
static void
resize(void *payload, int rows, int columns)
{
	struct app *app = payload;

	app->rows = rows;
	app->columns = columns;
	draw(app);
}

/* What the model asks of the terminal; true when a frame is due. */
static bool
serve(struct app *app)
{
	struct model *model = app->model;
	bool any = app->tty && (model->suspend || model->repaint);

	if (app->tty && model->suspend)
		tty_suspend(app->tty);
	if (app->tty && model->repaint)
		tty_repaint(app->tty);
	if (app->tty)
		tty_set_mouse(app->tty, model->mouse);
	model->suspend = model->repaint = false;
	return any;
}

static void
rest(struct app *app)
{
	struct pollfd fd = { session_fd(app->session), POLLIN, 0 };

	if (app->tty)
		tty_wait(app->tty, fd.fd, pause_ms(app));
	else
		poll(&fd, 1, pause_ms(app));
}

/* A session of what the files hold now, in the place of the one there was. */
static void
take_session(struct app *app, struct session *session)
{
	size_t before = session_dump_count(app->session);
	size_t count = session_dump_count(session);

	export_stop(app->export, app->model);
	model_reopen(app->model, session);
	watch_retire(app->watch, app->session);
	app->session = session;
	if (count > before)
		model_say(app->model, false, "%zu new, %zu dumps now",
			count - before, count);
	else if (count > 1)
		model_say(app->model, false, "files have changed: each of "
			"%zu dumps was read again", count);
	else
		model_say(app->model, false, "%s has changed, and was read "
			"again", model_dump(app->model)->label);
}

/* True when there is something to show of files that have changed. */
static bool
take_news(struct app *app)
{
	struct session *session = NULL;
	char *sentence = NULL;
	enum watch_news news = watch_take(app->watch, &session, &sentence);

	if (news == WATCH_OPENED)
		take_session(app, session);
	else if (news == WATCH_HALF)
		model_say(app->model, true, "waiting for a whole file; shown "
			"is what was there before: %s", sentence);
	else if (news == WATCH_GONE)
		model_say(app->model, true, "%s", sentence);
	free(sentence);
	return news != WATCH_NOTHING;
}

static bool
turn_export(struct app *app)
{
	int rows, columns;

	size(app, &rows, &columns);
	return export_turn(app->export, app->model, rows, columns,
		!app->due && !app->more);
}

static void
turn(struct app *app)
{
	struct model *model = app->model;
	bool keys = take_events(app);

	if (session_collect(app->session)) {
		model->results++;
		app->due = true;
	}
	app->due |= take_news(app);
	keys |= play_turn(&app->play);
	keys |= serve(app);
	copy_turn(model, app->tty);
	if (app->more || app->busy != session_progress(app->session).busy
	    || app->reading != session_reading(app->session))
		app->due = true;
	if (keys || model->map_behind || model->search
	    || (app->due && now_ms() - app->drawn >= frame_ms(app)))
		draw(app);
	if (turn_export(app) || export_marks(model))
		app->due = true;
	if (!app->tty && !play_on(&app->play) && !model->wish.under_way)
		model->quit = true;
	if (app->tty)
		app->play.status = STATUS_OK;
	if (!model->quit)
		rest(app);
}

/* The terminal, or what there is in its place; then the model. */
static enum status
open_screen(struct app *app, const struct app_options *options)
{
	enum colour_mode mode = COLOUR_MONO;
	struct look look;

	app->rows = options->rows;
	app->columns = options->columns;
	if (!app->rows) {
		enum status status = tty_open(&app->tty, options->tty);

		if (status != STATUS_OK)
			return status;
		look = tty_look(app->tty);
	} else if (options->look) {
		look = *options->look;
	} else {
		if (strcmp(options->tty.colour, "auto"))
			colour_mode_choose(&mode, options->tty.colour, 256);
		look = look_new(mode, environment_unicode(options->tty.glyphs),
			options->tty.light, PALETTE_OF_MODE);
	}
	app->model = model_new(app->session, options->tolerance, look);
	if (app->tty && !tty_direct(app->tty))
		app->model->colours_most = look.mode;
	app->canvas = canvas_new(look);
	return STATUS_OK;
}

static enum status
open_script(struct app *app, const struct app_options *options)
{
	struct script *script = app->model->script;
	enum status status = STATUS_OK;
	int rows, columns;

	app->play = (struct play){ .model = app->model, .canvas = app->canvas,
		.draw = draw_now, .resize = resize, .payload = app };
	if (options->play)
		status = script_source(script, options->play);
	for (size_t k = options->command_count; k-- > 0;)
		script_insert(script, "-c", options->commands[k]);
	size(app, &rows, &columns);
	return status ? status : record_open(&app->record, options->record,
		rows, columns);
}

/* Configuration, then what the dump was left as, then the command line. */
static void
furnish(struct app *app, const struct app_options *options,
	const struct start *start)
{
	struct model *model = app->model;
	char *complaint;
	bool resumed;

	model->mouse = true;
	complaint = config_apply(options->config, model);
	/* What was kept is found by a layer's content, and the first picture
	 * waits for no reading. */
	if (app->tty) {
		model_select_dump(model, start->dump);
		model_select_layer(model, start->layer);
		draw(app);
	}
	resumed = app->tty && keep_open(model, options->fresh);
	if (options->batch_given)
		(void)model_select_batch(model, options->session.batch);
	if (options->tolerance_given)
		model->tolerance = options->tolerance;
	if (options->colour_given)
		command_line(model, "color auto");
	if (options->tty.light)
		command_line(model, "background light");
	if (!options->tty.mouse)
		model->mouse = false;
	model->plain = app->tty && !tty_private_modes(app->tty);
	start_apply(start, options->appearance, model, resumed);
	trail_restart(model);
	if (complaint)
		model_say(model, true, "%s", complaint);
	else if (session_skipped(app->session))
		model_say(model, false, "%s", session_skipped(app->session));
	free(complaint);
}

static enum status
app_open(struct app *app, const struct app_options *options)
{
	struct start start;
	enum status status;

	if (options->watch)
		app->watch = watch_start(options->paths, options->path_count,
			options->session);
	status = session_open(&app->session, options->paths,
		options->path_count, options->session);
	if (status != STATUS_OK)
		return status;
	status = start_choose(&start, options->start, app->session);
	if (status != STATUS_OK)
		return status;
	status = open_screen(app, options);
	if (status != STATUS_OK)
		return status;
	app->export = export_new();
	furnish(app, options, &start);
	if (app->tty && tty_notice(app->tty))
		model_say(app->model, false, "%s", tty_notice(app->tty));
	return open_script(app, options);
}

static void
app_close(struct app *app)
{
	export_free(app->export);
	free(app->play.sentence);
	canvas_free(app->canvas);
	model_free(app->model);
	if (app->tty)
		tty_close(app->tty);
	app->left = app->session
		&& !session_quit(app->session, farewell_seconds);
	if (app->left)
		return;
	session_close(app->session);
	watch_stop(app->watch);
}

static int
ended_by(const struct app *app)
{
	return app->tty ? tty_end_signal(app->tty) : 0;
}

/* The exit status of what went well so far. */
static int
finish(struct app *app, const struct app_options *options)
{
	int rows, columns;

	if (!options->finish)
		return 0;
	size(app, &rows, &columns);
	model_hush(app->model);
	return options->finish(options->payload, app->model, rows, columns);
}

int
app_run(const struct app_options *options)
{
	struct app app = { 0 };
	char *sentence = NULL, *unwritten = NULL;
	enum status status;
	bool stuck;
	int ending = 0, code;

	if (app_open(&app, options) != STATUS_OK) {
		app_close(&app);
		fprintf(stderr, "esscope: %s\n", status_text());
		return 1;
	}
	/* Where there is a picture already, -c has its say before the next. */
	if (app.tty)
		app.due = true;
	else
		draw(&app);
	while (!app.model->quit && !(ending = ended_by(&app)))
		turn(&app);
	if (record_close(app.record))
		sentence = xstrdup(status_text());
	if (app.play.status) {
		free(sentence);
		sentence = xstrdup(app.play.sentence);
	}
	if (app.tty && !ending && export_under_way(app.export))
		unwritten = xstrdup(export_under_way(app.export));
	stuck = ending && !export_leave(app.export, farewell_seconds);
	if (stuck)
		app.export = NULL;      /* its thread goes with the process */
	status = stuck ? STATUS_OK : export_end(app.export);
	/* One that was given up went as it should. */
	if (status && status != STATUS_CANCELLED && !sentence)
		sentence = xstrdup(status_text());
	code = ending ? 128 + ending : sentence ? 1 : finish(&app, options);
	if (app.tty)
		keep_close(app.model, options->fresh);
	app_close(&app);
	if (sentence)
		fprintf(stderr, "esscope: %s\n", sentence);
	if (unwritten)
		fprintf(stderr, "esscope: %s was not written: the screen was "
			"left before it was done\n", unwritten);
	free(sentence);
	free(unwritten);
	if (stuck)
		_exit(code);
	if (app.left) {
		fflush(NULL);
		_exit(code);
	}
	return code;
}
