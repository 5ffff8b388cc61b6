/*
 * CRC-32 as zip has it; by libdeflate, which takes a fifth of zlib's time,
 * where it is there.
 */
#ifndef CORE_CRC_H
#define CORE_CRC_H

#include "config.h"

#include <stddef.h>
#include <stdint.h>
#ifdef HAVE_LIBDEFLATE
#include <libdeflate.h>
#else
#include <zlib.h>
#endif

/* crc goes on over more bytes; it starts at 0. */
static inline uint32_t
crc_extend(uint32_t crc, const void *bytes, size_t size)
{
#ifdef HAVE_LIBDEFLATE
	return libdeflate_crc32(crc, bytes, size);
#else
	return (uint32_t)crc32_z(crc, bytes, size);
#endif
}

#endif
