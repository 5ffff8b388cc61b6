/*
 * The sliding factor against LAPACK on every H_i: values within the bound they
 * carry, whatever T does to it, and the same bits whatever is asked for.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/hankel.h"
#include "core/linalg.h"
#include "core/util.h"
#include "tests/core/doubles.h"
#include "tests/tap.h"

struct made {
	struct operator op;
	struct layer layer;
	_Atomic(struct operator_memo *) memo;
	double *t;
};

static void
row(const struct operator *op, size_t i, double *out)
{
	const struct made *made = (const struct made *)op;

	memcpy(out, made->t + i * op->length, (i + 1) * sizeof *out);
}

static void
span(const struct operator *op, size_t i, size_t first, size_t count,
	double *out)
{
	const struct made *made = (const struct made *)op;

	memcpy(out, made->t + i * op->length + first, count * sizeof *out);
}

static const struct operator_kind kinds[] = {
	{ .name = "made", .row = row },
	{ .name = "made", .row = row, .span = span },
};

static struct made *
make(size_t L)
{
	static unsigned long serial;
	struct made *made = xcalloc(1, sizeof *made);

	serial++;
	made->layer = (struct layer){ .serial = serial,
		.kind = &kinds[serial % 2], .length = L, .channels = 1,
		.resolved = true, .tss_rule = TSS_RANK };
	made->op = (struct operator){ .kind = made->layer.kind,
		.layer = &made->layer, .length = L, .memo = &made->memo };
	made->t = xcalloc(L * L, sizeof *made->t);
	return made;
}

static void
unmake(struct made *made)
{
	struct operator_memo *memo = atomic_load(&made->memo);

	if (memo)
		memo->free(memo);
	free(made->t);
	free(made);
}

/* A recurrence of n states that decay at different speeds. */
static struct made *
recurrence(size_t L, size_t n)
{
	struct made *made = make(L);
	double *c = xcalloc(n, sizeof *c), *h = xcalloc(L * n, sizeof *h);

	for (size_t i = 0; i < L; i++) {
		for (size_t k = 0; k < n; k++) {
			double a = exp(-exp(2 * uniform() - 4));

			c[k] = uniform();
			for (size_t j = 0; j < i; j++)
				h[j * n + k] *= a;
			h[i * n + k] = uniform();
		}
		for (size_t j = 0; j <= i; j++)
			for (size_t k = 0; k < n; k++)
				made->t[i * L + j] += c[k] * h[j * n + k];
	}
	free(c);
	free(h);
	return made;
}

static struct made *
smooth(size_t L)
{
	struct made *made = make(L);

	for (size_t i = 0; i < L; i++)
		for (size_t j = 0; j <= i; j++)
			made->t[i * L + j] = 1 / (1 + (double)(i - j));
	return made;
}

static void
scale_rows(struct made *made, size_t begin, size_t end, double factor)
{
	size_t L = made->op.length;

	for (size_t i = begin; i < end; i++)
		for (size_t j = 0; j <= i; j++)
			made->t[i * L + j] *= factor;
}

static void
scale_columns(struct made *made, size_t begin, size_t end, double factor)
{
	size_t L = made->op.length;

	for (size_t i = 0; i < L; i++)
		for (size_t j = begin; j < end && j <= i; j++)
			made->t[i * L + j] *= factor;
}

static void
round_to_f32(struct made *made)
{
	size_t L = made->op.length;

	for (size_t k = 0; k < L * L; k++)
		made->t[k] = (double)(float)made->t[k];
	made->op.noise = 0x1p-24;
}

static struct spectra *
spectra_of(struct workspace *work, const struct made *made, size_t first,
	size_t step, int choice)
{
	size_t L = made->op.length, count = 0;
	size_t *positions = xcalloc(L, sizeof *positions);
	struct spectra *spectra = NULL;

	for (size_t i = first; i < L; i += step)
		positions[count++] = i;
	if (hankel_spectra(&spectra, work, &(struct hankel_request){
	    .op = &made->op, .positions = positions, .count = count,
	    .choice = choice }) != STATUS_OK)
		printf("# %s\n", status_text());
	free(positions);
	return spectra;
}

/* How far a spectrum is from what it says of itself: at most 1 is right. */
struct excess {
	double error, unlisted, tail, entropy;
	double relative;        /* largest error over s1 */
	size_t slid;            /* positions by the sliding factor */
};

