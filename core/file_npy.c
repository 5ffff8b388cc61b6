/*
 * A bare .npy: one array, named by the file's stem.
 */
#include <stdlib.h>
#include <string.h>

#include "core/npy.h"
#include "core/source.h"
#include "core/store.h"
#include "core/util.h"

static bool
npy_probe(const unsigned char *head, size_t n)
{
	return n >= 6 && memcmp(head, "\x93NUMPY", 6) == 0;
}

static enum status
npy_list(struct store *store)
{
	const char *name = store->source->name;
	size_t n = strlen(name);
	struct store_member *member;
	enum status code = store_reserve(store, 1);

	if (code)
		return code;
	if (n > 4 && strcmp(name + n - 4, ".npy") == 0)
		n -= 4;
	member = store_add(store, name, n);
	member->array = true;
	member->bytes = member->stored_bytes = store->source->size;
	return STATUS_OK;
}

/* The header and its size. */
static enum status
read_header(struct tensor_type *type, size_t *size,
	const struct store_member *member, const struct source *source)
{
	unsigned char head[NPY_HEADER_MAX];
	size_t got = size_min((size_t)member->bytes, NPY_HEADER_MAX);
	enum status code = source_read(source, head, 0, got);

	if (!code)
		code = npy_header_size(size, head, got);
	if (!code && *size > got)
		code = status_set(STATUS_FORMAT, ".npy header cut off");
	if (!code)
		code = npy_header_parse(type, head, *size);
	if (!code)
		code = npy_check_size(type, *size, member->bytes);
	return code;
}

static enum status
npy_type(struct tensor_type *out, const struct store *store,
	const struct store_member *member)
{
	struct tensor_type type;
	size_t size;
	enum status code = read_header(&type, &size, member, store->source);

	if (!code)
		*out = type;
	return code;
}

static enum status
npy_load(void **out, const unsigned char **data, size_t *bytes,
	const struct store *store, const struct store_member *member)
{
	struct tensor_type type;
	size_t size;
	void *owned;
	enum status code = read_header(&type, &size, member, store->source);

	if (code)
		return code;
	code = util_alloc(&owned, type.bytes, 1, "an array");
	if (code)
		return code;
	code = source_read(store->source, owned, size, type.bytes);
	if (code) {
		free(owned);
		return code;
	}
	*out = owned;
	*data = owned;
	*bytes = type.bytes;
	return STATUS_OK;
}

static enum status
npy_place(uint64_t *out, const struct store *store,
	const struct store_member *member)
{
	(void)store;
	(void)member;
	*out = 0;
	return STATUS_OK;
}

const struct store_format store_npy = {
	.name = "npy",
	.probe = npy_probe,
	.list = npy_list,
	.type = npy_type,
	.load = npy_load,
	.place = npy_place,
};
