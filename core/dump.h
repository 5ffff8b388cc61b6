/*
 * A dump: layers of operators, and what its maker said of them (esscope-dump(5)).
 * Keys are "<layer>/<factor>"; the layer is everything before the last "/".
 *
 * Opening reads directories, meta and tokens. A layer's headers are read by
 * layer_resolve, on the thread that owns the dump; a factor's elements by
 * factor_load, on any thread, through a cache under a byte budget.
 */
#ifndef CORE_DUMP_H
#define CORE_DUMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "core/status.h"
#include "core/tensor.h"

struct cache;
struct dump;
struct operator_kind;
struct store;
struct store_member;

struct factor {
	char *name;                     /* "q" */
	const struct store *store;
	const struct store_member *member;
	bool typed;                     /* type has been read */
	struct tensor_type type;
};

/* Letters of the axes, as in the rule strings of operator.h. */
enum { AXIS_LETTERS = 26 };

/* How one factor is laid out, settled by layer_resolve. */
struct binding {
	const struct factor *factor;    /* NULL: absent */
	char form[TENSOR_RANK_MAX + 1]; /* "HLN": canonical axes, no batch */
	int axis[TENSOR_RANK_MAX];      /* stored axis of each letter of form */
	int batch_axis;                 /* stored axis of the batch, or -1, */
	size_t batch;                   /* and which element of it is read */
};

enum { LAYER_BINDINGS = 12 };

struct layer {
	struct dump *dump;
	unsigned long serial;           /* never reused in this process: what
					 * caches of its operators key on */
	char *name;                     /* raw, as in the file: the key */
	char *label;                    /* name, safe to print */
	struct factor *factors;         /* sorted by name */
	size_t factor_count;
	json_t *meta;                   /* this layer's object; borrowed, or NULL */

	bool resolved;                  /* the rest holds once true */
	enum status status;             /* why it cannot be used, */
	char *error;                    /* and the sentence (file: layer: ...) */
	const struct operator_kind *kind;
	bool assumed;                   /* kind inferred, not declared */
	struct binding bindings[LAYER_BINDINGS];  /* in the order of kind->rules */
	size_t axes[AXIS_LETTERS];      /* size of each axis letter, 0 if
					 * absent; B: the batch */
	size_t batches;                 /* 1 without a batch axis */
	size_t batch;                   /* the one read; 0 without an axis */
	size_t length;                  /* L */
	size_t channels;                /* heads or channels */
	double width;                   /* model channels that share one operator */
	size_t state_size;              /* TSS where it does not depend on i */
	size_t band;                    /* T[i][j] = 0 where i - j >= band;
					 * 0: no such bound */
	int tss_rule;                   /* enum tss_rule of operator.h */
	bool is_complex;                /* a factor is */
	bool real_part;                 /* meta re: T is the real part */
	bool growth;                    /* meta: growing recurrences are meant */
	char *title;                    /* meta's label, safe to print, or NULL */
	char **notes;                   /* unused factors, unknown meta keys ... */
	size_t note_count;
};

/* So many positions a layer may have. The screen looks at all of them at
 * once, and T is walked through row by row. */
enum { LAYER_LENGTH_MAX = 1 << 22 };

struct dump {
	char *path;                     /* as typed */
	char *label;                    /* path, safe to print */
	struct store **stores;
	size_t store_count;
	json_t *meta;                   /* NULL without one */
	char *model;                    /* safe to print, or NULL */
	struct layer *layers;           /* natural order of names */
	size_t layer_count;
	char **tokens;                  /* escaped (text_escape); NULL without,
					 * or where this element has no row */
	size_t token_count;
	size_t token_rows;              /* of a batch; 1: they are of all */
	char **extras;                  /* "labels f32 (64,)": kept, not used */
	size_t extra_count;
	char **notes;                   /* files that were skipped, what of
					 * meta nothing reads */
	size_t note_count;
	struct member_cache *cache;
	size_t batch;                   /* element of batch axes that is read */
	struct dump *origin;            /* whose stores these are; NULL: ours */
	size_t references;              /* this and dumps of that origin */
};

struct dump_list {
	struct dump **dumps;
	size_t count;
	char *skipped;                  /* a line on files that are no part of
					 * it, or NULL */
};

/* One argument of the command line: a file is one dump; a directory is the
 * union of its files, or one dump a file where two hold the same factor.
 * `budget` bounds the bytes of members kept in memory. */
