/*
 * The header is a stranger's, up to 100 MB of it: it is read in place, and what
 * is kept of a tensor is a few times its own text.
 */
#include "core/safetensors.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/bytes.h"
#include "core/source.h"
#include "core/store.h"
#include "core/text.h"
#include "core/util.h"

static const struct safetensors_dtype dtypes[] = {
	{ "BOOL", 8, true, DTYPE_BOOL },
	{ "U8", 8, true, DTYPE_U8 },
	{ "I8", 8, true, DTYPE_I8 },
	{ "U16", 16, true, DTYPE_U16 },
	{ "I16", 16, true, DTYPE_I16 },
	{ "U32", 32, true, DTYPE_U32 },
	{ "I32", 32, true, DTYPE_I32 },
	{ "U64", 64, true, DTYPE_U64 },
	{ "I64", 64, true, DTYPE_I64 },
	{ "F16", 16, true, DTYPE_F16 },
	{ "BF16", 16, true, DTYPE_BF16 },
	{ "F32", 32, true, DTYPE_F32 },
	{ "F64", 64, true, DTYPE_F64 },
	{ "C64", 64, true, DTYPE_C64 },
	{ "F8_E5M2", 8 },
	{ "F8_E4M3", 8 },
	{ "F8_E8M0", 8 },
	{ "F8_E4M3FNUZ", 8 },
	{ "F8_E5M2FNUZ", 8 },
	{ "F6_E2M3", 6 },
	{ "F6_E3M2", 6 },
	{ "F4", 4 },
};

void
safetensors_header_free(struct safetensors_header *header)
{
	for (size_t k = 0; k < header->count; k++)
		free(header->entries[k].name);
	free(header->entries);
	free((char *)header->c.start);
}

/* Room for one more; that there are too many is seen here, not at the end. */
static enum status
grow(struct safetensors_header *header)
{
	size_t room = header->room ? 2 * header->room : 64;
	void *entries;
	enum status code;

	if (header->count < header->room)
		return STATUS_OK;
	if (header->count == STORE_MEMBERS_MAX)
		return status_set(STATUS_FORMAT, "more than %d tensors and "
			"texts of __metadata__, which are all that is read",
			STORE_MEMBERS_MAX);
	code = util_alloc(&entries, room, sizeof *header->entries,
		"a header's tensors");
	if (code)
		return code;
	if (header->count)
		memcpy(entries, header->entries,
			header->count * sizeof *header->entries);
	free(header->entries);
	header->entries = entries;
	header->room = room;
	return STATUS_OK;
}

/* Takes the name over. */
static enum status
add_entry(struct safetensors_entry **out, struct safetensors_header *header,
	char *name)
{
	enum status code = grow(header);

	if (code) {
		free(name);
		return code;
	}
	*out = &header->entries[header->count++];
	**out = (struct safetensors_entry){ .name = name };
	return STATUS_OK;
}

/* A key of the header; no name has a NUL in it. */
static enum status
take_key(char **out, struct json_cursor *c)
{
	char *key;
	size_t size;
	enum status code = scan_string(&key, &size, c);

	if (!code && memchr(key, '\0', size)) {
		free(key);
		return scan_fail(c, "no NUL byte in a name");
	}
	if (code)
		return code;
	*out = key;
	code = scan_need(c, ':');
	if (code)
		free(key);
	return code;
}

/* Puts the tensor before the sentence. */
static enum status
at_entry(enum status code, const struct safetensors_entry *entry)
{
	char *name;

	if (!code)
		return code;
	name = text_escape(entry->name, strlen(entry->name));
	status_at(code, "%s", name);
	free(name);
	return code;
}

static enum status
take_dtype(struct safetensors_entry *entry, struct json_cursor *c)
{
	char *name, *label;
	size_t size;
	enum status code = scan_string(&name, &size, c);

	if (code)
		return code;
	for (size_t k = 0; k < LENGTH(dtypes) && !entry->dtype; k++) {
		if (!strcmp(dtypes[k].name, name))
			entry->dtype = &dtypes[k];
	}
	label = entry->dtype ? NULL : text_escape(name, size);
	if (label)
		code = status_set(STATUS_FORMAT,
			"dtype \"%s\" is none of "
			"the format; expected F32, BF16, F16, I64, ...",
			label);
	free(label);
	free(name);
	return code;
}

