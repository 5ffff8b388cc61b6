/* The header of a .npy file, format 1.0. */
#ifndef SRC_ARRAY_H
#define SRC_ARRAY_H

#include <stdio.h>

/* type "f8" or "c16", in this machine's order of bytes; shape "3, 4". */
void array_header(FILE *stream, const char *type, const char *shape);

#endif
