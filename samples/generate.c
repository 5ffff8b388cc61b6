/*
 * Dumps of any size from a seed: of the shape of a real model, as numbers of
 * the size and sign that its layers have, not trained. Nothing is held in
 * memory, so a dump may be larger than the machine. Each factor of each layer
 * has a seed of its own: one file and a directory of shards hold the same.
 *
 * A family is one line of the table and the functions that give its numbers.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "samples/arguments.h"
#include "samples/npz_write.h"

struct shape {
	const struct family *family;
	size_t layers, channels, length, state;
	uint64_t seed;
	enum npz_dtype dtype;
	int level;                      /* of deflate; 0: stored */
	bool shards;
	const char *out;
};

/* One factor: its axes in the letters of esscope-dump(5), and its next
 * element. scale, where there is one, is of a channel, the first axis. */
struct part {
	const char *name, *axes;
	double (*value)(uint64_t *seed, double scale);
	double (*scale)(size_t channel);
};

struct family {
	const char *name, *what;
	struct part parts[5];           /* ended by a NULL name */
};

/* From 0.001 to 0.1, evenly in the logarithm, as S4D and Mamba begin: 100^u
 * by the bits of u, without libm, whose last bit differs between machines. */
static double
base_step(size_t channel)
{
	static const double root[] = { 10, 3.1622776601683795,
		1.7782794100389228, 1.333521432163324, 1.1547819846894583,
		1.0746078283213176, 1.0366329284376981 };
	uint64_t seed = channel, bits = draw_bits(&seed);
	double step = 1e-3;

	for (size_t i = 0; i < sizeof root / sizeof root[0]; i++)
		step *= bits >> i & 1 ? root[i] : 1;
	return step;
}

/* Four times more or less from position to position. */
static double
step_size(uint64_t *seed, double base)
{
	double u = (draw(seed) + 1) / 2;

	return base * (0.25 + 3.75 * u * u);
}

/* -1, -2, ... -n is what models begin with; any order will do. */
static double
pole(uint64_t *seed, double scale)
{
	(void)scale;
	return -1 - 15 * (draw(seed) + 1) / 2;
}

/* Nearly normal, of variance 1. */
static double
normal(uint64_t *seed, double scale)
{
	(void)scale;
	return draw(seed) + draw(seed) + draw(seed);
}

/* Up to -0.13 a step, as a gate of GLA: logsigmoid / 16. */
static double
log_gate(uint64_t *seed, double scale)
{
	double u = (draw(seed) + 1) / 2;

	(void)scale;
	return -0.13 * u * u;
}

static const struct family families[] = {
	{ "s6", "Mamba: dt (D,L), A (D,N), B and C (L,N)",
	  { { "A", "DN", pole }, { "B", "LN", normal }, { "C", "LN", normal },
	    { "dt", "DL", step_size, base_step } } },
	{ "decay", "gated linear attention: q, k, la (H,L,N)",
	  { { "k", "DLN", normal }, { "la", "DLN", log_gate },
	    { "q", "DLN", normal } } },
	{ "softmax", "attention: q, k (H,L,N)",
	  { { "k", "DLN", normal }, { "q", "DLN", normal } } },
};

enum { FAMILIES = sizeof families / sizeof families[0] };

static void
help(void)
{
	puts("usage: generate KIND [OPTION]... -o OUT\n\n"
		"Writes a dump of any size, of random numbers, without holding "
		"it in memory.\nThe same options give the same bytes. KIND is "
		"one of\n");
	for (size_t i = 0; i < FAMILIES; i++)
		printf("  %-8s %s\n", families[i].name, families[i].what);
	puts("\nOptions:\n\n"
		"      --layers N    (default 2)\n"
		"      --channels D  channels or heads H of a layer (default 8)\n"
		"  -L N              positions (default 256)\n"
		"  -n N              state size, features of a head (default 16)\n"
		"      --seed S      (default 1)\n"
		"      --dtype TYPE  f4 (default), f8 or bf16\n"
		"      --deflate N   level 1 to 9; stored without it\n"
		"      --shards      OUT is a directory, of one file a layer\n"
		"  -o, --output OUT  what to write\n"
		"      --help        this text\n\n"
		"Falcon-Mamba-7B has the shape\n"
		"  generate s6 --layers 64 --channels 8192 -L 2048 -n 16 "
		"-o 7b.npz");
}

static const struct family *
family_named(const char *name)
{
	for (size_t i = 0; i < FAMILIES; i++)
		if (!strcmp(families[i].name, name))
			return &families[i];
	arguments_die(2, name, "no such kind; see generate --help");
}

static enum npz_dtype
dtype_named(const char *name)
{
	if (!strcmp(name, "f4"))
		return NPZ_F32;
	if (!strcmp(name, "f8"))
		return NPZ_F64;
	if (!strcmp(name, "bf16"))
		return NPZ_BF16;
	arguments_die(2, "--dtype", "expected f4, f8 or bf16");
}

