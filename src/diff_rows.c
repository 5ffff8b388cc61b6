/*
 * One table of what --per means, as that of rows.c. Whatever it is, means over
 * each layer are made too. Of cells it holds one channel of A, until B's is
 * there. Counts are written as reals: their difference has a sign.
 */
#include "src/diff_rows.h"

#include <stdlib.h>
#include <string.h>

#include "core/dump.h"
#include "core/operator.h"
#include "core/util.h"
#include "src/cells.h"
#include "src/condition.h"
#include "src/group.h"
#include "src/options.h"
#include "src/report.h"
#include "src/table.h"

/* What --per makes of channels and layers; NULL: nothing. */
struct diff_kind {
	const char *columns;            /* that say whose row it is */
	const char *numbers[5];         /* of both, before ESS; NULL-ended */
	const char *suffix;             /* of these and of ESS columns */
	bool verdicts;
	enum status (*begin_layer)(struct diff_rows *rows);
	enum status (*channel)(struct diff_rows *rows);
	enum status (*end_layer)(struct diff_rows *rows);
	enum status (*end)(struct diff_rows *rows);
};

struct diff_rows {
	struct table *table;
	const struct options *options;
	const struct diff_kind *kind;
	size_t measures;                /* ess_entropy and the tolerances */
	/* of A and of B: */
	const struct target *targets;   /* under way, two */
	struct channel_cells *cells[2]; /* a channel; NULL: not there */
	struct group channel[2], layer[2], all[2];
	struct position_sums sums[2];
	size_t layers;                  /* with a channel */
	struct position_set seen;       /* positions of those layers */
	char *joined_kind, *joined_token;
	char **held;                    /* sentences of conditions that do */
	size_t held_count;
};

static void
put_pair(struct diff_rows *rows, double a, double b)
{
	table_real(rows->table, a);
	table_real(rows->table, b);
	table_real(rows->table, a - b);
}

/* "a", where both are, or "a/b". The text is kept in *joined. */
static void
put_both(struct diff_rows *rows, char **joined, const char *a, const char *b)
{
	free(*joined);
	*joined = NULL;
	if (a && b ? strcmp(a, b) != 0 : a != b)
		*joined = xasprintf("%s/%s", a ? a : "", b ? b : "");
	table_text(rows->table, *joined ? *joined : a);
}

/* The columns all rows of a layer begin with: layer kind. */
static void
put_layer(struct diff_rows *rows)
{
	const struct layer *a = rows->targets[0].layer;
	const struct layer *b = rows->targets[1].layer;

	table_text(rows->table, a->label);
	put_both(rows, &rows->joined_kind, a->kind->name, b->kind->name);
}

static void
put_token(struct diff_rows *rows, size_t i)
{
	put_both(rows, &rows->joined_token,
		layer_token(rows->targets[0].layer, i),
		layer_token(rows->targets[1].layer, i));
}

/* tss ceiling, of the same position. */
static void
put_sizes(struct diff_rows *rows, size_t i)
{
	const struct layer *a = rows->targets[0].layer;
	const struct layer *b = rows->targets[1].layer;

	put_pair(rows, (double)layer_tss(a, i), (double)layer_tss(b, i));
	put_pair(rows, (double)layer_ceiling(a, i),
		(double)layer_ceiling(b, i));
}

static enum status
put_cell(struct diff_rows *rows, size_t index)
{
	const struct reading *a = &rows->cells[0]->readings[index];
	const struct reading *b = &rows->cells[1]->readings[index];
	size_t i = positions_at(&rows->targets->positions, index);

	put_layer(rows);
	table_count(rows->table, rows->cells[0]->channel);
	table_count(rows->table, i);
	put_token(rows, i);
	put_sizes(rows, i);
	put_pair(rows, a->sigma_max, b->sigma_max);
	put_pair(rows, a->sigma_sum, b->sigma_sum);
	for (size_t m = 0; m < rows->measures; m++)
		put_pair(rows, group_value(rows->cells[0], index, m),
			group_value(rows->cells[1], index, m));
	return table_end_row(rows->table);
}

static enum status
put_cells(struct diff_rows *rows)
{
	enum status status = STATUS_OK;

	for (size_t k = 0; k < rows->targets->positions.count && !status; k++)
		status = put_cell(rows, k);
	return status;
}

/* Counts of channels, in the groups that any could be judged in. */
static void
put_verdict(struct diff_rows *rows, const struct group groups[2], size_t a,
	size_t b)
{
	const size_t counts[2] = { a, b };

	for (int k = 0; k < 2; k++) {
		if (groups[k].judged)
			table_count(rows->table, counts[k]);
		else
			table_empty(rows->table);
	}
	if (groups[0].judged && groups[1].judged)
		table_real(rows->table, (double)a - (double)b);
	else
		table_empty(rows->table);
}

