/*
 * Parts of many deflated members at once: more of them than keep a place to
 * read on from, asked for by threads while the passes that nobody waits for
 * take turns. They are parts of the whole, all passes end, and closing does not
 * wait for those that have not.
 */
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "core/cache.h"
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
	struct tensor_type part = { .dtype = DTYPE_F64, .item = 8, .rank = 2,
		.shape = { 1, LENGTH_OF } };
	char name[20];
	struct tensor *tensor;
	struct slice slice;
	double out[LENGTH_OF];
	size_t wrong = 0;

	snprintf(name, sizeof name, "x%zu/dt", m);
	tensor_type_measure(&part);
	if (store_load_part(&tensor, store, store_find(store, name), &part,
		row * part.bytes))
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
	store = open_dump(NULL);
	ok(wrong_in(store, 0, 0) == LENGTH_OF, "small members are read whole: "
		"%s", status_text());
	store_part_least = 1;
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
