/*
 * Triangular factors of a real recurrence: a diagonal scales the columns of R
 * and keeps it triangular; a new row is folded in by n Givens rotations, a
 * rank-one term by 2 n of them: O(n^2) a step.
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

const struct state_arithmetic state_real = {
	.parts = 1,
	.back = back,
	.forward = forward,
	.want = want,
};