enum status dump_open(struct dump_list *out, const char *path, size_t budget);
void dump_list_close(struct dump_list *list);
void dump_close(struct dump *dump);

/* The layer of that label, as a rule the one in the place it has in a dump like
 * it; NULL: none. */
struct layer *dump_layer(const struct dump *dump, const char *label,
	size_t place);

/* The same dump with another element of its batch axes, 0-based; either is
 * closed by itself. Layers without such an axis are the same in all, and those
 * with too short a one cannot be used. For the thread that owns the dump. */
enum status dump_batch(struct dump **out, struct dump *dump, size_t element);

/* Makes every dump of the list that of this element. STATUS_MISSING where one
 * has no batch axis at all. */
enum status dump_list_batch(struct dump_list *list, size_t element);

/* Reads this layer's headers and settles kind, axes and sizes. The result is
 * kept: calling again costs nothing. Returns layer->status; the sentence is
 * layer->error. Not thread-safe within one dump. */
enum status layer_resolve(struct layer *layer);

/* The factor of that name, or NULL. */
struct factor *layer_factor(struct layer *layer, const char *name);

/* The factor's elements, for the caller to tensor_unref. The layer is
 * resolved. Any thread. Sentences name file and member. */
enum status factor_load(struct tensor **out, const struct layer *layer,
	const struct factor *factor);

/* Which axis of the binding's form channels go along (-1: none), and the index
 * there of one: head h of H, its group, its channel. */
size_t binding_index(int *axis, const struct layer *layer,
	const struct binding *binding, size_t channel);

/* The same for one index of an axis of the binding's form, so that one channel
 * of a member of gigabytes costs its own size: a large member is read in part
 * where it is stored uncompressed, or deflated with that axis outermost, and
 * its CRC is not checked. *first: the index with which the tensor's axis
 * begins; 0 where it is whole. */
enum status factor_load_channel(struct tensor **out, size_t *first,
	const struct layer *layer, const struct binding *binding, int axis,
	size_t index);

/* Do the factors of one channel take no more memory than their bytes in the
 * file justify? They are bound, but not loaded. */
enum status layer_check_memory(const struct layer *layer);

/* What an open channel holds for itself: its parts of large members. Whoever
 * opens several at once keeps the sum below this. */
size_t layer_channel_bytes(const struct layer *layer);
enum { CHANNELS_BYTES_MOST = 512 << 20 };

/* Large deflated members are read in part through restart points, made by one
 * pass over the member that runs meanwhile (restart_member.h). Where to keep
 * them (NULL: nowhere), for a cache that outlives the dump, and for how many
 * seconds to wait for a pass: then loading fails with STATUS_CANCELLED, to be
 * tried again. Before anything is loaded. */
void dump_keep(struct dump *dump, struct cache *cache, double patience);

/* How far such passes are, in bytes inflated, of how many; false: none runs. */
bool dump_reading(const struct dump *dump, uint64_t *done, uint64_t *total);

/* Whoever waits for a pass fails with STATUS_CANCELLED, now and later. */
void dump_stop(struct dump *dump);

/* And waits, so many seconds at most, for what the passes found to be kept. */
void dump_end(struct dump *dump, double seconds);

/* The same, but nobody fails: who waits for a pass waits on, while the program
 * ends. */
void dump_leave(struct dump *dump, double seconds);

/* The slice of a loaded factor in its binding's canonical axes, of the batch
 * element that it reads. */
struct slice binding_slice(const struct binding *binding,
	const struct tensor *tensor);

/* Meta of the layer, else meta's "defaults". Absent or null: the fallback.
 * A value of another type is STATUS_FORMAT naming the key, but not the place
 * (status_at with dump->label and layer->label). Any thread. */
enum status layer_meta_number(double *out, const struct layer *layer,
	const char *key, double fallback);
enum status layer_meta_flag(bool *out, const struct layer *layer,
	const char *key, bool fallback);
/* *out is borrowed from the dump; NULL when absent. */
enum status layer_meta_text(const char **out, const struct layer *layer,
	const char *key);
/* The same of one of two words. */
enum status layer_meta_word(const char **out, const struct layer *layer,
	const char *key, const char *one, const char *other);

/* The sentence of a failure without the dump and the layer it begins with, for
 * where these are told already. What else it begins with, a member or another
 * file, stays. */
const char *layer_sentence(const struct layer *layer, const char *sentence);

/* The token at i, or NULL. Only where the layer is as long as the tokens. */
const char *layer_token(const struct layer *layer, size_t i);

#endif
