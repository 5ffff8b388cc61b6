#include "core/hankel.h"

#include <assert.h>
#include <string.h>

#include "core/linalg.h"
#include "core/util.h"

/* Does a band leave H_i so small at every position that neighbours, which
 * share nothing of it, are better taken one by one? Blocks cost a third of
 * those in the middle on average. */
static bool
is_narrow(const struct layer *layer)
{
	size_t L = layer->length;

	return hankel_direct_cost(layer->band, layer->band)
		< hankel_block_cost(L, L / 2, false) / 3;
}

/* A complex T only LAPACK looks at. */
enum method
hankel_method(const struct layer *layer)
{
	if (layer->kind->step)
		return METHOD_STATE;
	if (layer_is_complex(layer) || layer->length < 64
		|| (layer->band && is_narrow(layer)))
		return METHOD_DIRECT;
	return METHOD_BLOCK;
}

void
hankel_block(const struct layer *layer, size_t i, size_t *rows,
	size_t *columns)
{
	*rows = layer->length - i;
	*columns = i;
	if (layer->band) {
		*rows = size_min(*rows, layer->band - 1);
		*columns = size_min(*columns, layer->band - 1);
	}
}

size_t
hankel_order(const struct layer *layer, size_t i)
{
	size_t order = size_min(i, layer->length - i);

	if (hankel_method(layer) == METHOD_STATE)
		order = size_min(order, layer_state(layer));
	return order;
}

size_t
hankel_count(const struct layer *layer, size_t i)
{
	size_t order = hankel_order(layer, i);

	if (layer->band)
		order = size_min(order, layer->band - 1);
	return size_max(order, 1);
}

/* T has rows of real numbers, and they are what it is made of. */
static bool
layer_has_rows(const struct layer *layer)
{
	return !layer->kind->step && !layer_is_complex(layer);
}

static bool
has_states(const struct operator *op)
{
	return op->kind->step != NULL;
}

/* Fewer positions than these, or a band, are small matrices anyway. */
enum { SLIDING_LENGTH_MIN = 128, SLIDING_BANDS = 4 };

static bool
layer_may_slide(const struct layer *layer)
{
	return layer_has_rows(layer) && layer->length >= SLIDING_LENGTH_MIN
		&& (!layer->band
		|| layer->band >= layer->length / SLIDING_BANDS);
}

static bool
may_slide(const struct operator *op)
{
	return layer_may_slide(op->layer);
}

bool
hankel_tries(const struct layer *layer, int choice)
{
	return (choice == CHOICE_AUTO && layer_may_slide(layer))
		|| (choice == CHOICE_ONLY + METHOD_SLIDING
		&& layer_has_rows(layer));
}

static bool
has_rows(const struct operator *op)
{
	return layer_has_rows(op->layer);
}

static bool
any(const struct operator *op)
{
	(void)op;
	return true;
}

static bool
is_blocked(const struct operator *op)
{
	return hankel_method(op->layer) == METHOD_BLOCK;
}

/* In the order in which they are preferred. */
static const struct {
	enum method method;
	bool exact;             /* to 1e-9 s1, in every value */
	/* Is it the one to take, and can it be taken at all? */
	bool (*pays)(const struct operator *op);
	bool (*serves)(const struct operator *op);
	enum status (*run)(struct workspace *work,
		const struct hankel_request *request, struct hankel_sink sink);
} methods[] = {
	{ METHOD_STATE, true, has_states, has_states, hankel_state },
	{ METHOD_SLIDING, false, may_slide, has_rows, hankel_sliding },
	{ METHOD_BLOCK, true, is_blocked, is_blocked, hankel_block_each },
	{ METHOD_DIRECT, true, any, any, hankel_direct },
};

bool
method_choice_parse(int *out, const char *text)
{
	if (!strcmp(text, "auto")) {
		*out = CHOICE_AUTO;
		return true;
	}
	for (size_t k = 0; k < LENGTH(methods); k++) {
		if (strcmp(text, method_name(methods[k].method)))
			continue;
		*out = CHOICE_ONLY + (int)methods[k].method;
		return true;
	}
	return false;
}

enum status
hankel_each(struct workspace *work, const struct hankel_request *request,
	struct hankel_sink sink)
{
	const struct operator *op = request->op;
	int choice = request->choice;

	for (size_t k = 0; k < LENGTH(methods); k++) {
		if (choice >= CHOICE_ONLY
			? choice - CHOICE_ONLY != (int)methods[k].method
			: !methods[k].pays(op)
			|| (choice == CHOICE_EXACT && !methods[k].exact))
			continue;
		if (methods[k].serves(op)) {
			enum status status;

			workspace_heed(work, request->cancel);
			status = methods[k].run(work, request, sink);
			workspace_heed(work, NULL);
			return status;
		}
		return status_set(STATUS_VALUE, "the %s method does not "
			"serve %s operators of %zu positions%s",
			method_name(methods[k].method), op->kind->name,
			op->length, op->is_complex ? " with complex T" : "");
	}
	return status_set(STATUS_VALUE, "no method serves the kind %s",
		op->kind->name);
}

struct collector {
	struct spectra *block;
	size_t used, room;      /* values */
};

static void
collect(void *payload, const struct spectrum *spectrum)
{
	struct collector *to = payload;
	struct spectrum *item = &to->block->items[to->block->count++];
	double *values = to->block->values + to->used;

	assert(spectrum->count <= to->room - to->used);
	memcpy(values, spectrum->values, spectrum->count * sizeof *values);
	*item = *spectrum;
	item->values = values;
	to->used += spectrum->count;
}

enum status
hankel_spectra(struct spectra **out, struct workspace *work,
	const struct hankel_request *request)
{
	struct collector to = { NULL, 0, 0 };
	size_t total = 0;
	enum status status;

	for (size_t k = 0; k < request->count; k++)
		total += hankel_count(request->op->layer,
			request->positions[k]);
	to.room = total;
	status = spectra_new(&to.block, request->count, total);
	if (status != STATUS_OK)
		return status;
	status = hankel_each(work, request,
		(struct hankel_sink){ collect, &to, NULL });
	if (status == STATUS_CANCELLED && to.block->count)
		status = STATUS_OK;
	if (status == STATUS_OK)
		*out = to.block;
	else
		spectra_free(to.block);
	return status;
}

size_t
hankel_run_end(const struct layer *layer, size_t i)
{
	return hankel_method(layer) == METHOD_BLOCK
		? hankel_block_end(layer->length, i) : i + 1;
}
