#include "core/restart.h"

#include <stdlib.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/crc.h"
#include "core/util.h"

const uint64_t restart_span = (uint64_t)2 << 20;

void
restarts_start(struct restarts *restarts)
{
	*restarts = (struct restarts){ .count = 1, .room = 1, .fd = -1 };
	restarts->points = xcalloc(1, sizeof *restarts->points);
}

void
restarts_free(struct restarts *restarts)
{
	free(restarts->points);
	free(restarts->windows);
	if (restarts->fd >= 0)
		close(restarts->fd);
	*restarts = (struct restarts){ .fd = -1 };
}

const struct restart_point *
restarts_find(const struct restarts *restarts, uint64_t at)
{
	size_t low = 0, high = restarts->count;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (restarts->points[middle].at <= at)
			low = middle;
		else
			high = middle;
	}
	return &restarts->points[low];
}

/* Raise FORMAT when the layout changes; ORDER tells byte orders apart. */
enum { FORMAT = 3, ORDER = 0x01020304 };

static const char magic[8] = "esscope\x1c";

struct header {
	char magic[8];
	uint32_t order, format;
	unsigned char key[SHA256_SIZE];
	uint64_t stored_bytes, bytes;
	uint64_t points, windows;
	uint32_t member_crc;
	uint32_t whole, crc_before;     /* as in struct restarts */
	uint32_t crc;                   /* of all else but the windows */
};

_Static_assert(sizeof(struct header) == 96, "the header has no holes");
_Static_assert(sizeof(struct restart_point) == 40, "nor has a point");

static uint32_t
checksum(const struct header *header, const unsigned char *rest, size_t size)
{
	struct header copy = *header;
	uint32_t crc;

	copy.crc = 0;
	crc = crc_extend(0, &copy, sizeof copy);
	return crc_extend(crc, rest, size);
}

static struct header
header_of(const struct restarts *restarts, const struct deflated *deflated,
	const unsigned char key[SHA256_SIZE])
{
	struct header header = {
		.order = ORDER, .format = FORMAT,
		.stored_bytes = deflated->stored_bytes,
		.bytes = deflated->bytes,
		.points = restarts->count,
		.windows = restarts->windows_size,
		.member_crc = deflated->crc,
		.whole = restarts->whole,
		.crc_before = restarts->crc,
	};

	memcpy(header.magic, magic, sizeof magic);
	memcpy(header.key, key, sizeof header.key);
	return header;
}

void
restarts_pack(unsigned char **out, size_t *size,
	const struct restarts *restarts, const struct deflated *deflated,
	const unsigned char key[SHA256_SIZE])
{
	struct header header = header_of(restarts, deflated, key);
	size_t points = restarts->count * sizeof *restarts->points;
	unsigned char *bytes = xmalloc(sizeof header + points
		+ restarts->windows_size), *rest = bytes + sizeof header;

	memcpy(rest, restarts->points, points);
	if (restarts->windows_size)
		memcpy(rest + points, restarts->windows,
			restarts->windows_size);
	header.crc = checksum(&header, rest, points);
	memcpy(bytes, &header, sizeof header);
	*out = bytes;
	*size = sizeof header + points + restarts->windows_size;
}

static bool
read_at(int fd, void *out, size_t size, uint64_t at)
{
	unsigned char *to = out;

	while (size) {
		ssize_t n = pread(fd, to, size, (off_t)at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		to += n;
		at += (uint64_t)n;
		size -= (size_t)n;
	}
	return true;
}

bool
restarts_window(unsigned char *out, const struct restarts *restarts,
	const struct restart_point *point)
{
	uint64_t windows = sizeof(struct header)
		+ restarts->count * sizeof *point;

	if (!point->window_size)
		return true;
	if (restarts->fd < 0)
		memcpy(out, restarts->windows + point->window,
			point->window_size);
	else if (!read_at(restarts->fd, out, point->window_size,
		windows + point->window))
		return false;
	return point->window_crc == crc_extend(0, out,
		point->window_size);
}

/* The checksum has passed: this is for who writes files with right ones. */
static bool
points_hold(const struct restarts *restarts, const struct deflated *deflated)
{
	uint64_t window = 0;

	for (size_t k = 0; k < restarts->count; k++) {
		const struct restart_point *point = &restarts->points[k];

		if (point->at > deflated->bytes || point->bits > 7
			|| point->window_size > RESTART_PACKED
			|| point->stored_at > deflated->stored_bytes
			|| (point->bits && !point->stored_at)
			|| point->window != window
			|| point->window_size > restarts->windows_size - window
			|| (k == 0 ? point->at || point->stored_at
				: point->at <= point[-1].at
				|| point->stored_at < point[-1].stored_at))
			return false;
		window += point->window_size;
	}
	return window == restarts->windows_size;
}

bool
restarts_unpack(struct restarts *out, int fd, const struct deflated *deflated,
	const unsigned char key[SHA256_SIZE])
{
	struct restarts restarts = { .fd = -1 };
	struct header header, wanted;
	struct stat st;
	size_t points;
	void *room;

	if (fstat(fd, &st) || !S_ISREG(st.st_mode)
		|| !read_at(fd, &header, sizeof header, 0))
		return false;
	restarts.count = restarts.room = (size_t)header.points;
	restarts.windows_size = (size_t)header.windows;
	restarts.whole = header.whole == 1;
	restarts.crc = header.crc_before;
	wanted = header_of(&restarts, deflated, key);
	wanted.crc = header.crc;
	if (memcmp(&wanted, &header, sizeof header) || !restarts.count
		|| restarts.count > (uint64_t)st.st_size
			/ sizeof *restarts.points)
		return false;
	points = restarts.count * sizeof *restarts.points;
	if (restarts.windows_size != (uint64_t)st.st_size - sizeof header
		- points || util_alloc(&room, points, 1, "restart points"))
		return false;
	restarts.points = room;
	if (!read_at(fd, restarts.points, points, sizeof header)
		|| header.crc != checksum(&header, room, points)
		|| !points_hold(&restarts, deflated)) {
		restarts_free(&restarts);
		return false;
	}
	restarts.fd = fd;
	*out = restarts;
	return true;
}

bool
restarts_gather(struct restarts *restarts)
{
	unsigned char *windows = xmalloc(restarts->windows_size);
	bool right = true;

	for (size_t k = 0; right && k < restarts->count; k++)
		right = restarts_window(windows + restarts->points[k].window,
			restarts, &restarts->points[k]);
	if (!right) {
		free(windows);
		return false;
	}
	close(restarts->fd);
	restarts->fd = -1;
	restarts->windows = windows;
	restarts->windows_room = restarts->windows_size;
	return true;
}
