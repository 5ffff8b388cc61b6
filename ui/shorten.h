/*
 * Names of layers in fewer cells than they have: what all names share goes
 * first, from its far ends, and what tells them apart stays.
 * "backbone.layers.12.mixer.operator" becomes "...layers.12.mixer...".
 */
#ifndef UI_SHORTEN_H
#define UI_SHORTEN_H

#include <stdbool.h>
#include <stddef.h>

struct dump;

struct shorten {
	size_t prefix, suffix;  /* bytes all labels of a dump share */
};

struct shorten shorten_new(const struct dump *dump);

/* The name in at most `width` cells, for the caller to free. */
char *shorten_name(struct shorten shorten, const char *name, int width,
	bool unicode);

#endif
