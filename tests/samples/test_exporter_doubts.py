#!/usr/bin/env python3
"""samples/esscope_dump.py: what looks like a layer that it knows and is not,
is left out and said; what mixes positions and is not known at all is named;
the model is as it was. Never a T that is not the layer's."""
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
import written                          # noqa: E402

L = 24


def record(model, width=16, transposed=False, swapped=False, shape=(1, L),
           **options):
    """Layers that were recorded, and what was said."""
    torch.manual_seed(4)
    x = torch.randn(*shape, width)
    x = x.transpose(1, 2) if transposed else x
    x = x.transpose(0, 1) if swapped else x
    layers = ()
    with warnings.catch_warnings(record=True) as seen, torch.no_grad():
        warnings.simplefilter("always")
        try:
            with esscope_dump.record(model, os.path.join(
                    folder, "run.npz"), **options) as dump:
                model(x)
            layers = list(dump.layers)
        except RuntimeError as error:
            assert "no layer was recorded" in str(error), error
            return [], str(error)
    return layers, "; ".join(str(w.message) for w in seen)


def refused(what, model, expected, width=16, **options):
    layers, said = record(model, width, **options)
    ok(not layers and expected in said, f"{what}: left out, and said",
       (layers, said))


class Block(torch.nn.Module):
    def __init__(self, *mixers):
        super().__init__()
        self.mixers = torch.nn.ModuleList(mixers)
        self.norm = torch.nn.LayerNorm(16)
        self.mlp = torch.nn.Sequential(
            torch.nn.Linear(16, 32), torch.nn.GELU(), torch.nn.Linear(32, 16))

    def forward(self, x):
        for mixer in self.mixers:
            x = self.norm(x + mixer(x))
        return x + self.mlp(x)


class Average(torch.nn.Module):
    """Of what came before, with a loop; behind a convolution of its own."""

    def __init__(self, conv=False):
        super().__init__()
        self.register_buffer("steps", torch.zeros(()))
        self.mix = torch.nn.Linear(16, 16)
        self.conv = torch.nn.Conv1d(16, 16, 3, groups=16, padding=2) \
            if conv else None

    def forward(self, x):
        self.steps += 1
        if self.conv is not None:
            x = self.conv(x.transpose(1, 2))[..., :x.shape[1]].transpose(1, 2)
        state, out = 0, []
        for row in self.mix(x).unbind(1):
            state = 0.9 * state + row
            out.append(state)
        return torch.stack(out, 1)


class Shift(torch.nn.Module):
    def forward(self, x):
        return x + torch.nn.functional.pad(x, (0, 0, 1, -1))


def unknown():
    """Layers that nothing knows are named, others are not."""
    layers, said = record(Block(m.MambaMixer(), Average(), Average(),
                                Shift(), Average(True)))
    ok(layers == ["mixers.0", "mixers.4.conv"]
       and "mixers.1, mixers.2, mixers.4 (Average): not recognised" in said
       and "mixers.3 (Shift): not recognised, but mixes positions (1 back)"
       in said and "mlp" not in said and "Block" not in said,
       "what is not known is named, by its class", (layers, said))
    layers, said = record(torch.nn.GRU(16, 16, batch_first=True))
    ok("GRU (GRU): not recognised" in said, "and so is torch's own", said)
    layers, said = record(torch.nn.LSTM(16, 16), tokens=["a"] * L)
    ok("none that mixes positions" in said,
       "which, told that they are a batch, mixes none", said)
    layers, said = record(torch.nn.LSTM(16, 16), swapped=True)
    ok("LSTM (LSTM): not recognised" in said, "positions first", said)
    both = Block(m.MambaMixer(), torch.nn.Sequential(
        torch.nn.Linear(16, 16), torch.nn.Conv1d(L, L, 1)))
    layers, said = record(both)
    ok(layers == ["mixers.0"] and "mixers.1.1 (Conv1d)" in said
       and "later positions" in said, "what sees ahead is said to",
       (layers, said))
    turned = torch.nn.Sequential(m.S4D(), torch.nn.Conv1d(6, 6, 1),
                                 torch.nn.Conv1d(6, 6, 2, padding="same"))
    layers, said = record(turned, 6, True)
    ok(layers == ["0"] and said.count("recognised") == 1
       and "2 (Conv1d)" in said, "with positions last", (layers, said))
    one = m.MambaMixer()
    layers, said = record(torch.nn.Sequential(Block(one), Block(one)))
    ok(layers == ["0.mixers.0", "0.mixers.0:2"] and not said,
       "one mixer in two blocks is recorded twice", (layers, said))
    inner = Block(m.MambaMixer(), Average())
    plain = inner.forward
    inner.forward = torch.inference_mode()(plain)
    layers, said = record(inner)
    ok(layers == ["mixers.0"] and "(Average): not recognised" in said,
       "within inference_mode too", (layers, said))
    layers, said = record(Block(torch.jit.trace(
        Average(), torch.randn(1, L, 16)), m.MambaMixer()))
    ok("scripted, which nothing looks into" in said, "a scripted one", said)


