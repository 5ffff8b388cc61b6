/*
 * What one lane decides between sweeps: which values have converged, and the
 * next shift. Sweeps do not look: a lane's entries beyond its last are large
 * and stand alone (e = 0), which passes through a sweep as it is.
 */
#include "core/bidiagonal.h"

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "core/lanes.h"
#include "core/util.h"

enum { GROUPS = 2 };

/* This many sweeps mean that it never ends. */
enum { SWEEPS_PER_VALUE = 30 };

/* About three sweeps a value; after twice as many, see rearrange. */
enum { IDLE_MOST = 6 };

#define LANES_BODY "core/bidiagonal_lanes.inc"
#include "core/lanes_widths.inc"

size_t
bidiagonal_lanes(void)
{
	return GROUPS * lanes_width();
}

size_t
bidiagonal_room(size_t lanes, size_t order)
{
	return 5 * (order + 1) * lanes;
}

struct bidiagonal
bidiagonal_place(double *memory, size_t lanes, size_t order)
{
	size_t count = (order + 1) * lanes;

	return (struct bidiagonal){
		.lanes = lanes, .order = order, .memory = memory, .q = memory,
		.e = memory + count, .next_q = memory + 2 * count,
		.next_e = memory + 3 * count, .values = memory + 4 * count,
	};
}

/* What a lane that stands for nothing, or nothing any more, holds: it stays
 * above all that is left whatever is taken from it. */
static double
filler(const struct bidiagonal *batch, size_t w)
{
	return 16 * (batch->largest[w] + 1);
}

/* A zero on the diagonal would be divided by; this is one beside order 1, and
 * every shift is so much less that d does not vanish. */
static const double nothing = 1e-280;

/* What may have come of nothing. */
static const double zero = 1e-270;

void
bidiagonal_set(struct bidiagonal *batch, size_t w, const double *diagonal,
	const double *super, size_t stride, size_t n)
{
	batch->orders[w] = n;
	for (size_t k = 0; k < n; k++) {
		size_t at = k * batch->lanes + w;
		double d = diagonal[k * stride];
		double e = k + 1 < n ? super[k * stride] : 0;

		batch->q[at] = fmax(d * d, nothing);
		batch->e[at] = e * e;
		batch->largest[w] = fmax(batch->largest[w],
			fmax(batch->q[at], batch->e[at]));
	}
}

/* One lane. */
struct search {
	struct bidiagonal *z;
	size_t w;
	size_t left;            /* entries not yet converged */
	double sigma, carry;    /* shifts so far, and what that sum lost */
	double shift;           /* of the next sweep */
	int failures;           /* sweeps in a row that did not hold */
	int idle;               /* sweeps since a value converged */
};

/* Entry k of the matrix. */
static double *
entry(const struct search *s, double *x, size_t k)
{
	return x + k * s->z->lanes + s->w;
}

/* The matrix upside down has the same values; small ones converge fast at its
 * end. */
static void
turn_round(const struct search *s)
{
	size_t n = s->left;

	if (*entry(s, s->z->q, 0) * 1.5 >= *entry(s, s->z->q, n - 1))
		return;
	for (size_t k = 0; k < n / 2; k++) {
		double *a = entry(s, s->z->q, k), x = *a;
		double *b = entry(s, s->z->q, n - 1 - k);

		*a = *b;
		*b = x;
	}
	for (size_t k = 0; k < (n - 1) / 2; k++) {
		double *a = entry(s, s->z->e, k), x = *a;
		double *b = entry(s, s->z->e, n - 2 - k);

		*a = *b;
		*b = x;
	}
}

static void
start(struct search *s, struct bidiagonal *z, size_t w)
{
	double large = filler(z, w);

	*s = (struct search){
		.z = z, .w = w, .left = z->orders[w],
	};
	for (size_t k = s->left; k < z->order; k++) {
		z->q[k * z->lanes + w] = large;
		z->e[k * z->lanes + w] = 0;
	}
	if (s->left)
		turn_round(s);
}

