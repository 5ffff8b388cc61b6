#include "src/copy.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/state_file.h"
#include "core/text.h"
#include "core/util.h"
#include "ui/canvas.h"
#include "ui/model.h"
#include "ui/tty.h"

/* Terminals take more, but not all of them; a pipe takes as much at once. */
enum { COPY_MAX = 8192, SHOWN = 60 };

/* The path, for free(); NULL where it cannot be written. */
static char *
write_file(const char *text)
{
	char *folder = state_directory("XDG_STATE_HOME", ".local/state");
	char *path = folder ? xasprintf("%s/copied", folder) : NULL;
	char *line = xasprintf("%s\n", text);

	if (path && state_write(path, line, strlen(line))) {
		free(path);
		path = NULL;
	}
	free(line);
	free(folder);
	return path;
}

/* With fd 0 from the pipe; what tmux says is not for our screen. */
static bool
spawn_tmux(pid_t *pid, int from)
{
	char *const arguments[] = { "tmux", "load-buffer", "-w", "-", NULL };
	posix_spawn_file_actions_t actions;
	bool spawned;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, from, STDIN_FILENO);
	posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null",
		O_WRONLY, 0);
	posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null",
		O_WRONLY, 0);
	spawned = !posix_spawnp(pid, "tmux", &actions, NULL, arguments,
		environ);
	posix_spawn_file_actions_destroy(&actions);
	return spawned;
}

/* Nobody waits for tmux: the one before is fetched with the next. The text
 * fits into a pipe, so that writing does not wait either. */
static void
tell_tmux(const char *text)
{
	int ends[2];
	pid_t pid;

	while (waitpid(-1, NULL, WNOHANG) > 0)
		continue;
	if (pipe2(ends, O_CLOEXEC))
		return;
	if (spawn_tmux(&pid, ends[0])) {
		ssize_t written = write(ends[1], text, strlen(text));

		(void)written;          /* it is in the file at any rate */
	}
	close(ends[0]);
	close(ends[1]);
}

/* Short enough to leave room for where it went. */
static char *
shorten(const char *text)
{
	char *safe = text_escape(text, strlen(text)), *shown;

	if (strlen(safe) <= SHOWN)
		return safe;
	shown = xasprintf("%.*s...", SHOWN, safe);
	free(safe);
	return shown;
}

void
copy_turn(struct model *model, struct tty *tty)
{
	char *text = model->wish.copy, *path, *shown;
	bool told;

	if (!text)
		return;
	model->wish.copy = NULL;
	if (strlen(text) > COPY_MAX) {
		model_say(model, true, "too long to copy: %zu bytes, at most "
			"%d", strlen(text), COPY_MAX);
		free(text);
		return;
	}
	path = write_file(text);
	told = tty && tty_copy(tty, text);
	if (tty && getenv("TMUX")) {
		tell_tmux(text);
		told = true;
	}
	shown = shorten(text);
	if (path && told)
		model_say(model, false, "copied, and in %s: %s", path, shown);
	else if (path)
		model_say(model, false, "no clipboard here, but in %s: %s",
			path, shown);
	else
		model_say(model, true, "%s, but in no file (%s): %s", told
			? "copied" : "no clipboard here", status_text(),
			shown);
	free(shown);
	free(path);
	free(text);
}
