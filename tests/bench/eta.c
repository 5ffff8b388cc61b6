/*
 * Is the time that is said to be left the time it takes? Computes one layer
 * after another as the screen does, all of it looked at, and notes what is
 * promised every tenth of a second. Prints a Markdown row a layer; see
 * eta.py.
 *
 * usage: eta [-v] THREADS MEGABYTES FILE...
 */
#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/hankel.h"
#include "core/session.h"
#include "core/util.h"

/* Deviations are looked at from here on: seconds. */
static const double settled = 2;
static const double interval = 0.1;

struct promise {
	double at, left;
	double worked;                  /* CPU seconds of all threads by then */
	double work;                    /* CPU seconds left as promised */
	size_t done;
};

struct log {
	struct promise *items;
	size_t count;
	double total, worked;
	double cursor, row;             /* when these were there */
};

static double
clock_of(clockid_t which)
{
	struct timespec t;

	clock_gettime(which, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double
now(void)
{
	return clock_of(CLOCK_MONOTONIC);
}

static double
worked(void)
{
	return clock_of(CLOCK_PROCESS_CPUTIME_ID);
}

static void
note(struct log *log, double at, double work,
	const struct session_progress *progress)
{
	if (log->count && at - log->items[log->count - 1].at < interval)
		return;
	log->items = xreallocarray(log->items, log->count + 1,
		sizeof *log->items);
	log->items[log->count++] = (struct promise){ at, progress->eta,
		work, progress->work, progress->done };
}

/* A coarse row of the channel is there: no gap is longer than an eighth. */
static bool
has_row(const struct session *session, const struct layer *layer,
	size_t channel)
{
	struct spectrum spectrum;
	size_t gap = 0;

	for (size_t p = 1; p < layer->length; p++) {
		gap = session_spectrum(&spectrum, session, layer, channel, p)
			? 0 : gap + 1;
		if (gap > layer->length / 8)
			return false;
	}
	return true;
}

static void
compute(struct log *log, struct session *session, struct layer *layer,
	bool verbose)
{
	struct session_focus focus = {
		.layer = layer, .channel_end = layer->channels,
		.position_begin = 1, .position_end = layer->length,
		.channel = layer->channels / 2, .position = layer->length / 2,
		.counts = true, .tolerance = TOLERANCE_DEFAULT,
	};
	struct pollfd ready = { .fd = session_fd(session), .events = POLLIN };
	struct session_progress progress;
	struct spectrum spectrum;
	double start = now(), idle = worked();

	session_look(session, &focus);
	do {
		poll(&ready, 1, 50);
		session_collect(session);
		if (!(log->cursor > 0) && session_spectrum(&spectrum, session,
			layer, focus.channel, focus.position))
			log->cursor = now() - start;
		if (!(log->row > 0) && has_row(session, layer, focus.channel))
			log->row = now() - start;
		progress = session_progress(session);
		if (verbose)
			fprintf(stderr, "%6.2f s, %8.2f promised, %6.2f CPU s, "
				"%8.2f promised, %8zu cells%s%s\n",
				now() - start, now() - start + progress.eta,
				worked() - idle, worked() - idle
				+ progress.work, progress.done, log->cursor
				> 0 ? ", cursor" : "", log->row > 0
				? ", row" : "");
		note(log, now() - start, worked() - idle, &progress);
	} while (progress.done < progress.wanted && progress.busy);
	log->total = now() - start;
	log->worked = worked() - idle;
}

/* Worst |promised end - end| / end once settled, and of the time left while
 * a second of it is left. */
static void
report(const struct log *log, const char *path, const struct layer *layer,
	size_t threads)
{
	const char *name = strrchr(path, '/');
	double worst = 0, worst_left = 0, worst_work = 0, first = NAN;

	for (size_t k = 0; k < log->count; k++) {
		const struct promise *item = &log->items[k];
		double left = log->total - item->at, off;

		if (item->at < settled || left <= 0)
			continue;
		off = item->left < 0 ? INFINITY : fabs(item->left - left);
		worst = fmax(worst, off / log->total);
		worst_work = fmax(worst_work, item->work < 0 ? INFINITY
			: fabs(item->worked + item->work - log->worked)
			/ log->worked);
		if (left > 1)
			worst_left = fmax(worst_left, off / left);
		if (isnan(first))
			first = item->at + item->left;
	}
	printf("| %s %s | %s | %zu x %zu | %.2f | %.2f | %.1f | %.0f %% "
		"| %.1f | %.0f %% | %.0f %% | %.0f %% |\n", name ? name + 1 : path,
		layer->label, method_name(hankel_method(layer)),
		layer->channels, layer->length, log->cursor,
		log->row, log->total, 100 * log->worked / log->total
		/ (double)threads, first,
		100 * worst, 100 * worst_left, 100 * worst_work);
	fflush(stdout);
}

static void
run(char *path, struct session_options options, bool verbose)
{
	struct session *session;

	if (session_open(&session, &path, 1, options) != STATUS_OK) {
		fprintf(stderr, "%s\n", status_text());
		exit(1);
	}
	for (size_t k = 0; k < session_dump(session, 0)->layer_count; k++) {
		struct layer *layer = &session_dump(session, 0)->layers[k];
		struct log log = { NULL };

		if (layer_resolve(layer) != STATUS_OK)
			continue;
		compute(&log, session, layer, verbose);
		report(&log, path, layer, options.threads);
		free(log.items);
	}
	session_close(session);
}

int
main(int argc, char **argv)
{
	bool verbose = argc > 1 && !strcmp(argv[1], "-v");
	struct session_options options;

	argv += verbose;
	argc -= verbose;
	if (argc < 4) {
		fprintf(stderr, "usage: eta [-v] THREADS MEGABYTES FILE...\n");
		return 2;
	}
	options = (struct session_options){
		.threads = (size_t)atoi(argv[1]),
		.memory = (size_t)atoi(argv[2]) << 20,
	};
	for (int k = 3; k < argc; k++)
		run(argv[k], options, verbose);
	return 0;
}
