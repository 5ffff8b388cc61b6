/*
 * One mutex guards the table, the lists and every entry; it is never held
 * while a file is read. An entry that is being loaded belongs to its loader;
 * others count themselves as waiters, and an entry with waiters is not freed.
 *
 * The cache owns one reference to each tensor it holds. Users get theirs under
 * the mutex, so a tensor with one reference is idle and stays idle while the
 * mutex is held: only idle ones are dropped, for dropping others frees nothing.
 */
#include "core/member_cache.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/dump.h"
#include "core/member_part.h"
#include "core/store.h"
#include "core/util.h"

enum { BUCKETS = 4096 };

static const size_t WHOLE = SIZE_MAX;

struct entry {
	const struct store_member *member;      /* the key: this, and where */
	size_t begin;                           /* the part begins, or WHOLE */
	enum { ENTRY_LOADING, ENTRY_READY, ENTRY_FAILED } state;
	size_t waiters;
	struct tensor *tensor;          /* once ready */
	enum status status;             /* once failed */
	char *sentence;
	struct entry *chain;            /* next in its bucket */
	struct list *list;              /* once ready, by last use: */
	struct entry *newer, *older;
};

/* Ready entries by last use. */
struct list {
	struct entry *newest, *oldest;
	size_t bytes;
};

struct member_cache {
	atomic_uint references;
	pthread_mutex_t mutex;
	pthread_cond_t loaded;
	size_t budget;
	struct list kept;               /* under the budget */
	struct list oversize;           /* members above it: the last, and while
					 * used */
	struct entry *buckets[BUCKETS];
};

struct member_cache *
member_cache_new(size_t budget)
{
	struct member_cache *cache = xcalloc(1, sizeof *cache);

	atomic_init(&cache->references, 1);
	pthread_mutex_init(&cache->mutex, NULL);
	pthread_cond_init(&cache->loaded, NULL);
	cache->budget = budget;
	return cache;
}

struct member_cache *
member_cache_ref(struct member_cache *cache)
{
	atomic_fetch_add(&cache->references, 1);
	return cache;
}

static void
free_entry(struct entry *entry)
{
	tensor_unref(entry->tensor);
	free(entry->sentence);
	free(entry);
}

void
member_cache_unref(struct member_cache *cache)
{
	size_t i;

	if (!cache || atomic_fetch_sub(&cache->references, 1) != 1)
		return;
	for (i = 0; i < BUCKETS; i++) {
		while (cache->buckets[i]) {
			struct entry *entry = cache->buckets[i];

			cache->buckets[i] = entry->chain;
			free_entry(entry);
		}
	}
	pthread_cond_destroy(&cache->loaded);
	pthread_mutex_destroy(&cache->mutex);
	free(cache);
}

/* Where the entry of a member or its part is linked from, or would be. */
static struct entry **
find(struct member_cache *cache, const struct store_member *member,
	size_t begin)
{
	uintptr_t hash = (uintptr_t)member / sizeof *member;
	struct entry **link = &cache->buckets[hash % BUCKETS];

	while (*link && ((*link)->member != member
		|| (*link)->begin != begin))
		link = &(*link)->chain;
	return link;
}

static void
list_remove(struct entry *entry)
{
	struct list *list = entry->list;

	*(entry->newer ? &entry->newer->older : &list->newest) = entry->older;
	*(entry->older ? &entry->older->newer : &list->oldest) = entry->newer;
	list->bytes -= entry->tensor->type.bytes;
	entry->list = NULL;
}

static void
list_add(struct list *list, struct entry *entry)
{
	entry->list = list;
	entry->newer = NULL;
	entry->older = list->newest;
	*(entry->older ? &entry->older->newer : &list->oldest) = entry;
	list->newest = entry;
	list->bytes += entry->tensor->type.bytes;
}

static void
remove_entry(struct member_cache *cache, struct entry *entry)
{
	struct entry **link = find(cache, entry->member, entry->begin);

	*link = entry->chain;
	if (entry->list)
		list_remove(entry);
	free_entry(entry);
}

