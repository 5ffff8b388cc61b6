"""info, as text and as JSON; view without a terminal."""
import json
import os
import re
import sys
import tempfile

sys.path.insert(0, os.path.join(os.environ.get("srcdir", "."), "tests"))
sys.path.insert(0, os.path.join(os.environ.get("srcdir", "."), "tests", "cli"))
from tap import done, import_or_skip, ok

np = import_or_skip("numpy")
from safetensors import safetensors  # noqa: E402
import oracle
from oracle import esscope

rng = np.random.default_rng(13)


def normal(*shape):
    return rng.normal(size=shape).astype(np.float32)


def refuse(constant):
    raise ValueError(constant)


def document(*paths, code=0):
    result = esscope("info", "--json", *paths)
    ok(result.returncode == code, f"info --json {' '.join(paths)}",
       result.stderr.decode())
    return json.loads(result.stdout, parse_constant=refuse)


with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    L = 20
    meta = {"model": "toy \x1b[31m", "step": 3, "layers": {
        "m.0": {"kind": "decay", "width": 8},
        "m.1": {"kind": "softmax", "window": 6},
        "m.2": {"kind": "softmax"}}}
    oracle.save("x.npz", meta, tokens=np.array([f"t{i}" for i in range(L)]),
                labels=np.zeros(3, np.int32),
                **{"m.0__q": normal(4, L, 5), "m.0__k": normal(2, L, 5),
                   "m.0__la": np.zeros((4, L), np.float16),
                   "m.1__q": normal(4, L, 5), "m.1__k": normal(4, L, 5),
                   "m.2__q": normal(4, L, 5), "m.2__k": normal(4, L, 5),
                   "m.2__odd": normal(3), "m.10__T": normal(L, L) * np.tri(L)})

    found = document("x.npz")
    dump, = found["dumps"]
    ok(found["schema"] == 1 and dump["file"] == "x.npz"
       and dump["model"].startswith("toy") and dump["tokens"] == L
       and dump["bytes"] == os.path.getsize("x.npz")
       and dump["meta"]["step"] == 3, "JSON: facts of the dump", dump)
    layers = {layer["name"]: layer for layer in dump["layers"]}
    ok(list(layers) == ["m.0", "m.1", "m.2", "m.10"], "JSON: natural order")
    ok([(l["kind"], l["assumed"], l["channels"], l["width"], l["length"],
         l["tss"], l["tss_rule"], l["state_size"]) for l in layers.values()]
       == [("decay", False, 4, 8, L, "5", "state", 5),
           ("softmax", False, 4, 1, L, "min(i, 5)", "window", 5),
           ("softmax", False, 4, 1, L, "i", "window", None),
           ("dense", True, 1, 1, L, "min(i, L-i)", "rank", None)],
       "JSON: kinds, sizes, TSS", layers)
    ok(layers["m.0"]["factors"]["la"] == {"dtype": "f16", "shape": [4, L]}
       and layers["m.0"]["factors"]["k"]["shape"] == [2, L, 5],
       "JSON: factors with types")
    ok(any("odd" in note for note in layers["m.2"]["notes"]),
       "JSON: a factor that is not used is noted", layers["m.2"])

    result = esscope("info", "x.npz")
    text = result.stdout.decode()
    ok(result.returncode == 0 and not result.stderr
       and all(word in text for word in (
           "x.npz", "toy", "m.0", "m.10", "decay", "softmax", "dense*",
           "assumed", "min(i, 5)", "f32 (4, 20, 5)", '"t0"', "odd")),
       "text: names it all", text)
    ok(max(map(len, text.splitlines())) <= 80, "text: 80 columns", text)
    ok("\x1b" not in text, "text: no escape sequence of the dump's")
    for arguments in ["view", "x.npz"], ["x.npz"], ["--", "x.npz"]:
        view = esscope(*arguments)
        ok(view.returncode == 0 and view.stdout == result.stdout
           and not view.stderr, f"{' '.join(arguments)} without a terminal is "
           "the overview", view.stderr.decode())

    os.rename("x.npz", "info")
    ok(esscope("view", "info").returncode == 0
       and esscope("./info").returncode == 0, "a dump called info can be seen")
    os.rename("info", "x.npz")

    os.mkdir("some")
    os.symlink("../x.npz", "some/x.npz")
    os.symlink("nowhere", "some/y.npz")
    note = "skipped: some/y.npz: No such file or directory"
    dump, = document("some")["dumps"]
    ok(dump["notes"] == [note] and len(dump["layers"]) == 4,
       "JSON: a file of a directory that was skipped", dump["notes"])
    text = esscope("info", "some").stdout.decode()
    ok(f"\n  note    {note}\n" in text, "text: likewise", text)

    oracle.save("mixed.npz", good__T=np.eye(5), bad__q=normal(4, L, 5),
                bad__k=normal(3, L, 5))
    result = esscope("info", "mixed.npz")
    ok(result.returncode == 1 and result.stderr.count(b"\n") == 1
       and b"mixed.npz: bad: " in result.stderr
       and b"good" in result.stdout and b"cannot be used" in result.stdout,
       "a layer that cannot be used is shown, and said on stderr",
       (result.stdout + result.stderr).decode())
    found = document("mixed.npz", "x.npz", code=1)
    layers = {layer["name"]: layer for layer in found["dumps"][0]["layers"]}
    ok(len(found["dumps"]) == 2 and layers["good"]["error"] is None
       and "mixed.npz" in layers["bad"]["error"]
       and layers["bad"]["channels"] is None, "JSON: errors of layers", layers)

    long = "model.language_model.backbone.decoder.layers.{}.mixer.operator"
    oracle.save("long.npz", {"layers": {long.format(12): {"odd": 1}}}, **{
        long.format(k) + "__q": normal(2, L, 5) for k in (9, 10, 12)}, **{
        long.format(k) + "__k": normal(2, L, 5) for k in (9, 10, 12)}, **{
        long.format(11) + "__T": normal(L, L) * np.tri(L),
        long.format(13) + "__q": normal(2, L, 5)})
    result = esscope("info", "long.npz")
    lines = result.stdout.decode().splitlines()
    ok(max(map(len, lines)) <= 80 and all(any(
        f"layers.{k}." in line for line in lines) for k in range(9, 14)),
       "text: long names are shortened to what tells them apart", lines)
    ok(any("unknown meta key" in line and "layers.12." in line
           for line in lines), "text: in notes too", lines)
    ok(any("--json" in line for line in lines),
       "text: says where the names are whole", lines)
    dump, = document("long.npz", code=1)["dumps"]
    ok([layer["name"] for layer in dump["layers"]]
       == [long.format(k) for k in range(9, 14)], "JSON: names are whole")
    apart = ["a" * 60 + ".1." + "b" * 30, "c" * 50 + ".2"]
    oracle.save("apart.npz", **{name + "__T": np.eye(4) for name in apart})
    lines = esscope("info", "apart.npz").stdout.decode().splitlines()
    ok(max(map(len, lines)) <= 80, "text: names without a common part", lines)

    prefix = "model.language_model.backbone.decoder.layers."
    ends = [".mixer.short_convolution.operator", ".self_attention"]
    oracle.save("ends.npz", **{f"{prefix}{k}{ends[k % 2]}__T": np.eye(4)
                               for k in range(9, 13)})
    lines = esscope("info", "ends.npz").stdout.decode().splitlines()
    ok(max(map(len, lines)) <= 80 and all(any(
        re.match(rf"  \W+{k}\.", line) or f".{k}." in line
        for line in lines) for k in range(9, 13)),
       "text: the number stays whatever follows it", lines)

    # Combining characters have no width, but bytes.
    oracle.save("combining.npz", tokens=np.array(["a" + "\u0301" * 2000] * 4),
                c__T=np.eye(4))
    text = esscope("info", "combining.npz").stdout
    ok(len(text) < 1000 and b"tokens  4: ..." in text,
       "text: tokens of thousands of combining characters", text[:500])

    # As long as names may be.
    with open("endless.safetensors", "wb") as f:
        f.write(safetensors({"x" * 4092 + f".{k}/T": np.eye(4)
                             for k in range(2)}))
    lines = esscope("info", "endless.safetensors").stdout.decode()
    ok("x.0 " in lines and "x.1 " in lines, "text: names of 4096 bytes",
       lines[:500])

    widths = {"w.0": 4, "w.1": 1.5, "w.2": 1e300}
    oracle.save("widths.npz", {"layers": {
        name: {"kind": "dense", "width": width}
        for name, width in widths.items()}},
        **{name + "__T": np.eye(4) for name in widths})
    dump, = document("widths.npz")["dumps"]
    found = [layer["width"] for layer in dump["layers"]]
    ok(found == list(widths.values()) and list(map(type, found))
       == [int, float, float], "JSON: a whole width is an integer", found)
done()
