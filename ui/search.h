/*
 * A search that looks at each cell of a channel or a layer, millions of them,
 * goes on from frame to frame (spell.h) until it is done or a key gives it up.
 * There is one at a time.
 */
#ifndef UI_SEARCH_H
#define UI_SEARCH_H

#include <stdbool.h>
#include <stddef.h>

#include "core/status.h"

struct model;

/* Looks are short: so many cells lie between two at the clock. */
enum { SEARCH_LOOK = 1 << 12 };

struct search_kind {
	/* Some more cells, SEARCH_LOOK at most; returns how many, 0: all
	 * have been looked at. */
	size_t (*look)(void *state, const struct model *model);
	/* Is it still of what is selected? */
	bool (*fits)(const void *state, const struct model *model);
	/* Says what it is looking for and how far it has come. */
	void (*say)(const void *state, struct model *model);
	/* Goes to what it found. STATUS_MISSING: there is none. */
	enum status (*finish)(void *state, struct model *model);
	void (*free)(void *state);
};

/* Begins, in place of another; takes over the state. What is found at once
 * is gone to at once. */
enum status search_start(struct model *model, const struct search_kind *kind,
	void *state);

/* True while it is under way. What it finds, it says. */
bool search_go_on(struct model *model);

/* Gives it up. */
void search_stop(struct model *model);

#endif
