/*
 * Which cells a command is about: --layer, --channel, --position, --interior.
 * Parsing is separate from applying, because what is malformed is a usage
 * error whatever the file, and what is out of range depends on the layer.
 */
#ifndef SRC_SELECTION_H
#define SRC_SELECTION_H

#include <stdbool.h>
#include <stddef.h>

#include "core/status.h"

struct dump;
struct layer;

/* Channels first..last, both included. */
struct span {
	size_t first, last;
};

/* Ascending, disjoint; empty: every channel. */
struct channel_list {
	struct span *spans;
	size_t count;
};

/* One number, or a Python slice start:stop:step. */
struct position_range {
	const char *typed;              /* NULL: every position */
	bool single;                    /* start alone */
	bool has_start, has_stop;
	long long start, stop, step;    /* step > 0 */
};

struct selection {
	const char **layers;            /* names or wildcards; none: all */
	size_t layer_count;
	struct channel_list channels;
	struct position_range range;
	bool interior;
};

/* Positions first, first + step, ...: count of them, none of them 0. */
struct positions {
	size_t first, step, count;
};

void selection_done(struct selection *selection);

/* "0,3,5-7". STATUS_USAGE where it is malformed; the result is the caller's,
 * for free(out->spans). */
enum status channel_list_parse(struct channel_list *out, const char *text);

/* "118", "::8", "-64:". STATUS_USAGE where it is malformed. The text is
 * borrowed. */
enum status position_range_parse(struct position_range *out,
	const char *text);

/* How many of `channels` channels are selected. */
size_t channel_list_size(const struct channel_list *list, size_t channels);

/* The first selected channel >= from, or `channels` where there is none. */
size_t channel_list_next(const struct channel_list *list, size_t from,
	size_t channels);

/* Sets chosen[k] for each selected layer of the dump. An exact name wins over
 * the wildcard it may also be (fnmatch without flags). STATUS_MISSING where a
 * pattern selects nothing; the sentence names what there is. */
enum status selection_layers(bool *chosen, const struct selection *selection,
	const struct dump *dump);

/* STATUS_MISSING where the resolved layer lacks a selected channel. */
enum status selection_channels(const struct selection *selection,
	const struct layer *layer);

/* The selected positions of a resolved layer, ascending. STATUS_MISSING where
 * there is none, or a single one is out of range. --interior may leave none of
 * them, which is no failure: a layer may be too short for its state. */
enum status selection_positions(struct positions *out,
	const struct selection *selection, const struct layer *layer);

static inline size_t
positions_at(const struct positions *positions, size_t index)
{
	return positions->first + index * positions->step;
}

#endif
