/*
 * The terminal: taken and given back, events in, frames out. What curses has to
 * do with it is in tty_curses.c.
 *
 * A row is only touched when what it shows has changed; a frame like the one
 * before sends nothing. Brackets of synchronized output go round curses'
 * output by write(2): putp() has a buffer of its own and would come out after
 * the frame. One thread only.
 */
#include "ui/tty.h"

#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/util.h"
#include "ui/tty_curses.h"
#include "ui/tty_encode.h"
#include "ui/tty_environment.h"
#include "ui/tty_frame.h"
#include "ui/tty_guard.h"
#include "ui/tty_signal.h"

enum {
	ROWS_MAX = 1024, COLUMNS_MAX = 4096,
};

static const char mouse_on[] = "\033[?1002h\033[?1006h";
static const char mouse_off[] = "\033[?1002l\033[?1006l";
/* End of a synchronized frame, mouse off, plain attributes, cursor keys and
 * keypad as they were, cursor on, main screen. */
static const char undo[] = "\033[?2026l\033[?1002l\033[?1006l\033[m\033[?1l"
	"\033>\033[?25h\033[?1049l";
static const char frame_begin[] = "\033[?2026h";
static const char frame_end[] = "\033[?2026l";

/* A terminal may tell its new size before it has it (tmux, busy): what came in
 * between is scrolled or cut, so all is drawn once more after so long. */
static const double settle_seconds = 0.3;

struct tty {
	struct curses *curses;
	FILE *in;
	FILE *opened;           /* in, if it is ours to close */
	struct termios saved;   /* modes to give back */
	struct look look;
	bool private_modes;     /* it knows xterm's */
	bool mouse;             /* on; never without them */
	bool taken, repaint, hung;
	bool unbracketed;
	double resized;         /* seconds: when, until it has settled; 0 */
	struct frame frame;     /* what it shows; the size of the terminal */
	bool ours;              /* frames by the encoder; else by curses */
	struct encoder encoder;
	char *notice;
};

static void
notice_set(struct tty *tty, char *text)
{
	free(tty->notice);
	tty->notice = text;
}

static void
send(const char *sequence)
{
	guard_write(STDOUT_FILENO, sequence, strlen(sequence));
}

/* What undoes everything, whenever the program ends. */
static void
undo_set(const struct tty *tty)
{
	char leave[UNDO_MAX];

	if (!tty->private_modes)
		curses_leave(leave, tty->frame.rows);
	guard_undo(tty->private_modes ? undo : leave);
}

/* The real size; curses' own guess where the terminal does not tell. */
static void
size_update(struct tty *tty)
{
	struct winsize size;
	int rows, columns;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0
		&& size.ws_row > 0 && size.ws_col > 0)
		curses_resize(size.ws_row < ROWS_MAX ? size.ws_row : ROWS_MAX,
			size.ws_col < COLUMNS_MAX ? size.ws_col : COLUMNS_MAX);
	curses_size(&rows, &columns);
	frame_resize(&tty->frame, rows, columns);
	tty->repaint = true;
	undo_set(tty);
}

static void
terminal_take(struct tty *tty)
{
	guard_take(STDOUT_FILENO, &tty->saved);
	curses_take(tty->curses);
	if (tty->mouse)
		send(mouse_on);
	tty->taken = true;
	size_update(tty);
}

static void
terminal_give(struct tty *tty)
{
	char leave[UNDO_MAX];

	if (!tty->taken)
		return;
	tty->taken = false;
	/* Curses would wait for it. */
	if (guard_is_stuck()) {
		guard_restore();
		return;
	}
	if (tty->mouse)
		send(mouse_off);
	curses_give();
	if (!tty->private_modes) {
		curses_leave(leave, tty->frame.rows);
		send(leave);
	}
	guard_release();
}

/* Standard input may be the data: then the keys are those of the terminal. */
static enum status
input_open(struct tty *tty)
{
	if (!isatty(STDOUT_FILENO) || tcgetattr(STDOUT_FILENO, &tty->saved))
		return status_set(STATUS_IO, "standard output is no terminal; "
			"`esscope info FILE` prints the overview as text");
	tty->in = stdin;
	if (isatty(STDIN_FILENO))
		return STATUS_OK;
	tty->in = tty->opened = fopen("/dev/tty", "re");
	if (!tty->in)
		return status_set(STATUS_IO, "no terminal to read keys from: "
			"standard input is none and /dev/tty does not open");
	return STATUS_OK;
}

