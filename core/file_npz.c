/*
 * .npz: a zip of .npy members. A member's key is its name without ".npy";
 * other members are plain bytes (a meta.json), which numpy.load passes over.
 */
#include <stdlib.h>
#include <string.h>

#include "core/bytes.h"
#include "core/foreign.h"
#include "core/npy.h"
#include "core/restart_member.h"
#include "core/source.h"
#include "core/store.h"
#include "core/util.h"
#include "core/zip.h"

/* What is read of a member to learn its type: numpy's headers are 128 bytes
 * nearly always. */
enum { HEAD_SIZE = 512 };

static bool
npz_probe(const unsigned char *head, size_t n)
{
	/* The second is the end record of an archive without members. */
	return n >= 4 && (bytes_u32(head) == 0x04034b50u
		|| bytes_u32(head) == 0x06054b50u);
}

static bool
ends_with(const char *name, size_t n, const char *end)
{
	size_t m = strlen(end);

	return n >= m && memcmp(name + n - m, end, m) == 0;
}

static void
add_member(struct store *store, const struct zip_entry *entry)
{
	bool array = ends_with(entry->name, entry->name_size, ".npy");
	struct store_member *member = store_add(store, entry->name,
		entry->name_size - (array ? strlen(".npy") : 0));

	member->array = array;
	member->stored_bytes = entry->stored_bytes;
	member->bytes = entry->bytes;
	member->offset = entry->offset;
	member->end = entry->end;
	member->crc = entry->crc;
	member->method = entry->method;
}

/* Members that nobody reads may be packed in whatever way. */
static enum status
list_entry(struct store *store, const struct zip_entry *entry)
{
	bool wanted = ends_with(entry->name, entry->name_size, ".npy")
		|| ends_with(entry->name, entry->name_size, ".json");
	enum status code = foreign_refuse_member(entry->name,
		entry->name_size);

	if (code || ends_with(entry->name, entry->name_size, "/"))
		return code;
	code = zip_check(entry);
	if (!code)
		add_member(store, entry);
	return wanted ? code : STATUS_OK;
}

static enum status
npz_list(struct store *store)
{
	struct zip_directory directory;
	enum status code;
	size_t i;

	code = zip_directory_read(&directory, store->source);
	if (code)
		return code;
	code = store_reserve(store, directory.count);
	for (i = 0; !code && i < directory.count; i++)
		code = list_entry(store, &directory.entries[i]);
	zip_directory_free(&directory);
	return code;
}

static struct zip_entry
entry_of(const struct store_member *member)
{
	return (struct zip_entry){
		.method = member->method,
		.crc = member->crc,
		.stored_bytes = member->stored_bytes,
		.bytes = member->bytes,
		.offset = member->offset,
		.end = member->end,
	};
}

static enum status
open_member(struct zip_stream **out, const struct store *store,
	const struct store_member *member)
{
	struct zip_entry entry = entry_of(member);

	return zip_open(out, store->source, &entry);
}

/* The whole header, of at most NPY_HEADER_MAX bytes, into head. */
static enum status
read_header(unsigned char *head, size_t *size, struct zip_stream *stream,
	uint64_t bytes)
{
	size_t got = bytes < HEAD_SIZE ? (size_t)bytes : HEAD_SIZE;
	enum status code = zip_read(stream, head, got);

	if (!code)
		code = npy_header_size(size, head, got);
	if (!code && *size > got)
		code = zip_read(stream, head + got, *size - got);
	return code;
}

static enum status
npz_type(struct tensor_type *out, const struct store *store,
	const struct store_member *member)
{
	unsigned char head[NPY_HEADER_MAX];
	struct zip_stream *stream;
	struct tensor_type type;
	size_t size = 0;
	enum status code;

	code = open_member(&stream, store, member);
	if (code)
		return code;
	code = read_header(head, &size, stream, member->bytes);
	zip_close(stream);
	if (!code)
		code = npy_header_parse(&type, head, size);
	if (!code)
		code = npy_check_size(&type, size, member->bytes);
	if (!code)
		*out = type;
	return code;
}

static enum status
npz_load(void **out, const unsigned char **data, size_t *bytes,
	const struct store *store, const struct store_member *member)
{
	struct zip_entry entry = entry_of(member);
	size_t size = (size_t)member->bytes, head = 0;
	void *owned = NULL;
	enum status code = util_alloc(&owned, size, 1, "an array");

	if (!code)
		code = zip_load(owned, store->source, &entry);
	if (!code && member->array)
		code = npy_header_size(&head, owned, size);
	if (!code && head > size)
		code = status_set(STATUS_FORMAT, ".npy header cut off");
	if (code) {
		free(owned);
		return code;
	}
	*out = owned;
	*data = (unsigned char *)owned + head;
	*bytes = size - head;
	return STATUS_OK;
}

static enum status
npz_verify(const struct store *store, const struct store_member *member)
{
	struct zip_entry entry = entry_of(member);

	return zip_verify(store->source, &entry);
}

static enum status
npz_place(uint64_t *out, const struct store *store,
	const struct store_member *member)
{
	struct zip_entry entry = entry_of(member);

	if (member->method != ZIP_STORED)
		return status_set(STATUS_MISSING, "deflated");
	return zip_begin(out, store->source, &entry);
}

/* From a restart point near it. */
static enum status
npz_part(void *out, uint64_t offset, size_t bytes, const struct store *store,
	const struct store_member *member)
{
	struct zip_entry entry = entry_of(member);
	uint64_t begin = 0;
	enum status code = zip_begin(&begin, store->source, &entry);

	return code ? code : restart_members_read(store->restarts, out, offset,
		bytes, store, member, begin);
}

const struct store_format store_npz = {
	.name = "npz",
	.crc = true,
	.probe = npz_probe,
	.list = npz_list,
	.type = npz_type,
	.load = npz_load,
	.verify = npz_verify,
	.place = npz_place,
	.part = npz_part,
};
