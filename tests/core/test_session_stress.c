/*
 * Sessions as restless as can be: threads, memory, layers, windows, cursors,
 * tolerances and moments to close all at random, over the samples. After
 * each a session must still come to rest with what was looked at known, and
 * certain bounds must hold. Run under the sanitizers too.
 *
 * usage: test_session_stress [ROUNDS [SEED]]; rounds print their seeds
 */
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/measure.h"
#include "core/session.h"
#include "core/util.h"
#include "tests/tap.h"

enum { ROUNDS = 12, MOVES = 60, REST_MS = 60000 };

static const char *const samples[] = {
	"mqar_gla_n16_h1_kv8", "text_hybrid_step900", "text_sa_step1000",
};

struct round {
	unsigned seed;
	struct session *session;
	struct session_focus focus;
	size_t wrong;           /* bounds that did not hold */
	size_t bounded;         /* and all of them */
	/* A cell that was not known, and what was said of it. */
	bool said;
	size_t channel, position;
	struct layer *layer;
	struct tolerance tolerance;
	struct count_bounds bounds;
};

static size_t
below(struct round *round, size_t end)
{
	return (size_t)rand_r(&round->seed) % end;
}

static bool
chance(struct round *round, size_t one_in)
{
	return below(round, one_in) == 0;
}

static void
open_some(struct round *round)
{
	const char *source = getenv("srcdir");
	char *paths[2];
	size_t count = 1 + below(round, 2);
	struct session_options options = {
		.threads = 1 + below(round, 8),
		/* Room for one channel at least: less has some cells only. */
		.memory = chance(round, 3) ? 300000 + below(round, 2000000)
			: 0,
	};

	for (size_t k = 0; k < count; k++)
		paths[k] = xasprintf("%s/samples/%s.npz", source ? source
			: ".", samples[below(round, LENGTH(samples))]);
	if (session_open(&round->session, paths, count, options)
		!= STATUS_OK) {
		ok(false, "%s: %s", paths[0], status_text());
		exit(1);
	}
	for (size_t k = 0; k < count; k++)
		free(paths[k]);
}

static void
choose_layer(struct round *round)
{
	struct session *session = round->session;
	struct dump *dump = session_dump(session, below(round,
		session_dump_count(session)));
	struct layer *layer = &dump->layers[below(round, dump->layer_count)];

	if (layer_resolve(layer) != STATUS_OK) {
		ok(false, "resolve: %s", layer->error);
		exit(1);
	}
	round->focus = (struct session_focus){
		.layer = layer,
		.channel_end = layer->channels,
		.position_begin = 1,
		.position_end = layer->length,
		.position = 1,
		.counts = chance(round, 2),
		.tolerance = { TOLERANCE_RELATIVE, 1e-3 },
	};
}

static void
choose_window(struct round *round)
{
	struct session_focus *focus = &round->focus;
	size_t L = focus->layer->length, a = 1 + below(round, L - 1);
	size_t b = 1 + below(round, L - 1);

	focus->position_begin = size_min(a, b);
	focus->position_end = size_max(a, b) + 1;
	a = below(round, focus->layer->channels);
	b = below(round, focus->layer->channels);
	focus->channel_begin = size_min(a, b);
	focus->channel_end = size_max(a, b) + 1;
}

static void
choose_tolerance(struct round *round)
{
	static const double values[] = { 0, 1e-9, 1e-3, 0.02, 0.5, 2 };

	round->focus.counts = !chance(round, 4);
	round->focus.tolerance = (struct tolerance){ chance(round, 2)
		? TOLERANCE_ABSOLUTE : TOLERANCE_RELATIVE,
		values[below(round, LENGTH(values))] };
}

static void
move(struct round *round)
{
	struct session_focus *focus = &round->focus;

	if (chance(round, 6))
		choose_layer(round);
	if (chance(round, 4))
		choose_window(round);
	if (chance(round, 4))
		choose_tolerance(round);
	focus->channel = focus->channel_begin + below(round,
		focus->channel_end - focus->channel_begin);
	focus->position = focus->position_begin + below(round,
		focus->position_end - focus->position_begin);
	session_look(round->session, focus);
}

