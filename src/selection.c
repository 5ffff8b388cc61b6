/*
 * Layers by name or wildcard, channels by list, positions by Python slice.
 * Nothing here is expanded: a channel list stays a list of spans and positions
 * stay an arithmetic progression, so "0-4294967295" costs no memory.
 */
#include "src/selection.h"

#include <ctype.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/dump.h"
#include "core/operator.h"
#include "core/util.h"

void
selection_done(struct selection *selection)
{
	free(selection->layers);
	free(selection->channels.spans);
}

/* Digits at *text, which moves behind them; false where there are none or
 * they do not fit. */
static bool
parse_index(size_t *out, const char **text)
{
	char *end;
	unsigned long long value;

	if (!isdigit((unsigned char)**text))
		return false;
	errno = 0;
	value = strtoull(*text, &end, 10);
	if (errno || value > (size_t)-1 - 1)
		return false;
	*out = (size_t)value;
	*text = end;
	return true;
}

/* "3" or "5-7" at *text. */
static bool
parse_span(struct span *out, const char **text)
{
	struct span span;

	if (!parse_index(&span.first, text))
		return false;
	span.last = span.first;
	if (**text == '-') {
		(*text)++;
		if (!parse_index(&span.last, text) || span.last < span.first)
			return false;
	}
	*out = span;
	return true;
}

static int
compare_spans(const void *a, const void *b)
{
	const struct span *x = a, *y = b;

	return (x->first > y->first) - (x->first < y->first);
}

/* Sorts, and joins what overlaps or touches. */
static void
normalise(struct channel_list *list)
{
	size_t used = 0;

	qsort(list->spans, list->count, sizeof *list->spans, compare_spans);
	for (size_t k = 1; k < list->count; k++) {
		struct span *last = &list->spans[used];
		const struct span *next = &list->spans[k];

		if (next->first <= last->last + 1)
			last->last = size_max(last->last, next->last);
		else
			list->spans[++used] = *next;
	}
	list->count = used + 1;
}

enum status
channel_list_parse(struct channel_list *out, const char *text)
{
	struct channel_list list = { NULL, 0 };
	const char *p = text;

	for (;;) {
		struct span span;

		if (!parse_span(&span, &p) || (*p && *p != ','))
			break;
		list.spans = xreallocarray(list.spans, list.count + 1,
			sizeof *list.spans);
		list.spans[list.count++] = span;
		if (!*p++) {
			normalise(&list);
			*out = list;
			return STATUS_OK;
		}
	}
	free(list.spans);
	return status_set(STATUS_USAGE, "--channel '%s': expected numbers and "
		"ranges, 0-based, as in 0,3,5-7", text);
}

/* An integer at *text, if there is one; a value that does not fit becomes the
 * nearest that does, as Python clamps slices. */
static bool
parse_integer(long long *out, const char **text)
{
	const char *digits = *text + (**text == '-' || **text == '+');
	char *end;

	if (!isdigit((unsigned char)*digits))
		return false;
	*out = strtoll(*text, &end, 10);
	*text = end;
	return true;
}

/* What follows the first colon: "", "STOP", "STOP:", "STOP:STEP". */
static bool
parse_slice_rest(struct position_range *range, const char *p)
{
	range->has_stop = parse_integer(&range->stop, &p);
	if (*p == ':') {
		p++;
		if (parse_integer(&range->step, &p) && range->step < 1)
			return false;
	}
	return !*p;
}

enum status
position_range_parse(struct position_range *out, const char *text)
{
	struct position_range range = { .typed = text, .step = 1 };
	const char *p = text;

	range.has_start = parse_integer(&range.start, &p);
	range.single = range.has_start && !*p;
	if (!range.single && (*p != ':' || !parse_slice_rest(&range, p + 1)))
		return status_set(STATUS_USAGE, "--position '%s': expected a "
			"number or a slice START:STOP:STEP, STEP at least 1",
			text);
	*out = range;
	return STATUS_OK;
}

size_t
channel_list_size(const struct channel_list *list, size_t channels)
{
	size_t size = 0;

	if (!list->count)
		return channels;
	for (size_t k = 0; k < list->count; k++) {
		const struct span *span = &list->spans[k];

		if (span->first < channels)
			size += size_min(span->last + 1, channels)
				- span->first;
	}
	return size;
}

size_t
channel_list_next(const struct channel_list *list, size_t from,
	size_t channels)
{
	if (!list->count)
		return size_min(from, channels);
	for (size_t k = 0; k < list->count; k++) {
		if (list->spans[k].last >= from)
			return size_min(size_max(list->spans[k].first, from),
				channels);
	}
	return channels;
}

