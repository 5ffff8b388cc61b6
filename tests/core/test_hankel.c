/*
 * Spectra of operators whose singular values are known in closed form, and
 * properties that hold for any: each tolerance is a multiple of epsilon.
 */
#include <dirent.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/hankel.h"
#include "core/linalg.h"
#include "core/measure.h"
#include "core/util.h"
#include "tests/core/doubles.h"
#include "tests/tap.h"

static const double eps = DBL_EPSILON;

/* An operator straight from arrays: T, or a, b, c of a recurrence. */
struct made {
	struct operator op;
	double *t;
	double *a, *b, *c, *p, *q;
};

static void
made_row(const struct operator *op, size_t i, double *out)
{
	const struct made *made = (const struct made *)op;

	memcpy(out, made->t + i * op->length, (i + 1) * sizeof *out);
}

static void
made_step(const struct operator *op, size_t t, double *a, double *b,
	double *c)
{
	const struct made *made = (const struct made *)op;
	size_t n = op->state;

	if (a)
		memcpy(a, made->a + t * n, n * sizeof *a);
	if (b)
		memcpy(b, made->b + t * n, n * sizeof *b);
	if (c)
		memcpy(c, made->c + t * n, n * sizeof *c);
}

static void
made_rank_one(const struct operator *op, size_t t, double *p, double *q)
{
	const struct made *made = (const struct made *)op;
	size_t n = op->state;

	memcpy(p, made->p + t * n, n * sizeof *p);
	memcpy(q, made->q + t * n, n * sizeof *q);
}

static const struct operator_kind dense_kind = {
	.name = "made", .row = made_row,
};
static const struct operator_kind state_kind = {
	.name = "made", .row = operator_state_row, .step = made_step,
};

static const struct operator_kind full_kind = {
	.name = "made", .row = operator_state_row, .step = made_step,
	.rank_one = made_rank_one,
};

static double *
zeros(size_t count)
{
	return xcalloc(count, sizeof(double));
}

static void
make_layer(struct layer *layer, const struct operator_kind *kind, size_t L,
	size_t n)
{
	static unsigned long serial;

	*layer = (struct layer){ .serial = ++serial, .kind = kind, .length = L, .channels = 1,
		.resolved = true, .tss_rule = n ? TSS_STATE : TSS_RANK,
		.state_size = n };
	layer->axes['N' - 'A'] = n;
}

static struct made
make(const struct operator_kind *kind, struct layer *layer, size_t L,
	size_t n)
{
	struct made made = { .op = { .kind = kind, .layer = layer,
		.length = L, .state = n } };

	make_layer(layer, kind, L, n);
	made.t = zeros(L * L);
	made.a = zeros(L * (n + 1));
	made.b = zeros(L * (n + 1));
	made.c = zeros(L * (n + 1));
	made.p = zeros(L * (n + 1));
	made.q = zeros(L * (n + 1));
	return made;
}

static void
unmake(struct made *made)
{
	free(made->t);
	free(made->a);
	free(made->b);
	free(made->c);
	free(made->p);
	free(made->q);
}

static struct spectra *
all_spectra(struct workspace *work, const struct operator *op)
{
	size_t *positions = xcalloc(op->length, sizeof *positions);
	struct spectra *spectra = NULL;

	for (size_t k = 0; k + 1 < op->length; k++)
		positions[k] = k + 1;
	ok(hankel_spectra(&spectra, work, &(struct hankel_request){
		.op = op, .positions = positions, .count = op->length - 1,
	}) == STATUS_OK, "spectra of all %zu positions", op->length - 1);
	free(positions);
	return spectra;
}

static void
test_cumulative_sum(struct workspace *work)
{
	enum { L = 60 };
	struct layer layer;
	struct made made = make(&dense_kind, &layer, L, 0);
	struct spectra *spectra;
	double worst = 0, rest = 0;

	for (size_t i = 0; i < L; i++)
		for (size_t j = 0; j <= i; j++)
			made.t[i * L + j] = 1;
	spectra = all_spectra(work, &made.op);
	for (size_t k = 0; k < spectra->count; k++) {
		const struct spectrum *s = &spectra->items[k];
		double i = (double)s->position;

		worst = fmax(worst, fabs(s->values[0] - sqrt(i * (L - i))));
		if (s->count > 1)
			rest = fmax(rest, s->values[1]);
		if (s->count != size_min(s->position, L - s->position))
			worst = INFINITY;
	}
	ok(worst < 20 * L * eps, "cumulative sum: s1 = sqrt(i (L-i))");
	ok(rest < 20 * L * eps, "and it has rank 1");
	spectra_free(spectra);
	unmake(&made);
}

