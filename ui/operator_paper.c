#include "ui/operator_paper.h"

#include "core/session.h"
#include "core/util.h"
#include "ui/figure_page.h"

/* A group a pixel: no entry has several. */
static struct bins
paper_bins(struct bins whole)
{
	return bins_new(whole.begin, whole.count,
		(int)size_min(whole.count, FIGURE_ROWS));
}

static struct operator_picture
paper_new(const struct model *model)
{
	return (struct operator_picture){
		.rows = paper_bins(model_row_bins(model, 1)),
		.columns = paper_bins(model_column_bins(model, 1)),
		.entry = model_entry(model),
	};
}

static struct pooled_request
request_of(const struct model *model, const struct operator_picture *paper)
{
	return (struct pooled_request){
		.layer = model_layer(model),
		.channel = model->channel,
		.area = { paper->rows.begin, paper->rows.count,
			paper->columns.begin, paper->columns.count },
		.rows = (size_t)paper->rows.pixels,
		.columns = (size_t)paper->columns.pixels,
	};
}

void
operator_paper_look(struct model *model)
{
	struct operator_picture paper;
	struct pooled_request request;

	if (!model->paper || !model_ready(model)) {
		session_look_picture(model->session, SESSION_PAPER, NULL);
		return;
	}
	paper = paper_new(model);
	request = request_of(model, &paper);
	session_look_picture(model->session, SESSION_PAPER, &request);
}

struct operator_picture
operator_paper_get(const struct model *model)
{
	struct operator_picture paper = paper_new(model);
	struct pooled_request request = request_of(model, &paper);

	paper.block = session_picture(model->session, SESSION_PAPER);
	if (paper.block && !pooled_same(&paper.block->request, &request))
		paper.block = NULL;
	return paper;
}
