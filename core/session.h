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

#include "core/atlas.h"
#include "core/dump.h"
#include "core/interlacing.h"
#include "core/measure.h"
#include "core/spectrum.h"
#include "core/status.h"

struct session;

struct session_options {
	size_t threads;         /* at most; 0, and more: one per core */
	size_t memory;          /* bytes for the atlas, and as many for members
				 * of files; 0: min(RAM/4, 192 MiB) and
				 * min(RAM/4, 128 MiB) */
	const char *cache;      /* directory of spectra on disk; NULL: none */
	size_t cache_size;      /* bytes, at most */
	int choice;             /* enum method_choice: 0 is by cost */
	size_t batch;           /* element of every dump's batch axes */
};

/* Opens every path (dump_open); on failure the sentence names the first that
 * could not be opened, and nothing stays open. */
enum status session_open(struct session **out, char *const *paths,
	size_t path_count, struct session_options options);
void session_close(struct session *session);

/* Nothing more is computed; false if something still is after so many seconds,
 * as one large factorisation: then it is not closed, and the process ends by
 * _exit(2). */
bool session_quit(struct session *session, double seconds);

size_t session_dump_count(const struct session *session);
struct dump *session_dump(const struct session *session, size_t index);

/* A line on files of a directory that were passed over, or NULL. */
const char *session_skipped(const struct session *session);

/* From now on the dump is that of another element of its batch axes: its
 * layers are others. What was known of either stays known. */
enum status session_batch(struct session *session, size_t index,
	size_t element);

/* What the screen shows now. Ranges are half-open; layer is resolved. */
struct session_focus {
	struct layer *layer;
	size_t channel_begin, channel_end;
	size_t position_begin, position_end;
	size_t channel, position;       /* the cursor */
	struct layer *beside;           /* resolved; the same cells of it are on
					 * the screen as well; NULL: none */
	bool counts;                    /* the measure rests on the count at */
	struct tolerance tolerance;     /* this: where that is certain without
					 * a spectrum, the cell can wait */
};

/* Workers turn to this. Work for what is no longer shown is cancelled between
 * two factorisations, and what it found is kept; the cursor's cell is next. */
void session_look(struct session *session, const struct session_focus *focus);

/* A copy, its values borrowed until the next session_collect; false: not
 * computed (yet). */
bool session_spectrum(struct spectrum *out, const struct session *session,
	const struct layer *layer, size_t channel, size_t position);

/* Many cells of a channel at once, for maps: see atlas_each and atlas_count. */
void session_each(const struct session *session, const struct layer *layer,
	size_t channel, size_t begin, size_t end, struct hankel_sink sink);
bool session_count(uint32_t *out, const struct session *session,
	const struct layer *layer, size_t channel, size_t begin, size_t end,
	struct tolerance tol);

/* What is known beside a position that is not: certain bounds of its counts
 * and of s1 (interlacing.h), for pictures only. *gap is all 0, or of this
 * channel from a call before. Borrowed likewise. */
void session_neighbours(const struct session *session,
	struct gap *gap, const struct layer *layer, size_t channel,
	size_t position);

/* Another number when what is known of the layer may be other than it was. */
uint32_t session_changes(const struct session *session,
	const struct layer *layer);

/* Why this channel cannot be computed, or NULL. */
const char *session_failure(const struct session *session,
	const struct layer *layer, size_t channel);

/* T itself, as pictures (pooled.h) that workers make: the block of it on the
 * screen, one row, and the block again as a figure has it. NULL: not looked at
 * (any more). What there is so far is borrowed until the next session_collect
 * or session_look_picture; NULL: nothing yet. */
struct pooled;
struct pooled_request;
enum session_picture {
	SESSION_BLOCK, SESSION_ROW, SESSION_PAPER, SESSION_PICTURES,
};
void session_look_picture(struct session *session, enum session_picture which,
	const struct pooled_request *request);
const struct pooled *session_picture(const struct session *session,
	enum session_picture which);

/* Readable (poll) when results wait. */
int session_fd(const struct session *session);

/* Takes in what workers finished and gives them more; true when anything new
 * is known. */
bool session_collect(struct session *session);

/* Nothing more is computed, and what is under way ends after its present
 * factorisation; what is known stays. session_look goes on, once it is another
 * focus. Pictures of T and what goes to disk are not stopped. */
void session_stop(struct session *session);

struct session_progress {
	bool busy;              /* anything in flight or still wanted: call
				 * session_collect again within 50 ms */
	bool stopped;           /* and there was more to do */
	size_t done, wanted;    /* cells of the layer looked at */
	double rate;            /* cells a second, now */
	double left;            /* of it, in seconds by the model alone, */
	double work;            /* and in CPU seconds; < 0: not known yet */
	double eta;             /* seconds until it is there, or there is no
				 * room for more; < 0: not known yet */
	size_t short_of;                /* bytes for the atlas that would hold
					 * all of it, where there is no room
					 * for more; 0: there is */
	size_t computed, recalled;      /* cells so far, of all layers: by
				 * workers, from disk */
};

struct session_progress session_progress(const struct session *session);

/* Per cent of the passes over large members that run, whether or not a cell
 * waits for one; -1: none runs. */
int session_reading(const struct session *session);

/* Bytes for the atlas, a power of two, that would hold so many cells of which
 * so many are there; 0: they are to come, or may be. */
size_t session_short_of(const struct session *session, size_t done,
	size_t wanted);

/* Positions 1 .. L-1 known of one channel, over all of them. */
size_t session_known(const struct session *session,
	const struct layer *layer, size_t channel);

#endif
