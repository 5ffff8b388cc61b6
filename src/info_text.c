/*
 * A dump as text: a few lines of facts, a table of layers, what to know about
 * them. Everything printed has been made safe to print by the dump.
 */
#include "src/info.h"

#include <langinfo.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/dump.h"
#include "core/operator.h"
#include "core/text.h"
#include "core/util.h"
#include "ui/canvas.h"
#include "ui/shorten.h"

enum { COLUMNS = 80, NAME_MAX_WIDTH = 32, KIND_WIDTH = 9, HANGING = 6 };

enum { TOKEN_MOST = 400 };

/* What a row takes besides its name and its TSS. */
enum { ROW_WIDTH = 39 };

/* Text in a field of so many columns; printf counts bytes. */
static void
put_left(FILE *stream, const char *text, int columns)
{
	int used = text_width(text);

	fprintf(stream, "%s%*s", text, columns > used ? columns - used : 0, "");
}

/* Text with a gap before it, from column `at` on, broken at blanks or, where
 * `breaks` is ";", only behind those; further lines are indented. */
static void
put_wrapped(FILE *stream, int at, const char *gap, const char *text,
	const char *breaks)
{
	while (*text) {
		size_t n = strcspn(text, breaks);
		char *part;

		n += text[n] == ';';
		part = xstrndup(text, n);
		if (at + (int)strlen(gap) + text_width(part) > COLUMNS
		    && at > HANGING) {
			fprintf(stream, "\n%*s", HANGING, "");
			at = HANGING;
			gap = "";
		}
		fprintf(stream, "%s%s", gap, part);
		at += (int)strlen(gap) + text_width(part);
		text += n + (text[n] == ' ');
		gap = " ";
		free(part);
	}
	putc('\n', stream);
}

static void
put_size(FILE *stream, unsigned long long bytes)
{
	static const char *const units[] = { "bytes", "kB", "MB", "GB", "TB" };
	double value = (double)bytes;
	size_t unit = 0;

	while (value >= 1000 && unit + 1 < LENGTH(units)) {
		value /= 1000;
		unit++;
	}
	fprintf(stream, "%.3g %s", value, units[unit]);
}

static void
put_tokens(FILE *stream, const struct dump *dump)
{
	int at;

	if (!dump->tokens) {
		fputs("  tokens  none\n", stream);
		return;
	}
	at = fprintf(stream, "  tokens  %zu:", dump->token_count);
	for (size_t k = 0; k < dump->token_count; k++) {
		int w = text_width(dump->tokens[k]) + 3;

		/* Any number of combining characters has no width. */
		if (at + w > COLUMNS - 4
		    || strlen(dump->tokens[k]) > TOKEN_MOST) {
			fputs(" ...", stream);
			break;
		}
		fprintf(stream, " \"%s\"", dump->tokens[k]);
		at += w;
	}
	putc('\n', stream);
}

static void
put_list(FILE *stream, const char *title, char *const *lines, size_t count)
{
	for (size_t k = 0; k < count; k++) {
		fputs(k ? "         " : title, stream);
		put_wrapped(stream, 9, " ", lines[k], " ");
	}
}

static void
put_facts(FILE *stream, const struct dump *dump)
{
	fprintf(stream, "%s\n  model   %s\n  size    ", dump->label,
		dump->model ? dump->model : "not named");
	put_size(stream, info_bytes(dump));
	if (dump->store_count > 1)
		fprintf(stream, " in %zu files", dump->store_count);
	putc('\n', stream);
	put_tokens(stream, dump);
	put_list(stream, "  also   ", dump->extras, dump->extra_count);
	put_list(stream, "  note   ", dump->notes, dump->note_count);
}

/* Adds formatted text to *line. */
static void __attribute__((format(printf, 2, 3)))
append(char **line, const char *fmt, ...)
{
	char *more, *longer;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&more, fmt, ap) < 0)
		more = xstrdup("");
	va_end(ap);
	longer = xasprintf("%s%s", *line, more);
	free(*line);
	free(more);
	*line = longer;
}

static bool
same_type(const struct factor *a, const struct factor *b)
{
	char one[TENSOR_TYPE_TEXT], two[TENSOR_TYPE_TEXT];

	if (!a->typed || !b->typed)
		return a->typed == b->typed;
	return !strcmp(tensor_type_text(one, &a->type),
		tensor_type_text(two, &b->type));
}

/* "q k f32 (4, 256, 16); la f32 (4, 256)": neighbours of one type together. */
static char *
factors_line(const struct layer *layer)
{
	char type[TENSOR_TYPE_TEXT];
	char *line = xstrdup("");

	for (size_t k = 0; k < layer->factor_count; k++) {
		const struct factor *factor = &layer->factors[k];
		bool last = k + 1 == layer->factor_count;
		char *name = text_escape(factor->name, strlen(factor->name));

		append(&line, "%s", name);
		if (!last && same_type(factor, factor + 1))
			append(&line, " ");
		else
			append(&line, "%s%s%s", factor->typed ? " " : "",
				factor->typed ? tensor_type_text(type,
				&factor->type) : "", last ? "" : "; ");
		free(name);
	}
	if (layer->is_complex)
		append(&line, "; %s", layer_is_complex(layer)
			? "T is complex" : "T is the real part (re)");
	return line;
}

