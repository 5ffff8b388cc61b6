/*
 * A number in digits, as sprintf("%u") writes it, for bytes to a terminal.
 */
#ifndef UI_DIGITS_H
#define UI_DIGITS_H

enum { DIGITS_MOST = 10 };

/* Returns how many; they are not ended. */
int digits_put(char *out, unsigned number);

#endif
