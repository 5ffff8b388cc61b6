/*
 * Restart points: parts of a deflated member are those of the whole, whatever
 * deflated it, in any order, from threads while the pass runs, and with the
 * table from disk; the table is small, and no damaged one is taken.
 */
#include "core/restart.h"

#include <fcntl.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "core/cache.h"
#include "core/restart_member.h"
#include "core/source.h"
#include "core/store.h"
#include "core/util.h"
#include "core/zip.h"
#include "samples/arguments.h"
#include "samples/npz_write.h"
#include "tests/core/stream_of.h"
#include "tests/tap.h"

enum { PLACES = 60 };

static _Noreturn void
bail_out(const char *why)
{
	printf("Bail out! %s\n", why);
	exit(1);
}

static char folder[] = "/tmp/esscope-restart-XXXXXX";

static struct source *
file_of(const unsigned char *bytes, size_t size)
{
	char *path = xasprintf("%s/stream", folder);
	FILE *file = fopen(path, "wb");
	struct source *source = NULL;

	if (!file || fwrite(bytes, 1, size, file) != size || fclose(file)
	    || source_open(&source, path, NULL))
		bail_out("cannot write a file");
	free(path);
	return source;
}

static enum status
pass_until(struct restarts *restarts, const struct deflated *deflated,
	uint64_t end)
{
	struct restart_pass *pass;
	enum status code;
	uint64_t at = 0;
	bool done = false;

	restarts_start(restarts);
	code = restart_pass_open(&pass, deflated, restarts);
	while (!code && !done && at < end)
		code = restart_pass_step(pass, restarts, &at, &done);
	restart_pass_close(pass);
	return code;
}

static enum status
pass_over(struct restarts *restarts, const struct deflated *deflated)
{
	return pass_until(restarts, deflated, UINT64_MAX);
}

static int
table_of(const unsigned char *bytes, size_t size)
{
	char *path = xasprintf("%s/table", folder);
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);

	if (fd < 0 || write(fd, bytes, size) != (ssize_t)size)
		bail_out("cannot write a table");
	free(path);
	return fd;
}

/* A table in a file: taken, and all of its windows right? */
static bool
taken(const unsigned char *bytes, size_t size,
	const struct deflated *deflated, const unsigned char *key)
{
	int fd = table_of(bytes, size);
	unsigned char window[RESTART_PACKED];
	struct restarts back;
	bool right;

	if (!restarts_unpack(&back, fd, deflated, key)) {
		close(fd);
		return false;
	}
	right = true;
	for (size_t k = 0; k < back.count; k++)
		right &= restarts_window(window, &back, &back.points[k]);
	restarts_free(&back);
	return right;
}

/* Every byte of it, changed, and every length is refused. */
static void
damage(const struct restarts *restarts, const struct deflated *deflated)
{
	unsigned char key[SHA256_SIZE] = { 1, 2, 3 }, *bytes;
	size_t size, wrong = 0, step;

	restarts_pack(&bytes, &size, restarts, deflated, key);
	ok(taken(bytes, size, deflated, key), "a table comes back from bytes");
	step = size / 1000 + 1;
	for (size_t k = 0; k < size; k += k < 400 ? 1 : step) {
		bytes[k] ^= (unsigned char)(1 << k % 8);
		wrong += taken(bytes, size, deflated, key);
		bytes[k] ^= (unsigned char)(1 << k % 8);
		wrong += taken(bytes, k, deflated, key);
	}
	key[0]++;
	wrong += taken(bytes, size, deflated, key);
	ok(!wrong, "no damaged, short or other table is taken");
	free(bytes);
}

/* From every point on, what was put in. */
static void
check_points(const struct made *made, const struct restarts *restarts,
	const struct deflated *deflated, const unsigned char *in)
{
	unsigned char out[5000], window[RESTART_PACKED];
	size_t wrong = 0;

	for (size_t p = 0; p < restarts->count; p++) {
		const struct restart_point *point = &restarts->points[p];
		struct restart_cursor *cursor;
		size_t n = size_min(sizeof out, SIZE - point->at);

		if (!restarts_window(window, restarts, point)
		    || restart_cursor_open(&cursor, deflated, point, window)) {
			wrong++;
			continue;
		}
		wrong += restart_cursor_read(cursor, deflated, out, point->at,
			n) || memcmp(out, in + point->at, n);
		n = size_min(sizeof out, SIZE - restart_cursor_at(cursor));
		n = size_min(n, 100);
		wrong += restart_cursor_read(cursor, deflated, out, SIZE - n,
			n) || memcmp(out, in + SIZE - n, n);
		restart_cursor_close(cursor);
	}
	ok(!wrong, "%s: what was deflated, from %zu points", made->what,
		restarts->count);
}

