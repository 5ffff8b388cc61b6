/* Threads of our own, beside the main one. */
#ifndef CORE_THREAD_H
#define CORE_THREAD_H

#include <pthread.h>
#include <stdbool.h>

/* Starts one with every signal blocked: they are the main thread's. False: there
 * is no thread to be had. */
bool thread_start(pthread_t *out, void *(*run)(void *payload), void *payload);

#endif
