/*
 * What tests of the disk cache share: a folder, dumps in it, spectra.
 */
#ifndef TESTS_CORE_CACHE_OF_H
#define TESTS_CORE_CACHE_OF_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/dump.h"
#include "core/packed.h"
#include "core/util.h"

enum { MEGABYTE = 1 << 20 };

static char *folder;    /* ours, below which everything happens */

static inline char *
in_folder(const char *name)
{
	return xasprintf("%s/%s", folder, name);
}

/* A shell command that has to work; $0 is the argument. */
static inline void
run(const char *command, const char *argument)
{
	char *line = xasprintf("sh -c '%s' '%s'", command, argument);

	if (system(line) != 0) {
		printf("Bail out! %s\n", line);
		exit(1);
	}
	free(line);
}

/* As hankel_spectra would give them; the seed tells blocks apart. */
static inline struct packed *
make_packed(size_t length, long seed)
{
	struct spectra *spectra = NULL;
	struct packed *packed = NULL;
	size_t used = 0;

	srand48(seed);
	if (spectra_new(&spectra, length, length * length) != STATUS_OK)
		exit(1);
	for (size_t i = 1; i < length; i++) {
		size_t count = size_min(i, length - i);
		double *values = spectra->values + used;

		for (size_t k = 0; k < count; k++)
			values[k] = (k ? values[k - 1] : 1) * drand48();
		spectra->items[spectra->count++] = (struct spectrum){
			.position = i, .count = count, .values = values,
			.sum = drand48(), .entropy = drand48(),
			.error = drand48(), .floor = drand48(),
			.method = METHOD_DIRECT,
		};
		used += count;
	}
	if (packed_of(&packed, spectra) != STATUS_OK)
		exit(1);
	spectra_free(spectra);
	return packed;
}

static inline bool
same(const struct packed *a, const struct packed *b)
{
	return a->count == b->count && a->value_count == b->value_count
		&& !memcmp(a->places, b->places, a->count * sizeof *a->places)
		&& !memcmp(a->numbers, b->numbers,
			a->count * sizeof *a->numbers)
		&& !memcmp(a->values, b->values,
			a->value_count * sizeof *a->values);
}

/* A layer of a dump of its own, resolved; its file is in the folder. */
static inline struct layer *
open_layer(struct dump_list *list, const char *name)
{
	char *path = in_folder(name);
	struct layer *layer;

	if (dump_open(list, path, MEGABYTE) != STATUS_OK
	    || layer_resolve(&list->dumps[0]->layers[0]) != STATUS_OK) {
		printf("Bail out! %s: %s\n", path, status_text());
		exit(1);
	}
	layer = &list->dumps[0]->layers[0];
	free(path);
	return layer;
}

/* The dumps, all from one. */
static inline void
make_dumps(void)
{
	static const char script[] =
		"import json, sys, numpy as np\n"
		"r = np.random.default_rng(1)\n"
		"q, k = (r.normal(size=(4, 400, 32)).astype('f4')\n"
		"        for _ in range(2))\n"
		"def save(name, q=q, k=k, meta={}, defaults={}, **more):\n"
		"    np.savez(name, meta=json.dumps({'defaults': defaults,\n"
		"        'layers': {'m': {'kind': 'softmax', **meta}}}),\n"
		"        **{'m/q': q, 'm/k': k}, **more)\n"
		"save('one.npz')\n"
		"save('copy.npz')\n"
		"other = q.copy(); other[0, 0, 0] += 1\n"
		"save('value.npz', q=other)\n"
		"other = q.copy(); other[1, 111, 11] *= 1 + 2e-7\n"
		"save('bit.npz', q=other)\n"
		"save('scale.npz', meta={'scale': 0.5})\n"
		"save('named.npz', meta={'label': 'x', 'width': 7, 'tss': 9, "
		"'checked': 1e-7, 'dtype_source': 'float32'})\n"
		"save('shared.npz', defaults={'width': 7})\n"
		"save('window.npz', meta={'window': 64})\n"
		"save('default.npz', defaults={'scale': 0.5})\n"
		"save('longer.npz', q=q[:, :399], k=k[:, :399])\n"
		"save('more.npz', **{'m/slopes': np.zeros(4)})\n"
		"np.save('bare.npy', np.tril(r.normal(size=(300, 300))))\n";
	const char *python = getenv("PYTHON3");
	char *line = xasprintf("cd '%s' && '%s' -", folder, python ? python
		: "python3");
	FILE *pipe = popen(line, "w");

	if (!pipe || fputs(script, pipe) < 0 || pclose(pipe)) {
		printf("Bail out! no dumps\n");
		exit(1);
	}
	free(line);
}

static inline void
folder_make(void)
{
	static char template[] = "test_cache_XXXXXX";

	folder = mkdtemp(template);
	if (!folder)
		exit(1);
}

static inline void
folder_remove(void)
{
	run("rm -r \"$0\"", folder);
}

#endif
