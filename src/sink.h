/*
 * Who takes the cells of the pipeline: a table of rows, or one that compares.
 */
#ifndef SRC_SINK_H
#define SRC_SINK_H

#include <stddef.h>

#include "core/status.h"

struct channel_cells;
struct target;

/* Layers that can be compared. */
enum { ABREAST_MOST = 2 };

/* Called in order: begin, with `abreast` targets; each channel of theirs that
 * did not fail, channel c of the first before channel c of the next; end. */
struct cell_sink {
	void *rows;
	size_t abreast;                 /* 1 to ABREAST_MOST */
	enum status (*begin)(void *rows, const struct target *targets);
	enum status (*channel)(void *rows, struct channel_cells *cells);
	enum status (*end)(void *rows);
};

#endif
