# Each test program or script is a line in TESTS. All print TAP.
TEST_CORE_LIBS = libcore.a $(ESSCOPE_LIBS)
EXTRA_DIST += tests/lsan.supp tests/suites.sh tests/terminal.py
EXTRA_DIST += tests/tap.h tests/tap.py tests/tap.sh tests/core/doubles.h

EXTRA_DIST += tests/cli/cells.py tests/cli/hostile.py tests/cli/oracle.py
TESTS += tests/cli/test_bad_input.py
EXTRA_DIST += tests/cli/test_bad_input.py
TESTS += tests/cli/test_bad_values.py
EXTRA_DIST += tests/cli/test_bad_values.py
TESTS += tests/cli/test_complex.py
EXTRA_DIST += tests/cli/test_complex.py
TESTS += tests/cli/test_control.py
EXTRA_DIST += tests/cli/test_control.py
TESTS += tests/cli/test_diff.py
EXTRA_DIST += tests/cli/test_diff.py
THREAD_TESTS += tests/cli/test_diff.py
TESTS += tests/cli/test_info.py
EXTRA_DIST += tests/cli/test_info.py
# Its memory is what it is about, and a sanitizer has its own.
PLAIN_TESTS += tests/cli/test_large.py
EXTRA_DIST += tests/cli/test_large.py
TESTS += tests/cli/test_large_member.py
EXTRA_DIST += tests/cli/test_large_member.py
TESTS += tests/cli/test_block.py
EXTRA_DIST += tests/cli/test_block.py

TESTS += tests/cli/test_method.py
EXTRA_DIST += tests/cli/test_method.py
THREAD_TESTS += tests/cli/test_method.py
TESTS += tests/cli/test_output.py
EXTRA_DIST += tests/cli/test_output.py
TESTS += tests/cli/test_per.py
EXTRA_DIST += tests/cli/test_per.py
THREAD_TESTS += tests/cli/test_per.py
TESTS += tests/cli/test_random.py
EXTRA_DIST += tests/cli/test_random.py
TESTS += tests/cli/test_reports.py
EXTRA_DIST += tests/cli/test_reports.py
TESTS += tests/cli/test_select.py
EXTRA_DIST += tests/cli/test_select.py
THREAD_TESTS += tests/cli/test_reports.py
TESTS += tests/cli/test_usage.py
EXTRA_DIST += tests/cli/test_usage.py
TESTS += tests/cli/test_values.py
EXTRA_DIST += tests/cli/test_values.py

check_PROGRAMS += tests/cli/test_writer
TESTS += tests/cli/test_writer
tests_cli_test_writer_SOURCES = \
	tests/cli/test_writer.c \
	src/writer.c \
	src/writer_csv.c \
	src/writer_jsonl.c \
	src/writer_tsv.c
tests_cli_test_writer_CFLAGS = $(AM_CFLAGS)
tests_cli_test_writer_LDADD = $(TEST_CORE_LIBS)

check_PROGRAMS += tests/core/test_cache
TESTS += tests/core/test_cache
THREAD_TESTS += tests/core/test_cache
tests_core_test_cache_SOURCES = tests/core/test_cache.c
tests_core_test_cache_LDADD = $(TEST_CORE_LIBS)

check_PROGRAMS += tests/core/test_machine
TESTS += tests/core/test_machine
tests_core_test_machine_SOURCES = tests/core/test_machine.c
tests_core_test_machine_LDADD = $(TEST_CORE_LIBS)
check_PROGRAMS += tests/core/test_fuzz
TESTS += tests/core/test_fuzz
tests_core_test_fuzz_SOURCES = tests/core/test_fuzz.c
tests_core_test_fuzz_LDADD = $(TEST_CORE_LIBS)

check_PROGRAMS += tests/core/test_measure
TESTS += tests/core/test_measure
tests_core_test_measure_SOURCES = tests/core/test_measure.c
tests_core_test_measure_LDADD = $(TEST_CORE_LIBS)

check_PROGRAMS += tests/core/test_npy
TESTS += tests/core/test_npy
tests_core_test_npy_SOURCES = tests/core/test_npy.c
tests_core_test_npy_LDADD = $(TEST_CORE_LIBS)

