#!/usr/bin/env python3
"""samples/esscope_dump.py: of each family, what is dumped is the operator
that the module applied: T from the dump times u is the module's own output,
and esscope's spectra are those of the T that unit impulses give."""
import json
import os
import sys
import tempfile

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
import written as w                     # noqa: E402

L = 24
POSITIONS = (1, 9, 12, 23)


def operator(arrays, said, channel):
    """T of one channel, by the oracle, from what a dump holds."""
    kind = said["kind"]
    get = {name: np.asarray(value, float) for name, value in arrays.items()}

    def head(name):
        count = len(get[kind in ("s6", "toeplitz") and "h" or "q"])
        return get[name][channel * len(get[name]) // count]

    if kind == "dense":
        return get["T"][channel]
    if kind == "softmax":
        return oracle.softmax(
            head("q"), head("k"), said["scale"], said.get("window"),
            said.get("softcap"), mask=get.get("mask"),
            sink=get["sink"][channel] if "sink" in get else None,
            slope=get["slopes"][channel] if "slopes" in get else 0.0,
            la=get["la"][channel] if "la" in get else None)
    if kind == "decay":
        la = head("la") if "la" in get else None
        if la is not None and said["axes"]["la"] == "HL":
            la = la[:, None]
        T = oracle.decay(head("q"), head("k"), la, said["scale"],
                         said.get("read", "post"))
        return oracle.normalized(T, said["eps"]) \
            if said.get("normalize") else T
    if kind == "s6":
        A = get["A"][channel]
        dt = get["dt"][channel] if "dt" in get else np.logaddexp(
            0, get["dt_low"] @ get["dt_w"][channel] + get["dt_bias"][channel])
        B, C = (x if x.ndim == 2 else x[channel * len(x) // len(get["A"])]
                for x in (get["B"], get["C"]))
        return oracle.s6(dt, np.broadcast_to(A, B.shape[1:]), B, C)
    if kind == "delta" and said.get("form") == "dplr":
        return oracle.dplr(*(head(x) for x in ("q", "k", "a", "b", "la")))
    if kind == "delta":
        la = head("la") if "la" in get else None
        if la is not None and la.ndim == 1:
            la = la[:, None]
        return oracle.delta(head("q"), head("k"), head("beta"), la,
                            said["scale"])
    if kind == "toeplitz":
        gates = (get[x].reshape(-1, *get["h"].shape[:1], L)[:, channel]
                 if x in get else None for x in ("gq", "gk"))
        return oracle.toeplitz(get["h"][channel], L, *gates)
    return oracle.decay(np.ones((L, 1)), np.ones((L, 1)),
                        np.log(get["a"][channel])[:, None])


def impulses(module, channels):
    """T of each channel: what the module makes of one input after another."""
    shape = module.u[:1].shape
    T = torch.zeros(channels, L, L)
    for j in range(L):
        u = torch.zeros(shape)
        u[0, j] = 1
        y = module.mix(u)[0]
        T[:, :, j] = (y if y.dim() == 2 else y[..., 0]).T
    return T.double().numpy()


class Model(torch.nn.Module):
    def __init__(self, mixer):
        super().__init__()
        self.layers = torch.nn.ModuleList([torch.nn.ModuleDict(
            {"mixer": mixer})])

    def forward(self, x):
        return self.layers[0]["mixer"](x)


def read(path):
    """Layer to (factors, meta of the layer), and the whole meta."""
    with np.load(path) as file:
        meta = json.loads(str(file["meta"]))
        return {layer: ({key[len(layer) + 1:]: file[key] for key in file
                         if key.rsplit("/", 1)[0] == layer}, said)
                for layer, said in meta["layers"].items()}, meta


def close(a, b, bound):
    return a.shape == b.shape and np.abs(a - b).max() <= bound \
        * max(np.abs(b).max(), 1e-30)


def check(what, mixer, width, kind, transposed=False, diagonal=True,
          **options):
    torch.manual_seed(5)
    x = torch.randn(1, L, width)
    x = x.transpose(1, 2) if transposed else x
    path = os.path.join(folder, "run.npz")
    before = {key: value for key, value in vars(mixer).items()
              if not key.startswith("_")}
    with torch.no_grad():
        model = Model(mixer)
        with esscope_dump.record(model, path, **options):
            y = model(x)
        for key, value in before.items():
            if key not in ("mix", "u"):
                assert getattr(mixer, key) is value, key
        plain = mixer(x)
        ok(torch.allclose(y, plain, atol=1e-6) if "torch's" in what
           else torch.equal(y, plain), f"{what}: recording changes nothing")
        layers, meta = read(path)
        (name, (arrays, said)), = layers.items()
        u = mixer.u[0].double().numpy()
        T = impulses(mixer, u.shape[1])
        out = mixer.mix(mixer.u)[0].double().numpy()
    if "mask" in arrays:    # what padding sees is not an answer
        T[:, arrays["mask"] == 0] = 0
    dumped = np.array([operator(arrays, said, c) for c in range(len(T))])
    if not diagonal:        # the bonus u of RWKV is no part of a dump
        for c in range(len(T)):
            np.fill_diagonal(T[c], 0)
            np.fill_diagonal(dumped[c], 0)
    else:
        lanes = u if u.ndim == 3 else u[:, :, None]
        ok(close(np.einsum("cij,jcd->icd", dumped, lanes),
                 out.reshape(lanes.shape), 1e-5),
           f"{what}: T u is the module's own output")
    ok(said["kind"] == kind and close(dumped, T, 1e-5)
       and name.startswith("layers.0.mixer"),
       f"{what}: T is that of unit impulses, kind {kind}",
       f"{said}\n{np.abs(dumped - T).max()}")
    ok("notes" not in meta and (
        kind == "dense" or said.get(
        "checked", 1) < 1e-5),
       f"{what}: it found nothing wrong itself", meta)
    notes = oracle.esscope("info", path).stdout.decode()
    ok("unknown" not in notes and "assumed" not in notes,
       f"{what}: esscope knows all that is said", notes)
    worst, channel = 0.0, len(T) - 1
    for i in POSITIONS:
        result = oracle.esscope("spectrum", path, "--layer", name,
                                "--channel", channel, "--position", i)
        if result.returncode:
            return ok(False, f"{what}: esscope reads it",
                      result.stderr.decode())
        mine = np.array([float(s) for s in result.stdout.split()])
        true = oracle.spectrum(T[channel], i)[:len(mine)]
        worst = max(worst, np.abs(mine - true).max() / max(true[0], 1e-3))
    return ok(worst < 2e-5, f"{what}: esscope's spectra", worst)


with tempfile.TemporaryDirectory() as folder:
    torch.manual_seed(1)
    band = m.causal_mask(L, 7)
    for what, options in (
            ("attention, eager", {"mask": m.causal_mask(L)}),
            ("attention, sdpa", {"kind": "sdpa"}),
            ("attention, window said", {"kind": "sdpa", "sliding_window": 7}),
            ("attention, window masked", {"mask": band}),
            ("attention, padded", {"mask": m.causal_mask(L, None, 3)}),
            ("attention, sinks and softcap", {
                "mask": m.causal_mask(L), "sinks": True, "softcap": 2.0}),
            ("attention, older transformers", {"kind": "old"})):
        check(what, m.LlamaAttention(**options), 24, "softmax",
              diagonal="padded" not in what)
    blocks = m.causal_mask(L)
    blocks[..., 10:, :10] = -1e4
    check("attention, two texts", m.LlamaAttention(mask=blocks), 24, "dense")
    check("attention, torch", m.TorchAttention(), 24, "softmax")
    for what, mixer, *kind in (
            ("plain", w.Written()), ("window", w.Written("window")),
            ("padded", w.Written("padded")), ("tanh", w.Written("capped")),
            ("hidden by little", w.Written("little")),
            ("slopes", w.Written("slopes", style="batched")),
            ("slopes by einsum", w.Written("slopes", style="einsum")),
            ("a forget gate", w.Written("gated")),
            ("a sink", w.Written("sink", 2)),
            ("a scale of each head", w.Written("warm", style="einsum")),
            ("one key", w.Written("plain", 1)),
            ("groups", w.Written("plain", 2)),
            ("groups as an axis", w.Written("slopes", 2, "grouped")),
            ("heads in the batch", w.Written("plain", style="batched")),
            ("relative bias", w.Written("relative"), "dense"),
            ("two maps", w.Written(style="mixed"), "dense"),
            ("linear", w.Linear(), "decay"),
            ("linear, normalised", w.Linear(normalize=True), "decay"),
            ("retention", w.Linear("head"), "decay"),
            ("linear, gated and normalised", w.Linear("input", True),
             "decay"),
            ("torch's", w.TorchLayer()),
            ("torch's, positions first", w.TorchLayer(False)),
            ("torch's layer", w.TorchLayer(whole=True))):
        check("attention written out, " + what, mixer.eval(), 16,
              *kind or ("softmax",), diagonal=what != "padded",
              dense=kind == ["dense"])
    for what, mixer in (("Mamba", m.MambaMixer()), ("mamba_ssm", m.Mamba()),
                        ("FalconMamba", m.MambaMixer(1e-3)),
                        ("Mamba of Jamba", m.MambaMixer(norms=(
                            "dt_layernorm", "b_layernorm", "c_layernorm"))),
                        ("Mamba of mamba.py", m.MambaMixer(norms=(
                            "dt_layernorm", "B_layernorm", "C_layernorm")))):
        check(what, mixer, 16, "s6")
        check(what + ", low rank", mixer, 16, "s6", low_rank=True)
    for names in "hf", "ssm", "minimal":
        check(f"Mamba-2, {names}", m.Mamba2Mixer(names), 16, "decay")
        check(f"Mamba-2, {names}, low rank", m.Mamba2Mixer(names), 16, "s6",
              low_rank=True)
    check("S4D", m.S4D(), 6, "toeplitz", transposed=True)
    check("S4D without a skip", m.S4D(False), 6, "toeplitz", transposed=True)
    check("H3", m.H3(), 6, "toeplitz")
    check("H3, heads of 3", m.H3(3), 6, "toeplitz")
    check("Hyena, safari", m.HyenaOperator(), 6, "toeplitz")
    check("Hyena, mad-lab", m.HyenaOperator("mad"), 6, "toeplitz")
    check("Hyena, zoology", m.Hyena(), 6, "toeplitz")
    check("LFM2", m.Lfm2ShortConv(), 16, "toeplitz")
    check("convolution", m.CausalConv(), 6, "toeplitz")
    check("convolution that cuts itself", m.CuttingConv(), 6, "toeplitz",
          transposed=True)
    check("convolution padded by hand", m.PaddedConv(), 6, "toeplitz")
    for layer, kind in (
            (r.LinearAttention, "decay"), (r.GatedLinearAttention, "decay"),
            (r.ShortGatedLinearAttention, "decay"),
            (r.NaiveGatedLinearAttention, "decay"),
            (r.SimpleGatedLinearAttention, "decay"),
            (r.MultiScaleRetention, "decay"), (r.DeltaNet, "delta"),
            (r.GatedDeltaNet, "delta"), (r.Qwen3NextGatedDeltaNet, "delta"),
            (r.KimiDeltaAttention, "delta"), (r.RWKV6Attention, "decay"),
            (r.RWKV7Attention, "delta"), (r.HGRNAttention, "scalar")):
        check(layer.__name__, layer(), 16, kind,
              diagonal=layer is not r.RWKV6Attention)
done()
