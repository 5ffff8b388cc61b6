#include "src/app.h"

#include <stdio.h>
#include <time.h>

#include "src/keep.h"
#include "src/start.h"
#include "ui/canvas.h"
#include "ui/input.h"
#include "ui/model.h"
#include "ui/screen.h"

/* While results stream in: a frame every 50 ms. Keys are answered at once. */
enum { FRAME_MS = 50 };

struct app {
	struct session *session;
	struct tty *tty;
	struct model *model;
	struct canvas *canvas;
	long drawn;                     /* ms: when the last frame was */
	bool due;                       /* something changed since */
	bool busy;                      /* that frame said work goes on */
	bool more;                      /* screen_update was not through */
};

static long
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Everything that waits; true when there was any. */
static bool
take_events(struct app *app)
{
	struct event event;
	bool any = false;
	int rows, columns;

	tty_size(app->tty, &rows, &columns);
	while ((event = tty_event(app->tty)).key != KEY_NONE) {
		if (event.key == TTY_KEY_RESIZE)
			tty_size(app->tty, &rows, &columns);
		input_event(app->model, rows, columns, &event);
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

	tty_size(app->tty, &rows, &columns);
	app->more = screen_update(app->model, rows, columns);
	app->canvas->look = app->model->look;
	canvas_reset(app->canvas, rows, columns);
	screen_draw(app->canvas, app->model);
	tty_draw(app->tty, app->canvas);
	app->drawn = now_ms();
	app->due = false;
	app->busy = session_progress(app->session).busy;
}

/* Milliseconds the loop may sleep; -1: until something happens. */
static int
pause_ms(const struct app *app)
{
	long left = app->drawn + FRAME_MS - now_ms();

	if (app->due || app->more)
		return left > 0 ? (int)left : 0;
	return app->busy ? FRAME_MS : -1;
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
	if (model->suspend) {
		model->suspend = false;
		tty_suspend(app->tty);
		keys = true;
	}
	if (model->repaint) {
		model->repaint = false;
		tty_repaint(app->tty);
		keys = true;
	}
	tty_set_mouse(app->tty, model->mouse);
	if (app->more || app->busy != session_progress(app->session).busy)
		app->due = true;
	if (keys || (app->due && now_ms() - app->drawn >= FRAME_MS))
		draw(app);
	if (!model->quit)
		tty_wait(app->tty, session_fd(app->session), pause_ms(app));
}

static enum status
app_open(struct app *app, const struct app_options *options)
{
	struct start start;
	enum status status;

	status = session_open(&app->session, options->paths,
		options->path_count, options->session);
	if (status != STATUS_OK)
		return status;
	status = start_choose(&start, options->start, app->session);
	if (status != STATUS_OK)
		return status;
	status = tty_open(&app->tty, options->tty);
	if (status != STATUS_OK)
		return status;
	app->model = model_new(app->session, options->tolerance,
		tty_look(app->tty));
	start_apply(&start, options->appearance, app->model);
	app->model->mouse = options->tty.mouse;
	app->canvas = canvas_new(app->model->look);
	keep_open(app->model);
	if (tty_notice(app->tty))
		model_say(app->model, false, "%s", tty_notice(app->tty));
	return STATUS_OK;
}

static void
app_close(struct app *app)
{
	canvas_free(app->canvas);
	model_free(app->model);
	tty_close(app->tty);
	session_close(app->session);
}

int
app_run(const struct app_options *options)
{
	struct app app = { 0 };
	int ending = 0;

	if (app_open(&app, options) != STATUS_OK) {
		app_close(&app);
		fprintf(stderr, "esscope: %s\n", status_text());
		return 1;
	}
	draw(&app);
	while (!app.model->quit && !(ending = tty_end_signal(app.tty)))
		turn(&app);
	app_close(&app);
	return ending ? 128 + ending : 0;
}