static void
test_delay(struct workspace *work)
{
	enum { L = 40, DELAY = 7 };
	struct layer layer;
	struct made made = make(&dense_kind, &layer, L, 0);
	struct spectra *spectra;
	bool right = true;

	for (size_t i = DELAY; i < L; i++)
		made.t[i * L + i - DELAY] = 1;
	spectra = all_spectra(work, &made.op);
	for (size_t k = 0; k < spectra->count; k++) {
		const struct spectrum *s = &spectra->items[k];
		size_t want = size_min(DELAY,
			size_min(s->position, L - s->position));

		right &= ess_tolerance(s, TOLERANCE_DEFAULT) == want
			&& fabs(s->entropy - (double)want) < 1e-10;
	}
	ok(right, "a delay of k holds min(k, i, L-i) values");
	spectra_free(spectra);
	unmake(&made);
}

static void
test_identity(struct workspace *work)
{
	enum { L = 9 };
	struct layer layer;
	struct made made = make(&dense_kind, &layer, L, 0);
	struct spectra *spectra;
	bool right = true;

	for (size_t i = 0; i < L; i++)
		made.t[i * L + i] = 1;
	spectra = all_spectra(work, &made.op);
	for (size_t k = 0; k < spectra->count; k++)
		right &= ess_tolerance(&spectra->items[k], TOLERANCE_DEFAULT)
			== 0 && spectra->items[k].entropy == 0;
	ok(right, "the identity remembers nothing");
	spectra_free(spectra);
	unmake(&made);
}

/* sum s^2 = |H_i|_F^2 for every H_i. */
static void
test_frobenius(struct workspace *work)
{
	enum { L = 33 };
	struct layer layer;
	struct made made = make(&dense_kind, &layer, L, 0);
	struct spectra *spectra;
	double worst = 0;

	for (size_t i = 0; i < L; i++)
		for (size_t j = 0; j <= i; j++)
			made.t[i * L + j] = uniform();
	spectra = all_spectra(work, &made.op);
	for (size_t k = 0; k < spectra->count; k++) {
		const struct spectrum *s = &spectra->items[k];
		double norm = 0, sum = 0;

		for (size_t r = s->position; r < L; r++)
			for (size_t c = 0; c < s->position; c++)
				norm += pow(made.t[r * L + c], 2);
		for (size_t v = 0; v < s->count; v++)
			sum += s->values[v] * s->values[v];
		worst = fmax(worst, fabs(sum - norm) / norm);
	}
	ok(worst < 100 * eps, "squares of the values sum to |H|^2");
	spectra_free(spectra);
	unmake(&made);
}

static void
random_recurrence(struct made *made, double slowest)
{
	size_t L = made->op.length, n = made->op.state;

	for (size_t k = 0; k < L * n; k++) {
		made->a[k] = exp(slowest * fabs(uniform()));
		made->b[k] = uniform();
		made->c[k] = uniform();
		made->p[k] = uniform() / sqrt((double)n);
		made->q[k] = uniform() / sqrt((double)n);
	}
}

