/*
 * The clipboard of the machine one sits at, however far away: the terminal is
 * asked to fill it.
 */
#include "ui/tty.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/util.h"
#include "ui/base64.h"
#include "ui/tty_guard.h"

bool
tty_copy(const struct tty *tty, const char *text)
{
	char *coded, *sequence;

	if (!tty_private_modes(tty))
		return false;
	coded = base64_encode(text, strlen(text));
	sequence = xasprintf("\033]52;c;%s\a", coded);
	guard_write(STDOUT_FILENO, sequence, strlen(sequence));
	free(sequence);
	free(coded);
	return true;
}
