/*
 * The session as the screen uses it: looks move about at random while workers
 * compute, sessions close with work in flight, and what a finished session
 * knows is what hankel_spectra gives. Run under the thread sanitizer too.
 *
 * usage: test_session ANALYTIC (the program that makes dumps)
 */
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/hankel.h"
#include "core/linalg.h"
#include "core/measure.h"
#include "core/operator.h"
#include "core/operator_share.h"
#include "core/session.h"
#include "core/util.h"
#include "tests/tap.h"

static struct session *
open_session(char *path, size_t memory)
{
	struct session *session = NULL;
	struct session_options options = { .threads = 3, .memory = memory };

	if (session_open(&session, &path, 1, options) != STATUS_OK) {
		ok(false, "open %s: %s", path, status_text());
		exit(1);
	}
	return session;
}

static struct layer *
first_layer(struct session *session)
{
	struct layer *layer = &session_dump(session, 0)->layers[0];

	if (layer_resolve(layer) != STATUS_OK) {
		ok(false, "resolve: %s", layer->error);
		exit(1);
	}
	return layer;
}

static struct session_focus
whole_layer(struct layer *layer)
{
	return (struct session_focus){
		.layer = layer, .channel_end = layer->channels,
		.position_begin = 1, .position_end = layer->length,
		.channel = layer->channels / 2, .position = layer->length / 2,
	};
}

static void
wait_a_little(struct session *session, int milliseconds)
{
	struct pollfd ready = { .fd = session_fd(session), .events = POLLIN };

	poll(&ready, 1, milliseconds);
	session_collect(session);
}

/* All positions in one request, which gives the bits that jobs for some of
 * them gave. */
static bool
same_cells(struct session *session, struct layer *layer, size_t channel,
	struct workspace *work)
{
	size_t *positions = xcalloc(layer->length, sizeof *positions);
	struct hankel_request request = { .positions = positions };
	struct spectra *want = NULL;
	struct operator *op = NULL;
	bool same = operator_open(&op, layer, channel) == STATUS_OK;

	request.op = op;
	for (size_t i = 1; i < layer->length; i++)
		positions[request.count++] = i;
	same = same && hankel_spectra(&want, work, &request) == STATUS_OK;
	for (size_t k = 0; k < request.count && same; k++) {
		const struct spectrum *item = &want->items[k];
		struct spectrum have;

		same = session_spectrum(&have, session, layer, channel, k + 1)
			&& have.count == item->count
			&& !memcmp(have.values, item->values,
				have.count * sizeof *have.values)
			&& have.entropy == item->entropy;
	}
	spectra_free(want);
	operator_close(op);
	free(positions);
	return same;
}

static void
test_completes(char *path, const char *what)
{
	struct session *session = open_session(path, 0);
	struct layer *layer = first_layer(session);
	struct session_focus focus = whole_layer(layer);
	struct workspace *work = workspace_new();
	bool same = true;
	int turns = 0;

	session_look(session, &focus);
	while (session_progress(session).busy && turns++ < 20000)
		wait_a_little(session, 50);
	ok(session_progress(session).done == session_progress(session).wanted,
		"%s: every cell is computed", what);
	for (size_t c = 0; c < layer->channels; c++)
		same &= same_cells(session, layer, c, work);
	ok(same, "%s: with the bits hankel_spectra gives", what);
	session_collect(session);
	ok(!session_progress(session).busy, "%s: and then all is quiet", what);
	workspace_free(work);
	session_close(session);
}

static struct session *
open_cached(char *path, const char *folder, size_t limit)
{
	struct session *session = NULL;
	struct session_options options = { .threads = 3, .cache = folder,
		.cache_size = limit };

	if (session_open(&session, &path, 1, options) != STATUS_OK) {
		ok(false, "open %s: %s", path, status_text());
		exit(1);
	}
	return session;
}

/* Until all of the first layer is known and on disk; returns the progress. */
static struct session_progress
complete(struct session *session)
{
	struct session_focus focus = whole_layer(first_layer(session));
	int turns = 0;

	session_look(session, &focus);
	while (session_progress(session).busy && turns++ < 20000)
		wait_a_little(session, 50);
	return session_progress(session);
}

static bool
same_layer(struct session *session, struct workspace *work)
{
	struct layer *layer = first_layer(session);
	bool same = true;

	for (size_t c = 0; c < layer->channels; c++)
		same &= same_cells(session, layer, c, work);
	return same;
}

/* A second session over the same dump computes nothing. */
/* Stopped in the middle it rests and keeps what it has; the same focus changes
 * nothing, another goes on. */
