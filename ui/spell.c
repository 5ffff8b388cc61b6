#include "ui/spell.h"

#include <math.h>

#include "core/clock.h"
#include "ui/model.h"

/* With what drawing takes, and the slowest of views, below 16 ms. */
static const double turn_seconds = 6e-3;

static double
now(void)
{
	return clock_seconds(CLOCK_THREAD_CPUTIME_ID);
}

struct spell
spell_begin(const struct model *model, double seconds)
{
	double began = now();

	return (struct spell){ began, began + fmin(seconds,
		model->turn_left) };
}

bool
spell_over(struct spell spell)
{
	return now() >= spell.until;
}

void
spell_end(struct model *model, struct spell spell)
{
	model->turn_left = fmax(0, model->turn_left + spell.began - now());
}

bool
spell_left(const struct model *model)
{
	return model->turn_left > 0;
}

void
spell_renew(struct model *model)
{
	model->turn_left = turn_seconds;
}