/* State factors against LAPACK on the T they stand for. */
static void
test_state(struct workspace *work, const struct operator_kind *kind, size_t L,
	size_t n, bool before)
{
	struct layer layer, dense_layer;
	struct made made = make(kind, &layer, L, n);
	struct made dense = make(&dense_kind, &dense_layer, L, 0);
	struct spectra *state, *direct;
	double worst = 0, excess = 0, bound = 0;

	random_recurrence(&made, -0.7);
	made.a[(L / 2) * n] = 0;        /* a reset of one state */
	made.op.reads_before = before;
	for (size_t i = 0; i < L; i++)
		operator_state_row(&made.op, i, dense.t + i * L);
	state = all_spectra(work, &made.op);
	direct = all_spectra(work, &dense.op);
	for (size_t k = 0; k + 1 < L; k++) {
		const struct spectrum *s = &state->items[k];
		const struct spectrum *d = &direct->items[k];

		bound = fmax(bound, s->error / d->values[0]);
		for (size_t v = 0; v < d->count; v++) {
			double value = v < s->count ? s->values[v] : 0;
			double off = fabs(value - d->values[v]);

			worst = fmax(worst, off / d->values[0]);
			excess = fmax(excess, off - s->error - d->error);
		}
	}
	ok(worst < 1e-13, "L=%zu n=%zu %s%s: within %.0e of s1", L, n,
		before ? "pre" : "post", kind->rank_one ? " rank one" : "",
		worst);
	ok(excess <= 0, "and within the bound it states (%.0e s1)", bound);
	spectra_free(state);
	spectra_free(direct);
	unmake(&made);
	unmake(&dense);
}

/* Any choice of positions gives the same bits. */
static void
test_subset(struct workspace *work, const struct operator_kind *kind)
{
	enum { L = 300, N = 5 };
	static const size_t positions[] = { 1, 16, 17, 18, 150, 299 };
	struct layer layer;
	struct made made = make(kind, &layer, L, N);
	struct spectra *all, *some = NULL;
	bool same = true;

	random_recurrence(&made, -0.3);
	all = all_spectra(work, &made.op);
	ok(hankel_spectra(&some, work, &(struct hankel_request){
		.op = &made.op, .positions = positions,
		.count = LENGTH(positions),
	}) == STATUS_OK && some->count == LENGTH(positions), "a subset");
	for (size_t k = 0; k < some->count; k++) {
		const struct spectrum *s = &some->items[k];
		const struct spectrum *a = &all->items[s->position - 1];

		same &= s->position == positions[k] && s->count == a->count
			&& !memcmp(s->values, a->values,
				s->count * sizeof *s->values);
	}
	ok(same, "has the bits of the whole");
	spectra_free(all);
	spectra_free(some);
	unmake(&made);
}

/* A running sum of a million inputs: H_i is all ones, s1 = sqrt(i (L - i)). */
static void
test_long(struct workspace *work)
{
	enum { L = 1 << 20 };
	static const size_t positions[] = { 5000, L / 3, L / 2, L - 1 };
	struct layer layer;
	struct made made = { .op = { .kind = &state_kind, .layer = &layer,
		.length = L, .state = 1 } };
	struct spectra *sums = NULL;
	double excess = 0, bound = 0;

	make_layer(&layer, &state_kind, L, 1);
	made.a = made.b = made.c = zeros(L);
	for (size_t t = 0; t < L; t++)
		made.a[t] = 1;
	ok(hankel_spectra(&sums, work, &(struct hankel_request){
		.op = &made.op, .positions = positions,
		.count = LENGTH(positions),
	}) == STATUS_OK, "a million positions");
	for (size_t k = 0; k < LENGTH(positions); k++) {
		const struct spectrum *s = &sums->items[k];
		double i = (double)s->position, exact = sqrt(i * (L - i));

		bound = fmax(bound, s->error / exact);
		excess = fmax(excess, fabs(s->values[0] - exact) - s->error);
	}
	ok(excess <= 0 && bound < 1e-12,
		"steps add up within the bound (%.0e s1)", bound);
	spectra_free(sums);
	free(made.a);
}

/* A state so large that checkpoints come in more than two levels: the last
 * rows of T, which is all that these H_i hold, through LAPACK; and what was
 * walked through on the way must not matter. */
