/*
 * One file of the disk cache: what is written comes back bit for bit, and a
 * file of another id, cut off anywhere, with any byte changed or with a right
 * checksum over lies is refused. Run under the address sanitizer too.
 */
#include <fcntl.h>
#include <stdint.h>
#include <zlib.h>

#include "core/cache_file.h"
#include "tests/core/cache_of.h"
#include "tests/tap.h"

enum { POSITIONS = 40 };

static struct cache_id
make_id(void)
{
	struct cache_id id = { .channel = 3, .length = POSITIONS };

	memset(id.key, 7, sizeof id.key);
	return id;
}

/* The file of it in memory. */
static unsigned char *
bytes_of(const struct packed *packed, size_t *size)
{
	struct cache_id id = make_id();
	char *path = in_folder("bytes");
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
	unsigned char *bytes;

	*size = cache_file_size(packed->count, packed->value_count);
	bytes = xcalloc(*size, 1);
	if (fd < 0 || !cache_file_write(fd, packed, &id)
	    || pread(fd, bytes, *size, 0) != (ssize_t)*size)
		exit(1);
	close(fd);
	free(path);
	return bytes;
}

/* Is a file of these bytes taken for one of that id? */
static bool
taken(const unsigned char *bytes, size_t size, const struct cache_id *id,
	struct packed **out)
{
	static FILE *file;
	int fd;

	if (!file)
		file = tmpfile();
	fd = file ? fileno(file) : -1;
	if (fd < 0 || ftruncate(fd, 0) || lseek(fd, 0, SEEK_SET) < 0
	    || write(fd, bytes, size) != (ssize_t)size
	    || lseek(fd, 0, SEEK_SET) < 0)
		exit(1);
	return cache_file_read(out, fd, id);
}

static bool
refused(const unsigned char *bytes, size_t size, const struct cache_id *id)
{
	struct packed *out = NULL;
	bool right = !taken(bytes, size, id, &out) && !out;

	packed_unref(out);
	return right;
}

static void
test_file(void)
{
	struct packed *packed = make_packed(POSITIONS, 1), *back = NULL;
	struct cache_id id = make_id(), other = id;
	size_t size, lengths = 0, flips = 0;
	unsigned char *bytes = bytes_of(packed, &size);

	ok(taken(bytes, size, &id, &back) && same(packed, back),
		"a file comes back bit for bit");
	other.key[31] ^= 1;
	ok(refused(bytes, size, &other), "not for another key");
	other = id;
	other.channel++;
	ok(refused(bytes, size, &other), "nor another channel");
	other = id;
	other.length++;
	ok(refused(bytes, size, &other), "nor another length");
	for (size_t n = 0; n < size; n++)
		lengths += refused(bytes, n, &id);
	ok(lengths == size, "cut off anywhere it is refused");
	for (size_t n = 0; n < size; n++) {
		bytes[n] ^= (unsigned char)(1 << n % 8);
		flips += refused(bytes, size, &id);
		bytes[n] ^= (unsigned char)(1 << n % 8);
	}
	ok(flips == size, "and with any byte changed");
	packed_unref(packed);
	packed_unref(back);
	free(bytes);
}

/* Where the header keeps the checksum, and the cells begin. */
enum { CRC_AT = 92, CELLS_AT = 96 };

/* Lies with a right checksum: what parsing itself has to catch. */
static void
sign(unsigned char *bytes, size_t size)
{
	uint32_t crc = (uint32_t)crc32(0, bytes, CRC_AT);

	crc = (uint32_t)crc32(crc, bytes + CELLS_AT, (uInt)(size - CELLS_AT));
	memcpy(bytes + CRC_AT, &crc, sizeof crc);
}

static void
test_lies(void)
{
	struct packed *packed = make_packed(POSITIONS, 2);
	struct cache_id id = make_id();
	size_t size, places = CELLS_AT + packed->count * sizeof *packed->places;
	unsigned char *bytes = bytes_of(packed, &size), *lie = xcalloc(size, 1);
	size_t refusals = 0, lies = 0;

	memcpy(lie, bytes, size);
	sign(lie, size);
	ok(!memcmp(lie, bytes, size), "the test signs as the program does");
	for (size_t at = 0; at < places; at++) {
		static const unsigned char other[] = { 0, 1, 0x7f, 0xff };

		/* A method may be another one. */
		if (at >= CELLS_AT && at % 16 == 7)
			continue;
		for (size_t k = 0; k < LENGTH(other); k++) {
			if (bytes[at] == other[k] || (at >= CRC_AT
			    && at < CELLS_AT))
				continue;
			memcpy(lie, bytes, size);
			lie[at] = other[k];
			sign(lie, size);
			lies++;
			refusals += refused(lie, size, &id);
		}
	}
	ok(refusals == lies, "%zu signed lies about sizes and places: none "
		"is taken", lies);
	memcpy(lie, bytes, size);
	memset(lie + size - sizeof(double), 0xff, sizeof(double));
	sign(lie, size);
	ok(refused(lie, size, &id), "nor a NaN");
	packed_unref(packed);
	free(bytes);
	free(lie);
}

/* Garbage of all sizes, and a good file with garbage in it: nothing may be
 * read outside of it (the sanitizers watch). */
static void
test_garbage(void)
{
	struct packed *packed = make_packed(POSITIONS, 3), *back = NULL;
	struct cache_id id = make_id();
	size_t size, taken_count = 0;
	unsigned char *bytes = bytes_of(packed, &size), *bad = xcalloc(size, 1);

	for (int round = 0; round < 20000; round++) {
		size_t some = round % 3 ? size : (size_t)random() % (size + 1);

		memcpy(bad, bytes, size);
		for (long k = random() % 8; k >= 0; k--)
			bad[(size_t)random() % size]
				= (unsigned char)random();
		if (random() % 2)
			sign(bad, size);
		if (taken(bad, some, &id, &back))
			taken_count++;
		packed_unref(back);
		back = NULL;
	}
	ok(true, "20000 damaged files are read without harm (%zu signed ones "
		"taken)", taken_count);
	packed_unref(packed);
	free(bytes);
	free(bad);
}

int
main(void)
{
	srandom(1);
	folder_make();
	test_file();
	test_lies();
	test_garbage();
	folder_remove();
	return done();
}
