/*
 * What the makers of dumps share: numbers from their command lines, how they
 * fail, and numbers from seeds.
 */
#ifndef SAMPLES_ARGUMENTS_H
#define SAMPLES_ARGUMENTS_H

#include <stddef.h>
#include <stdint.h>

/* Prints "PROGRAM: SUBJECT: PROBLEM" and exits. */
_Noreturn void arguments_die(int code, const char *subject,
	const char *problem);

/* A whole number from least to 2^30, or dies with 2. */
size_t arguments_count(const char *option, const char *text, size_t least);

/* The next 64 bits; splitmix64 (Steele, Lea and Flood 2014). */
static inline uint64_t
draw_bits(uint64_t *seed)
{
	uint64_t z = *seed += 0x9e3779b97f4a7c15u;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

/* Uniform in -1..1. */
static inline double
draw(uint64_t *seed)
{
	return (double)(draw_bits(seed) >> 11) * 0x1p-52 - 1;
}

#endif