check_PROGRAMS += tests/core/test_plateau
TESTS += tests/core/test_plateau
tests_core_test_plateau_SOURCES = tests/core/test_plateau.c
tests_core_test_plateau_LDADD = $(TEST_CORE_LIBS)

check_PROGRAMS += tests/core/test_pool
TESTS += tests/core/test_pool
THREAD_TESTS += tests/core/test_pool
tests_core_test_pool_SOURCES = tests/core/test_pool.c
tests_core_test_pool_LDADD = $(TEST_CORE_LIBS)

check_PROGRAMS += tests/core/show_dump
TESTS += tests/core/test_dump.py
EXTRA_DIST += tests/core/test_dump.py tests/core/dumps.py
TESTS += tests/core/test_dump_meta.py
EXTRA_DIST += tests/core/test_dump_meta.py
tests_core_show_dump_SOURCES = tests/core/show_dump.c
tests_core_show_dump_LDADD = $(TEST_CORE_LIBS)

check_PROGRAMS += tests/core/show_store
TESTS += tests/core/test_store.py
tests_core_show_store_SOURCES = tests/core/show_store.c
tests_core_show_store_LDADD = $(TEST_CORE_LIBS)
EXTRA_DIST += tests/core/test_store.py

check_PROGRAMS += tests/core/test_part
TESTS += tests/core/test_part
THREAD_TESTS += tests/core/test_part
tests_core_test_part_SOURCES = \
	tests/core/test_part.c \
	samples/arguments.h \
	samples/npz_write.c samples/npz_write.h
tests_core_test_part_CFLAGS = $(AM_CFLAGS)
tests_core_test_part_LDADD = $(TEST_CORE_LIBS)

check_PROGRAMS += tests/core/test_restart
TESTS += tests/core/test_restart
THREAD_TESTS += tests/core/test_restart
tests_core_test_restart_SOURCES = \
	tests/core/test_restart.c \
	tests/core/stream_of.h \
	samples/arguments.h \
	samples/npz_write.c samples/npz_write.h
tests_core_test_restart_CFLAGS = $(AM_CFLAGS)
tests_core_test_restart_LDADD = $(TEST_CORE_LIBS)

check_PROGRAMS += tests/core/test_tensor
TESTS += tests/core/test_tensor
tests_core_test_tensor_SOURCES = tests/core/test_tensor.c
tests_core_test_tensor_LDADD = $(TEST_CORE_LIBS)

check_PROGRAMS += tests/core/test_text
TESTS += tests/core/test_text
tests_core_test_text_SOURCES = tests/core/test_text.c
tests_core_test_text_LDADD = $(TEST_CORE_LIBS)

check_PROGRAMS += tests/core/test_util
TESTS += tests/core/test_util
tests_core_test_util_SOURCES = tests/core/test_util.c
tests_core_test_util_LDADD = $(TEST_CORE_LIBS)

TESTS += tests/tree/completions.py
PLAIN_TESTS += tests/tree/completions.py
EXTRA_DIST += tests/tree/completions.py
TESTS += tests/tree/headers.sh
PLAIN_TESTS += tests/tree/headers.sh
TESTS += tests/tree/layering.sh
PLAIN_TESTS += tests/tree/layering.sh
TESTS += tests/tree/manpages.sh
PLAIN_TESTS += tests/tree/manpages.sh
TESTS += tests/tree/sizes.sh
PLAIN_TESTS += tests/tree/sizes.sh
TESTS += tests/tree/words.sh
PLAIN_TESTS += tests/tree/words.sh
EXTRA_DIST += tests/tree/headers.sh
EXTRA_DIST += tests/tree/layering.sh
EXTRA_DIST += tests/tree/manpages.sh
EXTRA_DIST += tests/tree/sizes.sh
EXTRA_DIST += tests/tree/words.sh