/* Drops idle tensors, oldest use first, until the list is within limit. */
static void
shrink(struct member_cache *cache, struct list *list, size_t limit)
{
	struct entry *entry = list->oldest;

	while (entry && list->bytes > limit) {
		struct entry *newer = entry->newer;

		if (entry->waiters == 0
			&& atomic_load(&entry->tensor->references) == 1)
			remove_entry(cache, entry);
		entry = newer;
	}
}

/* Is what was read what the header said when the layer was resolved? Only the
 * dtype may differ, where meta says that these are bfloat16. */
static bool
same_type(const struct tensor_type *a, const struct tensor_type *wanted)
{
	return a->rank == wanted->rank && a->item == wanted->item
		&& a->fortran == wanted->fortran
		&& a->big_endian == wanted->big_endian
		&& memcmp(a->shape, wanted->shape, sizeof a->shape) == 0
		&& (a->dtype == wanted->dtype || wanted->dtype == DTYPE_BF16);
}

static enum status
load(struct tensor **out, const struct factor *factor,
	const struct member_part *part)
{
	struct tensor *tensor;
	enum status code;

	if (part)
		return store_load_part(out, factor->store, factor->member,
			part);
	code = store_load(&tensor, factor->store, factor->member);
	if (code)
		return code;
	if (!same_type(&tensor->type, &factor->type)) {
		tensor_unref(tensor);
		return status_set(STATUS_IO, "%s: the file was changed while "
			"it was open", store_path(factor->store));
	}
	tensor->type.dtype = factor->type.dtype;
	*out = tensor;
	return STATUS_OK;
}

/* The member's entry, ready or failed; loaded by the first that wants it. */
static struct entry *
settle(struct member_cache *cache, const struct factor *factor,
	const struct member_part *part)
{
	size_t begin = part ? part->offset : WHOLE;
	struct entry **link = find(cache, factor->member, begin);
	struct entry *entry = *link;
	struct tensor *tensor = NULL;
	enum status code;

	if (entry) {
		entry->waiters++;
		while (entry->state == ENTRY_LOADING)
			pthread_cond_wait(&cache->loaded, &cache->mutex);
		entry->waiters--;
		return entry;
	}
	*link = entry = xcalloc(1, sizeof *entry);
	entry->member = factor->member;
	entry->begin = begin;
	entry->state = ENTRY_LOADING;
	pthread_mutex_unlock(&cache->mutex);
	code = load(&tensor, factor, part);
	pthread_mutex_lock(&cache->mutex);
	entry->state = code ? ENTRY_FAILED : ENTRY_READY;
	if (code) {
		entry->status = code;
		entry->sentence = xstrdup(status_text());
	} else {
		entry->tensor = tensor;
		list_add(tensor->type.bytes > cache->budget ? &cache->oversize
			: &cache->kept, entry);
	}
	pthread_cond_broadcast(&cache->loaded);
	return entry;
}

enum status
member_cache_get(struct tensor **out, struct member_cache *cache,
	const struct factor *factor, const struct member_part *part)
{
	struct entry *entry;
	enum status code;

	pthread_mutex_lock(&cache->mutex);
	entry = settle(cache, factor, part);
	code = entry->status;
	if (code) {
		status_set(code, "%s", entry->sentence);
		/* Memory and disks recover; what a file holds does not. */
		if (code != STATUS_FORMAT && entry->waiters == 0)
			remove_entry(cache, entry);
	} else {
		struct list *list = entry->list;

		*out = tensor_ref(entry->tensor);
		list_remove(entry);
		list_add(list, entry);
	}
	/* The last one stays: it is likely to be the next, too. */
	shrink(cache, &cache->oversize,
		cache->oversize.newest
		? cache->oversize.newest->tensor->type.bytes : 0);
	shrink(cache, &cache->kept, cache->budget);
	pthread_mutex_unlock(&cache->mutex);
	return code;
}

size_t
member_cache_bytes(struct member_cache *cache)
{
	size_t bytes;

	pthread_mutex_lock(&cache->mutex);
	bytes = cache->kept.bytes + cache->oversize.bytes;
	pthread_mutex_unlock(&cache->mutex);
	return bytes;
}
