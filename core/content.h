/*
 * Which dump a number is of, wherever the file is and whatever it is called:
 * a hash of what the files say of their members, so that nothing is read for
 * it. It is the beginning of the SHA-256 of lines "crc bytes name\n", of all
 * members in the order of their names: the CRC-32 in hexadecimal and the size
 * of the member, uncompressed, in decimal, as `unzip -v` has them. Two dumps
 * that differ share it only if all of their CRC-32 agree.
 */
#ifndef CORE_CONTENT_H
#define CORE_CONTENT_H

#include <stdbool.h>

struct dump;

/* In hexadecimal. */
enum { CONTENT_DIGITS = 16 };

/* False where a file has no CRC-32 of its members: .npy, .safetensors. */
bool content_of(char out[CONTENT_DIGITS + 1], const struct dump *dump);

#endif
