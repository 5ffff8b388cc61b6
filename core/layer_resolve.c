/*
 * From names and headers to an operator: which kind a layer is, what each of
 * its factors' axes mean, how long it is and how many channels it has. Done
 * once, when the layer is first looked at; what was found wrong is kept with
 * the layer, and everything else of the dump stays usable.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/dump_parts.h"
#include "core/factor_fit.h"
#include "core/factor_type.h"
#include "core/operator.h"
#include "core/store.h"
#include "core/text.h"
#include "core/util.h"

static void
append(char out[KINDS_TEXT], const char *mark, const char *name)
{
	size_t used = strlen(out);

	snprintf(out + used, KINDS_TEXT - used, "%s%s", mark, name);
}

char *
kinds_text(char out[KINDS_TEXT], bool factors)
{
	size_t i, r;

	out[0] = '\0';
	for (i = 0; operator_kinds[i]; i++) {
		const struct factor_rule *rules = operator_kinds[i]->rules;
		const char *mark = " (";

		append(out, i ? ", " : "", operator_kinds[i]->name);
		for (r = 0; factors && rules[r].name; r++) {
			if (!rules[r].required)
				continue;
			append(out, mark, rules[r].name);
			mark = " ";
		}
		append(out, factors ? ")" : "", "");
	}
	return out;
}

static enum status
fail_unknown_kind(const char *name)
{
	char kinds[KINDS_TEXT], *label = text_escape(name, strlen(name));

	status_set(STATUS_FORMAT, "kind \"%s\" is not known; expected one of "
		"%s", label, kinds_text(kinds, false));
	free(label);
	return STATUS_FORMAT;
}

static enum status
fail_no_kind(const struct layer *layer)
{
	char kinds[KINDS_TEXT];
	char *label = text_escape(layer->factors[0].name,
		strlen(layer->factors[0].name));

	status_set(STATUS_FORMAT, "no kind has its factors (%s%s); expected "
		"those of %s", label, layer->factor_count > 1 ? ", ..." : "",
		kinds_text(kinds, true));
	free(label);
	return STATUS_FORMAT;
}

static enum status
choose_kind(struct layer *layer)
{
	const char *name;
	enum status code = layer_meta_text(&name, layer, "kind");
	size_t i;

	if (code)
		return code;
	layer->assumed = !name;
	for (i = 0; operator_kinds[i]; i++) {
		if (name ? strcmp(operator_kinds[i]->name, name) == 0
			: operator_kinds[i]->infer(layer)) {
			layer->kind = operator_kinds[i];
			return STATUS_OK;
		}
	}
	return name ? fail_unknown_kind(name) : fail_no_kind(layer);
}

/* A whole number of at least `least` in meta, or 0 where there is none. */
static enum status
meta_count(size_t *out, const struct layer *layer, const char *key,
	size_t least)
{
	double value;
	enum status code = layer_meta_number(&value, layer, key, 0);

	if (code)
		return code;
	if (layer_meta_value(layer, key)
		&& (!(value >= (double)least) || value > 0x1p53
			|| value != floor(value)))
		return status_set(STATUS_FORMAT, "meta key \"%s\" is %g; "
			"expected a whole number of at least %zu", key, value,
			least);
	*out = (size_t)value;
	return STATUS_OK;
}

/* L is an axis, but for a bare kernel, which may be longer than it has taps:
 * then it is what meta says, the number of tokens, or K. */
static enum status
settle_length(struct layer *layer)
{
	size_t L = layer->axes['L' - 'A'], K = layer->axes['K' - 'A'];
	size_t declared;
	enum status code = meta_count(&declared, layer, "length", 2);

	if (code)
		return code;
	if (L != 0 && declared != 0 && L != declared)
		return status_set(STATUS_FORMAT, "meta key \"length\" is %zu, "
			"but its factors have L=%zu", declared, L);
	if (L == 0)
		L = declared ? declared : layer->dump->token_count
			? layer->dump->token_count : K;
	if (L < 2)
		return status_set(STATUS_FORMAT, "L=%zu; expected a sequence "
			"of at least 2 positions", L);
	if (L > LAYER_LENGTH_MAX)
		return status_set(STATUS_FORMAT, "L=%zu; expected at most %d "
			"positions: store fewer%s", L, LAYER_LENGTH_MAX,
			layer->axes['L' - 'A'] ? "" : ", or say \"length\" "
			"in meta");
	layer->length = layer->axes['L' - 'A'] = L;
	return STATUS_OK;
}

/* Heads or channels, and that groups divide them. */
static enum status
settle_channels(struct layer *layer)
{
	size_t H = layer->axes['H' - 'A'], D = layer->axes['D' - 'A'];
	size_t G = layer->axes['G' - 'A'];
	double width;
	enum status code;

	layer->channels = H ? H : D ? D : 1;
	if (G != 0 && layer->channels % G != 0)
		return status_set(STATUS_FORMAT, "%zu %s cannot share %zu "
			"groups; expected G to divide %s", layer->channels,
			H ? "heads" : "channels", G, H ? "H" : "D");
	code = layer_meta_number(&width, layer, "width", 1);
	if (code)
		return code;
	if (!(width > 0))
		return status_set(STATUS_FORMAT, "meta key \"width\" is %g; "
			"expected more than 0", width);
	layer->width = width;
	code = layer_meta_flag(&layer->real_part, layer, "re", false);
	if (code)
		return code;
	return layer_meta_flag(&layer->growth, layer, "growth", false);
}