static void
put_groups(struct diff_rows *rows, const struct group groups[2])
{
	const struct group *a = &groups[0], *b = &groups[1];

	put_pair(rows, summary_mean(&a->tss), summary_mean(&b->tss));
	for (size_t m = 0; m < rows->measures; m++)
		put_pair(rows, summary_mean(&a->measures[m].means),
			summary_mean(&b->measures[m].means));
	if (!rows->kind->verdicts)
		return;
	put_verdict(rows, groups, a->saturated, b->saturated);
	put_verdict(rows, groups, a->collapsed, b->collapsed);
}

/* length positions: what both have. */
static void
put_lengths(struct diff_rows *rows)
{
	table_count(rows->table, size_min(rows->targets[0].layer->length,
		rows->targets[1].layer->length));
	table_count(rows->table, rows->targets->positions.count);
}

static void
add_channel(struct group groups[2], struct channel_cells *const cells[2])
{
	group_add(&groups[0], cells[0]);
	group_add(&groups[1], cells[1]);
}

static void
reset(struct group groups[2])
{
	group_reset(&groups[0]);
	group_reset(&groups[1]);
}

static enum status
put_channel(struct diff_rows *rows)
{
	reset(rows->channel);
	add_channel(rows->channel, rows->cells);
	put_layer(rows);
	table_count(rows->table, rows->cells[0]->channel);
	put_lengths(rows);
	put_groups(rows, rows->channel);
	return table_end_row(rows->table);
}

static enum status
begin_positions(struct diff_rows *rows)
{
	enum status status = STATUS_OK;

	for (int k = 0; k < 2 && !status; k++)
		status = position_sums_begin(&rows->sums[k], rows->targets,
			rows->measures);
	return status;
}

static enum status
add_to_positions(struct diff_rows *rows)
{
	for (int k = 0; k < 2; k++)
		position_sums_add(&rows->sums[k], rows->cells[k]);
	return STATUS_OK;
}

static enum status
put_position(struct diff_rows *rows, size_t index)
{
	const struct summary *a = position_sums_at(&rows->sums[0], index);
	const struct summary *b = position_sums_at(&rows->sums[1], index);
	size_t i = positions_at(&rows->targets->positions, index);

	put_layer(rows);
	table_count(rows->table, i);
	put_token(rows, i);
	table_count(rows->table, rows->layer->channels);
	put_sizes(rows, i);             /* of all channels */
	for (size_t m = 0; m < rows->measures; m++)
		put_pair(rows, summary_mean(&a[m]), summary_mean(&b[m]));
	return table_end_row(rows->table);
}

static enum status
put_positions(struct diff_rows *rows)
{
	enum status status = STATUS_OK;

	for (size_t k = 0; k < rows->targets->positions.count && !status; k++)
		status = put_position(rows, k);
	return status;
}

static enum status
put_layer_row(struct diff_rows *rows)
{
	put_layer(rows);
	table_count(rows->table, rows->layer->channels);
	put_lengths(rows);
	put_groups(rows, rows->layer);
	return table_end_row(rows->table);
}

static enum status
add_to_all(struct diff_rows *rows)
{
	add_channel(rows->all, rows->cells);
	return STATUS_OK;
}

static enum status
see_positions(struct diff_rows *rows)
{
	position_set_add(&rows->seen, &rows->targets->positions);
	rows->layers++;
	return STATUS_OK;
}

static enum status
put_file_row(struct diff_rows *rows)
{
	table_count(rows->table, rows->layers);
	table_count(rows->table, rows->all->channels);
	table_count(rows->table, position_set_count(&rows->seen));
	put_groups(rows, rows->all);
	return table_end_row(rows->table);
}

static const struct diff_kind diff_kinds[] = {
	[PER_CELL] = {
		.columns = "layer kind channel position token",
		.numbers = { "tss", "ceiling", "sigma_max", "sigma_sum" },
		.suffix = "",
		.channel = put_cells,
	},
	[PER_CHANNEL] = {
		.columns = "layer kind channel length positions",
		.numbers = { "tss" },
		.suffix = "_mean",
		.channel = put_channel,
	},
	[PER_POSITION] = {
		.columns = "layer kind position token channels",
		.numbers = { "tss", "ceiling" },
		.suffix = "_mean",
		.begin_layer = begin_positions,
		.channel = add_to_positions,
		.end_layer = put_positions,
	},
	[PER_LAYER] = {
		.columns = "layer kind channels length positions",
		.numbers = { "tss" },
		.suffix = "_mean", .verdicts = true,
		.end_layer = put_layer_row,
	},
	[PER_FILE] = {
		.columns = "layers channels positions",
		.numbers = { "tss" },
		.suffix = "_mean", .verdicts = true,
		.channel = add_to_all,
		.end_layer = see_positions,
		.end = put_file_row,
	},
};

