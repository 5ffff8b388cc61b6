#include "src/question.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util.h"
#include "ui/model.h"
#include "ui/phrase.h"

/* A minute, as of `compute`. */
enum { ASK_SECONDS = 60 };

/* "about 3 min" */
static void
put_time(char out[PROMPT_NOTE / 2], double seconds)
{
	if (seconds < 5400)
		snprintf(out, PROMPT_NOTE / 2, "about %.0f min", seconds / 60);
	else
		snprintf(out, PROMPT_NOTE / 2, "about %.0f h",
			seconds / 3600);
}

/* Until so many cells are there, as those of the layer on the screen go; < 0:
 * not known. */
static double
seconds_for(const struct model *model, size_t cells)
{
	struct session_progress progress = session_progress(model->session);
	double left = progress.eta >= 0 ? progress.eta : progress.left;

	if (progress.done < progress.wanted)
		return left < 0 ? -1 : left * (double)cells
			/ (double)(progress.wanted - progress.done);
	return progress.rate > 0 ? (double)cells / progress.rate : -1;
}

/* The line stands in the prompt again, if there is room for it. */
static void
put_line(struct model *model, const char *path, const char *cost)
{
	const char *command = model->wish.over ? "export!" : "export";
	char *quoted = phrase_quote(path);
	char *line = xasprintf("%s %s", command, quoted), *note;

	if (strlen(line) < PROMPT_MAX) {
		note = xasprintf("%s; Enter begins, Esc not", cost);
		prompt_ask(&model->prompt, line, note);
		free(note);
	} else {
		model_say(model, false, "%s; the same %s again begins", cost,
			command);
	}
	free(line);
	free(quoted);
}

bool
question_put(struct model *model, const char *path, size_t cells)
{
	double seconds = seconds_for(model, cells);
	char *cost, time[PROMPT_NOTE / 2];

	if (seconds < ASK_SECONDS)
		return false;
	put_time(time, seconds);
	cost = xasprintf("%zu cells, %s", cells, time);
	put_line(model, path, cost);
	free(cost);
	return true;
}
