/*
 * What the environment says about the terminal, without asking it anything:
 * an entry of the terminal database, and whether Unicode can be shown.
 */
#ifndef UI_TTY_ENVIRONMENT_H
#define UI_TTY_ENVIRONMENT_H

#include <stdbool.h>

/* The entry that does for a terminal this machine does not know, by its name;
 * NULL if there is none. */
const char *environment_entry(const char *term);

/* Whether the terminal repeats a character where its entry says so: tmux and
 * screen do not, of more than a byte, and TERM there may be set to xterm's. */
bool environment_repeats(void);

/* Whether glyphs may be Unicode: 1 never, 2 always, 0 by the locale. For 2 in
 * another locale LC_CTYPE becomes C.UTF-8, without which curses could not
 * write it; where there is no such locale the answer is still false. */
bool environment_unicode(int glyphs);

#endif
