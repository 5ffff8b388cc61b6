/*
 * One table of what --per means; the columns that say whose row it is are
 * filled in the order in which the table names them.
 */
#include "src/rows.h"

#include <stdlib.h>

#include "core/dump.h"
#include "core/operator.h"
#include "core/util.h"
#include "src/cells.h"
#include "src/group.h"
#include "src/options.h"
#include "src/table.h"

/* What --per makes of channels and layers; NULL: nothing. */
struct row_kind {
	const char *columns;            /* that say whose row it is */
	bool means;                     /* ESS columns are _mean _min _max */
	bool total;                     /* and _total */
	bool verdicts;
	enum status (*begin_layer)(struct rows *rows);
	enum status (*channel)(struct rows *rows,
		const struct channel_cells *cells);
	enum status (*end_layer)(struct rows *rows);
	enum status (*end_dump)(struct rows *rows);
};

struct rows {
	struct table *table;
	const struct options *options;
	const struct row_kind *kind;
	size_t measures;                /* ess_entropy and the tolerances */
	const struct dump *dump;        /* under way */
	const struct target *target;    /* the layer under way */
	size_t channels;                /* of the layer, so far */
	struct group group;             /* of the channel, layer or dump */
	struct position_sums sums;      /* of the layer */
	size_t layers;                  /* of the dump, with a channel */
	struct position_set seen;       /* positions of those layers */
};

/* The columns all rows of a layer begin with: file layer kind. */
static void
put_layer(struct rows *rows)
{
	const struct layer *layer = rows->target->layer;

	table_text(rows->table, rows->dump->label);
	table_text(rows->table, layer->label);
	table_text(rows->table, layer->kind->name);
}

static void
put_with(struct rows *rows, const struct reading *reading)
{
	struct table *table = rows->table;

	for (size_t k = 0; k < rows->options->with_count; k++) {
		switch (rows->options->with[k]) {
		case WITH_METHOD:
			table_text(table, method_name(reading->method));
			break;
		case WITH_ERROR:
			table_real(table, reading->error);
			break;
		case WITH_FLOOR:
			table_real(table, reading->floor);
			break;
		case WITH_ENTROPY_ERROR:
			table_real(table, reading->entropy_error);
			break;
		case WITH_COUNT:
			break;
		}
	}
}

static enum status
put_cell(struct rows *rows, const struct channel_cells *cells, size_t index)
{
	const struct layer *layer = rows->target->layer;
	const struct reading *reading = &cells->readings[index];
	size_t i = positions_at(&rows->target->positions, index);
	size_t tolerances = cells->tolerances->count;
	struct table *table = rows->table;

	put_layer(rows);
	table_count(table, cells->channel);
	table_count(table, i);
	table_text(table, layer_token(layer, i));
	table_count(table, layer_tss(layer, i));
	table_count(table, layer_ceiling(layer, i));
	table_real(table, reading->sigma_max);
	table_real(table, reading->sigma_sum);
	table_real(table, reading->entropy);
	for (size_t k = 0; k < tolerances; k++)
		table_count(table, cells->counts[index * tolerances + k]);
	put_with(rows, reading);
	return table_end_row(table);
}

static enum status
put_cells(struct rows *rows, const struct channel_cells *cells)
{
	enum status status = STATUS_OK;

	for (size_t k = 0; k < rows->target->positions.count && !status; k++)
		status = put_cell(rows, cells, k);
	return status;
}

static void
put_group(struct rows *rows)
{
	const struct group *group = &rows->group;
	struct table *table = rows->table;

	table_real(table, summary_mean(&group->tss));
	for (size_t m = 0; m < rows->measures; m++) {
		const struct group_measure *measure = &group->measures[m];

		table_real(table, summary_mean(&measure->means));
		table_real(table, measure->min);
		table_real(table, measure->max);
		table_real(table, measure->total);
	}
	if (!rows->kind->verdicts)
		return;
	if (group->judged) {
		table_count(table, group->saturated);
		table_count(table, group->collapsed);
	} else {
		table_empty(table);
		table_empty(table);
	}
}

static enum status
put_channel(struct rows *rows, const struct channel_cells *cells)
{
	group_reset(&rows->group);
	group_add(&rows->group, cells);
	put_layer(rows);
	table_count(rows->table, cells->channel);
	table_count(rows->table, rows->target->layer->length);
	table_count(rows->table, rows->target->positions.count);
	put_group(rows);
	return table_end_row(rows->table);
}

static enum status
begin_positions(struct rows *rows)
{
	return position_sums_begin(&rows->sums, rows->target, rows->measures);
}

static enum status
add_to_positions(struct rows *rows, const struct channel_cells *cells)
{
	position_sums_add(&rows->sums, cells);
	return STATUS_OK;
}

static enum status
put_position(struct rows *rows, size_t index)
{
	const struct layer *layer = rows->target->layer;
	const struct summary *over = position_sums_at(&rows->sums, index);
	size_t i = positions_at(&rows->target->positions, index);
	struct table *table = rows->table;

	put_layer(rows);
	table_count(table, i);
	table_text(table, layer_token(layer, i));
	table_count(table, rows->channels);
	table_count(table, layer_tss(layer, i));        /* of all channels */
	table_count(table, layer_ceiling(layer, i));
	for (size_t m = 0; m < rows->measures; m++) {
		table_real(table, summary_mean(&over[m]));
		table_real(table, over[m].min);
		table_real(table, over[m].max);
	}
	return table_end_row(table);
}