static void
check_size(const struct made *made, const struct restarts *restarts,
	const struct deflated *deflated)
{
	size_t size = restarts->windows_size
		+ restarts->count * sizeof *restarts->points;
	uint64_t worst = 0;

	ok(size <= deflated->stored_bytes / 100 + 100, "%s: %zu bytes for %ju",
		made->what, size, (uintmax_t)deflated->stored_bytes);
	for (size_t p = 0; p < restarts->count; p++) {
		uint64_t next = p + 1 < restarts->count
			? restarts->points[p + 1].at : SIZE;

		if (next - restarts->points[p].at > worst)
			worst = next - restarts->points[p].at;
	}
	if (made->content != ZEROS)     /* of which 1 % is nothing */
		ok(worst < (uint64_t)7 << 20, "%s: %ju bytes between points",
			made->what, (uintmax_t)worst);
}

/* What contradicts the zip directory. */
static void
contradict(struct deflated deflated)
{
	struct deflated wrong[3] = { deflated, deflated, deflated };

	wrong[0].crc ^= 1;
	wrong[1].bytes--;
	wrong[2].stored_bytes /= 2;
	for (size_t k = 0; k < LENGTH(wrong); k++) {
		struct restarts restarts;
		enum status code = pass_over(&restarts, &wrong[k]);

		ok(code == STATUS_FORMAT, "an error: %s", status_text());
		restarts_free(&restarts);
	}
}

/* As much of a pass as there is before so many bytes, as a file. */
static int
part_of_pass(const struct deflated *deflated, uint64_t end,
	const unsigned char *key)
{
	struct restarts part;
	unsigned char *bytes;
	size_t size;
	int fd;

	if (pass_until(&part, deflated, end))
		bail_out("no pass");
	restarts_pack(&bytes, &size, &part, deflated, key);
	fd = table_of(bytes, size);
	restarts_free(&part);
	free(bytes);
	return fd;
}

/* A pass that was stopped and goes on from what was kept gives the table of
 * one that was not. */
static void
check_parts(const struct made *made, const struct restarts *whole,
	const struct deflated *deflated)
{
	const unsigned char key[SHA256_SIZE] = { 4 };
	unsigned char *wanted, *bytes;
	size_t wanted_size, size, begun = 0;
	bool same = true;

	restarts_pack(&wanted, &wanted_size, whole, deflated, key);
	for (uint64_t end = 1; end < SIZE; end += SIZE / 3) {
		struct restarts part;
		struct restart_pass *pass;
		uint64_t at = 0;
		bool done = false;

		if (!restarts_unpack(&part, part_of_pass(deflated, end, key),
			deflated, key) || part.whole || !restarts_gather(&part)
			|| restart_pass_open(&pass, deflated, &part))
			bail_out("no table");
		begun += part.count > 1;
		while (same && !done)
			same = !restart_pass_step(pass, &part, &at, &done);
		restart_pass_close(pass);
		restarts_pack(&bytes, &size, &part, deflated, key);
		same = same && size == wanted_size
			&& !memcmp(bytes, wanted, size);
		free(bytes);
		restarts_free(&part);
	}
	ok(same && (begun || whole->count < 3), "%s: the same in two passes, "
		"%zu of them with points", made->what, begun);
	free(wanted);
}

static void
check_stream(const struct made *made, const struct deflated *deflated,
	const unsigned char *in)
{
	struct restarts restarts;

	if (ok(!pass_over(&restarts, deflated), "%s: a pass", made->what)) {
		check_points(made, &restarts, deflated, in);
		check_size(made, &restarts, deflated);
		check_parts(made, &restarts, deflated);
	}
	if (made->content == MIXED && made->flush == Z_NO_FLUSH) {
		damage(&restarts, deflated);
		contradict(*deflated);
	}
	restarts_free(&restarts);
}

static void
streams(void)
{
	static const struct made all[] = {
		{ "noise", 1, Z_DEFAULT_STRATEGY, Z_NO_FLUSH, NOISE },
		{ "words", 6, Z_DEFAULT_STRATEGY, Z_NO_FLUSH, WORDS },
		{ "zeros", 9, Z_DEFAULT_STRATEGY, Z_NO_FLUSH, ZEROS },
		{ "both", 6, Z_DEFAULT_STRATEGY, Z_NO_FLUSH, MIXED },
		{ "stored blocks", 0, Z_DEFAULT_STRATEGY, Z_NO_FLUSH, WORDS },
		{ "fixed codes", 6, Z_FIXED, Z_NO_FLUSH, WORDS },
		{ "many empty blocks", 6, Z_DEFAULT_STRATEGY, Z_SYNC_FLUSH,
		  WORDS },
		{ "bits between blocks", 6, Z_DEFAULT_STRATEGY,
		  Z_PARTIAL_FLUSH, WORDS },
		{ "forgotten windows", 6, Z_DEFAULT_STRATEGY, Z_FULL_FLUSH,
		  MIXED },
	};

	for (size_t k = 0; k < LENGTH(all); k++) {
		unsigned char *in = content_of(&all[k]);
		unsigned char *out = xmalloc(2 * SIZE);
		size_t size = deflate_all(out, 2 * SIZE, in, &all[k]);
		struct source *source = file_of(out, size);
		struct deflated deflated = { source, 0, size, SIZE,
			(uint32_t)crc32_z(0, in, SIZE) };

		check_stream(&all[k], &deflated, in);
		source_close(source);
		free(in);
		free(out);
	}
}

