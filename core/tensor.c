#include "core/tensor.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/complex_value.h"
#include "core/util.h"

static const char *const names[] = {
#define DTYPE_NAME(name, text, size) [DTYPE_##name] = text,
	DTYPE_INFO(DTYPE_NAME)
#undef DTYPE_NAME
};

const char *
dtype_name(enum dtype dtype)
{
	return names[dtype];
}

bool
dtype_is_real(enum dtype dtype)
{
	return dtype <= DTYPE_F64;
}

bool
dtype_is_complex(enum dtype dtype)
{
	return dtype == DTYPE_C64 || dtype == DTYPE_C128;
}

enum status
tensor_type_measure(struct tensor_type *type)
{
	size_t count = 1, bytes;
	int i;

	for (i = 0; i < type->rank; i++) {
		if (type->shape[i] == 0) {
			type->count = type->bytes = 0;
			return STATUS_OK;
		}
	}
	for (i = 0; i < type->rank; i++) {
		if (!size_mul(&count, count, type->shape[i]))
			break;
	}
	if (i < type->rank || !size_mul(&bytes, count, type->item)) {
		char text[TENSOR_TYPE_TEXT];

		return status_set(STATUS_FORMAT, "%s is larger than any memory",
			tensor_type_text(text, type));
	}
	type->count = count;
	type->bytes = bytes;
	return STATUS_OK;
}

char *
tensor_type_text(char out[TENSOR_TYPE_TEXT], const struct tensor_type *type)
{
	size_t used;
	int i;

	used = (size_t)snprintf(out, TENSOR_TYPE_TEXT, "%s (",
		dtype_name(type->dtype));
	for (i = 0; i < type->rank; i++)
		used += (size_t)snprintf(out + used, TENSOR_TYPE_TEXT - used,
			"%s%zu", i ? ", " : "", type->shape[i]);
	snprintf(out + used, TENSOR_TYPE_TEXT - used, "%s",
		type->rank == 1 ? ",)" : ")");
	return out;
}

struct tensor *
tensor_new(const struct tensor_type *type, const unsigned char *data,
	void *owned)
{
	struct tensor *tensor = xmalloc(sizeof *tensor);

	atomic_init(&tensor->references, 1);
	tensor->type = *type;
	tensor->data = data;
	tensor->owned = owned;
	return tensor;
}

struct tensor *
tensor_ref(struct tensor *tensor)
{
	atomic_fetch_add_explicit(&tensor->references, 1, memory_order_relaxed);
	return tensor;
}

void
tensor_unref(struct tensor *tensor)
{
	if (!tensor || atomic_fetch_sub_explicit(&tensor->references, 1,
		memory_order_acq_rel) != 1)
		return;
	free(tensor->owned);
	free(tensor);
}

/* Strides of a tensor without elements may wrap; nothing is read by them. */
struct slice
tensor_slice(const struct tensor *tensor)
{
	const struct tensor_type *type = &tensor->type;
	struct slice slice = {
		.data = tensor->data,
		.dtype = type->dtype,
		.big_endian = type->big_endian,
		.rank = type->rank,
	};
	size_t step = type->item;
	int i;

	for (i = 0; i < type->rank; i++) {
		int axis = type->fortran ? i : type->rank - 1 - i;

		slice.shape[axis] = type->shape[axis];
		slice.stride[axis] = step;
		step *= type->shape[axis];
	}
	return slice;
}

struct slice
slice_at(struct slice slice, size_t index)
{
	slice.data += index * slice.stride[0];
	slice.rank--;
	memmove(slice.shape, slice.shape + 1,
		(size_t)slice.rank * sizeof slice.shape[0]);
	memmove(slice.stride, slice.stride + 1,
		(size_t)slice.rank * sizeof slice.stride[0]);
	return slice;
}

/* One element's bits to a double, for each dtype. */

static double
from_bool(uint8_t bits)
{
	return bits != 0;
}

static double
from_i8(uint8_t bits)
{
	return (int8_t)bits;
}

static double
from_u8(uint8_t bits)
{
	return bits;
}

static double
from_i16(uint16_t bits)
{
	return (int16_t)bits;
}

static double
from_u16(uint16_t bits)
{
	return bits;
}

static double
from_i32(uint32_t bits)
{
	return (int32_t)bits;
}

static double
from_u32(uint32_t bits)
{
	return bits;
}

static double
from_i64(uint64_t bits)
{
	return (double)(int64_t)bits;
}

static double
from_u64(uint64_t bits)
{
	return (double)bits;
}

static double
from_f64(uint64_t bits)
{
	double value;

	memcpy(&value, &bits, sizeof value);
	return value;
}

static double
from_f32(uint32_t bits)
{
	float value;

	memcpy(&value, &bits, sizeof value);
	return (double)value;
}

static double
from_bf16(uint16_t bits)
{
	return from_f32((uint32_t)bits << 16);
}

/* 1 sign, 5 exponent (bias 15) and 10 fraction bits. */
static double
from_f16(uint16_t bits)
{
	uint64_t sign = (uint64_t)(bits >> 15) << 63;
	uint64_t exponent = (bits >> 10) & 31, fraction = bits & 1023;

	if (exponent == 0)
		return (sign ? -0x1p-24 : 0x1p-24) * (double)fraction;
	exponent = exponent == 31 ? 2047 : exponent + 1023 - 15;
	return from_f64(sign | exponent << 52 | fraction << 42);
}

