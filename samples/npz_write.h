/*
 * Writes an .npz file member by member, number by number: nothing is held in
 * memory, so a dump may be larger than the machine. Members are stored or
 * deflated, with zip64 sizes always; sizes and CRC are filled in behind.
 *
 * Failures stick: every call after one does nothing, and npz_close tells.
 */
#ifndef SAMPLES_NPZ_WRITE_H
#define SAMPLES_NPZ_WRITE_H

#include <stdbool.h>
#include <stddef.h>

struct npz_writer;

enum { NPZ_RANK_MAX = 4 };

/* bfloat16 has no name in numpy: raw elements of two bytes. */
enum npz_dtype { NPZ_F64, NPZ_F32, NPZ_BF16 };

struct npz_array {
	const char *name;               /* "layers.0/q" */
	enum npz_dtype dtype;
	int rank;
	size_t shape[NPZ_RANK_MAX];
};

/* Deflated at a level of 1 to 9, stored at 0. NULL, with errno set, when the
 * file cannot be made. */
struct npz_writer *npz_create(const char *path, int level);

/* Has a call failed, so that going on is of no use? */
bool npz_failed(const struct npz_writer *npz);

/* The array's numbers follow in C order through npz_put. */
void npz_begin(struct npz_writer *npz, const struct npz_array *array);
void npz_put(struct npz_writer *npz, double value);
void npz_end(struct npz_writer *npz);

/* A string array without axes, as np.savez makes of a str; ASCII only. */
void npz_text(struct npz_writer *npz, const char *name, const char *text);

/* Writes the directory and frees. False, with errno set and the file gone,
 * when anything since npz_create failed. */
bool npz_close(struct npz_writer *npz);

#endif
