/* Layers of a dump are in the natural order of their names: two lists of them
 * are merged. */
#include "src/diff_match.h"

#include <stdlib.h>
#include <string.h>

#include "core/dump.h"
#include "core/operator.h"
#include "core/util.h"

struct match {
	struct dump *const *dumps;
	const struct selection *selection;
	target_complaint *complain;
	void *payload;
	struct target_list pairs;
};

/* What is worth knowing, and no failure. Takes the sentence. */
static void
remark(const struct match *match, char *sentence)
{
	match->complain(match->payload, false, sentence);
	free(sentence);
}

static bool
has_layer(const struct dump *dump, const char *name)
{
	for (size_t k = 0; k < dump->layer_count; k++)
		if (!strcmp(dump->layers[k].name, name))
			return true;
	return false;
}

/* A layer of dumps[side] that is not among the other's targets. Where the
 * other has it, it was said already why it is of no use. */
static void
leave_out(const struct match *match, int side, const struct layer *layer)
{
	const struct dump *other = match->dumps[!side];

	if (!has_layer(other, layer->name))
		remark(match, xasprintf(
			"%s: in %s, not in %s: left out", layer->label,
			layer->dump->label, other->label));
}

static void
compare_kinds(const struct match *match, const struct layer *a,
	const struct layer *b)
{
	if (a->kind != b->kind)
		remark(match, xasprintf(
			"%s: %s in %s, %s in %s", a->label, a->kind->name,
			a->dump->label, b->kind->name, b->dump->label));
}

/* With --channel, both have what is selected. */
static void
compare_channels(const struct match *match, const struct layer *a,
	const struct layer *b)
{
	size_t common = size_min(a->channels, b->channels);
	char *which;

	if (a->channels == b->channels || match->selection->channels.count)
		return;
	which = common == 1 ? xstrdup("is") : xasprintf("%zu are", common);
	remark(match, xasprintf(
		"%s: %zu channel%s in %s, %zu in %s: the first %s compared",
		a->label, a->channels, a->channels == 1 ? "" : "s",
		a->dump->label, b->channels, b->dump->label, which));
	free(which);
}

/* Those in both. Each is what one range selects, so that steps are the same,
 * but bounds that count from the end may fall between each other. */
static struct positions
common_positions(const struct positions *a, const struct positions *b)
{
	struct positions out = { size_max(a->first, b->first), a->step, 0 };
	size_t last = size_min(positions_at(a, a->count - 1),
		positions_at(b, b->count - 1));
	size_t apart = out.first - size_min(a->first, b->first);

	if (apart % out.step == 0 && out.first <= last)
		out.count = (last - out.first) / out.step + 1;
	return out;
}

static void
compare_positions(const struct match *match, const struct target *a,
	const struct target *b, size_t common)
{
	const char *files[2] = {
		a->layer->dump->label, b->layer->dump->label,
	};

	if (a->layer->length != b->layer->length)
		remark(match, xasprintf(
			"%s: %zu positions in %s, %zu in %s: the %zu "
			"selected in both are compared, but ESS depends on "
			"all that follow", a->layer->label, a->layer->length,
			files[0], b->layer->length, files[1], common));
	else if (a->positions.count != b->positions.count
	    || a->positions.first != b->positions.first)
		remark(match, xasprintf(
			"%s: %zu interior positions in %s, %zu in %s: "
			"the %zu in both are compared", a->layer->label,
			a->positions.count, files[0], b->positions.count,
			files[1], common));
}

static void
add_pair(struct match *match, struct target a, struct target b)
{
	struct target_list *pairs = &match->pairs;
	struct positions common = common_positions(&a.positions,
		&b.positions);

	compare_kinds(match, a.layer, b.layer);
	if (!common.count) {
		remark(match, xasprintf(
			"%s: no position is selected both in %s and in "
			"%s: left out", a.layer->label, a.layer->dump->label,
			b.layer->dump->label));
		return;
	}
	compare_channels(match, a.layer, b.layer);
	compare_positions(match, &a, &b, common.count);
	a.positions = b.positions = common;
	a.channels = b.channels = size_min(a.channels, b.channels);
	pairs->items[pairs->count++] = a;
	pairs->items[pairs->count++] = b;
}

static void
merge(struct match *match, const struct target_list lists[2])
{
	size_t at[2] = { 0, 0 };

	while (at[0] < lists[0].count || at[1] < lists[1].count) {
		const struct target *a = &lists[0].items[at[0]];
		const struct target *b = &lists[1].items[at[1]];
		int order = at[0] == lists[0].count ? 1
			: at[1] == lists[1].count ? -1
			: natural_compare(a->layer->name, b->layer->name);

		if (order < 0)
			leave_out(match, 0, a->layer);
		else if (order > 0)
			leave_out(match, 1, b->layer);
		else
			add_pair(match, *a, *b);
		at[0] += order <= 0;
		at[1] += order >= 0;
	}
}

/* The first token that differs, as far as both have any. */
static void
compare_tokens(const struct match *match)
{
	const struct dump *a = match->dumps[0], *b = match->dumps[1];
	size_t common = size_min(a->token_count, b->token_count), k = 0;

	if (!a->tokens != !b->tokens) {
		remark(match, xasprintf(
			"%s has tokens, %s has none: whether both read "
			"the same is not known", (a->tokens ? a : b)->label,
			(a->tokens ? b : a)->label));
		return;
	}
	while (a->tokens && k < common && !strcmp(a->tokens[k], b->tokens[k]))
		k++;
	if (a->tokens && k < common)
		remark(match, xasprintf(
			"token %zu is '%s' in %s, '%s' in %s: both read "
			"different texts", k, a->tokens[k], a->label,
			b->tokens[k], b->label));
}

struct target_list
diff_match(struct dump *const dumps[2], const struct selection *selection,
	target_complaint *complain, void *payload)
{
	struct target_list lists[2];
	struct match match = {
		.dumps = dumps, .selection = selection,
		.complain = complain, .payload = payload,
	};

	for (int k = 0; k < 2; k++)
		lists[k] = target_select(dumps[k], selection, complain,
			payload);
	match.pairs.items = xcalloc(2 * size_min(lists[0].count,
		lists[1].count), sizeof *match.pairs.items);
	compare_tokens(&match);
	merge(&match, lists);
	free(lists[0].items);
	free(lists[1].items);
	return match.pairs;
}
