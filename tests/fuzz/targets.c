/*
 * The readers, each with what leads to it done right, so that a fuzzer need
 * not find that out. Files are in memory only (memfd_create).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <zlib.h>

#include "core/dump.h"
#include "core/npy.h"
#include "core/operator.h"
#include "core/text.h"
#include "core/util.h"
#include "tests/fuzz/target.h"

/* A longer operator only takes time. */
enum { LENGTH_MOST = 256, LAYERS_MOST = 16, CHANNELS_MOST = 4 };

/* Whatever came of it: no sentence may carry a control character, but for the
 * lines of what to type. */
static void
check_sentence(void)
{
	for (const char *p = status_text(); *p; p++)
		if (((unsigned char)*p < 0x20 && *p != '\n') || *p == 0x7f)
			abort();
}

static void
open_channel(struct layer *layer, size_t channel)
{
	double row[LENGTH_MOST];
	struct operator *op;

	if (operator_open(&op, layer, channel)) {
		check_sentence();
		return;
	}
	op->kind->row(op, layer->length - 1, row);
	operator_close(op);
}

static void
read_layer(struct layer *layer)
{
	if (layer_resolve(layer)) {
		check_sentence();
		return;
	}
	for (size_t c = 0; layer->length <= LENGTH_MOST
		&& c < size_min(layer->channels, CHANNELS_MOST); c++)
		open_channel(layer, c);
}

/* The last element of a batch as well. */
static void
read_dumps(struct dump_list *list)
{
	for (size_t d = 0; d < list->count; d++)
		for (size_t k = 0; k < size_min(list->dumps[d]->layer_count,
			LAYERS_MOST); k++)
			read_layer(&list->dumps[d]->layers[k]);
}

static void
open_dump(const char *path)
{
	struct dump_list list;

	if (dump_open(&list, path, 1 << 20)) {
		check_sentence();
		return;
	}
	read_dumps(&list);
	if (dump_list_batch(&list, 1))
		check_sentence();
	else
		read_dumps(&list);
	dump_list_close(&list);
}

/* The bytes of a file while they are put together. */
struct file {
	uint8_t *bytes;
	size_t size, room;
};

static void
put(struct file *file, const void *bytes, size_t n)
{
	if (file->size + n > file->room) {
		file->room = 2 * (file->size + n);
		file->bytes = xreallocarray(file->bytes, file->room, 1);
	}
	if (n > 0)
		memcpy(file->bytes + file->size, bytes, n);
	file->size += n;
}

static void
put_number(struct file *file, uint64_t value, size_t n)
{
	for (size_t k = 0; k < n; k++, value >>= 8)
		put(file, &(uint8_t){ (uint8_t)value }, 1);
}

static void
run_dump(const uint8_t *bytes, size_t n)
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);
	char *path;

	if (fd < 0 || write(fd, bytes, n) != (ssize_t)n)
		exit(2);
	path = xasprintf("/proc/self/fd/%d", fd);
	open_dump(path);
	free(path);
	close(fd);
}

static void
run_file(struct file *file)
{
	run_dump(file->bytes, file->size);
	free(file->bytes);
}

/* Two bytes say how many follow the header, which is the rest. */
static void
run_safetensors(const uint8_t *bytes, size_t n)
{
	struct file file = { 0 };

	if (n < 2)
		return;
	put_number(&file, n - 2, 8);
	put(&file, bytes + 2, n - 2);
	for (size_t k = 0; k < (size_t)(bytes[0] | bytes[1] << 8); k++)
		put_number(&file, k % 64 == 3 ? 0x3f : 0, 1);
	run_file(&file);
}

static void
run_npy(const uint8_t *bytes, size_t n)
{
	struct tensor_type type;
	size_t size;

	if (npy_header_size(&size, bytes, n) || size > n
		|| npy_header_parse(&type, bytes, size)) {
		check_sentence();
		return;
	}
	if (type.bytes / type.item != type.count)
		abort();
}

static void
run_npy_gz(const uint8_t *bytes, size_t n)
{
	z_stream z = { 0 };
	size_t room = n + n / 100 + 1000;
	struct file file = { xmalloc(room), 0, room };

	if (deflateInit2(&z, 1, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY))
		exit(2);
	z.next_in = (uint8_t *)bytes;
	z.avail_in = (unsigned)n;
	z.next_out = file.bytes;
	z.avail_out = (unsigned)room;
	if (deflate(&z, Z_FINISH) != Z_STREAM_END)
		exit(2);
	file.size = z.total_out;
	deflateEnd(&z);
	run_file(&file);
}

/* What local headers and directory entries share. */
static void
put_common(struct file *zip, const uint8_t *data, size_t n, size_t name_size)
{
	put_number(zip, 20, 2);
	put_number(zip, 0, 8);
	put_number(zip, crc32(0, data, (unsigned)n), 4);
	put_number(zip, n, 4);
	put_number(zip, n, 4);
	put_number(zip, name_size, 2);
	put_number(zip, 0, 2);
}

static void
put_member(struct file *zip, struct file *directory, const uint8_t *name,
	size_t name_size, const uint8_t *data, size_t n)
{
	size_t offset = zip->size;

	put_number(zip, 0x04034b50, 4);
	put_common(zip, data, n, name_size);
	put(zip, name, name_size);
	put(zip, data, n);
	put_number(directory, 0x02014b50, 4);
	put_number(directory, 20, 2);
	put_common(directory, data, n, name_size);
	put_number(directory, 0, 10);
	put_number(directory, offset, 4);
	put(directory, name, name_size);
}

/* A sound archive of any members: a byte and so much of a name, two bytes and
 * so much data, and so on. */
static void
run_members(const uint8_t *bytes, size_t n)
{
	struct file zip = { 0 }, directory = { 0 };
	size_t count = 0, at = 0;

	while (n - at > 3) {
		size_t name_size = bytes[at], data_size;
		const uint8_t *name = bytes + at + 1;

		if (n - at < name_size + 3)
			break;
		at += name_size + 3;
		data_size = (size_t)(bytes[at - 2] | bytes[at - 1] << 8);
		data_size = size_min(data_size, n - at);
		put_member(&zip, &directory, name, name_size, bytes + at,
			data_size);
		at += data_size;
		count++;
	}
	at = zip.size;
	put(&zip, directory.bytes, directory.size);
	put_number(&zip, 0x06054b50, 4);
	put_number(&zip, 0, 4);
	put_number(&zip, count, 2);
	put_number(&zip, count, 2);
	put_number(&zip, directory.size, 4);
	put_number(&zip, at, 4);
	put_number(&zip, 0, 2);
	free(directory.bytes);
	run_file(&zip);
}

const struct fuzz_target fuzz_targets[] = {
	{ "dump", run_dump },
	{ "safetensors", run_safetensors },
	{ "npy", run_npy },
	{ "npy_gz", run_npy_gz },
	{ "members", run_members },
	{ NULL, NULL },
};
