/*
 * The help screen: what the numbers mean and what the keys do, made from the
 * tables the program itself runs on (commands, key bindings, measures, kinds
 * of operators), so that it cannot say anything else.
 */
#include "ui/view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/operator.h"
#include "core/util.h"
#include "ui/command.h"
#include "ui/definition.h"
#include "ui/glyph.h"
#include "ui/help_colours.h"
#include "ui/help_page.h"
#include "ui/keymap.h"
#include "ui/measure_table.h"

enum {
	TEXT_WIDTH = 74, INDENT = 2, KEYS_WIDTH = 14, NAME_WIDTH = 19,
	LINE_TEXT = 256,
};

/* What is to be seen. */
struct entry {
	const char *label, *text;
};

static const struct entry overview[] = {
	{ "map", "channels (or heads) down, positions across; bright is more "
		"state in use" },
	{ "spectrum", "why: the singular values at the cursor; those above "
		"the tolerance line are counted" },
	{ "profile", "the cursor's channel over positions, and the text: the "
		"past bright, the future dim, token i marked" },
	{ "operator", "T itself (o), in the map's place: outputs down, inputs "
		"across, and the block H_i outlined" },
	{ "tolerance", "what counts: [ ] moves it, everything follows" },
};

/* "h Left", from the bindings as they are now. */
static void
keys_text(char out[LINE_TEXT], struct keymap *keymap,
	const struct command *command)
{
	const char *key;
	size_t used = 0;

	out[0] = '\0';
	for (size_t k = 0; (key = keymap_key(keymap, command, k)); k++)
		used += (size_t)snprintf(out + used, LINE_TEXT - used, "%s%s",
			k ? " " : "", key);
}

static void
add_command(struct help_page *page, struct keymap *keymap,
	const struct command *command)
{
	const int label_width = KEYS_WIDTH + NAME_WIDTH + 5;
	char keys[LINE_TEXT], label[2 * LINE_TEXT];

	keys_text(keys, keymap, command);
	snprintf(label, sizeof label, "%-*s :%s %s",
		help_narrow(page, label_width) ? 0 : KEYS_WIDTH, keys,
		command->name, command->argument);
	help_entry(page, label, command->help, label_width);
}

/* What the line at the bottom says of the pane, in full. */
static void
add_view(struct help_page *page, const struct model *model)
{
	const struct view_kind *view = views[model->focus];
	char title[LINE_TEXT];

	snprintf(title, sizeof title, "In this pane: %s", view->title);
	help_heading(page, title);
	for (const struct view_hint *hint = view->hints; hint->label; hint++)
		for (size_t k = 0; k < LENGTH(hint->commands)
			&& hint->commands[k]; k++)
			add_command(page, model->keymap,
				command_find(hint->commands[k]));
}

static void
add_commands(struct help_page *page, struct keymap *keymap,
	enum command_group group)
{
	help_heading(page, command_group_title(group));
	for (size_t i = 0; i < command_count; i++)
		if (commands[i].group == group)
			add_command(page, keymap, &commands[i]);
}

static struct help_page
page_new(const struct model *model, struct rect rect)
{
	struct help_page page = { .width = rect.columns - INDENT };

	if (page.width > TEXT_WIDTH)
		page.width = TEXT_WIDTH;

	if (model->page == PAGE_COLOURS) {
		help_colours(&page, model);
		return page;
	}
	if (model->page == PAGE_MARKS) {
		help_marks(&page, model);
		return page;
	}
	if (model->page == PAGE_UNMATCHED) {
		help_unmatched(&page, model);
		return page;
	}
	if (model->page == PAGE_DEFINE) {
		help_define(&page, model);
		return page;
	}
	help_heading(&page, "What you see");
	for (size_t i = 0; i < LENGTH(overview); i++)
		help_entry(&page, overview[i].label, overview[i].text, 13);
	add_view(&page, model);
	for (int g = 0; g < COMMAND_GROUPS; g++)
		add_commands(&page, model->keymap, (enum command_group)g);
	help_heading(&page, "Mouse");
	help_entry(&page, "tolerance", "click, drag or wheel on its track", 13);
	help_entry(&page, "panes", "click or drag moves the cursor; "
		"Shift-drag selects text as usual", 13);
	help_entry(&page, "overview", "zoomed in, below the map: click or drag "
		"moves the window", 13);
	help_heading(&page, "What the numbers are");
	for (size_t i = 0; i < definition_count; i++)
		help_entry(&page, definitions[i].name, definitions[i].text, 13);
	for (size_t i = 0; i < measure_kind_count; i++)
		help_entry(&page, measure_kinds[i].name,
			measure_kinds[i].formula, 13);
	help_heading(&page, "Kinds of operators, T[i][j] for j <= i");
	for (size_t i = 0; operator_kinds[i]; i++)
		help_entry(&page, operator_kinds[i]->name,
			operator_kinds[i]->formula, 13);
	return page;
}

/* Lines on the screen at once: side by side where it is wide. */
static int
columns_of(struct rect rect)
{
	int columns = rect.columns / (TEXT_WIDTH + 4);

	return columns > 1 ? columns : 1;
}

