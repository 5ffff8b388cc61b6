/*
 * Parts of many deflated members at once: more of them than keep a place to
 * read on from, asked for by threads while the passes that nobody waits for
 * take turns. They are parts of the whole, all passes end, and closing does not
 * wait for those that have not. And which runs of bytes a part is.
 */
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/cache.h"
#include "core/member_part.h"
#include "core/restart_member.h"
#include "core/store.h"
#include "core/util.h"
#include "samples/arguments.h"
#include "samples/npz_write.h"
#include "tests/tap.h"

enum { MEMBERS = 24, ROWS = 1500, LENGTH_OF = 256, READS = 60 };

static char path[] = "/tmp/esscope-part-XXXXXX";

static double
number_at(size_t member, size_t k)
{
	uint64_t seed = member * ROWS * LENGTH_OF + k;

	return draw(&seed);
}

static bool
write_dump(void)
{
	struct npz_writer *npz = npz_create(path, 1);
	char name[20];
	struct npz_array array = { name, NPZ_F64, 2, { ROWS, LENGTH_OF } };

	if (!npz)
		return false;
	for (size_t m = 0; m < MEMBERS; m++) {
		snprintf(name, sizeof name, "x%zu/dt", m);
		npz_begin(npz, &array);
		for (size_t k = 0; k < (size_t)ROWS * LENGTH_OF; k++)
			npz_put(npz, number_at(m, k));
		npz_end(npz);
	}
	return npz_close(npz);
}

static struct store *
open_dump(struct cache *cache)
{
	struct store *store;

	if (store_open(&store, path)) {
		printf("Bail out! %s\n", status_text());
		exit(1);
	}
	restart_members_set(store->restarts, cache, INFINITY);
	return store;
}

/* A row of a member: how many of its numbers are wrong. */
static size_t
wrong_in(const struct store *store, size_t m, size_t row)
{
	const struct part_wanted wanted = { 0, row, -1, 0 };
	struct tensor_type type = { .dtype = DTYPE_F64, .item = 8, .rank = 2,
		.shape = { ROWS, LENGTH_OF } };
	struct member_part part;
	char name[20];
	struct tensor *tensor;
	struct slice slice;
	double out[LENGTH_OF];
	size_t wrong = 0;

	snprintf(name, sizeof name, "x%zu/dt", m);
	tensor_type_measure(&type);
	if (!member_part_plan(&part, &type, &wanted)
		|| store_load_part(&tensor, store, store_find(store, name),
		&part))
		return LENGTH_OF;
	slice = tensor_slice(tensor);
	slice_row(out, &slice, 0);
	tensor_unref(tensor);
	for (size_t k = 0; k < LENGTH_OF; k++)
		wrong += !(out[k] == number_at(m, row * LENGTH_OF + k));
	return wrong;
}

struct reader {
	const struct store *store;
	uint64_t seed;
	size_t wrong;
	pthread_t thread;
};

static void *
read_rows(void *argument)
{
	struct reader *reader = argument;

	for (int k = 0; k < READS; k++)
		reader->wrong += wrong_in(reader->store,
			draw_bits(&reader->seed) % MEMBERS,
			draw_bits(&reader->seed) % ROWS);
	return NULL;
}

static void
from_threads(const struct store *store)
{
	struct reader readers[3];
	size_t wrong = 0;

	for (size_t k = 0; k < LENGTH(readers); k++) {
		readers[k] = (struct reader){ .store = store, .seed = k };
		pthread_create(&readers[k].thread, NULL, read_rows,
			&readers[k]);
	}
	for (size_t k = 0; k < LENGTH(readers); k++) {
		pthread_join(readers[k].thread, NULL);
		wrong += readers[k].wrong;
	}
	ok(!wrong, "%d rows of %d members from 3 threads, %zu numbers wrong",
		READS, MEMBERS, wrong);
}

/* A fault here is a test that never ends. */
static void
until_all_end(const struct store *store)
{
	const struct timespec moment = { 0, 1000000 };
	uint64_t done, total;

	do {
		nanosleep(&moment, NULL);
		done = total = 0;
		restart_members_progress(store->restarts, &done, &total);
	} while (total);
	ok(true, "passes that nobody waits for end, too");
}

/* Points that are on disk leave memory while others read. */
static void
with_cache(void)
{
	char directory[] = "/tmp/esscope-part-cache-XXXXXX";
	struct cache *cache;
	struct store *store;
	char *command;

	if (!mkdtemp(directory)) {
		printf("Bail out! cannot make a folder\n");
		exit(1);
	}
	cache = cache_open(directory, (size_t)1 << 30, 0);
	store = open_dump(cache);
	from_threads(store);
	until_all_end(store);
	from_threads(store);
	store_close(store);
	cache_close(cache);
	command = xasprintf("rm -r %s", directory);
	if (system(command))
		printf("# cannot remove %s\n", directory);
	free(command);
}

