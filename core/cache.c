/*
 * The directory: names, the limit, who goes first. The lock guards the keys
 * and the account of bytes; files are read and written without it.
 */
#include "core/cache.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/cache_file.h"
#include "core/cache_key.h"
#include "core/dump.h"
#include "core/packed.h"
#include "core/state_file.h"
#include "core/util.h"

/* Names are KEY-CHANNEL; a temporary file begins like this. */
static const char temporary[] = "new-";

enum {
	KEY_TEXT = 2 * SHA256_SIZE,
	STALE = 3600,           /* seconds after which a temporary file has no
				 * writer any more */
};

/* When files are removed, down to this share of the limit: so that the
 * directory is not looked through for every new file. */
static const double kept_share = 0.9;

/* Others write too: after this share of the limit in files of our own, the
 * directory is looked through again. */
static const double unseen_share = 1.0 / 16;

struct layer_key {
	unsigned long serial;
	bool usable;
	unsigned char key[SHA256_SIZE];
};

struct cache {
	char *directory;
	uint64_t limit;
	int choice;                     /* enum method_choice */
	pthread_mutex_t lock;
	struct layer_key *keys;
	size_t key_count;
	bool off;                       /* a write failed: no more of them */
	bool seen;                      /* the directory, by this program: */
	uint64_t bytes, unseen;         /* what it held then and what has been
					 * written since; only the latter */
};

char *
cache_directory(void)
{
	return state_directory("XDG_CACHE_HOME", ".cache");
}

struct cache *
cache_open(const char *directory, size_t limit, int choice)
{
	struct cache *cache = xcalloc(1, sizeof *cache);

	cache->directory = xstrdup(directory);
	cache->limit = limit;
	cache->choice = choice;
	pthread_mutex_init(&cache->lock, NULL);
	return cache;
}

void
cache_close(struct cache *cache)
{
	if (!cache)
		return;
	pthread_mutex_destroy(&cache->lock);
	free(cache->keys);
	free(cache->directory);
	free(cache);
}

/* With the lock held: made once a layer. */
static const struct layer_key *
key_of(struct cache *cache, const struct layer *layer)
{
	struct layer_key *key;

	for (size_t k = 0; k < cache->key_count; k++)
		if (cache->keys[k].serial == layer->serial)
			return &cache->keys[k];
	cache->keys = xreallocarray(cache->keys, cache->key_count + 1,
		sizeof *cache->keys);
	key = &cache->keys[cache->key_count++];
	key->serial = layer->serial;
	key->usable = cache_key(key->key, layer, cache->choice);
	return key;
}

static bool
identify(struct cache_id *out, struct cache *cache, const struct layer *layer,
	size_t channel)
{
	const struct layer_key *key;
	bool usable;

	pthread_mutex_lock(&cache->lock);
	key = key_of(cache, layer);
	usable = key->usable;
	memcpy(out->key, key->key, sizeof out->key);
	pthread_mutex_unlock(&cache->lock);
	out->channel = channel;
	out->length = layer->length;
	return usable;
}

static char *
path_of(const struct cache *cache, const struct cache_id *id)
{
	char key[KEY_TEXT + 1];

	for (size_t k = 0; k < sizeof id->key; k++)
		snprintf(key + 2 * k, 3, "%02x", id->key[k]);
	return xasprintf("%s/%s-%ju", cache->directory, key,
		(uintmax_t)id->channel);
}

/* The file of an id, opened, or -1. */
static int
open_file(const struct cache *cache, const struct cache_id *id)
{
	char *path = path_of(cache, id);
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

	free(path);
	return fd;
}

bool
cache_read(struct packed **out, struct cache *cache,
	const struct layer *layer, size_t channel)
{
	struct cache_id id;
	bool right;
	int fd;

	if (!identify(&id, cache, layer, channel))
		return false;
	fd = open_file(cache, &id);
	if (fd < 0)
		return false;
	right = cache_file_read(out, fd, &id);
	/* Its time says when it was last of use. */
	if (right && futimens(fd, NULL)) {
		/* In a directory of others: they see to it. */
	}
	close(fd);
	return right;
}

/* The directory and those above it. */
static bool
make_directory(const char *path)
{
	char *copy = xstrdup(path);
	struct stat st;

	for (char *p = strchr(copy + 1, '/'); p; p = strchr(p + 1, '/')) {
		*p = '\0';
		mkdir(copy, 0700);
		*p = '/';
	}
	mkdir(copy, 0700);
	free(copy);
	return !stat(path, &st) && S_ISDIR(st.st_mode);
}

struct entry {
	char *name;
	struct timespec used;
	uint64_t bytes;
};

static bool
ours(const char *name)
{
	size_t digits = strspn(name, "0123456789abcdef"), last;

	if (digits != KEY_TEXT || name[digits] != '-')
		return false;
	last = strspn(name + digits + 1, "0123456789");
	return last && !name[digits + 1 + last];
}

static int
by_use(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	if (x->used.tv_sec != y->used.tv_sec)
		return x->used.tv_sec < y->used.tv_sec ? -1 : 1;
	if (x->used.tv_nsec != y->used.tv_nsec)
		return x->used.tv_nsec < y->used.tv_nsec ? -1 : 1;
	return strcmp(x->name, y->name);
}

struct entries {
	struct entry *items;
	size_t count;
	uint64_t bytes;
};

