/*
 * Prints the definitions of the screen (ui/definition.c) as mdoc, for
 * esscope(1).
 */
#include <stdio.h>

#include "ui/definition.h"
#include "ui/measure_table.h"

/* Safe from being taken for a macro, a request or an escape. */
static void
print_text(const char *text)
{
	fputs("\\&", stdout);
	for (; *text; text++) {
		if (*text == '\\')
			fputs("\\e", stdout);
		else if (*text == '-')
			fputs("\\-", stdout);
		else
			putchar(*text);
	}
}

static void
print_entry(const char *name, const char *text)
{
	printf(".It Li \"");
	print_text(name);
	puts("\"");
	print_text(text);
	puts(".");
}

int
main(void)
{
	puts(".Bl -tag -width Ds -compact");
	for (size_t i = 0; i < measure_kind_count; i++)
		print_entry(measure_kinds[i].name, measure_kinds[i].formula);
	for (size_t i = 0; i < definition_count; i++)
		print_entry(definitions[i].name, definitions[i].text);
	puts(".El");
	return 0;
}
