#include "ui/tty_signal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "core/util.h"
#include "ui/tty_guard.h"

enum { CONTINUE_PATIENCE = 100, BACKGROUND_PATIENCE = 100 };    /* ms */

/* Handlers run in any thread: libraries start some before main() does. */
static atomic_bool requested[SIGNAL_REQUESTS];
static atomic_int end_signal;
static int wake[2] = { -1, -1 };

static void
on_signal(int number)
{
	int error = errno;

	switch (number) {
	case SIGWINCH:
		requested[SIGNAL_RESIZE] = true;
		break;
	case SIGTSTP:
		requested[SIGNAL_STOP] = true;
		break;
	case SIGCONT:
		requested[SIGNAL_CONTINUE] = true;
		break;
	default:
		if (number == SIGINT && end_signal == SIGINT) {
			guard_restore();
			signal(number, SIG_DFL);
			raise(number);
		}
		end_signal = number;
		guard_hurry();
	}
	/* A full pipe is readable: that is all it is for. */
	if (write(wake[1], "", 1) < 0)
		errno = error;
	errno = error;
}

/* Those that end the program interrupt a write that waits. */
static struct handled {
	int number;
	int flags;
	bool ours;
	struct sigaction before;
} handled[] = {
	{ .number = SIGWINCH, .flags = SA_RESTART },
	{ .number = SIGTSTP, .flags = SA_RESTART },
	{ .number = SIGCONT, .flags = SA_RESTART },
	{ .number = SIGTERM }, { .number = SIGHUP }, { .number = SIGINT },
	/* Batch systems warn with these before they kill. */
	{ .number = SIGUSR1 }, { .number = SIGUSR2 }, { .number = SIGXCPU },
	{ .number = SIGALRM },
};

static void
handler_install(struct handled *signal)
{
	struct sigaction action = { .sa_handler = on_signal,
		.sa_flags = signal->flags };

	sigemptyset(&action.sa_mask);
	if (sigaction(signal->number, NULL, &signal->before)
		|| signal->before.sa_handler == SIG_IGN)
		return;
	signal->ours = sigaction(signal->number, &action, NULL) == 0;
}

enum status
signal_open(void)
{
	if (pipe2(wake, O_CLOEXEC | O_NONBLOCK))
		return status_set(STATUS_IO, "no pipe for signals: %s",
			strerror(errno));
	for (int i = 0; i < SIGNAL_REQUESTS; i++)
		requested[i] = false;
	end_signal = 0;
	for (size_t i = 0; i < LENGTH(handled); i++)
		handler_install(&handled[i]);
	return STATUS_OK;
}

void
signal_close(void)
{
	for (size_t i = 0; i < LENGTH(handled); i++) {
		if (handled[i].ours)
			sigaction(handled[i].number, &handled[i].before, NULL);
		handled[i].ours = false;
	}
	for (size_t i = 0; i < LENGTH(wake); i++) {
		if (wake[i] >= 0)
			close(wake[i]);
		wake[i] = -1;
	}
}

void
signal_key_off(int terminal)
{
	struct termios modes;

	if (tcgetattr(terminal, &modes))
		return;
	modes.c_cc[VINTR] = _POSIX_VDISABLE;
	tcsetattr(terminal, TCSADRAIN, &modes);
}

int
signal_fd(void)
{
	return wake[0];
}

void
signal_drain(void)
{
	char bytes[64];

	while (read(wake[0], bytes, sizeof bytes) > 0)
		;
}

bool
signal_take(enum signal_request request)
{
	return atomic_exchange(&requested[request], false);
}

int
signal_end(void)
{
	return end_signal;
}

bool
signal_wait(int milliseconds)
{
	struct pollfd ready = { .fd = wake[0], .events = POLLIN };
	int n = poll(&ready, 1, milliseconds);

	if (n == 0 || (n < 0 && errno != EINTR))
		return false;
	signal_drain();
	return true;
}

void
signal_stop(void)
{
	struct sigaction action = { .sa_handler = SIG_DFL }, before;
	sigset_t stop, mask;

	requested[SIGNAL_CONTINUE] = false;
	sigemptyset(&stop);
	sigaddset(&stop, SIGTSTP);
	sigaction(SIGTSTP, &action, &before);
	pthread_sigmask(SIG_UNBLOCK, &stop, &mask);
	raise(SIGTSTP);
	pthread_sigmask(SIG_SETMASK, &mask, NULL);
	sigaction(SIGTSTP, &before, NULL);
	/* Another thread may be about to tell of SIGCONT. None comes where
	 * there is no shell to stop for: then we have not been stopped. */
	while (!requested[SIGNAL_CONTINUE] && signal_wait(CONTINUE_PATIENCE))
		;
	requested[SIGNAL_STOP] = requested[SIGNAL_CONTINUE] = false;
}

bool
signal_background(int terminal)
{
	pid_t group = tcgetpgrp(terminal);

	if (group < 0 || group == getpgrp())
		return false;
	while (!signal_end() && signal_wait(BACKGROUND_PATIENCE))
		;
	return true;
}
