"""info --check: each mistake that exporters make is found in its factor, with
what to change; a sound dump has none."""
import json
import os
import re
import subprocess
import sys
import tempfile
import zipfile

sys.path.insert(0, os.path.join(os.environ.get("srcdir", "."), "tests"))
from tap import ESSCOPE, SOURCE, done, import_or_skip, ok

np = import_or_skip("numpy")

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from hostile import content_offset, flip, npy, npz, patch  # noqa: E402

ROOM = tempfile.TemporaryDirectory()
os.chdir(ROOM.name)
RNG = np.random.default_rng(5)
H, L, N, D = 3, 24, 4, 6


def f4(*shape):
    return RNG.standard_normal(shape).astype("f4")


def unit(*shape):
    k = f4(*shape)
    return k / np.linalg.norm(k, axis=-1, keepdims=True)


GOOD = {
    "dec/q": f4(H, L, N), "dec/k": f4(H, L, N), "dec/la": -np.abs(f4(H, L)),
    "att/q": f4(H, L, N), "att/k": f4(1, L, N),
    "ssm/dt": np.abs(f4(D, L)), "ssm/A": -np.abs(f4(D, N)),
    "ssm/B": f4(L, N), "ssm/C": f4(L, N),
    "del/q": unit(H, L, N), "del/k": unit(H, L, N),
    "del/beta": 1 / (1 + np.exp(-f4(H, L))),
    "con/h": f4(D, 5), "den/T": np.tril(f4(L, L)),
    "gat/a": 1 / (1 + np.exp(-f4(D, L))),
}
KINDS = {"dec": "decay", "att": "softmax", "ssm": "s6", "del": "delta",
         "con": "toeplitz", "den": "dense", "gat": "scalar"}
META = {"esscope": 1, "layers": {n: {"kind": k} for n, k in KINDS.items()}}
META["layers"]["con"]["length"] = L


def call(*words):
    return subprocess.run([ESSCOPE, "info", "--check", *words], timeout=120,
                          capture_output=True, text=True,
                          stdin=subprocess.DEVNULL)


def save(meta=META, tokens=True, **changed):
    arrays = {k: v for k, v in {**GOOD, **{
        name.replace("__", "/"): value
        for name, value in changed.items()}}.items() if v is not None}
    if tokens:
        arrays["tokens"] = np.array([f"w{i}" for i in range(L)])
    if meta is not None:
        arrays["meta"] = json.dumps(meta)
    np.savez("x.npz", **arrays)


def checked():
    run = call("--json", "x.npz")
    return run.returncode, json.loads(run.stdout)["checks"][0]


def damage(name, at):
    """One bit of a stored member turned over."""
    with open("x.npz", "rb") as f:
        data = f.read()
    with open("x.npz", "wb") as f:
        f.write(flip(data, content_offset(data, name) + at))


def damaged():
    """Large members are read in part, without a look at their CRC; members
    that are no factor are not read at all: here they are."""
    large = np.ones((33, 1 << 16), "f8")            # more than 16 MiB
    for name, where in (("wide/a", "factor"), ("labels", "member")):
        save(wide__a=large, labels=np.arange(100.0), meta={"esscope": 1},
             tokens=False)
        damage(name, 128 + 7 if where == "factor" else 500)
        status, check = checked()
        texts = [f["wrong"]["text"] for layer in check["layers"]
                 for f in layer["factors"] if f["wrong"]]
        ok(status == 1 and check["wrong"] == 1 and "wrong CRC-32" in (
            texts if where == "factor" else check["damaged"])[0],
           f"a damaged {where}", check)
    run = call("x.npz")
    ok(run.returncode == 1 and "wrong  x.npz: labels: wrong CRC-32"
       in run.stdout, "and its line", run.stdout)


def damaged_once():
    """What a layer cannot be used for is told there, and counted once."""
    for what, more in (("too short", -8), ("too long", 8),
                       ("a scale that is damaged", None)):
        layer = {"a/q": GOOD["att/q"], "a/k": GOOD["att/k"],
                 "b/T": GOOD["den/T"]}
        if more is None:
            layer["a/scale"] = np.float32(1)
            data = npz(layer)
            data = flip(data, content_offset(data, "a/scale") + 128)
        else:
            data = npz(layer, zipfile.ZIP_DEFLATED)
            data = patch(data, 0, bytes=len(npy(GOOD["att/q"])) + more)
        with open("x.npz", "wb") as f:
            f.write(data)
        status, check = checked()
        ok(status == 1 and check["wrong"] == 1 and not check["damaged"]
           and [bool(x["error"]) for x in check["layers"]] == [True, False],
           f"damaged once: {what}", check)


