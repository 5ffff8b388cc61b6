/*
 * How each dump was last looked at in this run, as commands that bring it
 * back: for sessions, which are written when the program ends.
 */
#ifndef UI_SEEN_H
#define UI_SEEN_H

#include <stdio.h>

#include "ui/place.h"

struct dump;
struct model;
struct seen;

struct seen *seen_new(void);
void seen_free(struct seen *seen);

/* The dump on the screen is looked at like this. */
void seen_note(struct model *model);

/* Borrowed; NULL: the dump was not on the screen. */
const char *seen_view(const struct model *model, const struct dump *dump);

/* The commands that lead to a place. */
void seen_write_place(FILE *file, const struct model *model,
	struct place place);

#endif
