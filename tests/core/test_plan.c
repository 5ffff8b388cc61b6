/*
 * The order of work, without workers: what a plan asks for is put into the
 * atlas at once, so that every step is the plan's own.
 *
 * usage: test_plan (in the build folder, samples/ beside the sources)
 */
#include "tests/core/plan_desk.h"

/* The cursor, then what is seen, each cell once, then the rest; the largest
 * gap of a seen channel only ever halves. */
static void
test_order(void)
{
	struct desk *desk = desk_new("text_sa_step1000");
	struct layer *layer = desk->layers[1];
	struct session_focus focus = focus_of(layer);
	size_t seen = 0, wanted = 2 * 100, cells = 0, early = 0;
	size_t *times = xcalloc(layer->channels * layer->length,
		sizeof *times);
	struct plan_item item;
	bool first = true, once = true, from_cursor = true;

	plan_look(&desk->plan, &focus);
	for (size_t k = 0; step(desk, &item); k++) {
		if (k == 0)
			first = item.count == 1 && item.channel == 2
				&& item.positions[0] == 77;
		if (k == 1)
			from_cursor = item.channel == 2;
		for (size_t p = 0; p < item.count; p++) {
			bool see = is_seen(&focus, &item, item.positions[p]);

			early += !see && seen < wanted;
			seen += see;
			cells++;
			if (item.layer == layer)
				once &= !times[item.channel * layer->length
					+ item.positions[p]]++;
		}
		free(item.positions);
	}
	ok(first, "the cursor's cell first");
	ok(from_cursor, "then its channel");
	ok(seen == wanted && early == 0, "what is seen before the rest");
	ok(once, "each cell once");
	ok(cells == 4 * 4 * 255, "and in the end every cell of every layer: "
		"%zu", cells);
	free(times);
	desk_free(desk);
}

/* Of two layers that are compared both cursors come first, then what is seen
 * of either, in turns, then the rest. */
static void
test_beside(void)
{
	struct desk *desk = desk_new("text_sa_step1000");
	struct session_focus focus = focus_of(desk->layers[1]), other;
	size_t seen[2] = { 0 }, wanted = 2 * 100, cells = 0, early = 0;
	size_t apart = 0, cursors = 0;
	struct plan_item item;

	focus.beside = desk->layers[2];
	other = focus;
	other.layer = focus.beside;
	plan_look(&desk->plan, &focus);
	for (size_t k = 0; step(desk, &item); k++) {
		if (k < 2)
			cursors += item.count == 1 && item.channel == 2
				&& item.positions[0] == 77
				&& item.layer == desk->layers[1 + k];
		for (size_t p = 0; p < item.count; p++) {
			bool here = is_seen(&focus, &item, item.positions[p]);
			bool there = is_seen(&other, &item, item.positions[p]);

			early += !here && !there
				&& seen[0] + seen[1] < 2 * wanted;
			seen[0] += here;
			seen[1] += there;
			cells++;
		}
		if (seen[0] < wanted && seen[1] < wanted)
			apart = size_max(apart, seen[0] > seen[1]
				? seen[0] - seen[1] : seen[1] - seen[0]);
		free(item.positions);
	}
	ok(cursors == 2, "beside: both cursors first");
	ok(seen[0] == wanted && seen[1] == wanted && early == 0,
		"beside: what is seen of both before the rest");
	ok(apart < wanted / 2, "beside: in turns: %zu cells apart", apart);
	ok(cells == 4 * 4 * 255, "beside: in the end all: %zu", cells);
	desk_free(desk);
}

