/*
 * How long the plan says it will take, and how far it reaches until there is no
 * room for more: against what it then does.
 *
 * usage: test_reach (in the build folder, samples/ beside the sources)
 */
#include "tests/core/plan_desk.h"

/* A machine a hundred times slower than expected, and at each stage by
 * another factor. */
static double
slowness(int stage)
{
	return 100 + 10 * stage;
}

/* As if the item had been computed, one position after another. */
static double
work_on(struct meter *meter, const struct plan_item *item, bool cheap,
	bool first)
{
	double expected[METER_STAGES] = { 0 }, spent = 0;

	if (first)
		expected[METER_TRY] = hankel_try_cost(item->layer, 0);
	for (size_t k = 0; k < item->count && !cheap; k++)
		hankel_expect(expected, item->layer, item->positions[k],
			CHOICE_AUTO);
	if (cheap)
		expected[METER_LEAF] += (double)item->count
			* hankel_leaf_cost(item->layer);
	for (int s = 0; s < METER_STAGES; s++) {
		atomic_init(&meter->expected[s], expected[s]);
		atomic_init(&meter->spent[s], expected[s] * slowness(s));
		spent += expected[s] * slowness(s);
	}
	return spent;
}

/* Two workers of which one works; of the four channels the sliding method
 * serves those whose bit is set. */
static void
test_pace(unsigned served, const char *what)
{
	struct desk *desk = desk_new("text_sa_step1000");
	struct layer *layer = desk->layers[0];
	struct session_focus focus = {
		.layer = layer, .channel_end = 4, .position_begin = 1,
		.position_end = 256, .channel = 1, .position = 128,
	};
	const struct pace_work none = { { 0 }, { 0 } };
	struct pace pace;
	double clock = 0, total = 0, worst = 0;
	double promised[4096], at[4096];
	size_t steps = 0;
	struct plan_item item;

	desk->served = served;
	pace_init(&pace, 2, CHOICE_AUTO);
	pace_layer(&pace, layer, desk->atlas);
	plan_look(&desk->plan, &focus);
	ok(pace_work_left(&pace, &none, &none) < 0,
		"%s: nothing is promised at first", what);
	while (pace.done < 4 * 255 && steps < LENGTH(promised)
		&& step(desk, &item) && item.layer == layer) {
		struct meter meter = { .last = 0 };
		double spent = work_on(&meter, &item, served >> item.channel
			& 1, !pace.channels[item.channel].known);

		pace_refresh(&pace, desk->atlas, item.channel);
		pace_learn(&pace, &meter);
		pace_pass(&pace, spent, spent, item.count);
		at[steps] = clock += spent;
		promised[steps++] = clock + pace_work_left(&pace, &none, &none)
			* pace_slowness(&pace);
		free(item.positions);
		total = clock;
	}
	for (size_t k = 0; k < steps; k++)
		if (at[k] > total / 5)
			worst = fmax(worst, fabs(promised[k] - total) / total);
	ok(pace.done == 4 * 255
		&& pace_work_left(&pace, &none, &none) < 1e-6,
		"%s: and at the end nothing is left", what);
	ok(worst < 0.2, "%s: between, what is promised holds: off by %.1f %%",
		what, 100 * worst);
	pace_free(&pace);
	desk_free(desk);
}

/* A layer that does not fit: of the cells that are left, as many are counted
 * on as will come. */
static void
test_reach(size_t budget, size_t channels_seen)
{
	struct desk *desk = desk_new("text_sa_step1000");
	struct session_focus focus = focus_of(desk->layers[0]);
	size_t all = focus.layer->channels * (focus.layer->length - 1);
	size_t known[64], steps = 0, here = 0;
	double promised[64], worst = 0;
	struct plan_item item;

	atlas_free(desk->atlas);
	desk->atlas = desk->known.atlas = atlas_new(budget);
	focus.channel_begin = focus.channel = 0;
	focus.channel_end = channels_seen;
	focus.position_begin = 1;
	focus.position_end = focus.layer->length;
	plan_look(&desk->plan, &focus);
	desk->plan.layer_count = 1;
	atlas_look(desk->atlas, (struct atlas_view){ focus.layer, 0,
		channels_seen, 0 });
	while (step(desk, &item)) {
		here += item.count;
		free(item.positions);
		if (steps == LENGTH(known))
			continue;
		known[steps] = here;
		promised[steps++] = plan_reach(&desk->plan, desk->atlas,
			all - here) * (double)(all - here);
	}
	for (size_t k = 0; k < steps; k++)
		worst = fmax(worst, fabs((double)known[k] + promised[k]
			- (double)here) / (double)here);
	ok(steps > 3 && worst < 0.2, "%zu bytes, %zu of 4 channels seen: %zu "
		"of %zu cells come, off by %.1f %%", budget, channels_seen,
		here, all, 100 * worst);
	desk_free(desk);
}

int
main(void)
{
	test_reach(1 << 20, 4);
	test_reach(1 << 20, 1);
	test_reach(70000, 4);
	test_reach(70000, 2);
	test_reach(30000, 4);
	test_pace(0, "blocks");
	test_pace(15, "sliding");
	test_pace(5, "both");
	return done();
}
