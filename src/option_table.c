/*
 * The one table of options, and how each takes its value. Values are checked
 * as far as that needs no file: what is malformed is a usage error before
 * anything is opened.
 */
#include "src/options.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/hankel.h"
#include "core/util.h"
#include "src/condition.h"
#include "src/demo.h"
#include "src/option_appearance.h"
#include "src/option_limits.h"
#include "src/option_run.h"
#include "src/writer.h"
#include "ui/colour.h"

const char *const per_names[] = {
	[PER_CELL] = "cell", [PER_CHANNEL] = "channel",
	[PER_POSITION] = "position", [PER_LAYER] = "layer",
	[PER_FILE] = "file", NULL,
};

const char *const with_names[] = {
	[WITH_METHOD] = "method", [WITH_ERROR] = "error",
	[WITH_FLOOR] = "floor", [WITH_ENTROPY_ERROR] = "entropy_error", NULL,
};

/* The place of text (n bytes) in a NULL-ended list; -1 where it is not. */
static int
find_name(const char *const *names, const char *text, size_t n)
{
	for (int k = 0; names[k]; k++) {
		if (strlen(names[k]) == n && !memcmp(names[k], text, n))
			return k;
	}
	return -1;
}

static enum status
take_help(struct options *options, const char *argument)
{
	(void)argument;
	options->ask = ASK_HELP;
	return STATUS_OK;
}

static enum status
take_version(struct options *options, const char *argument)
{
	(void)argument;
	options->ask = ASK_VERSION;
	return STATUS_OK;
}

static enum status
take_json(struct options *options, const char *argument)
{
	(void)argument;
	options->json = true;
	return STATUS_OK;
}

static enum status
take_check(struct options *options, const char *argument)
{
	(void)argument;
	options->check = true;
	return STATUS_OK;
}

static enum status
take_layer(struct options *options, const char *argument)
{
	struct selection *selection = &options->selection;

	selection->layers = xreallocarray(selection->layers,
		selection->layer_count + 1, sizeof *selection->layers);
	selection->layers[selection->layer_count++] = argument;
	return STATUS_OK;
}

static enum status
take_channel(struct options *options, const char *argument)
{
	struct channel_list list;
	enum status status = channel_list_parse(&list, argument);

	if (status)
		return status;
	free(options->selection.channels.spans);
	options->selection.channels = list;
	return STATUS_OK;
}

static enum status
take_position(struct options *options, const char *argument)
{
	return position_range_parse(&options->selection.range, argument);
}

static enum status
take_interior(struct options *options, const char *argument)
{
	(void)argument;
	options->selection.interior = true;
	return STATUS_OK;
}

/* The whole text as a number (LC_NUMERIC is "C"), finite and >= 0. */
static bool
parse_tolerance(double *out, const char *text)
{
	char *end;
	double value;

	if (isspace((unsigned char)*text))
		return false;
	value = strtod(text, &end);
	if (end == text || *end || !isfinite(value) || value < 0)
		return false;
	*out = value;
	return true;
}

static enum status
add_tolerance(struct options *options, bool relative, const char *name,
	const char *typed)
{
	struct tolerance_list *list = &options->tolerances;
	struct tolerance tol = {
		.kind = relative ? TOLERANCE_RELATIVE : TOLERANCE_ABSOLUTE,
	};

	if (!parse_tolerance(&tol.value, typed))
		return status_set(STATUS_USAGE, "--%s '%s': expected a finite "
			"number, at least 0, as in 1e-3", name, typed);
	for (size_t k = 0; k < list->count; k++) {
		if (list->items[k].kind == tol.kind
		    && !strcmp(list->typed[k], typed))
			return status_set(STATUS_USAGE,
				"--%s %s is given twice", name, typed);
	}
	list->items = xreallocarray(list->items, list->count + 1,
		sizeof *list->items);
	list->typed = xreallocarray(list->typed, list->count + 1,
		sizeof *list->typed);
	list->items[list->count] = tol;
	list->typed[list->count++] = typed;
	return STATUS_OK;
}

void
options_default_tolerance(struct options *options)
{
	if (!options->tolerances.count)
		add_tolerance(options, true, "rel-tol", "1e-3");
}

void
options_demo(struct options *options)
{
	if (!options->selection.layer_count)
		take_layer(options, DEMO_LAYER);
	if (!options->tolerances.count)
		add_tolerance(options, true, "rel-tol", DEMO_TOLERANCE);
}

