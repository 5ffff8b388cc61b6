/*
 * What the maker of a dump said of it: one JSON object, in an array `meta` or
 * a member `meta.json`. Of several files the objects are joined.
 */
#include <stdlib.h>
#include <string.h>

#include "core/dump_parts.h"
#include "core/meta_merge.h"
#include "core/store.h"
#include "core/text.h"
#include "core/util.h"

static enum status
fail_size(size_t bytes)
{
	return status_set(STATUS_FORMAT, "%zu bytes; at most %d are read",
		bytes, JSON_MOST);
}

static enum status
fail_json(const json_error_t *error)
{
	char *why = text_escape(error->text, strlen(error->text));
	bool nan = strstr(why, "'NaN'") || strstr(why, "Infinity'");
	bool nul = strstr(why, "JSON_ALLOW_NUL");

	status_set(STATUS_FORMAT, "invalid JSON in line %d, column %d: %s%s",
		error->line, error->column, nul ? "text with a NUL (\\u0000)"
		: why, nan
		? "; JSON has no such number (json.dumps(..., allow_nan=False) "
		"finds it)" : "");
	free(why);
	return STATUS_FORMAT;
}

enum status
parse_json(json_t **out, const char *text, size_t n)
{
	json_error_t error;
	json_t *json;

	if (n > JSON_MOST)
		return fail_size(n);
	if (n >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
		text += 3;
		n -= 3;
	}
	json = json_loadb(text, n, JSON_REJECT_DUPLICATES, &error);
	if (!json)
		return fail_json(&error);
	*out = json;
	return STATUS_OK;
}

static enum status
parse(json_t **out, const char *text, size_t n)
{
	json_t *json;
	enum status code = parse_json(&json, text, n);

	if (code)
		return code;
	if (!json_is_object(json)) {
		json_decref(json);
		return status_set(STATUS_FORMAT, "no JSON object; expected "
			"{\"esscope\": 1, \"layers\": {...}}");
	}
	*out = json;
	return STATUS_OK;
}

/* The text of an array: 0-d unicode or bytes, or 1-d bytes as numbers. */
static enum status
parse_array(json_t **out, const struct tensor *tensor)
{
	const struct tensor_type *type = &tensor->type;
	const char *data = (const char *)tensor->data;
	char text[TENSOR_TYPE_TEXT];

	if (type->dtype == DTYPE_UCS4 && type->count == 1) {
		size_t size;
		char *utf8 = text_from_ucs4(tensor->data, type->item / 4,
			type->big_endian, &size);
		enum status code = parse(out, utf8, size);

		free(utf8);
		return code;
	}
	if (type->dtype == DTYPE_BYTES && type->count == 1)
		return parse(out, data, strnlen(data, type->item));
	if (type->dtype == DTYPE_U8 && type->rank == 1)
		return parse(out, data, type->bytes);
	return status_set(STATUS_FORMAT, "%s is no JSON text; expected "
		"meta=json.dumps({...})", tensor_type_text(text, type));
}

static enum status
read_array(json_t **out, const struct store *store,
	const struct store_member *member)
{
	struct tensor *tensor;
	enum status code;

	/* A code point of text takes four bytes. */
	if (member->bytes > 4 * (uint64_t)JSON_MOST)
		return status_at(fail_size(member->bytes), "%s: meta",
			store_path(store));
	code = store_load(&tensor, store, member);
	if (code == STATUS_TYPE)
		return status_set(STATUS_FORMAT, "%s: meta is a Python object "
			"(pickle), which is never read; save "
			"meta=json.dumps({...})", store_path(store));
	if (code)
		return code;
	code = parse_array(out, tensor);
	tensor_unref(tensor);
	return status_at(code, "%s: meta", store_path(store));
}

enum status
parse_json_member(json_t **out, const struct store *store,
	const struct store_member *member,
	enum status (*parse_text)(json_t **, const char *, size_t))
{
	size_t size;
	char *bytes;
	enum status code;

