/*
 * Factors are checked one by one, so that one that is wrong hides no other;
 * operators are opened only where all factors are sound.
 */
#include "core/dump_check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/dump_parts.h"
#include "core/operator.h"
#include "core/operator_check.h"
#include "core/operator_finite.h"
#include "core/store.h"
#include "core/text.h"
#include "core/util.h"

/* A dense T that is stored more coarsely than this counts its own rounding:
 * unit roundoff of bfloat16 and float16. */
static const double coarse = 1.0 / 4096;

/* Four of them multiplied, and summed over any state, are a double still. */
static const double large = 1e70;

/* What is added up to form rows of T, of all channels of a layer: half a
 * second, or a tenth of it where nothing is in doubt. */
enum { TERMS_CLOSELY = 1 << 26, TERMS = 1 << 23 };

static void
remark(struct check_remark *remark, const struct layer *layer,
	const char *sentence)
{
	sentence = layer_sentence(layer, sentence);
	if (!remark->text && layer->batches > 1)
		remark->text = xasprintf("batch element %zu: %s", layer->batch,
			sentence);
	else if (!remark->text)
		remark->text = xstrdup(sentence);
	remark->channels++;
}

/* The layer as it is read at another element of its batch: its own copy, but
 * for what it points to. */
static struct layer
layer_at(const struct layer *layer, size_t element)
{
	struct layer copy = *layer;

	copy.batch = element;
	for (size_t k = 0; k < LAYER_BINDINGS; k++)
		if (copy.bindings[k].batch_axis >= 0)
			copy.bindings[k].batch = element;
	return copy;
}

/* Is this factor's part that of the channel before? Then it has been seen. */
static bool
is_repeated(const struct layer *layer, const struct binding *binding,
	size_t channel)
{
	size_t groups = layer->axes['G' - 'A'];

	if (channel == 0 || strpbrk(binding->form, "HD"))
		return false;
	return !strchr(binding->form, 'G') || channel * groups / layer->channels
		== (channel - 1) * groups / layer->channels;
}

static void
examine_channel(struct check_factor *out, const struct layer *layer,
	size_t which, size_t channel)
{
	struct operator op = {
		.kind = layer->kind,
		.layer = layer,
		.channel = channel,
		.length = layer->length,
	};
	struct factor_extent extent;
	enum status code = operator_load_factor(&op, which);

	if (!code) {
		extent = factor_extent(slice_part(op.slices[which],
			PART_REAL));
		out->least = fmin(out->least, extent.least);
		out->most = fmax(out->most, extent.most);
		out->nan |= extent.nan;
		code = operator_check(&op, &layer->kind->rules[which],
			op.slices[which]);
	}
	if (code)
		remark(&out->wrong, layer, status_text());
	else if (op.doubt)
		remark(&out->doubt, layer, op.doubt);
	free(op.doubt);
	tensor_unref(op.tensors[which]);
}

/* A damaged member says nothing else. */
static bool
is_damaged(struct check_factor *out, const struct layer *layer)
{
	const struct factor *factor = out->factor;

	if (!store_verify(factor->store, factor->member))
		return false;
	remark(&out->wrong, layer, status_text());
	out->wrong.channels = out->channels;
	return true;
}

/* The letters of its axes as they are stored, not as they are read. */
static void
stored_axes(char out[TENSOR_RANK_MAX + 1], const struct binding *binding)
{
	for (size_t k = 0; binding->form[k]; k++)
		out[binding->axis[k]] = binding->form[k];
	if (binding->batch_axis >= 0)
		out[binding->batch_axis] = 'B';
	out[binding->factor->type.rank] = '\0';
}

static void
examine_factor(struct check_layer *check, size_t which)
{
	struct layer layer = *check->layer;
	const struct binding *binding = &layer.bindings[which];
	struct check_factor *out = &check->factors[check->factor_count];

	if (!binding->factor)
		return;
	check->factor_count++;
	if (binding->batch_axis < 0)
		layer.batches = 1;
	*out = (struct check_factor){
		.factor = binding->factor,
		.channels = layer.batches * layer.channels,
		.least = INFINITY, .most = -INFINITY,
	};
	stored_axes(out->axes, binding);
	if (is_damaged(out, check->layer))
		return;
	for (size_t e = 0; e < layer.batches; e++) {
		struct layer element = layer_at(&layer, e);

		for (size_t c = 0; c < layer.channels; c++)
			if (!is_repeated(&layer, binding, c))
				examine_channel(out, &element, which, c);
	}
}

