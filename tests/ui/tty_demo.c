/*
 * A terminal under remote control, for test_tty.py: tty_demo IN OUT [OPTION].
 * Commands arrive as lines on descriptor IN; what happened, and "done" after
 * each command, goes to descriptor OUT as lines. Ends by the command "close"
 * or by a signal, with status 128 + n, as the real program does.
 */
#include <fcntl.h>
#include <locale.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/util.h"
#include "ui/canvas.h"
#include "ui/heatmap.h"
#include "ui/tty.h"
#include "ui/tty_signal.h"

enum { SIDE_MAX = 400 };

struct demo {
	struct tty_options options;
	struct tty *tty;
	struct canvas *canvas;
	int in, out;
	char line[256];         /* the command as far as it has arrived */
	size_t length;
	char text[256];
	bool map, dense;
	double tolerance;
	int shift, cursor_row, cursor_column;
};

static struct pixel pixels[SIDE_MAX * SIDE_MAX];

/* Something like ESS over channels and positions: smooth, rising from the
 * left, falling to the right, lower for larger tolerances. Or noise. */
static double
value(const struct demo *demo, int i, int j)
{
	double x = (double)(j + demo->shift) / 160, y = (double)i / 96;

	if (demo->dense)
		return (i * 7919 + (j + demo->shift) * 104729) % 997 / 997.0;
	return fmax(0, fmin(1, fmin(8 * x, 8 * (1 - x)))
		* (0.5 + 0.5 * sin(5 * y + 3 * x)) - demo->tolerance);
}

static void
draw_map(struct demo *demo, int rows, int columns)
{
	struct heatmap map = { .pixels = pixels, .low = 0, .high = 1,
		.cursor_row = demo->cursor_row,
		.cursor_column = demo->cursor_column };
	struct rect rect = { 1, 1, rows - 2, columns - 2 };

	map.rows = heatmap_rows(&demo->canvas->look, rows - 3);
	map.columns = columns - 3;
	if (map.rows < 1 || map.columns < 1 || map.rows > SIDE_MAX
		|| map.columns > SIDE_MAX)
		return;
	for (int i = 0; i < map.rows; i++)
		for (int j = 0; j < map.columns; j++) {
			struct pixel *pixel = &pixels[i * map.columns + j];

			*pixel = (struct pixel){ PIXEL_VALUE,
				value(demo, i, j) };
			if (j > i * 2)
				pixel->kind = PIXEL_NODATA;
		}
	heatmap_draw(demo->canvas, rect, &map);
}

static void
draw(struct demo *demo)
{
	int rows, columns;

	tty_size(demo->tty, &rows, &columns);
	canvas_reset(demo->canvas, rows, columns);
	if (demo->map)
		draw_map(demo, rows, columns);
	canvas_text(demo->canvas, 0, 0, columns, COLOUR_TITLE, COLOUR_DEFAULT,
		0, demo->text);
	canvas_text(demo->canvas, rows - 1, 0, columns, COLOUR_SELECT,
		COLOUR_DEFAULT, 0, "last line");
	tty_draw(demo->tty, demo->canvas);
}

static void *
exit_of_thread(void *nothing)
{
	(void)nothing;
	fputs("esscope: not enough memory\n", stderr);
	exit(EXIT_FAILURE);
}

static int
overflow_stack(int depth)
{
	volatile char here[4096];

	here[0] = (char)depth;
	return depth ? overflow_stack(depth - 1) + here[0] : 0;
}

static void
crash(const char *how)
{
	pthread_t thread;

	if (!strcmp(how, "abort"))
		abort();
	if (!strcmp(how, "overflow"))
		exit(overflow_stack(1 << 20));
	if (!strcmp(how, "exit") && !pthread_create(&thread, NULL,
		exit_of_thread, NULL))
		pthread_join(thread, NULL);
}

/* Looks at nothing any more; says so, and again after each signal. */
static void
stay_busy(const struct demo *demo)
{
	do
		dprintf(demo->out, "busy\n");
	while (signal_wait(-1));
}