TESTS += tests/samples/test_analytic.py
EXTRA_DIST += tests/samples/test_analytic.py
TESTS += tests/samples/test_generate.py
EXTRA_DIST += tests/samples/test_generate.py
EXTRA_DIST += tests/samples/mixers.py tests/samples/recurrences.py
EXTRA_DIST += tests/samples/written.py
# Python's exporter, of which a sanitizer sees nothing.
TESTS += tests/samples/test_exporter.py
PLAIN_TESTS += tests/samples/test_exporter.py
EXTRA_DIST += tests/samples/test_exporter.py
TESTS += tests/samples/test_exporter_files.py
PLAIN_TESTS += tests/samples/test_exporter_files.py
EXTRA_DIST += tests/samples/test_exporter_files.py
TESTS += tests/samples/test_exporter_batches.py
PLAIN_TESTS += tests/samples/test_exporter_batches.py
EXTRA_DIST += tests/samples/test_exporter_batches.py
TESTS += tests/samples/test_exporter_doubts.py
PLAIN_TESTS += tests/samples/test_exporter_doubts.py
EXTRA_DIST += tests/samples/test_exporter_doubts.py

check_PROGRAMS += tests/ui/test_canvas
tests_ui_test_canvas_SOURCES = tests/ui/test_canvas.c tests/ui/screen.h
tests_ui_test_canvas_CFLAGS = $(AM_CFLAGS)
tests_ui_test_canvas_LDADD = libui.a libcore.a $(ESSCOPE_LIBS)
TESTS += tests/ui/test_canvas

check_PROGRAMS += tests/ui/test_curves
tests_ui_test_curves_SOURCES = tests/ui/test_curves.c tests/ui/model_of.h
tests_ui_test_curves_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
tests_ui_test_curves_LDADD = libui.a libcore.a $(ESSCOPE_LIBS)
TESTS += tests/ui/test_curves

check_PROGRAMS += tests/ui/test_colour
tests_ui_test_colour_SOURCES = tests/ui/test_colour.c tests/tap.h
tests_ui_test_colour_CFLAGS = $(AM_CFLAGS)
tests_ui_test_colour_LDADD = libui.a libcore.a $(ESSCOPE_LIBS)
TESTS += tests/ui/test_colour

check_PROGRAMS += tests/ui/test_heatmap
tests_ui_test_heatmap_SOURCES = tests/ui/test_heatmap.c tests/ui/screen.h
tests_ui_test_heatmap_CFLAGS = $(AM_CFLAGS)
tests_ui_test_heatmap_LDADD = libui.a libcore.a $(ESSCOPE_LIBS)
TESTS += tests/ui/test_heatmap

check_PROGRAMS += tests/ui/test_plot
tests_ui_test_plot_SOURCES = tests/ui/test_plot.c tests/ui/screen.h
tests_ui_test_plot_CFLAGS = $(AM_CFLAGS)
tests_ui_test_plot_LDADD = libui.a libcore.a $(ESSCOPE_LIBS)
TESTS += tests/ui/test_plot

check_PROGRAMS += tests/core/test_tridiagonal
TESTS += tests/core/test_tridiagonal
tests_core_test_tridiagonal_SOURCES = tests/core/test_tridiagonal.c
tests_core_test_tridiagonal_LDADD = $(TEST_CORE_LIBS)
tests_core_test_tridiagonal_CFLAGS = $(AM_CFLAGS) $(CORE_CFLAGS)

check_PROGRAMS += tests/core/test_workspace
TESTS += tests/core/test_workspace
tests_core_test_workspace_SOURCES = tests/core/test_workspace.c
tests_core_test_workspace_LDADD = $(TEST_CORE_LIBS)
tests_core_test_workspace_CFLAGS = $(AM_CFLAGS) $(CORE_CFLAGS)

check_PROGRAMS += tests/core/test_basis
TESTS += tests/core/test_basis
tests_core_test_basis_SOURCES = tests/core/test_basis.c
tests_core_test_basis_LDADD = $(TEST_CORE_LIBS)
tests_core_test_basis_CFLAGS = $(AM_CFLAGS) $(CORE_CFLAGS)

check_PROGRAMS += tests/core/test_blas_kernels
TESTS += tests/core/test_blas_kernels
tests_core_test_blas_kernels_SOURCES = tests/core/test_blas_kernels.c
tests_core_test_blas_kernels_LDADD = $(TEST_CORE_LIBS)
tests_core_test_blas_kernels_CFLAGS = $(AM_CFLAGS) $(CORE_CFLAGS)