static void
test_levels(struct workspace *work)
{
	enum { L = 4700, N = 256 };
	static const size_t positions[] = { 40, 1700, L - 130, L - 7 };
	static const size_t late[] = { L - 130, L - 7 };
	struct layer layer, dense_layer;
	struct made made = make(&state_kind, &layer, L, N);
	struct made dense = { .op = { .kind = &dense_kind,
		.layer = &dense_layer, .length = L } };
	struct spectra *state = NULL, *some = NULL, *direct = NULL;
	bool same = true;
	struct hankel_request request = { .op = &made.op,
		.positions = positions, .count = LENGTH(positions) };
	double worst = 0;

	make_layer(&dense_layer, &dense_kind, L, 0);
	dense.t = zeros((size_t)L * L);
	random_recurrence(&made, -0.01);
	for (size_t i = late[0]; i < L; i++)
		operator_state_row(&made.op, i, dense.t + i * L);
	ok(hankel_spectra(&state, work, &request) == STATUS_OK, "many states");
	request.positions = late;
	request.count = LENGTH(late);
	ok(hankel_spectra(&some, work, &request) == STATUS_OK, "a few of them");
	request.op = &dense.op;
	ok(hankel_spectra(&direct, work, &request) == STATUS_OK, "and rows");
	for (size_t k = 0; k < LENGTH(late); k++) {
		const struct spectrum *s = &state->items[k + 2];
		const struct spectrum *d = &direct->items[k];

		for (size_t v = 0; v < d->count; v++)
			worst = fmax(worst, fabs(s->values[v] - d->values[v])
				/ d->values[0]);
		same &= !memcmp(s->values, some->items[k].values,
			s->count * sizeof *s->values);
	}
	ok(same, "a few have the bits of all, in any number of levels");
	ok(worst < 1e-13, "n=%d: within %.0e of s1", N, worst);
	spectra_free(state);
	spectra_free(some);
	spectra_free(direct);
	unmake(&made);
	free(dense.t);
}

static void
test_cancel(struct workspace *work)
{
	enum { L = 50 };
	static const size_t position = 25;
	struct layer layer;
	struct made made = make(&dense_kind, &layer, L, 0);
	struct spectra *none = NULL;
	atomic_bool cancel = true;

	ok(hankel_spectra(&none, work, &(struct hankel_request){
		.op = &made.op, .positions = &position, .count = 1,
		.cancel = &cancel,
	}) == STATUS_CANCELLED && !none, "a cancelled request gives nothing");
	unmake(&made);
}

/* Threads of this process; 0: the system does not say. */
static size_t
threads(void)
{
	DIR *tasks = opendir("/proc/self/task");
	const struct dirent *entry;
	size_t count = 0;

	while (tasks && (entry = readdir(tasks)))
		count += entry->d_name[0] != '.';
	if (tasks)
		closedir(tasks);
	return count;
}

/* BLAS's own threads have ended. One that was joined may still be listed for
 * a moment. */
static void
test_threads(void)
{
	const struct timespec moment = { .tv_nsec = 1000000 };
	size_t most = 1;

#if defined __SANITIZE_THREAD__
	most = 2;       /* its own */
#endif
	for (int n = 0; n < 2000 && threads() > most; n++)
		nanosleep(&moment, NULL);
	ok(threads() <= most, "BLAS keeps no thread: %zu", threads());
}

/* Of a long sequence a few positions all over it are LAPACK's, whatever else
 * is asked for; of a short one only those near the ends. */
static void
test_landmarks(void)
{
	static const size_t lengths[] = { 512, 1024, 1536, 2048, 3000, 4096 };

	for (size_t k = 0; k < LENGTH(lengths); k++) {
		size_t L = lengths[k], alone = 0, gap = 0, widest = 0;

		for (size_t i = 64; i <= L - 64; i++) {
			bool held = hankel_block_holds(L, i);

			alone += !held;
			gap = held ? gap + 1 : 0;
			widest = size_max(widest, gap);
		}
		ok(L <= 1024 ? !alone : alone >= 6 && alone < 12
			&& widest < L / 6, "L=%zu: %zu positions by themselves",
			L, alone);
	}
}

int
main(void)
{
	struct workspace *work;

	linalg_start();
	test_threads();
	srand48(1);
	work = workspace_new();
	test_cumulative_sum(work);
	test_delay(work);
	test_identity(work);
	test_frobenius(work);
	test_state(work, &state_kind, 2, 1, false);
	test_state(work, &state_kind, 50, 1, true);
	test_state(work, &state_kind, 90, 16, false);
	test_state(work, &state_kind, 90, 16, true);
	test_state(work, &state_kind, 40, 64, false);
	test_state(work, &full_kind, 30, 1, false);
	test_state(work, &full_kind, 90, 16, false);
	test_state(work, &full_kind, 90, 7, true);
	test_subset(work, &state_kind);
	test_subset(work, &full_kind);
	test_levels(work);
	test_long(work);
	test_cancel(work);
	test_landmarks();
	workspace_free(work);
	return done();
}
