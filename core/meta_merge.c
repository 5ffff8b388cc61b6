/*
 * Meta of several files as one object. Of a layer, of defaults and of dtype
 * they must say the same; of anything else the first file counts.
 */
#include <stdlib.h>
#include <string.h>

#include "core/meta_merge.h"
#include "core/store.h"
#include "core/text.h"
#include "core/util.h"

/* Of a value in a sentence. */
enum { VALUE_MOST = 60 };

/* JSON as it is written, cut off where it is long, for free(). */
static char *
value_text(const json_t *value)
{
	char *json = value ? json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY)
		: NULL, *safe, *text;

	if (!json)
		return xstrdup("nothing");
	safe = text_escape(json, strnlen(json, VALUE_MOST));
	text = xasprintf("%s%s", safe, strlen(json) > VALUE_MOST ? "..." : "");
	free(json);
	free(safe);
	return text;
}

/* The first key of two objects whose values differ. */
static const char *
differing_key(json_t *a, json_t *b)
{
	const char *key;
	json_t *value;

	json_object_foreach(a, key, value) {
		if (!json_equal(value, json_object_get(b, key)))
			return key;
	}
	json_object_foreach(b, key, value) {
		if (!json_object_get(a, key))
			return key;
	}
	return NULL;
}

/* what: safe to print; of two objects the key that differs is told. */
static enum status
fail_contradiction(const struct meta_merge *merge, const char *what,
	json_t *here, json_t *there, const json_t *first)
{
	const char *key = json_is_object(here) && json_is_object(there)
		? differing_key(here, there) : NULL;
	char *label = key ? text_escape(key, strlen(key)) : xstrdup("");
	char *mine = value_text(key ? json_object_get(here, key) : here);
	char *other = value_text(key ? json_object_get(there, key) : there);

	status_set(STATUS_FORMAT, "%s%s%s%s is %s, but in %s %s; expected the "
		"same in all files", what, key ? ": \"" : "", label,
		key ? "\"" : "", mine, store_path(merge->stores[
		(size_t)json_integer_value(first)]), other);
	free(label);
	free(mine);
	free(other);
	return STATUS_FORMAT;
}

static enum status
merge_layers(struct meta_merge *merge, json_t *into, json_t *from)
{
	const char *name;
	json_t *value;

	json_object_foreach(from, name, value) {
		json_t *known = json_object_get(into, name);
		char *label, *what;

		if (!known || known == value) {
			json_object_set(into, name, value);
			json_object_set_new(merge->layers, name,
				json_integer((json_int_t)merge->now));
			continue;
		}
		if (json_equal(known, value))
			continue;
		label = text_escape(name, strlen(name));
		what = xasprintf("layer %s", label);
		fail_contradiction(merge, what, value, known,
			json_object_get(merge->layers, name));
		free(label);
		free(what);
		return STATUS_FORMAT;
	}
	return STATUS_OK;
}

/* Does a wrong value of this key change what is computed? */
static bool
must_agree(const char *key)
{
	return strcmp(key, "defaults") == 0 || strcmp(key, "dtype") == 0;
}

static enum status
merge_value(struct meta_merge *merge, const char *key, json_t *value)
{
	json_t *known = json_object_get(merge->meta, key);
	char *label;

	if (!known) {
		json_object_set(merge->meta, key, value);
		json_object_set_new(merge->keys, key,
			json_integer((json_int_t)merge->now));
		known = value;
	}
	if (strcmp(key, "layers") == 0)
		return merge_layers(merge, known, value);
	if (json_equal(known, value))
		return STATUS_OK;
	if (must_agree(key))
		return fail_contradiction(merge, key, value, known,
			json_object_get(merge->keys, key));
	label = text_escape(key, strlen(key));
	lines_add(&merge->notes, &merge->note_count, xasprintf(
		"meta key \"%s\" differs between the files: the first counts",
		label));
	free(label);
	return STATUS_OK;
}

enum status
meta_merge(struct meta_merge *merge, size_t store, json_t *from)
{
	const char *key;
	json_t *value;

	if (!merge->meta) {
		merge->meta = json_object();
		merge->keys = json_object();
		merge->layers = json_object();
	}
	merge->now = store;
	json_object_foreach(from, key, value) {
		enum status code = merge_value(merge, key, value);

		if (code)
			return code;
	}
	return STATUS_OK;
}

void
meta_merge_done(struct meta_merge *merge)
{
	json_decref(merge->keys);
	json_decref(merge->layers);
}
