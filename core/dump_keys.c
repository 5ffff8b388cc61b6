/*
 * What each member of a dump is, told from its name: "<layer>/<factor>", a
 * reserved name, or an array of its own. The last is a dense T, of a layer of
 * that name, if its type lets it be one, and is listed otherwise; so is a
 * group of arrays that neither holds a factor of any kind nor is in meta.
 */
#include <stdlib.h>
#include <string.h>

#include "core/dump_parts.h"
#include "core/operator.h"
#include "core/store.h"
#include "core/text.h"
#include "core/util.h"

/* Of so many arrays in groups that are no layer the types are listed: each
 * costs a read, and a log may hold a hundred thousand. */
enum { SIFTED_HEADERS = 256 };

void
lines_add(char ***lines, size_t *count, char *line)
{
	/* Room grows to the next power of two. */
	if ((*count & (*count - 1)) == 0)
		*lines = xreallocarray(*lines, *count ? 2 * *count : 1,
			sizeof **lines);
	(*lines)[(*count)++] = line;
}

void
lines_free(char **lines, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		free(lines[i]);
	free(lines);
}

static bool
is_reserved(const char *name)
{
	return strcmp(name, "meta") == 0 || strcmp(name, "tokens") == 0
		|| strcmp(name, "token_ids") == 0;
}

/* (..., L, L) of floats. Types that factors may not have are let through
 * where only T can be meant, so that their layer says what is wrong: in a dump
 * that holds nothing else but meta and tokens, integers, too. */
static bool
may_be_dense(const struct tensor_type *type, bool alone)
{
	switch (alone && dtype_is_real(type->dtype) ? DTYPE_F64 : type->dtype) {
	case DTYPE_F16:
	case DTYPE_BF16:
	case DTYPE_F32:
	case DTYPE_F64:
	case DTYPE_C64:
	case DTYPE_C128:
	case DTYPE_RAW2:
		return type->rank >= 2 && type->rank <= 4 && type->count > 0
			&& type->shape[type->rank - 1]
				== type->shape[type->rank - 2];
	default:
		return false;
	}
}

static void
add_key(struct dump_keys *keys, const struct store *store,
	const struct store_member *member)
{
	const char *slash = strrchr(member->name, '/');
	struct dump_key *key = &keys->items[keys->count++];

	key->store = store;
	key->member = member;
	key->layer = slash
		? xstrndup(member->name, (size_t)(slash - member->name))
		: xstrdup(member->name);
	key->factor = xstrdup(slash ? slash + 1 : "T");
}

static void
add_extra(struct dump_keys *keys, const struct store_member *member,
	const char *what)
{
	char *name = text_escape(member->name, strlen(member->name));

	lines_add(&keys->extras, &keys->extra_count,
		xasprintf("%s %s", name, what));
	free(name);
}

/* An array whose name holds no "/". */
static enum status
add_single(struct dump_keys *keys, const struct store *store,
	const struct store_member *member, bool alone)
{
	char text[TENSOR_TYPE_TEXT];
	struct tensor_type type;
	enum status code = store_type(&type, store, member);

	if (code == STATUS_TYPE) {
		add_extra(keys, member, "of a type that is never read");
		return STATUS_OK;
	}
	if (code)
		return code;
	if (may_be_dense(&type, alone))
		add_key(keys, store, member);
	else
		add_extra(keys, member, tensor_type_text(text, &type));
	return STATUS_OK;
}

static enum status
add_member(struct dump_keys *keys, const struct store *store,
	const struct store_member *member, bool alone)
{
	if (!member->array) {
		if (strcmp(member->name, "meta.json") != 0
			&& strcmp(member->name, "tokens.json") != 0)
			add_extra(keys, member, "(no array)");
	} else if (strchr(member->name, '/')) {
		add_key(keys, store, member);
	} else if (!is_reserved(member->name)) {
		return add_single(keys, store, member, alone);
	}
	return STATUS_OK;
}

/* Is it an array that may be an operator or one of its factors? */
static bool
may_be_factor(const struct store_member *member)
{
	return member->array && !is_reserved(member->name);
}

