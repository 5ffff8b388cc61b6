/* Base64 (RFC 4648), as terminals take the clipboard. */
#ifndef UI_BASE64_H
#define UI_BASE64_H

#include <stddef.h>

/* With padding and a NUL, for free(). */
char *base64_encode(const char *bytes, size_t size);

#endif
