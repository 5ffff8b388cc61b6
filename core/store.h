/*
 * A store is one file of named arrays. Formats are a table (store_formats[]):
 * a new one is one new file and one line there. Opening reads the directory
 * only; store_type reads one bounded header; store_load reads and checks one
 * member. After store_open any thread may call the readers.
 */
#ifndef CORE_STORE_H
#define CORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/status.h"
#include "core/tensor.h"

struct member_part;
struct restart_members;
struct source;
struct store;

struct store_member {
	char *name;             /* the key: "layers.0/q"; no ".npy" */
	const char *title;      /* in sentences, safe to print; NULL: the name */
	bool array;             /* false: plain bytes, as "meta.json" */
	uint64_t stored_bytes;  /* in the file */
	uint64_t bytes;         /* once read, header included */
	/* where and how: private to the format */
	uint64_t offset, end;
	uint32_t crc;
	int method;
};

struct store_format {
	const char *name;
	bool crc;               /* members come with a CRC-32 of their bytes */
	bool wraps;             /* anything can begin like this: the file's
				 * name decides, where nobody named it */
	/* Do the first n (<= 16) bytes of the file look like this format? */
	bool (*probe)(const unsigned char *head, size_t n);
	/* Fills members; sentences without the path. */
	enum status (*list)(struct store *store);
	/* The whole type of an array member, from a bounded part of it. */
	enum status (*type)(struct tensor_type *out, const struct store *store,
		const struct store_member *member);
	/* The member's bytes after the array header (all bytes if it is no
	 * array), CRC checked; *out is malloc'd, *data points into it. */
	enum status (*load)(void **out, const unsigned char **data,
		size_t *bytes, const struct store *store,
		const struct store_member *member);
	/* Reads all of a member and holds it against its CRC, in little memory.
	 * NULL: there is none. */
	enum status (*verify)(const struct store *store,
		const struct store_member *member);
	/* Where a member's bytes begin in the file; STATUS_MISSING where they
	 * are not there as they are. NULL: they never are. */
	enum status (*place)(uint64_t *out, const struct store *store,
		const struct store_member *member);
	/* Bytes from offset on of a member that is deflated, where they can be
	 * read without what lies before (else NULL); no CRC. */
	enum status (*part)(void *out, uint64_t offset, size_t bytes,
		const struct store *store, const struct store_member *member);
};

struct store {
	const struct store_format *format;
	struct source *source;
	struct store_member *members;   /* sorted by name once open */
	size_t member_count;
	size_t member_room;
	void *parts;                    /* the format's own, for free() */
	struct restart_members *restarts;
};

extern const struct store_format *const store_formats[];   /* NULL-ended */

/* Every sentence starts with the path ("run.npz: layers.0/q: ..."). */
enum status store_open(struct store **out, const char *path);

/* In sentences. */
#define STORE_NAMES ".npz, .npy, .npy.gz or .safetensors"

/* Is the file called as one of the formats is (x.npz)? */
bool store_named(const char *path);

/* Does it begin as one of them, whatever it is called? STATUS_FOREIGN where it
 * begins as one that is refused; .npy.gz is not told from other .gz. */
enum status store_recognise(const char *path);

void store_close(struct store *store);
const char *store_path(const struct store *store);

/* What sentences call a member whose name is no stranger's, as meta.json. */
const char *store_member_name(const struct store_member *member);

/* The member of that name, or NULL. */
const struct store_member *store_find(const struct store *store,
	const char *name);

enum status store_type(struct tensor_type *out, const struct store *store,
	const struct store_member *member);

/* A whole array with one reference, the caller's. */
enum status store_load(struct tensor **out, const struct store *store,
	const struct store_member *member);

/* Arrays of fewer bytes are read whole, and their CRC is checked. */
extern size_t store_part_least;         /* for tests to lower */

/* Part of an array. STATUS_MISSING where the member can only be read whole.
 * Nothing checks its CRC. */
enum status store_load_part(struct tensor **out, const struct store *store,
	const struct store_member *member, const struct member_part *part);

/* Could that part be read? */
bool store_has_part(const struct store *store,
	const struct store_member *member, const struct member_part *part);

/* Deflate packs zeros a thousand to one, so a file of megabytes can ask for all
 * memory there is. Of more than STORE_HELD_FREE bytes at once, so many times
 * the bytes in the file must be enough. */
enum { STORE_HELD_FREE = 256 << 20, STORE_HELD_RATIO = 64 };
enum status store_justify(uint64_t bytes, uint64_t stored_bytes);

/* Is the member undamaged, as far as its file can tell? Reads all of it. */
enum status store_verify(const struct store *store,
	const struct store_member *member);

/* A member that is no array: its bytes, NUL-ended, malloc'd. */
enum status store_load_bytes(char **out, size_t *size,
	const struct store *store, const struct store_member *member);

/* Every format's members are few bytes of a file and many in memory; and names
 * are compared, measured and drawn over and over. */
enum { STORE_MEMBERS_MAX = 1 << 17, STORE_NAME_MAX = 4096 };

/* For formats: room for count members, and the next of them (name copied). */
enum status store_reserve(struct store *store, size_t count);
struct store_member *store_add(struct store *store, const char *name,
	size_t name_size);

extern const struct store_format store_npz;
extern const struct store_format store_npy;
extern const struct store_format store_npy_gz;
extern const struct store_format store_safetensors;

#endif
