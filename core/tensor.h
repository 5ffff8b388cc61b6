/*
 * Elements as a file stores them, and windows onto them. Nothing is converted
 * until it is read: a slice turns one run of elements into doubles, exactly
 * (f16, bf16 and f32 are subsets of f64; integers above 2^53 round to nearest).
 * A complex slice is two real ones that are interleaved.
 */
#ifndef CORE_TENSOR_H
#define CORE_TENSOR_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "core/status.h"

enum { TENSOR_RANK_MAX = 8 };

/* name as shown, bytes an element (0: from the file) */
#define DTYPE_INFO(_)  \
	_(BOOL, "bool", 1) \
	_(I8, "i8", 1)     \
	_(U8, "u8", 1)     \
	_(I16, "i16", 2)   \
	_(U16, "u16", 2)   \
	_(I32, "i32", 4)   \
	_(U32, "u32", 4)   \
	_(I64, "i64", 8)   \
	_(U64, "u64", 8)   \
	_(F16, "f16", 2)   \
	_(BF16, "bf16", 2) \
	_(F32, "f32", 4)   \
	_(F64, "f64", 8)   \
	_(C64, "c64", 8)   \
	_(C128, "c128", 16) \
	_(RAW2, "raw16", 2) \
	_(BYTES, "bytes", 0) \
	_(UCS4, "text", 0)

enum dtype {
#define DTYPE_ENUM(name, text, size) DTYPE_##name,
	DTYPE_INFO(DTYPE_ENUM)
#undef DTYPE_ENUM
};

struct tensor_type {
	enum dtype dtype;
	bool big_endian;
	bool fortran;                   /* first axis varies fastest */
	size_t item;                    /* bytes an element */
	int rank;
	size_t shape[TENSOR_RANK_MAX];
	size_t count;                   /* product of shape */
	size_t bytes;                   /* count * item, checked */
};

/* Shared, immutable. */
struct tensor {
	atomic_uint references;
	struct tensor_type type;
	const unsigned char *data;      /* type.bytes of them */
	void *owned;                    /* freed with the last reference */
};

/* Elements of a tensor under strides; borrowed from it. A stride of 0
 * broadcasts. */
struct slice {
	const unsigned char *data;
	enum dtype dtype;
	bool big_endian;
	int rank;
	size_t shape[TENSOR_RANK_MAX];
	size_t stride[TENSOR_RANK_MAX]; /* bytes */
};

const char *dtype_name(enum dtype dtype);
bool dtype_is_real(enum dtype dtype);      /* a real number */
bool dtype_is_complex(enum dtype dtype);

/* Fills count and bytes from item, rank and shape; STATUS_FORMAT when the
 * product does not fit. */
enum status tensor_type_measure(struct tensor_type *type);

/* "f32 (4, 256, 16)" into out; returns out. */
enum { TENSOR_TYPE_TEXT = 220 };
char *tensor_type_text(char out[TENSOR_TYPE_TEXT],
	const struct tensor_type *type);

/* Takes over `owned` (malloc'd); data may point anywhere into it. */
struct tensor *tensor_new(const struct tensor_type *type,
	const unsigned char *data, void *owned);
struct tensor *tensor_ref(struct tensor *tensor);
void tensor_unref(struct tensor *tensor);  /* NULL is fine */

struct slice tensor_slice(const struct tensor *tensor);

/* The slice with its first axis fixed at index (rank falls by one). */
struct slice slice_at(struct slice slice, size_t index);

/* The real or imaginary parts of a complex slice, as a real one. The real part
 * of a real slice is itself. */
enum complex_part { PART_REAL, PART_IMAGINARY };
struct slice slice_part(struct slice slice, enum complex_part part);

/* One element of a rank-1 slice. This and what follows read real slices. */
double slice_get(const struct slice *slice, size_t index);

/* The one element of a rank-0 slice. */
double slice_scalar(struct slice slice);

/* Elements start .. start+n-1 of a rank-1 slice. */
void slice_read(double *out, const struct slice *slice, size_t start, size_t n);

/* Row `index` of a rank-2 slice: shape[1] values. */
void slice_row(double *out, const struct slice *slice, size_t index);

/* The same of a slice that may be real or complex. */
double _Complex slice_get_complex(const struct slice *slice, size_t index);
double _Complex slice_scalar_complex(struct slice slice);
void slice_read_complex(double _Complex *out, const struct slice *slice,
	size_t start, size_t n);
void slice_row_complex(double _Complex *out, const struct slice *slice,
	size_t index);

#endif
