/*
 * A dump as JSON. Text is raw where it is valid UTF-8 (names are keys to other
 * tools), else as it is shown. What is not known is null.
 */
#include "src/info.h"

#include <math.h>
#include <stdint.h>

#include "core/dump.h"
#include "core/operator.h"
#include "core/text.h"

#include <stdlib.h>
#include <string.h>

json_t *
info_json_text(const char *raw)
{
	json_t *string = json_string(raw);      /* NULL: no valid UTF-8 */

	if (!string) {
		char *safe = text_escape(raw, strlen(raw));

		string = json_string(safe);
		free(safe);
	}
	return string;
}

static json_t *
text_or_null(const char *raw)
{
	return raw ? info_json_text(raw) : json_null();
}

json_t *
info_json_list(char *const *items, size_t count)
{
	json_t *list = json_array();

	for (size_t k = 0; k < count; k++)
		json_array_append_new(list, info_json_text(items[k]));
	return list;
}

static json_t *
size_or_null(size_t size)
{
	return size > INT64_MAX ? json_null() : json_integer((json_int_t)size);
}

static json_t *
real_or_null(double real)
{
	return isfinite(real) ? json_real(real) : json_null();
}

/* A share of a channel is possible, but most widths are whole. */
static json_t *
width_json(double width)
{
	const double exact = 9007199254740992;  /* 2^53 */

	return width == floor(width) && fabs(width) <= exact
		? json_integer((json_int_t)width) : real_or_null(width);
}

static json_t *
factors_json(const struct layer *layer)
{
	json_t *factors = json_object();

	for (size_t k = 0; k < layer->factor_count; k++) {
		const struct factor *factor = &layer->factors[k];
		const struct tensor_type *type = &factor->type;
		json_t *shape;

		if (!factor->typed) {
			json_object_set_new(factors, factor->name, json_null());
			continue;
		}
		shape = json_array();
		for (int axis = 0; axis < type->rank; axis++)
			json_array_append_new(shape,
				size_or_null(type->shape[axis]));
		json_object_set_new(factors, factor->name,
			json_pack("{s:s, s:o}", "dtype",
				dtype_name(type->dtype), "shape", shape));
	}
	return factors;
}

static const char *
rule_name(const struct layer *layer)
{
	static const char *const names[] = {
		[TSS_STATE] = "state", [TSS_WINDOW] = "window",
		[TSS_RANK] = "rank",
	};

	return names[layer->tss_rule];
}

/* What only a usable layer has. */
static void
add_resolved(json_t *object, const struct layer *layer)
{
	char tss[INFO_TSS_TEXT];
	bool bounded = layer->tss_rule == TSS_STATE
		|| (layer->tss_rule == TSS_WINDOW
			&& layer->state_size < layer->length - 1);

	json_object_set_new(object, "kind", info_json_text(layer->kind->name));
	json_object_set_new(object, "assumed", json_boolean(layer->assumed));
	json_object_set_new(object, "complex",
		json_boolean(layer_is_complex(layer)));
	json_object_set_new(object, "channels", size_or_null(layer->channels));
	json_object_set_new(object, "width", width_json(layer->width));
	json_object_set_new(object, "length", size_or_null(layer->length));
	json_object_set_new(object, "batches", size_or_null(layer->batches));
	json_object_set_new(object, "batch", size_or_null(layer->batch));
	json_object_set_new(object, "tss", info_json_text(info_tss(tss, layer)));
	json_object_set_new(object, "tss_rule", info_json_text(rule_name(layer)));
	json_object_set_new(object, "state_size", bounded
		? size_or_null(layer->state_size) : json_null());
}

static json_t *
layer_json(const struct layer *layer)
{
	static const char *const keys[] = {
		"kind", "assumed", "complex", "channels", "width", "length", "batches",
		"batch",
		"tss", "tss_rule", "state_size",
	};
	json_t *object = json_object();

	json_object_set_new(object, "name", info_json_text(layer->name));
	json_object_set_new(object, "label", text_or_null(layer->title));
	if (layer->status == STATUS_OK)
		add_resolved(object, layer);
	else
		for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
			json_object_set_new(object, keys[k], json_null());
	json_object_set_new(object, "factors", factors_json(layer));
	json_object_set_new(object, "notes",
		info_json_list(layer->notes, layer->note_count));
	json_object_set_new(object, "error",
		text_or_null(layer->status ? layer->error : NULL));
	return object;
}

json_t *
info_json(const struct dump *dump)
{
	json_t *object = json_object(), *layers = json_array();

	for (size_t k = 0; k < dump->layer_count; k++)
		json_array_append_new(layers, layer_json(&dump->layers[k]));
	json_object_set_new(object, "file", info_json_text(dump->path));
	json_object_set_new(object, "model", text_or_null(dump->model));
	json_object_set_new(object, "files", size_or_null(dump->store_count));
	json_object_set_new(object, "bytes",
		json_integer((json_int_t)info_bytes(dump)));
	json_object_set_new(object, "tokens", dump->tokens
		? size_or_null(dump->token_count) : json_null());
	json_object_set_new(object, "layers", layers);
	json_object_set_new(object, "extras",
		info_json_list(dump->extras, dump->extra_count));
	json_object_set_new(object, "notes",
		info_json_list(dump->notes, dump->note_count));
	json_object_set(object, "meta", dump->meta ? dump->meta : json_null());
	return object;
}
