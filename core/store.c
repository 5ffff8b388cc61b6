#include "core/store.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/bytes.h"
#include "core/foreign.h"
#include "core/member_part.h"
#include "core/restart_member.h"
#include "core/safetensors.h"
#include "core/source.h"
#include "core/text.h"
#include "core/util.h"
#include "core/zip_end.h"

enum { PROBE_SIZE = 16 };

const struct store_format *const store_formats[] = {
	&store_npz,
	&store_npy,
	&store_npy_gz,
	&store_safetensors,
	NULL,
};

static const struct store_format *
find_format(const unsigned char *head, size_t n)
{
	size_t i;

	for (i = 0; store_formats[i]; i++) {
		if (store_formats[i]->probe(head, n))
			return store_formats[i];
	}
	return NULL;
}

static enum status
fail_head(const unsigned char *head, size_t n)
{
	if (n > SAFETENSORS_LENGTH_SIZE
		&& bytes_u64(head) <= SAFETENSORS_HEADER_MAX)
		return status_set(STATUS_FORMAT, "is no dump: as a "
			".safetensors its header of %ju bytes should begin "
			"with '{' in byte %d, where 0x%02x is",
			(uintmax_t)bytes_u64(head), SAFETENSORS_LENGTH_SIZE,
			head[SAFETENSORS_LENGTH_SIZE]);
	return status_set(STATUS_FORMAT, "is no dump: no " STORE_NAMES
		"; write it with numpy.savez_compressed");
}

static enum status
check_head(const unsigned char *head, size_t n)
{
	enum status code;

	n = size_min(n, PROBE_SIZE);
	if (find_format(head, n))
		return STATUS_OK;
	code = foreign_refuse(head, n);
	return code ? code : fail_head(head, n);
}

static enum status
read_head(unsigned char head[PROBE_SIZE], size_t *n,
	const struct source *source)
{
	*n = source->size < PROBE_SIZE ? (size_t)source->size : PROBE_SIZE;
	return source_read(source, head, 0, *n);
}

/* By its first bytes; a zip archive may have others before it. */
static enum status
probe(const struct store_format **out, const struct source *source)
{
	unsigned char head[PROBE_SIZE];
	size_t n;
	enum status code = read_head(head, &n, source);

	if (code)
		return code;
	*out = find_format(head, n);
	if (*out)
		return STATUS_OK;
	code = foreign_refuse(head, n);
	if (code)
		return code;
	if (!zip_at_end(source))
		return fail_head(head, n);
	*out = &store_npz;
	return STATUS_OK;
}

bool
store_named(const char *path)
{
	size_t n = strlen(path), i;

	for (i = 0; store_formats[i]; i++) {
		const char *name = store_formats[i]->name;
		size_t m = strlen(name);

		if (n > m && path[n - m - 1] == '.'
			&& !strcmp(path + n - m, name))
			return true;
	}
	return false;
}

enum status
store_recognise(const char *path)
{
	const struct store_format *format;
	unsigned char head[PROBE_SIZE];
	struct source *source;
	size_t n;
	enum status code = source_open(&source, path, NULL);

	if (code)
		return code;
	code = read_head(head, &n, source);
	if (!code) {
		format = find_format(head, n);
		code = !format ? check_head(head, n) : format->wraps
			? status_set(STATUS_FORMAT, "may be any .gz")
			: STATUS_OK;
	}
	status_at(code, "%s", source->path);
	source_close(source);
	return code;
}

static int
compare_members(const void *a, const void *b)
{
	return strcmp(((const struct store_member *)a)->name,
		((const struct store_member *)b)->name);
}

static enum status
check_names(const struct store *store)
{
	for (size_t k = 0; k < store->member_count; k++) {
		const char *name = store->members[k].name;
		size_t n = strlen(name);
		char *start;

		if (n <= STORE_NAME_MAX)
			continue;
		start = text_escape(name, 32);
		status_set(STATUS_FORMAT, "a name of %zu bytes, %s...; "
			"expected at most %d", n, start, STORE_NAME_MAX);
		free(start);
		return STATUS_FORMAT;
	}
	return STATUS_OK;
}

/* So that a name is found without a walk, and means one member. */
static enum status
sort_members(struct store *store)
{
	size_t i;

	if (store->member_count > 0)
		qsort(store->members, store->member_count,
			sizeof *store->members, compare_members);
	for (i = 1; i < store->member_count; i++) {
		char *name;

		if (compare_members(&store->members[i - 1], &store->members[i]))
			continue;
		name = text_escape(store->members[i].name,
			strlen(store->members[i].name));
		status_set(STATUS_FORMAT, "two members named %s", name);
		free(name);
		return STATUS_FORMAT;
	}
	return STATUS_OK;
}

enum status
store_open(struct store **out, const char *path)
{
	struct store *store = xcalloc(1, sizeof *store);
	enum status code = source_open(&store->source, path,
		check_head);

	if (code) {
		store_close(store);
		return code;
	}
	store->restarts = restart_members_new();
	code = probe(&store->format, store->source);
	if (!code)
		code = store->format->list(store);
	if (!code)
		code = check_names(store);
	if (!code)
		code = sort_members(store);
	if (code) {
		status_at(code, "%s", store->source->path);
		store_close(store);
		return code;
	}
	*out = store;
	return STATUS_OK;
}

void
store_close(struct store *store)
{
	size_t i;

	if (!store)
		return;
	for (i = 0; i < store->member_count; i++)
		free(store->members[i].name);
	free(store->members);
	free(store->parts);
	restart_members_free(store->restarts);
	source_close(store->source);
	free(store);
}

const char *
store_path(const struct store *store)
{
	return store->source->path;
}

