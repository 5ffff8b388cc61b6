/*
 * T's part for one block, and what of it depends on the position alone.
 */
#include "core/block_panel.h"

#include <math.h>
#include <string.h>

#include "core/operator_rows.h"
#include "core/util.h"

/* Row r of T, or of T turned about its row L-1-r as a column. */
static void
panel_row(struct block_panel *panel, const double *row, size_t r, size_t L)
{
	double *beside = panel->beside + (L - 1 - r);
	size_t x = L - 1 - r;

	memcpy(panel->across + x * panel->start, row,
		panel->start * sizeof *row);
	for (size_t k = 0; k + 1 < panel->size; k++)
		beside[k * panel->M] = panel->start + k <= r
			? row[panel->start + k] : 0;
}

static void
panel_turned_row(struct block_panel *panel, const double *row, size_t r, size_t L)
{
	size_t c = L - 1 - r;

	for (size_t x = 0; x < panel->M; x++) {
		double value = x <= r ? row[x] : 0;

		if (c < panel->start)
			panel->across[x * panel->start + c] = value;
		else
			panel->beside[(c - panel->start) * panel->M + x]
				= value;
	}
}

/* NaN where there is one. */
static double
largest(const double *x, size_t count)
{
	double most = 0;

	for (size_t k = 0; k < count; k++)
		most = fabs(x[k]) > most || isnan(x[k]) ? fabs(x[k]) : most;
	return most;
}

enum status
block_panel_form(struct block_panel *panel, struct workspace *work,
	const struct operator *op, bool turned)
{
	size_t L = op->length, first = turned ? L - panel->start
		- panel->size + 1 : panel->start;
	struct operator_rows t;
	double most;
	int exponent;
	enum status status = operator_rows_open(&t, work, op);

	for (size_t r = first; r < L && status == STATUS_OK; r++)
		(turned ? panel_turned_row : panel_row)(panel,
			operator_rows_get(&t, r), r, L);
	if (status != STATUS_OK)
		return status;
	most = largest(panel->across, panel->count);
	if (!isfinite(most))
		return status_set(STATUS_VALUE,
			"H_i holds a NaN or an infinity: T overflows");
	frexp(most, &exponent);
	panel->scale = most > 0 ? ldexp(1, exponent) : 1;
	for (size_t k = 0; k < panel->count; k++)
		panel->across[k] /= panel->scale;
	return STATUS_OK;
}

enum status
block_panel_new(struct block_panel *out, struct workspace *work,
	enum buffer which, size_t L, size_t start, size_t size)
{
	size_t M = L - start;
	struct block_panel panel = {
		.start = start, .M = M, .size = size,
		.count = M * (start + size - 1),
	};
	enum status status = workspace_buffer(&panel.across, work,
		which, panel.count);

	if (status != STATUS_OK)
		return status;
	panel.beside = panel.across + panel.start * M;
	*out = panel;
	return STATUS_OK;
}

/* The squares' largest sum over rows (across and beside, up to column start +
 * k - 1) and over columns (rows of position k), added into floors[k]: DESIGN 2,
 * 0.4 u (largest row norm + largest column norm of H_i). */
static void
row_floors(double *floors, const struct block_panel *panel, double *sums, double u)
{
	for (size_t x = 0; x < panel->M; x++) {
		const double *row = panel->across + x * panel->start;

		sums[x] = 0;
		for (size_t c = 0; c < panel->start; c++)
			sums[x] += row[c] * row[c];
	}
	for (size_t k = 0; k < panel->size; k++) {
		double most = 0;

		for (size_t x = 0; x < panel->M - k; x++)
			most = fmax(most, sums[x]);
		floors[k] = 0.4 * u * sqrt(most);
		for (size_t x = 0; x < panel->M && k + 1 < panel->size; x++)
			sums[x] += panel->beside[k * panel->M + x]
				* panel->beside[k * panel->M + x];
	}
}

static void
column_floors(double *floors, const struct block_panel *panel, double *sums, double u)
{
	size_t start = panel->start, size = panel->size, x = 0;

	memset(sums, 0, (start + size) * sizeof *sums);
	for (size_t k = size; k-- > 0;) {
		double most = 0;

		for (; x < panel->M - k; x++) {
			for (size_t c = 0; c < start; c++)
				sums[c] += panel->across[x * start + c]
					* panel->across[x * start + c];
			for (size_t c = 0; c + 1 < size; c++)
				sums[start + c] += panel->beside[c * panel->M
					+ x] * panel->beside[c * panel->M + x];
		}
		for (size_t c = 0; c < start + k; c++)
			most = fmax(most, sums[c]);
		floors[k] += 0.4 * u * sqrt(most);
	}
}

enum status
block_panel_floors(double *floors, const struct block_panel *panel,
	struct workspace *work, double u)
{
	double *sums;
	enum status status;

	memset(floors, 0, panel->size * sizeof *floors);
	if (u <= 0)
		return STATUS_OK;
	status = workspace_buffer(&sums, work, BUFFER_VALUES,
		panel->start + panel->M);
	if (status != STATUS_OK)
		return status;
	row_floors(floors, panel, sums, u);
	column_floors(floors, panel, sums, u);
	return STATUS_OK;
}
