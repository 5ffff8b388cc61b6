#include "core/session_operators.h"

#include <stdlib.h>
#include <string.h>

#include "core/operator.h"
#include "core/operator_share.h"
#include "core/util.h"

struct kept {
	const struct layer *layer;
	size_t channel;
	struct operator_share *share;   /* NULL: none here yet */
};

struct session_operators {
	size_t most;
	struct kept kept[];             /* the last one asked for is first */
};

struct session_operators *
session_operators_new(size_t most)
{
	struct session_operators *all = xcalloc(1, sizeof *all
		+ most * sizeof(struct kept));

	all->most = most;
	return all;
}

static void
let_go(struct kept *kept)
{
	if (kept->share)
		operator_share_leave(kept->share);
	kept->share = NULL;
}

void
session_operators_free(struct session_operators *all)
{
	if (!all)
		return;
	for (size_t k = 0; k < all->most; k++)
		let_go(&all->kept[k]);
	free(all);
}

/* A new share with one user. */
static struct operator_share *
open_one(const struct layer *layer, size_t channel)
{
	struct operator_share *share = operator_share_new(layer, channel);

	operator_share_join(share);
	operator_share_unref(share);
	return share;
}

/* The last one asked for stays whatever it takes. */
static void
heed_bytes(struct session_operators *all)
{
	size_t bytes = 0;

	for (size_t k = 0; k < all->most; k++) {
		if (!all->kept[k].share)
			continue;
		bytes += layer_channel_bytes(all->kept[k].layer);
		if (k > 0 && bytes > CHANNELS_BYTES_MOST / 2)
			let_go(&all->kept[k]);
	}
}

struct operator_share *
session_operators_join(struct session_operators *all,
	const struct layer *layer, size_t channel)
{
	struct kept found = { layer, channel, NULL };
	size_t k = 0;

	if (layer->kind->step || !all->most)
		return open_one(layer, channel);
	while (k + 1 < all->most && (all->kept[k].layer != layer
		|| all->kept[k].channel != channel))
		k++;
	if (all->kept[k].layer == layer && all->kept[k].channel == channel)
		found.share = all->kept[k].share;
	else
		let_go(&all->kept[k]);
	if (!found.share)
		found.share = open_one(layer, channel);
	memmove(all->kept + 1, all->kept, k * sizeof *all->kept);
	all->kept[0] = found;
	heed_bytes(all);
	operator_share_join(found.share);
	return found.share;
}
