/*
 * The atlas against a plain table of spectra: what it says is known, comes
 * back bit for bit and is counted as a loop over the values counts it; it
 * never passes its budget, and what was seen last goes last.
 */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/atlas.h"
#include "core/packed.h"
#include "core/util.h"
#include "tests/tap.h"

enum { LENGTH_MOST = 400, VALUES_MOST = 90, CHANNELS = 12 };

/* What the atlas was given: the table it is held against. */
struct table {
	struct layer layer;
	struct spectrum cells[CHANNELS][LENGTH_MOST];
	double *values[CHANNELS][LENGTH_MOST];
};

/* Values that descend, some equal, some 0, some far below the others. */
static double *
random_values(size_t count)
{
	double *values = xcalloc(count + 1, sizeof *values), s = drand48();

	for (size_t k = 0; k < count; k++) {
		long kind = random() % 8;

		s = kind == 0 ? s : kind == 1 && k > 4 ? s * 1e-40
			: s * drand48();
		values[k] = s < 1e-300 ? 0 : s;
	}
	return values;
}

static struct table *
table_new(size_t length)
{
	struct table *table = xcalloc(1, sizeof *table);

	table->layer.length = length;
	for (size_t c = 0; c < CHANNELS; c++)
		for (size_t i = 1; i < length; i++) {
			size_t count = (size_t)random() % (VALUES_MOST + 1);

			table->values[c][i] = random_values(count);
			table->cells[c][i] = (struct spectrum){
				.position = i, .count = count,
				.values = table->values[c][i],
				.sum = drand48(), .entropy = drand48(),
				.error = drand48(), .floor = drand48(),
				.unlisted = (size_t)random() % 100,
				.tail = drand48(), .entropy_error = drand48(),
				.method = random() % 2 ? METHOD_STATE
					: METHOD_DIRECT,
			};
		}
	return table;
}

static void
table_free(struct table *table)
{
	for (size_t c = 0; c < CHANNELS; c++)
		for (size_t i = 1; i < table->layer.length; i++)
			free(table->values[c][i]);
	free(table);
}

/* Positions begin, begin + stride, ... of a channel, as a job gives them. */
static struct packed *
block_of(const struct table *table, size_t channel, size_t begin,
	size_t stride)
{
	struct spectra *spectra = NULL;
	struct packed *packed = NULL;

	if (spectra_new(&spectra, table->layer.length, 1) != STATUS_OK)
		exit(1);
	for (size_t i = begin; i < table->layer.length; i += stride)
		spectra->items[spectra->count++] = table->cells[channel][i];
	if (packed_of(&packed, spectra) != STATUS_OK)
		exit(1);
	spectra_free(spectra);
	return packed;
}

static bool
same(const struct spectrum *a, const struct spectrum *b)
{
	return a->position == b->position && a->count == b->count
		&& a->sum == b->sum && a->entropy == b->entropy
		&& a->error == b->error && a->floor == b->floor
		&& a->method == b->method && a->unlisted == b->unlisted
		&& a->tail == b->tail && a->entropy_error == b->entropy_error
		&& !memcmp(a->values, b->values, a->count * sizeof(double));
}

/* Every cell the atlas holds is the table's; returns how many it holds. */
static size_t
held(const struct atlas *atlas, const struct table *table, size_t channel,
	bool *right)
{
	size_t count = 0;

	for (size_t i = 1; i < table->layer.length; i++) {
		struct spectrum have;
		bool is = atlas_get(&have, atlas, &table->layer, channel, i);

		*right &= is == atlas_holds(atlas, &table->layer, channel, i);
		*right &= !is || same(&have, &table->cells[channel][i]);
		count += is;
	}
	*right &= count == atlas_known(atlas, &table->layer, channel);
	return count;
}

/* Coarse to fine, in more blocks than a strip keeps, some cells twice. */
static void
fill(struct atlas *atlas, const struct table *table, size_t channel)
{
	for (size_t stride = 64; stride; stride /= 2)
		for (size_t part = 0; part < 3; part++)
			atlas_put(atlas, &table->layer, channel,
				block_of(table, channel, stride * (1 + part),
					3 * stride));
	atlas_put(atlas, &table->layer, channel,
		block_of(table, channel, 1, 1));
}

