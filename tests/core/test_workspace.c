/*
 * What workspaces may take together: a channel that would take more fails with
 * a sentence, and the next one finds its memory again.
 *
 * usage: test_workspace
 */
#include <string.h>

#include "core/linalg.h"
#include "tests/tap.h"

enum { MIB = 1 << 20, DOUBLES = MIB / sizeof(double) };

static enum status
ask(struct workspace *work, enum buffer which, size_t mib)
{
	double *data = NULL;
	enum status status = workspace_buffer(&data, work, which,
		mib * DOUBLES);

	if (status == STATUS_OK)
		data[mib * DOUBLES - 1] = 1;
	return status;
}

static void
test_limit(void)
{
	struct workspace *one = workspace_new(), *other = workspace_new();
	enum status status;

	linalg_limit((size_t)150 * MIB);
	status = ask(one, BUFFER_MATRIX, 200);
	ok(status == STATUS_MEMORY && strstr(status_text(),
		"0.2 GB of working memory"), "more than all may take: %s",
		status_text());
	ok(ask(one, BUFFER_MATRIX, 100) == STATUS_OK, "less");
	ok(ask(other, BUFFER_MATRIX, 100) == STATUS_MEMORY,
		"not in two threads at once");
	ok(ask(other, BUFFER_MATRIX, 20) == STATUS_OK,
		"small ones are not counted");
	ok(ask(one, BUFFER_MATRIX, 120) == STATUS_OK,
		"what grows gives back what it had");
	workspace_shed(one);
	ok(ask(other, BUFFER_ROW, 140) == STATUS_OK,
		"after a channel is done its memory is there");
	workspace_free(other);
	ok(ask(one, BUFFER_STATE, 149) == STATUS_OK, "and after a thread is");
	workspace_free(one);
	linalg_limit(0);
}

int
main(void)
{
	test_limit();
	return done();
}