/* The first few layer names, for a sentence. */
static void
few_names(char *out, size_t size, const struct dump *dump)
{
	enum { FEW = 4 };
	size_t used = 0, shown = size_min(dump->layer_count, FEW);

	out[0] = '\0';
	for (size_t k = 0; k < shown && used < size; k++)
		used += (size_t)snprintf(out + used, size - used, "%s%.60s",
			k ? ", " : "", dump->layers[k].label);
	if (dump->layer_count > shown && used < size)
		snprintf(out + used, size - used, " and %zu more",
			dump->layer_count - shown);
}

static bool
match_layers(bool *chosen, const char *pattern, const struct dump *dump)
{
	bool found = false;

	for (size_t k = 0; k < dump->layer_count; k++) {
		if (!strcmp(dump->layers[k].name, pattern))
			return chosen[k] = true;
	}
	for (size_t k = 0; k < dump->layer_count; k++) {
		if (!fnmatch(pattern, dump->layers[k].name, 0))
			chosen[k] = found = true;
	}
	return found;
}

enum status
selection_layers(bool *chosen, const struct selection *selection,
	const struct dump *dump)
{
	char names[400];

	if (!dump->layer_count)
		return status_set(STATUS_MISSING, "it holds no layer");
	for (size_t k = 0; k < dump->layer_count; k++)
		chosen[k] = !selection->layer_count;
	for (size_t k = 0; k < selection->layer_count; k++) {
		const char *pattern = selection->layers[k];

		if (match_layers(chosen, pattern, dump))
			continue;
		few_names(names, sizeof names, dump);
		return status_set(STATUS_MISSING, "no layer matches '%s'; "
			"there is %s", pattern, names);
	}
	return STATUS_OK;
}

enum status
selection_channels(const struct selection *selection,
	const struct layer *layer)
{
	const struct channel_list *list = &selection->channels;
	const struct span *last;
	size_t wrong;

	if (!list->count)
		return STATUS_OK;
	last = &list->spans[list->count - 1];
	if (last->last < layer->channels)
		return STATUS_OK;
	wrong = size_max(last->first, layer->channels);
	return status_set(STATUS_MISSING, "channel %zu is not there; it has "
		"%zu channel%s, 0 to %zu", wrong, layer->channels,
		layer->channels == 1 ? "" : "s", layer->channels - 1);
}

/* A slice bound as Python reads it: from the end where negative, clamped. */
static size_t
slice_bound(long long bound, size_t length)
{
	if (bound < 0) {
		size_t back = (size_t)-(unsigned long long)bound;

		return back > length ? 0 : length - back;
	}
	return size_min((size_t)bound, length);
}

/* The range within 0..L-1, with 0 dropped: its H is empty. */
static struct positions
range_positions(const struct position_range *range, size_t length)
{
	struct positions out = { 1, 1, length - 1 };
	size_t stop = length;

	if (!range->typed)
		return out;
	out.first = range->has_start ? slice_bound(range->start, length) : 0;
	out.step = (size_t)range->step;
	if (range->has_stop)
		stop = slice_bound(range->stop, length);
	if (!out.first)
		out.first = out.step;
	out.count = out.first < stop
		? (stop - out.first - 1) / out.step + 1 : 0;
	return out;
}

/* Interior positions are contiguous: their part of a progression is one. */
static struct positions
interior_positions(struct positions all, const struct layer *layer)
{
	struct positions out = { all.first, all.step, 0 };

	for (size_t k = 0; k < all.count; k++) {
		size_t i = positions_at(&all, k);

		if (!layer_interior(layer, i))
			continue;
		if (!out.count)
			out.first = i;
		out.count++;
	}
	return out;
}

enum status
selection_positions(struct positions *out, const struct selection *selection,
	const struct layer *layer)
{
	const struct position_range *range = &selection->range;
	struct positions positions = { 0, 1, 1 };

	if (range->typed && range->single) {
		if (range->start < 1 || (unsigned long long)range->start
		    >= layer->length)
			return status_set(STATUS_MISSING, "position %s is out "
				"of range; positions are 1 to %zu",
				range->typed, layer->length - 1);
		positions.first = (size_t)range->start;
	} else {
		positions = range_positions(range, layer->length);
		if (!positions.count)
			return status_set(STATUS_MISSING, "--position %s "
				"selects nothing of 1 to %zu", range->typed,
				layer->length - 1);
	}
	*out = selection->interior ? interior_positions(positions, layer)
		: positions;
	return STATUS_OK;
}
