/*
 * What the screen works on: open dumps, the atlas of what has been computed,
 * and workers that compute what is looked at: the cursor's cell, the visible
 * ones, coarse to fine, around the cursor, then the rest of the layer, and
 * meanwhile and then the other layers. One thread owns a session and calls
 * everything here; no call waits.
 */
#ifndef CORE_SESSION_H
#define CORE_SESSION_H

#include <stdbool.h>
#include <stddef.h>

#include "core/dump.h"
#include "core/interlacing.h"
#include "core/measure.h"
#include "core/spectrum.h"
#include "core/status.h"

struct session;

struct session_options {
	size_t threads;         /* 0: one per core */
	size_t memory;          /* bytes for the atlas, and as many for members
				 * of files; 0: min(RAM/4, 256 MiB) and
				 * min(RAM/4, 4 GiB) */
	int choice;             /* enum method_choice: 0 is by cost */
};

/* Opens every path (dump_open); on failure the sentence names the first that
 * could not be opened, and nothing stays open. */
enum status session_open(struct session **out, char *const *paths,
	size_t path_count, struct session_options options);
void session_close(struct session *session);

size_t session_dump_count(const struct session *session);
struct dump *session_dump(const struct session *session, size_t index);

/* What the screen shows now. Ranges are half-open; layer is resolved. */
struct session_focus {
	struct layer *layer;
	size_t channel_begin, channel_end;
	size_t position_begin, position_end;
	size_t channel, position;       /* the cursor */
	bool counts;                    /* the measure rests on the count at */
	struct tolerance tolerance;     /* this: where that is certain without
					 * a spectrum, the cell can wait */
};

/* Workers turn to this. Work for what is no longer shown is cancelled between
 * two factorisations, and what it found is kept; the cursor's cell is next. */
void session_look(struct session *session, const struct session_focus *focus);

/* Borrowed until the next session_collect; NULL: not computed (yet). */
const struct spectrum *session_spectrum(const struct session *session,
	const struct layer *layer, size_t channel, size_t position);

/* All positions of a channel at once, for maps: L slots, NULL where unknown;
 * NULL when nothing of the channel is known. Borrowed likewise. */
const struct spectrum *const *session_strip(const struct session *session,
	const struct layer *layer, size_t channel);

/* What is known beside a position that is not: certain bounds of its counts
 * and of s1 (interlacing.h), for pictures only. *known is all 0, or of this
 * channel from a call before. Borrowed likewise. */
void session_neighbours(const struct session *session,
	struct neighbours *known, const struct layer *layer, size_t channel,
	size_t position);

/* Why this channel cannot be computed, or NULL. */
const char *session_failure(const struct session *session,
	const struct layer *layer, size_t channel);

/* Readable (poll) when results wait. */
int session_fd(const struct session *session);

/* Takes in what workers finished and gives them more; true when anything new
 * is known. */
bool session_collect(struct session *session);

struct session_progress {
	bool busy;              /* anything in flight or still wanted: call
				 * session_collect again within 50 ms */
	size_t done, wanted;    /* cells of the layer looked at */
	double rate;            /* cells a second, now */
	double left;            /* of it, in seconds by hankel_cost alone */
	double eta;             /* seconds for that layer; < 0: not known yet */
};

struct session_progress session_progress(const struct session *session);

/* Positions 1 .. L-1 known of one channel, over all of them. */
size_t session_known(const struct session *session,
	const struct layer *layer, size_t channel);

#endif