static void
command(struct demo *demo, const char *line)
{
	char rest[256] = "";
	int a = 0, b = 0;

	if (sscanf(line, "text %255[^\n]", rest) == 1)
		snprintf(demo->text, sizeof demo->text, "%s", rest);
	else if (sscanf(line, "cursor %d %d", &a, &b) == 2) {
		demo->cursor_row = a;
		demo->cursor_column = b;
	} else if (sscanf(line, "map %d", &a) == 1) {
		demo->map = true;
		demo->tolerance = a / 1000.0;
	} else if (sscanf(line, "shift %d", &a) == 1)
		demo->shift = a;
	else if (sscanf(line, "mouse %d", &a) == 1)
		tty_set_mouse(demo->tty, a);
	else if (!strcmp(line, "copy"))
		tty_copy(demo->tty, "words");
	else if (!strcmp(line, "dense"))
		demo->map = demo->dense = true;
	else if (!strcmp(line, "reopen")) {
		tty_close(demo->tty);
		if (tty_open(&demo->tty, demo->options))
			exit(1);
	} else if (!strcmp(line, "busy"))
		stay_busy(demo);
	else if (!strcmp(line, "suspend"))
		tty_suspend(demo->tty);
	else if (sscanf(line, "stderr %255[^\n]", rest) == 1)
		fprintf(stderr, "%s\n", rest);
	else if (!strcmp(line, "close")) {
		tty_close(demo->tty);
		canvas_free(demo->canvas);
		exit(0);
	} else
		crash(line);
	draw(demo);
	dprintf(demo->out, "done\n");
}

static void
read_commands(struct demo *demo)
{
	char byte;

	while (read(demo->in, &byte, 1) == 1) {
		if (byte != '\n') {
			if (demo->length + 1 < sizeof demo->line)
				demo->line[demo->length++] = byte;
			continue;
		}
		demo->line[demo->length] = '\0';
		demo->length = 0;
		command(demo, demo->line);
	}
}

static void
log_event(const struct demo *demo, struct event event)
{
	static const char *const actions[] = {
		[MOUSE_PRESS] = "press", [MOUSE_DRAG] = "drag",
		[MOUSE_RELEASE] = "release", [MOUSE_WHEEL_UP] = "up",
		[MOUSE_WHEEL_DOWN] = "down",
	};
	int rows, columns;

	tty_size(demo->tty, &rows, &columns);
	if (event.key == TTY_KEY_MOUSE)
		dprintf(demo->out, "mouse %s %d %d\n", actions[event.action],
			event.row, event.column);
	else if (event.key == TTY_KEY_RESIZE)
		dprintf(demo->out, "resize %d %d\n", rows, columns);
	else if (event.key > KEY_NONE)
		dprintf(demo->out, "special %d\n", event.key - KEY_NONE);
	else
		dprintf(demo->out, "key %d\n", event.key);
}

static void
run(struct demo *demo)
{
	while (!tty_end_signal(demo->tty)) {
		struct event event = tty_event(demo->tty);

		if (event.key == KEY_NONE) {
			read_commands(demo);
			tty_wait(demo->tty, demo->in, -1);
			continue;
		}
		if (event.key == TTY_KEY_RESIZE)
			draw(demo);
		log_event(demo, event);
	}
}

static struct tty_options
options_of(int argc, char **argv)
{
	struct tty_options options = { .mouse = true };

	for (int i = 3; i < argc; i++) {
		if (!strncmp(argv[i], "--color=", 8))
			options.colour = argv[i] + 8;
		options.glyphs += !strcmp(argv[i], "--ascii");
		options.glyphs += !strcmp(argv[i], "--utf8") * 2;
		options.light |= !strcmp(argv[i], "--light");
		options.mouse &= strcmp(argv[i], "--no-mouse") != 0;
	}
	return options;
}

int
main(int argc, char **argv)
{
	struct demo demo = { .cursor_row = -1, .text = "esscope" };
	int signal;

	if (argc < 3)
		return 2;
	setlocale(LC_ALL, "");
	setlocale(LC_NUMERIC, "C");
	demo.in = atoi(argv[1]);
	demo.out = atoi(argv[2]);
	fcntl(demo.in, F_SETFL, O_NONBLOCK);
	demo.options = options_of(argc, argv);
	if (tty_open(&demo.tty, demo.options)) {
		dprintf(demo.out, "failed %s\n", status_text());
		return 1;
	}
	demo.canvas = canvas_new(tty_look(demo.tty));
	if (tty_notice(demo.tty))
		dprintf(demo.out, "notice %s\n", tty_notice(demo.tty));
	draw(&demo);
	dprintf(demo.out, "done\n");
	run(&demo);
	signal = tty_end_signal(demo.tty);
	tty_close(demo.tty);
	canvas_free(demo.canvas);
	dprintf(demo.out, "end %d\n", signal);
	return 128 + signal;
}