/* Widths of the columns whose contents vary, and what rows may need a word
 * of explanation for. */
struct columns {
	int name, tss;
	struct shorten shorten;
	bool assumed, shortened;
};

static int
int_max(int a, int b)
{
	return a > b ? a : b;
}

static struct columns
measure(const struct dump *dump)
{
	struct columns columns = {
		.name = 5, .tss = 3, .shorten = shorten_new(dump),
	};
	int longest = 0, room;

	for (size_t k = 0; k < dump->layer_count; k++) {
		const struct layer *layer = &dump->layers[k];
		char tss[INFO_TSS_TEXT];

		longest = int_max(longest, text_width(layer->label));
		if (layer->status)
			continue;
		columns.tss = int_max(columns.tss,
			text_width(info_tss(tss, layer)));
		columns.assumed |= layer->assumed;
	}
	room = COLUMNS - ROW_WIDTH - columns.tss;
	if (room > NAME_MAX_WIDTH)
		room = NAME_MAX_WIDTH;
	columns.shortened = longest > room;
	columns.name = int_max(columns.name,
		columns.shortened ? room : longest);
	return columns;
}

/* The layer's name in the width of its column, for free(). */
static char *
short_name(const struct layer *layer, const struct columns *columns)
{
	return shorten_name(columns->shorten, layer->label, columns->name,
		!strcmp(nl_langinfo(CODESET), "UTF-8"));
}

static void
put_layer(FILE *stream, const struct layer *layer,
	const struct columns *columns)
{
	char tss[INFO_TSS_TEXT], kind[32];
	char *factors, *name = short_name(layer, columns);
	int at = 2 + columns->name;

	fputs("  ", stream);
	put_left(stream, name, columns->name);
	free(name);
	if (layer->status) {
		at += fprintf(stream, "  cannot be used:");
		put_wrapped(stream, at, " ",
			layer_sentence(layer, layer->error), " ");
		return;
	}
	snprintf(kind, sizeof kind, "%s%s", layer->kind->name,
		layer->assumed ? "*" : "");
	at += fprintf(stream, "  %-*s %8zu  %5g %7zu  %*s", KIND_WIDTH,
		kind, layer->channels, layer->width, layer->length,
		columns->tss, info_tss(tss, layer));
	factors = factors_line(layer);
	put_wrapped(stream, at, "  ", factors, ";");
	free(factors);
}

static void
put_layers(FILE *stream, const struct dump *dump,
	const struct columns *columns)
{
	int at = fprintf(stream, "\n  %-*s  %-*s %8s  %5s %7s  %*s",
		columns->name, "LAYER", KIND_WIDTH, "KIND", "CHANNELS",
		"WIDTH", "LENGTH", columns->tss, "TSS") - 1;

	put_wrapped(stream, at, "  ", "FACTORS", " ");
	for (size_t k = 0; k < dump->layer_count; k++)
		put_layer(stream, &dump->layers[k], columns);
	if (columns->assumed)
		fputs("\n  * kind assumed from the factors; meta does not "
			"declare it\n", stream);
	if (columns->shortened)
		fprintf(stream, "%s  names are shortened; info --json has "
			"them whole\n", columns->assumed ? "" : "\n");
}

static bool
has_note(const struct layer *layer, const char *note)
{
	for (size_t k = 0; k < layer->note_count; k++)
		if (!strcmp(layer->notes[k], note))
			return true;
	return false;
}

/* How many of layers begin .. end - 1 have this note. */
static size_t
count_note(const struct dump *dump, size_t begin, size_t end, const char *note)
{
	size_t count = 0;

	for (size_t k = begin; k < end; k++)
		count += has_note(&dump->layers[k], note);
	return count;
}

/* others: how many layers after this one have the note too. */
static void
put_note(FILE *stream, const struct layer *layer, const char *note,
	size_t others, const struct columns *columns)
{
	char *head = short_name(layer, columns);

	if (others)
		append(&head, " and %zu more", others);
	fprintf(stream, "  %s:", head);
	put_wrapped(stream, text_width(head) + 3, " ", note, " ");
	free(head);
}

/* Each note once, with the first layer that has it. */
static void
put_notes(FILE *stream, const struct dump *dump,
	const struct columns *columns)
{
	size_t layers = dump->layer_count;
	bool first = true;

	for (size_t k = 0; k < layers; k++) {
		const struct layer *layer = &dump->layers[k];

		for (size_t n = 0; n < layer->note_count; n++) {
			const char *note = layer->notes[n];
			size_t others = count_note(dump, k + 1, layers, note);

			if (count_note(dump, 0, k, note))
				continue;
			fputs(first ? "\n" : "", stream);
			first = false;
			put_note(stream, layer, note, others, columns);
		}
	}
}

void
info_text(FILE *stream, const struct dump *dump)
{
	struct columns columns = measure(dump);

	put_facts(stream, dump);
	put_layers(stream, dump, &columns);
	put_notes(stream, dump, &columns);
}
