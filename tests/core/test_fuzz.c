/*
 * Damaged dumps, deterministically: each byte of a small good .npz changed in
 * four ways, before and after it was packed (with a CRC that is right, and
 * wrong), the file cut at each length, and runs of bytes copied. Whatever
 * comes of it, reading ends with STATUS_OK or a sentence that names the file.
 * Sanitizers watch (the suite is run under them as well).
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <zlib.h>

#include "core/dump.h"
#include "core/operator.h"
#include "core/util.h"
#include "tests/tap.h"

enum { FILE_MAX = 16384 };

struct file {
	unsigned char bytes[FILE_MAX];
	size_t size;
};

static void
put(struct file *file, const void *bytes, size_t n)
{
	if (n > FILE_MAX - file->size)
		exit(2);
	memcpy(file->bytes + file->size, bytes, n);
	file->size += n;
}

static void
put_number(struct file *file, size_t value, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		unsigned char byte = (unsigned char)(value >> (8 * i));

		put(file, &byte, 1);
	}
}

/* A .npy of `bytes` bytes of small float32 numbers, or of the given text. */
static void
make_npy(struct file *out, const char *descr, const char *shape,
	const void *data, size_t n)
{
	char head[118];
	int used = snprintf(head, sizeof head, "{'descr': '%s', "
		"'fortran_order': False, 'shape': %s, }", descr, shape);

	memset(head + used, ' ', sizeof head - (size_t)used);
	head[sizeof head - 1] = '\n';
	put(out, "\x93NUMPY\1\0\x76\0", 10);
	put(out, head, sizeof head);
	put(out, data, n);
}

/* Raw deflate of a file's bytes. */
static void
deflate_file(struct file *out, struct file *in)
{
	z_stream z = { 0 };

	if (deflateInit2(&z, 6, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY))
		exit(2);
	z.next_in = in->bytes;
	z.avail_in = (unsigned)in->size;
	z.next_out = out->bytes;
	z.avail_out = FILE_MAX;
	if (deflate(&z, Z_FINISH) != Z_STREAM_END)
		exit(2);
	out->size = z.total_out;
	deflateEnd(&z);
}

/* Version, flags, method, time, date, crc, sizes and name length: the same in
 * local headers and directory entries. */
static void
put_common(struct file *zip, const char *name, int method,
	const struct file *packed, const struct file *npy)
{
	put_number(zip, 20, 2);
	put_number(zip, 0, 2);
	put_number(zip, (size_t)method, 2);
	put_number(zip, 0, 4);
	put_number(zip, crc32(0, npy->bytes, (unsigned)npy->size), 4);
	put_number(zip, packed->size, 4);
	put_number(zip, npy->size, 4);
	put_number(zip, strlen(name), 2);
	put_number(zip, 0, 2);
}

/* A zip while it is written, and the one byte of its members to change. */
struct archive {
	struct file zip, directory;
	size_t written;                 /* bytes of members, unpacked */
	size_t at;
	unsigned char mask;
};

static void
add_member(struct archive *archive, const char *name, struct file *npy,
	int method)
{
	struct file *zip = &archive->zip, *directory = &archive->directory;
	struct file packed = { .size = 0 };
	size_t offset = zip->size;

	if (archive->at - archive->written < npy->size)
		npy->bytes[archive->at - archive->written] ^= archive->mask;
	archive->written += npy->size;
	if (method)
		deflate_file(&packed, npy);
	else
		packed = *npy;
	put(zip, "PK\3\4", 4);
	put_common(zip, name, method, &packed, npy);
	put(zip, name, strlen(name));
	put(zip, packed.bytes, packed.size);
	put(directory, "PK\1\2\24\0", 6);
	put_common(directory, name, method, &packed, npy);
	put_number(directory, 0, 10);
	put_number(directory, offset, 4);
	put(directory, name, strlen(name));
	npy->size = 0;
}

/* q and k (1,4,2), stored and deflated, tokens, and meta as uint8. */
static void
make_dump(struct archive *archive)
{
	static const float values[8] = { 1, 2, 3, 4, -1, 0.5f, 0, 1e-3f };
	static const char meta[] = "{\"esscope\": 1, \"model\": \"m\", "
		"\"layers\": {\"a\": {\"kind\": \"decay\", \"width\": 2}}}";
	struct file *zip = &archive->zip, npy = { .size = 0 };
	char shape[32];
	size_t n;

	make_npy(&npy, "<f4", "(1, 4, 2)", values, sizeof values);
	add_member(archive, "a/q.npy", &npy, 0);
	make_npy(&npy, "<f4", "(1, 4, 2)", values, sizeof values);
	add_member(archive, "a/k.npy", &npy, 8);
	make_npy(&npy, "|S2", "(4,)", "a\0bcd\0e\0", 8);
	add_member(archive, "tokens.npy", &npy, 8);
	snprintf(shape, sizeof shape, "(%zu,)", strlen(meta));
	make_npy(&npy, "|u1", shape, meta, strlen(meta));
	add_member(archive, "meta.npy", &npy, 0);
	n = zip->size;
	put(zip, archive->directory.bytes, archive->directory.size);
	put(zip, "PK\5\6\0\0\0\0\4\0\4\0", 12);
	put_number(zip, archive->directory.size, 4);
	put_number(zip, n, 4);
	put_number(zip, 0, 2);
}

