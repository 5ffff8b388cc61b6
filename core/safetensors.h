/*
 * The header of a .safetensors file (github.com/huggingface/safetensors,
 * README "Format"): eight bytes of length, then JSON of one fixed form. What
 * comes out obeys the format's rules: tensors, little-endian in C order, fill
 * the rest of the file without a gap or an overlap, each as long as its dtype
 * and shape say. Sentences name tensors, not the file.
 */
#ifndef CORE_SAFETENSORS_H
#define CORE_SAFETENSORS_H

#include <stdbool.h>
#include <stddef.h>

#include "core/json_text.h"
#include "core/status.h"
#include "core/tensor.h"

struct source;

enum {
	SAFETENSORS_LENGTH_SIZE = 8,
	SAFETENSORS_HEADER_MAX = 100000000, /* the format's own limit */
};

/* A dtype of the format; of some only the size matters. */
struct safetensors_dtype {
	const char *name;
	unsigned bits;
	bool read;
	enum dtype dtype;
};

struct safetensors_entry {
	char *name;
	/* NULL: text of __metadata__, which lies in the header */
	const struct safetensors_dtype *dtype;
	struct tensor_type type; /* rank above the maximum: not read */
	size_t count;		 /* elements */
	size_t begin, end;	 /* in the file */
};

struct safetensors_header {
	struct json_cursor c; /* over its text, which it owns */
	struct safetensors_entry *entries;
	size_t count, room;
	bool metadata; /* has been seen */
};

/* Text of __metadata__ is named by its key: "__metadata__.format". */
enum status safetensors_header_read(
	struct safetensors_header *out, const struct source *source);
void safetensors_header_free(struct safetensors_header *header);

#endif
