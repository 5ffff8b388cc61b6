/*
 * Triangular factors of a real recurrence: a diagonal scales the columns of R
 * and keeps it triangular; a new row is folded in by n Givens rotations, a
 * rank-one term by 2 n of them: O(n^2) a step.
 *
 * Where no factor is needed between two positions and A_t is diagonal, some
 * rows wait, decaying, to be folded in by one reflection a column in place of a
 * rotation each.
 */
#include "core/state_factors.h"

#include "core/triangular.h"
#include "core/util.h"

/* R_O A_t, A_t = diag(a) + p q'. */
static void
apply_transition(struct state_factors *f, size_t t)
{
	const struct operator *op = f->op;

	if (op->kind->rank_one) {
		op->kind->rank_one(op, t, f->p, f->q);
		triangular_times_vector(f->u, f->observe, f->p, f->n);
	}
	triangular_scale_columns(f->observe, f->a, f->n);
	if (op->kind->rank_one)
		triangular_add_rank_one(f->observe, f->u, f->q, f->n);
}

static void
back(struct state_factors *f, size_t t)
{
	const struct operator *op = f->op;

	op->kind->step(op, t, f->a, NULL, f->row);
	if (op->reads_before)
		apply_transition(f, t);
	triangular_add_row(f->observe, f->row, f->n);
	if (!op->reads_before)
		apply_transition(f, t);
}

/* R_K A_t', then the row B_t'. */
static void
forward(struct state_factors *f, size_t t)
{
	const struct operator *op = f->op;

	op->kind->step(op, t, f->a, f->row, NULL);
	if (op->kind->rank_one) {
		op->kind->rank_one(op, t, f->p, f->q);
		triangular_times_vector(f->u, f->control, f->q, f->n);
	}
	triangular_scale_columns(f->control, f->a, f->n);
	if (op->kind->rank_one)
		triangular_add_rank_one(f->control, f->u, f->p, f->n);
	triangular_add_row(f->control, f->row, f->n);
}

/* Folds the waiting rows into a factor. Each has decayed by the steps after
 * it, and by its own where own is set. */
static void
fold(struct state_factors *f, double *factor, size_t waiting, bool own)
{
	size_t n = f->n;
	double *product = f->u;

	for (size_t j = 0; j < n; j++)
		product[j] = 1;
	for (size_t k = waiting; k-- > 0;) {
		const double *a = f->decays + k * n;
		double *row = f->rows + k * n;

		for (size_t j = 0; j < n; j++) {
			double before = product[j];

			product[j] *= a[j];
			row[j] *= own ? product[j] : before;
		}
	}
	triangular_scale_columns(factor, product, n);
	triangular_add_rows(factor, f->rows, waiting, n);
}

static void
skip_back(struct state_factors *f, size_t begin, size_t end)
{
	const struct operator *op = f->op;
	size_t waiting = 0, n = f->n;

	for (size_t t = end; t-- > begin;) {
		op->kind->step(op, t, f->decays + waiting * n, NULL,
			f->rows + waiting * n);
		if (++waiting < TRIANGULAR_ROWS && t > begin)
			continue;
		fold(f, f->observe, waiting, !op->reads_before);
		waiting = 0;
	}
}

static void
skip_forward(struct state_factors *f, size_t begin, size_t end)
{
	const struct operator *op = f->op;
	size_t waiting = 0, n = f->n;

	for (size_t t = begin; t < end; t++) {
		op->kind->step(op, t, f->decays + waiting * n,
			f->rows + waiting * n, NULL);
		if (++waiting < TRIANGULAR_ROWS && t + 1 < end)
			continue;
		fold(f, f->control, waiting, false);
		waiting = 0;
	}
}

static enum status
want(const struct state_factors *f, size_t i, const double *observe,
	struct product_queue *queue)
{
	size_t n = f->n, order = size_min(i, f->op->length - i);

	return product_queue_push(queue, observe, f->control,
		&(struct spectrum){
			.position = i,
			.count = size_min(n, order),
			.error = state_error(f, i),
			.method = METHOD_STATE,
		});
}

const struct state_arithmetic state_diagonal = {
	.parts = 1,
	.back = back,
	.forward = forward,
	.skip_back = skip_back,
	.skip_forward = skip_forward,
	.want = want,
};

const struct state_arithmetic state_rank_one = {
	.parts = 1,
	.back = back,
	.forward = forward,
	.want = want,
};
