/*
 * The one file that includes curses. It takes the terminal, turns bytes into
 * events and canvases into the fewest bytes curses can find.
 *
 * Curses compares frames by pair number, so equal colours always get the same
 * pair, and a row is only touched when what it shows has changed; a frame like
 * the one before sends nothing. Brackets of synchronized output go round
 * doupdate() by write(2): putp() has a buffer of its own and would come out
 * after the frame. One thread only.
 */
#define NCURSES_NOMACROS
#include <curses.h>

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termcap.h>
#include <unistd.h>

#include "core/util.h"
#include "ui/tty.h"
#include "ui/tty_encode.h"
#include "ui/tty_environment.h"
#include "ui/tty_frame.h"
#include "ui/tty_guard.h"
#include "ui/tty_sequence.h"
#include "ui/tty_signal.h"

enum {
	ROWS_MAX = 1024, COLUMNS_MAX = 4096,
	ESCAPE_DELAY = 25,      /* ms after ESC; curses alone waits 1000 */
	/* Codes for define_key, far above those curses makes up itself. */
	CODE_MOUSE = 4000, CODE_MOUSE_BYTES,
};

static const char mouse_on[] = "\033[?1002h\033[?1006h";
static const char mouse_off[] = "\033[?1002l\033[?1006l";
static const char frame_begin[] = "\033[?2026h";
static const char frame_end[] = "\033[?2026l";

struct tty {
	SCREEN *screen;
	WINDOW *keys;           /* a pad: reading from it refreshes nothing */
	FILE *in;
	FILE *opened;           /* in, if it is ours to close */
	struct termios saved;   /* modes to give back */
	struct look look;
	bool default_colours, mouse;
	bool taken, repaint, hung;
	bool unbracketed;
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

/* The real size; curses' own guess where the terminal does not tell. */
static void
size_update(struct tty *tty)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0
		&& size.ws_row > 0 && size.ws_col > 0)
		resizeterm(size.ws_row < ROWS_MAX ? size.ws_row : ROWS_MAX,
			size.ws_col < COLUMNS_MAX ? size.ws_col : COLUMNS_MAX);
	frame_resize(&tty->frame, getmaxy(stdscr), getmaxx(stdscr));
	tty->repaint = true;
}

static void
terminal_take(struct tty *tty)
{
	guard_take(STDOUT_FILENO, &tty->saved);
	reset_prog_mode();
	keypad(tty->keys, TRUE);        /* now, not at the next key */
	if (tty->mouse)
		send(mouse_on);
	tty->taken = true;
	size_update(tty);
}

