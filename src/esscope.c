/*
 * esscope: the Effective State-Size of sequence models, from dumps of their
 * operators. main picks the subcommand; the table here is all it knows.
 */
#include <errno.h>
#include <locale.h>
#include <malloc.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/blas_kernels.h"
#include "core/linalg.h"
#include "src/commands.h"
#include "src/completion.h"
#include "src/help.h"
#include "src/options.h"
#include "src/report.h"
#include "ui/settings.h"

static const char definitions[] =
	"A cell is one H_i = T[i:, :i], 1 <= i < L: all that the inputs before i can\n"
	"still do to the outputs from i on. ess_abs_X counts its singular values above\n"
	"X, ess_rel_X those above X times the largest; ess_entropy is exp(-sum p ln p),\n"
	"p = s / sum(s). The ceiling is min(i, L-i, TSS).\n"
	"_mean is the mean over positions, then the plain mean over channels; _total the\n"
	"sum over channels of width x mean over positions; _min and _max are over cells.\n"
	"saturated counts channels with ESS >= 0.9 TSS on at least half of the interior\n"
	"positions, collapsed those with ESS <= 0.1 TSS, by the first tolerance (where\n"
	"TSS is not bounded, by the ceiling). positions of --per file are those of any\n"
	"layer, each counted once.\n";

static const char differences[] =
	"A and B are dumps of the same layers: two checkpoints, an edit, two texts.\n"
	"Layers are matched by name, channels and positions by number; what only one\n"
	"of them has is left out, with a line on standard error. Columns are those of\n"
	"compute, means for groups: a_M of A, b_M of B and a_minus_b_M of each M.\n"
	"\n"
	"EXPR is QUANTITY drop|rise|change >|>= NUMBER[%], judged for each layer:\n"
	"  ess, entropy            its mean ESS, by the first tolerance or by entropy\n"
	"  saturated, collapsed    how many of its channels are\n"
	"drop is A - B, rise B - A, change either; % is of what it is in A.\n"
	"  esscope diff before.npz after.npz --fail-if 'ess drop > 10%'\n";

static const char document[] =
	"--json prints {\"schema\": 1, \"dumps\": [...]}. A dump has file, model, files,\n"
	"bytes, tokens, layers, extras, notes and meta; a layer has name, label, kind,\n"
	"assumed, channels, width, length, batches, batch, tss, tss_rule, state_size,\n"
	"factors, notes and error. What is not known is null.\n";

/* Spectra come and go by the half megabyte: what is freed goes back to the
 * system, where glibc by itself would come to keep pieces up to 32 MiB: 50 MB
 * with a large dump. */
static void
limit_pieces(void)
{
#ifdef M_MMAP_THRESHOLD
	mallopt(M_MMAP_THRESHOLD, 256 << 10);
	/* It no longer grows by itself: what a frame takes stays. */
	mallopt(M_TRIM_THRESHOLD, 8 << 20);
#endif
}

/* The first is the one without a word. */
static const struct subcommand subcommands[] = {
	{
		.name = "view",
		.synopsis = "[view] [OPTION]... [FILE]...",
		.summary = "The screen; ? shows its keys. Without a terminal, "
			"what info prints.",
		.details = "A FILE is a dump (.npz, .npy) or a directory of "
			"them; without one, those here\nare listed; "
			"--demo needs none.\n",
		.bit = ON_VIEW,
		.run = cmd_view,
	},
	{
		.name = "info",
		.synopsis = "info [OPTION]... FILE...",
		.summary = "Model, layers, kinds, shapes, TSS, tokens, "
			"warnings.",
		.details = document,
		.bit = ON_INFO,
		.run = cmd_info,
	},
	{
		.name = "compute",
		.synopsis = "compute [OPTION]... FILE...",
		.summary = "Effective State-Size as a table.",
		.details = definitions,
		.bit = ON_COMPUTE,
		.run = cmd_compute,
	},
	{
		.name = "diff",
		.synopsis = "diff [OPTION]... A B",
		.summary = "ESS of two dumps, A - B: what training, or an "
			"edit, has changed.",
		.details = differences,
		.bit = ON_DIFF,
		.per = PER_LAYER,
		.run = cmd_diff,
	},
	{
		.name = "spectrum",
		.synopsis = "spectrum FILE --layer NAME --channel C "
			"--position I",
		.summary = "Singular values of one H_i = T[i:, :i], largest "
			"first.",
		.bit = ON_SPECTRUM,
		.run = cmd_spectrum,
	},
	{
		.name = "render",
		.synopsis = "render FILE [--view NAME] [OPTION]...",
		.summary = "A view as a picture, without a terminal.",
		.details = "What the view shows is computed first, all of "
			"it.\n",
		.bit = ON_RENDER,
		.run = cmd_render,
	},
	{ .name = NULL },
};

int
usage_error(const char *subcommand, const char *sentence)
{
	bool plain = !strcmp(subcommand, subcommands[0].name);

	report("%s", sentence);
	fprintf(stderr, "Try 'esscope %s%s--help'.\n", plain ? "" : subcommand,
		plain ? "" : " ");
	return 2;
}

/* The subcommand argv[1] names, or NULL. */
static const struct subcommand *
find_subcommand(int argc, char **argv)
{
	for (const struct subcommand *sub = subcommands; sub->name; sub++) {
		if (argc > 1 && !strcmp(argv[1], sub->name))
			return sub;
	}
	return NULL;
}

static int
run(const struct subcommand *sub, int argc, char **argv)
{
	struct options options;
	int code = EXIT_SUCCESS;

	if (options_parse(&options, sub, argc, argv))
		return usage_error(sub->name, status_text());
	if (options.ask == ASK_HELP)
		help_print(sub, subcommands);
	else if (options.ask == ASK_VERSION)
		help_version();
	else if (options.ask == ASK_CONFIG)
		settings_print(stdout);
	else if (options.ask == ASK_COMPLETION)
		options.completion->print(stdout, subcommands);
	else
		code = sub->run(&options);
	options_done(&options);
	return code;
}

/* What could not be written is an error, even at the very end; but where the
 * reader of a pipe has gone, it needs no sentence. The reason is that of the
 * last write, which fails as those before it did; where none was left to do it
 * is the one that is still there, as after --help. */
static int
close_stdout(int code)
{
	bool failed = ferror(stdout);
	int before = failed ? errno : 0;

	errno = 0;
	if (!fclose(stdout) && !failed)
		return code;
	errno = errno ? errno : before;
	if (code == EXIT_SUCCESS && errno != EPIPE)
		report("standard output: cannot write%s%s", errno ? ": " : "",
			errno ? strerror(errno) : "");
	return code == EXIT_SUCCESS ? EXIT_FAILURE : code;
}

/* A word that is neither a command nor a file was meant as one of them. */
static void
hint_command(int argc, char **argv)
{
	if (argc > 1 && argv[1][0] != '-' && !strpbrk(argv[1], "./")
	    && access(argv[1], F_OK))
		report("is '%s' a command? See esscope --help.", argv[1]);
}

int
main(int argc, char **argv)
{
	const struct subcommand *sub = find_subcommand(argc, argv);
	int code;

	limit_pieces();
	setlocale(LC_ALL, "");
	setlocale(LC_NUMERIC, "C");
	signal(SIGPIPE, SIG_IGN);       /* a closed pipe is a write error */
	blas_kernels_choose();
	linalg_start();
	code = sub ? run(sub, argc - 1, argv + 1)
		: run(&subcommands[0], argc, argv);
	if (!sub && code == EXIT_FAILURE)
		hint_command(argc, argv);
	return close_stdout(code);
}