class Chunked(Average):
    """It works in chunks, as kernels do."""

    def __init__(self, size=48, conv=False):
        super().__init__(conv)
        self.size = size

    def forward(self, x, gate=None):
        if x.shape[1] % self.size:
            raise ValueError(f"{x.shape[1]} is no multiple of {self.size}")
        return super().forward(x if gate is None else x * gate)


class Gated(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = Chunked()

    def forward(self, x):
        return self.inner(x, torch.ones_like(x))


def untriable():
    """What does not run on some positions, alone, is not passed over."""
    for n in 48, 96:
        layers, said = record(Block(m.MambaMixer(), Chunked()), shape=(1, n))
        ok(layers == ["mixers.0"] and "mixers.1 (Chunked): not recognised, "
           "but mixes positions; " in said and "tried" not in said,
           f"chunks of 48, of {n} positions: tried on all", (layers, said))
    layers, said = record(Block(m.MambaMixer(), Gated()), shape=(1, 96))
    ok(layers == ["mixers.0"] and "mixers.1 (Gated): not recognised, but "
       "mixes positions; " in said and "tried" not in said,
       "one whose other inputs have positions: what it is in is tried", said)
    layers, said = record(Chunked(), shape=(3, 96))
    ok(not layers and "Chunked (Chunked): not recognised, but" in said,
       "where nothing is recorded too", said)
    once = Chunked(conv=True)
    plain, calls = once.forward, []

    def forward(x):
        calls.append(1)
        if len(calls) > 1:
            raise RuntimeError("not twice\nnor three times")
        return plain(x)

    once.forward = forward
    layers, said = record(Block(m.MambaMixer(), once), shape=(1, 48))
    ok(layers == ["mixers.0", "mixers.1.conv"]
       and "mixers.1 (Chunked): not recognised, and "
       "could not be tried: RuntimeError: not twice;" in said
       and said.count("recognised") == 1,
       "what cannot be tried is named", (layers, said))


class Folded(m.TorchAttention):
    """Attention inside of blocks: what is done to q, k and v, and undone."""

    def __init__(self, fold, unfold):
        super().__init__()
        self.fold, self.unfold = fold, unfold

    def forward(self, x):
        q, k, v = (self.fold(m.heads_of(y, 3))
                   for y in self.qkv(x).chunk(3, -1))
        y = m.scaled_dot_product_attention(q, k, v, is_causal=True)
        return self.unfold(y, len(x)).transpose(1, 2).flatten(2)


def parts():
    """What works on a part of the positions is no operator of all."""
    blocks = Folded(
        lambda x: x.unflatten(2, (-1, 6)).transpose(1, 2).flatten(0, 1),
        lambda y, b: y.unflatten(0, (b, -1)).transpose(1, 2).flatten(2, 3))
    axial = Folded(lambda x: x.transpose(0, 2), lambda y, b: y.transpose(0, 2))
    words, whole = ["a"] * L, Folded(lambda x: x, lambda y, b: y)
    for shape in (1, L), (3, L):
        for options in {}, {"tokens": words}:
            layers, said = record(torch.nn.Sequential(whole, blocks), 24,
                                  shape=shape, **options)
            ok(layers == ["0"] and f"1 is left out: it works on 6 of {L} "
               "positions" in said, f"blocks in a batch of {shape[0]}, "
               + ("tokens" if options else "no tokens"), (layers, said))
    layers, said = record(torch.nn.Sequential(whole, axial), 24,
                          shape=(3, L), tokens=words)
    ok(layers == ["0"] and f"it works on 3 of {L} positions" in said,
       "attention along the batch", (layers, said))
    ids = torch.nn.Sequential(torch.nn.Embedding(9, 24), whole, blocks)
    with torch.no_grad(), warnings.catch_warnings(record=True) as seen, \
            esscope_dump.record(ids, os.path.join(folder, "i.npz")) as dump:
        warnings.simplefilter("always")
        ids(torch.arange(L)[None] % 9)
    os.remove(os.path.join(folder, "i.npz"))
    ok(list(dump.layers) == ["1"] and f"6 of {L}" in str(seen[0].message),
       "where ids are the input", [str(w.message) for w in seen])
    refused("one position", m.TorchAttention(), "it has one position", 24,
            shape=(1, 1))
    for batch, shape, expected in (
            (9, (1, L), "batch=9, but the model is given one sequence"),
            (3, (3, L), "batch=3, but the model is given 3 sequences"),
            (-4, (3, L), "batch=-4")):
        try:
            said = record(whole, 24, shape=shape, batch=batch)
        except ValueError as error:
            said = str(error)
        ok(expected in said, expected, said)


class Both(torch.nn.Module):
    """In both directions; backward alone."""

    def __init__(self, *mixers):
        super().__init__()
        self.mixers = torch.nn.ModuleList(mixers)

    def forward(self, x):
        out = self.mixers[-1](x.flip(1)).flip(1)
        return out if len(self.mixers) == 1 else self.mixers[0](x) + out


def turned():
    """What runs from back to front has positions of its own."""
    same = Folded(lambda x: x, lambda y, b: y)
    flip = Folded(lambda x: x.flip(2), lambda y, b: y.flip(2))
    layers, said = record(torch.nn.Sequential(same, flip), 24)
    ok(layers == ["0", "1"] and "1 (Folded) sees later positions" in said
       and "1 in it may run from back to front" in said
       and said.count("later") == 1, "attention of what is flipped", said)
    for mixers in (m.MambaMixer(),), (m.MambaMixer(), m.MambaMixer()):
        layers, said = record(Block(m.MambaMixer(), Both(*mixers)),
                              shape=(2, 48), batch=1)
        ok(len(layers) == 1 + len(mixers)
           and "mixers.1 (Both) sees later positions" in said
           and ", ".join(layers[1:]) + " in it may" in said
           and said.count("later") == 1,
           f"{len(mixers)} Mamba, one backward", (layers, said))
    layers, said = record(Both(m.CausalConv()), 6)
    ok(layers == ["mixers.0.conv"] and "Both (Both) sees later" in said,
       "a convolution backward", (layers, said))
    layers, said = record(Block(m.MambaMixer(), torch.nn.Sequential(
        torch.nn.Linear(16, 16), torch.nn.Conv1d(L, L, 1))))
    ok("back to front" not in said, "not where it is said what sees ahead",
       said)
    layers, said = record(Block(*(m.MambaMixer() for _ in range(3))))
    ok(not said, "and not what does not", said)


def untouched():
    """What runs once more leaves nothing behind."""
    model, calls = Block(m.MambaMixer(), Average()), []
    average = model.mixers[1]
    average.mix.register_forward_hook(lambda *_: calls.append(1))
    torch.manual_seed(4)            # as record() does
    torch.randn(1, L, 16)
    expected = torch.rand(1)
    record(model)
    ok(len(calls) == 1, "hooks of others see one pass", calls)
    ok(torch.rand(1) == expected, "random numbers go on as they would")
    ok(average.steps == 1, "buffers are what one pass makes of them")
    record(model, shape=(2, 48))
    ok(model.mixers[0].u.shape[:2] == (2, 48),
       "and so is what forward() leaves behind", model.mixers[0].u.shape)
    owners = (torch, torch.nn.functional, torch.Tensor)
    before = [dict(vars(owner)) for owner in owners]

    def fail(*_):
        raise KeyError("mine")

    handle = average.mix.register_forward_hook(fail)
    try:
        record(model)
        ok(False, "an exception in the model comes out")
    except KeyError:
        ok(True, "an exception in the model comes out")
    handle.remove()
    ok([dict(vars(owner)) for owner in owners] == before
       and sum(len(x._forward_hooks) + len(x._forward_pre_hooks)
               for x in model.modules()) == 1
       and os.listdir(folder) in ([], ["run.npz"]),
       "and nothing is left of record()")


def refuses():
    """Models whose pass is not the one that is asked about."""
    drops = Block(m.MambaMixer())
    drops.mlp.append(torch.nn.Dropout(0.1))
    parallel = torch.nn.Identity()
    parallel.device_ids = [0, 1]
    compiled = torch.nn.Identity()
    compiled._orig_mod = torch.nn.Identity()
    for model, expected in ((drops, "mlp.3 drops, p=0.1; call model.eval()"),
                            (parallel, "record model.module"),
                            (compiled, "record model._orig_mod")):
        try:
            record(model)
            ok(False, expected)
        except ValueError as error:
            ok(expected in str(error), expected, error)
    layers, said = record(drops.eval())
    ok(layers == ["mixers.0"] and not said, "in eval() it is recorded", said)
    with torch.autocast("cpu", torch.bfloat16):
        layers, said = record(Block(m.MambaMixer(), m.Mamba2Mixer()))
    ok(layers == ["mixers.0", "mixers.1"] and not said,
       "under autocast, to its precision", (layers, said))


def added():
    """add() compares T u of each kind with what it is told."""
    rng = np.random.default_rng(3)

    def some(*shape):
        return rng.standard_normal(shape)

    H, N = 2, 3
    q, k, u = some(H, L, N), some(1, L, N), some(H, L, 2)
    unit = k / np.linalg.norm(k, axis=-1, keepdims=True)
    la, fast, beta = -rng.random((H, L)), -rng.random((H, L, N)), \
        rng.random((H, L))
    sink, slopes, mask = some(H), rng.random(H), np.arange(L) > 2
    h, gates, a = some(H, L + 5), some(2, 2, H, L), rng.random((H, L))
    dt, A, B, C = rng.random((H, L)), -rng.random((H, N)), *some(2, L, N)
    low, wide, bias = some(L, 2), some(H, 2), some(H)
    heads = range(H)
    kinds = [
        ("dense", {"T": np.tril(some(H, L, L))}, lambda c, T: T[c]),
        ("softmax", {"q": q, "k": k, "slopes": slopes, "sink": sink,
                     "mask": mask, "window": 9, "softcap": 2.0},
         lambda c, **_: oracle.softmax(q[c], k[0], None, 9, 2.0, slopes[c],
                                       None, sink[c], mask)),
        ("softmax", {"q": q, "k": k, "la": la, "scale": 0.7},
         lambda c, **_: oracle.softmax(q[c], k[0], 0.7, la=la[c])),
        ("decay", {"q": abs(q), "k": abs(k), "la": la, "normalize": True,
                   "eps": 1e-3}, lambda c, **_: oracle.normalized(
            oracle.decay(abs(q[c]), abs(k[0]), la[c][:, None]), 1e-3)),
        ("decay", {"q": q, "k": k, "la": fast[:, 0], "read": "pre"},
         lambda c, **_: oracle.decay(q[c], k[0], fast[c, 0], read="pre")),
        ("decay", {"q": q, "k": k, "la": la[:, 0], "scale": 0.5},
         lambda c, **_: oracle.decay(q[c], k[0], la[c, 0], 0.5)),
        ("delta", {"q": q, "k": unit, "beta": beta, "la": fast},
         lambda c, **_: oracle.delta(q[c], unit[0], beta[c], fast[c])),
        ("delta", {"q": q, "k": k, "a": unit[[0, 0]], "b": -unit[[0, 0]],
                   "la": fast, "form": "dplr"}, lambda c, **_: oracle.dplr(
            q[c], k[0], unit[0], -unit[0], fast[c])),
        ("s6", {"dt": dt, "A": A, "B": B, "C": C},
         lambda c, **_: oracle.s6(dt[c], A[c], B, C)),
        ("s6", {"dt_low": low, "dt_w": wide, "dt_bias": bias, "A": A[:, 0],
                "B": B, "C": C}, lambda c, **_: oracle.s6(
            np.logaddexp(0, low @ wide[c] + bias[c]),
            np.full(N, A[c, 0]), B, C)),
        ("toeplitz", {"h": h, "gq": gates[0], "gk": gates[1]},
         lambda c, **_: oracle.toeplitz(h[c], L, *gates[:, :, c])),
        ("scalar", {"a": a, "c": some(H, L)},
         lambda c, a, c_: oracle.decay(c_[c][:, None], np.ones((L, 1)),
                                       np.log(a[c])[:, None]))]
    for kind, factors, T in kinds:
        given = {"c_" if name == "c" else name: x
                 for name, x in factors.items()}
        y = np.array([T(c, **given) @ u[c] for c in heads])
        axes = {"la": "HN" if np.shape(factors.get("la")) == (H, N) else
                "HL"} if np.ndim(factors.get("la")) == 2 else None
        with esscope_dump.record(torch.nn.Identity(), os.path.join(
                folder, "add.npz")) as dump:
            dump.add("x", kind, axes, (u, y), **factors)
            try:
                dump.add("y", kind, axes, (u, 1.01 * y), **factors)
                wrong = "no error"
            except ValueError as error:
                wrong = str(error)
            if kind == "delta":         # with a batch, and in single numbers
                dump.add("z", kind, None, [torch.tensor(
                    x[None, ..., 0], dtype=torch.float32) for x in (u, y)],
                    **{name: x if isinstance(x, str) else x[None]
                       for name, x in factors.items()})
        ok("y" not in dump.layers and "T u differs" in wrong
           and dump.layers["x"]["checked"] < 1e-12,
           f"add(): {kind} with {', '.join(factors)} is compared",
           (wrong, dump.layers))


with tempfile.TemporaryDirectory() as folder:
    torch.manual_seed(1)
    for what, mixer in (
            ("Mamba in both directions", m.MambaMixer(twist="backward")),
            ("Mamba with a B of its own", m.MambaMixer(twist="scaled")),
            ("Mamba with norms that nothing knows", m.MambaMixer(
                norms=("dt_norm", "norm_b", "norm_c")))):
        refused(what, mixer, "T u differs")
    refused("a convolution padded in front and behind", m.PaddedConv(2),
            "does not begin with the zeros", 6)
    refused("a convolution cut in front", m.CausalConv(4),
            "sees later positions", 6)
    refused("a convolution cut at both ends", m.CausalConv(2),
            "sees later positions", 6)
    refused("a convolution around a circle", m.CausalConv(0, "circular"),
            "not recognised, but it sees later positions", 6)
    refused("a convolution that is not cut", m.CausalConv().conv,
            "where it is cut was not seen", 6, transposed=True)
    refused("a delta rule written out", written.Linear(solve=True),
            "solves with a matrix")
    both = m.CausalConv()
    both.forward = lambda x: both.conv(x.transpose(1, 2))[..., :L].transpose(
        1, 2) + both.other(x)
    both.other = m.CausalConv(4)
    layers, said = record(both, 6)
    ok(layers == ["conv"] and said.count("left out") == 1
       and "other.conv is left out: its output is not cut at the end only"
       in said, "of two convolutions the one that is cut in front", said)
    strange = m.Mamba2Mixer()
    del strange.dt_bias
    strange.dt_bias = torch.ones(3)
    strange.forward = lambda x: strange.out_proj(torch.ones(1, L, 24)
                                                 * strange.in_proj(x).mean())
    refused("a Mamba-2 of other sizes", strange,
            "not made as it is known to be; RuntimeError")
    scaled = m.S4D()
    scaled.output = torch.nn.Identity()
    plain = scaled.forward
    scaled.forward = lambda u: scaled.output(2 * plain(u))
    refused("a kernel whose result is not used as it is", scaled,
            "T u differs", 6, transposed=True)
    unknown()
    parts()
    turned()
    untriable()
    untouched()
    refuses()
    added()
done()
