/*
 * .safetensors: opening reads the header (safetensors.c), a tensor is read
 * where it lies. Of __metadata__ the text "esscope" is the plain member
 * meta.json, and "tokens" is tokens.json, as the same texts are in an archive.
 */
#include <stdlib.h>
#include <string.h>

#include "core/bytes.h"
#include "core/safetensors.h"
#include "core/source.h"
#include "core/store.h"
#include "core/util.h"

/* What store->parts points to, in the order of member->method. */
struct part {
	const struct safetensors_dtype *dtype;
	struct tensor_type type;
};

/* '{' is where the format wants it, and the length within its limit. */
static bool
safetensors_probe(const unsigned char *head, size_t n)
{
	return n > SAFETENSORS_LENGTH_SIZE
	       && head[SAFETENSORS_LENGTH_SIZE] == '{'
	       && bytes_u64(head) <= SAFETENSORS_HEADER_MAX;
}

/* Texts of __metadata__ that an archive has as members of their own. */
static const struct {
	const char *text, *name, *title;
} texts[] = {
	{ "__metadata__.esscope", "meta.json", "__metadata__ \"esscope\"" },
	{ "__metadata__.tokens", "tokens.json", "__metadata__ \"tokens\"" },
};

static void
add_member(struct store *store, const struct safetensors_entry *entry)
{
	const char *name = entry->name, *title = NULL;
	size_t index = store->member_count;
	struct store_member *member;

	for (size_t k = 0; !entry->dtype && k < LENGTH(texts); k++) {
		if (strcmp(entry->name, texts[k].text))
			continue;
		name = texts[k].name;
		title = texts[k].title;
	}
	member = store_add(store, name, strlen(name));
	member->title = title;

	((struct part *)store->parts)[index] = (struct part){
		.dtype = entry->dtype,
		.type = entry->type,
	};
	member->array = entry->dtype != NULL;
	member->offset = entry->begin;
	member->end = entry->end;
	member->bytes = member->stored_bytes = entry->end - entry->begin;
	member->method = (int)index;
}

static enum status
safetensors_list(struct store *store)
{
	struct safetensors_header header;
	enum status code = safetensors_header_read(&header, store->source);

	if (code)
		return code;
	code = store_reserve(store, header.count);
	if (!code)
		code = util_alloc(&store->parts, header.count,
			sizeof(struct part), "tensors");
	for (size_t k = 0; !code && k < header.count; k++)
		add_member(store, &header.entries[k]);
	safetensors_header_free(&header);
	return code;
}

static enum status
safetensors_type(struct tensor_type *out, const struct store *store,
	const struct store_member *member)
{
	const struct part *part =
		(const struct part *)store->parts + member->method;

	if (!part->dtype->read)
		return status_set(STATUS_TYPE,
			"dtype %s is not read; save "
			"bfloat16, float16 or float32",
			part->dtype->name);
	if (part->type.rank > TENSOR_RANK_MAX)
		return status_set(STATUS_TYPE, "%d axes; at most %d are read",
			part->type.rank, TENSOR_RANK_MAX);
	*out = part->type;
	return STATUS_OK;
}

/* A JSON string as it stands in the file, of n bytes; takes it over. */
static enum status
unquote(void **out, size_t *bytes, void *raw, size_t n)
{
	struct json_cursor c = { raw, raw, (char *)raw + n };
	char *text;
	enum status code = scan_string(&text, bytes, &c);

	free(raw);
	if (code)
		return status_set(STATUS_IO, "the file was changed while it "
					     "was open");
	*out = text;
	return STATUS_OK;
}

static enum status
safetensors_load(void **out, const unsigned char **data, size_t *bytes,
	const struct store *store, const struct store_member *member)
{
	size_t size = (size_t)member->bytes;
	void *owned;
	enum status code = util_alloc(&owned, size, 1, "an array");

	if (code)
		return code;
	code = source_read(store->source, owned, member->offset, size);
	if (code) {
		free(owned);
		return code;
	}
	if (!member->array)
		code = unquote(&owned, &size, owned, size);
	if (code)
		return code;
	*out = owned;
	*data = owned;
	*bytes = size;
	return STATUS_OK;
}

static enum status
safetensors_place(uint64_t *out, const struct store *store,
	const struct store_member *member)
{
	(void)store;
	*out = member->offset;
	return STATUS_OK;
}

const struct store_format store_safetensors = {
	.name = "safetensors",
	.probe = safetensors_probe,
	.list = safetensors_list,
	.type = safetensors_type,
	.load = safetensors_load,
	.place = safetensors_place,
};
