/*
 * Splitting a node: what each half is made of, from what its other half passes
 * on (sliding_basis.h).
 */
#include "core/sliding_node.h"

#include <stdlib.h>
#include <string.h>

#include "core/linalg.h"
#include "core/sliding_basis.h"
#include "core/util.h"

void
sliding_node_free(struct sliding_node *node)
{
	if (!node)
		return;
	free(node->read);
	free(node->feed);
	free(node->dropped);
	free(node);
}

static enum status
node_new(struct sliding_node **out, struct sliding_node sizes)
{
	struct sliding_node *node = xcalloc(1, sizeof *node);
	size_t span = sizes.end - sizes.begin;
	void *read = NULL, *feed = NULL, *dropped = NULL;
	enum status status = util_alloc(&read, sizes.past,
		(span + sizes.future) * sizeof(double), "sliding factor");

	if (status == STATUS_OK)
		status = util_alloc(&feed, sizes.future,
			span * sizeof(double), "sliding factor");
	if (status == STATUS_OK)
		status = util_alloc(&dropped, span, sizeof(double),
			"sliding factor");
	*node = sizes;
	node->read = read;
	node->feed = feed;
	node->dropped = dropped;
	if (status == STATUS_OK)
		*out = node;
	else
		sliding_node_free(node);
	return status;
}

enum status
sliding_node_root(struct sliding_node **out, size_t length)
{
	enum status status = node_new(out,
		(struct sliding_node){ .end = length });

	if (status == STATUS_OK)
		memset((*out)->dropped, 0, length * sizeof *(*out)->dropped);
	return status;
}

void
sliding_node_matrix(const struct sliding_node *node,
	const struct sliding_source *source, double *out, double *row)
{
	size_t span = node->end - node->begin, past = node->past;

	for (size_t c = 0; c < span + node->future; c++) {
		memcpy(out, node->read + c * past, past * sizeof *out);
		out += past;
		if (c < span) {
			sliding_source_read(source, node->begin + c,
				node->begin, c, out, row);
			memset(out + c, 0, (span - c) * sizeof *out);
		} else {
			memcpy(out, node->feed + (c - span) * span,
				span * sizeof *out);
		}
		out += span;
	}
}

/* The positions from q on: the past is V, and the future what it was. */
static enum status
make_behind(struct sliding_node **out, const struct sliding_node *node,
	size_t q, const struct sliding_basis *basis)
{
	size_t span = node->end - node->begin, first = q - node->begin;
	struct sliding_node *child;
	double lost = 0;
	enum status status = node_new(&child, (struct sliding_node){
		.begin = q, .end = node->end, .past = basis->rank,
		.future = node->future });

	if (status != STATUS_OK)
		return status;
	memcpy(child->read, basis->image,
		basis->rank * basis->columns * sizeof(double));
	for (size_t f = 0; f < node->future; f++)
		memcpy(child->feed + f * (span - first),
			node->feed + f * span + first,
			(span - first) * sizeof(double));
	for (size_t c = basis->columns; c-- > 0;) {
		lost += basis->lost[c];
		if (c < span - first)
			child->dropped[c] = node->dropped[first + c] + lost;
	}
	*out = child;
	return STATUS_OK;
}

/* The positions before q: the future is U', and the past what it was. */
static enum status
make_before(struct sliding_node **out, const struct sliding_node *node,
	size_t q, const struct sliding_basis *basis)
{
	size_t span = q - node->begin, past = node->past;
	struct sliding_node *child;
	double lost = 0;
	enum status status = node_new(&child, (struct sliding_node){
		.begin = node->begin, .end = q, .past = past,
		.future = basis->rank });

	if (status != STATUS_OK)
		return status;
	memcpy(child->read, node->read, past * span * sizeof(double));
	for (size_t f = 0; f < basis->rank; f++) {
		const double *from = basis->image + f * basis->rows;

		memcpy(child->read + (span + f) * past, from,
			past * sizeof(double));
		memcpy(child->feed + f * span, from + past,
			span * sizeof(double));
	}
	for (size_t r = 0; r < basis->rows; r++) {
		if (r >= past)
			child->dropped[r - past] = node->dropped[r - past]
				+ lost;
		lost += basis->lost[r];
	}
	*out = child;
	return STATUS_OK;
}

enum status
sliding_node_split(struct sliding_node **out, struct workspace *work,
	const struct sliding_source *source, const struct sliding_node *node,
	size_t q, enum sliding_side side, struct sliding_limits limits)
{
	struct sliding_basis basis;
	bool found;
	enum status status = sliding_basis_find(&basis, &found, work, source,
		node, q, side, limits);

	if (status != STATUS_OK)
		return status;
	if (!found) {
		*out = NULL;
		return STATUS_OK;
	}
	return side == SLIDING_BEHIND ? make_behind(out, node, q, &basis)
		: make_before(out, node, q, &basis);
}
