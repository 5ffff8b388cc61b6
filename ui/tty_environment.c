#include "ui/tty_environment.h"

#include <langinfo.h>
#include <locale.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "core/util.h"

const char *
environment_entry(const char *term)
{
	/* Terminals of xterm's kin that bring an entry of their own, which a
	 * remote machine has not got. */
	static const char *const kin[] = {
		"kitty", "ghostty", "alacritty", "foot", "wezterm", "rio",
		"contour",
	};

	if (!strncmp(term, "tmux", 4) || !strncmp(term, "screen", 6))
		return "screen-256color";
	if (!strncmp(term, "xterm", 5))
		return "xterm-256color";
	for (size_t i = 0; i < LENGTH(kin); i++)
		if (strstr(term, kin[i]))
			return "xterm-256color";
	return NULL;
}

bool
environment_repeats(void)
{
	return !getenv("TMUX") && !getenv("STY");
}

static bool
locale_is_utf8(void)
{
	return !strcmp(nl_langinfo(CODESET), "UTF-8");
}

bool
environment_unicode(int glyphs)
{
	if (glyphs == 1)
		return false;
	if (glyphs == 2 && !locale_is_utf8())
		setlocale(LC_CTYPE, "C.UTF-8");
	return locale_is_utf8();
}