static void
test_round_trip(struct table *table)
{
	struct atlas *atlas = atlas_new((size_t)64 << 20);
	struct spectrum none;
	bool right = true, full = true;

	ok(!atlas_get(&none, atlas, &table->layer, 0, 1)
		&& !atlas_holds(atlas, &table->layer, 0, 1)
		&& atlas_known(atlas, &table->layer, 0) == 0,
		"an empty atlas knows nothing");
	for (size_t c = 0; c < CHANNELS; c++) {
		fill(atlas, table, c);
		full &= held(atlas, table, c, &right)
			== table->layer.length - 1;
	}
	ok(full && right, "L=%zu: every cell comes back bit for bit",
		table->layer.length);
	atlas_free(atlas);
}

static size_t
naive(const struct spectrum *s, struct tolerance tol)
{
	double threshold = tolerance_threshold(tol, s);
	size_t count = 0;

	for (size_t k = 0; k < s->count; k++)
		count += s->values[k] > threshold;
	return count;
}

/* A threshold that values of the cell sit on, or just beside. */
static struct tolerance
delicate(const struct spectrum *s)
{
	struct tolerance tol = { TOLERANCE_ABSOLUTE, 0 };

	if (s->count && random() % 8)
		tol.value = s->values[(size_t)random() % s->count];
	if (random() % 3 == 0)
		tol.value = nextafter(tol.value, random() % 2 ? 1 : 0);
	if (random() % 2) {
		tol.kind = TOLERANCE_RELATIVE;
		if (s->count && s->values[0] > 0)
			tol.value /= s->values[0];
	}
	return tol;
}

static bool
counts_right(const struct atlas *atlas, const struct table *table,
	size_t channel, size_t begin, size_t end, struct tolerance tol)
{
	uint32_t counts[LENGTH_MOST];
	bool right = atlas_count(counts, atlas, &table->layer, channel, begin,
		end, tol);

	for (size_t i = begin; i < end; i++)
		right &= counts[i - begin] == (atlas_holds(atlas,
			&table->layer, channel, i)
			? naive(&table->cells[channel][i], tol) : ESS_UNKNOWN);
	return right;
}

static void
test_counts(struct table *table)
{
	struct atlas *atlas = atlas_new((size_t)64 << 20);
	size_t L = table->layer.length, wrong = 0;
	uint32_t counts[LENGTH_MOST];

	ok(!atlas_count(counts, atlas, &table->layer, 0, 1, L,
		TOLERANCE_DEFAULT), "no counts of what is not there");
	for (size_t c = 0; c < CHANNELS; c++) {
		if (c % 2)
			fill(atlas, table, c);
		else
			atlas_put(atlas, &table->layer, c,
				block_of(table, c, 1, 3));
		for (int k = 0; k < 400; k++) {
			size_t i = 1 + (size_t)random() % (L - 1);
			size_t begin = (size_t)random() % L;
			size_t end = begin + (size_t)random() % (L - begin + 1);

			wrong += !counts_right(atlas, table, c, begin, end,
				delicate(&table->cells[c][i]));
		}
	}
	ok(wrong == 0, "L=%zu: counts are exactly #{s > tau}, on ties too", L);
	atlas_free(atlas);
}

/* What is given at random under a budget too small for it. */
/* The nearest cells, looked for one by one. */
static void
test_nearest(struct table *table)
{
	struct atlas *atlas = atlas_new((size_t)64 << 20);
	const struct layer *layer = &table->layer;
	size_t wrong = 0;

	atlas_put(atlas, layer, 0, block_of(table, 0, 150, 97));
	atlas_put(atlas, layer, 0, block_of(table, 0, 1, 130));
	for (size_t i = 0; i <= layer->length; i++) {
		struct spectrum near;
		size_t a = i, b = i;

		while (a-- > 0 && !atlas_holds(atlas, layer, 0, a))
			continue;
		while (++b < layer->length
			&& !atlas_holds(atlas, layer, 0, b))
			continue;
		wrong += atlas_before(&near, atlas, layer, 0, i)
			? near.position != a : a != SIZE_MAX;
		wrong += atlas_after(&near, atlas, layer, 0, i)
			? near.position != b : b < layer->length;
	}
	ok(!wrong, "L=%zu: the nearest known cells on both sides",
		layer->length);
	atlas_free(atlas);
}