static void
test_stops(char *path)
{
	struct session *session = open_session(path, 0);
	struct session_focus focus = whole_layer(first_layer(session));
	struct workspace *work = workspace_new();
	struct session_progress progress;
	size_t done;

	session_look(session, &focus);
	while (session_progress(session).done < 8)
		wait_a_little(session, 1);
	session_stop(session);
	while (session_progress(session).busy)
		wait_a_little(session, 50);
	progress = session_progress(session);
	done = progress.done;
	ok(progress.stopped && done >= 8 && done < progress.wanted,
		"stopped at %zu of %zu cells", done, progress.wanted);
	session_look(session, &focus);
	wait_a_little(session, 20);
	progress = session_progress(session);
	ok(progress.stopped && !progress.busy && progress.done == done,
		"and rests there");
	focus.position++;
	session_look(session, &focus);
	ok(!session_progress(session).stopped, "another focus goes on");
	while (session_progress(session).busy)
		wait_a_little(session, 50);
	progress = session_progress(session);
	ok(progress.done == progress.wanted && same_cells(session, focus.layer,
		0, work), "to the end, with the same bits");
	session_stop(session);
	ok(!session_progress(session).stopped, "at rest nothing is stopped");
	workspace_free(work);
	session_close(session);
}

static void
test_recalls(char *path)
{
	char folder[] = "test_session_cache_XXXXXX", *line;
	struct workspace *work = workspace_new();
	struct session *session;
	struct session_progress first, second;

	if (!mkdtemp(folder))
		exit(1);
	session = open_cached(path, folder, (size_t)64 << 20);
	first = complete(session);
	session_close(session);
	ok(first.computed >= first.wanted && first.recalled == 0,
		"first all %zu cells are computed", first.computed);
	session = open_cached(path, folder, (size_t)64 << 20);
	second = complete(session);
	ok(second.computed == 0 && second.done == second.wanted
		&& second.recalled == first.computed,
		"and the second time none, %zu are on disk", second.recalled);
	ok(same_layer(session, work), "bit for bit");
	session_close(session);
	line = xasprintf("for f in %s/*; do : >$f; done", folder);
	ok(system(line) == 0, "files cut off");
	session = open_cached(path, folder, (size_t)64 << 20);
	second = complete(session);
	ok(second.computed == first.computed && second.recalled == 0
		&& same_layer(session, work),
		"are computed again");
	session_close(session);
	session = open_cached(path, folder, (size_t)64 << 20);
	second = complete(session);
	ok(second.computed == 0, "and replaced");
	session_close(session);
	free(line);
	line = xasprintf("rm -r %s", folder);
	ok(system(line) == 0, "the folder can go");
	free(line);
	workspace_free(work);
}

/* Windows and cursors at random; closing at any moment. */
static void
run_about(struct session *session)
{
	struct layer *layer = first_layer(session);
	int moves = (int)(random() % 30);

	for (int k = 0; k < moves; k++) {
		struct session_focus focus = whole_layer(layer);

		focus.channel = (size_t)random() % layer->channels;
		focus.position = 1 + (size_t)random() % (layer->length - 1);
		focus.channel_begin = focus.channel;
		focus.position_end = focus.position + 1;
		session_look(session, &focus);
		wait_a_little(session, (int)(random() % 3));
	}
	session_close(session);
}

static void
test_restless(char *path, size_t memory)
{
	for (int round = 0; round < 20; round++)
		run_about(open_session(path, memory));
	ok(true, "20 sessions of %zu bytes closed at random", memory);
}

/* Two at a time over one small directory. */
static void
test_restless_on_disk(char *path)
{
	char folder[] = "test_session_cache_XXXXXX", *line;

	if (!mkdtemp(folder))
		exit(1);
	for (int round = 0; round < 4; round++) {
		struct session *other = open_cached(path, folder, 500000);

		complete(other);
		run_about(open_cached(path, folder, 500000));
		run_about(other);
	}
	line = xasprintf("rm -r %s", folder);
	ok(system(line) == 0, "8 sessions with a full cache");
	free(line);
}

/* Does it come to rest, and know the cursor's cell then? */
static bool
rests_with(struct session *session, struct layer *layer, size_t channel,
	size_t position)
{
	struct session_focus focus = whole_layer(layer);
	struct spectrum cell;
	int turns = 0;

	focus.channel = channel;
	focus.position = position;
	session_look(session, &focus);
	while (session_progress(session).busy && turns++ < 2000)
		wait_a_little(session, 50);
	return !session_progress(session).busy && session_spectrum(&cell,
		session, layer, channel, position);
}

