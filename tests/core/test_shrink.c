/*
 * A file of each format that shrinks, or is emptied, while it is open: reading
 * ends with a sentence that names it, or with what was read before; never with
 * a signal.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/dump.h"
#include "core/operator.h"
#include "core/util.h"
#include "tests/tap.h"

enum { SEED_MOST = 1 << 16 };

static unsigned char seed[SEED_MOST];

static size_t
read_seed(const char *name)
{
	const char *srcdir = getenv("srcdir");
	char *path = xasprintf("%s/tests/fuzz/corpus/dump/%s",
		srcdir ? srcdir : ".", name);
	FILE *file = fopen(path, "rb");
	size_t n = file ? fread(seed, 1, SEED_MOST, file) : 0;

	if (file)
		fclose(file);
	free(path);
	return n;
}

static void
write_file(const char *path, size_t n)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (fd < 0 || write(fd, seed, n) != (ssize_t)n || close(fd))
		exit(2);
}

/* Opened whole, cut to n bytes before (or after) headers are read; false where
 * a failure names no file. */
static bool
shrinks_well(size_t *refused, const char *path, size_t n, bool resolved)
{
	struct dump_list list;
	struct operator *op;
	struct layer *layer;
	enum status code;

	if (dump_open(&list, path, 1 << 20))
		return false;
	layer = &list.dumps[0]->layers[0];
	if (resolved && layer_resolve(layer))
		return false;
	if (truncate(path, (off_t)n))
		exit(2);
	code = layer_resolve(layer);
	if (!code)
		code = operator_open(&op, layer, 0);
	if (!code)
		operator_close(op);
	*refused += code != STATUS_OK;
	dump_list_close(&list);
	return code == STATUS_OK || strstr(status_text(), path);
}

static void
shrink(const char *dir, const char *name)
{
	char *path = xasprintf("%s/%s", dir, name);
	size_t size = read_seed(name), refused = 0, good = 0, tried = 0;

	for (size_t n = 0; n < size; n += size / 64 + 1)
		for (int resolved = 0; resolved < 2; resolved++, tried++) {
			write_file(path, size);
			good += shrinks_well(&refused, path, n, resolved);
		}
	ok(size > 0 && good == tried && refused > tried / 4,
		"%s: cut at %zu places while open, refused at %zu", name,
		tried, refused);
	unlink(path);
	free(path);
}

int
main(void)
{
	static const char *const names[] = {
		"decay.npz", "decay.safetensors", "x.npy", "x.npy.gz",
	};
	char dir[] = "/tmp/esscope-test-XXXXXX";

	if (!mkdtemp(dir))
		return 2;
	for (size_t k = 0; k < LENGTH(names); k++)
		shrink(dir, names[k]);
	rmdir(dir);
	return done();
}