static size_t
below(uint64_t *seed, size_t n)
{
	return (size_t)(draw_bits(seed) % n);
}

/* An array of up to four axes, of which one is cut and perhaps one a batch. */
static void
any_wanted(struct tensor_type *type, struct part_wanted *wanted,
	uint64_t *seed)
{
	*type = (struct tensor_type){ .dtype = DTYPE_U8, .item = 1,
		.rank = 1 + (int)below(seed, 4) };
	type->fortran = below(seed, 2);
	for (int k = 0; k < type->rank; k++)
		type->shape[k] = 1 + below(seed, below(seed, 3) ? 40 : 2000);
	tensor_type_measure(type);
	wanted->axis = (int)below(seed, (size_t)type->rank);
	wanted->index = below(seed, type->shape[wanted->axis]);
	wanted->batch_axis = (int)below(seed, (size_t)type->rank + 1) - 1;
	wanted->batch = 0;
	if (wanted->batch_axis == wanted->axis)
		wanted->batch_axis = -1;
	if (wanted->batch_axis >= 0)
		wanted->batch = below(seed, type->shape[wanted->batch_axis]);
}

/* The bytes of the runs, one after the other, where they lie in an array whose
 * bytes are their own offsets. */
static size_t *
gather(const struct member_part *part)
{
	size_t *out = xmalloc(part->type.bytes * sizeof *out), *to = out;
	size_t turn[TENSOR_RANK_MAX] = { 0 };
	int k;

	do {
		size_t at = part->offset;

		for (k = 0; k < part->loops; k++)
			at += turn[k] * part->stride[k];
		for (size_t b = 0; b < part->run; b++)
			*to++ = at + b;
		for (k = part->loops - 1; k >= 0; k--) {
			if (++turn[k] < part->count[k])
				break;
			turn[k] = 0;
		}
	} while (k >= 0);
	return out;
}

/* Offset of an element, given its index along each axis. */
static size_t
offset_of(const struct tensor_type *type, const size_t *index)
{
	size_t at = 0;

	for (int k = 0; k < type->rank; k++) {
		int axis = type->fortran ? type->rank - 1 - k : k;

		at = at * type->shape[axis] + index[axis];
	}
	return at;
}

/* Does the part hold, in its own order, the elements that are wanted? */
static bool
is_right(const struct member_part *part, const struct tensor_type *type,
	const struct part_wanted *wanted)
{
	size_t index[TENSOR_RANK_MAX] = { 0 }, in[TENSOR_RANK_MAX];
	size_t *bytes = gather(part);
	bool right = wanted->index >= part->first
		&& wanted->index - part->first < part->type.shape[wanted->axis];
	int k = 0;

	while (right && k >= 0) {
		memcpy(in, index, sizeof in);
		in[wanted->axis] += part->first;
		if (wanted->batch_axis >= 0
			&& part->type.shape[wanted->batch_axis] == 1)
			in[wanted->batch_axis] = wanted->batch;
		right = bytes[offset_of(&part->type, index)]
			== offset_of(type, in);
		for (k = part->type.rank - 1; k >= 0; k--) {
			if (++index[k] < part->type.shape[k])
				break;
			index[k] = 0;
		}
	}
	free(bytes);
	return right;
}

static void
of_any_order(void)
{
	size_t parts = 0, scattered = 0, wrong = 0;
	uint64_t seed = 5;

	for (int k = 0; k < 3600; k++) {
		struct tensor_type type;
		struct part_wanted wanted;
		struct member_part part;

		any_wanted(&type, &wanted, &seed);
		if (type.bytes > 1000000
			|| !member_part_plan(&part, &type, &wanted))
			continue;
		parts++;
		scattered += part.loops > 0;
		wrong += !is_right(&part, &type, &wanted)
			|| part.type.bytes > type.bytes / 2
			|| (part.loops && part.run < PART_RUN_LEAST);
	}
	ok(parts > 500 && scattered > 50 && !wrong, "parts of any order: "
		"%zu, of them %zu scattered, %zu wrong", parts, scattered,
		wrong);
}

int
main(void)
{
	struct store *store;
	size_t wrong = 0;
	int fd = mkstemp(path);

	if (fd < 0 || !write_dump()) {
		printf("Bail out! cannot write a dump\n");
		return 1;
	}
	close(fd);
	of_any_order();
	store = open_dump(NULL);
	for (size_t m = 0; m < MEMBERS; m++)
		wrong += wrong_in(store, m, 0);
	ok(!wrong, "the first row of each, %zu numbers wrong", wrong);
	until_all_end(store);
	from_threads(store);
	store_close(store);
	with_cache();
	store = open_dump(NULL);
	for (size_t m = wrong = 0; m < MEMBERS; m++)
		wrong += wrong_in(store, m, 0);
	store_close(store);
	ok(!wrong, "closed while passes wait for their turn");
	unlink(path);
	return done();
}
