/*
 * What tests of the plan share: a dump, a plan over it, and steps in which what
 * it asks for is put into the atlas at once.
 */
#ifndef TESTS_CORE_PLAN_DESK_H
#define TESTS_CORE_PLAN_DESK_H

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/atlas.h"
#include "core/dump.h"
#include "core/hankel.h"
#include "core/operator.h"
#include "core/pace.h"
#include "core/packed.h"
#include "core/plan.h"
#include "core/session_job.h"
#include "core/util.h"
#include "tests/tap.h"

enum { FLYING_CHANNEL = 2, NO_HOLE = 5000 };

struct desk {
	struct dump_list dumps;
	struct layer **layers;
	struct atlas *atlas;
	struct plan plan;
	struct plan_known known;
	size_t (*certain)[2];           /* positions a .. b - 1 are */
	const struct layer *flying;     /* something of it is in flight */
	unsigned served;                /* channels, a bit each: by sliding */
};

static inline bool
any_in_flight(void *payload, const struct layer *layer, size_t channel)
{
	const struct desk *desk = payload;

	return desk->flying == layer && channel == FLYING_CHANNEL;
}

/* The odd positions; at once none of them. */
static inline void
mark_in_flight(void *payload, const struct layer *layer, size_t channel,
	bool at_once, uint64_t *bits)
{
	(void)payload;
	(void)channel;
	for (size_t p = 1; p < layer->length && !at_once; p += 2)
		bits[p / 64] |= (uint64_t)1 << p % 64;
}

static inline bool
between_certain(void *payload, const struct layer *layer, size_t channel,
	size_t position)
{
	const struct desk *desk = payload;

	(void)layer;
	(void)channel;
	return desk->certain && position >= (*desk->certain)[0]
		&& position < (*desk->certain)[1];
}

static inline struct desk *
desk_new(const char *sample)
{
	struct desk *desk = xcalloc(1, sizeof *desk);
	const char *source = getenv("srcdir");
	char *path = xasprintf("%s/samples/%s.npz", source ? source : ".",
		sample);
	struct dump *dump;

	if (dump_open(&desk->dumps, path, (size_t)1 << 28) != STATUS_OK) {
		ok(false, "%s: %s", path, status_text());
		exit(1);
	}
	dump = desk->dumps.dumps[0];
	desk->layers = xcalloc(dump->layer_count, sizeof *desk->layers);
	for (size_t k = 0; k < dump->layer_count; k++) {
		desk->layers[k] = &dump->layers[k];
		if (layer_resolve(desk->layers[k]) != STATUS_OK) {
			ok(false, "%s: %s", path, desk->layers[k]->error);
			exit(1);
		}
	}
	desk->atlas = atlas_new((size_t)1 << 28);
	plan_init(&desk->plan, desk->layers, dump->layer_count);
	desk->known = (struct plan_known){ desk->atlas, any_in_flight,
		mark_in_flight, between_certain, desk };
	free(path);
	return desk;
}

static inline void
desk_free(struct desk *desk)
{
	plan_free(&desk->plan);
	atlas_free(desk->atlas);
	dump_list_close(&desk->dumps);
	free(desk->layers);
	free(desk);
}

/* The next item, done at once; false when there is none. Positions are the
 * caller's to free. */
static inline bool
step(struct desk *desk, struct plan_item *item)
{
	struct packed *block = NULL;
	enum plan_answer answer;

	do {
		answer = plan_next(&desk->plan, desk->known, item);
	} while (answer == PLAN_LATER);
	if (answer == PLAN_NOTHING)
		return false;
	if (atlas_bytes(desk->atlas) + packed_bytes(item->count, 0)
		> atlas_budget(desk->atlas)) {
		/* As the session does. */
		plan_close(&desk->plan, item->phase);
		item->count = 0;
		return true;
	}
	if (packed_new(&block, item->count, 0) != STATUS_OK)
		exit(1);
	for (size_t k = 0; k < item->count; k++) {
		block->places[k] = (struct packed_place){
			.position = (uint32_t)item->positions[k],
			.method = desk->served >> item->channel & 1
				? METHOD_SLIDING : METHOD_BLOCK };
		block->numbers[k] = (struct packed_numbers){ 0 };
	}
	atlas_put(desk->atlas, item->layer, item->channel, block);
	return true;
}

static inline struct session_focus
focus_of(struct layer *layer)
{
	return (struct session_focus){
		.layer = layer, .channel_begin = 1, .channel_end = 3,
		.position_begin = 40, .position_end = 140, .channel = 2,
		.position = 77,
	};
}

static inline bool
is_seen(const struct session_focus *focus, const struct plan_item *item,
	size_t position)
{
	return item->layer == focus->layer
		&& item->channel >= focus->channel_begin
		&& item->channel < focus->channel_end
		&& position >= focus->position_begin
		&& position < focus->position_end;
}

#endif
