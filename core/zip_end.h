/*
 * Where the directory of a zip archive lies.
 */
#ifndef CORE_ZIP_END_H
#define CORE_ZIP_END_H

#include <stdbool.h>
#include <stdint.h>

#include "core/status.h"

struct source;

#define ZIP_SIGNATURE_ENTRY 0x02014b50u

enum { ZIP_ENTRY_SIZE = 46 };           /* its fixed part */

/* It lies in the file, and has room for its entries. */
struct zip_extent {
	uint64_t count;
	uint64_t offset, size;          /* in the file */
	uint64_t before;                /* bytes that offsets in it leave out */
};

enum status zip_locate(struct zip_extent *out, const struct source *source);

/* Does the file, however it begins, end as an archive with members? */
bool zip_at_end(const struct source *source);

enum status zip_fail_split(void);

#endif
