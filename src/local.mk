bin_PROGRAMS += esscope
esscope_SOURCES = \
	src/app.c src/app.h \
	src/app_options.c \
	src/cells.c src/cells.h \
	src/check.c src/check.h \
	src/cmd_compute.c \
	src/cmd_diff.c \
	src/cmd_info.c \
	src/cmd_render.c \
	src/cmd_spectrum.c \
	src/cmd_view.c \
	src/commands.h \
	src/ending.c src/ending.h \
	src/esscope.c \
	src/copy.c src/copy.h \
	src/demo.c src/demo.h \
	src/diff_match.c src/diff_match.h \
	src/diff_rows.c src/diff_rows.h \
	src/difference_numbers.c src/difference_numbers.h \
	src/drawing.c src/drawing.h \
	src/export.c src/export.h \
	src/export_marks.c src/export_marks.h \
	src/group.c src/group.h \
	src/help.c src/help.h \
	src/info.h \
	src/info_json.c \
	src/info_text.c \
	src/inputs.c src/inputs.h \
	src/choose.c src/choose.h \
	src/completion.c src/completion.h \
	src/completion_bash.c \
	src/completion_fish.c \
	src/completion_zsh.c \
	src/condition.c src/condition.h \
	src/configuration.c src/configuration.h \
	src/keep.c src/keep.h \
	src/array.c src/array.h \
	src/numbers.c src/numbers.h \
	src/operator_numbers.c src/operator_numbers.h \
	src/option_appearance.c src/option_appearance.h \
	src/option_limits.c src/option_limits.h \
	src/option_run.c src/option_run.h \
	src/option_table.c \
	src/options.c src/options.h \
	src/output.c src/output.h \
	src/picture.c src/picture.h \
	src/pipeline.c src/pipeline.h \
	src/play.c src/play.h \
	src/question.c src/question.h \
	src/record.c src/record.h \
	src/reading.c src/reading.h \
	src/resume.c src/resume.h \
	src/report.c src/report.h \
	src/rows.c src/rows.h \
	src/selection.c src/selection.h \
	src/settle.c src/settle.h \
	src/sink.h \
	src/start.c src/start.h \
	src/table.c src/table.h \
	src/target.c src/target.h \
	src/warnings.c src/warnings.h \
	src/watch.c src/watch.h \
	src/writer.c src/writer.h \
	src/writer_csv.c \
	src/writer_jsonl.c \
	src/writer_tsv.c
esscope_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS) \
	-DESSCOPE_DATA='"$(pkgdatadir)"'
# The order states the layers: src -> ui -> core.
esscope_LDADD = libui.a libcore.a $(ESSCOPE_LIBS)
