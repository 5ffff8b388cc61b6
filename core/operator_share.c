/*
 * References keep the share, users its operator. One mutex guards both counts
 * and is held while the operator is opened, by the one thread that opens it.
 */
#include "core/operator_share.h"

#include <pthread.h>
#include <stdlib.h>

#include "core/operator.h"
#include "core/util.h"

struct operator_share {
	pthread_mutex_t mutex;
	size_t references, users;
	const struct layer *layer;
	size_t channel;
	struct operator *op;            /* NULL: not open */
	enum status status;
	char *sentence;                 /* why it cannot be opened, or NULL */
};

struct operator_share *
operator_share_new(const struct layer *layer, size_t channel)
{
	struct operator_share *share = xcalloc(1, sizeof *share);

	pthread_mutex_init(&share->mutex, NULL);
	share->references = 1;
	share->layer = layer;
	share->channel = channel;
	return share;
}

void
operator_share_unref(struct operator_share *share)
{
	size_t left;

	if (!share)
		return;
	pthread_mutex_lock(&share->mutex);
	left = --share->references;
	pthread_mutex_unlock(&share->mutex);
	if (left)
		return;
	pthread_mutex_destroy(&share->mutex);
	free(share->sentence);
	free(share);
}

void
operator_share_join(struct operator_share *share)
{
	pthread_mutex_lock(&share->mutex);
	share->references++;
	share->users++;
	pthread_mutex_unlock(&share->mutex);
}

void
operator_share_leave(struct operator_share *share)
{
	pthread_mutex_lock(&share->mutex);
	if (!--share->users) {
		operator_close(share->op);
		share->op = NULL;
	}
	pthread_mutex_unlock(&share->mutex);
	operator_share_unref(share);
}

enum status
operator_share_open(const struct operator **out, struct operator_share *share)
{
	enum status status;

	pthread_mutex_lock(&share->mutex);
	if (!share->op && !share->status) {
		share->status = operator_open(&share->op, share->layer,
			share->channel);
		/* Whoever waited in vain may try again. */
		if (share->status == STATUS_CANCELLED) {
			share->status = STATUS_OK;
			pthread_mutex_unlock(&share->mutex);
			return STATUS_CANCELLED;
		}
		if (share->status)
			share->sentence = xstrdup(status_text());
	} else if (share->status) {
		status_set(share->status, "%s", share->sentence);
	}
	status = share->status;
	if (!status)
		*out = share->op;
	pthread_mutex_unlock(&share->mutex);
	return status;
}