def good():
    save()
    run = call("x.npz")
    ok(run.returncode == 0 and "0 wrong, 0 in doubt" in run.stdout
       and run.stdout.count("    ok ") == len(GOOD) and not run.stderr,
       "a sound dump of every kind", run.stdout + run.stderr)
    status, check = checked()
    spans = {f"{layer['name']}/{factor['name']}": factor
             for layer in check["layers"] for factor in layer["factors"]}
    ok(status == 0 and set(spans) == set(GOOD) and all(
        factor["least"] == float(GOOD[key].min())
        and factor["most"] == float(GOOD[key].max())
        and factor["shape"] == list(GOOD[key].shape)
        for key, factor in spans.items()), "ranges are numpy's", check)
    for name in ("text_hybrid_step900.npz", "mqar_gla_n16_h1_kv8.npz"):
        run = call(os.path.join(SOURCE, "samples", name))
        ok(run.returncode == 0 and " 0 wrong" in run.stdout,
           f"the sample {name}", run.stdout)


def found(what, key, pattern, channels=None, wrong=True, doubts=0, **changed):
    """That factor (key), and nothing else, is wrong, or in doubt; there may be
    so many doubts besides."""
    save(**changed)
    status, check = checked()
    layer, factor = key.split("/")
    where = {}
    for one in check["layers"]:
        for kind in ("wrong", "doubt"):
            if one[kind]:
                where[(one["name"], "", kind)] = one[kind]
            for part in one["factors"]:
                if part[kind]:
                    where[(one["name"], part["name"], kind)] = part[kind]
    kind = "wrong" if wrong else "doubt"
    remark = where.get((layer, factor, kind), {"text": "", "channels": 0})
    ok(status == (1 if wrong else 0) and len(where) == 1
       and re.search(pattern, remark["text"])
       and channels in (None, remark["channels"])
       and check["wrong" if wrong else "in_doubt"] == 1
       and (not wrong or check["in_doubt"] == doubts),
       f"{what}: {remark['text']}", f"{status} {where}")
    text = call("x.npz").stdout
    ok(re.search(pattern, text) and f"    {kind}" in text,
       f"{what}: as text", text)


def at(key, index, value):
    array = np.array(GOOD[key])
    array[index] = value
    return {key.replace("/", "__"): array}


def values():
    found("NaN", "dec/q", "nan", 1, **at("dec/q", (1, 2, 3), np.nan))
    found("infinity", "att/k", "inf", 1, **at("att/k", (0, 2, 3), np.inf))
    found("f16 that overflowed", "dec/k", "65504", 3, dec__k=np.full(
        (H, L, N), np.inf, "f2"))
    found("gates for their logarithm", "dec/la", "store their logarithm", 3,
          dec__la=np.exp(GOOD["dec/la"]))
    found("gates before their sigmoid", "dec/la", "logsigmoid",
          dec__la=10 * f4(H, L))
    for least in (-np.inf, -10000):
        mask = np.where(np.arange(L) < 3, least, 0)
        found(f"a mask of {least}", "att/mask", "added to logits: store 1 where"
              " it is 0", 1, att__mask=mask)
    found("dt before softplus", "ssm/dt", "before softplus", D,
          ssm__dt=-GOOD["ssm/dt"])
    found("dt in one channel", "ssm/dt", "channel 4", 1,
          **at("ssm/dt", (4, 2), -1))
    found("A_log for A", "ssm/A", "-exp\\(A_log\\)", D,
          ssm__A=-GOOD["ssm/A"])
    found("log gates for gates", "gat/a", "store their exp", D,
          gat__a=np.log(GOOD["gat/a"]))
    found("a T that is not causal", "den/", "causal|diagonal", 1,
          den__T=f4(L, L))
    found("dt too large", "ssm/dt", "above 20", 1, wrong=False,
          **at("ssm/dt", (4, 2), 50))
    found("beta before its sigmoid", "del/beta", "sigmoid", wrong=False,
          **at("del/beta", (0, 1), -3))
    found("keys that are not normalised", "del/", "normalise", H,
          wrong=False, del__k=GOOD["del/k"] / 2)
    found("T in half precision", "den/", "store the factors", 1,
          wrong=False, den__T=GOOD["den/T"].astype("f2"))
    save(**at("dec/q", 0, np.nan), **at("ssm/A", 0, 1), **at("dec/la", 0, 1))
    status, check = checked()
    ok(status == 1 and check["wrong"] == 3,
       "one wrong factor hides no other", check)


