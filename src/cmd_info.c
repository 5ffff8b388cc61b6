/*
 * esscope info: headers of every layer, no factor. A layer that cannot be used
 * is shown as such, and is a line on stderr.
 */
#include "src/commands.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/dump.h"
#include "core/dump_check.h"
#include "core/operator.h"
#include "core/source.h"
#include "core/store.h"
#include "src/check.h"
#include "src/info.h"
#include "src/options.h"
#include "src/report.h"
#include "src/target.h"

char *
info_tss(char out[INFO_TSS_TEXT], const struct layer *layer)
{
	size_t n = layer->state_size;

	if (layer->tss_rule == TSS_RANK)
		snprintf(out, INFO_TSS_TEXT, "min(i, L-i)");
	else if (layer->tss_rule == TSS_STATE)
		snprintf(out, INFO_TSS_TEXT, "%zu", n);
	else if (n >= layer->length - 1)
		snprintf(out, INFO_TSS_TEXT, "i");
	else
		snprintf(out, INFO_TSS_TEXT, "min(i, %zu)", n);
	return out;
}

unsigned long long
info_bytes(const struct dump *dump)
{
	unsigned long long bytes = 0;

	for (size_t k = 0; k < dump->store_count; k++)
		bytes += dump->stores[k]->source->size;
	return bytes;
}

/* False where a layer cannot be used. */
static bool
resolve_all(struct dump *dump)
{
	bool fine = true;

	for (size_t k = 0; k < dump->layer_count; k++) {
		if (layer_resolve(&dump->layers[k])) {
			report("%s", dump->layers[k].error);
			fine = false;
		}
	}
	return fine;
}

/* What has been shown so far. */
struct info {
	bool check, names;
	json_t *dumps;          /* NULL: as text */
	size_t shown;
	bool failed;
};

static void
show_dump(struct info *info, struct dump *dump)
{
	if (!resolve_all(dump))
		info->failed = true;
	if (info->dumps) {
		json_array_append_new(info->dumps, info_json(dump));
	} else {
		if (info->shown)
			putchar('\n');
		info_text(stdout, dump);
	}
	info->shown++;
}

static void
show_check(struct info *info, struct dump *dump)
{
	struct dump_check *check = dump_check(dump);

	info->failed |= check->wrong > 0;
	if (info->dumps) {
		json_array_append_new(info->dumps, check_json(dump, check));
	} else {
		if (info->shown)
			putchar('\n');
		check_text(stdout, dump, check);
	}
	dump_check_free(check);
	info->shown++;
}

/* No header is read for them. */
static void
show_names(struct info *info, struct dump *dump)
{
	for (size_t k = 0; k < dump->layer_count; k++)
		puts(dump->layers[k].label);
	info->shown++;
}

static void
show_path(struct info *info, const char *path,
	const struct options *options)
{
	struct dump_list dumps;

	if (target_open(&dumps, path, options)) {
		report("%s", status_text());
		info->failed = true;
		return;
	}
	for (size_t d = 0; d < dumps.count; d++)
		(info->names ? show_names : info->check ? show_check
			: show_dump)(info, dumps.dumps[d]);
	dump_list_close(&dumps);
}

static void
print_json(const struct info *info)
{
	json_t *document = json_pack("{s:i, s:O}", "schema", 1,
		info->check ? "checks" : "dumps", info->dumps);

	json_dumpf(document, stdout,
		JSON_INDENT(2) | JSON_ENSURE_ASCII | JSON_REAL_PRECISION(17));
	putchar('\n');
	json_decref(document);
}

int
cmd_info(const struct options *options)
{
	struct info info = {
		.check = options->check,
		.names = options->names,
		.dumps = options->json ? json_array() : NULL,
	};

	for (size_t k = 0; k < options->path_count; k++)
		show_path(&info, options->paths[k], options);
	if (info.dumps && info.shown)
		print_json(&info);
	json_decref(info.dumps);
	return info.failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