static double
over(double value, double bound, double unit)
{
	return value <= 1e-14 * unit ? 0 : value / (bound + 1e-14 * unit);
}

static void
compare(struct excess *worst, const struct spectrum *s,
	const struct spectrum *exact)
{
	double most = exact->values[0], tail = 0;

	worst->slid += s->method == METHOD_SLIDING;
	for (size_t k = 0; k < exact->count; k++) {
		double off = fabs(exact->values[k]
			- (k < s->count ? s->values[k] : 0));

		if (k < s->count)
			worst->error = fmax(worst->error, over(off, s->error,
				most));
		else
			worst->unlisted = fmax(worst->unlisted, over(off,
				s->floor, most));
		if (k >= s->count)
			tail += exact->values[k];
		if (most > 0)
			worst->relative = fmax(worst->relative, off / most);
	}
	/* LAPACK's own rounding adds up in a tail. */
	worst->tail = fmax(worst->tail, over(tail, s->tail,
		(double)exact->count * most));
	worst->entropy = fmax(worst->entropy,
		fabs(s->entropy - exact->entropy)
		/ (s->entropy_error + exact->entropy_error + 1e-13));
}

static void
check_choice(struct workspace *work, const struct made *made, int choice,
	size_t least_slid, const char *name)
{
	struct spectra *exact = spectra_of(work, made, 1, 1, CHOICE_ONLY
		+ METHOD_DIRECT);
	struct spectra *found = spectra_of(work, made, 1, 1, choice);
	struct excess worst = { 0 };
	bool ascending = found && found->count == exact->count;

	for (size_t k = 0; ascending && k < found->count; k++) {
		ascending = found->items[k].position
			== exact->items[k].position;
		compare(&worst, &found->items[k], &exact->items[k]);
	}
	ok(ascending, "%s: every position, in order", name);
	ok(worst.error <= 1 && worst.unlisted <= 1 && worst.tail <= 1
		&& worst.entropy <= 1, "%s: within its bounds (values %.2g, "
		"unlisted %.2g, tail %.2g, entropy %.2g of them)", name,
		worst.error, worst.unlisted, worst.tail, worst.entropy);
	if (choice == CHOICE_AUTO)
		ok(worst.relative <= 1e-7, "%s: within %.2g s1", name,
			worst.relative);
	ok(worst.slid >= least_slid, "%s: %zu of %zu positions slid", name,
		worst.slid, exact->count);
	spectra_free(exact);
	spectra_free(found);
}

static void
check(struct workspace *work, struct made *made, size_t least_slid,
	const char *name)
{
	char *forced = xasprintf("%s, forced", name);

	check_choice(work, made, CHOICE_AUTO, least_slid, name);
	check_choice(work, made, CHOICE_ONLY + METHOD_SLIDING,
		made->op.length - 1, forced);
	free(forced);
	unmake(made);
}

static void
test_low_rank(struct workspace *work)
{
	struct made *made;

	check(work, recurrence(256, 1), 250, "rank 1");
	check(work, recurrence(300, 5), 290, "rank 5");
	check(work, smooth(320), 310, "1/(1 + i - j)");
	made = recurrence(256, 8);
	round_to_f32(made);
	check(work, made, 250, "rank 8 in f32");
	made = recurrence(256, 40);
	round_to_f32(made);
	check(work, made, 0, "rank 40 in f32");
	made = smooth(320);
	round_to_f32(made);
	check(work, made, 300, "1/(1 + i - j) in f32");
	made = recurrence(200, 12);
	scale_rows(made, 0, 200, 1e-30);
	round_to_f32(made);
	check(work, made, 190, "rank 12 times 1e-30, f32");
}

/* Read and write gates that open and close by many powers of ten. */
static void
test_gates(struct workspace *work)
{
	static const double factors[] = { 1e-4, 1e-8, 1e-12, 1e4, 1e12 };

	for (size_t k = 0; k < LENGTH(factors); k++) {
		struct made *made = recurrence(256, 6);
		char name[80];

		scale_rows(made, 130, 256, factors[k]);
		snprintf(name, sizeof name, "reads times %g from 130 on",
			factors[k]);
		check(work, made, 200, name);
		made = recurrence(256, 6);
		scale_columns(made, 70, 256, factors[k]);
		round_to_f32(made);
		snprintf(name, sizeof name, "writes times %g from 70 on, f32",
			factors[k]);
		check(work, made, 200, name);
	}
}