static void
test_budget(struct table *table, size_t budget)
{
	struct atlas *atlas = atlas_new(budget);
	size_t most = 0, cells = 0;
	bool right = true, strict = true;

	for (int k = 0; k < 2000; k++) {
		size_t channel = (size_t)random() % CHANNELS;
		size_t stride = 1 + (size_t)random() % 7;

		if (random() % 50 == 0)
			atlas_fail(atlas, &table->layer, channel,
				"a sentence of some length");
		atlas_put(atlas, &table->layer, channel, block_of(table,
			channel, 1 + (size_t)random() % stride, stride));
		most = size_max(most, atlas_bytes(atlas));
		strict &= atlas_bytes(atlas) <= budget;
		cells = size_max(cells, held(atlas, table, channel, &right));
	}
	ok(strict, "a budget of %zu is kept: at most %zu", budget, most);
	ok(right, "and what is held is right");
	ok(cells > 10 && most > budget / 2, "and used: %zu cells at once",
		cells);
	atlas_free(atlas);
}

/* Of equal strips in a budget for five, the last five seen stay. */
static void
test_order(struct table *table)
{
	struct packed *one = block_of(table, 0, 1, 1);
	size_t bytes = packed_bytes(one->count, one->value_count);
	struct atlas *atlas = atlas_new(5 * bytes + bytes / 2 + 4096);
	const struct layer *layer = &table->layer;

	for (size_t c = 0; c < 5; c++)
		atlas_put(atlas, layer, c, packed_ref(one));
	atlas_touch(atlas, layer, 0);
	atlas_touch(atlas, layer, 2);
	atlas_put(atlas, layer, 5, packed_ref(one));
	atlas_put(atlas, layer, 6, packed_ref(one));
	ok(!atlas_known(atlas, layer, 1) && !atlas_known(atlas, layer, 3),
		"what was not seen for longest is gone");
	ok(atlas_known(atlas, layer, 0) && atlas_known(atlas, layer, 2)
		&& atlas_known(atlas, layer, 4) && atlas_known(atlas, layer, 5)
		&& atlas_known(atlas, layer, 6), "the rest is there");
	atlas_free(atlas);
	packed_unref(one);
}

/* On the screen are strips 0 .. 3, the cursor in 1: of what is seen that is
 * the only one that never goes, and others go before all of them. */
static void
test_view(struct table *table)
{
	struct packed *one = block_of(table, 0, 1, 1);
	size_t bytes = packed_bytes(one->count, one->value_count);
	struct atlas *atlas = atlas_new(5 * bytes + bytes / 2 + 4096);
	const struct layer *layer = &table->layer;
	bool right = true;

	for (size_t c = 0; c < 3; c++)
		atlas_put(atlas, layer, c, packed_ref(one));
	atlas_look(atlas, (struct atlas_view){ layer, 0, 4, 1 });
	ok(atlas_seen_bytes(atlas) == atlas_bytes(atlas),
		"all there is is on the screen");
	for (size_t c = 4; c < 40; c++)
		atlas_put(atlas, layer, c, packed_ref(one));
	for (size_t c = 0; c < 3; c++)
		right &= atlas_known(atlas, layer, c) == one->count;
	ok(right && atlas_known(atlas, layer, 38)
		&& atlas_known(atlas, layer, 39)
		&& !atlas_known(atlas, layer, 37),
		"what is not on the screen goes first");
	ok(atlas_seen_bytes(atlas) + 2 * bytes < atlas_bytes(atlas)
		&& atlas_bytes(atlas) < atlas_seen_bytes(atlas)
			+ 2 * bytes + 2048, "and its bytes are told apart");
	atlas_look(atlas, (struct atlas_view){ layer, 0, 40, 1 });
	for (size_t c = 4; c < 40; c++)
		atlas_put(atlas, layer, c, packed_ref(one));
	ok(atlas_known(atlas, layer, 1) == one->count
		&& !atlas_known(atlas, layer, 0)
		&& atlas_bytes(atlas) <= atlas_budget(atlas),
		"the cursor's stays even then");
	atlas_free(atlas);
	packed_unref(one);
}

