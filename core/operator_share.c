/*
 * References keep the share, users its operator. One mutex guards both counts,
 * and is not held while the operator is opened, which may take seconds, by the
 * one thread that opens it: the session's joins and leaves meanwhile. Who opens
 * it is a user.
 */
#include "core/operator_share.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

#include "core/operator.h"
#include "core/util.h"

struct operator_share {
	pthread_mutex_t mutex;
	pthread_cond_t opened;
	bool opening;
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
	pthread_cond_init(&share->opened, NULL);
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
	pthread_cond_destroy(&share->opened);
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

/* With the mutex held, which is given up meanwhile. */
static void
open_it(struct operator_share *share)
{
	struct operator *op = NULL;
	enum status status;

	share->opening = true;
	pthread_mutex_unlock(&share->mutex);
	status = operator_open(&op, share->layer, share->channel);
	pthread_mutex_lock(&share->mutex);
	share->op = op;
	share->status = status;
	if (status)
		share->sentence = xstrdup(status_text());
	share->opening = false;
	pthread_cond_broadcast(&share->opened);
}

enum status
operator_share_open(const struct operator **out, struct operator_share *share)
{
	enum status status;

	pthread_mutex_lock(&share->mutex);
	while (share->opening)
		pthread_cond_wait(&share->opened, &share->mutex);
	if (!share->op && !share->status)
		open_it(share);
	status = share->status;
	if (status)
		status_set(status, "%s", share->sentence);
	else
		*out = share->op;
	/* Whoever waited in vain may try again. */
	if (status == STATUS_CANCELLED) {
		free(share->sentence);
		share->sentence = NULL;
		share->status = STATUS_OK;
	}
	pthread_mutex_unlock(&share->mutex);
	return status;
}