static enum status
take_tol(struct options *options, const char *argument)
{
	return add_tolerance(options, false, "tol", argument);
}

static enum status
take_rel_tol(struct options *options, const char *argument)
{
	return add_tolerance(options, true, "rel-tol", argument);
}

/* The screen starts at one layer: the last one given. */
static enum status
take_one_layer(struct options *options, const char *argument)
{
	options->selection.layer_count = 0;
	return take_layer(options, argument);
}

/* The screen has one tolerance: the last one given. */
static enum status
take_one_tol(struct options *options, const char *argument)
{
	options->tolerances.count = 0;
	return take_tol(options, argument);
}

static enum status
take_one_rel_tol(struct options *options, const char *argument)
{
	options->tolerances.count = 0;
	return take_rel_tol(options, argument);
}

static enum status
take_per(struct options *options, const char *argument)
{
	int k = find_name(per_names, argument, strlen(argument));

	if (k < 0)
		return status_set(STATUS_USAGE, "--per '%s': expected cell, "
			"channel, position, layer or file", argument);
	options->per = (enum per)k;
	return STATUS_OK;
}

static enum status
take_fail_if(struct options *options, const char *argument)
{
	struct condition condition;
	enum status status = condition_parse(&condition, argument);

	if (status)
		return status;
	options->conditions = xreallocarray(options->conditions,
		options->condition_count + 1, sizeof *options->conditions);
	options->conditions[options->condition_count++] = condition;
	return STATUS_OK;
}

static enum status
add_with(struct options *options, int with)
{
	for (size_t k = 0; k < options->with_count; k++) {
		if (options->with[k] == (enum with)with)
			return status_set(STATUS_USAGE,
				"--with %s is given twice", with_names[with]);
	}
	options->with[options->with_count++] = (enum with)with;
	return STATUS_OK;
}

static enum status
take_with(struct options *options, const char *argument)
{
	const char *p = argument;

	for (;;) {
		size_t n = strcspn(p, ",");
		int k = find_name(with_names, p, n);
		enum status status;

		if (k < 0)
			return status_set(STATUS_USAGE, "--with '%s': "
				"expected method, error, floor, "
				"entropy_error, or several with commas "
				"between", argument);
		status = add_with(options, k);
		if (status || !p[n])
			return status;
		p += n + 1;
	}
}

static enum status
choose_method(struct options *options, int choice, const char *typed)
{
	if (options->method_typed && choice != options->choice)
		return status_set(STATUS_USAGE, "%s after %s: one of them "
			"decides the method", typed, options->method_typed);
	options->method_typed = typed;
	options->choice = choice;
	return STATUS_OK;
}

static enum status
take_exact(struct options *options, const char *argument)
{
	(void)argument;
	return choose_method(options, CHOICE_EXACT, "--exact");
}

static enum status
take_method(struct options *options, const char *argument)
{
	int choice;

	if (!method_choice_parse(&choice, argument))
		return status_set(STATUS_USAGE, "--method '%s': expected "
			"auto, direct, block, state or sliding", argument);
	return choose_method(options, choice, "--method");
}

static enum status
take_format(struct options *options, const char *argument)
{
	for (size_t k = 0; writers[k]; k++) {
		if (!strcmp(writers[k]->name, argument)) {
			options->writer = writers[k];
			return STATUS_OK;
		}
	}
	return status_set(STATUS_USAGE,
		"--format '%s': expected tsv, csv or jsonl", argument);
}

static enum status
take_output(struct options *options, const char *argument)
{
	if (!*argument)
		return status_set(STATUS_USAGE,
			"--output '': expected the name of a file, or -");
	options->output = argument;
	return STATUS_OK;
}

