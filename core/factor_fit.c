/*
 * Axes are unified as in a proof: rule by rule each factor takes one of its
 * forms, and a letter means the same size wherever it stands. All readings
 * are tried, for a shape such as (64, 64) may be read in two ways; the second
 * one that means something else ends the search with an error that names the
 * meta key to settle it. Shapes are small and forms few, so are the readings.
 *
 * An "order" is the letters of the stored axes, B for the batch. A batch axis
 * exists exactly if a factor that leads has one axis more than its forms.
 */
#include "core/factor_fit.h"

#include <stdlib.h>
#include <string.h>

#include "core/dump_parts.h"
#include "core/factor_fit_parts.h"
#include "core/operator.h"
#include "core/text.h"
#include "core/util.h"

bool
fit_next_form(char out[ORDER_MAX], const char **forms)
{
	const char *bar;
	size_t n;

	if (!*forms)
		return false;
	bar = strchr(*forms, '|');
	n = bar ? (size_t)(bar - *forms) : strlen(*forms);
	memcpy(out, *forms, n);
	out[n] = '\0';
	*forms = bar ? bar + 1 : NULL;
	return true;
}

/* Does the order hold each letter of the form, and at most a B besides? */
static bool
is_order_of(const char *order, const char *form)
{
	char left[ORDER_MAX];
	const char *p;
	size_t n = strlen(form);

	memcpy(left, form, n + 1);
	for (p = order; *p; p++) {
		char *match = strchr(left, *p);

		if (match)
			*match = ' ';
		else if (*p != 'B' || strchr(p + 1, 'B'))
			return false;
	}
	return strspn(left, " ") == n;
}

static bool
unify(size_t size[AXIS_LETTERS], const struct tensor_type *type,
	const char *order)
{
	int i;

	if (strlen(order) != (size_t)type->rank)
		return false;
	for (i = 0; i < type->rank; i++) {
		size_t *known = &size[order[i] - 'A'];

		if (*known != 0 && *known != type->shape[i])
			return false;
		*known = type->shape[i];
	}
	return true;
}

/* Axes of size 1 may be called anything: index 0 is all they have. */
static bool
same_meaning(const struct fit *fit, const struct reading *a,
	const struct reading *b)
{
	size_t r;
	int i;

	for (r = 0; fit->rules[r].name; r++) {
		const struct tensor_type *type;

		if (!fit->factors[r])
			continue;
		type = &fit->factors[r]->type;
		for (i = 0; i < type->rank; i++) {
			if (type->shape[i] > 1
				&& a->order[r][i] != b->order[r][i])
				return false;
		}
	}
	return true;
}

/* Can H heads, or D channels, share these G groups? */
static bool
groups_divide(const size_t size[AXIS_LETTERS])
{
	size_t G = size['G' - 'A'], H = size['H' - 'A'], D = size['D' - 'A'];

	return G == 0 || (H ? H : D ? D : 1) % G == 0;
}

/* A reading whose groups do not divide the heads counts only where there is
 * no other: what is wrong with it is said later. */
static void
complete(struct fit *fit)
{
	bool shared = groups_divide(fit->now.size);

	if (fit->count == 0 || (shared && !fit->shared)) {
		fit->found = fit->now;
		fit->shared = shared;
		fit->count = 1;
	} else if (shared && !same_meaning(fit, &fit->found, &fit->now)) {
		fit->other = fit->now;
		fit->count = 2;
	}
}

static void search(struct fit *fit, size_t r);

static void
try_order(struct fit *fit, size_t r, const char *form, const char *order)
{
	size_t before[AXIS_LETTERS];

	memcpy(before, fit->now.size, sizeof before);
	if (unify(fit->now.size, &fit->factors[r]->type, order)) {
		strcpy(fit->now.form[r], form);
		strcpy(fit->now.order[r], order);
		search(fit, r + 1);
	}
	memcpy(fit->now.size, before, sizeof before);
}

/* The order with L in front, behind the batch, if it is not there anyway. */
static bool
turn(char out[ORDER_MAX], const char *order)
{
	size_t first = *order == 'B';
	const char *L = strchr(order, 'L');

	if (!L || L == order + first || strchr(L + 1, 'L'))
		return false;
	memcpy(out, order, first);
	out[first] = 'L';
	memcpy(out + first + 1, order + first, (size_t)(L - order) - first);
	strcpy(out + (L - order) + 1, L + 1);
	return true;
}

/* As it stands and, if that may be, with L first. */
static void
try_orders(struct fit *fit, size_t r, const char *form, const char *order)
{
	char turned[ORDER_MAX];

	try_order(fit, r, form, order);
	if (fit->loose && fit->count < 2 && turn(turned, order))
		try_order(fit, r, form, turned);
}

/* All readings of the factors from rule r on, given those before. */
static void
search(struct fit *fit, size_t r)
{
	const char *forms = fit->rules[r].forms;
	char form[ORDER_MAX], order[ORDER_MAX + 1] = "B";

	if (r > fit->deepest || r == 0) {
		fit->deepest = r;
		memcpy(fit->deepest_size, fit->now.size,
			sizeof fit->deepest_size);
	}
	if (!fit->rules[r].name) {
		complete(fit);
		return;
	}
	if (!fit->factors[r]) {
		search(fit, r + 1);
		return;
	}
	while (fit->count < 2 && fit_next_form(form, &forms)) {
		if (fit->declared[r]) {
			if (is_order_of(fit->order[r], form))
				try_order(fit, r, form, fit->order[r]);
			continue;
		}
		try_orders(fit, r, form, form);
		strcpy(order + 1, form);
		if (fit->batched && fit->count < 2)
			try_orders(fit, r, form, order);
	}
}

