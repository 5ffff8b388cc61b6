/*
 * Certificates: over random and trained operators, every a < p < b, what is
 * computed at p lies within what is said of it from a and b, and the bounds
 * are worth something.
 *
 * usage: test_interlacing [FILE...] (dumps to look at instead of these)
 */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/hankel.h"
#include "core/interlacing.h"
#include "core/linalg.h"
#include "core/util.h"
#include "tests/tap.h"

static const struct tolerance tolerances[] = {
	{ TOLERANCE_RELATIVE, 0 }, { TOLERANCE_RELATIVE, 1e-6 },
	{ TOLERANCE_RELATIVE, 1e-3 }, { TOLERANCE_RELATIVE, 0.1 },
	{ TOLERANCE_RELATIVE, 1 }, { TOLERANCE_ABSOLUTE, 1e-4 },
	{ TOLERANCE_ABSOLUTE, 0.03 }, { TOLERANCE_ABSOLUTE, 1 },
};

/* One channel, all of it known. */
struct channel {
	const struct layer *layer;
	struct spectra *spectra;        /* items[i - 1] is position i */
	struct step_norms *norms;
};

struct tally {
	size_t cells, wrong, certain;
	double width, most;             /* of bounds; of what structure says */
};

static bool
within(const struct channel *channel, const size_t at[3], bool with_norms,
	struct tally *tally)
{
	const struct spectrum *items = channel->spectra->items - 1;
	const struct spectrum *truth = &items[at[1]];
	struct neighbours known = { channel->layer,
		at[0] ? &items[at[0]] : NULL, at[2] ? &items[at[2]] : NULL,
		with_norms ? channel->norms : NULL };
	struct value_bounds s1 = interlacing_largest(&known, at[1]);
	size_t wrong = tally->wrong;

	tally->wrong += truth->values[0] < s1.low * (1 - 1e-12)
		|| truth->values[0] > s1.high * (1 + 1e-12);
	for (size_t k = 0; k < LENGTH(tolerances); k++) {
		struct count_bounds bounds = interlacing_count(&known, at[1],
			tolerances[k]);
		size_t count = ess_tolerance(truth, tolerances[k]);

		tally->cells++;
		tally->wrong += count < bounds.low || count > bounds.high;
		tally->certain += bounds.low == bounds.high;
		tally->width += (double)(bounds.high - bounds.low);
		tally->most += (double)hankel_count(channel->layer, at[1]);
	}
	return tally->wrong == wrong;
}

/* Every triple of a short operator, as many at random of a long one; each
 * also with one neighbour alone, and without norms. */
static struct tally
all_triples(const struct channel *channel)
{
	size_t L = channel->layer->length, step = L > 80 ? L / 20 : 1;
	struct tally tally = { 0 };

	for (size_t a = 1 + (size_t)random() % step; a < L; a += step)
		for (size_t b = a + 2; b < L; b += step)
			for (size_t p = a + 1; p < b; p += step) {
				size_t at[3] = { a, p, b };

				within(channel, at, true, &tally);
				at[random() % 2 ? 0 : 2] = 0;
				within(channel, at, random() % 2, &tally);
			}
	return tally;
}

/* Known at p itself: nothing is left open, but for ties. */
static bool
tight(const struct channel *channel)
{
	const struct spectrum *items = channel->spectra->items - 1;
	bool same = true;

	for (size_t p = 1; p < channel->layer->length; p++)
		for (size_t k = 1; k < 4; k++) {
			struct neighbours known = { channel->layer, &items[p],
				NULL, channel->norms };
			struct value_bounds s1 = interlacing_largest(&known,
				p);
			struct count_bounds bounds = interlacing_count(&known,
				p, (struct tolerance){ TOLERANCE_ABSOLUTE,
				tolerances[k].value });
			size_t count = ess_tolerance(&items[p],
				(struct tolerance){ TOLERANCE_ABSOLUTE,
				tolerances[k].value });

			same &= bounds.low == count && bounds.high == count
				&& s1.high - s1.low <= 1e-6 * s1.high;
		}
	return same;
}

static void
test_channel(const struct layer *layer, size_t index,
	struct workspace *work, const char *what)
{
	struct channel channel = { .layer = layer };
	struct operator *op = NULL;
	size_t L = layer->length;
	size_t *positions = xcalloc(L, sizeof *positions);
	struct tally tally;

	for (size_t i = 1; i < L; i++)
		positions[i - 1] = i;
	if (operator_open(&op, layer, index) != STATUS_OK
	    || hankel_spectra(&channel.spectra, work,
		&(struct hankel_request){ .op = op, .positions = positions,
			.count = L - 1 }) != STATUS_OK
	    || step_norms_new(&channel.norms, work, op) != STATUS_OK) {
		ok(false, "%s: %s", what, status_text());
		exit(1);
	}
	tally = all_triples(&channel);
	ok(!tally.wrong, "%s %s %zu: %zu of %zu outside, %zu certain, "
		"width %.3f of what structure allows", what, layer->name,
		index, tally.wrong, tally.cells, tally.certain,
		tally.width / tally.most);
	ok(tally.width < 0.8 * tally.most && tally.certain,
		"and they say something");
	ok(tight(&channel), "all of it where p itself is known");
	operator_close(op);
	spectra_free(channel.spectra);
	step_norms_free(channel.norms);
	free(positions);
}

static void
test_dump(char *path, const char *what, size_t layers)
{
	struct dump_list list = { 0 };
	struct workspace *work = workspace_new();

	if (dump_open(&list, path, (size_t)1 << 28) != STATUS_OK) {
		ok(false, "%s: %s", path, status_text());
		exit(1);
	}
	for (size_t k = 0; k < list.dumps[0]->layer_count && k < layers; k++) {
		struct layer *layer = &list.dumps[0]->layers[k];

		if (layer_resolve(layer) != STATUS_OK) {
			ok(false, "%s: %s", path, layer->error);
			exit(1);
		}
		test_channel(layer, layer->channels - 1, work, what);
	}
	workspace_free(work);
	dump_list_close(&list);
}

static void
test_analytic(const char *kind, const char *arguments)
{
	const char *build = getenv("builddir");
	char *path = xasprintf("test_interlacing_%s_%d.npz", kind,
		(int)getpid());
	char *line = xasprintf("'%s/samples/analytic' %s %s -o %s",
		build ? build : ".", kind, arguments, path);

	if (system(line) != 0) {
		ok(false, "%s", line);
		exit(1);
	}
	test_dump(path, kind, 1);
	unlink(path);
	free(line);
	free(path);
}

static void
test_sample(const char *name, size_t layers)
{
	const char *source = getenv("srcdir");
	char *path = xasprintf("%s/samples/%s.npz", source ? source : ".",
		name);

	test_dump(path, name, layers);
	free(path);
}

int
main(int argc, char **argv)
{
	srandom(3);
	linalg_start();
	for (int k = 1; k < argc; k++)
		test_dump(argv[k], argv[k], SIZE_MAX);
	if (argc > 1)
		return done();
	test_analytic("softmax", "-L 40 -n 4");
	test_analytic("delay", "-L 40 -n 6");
	test_analytic("delay", "-L 40 -n 6 --as dense");
	test_analytic("recurrence", "-L 40 -n 5");
	test_sample("mqar_gla_n16_h1_kv8", 2);
	test_sample("text_hybrid_step900", 4);
	return done();
}
