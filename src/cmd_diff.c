/*
 * esscope diff A B: two dumps, open side by side, in the layers, channels and
 * positions that both have. What fails costs one line on stderr and its own
 * rows, as in compute.
 */
#include "src/commands.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/cache.h"
#include "core/dump.h"
#include "src/diff_match.h"
#include "src/diff_rows.h"
#include "src/ending.h"
#include "src/inputs.h"
#include "src/options.h"
#include "src/output.h"
#include "src/pipeline.h"
#include "src/reading.h"
#include "src/report.h"
#include "src/table.h"
#include "src/target.h"

struct diff {
	const struct options *options;
	struct cache *cache;            /* of restart points, or NULL */
	struct dump_list lists[2];      /* of one dump each */
	struct dump *dumps[2];
	struct output *output;
	struct table *table;
	struct diff_rows *rows;
	struct progress progress;
	bool failed;
};

static void
complain(void *payload, bool failed, const char *sentence)
{
	struct diff *diff = payload;

	report("%s", sentence);
	diff->failed |= failed;
}

/* Both are tried, so that all that is wrong is said. */
static bool
open_dumps(struct diff *diff)
{
	bool opened = true;

	for (int k = 0; k < 2; k++) {
		struct dump_list *list = &diff->lists[k];

		if (target_open_one(list, diff->options->paths[k],
		    diff->options)) {
			complain(diff, true, status_text());
			opened = false;
			continue;
		}
		if (list->skipped)
			report("%s", list->skipped);
		reading_keep(list, diff->cache);
		diff->dumps[k] = list->dumps[0];
	}
	return opened;
}

static enum status
compute(struct diff *diff, const struct target_list *pairs)
{
	struct pipeline *pipeline = NULL;
	enum status status;

	pipeline_expect(&diff->progress, pairs, diff->options);
	pipeline_announce(&diff->progress, diff->options);
	status = pipeline_new(&pipeline, diff->options,
		diff_rows_sink(diff->rows), &diff->progress);
	if (!status)
		status = pipeline_run(pipeline, pairs, &diff->failed);
	if (!status)
		status = diff_rows_end(diff->rows);
	pipeline_free(pipeline);
	report_progress_end();
	return status;
}

static enum status
run(struct diff *diff)
{
	const struct options *options = diff->options;
	struct dump_list both = { .dumps = diff->dumps, .count = 2 };
	struct target_list pairs = diff_match(diff->dumps,
		&options->selection, complain, diff);
	enum status status;

	diff->table = table_new(options->writer, diff->output);
	diff->rows = diff_rows_new(diff->table, options);
	ending_keep(&both);
	status = compute(diff, &pairs);
	ending_keep(NULL);
	if (!pairs.count)
		report("%s and %s have nothing selected in common",
			diff->dumps[0]->label, diff->dumps[1]->label);
	if (!table_rows(diff->table))
		diff->failed = true;
	status = table_finish(diff->table, status);
	report_failure(status);
	diff->failed |= diff_rows_judge(diff->rows);
	diff_rows_free(diff->rows);
	table_free(diff->table);
	free(pairs.items);
	return status;
}

int
cmd_diff(const struct options *options)
{
	struct diff diff = { .options = options };
	enum status status;

	if (options->path_count != 2)
		return usage_error("diff", "diff is of two dumps, A and B");
	status = inputs_spare(options->paths, options->path_count,
		options->output);
	if (!status)
		status = reading_open(&diff.cache, options);
	if (!status)
		status = output_open(&diff.output, options->output);
	if (status)
		complain(&diff, true, status_text());
	else if (open_dumps(&diff))
		status = run(&diff);
	else
		output_discard(diff.output);
	dump_list_close(&diff.lists[0]);
	dump_list_close(&diff.lists[1]);
	cache_close(diff.cache);
	return status || diff.failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
