noinst_LIBRARIES += libcore.a
libcore_a_SOURCES = \
	core/atlas.c core/atlas.h \
	core/atlas_ask.c \
	core/atlas_strip.c core/atlas_strip.h \
	core/basis.c core/basis.h \
	core/bidiagonal.c core/bidiagonal.h core/bidiagonal_lanes.inc \
	core/blas_kernels.c core/blas_kernels.h \
	core/block_chain.c core/block_chain.h \
	core/block_panel.c core/block_panel.h \
	core/bordered.c core/bordered.h \
	core/bordered_chase.inc core/bordered_tree.inc \
	core/bytes.h \
	core/certificates.c core/certificates.h \
	core/cache.c core/cache.h \
	core/cache_file.c core/cache_file.h \
	core/cache_job.c core/cache_job.h \
	core/cache_key.c core/cache_key.h \
	core/content.c core/content.h \
	core/complex_value.h \
	core/cgroup.c core/cgroup.h \
	core/clock.h \
	core/crc.h \
	core/dump.c core/dump.h \
	core/dump_batch.c \
	core/dump_check.c core/dump_check.h \
	core/dump_files.c core/dump_files.h \
	core/dump_keys.c \
	core/dump_meta.c \
	core/dump_open.c \
	core/dump_parts.h \
	core/dump_tokens.c \
	core/factor_fit.c core/factor_fit.h core/factor_fit_parts.h \
	core/factor_fit_fail.c \
	core/factor_part.c \
	core/factor_type.c core/factor_type.h \
	core/file_npy.c \
	core/file_npy_gz.c \
	core/file_npz.c \
	core/file_safetensors.c \
	core/foreign.c core/foreign.h \
	core/hankel.c core/hankel.h \
	core/hankel_block.c \
	core/hankel_cost.c \
	core/hankel_direct.c \
	core/hankel_sliding.c \
	core/hankel_state.c \
	core/interlacing.c core/interlacing.h \
	core/json_text.c core/json_text.h \
	core/layer_meta.c \
	core/layer_resolve.c \
	core/lanes.c core/lanes.h core/lanes_widths.inc \
	core/linalg.c core/linalg.h \
	core/machine.c core/machine.h \
	core/measure.c core/measure.h \
	core/member_part.c core/member_part.h \
	core/member_cache.c core/member_cache.h \
	core/meta_merge.c core/meta_merge.h \
	core/meta_notes.c \
	core/meter.c core/meter.h \
	core/npy.c core/npy.h \
	core/op_decay.c \
	core/op_delta.c \
	core/op_dense.c \
	core/op_s6.c \
	core/op_scalar.c \
	core/op_softmax.c \
	core/op_toeplitz.c \
	core/operator.c core/operator.h \
	core/pace.c core/pace.h \
	core/operator_check.c core/operator_check.h core/extent_lanes.inc \
	core/operator_complex.c \
	core/operator_finite.c core/operator_finite.h \
	core/packed.c core/packed.h \
	core/packed_count.c \
	core/operator_rows.c core/operator_rows.h \
	core/operator_share.c core/operator_share.h \
	core/pivoted_qr.c core/pivoted_qr.h core/pivoted_qr_lanes.inc \
	core/plan.c core/plan.h \
	core/plan_reach.c \
	core/plan_stride.c \
	core/plan_walk.c core/plan_walk.h \
	core/plateau.c core/plateau.h \
	core/pool.c core/pool.h \
	core/pooled.c core/pooled.h \
	core/state_rows.c core/state_rows.h \
	core/pooled_job.c core/pooled_job.h \
	core/product_queue.c core/product_queue.h \
	core/restart.c core/restart.h \
	core/restart_cursor.c \
	core/restart_member.c core/restart_member.h \
	core/restart_pass.c \
	core/safetensors.c core/safetensors.h \
	core/session.c core/session.h core/session_ask.c \
	core/session_batch.c \
	core/session_job.c core/session_job.h \
	core/session_operators.c core/session_operators.h \
	core/session_open.c core/session_parts.h \
	core/sha256.c core/sha256.h \
	core/sliding_basis.c core/sliding_basis.h \
	core/sliding_gram.c core/sliding_gram.h \
	core/sliding_node.c core/sliding_node.h \
	core/sliding_source.c core/sliding_source.h core/tally_lanes.inc \
	core/sliding_tree.c core/sliding_tree.h \
	core/shards.c core/shards.h \
	core/small_svd.c core/small_svd.h \
	core/small_svd_dqds.inc \
	core/small_svd_reduce.inc \
	core/small_svd_run.inc \
	core/source.c core/source.h \
	core/spectrum.c core/spectrum.h \
	core/state_factors.h \
	core/state_error.c core/state_complex.c \
	core/state_real.c \
	core/state_file.c core/state_file.h \
	core/status.c core/status.h \
	core/store.c core/store.h \
	core/summary.c core/summary.h \
	core/tensor.c core/tensor.h \
	core/text.c core/text.h \
	core/thread.c core/thread.h \
	core/tridiagonal.c core/tridiagonal.h core/tridiagonal_lanes.inc \
	core/triangular.c core/triangular.h \
	core/triangular_complex.c core/triangular_complex.h \
	core/triangular_turns.inc \
	core/util.c core/util.h \
	core/zip.c core/zip.h \
	core/zip_end.c core/zip_end.h \
	core/zip_stream.c \
	core/zip_whole.c
libcore_a_CFLAGS = $(AM_CFLAGS) $(CORE_CFLAGS)
