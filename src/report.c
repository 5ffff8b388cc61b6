/*
 * Sentences and progress on stderr. The progress line is rewritten in place,
 * and wiped before a sentence so that the two never share a line. A sentence
 * quotes what was typed: whatever that holds, it stays text, of one line or of
 * a line and indented ones (what to type: core/foreign.c).
 */
#include "src/report.h"

#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/util.h"

static struct {
	bool running, shown;
	double began, drawn;    /* seconds of the monotonic clock */
} progress;

void
report_progress_hide(void)
{
	if (progress.shown)
		fputs("\r\033[K", stderr);
	progress.shown = false;
}

void
report(const char *fmt, ...)
{
	char *sentence;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vasprintf(&sentence, fmt, ap);
	va_end(ap);
	if (n < 0)
		return;
	for (char *p = sentence; *p; p++)
		if (iscntrl((unsigned char)*p)
		    && strncmp(p, "\n  ", 3))
			*p = '?';
	report_progress_hide();
	fprintf(stderr, "esscope: %s\n", sentence);
	free(sentence);
}

void
report_failure(enum status status)
{
	if (status && status != STATUS_CANCELLED)
		report("%s", status_text());
}

void
report_once(struct said *said, const char *sentence)
{
	for (size_t k = 0; k < said->count; k++)
		if (!strcmp(said->sentences[k], sentence))
			return;
	said->sentences = xreallocarray(said->sentences, said->count + 1,
		sizeof *said->sentences);
	said->sentences[said->count++] = xstrdup(sentence);
	report("%s", sentence);
}

void
said_reset(struct said *said)
{
	for (size_t k = 0; k < said->count; k++)
		free(said->sentences[k]);
	free(said->sentences);
	*said = (struct said){ 0 };
}

char *
report_duration(char out[REPORT_DURATION_TEXT], double seconds)
{
	if (seconds < 90)
		snprintf(out, REPORT_DURATION_TEXT, "%.0f s", seconds);
	else if (seconds < 90 * 60)
		snprintf(out, REPORT_DURATION_TEXT, "%.0f min", seconds / 60);
	else
		snprintf(out, REPORT_DURATION_TEXT, "%.3g h", seconds / 3600);
	return out;
}

void
report_progress(double done, double total)
{
	char left[REPORT_DURATION_TEXT];
	double t;

	if (total <= 0 || !isatty(STDERR_FILENO))
		return;
	if (done > total)       /* both are estimates */
		done = total;
	t = clock_seconds(CLOCK_MONOTONIC);
	if (!progress.running) {
		progress.running = true;
		progress.began = progress.drawn = t;
	}
	if (t - progress.drawn < 0.5 || done <= 0)
		return;
	progress.drawn = t;
	progress.shown = true;
	report_duration(left, (t - progress.began) * (total / done - 1));
	fprintf(stderr, "\r\033[Kesscope: %.0f%% done, %s left",
		100 * done / total, left);
	fflush(stderr);
}

void
report_reading(double share)
{
	progress.shown = true;
	fprintf(stderr, "\r\033[Kesscope: reading, %.0f%%",
		floor(100 * share));
	fflush(stderr);
}

void
report_progress_end(void)
{
	report_progress_hide();
	progress.running = false;
}