static void
note(struct layer *layer, char *line)
{
	lines_add(&layer->notes, &layer->note_count, line);
}

void
layer_drop(struct layer *layer, size_t which, const char *why)
{
	struct binding *binding = &layer->bindings[which];

	if (!binding->factor)
		return;
	note(layer, xasprintf("factor \"%s\" is not used: %s",
		binding->factor->name, why));
	binding->factor = NULL;
}

/* Numbers that meta has, too. */
static void
drop_numbers(struct layer *layer)
{
	const struct factor_rule *rule = layer->kind->rules;
	size_t r;

	for (r = 0; rule[r].name; r++) {
		if (!*rule[r].forms && layer_meta_value(layer, rule[r].name))
			layer_drop(layer, r, "meta says it, and comes first");
	}
}

static enum status
settle_tss(struct layer *layer)
{
	size_t tss;
	enum status code = layer->kind->settle(layer);

	drop_numbers(layer);
	if (!code)
		code = meta_count(&tss, layer, "tss", 1);
	if (!code && tss != 0) {
		layer->tss_rule = TSS_STATE;
		layer->state_size = tss;
	}
	return code;
}

static enum status
settle_title(struct layer *layer)
{
	const char *label;
	enum status code = layer_meta_text(&label, layer, "label");

	if (!code && label)
		layer->title = text_escape(label, strlen(label));
	return code;
}

static void
note_unused(struct layer *layer)
{
	const struct factor_rule *rule = layer->kind->rules;
	size_t i, r;

	for (i = 0; i < layer->factor_count; i++) {
		const char *name = layer->factors[i].name;
		char *label;

		for (r = 0; rule[r].name; r++) {
			if (strcmp(rule[r].name, name) == 0)
				break;
		}
		if (rule[r].name)
			continue;
		label = text_escape(name, strlen(name));
		note(layer, xasprintf("factor \"%s\" is not used by kind %s",
			label, layer->kind->name));
		free(label);
	}
}

/* That many is another axis' size, where two have changed places. */
static void
note_length(struct layer *layer, size_t tokens)
{
	char *axes = tokens > 1 ? factor_fit_hint(layer, tokens) : NULL;

	note(layer, xasprintf("%zu tokens, but L=%zu: not shown%s%s", tokens,
		layer->length, axes ? "; if L is stored first, say so in the "
		"layer's meta: " : "", axes ? axes : ""));
	free(axes);
}

static void
make_notes(struct layer *layer)
{
	size_t tokens = layer->dump->token_count;
	size_t rows = layer->dump->token_rows;
	size_t taps = layer->axes['K' - 'A'];

	if (layer->batches > 1)
		note(layer, xasprintf("a batch of %zu: element %zu is read",
			layer->batches, layer->batch));
	if (tokens != 0 && tokens != layer->length)
		note_length(layer, tokens);
	if (layer->axes['B' - 'A'] && rows > 1 && rows != layer->batches)
		note(layer, xasprintf("tokens are of a batch of %zu, but this "
			"is one of %zu", rows, layer->batches));
	if (taps > layer->length)
		note(layer, xasprintf("h has %zu taps; the first %zu are used",
			taps, layer->length));
	note_unused(layer);
	layer_meta_notes(layer);
}

static enum status
settle(struct layer *layer)
{
	enum status code = choose_kind(layer);

	if (!code)
		code = factor_types(layer);
	if (!code)
		code = factor_fit(layer);
	if (!code)
		code = settle_length(layer);
	if (!code)
		code = settle_channels(layer);
	if (!code)
		code = layer_check_memory(layer);
	if (!code)
		code = settle_tss(layer);
	if (!code)
		code = settle_title(layer);
	return code;
}

/* Sentences of a store begin with its file already. */
static bool
is_placed(const struct layer *layer)
{
	const struct dump *dump = layer->dump;
	size_t i, n;

	for (i = 0; i < dump->store_count; i++) {
		n = strlen(store_path(dump->stores[i]));
		if (strncmp(status_text(), store_path(dump->stores[i]), n) == 0
			&& strncmp(status_text() + n, ": ", 2) == 0)
			return true;
	}
	return false;
}

enum status
layer_resolve(struct layer *layer)
{
	if (!layer->resolved) {
		layer->status = settle(layer);
		if (!layer->status)
			make_notes(layer);
		else if (!is_placed(layer))
			status_at(layer->status, "%s: %s", layer->dump->label,
				layer->label);
		if (layer->status)
			layer->error = xstrdup(status_text());
		layer->resolved = true;
	}
	if (layer->status)
		status_set(layer->status, "%s", layer->error);
	return layer->status;
}