bool
fit_search_loose(struct fit *fit, size_t L)
{
	fit->loose = true;
	fit->count = 0;
	fit->shared = false;
	memset(&fit->now, 0, sizeof fit->now);
	fit->now.size['L' - 'A'] = L;
	search(fit, 0);
	return fit->count > 0 && fit->shared;
}

/* Is the order one of some form of the rule? */
static bool
fits_rule(const char *order, const struct factor_rule *rule)
{
	const char *forms = rule->forms;
	char form[ORDER_MAX];

	while (fit_next_form(form, &forms)) {
		if (is_order_of(order, form))
			return true;
	}
	return false;
}

/* Groups that are as many as the heads or channels are called so by many. */
static bool
spell_groups(char order[ORDER_MAX], const struct factor_rule *rule)
{
	char *other = strpbrk(order, "HD");

	if (fits_rule(order, rule))
		return true;
	if (!other)
		return false;
	*other = 'G';
	return fits_rule(order, rule);
}

/* What meta says of the axes of one factor. */
static enum status
read_declared(struct fit *fit, size_t r, const json_t *axes)
{
	const char *name = fit->rules[r].name;
	const json_t *value = json_object_get(axes, name);
	const char *order = json_string_value(value);
	char text[FIT_TEXT], *label;

	if (!value)
		return STATUS_OK;
	if (!order)
		return meta_value_fail("axes", value,
			"the letters of each factor's axes");
	fit->declared[r] = order;
	if (strlen(order) < ORDER_MAX) {
		strcpy(fit->order[r], order);
		if (spell_groups(fit->order[r], &fit->rules[r]))
			return STATUS_OK;
	}
	fit_describe_forms(text, &fit->rules[r], fit->now.size);
	label = text_escape(order, strnlen(order, 2 * ORDER_MAX));
	status_set(STATUS_FORMAT, "meta key \"axes\" says \"%s\" of %s; expected "
		"the letters of %s, in any order, B for a batch", label, name,
		text);
	free(label);
	return STATUS_FORMAT;
}

/* Does a leading factor have one axis more than it should? */
static bool
has_batch(const struct fit *fit, size_t r)
{
	const char *forms = fit->rules[r].forms;
	char form[ORDER_MAX];
	bool batch = false;

	if (!fit->factors[r])
		return false;
	if (fit->declared[r])
		return strchr(fit->declared[r], 'B') != NULL;
	if (!fit->rules[r].leads)
		return false;
	while (fit_next_form(form, &forms)) {
		size_t rank = (size_t)fit->factors[r]->type.rank;

		if (rank == strlen(form))
			return false;
		batch |= rank == strlen(form) + 1;
	}
	return batch;
}

static enum status
prepare(struct fit *fit)
{
	const json_t *axes = layer_meta_value(fit->layer, "axes");
	enum status code;
	size_t r;

	if (axes && !json_is_object(axes))
		return meta_value_fail("axes", axes,
			"an object: {\"la\": \"HL\"}");
	for (r = 0; fit->rules[r].name; r++) {
		fit->factors[r] = fit->layer->bindings[r].factor;
		code = read_declared(fit, r, axes);
		if (code)
			return code;
		fit->batched |= has_batch(fit, r);
	}
	return STATUS_OK;
}

/* Where each letter of the form is stored; a letter that stands twice takes
 * its axes in their order. */
static void
bind(struct binding *binding, const char *form, const char *order)
{
	char left[ORDER_MAX];
	size_t i;

	strcpy(binding->form, form);
	strcpy(left, order);
	for (i = 0; form[i]; i++) {
		char *at = strchr(left, form[i]);

		binding->axis[i] = (int)(at - left);
		*at = ' ';
	}
	binding->batch_axis = strchr(left, 'B')
		? (int)(strchr(left, 'B') - left) : -1;
}

/* Every factor with a batch axis is read at the dump's element. */
static enum status
choose_batch(struct layer *layer)
{
	size_t extent = layer->axes['B' - 'A'], element = layer->dump->batch;

	if (extent == 0)
		return STATUS_OK;
	if (element >= extent)
		return status_set(STATUS_MISSING, "there is no batch element "
			"%zu: expected 0 to %zu", element, extent - 1);
	layer->batch = element;
	for (size_t r = 0; r < LAYER_BINDINGS; r++) {
		struct binding *binding = &layer->bindings[r];

		if (binding->factor && binding->batch_axis >= 0)
			binding->batch = element;
	}
	return STATUS_OK;
}

char *
factor_fit_hint(struct layer *layer, size_t L)
{
	struct fit *fit = xcalloc(1, sizeof *fit);
	char axes[FIT_AXES], *hint = NULL;

	fit->layer = layer;
	fit->rules = layer->kind->rules;
	if (!prepare(fit) && fit_search_loose(fit, L)
		&& fit->found.size['L' - 'A'] == L
		&& fit_axes_text(axes, fit))
		hint = xstrdup(axes);
	free(fit);
	return hint;
}

enum status
factor_fit(struct layer *layer)
{
	struct fit *fit = xcalloc(1, sizeof *fit);
	enum status code;
	size_t r;

	fit->layer = layer;
	fit->rules = layer->kind->rules;
	code = prepare(fit);
	if (!code) {
		search(fit, 0);
		if (fit->count == 0)
			code = fit_fail_no_reading(fit);
		else if (fit->count == 2)
			code = fit_fail_two_readings(fit);
	}
	for (r = 0; !code && fit->rules[r].name; r++) {
		if (fit->factors[r])
			bind(&layer->bindings[r], fit->found.form[r],
				fit->found.order[r]);
	}
	if (!code) {
		memcpy(layer->axes, fit->found.size, sizeof layer->axes);
		layer->batches = size_max(layer->axes['B' - 'A'], 1);
		code = choose_batch(layer);
	}
	free(fit);
	return code;
}
