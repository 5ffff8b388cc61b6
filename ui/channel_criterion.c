#include "ui/channel_criterion.h"

#include <stdlib.h>
#include <string.h>

#include "core/util.h"
#include "ui/action.h"
#include "ui/caption.h"
#include "ui/measure_table.h"
#include "ui/model.h"
#include "ui/slider.h"

const char *const channel_sort_names[CHANNEL_SORTS] = {
	[CHANNELS_BY_NUMBER] = "number", [CHANNELS_BY_VALUE] = "value",
	[CHANNELS_BY_MEAN] = "mean", [CHANNELS_BY_LIKENESS] = "cluster",
};

struct channel_criterion
channel_criterion_now(const struct model *model, enum channel_sort sort)
{
	return (struct channel_criterion){ sort, model->position,
		model->measure, model->tolerance };
}

bool
channel_criterion_equal(const struct channel_criterion *a,
	const struct channel_criterion *b)
{
	if (a->sort != b->sort || a->sort == CHANNELS_BY_NUMBER)
		return a->sort == b->sort;
	return (a->sort != CHANNELS_BY_VALUE || a->position == b->position)
		&& a->measure == b->measure
		&& (!a->measure->tolerated
		|| tolerance_equal(a->tolerance, b->tolerance));
}

char *
channel_criterion_text(const struct model *model,
	const struct channel_criterion *by, bool now)
{
	struct channel_criterion present = channel_criterion_now(model,
		by->sort);
	const char *sort = channel_sort_names[by->sort];
	char number[CAPTION_NUMBER], *at, *text;

	if (by->sort == CHANNELS_BY_NUMBER
	    || (now && channel_criterion_equal(by, &present)))
		return xstrdup(sort);
	at = by->sort == CHANNELS_BY_VALUE ? xasprintf(" at %zu", by->position)
		: xstrdup("");
	text = xasprintf("%s%s of %s %s %s", sort, at, by->measure->name,
		by->tolerance.kind == TOLERANCE_RELATIVE ? "rel" : "abs",
		caption_number(number, by->tolerance.value));
	free(at);
	return text;
}

static enum status
read_position(struct channel_criterion *by, const char *word)
{
	long n;
	enum status status = action_number(&n, word, 0);

	if (status == STATUS_OK)
		by->position = size_max((size_t)n, 1);
	return status;
}

static enum status
read_measure(struct channel_criterion *by, const char *word)
{
	const struct measure_kind *measure = measure_kind_find(word);

	if (!measure)
		return status_set(STATUS_USAGE, "no measure \"%s\"", word);
	by->measure = measure;
	return STATUS_OK;
}

static enum status
read_relative(struct channel_criterion *by, const char *word)
{
	by->tolerance.kind = TOLERANCE_RELATIVE;
	return slider_parse(&by->tolerance, word, by->tolerance);
}

static enum status
read_absolute(struct channel_criterion *by, const char *word)
{
	by->tolerance.kind = TOLERANCE_ABSOLUTE;
	return slider_parse(&by->tolerance, word, by->tolerance);
}

static const struct part {
	const char *name;
	enum status (*read)(struct channel_criterion *by, const char *word);
} parts[] = {
	{ "at", read_position }, { "of", read_measure },
	{ "rel", read_relative }, { "abs", read_absolute },
};

static enum status
read_part(struct channel_criterion *by, const char *name, const char *word)
{
	for (size_t k = 0; k < LENGTH(parts); k++)
		if (word && !strcmp(parts[k].name, name))
			return parts[k].read(by, word);
	return status_set(STATUS_USAGE, "behind an order stands what it goes "
		"by: at I, of MEASURE, rel X, abs X; not \"%s\"", name);
}

enum status
channel_criterion_read(struct channel_criterion *out, const char *text)
{
	struct channel_criterion by = *out;
	char *copy = xstrdup(text), *save = NULL;
	enum status status = STATUS_OK;

	for (char *name = strtok_r(copy, " ", &save); name && !status;
		name = strtok_r(NULL, " ", &save))
		status = read_part(&by, name, strtok_r(NULL, " ", &save));
	free(copy);
	if (status == STATUS_OK)
		*out = by;
	return status;
}
