/*
 * What went wrong, once, where it happened. A function that can fail returns
 * an enum status (0 = fine) and leaves one sentence in this thread's slot;
 * callers pass the code up and may prefix where it was. Only programs print.
 */
#ifndef CORE_STATUS_H
#define CORE_STATUS_H

/* name, what it means */
#define STATUS_INFO(_)                                                     \
	_(OK, "no error")                                                  \
	_(USAGE, "the request itself is wrong")                            \
	_(IO, "the system refused to read or write")                       \
	_(FORMAT, "a file does not hold what it should")                   \
	_(FOREIGN, "a file of another program's format")                   \
	_(TYPE, "an array of a type that is never read")                   \
	_(MISSING, "what was asked for is not there")                      \
	_(VALUE, "a factor holds a value its operator cannot have")        \
	_(MEMORY, "not enough memory")                                     \
	_(NUMERIC, "LAPACK did not converge")                              \
	_(CANCELLED, "no longer wanted")

enum status {
#define STATUS_ENUM(name, text) STATUS_##name,
	STATUS_INFO(STATUS_ENUM)
#undef STATUS_ENUM
};

/* Sets this thread's sentence and returns code, so that a failing function
 * can end in `return status_set(...)`. */
enum status status_set(enum status code, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Puts a place ("run.npz", "run.npz: layers.0/q") and ": " before the present
 * sentence; returns code. Does nothing for STATUS_OK. */
enum status status_at(enum status code, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* This thread's last sentence, without a final newline; never NULL. Valid
 * until the next status call in this thread: copy it before handing it on. */
const char *status_text(void);

#endif