/* Notes what is said of a cell not known, and checks what was once it is. */
static void
check_bounds(struct round *round)
{
	struct gap gap = { 0 };
	struct spectrum truth;

	if (round->said && session_spectrum(&truth, round->session,
		round->layer, round->channel, round->position)) {
		size_t count = ess_tolerance(&truth, round->tolerance);

		round->bounded++;
		round->wrong += count < round->bounds.low
			|| count > round->bounds.high;
		round->said = false;
	}
	if (round->said && !chance(round, 4))
		return;
	round->said = false;
	round->layer = round->focus.layer;
	round->channel = below(round, round->layer->channels);
	round->position = 1 + below(round, round->layer->length - 1);
	round->tolerance = round->focus.tolerance;
	if (session_spectrum(&truth, round->session, round->layer,
		round->channel, round->position))
		return;
	session_neighbours(round->session, &gap, round->layer,
		round->channel, round->position);
	round->bounds = interlacing_count(&gap.known, round->position,
		round->tolerance);
	round->said = true;
}

static void
wait_a_little(struct session *session, int milliseconds)
{
	struct pollfd ready = { .fd = session_fd(session), .events = POLLIN };

	poll(&ready, 1, milliseconds);
	session_collect(session);
}

/* Every visible cell is there in the end: where the pipe is silent for long
 * while work is wanted, a wake-up was lost. */
static bool
comes_to_rest(struct round *round)
{
	const struct session_focus *focus = &round->focus;
	struct pollfd ready = { .fd = session_fd(round->session),
		.events = POLLIN };
	struct spectrum spectrum;
	bool all = true;

	while (session_progress(round->session).busy) {
		if (poll(&ready, 1, REST_MS) == 0)
			return false;
		session_collect(round->session);
	}
	for (size_t c = focus->channel_begin; c < focus->channel_end; c++)
		for (size_t p = focus->position_begin; p < focus->position_end;
			p++)
			all &= session_spectrum(&spectrum, round->session,
				focus->layer, c, p);
	return all;
}

/* A corner small enough to be computed under any sanitizer and to stay in
 * the smallest atlas; without the other layers it is not known when a session
 * with room for them is at rest, so these are closed at work. */
static bool
rests(struct round *round)
{
	struct session_focus *focus = &round->focus;

	focus->channel_begin = focus->channel;
	focus->channel_end = focus->channel + 1;
	focus->position_begin = size_max(1, focus->position
		- size_min(focus->position, 3));
	focus->position_end = focus->position + 1;
	session_look(round->session, focus);
	for (int turn = 0; turn < REST_MS / 20; turn++) {
		struct spectrum spectrum;
		bool all = true;

		for (size_t p = focus->position_begin; p < focus->position_end;
			p++)
			all &= session_spectrum(&spectrum, round->session,
				focus->layer, focus->channel, p);
		if (all)
			return true;
		wait_a_little(round->session, 20);
	}
	return false;
}

static void
play(unsigned seed)
{
	struct round round = { .seed = seed };
	size_t moves = below(&round, MOVES);
	bool rested = true;

	open_some(&round);
	choose_layer(&round);
	for (size_t k = 0; k < moves; k++) {
		move(&round);
		if (chance(&round, 3))
			wait_a_little(round.session, (int)below(&round, 12));
		check_bounds(&round);
	}
	if (moves && chance(&round, 2))
		rested = rests(&round);
	session_close(round.session);
	ok(rested && !round.wrong, "seed %u: %zu moves, %zu bounds checked, "
		"%zu wrong%s", seed, moves, round.bounded, round.wrong,
		rested ? "" : ", never came to rest");
}

/* The smallest sample computed whole, with a layer left and entered again. */
static void
test_whole(unsigned seed)
{
	struct round round = { .seed = seed };
	const char *source = getenv("srcdir");
	char *path = xasprintf("%s/samples/%s.npz", source ? source : ".",
		samples[0]);

	if (session_open(&round.session, &path, 1, (struct session_options){
		.threads = 3 }) != STATUS_OK) {
		ok(false, "%s", status_text());
		exit(1);
	}
	for (int turn = 0; turn < 20; turn++) {
		choose_layer(&round);
		session_look(round.session, &round.focus);
		wait_a_little(round.session, 1);
	}
	ok(comes_to_rest(&round) && session_progress(round.session).done
		== session_progress(round.session).wanted,
		"seed %u: at rest, with nothing missing", seed);
	session_close(round.session);
	free(path);
}

int
main(int argc, char **argv)
{
	int rounds = argc > 1 ? atoi(argv[1]) : ROUNDS;
	unsigned seed = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10)
		: (unsigned)time(NULL);

	test_whole(seed);
	for (int k = 0; k < rounds; k++)
		play(seed + (unsigned)k);
	return done();
}