check_PROGRAMS += tests/core/test_bordered
TESTS += tests/core/test_bordered
tests_core_test_bordered_SOURCES = tests/core/test_bordered.c
tests_core_test_bordered_LDADD = $(TEST_CORE_LIBS)
tests_core_test_bordered_CFLAGS = $(AM_CFLAGS) $(CORE_CFLAGS)

check_PROGRAMS += tests/core/test_hankel
TESTS += tests/core/test_hankel
tests_core_test_hankel_SOURCES = tests/core/test_hankel.c
tests_core_test_hankel_LDADD = $(TEST_CORE_LIBS)
tests_core_test_hankel_CFLAGS = $(AM_CFLAGS) $(CORE_CFLAGS)

check_PROGRAMS += tests/core/test_session
THREAD_TESTS += tests/core/test_session
tests_core_test_session_SOURCES = tests/core/test_session.c
tests_core_test_session_LDADD = $(TEST_CORE_LIBS)
tests_core_test_session_CFLAGS = $(AM_CFLAGS) $(CORE_CFLAGS)
check_PROGRAMS += tests/ui/test_sequence
TESTS += tests/ui/test_sequence
tests_ui_test_sequence_SOURCES = tests/ui/test_sequence.c
tests_ui_test_sequence_LDADD = libui.a libcore.a $(ESSCOPE_LIBS)

check_PROGRAMS += tests/ui/tty_demo
tests_ui_tty_demo_SOURCES = tests/ui/tty_demo.c
tests_ui_tty_demo_CFLAGS = $(AM_CFLAGS)
tests_ui_tty_demo_LDADD = libui.a libcore.a $(ESSCOPE_LIBS)
EXTRA_DIST += tests/ui/demo.py
TESTS += tests/ui/test_tty.py
EXTRA_DIST += tests/ui/test_tty.py
TESTS += tests/ui/test_tty_end.py
EXTRA_DIST += tests/ui/test_tty_end.py
check_PROGRAMS += tests/ui/test_bins
tests_ui_test_bins_SOURCES = tests/ui/test_bins.c
tests_ui_test_bins_LDADD = libui.a libcore.a $(ESSCOPE_LIBS)
TESTS += tests/ui/test_bins

check_PROGRAMS += tests/ui/test_prompt
tests_ui_test_prompt_SOURCES = tests/ui/test_prompt.c
tests_ui_test_prompt_LDADD = libui.a libcore.a $(ESSCOPE_LIBS)
TESTS += tests/ui/test_prompt

check_PROGRAMS += tests/ui/test_line
tests_ui_test_line_SOURCES = tests/ui/test_line.c tests/ui/model_of.h
tests_ui_test_line_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
tests_ui_test_line_LDADD = libui.a libcore.a $(ESSCOPE_LIBS)
TESTS += tests/ui/test_line

check_PROGRAMS += tests/ui/test_trail
tests_ui_test_trail_SOURCES = tests/ui/test_trail.c tests/ui/model_of.h
tests_ui_test_trail_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
tests_ui_test_trail_LDADD = libui.a libcore.a $(ESSCOPE_LIBS)
TESTS += tests/ui/test_trail

check_PROGRAMS += tests/ui/test_slider
tests_ui_test_slider_SOURCES = tests/ui/test_slider.c
tests_ui_test_slider_LDADD = libui.a libcore.a $(ESSCOPE_LIBS)
TESTS += tests/ui/test_slider

check_PROGRAMS += tests/ui/test_command
tests_ui_test_command_SOURCES = tests/ui/test_command.c tests/ui/model_of.h
tests_ui_test_command_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
tests_ui_test_command_LDADD = libui.a libcore.a $(ESSCOPE_LIBS)
TESTS += tests/ui/test_command

check_PROGRAMS += tests/ui/test_encode
tests_ui_test_encode_SOURCES = tests/ui/test_encode.c tests/tap.h
tests_ui_test_encode_CFLAGS = $(AM_CFLAGS)
tests_ui_test_encode_LDADD = libui.a libcore.a $(ESSCOPE_LIBS)
TESTS += tests/ui/test_encode