/* Runs are computed whole or not at all: one of them is certain. */
static void
test_certain(void)
{
	struct desk *desk = desk_new("text_sa_step1000");
	struct layer *layer = desk->layers[0];
	struct session_focus focus = focus_of(layer);
	size_t certain[2] = { 1, 2 }, open = 0, shut = 0, early = 0, late = 0;
	size_t wanted_open, wanted_shut;
	struct plan_item item;

	while (certain[1] < 150) {
		certain[0] = certain[1];
		certain[1] = hankel_run_end(layer, certain[0]);
	}
	focus.position_begin = 1;
	focus.position_end = 256;
	wanted_shut = 2 * (certain[1] - certain[0]);
	wanted_open = 2 * 255 - wanted_shut;
	desk->certain = &certain;
	focus.counts = true;
	focus.tolerance = TOLERANCE_DEFAULT;
	plan_look(&desk->plan, &focus);
	while (shut < wanted_shut && step(desk, &item)) {
		for (size_t k = 0; k < item.count; k++) {
			size_t p = item.positions[k];
			bool wait = p >= certain[0] && p < certain[1];

			if (!is_seen(&focus, &item, p)) {
				late++;
				continue;
			}
			open += !wait;
			shut += wait;
			early += wait && open < wanted_open;
		}
		free(item.positions);
	}
	ok(!early && open == wanted_open && shut == wanted_shut && !late,
		"%zu certain cells after %zu open ones, but before what is "
		"not seen", shut, open);
	desk_free(desk);

	desk = desk_new("text_sa_step1000");
	desk->certain = &certain;
	focus = focus_of(desk->layers[0]);
	focus.counts = true;
	certain[0] = 40;
	certain[1] = 140;
	plan_look(&desk->plan, &focus);
	if (step(desk, &item))
		free(item.positions);
	certain[0] = certain[1];
	focus.tolerance.value = 0.5;
	plan_look(&desk->plan, &focus);
	ok(step(desk, &item) && item.phase == PLAN_VISIBLE,
		"at another tolerance they are open again");
	free(item.positions);
	desk_free(desk);
}

/* While what is off the screen of a layer is computed the others have a
 * third as much, then all of it; each as much as the others, but for the last
 * job. */
static void
test_shares(void)
{
	struct desk *desk = desk_new("text_sa_step1000");
	struct session_focus focus = focus_of(desk->layers[1]);
	double here = 0, others = 0, each[4] = { 0 }, job = 0;
	bool shared = true, fair = true, left = true;
	struct plan_item item;

	plan_look(&desk->plan, &focus);
	while (step(desk, &item)) {
		job = fmax(job, item.seconds);
		for (size_t k = 0; k < 4; k++) {
			each[k] += item.layer == desk->layers[k]
				? item.seconds : 0;
			left &= atlas_known(desk->atlas, desk->layers[k], 3)
				< 255 || k == 1;
		}
		here += item.phase == PLAN_LAYER ? item.seconds : 0;
		others += item.phase == PLAN_OTHERS ? item.seconds : 0;
		if (item.phase == PLAN_LAYER)
			shared &= fabs(others - here / 3) <= job * (1 + 1e-9);
		if (left)
			fair &= fabs(each[0] - each[2]) <= job * (1 + 1e-9)
				&& fabs(each[2] - each[3]) <= job * (1 + 1e-9);
		free(item.positions);
	}
	ok(shared && here > 0, "other layers have their share");
	ok(fair && each[0] > 0, "each of them");
	desk_free(desk);
}

/* What was cancelled is planned again. */
static void
test_again(void)
{
	struct desk *desk = desk_new("mqar_gla_n16_h1_kv8");
	struct session_focus focus = {
		.layer = desk->layers[0], .channel_end = 1,
		.position_begin = 1, .position_end = 64, .position = 20,
	};
	struct plan_item item;
	size_t cells = 0;

	plan_look(&desk->plan, &focus);
	while (plan_next(&desk->plan, desk->known, &item) == PLAN_ITEM)
		free(item.positions);
	ok(!step(desk, &item), "asked for once, nothing is asked for again");
	plan_again(&desk->plan, desk->layers[0]);
	plan_again(&desk->plan, desk->layers[1]);
	while (step(desk, &item)) {
		cells += item.count;
		free(item.positions);
	}
	ok(cells == 2 * 63, "unless it is said not to come: %zu", cells);
	desk_free(desk);
}

/* What is in flight is not asked for again, but for the cursor's cell where it
 * waits behind others. */
static void
test_in_flight(void)
{
	struct desk *desk = desk_new("text_sa_step1000");
	struct session_focus focus = focus_of(desk->layers[1]);
	size_t cells = 0, cursors = 0, again = 0;
	struct plan_item item;

	desk->flying = focus.layer;
	plan_look(&desk->plan, &focus);
	while (step(desk, &item)) {
		bool cursor = item.phase == PLAN_CURSOR;

		cursors += cursor && item.positions[0] == focus.position;
		for (size_t k = 0; k < item.count && !cursor; k++)
			again += item.layer == focus.layer && item.channel
				== FLYING_CHANNEL && item.positions[k] % 2;
		cells += item.layer == focus.layer ? item.count : 0;
		free(item.positions);
	}
	ok(cursors == 1 && focus.position % 2, "the cursor's cell, though it "
		"is in flight behind others");
	ok(again == 0, "%zu cells in flight were asked for again", again);
	ok(cells == focus.layer->channels * (focus.layer->length - 1)
		- focus.layer->length / 2 + 1, "and all others: %zu", cells);
	desk_free(desk);
}

