/*
 * For test_dump.py and test_dump_meta.py: what a dump was understood to be, a
 * line each, fields between tabs; layers are resolved. A failure is its
 * sentence.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/dump.h"
#include "core/operator.h"

static void
show_binding(const struct layer *layer, const struct binding *binding)
{
	struct tensor *tensor;
	struct slice slice;
	int i;

	printf("\t%s:%s", binding->factor->name, binding->form);
	for (i = 0; binding->form[i]; i++)
		printf("%s%d", i ? "," : ":", binding->axis[i]);
	if (binding->batch_axis >= 0)
		printf(":B%d", binding->batch_axis);
	if (factor_load(&tensor, layer, binding->factor)) {
		printf(":%s", status_text());
		return;
	}
	slice = slice_part(binding_slice(binding, tensor), PART_REAL);
	while (slice.rank > 1)
		slice = slice_at(slice, slice.shape[0] - 1);
	if (slice.rank == 1)
		printf(":%g", slice_get(&slice, slice.shape[0] - 1));
	tensor_unref(tensor);
}

static void
show_layer(struct layer *layer)
{
	size_t i;

	if (layer_resolve(layer)) {
		printf("error\t%s\t%s\n", layer->label, layer->error);
		return;
	}
	printf("layer\t%s\t%s%s\tL=%zu\tchannels=%zu\tbatches=%zu\twidth=%g\t"
		"tss=%zu", layer->label, layer->kind->name,
		layer->assumed ? " assumed" : "", layer->length,
		layer->channels, layer->batches, layer->width,
		layer_tss(layer, layer->length / 2));
	for (i = 0; layer->kind->rules[i].name; i++) {
		if (layer->bindings[i].factor)
			show_binding(layer, &layer->bindings[i]);
	}
	printf("%s%s\n", layer->title ? "\ttitle=" : "",
		layer->title ? layer->title : "");
	for (i = 0; i < layer->note_count; i++)
		printf("note\t%s\t%s\n", layer->label, layer->notes[i]);
	if (layer_token(layer, 0))
		printf("tokens\t%s\t%s .. %s\n", layer->label,
			layer_token(layer, 0),
			layer_token(layer, layer->length - 1));
}

static void
show(const struct dump *dump)
{
	size_t i;

	printf("dump\t%s\t%s\t%zu tokens\n", dump->label,
		dump->model ? dump->model : "", dump->token_count);
	for (i = 0; i < dump->extra_count; i++)
		printf("extra\t%s\n", dump->extras[i]);
	for (i = 0; i < dump->note_count; i++)
		printf("remark\t%s\n", dump->notes[i]);
	for (i = 0; i < dump->layer_count; i++)
		show_layer(&dump->layers[i]);
}

int
main(int argc, char **argv)
{
	struct dump_list list;
	size_t i;

	if (argc != 2)
		return 2;
	if (dump_open(&list, argv[1], 1 << 20)) {
		printf("%s\n", status_text());
		return 1;
	}
	for (i = 0; i < list.count; i++)
		show(list.dumps[i]);
	dump_list_close(&list);
	return 0;
}
