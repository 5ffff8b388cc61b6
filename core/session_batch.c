/*
 * The elements of a batch that were looked at stay: their dumps, and what the
 * atlas knows of their layers. One of them is the dump.
 */
#include <stdlib.h>
#include <string.h>

#include "core/certificates.h"
#include "core/session_parts.h"
#include "core/util.h"

static const struct dump *
origin_of(const struct dump *dump)
{
	return dump->origin ? dump->origin : dump;
}

/* Where that element of the dump is kept, or NULL. */
static struct dump **
find(struct dump_list *elements, const struct dump *dump, size_t element)
{
	for (size_t k = 0; k < elements->count; k++)
		if (elements->dumps[k]->batch == element
		    && origin_of(elements->dumps[k]) == origin_of(dump))
			return &elements->dumps[k];
	return NULL;
}

/* Plan and certificates know layers by their place in a list of all. */
static void
list_again(struct session *session)
{
	plan_free(&session->plan);
	certificates_free(session->certificates);
	free(session->layers);
	session->layers = NULL;
	session->layer_count = 0;
	session->asked = (struct gap){ 0 };
	session_list_layers(session);
}

enum status
session_batch(struct session *session, size_t index, size_t element)
{
	struct dump_list *elements = &session->elements;
	struct dump **now = &session->dumps.dumps[index], **there, *new;
	enum status status;

	if ((*now)->batch == element)
		return STATUS_OK;
	there = find(elements, *now, element);
	if (there) {
		new = *there;
		*there = *now;
		*now = new;
		return STATUS_OK;
	}
	status = dump_batch(&new, *now, element);
	if (status)
		return status;
	elements->dumps = xreallocarray(elements->dumps,
		elements->count + 1, sizeof *elements->dumps);
	elements->dumps[elements->count++] = *now;
	*now = new;
	list_again(session);
	return STATUS_OK;
}
