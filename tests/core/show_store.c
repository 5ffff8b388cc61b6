/*
 * For test_store.py: a file's members, one a line: name, type, and elements in
 * index order, so that they read back exactly. A failure is its sentence, in
 * the place of what it is about.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/store.h"
#include "core/text.h"

static void
print_slice(const struct slice *slice)
{
	size_t i;

	if (slice->rank == 0) {
		struct slice one = *slice;

		one.rank = 1;
		one.stride[0] = 0;
		printf(" %.17g", slice_get(&one, 0));
		return;
	}
	for (i = 0; i < slice->shape[0]; i++) {
		struct slice part = slice_at(*slice, i);

		print_slice(&part);
	}
}

static void
print_text(const struct tensor *tensor)
{
	const struct tensor_type *type = &tensor->type;
	size_t i;

	for (i = 0; i < type->count; i++) {
		const unsigned char *p = tensor->data + i * type->item;
		char *raw = type->dtype == DTYPE_UCS4
			? text_from_ucs4(p, type->item / 4, type->big_endian, NULL)
			: strndup((const char *)p, type->item);
		char *text = text_escape(raw, strlen(raw));

		printf(" %s", text);
		free(text);
		free(raw);
	}
}

static void
print_array(const struct store *store, const struct store_member *member)
{
	struct tensor *tensor;
	char text[TENSOR_TYPE_TEXT];
	struct slice slice;

	if (store_load(&tensor, store, member)) {
		printf("\t%s", status_text());
		return;
	}
	printf("\t%s\t", tensor_type_text(text, &tensor->type));
	slice = tensor_slice(tensor);
	if (dtype_is_real(slice.dtype))
		print_slice(&slice);
	else if (slice.dtype == DTYPE_UCS4 || slice.dtype == DTYPE_BYTES)
		print_text(tensor);
	tensor_unref(tensor);
}

static void
print_bytes(const struct store *store, const struct store_member *member)
{
	char *bytes;
	size_t size;

	if (store_load_bytes(&bytes, &size, store, member)) {
		printf("\t%s", status_text());
		return;
	}
	printf("\t%zu bytes\t %s", size, bytes);
	free(bytes);
}

static int
show(const char *path)
{
	struct store *store;
	size_t i;

	if (store_open(&store, path)) {
		printf("%s\n", status_text());
		return 1;
	}
	for (i = 0; i < store->member_count; i++) {
		const struct store_member *member = &store->members[i];
		char *name = text_escape(member->name, strlen(member->name));

		printf("%s", name);
		free(name);
		if (member->array)
			print_array(store, member);
		else
			print_bytes(store, member);
		putchar('\n');
	}
	store_close(store);
	return 0;
}

int
main(int argc, char **argv)
{
	int i, failed = 0;

	for (i = 1; i < argc; i++)
		failed |= show(argv[i]);
	return failed;
}
