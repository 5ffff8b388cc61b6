/*
 * The options of all subcommands: one table (options.c) makes getopt_long's
 * arrays, the parsing and the text of --help (help.c).
 */
#ifndef SRC_OPTIONS_H
#define SRC_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "core/measure.h"
#include "core/status.h"
#include "src/selection.h"

struct completion_shell;
struct condition;
struct writer;

/* Which subcommand an option belongs to. */
enum subcommand_bit {
	ON_VIEW = 1, ON_INFO = 2, ON_COMPUTE = 4, ON_SPECTRUM = 8,
	ON_RENDER = 16, ON_DIFF = 32, ON_ALL = 63,

	/* Those that make a table of ESS. */
	ON_TABLES = ON_COMPUTE | ON_DIFF,
};

/* What one row of the table stands for. */
enum per { PER_CELL, PER_CHANNEL, PER_POSITION, PER_LAYER, PER_FILE };

/* Extra columns of --with. */
enum with {
	WITH_METHOD, WITH_ERROR, WITH_FLOOR, WITH_ENTROPY_ERROR, WITH_COUNT,
};

/* How a view is shown: what --view, --measure, ... say, checked. */
struct appearance {
	const char *view;               /* alone; "screen": all; NULL: not said */
	const char *focus;
	const struct measure_kind *measure;
	int reducer, scale, spacing, palette;   /* -1: not said */
	const char *limits;             /* as typed; NULL: not said */
	bool signs;                     /* T with its sign */
	size_t zooms[2], begins[2];     /* of positions, of channels; */
	bool zoomed;                    /* if it was said */
};

struct tolerance_list {
	struct tolerance *items;
	const char **typed;             /* as on the command line */
	size_t count;
};

struct options {
	const char **commands;          /* -c, in their order; the array owned */
	size_t command_count;
	const char *play, *record;      /* files; NULL: none */
	const char *config;             /* instead of the usual ones */
	bool no_config, fresh;
	bool demo;                      /* the sample, in place of a FILE */
	const struct completion_shell *completion;
	bool names;                     /* of layers, alone */
	bool tolerance_given, colour_given, batch_given;
	enum { ASK_RUN, ASK_HELP, ASK_VERSION, ASK_CONFIG,
		ASK_COMPLETION } ask;
	char *const *paths;             /* borrowed from argv */
	size_t path_count;
	struct selection selection;
	struct tolerance_list tolerances;
	struct condition *conditions;   /* --fail-if; the array owned */
	size_t condition_count;
	enum per per;
	enum with with[WITH_COUNT];     /* in the order given */
	size_t with_count;
	const struct writer *writer;
	const char *output;             /* NULL: standard output */
	int choice;                     /* enum method_choice, */
	const char *method_typed;       /* by this option; NULL: none */
	size_t threads;                 /* 0: one per core */
	size_t memory;                  /* 0: the default */
	size_t cache_size;              /* bytes on disk; 0: no cache */
	bool cache_size_given;          /* else options_cache_size tells */
	size_t batch;                   /* element of batch axes */
	bool json, check;
	const char *colour;
	int glyphs;                     /* 0: by locale, 1: ASCII, 2: UTF-8 */
	bool mouse, light, watch, low;
	struct appearance appearance;
	const struct picture_format *picture;   /* NULL: by the output */
	int rows, columns;              /* of a picture in text; 0: by view */
};

struct subcommand {
	const char *name;
	const char *synopsis;           /* what follows "esscope " */
	const char *summary;            /* one line */
	const char *details;            /* after the options; or NULL */
	enum subcommand_bit bit;
	enum per per;                   /* without --per */
	int (*run)(const struct options *options);
};

/* One row of the table of options. */
struct option_spec {
	const char *name;               /* long */
	char letter;                    /* short, or 0 */
	const char *argument;           /* "GLOB", or NULL */
	unsigned subcommands;           /* or of enum subcommand_bit */
	enum status (*take)(struct options *options, const char *argument);
	const char *help;               /* lines of at most 52 characters */
};

extern const struct option_spec option_specs[];   /* NULL-named at the end */

/* "cell", "channel", ... */
extern const char *const per_names[];             /* by enum per; NULL-ended */
extern const char *const with_names[];            /* by enum with; NULL-ended */

/* Parses argv[1..]. Borrows argv; options_done frees. */
enum status options_parse(struct options *out, const struct subcommand *sub,
	int argc, char **argv);
void options_done(struct options *options);

/* --cache-size, else $ESSCOPE_CACHE_SIZE, else 1 GiB. */
enum status options_cache_size(size_t *out, const struct options *options);

/* Where the sample has something to see, unless another place is given. */
void options_demo(struct options *options);

/* --rel-tol 1e-3, where no tolerance is given. */
void options_default_tolerance(struct options *options);

/* "ess_rel_1e-3", as its column is called; for free(). */
char *tolerance_name(const struct tolerance_list *list, size_t k);

#endif
