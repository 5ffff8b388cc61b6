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
#include "tests/fuzz/archive.h"
#include "tests/fuzz/target.h"

/* A longer operator only takes time. */
enum { LENGTH_MOST = 256, LAYERS_MOST = 16, CHANNELS_MOST = 4 };

/* Whatever came of it: no sentence may carry a control character, but for the
 * lines of what to type. */
void
fuzz_sentence(void)
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
		fuzz_sentence();
		return;
	}
	op->kind->row(op, layer->length - 1, row);
	operator_close(op);
}

static void
read_layer(struct layer *layer)
{
	if (layer_resolve(layer)) {
		fuzz_sentence();
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

void
fuzz_open(const char *path)
{
	struct dump_list list;

	if (dump_open(&list, path, 1 << 20)) {
		fuzz_sentence();
		return;
	}
	read_dumps(&list);
	if (dump_list_batch(&list, 1))
		fuzz_sentence();
	else
		read_dumps(&list);
	dump_list_close(&list);
}

int
fuzz_memory(char **path, const void *bytes, size_t n)
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);

	if (fd < 0 || write(fd, bytes, n) != (ssize_t)n)
		exit(2);
	*path = xasprintf("/proc/self/fd/%d", fd);
	return fd;
}

static void
run_dump(const uint8_t *bytes, size_t n)
{
	char *path;
	int fd = fuzz_memory(&path, bytes, n);

	fuzz_open(path);
	free(path);
	close(fd);
}

void
fuzz_file(struct bytes *file)
{
	run_dump(file->bytes, file->size);
	free(file->bytes);
}

/* Two bytes say how many follow the header, which is the rest. */
static void
run_safetensors(const uint8_t *bytes, size_t n)
{
	struct bytes file = { 0 };

	if (n < 2)
		return;
	bytes_number(&file, n - 2, 8);
	bytes_put(&file, bytes + 2, n - 2);
	for (size_t k = 0; k < (size_t)(bytes[0] | bytes[1] << 8); k++)
		bytes_number(&file, k % 64 == 3 ? 0x3f : 0, 1);
	fuzz_file(&file);
}

