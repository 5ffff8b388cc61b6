#include "src/keep.h"

#include <stdlib.h>

#include "core/state_file.h"
#include "core/util.h"
#include "src/report.h"
#include "src/resume.h"
#include "ui/history.h"
#include "ui/model.h"

/* For free(); NULL where there is no home. */
static char *
path_of(const char *name)
{
	char *folder = state_directory("XDG_STATE_HOME", ".local/state");
	char *path = folder ? xasprintf("%s/%s", folder, name) : NULL;

	free(folder);
	return path;
}

bool
keep_open(struct model *model, bool fresh)
{
	char *history = path_of("history"), *sessions = path_of("sessions");
	bool resumed = !fresh && sessions && resume_read(model, sessions);

	if (history && history_open(model->history, history))
		model_say(model, true, "%s", status_text());
	free(history);
	free(sessions);
	return resumed;
}

void
keep_close(struct model *model, bool fresh)
{
	char *sessions = path_of("sessions");

	if (sessions && resume_write(model, sessions, fresh))
		report("%s", status_text());
	free(sessions);
}