static struct shape
parse(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "layers", required_argument, NULL, 'l' },
		{ "channels", required_argument, NULL, 'c' },
		{ "seed", required_argument, NULL, 's' },
		{ "dtype", required_argument, NULL, 'd' },
		{ "deflate", required_argument, NULL, 'z' },
		{ "shards", no_argument, NULL, 'S' },
		{ "output", required_argument, NULL, 'o' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	struct shape shape = { .layers = 2, .channels = 8, .length = 256,
		.state = 16, .seed = 1, .dtype = NPZ_F32 };
	int c;

	while ((c = getopt_long(argc, argv, "L:n:o:", longs, NULL)) != -1) {
		switch (c) {
		case 'l':
			shape.layers = arguments_count("--layers", optarg, 1);
			break;
		case 'c':
			shape.channels = arguments_count("--channels", optarg,
				1);
			break;
		case 'L': shape.length = arguments_count("-L", optarg, 2); break;
		case 'n': shape.state = arguments_count("-n", optarg, 1); break;
		case 's':
			shape.seed = arguments_count("--seed", optarg, 0);
			break;
		case 'd': shape.dtype = dtype_named(optarg); break;
		case 'z':
			shape.level = (int)arguments_count("--deflate", optarg,
				1);
			break;
		case 'S': shape.shards = true; break;
		case 'o': shape.out = optarg; break;
		case 'h': help(); exit(0);
		default: exit(2);
		}
	}
	if (optind + 1 != argc || !shape.out)
		arguments_die(2, "usage", "generate KIND [OPTION]... -o OUT");
	if (shape.level > 9)
		arguments_die(2, "--deflate", "expected a level from 1 to 9");
	shape.family = family_named(argv[optind]);
	return shape;
}

/* A seed that depends on all of them. */
static uint64_t
seed_of(const struct shape *shape, size_t layer, size_t part)
{
	uint64_t seed = shape->seed;

	seed = draw_bits(&seed) + layer;
	seed = draw_bits(&seed) + part;
	return draw_bits(&seed);
}

static void
write_part(struct npz_writer *npz, const struct shape *shape, size_t layer,
	size_t which)
{
	const struct part *part = &shape->family->parts[which];
	struct npz_array array = { .dtype = shape->dtype };
	uint64_t seed = seed_of(shape, layer, which);
	size_t inner = 1;
	char name[64];

	snprintf(name, sizeof name, "layers.%zu/%s", layer, part->name);
	array.name = name;
	for (const char *axis = part->axes; *axis; axis++) {
		array.shape[array.rank] = *axis == 'D' ? shape->channels
			: *axis == 'L' ? shape->length : shape->state;
		inner *= array.rank ? array.shape[array.rank] : 1;
		array.rank++;
	}
	npz_begin(npz, &array);
	for (size_t i = 0; i < array.shape[0] && !npz_failed(npz); i++) {
		double scale = part->scale ? part->scale(i) : 1;

		for (size_t j = 0; j < inner; j++)
			npz_put(npz, part->value(&seed, scale));
	}
	npz_end(npz);
}

static void
write_meta(struct npz_writer *npz, const struct shape *shape)
{
	char meta[512];

	snprintf(meta, sizeof meta, "{\"esscope\": 1, \"model\": \"generated "
		"%s, seed %ju\", %s\"defaults\": {\"kind\": \"%s\"}}",
		shape->family->name, (uintmax_t)shape->seed,
		shape->dtype == NPZ_BF16 ? "\"dtype\": \"bf16\", " : "",
		shape->family->name);
	npz_text(npz, "meta", meta);
}

static struct npz_writer *
create(const struct shape *shape, const char *path)
{
	struct npz_writer *npz = npz_create(path, shape->level);

	if (!npz)
		arguments_die(1, path, strerror(errno));
	write_meta(npz, shape);
	return npz;
}

static void
finish(struct npz_writer *npz, const char *path)
{
	if (!npz_close(npz))
		arguments_die(1, path, strerror(errno));
}

static void
write_layer(struct npz_writer *npz, const struct shape *shape, size_t layer)
{
	for (size_t i = 0; shape->family->parts[i].name; i++)
		write_part(npz, shape, layer, i);
}

static void
write_shards(const struct shape *shape)
{
	size_t room = strlen(shape->out) + sizeof "/layers.1234567890.npz";
	char *path = malloc(room);

	if (!path || (mkdir(shape->out, 0777) && errno != EEXIST))
		arguments_die(1, shape->out, strerror(errno));
	for (size_t i = 0; i < shape->layers; i++) {
		struct npz_writer *npz;

		snprintf(path, room, "%s/layers.%zu.npz", shape->out, i);
		npz = create(shape, path);
		write_layer(npz, shape, i);
		finish(npz, path);
	}
	free(path);
}

int
main(int argc, char **argv)
{
	struct shape shape = parse(argc, argv);
	struct npz_writer *npz;

	if (shape.shards) {
		write_shards(&shape);
		return 0;
	}
	npz = create(&shape, shape.out);
	for (size_t i = 0; i < shape.layers; i++)
		write_layer(npz, &shape, i);
	finish(npz, shape.out);
	return 0;
}
