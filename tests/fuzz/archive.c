/*
 * Files put together in memory: numbers, runs of bytes, and zip archives that
 * are sound whatever their members are.
 */
#include "tests/fuzz/archive.h"

#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "core/util.h"

void
bytes_put(struct bytes *file, const void *bytes, size_t n)
{
	if (file->size + n > file->room) {
		file->room = 2 * (file->size + n);
		file->bytes = xreallocarray(file->bytes, file->room, 1);
	}
	if (n > 0)
		memcpy(file->bytes + file->size, bytes, n);
	file->size += n;
}

void
bytes_number(struct bytes *file, uint64_t value, size_t n)
{
	for (size_t k = 0; k < n; k++, value >>= 8)
		bytes_put(file, &(uint8_t){ (uint8_t)value }, 1);
}

/* What local headers and directory entries share. */
static void
put_common(struct bytes *out, const struct zipped *member)
{
	bytes_number(out, 20, 2);
	bytes_number(out, 0, 2);
	bytes_number(out, member->method, 2);
	bytes_number(out, 0, 4);
	bytes_number(out, member->crc, 4);
	bytes_number(out, member->stored_bytes, 4);
	bytes_number(out, member->bytes, 4);
	bytes_number(out, member->name_size, 2);
	bytes_number(out, 0, 2);
}

void
archive_add(struct archive *archive, const struct zipped *member)
{
	size_t offset = archive->file.size;

	bytes_number(&archive->file, 0x04034b50, 4);
	put_common(&archive->file, member);
	bytes_put(&archive->file, member->name, member->name_size);
	bytes_put(&archive->file, member->data, member->stored_bytes);
	bytes_number(&archive->directory, 0x02014b50, 4);
	bytes_number(&archive->directory, 20, 2);
	put_common(&archive->directory, member);
	bytes_number(&archive->directory, 0, 10);
	bytes_number(&archive->directory, offset, 4);
	bytes_put(&archive->directory, member->name, member->name_size);
	archive->count++;
}

void
archive_add_stored(struct archive *archive, const void *name,
	size_t name_size, const void *data, size_t n)
{
	archive_add(archive, &(struct zipped){
		.name = name, .name_size = name_size, .data = data,
		.stored_bytes = n, .bytes = n,
		.crc = (uint32_t)crc32(0, data, (unsigned)n),
	});
}

void
archive_end(struct archive *archive)
{
	struct bytes *zip = &archive->file;
	size_t at = zip->size;

	bytes_put(zip, archive->directory.bytes, archive->directory.size);
	bytes_number(zip, 0x06054b50, 4);
	bytes_number(zip, 0, 4);
	bytes_number(zip, archive->count, 2);
	bytes_number(zip, archive->count, 2);
	bytes_number(zip, archive->directory.size, 4);
	bytes_number(zip, at, 4);
	bytes_number(zip, 0, 2);
	free(archive->directory.bytes);
	archive->directory = (struct bytes){ 0 };
}
