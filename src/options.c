/*
 * From argv to struct options, by way of getopt_long: its arrays are made from
 * the table, so that a subcommand knows exactly its own options.
 */
#include "src/options.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "core/hankel.h"
#include "core/util.h"
#include "src/writer.h"
#include "ui/colour_scale.h"
#include "ui/measure_table.h"

/* What getopt_long returns for the k-th option: above any letter. */
enum { FIRST_OPTION = 256 };

/* getopt_long's two arrays of one subcommand's options. */
struct getopt_arrays {
	struct option *longs;
	char *shorts;
};

static size_t
count_specs(void)
{
	size_t count = 0;

	while (option_specs[count].name)
		count++;
	return count;
}

static struct getopt_arrays
make_arrays(const struct subcommand *sub)
{
	size_t total = count_specs(), used = 0;
	struct getopt_arrays arrays = {
		xcalloc(total + 1, sizeof *arrays.longs),
		xcalloc(total + 1, 2),
	};
	char *p = arrays.shorts;

	*p++ = ':';     /* tell a missing argument from an unknown option */

	for (int k = 0; option_specs[k].name; k++) {
		const struct option_spec *spec = &option_specs[k];

		if (!(spec->subcommands & sub->bit))
			continue;
		arrays.longs[used++] = (struct option){
			.name = spec->name,
			.has_arg = spec->argument ? required_argument
				: no_argument,
			.val = FIRST_OPTION + k,
		};
		if (spec->letter)
			*p++ = spec->letter;
		if (spec->letter && spec->argument)
			*p++ = ':';
	}
	return arrays;
}

static const struct option_spec *
find_spec(const struct subcommand *sub, int found)
{
	if (found >= FIRST_OPTION)
		return &option_specs[found - FIRST_OPTION];
	for (const struct option_spec *spec = option_specs; spec->name; spec++) {
		if ((spec->subcommands & sub->bit) && spec->letter == found)
			return spec;
	}
	return NULL;
}

/* How many of its options begin as typed ("--pos", "--t=1"). */
static size_t
count_prefix(const struct subcommand *sub, const char *typed)
{
	const char *name = typed + strspn(typed, "-");
	size_t count = 0;

	for (const struct option_spec *spec = option_specs; spec->name; spec++)
		count += (spec->subcommands & sub->bit)
			&& !strncmp(spec->name, name, strcspn(name, "="));
	return count;
}

/* found: what getopt_long returned for what it could not take. */
static enum status
refuse(const struct subcommand *sub, int found, char *const *argv)
{
	const char *typed = argv[optind - 1];

	if (found == ':')
		return status_set(STATUS_USAGE, "option '%s' needs a value",
			typed);
	if (optopt >= FIRST_OPTION)
		return status_set(STATUS_USAGE, "option '--%s' takes no value",
			option_specs[optopt - FIRST_OPTION].name);
	if (optopt)
		return status_set(STATUS_USAGE, "unknown option '-%c'",
			optopt);
	return status_set(STATUS_USAGE, count_prefix(sub, typed) > 1
		? "option '%s' is the beginning of several"
		: "unknown option '%s'", typed);
}

static enum status
parse_all(struct options *options, const struct subcommand *sub, int argc,
	char **argv)
{
	struct getopt_arrays arrays = make_arrays(sub);
	enum status status = STATUS_OK;
	int found;

	opterr = 0;
	while (!status && options->ask == ASK_RUN && (found = getopt_long(argc,
	    argv, arrays.shorts, arrays.longs, NULL)) != -1) {
		const struct option_spec *spec = find_spec(sub, found);

		status = spec ? spec->take(options, optarg)
			: refuse(sub, found, argv);
	}
	free(arrays.longs);
	free(arrays.shorts);
	return status;
}

static bool
fits_measure(const struct appearance *appearance)
{
	struct colour_limits limits;

	return !appearance->limits || !appearance->measure
		|| colour_limits_read(&limits, appearance->limits,
		appearance->measure);
}

/* What only all options together tell. */
static enum status
check(const struct options *options, const struct subcommand *sub)
{
	if (options->demo && options->path_count)
		return status_set(STATUS_USAGE, "--demo opens a dump of its "
			"own; expected no FILE");
	/* The screen lets one choose. */
	if (!options->path_count && sub->bit != ON_VIEW)
		return status_set(STATUS_USAGE, "no FILE is given");
	if (!fits_measure(&options->appearance))
		return status_set(STATUS_USAGE, "--limits '%s': %s is on a log "
			"scale, which has no 0", options->appearance.limits,
			options->appearance.measure->title);
	if (options->with_count && options->per != PER_CELL)
		return status_set(STATUS_USAGE, "--with needs --per cell: "
			"means have no method, error or floor of their own");
	return STATUS_OK;
}

/* A relative tolerance so small may count what other methods drop. */
static const double exact_below = 1e-6;

static void
settle_choice(struct options *options)
{
	const struct tolerance_list *list = &options->tolerances;

	for (size_t k = 0; k < list->count; k++)
		if (options->choice == CHOICE_AUTO
		    && list->items[k].kind == TOLERANCE_RELATIVE
		    && list->items[k].value < exact_below)
			options->choice = CHOICE_EXACT;
}

enum status
options_parse(struct options *out, const struct subcommand *sub, int argc,
	char **argv)
{
	struct options options = {
		.per = sub->per, .writer = writers[0],
		.colour = "auto", .mouse = true, .watch = true,
		.appearance = { .reducer = -1, .scale = -1, .spacing = -1,
			.palette = -1 },
	};
	enum status status = parse_all(&options, sub, argc, argv);

	if (!status && options.ask == ASK_RUN) {
		options.paths = argv + optind;
		options.path_count = (size_t)(argc - optind);
		status = check(&options, sub);
	}
	if (!status && options.demo)
		options_demo(&options);
	options.tolerance_given = options.tolerances.count > 0;
	if (!status)
		options_default_tolerance(&options);
	settle_choice(&options);
	if (status)
		options_done(&options);
	else
		*out = options;
	return status;
}

void
options_done(struct options *options)
{
	selection_done(&options->selection);
	free(options->tolerances.items);
	free(options->tolerances.typed);
	free(options->conditions);
	free(options->commands);
}

char *
tolerance_name(const struct tolerance_list *list, size_t k)
{
	return xasprintf("ess_%s_%s", list->items[k].kind == TOLERANCE_ABSOLUTE
		? "abs" : "rel", list->typed[k]);
}
