noinst_LIBRARIES += libui.a
libui_a_SOURCES = \
	ui/action.c ui/action.h \
	ui/action_batch.c \
	ui/action_compare.c \
	ui/action_curve.c \
	ui/action_drop.c \
	ui/action_channel.c \
	ui/action_list.c \
	ui/action_copy.c \
	ui/action_export.c \
	ui/action_look.c \
	ui/action_scale.c \
	ui/action_move.c \
	ui/action_zoom.c \
	ui/action_script.c \
	ui/action_trail.c \
	ui/action_operator.c \
	ui/action_pane.c \
	ui/base64.c ui/base64.h \
	ui/bins.c ui/bins.h \
	ui/cairo_load.c ui/cairo_load.h \
	ui/canvas.c ui/canvas.h \
	ui/canvas_print.c \
	ui/caption.c ui/caption.h \
	ui/channel_cluster.c ui/channel_cluster.h \
	ui/channel_criterion.c ui/channel_criterion.h \
	ui/channel_order.c ui/channel_order.h \
	ui/channel_sorting.c ui/channel_sorting.h \
	ui/colour.c ui/colour_true.c ui/colour.h \
	ui/colour_scale.c ui/colour_scale.h \
	ui/command.c ui/command.h \
	ui/command_line.c \
	ui/comparison.c ui/comparison.h \
	ui/complete.c ui/complete.h \
	ui/difference.c ui/difference.h \
	ui/command.def \
	ui/figure.c ui/figure.h \
	ui/figure_cairo.c \
	ui/figure_colour.h \
	ui/figure_layers.c \
	ui/figure_curve.c ui/figure_curve.h \
	ui/figure_tape.c ui/figure_tape.h \
	ui/figure_text.c \
	ui/figure_bar.c ui/figure_bar.h \
	ui/figure_map.c \
	ui/figure_operator.c \
	ui/figure_page.c ui/figure_page.h \
	ui/figure_plot.c ui/figure_plot.h \
	ui/figure_position.c \
	ui/figure_profile.c \
	ui/figure_screen.c ui/figure_screen.h \
	ui/figure_spectrum.c \
	ui/figure_svg.c \
	ui/definition.c ui/definition.h \
	ui/delimiters.c ui/delimiters.h \
	ui/digits.c ui/digits.h \
	ui/disagreement.c ui/disagreement.h \
	ui/find.c ui/find.h \
	ui/glyph.c ui/glyph.h \
	ui/help_define.c \
	ui/help_colours.c ui/help_colours.h \
	ui/help_marks.c \
	ui/help_page.c ui/help_page.h \
	ui/history.c ui/history.h \
	ui/heatmap.c ui/heatmap.h \
	ui/input.c ui/input.h \
	ui/keymap.c ui/keymap.h \
	ui/layer_band.c ui/layer_band.h \
	ui/layer_curve.c ui/layer_curve.h \
	ui/layer_list.c ui/layer_list.h \
	ui/layer_scale.c ui/layer_scale.h \
	ui/layer_stats.c ui/layer_stats.h \
	ui/layout.c ui/layout.h \
	ui/map_picture.c ui/map_picture.h \
	ui/map_rows.c ui/map_rows.h \
	ui/measure_table.c ui/measure_table.h \
	ui/missing.c ui/missing.h \
	ui/model.c ui/model.h \
	ui/model_entry.c \
	ui/model_reopen.c \
	ui/phrase.c ui/phrase.h \
	ui/operator_legend.c ui/operator_legend.h \
	ui/operator_paper.c ui/operator_paper.h \
	ui/operator_picture.c ui/operator_picture.h \
	ui/place.c ui/place.h \
	ui/plot.c ui/plot.h \
	ui/position_axis.c ui/position_axis.h \
	ui/prompt.c ui/prompt.h \
	ui/prompt_line.c ui/prompt_line.h \
	ui/readout.c ui/readout.h \
	ui/overview.c ui/overview.h \
	ui/pan.c ui/pan.h \
	ui/reduce.c ui/reduce.h \
	ui/script.c ui/script.h \
	ui/screen.c ui/screen.h \
	ui/settings.c ui/settings.h \
	ui/shell_line.c ui/shell_line.h \
	ui/shorten.c ui/shorten.h \
	ui/slider.c ui/slider.h \
	ui/spectrum_curve.c ui/spectrum_curve.h \
	ui/spectrum_weights.c ui/spectrum_weights.h \
	ui/search.c ui/search.h \
	ui/seen.c ui/seen.h \
	ui/spell.c ui/spell.h \
	ui/trail.c ui/trail.h \
	ui/text_lines.c ui/text_lines.h \
	ui/text_ring.c ui/text_ring.h \
	ui/title_line.c ui/title_line.h \
	ui/token_text.c ui/token_text.h \
	ui/tty.c ui/tty.h \
	ui/tty_encode.c ui/tty_encode.h \
	ui/tty_copy.c \
	ui/tty_curses.c ui/tty_curses.h \
	ui/tty_environment.c ui/tty_environment.h \
	ui/tty_frame.c ui/tty_frame.h \
	ui/tty_guard.c ui/tty_guard.h \
	ui/tty_sequence.c ui/tty_sequence.h \
	ui/tty_signal.c ui/tty_signal.h \
	ui/unmatched.c ui/unmatched.h \
	ui/utf8.c ui/utf8.h \
	ui/view.c ui/view.h \
	ui/view_help.c \
	ui/view_layers.c \
	ui/view_map.c \
	ui/view_operator.c \
	ui/view_profile.c \
	ui/view_spectrum.c \
	ui/view_text.c
libui_a_CFLAGS = $(AM_CFLAGS) $(NCURSES_CFLAGS) $(JANSSON_CFLAGS) \
	$(CAIRO_CFLAGS)
