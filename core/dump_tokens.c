/*
 * tokens: L strings, or, without them, token_ids as "#1234". Of several files
 * each that has them must have the same.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/dump_parts.h"
#include "core/store.h"
#include "core/text.h"
#include "core/util.h"

/* No operator is longer; a file of a few bytes can claim a billion. */
enum { TOKENS_MAX = 1 << 22, TOKEN_MOST = 4096 };

struct tokens {
	char **items;                   /* NULL: none, or none of this element */
	size_t count;
	size_t rows;                    /* of a batch; 1: they are of all */
};

static void
tokens_free(struct tokens *tokens)
{
	if (tokens->items)
		lines_free(tokens->items, tokens->count);
}

/* One string of a <U or |S array, safe to print. */
static char *
string_at(const struct tensor *tensor, size_t row, size_t index)
{
	const struct tensor_type *type = &tensor->type;
	const unsigned char *data = tensor->data + type->item
		* (row * type->shape[type->rank - 1] + index);
	size_t size = type->item;
	char *utf8, *text;

	/* NULs at the end are numpy's, any others the token's. */
	if (type->dtype == DTYPE_BYTES) {
		while (size > 0 && data[size - 1] == '\0')
			size--;
		return text_escape((const char *)data, size);
	}
	utf8 = text_from_ucs4(data, type->item / 4, type->big_endian, &size);
	text = text_escape(utf8, size);
	free(utf8);
	return text;
}

static char *
id_at(const struct tensor *tensor, size_t row, size_t index)
{
	struct slice slice = tensor_slice(tensor);

	if (slice.rank == 2)
		slice = slice_at(slice, row);
	return xasprintf("#%.0f", slice_get(&slice, index));
}

/* L of them: (L,), or rows of them (B, L). */
static enum status
token_count(struct tokens *out, const struct tensor_type *type,
	const char *expected)
{
	char text[TENSOR_TYPE_TEXT];

	tensor_type_text(text, type);
	if (type->rank != 1 && (type->rank != 2 || type->count == 0
		|| (type->fortran && type->shape[0] > 1)))
		return status_set(STATUS_FORMAT, "%s; expected %s (L,)",
			text, expected);
	out->rows = type->rank == 2 ? type->shape[0] : 1;
	out->count = type->shape[type->rank - 1];
	if (out->count > TOKENS_MAX)
		return status_set(STATUS_FORMAT, "%s; at most %d are read",
			text, TOKENS_MAX);
	return STATUS_OK;
}

struct token_kind {
	const char *name;               /* of the array */
	const char *expected;
	bool (*accepts)(enum dtype dtype);
	char *(*at)(const struct tensor *tensor, size_t row, size_t index);
};

static bool
is_text(enum dtype dtype)
{
	return dtype == DTYPE_UCS4 || dtype == DTYPE_BYTES;
}

static bool
is_integer(enum dtype dtype)
{
	return dtype >= DTYPE_I8 && dtype <= DTYPE_U64;
}

static const struct token_kind token_kinds[] = {
	{ "tokens", "strings", is_text, string_at },
	{ "token_ids", "integers", is_integer, id_at },
};

/* Every one is measured and drawn over and over. */
static enum status
check_token(const char *token, size_t index)
{
	size_t n = strlen(token);

	if (n <= TOKEN_MOST)
		return STATUS_OK;
	return status_set(STATUS_FORMAT, "token %zu is text of %zu bytes; "
		"expected at most %d", index, n, TOKEN_MOST);
}

/* `count` of them from that row of an array. */
static enum status
take_row(struct tokens *tokens, const struct tensor *tensor, size_t row,
	const struct token_kind *kind)
{
	size_t k;
	void *items;
	enum status code = util_alloc(&items, tokens->count,
		sizeof *tokens->items, "tokens");

	if (code)
		return code;
	tokens->items = items;
	for (k = 0; !code && k < tokens->count; k++) {
		tokens->items[k] = kind->at(tensor, row, k);
		code = check_token(tokens->items[k], k);
	}
	if (code) {
		lines_free(tokens->items, k);
		tokens->items = NULL;
	}
	return code;
}

static enum status
take_tokens(struct tokens *out, const struct tensor *tensor, size_t batch,
	const struct token_kind *kind)
{
	struct tokens tokens = { 0 };
	char text[TENSOR_TYPE_TEXT];
	enum status code;

	if (!kind->accepts(tensor->type.dtype))
		return status_set(STATUS_FORMAT, "%s; expected %s (L,)",
			tensor_type_text(text, &tensor->type), kind->expected);
	code = token_count(&tokens, &tensor->type, kind->expected);
	if (tokens.rows == 1)
		batch = 0;
	if (!code && batch < tokens.rows)
		code = take_row(&tokens, tensor, batch, kind);
	if (!code)
		*out = tokens;
	return code;
}