/* All is on the screen, and does not fit: nothing goes round in circles, and
 * the cursor's cell is there wherever the cursor goes. */
static void
test_crowded(char *path, size_t memory)
{
	struct session *session = open_session(path, memory);
	struct layer *layer = first_layer(session);
	size_t last = layer->channels - 1, L = layer->length;
	size_t cursors[][2] = { { last / 2, L / 2 }, { last / 2, 3 },
		{ 0, L / 3 }, { last, L - 1 }, { last, 1 }, { 1, L / 2 },
		{ last / 2, L / 2 }, { last / 3, L / 5 } };
	size_t known = 0, most = 0, first = 0;

	for (size_t k = 0; k < LENGTH(cursors); k++) {
		size_t before = session_progress(session).computed;

		known += rests_with(session, layer, cursors[k][0],
			cursors[k][1]);
		if (k == 0)
			first = session_progress(session).computed;
		else
			most = size_max(most, session_progress(session)
				.computed - before);
	}
	ok(first < session_progress(session).wanted,
		"%zu bytes are too few for the window", memory);
	ok(known == LENGTH(cursors), "it rests with the cursor's cell at %zu "
		"of %zu cursors", known, LENGTH(cursors));
	ok(most <= first / 2 + 8, "a move of the cursor does not start all "
		"over: %zu cells after %zu", most, first);
	session_close(session);
}

static char *
make_dump(const char *analytic, const char *kind, const char *arguments)
{
	char *path = xasprintf("test_session_%s_%d.npz", kind, (int)getpid());
	char *line = xasprintf("'%s' %s %s -o %s", analytic, kind, arguments,
		path);

	if (system(line) != 0) {
		ok(false, "%s", line);
		exit(1);
	}
	free(line);
	return path;
}

/* A kind that is opened as slowly as the test wants. */
static sem_t begun, enough;

static enum status
open_slowly(struct operator *op)
{
	(void)op;
	sem_post(&begun);
	sem_wait(&enough);
	return STATUS_OK;
}

static void *
open_it(void *payload)
{
	const struct operator *op = NULL;

	operator_share_open(&op, payload);
	return op ? payload : NULL;
}

/* The session's thread joins and leaves while a worker opens: else this hangs,
 * and the alarm ends it. */
static void
test_shares(char *path)
{
	struct session *session = open_session(path, 0);
	struct layer *layer = first_layer(session);
	struct operator_kind slow = *layer->kind;
	struct operator_share *share;
	pthread_t worker;
	void *opened = NULL;

	slow.open = open_slowly;
	slow.close = NULL;
	layer->kind = &slow;
	sem_init(&begun, 0, 0);
	sem_init(&enough, 0, 0);
	share = operator_share_new(layer, 0);
	operator_share_join(share);
	alarm(60);
	pthread_create(&worker, NULL, open_it, share);
	sem_wait(&begun);
	operator_share_join(share);
	operator_share_leave(share);
	alarm(0);
	sem_post(&enough);
	pthread_join(worker, &opened);
	ok(opened == share, "joined and left while it is opened");
	operator_share_leave(share);
	operator_share_unref(share);
	session_close(session);
}

int
main(void)
{
	const char *build = getenv("builddir");
	char *analytic = xasprintf("%s/samples/analytic", build ? build : ".");
	char *state, *dense;

	srandom(1);
	state = make_dump(analytic, "recurrence", "-L 150 -n 5 --channels 9");
	dense = make_dump(analytic, "softmax", "-L 60 -n 4 --channels 3");
	test_completes(state, "recurrence");
	test_completes(dense, "softmax");
	test_shares(dense);
	test_restless(state, 0);
	test_restless(dense, 20000);
	unlink(dense);
	free(dense);
	dense = make_dump(analytic, "softmax", "-L 300 -n 9 --channels 5");
	unlink(state);
	free(state);
	state = make_dump(analytic, "recurrence", "-L 400 -n 8 --channels 60");
	for (size_t memory = 16000; memory <= 512000; memory *= 4) {
		test_crowded(state, memory);
		test_crowded(dense, memory);
	}
	test_recalls(dense);
	test_restless_on_disk(dense);
	unlink(dense);
	free(dense);
	dense = make_dump(analytic, "softmax", "-L 500 -n 200 --channels 3");
	test_stops(dense);
	unlink(state);
	unlink(dense);
	free(state);
	free(dense);
	free(analytic);
	return done();
}
