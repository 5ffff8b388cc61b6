"""Time left as promised while layers are computed, against what it took; see
eta.c. Prints Markdown; `make bench-eta`."""
import json
import os
import subprocess
import sys
import tempfile

import numpy as np

build = os.environ.get("builddir", ".")
source = os.environ.get("srcdir", ".")
rng = np.random.default_rng(1)


def softmax(L, heads, n=64):
    """Heads that attend now widely, now sharply, as trained ones do."""
    q, k = (rng.normal(size=(heads, L, n)) for _ in range(2))
    smooth = np.cumsum(rng.normal(size=(heads, L, n)), axis=1) / 8
    sharp = np.linspace(0.3, 2, heads)[:, None, None]
    return {"q": (sharp * (q + smooth)).astype("f4"),
            "k": (k + smooth).astype("f4")}


def smooth(L, heads, n=16):
    """Heads of low numerical rank."""
    t = np.linspace(0, 3, L)[None, :, None] * np.arange(1, n + 1)
    return {key: np.sin(t + rng.normal(size=(heads, 1, n))).astype("f4")
            for key in "qk"}


def mixed(L, heads):
    """Every second head is of full rank."""
    low = smooth(L, heads)
    for key in "qk":
        low[key][::2] = 2 * rng.normal(size=low[key][::2].shape)
    return low


def s6(L, channels, n=16):
    return {"dt": np.exp(rng.normal(size=(channels, L)) - 3).astype("f4"),
            "A": -np.tile(np.arange(1, n + 1, dtype="f4"), (channels, 1)),
            "B": rng.normal(size=(L, n)).astype("f4"),
            "C": rng.normal(size=(L, n)).astype("f4")}


def save(folder, name, factors):
    path = os.path.join(folder, name + ".npz")
    np.savez(path, meta=json.dumps({"esscope": 1}),
             **{"m/" + key: value for key, value in factors.items()})
    return path


def main():
    print("Promised from 2 s on; the worst deviation over the whole time, "
          "over the time left while that is above a second, and the same "
          "in CPU seconds over all of them, which others on the machine do "
          "not change (CPU: the share of two cores that was had). Cursor and row: when "
          "its cell and a coarse row of its channel were there.\n")
    print("| dump, layer | method | channels x L | cursor s | row s "
          "| took s | CPU "
          "| promised at 2 s | worst / whole | worst / left | worst work |")
    print("|---|---|---|---|---|---|---|---|---|---|---|", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        files = [os.path.join(source, "samples", name + ".npz")
                 for name in ("text_hybrid_step900", "text_sa_step1000")]
        files += [save(folder, "softmax-512", softmax(512, 8)),
                  save(folder, "softmax-1024", softmax(1024, 4)),
                  save(folder, "softmax-2048", softmax(2048, 1)),
                  save(folder, "softmax-2048-4", softmax(2048, 4)),
                  save(folder, "smooth-2048", smooth(2048, 16)),
                  save(folder, "mixed-1024", mixed(1024, 12)),
                  save(folder, "s6-8192", s6(256, 8192)),
                  save(folder, "s6-64", s6(4096, 100, 64))]
        for path in files:
            subprocess.run([os.path.join(build, "tests/bench/eta"), "2",
                            "1024", path], check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