static size_t opened, refused, silent;

/* Counts an end of reading: a failure must have a sentence with the file. */
static bool
came_to(enum status code, const char *path)
{
	if (code == STATUS_OK)
		return true;
	refused++;
	silent += !strstr(status_text(), path);
	return false;
}

static void
read_layer(struct layer *layer, const char *path)
{
	size_t channel;

	if (!came_to(layer_resolve(layer), path))
		return;
	for (channel = 0; channel < size_min(layer->channels, 2); channel++) {
		struct operator *op;
		double row[64];

		if (layer->length > LENGTH(row)
			|| !came_to(operator_open(&op, layer, channel), path))
			continue;
		op->kind->row(op, layer->length - 1, row);
		operator_close(op);
		opened++;
	}
}

static void
read_dump(const char *path, const unsigned char *bytes, size_t n)
{
	struct dump_list list;
	size_t i;
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (fd < 0 || write(fd, bytes, n) != (ssize_t)n || close(fd))
		exit(2);
	if (!came_to(dump_open(&list, path, 1 << 20), path))
		return;
	for (i = 0; i < list.dumps[0]->layer_count; i++)
		read_layer(&list.dumps[0]->layers[i], path);
	dump_list_close(&list);
}

static void
report(const char *what)
{
	ok(silent == 0, "%s: %zu operators read, %zu sentences", what, opened,
		refused);
	opened = refused = silent = 0;
}

static const unsigned char masks[] = { 0x01, 0x80, 0xff, 0x20 };

/* Headers, elements, JSON and text that are wrong under a right CRC. */
static void
change_members(const char *path, size_t n)
{
	size_t i, k;

	for (i = 0; i < n; i++) {
		for (k = 0; k < LENGTH(masks); k++) {
			struct archive archive = {
				.at = i, .mask = masks[k],
			};

			make_dump(&archive);
			read_dump(path, archive.zip.bytes, archive.zip.size);
		}
	}
	report("each byte of the members changed");
}

static void
change_bytes(const char *path, const struct file *good)
{
	struct file bad = *good;
	size_t i, k;

	for (i = 0; i < good->size; i++) {
		for (k = 0; k < LENGTH(masks); k++) {
			bad.bytes[i] ^= masks[k];
			read_dump(path, bad.bytes, bad.size);
			bad.bytes[i] = good->bytes[i];
		}
	}
	report("each byte changed");
}

static void
swap_runs(const char *path, const struct file *good)
{
	unsigned seed = 1;
	size_t i, k, n;

	for (k = 0; k < 3000; k++) {
		struct file bad = *good;
		size_t to = (size_t)rand_r(&seed) % good->size;
		size_t from = (size_t)rand_r(&seed) % good->size;

		n = 1 + (size_t)rand_r(&seed) % 16;
		for (i = 0; i < n; i++)
			bad.bytes[(to + i) % good->size]
				= good->bytes[(from + i) % good->size];
		read_dump(path, bad.bytes, bad.size);
	}
	report("runs of bytes copied elsewhere");
}

int
main(void)
{
	char dir[] = "/tmp/esscope-test-XXXXXX";
	struct archive archive = { .mask = 0 };
	const struct file *good = &archive.zip;
	char *path;
	size_t n;

	if (!mkdtemp(dir))
		return 2;
	path = xasprintf("%s/x.npz", dir);
	make_dump(&archive);
	read_dump(path, good->bytes, good->size);
	ok(opened == 1 && refused == 0, "the dump is good: %s",
		refused ? status_text() : "one operator");
	report("undamaged");
	for (n = 0; n < good->size; n++)
		read_dump(path, good->bytes, n);
	ok(opened == 0 && refused == good->size, "no length but the whole");
	report("cut at each length");
	change_members(path, archive.written);
	change_bytes(path, good);
	swap_runs(path, good);
	unlink(path);
	rmdir(dir);
	free(path);
	return done();
}
