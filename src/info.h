/* What `info` says of a dump: as text for people, or as JSON for scripts. */
#ifndef SRC_INFO_H
#define SRC_INFO_H

#include <stddef.h>
#include <stdio.h>

#include <jansson.h>

struct dump;
struct layer;

/* TSS of a resolved layer as a formula in i and L: "16", "min(i, 15)". */
enum { INFO_TSS_TEXT = 40 };
char *info_tss(char out[INFO_TSS_TEXT], const struct layer *layer);

/* Bytes of all files of the dump. */
unsigned long long info_bytes(const struct dump *dump);

/* At most 80 columns: long names of layers lose what they share, or their
 * middle. Layers are resolved. */
void info_text(FILE *stream, const struct dump *dump);

/* Raw text where it is valid UTF-8, else made safe; and a list of them. */
json_t *info_json_text(const char *raw);
json_t *info_json_list(char *const *items, size_t count);

/* One element of "dumps"; the reference is the caller's. */
json_t *info_json(const struct dump *dump);

#endif