static enum status
screen_open(struct tty *tty)
{
	const char *entry = NULL;
	char *notice = NULL;
	enum status status = curses_entry(&entry, &notice);

	if (status)
		return status;
	notice_set(tty, notice);
	tty->private_modes = curses_private_modes();
	tty->mouse &= tty->private_modes;
	undo_set(tty);
	guard_take(STDOUT_FILENO, &tty->saved);         /* it sends */
	status = curses_open(&tty->curses, entry, tty->in);
	if (status)
		tcsetattr(STDOUT_FILENO, TCSANOW, &tty->saved);
	return status;
}

/* Curses draws where the sequences may not be ECMA-48's. */
static void
drawer_choose(struct tty *tty, bool colours)
{
	bool defaults = curses_colours(tty->curses, colours);

	tty->ours = encoder_speaks(&tty->encoder, curses_string("cup"),
		curses_string("setaf"), environment_repeats()
		? curses_string("rep") : NULL, curses_flag("bce"))
		&& (defaults || !colours);
}

/* The colours wanted, or what the terminal has of them. Few entries tell of
 * true colour, so where it is wanted and there are 256 it is taken. */
static void
look_choose(struct tty *tty, const struct tty_options *options)
{
	bool unicode = environment_unicode(options->glyphs);
	int colours = curses_number("colors");
	enum colour_mode mode, most = colours >= 256 ? COLOUR_TRUE
		: colours >= 8 ? COLOUR_16 : COLOUR_MONO;

	colour_mode_choose(&mode, options->colour, colours);
	drawer_choose(tty, mode != COLOUR_MONO && most != COLOUR_MONO);
	if (most == COLOUR_TRUE && !tty->ours)
		most = COLOUR_256;
	if (mode > most) {
		notice_set(tty, xasprintf("TERM=%s has %d colours",
			getenv("TERM"), colours > 0 ? colours : 0));
		mode = most;
	}
	if (options->glyphs == 2 && !unicode)
		notice_set(tty, xstrdup("no UTF-8 locale on this machine: "
			"drawing in ASCII"));
	tty->look = look_new(mode, unicode, options->light, PALETTE_OF_MODE);
	if (options->low)
		tty->look = look_low(tty->look);
}

static void
tty_free(struct tty *tty)
{
	curses_close(tty->curses);
	if (tty->opened)
		fclose(tty->opened);
	free(tty->notice);
	frame_free(&tty->frame);
	encoder_free(&tty->encoder);
	free(tty);
}

enum status
tty_open(struct tty **out, struct tty_options options)
{
	struct tty *tty;
	enum colour_mode mode;
	enum status status;

	if (!options.colour)
		options.colour = "auto";
	if (!colour_mode_choose(&mode, options.colour, 0))
		return status_set(STATUS_USAGE, "\"%s\" is no colour mode; "
			"auto, never, 16, 256, truecolor are", options.colour);
	tty = xcalloc(1, sizeof *tty);
	tty->mouse = options.mouse;
	status = input_open(tty);
	/* Before newterm, which leaves handlers that are there alone. */
	if (!status)
		status = signal_open();
	if (!status)
		status = screen_open(tty);
	if (!status) {
		look_choose(tty, &options);
		terminal_take(tty);
		*out = tty;
		return STATUS_OK;
	}
	guard_release();        /* nothing has been sent */
	signal_close();
	tty_free(tty);
	return status;
}

void
tty_close(struct tty *tty)
{
	if (!tty)
		return;
	terminal_give(tty);
	signal_close();
	tty_free(tty);
}

struct look
tty_look(const struct tty *tty)
{
	return tty->look;
}

bool
tty_direct(const struct tty *tty)
{
	return tty->ours;
}

void
tty_size(const struct tty *tty, int *rows, int *columns)
{
	*rows = tty->frame.rows;
	*columns = tty->frame.columns;
}

bool
tty_private_modes(const struct tty *tty)
{
	return tty->private_modes;
}

const char *
tty_notice(const struct tty *tty)
{
	return tty->notice;
}

void
tty_set_mouse(struct tty *tty, bool on)
{
	on = on && tty->private_modes;
	if (tty->mouse != on && tty->taken)
		send(on ? mouse_on : mouse_off);
	tty->mouse = on;
}

void
tty_set_sync(struct tty *tty, bool on)
{
	tty->unbracketed = !on;
}

