/*
 * The directory of the disk cache: made when it is needed, kept under its
 * limit, deleted at any time; on a disk that fills up, with writers killed at
 * any moment and with several at once, every file that is there is whole.
 */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#include "core/cache.h"
#include "core/cache_file.h"
#include "tests/core/cache_of.h"
#include "tests/tap.h"

static bool
holds(struct cache *cache, const struct layer *layer, size_t channel,
	const struct packed *packed)
{
	struct packed *back = NULL;
	bool right = cache_read(&back, cache, layer, channel)
		&& same(packed, back);

	packed_unref(back);
	return right;
}

static size_t
count_files(const char *path, const char *beginning, uint64_t *bytes)
{
	DIR *directory = opendir(path);
	const struct dirent *entry;
	size_t count = 0;
	struct stat st;

	while (directory && (entry = readdir(directory)))
		if (!strncmp(entry->d_name, beginning, strlen(beginning))
		    && entry->d_name[0] != '.'
		    && !fstatat(dirfd(directory), entry->d_name, &st, 0)) {
			count++;
			if (bytes)
				*bytes += (uint64_t)st.st_size;
		}
	if (directory)
		closedir(directory);
	return count;
}

static void
test_directory(void)
{
	char *path = in_folder("a/b/cache");
	struct cache *cache = cache_open(path, MEGABYTE, CHOICE_AUTO);
	struct dump_list list = { 0 };
	struct layer *layer = open_layer(&list, "one.npz");
	struct packed *packed = make_packed(layer->length, 4);

	ok(!holds(cache, layer, 0, packed) && access(path, F_OK) != 0,
		"looking makes no directory");
	cache_write(cache, layer, 0, packed);
	ok(holds(cache, layer, 0, packed), "writing does");
	ok(!holds(cache, layer, 1, packed), "a channel is not another");
	cache_close(cache);
	cache = cache_open(path, MEGABYTE, CHOICE_AUTO);
	ok(holds(cache, layer, 0, packed), "the next program finds it");
	run("rm -r \"$0\"", path);
	ok(!holds(cache, layer, 0, packed), "it may be deleted");
	cache_write(cache, layer, 0, packed);
	ok(holds(cache, layer, 0, packed), "and comes again");
	ok(count_files(path, "", NULL) == 1, "in one file");
	cache_close(cache);
	dump_list_close(&list);
	packed_unref(packed);
	free(path);
}

struct place {
	char *path;
	struct dump_list list;
	struct layer *layer;
	struct packed *packed;          /* what every channel holds */
	uint64_t bytes;                 /* of its file */
};

static struct place
place_new(const char *name)
{
	struct place place = { .path = in_folder(name) };

	place.layer = open_layer(&place.list, "one.npz");
	place.packed = make_packed(place.layer->length, 5);
	place.bytes = cache_file_size(place.packed->count,
		place.packed->value_count);
	return place;
}

static void
place_done(struct place *place)
{
	dump_list_close(&place->list);
	packed_unref(place->packed);
	free(place->path);
}

/* Gives a channel's file a time so many seconds ago. */
static void
age(const struct place *place, size_t channel, time_t seconds)
{
	struct timespec then = { time(NULL) - seconds, 0 };
	struct timespec times[2] = { then, then };
	DIR *directory = opendir(place->path);
	const struct dirent *entry;

	while (directory && (entry = readdir(directory))) {
		const char *dash = strrchr(entry->d_name, '-');

		if (dash && strtoul(dash + 1, NULL, 10) == channel
		    && utimensat(dirfd(directory), entry->d_name, times, 0))
			exit(1);
	}
	if (directory)
		closedir(directory);
}

static void
test_limit(void)
{
	struct place place = place_new("limit");
	struct cache *cache = cache_open(place.path, 20 * place.bytes, CHOICE_AUTO);
	bool strict = true, kept = true;

	for (size_t c = 0; c < 20; c++) {
		cache_write(cache, place.layer, c, place.packed);
		age(&place, c, 1000 - (time_t)c);
	}
	for (size_t c = 0; c < 20; c++)
		kept &= c % 2 ? holds(cache, place.layer, c, place.packed)
			: true;
	ok(kept, "what fits is there");
	cache_write(cache, place.layer, 20, place.packed);
	kept = holds(cache, place.layer, 20, place.packed);
	for (size_t c = 1; c < 20; c += 2)
		kept &= holds(cache, place.layer, c, place.packed);
	ok(kept && !holds(cache, place.layer, 0, place.packed)
		&& !holds(cache, place.layer, 2, place.packed),
		"beyond the limit what was used longest ago goes");
	for (size_t c = 21; c < 200; c++) {
		uint64_t bytes = 0;

		cache_write(cache, place.layer, c, place.packed);
		count_files(place.path, "", &bytes);
		strict &= bytes <= 20 * place.bytes;
	}
	ok(strict && holds(cache, place.layer, 199, place.packed),
		"and the limit is kept");
	cache_close(cache);
	cache = cache_open(place.path, place.bytes - 1, CHOICE_AUTO);
	cache_write(cache, place.layer, 300, place.packed);
	ok(!holds(cache, place.layer, 300, place.packed)
		&& holds(cache, place.layer, 199, place.packed),
		"a file larger than the limit displaces nothing");
	cache_close(cache);
	place_done(&place);
}

