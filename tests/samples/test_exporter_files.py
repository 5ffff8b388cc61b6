#!/usr/bin/env python3
"""samples/esscope_dump.py: what it writes where, and what it says when it
cannot: files, directories, half precision, batches, tokens, failures."""
import json
import os
import sys
import tempfile
import warnings

sys.path.insert(0, os.path.join(os.environ.get("srcdir", "."), "tests"))
from tap import SOURCE, done, import_or_skip, ok

np = import_or_skip("numpy")
torch = import_or_skip("torch")
sys.path[:0] = [os.path.join(SOURCE, "samples"),
                os.path.join(SOURCE, "tests", "cli"),
                os.path.join(SOURCE, "tests", "samples")]
sys.dont_write_bytecode = True

import esscope_dump                     # noqa: E402
import mixers as m                      # noqa: E402
import oracle                           # noqa: E402
import recurrences as r                 # noqa: E402

L = 16


class Model(torch.nn.Module):
    def __init__(self, *mixers, repeat=1):
        super().__init__()
        self.layers, self.repeat = torch.nn.ModuleList(mixers), repeat

    def forward(self, x):
        for _ in range(self.repeat):
            for layer in self.layers:
                layer(x)
        return x


def info(path):
    return oracle.esscope("info", path).stdout.decode()


def run(model, path, batch=1, dtype=None, **options):
    torch.manual_seed(2)
    with torch.no_grad(), warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        with esscope_dump.record(model, path, **options):
            x = torch.randn(batch, L, 16)
            model(x if dtype is None else x.to(dtype))
    return [str(w.message) for w in seen]


def fails(what, expected, function, *arguments, **options):
    try:
        function(*arguments, **options)
    except Exception as error:
        return ok(expected in str(error), f"{what}: {expected}", error)
    return ok(False, f"{what}: an error")


def content(path):
    with open(path, "rb") as file:
        return file.read()


def texts(path):
    with np.load(path) as file:
        return {key: file[key] for key in file}