/* What comes, goes and fails is told; what is asked is not. */
static void
test_changes(struct table *table)
{
	struct atlas *atlas = atlas_new(1200000);
	uint32_t before = atlas_changes(atlas, &table->layer), after;
	bool told = true;

	for (size_t channel = 0; channel < 4; channel++) {
		fill(atlas, table, channel);
		after = atlas_changes(atlas, &table->layer);
		told &= after != before;
		before = after;
	}
	ok(told, "what comes is told, and what goes for it");
	atlas_known(atlas, &table->layer, 1);
	atlas_touch(atlas, &table->layer, 1);
	ok(atlas_changes(atlas, &table->layer) == before,
		"what is asked is not");
	atlas_fail(atlas, &table->layer, 0, "no");
	ok(atlas_changes(atlas, &table->layer) != before,
		"what fails is told");
	atlas_free(atlas);
}

static void
test_compact(void)
{
	struct table *table = table_new(257);
	struct atlas *atlas = atlas_new((size_t)64 << 20);
	size_t before = atlas_bytes(atlas), bytes, numbers = 0;

	for (size_t i = 1; i < table->layer.length; i++) {
		table->cells[0][i].count = size_min(16,
			table->cells[0][i].count);
		numbers += table->cells[0][i].count;
	}
	atlas_put(atlas, &table->layer, 0, block_of(table, 0, 1, 1));
	bytes = atlas_bytes(atlas) - before
		- numbers * (sizeof(double) + sizeof(int16_t));
	ok(bytes < 76 * (table->layer.length - 1),
		"%.1f bytes a cell besides its values and their keys",
		(double)bytes / (double)(table->layer.length - 1));
	atlas_free(atlas);
	table_free(table);
}

/* Is that very block among those of a channel? */
static bool
is_kept(const struct atlas *atlas, const struct table *table, size_t channel,
	const struct packed *block)
{
	struct packed *blocks[ATLAS_BLOCKS];
	size_t count = atlas_blocks(blocks, atlas, &table->layer, channel);
	bool found = false;

	for (size_t k = 0; k < count; k++) {
		found |= blocks[k] == block;
		packed_unref(blocks[k]);
	}
	return found;
}

/* A channel swept after some of its cells were looked at. */
static void
test_sweep(struct table *table)
{
	struct atlas *atlas = atlas_new((size_t)64 << 20);
	struct packed *sweep = packed_ref(block_of(table, 0, 1, 1));
	bool right = true;

	for (size_t i = 7; i < 5 * 30; i += 30)
		atlas_put(atlas, &table->layer, 0, block_of(table, 0, i,
			LENGTH_MOST));
	atlas_put(atlas, &table->layer, 0, sweep);
	ok(is_kept(atlas, table, 0, sweep) && held(atlas, table, 0, &right)
		== LENGTH_MOST - 1 && right, "a sweep over known cells is "
		"kept as it is, and each cell once");
	packed_unref(sweep);

	sweep = packed_ref(block_of(table, 1, 1, 1));
	table->values[1][40][0] = 2;
	table->cells[1][40].count = 1;
	atlas_put(atlas, &table->layer, 1, block_of(table, 1, 40,
		LENGTH_MOST));
	atlas_put(atlas, &table->layer, 1, sweep);
	ok(!is_kept(atlas, table, 1, sweep) && held(atlas, table, 1, &right)
		== LENGTH_MOST - 1 && right, "but what is known otherwise "
		"stays as it was");
	packed_unref(sweep);
	atlas_free(atlas);
}

int
main(void)
{
	static const size_t lengths[] = { 2, 3, 64, 65, LENGTH_MOST };

	srandom(1);
	srand48(1);
	for (size_t k = 0; k < LENGTH(lengths); k++) {
		struct table *table = table_new(lengths[k]);

		test_round_trip(table);
		test_counts(table);
		test_nearest(table);
		if (lengths[k] == LENGTH_MOST) {
			test_budget(table, 50000);
			test_budget(table, 400000);
			test_budget(table, 1200000);
			test_order(table);
			test_view(table);
			test_changes(table);
			test_sweep(table);
		}
		table_free(table);
	}
	test_compact();
	return done();
}
