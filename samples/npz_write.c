#include "samples/npz_write.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zlib.h>

/* All zip64 fields are in use everywhere: one path for every size. */
enum {
	LOCAL_SIGNATURE = 0x04034b50,
	CENTRAL_SIGNATURE = 0x02014b50,
	END64_SIGNATURE = 0x06064b50,
	LOCATOR_SIGNATURE = 0x07064b50,
	END_SIGNATURE = 0x06054b50,
	VERSION = 45,
	DATE_1980 = 0x21,
	LOCAL_CRC_OFFSET = 14,
	LOCAL_NAME_OFFSET = 30,
	STORED = 0,
	DEFLATED = 8,
	BUFFER_SIZE = 1 << 16,
	NAME_MAX_BYTES = 1000,
};

#define SATURATED 0xffffffffu

struct member {
	char *name;
	uint64_t offset, bytes, stored;
	uint32_t crc;
};

struct npz_writer {
	FILE *file;
	char *path;
	int error;                      /* errno of the first failure */
	struct member *members;
	size_t member_count;
	uint64_t expected;              /* bytes the open member should take */
	enum npz_dtype dtype;
	unsigned char buffer[BUFFER_SIZE];
	size_t used;
	bool deflates;
	z_stream z;
	unsigned char packed[BUFFER_SIZE];
};

static void
fail(struct npz_writer *npz, int error)
{
	if (!npz->error)
		npz->error = error ? error : EIO;
}

static void
raw(struct npz_writer *npz, const void *bytes, size_t n)
{
	if (!npz->error && fwrite(bytes, 1, n, npz->file) != n)
		fail(npz, errno);
}

/* The low `bytes` bytes of value, little endian. */
static void
number(struct npz_writer *npz, uint64_t value, int bytes)
{
	unsigned char out[8];

	for (int i = 0; i < bytes; i++)
		out[i] = (unsigned char)(value >> (8 * i));
	raw(npz, out, (size_t)bytes);
}

static struct member *
current(struct npz_writer *npz)
{
	return &npz->members[npz->member_count - 1];
}

/* The buffer's bytes, deflated, to the end of the stream if that is asked. */
static void
pack(struct npz_writer *npz, int how)
{
	npz->z.next_in = npz->buffer;
	npz->z.avail_in = (uInt)npz->used;
	do {
		size_t n;

		npz->z.next_out = npz->packed;
		npz->z.avail_out = sizeof npz->packed;
		deflate(&npz->z, how);
		n = sizeof npz->packed - npz->z.avail_out;
		raw(npz, npz->packed, n);
		current(npz)->stored += n;
	} while (!npz->error && npz->z.avail_out == 0);
}

static void
flush(struct npz_writer *npz, bool last)
{
	struct member *member = current(npz);

	if (npz->deflates) {
		pack(npz, last ? Z_FINISH : Z_NO_FLUSH);
	} else {
		raw(npz, npz->buffer, npz->used);
		member->stored += npz->used;
	}
	member->crc = (uint32_t)crc32(member->crc, npz->buffer,
		(uInt)npz->used);
	member->bytes += npz->used;
	npz->used = 0;
}

/* Member bytes: counted, checked, written in large pieces. */
static void
content(struct npz_writer *npz, const void *bytes, size_t n)
{
	if (npz->used + n > sizeof npz->buffer)
		flush(npz, false);
	memcpy(npz->buffer + npz->used, bytes, n);
	npz->used += n;
}

static void
local_header(struct npz_writer *npz, const char *name, uint64_t bytes)
{
	number(npz, LOCAL_SIGNATURE, 4);
	number(npz, VERSION, 2);
	number(npz, 0, 2);
	number(npz, npz->deflates ? DEFLATED : STORED, 2);
	number(npz, 0, 2);
	number(npz, DATE_1980, 2);
	number(npz, 0, 4);              /* CRC: known at the end */
	number(npz, SATURATED, 4);
	number(npz, SATURATED, 4);
	number(npz, strlen(name), 2);
	number(npz, 20, 2);
	raw(npz, name, strlen(name));
	number(npz, 1, 2);              /* zip64: both sizes */
	number(npz, 16, 2);
	number(npz, bytes, 8);
	number(npz, 0, 8);              /* in the file: known at the end */
}

