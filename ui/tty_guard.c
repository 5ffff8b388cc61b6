#include "ui/tty_guard.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/util.h"

/* The process has one terminal and one set of signal handlers. */
static struct {
	atomic_int taken;
	char undo[2][UNDO_MAX]; /* one is in force while the other is written */
	atomic_int force;
	int fd;
	struct termios saved;
	int errors;             /* the real standard error, or -1 */
	int held[2];            /* pipe that stands for it */
	atomic_bool hurry;
	atomic_bool stuck;      /* it was waited for once, in vain */
} guard = { .errors = -1 };

/* What a terminal that takes no output is waited for in a hurry. */
enum { HURRY_MS = 2000 };

void
guard_hurry(void)
{
	atomic_store(&guard.hurry, true);
}

/* Can anything be written to it, in a hurry? */
static bool
is_ready(int fd)
{
	struct pollfd ready = { .fd = fd, .events = POLLOUT };
	int n;

	if (atomic_load(&guard.stuck))
		return false;
	do
		n = poll(&ready, 1, HURRY_MS);
	while (n < 0 && errno == EINTR);
	if (n == 0)
		atomic_store(&guard.stuck, true);
	return n != 0;
}

bool
guard_is_stuck(void)
{
	return atomic_load(&guard.hurry) && !is_ready(guard.fd);
}

/* The same terminal, opened once more so that writing to it never waits: the
 * flag would be that of all who have it open. -1: not to be had. */
static int
open_unwaiting(int fd)
{
	char path[] = "/proc/self/fd/0";

	if (fd < 0 || fd > 9)
		return -1;
	path[sizeof path - 2] = (char)('0' + fd);
	return open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

/* As far as it goes at once, or nearly. */
static void
write_hurried(int fd, const char *bytes, size_t size)
{
	int other = open_unwaiting(fd);

	while (size > 0 && is_ready(fd)) {
		ssize_t n = write(other < 0 ? fd : other, bytes, size);

		if (n > 0) {
			bytes += n;
			size -= (size_t)n;
		} else if (n == 0 || (errno != EAGAIN && errno != EINTR)) {
			break;
		}
	}
	if (other >= 0)
		close(other);
}

void
guard_write(int fd, const char *bytes, size_t size)
{
	while (size > 0) {
		ssize_t n;

		if (atomic_load(&guard.hurry)) {
			write_hurried(fd, bytes, size);
			return;
		}
		n = write(fd, bytes, size);

		if (n > 0) {
			bytes += n;
			size -= (size_t)n;
		} else if (n < 0 && errno == EAGAIN) {
			struct pollfd ready = { .fd = fd, .events = POLLOUT };

			poll(&ready, 1, 100);
		} else if (n == 0 || errno != EINTR) {
			return;
		}
	}
}

/* Standard error onto a pipe that nobody waits for: what does not fit into it
 * is lost. Only where it is this very terminal. */
static void
errors_hold(int fd)
{
	struct stat terminal, errors;

	if (fstat(fd, &terminal) || fstat(STDERR_FILENO, &errors)
		|| terminal.st_rdev != errors.st_rdev
		|| !isatty(STDERR_FILENO))
		return;
	if (pipe2(guard.held, O_CLOEXEC | O_NONBLOCK))
		return;
	guard.errors = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
	if (guard.errors >= 0 && dup2(guard.held[1], STDERR_FILENO) >= 0)
		return;
	close(guard.held[0]);
	close(guard.held[1]);
	if (guard.errors >= 0)
		close(guard.errors);
	guard.errors = -1;
}

static void
errors_show(void)
{
	char bytes[512];
	ssize_t n;

	if (guard.errors < 0)
		return;
	dup2(guard.errors, STDERR_FILENO);
	close(guard.errors);
	guard.errors = -1;
	while ((n = read(guard.held[0], bytes, sizeof bytes)) > 0)
		guard_write(STDERR_FILENO, bytes, (size_t)n);
	close(guard.held[0]);
	close(guard.held[1]);
}

/* Other threads may go on drawing until the process is gone; from here on
 * they do not draw on the user's terminal. */
static void
terminal_leave(void)
{
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

	if (null < 0)
		return;
	dup2(null, guard.fd);
	close(null);
}

void
guard_restore(void)
{
	sigset_t ttou, old;
	const char *undo;
	int error = errno;

	if (!atomic_exchange(&guard.taken, 0))
		return;
	/* In the background tcsetattr would stop the dying program. */
	sigemptyset(&ttou);
	sigaddset(&ttou, SIGTTOU);
	pthread_sigmask(SIG_BLOCK, &ttou, &old);
	undo = guard.undo[atomic_load(&guard.force)];
	guard_write(guard.fd, undo, strlen(undo));
	tcsetattr(guard.fd, TCSANOW, &guard.saved);
	terminal_leave();
	errors_show();
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	errno = error;
}

static void
on_fatal_signal(int number)
{
	guard_restore();
	raise(number);          /* its handler is the default again */
}

/* A stack overflow leaves no room for a handler on the stack itself. */
static void
give_signal_stack(void)
{
	static char bytes[1 << 16];
	stack_t stack = { .ss_sp = bytes, .ss_size = sizeof bytes }, old;

	if (sigaltstack(NULL, &old) == 0 && (old.ss_flags & SS_DISABLE))
		sigaltstack(&stack, NULL);
}

static void
install_once(void)
{
	static const int fatal[] = {
		SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSYS, SIGQUIT,
		SIGPIPE, SIGXCPU,
	};
	static bool installed;
	struct sigaction action = { .sa_handler = on_fatal_signal,
		.sa_flags = (int)SA_RESETHAND | SA_ONSTACK };

	if (installed)
		return;
	installed = true;
	sigemptyset(&action.sa_mask);
	give_signal_stack();
	for (size_t i = 0; i < LENGTH(fatal); i++) {
		struct sigaction old;

		/* Somebody else's handler (a sanitizer's) and SIG_IGN stay. */
		if (sigaction(fatal[i], NULL, &old) == 0
			&& old.sa_handler == SIG_DFL)
			sigaction(fatal[i], &action, NULL);
	}
	atexit(guard_restore);
}

void
guard_take(int fd, const struct termios *saved)
{
	install_once();
	guard.fd = fd;
	guard.saved = *saved;
	errors_hold(fd);
	atomic_store(&guard.taken, 1);
}

void
guard_undo(const char *bytes)
{
	int other = !atomic_load(&guard.force);

	snprintf(guard.undo[other], UNDO_MAX, "%s", bytes);
	atomic_store(&guard.force, other);
}

void
guard_release(void)
{
	if (atomic_exchange(&guard.taken, 0))
		errors_show();
}
