#include "ui/delimiters.h"

#include <stdlib.h>

#include "core/dump.h"
#include "core/util.h"
#include "ui/model.h"
#include "ui/position_axis.h"
#include "ui/spell.h"

/* Tokens between two looks at the clock. */
enum { TOKENS_A_LOOK = 1 << 14 };

struct delimiters {
	char **tokens;                  /* the dump's, for which; NULL: none */
	size_t next;                    /* token to be looked at */
	size_t *positions;              /* ascending */
	size_t count, room;
};

struct delimiters *
delimiters_new(void)
{
	return xcalloc(1, sizeof(struct delimiters));
}

void
delimiters_free(struct delimiters *delimiters)
{
	if (delimiters)
		free(delimiters->positions);
	free(delimiters);
}

void
delimiters_forget(struct delimiters *delimiters)
{
	delimiters->tokens = NULL;
}

static void
add(struct delimiters *delimiters, size_t position)
{
	if (delimiters->count == delimiters->room) {
		delimiters->room = 2 * delimiters->room + 64;
		delimiters->positions = xreallocarray(delimiters->positions,
			delimiters->room, sizeof *delimiters->positions);
	}
	delimiters->positions[delimiters->count++] = position;
}

static bool
has_tokens(const struct model *model)
{
	return model_ready(model) && layer_token(model_layer(model), 0);
}

bool
delimiters_go_on(struct model *model, double seconds)
{
	struct delimiters *delimiters = model->delimiters;
	const struct dump *dump = model_dump(model);
	struct spell spell;

	if (!has_tokens(model))
		return false;
	if (delimiters->tokens != dump->tokens) {
		delimiters->tokens = dump->tokens;
		delimiters->next = delimiters->count = 0;
	}
	spell = spell_begin(model, seconds);
	while (delimiters->next < dump->token_count) {
		size_t i = delimiters->next++;

		if (position_delimiter(dump->tokens[i]))
			add(delimiters, i);
		if (i % TOKENS_A_LOOK == TOKENS_A_LOOK - 1
		    && spell_over(spell))
			break;
	}
	spell_end(model, spell);
	return delimiters->next < dump->token_count;
}

bool
delimiters_between(const struct model *model, size_t begin, size_t end)
{
	const struct delimiters *delimiters = model->delimiters;
	size_t low = 0, high = delimiters->count;

	if (!has_tokens(model)
	    || delimiters->tokens != model_dump(model)->tokens)
		return false;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (delimiters->positions[middle] < begin)
			low = middle + 1;
		else
			high = middle;
	}
	return low < delimiters->count && delimiters->positions[low] < end;
}