/* Rank 2, and noise between the positions from half on. */
static struct made *
jumping(size_t L)
{
	struct made *made = recurrence(L, 2);

	for (size_t i = L / 2; i < L; i++)
		for (size_t j = L / 2; j <= i; j++)
			made->t[i * L + j] += uniform();
	return made;
}

static void
test_odd(struct workspace *work)
{
	struct made *made;

	check(work, jumping(400), 100, "rank 2, then full");
	check(work, make(200), 199, "all zero");
	made = make(200);
	made->t[150 * 200 + 20] = 1e-310;
	check(work, made, 0, "all zero but for one subnormal number");
	made = recurrence(256, 4);
	scale_rows(made, 100, 180, 0);
	scale_columns(made, 40, 170, 0);
	check(work, made, 200, "stretches of zeros");
	made = recurrence(256, 4);
	for (size_t i = 140; i < 256; i++)
		memset(made->t + i * 256, 0, 140 * sizeof *made->t);
	check(work, made, 200, "a reset");
	made = make(256);
	for (size_t i = 0; i < 256; i++)
		made->t[i * 256 + i] = 1;
	check(work, made, 0, "identity");
	for (size_t L = 2; L < 20; L++)
		check(work, recurrence(L, 2), 0, "short");
	made = recurrence(200, 3);
	scale_rows(made, 0, 200, 1e-200);
	check(work, made, 190, "times 1e-200");
	made = recurrence(200, 3);
	scale_rows(made, 0, 200, 1e-310);
	check(work, made, 190, "times 1e-310");
	made = recurrence(200, 3);
	scale_rows(made, 0, 200, 1e300);
	check(work, made, 190, "times 1e300");
	made = recurrence(200, 3);
	scale_rows(made, 0, 200, 1e150);
	check(work, made, 190, "times 1e150");
	made = recurrence(200, 3);
	scale_rows(made, 100, 200, 1e-170);
	check_choice(work, made, CHOICE_AUTO, 50, "times 1e-170 from 100 on");
	check_choice(work, made, CHOICE_ONLY + METHOD_SLIDING, 199,
		"times 1e-170 from 100 on, forced");
	unmake(made);
}

static void
test_same_bits(struct workspace *work, bool rounded)
{
	struct made *made = jumping(300);
	struct spectra *all;
	bool same = true;

	if (rounded)
		round_to_f32(made);
	all = spectra_of(work, made, 1, 1, CHOICE_AUTO);
	for (size_t step = 7; step < 300; step *= 6) {
		struct spectra *some = spectra_of(work, made, 5, step,
			CHOICE_AUTO);

		for (size_t k = 0; k < some->count; k++) {
			const struct spectrum *a = &some->items[k];
			const struct spectrum *b = &all->items[a->position - 1];

			same = same && a->count == b->count
				&& a->method == b->method
				&& a->error == b->error
				&& !memcmp(a->values, b->values,
				a->count * sizeof(double));
		}
		spectra_free(some);
	}
	ok(same, "the same bits for any choice of positions%s",
		rounded ? ", in f32" : "");
	spectra_free(all);
	unmake(made);
}

static void
test_choice(struct workspace *work)
{
	struct made *made = recurrence(200, 3);
	struct spectra *exact = spectra_of(work, made, 1, 1, CHOICE_EXACT);
	size_t slid = 0;

	for (size_t k = 0; k < exact->count; k++)
		slid += exact->items[k].method == METHOD_SLIDING;
	ok(!slid, "never by sliding where only exact methods are allowed");
	ok(!spectra_of(work, made, 1, 1, CHOICE_ONLY + METHOD_STATE),
		"a method that does not serve the kind fails");
	spectra_free(exact);
	unmake(made);
}

int
main(void)
{
	struct workspace *work = workspace_new();

	linalg_start();
	srand48(4);
	test_low_rank(work);
	test_gates(work);
	test_odd(work);
	test_same_bits(work, false);
	test_same_bits(work, true);
	test_choice(work);
	workspace_free(work);
	return done();
}
