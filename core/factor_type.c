/*
 * The type of a factor is its header's. Meta's "dtype" says the one thing that
 * numpy cannot, bfloat16; whatever else it says must be true. As text it
 * speaks of all arrays of a layer, as an object of each factor it names.
 */
#include "core/factor_type.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/dump_parts.h"
#include "core/operator.h"
#include "core/store.h"
#include "core/text.h"
#include "core/util.h"

/* numpy's names, where dtype_name() has another. */
static const struct {
	const char *name;
	enum dtype dtype;
} numpy_names[] = {
	{ "bfloat16", DTYPE_BF16 }, { "float16", DTYPE_F16 },
	{ "float32", DTYPE_F32 }, { "float64", DTYPE_F64 },
	{ "int8", DTYPE_I8 }, { "uint8", DTYPE_U8 },
	{ "int16", DTYPE_I16 }, { "uint16", DTYPE_U16 },
	{ "int32", DTYPE_I32 }, { "uint32", DTYPE_U32 },
	{ "int64", DTYPE_I64 }, { "uint64", DTYPE_U64 },
	{ "complex64", DTYPE_C64 }, { "complex128", DTYPE_C128 },
};

static bool
find_dtype(enum dtype *out, const char *name)
{
	size_t i;

	for (i = 0; i <= DTYPE_C128; i++) {
		if (strcmp(dtype_name((enum dtype)i), name) == 0) {
			*out = (enum dtype)i;
			return true;
		}
	}
	for (i = 0; i < LENGTH(numpy_names); i++) {
		if (strcmp(numpy_names[i].name, name) == 0) {
			*out = numpy_names[i].dtype;
			return true;
		}
	}
	return false;
}

static enum status
parse_dtype(enum dtype *out, const json_t *value)
{
	const char *name = json_string_value(value);
	char *label;

	if (!name)
		return meta_value_fail("dtype", value, "text (\"bf16\"), or an "
			"object of text: {\"q\": \"bf16\"}");
	if (find_dtype(out, name))
		return STATUS_OK;
	label = text_escape(name, strlen(name));
	status_set(STATUS_FORMAT, "meta key \"dtype\" is \"%s\", which is not "
		"known; expected bf16, f16, f32, f64, c64, c128, bool or an "
		"integer's as i8",
		label);
	free(label);
	return STATUS_FORMAT;
}

static enum status
check_declared(const json_t *declared)
{
	const char *name;
	json_t *value;
	enum dtype dtype;

	if (!declared)
		return STATUS_OK;
	if (!json_is_object(declared))
		return parse_dtype(&dtype, declared);
	json_object_foreach((json_t *)declared, name, value) {
		enum status code = parse_dtype(&dtype, value);

		if (code)
			return code;
	}
	return STATUS_OK;
}

static bool
is_integer_of_two_bytes(enum dtype dtype)
{
	return dtype == DTYPE_I16 || dtype == DTYPE_U16;
}

static enum status
fail_contradiction(const struct factor *factor, enum dtype dtype)
{
	char text[TENSOR_TYPE_TEXT];

	tensor_type_text(text, &factor->type);
	if (dtype == DTYPE_BF16 && is_integer_of_two_bytes(factor->type.dtype))
		return status_set(STATUS_FORMAT, "%s is %s; if these are the "
			"bits of bfloat16, meta must say so of this factor: "
			"\"dtype\": {\"%s\": \"bf16\"}", factor->name, text,
			factor->name);
	return status_set(STATUS_FORMAT, "%s is %s, but meta key \"dtype\" "
		"says %s; expected what is stored, or the array as %s",
		factor->name, text, dtype_name(dtype), dtype_name(dtype));
}

/* Text for a whole layer does not mean its numbers and masks, nor, if it is
 * bf16, those that numpy has a type for. One of complex numbers means the
 * complex arrays, any other those of floats. */
static bool
contradicts(const struct tensor_type *type, enum dtype declared)
{
	if (type->rank == 0 || type->dtype == declared)
		return false;
	if (dtype_is_complex(declared))
		return dtype_is_complex(type->dtype);
	if (declared == DTYPE_BF16)
		return is_integer_of_two_bytes(type->dtype);
	return type->dtype == DTYPE_F16 || type->dtype == DTYPE_F32
		|| type->dtype == DTYPE_F64;
}