const struct store_member *
store_find(const struct store *store, const char *name)
{
	struct store_member key = { .name = (char *)name };

	if (store->member_count == 0)
		return NULL;
	return bsearch(&key, store->members, store->member_count,
		sizeof *store->members, compare_members);
}

const char *
store_member_name(const struct store_member *member)
{
	return member->title ? member->title : member->name;
}

/* Puts file and member before the sentence of a failure. */
static enum status
at_member(enum status code, const struct store *store,
	const struct store_member *member)
{
	char *name;

	if (code == STATUS_OK)
		return code;
	name = text_escape(store_member_name(member),
		strlen(store_member_name(member)));
	status_at(code, "%s: %s", store_path(store), name);
	free(name);
	return code;
}

enum status
store_type(struct tensor_type *out, const struct store *store,
	const struct store_member *member)
{
	assert(member->array);
	return at_member(store->format->type(out, store, member), store,
		member);
}

enum status
store_load(struct tensor **out, const struct store *store,
	const struct store_member *member)
{
	const unsigned char *data;
	struct tensor_type type;
	size_t bytes;
	void *owned = NULL;
	enum status code = store_type(&type, store, member);

	if (code)
		return code;
	code = store_justify(member->bytes, member->stored_bytes);
	if (!code)
		code = store->format->load(&owned, &data, &bytes, store,
			member);
	if (!code && bytes != type.bytes)
		code = status_set(STATUS_FORMAT,
			"the file changed while it was read");
	if (code) {
		free(owned);
		return at_member(code, store, member);
	}
	*out = tensor_new(&type, data, owned);
	return STATUS_OK;
}

size_t store_part_least = (size_t)16 << 20;

/* Runs side by side into *to, which moves on. */
static enum status
read_runs(unsigned char **to, const struct source *source, uint64_t at,
	const struct member_part *part, int depth)
{
	enum status code = STATUS_OK;

	if (depth == part->loops) {
		code = source_read(source, *to, at, part->run);
		*to += part->run;
		return code;
	}
	for (size_t k = 0; !code && k < part->count[depth]; k++)
		code = read_runs(to, source, at + k * part->stride[depth],
			part, depth + 1);
	return code;
}

bool
store_has_part(const struct store *store, const struct store_member *member,
	const struct member_part *part)
{
	uint64_t at;

	if (store->format->place
		&& store->format->place(&at, store, member) != STATUS_MISSING)
		return true;
	return store->format->part && part->loops == 0;
}

/* The elements are the end of a member, behind its header. */
static enum status
load_part(unsigned char *to, const struct store *store,
	const struct store_member *member, const struct member_part *part)
{
	uint64_t at = 0, offset = member->bytes - part->whole + part->offset;
	enum status code = store->format->place
		? store->format->place(&at, store, member) : STATUS_MISSING;

	if (!code)
		return read_runs(&to, store->source, at + offset, part, 0);
	if (code == STATUS_MISSING && store->format->part && part->loops == 0)
		code = store->format->part(to, offset, part->run, store,
			member);
	return code;
}

enum status
store_load_part(struct tensor **out, const struct store *store,
	const struct store_member *member, const struct member_part *part)
{
	void *owned = NULL;
	enum status code = util_alloc(&owned, part->type.bytes, 1,
		"part of an array");

	if (!code)
		code = load_part(owned, store, member, part);
	if (code) {
		free(owned);
		return at_member(code, store, member);
	}
	*out = tensor_new(&part->type, owned, owned);
	return STATUS_OK;
}

enum status
store_justify(uint64_t bytes, uint64_t stored_bytes)
{
	if (bytes <= STORE_HELD_FREE
		|| bytes / STORE_HELD_RATIO <= stored_bytes)
		return STATUS_OK;
	return status_set(STATUS_FORMAT, "%ju bytes of memory, of %ju in the "
		"file; expected at most %d times as many, or %d MiB: if they "
		"are meant, save them uncompressed (numpy.savez)",
		(uintmax_t)bytes, (uintmax_t)stored_bytes, STORE_HELD_RATIO,
		STORE_HELD_FREE >> 20);
}

enum status
store_verify(const struct store *store, const struct store_member *member)
{
	return store->format->verify
		? at_member(store->format->verify(store, member), store, member)
		: STATUS_OK;
}

enum status
store_load_bytes(char **out, size_t *size, const struct store *store,
	const struct store_member *member)
{
	const unsigned char *data;
	void *owned = NULL, *copy;
	size_t bytes;
	enum status code;

	code = store->format->load(&owned, &data, &bytes, store, member);
	if (!code)
		code = util_alloc(&copy, bytes + 1, 1, "a member's bytes");
	if (!code) {
		memcpy(copy, data, bytes);
		((char *)copy)[bytes] = '\0';
		*out = copy;
		*size = bytes;
	}
	free(owned);
	return at_member(code, store, member);
}

enum status
store_reserve(struct store *store, size_t count)
{
	void *members;
	enum status code;

	if (count > STORE_MEMBERS_MAX)
		return status_set(STATUS_FORMAT, "%zu members; at most %d "
			"are read", count, STORE_MEMBERS_MAX);
	code = util_alloc(&members, count, sizeof *store->members,
		"members");
	if (code)
		return code;
	assert(!store->members);
	store->members = members;
	store->member_room = count;
	return STATUS_OK;
}

struct store_member *
store_add(struct store *store, const char *name, size_t name_size)
{
	struct store_member *member = &store->members[store->member_count];

	assert(store->member_count < store->member_room);
	store->member_count++;
	*member = (struct store_member){ .name = xstrndup(name, name_size) };
	return member;
}
