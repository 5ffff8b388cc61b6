/*
 * What meta says and nothing reads: keys that no kind knows, layers and
 * factors that are not there. A slip of the pen loses a scale silently, so each
 * is a note.
 */
#include <stdlib.h>
#include <string.h>

#include "core/dump_parts.h"
#include "core/operator.h"
#include "core/text.h"
#include "core/util.h"

/* Keys that layers of every kind may have. */
static const char *const common_keys[] = {
	"kind", "axes", "dtype", "width", "tss", "length", "growth", "label",
	"re",
	"checked", "dtype_source",      /* of exporters: kept, not read */
};

/* Is word one of the words of a list with blanks between them? */
static bool
has_word(const char *list, const char *word)
{
	size_t n = strlen(word);

	while (*list) {
		size_t m = strcspn(list, " ");

		if (m == n && memcmp(list, word, n) == 0)
			return true;
		list += m;
		list += strspn(list, " ");
	}
	return false;
}

/* Of a layer of that kind, or (NULL) of any. */
static bool
is_known(const char *key, const struct operator_kind *kind)
{
	size_t i;

	for (i = 0; i < LENGTH(common_keys); i++) {
		if (strcmp(common_keys[i], key) == 0)
			return true;
	}
	for (i = 0; !kind && operator_kinds[i]; i++) {
		if (has_word(operator_kinds[i]->meta_keys, key))
			return true;
	}
	return kind && has_word(kind->meta_keys, key);
}

/* Where notes go. */
struct notes {
	char ***lines;
	size_t *count;
};

static void
note(struct notes *notes, const char *name, const char *before,
	const char *after)
{
	char *label = text_escape(name, strlen(name));

	lines_add(notes->lines, notes->count, xasprintf("%s\"%s\"%s", before,
		label, after));
	free(label);
}

/* axes and dtype may be objects of factors. layer: which must have them; NULL:
 * some kind must. */
static void
note_factors(struct notes *notes, const json_t *object, struct layer *layer)
{
	static const struct {
		const char *key, *before;
	} named[] = {
		{ "axes", "meta key \"axes\" names " },
		{ "dtype", "meta key \"dtype\" names " },
	};
	const char *name;
	json_t *value;
	size_t i;

	for (i = 0; i < LENGTH(named); i++) {
		json_t *factors = json_object_get(object, named[i].key);

		json_object_foreach(factors, name, value) {
			if (layer && !layer_factor(layer, name))
				note(notes, name, named[i].before,
					", which is no factor of the layer");
			if (!layer && !factor_known(name))
				note(notes, name, named[i].before,
					", which is no factor of any kind");
		}
	}
}

void
layer_meta_notes(struct layer *layer)
{
	struct notes notes = { &layer->notes, &layer->note_count };
	const char *key;
	json_t *value;

	json_object_foreach(layer->meta, key, value) {
		if (!is_known(key, layer->kind))
			note(&notes, key, "unknown meta key ", "");
	}
	note_factors(&notes, layer->meta, layer);
}

void
dump_meta_notes(struct dump *dump)
{
	struct notes notes = { &dump->notes, &dump->note_count };
	json_t *defaults = json_object_get(dump->meta, "defaults");
	const char *key;
	json_t *value;

	json_object_foreach(defaults, key, value) {
		if (!is_known(key, NULL))
			note(&notes, key, "unknown meta key ", " of defaults");
	}
	note_factors(&notes, defaults, NULL);
	note_factors(&notes, dump->meta, NULL);
}