static enum status
take_list(struct tokens *out, const json_t *list)
{
	struct tokens tokens = { .rows = 1 };
	size_t count = json_array_size(list);
	void *items;
	enum status code;

	if (!json_is_array(list) || count == 0)
		return status_set(STATUS_FORMAT, "no list; expected L strings, "
			"as json.dumps([\"The\", ...]) makes it");
	code = util_alloc(&items, count, sizeof *tokens.items, "tokens");
	if (code)
		return code;
	tokens.items = items;
	for (; tokens.count < count; tokens.count++) {
		const json_t *item = json_array_get(list, tokens.count);

		if (!json_is_string(item)) {
			code = status_set(STATUS_FORMAT, "item %zu is %s; "
				"expected L strings", tokens.count,
				json_kind(item));
			break;
		}
		tokens.items[tokens.count] = text_escape(
			json_string_value(item), json_string_length(item));
		code = check_token(tokens.items[tokens.count], tokens.count);
		if (code) {
			tokens.count++;
			break;
		}
	}
	if (code)
		tokens_free(&tokens);
	else
		*out = tokens;
	return code;
}

/* Text has no array in a .safetensors file, nor need it have one elsewhere. */
static enum status
read_json(struct tokens *out, const struct store *store,
	const struct store_member *member)
{
	json_t *list;
	enum status code = parse_json_member(&list, store, member, parse_json);

	if (code)
		return code;
	code = take_list(out, list);
	json_decref(list);
	return status_at(code, "%s: %s", store_path(store),
		store_member_name(member));
}

/* *out stays empty in a file without them. */
static enum status
read_store(struct tokens *out, const struct store *store, size_t batch,
	const struct token_kind *kind)
{
	const struct store_member *member = store_find(store, kind->name);
	const struct store_member *text = store_find(store, "tokens.json");
	struct tensor *tensor;
	enum status code;

	if (member && !member->array)
		member = NULL;
	if (kind != &token_kinds[0] || (text && text->array))
		text = NULL;
	if (member && text)
		return status_set(STATUS_FORMAT, "%s: both tokens and %s; "
			"expected one", store_path(store),
			store_member_name(text));
	if (text)
		return read_json(out, store, text);
	if (!member)
		return STATUS_OK;
	code = store_load(&tensor, store, member);
	if (code)
		return code;
	code = take_tokens(out, tensor, batch, kind);
	tensor_unref(tensor);
	return status_at(code, "%s: %s", store_path(store), kind->name);
}

/* The first position at which two differ, or their common length. */
static size_t
difference(const struct tokens *a, const struct tokens *b)
{
	size_t n = size_min(a->count, b->count), k = 0;

	while (k < n && a->items && b->items
		&& strcmp(a->items[k], b->items[k]) == 0)
		k++;
	return a->items && b->items ? k : n;
}

/* Nothing is said where they are the same. */
static enum status
compare(const struct tokens *here, const struct store *store,
	const struct tokens *there, const struct store *first,
	const char *name)
{
	size_t k = difference(here, there);

	if (k < here->count && k < there->count)
		return status_set(STATUS_FORMAT, "%s: its %s are not those of "
			"%s: number %zu is \"%s\", there \"%s\"",
			store_path(store), name, store_path(first), k,
			here->items[k], there->items[k]);
	if (here->count == there->count && here->rows == there->rows)
		return STATUS_OK;
	if (here->rows == there->rows)
		return status_set(STATUS_FORMAT, "%s: its %s are not those of "
			"%s: %zu of them, there %zu", store_path(store), name,
			store_path(first), here->count, there->count);
	return status_set(STATUS_FORMAT, "%s: its %s are not those of %s: "
		"%zu rows of %zu, there %zu of %zu", store_path(store), name,
		store_path(first), here->rows, here->count, there->rows,
		there->count);
}

static enum status
read_kind(struct tokens *out, const struct dump *dump,
	const struct token_kind *kind)
{
	struct tokens tokens = { 0 };
	size_t first = 0, i;

	for (i = 0; i < dump->store_count; i++) {
		struct tokens more = { 0 };
		enum status code = read_store(&more, dump->stores[i],
			dump->batch, kind);

		if (!code && tokens.count > 0 && more.count > 0)
			code = compare(&more, dump->stores[i], &tokens,
				dump->stores[first], kind->name);
		if (!code && tokens.count == 0) {
			free(tokens.items);
			tokens = more;
			first = i;
			continue;
		}
		tokens_free(&more);
		if (code) {
			tokens_free(&tokens);
			return code;
		}
	}
	*out = tokens;
	return STATUS_OK;
}

enum status
dump_tokens_read(struct dump *dump)
{
	size_t i;

	for (i = 0; i < LENGTH(token_kinds); i++) {
		struct tokens tokens = { 0 };
		enum status code = read_kind(&tokens, dump, &token_kinds[i]);

		if (code)
			return code;
		if (tokens.count > 0) {
			dump->tokens = tokens.items;
			dump->token_count = tokens.count;
			dump->token_rows = tokens.rows;
			return STATUS_OK;
		}
		tokens_free(&tokens);
	}
	return STATUS_OK;
}
