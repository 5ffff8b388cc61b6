/*
 * The cells of selected layers, computed on worker threads and handed over in
 * order: layer, channel, position. Layers that are compared stand abreast:
 * channel by channel, in turn, so that nothing waits for the whole of one of
 * them. Only a bounded number of jobs is ahead. Main thread.
 */
#ifndef SRC_PIPELINE_H
#define SRC_PIPELINE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/status.h"
#include "src/sink.h"

struct options;
struct pipeline;
struct target_list;

/* The progress of a whole command: seconds of one core, estimated. */
struct progress {
	double done, total;
	/* Of these, attempts by a method that may refuse, made and not made,
	 * and what the refused positions of those made take. */
	double tried, untried, refused;
	bool announced;
};

/* Adds what these targets will take to the total. */
void pipeline_expect(struct progress *progress,
	const struct target_list *targets, const struct options *options);

/* What is left, were the attempts to come refused as often as those made. */
double progress_left(const struct progress *progress);

/* Says once, of a run that takes more than a minute, how long. */
void pipeline_announce(struct progress *progress,
	const struct options *options);

/* Starts the worker threads. Borrows everything but the sink. */
enum status pipeline_new(struct pipeline **out, const struct options *options,
	struct cell_sink sink, struct progress *progress);
void pipeline_free(struct pipeline *pipeline);

size_t pipeline_threads(const struct options *options);

/* Says what of the targets' layers was ignored, and computes them, so many
 * abreast as the sink wants; returns when all rows are written. A channel that
 * fails is left out and reported, once where several of a layer fail with the
 * same sentence: *failed becomes true. Any other status ends the work: rows
 * cannot be written, or memory is out. */
enum status pipeline_run(struct pipeline *pipeline,
	const struct target_list *targets, bool *failed);

#endif