double
slice_scalar(struct slice slice)
{
	slice.rank = 1;
	slice.shape[0] = 1;
	slice.stride[0] = 0;
	return slice_get(&slice, 0);
}

/* n elements, stride bytes apart, in the host's or the other byte order. */
struct run {
	const unsigned char *data;
	size_t stride;
	size_t n;
	bool swap;
};

#define SWAP8(v) (v)
#define SWAP16(v) __builtin_bswap16(v)
#define SWAP32(v) __builtin_bswap32(v)
#define SWAP64(v) __builtin_bswap64(v)

#define READER(name, bits)                                           \
	static void                                                  \
	read_##name(double *out, const struct run *run)              \
	{                                                            \
		const unsigned char *p = run->data;                  \
		size_t i;                                            \
                                                                     \
		for (i = 0; i < run->n; i++, p += run->stride) {     \
			uint##bits##_t value;                        \
                                                                     \
			memcpy(&value, p, sizeof value);             \
			if (run->swap)                               \
				value = SWAP##bits(value);           \
			out[i] = from_##name(value);                 \
		}                                                    \
	}

READER(bool, 8)
READER(i8, 8)
READER(u8, 8)
READER(i16, 16)
READER(u16, 16)
READER(i32, 32)
READER(u32, 32)
READER(i64, 64)
READER(u64, 64)
READER(f16, 16)
READER(bf16, 16)
READER(f32, 32)
READER(f64, 64)

/* What most factors are, side by side and in this host's order: eight at a
 * time, which compilers turn into vectors. */
static void
read_packed_f32(double *out, const unsigned char *data, size_t n)
{
	float some[8];
	size_t i = 0;

	for (; i + LENGTH(some) <= n; i += LENGTH(some)) {
		memcpy(some, data + i * sizeof *some, sizeof some);
		for (size_t k = 0; k < LENGTH(some); k++)
			out[i + k] = (double)some[k];
	}
	for (; i < n; i++) {
		memcpy(some, data + i * sizeof *some, sizeof *some);
		out[i] = (double)*some;
	}
}

static void (*const readers[])(double *out, const struct run *run) = {
	[DTYPE_BOOL] = read_bool,
	[DTYPE_I8] = read_i8,
	[DTYPE_U8] = read_u8,
	[DTYPE_I16] = read_i16,
	[DTYPE_U16] = read_u16,
	[DTYPE_I32] = read_i32,
	[DTYPE_U32] = read_u32,
	[DTYPE_I64] = read_i64,
	[DTYPE_U64] = read_u64,
	[DTYPE_F16] = read_f16,
	[DTYPE_BF16] = read_bf16,
	[DTYPE_F32] = read_f32,
	[DTYPE_F64] = read_f64,
};

void
slice_read(double *out, const struct slice *slice, size_t start, size_t n)
{
	struct run run = {
		.data = slice->data + start * slice->stride[0],
		.stride = slice->stride[0],
		.n = n,
		.swap = slice->big_endian
			!= (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__),
	};

	if (slice->dtype == DTYPE_F32 && !run.swap
	    && run.stride == sizeof(float))
		read_packed_f32(out, run.data, n);
	else
		readers[slice->dtype](out, &run);
}

double
slice_get(const struct slice *slice, size_t index)
{
	double value;

	slice_read(&value, slice, index, 1);
	return value;
}

void
slice_row(double *out, const struct slice *slice, size_t index)
{
	struct slice row = slice_at(*slice, index);

	slice_read(out, &row, 0, row.shape[0]);
}

struct slice
slice_part(struct slice slice, enum complex_part part)
{
	if (!dtype_is_complex(slice.dtype))
		return slice;
	slice.dtype = slice.dtype == DTYPE_C64 ? DTYPE_F32 : DTYPE_F64;
	if (part == PART_IMAGINARY)
		slice.data += slice.dtype == DTYPE_F32 ? 4 : 8;
	return slice;
}

void
slice_read_complex(double _Complex *out, const struct slice *slice,
	size_t start, size_t n)
{
	struct slice re = slice_part(*slice, PART_REAL);
	struct slice im = slice_part(*slice, PART_IMAGINARY);
	double real[64], imaginary[64] = { 0 };

	for (size_t done = 0; done < n; done += LENGTH(real)) {
		size_t some = size_min(n - done, LENGTH(real));

		slice_read(real, &re, start + done, some);
		if (dtype_is_complex(slice->dtype))
			slice_read(imaginary, &im, start + done, some);
		for (size_t k = 0; k < some; k++)
			out[done + k] = CMPLX(real[k], imaginary[k]);
	}
}

double _Complex
slice_get_complex(const struct slice *slice, size_t index)
{
	double _Complex value;

	slice_read_complex(&value, slice, index, 1);
	return value;
}

double _Complex
slice_scalar_complex(struct slice slice)
{
	slice.rank = 1;
	slice.shape[0] = 1;
	slice.stride[0] = 0;
	return slice_get_complex(&slice, 0);
}

void
slice_row_complex(double _Complex *out, const struct slice *slice,
	size_t index)
{
	struct slice row = slice_at(*slice, index);

	slice_read_complex(out, &row, 0, row.shape[0]);
}