check_PROGRAMS += tests/ui/test_profile
tests_ui_test_profile_SOURCES = tests/ui/test_profile.c tests/ui/model_of.h
tests_ui_test_profile_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
tests_ui_test_profile_LDADD = libui.a libcore.a $(ESSCOPE_LIBS)
TESTS += tests/ui/test_profile

check_PROGRAMS += tests/ui/test_screen
tests_ui_test_screen_SOURCES = tests/ui/test_screen.c tests/ui/model_of.h
tests_ui_test_screen_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
tests_ui_test_screen_LDADD = libui.a libcore.a $(ESSCOPE_LIBS)
TESTS += tests/ui/test_screen

check_PROGRAMS += tests/ui/test_reduce
tests_ui_test_reduce_SOURCES = tests/ui/test_reduce.c tests/ui/model_of.h
tests_ui_test_reduce_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
tests_ui_test_reduce_LDADD = libui.a libcore.a $(ESSCOPE_LIBS)
TESTS += tests/ui/test_reduce

check_PROGRAMS += tests/ui/show_screen
tests_ui_show_screen_SOURCES = tests/ui/show_screen.c tests/ui/model_of.h
tests_ui_show_screen_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
tests_ui_show_screen_LDADD = libui.a libcore.a $(ESSCOPE_LIBS)
TESTS += tests/ui/test_frames.py
EXTRA_DIST += tests/ui/test_frames.py
EXTRA_DIST += tests/screen/looking.py
TESTS += tests/screen/test_first_paint.py
EXTRA_DIST += tests/screen/test_first_paint.py
PLAIN_TESTS += tests/screen/test_budgets.py
EXTRA_DIST += tests/screen/test_budgets.py
THREAD_TESTS += tests/screen/test_watch.py
EXTRA_DIST += tests/screen/test_watch.py
TESTS += tests/screen/test_text.py
EXTRA_DIST += tests/screen/test_text.py
TESTS += tests/screen/test_demo.py
EXTRA_DIST += tests/screen/test_demo.py
TESTS += tests/screen/test_choose.py
EXTRA_DIST += tests/screen/test_choose.py
EXTRA_DIST += tests/screen/test_keep.py
TESTS += tests/screen/test_play.py
EXTRA_DIST += tests/screen/test_play.py
EXTRA_DIST += tests/screen/play/line.play \
	tests/screen/play/operator_overview.play \
	tests/screen/play/overview.play tests/screen/play/pan.play \
	tests/screen/play/trail.play
THREAD_TESTS += tests/screen/test_screen.py
EXTRA_DIST += tests/screen/test_screen.py

check_PROGRAMS += tests/core/test_small_svd
TESTS += tests/core/test_small_svd
tests_core_test_small_svd_SOURCES = tests/core/test_small_svd.c
tests_core_test_small_svd_LDADD = $(TEST_CORE_LIBS)
tests_core_test_small_svd_CFLAGS = $(AM_CFLAGS) $(CORE_CFLAGS)

check_PROGRAMS += tests/core/test_triangular
TESTS += tests/core/test_triangular
tests_core_test_triangular_SOURCES = tests/core/test_triangular.c
tests_core_test_triangular_LDADD = $(TEST_CORE_LIBS)

# Not a test: `make bench` prints the tables and keeps them in BENCHMARKS.md;
# with QUICK=1, smaller ones that are not kept.
EXTRA_PROGRAMS = tests/bench/kernels
tests_bench_kernels_SOURCES = tests/bench/kernels.c
tests_bench_kernels_LDADD = $(TEST_CORE_LIBS)
tests_bench_kernels_CFLAGS = $(AM_CFLAGS) $(CORE_CFLAGS)
CLEANFILES += tests/bench/kernels
EXTRA_DIST += tests/bench/bench.py tests/bench/operators.py \
	tests/bench/timed.py