def overflows():
    """Products of factors that are fine one by one."""
    grow = json.loads(json.dumps(META))
    grow["layers"]["gat"]["growth"] = True
    big = json.loads(json.dumps(META))
    big["layers"]["att"]["scale"] = 1e300
    for what, key, channels, changed in (
            ("growing gates", "gat/", D,
             dict(meta=grow, gat__a=np.full((D, L), 1e30))),
            ("large q and k", "dec/", H,
             dict(dec__q=1e200 * GOOD["dec/q"].astype("f8"),
                  dec__k=1e200 * GOOD["dec/k"].astype("f8"))),
            ("a large scale", "att/", H,
             dict(meta=big, att__q=1e10 * GOOD["att/q"]))):
        found(what, key, "T overflows; expected", channels, **changed)
        run = subprocess.run([ESSCOPE, "compute", "x.npz", "--layer",
                              key[:-1]], timeout=60, capture_output=True,
                             text=True)
        ok(run.returncode == 1 and "T overflows" in run.stderr,
           f"{what}: nor can it be computed", run.stderr)
    large = 1e100 * GOOD["dec/q"].astype("f8")
    save(dec__q=large, dec__k=large)
    status, check = checked()
    ok(status == 0 and check["wrong"] == 0, "large is not too large", check)


def shapes():
    save(att__k=f4(1, L + 1, N), dec__k=None, ssm__C=np.full((L, N), "x"))
    status, check = checked()
    errors = {x["name"]: x["error"] for x in check["layers"] if x["error"]}
    ok(status == 1 and check["wrong"] == 3 and set(errors) == {
        "att", "dec", "ssm"} and "needs a factor k" in errors["dec"]
       and "C" in errors["ssm"] and "x.npz" in errors["att"],
       "shapes, types, what is not there", check)
    text = call("x.npz").stdout
    ok("3 wrong" in text and "needs a factor k" in text, "as text", text)


def stored():
    """Axes are those of the file, so that a wrong guess is seen."""
    meta = json.loads(json.dumps(META))
    meta["layers"]["dec"]["axes"] = {"q": "LHN", "la": "LH"}
    save(meta=meta, dec__q=GOOD["dec/q"].transpose(1, 0, 2),
         dec__la=GOOD["dec/la"].T, den__T=GOOD["den/T"][None, None],
         gat__a=GOOD["gat/a"][None])
    text = call("x.npz").stdout
    ok(all(line in text for line in (
        f"q f32 ({L}, {H}, {N}) as (L,H,N),", f"la f32 ({L}, {H}) as (L,H),",
        f"k f32 ({H}, {L}, {N}) as (G,L,N),",
        f"T f32 (1, 1, {L}, {L}) as (B,H,L,L),",
        f"a f32 (1, {D}, {L}) as (B,D,L),")), "axes as they are stored", text)
    axes = {f"{layer['name']}/{x['name']}": x["axes"]
            for layer in checked()[1]["layers"] for x in layer["factors"]}
    ok([axes[k] for k in ("dec/q", "den/T", "con/h")] == ["LHN", "BHLL", "DK"],
       "in JSON, too", axes)


def places():
    """File and layer, told above, are not told again, whatever their names;
    a member is."""
    attention = {"q": GOOD["att/q"]}
    for name, layer in (("layers.0.npz", "layers.0"), ("x.npz", "a"),
                        ("n.npz", "n"), ("x.npz", "x.npz")):
        np.savez(name, meta=json.dumps({"esscope": 1, "layers": {
            layer: {"kind": "softmax"}}}), **{
                f"{layer}/{k}": v for k, v in attention.items()})
        for command in (("--check",), ()):
            text = subprocess.run([ESSCOPE, "info", *command, name],
                                  capture_output=True, text=True).stdout
            ok(re.search(r"^ *(wrong|\S+ +cannot be used:)\s+kind softmax needs "
                         r"a\s+factor", text, re.M),
               f"{command} {layer} in {name}", text)
    np.savez("x.npz", **{"a/T": GOOD["den/T"]})
    with open("x.npz", "r+b") as f:
        f.seek(content_offset(f.read(), "a/T"))
        f.write(b"junk")
    text = call("x.npz").stdout
    ok("    wrong  a/T: no .npy header" in text, "a member", text)


