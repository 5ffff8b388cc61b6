/*
 * Dumps of operators whose Effective State-Size is known in closed form: to
 * test against, and to learn what the program shows. A family is one line of
 * the table and the functions that give its numbers.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "samples/arguments.h"
#include "samples/npz_write.h"

struct recipe {
	const struct family *family;
	size_t length, state, channels; /* L, n */
	uint64_t seed;
	bool dense, single;
	const char *out;
};

/* One factor: its axes in the letters of esscope-dump(5) and its elements by
 * their last two indices, asked for in C order. */
struct part {
	const char *name, *axes;
	double (*value)(struct recipe *recipe, size_t i, size_t j);
};

enum { PARTS = 4 };

struct family {
	const char *name, *closed_form;
	const char *kind;               /* of the factors */
	struct part parts[PARTS];       /* ended by a NULL name */
	struct part dense;              /* NULL name: only as factors */
};

static double
one(struct recipe *recipe, size_t i, size_t j)
{
	(void)recipe, (void)i, (void)j;
	return 1;
}

static double
zero(struct recipe *recipe, size_t i, size_t j)
{
	(void)recipe, (void)i, (void)j;
	return 0;
}

static double
diagonal(struct recipe *recipe, size_t i, size_t j)
{
	(void)recipe;
	return i == j;
}

static double
lower(struct recipe *recipe, size_t i, size_t j)
{
	(void)recipe;
	return i >= j;
}

static double
subdiagonal(struct recipe *recipe, size_t i, size_t j)
{
	return i >= j && i - j == recipe->state;
}

static double
last_tap(struct recipe *recipe, size_t channel, size_t tap)
{
	(void)channel;
	return tap == recipe->state;
}

static double
noise(struct recipe *recipe, size_t i, size_t j)
{
	(void)i, (void)j;
	return draw(&recipe->seed);
}

static double
sharp_noise(struct recipe *recipe, size_t i, size_t j)
{
	(void)i, (void)j;
	return 3 * draw(&recipe->seed);
}

/* Slow enough that no direction of the state is lost to rounding. */
static double
log_decay(struct recipe *recipe, size_t i, size_t j)
{
	(void)i, (void)j;
	return -0.02 * (1 + draw(&recipe->seed));
}

static const struct family families[] = {
	{ "identity", "H_i = 0, so every ESS is 0", "toeplitz",
	  { { "h", "HO", one } }, { "T", "HLL", diagonal } },
	{ "cumsum", "H_i is all ones: rank 1, s1 = sqrt(i (L - i))", "decay",
	  { { "q", "HLO", one }, { "k", "HLO", one } },
	  { "T", "HLL", lower } },
	{ "delay", "y_t = u_{t-n}: min(n, i, L - i) singular values, all 1",
	  "toeplitz", { { "h", "HK", last_tap } },
	  { "T", "HLL", subdiagonal } },
	{ "recurrence", "random state of size n: rank min(n, i, L - i)",
	  "decay", { { "q", "HLN", noise }, { "k", "HLN", noise },
	  { "la", "HLN", log_decay } }, { 0 } },
	{ "uniform", "softmax of q = k = 0, T_ij = 1 / (i + 1): rank 1, "
	  "s1 = sqrt(i sum_{r=i+1..L} 1 / r^2)", "softmax",
	  { { "q", "HLN", zero }, { "k", "HLN", zero } }, { 0 } },
	{ "softmax", "random q and k: rank min(i, L - i)", "softmax",
	  { { "q", "HLN", sharp_noise }, { "k", "HLN", sharp_noise } },
	  { 0 } },
};

enum { FAMILIES = sizeof families / sizeof families[0] };

static void
help(void)
{
	puts("usage: analytic KIND [OPTION]... -o OUT.npz\n\n"
		"Writes a dump of operators whose Effective State-Size is "
		"known. KIND is one of\n");
	for (size_t i = 0; i < FAMILIES; i++)
		printf("  %-11s %s\n", families[i].name,
			families[i].closed_form);
	puts("\nwhere H_i = T[i:, :i] and 1 <= i < L. Options:\n\n"
		"  -L N              positions (default 256)\n"
		"  -n N              state size; steps of delay (default 8)\n"
		"      --channels C  channels or heads (default 1)\n"
		"      --seed S      of what is random (default 1)\n"
		"      --as FORM     factors (default) or dense, where T itself\n"
		"                    is simple: identity, cumsum, delay\n"
		"      --dtype TYPE  f8 (default) or f4\n"
		"  -o, --output OUT  the file to write\n"
		"      --help        this text");
}

