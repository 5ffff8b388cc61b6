/*
 * Sentences on factors that can be read in no way, or in two: what was found,
 * what was expected, and the key of meta that settles it.
 */
#include <stdio.h>
#include <string.h>

#include "core/factor_fit_parts.h"
#include "core/util.h"

/* "(H,L,N)" */
static void
append_form(char out[FIT_TEXT], const char *form)
{
	size_t used = strlen(out), i;

	used += (size_t)snprintf(out + used, FIT_TEXT - used, "(");
	for (i = 0; form[i]; i++)
		used += (size_t)snprintf(out + used, FIT_TEXT - used, "%s%c",
			i ? "," : "", form[i]);
	snprintf(out + used, FIT_TEXT - used, ")");
}

void
fit_describe_forms(char out[FIT_TEXT], const struct factor_rule *rule,
	const size_t size[AXIS_LETTERS])
{
	const char *forms = rule->forms, *p, *with = " with ";
	char form[ORDER_MAX];
	bool first = true;
	size_t used;

	out[0] = '\0';
	while (fit_next_form(form, &forms)) {
		if (!first)
			strcat(out, forms ? ", " : " or ");
		first = false;
		append_form(out, form);
	}
	for (p = rule->forms; *p; p++) {
		if (*p == '|' || size[*p - 'A'] == 0
			|| memchr(rule->forms, *p, (size_t)(p - rule->forms)))
			continue;
		used = strlen(out);
		snprintf(out + used, FIT_TEXT - used, "%s%c=%zu", with, *p,
			size[*p - 'A']);
		with = " ";
	}
}

bool
fit_axes_text(char out[FIT_AXES], const struct fit *fit)
{
	const char *mark = "";
	size_t used, r;

	snprintf(out, FIT_AXES, "\"axes\": {");
	for (r = 0; fit->rules[r].name; r++) {
		const char *order = fit->found.order[r];

		if (!fit->factors[r] || !strcmp(order + (*order == 'B'),
			fit->found.form[r]))
			continue;
		used = strlen(out);
		snprintf(out + used, FIT_AXES - used, "%s\"%s\": \"%s\"", mark,
			fit->rules[r].name, order);
		mark = ", ";
	}
	used = strlen(out);
	snprintf(out + used, FIT_AXES - used, "}");
	return *mark;
}

/* What else there is to say where no form fits: the batch that was looked for,
 * the kind if it was a guess, and how the factors might have been stored. */
static void
advise(char *out, size_t room, struct fit *fit, const struct factor_rule *rule)
{
	size_t batch = fit->deepest_size['B' - 'A'];
	char axes[FIT_AXES];
	size_t used = 0;

	out[0] = '\0';
	if (!*rule->forms)
		used += (size_t)snprintf(out, room, ": store a 0-d array, or "
			"put it into meta");
	else if (fit->batched && batch)
		used += (size_t)snprintf(out, room, ", perhaps after a batch "
			"axis of %zu", batch);
	else if (fit->batched)
		used += (size_t)snprintf(out, room, ", perhaps after a batch "
			"axis");
	if (fit_search_loose(fit, 0) && fit_axes_text(axes, fit))
		used += (size_t)snprintf(out + used, room - used, "; if L is "
			"stored first, say so in the layer's meta: %s", axes);
	if (fit->layer->assumed)
		snprintf(out + used, room - used, " (kind %s was assumed; meta "
			"key \"kind\" declares it)", fit->layer->kind->name);
}

enum status
fit_fail_no_reading(struct fit *fit)
{
	const struct factor_rule *rule = &fit->rules[fit->deepest];
	const struct factor *factor = fit->factors[fit->deepest];
	const char *declared = fit->declared[fit->deepest];
	char type[TENSOR_TYPE_TEXT], forms[FIT_TEXT];
	char advice[FIT_AXES + 2 * FIT_TEXT];

	fit_describe_forms(forms, rule, fit->deepest_size);
	advise(advice, sizeof advice, fit, rule);
	tensor_type_text(type, &factor->type);
	if (declared)
		return status_set(STATUS_FORMAT, "%s is %s, which does not fit "
			"its axes \"%s\" in meta; expected %s", rule->name,
			type, declared, forms);
	return status_set(STATUS_FORMAT, "%s is %s; expected %s%s", rule->name,
		type, forms, advice);
}

enum status
fit_fail_two_readings(const struct fit *fit)
{
	char type[TENSOR_TYPE_TEXT], one[FIT_TEXT] = "", two[FIT_TEXT] = "";
	size_t r = 0;

	while (!fit->factors[r]
		|| strcmp(fit->found.order[r], fit->other.order[r]) == 0)
		r++;
	append_form(one, fit->found.order[r]);
	append_form(two, fit->other.order[r]);
	return status_set(STATUS_FORMAT, "%s is %s, which may be %s or %s; say "
		"which in the layer's meta: \"axes\": {\"%s\": \"%s\"}",
		fit->rules[r].name,
		tensor_type_text(type, &fit->factors[r]->type), one, two,
		fit->rules[r].name, fit->found.order[r]);
}