	if (member->bytes > JSON_MOST)
		return status_at(fail_size(member->bytes), "%s: %s",
			store_path(store), store_member_name(member));
	code = store_load_bytes(&bytes, &size, store, member);
	if (code)
		return code;
	code = parse_text(out, bytes, size);
	free(bytes);
	return status_at(code, "%s: %s", store_path(store),
		store_member_name(member));
}

/* *out stays NULL in a file without meta. */
static enum status
read_store(json_t **out, const struct store *store)
{
	const struct store_member *array = store_find(store, "meta");
	const struct store_member *bytes = store_find(store, "meta.json");

	if (array && !array->array)
		array = NULL;
	if (bytes && bytes->array)
		bytes = NULL;
	if (array && bytes)
		return status_set(STATUS_FORMAT, "%s: both meta and %s; "
			"expected one", store_path(store),
			store_member_name(bytes));
	if (array)
		return read_array(out, store, array);
	return bytes ? parse_json_member(out, store, bytes, parse) : STATUS_OK;
}

/* The parts that we read ourselves must be what they should be. */
static enum status
check(const json_t *meta)
{
	static const char *const objects[] = { "layers", "defaults" };
	const json_t *version = json_object_get(meta, "esscope");
	const json_t *layers = json_object_get(meta, "layers");
	const json_t *model = json_object_get(meta, "model");
	const char *name;
	json_t *value;
	size_t i;

	if (version && !json_is_number(version))
		return meta_value_fail("esscope", version, "the number 1");
	if (version && json_number_value(version) != 1)
		return status_set(STATUS_FORMAT, "\"esscope\" is %.17g; this "
			"program reads dumps of version 1",
			json_number_value(version));
	if (model && !json_is_string(model) && !json_is_null(model))
		return meta_value_fail("model", model, "text");
	for (i = 0; i < LENGTH(objects); i++) {
		value = json_object_get(meta, objects[i]);
		if (value && !json_is_object(value))
			return meta_value_fail(objects[i], value,
				"an object");
	}
	json_object_foreach((json_t *)layers, name, value) {
		char *label;

		if (json_is_object(value))
			continue;
		label = text_escape(name, strlen(name));
		meta_value_fail(label, value, "an object, as every layer's");
		free(label);
		return STATUS_FORMAT;
	}
	return STATUS_OK;
}

/* What that store says into the rest. */
static enum status
read_meta(struct meta_merge *merge, size_t which)
{
	const struct store *store = merge->stores[which];
	json_t *meta = NULL;
	enum status code = read_store(&meta, store);

	if (code || !meta)
		return code;
	code = check(meta);
	if (!code)
		code = meta_merge(merge, which, meta);
	json_decref(meta);
	return status_at(code, "%s: meta", store_path(store));
}

enum status
dump_meta_read(struct dump *dump)
{
	struct meta_merge merge = { .stores = dump->stores };
	const char *model;
	enum status code = STATUS_OK;
	size_t i;

	for (i = 0; !code && i < dump->store_count; i++)
		code = read_meta(&merge, i);
	meta_merge_done(&merge);
	dump->meta = merge.meta;
	dump->notes = merge.notes;
	dump->note_count = merge.note_count;
	if (code)
		return code;
	model = json_string_value(json_object_get(dump->meta, "model"));
	if (model)
		dump->model = text_escape(model, strlen(model));
	return STATUS_OK;
}

static struct layer *
find_layer(struct dump *dump, const char *name)
{
	size_t low = 0, high = dump->layer_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = natural_compare(name, dump->layers[middle].name);

		if (order == 0)
			return &dump->layers[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

void
dump_meta_attach(struct dump *dump)
{
	json_t *layers = json_object_get(dump->meta, "layers");
	const char *name;
	json_t *value;

	json_object_foreach(layers, name, value) {
		struct layer *layer = find_layer(dump, name);
		char *label;

		if (layer) {
			layer->meta = value;
			continue;
		}
		label = text_escape(name, strlen(name));
		lines_add(&dump->notes, &dump->note_count, xasprintf(
			"meta of layer \"%s\", which is not there", label));
		free(label);
	}
	dump_meta_notes(dump);
}
