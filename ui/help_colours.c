/*
 * :colortest: every ramp this terminal has, level by level, the colour of each
 * purpose and every glyph, so that one chooses by eye what one can see. Ramps
 * of other palettes are of no look: their colours are drawn as they are.
 */
#include "ui/help_colours.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util.h"
#include "ui/canvas.h"
#include "ui/glyph.h"
#include "ui/heatmap.h"
#include "ui/model.h"
#include "ui/utf8.h"

enum { LABEL_WIDTH = 14, STEP_MOST = 3, TEXT = 160 };

/* Of the map now; of values with a sign. */
enum { PRESENT = -1, SIDES = -2 };

static void
add_ramp(struct help_page *page, const char *label, int ramp)
{
	help_entry(page, label, "", LABEL_WIDTH);
	page->lines[page->count - 1].ramp = ramp;
}

static void
add_ramps(struct help_page *page, const struct model *model)
{
	const struct look *look = &model->look;
	char text[TEXT];

	help_heading(page, "Levels of the map, from 0 to the most");
	add_ramp(page, "now", PRESENT);
	snprintf(text, sizeof text, "%d levels%s; each should be told from "
		"its neighbours, and brightness should never turn back",
		look->levels, look->mode == COLOUR_MONO ? " without colours"
		: look->mode == COLOUR_16 ? " of 16 colours" : "");
	help_entry(page, "", text, LABEL_WIDTH);
	add_ramp(page, "signed", SIDES);
	if (look->mode < COLOUR_256)
		return;
	help_heading(page, "Ramps: :palette and the name takes one");
	for (size_t i = 0; i < colour_palette_count; i++)
		add_ramp(page, colour_palettes[i].name, (int)i + 1);
}

static void
add_roles(struct help_page *page)
{
	static const char *const help[] = {
#define ROLE_HELP(name, text) text,
		COLOUR_ROLE_INFO(ROLE_HELP)
#undef ROLE_HELP
	};
	char name[ROLE_NAME];

	help_heading(page, "Purposes: :role NAME COLOUR changes one");
	for (int role = 0; role < COLOUR_ROLES; role++) {
		colour_role_name(name, role);
		help_entry(page, name, help[role], LABEL_WIDTH);
		page->lines[page->count - 1].ink = (colour)role;
	}
}

static void
append(char *out, wchar_t glyph)
{
	size_t n = strlen(out);

	n += utf8_encode(out + n, (uint32_t)glyph);
	out[n] = '\0';
}

static void
add_glyphs(struct help_page *page, bool unicode)
{
	char text[TEXT] = "";

	help_heading(page, "Glyphs: --ascii where these are no blocks and lines");
	for (int i = 0; i < GLYPH_COUNT; i++)
		append(text, glyph_get((enum glyph)i, unicode));
	help_entry(page, "signs", text, LABEL_WIDTH);
	text[0] = '\0';
	for (int i = 0; i <= 8; i++)
		append(text, glyph_eighth(i, unicode));
	help_entry(page, "bars", text, LABEL_WIDTH);
	text[0] = '\0';
	for (int i = 0; i < glyph_shades(unicode); i++)
		append(text, glyph_shade(i, unicode));
	help_entry(page, "shades", text, LABEL_WIDTH);
}

void
help_colours(struct help_page *page, const struct model *model)
{
	add_ramps(page, model);
	help_heading(page, "Where it looks wrong");
	help_entry(page, ":background", "light, where 0 is dark on a light "
		"screen", LABEL_WIDTH);
	help_entry(page, ":color", "16 or mono, where levels look alike or "
		"turn back", LABEL_WIDTH);
	help_entry(page, ":digits", "writes the level into each cell as well",
		LABEL_WIDTH);
	add_roles(page);
	add_glyphs(page, model->look.unicode);
}

void
help_draw_ramp(struct canvas *canvas, struct rect at, int ramp)
{
	int levels, step;

	at.column += LABEL_WIDTH;
	at.columns -= LABEL_WIDTH;
	if (ramp == PRESENT || ramp == SIDES) {
		heatmap_colour_bar(canvas, at.row, at.column, at.columns,
			(struct colour_bar){ .low = ramp == SIDES ? -1 : 0,
				.high = 1, .sides = ramp == SIDES });
		return;
	}
	levels = look_ramp_levels(&canvas->look, ramp - 1);
	step = at.columns / levels;
	if (step > STEP_MOST)
		step = STEP_MOST;
	for (int k = 0; k < levels; k++)
		canvas_fill(canvas, (struct rect){ at.row, at.column + k * step,
			1, step }, L' ', COLOUR_DEFAULT,
			colour_ramp(ramp - 1, k));
}
