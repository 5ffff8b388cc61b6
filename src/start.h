/*
 * Where the screen begins: what --layer, --channel and --position say, checked
 * against the dumps before the terminal is touched, and how it looks.
 */
#ifndef SRC_START_H
#define SRC_START_H

#include <stdbool.h>
#include <stddef.h>

#include "core/status.h"

struct appearance;
struct model;
struct selection;
struct session;

struct start {
	size_t dump, layer;             /* of the session's */
	size_t channel, position;       /* SIZE_MAX: not said */
	bool said;                      /* the layer was */
};

/* What is more than one place to begin at, or NULL. */
const char *start_fault(const struct selection *selection);

/* Without --layer, the first usable one. STATUS_MISSING where the dumps lack
 * what is asked for, or the layer's own status where it cannot be used. */
enum status start_choose(struct start *out, const struct selection *selection,
	struct session *session);

/* resumed: what is not said stays as it is. */
void start_apply(const struct start *start,
	const struct appearance *appearance, struct model *model,
	bool resumed);

#endif
