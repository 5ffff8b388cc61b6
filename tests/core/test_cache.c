/* The member cache: one read whoever asks, the budget, failures, threads. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/dump.h"
#include "core/member_cache.h"
#include "core/store.h"
#include "core/util.h"
#include "tests/tap.h"

enum { ARRAYS = 8, ELEMENTS = 1024, BYTES = ELEMENTS * 8 };

/* Array k of file k holds k, k + 1, ...: a .npy of float64. */
static void
write_npy(const char *path, size_t k)
{
	FILE *file = fopen(path, "wb");
	char head[129];
	size_t i;

	memset(head, ' ', 128);
	memcpy(head, "\x93NUMPY\1\0\x76\0", 10);
	i = (size_t)snprintf(head + 10, 118, "{'descr': '<f8', "
		"'fortran_order': False, 'shape': (%d,), }", ELEMENTS);
	head[10 + i] = ' ';
	head[127] = '\n';
	if (!file || fwrite(head, 1, 128, file) != 128)
		exit(2);
	for (i = 0; i < ELEMENTS; i++) {
		double value = (double)(k + i);

		if (fwrite(&value, sizeof value, 1, file) != 1)
			exit(2);
	}
	if (fclose(file))
		exit(2);
}

static char dir[] = "/tmp/esscope-test-XXXXXX";
static char *paths[ARRAYS];
static struct store *stores[ARRAYS];
static struct factor factors[ARRAYS];

static void
set_up(void)
{
	size_t k;

	if (!mkdtemp(dir))
		exit(2);
	for (k = 0; k < ARRAYS; k++) {
		paths[k] = xasprintf("%s/%zu.npy", dir, k);
		write_npy(paths[k], k);
		if (store_open(&stores[k], paths[k]))
			exit(2);
		factors[k].store = stores[k];
		factors[k].member = &stores[k]->members[0];
		if (store_type(&factors[k].type, stores[k],
			factors[k].member))
			exit(2);
		factors[k].typed = true;
	}
}

static void
tear_down(void)
{
	size_t k;

	for (k = 0; k < ARRAYS; k++) {
		store_close(stores[k]);
		unlink(paths[k]);
		free(paths[k]);
	}
	rmdir(dir);
}

/* Does the tensor hold array k, as far as one element tells? */
static bool
holds(const struct tensor *tensor, size_t k)
{
	struct slice slice = tensor_slice(tensor);

	return slice_get(&slice, 7) == (double)(k + 7);
}

static void
test_sharing(void)
{
	struct member_cache *cache = member_cache_new(10 * BYTES);
	struct tensor *a = NULL, *b = NULL, *c = NULL;

	ok(!member_cache_get(&a, cache, &factors[0], NULL)
		&& !member_cache_get(&b, cache, &factors[0], NULL)
		&& !member_cache_get(&c, cache, &factors[1], NULL), "three loads");
	ok(a == b && a != c && holds(a, 0) && holds(c, 1),
		"the same member is the same tensor");
	ok(member_cache_bytes(cache) == 2 * BYTES, "held once");
	member_cache_unref(cache);
	ok(holds(a, 0), "a tensor outlives the cache");
	tensor_unref(a);
	tensor_unref(b);
	tensor_unref(c);
}

static void
test_budget(void)
{
	struct member_cache *cache = member_cache_new(2 * BYTES);
	struct tensor *tensor, *first;
	size_t k;

	for (k = 0; k < 3; k++) {
		if (member_cache_get(&tensor, cache, &factors[k], NULL) == STATUS_OK)
			tensor_unref(tensor);
	}
	ok(member_cache_bytes(cache) == 2 * BYTES, "idle members are dropped");
	member_cache_get(&first, cache, &factors[1], NULL);
	member_cache_get(&tensor, cache, &factors[3], NULL);
	tensor_unref(tensor);
	member_cache_get(&tensor, cache, &factors[1], NULL);
	ok(tensor == first, "the one used last stays");
	tensor_unref(tensor);
	for (k = 3; k < ARRAYS; k++) {
		member_cache_get(&tensor, cache, &factors[k], NULL);
		tensor_unref(tensor);
	}
	member_cache_get(&tensor, cache, &factors[1], NULL);
	ok(tensor == first && holds(first, 1), "so does one in use");
	tensor_unref(tensor);
	tensor_unref(first);
	member_cache_unref(cache);
}