/* The last entry has converged to an eigenvalue. */
static void
converge(struct search *s, double value)
{
	size_t k = --s->left;
	double square = s->sigma + (value + s->carry);

	s->idle = 0;
	*entry(s, s->z->values, k) = square > zero ? sqrt(square) : 0;
	*entry(s, s->z->q, k) = filler(s->z, s->w);
	*entry(s, s->z->e, k) = 0;
	if (k)
		*entry(s, s->z->e, k - 1) = 0;
}

/* Both values of the last two entries (dlasq3). */
static void
converge_two(struct search *s)
{
	double a = *entry(s, s->z->q, s->left - 2), t, r;
	double b = *entry(s, s->z->q, s->left - 1);
	double e = *entry(s, s->z->e, s->left - 2);

	if (b > a) {
		t = a;
		a = b;
		b = t;
	}
	t = 0.5 * ((a - b) + e);
	if (e > 0) {
		r = t > 0 ? b * (e / t) : 0;
		if (t > 0 && r <= t)
			r = b * (e / (t * (1 + sqrt(1 + r / t))));
		else
			r = b * (e / (t + sqrt(t * t + b * e)));
		t = a + (r + e);
		b = b * (a / t);
		a = t;
	}
	converge(s, b);
	converge(s, a);
}

/* Without entry e of its square the matrix has values that differ by at most
 * eps s1 / 8: at any place. */
static double
no_coupling(const struct search *s)
{
	return DBL_EPSILON * DBL_EPSILON / 64 * s->z->largest[s->w];
}

/* Couplings that no longer count: the above, or as in dlasq3. */
static void
deflate(struct search *s)
{
	const double tiny = 1e4 * DBL_EPSILON * DBL_EPSILON;
	double none = no_coupling(s);

	while (s->left) {
		size_t n = s->left;
		double last = *entry(s, s->z->q, n - 1);

		if (n == 1 || *entry(s, s->z->e, n - 2)
			<= fmax(none, tiny * (s->sigma + last)))
			converge(s, last);
		else if (n == 2 || *entry(s, s->z->e, n - 3)
			<= fmax(none, tiny * s->sigma))
			converge_two(s);
		else
			return;
	}
}

/* Entries begin .. end - 1 go to the end, what follows them moves up. */
static void
move_to_end(struct search *s, size_t begin, size_t end)
{
	size_t n = s->left, after = n - end;
	double *const from[] = { s->z->q, s->z->e };
	double *const room[] = { s->z->next_q, s->z->next_e };

	for (size_t x = 0; x < 2; x++) {
		for (size_t k = begin; k < n; k++)
			*entry(s, room[x], k < end ? k + after
				: k - end + begin) = *entry(s, from[x], k);
		for (size_t k = begin; k < n; k++)
			*entry(s, from[x], k) = *entry(s, room[x], k);
	}
	*entry(s, s->z->e, n - 1) = 0;
}

/* Nothing has converged for a while. The matrix may have come apart, and the
 * smallest value, which limits the shifts, may be that of a part before the
 * last: that part goes last. */
static void
rearrange(struct search *s)
{
	double none = no_coupling(s), least = INFINITY;
	size_t begin = 0, best = 0, best_end = s->left;

	s->idle = 1;
	for (size_t k = 0; k < s->left; k++) {
		if (*entry(s, s->z->q, k) < least) {
			least = *entry(s, s->z->q, k);
			best = begin;
			best_end = 0;
		}
		if (k + 1 < s->left && *entry(s, s->z->e, k) <= none) {
			*entry(s, s->z->e, k) = 0;
			begin = k + 1;
			best_end = best_end ? best_end : begin;
		}
	}
	if (best_end && best_end < s->left)
		move_to_end(s, best, best_end);
}

/* v with B v = d_n e_n has v_n = 1 and v_k^2 = v_{k+1}^2 e_k / q_k; its Rayleigh
 * quotient and residual say that an eigenvalue lies above q_n (1 - |x|) / (1 +
 * |x|^2), x being v without v_n (Parlett and Marques 2000, section 6). */
