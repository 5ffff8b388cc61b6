/*
 * The rows of `diff`, for each value of --per: what two dumps have in common,
 * and of each number three columns: a_NAME, b_NAME, a_minus_b_NAME. Channels
 * come in turn from the pipeline; one that failed in either dump is in no row.
 * Main thread.
 */
#ifndef SRC_DIFF_ROWS_H
#define SRC_DIFF_ROWS_H

#include <stdbool.h>

#include "core/status.h"
#include "src/sink.h"

struct diff_rows;
struct options;
struct table;

/* Declares the columns. Borrows both. */
struct diff_rows *diff_rows_new(struct table *table,
	const struct options *options);
void diff_rows_free(struct diff_rows *rows);

/* Takes layers two abreast: of A, and of B. */
struct cell_sink diff_rows_sink(struct diff_rows *rows);

/* All layers are done: the row of --per file. */
enum status diff_rows_end(struct diff_rows *rows);

/* Reports each layer for which a condition of --fail-if holds; true: one
 * does. */
bool diff_rows_judge(const struct diff_rows *rows);

#endif
