/*
 * The rows of `compute`, for each value of --per: which columns, and what is
 * in them. Channels are handed over in the order of the rows; means and totals
 * are those of core/summary.h. Main thread.
 */
#ifndef SRC_ROWS_H
#define SRC_ROWS_H

#include "core/status.h"
#include "src/sink.h"

struct channel_cells;
struct dump;
struct options;
struct rows;
struct table;
struct target;

/* Declares the columns. Borrows both. */
struct rows *rows_new(struct table *table, const struct options *options);
void rows_free(struct rows *rows);

/* A dump's layers follow, a layer's channels follow, in order. A layer or dump
 * without a channel leaves no row. */
void rows_begin_dump(struct rows *rows, const struct dump *dump);
enum status rows_begin_layer(struct rows *rows, const struct target *target);
enum status rows_channel(struct rows *rows, const struct channel_cells *cells);
enum status rows_end_layer(struct rows *rows);
enum status rows_end_dump(struct rows *rows);

/* Takes the layers of a dump from the pipeline. */
struct cell_sink rows_sink(struct rows *rows);

#endif