def advice():
    save(meta=None, tokens=False, con__h=None)
    status, check = checked()
    said = str(check)
    ok(status == 0 and "no meta" in said and "no tokens" in said
       and "kind is assumed" in said and check["in_doubt"] == 8,
       "no meta, no tokens, assumed kinds", check)
    meta = json.loads(json.dumps(META))
    del meta["esscope"]
    meta["layers"]["dec"]["scael"] = 1
    save(meta=meta, dec__zeta=f4(3))
    status, check = checked()
    said = str(check)
    ok(status == 0 and "scael" in said and "zeta" in said
       and "version" in said, "unknown keys and factors", check)
    meta = json.loads(json.dumps(META))
    meta["layers"]["ssm."] = meta["layers"]["ssm"]
    meta["layers"]["att"]["axes"] = {"K": "GLN"}
    meta["defaults"] = {"widht": 3}
    save(meta=meta)
    text = call("x.npz").stdout
    ok("0 wrong, 3 in doubt" in text and all(f"    doubt  {line}\n" in text
       for line in ('meta of layer "ssm.", which is not there',
                    'unknown meta key "widht" of defaults',
                    'meta key "axes" names "K", which is no factor of the '
                    "layer")), "meta that nothing reads", text)
    evil = {f"a\x1b[31m/{name}": f4(H, L, N) for name in "qk"}
    np.savez("x.npz", **evil)
    text = call("x.npz").stdout
    ok("\x1b" not in text and "\\x1b[31m" in text, "names are escaped", text)
    run = call("nothing.npz")
    ok(run.returncode == 1 and run.stderr.startswith("esscope: nothing.npz"),
       "no file")


def batches():
    """All elements of a batch are looked at, whichever is read."""
    gates = np.stack([GOOD["gat/a"]] * 3)
    gates[1, 2:4, 5] = np.nan
    found("NaN in element 1", "gat/a", "batch element 1: a holds nan in "
          "channel 2", 2, gat__a=gates, doubts=1)
    ok("(2 of 18 channels)" in call("x.npz").stdout, "2 of 3 times 6 channels",
       call("x.npz").stdout)
    both = np.stack([np.tril(f4(L, L)), f4(L, L)])[:, None]
    found("element 1 is not causal", "den/", "batch element 1: T.0..1. = ", 1,
          den__T=both, doubts=1)
    save(gat__a=np.stack([GOOD["gat/a"], GOOD["gat/a"] / 2]))
    check = checked()[1]
    factor = [x for x in check["layers"] if x["name"] == "gat"][0]["factors"][0]
    ok(factor["least"] == GOOD["gat/a"].min() / 2 and factor["most"]
       == GOOD["gat/a"].max(), "the range is of all elements", factor)


def rows_of_tokens():
    """Tokens of another batch than the layer's: said, and no end to it."""
    rows = np.array([[f"{r}.{i}" for i in range(L)] for r in range(2)])
    np.savez("x.npz", tokens=rows, meta='{"esscope": 1}', **{
        "m/a": np.stack([GOOD["gat/a"]] * 3)})
    text = call("x.npz").stdout
    ok("    doubt  tokens are of a batch of 2, but this is one of 3" in text,
       "tokens (2, L) in a batch of 3", text)
    for element, token in ((1, "1.1"), (2, "")):
        run = subprocess.run([ESSCOPE, "compute", "x.npz", f"--batch={element}",
                              "--channel=0"], timeout=60, text=True,
                             capture_output=True)
        lines = [line.split("\t") for line in run.stdout.splitlines()]
        ok(run.returncode == 0 and dict(zip(*lines[:2]))["token"] == token,
           f"element {element} has {'its' if token else 'no'} tokens",
           run.stdout[:300] + run.stderr)
    np.savez("x.npz", tokens=rows, meta='{"esscope": 1}', **{
        "m/a": GOOD["gat/a"]})
    text = call("x.npz").stdout
    ok("doubt  tokens are of a batch of 2, but no layer" in text
       and "2 in doubt" in text, "tokens (2, L) without a batch", text)


def extras():
    """What else the maker says is JSON in info --json."""
    meta = {**META, "step": 900, "accuracy": 0.5, "task": {"kv": [1, 2]},
            "note": None}
    save(meta=meta)
    run = subprocess.run([ESSCOPE, "info", "--json", "x.npz"], timeout=60,
                         capture_output=True, text=True)
    ok(json.loads(run.stdout)["dumps"][0]["meta"] == meta,
       "info --json: meta as it is", run.stdout)


for part in (good, damaged, damaged_once, values, overflows, shapes, stored,
             places, advice, batches, rows_of_tokens, extras):
    part()
os.chdir("/")
done()
