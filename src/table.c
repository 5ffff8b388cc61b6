/*
 * Columns by name, rows by order: every row must be filled from the first to
 * the last column. assert catches a row that is not.
 */
#include "src/table.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/util.h"
#include "src/output.h"
#include "src/report.h"
#include "src/writer.h"

struct table {
	const struct writer *writer;
	struct output *output;
	char **names;
	struct value *values;
	size_t columns, filled, rows;
};

struct table *
table_new(const struct writer *writer, struct output *output)
{
	struct table *table = xcalloc(1, sizeof *table);

	table->writer = writer;
	table->output = output;
	return table;
}

void
table_free(struct table *table)
{
	if (!table)
		return;
	for (size_t k = 0; k < table->columns; k++)
		free(table->names[k]);
	free(table->names);
	free(table->values);
	free(table);
}

void
table_column(struct table *table, const char *name)
{
	size_t count = ++table->columns;

	table->names = xreallocarray(table->names, count,
		sizeof *table->names);
	table->values = xreallocarray(table->values, count,
		sizeof *table->values);
	table->names[count - 1] = xstrdup(name);
}

void
table_columns(struct table *table, const char *names)
{
	while (*names) {
		size_t n = strcspn(names, " ");
		char *name = xstrndup(names, n);

		table_column(table, name);
		free(name);
		names += n + (names[n] == ' ');
	}
}

static struct value *
next_value(struct table *table)
{
	assert(table->filled < table->columns);
	return &table->values[table->filled++];
}

void
table_text(struct table *table, const char *text)
{
	struct value *value = next_value(table);

	value->kind = text ? VALUE_TEXT : VALUE_NONE;
	value->text = text;
}

void
table_count(struct table *table, size_t count)
{
	struct value *value = next_value(table);

	value->kind = VALUE_COUNT;
	value->count = count;
}

void
table_real(struct table *table, double real)
{
	struct value *value = next_value(table);

	value->kind = VALUE_REAL;
	value->real = real;
}

void
table_empty(struct table *table)
{
	next_value(table)->kind = VALUE_NONE;
}

enum status
table_end_row(struct table *table)
{
	FILE *stream = output_stream(table->output);

	assert(table->filled == table->columns);
	if (stream == stdout)
		report_progress_hide();
	if (!table->rows++)
		table->writer->header(stream, table->names, table->columns);
	table->writer->row(stream, table->names, table->values,
		table->columns);
	table->filled = 0;
	return output_check(table->output);
}

enum status
table_finish(struct table *table, enum status status)
{
	struct output *output = table->output;

	table->output = NULL;
	if (!status && table->rows)
		return output_commit(output);
	output_discard(output);
	return status;
}

size_t
table_rows(const struct table *table)
{
	return table->rows;
}