/* Opens the member for an array of so many bytes with that .npy header. */
static void
begin_member(struct npz_writer *npz, const char *key, const char *header,
	uint64_t bytes)
{
	unsigned char start[10] = "\x93NUMPY\x01\x00";
	size_t length = strlen(header), total = (10 + length + 1 + 63) / 64 * 64;
	size_t blanks = total - 10 - length - 1;
	struct member *members;
	char name[NAME_MAX_BYTES];

	members = realloc(npz->members,
		(npz->member_count + 1) * sizeof *members);
	if (!members || strlen(key) + sizeof ".npy" > sizeof name) {
		fail(npz, ENOMEM);
		return;
	}
	npz->members = members;
	snprintf(name, sizeof name, "%s.npy", key);
	npz->member_count++;
	*current(npz) = (struct member){ .name = strdup(name),
		.offset = (uint64_t)ftello(npz->file) };
	if (!current(npz)->name)
		fail(npz, ENOMEM);
	npz->expected = bytes + total;
	if (npz->deflates && deflateReset(&npz->z) != Z_OK)
		fail(npz, EINVAL);
	local_header(npz, name, npz->expected);
	start[8] = (unsigned char)(total - 10);
	start[9] = (unsigned char)((total - 10) >> 8);
	content(npz, start, sizeof start);
	content(npz, header, length);
	while (blanks--)
		content(npz, " ", 1);
	content(npz, "\n", 1);
}