static enum status
put_positions(struct rows *rows)
{
	enum status status = STATUS_OK;

	for (size_t k = 0; k < rows->target->positions.count && !status; k++)
		status = put_position(rows, k);
	return status;
}

static enum status
begin_layer_row(struct rows *rows)
{
	group_reset(&rows->group);
	return STATUS_OK;
}

static enum status
add_to_group(struct rows *rows, const struct channel_cells *cells)
{
	group_add(&rows->group, cells);
	return STATUS_OK;
}

static enum status
put_layer_row(struct rows *rows)
{
	put_layer(rows);
	table_count(rows->table, rows->channels);
	table_count(rows->table, rows->target->layer->length);
	table_count(rows->table, rows->target->positions.count);
	put_group(rows);
	return table_end_row(rows->table);
}

/* --per file counts the positions that occur in any layer, each once. */
static enum status
see_positions(struct rows *rows)
{
	position_set_add(&rows->seen, &rows->target->positions);
	rows->layers++;
	return STATUS_OK;
}

static enum status
put_dump_row(struct rows *rows)
{
	table_text(rows->table, rows->dump->label);
	table_count(rows->table, rows->layers);
	table_count(rows->table, rows->group.channels);
	table_count(rows->table, position_set_count(&rows->seen));
	put_group(rows);
	return table_end_row(rows->table);
}

static const struct row_kind row_kinds[] = {
	[PER_CELL] = {
		.columns = "file layer kind channel position token tss "
			"ceiling sigma_max sigma_sum",
		.channel = put_cells,
	},
	[PER_CHANNEL] = {
		.columns = "file layer kind channel length positions tss_mean",
		.means = true, .total = true,
		.channel = put_channel,
	},
	[PER_POSITION] = {
		.columns = "file layer kind position token channels tss_mean "
			"ceiling_mean",
		.means = true,
		.begin_layer = begin_positions,
		.channel = add_to_positions,
		.end_layer = put_positions,
	},
	[PER_LAYER] = {
		.columns = "file layer kind channels length positions tss_mean",
		.means = true, .total = true, .verdicts = true,
		.begin_layer = begin_layer_row,
		.channel = add_to_group,
		.end_layer = put_layer_row,
	},
	[PER_FILE] = {
		.columns = "file layers channels positions tss_mean",
		.means = true, .total = true, .verdicts = true,
		.channel = add_to_group,
		.end_layer = see_positions,
		.end_dump = put_dump_row,
	},
};

static void
add_measure_columns(struct rows *rows, const char *name)
{
	static const char *const suffixes[] = { "mean", "min", "max", "total" };
	size_t count = rows->kind->total ? 4 : 3;

	if (!rows->kind->means) {
		table_column(rows->table, name);
		return;
	}
	for (size_t k = 0; k < count; k++) {
		char *column = xasprintf("%s_%s", name, suffixes[k]);

		table_column(rows->table, column);
		free(column);
	}
}

static void
add_tolerance_columns(struct rows *rows)
{
	const struct tolerance_list *list = &rows->options->tolerances;

	for (size_t k = 0; k < list->count; k++) {
		char *name = tolerance_name(list, k);

		add_measure_columns(rows, name);
		free(name);
	}
}

struct rows *
rows_new(struct table *table, const struct options *options)
{
	struct rows *rows = xcalloc(1, sizeof *rows);

	rows->table = table;
	rows->options = options;
	rows->kind = &row_kinds[options->per];
	rows->measures = 1 + options->tolerances.count;
	group_init(&rows->group, rows->measures);
	table_columns(table, rows->kind->columns);
	add_measure_columns(rows, "ess_entropy");
	add_tolerance_columns(rows);
	if (rows->kind->verdicts)
		table_columns(table, "saturated collapsed");
	for (size_t k = 0; k < options->with_count; k++)
		table_column(table, with_names[options->with[k]]);
	return rows;
}

void
rows_free(struct rows *rows)
{
	if (!rows)
		return;
	group_done(&rows->group);
	position_sums_end(&rows->sums);
	position_set_clear(&rows->seen);
	free(rows);
}

void
rows_begin_dump(struct rows *rows, const struct dump *dump)
{
	position_set_clear(&rows->seen);
	rows->layers = 0;
	rows->dump = dump;
	group_reset(&rows->group);
}

enum status
rows_begin_layer(struct rows *rows, const struct target *target)
{
	rows->target = target;
	rows->channels = 0;
	return rows->kind->begin_layer ? rows->kind->begin_layer(rows)
		: STATUS_OK;
}

enum status
rows_channel(struct rows *rows, const struct channel_cells *cells)
{
	rows->channels++;
	return rows->kind->channel(rows, cells);
}

enum status
rows_end_layer(struct rows *rows)
{
	enum status status = STATUS_OK;

	if (rows->channels && rows->kind->end_layer)
		status = rows->kind->end_layer(rows);
	position_sums_end(&rows->sums);
	return status;
}

enum status
rows_end_dump(struct rows *rows)
{
	if (!rows->kind->end_dump || !rows->group.channels)
		return STATUS_OK;
	return rows->kind->end_dump(rows);
}

static enum status
begin(void *rows, const struct target *targets)
{
	return rows_begin_layer(rows, targets);
}

static enum status
channel(void *rows, struct channel_cells *cells)
{
	return rows_channel(rows, cells);
}

static enum status
end(void *rows)
{
	return rows_end_layer(rows);
}

struct cell_sink
rows_sink(struct rows *rows)
{
	return (struct cell_sink){
		.rows = rows, .abreast = 1,
		.begin = begin, .channel = channel, .end = end,
	};
}
