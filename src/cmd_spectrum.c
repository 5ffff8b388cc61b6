/*
 * esscope spectrum: the singular values of one H_i, one a line, largest
 * first, and nothing else.
 */
#include "src/commands.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/cache.h"
#include "core/dump.h"
#include "core/hankel.h"
#include "core/linalg.h"
#include "core/operator.h"
#include "src/ending.h"
#include "src/options.h"
#include "src/output.h"
#include "src/reading.h"
#include "src/report.h"
#include "src/target.h"

/* What is missing or too much, or NULL. */
static const char *
find_fault(const struct options *options)
{
	const struct selection *selection = &options->selection;
	const struct channel_list *channels = &selection->channels;

	if (options->path_count != 1)
		return "spectrum is of one FILE";
	if (selection->layer_count != 1)
		return "spectrum needs one --layer NAME";
	if (channels->count != 1
	    || channels->spans[0].first != channels->spans[0].last)
		return "spectrum needs one --channel C";
	if (!selection->range.typed || !selection->range.single)
		return "spectrum needs one --position I";
	return NULL;
}

/* The one cell selected. */
struct cell_choice {
	struct layer *layer;
	size_t channel, position;
};

static void
complain(void *payload, bool failed, const char *sentence)
{
	bool *any = payload;

	report("%s", sentence);
	*any |= failed;
}

static bool
choose(struct cell_choice *out, const struct options *options,
	const struct dump_list *dumps)
{
	const struct selection *selection = &options->selection;
	bool failed = false, found;
	struct target_list targets = target_select(dumps->dumps[0], selection,
		complain, &failed);

	found = targets.count == 1 && !failed;
	if (found)
		*out = (struct cell_choice){
			.layer = targets.items[0].layer,
			.channel = selection->channels.spans[0].first,
			.position = targets.items[0].positions.first,
		};
	else if (!failed)
		report("%s: '%s' matches %zu layers; a spectrum is of one",
			dumps->dumps[0]->label, selection->layers[0],
			targets.count);
	free(targets.items);
	return found;
}

static enum status
compute(struct spectra **out, const struct cell_choice *cell)
{
	struct workspace *work = workspace_new();
	struct operator *op = NULL;
	struct hankel_request request = {
		.positions = &cell->position, .count = 1,
		.choice = CHOICE_EXACT,         /* all values are printed */
	};
	enum status status = operator_open(&op, cell->layer, cell->channel);

	if (status)
		goto out;
	if (op->doubt)
		report("%s", op->doubt);
	request.op = op;
	status = hankel_spectra(out, work, &request);
	status_at(status, "%s: %s: channel %zu, position %zu",
		cell->layer->dump->label, cell->layer->label, cell->channel,
		cell->position);
out:
	operator_close(op);
	workspace_free(work);
	return status;
}

/* All values of H_i: those that are 0 by structure are not computed. */
static enum status
print(const struct spectrum *spectrum, const struct layer *layer)
{
	size_t order = hankel_order(layer, spectrum->position);
	struct output *output;
	enum status status = output_open(&output, NULL);

	if (status)
		return status;
	for (size_t k = 0; k < order; k++)
		fprintf(output_stream(output), "%.17g\n",
			k < spectrum->count ? spectrum->values[k] : 0);
	return output_commit(output);
}

static int
run(const struct options *options, const struct dump_list *dumps)
{
	struct cell_choice cell;
	struct spectra *spectra = NULL;
	enum status status;

	if (!choose(&cell, options, dumps))
		return EXIT_FAILURE;
	status = compute(&spectra, &cell);
	if (!status)
		status = print(&spectra->items[0], cell.layer);
	report_failure(status);
	spectra_free(spectra);
	return status ? EXIT_FAILURE : EXIT_SUCCESS;
}

int
cmd_spectrum(const struct options *options)
{
	const char *fault = find_fault(options);
	struct cache *cache = NULL;
	struct dump_list dumps;
	int code;

	if (!fault && reading_open(&cache, options))
		fault = status_text();
	if (fault)
		return usage_error("spectrum", fault);
	if (target_open_one(&dumps, options->paths[0], options)) {
		report("%s", status_text());
		cache_close(cache);
		return EXIT_FAILURE;
	}
	if (dumps.skipped)
		report("%s", dumps.skipped);
	reading_keep(&dumps, cache);
	ending_keep(&dumps);
	code = run(options, &dumps);
	ending_keep(NULL);
	dump_list_close(&dumps);
	cache_close(cache);
	return code;
}