void
tty_suspend(struct tty *tty)
{
	terminal_give(tty);
	do
		signal_stop();
	while (signal_background(STDOUT_FILENO) && !signal_end());
	if (!signal_end())
		terminal_take(tty);
}

int
tty_end_signal(const struct tty *tty)
{
	int number = signal_end();

	return number || !tty->hung ? number : SIGHUP;
}

/* Milliseconds until a new size is taken to be settled; -1: there is none. */
static int
settling(const struct tty *tty)
{
	double left = tty->resized + settle_seconds
		- clock_seconds(CLOCK_MONOTONIC);

	if (!(tty->resized > 0))
		return -1;
	return left > 0 ? (int)ceil(1e3 * left) : 0;
}

/* What signals asked for; the screen must be drawn anew after each. */
static bool
requests_serve(struct tty *tty)
{
	bool served = false;

	if (signal_take(SIGNAL_STOP)) {
		tty_suspend(tty);
		served = true;
	}
	/* Stopped and continued behind our back: the modes are the shell's. */
	if (signal_take(SIGNAL_CONTINUE) && tty->taken) {
		terminal_take(tty);
		served = true;
	}
	if (signal_take(SIGNAL_RESIZE) && tty->taken) {
		size_update(tty);
		tty->resized = clock_seconds(CLOCK_MONOTONIC);
		served = true;
	} else if (tty->taken && settling(tty) == 0) {
		size_update(tty);
		tty->resized = 0;
		served = true;
	}
	return served;
}

struct event
tty_event(struct tty *tty)
{
	struct event event = { .key = KEY_NONE };

	if (requests_serve(tty))
		event.key = TTY_KEY_RESIZE;
	else if (tty->taken)
		event = curses_event(tty->curses);
	return event;
}

void
tty_wait(struct tty *tty, int fd, int milliseconds)
{
	struct pollfd ready[] = {
		{ .fd = fileno(tty->in), .events = POLLIN },
		{ .fd = signal_fd(), .events = POLLIN },
		{ .fd = fd, .events = POLLIN },
	};
	int settle = settling(tty);

	if (tty_end_signal(tty))
		return;
	if (settle >= 0 && (milliseconds < 0 || settle < milliseconds))
		milliseconds = settle;
	if (poll(ready, LENGTH(ready), milliseconds) <= 0)
		return;
	if (ready[0].revents & (POLLHUP | POLLERR | POLLNVAL))
		tty->hung = true;
	if (ready[1].revents)
		signal_drain();
}

/* A clear in a bracket loses its frame in some terminals: none round a full
 * repaint. */
static void
bracket(const struct tty *tty, const char *sequence)
{
	if (tty->private_modes && !tty->repaint && !tty->unbracketed)
		send(sequence);
}

/* Curses keeps a blank screen: it clears, and takes and gives the terminal. */
static void
draw_encoded(struct tty *tty, const struct canvas *canvas)
{
	struct encoder *encoder = &tty->encoder;

	if (tty->repaint) {
		curses_repaint();
		curses_flush();
		encoder_blank(encoder, tty->frame.rows, tty->frame.columns);
	}
	for (int row = 0; row < tty->frame.rows; row++)
		frame_update(&tty->frame, canvas, &canvas->look, row);
	encoder_encode(encoder, &tty->frame);
	if (encoder->size) {
		bracket(tty, frame_begin);
		guard_write(STDOUT_FILENO, encoder->bytes, encoder->size);
		bracket(tty, frame_end);
	}
	tty->repaint = false;
}

void
tty_draw(struct tty *tty, const struct canvas *canvas)
{
	bool changed = tty->repaint;

	if (!tty->taken || tty->hung)
		return;
	if (tty->ours) {
		draw_encoded(tty, canvas);
		return;
	}
	for (int row = 0; row < tty->frame.rows; row++)
		if (frame_update(&tty->frame, canvas, &canvas->look, row)
			|| tty->repaint) {
			curses_row(tty->curses, &tty->frame, row);
			changed = true;
		}
	if (!changed)
		return;
	if (tty->repaint)
		curses_repaint();
	bracket(tty, frame_begin);
	curses_flush();
	bracket(tty, frame_end);
	tty->repaint = false;
}

long
tty_sent(const struct tty *tty)
{
	return tty->ours ? (long)tty->encoder.size : -1;
}

void
tty_repaint(struct tty *tty)
{
	tty->repaint = true;
}