/* Axes beyond the most that are read only count. */
static enum status
take_shape(struct safetensors_entry *entry, struct json_cursor *c)
{
	size_t count = 1;
	bool fits = true, none = false;
	enum status code = scan_need(c, '[');

	entry->type.rank = 0;
	if (!code && scan_take(c, ']'))
		goto done;
	do {
		size_t extent = 0;

		if (!code)
			code = scan_size(&extent, c);
		if (code)
			return code;
		none |= extent == 0;
		fits = fits && size_mul(&count, count, extent);
		if (entry->type.rank < TENSOR_RANK_MAX)
			entry->type.shape[entry->type.rank] = extent;
		entry->type.rank++;
	} while (scan_take(c, ','));
	code = scan_need(c, ']');
	if (code)
		return code;
done:
	if (!fits && !none)
		return status_set(STATUS_FORMAT, "its shape is larger than "
						 "any memory");
	entry->count = none ? 0 : count;
	return STATUS_OK;
}

static enum status
take_offsets(struct safetensors_entry *entry, struct json_cursor *c)
{
	enum status code = scan_need(c, '[');

	if (!code)
		code = scan_size(&entry->begin, c);
	if (!code)
		code = scan_need(c, ',');
	if (!code)
		code = scan_size(&entry->end, c);
	return code ? code : scan_need(c, ']');
}

static const struct {
	const char *key;
	enum status (*take)(
		struct safetensors_entry *entry, struct json_cursor *c);
} members[] = {
	{ "dtype", take_dtype },
	{ "shape", take_shape },
	{ "data_offsets", take_offsets },
};

/* "key": value of a tensor; seen has a bit for each of members. */
static enum status
take_member(
	struct safetensors_entry *entry, unsigned *seen, struct json_cursor *c)
{
	char *key, *label;
	size_t k = 0;
	enum status code = take_key(&key, c);

	if (code)
		return code;
	while (k < LENGTH(members) && strcmp(members[k].key, key))
		k++;
	if (k < LENGTH(members) && !(*seen & 1u << k)) {
		free(key);
		*seen |= 1u << k;
		return members[k].take(entry, c);
	}
	label = text_escape(key, strlen(key));
	code = status_set(STATUS_FORMAT,
		k < LENGTH(members) ? "\"%s\" is given twice"
				    : "\"%s\" is no key of a tensor; "
				      "expected dtype, shape and data_offsets",
		label);
	free(label);
	free(key);
	return code;
}

/* Is the span of bytes what dtype and shape need? */
static enum status
check_span(const struct safetensors_entry *entry)
{
	size_t bits, span;

	if (entry->end < entry->begin)
		return status_set(STATUS_FORMAT,
			"data_offsets [%zu, %zu] end "
			"before they begin",
			entry->begin, entry->end);
	span = entry->end - entry->begin;
	if (size_mul(&bits, entry->count, entry->dtype->bits) && bits % 8 == 0
		&& bits / 8 == span)
		return STATUS_OK;
	return status_set(STATUS_FORMAT,
		"%zu elements of %s are not the %zu "
		"bytes of its data_offsets",
		entry->count, entry->dtype->name, span);
}

static enum status
take_tensor(struct safetensors_entry *entry, struct json_cursor *c)
{
	unsigned seen = 0;
	enum status code = scan_need(c, '{');

	while (!code && !(seen == 0 && scan_take(c, '}'))) {
		code = take_member(entry, &seen, c);
		if (!code && !scan_take(c, ',')) {
			code = scan_need(c, '}');
			break;
		}
	}
	if (!code && seen != (1u << LENGTH(members)) - 1)
		code = status_set(STATUS_FORMAT, "a tensor without %s",
			!(seen & 1)   ? "dtype"
			: !(seen & 2) ? "shape"
				      : "data_offsets");
	if (!code)
		code = check_span(entry);
	if (!code && entry->dtype->read
		&& entry->type.rank <= TENSOR_RANK_MAX) {
		entry->type.dtype = entry->dtype->dtype;
		entry->type.item = entry->dtype->bits / 8;
		code = tensor_type_measure(&entry->type);
	}
	return at_entry(code, entry);
}

/* "key": "text" of __metadata__; the text is looked at, and left there. */
static enum status
take_text(struct safetensors_header *header)
{
	struct json_cursor *c = &header->c;
	struct safetensors_entry *entry;
	char *key, *text;
	size_t size;
	const char *begin;
	enum status code = take_key(&key, c);

	if (code)
		return code;
	code = add_entry(&entry, header, xasprintf("__metadata__.%s", key));
	free(key);
	if (code)
		return code;
	begin = c->p;
	code = scan_string(&text, &size, c);
	if (code)
		return status_at(code, "__metadata__ holds only text");
	free(text);
	entry->begin = (size_t)(begin - c->start);
	entry->end = (size_t)(c->p - c->start);
	return STATUS_OK;
}

static enum status
take_metadata(struct safetensors_header *header)
{
	enum status code;

	if (header->metadata)
		return status_set(STATUS_FORMAT, "two __metadata__");
	header->metadata = true;
	code = scan_need(&header->c, '{');
	if (code || scan_take(&header->c, '}'))
		return code;
	do
		code = take_text(header);
	while (!code && scan_take(&header->c, ','));
	return code ? code : scan_need(&header->c, '}');
}

