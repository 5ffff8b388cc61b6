#include "core/shards.h"

#include <stdlib.h>
#include <string.h>

#include "core/dump_parts.h"
#include "core/source.h"
#include "core/text.h"
#include "core/util.h"

static const char suffix[] = ".safetensors.index.json";

bool
shards_named(const char *path)
{
	size_t n = strlen(path), m = strlen(suffix);

	return n >= m && !strcmp(path + n - m, suffix);
}

static enum status
read_json(json_t **out, const struct source *source)
{
	size_t n = size_min((size_t)source->size, JSON_MOST + 1);
	void *bytes;
	enum status code = util_alloc(&bytes, n, 1, "an index");

	if (code)
		return code;
	code = source_read(source, bytes, 0, n);
	if (!code)
		code = parse_json(out, bytes, n);
	free(bytes);
	return code;
}

static int
compare_lines(const void *a, const void *b)
{
	return natural_compare(*(char *const *)a, *(char *const *)b);
}

static void
sort_once(char **lines, size_t *count)
{
	size_t kept = 0;

	if (*count > 0)
		qsort(lines, *count, sizeof *lines, compare_lines);
	for (size_t k = 0; k < *count; k++) {
		if (kept > 0 && !strcmp(lines[kept - 1], lines[k]))
			free(lines[k]);
		else
			lines[kept++] = lines[k];
	}
	*count = kept;
}

/* A plain name, beside the index: no path leads anywhere else. */
static enum status
add_shard(char ***paths, size_t *count, const char *index, const json_t *value)
{
	const char *name = json_string_value(value);
	const char *slash = strrchr(index, '/');
	char *label;

	if (name && *name && *name != '.' && !strchr(name, '/')) {
		lines_add(paths, count, xasprintf("%.*s%s",
			slash ? (int)(slash + 1 - index) : 0, index, name));
		return STATUS_OK;
	}
	if (!name)
		return status_set(STATUS_FORMAT, "weight_map has %s where it "
			"should name a file beside it", json_kind(value));
	label = text_escape(name, strlen(name));
	status_set(STATUS_FORMAT, "weight_map names \"%s\"; expected a file "
		"beside it", label);
	free(label);
	return STATUS_FORMAT;
}

static enum status
take_map(char ***paths, size_t *count, const char *index, json_t *json)
{
	json_t *map = json_object_get(json, "weight_map"), *value;
	const char *key;

	if (!json_is_object(map) || json_object_size(map) == 0)
		return status_set(STATUS_FORMAT, "no weight_map; expected "
			"{\"weight_map\": {\"layers.0/q\": \"FILE\", ...}}");
	json_object_foreach(map, key, value) {
		enum status code = add_shard(paths, count, index, value);

		if (code)
			return code;
	}
	sort_once(*paths, count);
	return STATUS_OK;
}

enum status
shards_read(char ***paths, size_t *count, const char *path)
{
	struct source *source;
	char **found = NULL;
	size_t n = 0;
	json_t *json = NULL;
	enum status code = source_open(&source, path, NULL);

	if (code)
		return code;
	code = read_json(&json, source);
	if (!code)
		code = take_map(&found, &n, path, json);
	json_decref(json);
	if (code) {
		status_at(code, "%s", source->path);
		lines_free(found, n);
	} else {
		*paths = found;
		*count = n;
	}
	source_close(source);
	return code;
}
