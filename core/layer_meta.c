/*
 * What meta says of a layer: its own object first, then "defaults". Reads
 * only, so any thread may ask.
 */
#include <stdlib.h>
#include <string.h>

#include "core/dump_parts.h"
#include "core/text.h"

const char *
json_kind(const json_t *value)
{
	switch (json_typeof(value)) {
	case JSON_OBJECT:
		return "an object";
	case JSON_ARRAY:
		return "a list";
	case JSON_STRING:
		return "text";
	case JSON_INTEGER:
	case JSON_REAL:
		return "a number";
	case JSON_TRUE:
	case JSON_FALSE:
		return "true or false";
	default:
		return "null";
	}
}

enum status
meta_value_fail(const char *key, const json_t *value, const char *expected)
{
	return status_set(STATUS_FORMAT, "meta key \"%s\" is %s; expected %s",
		key, json_kind(value), expected);
}

json_t *
layer_meta_value(const struct layer *layer, const char *key)
{
	json_t *value = json_object_get(layer->meta, key);

	if (!value || json_is_null(value))
		value = json_object_get(
			json_object_get(layer->dump->meta, "defaults"), key);
	return value && !json_is_null(value) ? value : NULL;
}

enum status
layer_meta_number(double *out, const struct layer *layer, const char *key,
	double fallback)
{
	const json_t *value = layer_meta_value(layer, key);

	if (value && !json_is_number(value))
		return meta_value_fail(key, value, "a number");
	*out = value ? json_number_value(value) : fallback;
	return STATUS_OK;
}

enum status
layer_meta_flag(bool *out, const struct layer *layer, const char *key,
	bool fallback)
{
	const json_t *value = layer_meta_value(layer, key);

	if (value && !json_is_boolean(value))
		return meta_value_fail(key, value, "true or false");
	*out = value ? json_is_true(value) : fallback;
	return STATUS_OK;
}

enum status
layer_meta_text(const char **out, const struct layer *layer, const char *key)
{
	const json_t *value = layer_meta_value(layer, key);

	if (value && !json_is_string(value))
		return meta_value_fail(key, value, "text");
	*out = value ? json_string_value(value) : NULL;
	return STATUS_OK;
}

enum status
layer_meta_word(const char **out, const struct layer *layer, const char *key,
	const char *one, const char *other)
{
	const char *text = NULL;
	char *label;
	enum status code = layer_meta_text(&text, layer, key);

	if (!code && text && strcmp(text, one) && strcmp(text, other)) {
		label = text_escape(text, strlen(text));
		code = status_set(STATUS_FORMAT, "meta key \"%s\" is \"%s\"; "
			"expected %s or %s", key, label, one, other);
		free(label);
	}
	if (!code)
		*out = text;
	return code;
}