/* A dump with one deflated member, as doubles 0, 1, 2, ... of a kind. */
enum { NUMBERS = 3 << 20 };

static double
number_at(size_t k)
{
	uint64_t seed = k / 3;

	return draw(&seed);
}

static char *
write_dump(void)
{
	static const struct npz_array array = { "x/dt", NPZ_F64, 1,
		{ NUMBERS } };
	char *path = xasprintf("%s/dump.npz", folder);
	struct npz_writer *npz = npz_create(path, 1);

	if (!npz)
		bail_out("cannot write a dump");
	npz_begin(npz, &array);
	for (size_t k = 0; k < NUMBERS; k++)
		npz_put(npz, number_at(k));
	npz_end(npz);
	if (!npz_close(npz))
		bail_out("cannot write a dump");
	return path;
}

struct reader {
	struct store *store;
	const struct store_member *member;
	uint64_t begin, seed;
	size_t wrong, failed;
	pthread_t thread;
};

static enum status
read_numbers(const struct reader *reader, double *out, size_t first, size_t n)
{
	uint64_t header = reader->member->bytes - 8ul * NUMBERS;

	return restart_members_read(reader->store->restarts, out,
		header + 8 * first, 8 * n, reader->store, reader->member,
		reader->begin);
}

/* Here and there, some in their order. */
static void *
read_here_and_there(void *argument)
{
	struct reader *reader = argument;
	double out[500];
	size_t first = 0;

	for (int k = 0; k < PLACES; k++) {
		size_t n = 1 + draw_bits(&reader->seed) % 500;

		if (k % 3)
			first += n;
		else
			first = draw_bits(&reader->seed) % NUMBERS;
		if (first + n > NUMBERS)
			first = NUMBERS - n;
		if (read_numbers(reader, out, first, n)) {
			reader->failed++;
			continue;
		}
		for (size_t i = 0; i < n; i++)
			reader->wrong += !(out[i] == number_at(first + i));
	}
	return NULL;
}

static struct reader
open_dump(const char *path, struct cache *cache)
{
	struct reader reader = { .seed = 5 };
	struct zip_entry entry;

	if (store_open(&reader.store, path))
		bail_out("cannot open the dump");
	restart_members_set(reader.store->restarts, cache, INFINITY);
	reader.member = store_find(reader.store, "x/dt");
	entry = (struct zip_entry){ .offset = reader.member->offset,
		.stored_bytes = reader.member->stored_bytes,
		.end = reader.member->end };
	if (zip_begin(&reader.begin, reader.store->source, &entry))
		bail_out("cannot find the member");
	return reader;
}

static void
from_threads(const char *path, struct cache *cache, const char *what)
{
	struct reader readers[3], first = open_dump(path, cache);
	size_t wrong = 0, failed = 0;

	for (size_t k = 0; k < LENGTH(readers); k++) {
		readers[k] = first;
		readers[k].seed = k;
		pthread_create(&readers[k].thread, NULL, read_here_and_there,
			&readers[k]);
	}
	for (size_t k = 0; k < LENGTH(readers); k++) {
		pthread_join(readers[k].thread, NULL);
		wrong += readers[k].wrong;
		failed += readers[k].failed;
	}
	store_close(first.store);
	ok(!wrong && !failed, "%s: %d parts from 3 threads, %zu wrong, %zu "
		"failed", what, PLACES, wrong, failed);
}

/* Its path, or NULL; none, or one, is there. */
static char *
table_file(const char *directory)
{
	char *command = xasprintf("ls -A %s 2>/dev/null", directory);
	FILE *list = popen(command, "r");
	char name[200] = "", *path = NULL;

	if (list && fgets(name, sizeof name, list)) {
		name[strcspn(name, "\n")] = '\0';
		path = xasprintf("%s/%s", directory, name);
	}
	if (list)
		pclose(list);
	free(command);
	return path;
}

