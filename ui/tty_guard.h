/*
 * What must be undone whatever happens. While the screen is ours, a crash, an
 * exit() from any thread (xmalloc without memory) and a fatal signal give the
 * terminal back before the program ends. What is written to standard error
 * meanwhile would scribble on the screen and vanish with it: it is held, and
 * shown afterwards.
 */
#ifndef UI_TTY_GUARD_H
#define UI_TTY_GUARD_H

#include <stdbool.h>
#include <stddef.h>
#include <termios.h>

/* From here on the terminal fd, whose modes were `saved`, is ours. */
void guard_take(int fd, const struct termios *saved);

/* The bytes that guard_restore sends, of UNDO_MAX at most. */
enum { UNDO_MAX = 256 };
void guard_undo(const char *bytes);

/* The terminal has been given back in the regular way; shows what was
 * written to standard error. */
void guard_release(void);

/* Gives the terminal back without curses, if it is ours, in a process about
 * to end: fd is of no use after that. Async-signal-safe; any thread. */
void guard_restore(void);

/* Writes all of it to fd; async-signal-safe. */
void guard_write(int fd, const char *bytes, size_t size);

/* The program is told to end: from here on a terminal that takes no output
 * (Ctrl-S, a link that hangs) is waited for two seconds once, and what does
 * not go out is lost. Async-signal-safe. */
void guard_hurry(void);

/* Such a terminal was not to be written to. */
bool guard_is_stuck(void);

#endif
