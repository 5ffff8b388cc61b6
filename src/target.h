/*
 * From a dump and the options of selection to what is to be computed. Main
 * thread.
 */
#ifndef SRC_TARGET_H
#define SRC_TARGET_H

#include <stdbool.h>
#include <stddef.h>

#include "core/status.h"
#include "src/selection.h"

struct dump;
struct dump_list;
struct layer;

/* Bytes of members that a command without a screen keeps in memory. */
enum { COMMAND_MEMORY = 256 << 20 };

struct options;

/* What a command without a screen opens: dump_open, and --batch. */
enum status target_open(struct dump_list *out, const char *path,
	const struct options *options);

/* The same of an argument that is one dump. STATUS_USAGE where it is several;
 * the sentence begins with the path. */
enum status target_open_one(struct dump_list *out, const char *path,
	const struct options *options);

/* One layer as selected. */
struct target {
	struct layer *layer;            /* resolved */
	struct positions positions;
	size_t channels;                /* from 0 on; of these the selected */
};

struct target_list {
	struct target *items;           /* for free() */
	size_t count;
};

/* Called with the sentence that says why something is left out: because it
 * failed, or because there is nothing to compute. */
typedef void target_complaint(void *payload, bool failed,
	const char *sentence);

/* The selected layers that can be used and have a selected position. Others
 * are passed to complain, one sentence each. */
struct target_list target_select(struct dump *dump,
	const struct selection *selection, target_complaint *complain,
	void *payload);

/* Seconds the target takes on one core, about: without what a method that is
 * tried first may leave to an exact one. */
double target_cost(const struct target *target,
	const struct options *options);

#endif
