/*
 * SHA-256 (FIPS 180-4), for keys: short texts that have to be told apart
 * without a doubt.
 */
#ifndef CORE_SHA256_H
#define CORE_SHA256_H

#include <stddef.h>
#include <stdint.h>

enum { SHA256_SIZE = 32, SHA256_BLOCK = 64 };

struct sha256 {
	uint32_t state[8];
	uint64_t bytes;                 /* taken so far */
	unsigned char block[SHA256_BLOCK];
};

void sha256_start(struct sha256 *sha);
void sha256_add(struct sha256 *sha, const void *data, size_t size);
void sha256_end(unsigned char out[SHA256_SIZE], struct sha256 *sha);

#endif
