#include "core/content.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/dump.h"
#include "core/sha256.h"
#include "core/store.h"
#include "core/util.h"

static int
compare(const void *a, const void *b)
{
	const struct store_member *const *x = a, *const *y = b;

	int order = strcmp((*x)->name, (*y)->name);

	/* Two files may have a member of one name, as meta. */
	return order ? order : ((*x)->crc > (*y)->crc)
		- ((*x)->crc < (*y)->crc);
}

/* Of all files, in order. */
static const struct store_member **
members_of(size_t *count, const struct dump *dump)
{
	const struct store_member **members;
	size_t n = 0;

	for (size_t k = 0; k < dump->store_count; k++)
		n += dump->stores[k]->member_count;
	members = xcalloc(n + 1, sizeof *members);
	*count = n;
	n = 0;
	for (size_t k = 0; k < dump->store_count; k++)
		for (size_t m = 0; m < dump->stores[k]->member_count; m++)
			members[n++] = &dump->stores[k]->members[m];
	qsort(members, n, sizeof *members, compare);
	return members;
}

bool
content_of(char out[CONTENT_DIGITS + 1], const struct dump *dump)
{
	const struct store_member **members;
	unsigned char hash[SHA256_SIZE];
	struct sha256 sha;
	size_t count;

	if (dump->origin)
		dump = dump->origin;
	for (size_t k = 0; k < dump->store_count; k++)
		if (!dump->stores[k]->format->crc)
			return false;
	members = members_of(&count, dump);
	sha256_start(&sha);
	for (size_t k = 0; k < count; k++) {
		char *line = xasprintf("%08x %llu %s\n",
			(unsigned)members[k]->crc,
			(unsigned long long)members[k]->bytes,
			members[k]->name);

		sha256_add(&sha, line, strlen(line));
		free(line);
	}
	sha256_end(hash, &sha);
	free(members);
	for (size_t k = 0; k < CONTENT_DIGITS / 2; k++)
		snprintf(out + 2 * k, 3, "%02x", hash[k]);
	return count > 0;
}