bench: esscope tests/bench/kernels
	@test -n "$$QUICK" || keep='-o $(srcdir)/BENCHMARKS.md'; \
	builddir='$(builddir)' PYTHONDONTWRITEBYTECODE=1 \
	$(PYTHON3) '$(srcdir)/tests/bench/bench.py' $$keep
.PHONY: bench

check_PROGRAMS += tests/core/test_interlacing
TESTS += tests/core/test_interlacing
tests_core_test_interlacing_SOURCES = tests/core/test_interlacing.c
tests_core_test_interlacing_LDADD = $(TEST_CORE_LIBS)
tests_core_test_interlacing_CFLAGS = $(AM_CFLAGS) $(CORE_CFLAGS)

check_PROGRAMS += tests/core/test_session_stress
TESTS += tests/core/test_session_stress
THREAD_TESTS += tests/core/test_session_stress
tests_core_test_session_stress_SOURCES = tests/core/test_session_stress.c
tests_core_test_session_stress_LDADD = $(TEST_CORE_LIBS)
tests_core_test_session_stress_CFLAGS = $(AM_CFLAGS) $(CORE_CFLAGS)
# Longer than a test may take; a seed it names can be given to repeat it.
STRESS_ROUNDS = 500
stress: tests/core/test_session_stress
	srcdir='$(srcdir)' tests/core/test_session_stress $(STRESS_ROUNDS)
.PHONY: stress

# Is the time left what it takes? Printed, not asserted.
EXTRA_PROGRAMS += tests/bench/eta
tests_bench_eta_SOURCES = tests/bench/eta.c
tests_bench_eta_LDADD = $(TEST_CORE_LIBS)
tests_bench_eta_CFLAGS = $(AM_CFLAGS) $(CORE_CFLAGS)
CLEANFILES += tests/bench/eta
EXTRA_DIST += tests/bench/eta.py
bench-eta: tests/bench/eta
	@builddir='$(builddir)' srcdir='$(srcdir)' $(PYTHON3) '$(srcdir)/tests/bench/eta.py'
.PHONY: bench-eta

# Does the screen answer while all cores compute? Printed, not asserted.
tests/bench/turns.so: tests/bench/turns.c
	@mkdir -p tests/bench
	$(CC) $(CFLAGS) -shared -fPIC -o $@ '$(srcdir)/tests/bench/turns.c' -ldl
CLEANFILES += tests/bench/turns.so
EXTRA_DIST += tests/bench/turns.c tests/bench/turns.py
bench-turns: esscope samples/generate tests/bench/turns.so
	@builddir='$(builddir)' srcdir='$(srcdir)' \
	PYTHONDONTWRITEBYTECODE=1 \
	$(PYTHON3) '$(srcdir)/tests/bench/turns.py'
.PHONY: bench-turns

check_PROGRAMS += tests/core/test_plan
TESTS += tests/core/test_plan
tests_core_test_plan_SOURCES = tests/core/test_plan.c tests/core/plan_desk.h
tests_core_test_plan_LDADD = $(TEST_CORE_LIBS)
tests_core_test_plan_CFLAGS = $(AM_CFLAGS) $(CORE_CFLAGS)
check_PROGRAMS += tests/core/test_reach
TESTS += tests/core/test_reach
tests_core_test_reach_SOURCES = tests/core/test_reach.c tests/core/plan_desk.h
tests_core_test_reach_LDADD = $(TEST_CORE_LIBS)
tests_core_test_reach_CFLAGS = $(AM_CFLAGS) $(CORE_CFLAGS)
check_PROGRAMS += tests/core/test_atlas
TESTS += tests/core/test_atlas
tests_core_test_atlas_SOURCES = tests/core/test_atlas.c
tests_core_test_atlas_LDADD = $(TEST_CORE_LIBS)
tests_core_test_atlas_CFLAGS = $(AM_CFLAGS) $(CORE_CFLAGS)

check_PROGRAMS += tests/core/test_disk_cache
TESTS += tests/core/test_disk_cache
tests_core_test_disk_cache_SOURCES = tests/core/test_disk_cache.c tests/core/cache_of.h
tests_core_test_disk_cache_LDADD = $(TEST_CORE_LIBS)
tests_core_test_disk_cache_CFLAGS = $(AM_CFLAGS) $(CORE_CFLAGS)