static void
test_oversize(void)
{
	struct member_cache *cache = member_cache_new(BYTES - 1);
	struct tensor *a, *b;

	member_cache_get(&a, cache, &factors[0], NULL);
	member_cache_get(&b, cache, &factors[0], NULL);
	ok(a == b && member_cache_bytes(cache) == BYTES,
		"a member above the budget is shared while it is used");
	tensor_unref(a);
	tensor_unref(b);
	member_cache_get(&a, cache, &factors[1], NULL);
	ok(member_cache_bytes(cache) == BYTES,
		"and dropped for the next one");
	tensor_unref(a);
	member_cache_get(&b, cache, &factors[1], NULL);
	ok(a == b && member_cache_bytes(cache) == BYTES,
		"which stays while no other is wanted");
	tensor_unref(b);
	member_cache_unref(cache);
}

static void
test_failures(void)
{
	struct member_cache *cache = member_cache_new(10 * BYTES);
	struct factor changed = factors[0];
	struct tensor *tensor = NULL;
	enum status code;

	changed.type.shape[0]--;
	code = member_cache_get(&tensor, cache, &changed, NULL);
	ok(code == STATUS_IO && !tensor && strstr(status_text(),
		"0.npy: the file was changed"),
		"a shape that is no longer true: %s", status_text());
	ok(member_cache_get(&tensor, cache, &factors[0], NULL) == STATUS_OK,
		"is not remembered");
	tensor_unref(tensor);

	if (truncate(paths[2], 4000))
		exit(2);
	tensor = NULL;
	code = member_cache_get(&tensor, cache, &factors[2], NULL);
	ok(code == STATUS_FORMAT && !tensor, "a file cut while open: %s", status_text());
	write_npy(paths[2], 2);
	ok(member_cache_get(&tensor, cache, &factors[2], NULL) == STATUS_FORMAT
		&& !tensor && strstr(status_text(), "2.npy"),
		"what is damaged is not read again");
	ok(member_cache_bytes(cache) == BYTES, "and holds nothing");
	member_cache_unref(cache);
}

struct reader {
	struct member_cache *cache;
	unsigned seed;
	size_t wrong;
};

static void *
read_many(void *data)
{
	struct reader *reader = data;
	size_t i;

	for (i = 0; i < 2000; i++) {
		size_t k = (size_t)rand_r(&reader->seed) % ARRAYS;
		struct tensor *tensor;

		if (member_cache_get(&tensor, reader->cache, &factors[k], NULL)) {
			reader->wrong++;
			continue;
		}
		reader->wrong += !holds(tensor, k);
		tensor_unref(tensor);
	}
	return NULL;
}

static void
test_threads(void)
{
	struct reader readers[4];
	pthread_t threads[LENGTH(readers)];
	struct member_cache *cache = member_cache_new(3 * BYTES);
	size_t i, wrong = 0;

	for (i = 0; i < LENGTH(readers); i++) {
		readers[i] = (struct reader){ cache, (unsigned)i + 1, 0 };
		if (pthread_create(&threads[i], NULL, read_many, &readers[i]))
			exit(2);
	}
	for (i = 0; i < LENGTH(readers); i++) {
		pthread_join(threads[i], NULL);
		wrong += readers[i].wrong;
	}
	ok(wrong == 0, "four threads under a budget of three members");
	ok(member_cache_bytes(cache) <= (3 + LENGTH(readers)) * BYTES,
		"hold the budget and what they use");
	member_cache_unref(cache);
}

int
main(void)
{
	set_up();
	test_sharing();
	test_budget();
	test_oversize();
	test_threads();
	test_failures();
	tear_down();
	return done();
}
