#include "src/watch.h"

#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "core/status.h"
#include "core/thread.h"
#include "core/util.h"

/* Seconds between two looks, and for the thread to end at the end. */
enum { PERIOD = 1, PATIENCE = 2 };

struct watch {
	char *const *paths;
	size_t count;
	struct session_options options;
	pthread_t thread;
	pthread_mutex_t lock;           /* of all below */
	pthread_cond_t wake;
	bool stop;
	enum watch_news news;
	char *sentence;
	struct session *opened;         /* with WATCH_OPENED */
	struct session *retired;        /* to be closed */
};

/* What a path looks like from outside. */
struct looks {
	uint64_t sum;
	const char *missing;            /* a path that is not there */
};

static uint64_t
mix(uint64_t hash, uint64_t value)
{
	/* FNV-1a, a word at a time. */
	return (hash ^ value) * 0x100000001b3;
}

static uint64_t
looks_of_file(const char *path, uint64_t seed)
{
	struct stat st;

	for (const char *p = path; *p; p++)
		seed = mix(seed, (unsigned char)*p);
	if (stat(path, &st))
		return seed;
	seed = mix(seed, (uint64_t)st.st_ino);
	seed = mix(seed, (uint64_t)st.st_size);
	seed = mix(seed, (uint64_t)st.st_mtim.tv_sec);
	return mix(seed, (uint64_t)st.st_mtim.tv_nsec);
}

/* In any order: that of readdir may change. */
static uint64_t
looks_of_directory(DIR *directory, const char *path)
{
	const struct dirent *item;
	uint64_t sum = 0;

	while ((item = readdir(directory))) {
		char *file;

		if (item->d_name[0] == '.')
			continue;
		file = xasprintf("%s/%s", path, item->d_name);
		sum += looks_of_file(file, 0xcbf29ce484222325);
		free(file);
	}
	return sum;
}

static struct looks
look(const struct watch *watch)
{
	struct looks looks = { 0xcbf29ce484222325, NULL };

	for (size_t k = 0; k < watch->count; k++) {
		const char *path = watch->paths[k];
		struct stat st;
		DIR *directory;

		if (!strcmp(path, "-"))
			continue;
		if (stat(path, &st)) {
			looks.missing = path;
			continue;
		}
		directory = S_ISDIR(st.st_mode) ? opendir(path) : NULL;
		if (directory) {
			looks.sum = mix(looks.sum,
				looks_of_directory(directory, path));
			closedir(directory);
		} else {
			looks.sum = looks_of_file(path, looks.sum);
		}
	}
	return looks;
}

/* The last news is what counts; a session nobody took is closed here. */
static void
tell(struct watch *watch, enum watch_news news, char *sentence,
	struct session *opened)
{
	struct session *untaken;

	pthread_mutex_lock(&watch->lock);
	untaken = watch->opened;
	free(watch->sentence);
	watch->news = news;
	watch->sentence = sentence;
	watch->opened = opened;
	pthread_mutex_unlock(&watch->lock);
	session_close(untaken);
}

/* Opens everything; false where it cannot be, or has changed meanwhile. */
static bool
reopen(struct watch *watch, uint64_t sum)
{
	struct session *session;

	if (session_open(&session, watch->paths, watch->count,
		watch->options)) {
		tell(watch, WATCH_HALF, xstrdup(status_text()), NULL);
		return false;
	}
	if (look(watch).sum != sum) {
		session_close(session);
		return false;
	}
	tell(watch, WATCH_OPENED, NULL, session);
	return true;
}

/* Sleeps for a period; closes what was retired. False: stop. */
static bool
rest(struct watch *watch)
{
	struct session *retired;
	struct timespec until;
	bool stop;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += PERIOD;
	pthread_mutex_lock(&watch->lock);
	while (!watch->stop && !watch->retired
	    && pthread_cond_timedwait(&watch->wake, &watch->lock, &until)
		!= ETIMEDOUT)
		;
	retired = watch->retired;
	watch->retired = NULL;
	stop = watch->stop;
	pthread_mutex_unlock(&watch->lock);
	session_close(retired);
	return !stop;
}

struct thread_start {
	struct watch *watch;
	uint64_t sum;                   /* of what the caller opens */
};

static void *
run(void *payload)
{
	struct thread_start *start = payload;
	struct watch *watch = start->watch;
	uint64_t shown = start->sum, last = start->sum, tried = start->sum;
	bool gone = false;

	free(start);
	while (rest(watch)) {
		struct looks now = look(watch);

		if (now.missing && !gone)
			tell(watch, WATCH_GONE, xasprintf("%s is gone; what is "
				"shown was read before", now.missing), NULL);
		gone = now.missing != NULL;
		/* Still being written, or nothing new. */
		if (gone || now.sum != last || now.sum == shown
		    || now.sum == tried) {
			if (!gone && now.sum != last)
				tried = shown;
			last = now.sum;
			continue;
		}
		tried = now.sum;
		if (reopen(watch, now.sum))
			shown = now.sum;
	}
	return NULL;
}

static bool
start_thread(struct watch *watch)
{
	struct thread_start *start = xcalloc(1, sizeof *start);
	bool started;

	*start = (struct thread_start){ watch, look(watch).sum };
	started = thread_start(&watch->thread, run, start);
	if (!started)
		free(start);
	return started;
}

struct watch *
watch_start(char *const *paths, size_t count, struct session_options options)
{
	struct watch *watch;

	/* Standard input is read once. */
	for (size_t k = 0; k < count; k++)
		if (!strcmp(paths[k], "-"))
			return NULL;
	watch = xcalloc(1, sizeof *watch);
	watch->paths = paths;
	watch->count = count;
	watch->options = options;
	pthread_mutex_init(&watch->lock, NULL);
	pthread_cond_init(&watch->wake, NULL);
	if (start_thread(watch))
		return watch;
	free(watch);
	return NULL;
}

void
watch_stop(struct watch *watch)
{
	struct timespec until;

	if (!watch)
		return;
	pthread_mutex_lock(&watch->lock);
	watch->stop = true;
	pthread_cond_signal(&watch->wake);
	pthread_mutex_unlock(&watch->lock);
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += PATIENCE;
	/* A file system that does not answer keeps nobody here. */
	if (pthread_timedjoin_np(watch->thread, NULL, &until))
		return;
	session_close(watch->opened);
	session_close(watch->retired);
	free(watch->sentence);
	pthread_mutex_destroy(&watch->lock);
	pthread_cond_destroy(&watch->wake);
	free(watch);
}

enum watch_news
watch_take(struct watch *watch, struct session **session, char **sentence)
{
	enum watch_news news;

	if (!watch || pthread_mutex_trylock(&watch->lock))
		return WATCH_NOTHING;
	/* One at a time is closed: the one before must be gone. */
	news = watch->news == WATCH_OPENED && watch->retired ? WATCH_NOTHING
		: watch->news;
	if (news != WATCH_NOTHING) {
		*session = watch->opened;
		*sentence = watch->sentence;
		watch->news = WATCH_NOTHING;
		watch->opened = NULL;
		watch->sentence = NULL;
	}
	pthread_mutex_unlock(&watch->lock);
	return news;
}

void
watch_retire(struct watch *watch, struct session *session)
{
	pthread_mutex_lock(&watch->lock);
	watch->retired = session;
	pthread_cond_signal(&watch->wake);
	pthread_mutex_unlock(&watch->lock);
}