/* Notes one file of the directory, or removes what a killed writer left. */
static void
see_file(struct entries *all, int directory, const char *name)
{
	bool mine = ours(name);
	struct stat st;

	if (!mine && strncmp(name, temporary, strlen(temporary)) != 0)
		return;
	if (fstatat(directory, name, &st, AT_SYMLINK_NOFOLLOW)
	    || !S_ISREG(st.st_mode))
		return;
	if (!mine) {
		if (st.st_mtim.tv_sec + STALE < time(NULL))
			unlinkat(directory, name, 0);
		return;
	}
	all->items = xreallocarray(all->items, all->count + 1,
		sizeof *all->items);
	all->items[all->count++] = (struct entry){ xstrdup(name), st.st_mtim,
		(uint64_t)st.st_size };
	all->bytes += (uint64_t)st.st_size;
}

static struct entries
see_all(DIR *directory)
{
	struct entries all = { NULL, 0, 0 };
	const struct dirent *entry;

	while ((entry = readdir(directory)))
		see_file(&all, dirfd(directory), entry->d_name);
	if (all.count)
		qsort(all.items, all.count, sizeof *all.items, by_use);
	return all;
}

/* With the lock held: looks through the directory, and removes what was used
 * longest ago until so many bytes fit. */
static void
tidy(struct cache *cache, uint64_t bytes)
{
	DIR *directory = opendir(cache->directory);
	uint64_t most = cache->limit - bytes;
	struct entries all;

	if (!directory)
		return;
	all = see_all(directory);
	if (all.bytes > most)
		most = (uint64_t)(kept_share * (double)most);
	for (size_t k = 0; k < all.count; k++) {
		if (all.bytes > most && !unlinkat(dirfd(directory),
			all.items[k].name, 0))
			all.bytes -= all.items[k].bytes;
		free(all.items[k].name);
	}
	free(all.items);
	closedir(directory);
	cache->bytes = all.bytes;
	cache->unseen = 0;
	cache->seen = true;
}

/* Room for a file of so many bytes, and they are booked; false: no. */
static bool
book(struct cache *cache, uint64_t bytes)
{
	bool room = false;

	pthread_mutex_lock(&cache->lock);
	if (!cache->off && bytes <= cache->limit) {
		if (!cache->seen || cache->bytes > cache->limit - bytes
		    || (double)cache->unseen
			> unseen_share * (double)cache->limit)
			tidy(cache, bytes);
		room = cache->bytes <= cache->limit - bytes;
	}
	if (room) {
		cache->bytes += bytes;
		cache->unseen += bytes;
	}
	pthread_mutex_unlock(&cache->lock);
	return room;
}

/* Disk full, directory not ours to write: no further attempt, no message. */
static void
give_up(struct cache *cache)
{
	pthread_mutex_lock(&cache->lock);
	cache->off = true;
	pthread_mutex_unlock(&cache->lock);
}

/* What a file holds: spectra, or bytes. */
struct content {
	const struct packed *packed;
	const unsigned char *bytes;
	size_t size;
};

static bool
write_content(int fd, const struct content *content,
	const struct cache_id *id)
{
	size_t at = 0;

	if (content->packed)
		return cache_file_write(fd, content->packed, id);
	while (at < content->size) {
		ssize_t n = write(fd, content->bytes + at, content->size - at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		at += (size_t)n;
	}
	return true;
}

static bool
write_file(const struct cache *cache, const struct cache_id *id,
	const struct content *content)
{
	char *path = path_of(cache, id);
	char *new = xasprintf("%s/%sXXXXXX", cache->directory, temporary);
	int fd = mkostemp(new, O_CLOEXEC);
	bool right = fd >= 0;

	if (right) {
		right = write_content(fd, content, id);
		right = !close(fd) && right;
		right = right && !rename(new, path);
		if (!right)
			unlink(new);
	}
	free(new);
	free(path);
	return right;
}

void
cache_write(struct cache *cache, const struct layer *layer, size_t channel,
	const struct packed *packed)
{
	uint64_t bytes = cache_file_size(packed->count, packed->value_count);
	struct cache_id id;

	if (!identify(&id, cache, layer, channel))
		return;
	if (!make_directory(cache->directory))
		give_up(cache);
	else if (book(cache, bytes) && !write_file(cache, &id,
		&(struct content){ .packed = packed }))
		give_up(cache);
}

int
cache_blob_open(struct cache *cache, const unsigned char key[SHA256_SIZE])
{
	struct cache_id id = { .channel = 0 };
	int fd;

	memcpy(id.key, key, sizeof id.key);
	fd = open_file(cache, &id);
	if (fd >= 0 && futimens(fd, NULL)) {
		/* In a directory of others: they see to it. */
	}
	return fd;
}

void
cache_blob_write(struct cache *cache, const unsigned char key[SHA256_SIZE],
	const unsigned char *bytes, size_t size)
{
	struct cache_id id = { .channel = 0 };

	memcpy(id.key, key, sizeof id.key);
	if (!make_directory(cache->directory))
		give_up(cache);
	else if (book(cache, size) && !write_file(cache, &id,
		&(struct content){ .bytes = bytes, .size = size }))
		give_up(cache);
}

bool
cache_worth(struct packed *const *blocks, size_t block_count,
	double seconds)
{
	uint64_t cells = 0, values = 0;

	for (size_t k = 0; k < block_count; k++) {
		cells += blocks[k]->count;
		values += blocks[k]->value_count;
	}
	return seconds > 2e-3 + 10e-9 * (double)cache_file_size(cells, values);
}
