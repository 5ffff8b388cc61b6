"""! finds the collapsed head among layers that are saturated, and comes round
to where it began."""
import json
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.environ.get("srcdir", "."), "tests"))
import numpy as np  # noqa: E402
from tap import ESSCOPE, done, ok  # noqa: E402


def dump(path, rank_one):
    """Linear attention of state 16; of (layer, head) only one number is
    ever kept."""
    random = np.random.default_rng(3)
    arrays = {}
    for layer in range(4):
        for factor in "qk":
            x = random.standard_normal((3, 64, 16))
            for at, head in rank_one:
                if at == layer:
                    x[head, :, 1:] = 0
            arrays[f"layers.{layer}/{factor}"] = x
    kinds = {f"layers.{layer}": {"kind": "decay"} for layer in range(4)}
    np.savez(path, meta=json.dumps({"esscope": 1, "layers": kinds}), **arrays)


def screens(path, *commands, options=()):
    """The screen after each of the commands, and what was said."""
    arguments = []
    for line in commands:
        arguments += ["-c", line + "; screenshot -"]
    result = subprocess.run(
        [ESSCOPE, path, "--size", "100x30", *options, "-c", "wait all",
         *arguments], capture_output=True, text=True, check=False)
    lines = result.stdout.splitlines()
    return ([lines[k:k + 30] for k in range(0, len(lines), 30)],
            result.stderr)


def last_lines(path, *commands):
    """What the screen says after each of the commands."""
    shown, said = screens(path, *commands)
    return [lines[-1] for lines in shown], said


def failing(path):
    """One head of three fails, none is collapsed."""
    dump(path, [])
    with np.load(path) as file:
        arrays = dict(file)
    arrays["layers.2/q"][1, 5, 3] = np.nan
    np.savez(path, **arrays)
    for line, words in (
            ("!", ["no channel of any layer is collapsed",
                   "; 1 channel failed and is not judged"]),
            ("x", ["channel 1 failed: ", "q holds nan"]),
            ("y", ["there is no value to copy: channel 1 failed"])):
        shown, _ = screens(path, "layer layers.2; channel 1; key " + line)
        said = " ".join(row.strip() for row in shown[0][-3:])
        ok(all(word in said for word in words), f"a head fails: {line}", said)
    shown, said = screens(path, "layer layers.2; channel 1; key K")
    ok("q holds nan" in "".join(shown[0]), "and K says why", shown)


def crowded(path):
    """What memory holds is not all."""
    dump(path, [])
    _, said = screens(path, "next-collapsed", options=["--memory", "100k"])
    ok("no collapsed channel in what memory holds: try --memory " in said,
       "too little memory for a verdict", said)


with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "two.npz")
    dump(path, [(2, 1), (0, 0)])
    lines, errors = last_lines(path, "layer layers.1; key !", "key !", "key !")
    ok([line.split(":")[0].strip() for line in lines]
       == [f"{place} is collapsed" for place in (
           "layers.2 ch 1", "layers.0 ch 0", "layers.2 ch 1")],
       "through the layers, and round", f"{lines}{errors}")
    lines, errors = last_lines(path, "filter *2; channel 1; key !", "key !")
    ok(len(lines) == 2 and all("layers.2 ch 1" in line for line in lines),
       "only what is listed; the only one is its own next",
       f"{lines}{errors}")
    path = os.path.join(folder, "none.npz")
    dump(path, [])
    lines, errors = last_lines(path, "next-collapsed")
    ok(not lines and "no channel of any layer is collapsed" in errors,
       "none", f"{lines}{errors}")
    failing(path)
    crowded(path)
done()
