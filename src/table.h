/*
 * A table under way: its columns, the row being filled, and where it goes.
 * The header is written with the first row, so a table without rows leaves
 * nothing behind.
 */
#ifndef SRC_TABLE_H
#define SRC_TABLE_H

#include <stddef.h>

#include "core/status.h"

struct output;
struct table;
struct writer;

/* Borrows both. */
struct table *table_new(const struct writer *writer, struct output *output);
void table_free(struct table *table);

/* All columns come before the first row; the name is copied. */
void table_column(struct table *table, const char *name);

/* Several, with blanks between. */
void table_columns(struct table *table, const char *names);

/* The next value of the row, in the order of the columns. NULL text is an
 * empty value; other text is borrowed until table_end_row. */
void table_text(struct table *table, const char *text);
void table_count(struct table *table, size_t value);
void table_real(struct table *table, double value);
void table_empty(struct table *table);

/* Writes the row. STATUS_IO where that is not possible. */
enum status table_end_row(struct table *table);

/* Behind the last row, after work that ended with this status: commits the
 * output where that is STATUS_OK and there is a row, else discards it. */
enum status table_finish(struct table *table, enum status status);

size_t table_rows(const struct table *table);

#endif
