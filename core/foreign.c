#include "core/foreign.h"

#include <string.h>

#include "core/util.h"

#define CONVERT "; convert it:\n  "
#define SAVE "np.savez('run.npz', **d)"
#define TORCH                                         \
	"import numpy as np, torch; "                 \
	"d = torch.load(path, weights_only=True)\n  " \
	"np.savez('run.npz', **{k: v.float().numpy() for k, v in d.items()})"
#define HDF5                                                            \
	"import h5py, numpy as np; d = {}\n  "                          \
	"h5py.File(path).visititems(lambda k, v: d.update({k: v[()]}) " \
	"if isinstance(v, h5py.Dataset) else None); " SAVE
#define ZARR                                                              \
	"import numpy as np, zarr; z = zarr.open(path, mode='r')\n  "     \
	"np.savez('run.npz', **{f'{g}/{k}': a[:] for g, s in z.groups() " \
	"for k, a in s.arrays()})"

struct foreign {
	const char *magic;
	size_t size;
	const char *what, *lines;
};

/* The longest that begins alike comes first. */
static const struct foreign files[] = {
	{ "MATLAB 5", 8, "a MATLAB file (MAT v5)",
		"import numpy as np, scipy.io\n  "
		"d = scipy.io.loadmat(path); np.savez('run.npz', **{k: v for k, v "
		"in d.items() if k[0] != '_'})" },
	{ "MATLAB 7.3", 10, "a MATLAB file (MAT v7.3, which is HDF5)", HDF5 },
	{ "\x89HDF\r\n\x1a\n", 8, "an HDF5 file", HDF5 },
	{ "GGUF", 4,
		"a GGUF file, which holds weights: a dump holds what "
		"one input made of them",
		"from esscope_dump import record  # samples/esscope_dump.py\n  "
		"with record(model, 'run.npz'): model(**tokenizer(text, "
		"return_tensors='pt'))" },
	{ "PAR1", 4, "a Parquet file",
		"import numpy as np, pandas as pd; d = pd.read_parquet(path)\n  "
		"np.savez('run.npz', **{k: np.stack(d[k]) for k in d})" },
	{ "ARROW1", 6, "an Arrow file",
		"import numpy as np, pandas as pd; d = pd.read_feather(path)\n  "
		"np.savez('run.npz', **{k: np.stack(d[k]) for k in d})" },
	{ "\x80\x02\x8a\nl\xfc\x9c"
	  "F\xf9 j\xa8P\x19.",
		15, "a PyTorch file (pickle)", TORCH },
	{ "CDF", 3, "a netCDF file",
		"import numpy as np, xarray\n  "
		"d = xarray.open_dataset(path); np.savez('run.npz', **{k: "
		"d[k].values for k in d})" },
	{ "\x28\xb5\x2f\xfd", 4, "compressed by zstd; unpack it first",
		"zstd -d FILE" },
	{ "\xfd"
	  "7zXZ",
		5, "compressed by xz; unpack it first", "unxz FILE" },
	{ "BZh", 3, "compressed by bzip2; unpack it first", "bunzip2 FILE" },
};

/* Protocols 2 to 5; older ones begin as any text may. */
static const struct foreign pickle = { "\x80", 1,
	"a Python pickle, which is never read: it may run any program",
	"import numpy as np, pickle; d = pickle.load(open(path, 'rb'))\n  " SAVE
	"  # a dict of arrays; only if you trust the file" };

/* How a member is called: its whole name, or its last part. */
static const struct foreign members[] = {
	{ "data.pkl", 8, "a PyTorch file (pickle)", TORCH },
	{ ".zgroup", 7, "a zarr store", ZARR },
	{ ".zarray", 7, "a zarr store", ZARR },
	{ "zarr.json", 9, "a zarr store", ZARR },
};

static enum status
refuse(const struct foreign *foreign)
{
	return status_set(STATUS_FOREIGN, "is %s" CONVERT "%s", foreign->what,
		foreign->lines);
}

char *
foreign_brief(const char *sentence)
{
	const char *end = strstr(sentence, CONVERT);

	return end ? xstrndup(sentence, (size_t)(end - sentence))
		: xstrdup(sentence);
}

enum status
foreign_refuse(const unsigned char *head, size_t n)
{
	for (size_t k = 0; k < LENGTH(files); k++) {
		if (n >= files[k].size
			&& !memcmp(head, files[k].magic, files[k].size))
			return refuse(&files[k]);
	}
	if (n >= 2 && head[0] == 0x80 && head[1] >= 2 && head[1] <= 5)
		return refuse(&pickle);
	return STATUS_OK;
}

enum status
foreign_refuse_member(const char *name, size_t n)
{
	for (size_t k = 0; k < LENGTH(members); k++) {
		size_t m = members[k].size;

		if (n >= m && !memcmp(name + n - m, members[k].magic, m)
			&& (n == m || name[n - m - 1] == '/'))
			return refuse(&members[k]);
	}
	return STATUS_OK;
}
