#!/usr/bin/env python3
"""samples/generate: what it writes is what numpy and esscope read, the same
bytes from the same seed, and never held in memory."""
import json
import os
import resource
import subprocess
import sys
import tempfile
import zipfile

sys.path[:0] = [os.path.join(os.environ.get("srcdir", "."), "tests"),
                os.path.join(os.environ.get("srcdir", "."), "tests", "cli")]
from tap import BUILD, done, import_or_skip, ok, skip

np = import_or_skip("numpy")
import oracle

GENERATE = os.path.join(BUILD, "samples", "generate")
SHAPE = ("--layers", "3", "--channels", "6", "-L", "40", "-n", "4")


def run(*arguments, **options):
    return subprocess.run([GENERATE, *arguments], capture_output=True,
                          text=True, **options)


def content(path):
    with open(path, "rb") as file:
        return file.read()


def arrays(*paths):
    out = {}
    for path in paths:
        with np.load(path) as file:
            out.update({key: file[key] for key in file if "/" in key})
    return out


def same(a, b):
    return a.keys() == b.keys() and all(
        a[key].dtype == b[key].dtype and (a[key] == b[key]).all()
        for key in a)


with tempfile.TemporaryDirectory() as folder:
    def at(name):
        return os.path.join(folder, name)

    def make(name, kind="s6", *options):
        result = run(kind, *SHAPE, *options, "-o", at(name))
        return ok(result.returncode == 0 and not result.stderr,
                  f"{name} is written", result.stderr)

    make("a.npz")
    make("b.npz")
    make("seed.npz", "s6", "--seed", "2")
    ok(content(at("a.npz")) == content(at("b.npz")),
       "the same seed gives the same bytes")
    first = arrays(at("a.npz"))
    ok(all((first[key] != value).all()
           for key, value in arrays(at("seed.npz")).items()),
       "another seed gives other numbers")
    ok({key: value.shape for key, value in first.items()
        if key.startswith("layers.2/")} == {
            "layers.2/dt": (6, 40), "layers.2/A": (6, 4),
            "layers.2/B": (40, 4), "layers.2/C": (40, 4)}
       and len(first) == 12, "shapes")
    ok(all((value > 0).all() if key.endswith("dt") else (value < 0).all()
           for key, value in first.items() if key[-1] in "tA"),
       "dt > 0, A < 0")
    ok(len({value.tobytes() for value in first.values()}) == 12,
       "no two factors are the same")

    make("z.npz", "s6", "--deflate", "6")
    with zipfile.ZipFile(at("z.npz")) as archive:
        ok(archive.testzip() is None and all(
            entry.compress_type == zipfile.ZIP_DEFLATED
            and entry.compress_size < entry.file_size
            for entry in archive.infolist() if "dt" in entry.filename),
           "deflated, with right CRCs")
    ok(same(first, arrays(at("z.npz"))), "deflated: the same numbers")
    make("many", "s6", "--shards", "--deflate", "1")
    shards = [os.path.join(at("many"), name)
              for name in oracle.tree(at("many"))]
    ok(oracle.tree(at("many")) == [f"layers.{i}.npz" for i in range(3)]
       and same(first, arrays(*shards)), "shards hold the same")

    make("f8.npz", "s6", "--dtype", "f8")
    ok(same(first, {key: value.astype(np.float32)
                    for key, value in arrays(at("f8.npz")).items()}),
       "f4 is f8, rounded")
    make("bf16.npz", "s6", "--dtype", "bf16")
    wide = {key: (value.view(np.uint16).astype(np.uint32) << 16)
            .view(np.float32)
            for key, value in arrays(at("bf16.npz")).items()}
    ok(all((np.abs(wide[key] - first[key]) <= np.abs(first[key]) / 256).all()
           and (np.abs(wide[key] - first[key])
                <= np.abs(first[key]) / 500).mean() > 0.5 for key in first),
       "bf16 is f4, rounded")

    def rows(name):
        out = oracle.rows(at(name), "--position", "::8")
        return [{key: row[key] for key in row if key != "file"}
                for row in out]

    ok(rows("a.npz") == rows("z.npz") == rows("many")
       and len(rows("a.npz")) == 3 * 6 * 4, "esscope: all the same dump")
    ok(rows("bf16.npz") != rows("a.npz"), "and bf16 another")
    s = np.array([float(x) for x in oracle.esscope(
        "spectrum", at("a.npz"), "--layer", "layers.1", "--channel", 5,
        "--position", 20).stdout.split()])
    dt, A, B, C = (first["layers.1/" + key].astype(float)
                   for key in ("dt", "A", "B", "C"))
    true = oracle.spectrum(oracle.s6(dt[5], A[5], B, C), 20)
    ok(np.abs(s - true[:len(s)]).max() < 1e-9 * s[0], "and numpy's spectra")
    for kind in "decay", "softmax":
        make(kind + ".npz", kind)
        with np.load(at(kind + ".npz")) as file:
            meta = json.loads(str(file["meta"]))
        ok(meta["defaults"]["kind"] == kind and len(oracle.rows(
            at(kind + ".npz"), "--position", 20)) == 18, f"{kind} is read")

    def small():
        resource.setrlimit(resource.RLIMIT_DATA, (24 << 20, 24 << 20))

    if run("s6", "-o", at("x.npz"), preexec_fn=small).returncode:
        skip("64 MiB in 24 MiB of memory", "a sanitizer wants more")
    else:
        result = run("s6", "--layers", "4", "--channels", "4096", "-L",
                     "1024", "-o", at("large.npz"), preexec_fn=small)
        ok(result.returncode == 0
           and os.path.getsize(at("large.npz")) > 64 << 20,
           "64 MiB in 24 MiB of memory", result.stderr)

    for arguments in ((), ("s6",), ("tea", "-o", "x"), ("s6", "-L", "1",
                      "-o", "x"), ("s6", "--dtype", "f2", "-o", "x"),
                      ("s6", "--deflate", "10", "-o", "x")):
        result = run(*arguments)
        ok(result.returncode == 2 and result.stderr.startswith("generate: "),
           f"usage: {arguments}", result.stderr)
    result = run("s6", "-o", "/dev/full")
    ok(result.returncode == 1 and "No space left" in result.stderr,
       "a full disk", result.stderr)
    result = run("s6", "-o", at("none/x.npz"))
    ok(result.returncode == 1 and "No such file" in result.stderr,
       "a folder that is not there", result.stderr)
done()
