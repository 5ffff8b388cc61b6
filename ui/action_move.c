#include "ui/action.h"

#include <stdint.h>
#include <stdlib.h>

#include "core/util.h"
#include "ui/find.h"
#include "ui/map_rows.h"
#include "ui/model.h"
#include "ui/trail.h"
#include "ui/view.h"

enum { HELP_PAGE = 10, TEXT_JUMP = 10 };

static enum status
scroll_help(struct model *model, long rows)
{
	rows += model->help_row;
	model->help_row = rows < 0 ? 0 : (int)(rows < ACTION_NUMBER_MAX ? rows
		: ACTION_NUMBER_MAX);
	return STATUS_OK;
}

/* from + steps, not below 0. */
static size_t
moved(size_t from, long steps)
{
	return steps < 0 ? from - size_min(from, (size_t)-steps)
		: from + (size_t)steps;
}

/* In the operator the arrows move the cursor in T. */
static void
move_entry(struct model *model, long rows, long columns)
{
	struct operator_cursor entry = model_entry(model);

	model_set_entry(model, moved(entry.row, rows),
		moved(entry.column, columns));
}

static enum status
move_position(struct model *model, const char *argument, long unit)
{
	long n;
	enum status status = action_number(&n, argument, 1);

	if (status != STATUS_OK)
		return status;
	if (model->focus == PANE_OPERATOR)
		move_entry(model, 0, n * unit);
	else
		model_move_position(model, n * unit);
	return STATUS_OK;
}

enum status
action_left(struct model *model, const char *argument)
{
	return move_position(model, argument, -1);
}

enum status
action_right(struct model *model, const char *argument)
{
	return move_position(model, argument, 1);
}

/* A tenth of a window of count cells, at least one. */
static long
tenth(struct bins bins)
{
	return bins.count > 10 ? (long)(bins.count / 10) : 1;
}

static long
tenth_across(const struct model *model)
{
	return tenth(model->focus == PANE_OPERATOR
		? model_column_bins(model, 1) : model_position_bins(model, 1));
}

enum status
action_jump_left(struct model *model, const char *argument)
{
	return move_position(model, argument, -tenth_across(model));
}

enum status
action_jump_right(struct model *model, const char *argument)
{
	return move_position(model, argument, tenth_across(model));
}

static enum status
move_layer(struct model *model, const char *argument, int direction)
{
	enum status status;
	long n;

	status = action_number(&n, argument, 1);
	if (status == STATUS_OK)
		layer_list_step(model, n * direction);
	return status;
}

/* Up and down: what the focus makes of them. */
static enum status
move_down(struct model *model, const char *argument, int direction)
{
	enum status status;
	long n;

	status = action_number(&n, argument, 1);
	if (status != STATUS_OK)
		return status;
	if (model->help)
		return scroll_help(model, n * direction);
	if (model->focus == PANE_LAYERS)
		return move_layer(model, argument, direction);
	if (model->focus == PANE_OPERATOR)
		move_entry(model, n * direction, 0);
	else if (model->focus == PANE_TEXT)
		view_text_move(model, n * direction);
	else
		map_row_step(model, n * direction);
	return STATUS_OK;
}

enum status
action_up(struct model *model, const char *argument)
{
	return move_down(model, argument, -1);
}

enum status
action_down(struct model *model, const char *argument)
{
	return move_down(model, argument, 1);
}

static enum status
jump_down(struct model *model, const char *argument, int direction)
{
	enum status status;
	long n;

	status = action_number(&n, argument, 1);
	if (status != STATUS_OK)
		return status;
	if (model->help)
		return scroll_help(model, n * direction * HELP_PAGE);
	if (model->focus == PANE_OPERATOR)
		move_entry(model,
			n * direction * tenth(model_row_bins(model, 1)), 0);
	else if (model->focus == PANE_TEXT)
		view_text_move(model, n * direction * TEXT_JUMP);
	else
		map_row_step(model,
			n * direction * tenth(map_row_bins(model, 1)));
	return STATUS_OK;
}

enum status
action_jump_up(struct model *model, const char *argument)
{
	return jump_down(model, argument, -1);
}

enum status
action_jump_down(struct model *model, const char *argument)
{
	return jump_down(model, argument, 1);
}

enum status
action_position(struct model *model, const char *argument)
{
	long i;
	enum status status = action_number(&i, argument, 1);

	if (status != STATUS_OK || !model_ready(model))
		return status;
	if (i < 1 || (size_t)i >= model_layer(model)->length)
		return status_set(STATUS_USAGE, "no position %ld: %s has "
			"1 .. %zu", i, model_layer(model)->label,
			model_layer(model)->length - 1);
	trail_jump(model);
	model_set_position(model, (size_t)i);
	return STATUS_OK;
}

