/*
 * Pictures of T: every group holds what the operator's own rows say, whether
 * made in one go, a turn at a time, or by a session's workers.
 */
#include "core/pooled.h"

#include <math.h>
#include <poll.h>
#include <stdlib.h>

#include "core/linalg.h"
#include "core/session.h"
#include "core/util.h"
#include "tests/tap.h"

static struct session *
open_sample(const char *name)
{
	const char *srcdir = getenv("srcdir");
	char *path = xasprintf("%s/samples/%s", srcdir ? srcdir : ".", name);
	struct session *session = NULL;

	if (session_open(&session, &path, 1, (struct session_options){
		.threads = 2 }) != STATUS_OK) {
		printf("Bail out! %s\n", status_text());
		exit(1);
	}
	free(path);
	return session;
}

/* Group (g, h) from whole rows of T, by definition. */
static struct pooled_group
expected(const struct operator *op, const struct pooled_request *request,
	size_t g, size_t h)
{
	const struct operator_area *area = &request->area;
	double *row = xcalloc(op->length, sizeof *row);
	struct pooled_group want = { .min = INFINITY, .max = -1 };

	for (size_t i = area->row + g * area->rows / request->rows;
		i < area->row + (g + 1) * area->rows / request->rows; i++) {
		op->kind->row(op, i, row);
		for (size_t j = area->column + h * area->columns
			/ request->columns; j <= i && j < area->column
			+ (h + 1) * area->columns / request->columns; j++) {
			if (fabs(row[j]) > want.max)
				want.extreme = row[j];
			want.max = fmax(want.max, fabs(row[j]));
			want.min = fmin(want.min, fabs(row[j]));
			want.sum += fabs(row[j]);
			want.count++;
		}
	}
	free(row);
	return want;
}

static bool
group_is(const struct pooled_group *got, const struct pooled_group *want)
{
	if (!want->count)
		return got->count == 0;
	return got->count == want->count && got->max == want->max
		&& got->min == want->min && got->extreme == want->extreme
		&& fabs(got->sum - want->sum) <= 1e-12 * want->sum;
}

static bool
is_right(const struct pooled *pooled, const struct operator *op)
{
	const struct pooled_request *request = &pooled->request;
	size_t empty = 0;

	if (pooled->left || pooled->bad)
		return false;
	for (size_t g = 0; g < request->rows; g++)
		for (size_t h = 0; h < request->columns; h++) {
			struct pooled_group want = expected(op, request, g, h);

			if (!group_is(&pooled->groups[g * request->columns
				+ h], &want))
				return false;
			empty += want.count == 0;
		}
	/* Something above the diagonal was among it. */
	return empty > 0 || request->area.row > request->area.column;
}

static bool
entries_right(const struct pooled *pooled, const struct operator *op)
{
	const struct operator_area *area = &pooled->request.area;
	double *row = xcalloc(op->length, sizeof *row);
	bool right = pooled->entries != NULL;

	for (size_t i = area->row; right && i < area->row + area->rows; i++) {
		op->kind->row(op, i, row);
		for (size_t j = area->column; j < area->column + area->columns;
			j++)
			right &= pooled->entries[(i - area->row)
				* area->columns + j - area->column]
				== (j <= i ? row[j] : 0);
	}
	free(row);
	return right;
}

static void
test_turns(const struct layer *layer, struct pooled_request request,
	struct workspace *work)
{
	struct operator *op;
	struct pooled *whole, *turns, *copy;
	atomic_bool cancel = false;
	size_t count = 0;

