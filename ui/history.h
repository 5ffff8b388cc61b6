/*
 * The lines that were entered, commands and searches apart, to be recalled by
 * Up and Down; and the file that keeps them for the next time: a line each,
 * behind its ':' or '/'. The file is bounded, and not trusted.
 */
#ifndef UI_HISTORY_H
#define UI_HISTORY_H

#include <stddef.h>

#include "core/status.h"

struct history;
struct prompt;

enum { HISTORY_LINES = 500 };

struct history *history_new(void);
void history_free(struct history *history);

/* Recalls what the file holds and adds later lines to it. A file that is not
 * there is none yet; of a damaged one, what can be read. */
enum status history_open(struct history *history, const char *path);

/* The latest line of its kind; an equal one before it is forgotten. A failure
 * to write is told once. */
enum status history_add(struct history *history, char sigil, const char *line);

/* Up (1) and Down (-1): the next older or newer line that begins as what was
 * typed, and at last what was typed itself. */
void history_recall(const struct history *history, struct prompt *prompt,
	int direction);

#endif
