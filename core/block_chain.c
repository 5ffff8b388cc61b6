/*
 * A chain is a panel of its own: its first R and, beside it, the columns of T
 * that the others take in.
 */
#include "core/block_chain.h"

#include <string.h>

#include "core/linalg.h"
#include "core/util.h"

/* Blocks of a chain. One alone goes through those before it. */
enum { CHAIN = 4 };

/* A panel smaller than that beside its chain's is factored by itself: the
 * chain's scale would leave it subnormal numbers. */
static const double scale_least = 1e-250;

static enum status
begin(struct block_chain *chain, size_t base, size_t size,
	struct workspace *work, const struct operator *op, bool turned)
{
	size_t L = op->length;
	enum status status = block_panel_new(&chain->panel, work, turned
		? BUFFER_CHAIN_TURNED : BUFFER_CHAIN, L, base,
		size_min(CHAIN * size, L - base));

	chain->size = 0;
	if (status == STATUS_OK)
		status = block_panel_form(&chain->panel, work, op, turned);
	if (status == STATUS_OK)
		status = linalg_triangular_factor(work, chain->panel.across,
			base, chain->panel.M);
	if (status != STATUS_OK)
		return status;
	chain->size = size;
	chain->at = base;
	return STATUS_OK;
}

/* On to the next block: `size` more rows of the panel, columns of T. */
static enum status
step(struct block_chain *chain, struct workspace *work)
{
	struct block_panel *panel = &chain->panel;
	size_t size = chain->size, first = chain->at - panel->start;
	size_t left = panel->M - first - size;
	double *rows;
	enum status status = workspace_buffer(&rows, work, BUFFER_CHAIN_ROWS,
		size * left);

	if (status != STATUS_OK)
		return status;
	for (size_t x = 0; x < left; x++)
		for (size_t k = 0; k < size; k++)
			rows[x * size + k] = panel->beside[(first + k)
				* panel->M + x];
	chain->at += size;
	return linalg_triangular_append(work, panel->across, panel->start,
		left, rows, size);
}

enum status
block_chain_factor(struct block_chain *chain, struct block_panel *panel,
	struct workspace *work, const struct operator *op, bool turned)
{
	size_t L = op->length, size = panel->size, lead = panel->start;
	size_t order = (lead - (L - L / 2)) / size % CHAIN;
	size_t base = lead - order * size;
	enum status status = STATUS_OK;
	double ratio;

	if (chain->size != size || chain->panel.start != base
	    || chain->at > lead)
		status = begin(chain, base, size, work, op, turned);
	while (status == STATUS_OK && chain->at < lead)
		status = step(chain, work);
	if (status != STATUS_OK)
		return status;
	ratio = chain->panel.scale / panel->scale;
	if (ratio > 1 / scale_least)
		return linalg_triangular_factor(work, panel->across, lead,
			panel->M);
	for (size_t c = 0; c < panel->M; c++) {
		const double *from = chain->panel.across + c * base;
		double *to = panel->across + c * lead;

		for (size_t r = 0; r <= c; r++)
			to[r] = from[r] * ratio;
		memset(to + c + 1, 0, (lead - c - 1) * sizeof *to);
	}
	return STATUS_OK;
}
