#include "ui/phrase.h"

#include <stdlib.h>
#include <string.h>

#include "core/util.h"
#include "ui/command.h"

static const char digits[] = "0123456789";

static bool
takes_all(const char *line, const struct phrase *phrase)
{
	char *name = xstrndup(line + phrase->name,
		phrase->name_end - phrase->name);
	const struct command *command = command_find(name);

	free(name);
	return command && strstr(command->argument, "TEXT");
}

/* The byte after an argument at p: at a ';' outside of quotes, or the end. */
static size_t
argument_end(const char *line, size_t p)
{
	bool quoted = false;

	for (; line[p] && (quoted || line[p] != ';'); p++) {
		if (line[p] == '"')
			quoted = !quoted;
		else if (quoted && line[p] == '\\' && line[p + 1])
			p++;
	}
	return p;
}

bool
phrase_next(struct phrase *out, const char *line, size_t from)
{
	struct phrase phrase;
	size_t p = from + strspn(line + from, " \t:;");

	if (!line[p])
		return false;
	phrase.number = p;
	p += strspn(line + p, digits);
	phrase.number_end = p;
	p += strspn(line + p, " \t");
	phrase.name = p;
	p += line[p] == '/' ? 1 : strcspn(line + p, " \t;");
	phrase.name_end = p;
	p += strspn(line + p, " \t");
	phrase.argument = p;
	phrase.all = line[phrase.name] == '/' || takes_all(line, &phrase);
	if (phrase.all) {
		p += strlen(line + p);
	} else {
		p = argument_end(line, p);
		while (p > phrase.argument && strchr(" \t", line[p - 1]))
			p--;
	}
	phrase.end = p;
	*out = phrase;
	return true;
}

char *
phrase_argument(const struct phrase *phrase, const char *line)
{
	const char *p = line + phrase->argument, *end = line + phrase->end;
	char *out = xstrndup(p, (size_t)(end - p)), *to = out;

	if (phrase->all || *p != '"')
		return out;
	for (p++; p < end && *p != '"'; p++) {
		if (*p == '\\' && p + 1 < end)
			p++;
		*to++ = *p;
	}
	*to = '\0';
	return out;
}

char *
phrase_quote(const char *text)
{
	size_t n = strlen(text);
	char *out, *to;

	if (n && !strpbrk(text, ";\"\\") && !strchr(" \t", text[0])
	    && !strchr(" \t", text[n - 1]))
		return xstrdup(text);
	to = out = xmalloc(2 * n + 3);
	*to++ = '"';
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			*to++ = '\\';
		*to++ = *text;
	}
	*to++ = '"';
	*to = '\0';
	return out;
}
