/*
 * Everything printed has been made safe to print by the dump and its check.
 */
#include "src/check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/dump.h"
#include "core/dump_check.h"
#include "core/operator.h"
#include "core/text.h"
#include "src/info.h"

static void
put_remark(FILE *stream, const char *verdict, const struct check_remark *remark,
	size_t channels)
{
	if (!remark->text)
		return;
	fprintf(stream, "    %-6s %s", verdict, remark->text);
	if (remark->channels > 1)
		fprintf(stream, " (%zu of %zu channels)", remark->channels,
			channels);
	putc('\n', stream);
}

static void
put_factor(FILE *stream, const struct check_factor *check)
{
	char type[TENSOR_TYPE_TEXT];
	const char *verdict = check->wrong.text ? "wrong"
		: check->doubt.text ? "doubt" : "ok";

	fprintf(stream, "    %-6s %s %s", verdict, check->factor->name,
		tensor_type_text(type, &check->factor->type));
	if (*check->axes) {
		fprintf(stream, " as (%c", check->axes[0]);
		for (const char *p = check->axes + 1; *p; p++)
			fprintf(stream, ",%c", *p);
		putc(')', stream);
	}
	if (check->least <= check->most)
		fprintf(stream, ", %.4g .. %.4g", check->least, check->most);
	fputs(check->nan ? ", NaN\n" : "\n", stream);
	put_remark(stream, "", &check->wrong, check->channels);
	put_remark(stream, "", &check->doubt, check->channels);
}

static void
put_layer(FILE *stream, const struct check_layer *check)
{
	const struct layer *layer = check->layer;
	size_t channels = layer->channels * layer->batches;

	fprintf(stream, "  %s", layer->label);
	if (layer->status) {
		fprintf(stream, "\n    wrong  %s\n",
			layer_sentence(layer, layer->error));
		return;
	}
	fprintf(stream, ": %s, %zu channels of %zu positions",
		layer->kind->name, layer->channels, layer->length);
	if (layer->batches > 1)
		fprintf(stream, ", a batch of %zu", layer->batches);
	putc('\n', stream);
	for (size_t k = 0; k < check->factor_count; k++)
		put_factor(stream, &check->factors[k]);
	put_remark(stream, "wrong", &check->wrong, channels);
	put_remark(stream, "doubt", &check->doubt, channels);
	for (size_t k = 0; k < check->advice_count; k++)
		fprintf(stream, "    %-6s %s\n", "doubt", check->advice[k]);
}

void
check_text(FILE *stream, const struct dump *dump,
	const struct dump_check *check)
{
	fprintf(stream, "%s\n", dump->label);
	for (size_t k = 0; k < check->advice_count; k++)
		fprintf(stream, "    %-6s %s\n", "doubt", check->advice[k]);
	for (size_t k = 0; k < check->damaged_count; k++)
		fprintf(stream, "    %-6s %s\n", "wrong", check->damaged[k]);
	for (size_t k = 0; k < check->layer_count; k++)
		put_layer(stream, &check->layers[k]);
	fprintf(stream, "  %zu wrong, %zu in doubt\n", check->wrong,
		check->doubts);
}

static json_t *
remark_json(const struct check_remark *remark)
{
	if (!remark->text)
		return json_null();
	return json_pack("{s:o, s:I}", "text", info_json_text(remark->text),
		"channels", (json_int_t)remark->channels);
}

static json_t *
number(double value)
{
	return isfinite(value) ? json_real(value) : json_null();
}

static json_t *
factor_json(const struct check_factor *check)
{
	const struct tensor_type *type = &check->factor->type;
	json_t *shape = json_array();

	for (int k = 0; k < type->rank; k++)
		json_array_append_new(shape,
			json_integer((json_int_t)type->shape[k]));
	return json_pack("{s:o, s:s, s:o, s:s, s:o, s:o, s:b, s:o, s:o}",
		"name", info_json_text(check->factor->name), "dtype",
		dtype_name(type->dtype), "shape", shape, "axes", check->axes,
		"least", number(check->least), "most", number(check->most),
		"nan", (int)check->nan, "wrong", remark_json(&check->wrong),
		"doubt", remark_json(&check->doubt));
}

static json_t *
layer_json(const struct check_layer *check)
{
	const struct layer *layer = check->layer;
	json_t *factors = json_array();

	for (size_t k = 0; k < check->factor_count; k++)
		json_array_append_new(factors,
			factor_json(&check->factors[k]));
	return json_pack("{s:o, s:s?, s:o, s:o, s:o, s:o, s:o}",
		"name", info_json_text(layer->name),
		"kind", layer->status ? NULL : layer->kind->name,
		"error", layer->status ? info_json_text(layer->error)
		: json_null(), "factors", factors,
		"wrong", remark_json(&check->wrong),
		"doubt", remark_json(&check->doubt),
		"doubts", info_json_list(check->advice, check->advice_count));
}

json_t *
check_json(const struct dump *dump, const struct dump_check *check)
{
	json_t *layers = json_array();

	for (size_t k = 0; k < check->layer_count; k++)
		json_array_append_new(layers, layer_json(&check->layers[k]));
	return json_pack("{s:o, s:I, s:I, s:o, s:o, s:o}",
		"file", info_json_text(dump->path),
		"wrong", (json_int_t)check->wrong,
		"in_doubt", (json_int_t)check->doubts,
		"doubts", info_json_list(check->advice, check->advice_count),
		"damaged", info_json_list(check->damaged, check->damaged_count),
		"layers", layers);
}
