#include "core/thread.h"

#include <signal.h>
#include <stddef.h>

bool
thread_start(pthread_t *out, void *(*run)(void *payload), void *payload)
{
	sigset_t all, before;
	bool started;

	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	started = !pthread_create(out, NULL, run, payload);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return started;
}