/* May T overflow, as far as the factors tell? Of so many, the largest of T is
 * a product of a few, unless a recurrence grows. */
static bool
may_overflow(const struct check_layer *check)
{
	const struct layer *layer = check->layer;
	double scale = 0;

	if (layer->growth || layer_number(&scale, layer, "scale", 0)
		|| fabs(scale) > large)
		return true;
	for (size_t k = 0; k < check->factor_count; k++) {
		const struct check_factor *factor = &check->factors[k];

		if (factor->doubt.text || factor->most > large
			|| (factor->least < -large && isfinite(factor->least)))
			return true;
	}
	return false;
}

/* What only a kind can tell: a T that is not causal, keys too long. */
static void
examine_operator(struct check_layer *check, const struct layer *layer,
	size_t channel, bool closely)
{
	struct operator *op;
	char *unusual;

	if (operator_open(&op, layer, channel)) {
		remark(&check->wrong, layer, status_text());
		return;
	}
	unusual = op->kind->examine ? op->kind->examine(op) : NULL;
	if (unusual)
		remark(&check->doubt, layer, unusual);
	else if (op->noise >= coarse)
		remark(&check->doubt, layer, "T in half precision counts its "
			"own rounding as rank: store the factors it is made "
			"of, or T in f32");
	closely |= op->doubt != NULL;
	if ((closely || op->kind->rank_one || layer->is_complex)
		&& operator_finite(op, (closely ? TERMS_CLOSELY : TERMS)
			/ (layer->channels * layer->batches)))
		remark(&check->wrong, layer, status_text());
	free(unusual);
	operator_close(op);
}

static void
examine_operators(struct check_layer *check)
{
	const struct layer *layer = check->layer;
	bool closely = may_overflow(check);
	size_t channels = closely || layer->kind->each_opens
		? layer->channels : 1;

	for (size_t e = 0; e < layer->batches; e++) {
		struct layer element = layer_at(layer, e);

		for (size_t c = 0; c < channels; c++)
			examine_operator(check, &element, c, closely);
	}
}

static void
advise(struct check_layer *check, char *text)
{
	lines_add(&check->advice, &check->advice_count, text);
}

static size_t
bound_count(const struct layer *layer)
{
	size_t n = 0;

	for (size_t k = 0; k < LAYER_BINDINGS; k++)
		n += layer->bindings[k].factor != NULL;
	return n;
}

static void
examine_layer(struct check_layer *check, struct layer *layer)
{
	bool sound = true;

	check->layer = layer;
	if (layer_resolve(layer))
		return;
	if (layer->assumed)
		advise(check, xasprintf("its kind is assumed from the factors: "
			"say {\"layers\": {\"%s\": {\"kind\": \"%s\"}}} in meta",
			layer->label, layer->kind->name));
	for (size_t k = 0; k < layer->note_count; k++)
		advise(check, xstrdup(layer->notes[k]));
	check->factors = xcalloc(bound_count(layer),
		sizeof *check->factors);
	for (size_t k = 0; layer->kind->rules[k].name; k++)
		examine_factor(check, k);
	for (size_t k = 0; k < check->factor_count; k++)
		sound &= !check->factors[k].wrong.text;
	if (sound)
		examine_operators(check);
}

static void
examine_dump(struct dump_check *check, const struct dump *dump)
{
	if (!dump->meta)
		lines_add(&check->advice, &check->advice_count, xstrdup(
			"no meta: add meta=json.dumps({\"esscope\": 1, "
			"\"layers\": {...}})"));
	else if (!json_object_get(dump->meta, "esscope"))
		lines_add(&check->advice, &check->advice_count, xstrdup(
			"meta does not say \"esscope\": 1, the version of its "
			"format"));
	if (!dump->tokens)
		lines_add(&check->advice, &check->advice_count, xstrdup(
			"no tokens: add tokens=[...], L strings, and the screen "
			"names positions by them"));
	for (size_t k = 0; k < dump->note_count; k++)
		lines_add(&check->advice, &check->advice_count,
			xstrdup(dump->notes[k]));
}

