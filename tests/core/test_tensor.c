#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/tensor.h"
#include "core/util.h"
#include "tests/tap.h"

static struct tensor *
make(enum dtype dtype, size_t item, const void *bytes, size_t n)
{
	struct tensor_type type = {
		.dtype = dtype, .item = item, .rank = 1, .shape = { n },
	};
	void *data = xmalloc(n * item);

	memcpy(data, bytes, n * item);
	tensor_type_measure(&type);
	return tensor_new(&type, data, data);
}

/* Reads bytes as one element of dtype, in both byte orders. */
static bool
reads(enum dtype dtype, size_t item, const void *bytes, double wanted)
{
	unsigned char swapped[16];
	struct tensor *tensor = make(dtype, item, bytes, 1);
	struct slice slice = tensor_slice(tensor);
	double value = slice_get(&slice, 0);
	bool same = memcmp(&value, &wanted, sizeof value) == 0;
	size_t i;

	tensor_unref(tensor);
	for (i = 0; i < item; i++)
		swapped[i] = ((const unsigned char *)bytes)[item - 1 - i];
	tensor = make(dtype, item, swapped, 1);
	tensor->type.big_endian = true;
	slice = tensor_slice(tensor);
	value = slice_get(&slice, 0);
	tensor_unref(tensor);
	return same && memcmp(&value, &wanted, sizeof value) == 0;
}

static void
test_small_floats(void)
{
	static const struct {
		uint16_t bits;
		double value;
	} halves[] = {
		{ 0x0000, 0.0 }, { 0x8000, -0.0 }, { 0x3c00, 1.0 },
		{ 0xc000, -2.0 }, { 0x0001, 0x1p-24 }, { 0x83ff, -0x3ffp-24 },
		{ 0x0400, 0x1p-14 }, { 0x7bff, 65504 }, { 0x7c00, INFINITY },
		{ 0xfc00, -INFINITY }, { 0x3555, 0.333251953125 },
	};
	uint16_t nan_bits = 0x7e00, bf16_bits = 0xc049;
	struct tensor *tensor = make(DTYPE_F16, 2, &nan_bits, 1);
	struct slice slice = tensor_slice(tensor);
	size_t i;

	ok(isnan(slice_get(&slice, 0)), "f16 NaN");
	tensor_unref(tensor);
	for (i = 0; i < LENGTH(halves); i++)
		ok(reads(DTYPE_F16, 2, &halves[i].bits, halves[i].value),
			"f16 %04x is %g", (unsigned)halves[i].bits,
			halves[i].value);
	ok(reads(DTYPE_BF16, 2, &bf16_bits, -3.140625), "bf16 c049 is -3.140625");
}

static void
test_numbers(void)
{
	int8_t i8 = -128;
	int16_t i16 = -32768;
	int32_t i32 = INT32_MIN;
	int64_t i64 = INT64_MIN;
	uint8_t u8 = 255, yes = 2;
	uint16_t u16 = 65535;
	uint32_t u32 = UINT32_MAX;
	uint64_t u64 = UINT64_MAX;
	float f32 = 0.1f;
	double f64 = 0.1;

	ok(reads(DTYPE_BOOL, 1, &yes, 1), "bool");
	ok(reads(DTYPE_I8, 1, &i8, -128), "i8");
	ok(reads(DTYPE_U8, 1, &u8, 255), "u8");
	ok(reads(DTYPE_I16, 2, &i16, -32768), "i16");
	ok(reads(DTYPE_U16, 2, &u16, 65535), "u16");
	ok(reads(DTYPE_I32, 4, &i32, -0x1p31), "i32");
	ok(reads(DTYPE_U32, 4, &u32, 4294967295.0), "u32");
	ok(reads(DTYPE_I64, 8, &i64, -0x1p63), "i64");
	ok(reads(DTYPE_U64, 8, &u64, 0x1p64), "u64 rounds to nearest");
	ok(reads(DTYPE_F32, 4, &f32, (double)0.1f), "f32");
	ok(reads(DTYPE_F64, 8, &f64, 0.1), "f64");
}

/* A 2 x 3 x 4 array holds 0 .. 23 in the order of its file. */
static void
test_strides(void)
{
	unsigned char bytes[24];
	struct tensor *tensor;
	struct slice slice, part;
	double row[4];
	size_t i;

	for (i = 0; i < 24; i++)
		bytes[i] = (unsigned char)i;
	tensor = make(DTYPE_U8, 1, bytes, 24);
	tensor->type.rank = 3;
	memcpy(tensor->type.shape, (size_t[]){ 2, 3, 4 }, 3 * sizeof(size_t));
	slice = tensor_slice(tensor);
	part = slice_at(slice, 1);
	slice_row(row, &part, 2);
	ok(row[0] == 20 && row[3] == 23, "C order: [1][2] is 20..23");
	tensor->type.fortran = true;
	slice = tensor_slice(tensor);
	part = slice_at(slice, 1);
	slice_row(row, &part, 2);
	ok(row[0] == 5 && row[1] == 11 && row[3] == 23,
		"Fortran order: [1][2] is 5, 11, 17, 23");
	part = slice_at(part, 2);
	slice_read(row, &part, 1, 2);
	ok(row[0] == 11 && row[1] == 17, "a run from the middle");
	part.stride[0] = 0;
	slice_read(row, &part, 0, 4);
	ok(row[0] == 5 && row[3] == 5, "a stride of 0 broadcasts");
	tensor_unref(tensor);
}

static void
test_measure(void)
{
	struct tensor_type type = { .item = 8, .rank = 2,
		.shape = { SIZE_MAX / 8, 2 } };

	ok(tensor_type_measure(&type) == STATUS_FORMAT, "bytes that wrap: %s",
		status_text());
	type.shape[0] = 0;
	ok(tensor_type_measure(&type) == STATUS_OK && type.count == 0
		&& type.bytes == 0, "an axis of 0 has no elements");
	type.rank = 0;
	ok(tensor_type_measure(&type) == STATUS_OK && type.count == 1
		&& type.bytes == 8, "rank 0 has one");
}

int
main(void)
{
	test_small_floats();
	test_numbers();
	test_strides();
	test_measure();
	return done();
}
