#include "ui/trail.h"

#include <stdlib.h>
#include <string.h>

#include "core/util.h"
#include "ui/model.h"
#include "ui/seen.h"

/* Older ones are forgotten. */
enum { DEPTH = 100 };

/* What can be undone. */
struct shown {
	struct tolerance tolerance;
	struct window channels, positions;
	const struct measure_kind *measure;
	enum reducer reducer;
	enum scale_basis basis;
	struct colour_limits limits;
	enum spacing spacing;
	size_t dump, layer;             /* whose channels the window is of */
};

struct places {
	struct place items[DEPTH];
	size_t count;
};

struct changes {
	struct shown items[DEPTH];
	size_t count;
};

struct trail {
	struct mark marks[MARKS];
	struct places back, forward;
	struct changes undo, redo;
	struct place place;             /* at the last trail_follow */
	struct shown shown;
	bool started;                   /* they hold */
	bool jump;                      /* trail_jump was called since */
	bool walking;                   /* the last was a step to a layer, */
	bool pulling;                   /* or of the tolerance alone */
};

struct trail *
trail_new(void)
{
	return xcalloc(1, sizeof(struct trail));
}

void
trail_free(struct trail *trail)
{
	if (!trail)
		return;
	for (int i = 0; i < MARKS; i++)
		free(trail->marks[i].note);
	free(trail);
}

static struct shown
shown_of(const struct model *model)
{
	return (struct shown){ model->tolerance, model->channels,
		model->positions, model->measure, model->reducer,
		model->basis, model->limits, model->spacing, model->dump,
		model->layer };
}

static void
push_place(struct places *places, struct place place)
{
	if (places->count == DEPTH) {
		places->count--;
		memmove(places->items, places->items + 1,
			places->count * sizeof *places->items);
	}
	places->items[places->count++] = place;
}

static void
push_shown(struct changes *changes, struct shown shown)
{
	if (changes->count == DEPTH) {
		changes->count--;
		memmove(changes->items, changes->items + 1,
			changes->count * sizeof *changes->items);
	}
	changes->items[changes->count++] = shown;
}

static size_t
distance(size_t a, size_t b)
{
	return a > b ? a - b : b - a;
}

/* Further than H, L, Ctrl-U and Ctrl-D go at once. */
static bool
is_far(const struct model *model, struct place from, struct place to)
{
	return distance(from.position, to.position)
		> size_max(model_position_bins(model, 1).count / 10, 1)
		|| distance(from.channel, to.channel)
		> size_max(model_channel_bins(model, 1).count / 10, 1);
}

static void
follow_place(struct trail *trail, const struct model *model)
{
	struct place place = place_of(model), from = trail->place;
	bool moved = !place_equal(place, from);
	bool other = place.dump != from.dump || place.layer != from.layer;
	bool walk = other && !trail->jump;

	if (moved && (walk ? !trail->walking : trail->jump
	    || is_far(model, from, place))) {
		push_place(&trail->back, from);
		trail->forward.count = 0;
	}
	trail->walking = walk;
	trail->jump = false;
	trail->place = place;
}

/* Another layer's channels are another window, which nobody chose. */
static bool
same_but_tolerance(struct shown a, struct shown b)
{
	return (a.channels.zoom == b.channels.zoom || a.layer != b.layer
		|| a.dump != b.dump)
		&& a.positions.zoom == b.positions.zoom
		&& a.measure == b.measure && a.reducer == b.reducer
		&& a.basis == b.basis && a.spacing == b.spacing
		&& a.limits.measure == b.limits.measure
		&& !(a.limits.low < b.limits.low)
		&& !(a.limits.low > b.limits.low)
		&& !(a.limits.high < b.limits.high)
		&& !(a.limits.high > b.limits.high);
}

static void
follow_shown(struct trail *trail, const struct model *model)
{
	struct shown shown = shown_of(model);
	bool same = same_but_tolerance(shown, trail->shown);
	bool pull = same && (shown.tolerance.kind
		!= trail->shown.tolerance.kind || shown.tolerance.value
		< trail->shown.tolerance.value || shown.tolerance.value
		> trail->shown.tolerance.value);

	if (!same || (pull && !trail->pulling)) {
		push_shown(&trail->undo, trail->shown);
		trail->redo.count = 0;
	}
	trail->pulling = pull;
	trail->shown = shown;
}

void
trail_follow(struct model *model)
{
	struct trail *trail = model->trail;

	if (!trail->started) {
		trail->place = place_of(model);
		trail->shown = shown_of(model);
		trail->started = true;
	}
	follow_place(trail, model);
	follow_shown(trail, model);
	if (session_dump_count(model->session) > 1)
		seen_note(model);
}

void
trail_jump(struct model *model)
{
	model->trail->jump = true;
}

void
trail_restart(struct model *model)
{
	struct trail *trail = model->trail;

	trail->back.count = trail->forward.count = 0;
	trail->undo.count = trail->redo.count = 0;
	trail->jump = trail->walking = trail->pulling = false;
	trail->started = false;
	trail_follow(model);
}

char
trail_letter(int mark)
{
	return (char)(mark < 26 ? 'a' + mark : 'A' + mark - 26);
}

struct mark *
trail_mark(const struct model *model, char letter)
{
	for (int i = 0; i < MARKS; i++)
		if (trail_letter(i) == letter)
			return &model->trail->marks[i];
	return NULL;
}

/* Goes there and does not count as a jump of its own. */
static void
go(struct model *model, struct place place)
{
	place_go(model, place);
	model->trail->place = place_of(model);
	model->trail->walking = false;
}

enum status
trail_return(struct model *model)
{
	struct trail *trail = model->trail;
	struct place here = place_of(model);

	if (trail->back.count == 0)
		return status_set(STATUS_MISSING, "no jump to go back over");
	go(model, trail->back.items[--trail->back.count]);
	push_place(&trail->back, here);
	return STATUS_OK;
}

enum status
trail_walk(struct model *model, int direction)
{
	struct trail *trail = model->trail;
	struct places *from = direction < 0 ? &trail->back : &trail->forward;
	struct places *to = direction < 0 ? &trail->forward : &trail->back;

	if (from->count == 0)
		return status_set(STATUS_MISSING, direction < 0
			? "no jump to go back over"
			: "no jump was gone back over");
	push_place(to, place_of(model));
	go(model, from->items[--from->count]);
	return STATUS_OK;
}

static void
show(struct model *model, struct shown shown)
{
	model->tolerance = shown.tolerance;
	model->measure = shown.measure;
	model->reducer = shown.reducer;
	model->basis = shown.basis;
	model->limits = shown.limits;
	model->spacing = shown.spacing;
	model->positions = shown.positions;
	if (shown.dump == model->dump && shown.layer == model->layer)
		model->channels = shown.channels;
	/* The windows must show the cursor. */
	model_set_position(model, model->position);
}

enum status
trail_change(struct model *model, int direction)
{
	struct trail *trail = model->trail;
	struct changes *from = direction < 0 ? &trail->undo : &trail->redo;
	struct changes *to = direction < 0 ? &trail->redo : &trail->undo;

	if (from->count == 0)
		return status_set(STATUS_MISSING, direction < 0
			? "nothing to undo: tolerance, zoom, measure, "
			"reducer, scale, limits and spacing are as at the start"
			: "nothing was undone");
	push_shown(to, shown_of(model));
	show(model, from->items[--from->count]);
	trail->shown = shown_of(model);
	trail->pulling = false;
	return STATUS_OK;
}