static void
add_pair(struct table *table, const char *name, const char *suffix)
{
	char *columns = xasprintf("a_%s%s b_%s%s a_minus_b_%s%s", name, suffix,
		name, suffix, name, suffix);

	table_columns(table, columns);
	free(columns);
}

static void
add_columns(struct diff_rows *rows)
{
	const struct diff_kind *kind = rows->kind;
	const struct tolerance_list *list = &rows->options->tolerances;

	table_columns(rows->table, kind->columns);
	for (size_t k = 0; kind->numbers[k]; k++)
		add_pair(rows->table, kind->numbers[k], kind->suffix);
	add_pair(rows->table, "ess_entropy", kind->suffix);
	for (size_t k = 0; k < list->count; k++) {
		char *name = tolerance_name(list, k);

		add_pair(rows->table, name, kind->suffix);
		free(name);
	}
	if (kind->verdicts) {
		add_pair(rows->table, "saturated", "");
		add_pair(rows->table, "collapsed", "");
	}
}

struct diff_rows *
diff_rows_new(struct table *table, const struct options *options)
{
	struct diff_rows *rows = xcalloc(1, sizeof *rows);

	rows->table = table;
	rows->options = options;
	rows->kind = &diff_kinds[options->per];
	rows->measures = 1 + options->tolerances.count;
	for (int k = 0; k < 2; k++) {
		group_init(&rows->channel[k], rows->measures);
		group_init(&rows->layer[k], rows->measures);
		group_init(&rows->all[k], rows->measures);
	}
	add_columns(rows);
	return rows;
}

/* What is held of a channel, or of a layer that did not end. */
static void
drop(struct diff_rows *rows)
{
	for (int k = 0; k < 2; k++) {
		channel_cells_unref(rows->cells[k]);
		rows->cells[k] = NULL;
		position_sums_end(&rows->sums[k]);
	}
}

void
diff_rows_free(struct diff_rows *rows)
{
	if (!rows)
		return;
	drop(rows);
	for (int k = 0; k < 2; k++) {
		group_done(&rows->channel[k]);
		group_done(&rows->layer[k]);
		group_done(&rows->all[k]);
	}
	position_set_clear(&rows->seen);
	for (size_t k = 0; k < rows->held_count; k++)
		free(rows->held[k]);
	free(rows->held);
	free(rows->joined_kind);
	free(rows->joined_token);
	free(rows);
}

static enum status
begin(void *payload, const struct target *targets)
{
	struct diff_rows *rows = payload;

	rows->targets = targets;
	reset(rows->layer);
	return rows->kind->begin_layer ? rows->kind->begin_layer(rows)
		: STATUS_OK;
}

/* A channel of A waits for that of B, which comes next unless it fails. */
static enum status
channel(void *payload, struct channel_cells *cells)
{
	struct diff_rows *rows = payload;
	size_t side = (size_t)(cells->target - rows->targets);

	channel_cells_unref(rows->cells[side]);
	rows->cells[side] = channel_cells_ref(cells);
	if (side == 0 || !rows->cells[0]
	    || rows->cells[0]->channel != cells->channel)
		return STATUS_OK;
	add_channel(rows->layer, rows->cells);
	return rows->kind->channel ? rows->kind->channel(rows) : STATUS_OK;
}

/* They are said behind the table. */
static void
judge(struct diff_rows *rows)
{
	const struct options *options = rows->options;

	for (size_t k = 0; k < options->condition_count; k++) {
		char *sentence = condition_judge(&options->conditions[k],
			rows->targets->layer, &rows->layer[0],
			&rows->layer[1]);

		if (!sentence)
			continue;
		rows->held = xreallocarray(rows->held, rows->held_count + 1,
			sizeof *rows->held);
		rows->held[rows->held_count++] = sentence;
	}
}

static enum status
end(void *payload)
{
	struct diff_rows *rows = payload;
	enum status status = STATUS_OK;

	if (rows->layer->channels)
		judge(rows);
	if (rows->layer->channels && rows->kind->end_layer)
		status = rows->kind->end_layer(rows);
	drop(rows);
	return status;
}

struct cell_sink
diff_rows_sink(struct diff_rows *rows)
{
	return (struct cell_sink){
		.rows = rows, .abreast = 2,
		.begin = begin, .channel = channel, .end = end,
	};
}

enum status
diff_rows_end(struct diff_rows *rows)
{
	return rows->kind->end && rows->all->channels ? rows->kind->end(rows)
		: STATUS_OK;
}

bool
diff_rows_judge(const struct diff_rows *rows)
{
	for (size_t k = 0; k < rows->held_count; k++)
		report("%s", rows->held[k]);
	return rows->held_count > 0;
}
