"""Dumps of a few arrays, what tests/core/show_dump makes of them, and what it
should: for tests of dumps."""
import io
import json
import os
import re
import subprocess
import tempfile

import numpy as np

from tap import BUILD, ok

SHOW = os.path.join(BUILD, "tests/core/show_dump")
DIR = tempfile.TemporaryDirectory()
RNG = np.random.default_rng(7)


def path(name):
    return os.path.join(DIR.name, name)


def show(name, **keywords):
    run = subprocess.run([SHOW, name if name == "-" else path(name)],
                         capture_output=True, timeout=60, **keywords)
    text = run.stdout.decode()
    if run.returncode not in (0, 1) or run.stderr:
        ok(False, f"{name}: the reader ends as it should",
           f"{run.returncode} {text} {run.stderr.decode()}")
    return run.returncode, text


def save(meta=None, name="x.npz", **arrays):
    """An .npz of these; "__" in a key stands for "/"."""
    arrays = {k.replace("__", "/"): v for k, v in arrays.items()}
    if meta is not None:
        arrays["meta"] = json.dumps(meta)
    np.savez(path(name), **arrays)
    return name


def says(name, pattern, what, status=0):
    """The output has a line that matches."""
    found, text = show(name)
    return ok(found == status and re.search(pattern, text, re.M), what, text)


def wrong(name, pattern, what):
    """The layer cannot be used, in one sentence with file and layer."""
    status, text = show(name)
    lines = [line for line in text.splitlines() if line.startswith("error\t")]
    sentence = lines[0].split("\t")[2] if lines else text
    start = path(name) + ": "
    ok(status == 0 and len(lines) == 1 and sentence.startswith(start)
       and re.search(pattern, sentence),
       f"{what}: {sentence[len(DIR.name) + 1:]}", text)


def refused(name, pattern, what):
    """The dump cannot be opened, in one sentence with the file."""
    status, text = show(name)
    ok(status == 1 and text.count("\n") == 1
       and text.startswith(path(name).rstrip("/"))
       and re.search(pattern, text),
       f"{what}: {text.strip()[len(DIR.name) + 1:]}", text)


def f4(*shape):
    return RNG.standard_normal(shape).astype("f4")


def qk(H=4, L=64, N=16, G=None, **more):
    return dict(a__q=f4(H, L, N), a__k=f4(G or H, L, N),
                **{"a__" + k: v for k, v in more.items()})


LAYER = {"layers": {"a": {}}}


def layer(**keys):
    return {"layers": {"a": keys}}


def npy(x):
    b = io.BytesIO()
    np.save(b, x, allow_pickle=True)
    return b.getvalue()


def save_raw(pack=False, **arrays):
    """q and k of layer a, and top-level arrays as they are."""
    x = f4(4, 64, 16)
    (np.savez_compressed if pack else np.savez)(
        path("x.npz"), **{"a/q": x, "a/k": x}, **arrays)
    return "x.npz"


def folder(name, **files):
    os.mkdir(path(name))
    for file, arrays in files.items():
        save(name=f"{name}/{file}.npz", **arrays)
    return name
