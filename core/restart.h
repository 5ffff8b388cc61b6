/*
 * Restart points of a deflate stream: places between two of its blocks from
 * which it can be inflated without what lies before, given the 32 KiB that
 * were inflated last (the idea of zran.c in zlib's examples, by Mark Adler).
 * Windows are deflated themselves. A table is made in one pass from the front,
 * which may be stopped and go on from what was kept of it. It is usable
 * meanwhile up to where the pass is, and stays within 1 % of the stored bytes.
 * From a file its points are read at once, and checked; a window
 * when it is used. One thread at a time; where a lock is given, the pass holds it
 * while it adds a point, so that others may read the table under it.
 */
#ifndef CORE_RESTART_H
#define CORE_RESTART_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/sha256.h"
#include "core/status.h"

struct source;

/* A deflate stream in a file. */
struct deflated {
	const struct source *source;
	uint64_t begin;         /* its first byte in the file */
	uint64_t stored_bytes;
	uint64_t bytes;         /* once inflated */
	uint32_t crc;           /* of these */
};

/* As on disk: no holes. */
struct restart_point {
	uint64_t at;            /* bytes inflated before it */
	uint64_t stored_at;     /* the first whole stored byte behind it */
	uint64_t window;        /* where its deflated window begins, */
	uint32_t window_size;
	uint32_t bits;          /* of the stored byte before stored_at */
	uint32_t window_crc;    /* of the deflated window */
	uint32_t zero;
};

struct restarts {
	struct restart_point *points;   /* ascending; the first at 0 */
	size_t count, room;
	unsigned char *windows;         /* NULL: in the file, if any */
	size_t windows_size, windows_room;
	int fd;                         /* of the file, or -1 */
	bool whole;                     /* a pass has come to the end */
	uint32_t crc;                   /* of the bytes before the last point */
	pthread_mutex_t *lock;          /* or NULL */
};

/* Bytes of a window, and of a deflated one at most. */
enum { RESTART_WINDOW = 32768, RESTART_PACKED = 33280 };

/* Bytes inflated between two points, at least; more where points would take
 * more than 1 %. */
extern const uint64_t restart_span;

void restarts_start(struct restarts *restarts);
void restarts_free(struct restarts *restarts);

/* The last point at or before a byte. */
const struct restart_point *restarts_find(const struct restarts *restarts,
	uint64_t at);

/* Where inflating a stream stands. */
struct restart_cursor;

/* At a point; packed: its deflated window. */
enum status restart_cursor_open(struct restart_cursor **out,
	const struct deflated *deflated, const struct restart_point *point,
	const unsigned char *packed);
void restart_cursor_close(struct restart_cursor *cursor);

/* The byte that comes next, and n bytes from offset, which is none before. */
uint64_t restart_cursor_at(const struct restart_cursor *cursor);
enum status restart_cursor_read(struct restart_cursor *cursor,
	const struct deflated *deflated, unsigned char *out, uint64_t offset,
	size_t n);

/* Makes a stream of zlib's go on at a point. */
struct z_stream_s;
enum status restart_begin(struct z_stream_s *z,
	const struct deflated *deflated, const struct restart_point *point,
	const unsigned char *packed);

/* One pass over a stream, from the last point on to the end. */
struct restart_pass;

enum status restart_pass_open(struct restart_pass **out,
	const struct deflated *deflated, const struct restarts *restarts);
void restart_pass_close(struct restart_pass *pass);

/* Inflates the next megabyte or so and adds points; *at is how far it is,
 * *done is set at the end, all checked: size and CRC-32. */
enum status restart_pass_step(struct restart_pass *pass,
	struct restarts *restarts, uint64_t *at, bool *done);

/* The deflated window of a point, with room for its window_size bytes; false
 * where the file does not hold it any more. Of a table that nobody adds to. */
bool restarts_window(unsigned char *out, const struct restarts *restarts,
	const struct restart_point *point);

/* All of it as bytes for a file, malloc'd: every one of them is held against a
 * checksum before it is used. And back: false, and *out untouched, where the
 * file is not a table of that stream under that key; else it takes over the
 * descriptor. */
void restarts_pack(unsigned char **out, size_t *size,
	const struct restarts *restarts, const struct deflated *deflated,
	const unsigned char key[SHA256_SIZE]);
bool restarts_unpack(struct restarts *out, int fd,
	const struct deflated *deflated, const unsigned char key[SHA256_SIZE]);

/* Takes the windows into memory, for a pass to go on; false where one is
 * damaged. */
bool restarts_gather(struct restarts *restarts);

#endif
