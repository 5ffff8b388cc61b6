/*
 * All that is curses: the terminal's entry in its database, keys as they
 * arrive, and painting where the sequences may not be ECMA-48's. tty.c alone
 * uses it. One thread, one terminal at a time.
 */
#ifndef UI_TTY_CURSES_H
#define UI_TTY_CURSES_H

#include <stdbool.h>
#include <stdio.h>

#include "core/status.h"
#include "ui/tty.h"
#include "ui/tty_frame.h"
#include "ui/tty_guard.h"

struct curses;

/* The entry of the terminal database to use, by TERM; *notice, for free(), is
 * set where that is another one. Sends nothing. */
enum status curses_entry(const char **out, char **notice);

/* Standard output as such a terminal, with keys from `in`; sets the modes. */
enum status curses_open(struct curses **out, const char *entry, FILE *in);
void curses_close(struct curses *curses);       /* NULL is fine */

/* A capability of the entry; NULL, -1, false: not there. */
const char *curses_string(const char *name);
int curses_number(const char *name);
bool curses_flag(const char *name);

/* Gets ready for colours; returns whether there is a default colour. */
bool curses_colours(struct curses *curses, bool wanted);

/* Does it know xterm's private modes, as the way its entry leaves the alternate
 * screen tells? Others print what they do not know. */
bool curses_private_modes(void);

/* What gives back a terminal of so many rows that has no alternate screen, by
 * its entry: plain attributes, cursor keys as they were, cursor on, and the
 * last line blank for the shell; 0 rows: where none has been drawn on. */
void curses_leave(char out[UNDO_MAX], int rows);

void curses_take(struct curses *curses);
void curses_give(void);
void curses_resize(int rows, int columns);
void curses_size(int *rows, int *columns);

/* The next key or mouse event that is there, or KEY_NONE. */
struct event curses_event(struct curses *curses);

/* Curses' own screen: a row of it, all of it to be sent anew, what has changed
 * to the terminal. */
void curses_row(const struct curses *curses, const struct frame *frame,
	int row);
void curses_repaint(void);
void curses_flush(void);

#endif