static void
run_npy(const uint8_t *bytes, size_t n)
{
	struct tensor_type type;
	size_t size;

	if (npy_header_size(&size, bytes, n) || size > n
		|| npy_header_parse(&type, bytes, size)) {
		fuzz_sentence();
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
	struct bytes file = { xmalloc(room), 0, room };

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
	fuzz_file(&file);
}

/* A sound archive of any members: a byte and so much of a name, two bytes and
 * so much data, and so on. */
static void
run_members(const uint8_t *bytes, size_t n)
{
	struct archive zip = { 0 };
	size_t at = 0;

	while (n - at > 3) {
		size_t name_size = bytes[at], data_size;
		const uint8_t *name = bytes + at + 1;

		if (n - at < name_size + 3)
			break;
		at += name_size + 3;
		data_size = (size_t)(bytes[at - 2] | bytes[at - 1] << 8);
		data_size = size_min(data_size, n - at);
		archive_add_stored(&zip, name, name_size, bytes + at,
			data_size);
		at += data_size;
	}
	archive_end(&zip);
	fuzz_file(&zip.file);
}

/* f4, all alike; A and la below zero. */
struct array {
	const char *name, *shape;
	size_t count;
	uint32_t bits;
};

static const struct array layers[] = {
	{ "a/q.npy", "(1, 4, 2)", 8, 0x3f000000 },
	{ "a/k.npy", "(1, 4, 2)", 8, 0x3f000000 },
	{ "a/la.npy", "(1, 4)", 4, 0xbf000000 },
	{ "b/q.npy", "(2, 4, 2)", 16, 0x3f000000 },
	{ "b/k.npy", "(1, 4, 2)", 8, 0x3f000000 },
	{ "c/dt.npy", "(2, 4)", 8, 0x3f000000 },
	{ "c/A.npy", "(2, 3)", 6, 0xbf000000 },
	{ "c/B.npy", "(4, 3)", 12, 0x3f000000 },
	{ "c/C.npy", "(4, 3)", 12, 0x3f000000 },
	{ "d/q.npy", "(4, 4, 4)", 64, 0x3f000000 },
	{ "d/k.npy", "(4, 4, 4)", 64, 0x3f000000 },
	{ "d/beta.npy", "(4, 4)", 16, 0x3f000000 },
	{ "e/h.npy", "(2, 3)", 6, 0x3f000000 },
	{ "e/gq.npy", "(2, 4)", 8, 0x3f000000 },
	{ "f/T.npy", "(1, 1)", 1, 0x3f000000 },
	{ "g/a.npy", "(1, 4)", 4, 0x3f000000 },
};

static void
add_array(struct archive *zip, const struct array *array)
{
	char *dict = xasprintf("{'descr': '<f4', 'fortran_order': False, "
		"'shape': %s, }", array->shape);
	char *text = xasprintf("%-117s\n", dict);
	struct bytes npy = { 0 };

	bytes_put(&npy, "\x93NUMPY\1\0", 8);
	bytes_number(&npy, strlen(text), 2);
	bytes_put(&npy, text, strlen(text));
	for (size_t k = 0; k < array->count; k++)
		bytes_number(&npy, array->bits, 4);
	archive_add_stored(zip, array->name, strlen(array->name), npy.bytes,
		npy.size);
	free(npy.bytes);
	free(dict);
	free(text);
}

/* The text of meta.json, beside a layer of every kind. */
static void
run_meta(const uint8_t *bytes, size_t n)
{
	struct archive zip = { 0 };

	for (size_t k = 0; k < LENGTH(layers); k++)
		add_array(&zip, &layers[k]);
	archive_add_stored(&zip, "meta.json", strlen("meta.json"), bytes, n);
	archive_end(&zip);
	fuzz_file(&zip.file);
}

/* Files of a directory: a byte that names it, two of its size, and so on. */
static const char *const names[] = {
	"a.npz", "b.npz", "c.npy", "d.npy.gz", "e.safetensors",
	"f.safetensors", "model.safetensors.index.json", "meta.json",
	"model.pt", ".zgroup", "README", "g\x1b.npy",
};

static void
write_file(const char *folder, const char *name, const uint8_t *bytes,
	size_t n)
{
	char *path = xasprintf("%s/%s", folder, name);
	FILE *file = fopen(path, "wb");

	if (!file || fwrite(bytes, 1, n, file) != n || fclose(file))
		exit(2);
	free(path);
}

static void
remove_folder(const char *folder)
{
	for (size_t k = 0; k < LENGTH(names); k++) {
		char *path = xasprintf("%s/%s", folder, names[k]);

		unlink(path);
		free(path);
	}
	rmdir(folder);
}

static void
run_directory(const uint8_t *bytes, size_t n)
{
	char folder[] = "/tmp/esscope-fuzz-XXXXXX", *index;

	if (!mkdtemp(folder))
		exit(2);
	for (size_t at = 3, size; at <= n; at += size + 3) {
		size = size_min((size_t)(bytes[at - 2] | bytes[at - 1] << 8),
			n - at);
		write_file(folder, names[bytes[at - 3] % LENGTH(names)],
			bytes + at, size);
	}
	fuzz_open(folder);
	index = xasprintf("%s/%s", folder, names[6]);
	fuzz_open(index);
	free(index);
	remove_folder(folder);
}

const struct fuzz_target fuzz_targets[] = {
	{ "dump", run_dump },
	{ "safetensors", run_safetensors },
	{ "npy", run_npy },
	{ "npy_gz", run_npy_gz },
	{ "members", run_members },
	{ "meta", run_meta },
	{ "directory", run_directory },
	{ "deflated", fuzz_deflated },
	{ "restarts", fuzz_restarts },
	{ NULL, NULL },
};
