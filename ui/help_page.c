#include "ui/help_page.h"

#include <stdlib.h>
#include <string.h>

#include "core/util.h"
#include "ui/canvas.h"

enum { TEXT_MIN = 24, INDENT = 2 };

static void
add(struct help_page *page, bool heading, const char *label, const char *text)
{
	page->lines = xreallocarray(page->lines, (size_t)page->count + 1,
		sizeof *page->lines);
	page->lines[page->count++] = (struct help_line){
		.heading = heading, .label = xstrdup(label),
		.text = xstrdup(text),
	};
}

void
help_heading(struct help_page *page, const char *text)
{
	if (page->count)
		add(page, false, "", "");
	add(page, true, text, "");
}

bool
help_narrow(const struct help_page *page, int label_width)
{
	return page->width - label_width < TEXT_MIN;
}

void
help_entry(struct help_page *page, const char *label, const char *text,
	int label_width)
{
	size_t width;

	if (help_narrow(page, label_width)) {
		add(page, false, label, "");
		label = "";
		label_width = INDENT;
	}
	if (text_width(label) >= label_width) {
		add(page, false, label, "");
		label = "";
	}
	width = page->width > INDENT + label_width
		? (size_t)(page->width - label_width) : INDENT;
	do {
		size_t n = strlen(text);
		char *line;

		if (n > width) {
			n = width;
			while (n > 0 && text[n] != ' ')
				n--;
			n = n ? n : width;
			while (n > 1 && (text[n] & 0xc0) == 0x80)
				n--;
		}
		line = xasprintf("%*s%.*s", label_width, "", (int)n, text);
		add(page, false, label, line);
		free(line);
		label = "";
		text += n;
		text += strspn(text, " ");
	} while (*text);
}

void
help_page_done(struct help_page *page)
{
	for (int i = 0; i < page->count; i++) {
		free(page->lines[i].label);
		free(page->lines[i].text);
	}
	free(page->lines);
}