	request.layer = layer;
	if (operator_open(&op, layer, request.channel) != STATUS_OK
	    || pooled_new(&whole, &request) != STATUS_OK
	    || pooled_new(&turns, &request) != STATUS_OK) {
		ok(false, "%s", status_text());
		exit(1);
	}
	ok(pooled_work(whole, op, work, &cancel, 1e9) == STATUS_OK
		&& is_right(whole, op), "%s: %zu x %zu groups of T[%zu:, %zu:]",
		layer->kind->name, request.rows, request.columns,
		request.area.row, request.area.column);
	ok(entries_right(whole, op), "and its entries");
	while (turns->left && count++ <= request.rows)
		pooled_work(turns, op, work, &cancel, 0);
	ok(count == request.rows && is_right(turns, op),
		"the same a row of groups at a time, %zu turns", count);
	ok(pooled_copy(&copy, turns) == STATUS_OK && is_right(copy, op)
		&& !copy->entries, "a copy of what there is");
	pooled_free(copy);
	pooled_free(turns);
	ok(pooled_new(&turns, &request) == STATUS_OK, "and again");
	atomic_store(&cancel, true);
	ok(pooled_work(turns, op, work, &cancel, 1e9) == STATUS_CANCELLED
		&& turns->left == request.rows, "cancelled: nothing of it");
	pooled_free(turns);
	pooled_free(whole);
	operator_close(op);
}

static const struct pooled *
wait_for(struct session *session, enum session_picture which,
	const struct pooled_request *request)
{
	struct pollfd fd = { session_fd(session), POLLIN, 0 };
	const struct pooled *got;

	session_look_picture(session, which, request);
	while (!(got = session_picture(session, which)) || got->left) {
		poll(&fd, 1, 100);
		session_collect(session);
	}
	return got;
}

/* Looks move about; what is asked for last is what comes. */
static void
test_session(struct session *session, struct layer *layer)
{
	size_t length = layer->length;
	struct pooled_request request = { layer, 0, { 0, length, 0, length },
		30, 40 };
	const struct pooled *got;
	struct operator *op;
	size_t right = 0;

	for (size_t n = 0; n < 12; n++) {
		request.channel = n % layer->channels;
		request.area.column = n % 3 * 10;
		request.area.columns = length - request.area.column;
		session_look_picture(session, SESSION_BLOCK, &request);
		if (n % 4 == 1)
			session_collect(session);
		if (n % 4 != 3 || operator_open(&op, layer, request.channel))
			continue;
		got = wait_for(session, SESSION_BLOCK, &request);
		right += pooled_same(&got->request, &request)
			&& is_right(got, op);
		operator_close(op);
	}
	ok(right == 3, "the last one looked at, through workers");
	session_look_picture(session, SESSION_BLOCK, NULL);
	ok(!session_picture(session, SESSION_BLOCK), "looked away");
	session_look_picture(session, SESSION_BLOCK, &request);
	ok(session_picture(session, SESSION_BLOCK)
		&& !session_picture(session, SESSION_BLOCK)->left,
		"and back: it was kept");
	request.channel = layer->channels;
	got = wait_for(session, SESSION_ROW, &(struct pooled_request){ layer, 1,
		{ length - 1, 1, 0, length }, 1, 8 });
	ok(got->entries && got->groups[7].count == length / 8,
		"a row by itself");
	/* Closed with work in flight. */
	request.channel = 0;
	request.rows = length;
	session_look_picture(session, SESSION_BLOCK, &request);
}

int
main(void)
{
	struct session *session = open_sample("text_hybrid_step900.npz");
	struct dump *dump = session_dump(session, 0);
	struct workspace *work = workspace_new();

	for (size_t k = 0; k < 2; k++) {
		layer_resolve(&dump->layers[k]);
		test_turns(&dump->layers[k], (struct pooled_request){
			.channel = 1, .area = { 0, 256, 0, 256 },
			.rows = 23, .columns = 60 }, work);
		test_turns(&dump->layers[k], (struct pooled_request){
			.channel = 2, .area = { 90, 32, 80, 32 },
			.rows = 32, .columns = 32 }, work);
	}
	test_session(session, &dump->layers[1]);
	workspace_free(work);
	session_close(session);
	return done();
}
