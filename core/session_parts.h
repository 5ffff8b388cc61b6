/*
 * Between the files of session: opening and closing (session_open.c), work
 * and its results (session.c), and what is known of them (session_ask.c).
 */
#ifndef CORE_SESSION_PARTS_H
#define CORE_SESSION_PARTS_H

#include <stdbool.h>
#include <stddef.h>

#include "core/interlacing.h"
#include "core/pace.h"
#include "core/plan.h"
#include "core/session.h"

struct atlas;
struct cache;
struct certificates;
struct job;
struct pictures;
struct pool;
struct session_job;

struct session {
	struct dump_list dumps;
	struct dump_list elements;      /* of their batches, others than those
					 * in dumps */
	struct layer **layers;
	size_t layer_count;
	struct atlas *atlas;
	struct cache *cache;            /* or NULL */
	size_t computed, recalled;      /* cells */
	size_t writes;                  /* in flight */
	struct pool *pool;
	size_t threads;                 /* for all kinds of jobs */
	bool express;                   /* and one for the cursor's */
	int choice;                     /* enum method_choice */
	struct plan plan;
	bool plan_pending;              /* the plan had more to look through */
	bool stopped;                   /* until the focus is another */
	struct session_job *in_flight;
	size_t in_flight_count;
	struct certificates *certificates;
	uint32_t norms;                 /* that have come in */
	struct session_operators *operators;
	struct pictures *pictures;
	unsigned long windows;          /* looked at so far */
	/* What the plan last asked about: most questions are beside it. */
	struct gap asked;
	size_t asked_channel;
	struct pace pace;
	double clock, worked;           /* at the last pace_pass, or when */
	bool busy;                      /* there was something to do */
};

/* All layers of dumps and elements; a plan and certificates for them. */
void session_list_layers(struct session *session);

/* Of either kind: what is computed, or goes to disk. */
void session_any_job_free(struct job *job);

#endif
