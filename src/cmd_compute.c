/*
 * esscope compute: each argument is opened, computed and closed before the
 * next, so that any number of dumps can be given. What fails costs one line on
 * stderr and its own rows.
 */
#include "src/commands.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/cache.h"
#include "core/dump.h"
#include "src/ending.h"
#include "src/inputs.h"
#include "src/options.h"
#include "src/output.h"
#include "src/pipeline.h"
#include "src/reading.h"
#include "src/report.h"
#include "src/rows.h"
#include "src/table.h"
#include "src/target.h"

struct compute {
	const struct options *options;
	struct output *output;
	struct table *table;
	struct rows *rows;
	struct pipeline *pipeline;
	struct progress progress;
	struct cache *cache;            /* of restart points, or NULL */
	size_t complaints;              /* of the dump under way */
	bool failed;
};

/* Layers of a dump that cannot be used and are named. */
enum { COMPLAINTS_MOST = 20 };

static void
ignore(void *payload, bool failed, const char *sentence)
{
	(void)payload, (void)failed, (void)sentence;
}

static void
complain(void *payload, bool failed, const char *sentence)
{
	struct compute *compute = payload;

	if (compute->complaints++ < COMPLAINTS_MOST)
		report("%s", sentence);
	compute->failed |= failed;
}

/* Adds up what all arguments will take. What cannot be opened is reported
 * when its turn comes. */
static void
survey(struct compute *compute)
{
	const struct options *options = compute->options;

	for (size_t k = 0; k < options->path_count; k++) {
		struct dump_list dumps;

		if (target_open(&dumps, options->paths[k], options))
			continue;
		for (size_t d = 0; d < dumps.count; d++) {
			struct target_list targets = target_select(
				dumps.dumps[d], &options->selection, ignore,
				NULL);

			pipeline_expect(&compute->progress, &targets,
				options);
			free(targets.items);
		}
		dump_list_close(&dumps);
	}
}

static struct target_list
select_targets(struct compute *compute, struct dump *dump)
{
	struct target_list targets;

	compute->complaints = 0;
	targets = target_select(dump, &compute->options->selection, complain,
		compute);
	if (compute->complaints > COMPLAINTS_MOST)
		report("%s: and %zu more such lines; esscope info names all",
			dump->label, compute->complaints - COMPLAINTS_MOST);
	return targets;
}

static enum status
compute_dump(struct compute *compute, struct dump *dump)
{
	struct target_list targets = select_targets(compute, dump);
	enum status status;

	rows_begin_dump(compute->rows, dump);
	status = pipeline_run(compute->pipeline, &targets, &compute->failed);
	if (!status)
		status = rows_end_dump(compute->rows);
	free(targets.items);
	return status;
}

static enum status
compute_path(struct compute *compute, const char *path)
{
	struct dump_list dumps;
	enum status status = STATUS_OK;

	if (target_open(&dumps, path, compute->options)) {
		compute->complaints = 0;
		complain(compute, true, status_text());
		return STATUS_OK;
	}
	if (dumps.skipped)
		report("%s", dumps.skipped);
	reading_keep(&dumps, compute->cache);
	ending_keep(&dumps);
	for (size_t d = 0; d < dumps.count && !status; d++)
		status = compute_dump(compute, dumps.dumps[d]);
	ending_keep(NULL);
	dump_list_close(&dumps);
	return status;
}

static enum status
compute_all(struct compute *compute)
{
	const struct options *options = compute->options;
	enum status status = pipeline_new(&compute->pipeline, options,
		rows_sink(compute->rows), &compute->progress);

	for (size_t k = 0; k < options->path_count && !status; k++)
		status = compute_path(compute, options->paths[k]);
	pipeline_free(compute->pipeline);
	report_progress_end();
	return status;
}

int
cmd_compute(const struct options *options)
{
	struct compute compute = { .options = options };
	enum status status = inputs_spare(options->paths, options->path_count,
		options->output);

	if (!status)
		status = reading_open(&compute.cache, options);
	if (!status)
		status = output_open(&compute.output, options->output);
	if (status) {
		cache_close(compute.cache);
		report("%s", status_text());
		return EXIT_FAILURE;
	}
	compute.table = table_new(options->writer, compute.output);
	compute.rows = rows_new(compute.table, options);
	survey(&compute);
	pipeline_announce(&compute.progress, options);
	status = compute_all(&compute);
	if (!table_rows(compute.table))
		compute.failed = true;
	status = table_finish(compute.table, status);
	report_failure(status);
	rows_free(compute.rows);
	table_free(compute.table);
	cache_close(compute.cache);
	return status || compute.failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