static size_t
count(const char *option, const char *text)
{
	return arguments_count(option, text, 1);
}

static const struct family *
family_named(const char *name)
{
	for (size_t i = 0; i < FAMILIES; i++)
		if (!strcmp(families[i].name, name))
			return &families[i];
	arguments_die(2, name, "no such kind; see analytic --help");
}

static bool
choice(const char *option, const char *text, const char *no, const char *yes)
{
	if (strcmp(text, no) && strcmp(text, yes))
		arguments_die(2, option, "see analytic --help for what it can be");
	return !strcmp(text, yes);
}

static struct recipe
parse(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "channels", required_argument, NULL, 'c' },
		{ "seed", required_argument, NULL, 's' },
		{ "as", required_argument, NULL, 'a' },
		{ "dtype", required_argument, NULL, 'd' },
		{ "output", required_argument, NULL, 'o' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	struct recipe recipe = { .length = 256, .state = 8, .channels = 1,
		.seed = 1 };
	int c;

	while ((c = getopt_long(argc, argv, "L:n:o:", longs, NULL)) != -1) {
		switch (c) {
		case 'L': recipe.length = count("-L", optarg); break;
		case 'n': recipe.state = count("-n", optarg); break;
		case 'c': recipe.channels = count("--channels", optarg); break;
		case 's': recipe.seed = count("--seed", optarg); break;
		case 'a':
			recipe.dense = choice("--as", optarg, "factors",
				"dense");
			break;
		case 'd':
			recipe.single = choice("--dtype", optarg, "f8", "f4");
			break;
		case 'o': recipe.out = optarg; break;
		case 'h': help(); exit(0);
		default: exit(2);
		}
	}
	if (optind + 1 != argc || !recipe.out)
		arguments_die(2, "usage", "analytic KIND [OPTION]... -o OUT.npz");
	recipe.family = family_named(argv[optind]);
	if (recipe.dense && !recipe.family->dense.name)
		arguments_die(2, recipe.family->name, "has no simple T; leave out --as");
	return recipe;
}

static size_t
axis_size(const struct recipe *recipe, char letter)
{
	switch (letter) {
	case 'H': return recipe->channels;
	case 'L': return recipe->length;
	case 'N': return recipe->state;
	case 'K': return recipe->state + 1;
	default: return 1;      /* O: one */
	}
}

static void
write_part(struct npz_writer *npz, struct recipe *recipe,
	const struct part *part)
{
	struct npz_array array = { .dtype = recipe->single ? NPZ_F32
		: NPZ_F64 };
	size_t inner, middle, outer = 1;
	char name[64];

	snprintf(name, sizeof name, "%s/%s", recipe->family->name, part->name);
	array.name = name;
	for (const char *axis = part->axes; *axis; axis++)
		array.shape[array.rank++] = axis_size(recipe, *axis);
	inner = array.shape[array.rank - 1];
	middle = array.shape[array.rank - 2];
	if (array.rank > 2)
		outer = array.shape[0];
	npz_begin(npz, &array);
	for (size_t o = 0; o < outer; o++)
		for (size_t i = 0; i < middle; i++)
			for (size_t j = 0; j < inner; j++)
				npz_put(npz, part->value(recipe, i, j));
	npz_end(npz);
}

static void
write_meta(struct npz_writer *npz, const struct recipe *recipe)
{
	const struct family *family = recipe->family;
	char meta[1024];

	snprintf(meta, sizeof meta, "{\"esscope\": 1, "
		"\"model\": \"analytic %s\", \"closed_form\": \"%s\", "
		"\"layers\": {\"%s\": {\"kind\": \"%s\", \"length\": %zu}}}",
		family->name, family->closed_form, family->name,
		recipe->dense ? "dense" : family->kind, recipe->length);
	npz_text(npz, "meta", meta);
}

int
main(int argc, char **argv)
{
	struct recipe recipe = parse(argc, argv);
	const struct family *family = recipe.family;
	struct npz_writer *npz = npz_create(recipe.out, 0);

	if (!npz)
		arguments_die(1, recipe.out, strerror(errno));
	write_meta(npz, &recipe);
	if (recipe.dense)
		write_part(npz, &recipe, &family->dense);
	else
		for (const struct part *part = family->parts; part->name;
			part++)
			write_part(npz, &recipe, part);
	if (!npz_close(npz))
		arguments_die(1, recipe.out, strerror(errno));
	return 0;
}