static double
bound_at_end(const struct search *s)
{
	double square = 0, term = 1;
	size_t n = s->left;

	for (size_t k = n - 1; k-- > 0 && square < 0.6;) {
		term *= *entry(s, s->z->e, k) / *entry(s, s->z->q, k);
		square += term;
		if (term < 0.01 * square)
			break;
	}
	square *= 1.05;
	if (square >= 0.6)
		return 0;
	return *entry(s, s->z->q, n - 1) * (1 - sqrt(square)) / (1 + square);
}

/* The next shift, after a sweep whose smallest d is given. */
static void
choose_shift(struct search *s, double least)
{
	double last = *entry(s, s->z->q, s->left - 1);
	double bound = bound_at_end(s);

	if (least < 0.9 * last || !(bound > 0))
		bound = fmin(0.25 * least, bound > 0 ? bound : least);
	s->shift = bound > nothing ? bound : 0;
}

/* A shift above the smallest eigenvalue: the lane takes its old entries again.
 * Where only the last d came out negative it says how far too large it was. */
static void
retry(struct search *s, double least)
{
	double last = *entry(s, s->z->q, s->left - 1);

	for (size_t k = 0; k < s->left; k++) {
		*entry(s, s->z->q, k) = *entry(s, s->z->next_q, k);
		*entry(s, s->z->e, k) = *entry(s, s->z->next_e, k);
	}
	if (!s->failures && last == least && last < 0)
		s->shift = fmax(0, (s->shift + last) * (1 - 4 * DBL_EPSILON));
	else
		s->shift = s->failures < 3 ? 0.25 * s->shift : 0;
	s->failures++;
}

/* After a sweep; z->q and z->e are the new entries. */
static void
judge(struct search *s, double least)
{
	double sum, shift = s->shift;

	if (!(least >= 0)) {
		retry(s, least);
		return;
	}
	s->failures = 0;
	shift += s->carry;
	sum = s->sigma + shift;
	s->carry = shift - (sum - s->sigma);
	s->sigma = sum;
	deflate(s);
	if (s->left && s->idle++ == IDLE_MOST)
		rearrange(s);
	if (s->left)
		choose_shift(s, least);
	else
		s->shift = 0;
}

static void
sweep(struct bidiagonal *z, size_t top, const double *shifts, double *least)
{
	double *q = z->q, *e = z->e;

	LANES_OF(sweep, z->lanes / GROUPS)(z, top, shifts, least);
	z->q = z->next_q;
	z->e = z->next_e;
	z->next_q = q;
	z->next_e = e;
}

void
bidiagonal_run(struct bidiagonal *z)
{
	struct search searches[BIDIAGONAL_LANES_MAX];
	double shifts[BIDIAGONAL_LANES_MAX] __attribute__((aligned(64)));
	double least[BIDIAGONAL_LANES_MAX] __attribute__((aligned(64)));
	size_t most = z->order;

	for (size_t w = 0; w < z->lanes; w++) {
		start(&searches[w], z, w);
		if (searches[w].left)
			deflate(&searches[w]);
	}
	for (size_t n = 0; n < SWEEPS_PER_VALUE * z->order && most; n++) {
		size_t next = 0;

		for (size_t w = 0; w < z->lanes; w++)
			shifts[w] = searches[w].shift - nothing;
		sweep(z, most - 1, shifts, least);
		for (size_t w = 0; w < z->lanes; w++) {
			struct search *s = &searches[w];

			if (s->left)
				judge(s, least[w]);
			next = size_max(next, s->left);
		}
		most = next;
	}
	for (size_t w = 0; w < z->lanes; w++)
		z->failed[w] = searches[w].left > 0;
}

/* Nearly in order as they converge. */
bool
bidiagonal_values(double *values, const struct bidiagonal *z, size_t w)
{
	for (size_t k = 0; k < z->orders[w]; k++) {
		double value = z->values[k * z->lanes + w];
		size_t at = k;

		for (; at > 0 && values[at - 1] < value; at--)
			values[at] = values[at - 1];
		values[at] = value;
	}
	return !z->failed[w];
}
