#include "core/cache_file.h"

#include <errno.h>
#include <math.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/crc.h"
#include "core/packed.h"
#include "core/util.h"

/* Raise FORMAT when the layout changes; the sizes tell other machines' files
 * apart, and ORDER their byte order. */
enum { FORMAT = 1, ORDER = 0x01020304 };

static const char magic[8] = "esscope\x1a";

struct header {
	char magic[8];
	uint32_t order, format;
	uint32_t place_size, numbers_size;
	unsigned char key[SHA256_SIZE];
	uint64_t channel, length;
	uint64_t cells, values;
	uint32_t zero;
	uint32_t crc;                   /* of all other bytes of the file */
};

_Static_assert(sizeof(struct header) == 96, "the header has no holes");
_Static_assert(sizeof(struct packed_place) == 16
	&& sizeof(struct packed_numbers) % 8 == 0, "nor have the cells");

uint64_t
cache_file_size(uint64_t cells, uint64_t values)
{
	return sizeof(struct header) + values * sizeof(double)
		+ cells * (sizeof(struct packed_place)
			+ sizeof(struct packed_numbers));
}

static struct header
header_of(const struct packed *packed, const struct cache_id *id)
{
	struct header header = {
		.order = ORDER, .format = FORMAT,
		.place_size = sizeof(struct packed_place),
		.numbers_size = sizeof(struct packed_numbers),
		.channel = id->channel, .length = id->length,
		.cells = packed->count, .values = packed->value_count,
	};

	memcpy(header.magic, magic, sizeof magic);
	memcpy(header.key, id->key, sizeof header.key);
	return header;
}

/* The arrays in the order they are written in. */
struct part {
	void *bytes;
	size_t size;
};

enum { PARTS = 3 };

static void
parts_of(struct part parts[PARTS], const struct packed *packed)
{
	parts[0] = (struct part){ packed->places,
		packed->count * sizeof *packed->places };
	parts[1] = (struct part){ packed->numbers,
		packed->count * sizeof *packed->numbers };
	parts[2] = (struct part){ packed->values,
		packed->value_count * sizeof *packed->values };
}

static uint32_t
checksum(const struct header *header, const struct part parts[PARTS])
{
	uint32_t crc = crc_extend(0, header,
		offsetof(struct header, crc));

	for (int k = 0; k < PARTS; k++)
		crc = crc_extend(crc, parts[k].bytes, parts[k].size);
	return crc;
}

static bool
write_all(int fd, const void *data, size_t size)
{
	const char *bytes = data;

	while (size > 0) {
		ssize_t done = write(fd, bytes, size);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return false;
		bytes += done;
		size -= (size_t)done;
	}
	return true;
}

bool
cache_file_write(int fd, const struct packed *packed,
	const struct cache_id *id)
{
	struct header header = header_of(packed, id);
	struct part parts[PARTS];
	bool right;

	parts_of(parts, packed);
	header.crc = checksum(&header, parts);
	right = write_all(fd, &header, sizeof header);
	for (int k = 0; k < PARTS && right; k++)
		right = write_all(fd, parts[k].bytes, parts[k].size);
	return right;
}

static bool
read_all(int fd, void *out, size_t size)
{
	char *to = out;

	while (size > 0) {
		ssize_t done = read(fd, to, size);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return false;
		to += done;
		size -= (size_t)done;
	}
	return true;
}

/* The header of a file of this id and of just the size it says. */
static bool
read_header(struct header *out, int fd, const struct cache_id *id)
{
	struct packed none = { .count = 0 };
	struct header want = header_of(&none, id);
	struct stat st;

	if (fstat(fd, &st) || !S_ISREG(st.st_mode)
	    || !read_all(fd, out, sizeof *out))
		return false;
	want.cells = out->cells;
	want.values = out->values;
	want.crc = out->crc;
	return !memcmp(&want, out, sizeof want)
		&& want.cells < want.length
		&& want.values <= (uint64_t)st.st_size / sizeof(double)
		&& want.cells <= (uint64_t)st.st_size
			/ sizeof(struct packed_numbers)
		&& cache_file_size(want.cells, want.values)
			== (uint64_t)st.st_size;
}

static bool
descends(const double *values, size_t count)
{
	for (size_t k = 0; k < count; k++)
		if (!isfinite(values[k]) || values[k] < 0
		    || (k && values[k] > values[k - 1]))
			return false;
	return true;
}

/* They are all doubles. */
static bool
numbers_sound(const struct packed_numbers *numbers)
{
	double all[sizeof *numbers / sizeof(double)];

	memcpy(all, numbers, sizeof all);
	for (size_t k = 0; k < LENGTH(all); k++)
		if (!isfinite(all[k]))
			return false;
	return true;
}

/* Every cell is one that hankel_spectra could have given. */
static bool
sound(const struct packed *packed, uint64_t length)
{
	uint64_t position = 0, first = 0;

	for (size_t k = 0; k < packed->count; k++) {
		const struct packed_place *place = &packed->places[k];
		uint64_t i = place->position;

		if (i <= position || i >= length || place->first != first
		    || place->count > packed->value_count - first
		    || place->count + place->unlisted
			> (i < length - i ? i : length - i)
		    || place->method >= METHOD_COUNT
		    || !numbers_sound(&packed->numbers[k])
		    || !descends(packed->values + first, place->count))
			return false;
		position = i;
		first += place->count;
	}
	return first == packed->value_count;
}

bool
cache_file_read(struct packed **out, int fd, const struct cache_id *id)
{
	struct header header;
	struct part parts[PARTS];
	struct packed *packed = NULL;
	bool right;

	if (!read_header(&header, fd, id)
	    || packed_new(&packed, (size_t)header.cells,
		(size_t)header.values) != STATUS_OK)
		return false;
	parts_of(parts, packed);
	right = true;
	for (int k = 0; k < PARTS && right; k++)
		right = read_all(fd, parts[k].bytes, parts[k].size);
	right = right && checksum(&header, parts) == header.crc
		&& sound(packed, header.length);
	if (right) {
		packed_index(packed);
		*out = packed;
	} else {
		packed_unref(packed);
	}
	return right;
}
