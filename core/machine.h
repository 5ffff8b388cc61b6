/*
 * What this process may use of the machine: of its memory within setrlimit(2)
 * and of its cores within sched_setaffinity(2), and of both within its control
 * groups.
 */
#ifndef CORE_MACHINE_H
#define CORE_MACHINE_H

#include <stddef.h>

/* Bytes; 0 where nobody knows. */
size_t machine_memory(void);

/* At least one; a part of one counts as one. */
size_t machine_cores(void);

#endif