static int
compare_keys(const void *a, const void *b)
{
	const struct dump_key *x = a, *y = b;
	int order = natural_compare(x->layer, y->layer);

	return order ? order : strcmp(x->factor, y->factor);
}

bool
factor_known(const char *name)
{
	size_t i, r;

	for (i = 0; operator_kinds[i]; i++) {
		const struct factor_rule *rules = operator_kinds[i]->rules;

		for (r = 0; rules[r].name; r++) {
			if (strcmp(rules[r].name, name) == 0)
				return true;
		}
	}
	return false;
}

size_t
dump_keys_group(const struct dump_keys *keys, size_t first)
{
	size_t i = first + 1;

	while (i < keys->count
		&& strcmp(keys->items[i].layer, keys->items[first].layer) == 0)
		i++;
	return i - first;
}

static void
mark_known(struct dump_keys *keys)
{
	size_t i, k, n;

	for (i = 0; i < keys->count; i += n) {
		bool known = false;

		n = dump_keys_group(keys, i);
		for (k = i; k < i + n; k++)
			known |= factor_known(keys->items[k].factor);
		for (k = i; k < i + n; k++)
			keys->items[k].known = known;
	}
}

enum status
dump_keys_read(struct dump_keys *out, struct store *const *stores,
	size_t store_count)
{
	struct dump_keys keys = { 0 };
	size_t total = 0, arrays = 0, i, k;
	void *items = NULL;
	enum status code;

	for (i = 0; i < store_count; i++) {
		total += stores[i]->member_count;
		for (k = 0; k < stores[i]->member_count; k++)
			arrays += may_be_factor(&stores[i]->members[k]);
	}
	code = util_alloc(&items, total, sizeof *keys.items, "members");
	keys.items = items;
	for (i = 0; !code && i < store_count; i++) {
		for (k = 0; !code && k < stores[i]->member_count; k++)
			code = add_member(&keys, stores[i],
				&stores[i]->members[k], arrays == 1);
	}
	if (code) {
		dump_keys_free(&keys);
		return code;
	}
	if (keys.count > 0)
		qsort(keys.items, keys.count, sizeof *keys.items, compare_keys);
	mark_known(&keys);
	*out = keys;
	return STATUS_OK;
}

static void
key_done(struct dump_key *key)
{
	free(key->layer);
	free(key->factor);
}

/* What cannot be read is listed as such: nothing asks for it. */
static void
add_sifted(struct dump_keys *keys, const struct dump_key *key, bool typed)
{
	char text[TENSOR_TYPE_TEXT];
	struct tensor_type type;
	enum status code;

	if (!typed) {
		add_extra(keys, key->member, "(its type was not looked at)");
		return;
	}
	code = store_type(&type, key->store, key->member);
	if (code == STATUS_TYPE)
		add_extra(keys, key->member, "of a type that is never read");
	else if (code)
		add_extra(keys, key->member, "(damaged)");
	else
		add_extra(keys, key->member, tensor_type_text(text, &type));
}

void
dump_keys_sift(struct dump_keys *keys, const json_t *layers)
{
	size_t kept = 0, sifted = 0, i;

	for (i = 0; i < keys->count; i++) {
		struct dump_key *key = &keys->items[i];

		if (key->known || json_object_get(layers, key->layer)) {
			keys->items[kept++] = *key;
			continue;
		}
		add_sifted(keys, key, sifted++ < SIFTED_HEADERS);
		key_done(key);
	}
	keys->count = kept;
}

void
dump_keys_free(struct dump_keys *keys)
{
	size_t i;

	for (i = 0; i < keys->count; i++)
		key_done(&keys->items[i]);
	free(keys->items);
	lines_free(keys->extras, keys->extra_count);
	*keys = (struct dump_keys){ 0 };
}

const struct dump_key *
dump_keys_clash(const struct dump_keys *keys)
{
	size_t i;

	for (i = 1; i < keys->count; i++) {
		if (keys->items[i].known && compare_keys(&keys->items[i - 1],
			&keys->items[i]) == 0)
			return &keys->items[i - 1];
	}
	return NULL;
}