static void
change_byte(const char *path, off_t at)
{
	int fd = open(path, O_RDWR);
	unsigned char byte;

	if (fd < 0 || pread(fd, &byte, 1, at) != 1)
		bail_out("cannot read the table");
	byte ^= 0x10;
	if (pwrite(fd, &byte, 1, at) != 1)
		bail_out("cannot damage the table");
	close(fd);
}

static void
on_disk(const char *path)
{
	char *directory = xasprintf("%s/cache", folder), *file;
	struct cache *cache = cache_open(directory, (size_t)1 << 30, 0);
	struct reader reader;
	struct stat before, after;
	uint64_t done = 0, total = 0;
	double x;

	from_threads(path, cache, "with a cache");
	file = table_file(directory);
	ok(file && !stat(file, &before), "the table is on disk");
	from_threads(path, cache, "from the cache");
	reader = open_dump(path, cache);
	read_numbers(&reader, &x, 0, 1);
	restart_members_progress(reader.store->restarts, &done, &total);
	ok(total == 0, "and no pass runs then");
	store_close(reader.store);
	change_byte(file, 60);
	from_threads(path, cache, "with a damaged table");
	ok(!stat(file, &after) && after.st_ino != before.st_ino
		&& after.st_size == before.st_size, "which is made anew");
	change_byte(file, before.st_size / 2);
	from_threads(path, cache, "with a damaged window");
	ok(!stat(file, &before) && after.st_ino != before.st_ino
		&& after.st_size == before.st_size, "which is made anew, too");
	from_threads(path, cache, "from the new one");
	cache_close(cache);
	free(file);
	free(directory);
}

/* A pass that is stopped leaves what it has. */
static void
stopped_on_disk(const char *path)
{
	char *directory = xasprintf("%s/stopped", folder), *file;
	struct cache *cache = cache_open(directory, (size_t)1 << 30, 0);
	struct reader reader = open_dump(path, cache);
	uint64_t done = 0, total = 0;
	double x;

	read_numbers(&reader, &x, NUMBERS / 2, 1);
	store_close(reader.store);
	file = table_file(directory);
	ok(file, "a pass that is stopped leaves a table");
	reader = open_dump(path, cache);
	restart_members_set(reader.store->restarts, cache, 0);
	read_numbers(&reader, &x, NUMBERS - 1, 1);
	restart_members_progress(reader.store->restarts, &done, &total);
	ok(!total || done > NUMBERS * 2, "the next begins at %ju of %ju",
		(uintmax_t)done, (uintmax_t)total);
	restart_members_set(reader.store->restarts, cache, INFINITY);
	ok(!read_numbers(&reader, &x, NUMBERS - 1, 1)
		&& x == number_at(NUMBERS - 1), "and comes to the end");
	store_close(reader.store);
	cache_close(cache);
	free(file);
	free(directory);
}

static void
stopped(const char *path)
{
	struct reader reader = open_dump(path, NULL);
	double x = 0;
	enum status code;

	restart_members_set(reader.store->restarts, NULL, 0);
	code = read_numbers(&reader, &x, NUMBERS - 1, 1);
	ok(code == STATUS_CANCELLED, "who has no patience is sent away");
	restart_members_stop(reader.store->restarts);
	code = read_numbers(&reader, &x, NUMBERS - 1, 1);
	ok(code == STATUS_CANCELLED || x == number_at(NUMBERS - 1),
		"and so is everybody after the end");
	ok(restart_members_read(reader.store->restarts, &x,
		reader.member->bytes - 4, 8, reader.store, reader.member,
		reader.begin) == STATUS_FORMAT, "nothing is read beyond it");
	store_close(reader.store);
}

/* In the middle of the member, so that its first parts are right. */
static void
damaged(const char *path)
{
	struct reader reader = open_dump(path, NULL);
	enum status code;
	double x;

	change_byte(path, (off_t)(reader.begin
		+ reader.member->stored_bytes / 2));
	code = read_numbers(&reader, &x, NUMBERS - 1, 1);
	ok(code == STATUS_FORMAT, "a damaged member is an error");
	code = read_numbers(&reader, &x, 0, 1);
	ok(code == STATUS_FORMAT && strstr(status_text(), "damaged"),
		"from then on for all of it: %s", status_text());
	store_close(reader.store);
}

int
main(void)
{
	char *command, *path;

	if (!mkdtemp(folder))
		bail_out("cannot make a folder");
	streams();
	path = write_dump();
	from_threads(path, NULL, "without a cache");
	on_disk(path);
	stopped(path);
	stopped_on_disk(path);
	damaged(path);
	command = xasprintf("rm -r %s", folder);
	if (system(command))
		printf("# cannot remove %s\n", folder);
	free(command);
	free(path);
	return done();
}
