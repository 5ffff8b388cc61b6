/*
 * Another element of a batch is another dump over the same files: what has
 * been computed for one stays while another is looked at. Members are read
 * once, for their cache is shared.
 */
#include <stdlib.h>
#include <string.h>

#include "core/dump_parts.h"
#include "core/member_cache.h"
#include "core/util.h"

static enum status
copy_layer(struct layer *out, struct dump *dump, const struct layer *from)
{
	void *factors;
	enum status code = util_alloc(&factors, from->factor_count,
		sizeof *out->factors, "factors");

	if (code)
		return code;
	*out = (struct layer){
		.dump = dump,
		.serial = layer_next_serial(),
		.name = xstrdup(from->name),
		.label = xstrdup(from->label),
		.factors = factors,
		.factor_count = from->factor_count,
		.meta = from->meta,
	};
	for (size_t k = 0; k < from->factor_count; k++)
		out->factors[k] = (struct factor){
			.name = xstrdup(from->factors[k].name),
			.store = from->factors[k].store,
			.member = from->factors[k].member,
		};
	return STATUS_OK;
}

static enum status
copy_layers(struct dump *dump, const struct dump *from)
{
	void *layers;
	enum status code = util_alloc(&layers, from->layer_count,
		sizeof *dump->layers, "layers");

	if (code)
		return code;
	dump->layers = layers;
	while (!code && dump->layer_count < from->layer_count) {
		code = copy_layer(&dump->layers[dump->layer_count], dump,
			&from->layers[dump->layer_count]);
		dump->layer_count += code == STATUS_OK;
	}
	return code;
}

static void
copy_lines(char ***lines, size_t *count, char *const *from, size_t n)
{
	for (size_t k = 0; k < n; k++)
		lines_add(lines, count, xstrdup(from[k]));
}

enum status
dump_batch(struct dump **out, struct dump *dump, size_t element)
{
	struct dump *origin = dump->origin ? dump->origin : dump;
	struct dump *copy = xcalloc(1, sizeof *copy);
	enum status code;

	origin->references++;
	copy->references = 1;
	copy->origin = origin;
	copy->batch = element;
	copy->path = xstrdup(origin->path);
	copy->label = xstrdup(origin->label);
	copy->stores = origin->stores;
	copy->store_count = origin->store_count;
	copy->meta = json_incref(origin->meta);
	copy->model = origin->model ? xstrdup(origin->model) : NULL;
	copy->cache = member_cache_ref(origin->cache);
	copy_lines(&copy->extras, &copy->extra_count, origin->extras,
		origin->extra_count);
	copy_lines(&copy->notes, &copy->note_count, origin->notes,
		origin->note_count);
	code = copy_layers(copy, origin);
	if (!code)
		code = dump_tokens_read(copy);
	if (code) {
		dump_close(copy);
		return code;
	}
	*out = copy;
	return STATUS_OK;
}

/* Has any layer such an axis? What cannot be used may have had one. */
static bool
may_have_batch(struct dump *dump)
{
	for (size_t k = 0; k < dump->layer_count; k++) {
		struct layer *layer = &dump->layers[k];

		if (layer_resolve(layer) || layer->axes['B' - 'A'])
			return true;
	}
	return false;
}

enum status
dump_list_batch(struct dump_list *list, size_t element)
{
	for (size_t d = 0; element && d < list->count; d++) {
		struct dump *copy;
		enum status code = dump_batch(&copy, list->dumps[d], element);

		if (code)
			return code;
		if (!may_have_batch(copy)) {
			code = status_set(STATUS_MISSING, "%s: there is no "
				"batch element %zu: no layer has a batch axis",
				copy->label, element);
			dump_close(copy);
			return code;
		}
		dump_close(list->dumps[d]);
		list->dumps[d] = copy;
	}
	return STATUS_OK;
}
