/*
 * Panes: which has the focus, which stands in the map's place, and the cursor
 * in T.
 */
#include "core/operator.h"
#include "tests/tap.h"
#include "tests/ui/model_of.h"
#include "ui/command.h"
#include "ui/layout.h"
#include "ui/view.h"

static bool
stands(const struct model *model, enum pane pane)
{
	return layout_new(model, 24, 80).panes[pane].rows > 0;
}

/* The guest has the map's rows until the map has the focus again. */
static void
test_guest(struct model *model)
{
	struct rect map = layout_new(model, 24, 80).panes[PANE_MAP], guest;

	ok(!stands(model, PANE_OPERATOR), "no guest at the start");
	press(model, "o");
	guest = layout_new(model, 24, 80).panes[PANE_OPERATOR];
	ok(model->focus == PANE_OPERATOR && !stands(model, PANE_MAP)
		&& guest.column == map.column && guest.row == map.row
		&& guest.rows >= map.rows, "o: the operator, where the map was");
	command_line(model, "next-pane");
	ok(model->focus == PANE_SPECTRUM && stands(model, PANE_OPERATOR),
		"it stays when the focus goes on");
	command_line(model, "previous-pane");
	ok(model->focus == PANE_OPERATOR, "and is where Tab finds the map");
	command_line(model, "pane layers");
	ok(model->focus == PANE_LAYERS && stands(model, PANE_OPERATOR)
		&& layout_pane(&(struct layout){ 0 }, 3, 3) == PANE_COUNT,
		"also beside the layers");
	command_line(model, "pane map");
	ok(stands(model, PANE_MAP) && !stands(model, PANE_OPERATOR),
		"the map takes its place back");
	command_line(model, "pane operator");
	press(model, "o");
	ok(model->focus == PANE_MAP && stands(model, PANE_MAP),
		"o again: the map");
}

static void
test_keys(struct model *model)
{
	static const enum pane panes[] = { PANE_LAYERS, PANE_MAP,
		PANE_SPECTRUM, PANE_PROFILE, PANE_OPERATOR };
	bool all = true, full = true;

	for (size_t k = 0; k < LENGTH(panes); k++) {
		input_event(model, 24, 80, &(struct event){
			.key = TTY_KEY_F2 + (int)k });
		all &= model->focus == panes[k];
		command_line(model, "full");
		for (int p = 0; p < PANE_COUNT; p++)
			full &= stands(model, (enum pane)p)
				== ((enum pane)p == panes[k]);
		command_line(model, "full");
	}
	ok(all, "F2 to F6 give the focus");
	ok(full, "each may fill the screen alone");
	command_line(model, "pane map");
}

/* The outline's corner, and the cursor's place, are those of H_i. */
static void
test_cursor(struct model *model)
{
	struct operator_cursor at;
	size_t length = model_layer(model)->length;

	model_set_position(model, 20);
	press(model, "o");
	at = model_entry(model);
	ok(at.row == 20 && at.column == 19, "it starts at the corner of H_i");
	ok(shows(model, 24, 80, "H_20 = T[20:, :20], 44 x 20"),
		"H_i is spelled out");
	press(model, "3j5h");
	at = model_entry(model);
	ok(at.row == 23 && at.column == 14 && model->position == 20,
		"keys move it in T, not the position");
	press(model, "99l");
	at = model_entry(model);
	ok(at.row == 23 && at.column == 23, "not beyond the diagonal");
	press(model, "999j");
	at = model_entry(model);
	ok(at.row == length - 1, "nor beyond the last row");
	model_set_position(model, 30);
	at = model_entry(model);
	ok(at.row == 30 && at.column == 29, "another position: its corner");
	press(model, "++");
	ok(model_row_bins(model, 1).count == 16
		&& model_column_bins(model, 1).count == 16
		&& bins_pixel(&(struct bins){ model_row_bins(model, 16).begin,
		16, 16, 1 }, 30) >= 0, "zoomed in twice, the cursor seen");
	press(model, "++");
	ok(model_row_bins(model, 1).count == 8, "no further than 8");
	press(model, "w");
	ok(model_row_bins(model, 1).count == length, "w: all of it");
	model_finish(model);
	ok(session_picture(model->session, SESSION_BLOCK) != NULL,
		"T is looked at");
	press(model, "o");
	screen_update(model, 50, 160);
	ok(!session_picture(model->session, SESSION_BLOCK),
		"and no longer once the map is back");
}

int
main(void)
{
	char *path = sample_path("mqar_gla_n16_h1_kv8.npz");
	struct model *model = model_of(path, look_new(COLOUR_MONO, false,
		false, 0));

	test_guest(model);
	test_keys(model);
	test_cursor(model);
	model_close(model);
	free(path);
	return done();
}