const struct option_spec option_specs[] = {
	{ "tol", 0, "X", ON_VIEW | ON_RENDER, take_one_tol,
	  "start with the absolute tolerance X: singular values\n"
	  "above X are counted" },
	{ "rel-tol", 0, "X", ON_VIEW | ON_RENDER, take_one_rel_tol,
	  "start with the relative tolerance X: singular values\n"
	  "above X times the largest (default 1e-3)" },
	{ "layer", 0, "NAME", ON_VIEW | ON_RENDER, take_one_layer,
	  "start at the layer of that name, or the first that a\n"
	  "wildcard matches" },
	{ "channel", 0, "C", ON_VIEW | ON_RENDER, take_channel,
	  "start at channel (head) C, 0-based" },
	{ "position", 0, "I", ON_VIEW | ON_RENDER, take_position,
	  "start at position I, from 1 to L-1" },
	{ "view", 0, "NAME", ON_VIEW | ON_RENDER, take_view,
	  "that view alone, as map or spectrum; screen: all\n"
	  "(default: screen; of render: map)" },
	{ "focus", 0, "NAME", ON_VIEW | ON_RENDER, take_focus,
	  "the view that has the focus (default: map)" },
	{ "measure", 0, "NAME", ON_VIEW | ON_RENDER, take_measure,
	  "what is shown of a cell, as tolerance (default),\n"
	  "entropy or utilisation" },
	{ "reducer", 0, "NAME", ON_VIEW | ON_RENDER, take_reducer,
	  "cells that share a pixel: max (default), mean or min" },
	{ "scale", 0, "NAME", ON_VIEW | ON_RENDER, take_scale,
	  "colours end at: auto (default), ceiling or seen" },
	{ "limits", 0, "LOW,HIGH", ON_VIEW | ON_RENDER, take_limits,
	  "colours end there instead, in every layer" },
	{ "spacing", 0, "NAME", ON_VIEW | ON_RENDER, take_spacing,
	  "colours between: linear (default), log or sqrt" },
	{ "palette", 0, "NAME", ON_VIEW | ON_RENDER, take_palette,
	  "colours of the map, as inferno (default) or viridis" },
	{ "signed", 0, NULL, ON_VIEW | ON_RENDER, take_signed,
	  "the operator view shows T with its sign, not |T|" },
	{ "zoom", 0, "N@I", ON_VIEW | ON_RENDER, take_zoom,
	  "positions halved N times, from I on; behind a comma\n"
	  "the same of channels" },
	{ "demo", 0, NULL, ON_VIEW, take_demo,
	  "open the dump of a trained model that comes with\n"
	  "esscope" },
	{ "fresh", 0, NULL, ON_VIEW, take_fresh,
	  "do not begin where a dump was left the last time" },
	{ "fresh", 0, NULL, ON_RENDER, take_fresh,
	  "as always here: nothing is kept of the last time" },
	{ "config", 0, "FILE", ON_VIEW | ON_RENDER, take_config,
	  "read FILE instead of the usual configuration" },
	{ "no-config", 0, NULL, ON_VIEW | ON_RENDER, take_no_config,
	  "read no configuration" },
	{ "print-config", 0, NULL, ON_VIEW, take_print_config,
	  "print one that changes nothing, to begin with" },
	{ "print-completion", 0, "SHELL", ON_VIEW, take_print_completion,
	  "print the completion for bash, zsh or fish" },
	{ "command", 'c', "COMMAND", ON_VIEW | ON_RENDER, take_command,
	  "run COMMAND at the start; may be repeated" },
	{ "play", 0, "FILE", ON_VIEW, take_play,
	  "run the commands in FILE, then leave the screen\n"
	  "to the keyboard, or end where there is none" },
	{ "play", 0, "FILE", ON_RENDER, take_play,
	  "run the commands in FILE before the picture" },
	{ "record", 0, "FILE", ON_VIEW, take_record,
	  "write what is typed into FILE, for --play" },
	{ "size", 0, "COLSxROWS", ON_VIEW, take_size,
	  "run --play and -c without a terminal, on a screen of\n"
	  "that size (default, if there is none: 80x24)" },
	{ "size", 0, "COLSxROWS", ON_RENDER, take_size,
	  "of a picture in text (default: 100 columns and the\n"
	  "rows it needs; screen: 160x48)" },
	{ "memory", 0, "SIZE", ON_VIEW | ON_RENDER, take_memory,
	  "keep at most SIZE of computed spectra, as in 512M\n"
	  "(default: a quarter of RAM, at most 256M)" },
	{ "cache-size", 0, "SIZE", ON_VIEW | ON_RENDER | ON_TABLES
	  | ON_SPECTRUM, take_cache_size,
	  "keep at most SIZE of spectra and of restart points of\n"
	  "large members on disk for the next time (default: 1G)" },
	{ "no-cache", 0, NULL, ON_VIEW | ON_RENDER | ON_TABLES
	  | ON_SPECTRUM, take_no_cache,
	  "neither read nor write there" },
	{ "color", 0, "WHEN", ON_VIEW | ON_RENDER, take_color,
	  "auto (default), truecolor, 256, 16 or mono" },
	{ "ascii", 0, NULL, ON_VIEW | ON_RENDER, take_ascii,
	  "draw with ASCII only" },
	{ "utf8", 0, NULL, ON_VIEW, take_utf8,
	  "draw with blocks and lines, whatever the locale" },
	{ "no-mouse", 0, NULL, ON_VIEW, take_no_mouse,
	  "leave the mouse to the terminal" },
	{ "low-bandwidth", 0, NULL, ON_VIEW, take_low,
	  "for slow lines: one value a cell, few colours" },
	{ "no-watch", 0, NULL, ON_VIEW, take_no_watch,
	  "do not look whether files have changed" },
	{ "light", 0, NULL, ON_VIEW | ON_RENDER, take_light,
	  "the terminal's background is light" },

	{ "batch", 0, "K", ON_ALL, take_batch,
	  "element K of batch axes, 0-based (default 0)" },
	{ "check", 0, NULL, ON_INFO, take_check,
	  "every value against esscope-dump(5), and what to\n"
	  "change; exit 1 if anything is wrong" },
	{ "names", 0, NULL, ON_INFO, take_names,
	  "the names of the layers alone, one a line" },
	{ "json", 0, NULL, ON_INFO, take_json,
	  "one JSON document" },

	{ "layer", 0, "GLOB", ON_TABLES, take_layer,
	  "layers by name or wildcard; may be repeated" },
	{ "channel", 0, "LIST", ON_TABLES, take_channel,
	  "channels (heads), 0-based, as in 0,3,5-7" },
	{ "position", 0, "RANGE", ON_TABLES, take_position,
	  "one position, or a Python slice of 0..L-1 as in\n"
	  "100:200, ::8 or -64: (0 is dropped)" },
	{ "interior", 0, NULL, ON_TABLES, take_interior,
	  "only positions i with i >= TSS and L-i >= TSS\n"
	  "(L/4 <= i < 3L/4 where TSS is not bounded)" },
	{ "tol", 0, "X", ON_TABLES, take_tol,
	  "count singular values above X; may be repeated" },
	{ "rel-tol", 0, "X", ON_TABLES, take_rel_tol,
	  "count those above X times the largest; may be\n"
	  "repeated (default 1e-3)" },
	{ "per", 0, "WHAT", ON_COMPUTE, take_per,
	  "a row per cell (default), channel, position, layer\n"
	  "or file" },
	{ "per", 0, "WHAT", ON_DIFF, take_per,
	  "a row per cell, channel, position, layer (default)\n"
	  "or file" },
	{ "fail-if", 0, "EXPR", ON_DIFF, take_fail_if,
	  "exit status 1 where that holds for a layer, as in\n"
	  "'ess drop > 10%'; may be repeated" },
	{ "with", 0, "LIST", ON_COMPUTE, take_with,
	  "further columns per cell: method,error,floor,\n"
	  "entropy_error" },
	{ "exact", 0, NULL, ON_VIEW | ON_RENDER | ON_TABLES, take_exact,
	  "only methods exact to 1e-9 of the largest singular\n"
	  "value: never sliding" },
	{ "format", 0, "NAME", ON_TABLES, take_format,
	  "tsv (default), csv or jsonl" },
	{ "format", 0, "NAME", ON_RENDER, take_picture,
	  "txt, ans, svg, pdf or png, or numbers: tsv, csv,\n"
	  "jsonl or npy (default: by the name of OUT, else txt,\n"
	  "or ans to a terminal)" },
	{ "output", 'o', "OUT", ON_TABLES | ON_RENDER, take_output,
	  "write to OUT, complete or not at all" },

	{ "layer", 0, "NAME", ON_SPECTRUM, take_layer,
	  "the layer, by name or by a wildcard only it matches" },
	{ "channel", 0, "C", ON_SPECTRUM, take_channel,
	  "the channel (head), 0-based" },
	{ "position", 0, "I", ON_SPECTRUM, take_position,
	  "the position, from 1 to L-1" },

	{ "method", 0, "NAME", ON_VIEW | ON_RENDER | ON_TABLES, take_method,
	  "auto (default), direct, block, state or sliding" },
	{ "threads", 0, "N", ON_VIEW | ON_RENDER | ON_TABLES, take_threads,
	  "worker threads (default: one per core)" },
	{ "help", 'h', NULL, ON_ALL, take_help,
	  "show this help and exit" },
	{ "version", 'V', NULL, ON_ALL, take_version,
	  "show the version and exit" },
	{ NULL, 0, NULL, 0, NULL, NULL },
};