struct npz_writer *
npz_create(const char *path, int level)
{
	struct npz_writer *npz = calloc(1, sizeof *npz);

	if (!npz)
		return NULL;
	npz->path = strdup(path);
	npz->deflates = level > 0;
	/* no zlib header: a zip has its own */
	if (npz->deflates && deflateInit2(&npz->z, level, Z_DEFLATED,
		-MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
		free(npz->path);
		free(npz);
		errno = ENOMEM;
		return NULL;
	}
	npz->file = npz->path ? fopen(path, "wb") : NULL;
	if (!npz->file) {
		deflateEnd(&npz->z);
		free(npz->path);
		free(npz);
		return NULL;
	}
	return npz;
}

bool
npz_failed(const struct npz_writer *npz)
{
	return npz->error != 0;
}

void
npz_begin(struct npz_writer *npz, const struct npz_array *array)
{
	static const struct {
		const char *name;
		uint64_t bytes;
	} types[] = {
		[NPZ_F64] = { "<f8", 8 },
		[NPZ_F32] = { "<f4", 4 },
		[NPZ_BF16] = { "|V2", 2 },
	};
	uint64_t bytes = types[array->dtype].bytes;
	char header[256];
	int used;

	used = snprintf(header, sizeof header, "{'descr': '%s', "
		"'fortran_order': False, 'shape': (", types[array->dtype].name);
	for (int i = 0; i < array->rank; i++) {
		if (__builtin_mul_overflow(bytes, (uint64_t)array->shape[i],
			&bytes) || bytes > INT64_MAX / 2)
			fail(npz, EFBIG);
		used += snprintf(header + used, sizeof header - (size_t)used,
			"%zu, ", array->shape[i]);
	}
	snprintf(header + used, sizeof header - (size_t)used, "), }");
	npz->dtype = array->dtype;
	if (!npz->error)
		begin_member(npz, array->name, header, bytes);
}

void
npz_put(struct npz_writer *npz, double value)
{
	float narrow = (float)value;
	unsigned char out[8];
	uint32_t low;
	uint64_t bits;
	size_t n = npz->dtype == NPZ_F64 ? 8 : npz->dtype == NPZ_F32 ? 4 : 2;

	if (npz->error)
		return;
	memcpy(&low, &narrow, sizeof low);
	memcpy(&bits, &value, sizeof bits);
	if (npz->dtype == NPZ_F32)
		bits = low;
	else if (npz->dtype == NPZ_BF16)        /* to nearest, ties to even */
		bits = (low + 0x7fff + (low >> 16 & 1)) >> 16;
	for (size_t i = 0; i < n; i++)
		out[i] = (unsigned char)(bits >> (8 * i));
	content(npz, out, n);
}

void
npz_end(struct npz_writer *npz)
{
	struct member *member;
	off_t end;

	if (npz->error)
		return;
	flush(npz, true);
	member = current(npz);
	if (member->bytes != npz->expected)
		abort();        /* the caller's numbers do not fill its shape */
	end = ftello(npz->file);
	if (fseeko(npz->file, (off_t)member->offset + LOCAL_CRC_OFFSET,
		SEEK_SET))
		fail(npz, errno);
	number(npz, member->crc, 4);
	/* behind the extra field's own four bytes and the size inflated */
	if (fseeko(npz->file, (off_t)(member->offset + LOCAL_NAME_OFFSET
		+ strlen(member->name) + 4 + 8), SEEK_SET))
		fail(npz, errno);
	number(npz, member->stored, 8);
	if (fseeko(npz->file, end, SEEK_SET))
		fail(npz, errno);
}

void
npz_text(struct npz_writer *npz, const char *name, const char *text)
{
	size_t length = strlen(text);
	char header[128];

	if (npz->error)
		return;
	snprintf(header, sizeof header, "{'descr': '<U%zu', "
		"'fortran_order': False, 'shape': (), }", length);
	begin_member(npz, name, header, 4 * (uint64_t)length);
	for (size_t i = 0; i < length && !npz->error; i++) {
		const char point[4] = { text[i], 0, 0, 0 };

		content(npz, point, sizeof point);
	}
	npz_end(npz);
}

static void
central_header(struct npz_writer *npz, const struct member *member)
{
	number(npz, CENTRAL_SIGNATURE, 4);
	number(npz, VERSION, 2);
	number(npz, VERSION, 2);
	number(npz, 0, 2);
	number(npz, npz->deflates ? DEFLATED : STORED, 2);
	number(npz, 0, 2);
	number(npz, DATE_1980, 2);
	number(npz, member->crc, 4);
	number(npz, SATURATED, 4);
	number(npz, SATURATED, 4);
	number(npz, strlen(member->name), 2);
	number(npz, 28, 2);
	number(npz, 0, 2 + 2 + 2);      /* comment, disk, text or not */
	number(npz, 0, 4);
	number(npz, SATURATED, 4);
	raw(npz, member->name, strlen(member->name));
	number(npz, 1, 2);              /* zip64: both sizes, offset */
	number(npz, 24, 2);
	number(npz, member->bytes, 8);
	number(npz, member->stored, 8);
	number(npz, member->offset, 8);
}

static void
directory(struct npz_writer *npz)
{
	uint64_t start = (uint64_t)ftello(npz->file), end;

	for (size_t i = 0; i < npz->member_count; i++)
		central_header(npz, &npz->members[i]);
	end = (uint64_t)ftello(npz->file);
	number(npz, END64_SIGNATURE, 4);
	number(npz, 44, 8);             /* bytes that follow in this record */
	number(npz, VERSION, 2);
	number(npz, VERSION, 2);
	number(npz, 0, 8);              /* disks */
	number(npz, npz->member_count, 8);
	number(npz, npz->member_count, 8);
	number(npz, end - start, 8);
	number(npz, start, 8);
	number(npz, LOCATOR_SIGNATURE, 4);
	number(npz, 0, 4);
	number(npz, end, 8);
	number(npz, 1, 4);
	number(npz, END_SIGNATURE, 4);
	number(npz, 0, 4);
	number(npz, 0xffff, 2);
	number(npz, 0xffff, 2);
	number(npz, SATURATED, 4);
	number(npz, SATURATED, 4);
	number(npz, 0, 2);
}

bool
npz_close(struct npz_writer *npz)
{
	struct stat stat;
	bool regular;
	int error;

	directory(npz);
	regular = !fstat(fileno(npz->file), &stat) && S_ISREG(stat.st_mode);
	if (fclose(npz->file))
		fail(npz, errno);
	error = npz->error;
	if (error && regular)   /* never a device */
		remove(npz->path);
	for (size_t i = 0; i < npz->member_count; i++)
		free(npz->members[i].name);
	if (npz->deflates)
		deflateEnd(&npz->z);
	free(npz->members);
	free(npz->path);
	free(npz);
	errno = error;
	return !error;
}