/* Makes raw elements bfloat16 where meta says so. check_declared passed. */
static enum status
apply_declared(struct factor *factor, const json_t *declared)
{
	struct tensor_type *type = &factor->type;
	bool each = json_is_object(declared);
	const json_t *value = each ? json_object_get(declared, factor->name)
		: declared;
	enum dtype dtype = DTYPE_F32;

	if (!value || parse_dtype(&dtype, value))
		return STATUS_OK;
	if (dtype == DTYPE_BF16 && (type->dtype == DTYPE_RAW2
		|| (each && is_integer_of_two_bytes(type->dtype))))
		type->dtype = DTYPE_BF16;
	if (type->dtype != DTYPE_RAW2 && (each ? type->dtype != dtype
		: contradicts(type, dtype)))
		return fail_contradiction(factor, dtype);
	return STATUS_OK;
}

/* declared: what meta says, which is not bf16 of this factor. */
static enum status
fail_raw(const struct factor *factor, const json_t *declared)
{
	char text[TENSOR_TYPE_TEXT], wanted[80] = "\"bf16\"", said[80] = "";
	bool each = json_is_object(declared);
	const json_t *value = each ? json_object_get(declared, factor->name)
		: declared;

	if (each)
		snprintf(wanted, sizeof wanted, "{\"%s\": \"bf16\"}",
			factor->name);
	if (value)
		snprintf(said, sizeof said, " in place of \"%s\"",
			json_string_value(value));
	return status_set(STATUS_FORMAT, "%s is %s, elements of two bytes "
		"without a type; if they are bfloat16, say so in meta: "
		"\"dtype\": %s%s", factor->name,
		tensor_type_text(text, &factor->type), wanted, said);
}

static enum status
check_type(const struct factor *factor, const struct operator_kind *kind,
	const struct factor_rule *rule, const json_t *declared)
{
	const struct tensor_type *type = &factor->type;
	char text[TENSOR_TYPE_TEXT];
	int i;

	tensor_type_text(text, type);
	if (type->dtype == DTYPE_RAW2)
		return fail_raw(factor, declared);
	if (dtype_is_complex(type->dtype) && !rule->or_complex)
		return status_set(STATUS_FORMAT, "%s is %s; of kind %s it is "
			"real: store its real part if the rest is 0, or the "
			"complex T itself as kind dense", factor->name, text,
			kind->name);
	if (!dtype_is_real(type->dtype) && !dtype_is_complex(type->dtype))
		return status_set(STATUS_FORMAT, "%s is %s; expected numbers",
			factor->name, text);
	for (i = 0; i < type->rank; i++) {
		if (type->shape[i] == 0)
			return status_set(STATUS_FORMAT, "%s is %s; no axis "
				"may be 0", factor->name, text);
	}
	return STATUS_OK;
}

/* Text that names a complex type, of a layer without one. */
static enum status
check_complex(const struct layer *layer, const json_t *declared)
{
	enum dtype dtype = DTYPE_F32;

	if (layer->is_complex || !json_is_string(declared)
		|| parse_dtype(&dtype, declared) || !dtype_is_complex(dtype))
		return STATUS_OK;
	return status_set(STATUS_FORMAT, "meta key \"dtype\" is \"%s\", but no "
		"factor is complex", json_string_value(declared));
}

enum status
factor_types(struct layer *layer)
{
	const struct factor_rule *rule = layer->kind->rules;
	const json_t *declared = layer_meta_value(layer, "dtype");
	enum status code;
	size_t r;

	if (!declared)
		declared = json_object_get(layer->dump->meta, "dtype");
	code = check_declared(declared);
	for (r = 0; !code && rule[r].name; r++) {
		struct factor *factor = layer_factor(layer, rule[r].name);

		layer->bindings[r] = (struct binding){ .factor = factor };
		if (!factor && !rule[r].required)
			continue;
		if (!factor)
			return status_set(STATUS_FORMAT, "kind %s needs a "
				"factor %s, which is not there",
				layer->kind->name, rule[r].name);
		code = store_type(&factor->type, factor->store,
			factor->member);
		if (!code)
			code = apply_declared(factor, declared);
		if (!code)
			code = check_type(factor, layer->kind, &rule[r],
				declared);
		factor->typed = code == STATUS_OK;
		if (!code && dtype_is_complex(factor->type.dtype))
			layer->is_complex = true;
	}
	return code ? code : check_complex(layer, declared);
}
