#include "src/export_marks.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/operator.h"
#include "core/text.h"
#include "core/util.h"
#include "src/inputs.h"
#include "src/output.h"
#include "src/picture.h"
#include "src/writer.h"
#include "ui/model.h"
#include "ui/trail.h"

static char *const columns[] = { "mark", "file", "layer", "batch", "channel",
	"position", "token", "tolerance", "ceiling", "ess", "ess_entropy",
	"note" };

static struct value
text(const char *text)
{
	return text ? (struct value){ VALUE_TEXT, { .text = text } }
		: (struct value){ VALUE_NONE, { .count = 0 } };
}

static struct value
count(size_t count)
{
	return (struct value){ VALUE_COUNT, { .count = count } };
}

/* Returns whether its numbers are there. */
static bool
write_mark(FILE *stream, const struct writer *writer,
	const struct model *model, int k)
{
	const struct mark *mark = trail_mark(model, trail_letter(k));
	const struct place *place = &mark->place;
	const struct dump *dump = session_dump(model->session, place->dump);
	const struct layer *layer = &dump->layers[place->layer];
	char letter[2] = { trail_letter(k) };
	char *note = mark->note ? text_escape(mark->note, strlen(mark->note))
		: NULL;
	char *tolerance = xasprintf("%s %.17g", model->tolerance.kind
		== TOLERANCE_RELATIVE ? "rel" : "abs", model->tolerance.value);
	struct value values[LENGTH(columns)] = { text(letter),
		text(dump->label), text(layer->label), count(place->batch),
		count(place->channel), count(place->position), text(NULL),
		text(tolerance), text(NULL), text(NULL), text(NULL),
		text(note) };
	struct spectrum spectrum;
	bool known;

	if (layer->resolved && place->position < layer->length) {
		values[6] = text(layer_token(layer, place->position));
		values[8] = count(layer_ceiling(layer, place->position));
	}
	known = layer->resolved && session_spectrum(&spectrum,
		model->session, layer, place->channel, place->position);
	if (known) {
		values[9] = count(ess_tolerance(&spectrum, model->tolerance));
		values[10] = (struct value){ VALUE_REAL,
			{ .real = spectrum.entropy } };
	}
	writer->row(stream, columns, values, LENGTH(columns));
	free(tolerance);
	free(note);
	return known;
}

static bool
is_there(const struct model *model, const struct mark *mark)
{
	return mark->set && mark->place.dump
		< session_dump_count(model->session) && mark->place.layer
		< session_dump(model->session, mark->place.dump)->layer_count;
}

static enum status
check(const struct model *model, const char *path, const char *shown,
	const struct picture_format *format)
{
	struct dump *dump = model_dump(model);

	if (!format || !format->writer)
		return status_set(STATUS_USAGE, "%s: marks go to a .tsv, .csv "
			"or .jsonl", shown);
	if (inputs_spare(&dump->path, 1, path))
		return STATUS_USAGE;
	if (!access(path, F_OK))
		return status_set(STATUS_USAGE, "%s: is there; give another "
			"name", shown);
	return STATUS_OK;
}

struct written {
	size_t marks, unknown;          /* without numbers */
};

static enum status
write_marks(struct written *written, const struct model *model,
	const char *path, const struct writer *writer)
{
	struct output *output;
	enum status status = output_open_quietly(&output, path);

	*written = (struct written){ 0, 0 };
	if (status)
		return status;
	if (writer->header)
		writer->header(output_stream(output), columns,
			LENGTH(columns));
	for (int k = 0; k < MARKS; k++)
		if (is_there(model, trail_mark(model, trail_letter(k)))) {
			written->unknown += !write_mark(output_stream(output),
				writer, model, k);
			written->marks++;
		}
	return output_commit(output);
}

static void
say_written(struct model *model, struct written written, const char *shown)
{
	char *unknown = written.unknown == 0 ? xstrdup("")
		: xasprintf("; %zu without numbers: not computed yet",
		written.unknown);

	model_say(model, false, "wrote %zu mark%s to %s%s", written.marks,
		written.marks == 1 ? "" : "s", shown, unknown);
	free(unknown);
}

bool
export_marks(struct model *model)
{
	char *path = model->wish.marks, *shown;
	const struct picture_format *format;
	enum status status;
	struct written written;

	if (!path)
		return false;
	model->wish.marks = NULL;
	shown = text_escape(path, strlen(path));
	format = picture_format_of(path);
	status = check(model, path, shown, format);
	if (!status)
		status = write_marks(&written, model, path, format->writer);
	if (status)
		model_say(model, true, "%s", status_text());
	else
		say_written(model, written, shown);
	model->wish.failed = status;
	free(shown);
	free(path);
	return true;
}
