#include "ui/figure_page.h"

#include <stdlib.h>

#include "core/operator.h"
#include "core/util.h"
#include "ui/caption.h"
#include "ui/figure_colour.h"

/* 170 mm, what journals call full width. */
static const double page_width = 170 / 25.4 * 72, page_dpi = 300;
static const double margin = 9, leading = 8.2;

static const struct type title_type = { .size = 9, .rgb = INK_TEXT,
	.bold = true };
static const struct type caption_type = { .size = 6.4, .rgb = INK_QUIET };

enum { CAPTIONS = 5 };

/* Of the width, as fonts that stand in for the one measured are wider. */
static const double caption_part = 0.86;

char *
figure_definition(const struct model *model, enum pane pane)
{
	const struct view_figure *view = views[pane]->figure;

	return view && view->definition ? view->definition(model)
		: caption_definition(model);
}

static void
captions_of(char *captions[CAPTIONS], const struct model *model,
	enum pane pane)
{
	const struct view_figure *view = views[pane]->figure;

	captions[0] = figure_definition(model, pane);
	captions[1] = caption_place(model, pane);
	captions[2] = view->remark ? view->remark(model) : NULL;
	captions[3] = caption_source(model);
	captions[4] = caption_compared(model);
}

/* Draws them from a base line down, or only counts lines. */
static int
put_captions(struct figure *figure, struct point at, char *const *captions)
{
	int lines = 0;

	for (int k = 0; k < CAPTIONS; k++)
		if (captions[k])
			lines += figure_paragraph(figure, (struct point){
				at.x, at.y + lines * leading }, caption_type,
				caption_part * figure_body_width(), leading,
				captions[k]);
	return lines;
}

static void
draw_page(struct figure *figure, const struct model *model, enum pane pane,
	struct box body, char *const *captions)
{
	const struct view_figure *view = views[pane]->figure;
	char *title = view->title(model);
	char *shown = figure_clip(title_type, title, body.width);

	figure_part(figure, "page");
	figure_rect(figure, (struct box){ 0, 0, figure->size.width + 1,
		figure->size.height + 1 }, INK_PAGE);
	figure_part(figure, "title");
	figure_text(figure, (struct point){ margin, margin + title_type.size },
		title_type, shown);
	view->draw(figure, body, model);
	figure_part(figure, "caption");
	put_captions(figure, (struct point){ margin, body.y + body.height
		+ 8 + caption_type.size }, captions);
	free(shown);
	free(title);
}

enum status
figure_page(const struct figure_backend *backend, FILE *stream,
	const struct model *model, enum pane pane)
{
	const struct view_figure *view = views[pane]->figure;
	struct box body = { margin, margin + 2 * title_type.size,
		figure_body_width(), 0 };
	struct figure *figure;
	char *captions[CAPTIONS];
	enum status status;
	int lines;

	if (!view)
		return status_set(STATUS_MISSING, "the view '%s' has no "
			"figure; txt and ans it has", views[pane]->name);
	captions_of(captions, model, pane);
	lines = put_captions(NULL, (struct point){ 0, 0 }, captions);
	body.height = view->height(model);
	status = figure_open(&figure, backend, stream, (struct figure_size){
		page_width, body.y + body.height + 8 + lines * leading
		+ margin, page_dpi });
	if (!status) {
		draw_page(figure, model, pane, body, captions);
		status = figure_close(figure);
	}
	for (int k = 0; k < CAPTIONS; k++)
		free(captions[k]);
	return status;
}

double
figure_body_width(void)
{
	return page_width - 2 * margin;
}

char *
figure_layer_title(const struct model *model, const char *before)
{
	const struct layer *layer = model_layer(model);

	return xasprintf("%s%s (%s)", before, layer->label,
		layer->kind->name);
}

char *
figure_channel_title(const struct model *model, const char *before)
{
	char *layer = figure_layer_title(model, before);
	char *title = xasprintf("%s, %s %zu", layer,
		caption_channel(model_layer(model)), model->channel);

	free(layer);
	return title;
}
