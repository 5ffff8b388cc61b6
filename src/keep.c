#include "src/keep.h"

#include <stdlib.h>

#include "core/state_file.h"
#include "core/util.h"
#include "ui/history.h"
#include "ui/model.h"

void
keep_open(struct model *model)
{
	char *folder = state_directory("XDG_STATE_HOME", ".local/state");
	char *path = folder ? xasprintf("%s/history", folder) : NULL;

	if (path && history_open(model->history, path))
		model_say(model, true, "%s", status_text());
	free(path);
	free(folder);
}