static void
terminal_give(struct tty *tty)
{
	if (!tty->taken)
		return;
	tty->taken = false;
	if (tty->mouse)
		send(mouse_off);
	endwin();
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

/* The entry of the terminal database to use, by TERM. Asked for before newterm
 * sees it: then there is nothing to undo if it is of no use. */
static enum status
entry_choose(const char **out, struct tty *tty)
{
	const char *term = getenv("TERM"), *entry = term;

	if (!term || !*term)
		return status_set(STATUS_IO, "TERM is not set; set it to your "
			"terminal's name, for instance TERM=xterm-256color");
	if (tgetent(NULL, term) != 1) {
		entry = environment_entry(term);
		if (!entry || tgetent(NULL, entry) != 1)
			return status_set(STATUS_IO, "TERM=%s is not known on "
				"this machine; on the machine you sit at, type "
				"`infocmp -x | ssh HOST tic -x -`", term);
		notice_set(tty, xasprintf("TERM=%s is not known on this "
			"machine: using %s", term, entry));
	}
	if (!tigetstr("cup"))
		return status_set(STATUS_IO, "TERM=%s cannot place the "
			"cursor; set TERM to your terminal's name, or use "
			"`esscope info FILE`", term);
	*out = entry;
	return STATUS_OK;
}

static enum status
screen_open(struct tty *tty)
{
	const char *entry = NULL;
	enum status status = entry_choose(&entry, tty);

	if (status)
		return status;
	guard_take(STDOUT_FILENO, &tty->saved);         /* it sends */
	tty->screen = newterm(entry, stdout, tty->in);
	tty->keys = tty->screen ? newpad(1, 1) : NULL;
	return tty->keys ? STATUS_OK : status_set(STATUS_IO,
		"the terminal does not open as %s", entry);
}

/* Keys one by one and unchanged, no echo, no cursor. What a terminal lacks is
 * no reason to fail, so results do not matter. */
static void
modes_set(struct tty *tty)
{
	cbreak();
	noecho();
	nonl();
	intrflush(stdscr, FALSE);
	typeahead(-1);
	leaveok(stdscr, TRUE);
	curs_set(0);
	nodelay(tty->keys, TRUE);
	keypad(tty->keys, TRUE);        /* reads the entry's keys: ours after */
	if (!getenv("ESCDELAY"))
		set_escdelay(ESCAPE_DELAY);
	define_key("\033[<", CODE_MOUSE);
	define_key("\033[M", CODE_MOUSE_BYTES);
	signal_key_off(STDOUT_FILENO);
	def_prog_mode();                /* as it is now, for later */
}

/* Curses draws where the sequences may not be ECMA-48's. */
static void
drawer_choose(struct tty *tty, bool colours)
{
	if (colours) {
		start_color();
		tty->default_colours = use_default_colors() == OK;
	}
	tty->ours = encoder_speaks(&tty->encoder, tigetstr("cup"),
		tigetstr("setaf"), environment_repeats() ? tigetstr("rep")
		: NULL, tigetflag("bce") > 0)
		&& (tty->default_colours || !colours);
}

/* The colours wanted, or what the terminal has of them. Few entries tell of
 * true colour, so where it is wanted and there are 256 it is taken. */
static void
look_choose(struct tty *tty, const struct tty_options *options)
{
	bool unicode = environment_unicode(options->glyphs);
	int colours = tigetnum("colors");
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
	if (tty->keys)
		delwin(tty->keys);
	if (tty->screen)
		delscreen(tty->screen);
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
		modes_set(tty);
		look_choose(tty, &options);
		terminal_take(tty);
		*out = tty;
		return STATUS_OK;
	}
	/* Nothing has been sent: the modes are all there is to undo. */
	guard_release();
	if (tty->screen)
		tcsetattr(STDOUT_FILENO, TCSANOW, &tty->saved);
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

const char *
tty_notice(const struct tty *tty)
{
	return tty->notice;
}

void
tty_set_mouse(struct tty *tty, bool on)
{
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

/* The next byte of a sequence that has begun, or ERR (-1). */
static int
byte_next(void *data)
{
	struct tty *tty = data;
	struct pollfd ready = { .fd = fileno(tty->in), .events = POLLIN };
	int code = wgetch(tty->keys);

	if (code == ERR && poll(&ready, 1, ESCAPE_DELAY) > 0)
		code = wgetch(tty->keys);
	return code;
}

static void
byte_back(void *data, int byte)
{
	(void)data;
	ungetch(byte);
}

/* Behind an ESC that starts nothing curses knows: a sequence of xterm's, or
 * the key itself, alone or with Alt. */
static int
key_of_escape(struct tty *tty, struct byte_source source)
{
	int code = wgetch(tty->keys);

	if (code == '[' || code == 'O')
		return sequence_key((char)code, source);
	if (code != ERR)
		ungetch(code);
	return 27;
}

static int
key_of_curses(int code)
{
	static const struct {
		int code, key;
	} keys[] = {
		{ KEY_UP, TTY_KEY_UP }, { KEY_DOWN, TTY_KEY_DOWN },
		{ KEY_LEFT, TTY_KEY_LEFT }, { KEY_RIGHT, TTY_KEY_RIGHT },
		{ KEY_HOME, TTY_KEY_HOME }, { KEY_END, TTY_KEY_END },
		{ KEY_PPAGE, TTY_KEY_PAGE_UP },
		{ KEY_NPAGE, TTY_KEY_PAGE_DOWN }, { KEY_BTAB, TTY_KEY_BACKTAB },
		{ KEY_BACKSPACE, TTY_KEY_BACKSPACE }, { KEY_DC, TTY_KEY_DELETE },
		{ KEY_SLEFT, TTY_KEY_SHIFT_LEFT },
		{ KEY_SRIGHT, TTY_KEY_SHIFT_RIGHT },
		{ KEY_F(1), TTY_KEY_F1 }, { KEY_F(2), TTY_KEY_F2 },
		{ KEY_F(3), TTY_KEY_F3 }, { KEY_F(4), TTY_KEY_F4 },
		{ KEY_F(5), TTY_KEY_F5 }, { KEY_F(6), TTY_KEY_F6 },
		{ KEY_F(7), TTY_KEY_F7 }, { KEY_ENTER, '\n' },
		{ '\r', '\n' }, { '\b', TTY_KEY_BACKSPACE },
		{ 127, TTY_KEY_BACKSPACE },
	};

	for (size_t i = 0; i < LENGTH(keys); i++)
		if (keys[i].code == code)
			return keys[i].key;
	return code < 128 ? code : KEY_NONE;
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
		served = true;
	}
	return served;
}

struct event
tty_event(struct tty *tty)
{
	struct byte_source source = { .next = byte_next,
		.back = byte_back, .data = tty };
	struct event event = { .key = KEY_NONE };

	if (requests_serve(tty)) {
		event.key = TTY_KEY_RESIZE;
		return event;
	}
	while (event.key == KEY_NONE && tty->taken) {
		int code = wgetch(tty->keys);

		if (code == ERR)
			break;
		if (code == CODE_MOUSE)
			sequence_mouse(&event, source);
		else if (code == CODE_MOUSE_BYTES)
			sequence_mouse_bytes(&event, source);
		else if (code == 27)
			event.key = key_of_escape(tty, source);
		else if (code >= 128 && code < 256)
			event.key = sequence_utf8(code, source);
		else
			event.key = key_of_curses(code);
	}
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

	if (tty_end_signal(tty))
		return;
	if (poll(ready, LENGTH(ready), milliseconds) <= 0)
		return;
	if (ready[0].revents & (POLLHUP | POLLERR | POLLNVAL))
		tty->hung = true;
	if (ready[1].revents)
		signal_drain();
}

/* alloc_pair finds the pair there is for these colours, or makes one. */
static int
pair_of(const struct tty *tty, int fg, int bg)
{
	int pair;

	if (tty->look.mode == COLOUR_MONO || (fg < 0 && bg < 0))
		return 0;
	if (!tty->default_colours) {
		fg = fg < 0 ? COLOR_WHITE : fg;
		bg = bg < 0 ? COLOR_BLACK : bg;
	}
	pair = alloc_pair(fg, bg);
	return pair < 0 ? 0 : pair;
}

static attr_t
attributes_of(unsigned attributes)
{
	static const attr_t curses[] = { A_BOLD, A_REVERSE, A_UNDERLINE,
		A_DIM };
	attr_t result = A_NORMAL;

	for (size_t i = 0; i < LENGTH(curses); i++)
		if (attributes & 1u << i)
			result |= curses[i];
	return result;
}

static void
row_write(const struct tty *tty, int row)
{
	const struct shown *shown = frame_row(&tty->frame, row);

	for (int i = 0; i < tty->frame.columns; i++) {
		int pair = pair_of(tty, shown[i].fg, shown[i].bg);
		cchar_t cell;

		if (!shown[i].text[0])
			continue;
		setcchar(&cell, shown[i].text,
			attributes_of(shown[i].attributes), 0, &pair);
		mvwadd_wch(stdscr, row, i, &cell);
	}
}

/* A clear in a bracket loses its frame in some terminals: none round a full
 * repaint. */
static void
bracket(const struct tty *tty, const char *sequence)
{
	if (!tty->repaint && !tty->unbracketed)
		send(sequence);
}

/* Curses keeps a blank screen: it clears, and takes and gives the terminal. */
static void
draw_encoded(struct tty *tty, const struct canvas *canvas)
{
	struct encoder *encoder = &tty->encoder;

	if (tty->repaint) {
		clearok(curscr, TRUE);
		wnoutrefresh(stdscr);
		doupdate();
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
			row_write(tty, row);
			changed = true;
		}
	if (!changed)
		return;
	if (tty->repaint)
		clearok(curscr, TRUE);
	bracket(tty, frame_begin);
	wnoutrefresh(stdscr);
	doupdate();
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
