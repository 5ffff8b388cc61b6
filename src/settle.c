#include "src/settle.h"

#include <poll.h>

#include "core/session.h"
#include "src/report.h"
#include "ui/layout.h"
#include "ui/screen.h"
#include "ui/view.h"

/* Milliseconds until results are looked for unasked. */
enum { WAIT_MS = 50 };

struct missing
settle_missing(const struct model *model, int view, int rows, int columns)
{
	struct layout layout = layout_new(model, rows, columns);
	struct missing sum = { 0 };
	size_t begin, end;

	view_layers_range(model, layout.panes[PANE_LAYERS].rows - 1, &begin,
		&end);
	for (int i = 0; i < PANE_COUNT; i++) {
		struct missing one;

		if (view != SETTLE_SCREEN ? i != view
			: layout.panes[i].rows <= 0)
			continue;
		one = missing_of(model, views[i], begin, end);
		sum.cells += one.cells;
		sum.wanted += one.wanted;
	}
	return sum;
}

static void
wait_for_results(const struct model *model)
{
	struct pollfd fd = { session_fd(model->session), POLLIN, 0 };

	poll(&fd, 1, WAIT_MS);
}

enum status
settle(struct model *model, int view, int rows, int columns)
{
	enum status status = STATUS_OK;

	/* On less than that, nothing is shown nor looked at. */
	rows = rows < LAYOUT_ROWS_MIN ? LAYOUT_ROWS_MIN : rows;
	columns = columns < LAYOUT_COLUMNS_MIN ? LAYOUT_COLUMNS_MIN : columns;
	for (;;) {
		bool more = screen_update(model, rows, columns);
		struct missing left = settle_missing(model, view, rows,
			columns);
		bool busy = session_progress(model->session).busy;

		/* The whole screen says what is going on elsewhere. */
		if (!more && !left.cells && !(busy && view == SETTLE_SCREEN))
			break;
		if (!more && !busy) {
			status = status_set(STATUS_MEMORY, "%s: %zu of %zu "
				"cells that are shown found no room in memory; "
				"give it more (--memory) or show fewer "
				"(--view map --zoom)", model_dump(model)->label,
				left.cells, left.wanted);
			break;
		}
		report_progress((double)(left.wanted - left.cells),
			(double)left.wanted);
		if (!more)
			wait_for_results(model);
		if (session_collect(model->session))
			model->results++;
	}
	report_progress_end();
	return status;
}
