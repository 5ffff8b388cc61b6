/*
 * Where the delimiters of a text are: a token in angle or square brackets. A
 * frame cannot look at a million tokens; they are looked through once, from
 * frame to frame, and those found so far are there.
 */
#ifndef UI_DELIMITERS_H
#define UI_DELIMITERS_H

#include <stdbool.h>
#include <stddef.h>

struct delimiters;
struct model;

struct delimiters *delimiters_new(void);
void delimiters_free(struct delimiters *delimiters);    /* NULL is fine */

/* The tokens may be others. */
void delimiters_forget(struct delimiters *delimiters);

/* For so many seconds (spell.h); true: something is left. */
bool delimiters_go_on(struct model *model, double seconds);

/* Is one known at positions begin .. end - 1? */
bool delimiters_between(const struct model *model, size_t begin, size_t end);

#endif
