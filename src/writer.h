/*
 * Rows of values as text. A format is one const table here and one file
 * (writer_*.c). Text values come as text_escape makes them; each format writes
 * the text they stand for in its own way, none of it an escape sequence.
 */
#ifndef SRC_WRITER_H
#define SRC_WRITER_H

#include <stddef.h>
#include <stdio.h>

struct value {
	enum { VALUE_NONE, VALUE_TEXT, VALUE_COUNT, VALUE_REAL } kind;
	union {
		const char *text;       /* borrowed until the row is written */
		size_t count;
		double real;
	};
};

struct writer {
	const char *name;               /* as in --format */
	void (*header)(FILE *stream, char *const *names, size_t count);
	void (*row)(FILE *stream, char *const *names,
		const struct value *values, size_t count);
};

extern const struct writer writer_tsv, writer_csv, writer_jsonl;

/* NULL-ended; the first is the default. */
extern const struct writer *const writers[];

/* A number so that it reads back exactly: %.17g; integers as integers. */
void writer_number(FILE *stream, const struct value *value);

#endif
