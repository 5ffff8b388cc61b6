/*
 * Between the files of dump: files and directories (dump_open.c), keys
 * (dump_keys.c), meta (dump_meta.c, layer_meta.c), tokens (dump_tokens.c), and
 * their assembly (dump.c).
 */
#ifndef CORE_DUMP_PARTS_H
#define CORE_DUMP_PARTS_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

#include "core/dump.h"
#include "core/status.h"

/* A factor that a file holds, before there are layers. */
struct dump_key {
	char *layer, *factor;
	bool known;             /* some kind takes a factor of its layer */
	const struct store *store;
	const struct store_member *member;
};

struct dump_keys {
	struct dump_key *items;         /* sorted by layer and factor */
	size_t count;
	char **extras;                  /* other arrays, a line each */
	size_t extra_count;
};

/* What the members of these files are. Reads the headers of arrays whose
 * names hold no "/". */
enum status dump_keys_read(struct dump_keys *out, struct store *const *stores,
	size_t store_count);
void dump_keys_free(struct dump_keys *keys);

/* Does some kind take a factor of that name? */
bool factor_known(const char *name);

/* How many keys from `first` on name the same layer. */
size_t dump_keys_group(const struct dump_keys *keys, size_t first);

/* The first of two neighbours with the same layer and factor, or NULL. Groups
 * without a known factor are let through: two files may log the same. */
const struct dump_key *dump_keys_clash(const struct dump_keys *keys);

/* Moves the groups that are no layer, for no kind takes any of their factors
 * and `layers` of meta (or NULL) does not name them, to the extras. Reads the
 * headers of the first of them only. */
void dump_keys_sift(struct dump_keys *keys, const json_t *layers);

/* What is put together under a name. */
struct dump_parts {
	const char *path;
	struct store **stores;
	size_t count;
	struct dump_keys keys;          /* of these stores */
	struct member_cache *cache;
};

/* A dump that owns the stores and has taken the extras from the keys. On
 * failure the stores remain the caller's. */
enum status dump_assemble(struct dump **out, struct dump_parts *parts);

/* For layer->serial. */
unsigned long layer_next_serial(void);

/* Closes each and frees the array. */
void stores_close(struct store **stores, size_t count);

/* Appends a line (taken over) to an array of them. */
void lines_add(char ***lines, size_t *count, char *line);
void lines_free(char **lines, size_t count);

/* JSON of a bounded size, without duplicate keys: it takes up to 40 times its
 * bytes in memory. */
enum { JSON_MOST = 4 << 20 };
enum status parse_json(json_t **out, const char *text, size_t n);

/* The same of a member that is no array. */
enum status parse_json_member(json_t **out, const struct store *store,
	const struct store_member *member,
	enum status (*parse_text)(json_t **, const char *, size_t));

/* Reads dump->meta from its stores, and model. */
enum status dump_meta_read(struct dump *dump);

/* Gives each layer what meta says of it. */
void dump_meta_attach(struct dump *dump);

/* Notes on what meta says and nothing reads; of a layer that is resolved. */
void dump_meta_notes(struct dump *dump);
void layer_meta_notes(struct layer *layer);

/* Reads dump->tokens from its stores. */
enum status dump_tokens_read(struct dump *dump);

/* What meta says of one layer, else its "defaults"; NULL if neither does. */
json_t *layer_meta_value(const struct layer *layer, const char *key);

/* "dense, toeplitz, ..."; with their required factors: "dense (T), ...". */
enum { KINDS_TEXT = 512 };
char *kinds_text(char out[KINDS_TEXT], bool factors);

/* "text", "a number": what a value is. */
const char *json_kind(const json_t *value);

/* STATUS_FORMAT: the key's value is of the wrong type. */
enum status meta_value_fail(const char *key, const json_t *value,
	const char *expected);

#endif
