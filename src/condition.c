/* Quantities and verbs are a table each; so are the sentences they make. */
#include "src/condition.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/dump.h"
#include "core/util.h"
#include "src/group.h"

struct condition_quantity {
	const char *name, *other;       /* as typed; other: or NULL */
	const char *shown;
	bool judged;                    /* of channels that can be judged */
	double (*of)(const struct group *group);
};

struct condition_verb {
	const char *name;
	const char *shown;
	double (*of)(double a, double b);
};

static double
ess(const struct group *group)
{
	return summary_mean(&group->measures[1].means);
}

static double
entropy(const struct group *group)
{
	return summary_mean(&group->measures[0].means);
}

static double
saturated(const struct group *group)
{
	return (double)group->saturated;
}

static double
collapsed(const struct group *group)
{
	return (double)group->collapsed;
}

static const struct condition_quantity quantities[] = {
	{ "ess", "mean_ess", "ess", false, ess },
	{ "entropy", "mean_entropy", "entropy-ess", false, entropy },
	{ "saturated", NULL, "saturated channels", true, saturated },
	{ "collapsed", NULL, "collapsed channels", true, collapsed },
};

static double
drop(double a, double b)
{
	return a - b;
}

static double
rise(double a, double b)
{
	return b - a;
}

static double
change(double a, double b)
{
	return fabs(a - b);
}

static const struct condition_verb verbs[] = {
	{ "drop", "dropped by", drop },
	{ "rise", "rose by", rise },
	{ "change", "changed by", change },
};

static void
skip_blanks(const char **text)
{
	while (isspace((unsigned char)**text))
		(*text)++;
}

/* How long the part at text is that a sentence can quote. */
static int
part(const char *text)
{
	size_t n = strcspn(text, " \t<>=");

	return (int)(n ? n : strcspn(text, " \t"));
}

static enum status
refuse(const char *typed, const char *at, const char *expected)
{
	if (!*at)
		return status_set(STATUS_USAGE, "--fail-if '%s': ends where "
			"%s was expected, as in 'ess drop > 10%%'", typed,
			expected);
	return status_set(STATUS_USAGE, "--fail-if '%s': '%.*s' where %s was "
		"expected, as in 'ess drop > 10%%'", typed, part(at), at,
		expected);
}

/* Is this word at *text? Then that moves behind it, and behind blanks. */
static bool
take_word(const char **text, const char *word)
{
	size_t n = word ? strlen(word) : 0;

	if (!n || strncmp(*text, word, n)
	    || isalnum((unsigned char)(*text)[n]) || (*text)[n] == '_')
		return false;
	*text += n;
	skip_blanks(text);
	return true;
}

static const struct condition_quantity *
take_quantity(const char **text)
{
	for (size_t k = 0; k < LENGTH(quantities); k++)
		if (take_word(text, quantities[k].name)
		    || take_word(text, quantities[k].other))
			return &quantities[k];
	return NULL;
}

static const struct condition_verb *
take_verb(const char **text)
{
	for (size_t k = 0; k < LENGTH(verbs); k++)
		if (take_word(text, verbs[k].name))
			return &verbs[k];
	return NULL;
}

/* LC_NUMERIC is "C". */
static bool
take_number(double *out, const char **text)
{
	char *end;

	if (!isdigit((unsigned char)**text) && **text != '.')
		return false;
	*out = strtod(*text, &end);
	if (end == *text || !isfinite(*out))
		return false;
	*text = end;
	skip_blanks(text);
	return true;
}

enum status
condition_parse(struct condition *out, const char *text)
{
	struct condition condition = { .typed = text };
	const char *p = text;

	skip_blanks(&p);
	condition.quantity = take_quantity(&p);
	if (!condition.quantity)
		return refuse(text, p, "ess, entropy, saturated or collapsed");
	condition.verb = take_verb(&p);
	if (!condition.verb)
		return refuse(text, p, "drop, rise or change");
	if (*p != '>')
		return refuse(text, p, "> or >=");
	condition.or_equal = *++p == '=';
	p += condition.or_equal;
	skip_blanks(&p);
	if (!take_number(&condition.limit, &p))
		return refuse(text, p, "a number, at least 0");
	condition.percent = *p == '%';
	p += condition.percent;
	skip_blanks(&p);
	if (*p)
		return refuse(text, p, condition.percent ? "the end"
			: "% or the end");
	*out = condition;
	return STATUS_OK;
}

/* In few digits, but not so few that two numbers that differ look the same. */
enum { NUMBER_TEXT = 32 };

static void
write_number(char out[NUMBER_TEXT], double value, double other)
{
	char beside[NUMBER_TEXT];

	for (int digits = 4; digits <= 17; digits++) {
		snprintf(out, NUMBER_TEXT, "%.*g", digits, value);
		snprintf(beside, NUMBER_TEXT, "%.*g", digits, other);
		if (value == other || strcmp(out, beside))
			return;
	}
}

static char *
sentence(const struct condition *condition, const struct layer *layer,
	double a, double b)
{
	double moved = condition->verb->of(a, b);
	const char *unit = condition->percent ? " %" : "";
	bool share = condition->percent && a > 0;       /* of something */
	char amount[NUMBER_TEXT], limit[NUMBER_TEXT];
	char from[NUMBER_TEXT], to[NUMBER_TEXT];

	if (share)
		moved *= 100 / a;
	write_number(amount, moved, condition->limit);
	write_number(limit, condition->limit, moved);
	write_number(from, a, b);
	write_number(to, b, a);
	return xasprintf("%s: %s %s %s%s (%s to %s), %s%s%s%s", layer->label,
		condition->quantity->shown, condition->verb->shown, amount,
		share ? " %" : "", from, to,
		condition->or_equal ? "and " : "more than the ", limit, unit,
		condition->or_equal ? " or more fails" : " allowed");
}

char *
condition_judge(const struct condition *condition, const struct layer *layer,
	const struct group *a, const struct group *b)
{
	const struct condition_quantity *quantity = condition->quantity;
	double before = quantity->of(a), after = quantity->of(b);
	double moved = condition->verb->of(before, after);
	double limit = condition->limit;

	if (quantity->judged && !(a->judged && b->judged))
		return xasprintf("%s: no interior position is selected: "
			"whether '%s' nobody can tell", layer->label,
			condition->typed);
	if (condition->percent)
		limit = limit * before / 100;
	if (condition->or_equal ? moved >= limit : moved > limit)
		return sentence(condition, layer, before, after);
	return NULL;
}