static void
draw_line(struct canvas *canvas, struct rect at, const struct help_line *line)
{
	canvas_text(canvas, at.row, at.column, at.columns, line->ink,
		COLOUR_DEFAULT, 0, line->text);
	if (line->ramp)
		help_draw_ramp(canvas, at, line->ramp);
	canvas_text(canvas, at.row, at.column, at.columns,
		line->heading ? COLOUR_TITLE : COLOUR_ACCENT, COLOUR_DEFAULT,
		line->heading ? CELL_UNDERLINE : 0, line->label);
}

/* What was looked for, where it stands on the line. */
static void
light(struct canvas *canvas, struct rect at, const char *needle,
	const struct help_line *line)
{
	const char *text = line->label;
	const char *found = strcasestr(text, needle);
	char *before;
	int column, width;

	if (!found) {
		text = line->text;
		found = strcasestr(text, needle);
	}
	if (!found)
		return;
	before = xstrndup(text, (size_t)(found - text));
	column = text_width(before);
	free(before);
	before = xstrndup(found, strlen(needle));
	width = text_width(before);
	free(before);
	for (int i = column; i < column + width && i < at.columns; i++) {
		struct cell *cell = canvas_cell(canvas, at.row, at.column + i);

		if (cell)
			cell->attributes |= CELL_REVERSE;
	}
}

static const char *const page_titles[] = {
	[PAGE_HELP] = "HELP", [PAGE_MARKS] = "MARKS",
	[PAGE_UNMATCHED] = "A AND B",
	[PAGE_DEFINE] = "DEFINITIONS", [PAGE_COLOURS] = "COLOURS",
};

static void
draw_title(struct canvas *canvas, struct rect rect, const char *title,
	int first, int last, int count)
{
	canvas_fill(canvas, (struct rect){ rect.row, rect.column, 1,
		rect.columns }, glyph_get(GLYPH_RULE_H, canvas->look.unicode),
		COLOUR_DIM, COLOUR_DEFAULT);
	canvas_format(canvas, rect.row, rect.column, rect.columns,
		COLOUR_ACCENT, COLOUR_DEFAULT, CELL_BOLD,
		first == 0 && last >= count ? " %s " : " %s  %d-%d of %d %s",
		title, first + 1, last < count ? last : count, count,
		last < count ? "lines, more below " : "lines, the end ");
}

static void
draw(struct canvas *canvas, struct rect rect, const struct model *model)
{
	struct help_page page = page_new(model, rect);
	int side = columns_of(rect), first = model->help_row;

	draw_title(canvas, rect, page_titles[model->page], first, first + (rect.rows - 1) * side,
		page.count);
	rect = view_body(rect);
	for (int i = 0; i < rect.rows * side && first + i < page.count; i++) {
		struct rect at = {
			rect.row + i % rect.rows,
			rect.column + 1 + i / rect.rows * (rect.columns / side),
			1, rect.columns / side - 1,
		};

		draw_line(canvas, at, &page.lines[first + i]);
		if (first + i == model->help_match && model->help_needle)
			light(canvas, at, model->help_needle,
				&page.lines[first + i]);
	}
	help_page_done(&page);
}

static bool
line_holds(const struct help_line *line, const char *needle)
{
	return strcasestr(line->label, needle)
		|| strcasestr(line->text, needle);
}

/* To the next line that holds what is looked for, round and round; it comes
 * into sight below its heading. */
static void
seek(struct model *model, const struct help_page *page, int shown)
{
	int at = model->help_match;

	if (at < 0 || at < model->help_row || at >= model->help_row + shown)
		at = model->help_row - (model->help_seek > 0);
	for (int n = 0; n < page->count; n++) {
		at = (at + model->help_seek + page->count) % page->count;
		if (!line_holds(&page->lines[at], model->help_needle))
			continue;
		model->help_match = at;
		if (at < model->help_row || at >= model->help_row + shown)
			model->help_row = at - 2;
		return;
	}
	model_say(model, true, "nothing here holds \"%s\"",
		model->help_needle);
}

void
view_help_clamp(struct model *model, struct rect rect)
{
	struct help_page page = page_new(model, rect);
	int shown = (rect.rows - 1) * columns_of(rect);
	int last = page.count - shown;

	if (model->help_seek && page.count)
		seek(model, &page, shown);
	model->help_seek = 0;
	help_page_done(&page);
	if (model->help_row > last)
		model->help_row = last;
	if (model->help_row < 0)
		model->help_row = 0;
}

static void
wheel(struct model *model, struct rect rect, int steps)
{
	(void)rect;
	model->help_row += 3 * steps;
}

static const struct view_hint hints[] = {
	{ { "down", "up" }, "scroll", NULL, false },
	{ { "next-layer", "previous-layer" }, "page", NULL, false },
	{ { "find", "find-next", "find-previous" }, "find", NULL, false },
	{ { NULL }, NULL, NULL, false },
};

const struct view_kind view_help = {
	.name = "help",
	.title = "HELP",
	.hints = hints,
	.rows_min = 1,
	.columns_min = 1,
	.draw = draw,
	.wheel = wheel,
};
