/*
 * A handler may do little: where there is anything to keep it wakes a thread,
 * by a pipe, which does that and then ends the program. What both have to know
 * is in static variables. The second signal does not wait for the thread.
 */
#include "src/ending.h"

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <unistd.h>

#include "core/thread.h"
#include "core/util.h"

/* Whoever types Ctrl-C waits no longer; the points of a few gigabytes are
 * written in a tenth of that. */
static const double keep_seconds = 1;

static const int signals[] = { SIGINT, SIGTERM, SIGHUP };

static const char *volatile doomed;
static volatile sig_atomic_t ended, awake;      /* awake: there is a thread */
static int wake[2];

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static const struct dump_list *kept;            /* under it */

/* The signal's own action, once it is no longer blocked. */
static void
end(int number)
{
	const char *path = doomed;

	if (path)
		unlink(path);
	signal(number, SIG_DFL);
	kill(getpid(), number);
}

static void
handle(int number)
{
	unsigned char byte = (unsigned char)number;
	bool first = !ended;

	ended = 1;
	if (!first || !awake || write(wake[1], &byte, 1) != 1)
		end(number);
}

/* The mutex is never given back: nobody closes what others still read. */
static void *
keep_and_end(void *unused)
{
	unsigned char number;

	(void)unused;
	while (read(wake[0], &number, 1) != 1)
		continue;
	pthread_mutex_lock(&mutex);
	for (size_t k = 0; kept && k < kept->count; k++)
		dump_leave(kept->dumps[k], keep_seconds);
	end(number);
	for (;;)
		pause();
	return NULL;
}

static void
watch_signals(void)
{
	struct sigaction action = {
		.sa_handler = handle, .sa_flags = SA_RESTART,
	}, old;

	sigemptyset(&action.sa_mask);
	for (size_t k = 0; k < LENGTH(signals); k++) {
		/* What nohup(1) ignores stays ignored. */
		if (!sigaction(signals[k], NULL, &old)
			&& old.sa_handler != SIG_IGN)
			sigaction(signals[k], &action, NULL);
	}
}

void
ending_remove(const char *path)
{
	doomed = path;
	if (path)
		watch_signals();
}

/* Without a thread a signal ends at once. */
static void
start_thread(void)
{
	pthread_t thread;

	if (awake || pipe(wake))
		return;
	if (thread_start(&thread, keep_and_end, NULL)) {
		pthread_detach(thread);
		awake = 1;
		return;
	}
	close(wake[0]);
	close(wake[1]);
}

void
ending_keep(const struct dump_list *dumps)
{
	pthread_mutex_lock(&mutex);
	kept = dumps;
	pthread_mutex_unlock(&mutex);
	if (dumps) {
		start_thread();
		watch_signals();
	}
}