/* In a child, so that the limit on the size of files is its own. */
static void
test_full_disk(void)
{
	struct place place = place_new("full");
	int result = 0;
	pid_t child = fork();

	if (child == 0) {
		struct rlimit limit = { place.bytes / 2, place.bytes / 2 };
		struct cache *cache = cache_open(place.path, MEGABYTE, CHOICE_AUTO);

		signal(SIGXFSZ, SIG_IGN);
		if (setrlimit(RLIMIT_FSIZE, &limit))
			_exit(1);
		for (size_t c = 0; c < 5; c++)
			cache_write(cache, place.layer, c, place.packed);
		_exit(holds(cache, place.layer, 0, place.packed) ? 1 : 0);
	}
	ok(waitpid(child, &result, 0) == child && result == 0,
		"on a full disk the program goes on");
	ok(count_files(place.path, "", NULL) == 0, "and leaves nothing");
	place_done(&place);
}

static void
test_no_directory(void)
{
	struct place place = place_new("one.npz/cache");
	struct cache *cache = cache_open(place.path, MEGABYTE, CHOICE_AUTO);

	cache_write(cache, place.layer, 0, place.packed);
	cache_write(cache, place.layer, 1, place.packed);
	ok(!holds(cache, place.layer, 0, place.packed),
		"where no directory can be, nothing is kept");
	cache_close(cache);
	place_done(&place);
}

enum { SHARED = 12 };   /* channels that several processes write */

static void
write_for_ever(const struct place *place)
{
	struct cache *cache = cache_open(place->path, 8 * MEGABYTE, CHOICE_AUTO);

	for (size_t k = 0;; k++)
		cache_write(cache, place->layer, k % SHARED, place->packed);
}

/* How many channels there are; false where one is not what was written. */
static bool
all_sound(const struct place *place, size_t *found)
{
	struct cache *cache = cache_open(place->path, 8 * MEGABYTE, CHOICE_AUTO);
	bool right = true;

	*found = 0;
	for (size_t c = 0; c < SHARED; c++) {
		struct packed *back = NULL;

		if (cache_read(&back, cache, place->layer, c)) {
			right &= same(back, place->packed);
			++*found;
		}
		packed_unref(back);
	}
	cache_close(cache);
	/* Each name that is there is a file that is read. */
	return right && *found == count_files(place->path, "", NULL)
		- count_files(place->path, "new-", NULL);
}

static pid_t
writer(const struct place *place)
{
	pid_t child = fork();

	if (child == 0) {
		write_for_ever(place);
		_exit(0);
	}
	return child;
}

static void
end(pid_t child)
{
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
}

static void
test_killed(void)
{
	struct place place = place_new("killed");
	struct cache *cache;
	size_t found = 0, left;
	long span = 4000000;            /* nanoseconds */
	bool right = true;

	for (int round = 0; round < 100; round++) {
		struct timespec time = { 0, 200000 + random() % span };
		pid_t child = writer(&place);

		nanosleep(&time, NULL);
		end(child);
		right &= all_sound(&place, &found);
		/* Long enough for some to be written. */
		if (found < SHARED && span < 400000000)
			span = span * 5 / 4;
	}
	left = count_files(place.path, "new-", NULL);
	ok(right && found, "100 writers killed: every file is whole (%zu cut "
		"off under another name)", left);
	run("mkdir -p \"$0\"", place.path);
	run("touch -t 202001010000 \"$0\"/new-left && touch "
		"\"$0\"/new-fresh \"$0\"/other", place.path);
	cache = cache_open(place.path, 8 * MEGABYTE, CHOICE_AUTO);
	cache_write(cache, place.layer, 0, place.packed);
	ok(count_files(place.path, "new-left", NULL) == 0
		&& count_files(place.path, "new-fresh", NULL) == 1
		&& count_files(place.path, "other", NULL) == 1,
		"what they left is removed when old, and nothing else");
	cache_close(cache);
	place_done(&place);
}

static void
test_two(void)
{
	struct place place = place_new("two");
	pid_t one = writer(&place), two = writer(&place);
	size_t found = 0, full = 0;
	bool right = true;

	for (int round = 0; round < 20000 && full < 300; round++) {
		struct cache *cache = cache_open(place.path, 8 * MEGABYTE, CHOICE_AUTO);

		found = 0;
		for (size_t c = 0; c < SHARED; c++) {
			struct packed *back = NULL;

			found += cache_read(&back, cache, place.layer, c);
			right &= !back || same(back, place.packed);
			packed_unref(back);
		}
		full += found == SHARED;
		cache_close(cache);
	}
	end(one);
	end(two);
	ok(right && full == 300, "two write, a third reads: always whole");
	place_done(&place);
}

int
main(void)
{
	srandom(1);
	folder_make();
	make_dumps();
	test_directory();
	test_limit();
	test_full_disk();
	test_no_directory();
	test_killed();
	test_two();
	folder_remove();
	return done();
}