with tempfile.TemporaryDirectory() as folder:
    def at(name):
        return os.path.join(folder, name)

    # a file, and a directory of the same
    words = [f" w{i}" for i in range(L)]
    model = Model(r.GatedLinearAttention(), m.MambaMixer(), m.Mamba2Mixer())
    run(model, at("a.npz"), tokens=words, meta={"step": 7})
    run(model, at("a"), tokens=words, token_ids=torch.arange(L)[None])
    ok(oracle.tree(folder) == ["a", "a.npz"], "nothing else is left there")
    ok(oracle.tree(at("a")) == [f"layers.{i}.npz" for i in range(3)],
       "one file a layer", oracle.tree(at("a")))
    one, many = (oracle.rows(at(path), "--per", "channel")
                 for path in ("a.npz", "a"))
    for row in one + many:
        row.pop("file")
    ok(one == many and len(one) == 2 + 12 + 4, "and the same dump")
    held = texts(at("a.npz"))
    meta = json.loads(str(held["meta"]))
    ok(meta["model"] == "Model" and meta["step"] == 7
       and list(held["tokens"]) == words, "meta and tokens are in it")
    ok(list(texts(at("a/layers.1.npz"))["token_ids"]) == list(range(L)),
       "token_ids of a batch: those of its entry")
    for path in "a.npz", "a":
        said, check = (json.loads(oracle.esscope(
            "info", "--json", *more, at(path)).stdout)
            for more in ((), ("--check",)))
        layers = said["dumps"][0]["meta"]["layers"]
        ok(check["checks"][0]["in_doubt"] == 0 and len(layers) == 3
           and all(layer["checked"] < 1e-5 for layer in layers.values())
           and "dtype_source" in layers["layers.1"],
           f"{path}: what was checked is in it, and nothing in doubt",
           (check["checks"][0]["doubts"], layers))
    first = content(at("a.npz"))
    run(model, at("a.npz"), tokens=words, meta={"step": 7})
    ok(content(at("a.npz")) == first,
       "a file that is there is replaced; the same run, the same bytes")
    run(model, at("c.npz"), tokens=words, compress=True)
    ok(os.path.getsize(at("c.npz")) < len(first)
       and all((texts(at("c.npz"))[key] == held[key]).all()
               for key in held if key != "meta"), "compressed")
    fails("a directory with a dump", "layers.0.npz", run, model, at("a"))

    # half precision
    for dtype, name in ((torch.bfloat16, "bf16"), (torch.float16, "f16")):
        path = at(name + ".npz")
        with torch.no_grad():
            q, k = (torch.randn(2, L, 4).to(dtype) for _ in "qk")
        with esscope_dump.record(torch.nn.Identity(), path) as dump:
            dump.add("x", kind="decay", q=q, k=k)
        ok(name in info(path), f"{name}: kept as such", info(path))
        T = oracle.decay(*(x[0].double().numpy() for x in (q, k)))
        s = oracle.spectrum(T, 8)
        found = oracle.esscope("spectrum", path, "--layer", "x",
                               "--channel", 0, "--position", 8)
        found = np.array([float(x) for x in found.stdout.split()])
        ok(np.abs(found - s[:len(found)]).max() < 1e-12 * s[0],
           f"{name}: the spectra of the stored numbers")
    layer = r.DeltaNet().to(torch.float64)
    run(Model(layer), at("d.npz"), dtype=torch.float64)
    ok(texts(at("d.npz"))["layers.0/q"].dtype == np.float64, "f64 as f64")

    # batches
    pair = Model(r.GatedDeltaNet(), m.MambaMixer(), m.Mamba2Mixer(),
                 m.Lfm2ShortConv())
    torch.manual_seed(2)
    x = torch.randn(3, L, 16)
    for entry in (0, 2):
        with torch.no_grad(), esscope_dump.record(pair, at("e.npz"),
                                                  batch=entry):
            pair(x)
        with torch.no_grad(), esscope_dump.record(pair, at("f.npz")):
            pair(x[entry:entry + 1])
        e, f = texts(at("e.npz")), texts(at("f.npz"))
        ok(all(np.allclose(e[key], f[key], atol=1e-6) for key in f
               if key != "meta"), f"entry {entry} of a batch by itself")
    with torch.no_grad(), esscope_dump.record(pair, at("all.npz"),
                                              batch=None):
        pair(x)
    with torch.no_grad(), esscope_dump.record(pair, at("b0.npz")):
        pair(x)
    both = [oracle.rows(at(path), "--per", "layer")
            for path in ("all.npz", "b0.npz")]
    for rows in both:
        for row in rows:
            row.pop("file")
    ok(texts(at("all.npz"))["layers.0/q"].shape == (3, 4, L, 5)
       and both[0] == both[1], "all entries; esscope reads the first", both)

    # meta, which esscope reads or record() refuses before anything runs
    loop = []
    loop.append(loop)
    for value, expected in (
            ({"loss": float("nan")}, "meta['loss'] is nan"),
            ({"x": [1, {"y": np.float32("inf")}]}, "meta['x'][1]['y'] is inf"),
            ({"seed": 2 ** 63}, "beyond 63 bits"),
            ({"seed": np.uint64(2 ** 64 - 3)}, "beyond 63 bits"),
            ({"x": "a\0b"}, "meta['x'] has a NUL"),
            ({"a\0b": 1}, "has a NUL"), ({"x": "\ud800"}, "surrogate"),
            ({"esscope": 7}, "'esscope' is esscope's own"),
            ({"layers": {"x": 1}}, "'layers' is"),
            ({"defaults": {"scale": 9}}, "'defaults' is"),
            ({"x": {1: 2, "1": 3}}, "['1'] is there twice"),
            ({"x": {None: 1}}, "NoneType; expected a str"),
            ({"x": 1j}, "type complex"), ({"x": np.longdouble(1)}, "type"),
            ({"x": {1, 2}}, "type set"), ({"x": b"a"}, "type bytes"),
            ({"x": loop}, "nested too deeply"), (["x"], "expected a dict"),
            ({"model": 3}, "a name to show"),
            ({"x": "a" * (1 << 20)}, "at most 1048576")):
        fails("meta", expected, esscope_dump.record, model, at("m.npz"),
              meta=value)
    run(model, at("m.npz"), meta={
        "f": np.float32(0.5), "i": np.int64(3), "b": np.bool_(True),
        "t": torch.tensor(2), "a": np.arange(2), "s": np.str_("é"),
        "least": -2 ** 63, "n": None, "d": {7: (1, 2.5)}})
    kept = json.loads(oracle.esscope("info", "--json", at("m.npz")).stdout)
    kept = kept["dumps"][0]["meta"]
    ok([kept[key] for key in ("f", "i", "b", "t", "a", "s", "least", "n",
                              "d")]
       == [0.5, 3, True, 2, [0, 1], "é", -2 ** 63, None, {"7": [1, 2.5]}],
       "numbers of numpy and torch are kept as such", kept)
    with esscope_dump.record(torch.nn.Identity(), at("m.npz")) as dump:
        x = torch.randn(2, L, 3)
        fails("add", "scale is nan", dump.add, "x", kind="decay", q=x, k=x,
              scale=float("nan"))
        dump.add("x", kind="decay", q=x, k=x, scale=np.float32(0.5))
    os.remove(at("m.npz"))

    # which layers
    run(model, at("l.npz"), layers="*.[02]")
    ok(sorted(json.loads(str(texts(at("l.npz"))["meta"]))["layers"])
       == ["layers.0", "layers.2"], "only the layers asked for")
    run(Model(r.DeltaNet(), repeat=2), at("s.npz"))
    ok(sorted(json.loads(str(texts(at("s.npz"))["meta"]))["layers"])
       == ["layers.0", "layers.0:2"], "a layer that runs twice is two")

    # dense, add
    odd = m.LlamaAttention()
    odd.forward = lambda x: torch.softmax(
        x @ x.transpose(1, 2) + torch.randn(L, L).tril()
        + m.causal_mask(L)[0], -1) @ x
    seen = run(Model(odd, r.DeltaNet()), at("o.npz"))
    ok(len(seen) == 1 and "layers.0 is left out: what is app" in seen[0],
       "an attention that nothing knows is named", seen)
    seen = run(Model(odd), at("o.npz"), dense=True)
    rows = oracle.rows(at("o.npz"), "--per", "layer")
    ok(not seen and [row["kind"] for row in rows] == ["dense"],
       "dense=True keeps its weights", (seen, rows))
    with esscope_dump.record(torch.nn.Identity(), at("p.npz"),
                             tokens=words) as dump:
        q = torch.randn(1, L, 2, 4)
        dump.add("a/b", kind="decay", q=q, k=q, la=-torch.rand(1, L, 2),
                 scale=0.5, axes={"q": "BLHN", "k": "BLHN", "la": "BLH"})
        dump.add("c", kind="scalar", a=np.full((3, L), 0.5))
        dump.add("d", kind="dense", T=torch.eye(L)[None])
        dump.add("e", kind="softmax", q=q.transpose(1, 2),
                 k=q.transpose(1, 2), scale=0.1, window=3)
        fails("add", "no factor qq", dump.add, "f", kind="softmax", qq=q)
        fails("add", "kind 'soft'", dump.add, "f", kind="soft", q=q)
        fails("add", "say which", dump.add, "f", kind="decay", q=q, k=q,
              la=torch.zeros(2, L, 4))
    rows = oracle.rows(at("p.npz"), "--per", "layer")
    ok([(row["layer"], row["channels"]) for row in rows]
       == [("a/b", "2"), ("c", "3"), ("d", "1"), ("e", "2")],
       "add() of any kind", rows)

    # failures
    before = oracle.tree(folder)

    def broken(path):
        with esscope_dump.record(model, path):
            model(torch.randn(1, L, 16))
            raise RuntimeError("mine")

    with torch.no_grad():
        fails("in the block", "mine", broken, at("z.npz"))
        fails("in the block", "mine", broken, at("z"))
    ok(oracle.tree(at("z")) == [], "nothing is left in a directory")
    os.rmdir(at("z"))
    fails("tokens", "3 tokens for 16", run, model, at("z.npz"),
          tokens=["a"] * 3)
    fails("nothing", "no layer was recorded", run, torch.nn.Identity(),
          at("z.npz"))

    def twice():
        with torch.no_grad(), esscope_dump.record(model, at("z.npz")):
            model(torch.randn(1, L, 16))
            model(torch.randn(1, L, 16))

    fails("two passes", "second forward pass", twice)
    ok(oracle.tree(folder) == before, "and nothing of these is left")
    ok(not any(layer._forward_hooks or layer._forward_pre_hooks
               for layer in model.modules())
       and not hasattr(r.chunk_gla, "__wrapped__"), "no hook stays")

    class Blind(m.TorchAttention):
        def forward(self, x):
            return super().forward(torch.cat((x, x[..., :8]), -1))

    seen = run(Model(Blind(False), r.DeltaNet()), at("v.npz"))
    ok(len(seen) == 1 and "later positions" in seen[0],
       "attention that is not causal is left out, and said", seen)

    def wrong(q, k, v, g, scale=None):
        return 2 * r.GatedLinearAttention.honest(q, k, v, g)[0], None

    r.GatedLinearAttention.honest = staticmethod(r.chunk_gla)
    r.chunk_gla = wrong
    pair = Model(r.GatedLinearAttention(), r.DeltaNet())
    seen = run(pair, at("w.npz"))
    ok(len(seen) == 1 and "layers.0 is left out: T u differs" in seen[0]
       and list(json.loads(str(texts(at("w.npz"))["meta"]))["layers"])
       == ["layers.1"], "a function that does something else is left out",
       seen)
    seen = run(pair, at("w.npz"), unsure=True)
    meta = json.loads(str(texts(at("w.npz"))["meta"]))
    ok(len(seen) == 1 and "layers.0: T u differs" in seen[0]
       and meta["layers"]["layers.0"]["checked"] > 0.4
       and meta["layers"]["layers.1"]["checked"] < 1e-5,
       "or kept, where it is asked for, and said", (seen, meta))
done()
