#define NCURSES_NOMACROS
#include "ui/tty_curses.h"

#include <curses.h>

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <termcap.h>
#include <unistd.h>

#include "core/util.h"
#include "ui/tty_environment.h"
#include "ui/tty_sequence.h"
#include "ui/tty_signal.h"

enum {
	ESCAPE_DELAY = 25,      /* ms after ESC; curses alone waits 1000 */
	/* Codes for define_key, far above those curses makes up itself. */
	CODE_MOUSE = 4000, CODE_MOUSE_BYTES,
};

struct curses {
	SCREEN *screen;
	WINDOW *keys;           /* a pad: reading from it refreshes nothing */
	FILE *in;
	bool coloured, default_colours;
};

/* Neither absent nor cancelled. */
const char *
curses_string(const char *name)
{
	const char *string = tigetstr(name);

	return string == (const char *)-1 ? NULL : string;
}

int
curses_number(const char *name)
{
	return tigetnum(name);
}

bool
curses_flag(const char *name)
{
	return tigetflag(name) > 0;
}

/* Asked for before newterm sees it: then there is nothing to undo if it is of
 * no use. */
enum status
curses_entry(const char **out, char **notice)
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
		*notice = xasprintf("TERM=%s is not known on this "
			"machine: using %s", term, entry);
	}
	if (!curses_string("cup"))
		return status_set(STATUS_IO, "TERM=%s cannot place the "
			"cursor; set TERM to your terminal's name, or use "
			"`esscope info FILE`", term);
	*out = entry;
	return STATUS_OK;
}

/* Keys one by one and unchanged, no echo, no cursor. What a terminal lacks is
 * no reason to fail, so results do not matter. */
static void
modes_set(struct curses *curses)
{
	cbreak();
	noecho();
	nonl();
	intrflush(stdscr, FALSE);
	typeahead(-1);
	leaveok(stdscr, TRUE);
	curs_set(0);
	nodelay(curses->keys, TRUE);
	keypad(curses->keys, TRUE);     /* reads the entry's keys: ours after */
	if (!getenv("ESCDELAY"))
		set_escdelay(ESCAPE_DELAY);
	define_key("\033[<", CODE_MOUSE);
	define_key("\033[M", CODE_MOUSE_BYTES);
	signal_key_off(STDOUT_FILENO);
	def_prog_mode();                /* as it is now, for later */
}

enum status
curses_open(struct curses **out, const char *entry, FILE *in)
{
	struct curses *curses = xcalloc(1, sizeof *curses);

	curses->in = in;
	curses->screen = newterm(entry, stdout, in);
	curses->keys = curses->screen ? newpad(1, 1) : NULL;
	if (!curses->keys) {
		curses_close(curses);
		return status_set(STATUS_IO, "the terminal does not open as "
			"%s", entry);
	}
	modes_set(curses);
	*out = curses;
	return STATUS_OK;
}

void
curses_close(struct curses *curses)
{
	if (!curses)
		return;
	if (curses->keys)
		delwin(curses->keys);
	if (curses->screen)
		delscreen(curses->screen);
	free(curses);
}

bool
curses_colours(struct curses *curses, bool wanted)
{
	curses->coloured = wanted;
	if (wanted) {
		start_color();
		curses->default_colours = use_default_colors() == OK;
	}
	return curses->default_colours;
}

bool
curses_private_modes(void)
{
	const char *leave = curses_string("rmcup");

	return leave && (strstr(leave, "\033[?1049l")
		|| strstr(leave, "\033[?1047l") || strstr(leave, "\033[?47l"));
}

/* Without the padding "$<5>" of terminals that were slow; what does not fit is
 * left out whole. */
static size_t
append(char out[UNDO_MAX], size_t size, const char *capability)
{
	size_t n = 0;

	for (const char *p = capability; p && *p; p++) {
		const char *end = p[0] == '$' && p[1] == '<' ? strchr(p, '>')
			: NULL;

		if (end) {
			p = end;
			continue;
		}
		if (size + n + 1 >= UNDO_MAX) {
			n = 0;
			break;
		}
		out[size + n++] = *p;
	}
	out[size + n] = '\0';
	return size + n;
}

void
curses_leave(char out[UNDO_MAX], int rows)
{
	static const char *const modes[] = { "sgr0", "rmkx", "cnorm" };
	const char *place = curses_string("cup"), *line = curses_string("el");
	size_t size = 0;

	for (size_t i = 0; i < LENGTH(modes); i++)
		size = append(out, size, curses_string(modes[i]));
	if (place && rows > 0)
		size = append(out, size, tiparm(place, rows - 1, 0));
	append(out, size, line && rows > 0 ? line : "\r\n");
}

void
curses_take(struct curses *curses)
{
	reset_prog_mode();
	keypad(curses->keys, TRUE);     /* now, not at the next key */
}

void
curses_give(void)
{
	endwin();
}

void
curses_resize(int rows, int columns)
{
	resizeterm(rows, columns);
}

void
curses_size(int *rows, int *columns)
{
	*rows = getmaxy(stdscr);
	*columns = getmaxx(stdscr);
}

/* The next byte of a sequence that has begun, or ERR (-1). */
static int
byte_next(void *data)
{
	struct curses *curses = data;
	struct pollfd ready = { .fd = fileno(curses->in), .events = POLLIN };
	int code = wgetch(curses->keys);

	if (code == ERR && poll(&ready, 1, ESCAPE_DELAY) > 0)
		code = wgetch(curses->keys);
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
key_of_escape(struct curses *curses, struct byte_source source)
{
	int code = wgetch(curses->keys);

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

struct event
curses_event(struct curses *curses)
{
	struct byte_source source = { .next = byte_next,
		.back = byte_back, .data = curses };
	struct event event = { .key = KEY_NONE };

	while (event.key == KEY_NONE) {
		int code = wgetch(curses->keys);

		if (code == ERR)
			break;
		if (code == CODE_MOUSE)
			sequence_mouse(&event, source);
		else if (code == CODE_MOUSE_BYTES)
			sequence_mouse_bytes(&event, source);
		else if (code == 27)
			event.key = key_of_escape(curses, source);
		else if (code >= 128 && code < 256)
			event.key = sequence_utf8(code, source);
		else
			event.key = key_of_curses(code);
	}
	return event;
}

/* alloc_pair finds the pair there is for these colours, or makes one. */
static int
pair_of(const struct curses *curses, int fg, int bg)
{
	int pair;

	if (!curses->coloured || (fg < 0 && bg < 0))
		return 0;
	if (!curses->default_colours) {
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

/* Curses compares frames by pair number: equal colours always get the same
 * pair. */
void
curses_row(const struct curses *curses, const struct frame *frame, int row)
{
	const struct shown *shown = frame_row(frame, row);

	for (int i = 0; i < frame->columns; i++) {
		int pair = pair_of(curses, shown[i].fg, shown[i].bg);
		cchar_t cell;

		if (!shown[i].text[0])
			continue;
		setcchar(&cell, shown[i].text,
			attributes_of(shown[i].attributes), 0, &pair);
		mvwadd_wch(stdscr, row, i, &cell);
	}
}

void
curses_repaint(void)
{
	clearok(curscr, TRUE);
}

void
curses_flush(void)
{
	wnoutrefresh(stdscr);
	doupdate();
}