check_PROGRAMS += tests/core/test_cache_file
TESTS += tests/core/test_cache_file
tests_core_test_cache_file_SOURCES = tests/core/test_cache_file.c tests/core/cache_of.h
tests_core_test_cache_file_LDADD = $(TEST_CORE_LIBS)
tests_core_test_cache_file_CFLAGS = $(AM_CFLAGS) $(CORE_CFLAGS)

check_PROGRAMS += tests/core/test_cache_key
TESTS += tests/core/test_cache_key
tests_core_test_cache_key_SOURCES = tests/core/test_cache_key.c tests/core/cache_of.h
tests_core_test_cache_key_LDADD = $(TEST_CORE_LIBS)
tests_core_test_cache_key_CFLAGS = $(AM_CFLAGS) $(CORE_CFLAGS)

EXTRA_DIST += tests/screen/test_disk_cache.py
check_PROGRAMS += tests/core/test_sliding
TESTS += tests/core/test_sliding
tests_core_test_sliding_SOURCES = tests/core/test_sliding.c
tests_core_test_sliding_LDADD = $(TEST_CORE_LIBS)
tests_core_test_sliding_CFLAGS = $(AM_CFLAGS) $(CORE_CFLAGS)

check_PROGRAMS += tests/ui/test_panes
TESTS += tests/ui/test_panes
tests_ui_test_panes_SOURCES = tests/ui/test_panes.c tests/ui/model_of.h
tests_ui_test_panes_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
tests_ui_test_panes_LDADD = libui.a libcore.a $(ESSCOPE_LIBS)
# The screen's figures, which other tests draw under a sanitizer.
PLAIN_TESTS += tests/cli/test_render.py
EXTRA_DIST += tests/cli/test_render.py
EXTRA_DIST += tests/safetensors.py
TESTS += tests/core/test_safetensors.py
EXTRA_DIST += tests/core/test_safetensors.py
TESTS += tests/core/test_npy_gz.py
EXTRA_DIST += tests/core/test_npy_gz.py
TESTS += tests/cli/test_foreign.py
EXTRA_DIST += tests/cli/test_foreign.py
TESTS += tests/screen/test_stdin.py
EXTRA_DIST += tests/screen/test_stdin.py

check_PROGRAMS += tests/core/test_pooled
THREAD_TESTS += tests/core/test_pooled
tests_core_test_pooled_SOURCES = tests/core/test_pooled.c
tests_core_test_pooled_LDADD = $(TEST_CORE_LIBS)
tests_core_test_pooled_CFLAGS = $(AM_CFLAGS) $(CORE_CFLAGS)

TESTS += tests/ui/test_operator.py
EXTRA_DIST += tests/ui/test_operator.py
TESTS += tests/cli/test_operator_figure.py
EXTRA_DIST += tests/cli/test_figure.py
EXTRA_DIST += tests/cli/test_operator_figure.py
TESTS += tests/screen/test_batch.py
EXTRA_DIST += tests/screen/test_batch.py

check_PROGRAMS += tests/ui/test_layer_list
TESTS += tests/ui/test_layer_list
tests_ui_test_layer_list_SOURCES = tests/ui/test_layer_list.c tests/ui/model_of.h
tests_ui_test_layer_list_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
tests_ui_test_layer_list_LDADD = libui.a libcore.a $(ESSCOPE_LIBS)
TESTS += tests/cli/test_check.py
EXTRA_DIST += tests/cli/test_check.py

# Fuzzers: the corpus is replayed by `make check`; `make fuzz` looks for more,
# FUZZ_SECONDS for each target, with clang's libFuzzer. What it finds is in
# tests/fuzz/found: put into the corpus what a repair is tested by.
check_PROGRAMS += tests/fuzz/test_corpus
TESTS += tests/fuzz/test_corpus
tests_fuzz_test_corpus_SOURCES = tests/fuzz/test_corpus.c \
	tests/fuzz/targets.c tests/fuzz/target.h \
	tests/fuzz/targets_deflate.c tests/fuzz/archive.c tests/fuzz/archive.h