enum status
action_span(struct model *model, const char *argument)
{
	size_t here = model->position;
	enum status status = argument ? action_position(model, argument)
		: STATUS_OK;

	if (status != STATUS_OK || !model_ready(model))
		return status;
	model->anchor = model->position;
	model_set_position(model, here);
	return STATUS_OK;
}

enum status
action_channel(struct model *model, const char *argument)
{
	long c;
	enum status status = action_number(&c, argument, 0);

	if (status != STATUS_OK || !model_ready(model))
		return status;
	if ((size_t)c >= model_layer(model)->channels)
		return status_set(STATUS_USAGE, "no channel %ld: %s has "
			"0 .. %zu", c, model_layer(model)->label,
			model_layer(model)->channels - 1);
	trail_jump(model);
	model_set_channel(model, (size_t)c);
	return STATUS_OK;
}

/* The ends of an axis; with a number both go there, as g and G of less do. In
 * help, its first and last line. */
enum status
action_first_position(struct model *model, const char *argument)
{
	if (model->help)
		return scroll_help(model, -ACTION_NUMBER_MAX);
	if (argument)
		return action_position(model, argument);
	model_set_position(model, 1);
	return STATUS_OK;
}

enum status
action_last_position(struct model *model, const char *argument)
{
	if (model->help)
		return scroll_help(model, ACTION_NUMBER_MAX);
	if (argument)
		return action_position(model, argument);
	model_set_position(model, SIZE_MAX);
	return STATUS_OK;
}

enum status
action_first_channel(struct model *model, const char *argument)
{
	if (argument)
		return action_channel(model, argument);
	model_set_channel(model, 0);
	return STATUS_OK;
}

enum status
action_last_channel(struct model *model, const char *argument)
{
	if (argument)
		return action_channel(model, argument);
	model_set_channel(model, SIZE_MAX);
	return STATUS_OK;
}

/* The help page knows its lines only when it is drawn. */
static enum status
find(struct model *model, int direction)
{
	if (!model->help) {
		trail_jump(model);
		return find_step(model, direction);
	}
	if (!model->help_needle)
		return status_set(STATUS_MISSING,
			"nothing to find yet; type / and a text");
	model->help_seek = direction;
	return STATUS_OK;
}

enum status
action_find(struct model *model, const char *argument)
{
	char **needle = model->help ? &model->help_needle : &model->needle;

	free(*needle);
	*needle = xstrdup(argument);
	model->help_match = -1;
	return find(model, 1);
}

enum status
action_find_next(struct model *model, const char *argument)
{
	(void)argument;
	return find(model, 1);
}

enum status
action_find_previous(struct model *model, const char *argument)
{
	(void)argument;
	return find(model, -1);
}

enum status
action_next_layer(struct model *model, const char *argument)
{
	if (model->help)
		return scroll_help(model, HELP_PAGE);
	return move_layer(model, argument, 1);
}

enum status
action_previous_layer(struct model *model, const char *argument)
{
	if (model->help)
		return scroll_help(model, -HELP_PAGE);
	return move_layer(model, argument, -1);
}

enum status
action_layer(struct model *model, const char *argument)
{
	return find_layer(model, argument);
}

static enum status
move_dump(struct model *model, const char *argument, int direction)
{
	size_t count = session_dump_count(model->session), dump = model->dump;
	enum status status;
	long n;

	status = action_number(&n, argument, 1);
	if (status != STATUS_OK)
		return status;
	if (count < 2)
		return status_set(STATUS_MISSING, "only one dump is open; "
			"give esscope several files to compare them");
	dump = (dump + count + (size_t)(direction * (n % (long)count)))
		% count;
	/* Compared with itself there would be nothing to see. */
	if (comparison_on(model) && dump == model->comparison.other)
		dump = (dump + count + (size_t)direction) % count;
	if (comparison_on(model) && dump == model->dump)
		return status_set(STATUS_MISSING, "there are no more than "
			"these two dumps; = turns from one to the other");
	model_select_dump(model, dump);
	model_say(model, false, "%sdump %zu of %zu: %s",
		!comparison_on(model) ? "" : comparison_own(model) == 'A'
		? "A is " : "B is ", model->dump + 1, count,
		model_dump(model)->label);
	return STATUS_OK;
}

enum status
action_next_dump(struct model *model, const char *argument)
{
	return move_dump(model, argument, 1);
}

enum status
action_previous_dump(struct model *model, const char *argument)
{
	return move_dump(model, argument, -1);
}