static enum status
take_item(struct safetensors_header *header)
{
	struct safetensors_entry *entry;
	char *key;
	enum status code = take_key(&key, &header->c);

	if (code)
		return code;
	if (!strcmp(key, "__metadata__")) {
		free(key);
		return take_metadata(header);
	}
	code = add_entry(&entry, header, key);
	return code ? code : take_tensor(entry, &header->c);
}

static enum status
parse_header(struct safetensors_header *header)
{
	struct json_cursor *c = &header->c;
	enum status code = scan_need(c, '{');

	if (!code && !scan_take(c, '}')) {
		do
			code = take_item(header);
		while (!code && scan_take(c, ','));
		if (!code)
			code = scan_need(c, '}');
	}
	if (!code && !scan_at_end(c))
		code = scan_fail(c, "blanks only behind the closing '}'");
	return code;
}

/* Tensors by where they lie; text behind them. */
static int
compare_entries(const void *a, const void *b)
{
	const struct safetensors_entry *x = a, *y = b;

	if (!x->dtype != !y->dtype)
		return !x->dtype ? 1 : -1;
	if (x->begin != y->begin)
		return x->begin < y->begin ? -1 : 1;
	return x->end < y->end ? -1 : x->end > y->end;
}

/* The tensors fill `bytes` bytes, in some order, each byte once. */
static enum status
check_layout(struct safetensors_header *header, uint64_t bytes)
{
	size_t at = 0, k;

	if (header->count)
		qsort(header->entries, header->count, sizeof *header->entries,
			compare_entries);
	for (k = 0; k < header->count && header->entries[k].dtype; k++) {
		const struct safetensors_entry *entry = &header->entries[k];

		if (entry->begin != at)
			return at_entry(
				status_set(STATUS_FORMAT,
					"its "
					"data_offsets begin at %zu, the tensor before "
					"ends at %zu: %s",
					entry->begin, at,
					entry->begin < at ? "they overlap"
							  : "there is a hole"),
				entry);
		at = entry->end;
	}
	if (at != bytes)
		return status_set(STATUS_FORMAT,
			"its tensors take %zu bytes, "
			"but %ju follow the header%s",
			at, (uintmax_t)bytes,
			at > bytes ? "; is it cut off?" : "");
	return STATUS_OK;
}

static enum status
read_text(struct safetensors_header *out, const struct source *source)
{
	unsigned char length[SAFETENSORS_LENGTH_SIZE];
	uint64_t n;
	void *text;
	enum status code;

	if (source->size < SAFETENSORS_LENGTH_SIZE)
		return status_set(STATUS_FORMAT, "its header is cut off");
	code = source_read(source, length, 0, SAFETENSORS_LENGTH_SIZE);
	if (code)
		return code;
	n = bytes_u64(length);
	if (n > SAFETENSORS_HEADER_MAX)
		return status_set(STATUS_FORMAT,
			"a header of %ju bytes; the "
			"format allows %d",
			(uintmax_t)n, SAFETENSORS_HEADER_MAX);
	if (n > source->size - SAFETENSORS_LENGTH_SIZE)
		return status_set(STATUS_FORMAT,
			"its header of %ju bytes "
			"goes beyond the file's end; is it cut off?",
			(uintmax_t)n);
	code = util_alloc(&text, (size_t)n, 1, "a header");
	if (code)
		return code;
	out->c.start = out->c.p = text;
	out->c.end = out->c.start + n;
	return source_read(source, text, SAFETENSORS_LENGTH_SIZE, (size_t)n);
}

/* From offsets within the header or behind it to those in the file. */
static void
place_entries(struct safetensors_header *header)
{
	size_t n = (size_t)(header->c.end - header->c.start);

	for (size_t k = 0; k < header->count; k++) {
		struct safetensors_entry *entry = &header->entries[k];
		size_t start = SAFETENSORS_LENGTH_SIZE + (entry->dtype ? n : 0);

		entry->begin += start;
		entry->end += start;
	}
}

enum status
safetensors_header_read(
	struct safetensors_header *out, const struct source *source)
{
	struct safetensors_header header = { 0 };
	enum status code = read_text(&header, source);

	if (!code)
		code = parse_header(&header);
	if (!code)
		code = check_layout(&header,
			source->size - SAFETENSORS_LENGTH_SIZE
				- (uint64_t)(header.c.end - header.c.start));
	if (code) {
		safetensors_header_free(&header);
		return code;
	}
	place_entries(&header);
	*out = header;
	return STATUS_OK;
}