tests_fuzz_test_corpus_LDADD = $(TEST_CORE_LIBS)
tests_fuzz_test_corpus_CFLAGS = $(AM_CFLAGS) $(CORE_CFLAGS)
EXTRA_DIST += tests/fuzz/corpus tests/fuzz/fuzz.c tests/fuzz/make_corpus.py
FUZZ_CC = clang
FUZZ_SECONDS = 60
FUZZ_FLAGS = -std=c17 -g -O1 -w -fsanitize=fuzzer,address,undefined \
	-fno-sanitize-recover=all
FUZZ_FILES = $(libcore_a_SOURCES) tests/fuzz/targets.c tests/fuzz/fuzz.c \
	tests/fuzz/targets_deflate.c tests/fuzz/archive.c
tests/fuzz/fuzz: $(FUZZ_FILES)
	@mkdir -p tests/fuzz
	@sources=; for file in $(FUZZ_FILES); do \
		case $$file in *.c) sources="$$sources $(srcdir)/$$file";; \
		esac; done; \
	$(FUZZ_CC) $(FUZZ_FLAGS) $(DEFS) $(AM_CPPFLAGS) $(CPPFLAGS) \
		$(CORE_CFLAGS) -o $@ $$sources $(ESSCOPE_LIBS) -lpthread
CLEANFILES += tests/fuzz/fuzz
fuzz: tests/fuzz/fuzz
	@for target in dump safetensors npy npy_gz members meta directory \
		deflated restarts; do \
		mkdir -p tests/fuzz/found/$$target || exit 1; \
		echo "fuzz: $$target, $(FUZZ_SECONDS) seconds"; \
		FUZZ_TARGET=$$target \
		LSAN_OPTIONS='suppressions=$(abs_srcdir)/tests/lsan.supp' \
		tests/fuzz/fuzz -max_total_time=$(FUZZ_SECONDS) -timeout=10 \
			-rss_limit_mb=2048 -max_len=8192 -print_final_stats=1 \
			-verbosity=0 -artifact_prefix=tests/fuzz/found/ \
			tests/fuzz/found/$$target \
			$(srcdir)/tests/fuzz/corpus/$$target || exit 1; \
	done
.PHONY: fuzz
check_PROGRAMS += tests/ui/test_channels
TESTS += tests/ui/test_channels
tests_ui_test_channels_SOURCES = tests/ui/test_channels.c tests/ui/model_of.h
tests_ui_test_channels_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
tests_ui_test_channels_LDADD = libui.a libcore.a $(ESSCOPE_LIBS)
EXTRA_DIST += tests/screen/test_export.py
THREAD_TESTS += tests/screen/test_export_wait.py
EXTRA_DIST += tests/screen/test_export_wait.py
TESTS += tests/cli/test_directory.py
EXTRA_DIST += tests/cli/test_directory.py
check_PROGRAMS += tests/core/test_shrink
TESTS += tests/core/test_shrink
tests_core_test_shrink_SOURCES = tests/core/test_shrink.c
tests_core_test_shrink_LDADD = $(TEST_CORE_LIBS)
tests_core_test_shrink_CFLAGS = $(AM_CFLAGS) $(CORE_CFLAGS)

check_PROGRAMS += tests/ui/test_map_rows
TESTS += tests/ui/test_map_rows
tests_ui_test_map_rows_SOURCES = tests/ui/test_map_rows.c tests/ui/model_of.h
tests_ui_test_map_rows_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
tests_ui_test_map_rows_LDADD = libui.a libcore.a $(ESSCOPE_LIBS)
TESTS += tests/screen/test_collapsed.py
EXTRA_DIST += tests/screen/test_collapsed.py
EXTRA_DIST += tests/screen/test_compare.py
TESTS += tests/screen/test_copy.py
EXTRA_DIST += tests/screen/test_copy.py
TESTS += tests/screen/test_colortest.py
EXTRA_DIST += tests/screen/test_colortest.py
TESTS += tests/screen/test_kill.py
EXTRA_DIST += tests/screen/test_kill.py
TESTS += tests/cli/test_readme.py
EXTRA_DIST += tests/cli/test_readme.py