/* A short kernel of a long layer: no job takes all of it, nor does looking for
 * one hold the thread. */
static void
test_narrow(void)
{
	struct desk *desk = desk_new("text_sa_step1000");
	struct session_focus focus = focus_of(desk->layers[0]);
	struct plan_item item;
	size_t most = 0;

	desk->layers[0]->length = (size_t)1 << 20;
	desk->layers[0]->band = 4;
	focus.channel_begin = focus.channel = 0;
	focus.channel_end = 1;
	focus.position_begin = 1;
	focus.position_end = focus.layer->length;
	plan_look(&desk->plan, &focus);
	for (int k = 0; k < 8 && step(desk, &item); k++) {
		most = size_max(most, item.count);
		free(item.positions);
	}
	ok(most > 1 && most <= 100000, "a job takes %zu of %zu positions that "
		"cost little", most, focus.layer->length - 1);
	desk_free(desk);
}

/* What a job says of its positions, against a look at each: few and many, with
 * holes and without. */
static void
test_job(size_t step, size_t hole)
{
	enum { L = 1000, WORDS = (L + 63) / 64 };
	struct layer layer = { .length = L };
	size_t positions[L];
	struct session_job cells = { .item = { .layer = &layer,
		.positions = positions } };
	uint64_t marked[WORDS] = { 1 }, wanted[WORDS] = { 1 };
	size_t wrong = 0;

	for (size_t p = 3; p < L - 5; p += step)
		if (p % hole) {
			positions[cells.item.count++] = p;
			wanted[p / 64] |= (uint64_t)1 << p % 64;
		}
	session_job_mark(&cells, marked);
	session_job_mark(&cells, marked);
	ok(!memcmp(marked, wanted, sizeof wanted), "%zu positions of a job "
		"are marked", cells.item.count);
	for (size_t begin = 0; begin < L; begin++)
		for (size_t end = begin + 1; end <= L; end += 1 + begin % 9) {
			bool any = false;

			for (size_t p = begin; p < end && !any; p++)
				any = p && (wanted[p / 64] >> p % 64 & 1);
			wrong += session_job_touches(&cells, begin, end)
				!= any;
		}
	ok(!wrong, "and which window they touch");
	free(cells.marks);
}

/* All that is missing of a long channel, wherever the holes are, is asked for
 * at once. */
static void
test_holes(void)
{
	struct desk *desk = desk_new("text_hybrid_step900");
	struct layer *layer = desk->layers[0];
	struct session_focus focus = { .layer = layer, .channel_end = 1,
		.position_begin = 1, .position_end = layer->length,
		.position = 1 };
	struct packed *block = NULL;
	struct plan_item item;
	size_t count = 0, wrong = 0;

	if (packed_new(&block, layer->length, 0) != STATUS_OK)
		exit(1);
	for (size_t p = 1; p < layer->length; p++)
		if (p % 7 == 1 || (p > 60 && p < 130))
			block->places[count++] = (struct packed_place){
				.position = (uint32_t)p };
	memset(block->numbers, 0, count * sizeof *block->numbers);
	block->count = count;
	atlas_put(desk->atlas, layer, 0, block);
	plan_look(&desk->plan, &focus);
	ok(hankel_method(layer) == METHOD_STATE && plan_next(&desk->plan,
		desk->known, &item) == PLAN_ITEM
		&& item.count == layer->length - 1 - count,
		"a sweep takes all %zu that are missing", item.count);
	for (size_t k = 0; k < item.count; k++)
		wrong += atlas_holds(desk->atlas, layer, 0,
			item.positions[k]) || (k && item.positions[k]
			<= item.positions[k - 1]);
	ok(!wrong, "and none else");
	free(item.positions);
	desk_free(desk);
}

int
main(void)
{
	test_narrow();
	test_order();
	test_beside();
	test_in_flight();
	test_holes();
	test_job(1, NO_HOLE);
	test_job(1, 5);
	test_job(97, NO_HOLE);
	test_certain();
	test_shares();
	test_again();
	return done();
}
