/*
 * Blocks of spectra: two allocations a block, so that a recount over many
 * cells walks memory in order.
 */
#include "core/spectrum.h"

#include <math.h>
#include <stdlib.h>

#include "core/measure.h"
#include "core/util.h"

const char *
method_name(enum method method)
{
	static const char *const names[] = {
#define METHOD_NAME(name, text, help) text,
		METHOD_INFO(METHOD_NAME)
#undef METHOD_NAME
	};

	return names[method];
}

enum status
spectra_new(struct spectra **out, size_t count, size_t total_values)
{
	struct spectra *spectra = xcalloc(1, sizeof *spectra);
	void *items = NULL, *values = NULL;
	enum status status;

	status = util_alloc(&items, count, sizeof *spectra->items, "spectra");
	if (status != STATUS_OK)
		goto out;
	status = util_alloc(&values, total_values, sizeof *spectra->values,
		"singular values");
	if (status != STATUS_OK)
		goto out;
	spectra->items = items;
	spectra->values = values;
	*out = spectra;
	return STATUS_OK;
out:
	free(items);
	free(spectra);
	return status;
}

void
spectra_free(struct spectra *spectra)
{
	if (!spectra)
		return;
	free(spectra->items);
	free(spectra->values);
	free(spectra);
}

/* The p_k = s_k / sum(s) of the listed values and the true ones, a tail among
 * them, are no further apart than x = (errors + tail) / sum, in the sense that
 * one is (1 - x) parts the other and x parts something else. Entropy being
 * concave and at most ln N, theirs differ by at most x ln N - x ln x + x
 * (Fannes 1973; the last two terms bound the entropy of the mixing). */
static double
entropy_bound(const struct spectrum *s)
{
	double order = (double)(s->count + s->unlisted);
	double x = (2 * (double)s->count * s->error + s->tail) / s->sum;

	if (!(s->sum > 0))
		return s->tail > 0 ? order : 0;
	if (!(x < 0.3))
		return order;
	if (x <= 0)
		return 0;
	return s->entropy * expm1(x * (log(order) + 1 - log(x)));
}

enum status
spectrum_finish(struct spectrum *spectrum)
{
	spectrum->sum = 0;
	/* From the smallest: the tail is not lost beside the head. */
	for (size_t k = spectrum->count; k-- > 0;)
		spectrum->sum += spectrum->values[k];
	spectrum->entropy = ess_entropy(spectrum->values, spectrum->count);
	spectrum->entropy_error = entropy_bound(spectrum);
	if (isfinite(spectrum->sum))
		return STATUS_OK;
	return status_set(STATUS_VALUE, "T overflows: singular values of H_%zu "
		"add up to more than 1.8e308", spectrum->position);
}
