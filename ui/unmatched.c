#include "ui/unmatched.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/dump.h"
#include "core/operator.h"
#include "core/util.h"
#include "ui/comparison.h"
#include "ui/help_page.h"
#include "ui/model.h"

enum { LABEL_WIDTH = 24 };

/* Appends a sentence to *text, which is allocated anew. */
static void __attribute__((format(printf, 2, 3)))
append(char **text, const char *fmt, ...)
{
	char *old = *text, *more;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&more, fmt, ap) < 0)
		more = xstrdup("");
	va_end(ap);
	*text = xasprintf("%s%s%s", old ? old : "", old ? "; " : "", more);
	free(old);
	free(more);
}

static void
compare_shapes(char **text, const struct layer *a, const struct layer *b)
{
	size_t channels = size_min(a->channels, b->channels);
	size_t length = size_min(a->length, b->length);

	if (a->kind != b->kind)
		append(text, "%s in A, %s in B", a->kind->name, b->kind->name);
	if (a->channels != b->channels)
		append(text, "%zu channels in A, %zu in B: compared are the "
			"first %zu", a->channels, b->channels, channels);
	if (a->length != b->length)
		append(text, "L = %zu in A, %zu in B: compared are the "
			"positions up to %zu, where H_i have other heights",
			a->length, b->length, length - 1);
	if (a->batch != b->batch)
		append(text, "batch element %zu in A, %zu in B", a->batch,
			b->batch);
}

/* The first token that is another one; NULL: none is. For free(). */
static char *
compare_tokens(const struct layer *a, const struct layer *b)
{
	char *text = NULL;
	size_t length = size_min(a->length, b->length);
	bool in_a = layer_token(a, 0), in_b = layer_token(b, 0);

	if (in_a != in_b)
		append(&text, "in %c only", in_a ? 'A' : 'B');
	for (size_t i = 0; in_a && in_b && i < length; i++) {
		const char *x = layer_token(a, i), *y = layer_token(b, i);

		if (x && y && !strcmp(x, y))
			continue;
		append(&text, "others from token %zu on: \"%s\" in A, "
			"\"%s\" in B", i, x ? x : "", y ? y : "");
		break;
	}
	return text;
}

static bool
is_broken(const struct layer *layer)
{
	return layer->resolved && layer->status != STATUS_OK;
}

/* About a layer of A or of B by itself, or about both; for free(). NULL: they
 * match. One of them may be NULL. */
static char *
unmatched_text(const struct layer *a, const struct layer *b)
{
	char *text = NULL;

	if (!a || !b) {
		append(&text, "in %c only", a ? 'A' : 'B');
	} else if (is_broken(a) || is_broken(b)) {
		append(&text, "cannot be used in %s", is_broken(a)
			? is_broken(b) ? "A and B" : "A" : "B");
	} else if (a->resolved && b->resolved) {
		compare_shapes(&text, a, b);
	}
	return text;
}

/* A dump has one text: it is compared once. */
static size_t
each_text(const struct dump *a, const struct dump *b, struct help_page *page)
{
	for (size_t i = 0; i < a->layer_count; i++) {
		const struct layer *layer = &a->layers[i];
		const struct layer *other = dump_layer(b, layer->label, i);
		char *text;

		if (!layer->resolved || is_broken(layer) || !other
		    || !other->resolved || is_broken(other))
			continue;
		text = compare_tokens(layer, other);
		if (text && page)
			help_entry(page, "the tokens", text, LABEL_WIDTH);
		i = text != NULL;
		free(text);
		return i;
	}
	return 0;
}

/* Each layer of A with that of B, then those that only B has. */
static size_t
each(const struct model *model, struct help_page *page)
{
	const struct dump *a = comparison_side(model, 'A');
	const struct dump *b = comparison_side(model, 'B');
	size_t count = each_text(a, b, page);

	for (size_t i = 0; i < a->layer_count + b->layer_count; i++) {
		bool first = i < a->layer_count;
		const struct layer *layer = first ? &a->layers[i]
			: &b->layers[i - a->layer_count];
		const struct layer *other = dump_layer(first ? b : a,
			layer->label, first ? i : i - a->layer_count);
		char *text = first ? unmatched_text(layer, other)
			: other ? NULL : unmatched_text(NULL, layer);

		if (text && page)
			help_entry(page, layer->label, text, LABEL_WIDTH);
		count += text != NULL;
		free(text);
	}
	return count;
}

size_t
unmatched_count(const struct model *model)
{
	return comparison_on(model) ? each(model, NULL) : 0;
}

void
help_unmatched(struct help_page *page, const struct model *model)
{
	help_heading(page, "A and B, what does not match: Esc leaves");
	if (!comparison_on(model))
		help_entry(page, "", "nothing is compared", LABEL_WIDTH);
	else if (!each(model, page))
		help_entry(page, "", "every layer of A is in B, of the same "
			"kind, shape and text, and the other way round, as "
			"far as their headers have been read", LABEL_WIDTH);
}