/* Of tokens of a batch each layer that has one notes its own. */
static void
examine_token_rows(struct dump_check *check, const struct dump *dump)
{
	for (size_t k = 0; k < dump->layer_count; k++)
		if (dump->layers[k].axes['B' - 'A'])
			return;
	if (dump->token_rows > 1)
		lines_add(&check->advice, &check->advice_count, xasprintf(
			"tokens are of a batch of %zu, but no layer has a "
			"batch axis: store one row of them",
			dump->token_rows));
}

static int
compare_members(const void *a, const void *b)
{
	const struct store_member *const *x = a, *const *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* The members of all factors that have been looked at, sorted. */
static const struct store_member **
members_in_use(size_t *count, const struct dump_check *check)
{
	const struct store_member **members;
	size_t n = 0;

	for (size_t k = 0; k < check->layer_count; k++)
		n += check->layers[k].factor_count;
	members = xcalloc(n + 1, sizeof *members);
	*count = n;
	n = 0;
	for (size_t k = 0; k < check->layer_count; k++)
		for (size_t f = 0; f < check->layers[k].factor_count; f++)
			members[n++]
				= check->layers[k].factors[f].factor->member;
	qsort(members, n, sizeof *members, compare_members);
	return members;
}

/* Is it this member that a layer cannot be used for? Sentences of damage begin
 * with file and member. */
static bool
is_told(const struct dump *dump, const struct store *store,
	const struct store_member *member)
{
	char *name = text_escape(member->name, strlen(member->name));
	char *place = xasprintf("%s: %s: ", store_path(store), name);
	bool told = false;

	for (size_t k = 0; k < dump->layer_count && !told; k++)
		told = dump->layers[k].status && !strncmp(place,
			dump->layers[k].error, strlen(place));
	free(name);
	free(place);
	return told;
}

/* What no layer has read: their CRC is all that can be checked. */
static void
examine_others(struct dump_check *check, const struct dump *dump)
{
	size_t n;
	const struct store_member **used = members_in_use(&n, check);

	for (size_t k = 0; k < dump->store_count; k++) {
		const struct store *store = dump->stores[k];

		for (size_t m = 0; m < store->member_count; m++) {
			const struct store_member *one = &store->members[m];

			if (!bsearch(&one, used, n, sizeof *used,
				compare_members) && store_verify(store, one)
				&& !is_told(dump, store, one))
				lines_add(&check->damaged,
					&check->damaged_count,
					xstrdup(status_text()));
		}
	}
	check->wrong += check->damaged_count;
	free(used);
}

static void
count(struct dump_check *check, const struct check_layer *layer)
{
	check->wrong += layer->layer->status != STATUS_OK;
	check->wrong += layer->wrong.text != NULL;
	check->doubts += layer->advice_count;
	check->doubts += layer->doubt.text != NULL;
	for (size_t k = 0; k < layer->factor_count; k++) {
		check->wrong += layer->factors[k].wrong.text != NULL;
		check->doubts += layer->factors[k].doubt.text != NULL;
	}
}

struct dump_check *
dump_check(struct dump *dump)
{
	struct dump_check *check = xcalloc(1, sizeof *check);

	check->layers = xcalloc(dump->layer_count, sizeof *check->layers);
	check->layer_count = dump->layer_count;
	examine_dump(check, dump);
	for (size_t k = 0; k < dump->layer_count; k++) {
		examine_layer(&check->layers[k], &dump->layers[k]);
		count(check, &check->layers[k]);
	}
	examine_token_rows(check, dump);
	check->doubts += check->advice_count;
	examine_others(check, dump);
	return check;
}

static void
layer_free(struct check_layer *check)
{
	for (size_t k = 0; k < check->factor_count; k++) {
		free(check->factors[k].wrong.text);
		free(check->factors[k].doubt.text);
	}
	free(check->factors);
	free(check->wrong.text);
	free(check->doubt.text);
	lines_free(check->advice, check->advice_count);
}

void
dump_check_free(struct dump_check *check)
{
	for (size_t k = 0; k < check->layer_count; k++)
		layer_free(&check->layers[k]);
	free(check->layers);
	lines_free(check->advice, check->advice_count);
	lines_free(check->damaged, check->damaged_count);
	free(check);
}
