/*
 * model.safetensors.index.json: which files a dump was cut into, as
 * huggingface_hub and transformers write it: {"weight_map": {tensor: file}}.
 */
#ifndef CORE_SHARDS_H
#define CORE_SHARDS_H

#include <stdbool.h>
#include <stddef.h>

#include "core/status.h"

/* Is a file of that name such an index? */
bool shards_named(const char *path);

/* The paths of its files, each once, in natural order; lines_free. */
enum status shards_read(char ***paths, size_t *count, const char *path);

#endif
