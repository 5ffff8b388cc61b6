/*
 * The header of a .npy array, versions 1 to 3 (numpy/lib/format.py): a Python
 * dict literal with descr, fortran_order and shape in any order.
 */
#ifndef CORE_NPY_H
#define CORE_NPY_H

#include <stddef.h>
#include <stdint.h>

#include "core/status.h"
#include "core/tensor.h"

/* numpy refuses longer headers, and so do we. */
enum { NPY_HEADER_MAX = 12 + 10000 };

/* How many bytes the header takes, from the first 12 (fewer only if the
 * whole array is shorter). */
enum status npy_header_size(size_t *out, const unsigned char *head, size_t n);

/* Parses a whole header of n bytes (npy_header_size of them). A well-formed
 * header of a dtype that is never read (pickled objects, ...): STATUS_TYPE. */
enum status npy_header_parse(struct tensor_type *out,
	const unsigned char *head, size_t n);

/* Is an array of this type and a header of header_size exactly bytes long? */
enum status npy_check_size(const struct tensor_type *type, size_t header_size,
	uint64_t bytes);

#endif
