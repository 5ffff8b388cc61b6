/*
 * The terminal. tty_curses.c is the one file that includes curses; everything
 * else draws into a canvas.
 */
#ifndef UI_TTY_H
#define UI_TTY_H

#include <stdbool.h>

#include "core/status.h"
#include "ui/canvas.h"

struct tty;

struct tty_options {
	const char *colour;     /* "auto" or a mode (colour_mode_choose) */
	int glyphs;             /* 0: by locale, 1: ASCII, 2: UTF-8 */
	bool light;
	bool mouse;
	bool low;               /* look_low */
};

/* Keys above any code point. */
enum key {
	KEY_NONE = 0x110000,
	TTY_KEY_UP, TTY_KEY_DOWN, TTY_KEY_LEFT, TTY_KEY_RIGHT,
	TTY_KEY_HOME, TTY_KEY_END, TTY_KEY_PAGE_UP, TTY_KEY_PAGE_DOWN,
	TTY_KEY_BACKTAB, TTY_KEY_BACKSPACE, TTY_KEY_DELETE,
	TTY_KEY_SHIFT_LEFT, TTY_KEY_SHIFT_RIGHT,
	TTY_KEY_F1, TTY_KEY_F2, TTY_KEY_F3, TTY_KEY_F4, TTY_KEY_F5,
	TTY_KEY_F6, TTY_KEY_F7,
	TTY_KEY_RESIZE, TTY_KEY_MOUSE,
};

enum mouse_action {
	MOUSE_PRESS, MOUSE_DRAG, MOUSE_RELEASE, MOUSE_WHEEL_UP,
	MOUSE_WHEEL_DOWN,
};

/* Enter is '\n', whatever the terminal sends for it. */
struct event {
	int key;                /* a code point, or enum key; KEY_NONE: nothing */
	enum mouse_action action;       /* with TTY_KEY_MOUSE */
	int row, column;        /* from 0; may be outside after a resize */
};

/* Takes the terminal: alternate screen, single keys, mouse, own signal
 * handling; an unknown TERM falls back to xterm-256color where its name
 * allows, and tty_notice says so. STATUS_IO with a sentence when it cannot,
 * STATUS_USAGE for a colour mode that is none. One at a time. Until it is
 * closed, a crash or exit() gives the terminal back as well, and what is
 * written to standard error is held back and shown then. */
enum status tty_open(struct tty **out, struct tty_options options);
void tty_close(struct tty *tty);        /* gives it back as it was */

struct look tty_look(const struct tty *tty);
/* A canvas of 256 colours may as well have true colour. */
bool tty_direct(const struct tty *tty);
void tty_size(const struct tty *tty, int *rows, int *columns);
/* Mouse, brackets and clipboard are xterm's: one without an alternate screen
 * (vt100, the Linux console) is sent none of them. */
bool tty_private_modes(const struct tty *tty);
const char *tty_notice(const struct tty *tty);  /* NULL: nothing to say */
void tty_set_mouse(struct tty *tty, bool on);

/* Brackets of synchronized output round frames; on at the start. */
void tty_set_sync(struct tty *tty, bool on);

/* The next key or mouse event without waiting. TTY_KEY_RESIZE: the size may
 * have changed, and the whole screen must be drawn again (after Ctrl-Z, too,
 * which stops the program in here). */
struct event tty_event(struct tty *tty);

/* Waits until a key, a signal or `fd` is ready, or milliseconds passed
 * (-1: for ever). */
void tty_wait(struct tty *tty, int fd, int milliseconds);

/* Sends the difference to what the terminal shows, in one bracket. */
void tty_draw(struct tty *tty, const struct canvas *canvas);

/* Bytes of the last frame, without its bracket; -1: curses does not tell. */
long tty_sent(const struct tty *tty);

/* The next tty_draw sends everything: what is on the terminal is not trusted
 * (Ctrl-L). */
void tty_repaint(struct tty *tty);

/* To the clipboard of the terminal, if it has one and lets us (OSC 52); false
 * where it is not even asked. */
bool tty_copy(const struct tty *tty, const char *text);

/* Ctrl-Z: gives the terminal back, stops, and takes it again when woken. */
void tty_suspend(struct tty *tty);

/* The signal that asks the program to end (TERM, HUP, INT, USR1 ...), or 0. A
 * terminal that hung up counts as HUP. A second INT does not ask. */
int tty_end_signal(const struct tty *tty);

#endif
