/*
 * Deflated members, and tables of restart points. Sizes and checksums are made
 * right where the bytes allow it, so that what is behind them is reached.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <zlib.h>

#include "core/restart.h"
#include "core/source.h"
#include "core/store.h"
#include "core/util.h"
#include "tests/fuzz/archive.h"
#include "tests/fuzz/target.h"

enum { INFLATED_MOST = 1 << 20, POINTS_MOST = 16, BLOCKS = 8, BLOCK = 900 };

/* How many bytes come out of a raw deflate stream, and how many of it they
 * take. */
static size_t
inflate_all(uint8_t *out, size_t *used, const uint8_t *bytes, size_t n)
{
	z_stream z = { 0 };

	if (inflateInit2(&z, -MAX_WBITS) != Z_OK)
		exit(2);
	z.next_in = (uint8_t *)bytes;
	z.avail_in = (unsigned)n;
	z.next_out = out;
	z.avail_out = INFLATED_MOST;
	inflate(&z, Z_FINISH);
	*used = z.total_in;
	inflateEnd(&z);
	return z.total_out;
}

/* A pass to the end; then the last byte from each point. */
static void
run_pass(const struct deflated *deflated, struct restarts *restarts)
{
	unsigned char byte, window[RESTART_PACKED];
	struct restart_pass *pass;
	bool done = false;
	uint64_t at;
	enum status code = restart_pass_open(&pass, deflated, restarts);

	if (code) {
		fuzz_sentence();
		return;
	}
	while (!code && !done)
		code = restart_pass_step(pass, restarts, &at, &done);
	restart_pass_close(pass);
	if (code)
		fuzz_sentence();
	for (size_t k = 0; k < restarts->count; k++) {
		struct restart_cursor *cursor;

		if (!restarts_window(window, restarts, &restarts->points[k])
			|| restart_cursor_open(&cursor, deflated,
				&restarts->points[k], window))
			continue;
		if (deflated->bytes > 0)
			restart_cursor_read(cursor, deflated, &byte,
				deflated->bytes - 1, 1);
		restart_cursor_close(cursor);
	}
}

static void
pass_over(const uint8_t *bytes, size_t n, size_t inflated, uint32_t crc)
{
	struct restarts restarts;
	struct deflated deflated = { .stored_bytes = n, .bytes = inflated,
		.crc = crc };
	struct source *source;
	char *path;
	int fd = fuzz_memory(&path, bytes, n);

	restarts_start(&restarts);
	if (source_open(&source, path, NULL))
		exit(2);
	deflated.source = source;
	run_pass(&deflated, &restarts);
	restarts_free(&restarts);
	source_close(source);
	free(path);
	close(fd);
}

/* A byte by which the directory's size is wrong, a bit of it the CRC; then a
 * raw deflate stream, as the member a/T.npy, of which parts are read. */
void
fuzz_deflated(const uint8_t *bytes, size_t n)
{
	struct archive zip = { 0 };
	uint8_t *inflated;
	struct zipped member = {
		.name = "a/T.npy", .name_size = 7, .method = Z_DEFLATED,
	};

	if (n < 2)
		return;
	inflated = xmalloc(INFLATED_MOST);
	member.data = bytes + 1;
	member.bytes = inflate_all(inflated, &member.stored_bytes, bytes + 1,
		n - 1);
	member.crc = (uint32_t)crc32(0, inflated, (unsigned)member.bytes)
		^ (bytes[0] >> 7);
	member.bytes += bytes[0] & 0x7f;
	free(inflated);
	if (member.stored_bytes > 0)
		pass_over(member.data, member.stored_bytes, member.bytes,
			member.crc);
	archive_add(&zip, &member);
	archive_end(&zip);
	store_part_least = 1;
	fuzz_file(&zip.file);
	store_part_least = (size_t)16 << 20;
}

/* A stream whose blocks begin at whole bytes. */
static size_t
make_stream(uint8_t *out, size_t room, uint32_t *crc)
{
	uint8_t block[BLOCK];
	z_stream z = { 0 };

	*crc = 0;
	if (deflateInit2(&z, 6, Z_DEFLATED, -MAX_WBITS, 8,
		Z_DEFAULT_STRATEGY) != Z_OK)
		exit(2);
	z.next_out = out;
	z.avail_out = (unsigned)room;
	for (size_t k = 0; k < BLOCKS; k++) {
		for (size_t i = 0; i < BLOCK; i++)
			block[i] = (uint8_t)(i * i >> k);
		*crc = (uint32_t)crc32(*crc, block, BLOCK);
		z.next_in = block;
		z.avail_in = BLOCK;
		deflate(&z, k + 1 < BLOCKS ? Z_SYNC_FLUSH : Z_FINISH);
	}
	deflateEnd(&z);
	return z.total_out;
}

/* A byte with the number of points, nine bytes each, and their windows. */
static bool
table_of(struct restarts *out, struct restart_point *points,
	const uint8_t *bytes, size_t n)
{
	size_t count = bytes[0] % POINTS_MOST + 1, at = 1 + 9 * count;
	uint64_t window = 0;

	if (n < at)
		return false;
	for (size_t k = 0; k < count; k++) {
		const uint8_t *p = bytes + 1 + 9 * k;
		size_t size = (size_t)(p[7] | p[8] << 8);

		size = size_min(size, n - at - window);
		points[k] = (struct restart_point){
			.at = (uint64_t)(p[0] | p[1] << 8 | p[2] << 16),
			.stored_at = (uint64_t)(p[3] | p[4] << 8 | p[5] << 16),
			.bits = p[6],
			.window = window,
			.window_size = (uint32_t)size,
			.window_crc = (uint32_t)crc32(0, bytes + at + window,
				(unsigned)size),
		};
		window += size;
	}
	*out = (struct restarts){
		.points = points, .count = count, .fd = -1,
		.windows = (unsigned char *)bytes + at,
		.windows_size = window,
	};
	return true;
}

/* As from disk, and as to go on from. */
static void
use_table(const uint8_t *table, size_t size, const struct deflated *deflated,
	const unsigned char key[SHA256_SIZE])
{
	struct restarts restarts;
	char *path;
	int fd = fuzz_memory(&path, table, size);

	free(path);
	if (!restarts_unpack(&restarts, fd, deflated, key)) {
		close(fd);
		return;
	}
	if (restarts_gather(&restarts))
		run_pass(deflated, &restarts);
	restarts_free(&restarts);
}

/* A table of restart points, with checksums that are right. */
void
fuzz_restarts(const uint8_t *bytes, size_t n)
{
	uint8_t stream[2 * BLOCKS * BLOCK];
	struct deflated deflated = { .bytes = (uint64_t)BLOCKS * BLOCK };
	struct restart_point points[POINTS_MOST];
	static const unsigned char key[SHA256_SIZE];
	struct restarts restarts;
	unsigned char *packed;
	struct source *source;
	size_t size;
	char *path;
	int fd;

	if (n < 1 || !table_of(&restarts, points, bytes, n))
		return;
	deflated.stored_bytes = make_stream(stream, sizeof stream,
		&deflated.crc);
	fd = fuzz_memory(&path, stream, deflated.stored_bytes);
	if (source_open(&source, path, NULL))
		exit(2);
	deflated.source = source;
	restarts_pack(&packed, &size, &restarts, &deflated, key);
	use_table(packed, size, &deflated, key);
	free(packed);
	source_close(source);
	free(path);
	close(fd);
}
