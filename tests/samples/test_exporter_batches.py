#!/usr/bin/env python3
"""samples/esscope_dump.py, batch=None: each sequence of the batch is written
as the model computed it, also where masks differ between them."""
import json
import math
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
import oracle                           # noqa: E402

L, HEADS, PADS = 20, 4, (0, 5, 2)


def weights_of(q, k, mask, scale):
    logits = scale * q @ k.transpose(-1, -2)
    if mask.dtype == torch.bool:
        return torch.softmax(logits.masked_fill(~mask, -math.inf), -1)
    return torch.softmax(logits + mask, -1)


def scaled_dot_product_attention(query, key, value, attn_mask=None,
                                 dropout_p=0.0, is_causal=False, scale=None):
    global weights
    weights = weights_of(query, key, attn_mask, query.shape[-1] ** -0.5)
    return weights @ value


def eager_attention_forward(module, query, key, value, attention_mask,
                            scaling, **_):
    global weights
    weights = weights_of(query, key, attention_mask, scaling)
    return (weights @ value).transpose(1, 2), weights


def band(*windows):
    i = torch.arange(L)
    far = i[:, None] - i
    return torch.stack([(far >= 0) & (far < w) for w in windows])


def low(seen):
    return torch.where(seen, 0.0, torch.finfo(torch.float32).min)


def padded(window=L, pads=PADS):
    """(3, 1, L, L), padded in front."""
    real = torch.arange(L) >= torch.tensor(pads)[:, None]
    return (band(window) & real[:, None])[:, None]


def slopes(seen):
    i = torch.arange(L)
    slope = 2.0 ** -torch.arange(1.0, 1 + HEADS)
    return (slope[:, None, None] * (i - i[:, None])).masked_fill(
        ~seen, -math.inf)


class Attention(torch.nn.Module):
    def __init__(self, mask, how="sdpa"):
        super().__init__()
        self.qkv, self.mask, self.how = torch.nn.Linear(24, 72), mask, how

    def forward(self, x):
        y = self.mix(x)
        self.weights = weights
        return y

    def mix(self, x):
        global weights
        q, k, v = (y.unflatten(-1, (HEADS, 6)).transpose(1, 2)
                   for y in self.qkv(x).chunk(3, -1))
        if self.how == "sdpa":
            y = scaled_dot_product_attention(q, k, v, attn_mask=self.mask)
        elif self.how == "eager":
            return eager_attention_forward(self, q, k, v, self.mask,
                                           scaling=0.4)[0].flatten(2)
        elif self.how == "written":
            logits = 0.4 * (q @ k.transpose(-1, -2)) + self.mask
            weights = torch.softmax(logits, -1)
            y = weights @ v
        else:
            weights = ((q @ k.transpose(-1, -2)) * self.mask).tril()
            y = weights @ v
        return y.transpose(1, 2).flatten(2)


class Torch(torch.nn.Module):
    """torch's own, with padding behind."""

    def __init__(self):
        super().__init__()
        self.attention = torch.nn.MultiheadAttention(24, 4, batch_first=True)

    def forward(self, x):
        hidden = torch.arange(L) >= L - torch.tensor(PADS)[:, None]
        y, self.weights = self.attention(
            x, x, x, attn_mask=~band(L)[0], key_padding_mask=hidden,
            need_weights=True, average_attn_weights=False)
        return y


def spectra(path, layer, batch, channel, position):
    out = oracle.esscope("spectrum", path, "--layer", layer, "--batch",
                         batch, "--channel", channel, "--position",
                         position)
    return np.array([float(s) for s in out.stdout.split()])


def check(what, mixer, kind, factors, **options):
    """The spectra of each sequence are those of its own weights."""
    torch.manual_seed(3)
    path, x = os.path.join(folder, "run.npz"), torch.randn(3, L, 24)
    model = torch.nn.Sequential(mixer).eval()
    with warnings.catch_warnings(record=True) as seen, torch.no_grad():
        warnings.simplefilter("always")
        try:
            with esscope_dump.record(model, path, batch=None, **options):
                model(x)
        except RuntimeError as error:
            return ok(False, what, error)
    with np.load(path) as file:
        (layer, said), = json.loads(str(file["meta"]))["layers"].items()
        found = {key[len(layer) + 1:]: file[key].ndim for key in file
                 if key.startswith(layer + "/")}
        mask = np.ones((1, L)) if layer + "/mask" not in file else \
            np.atleast_2d(file[layer + "/mask"])
    ok(not seen and said["kind"] == kind and found == factors,
       f"{what}: {kind}, its factors", ([str(w.message) for w in seen], said,
                                        found))
    worst = 0.0
    for batch in range(3):
        for channel in range(HEADS):
            T = np.nan_to_num(mixer.weights[batch, channel].double().numpy())
            # what padding sees is not an answer
            T = np.tril(T) * mask[min(batch, len(mask) - 1)]
            for i in 11, 17:
                mine = spectra(path, layer, batch, channel, i)
                true = oracle.spectrum(T, i)[:len(mine)]
                worst = max(worst, np.abs(mine - true).max()
                            / max(true[0], 1e-3) if len(mine) else 1.0)
    return ok(worst < 1e-5, f"{what}: the numbers of each sequence", worst)


with tempfile.TemporaryDirectory() as folder:
    torch.manual_seed(1)
    plain = {"q": 4, "k": 4}
    ahead = padded()
    for how in "sdpa", "eager":
        check(f"{how}, padded in front", Attention(ahead, how), "softmax",
              {**plain, "mask": 2})
        check(f"{how}, padded in front, added", Attention(low(ahead), how),
              "softmax", {**plain, "mask": 2})
    check("padded alike", Attention(padded(L, (2, 2, 2))), "softmax",
          {**plain, "mask": 1})
    check("not padded", Attention(padded(L, (0, 0, 0))), "softmax", plain)
    check("padded, a window", Attention(padded(6, (0, 16, 2))), "softmax",
          {**plain, "mask": 2})
    check("slopes", Attention(slopes(band(L))[None]), "softmax",
          {**plain, "slopes": 1})
    check("slopes, padded", Attention(slopes(ahead)), "softmax",
          {**plain, "slopes": 1, "mask": 2})
    check("slopes, dense", Attention(slopes(band(L))[None]), "dense",
          {"T": 4}, dense=True)
    sinks = band(5)[0] | (torch.arange(L) < 2) & band(L)[0]
    check("a window and the first", Attention(sinks), "dense", {"T": 4})
    check("a window of each head", Attention(band(3, 5, 8, 20)[None]),
          "dense", {"T": 4})
    check("a window of each sequence", Attention(band(3, 5, 8)[:, None]),
          "dense", {"T": 4})
    check("written out, padded", Attention(low(ahead), "written"), "softmax",
          {**plain, "mask": 2})
    gate = torch.rand(3, HEADS, L).cumsum(-1)
    check("written out, a forget gate", Attention(
        low(band(L)) + gate[..., None, :] - gate[..., None], "written"),
        "softmax", {**plain, "la": 3})
    check("torch's, padded", Torch(), "softmax", {**plain, "mask": 2})
    rate = 0.9 ** (torch.arange(L)[:, None] - torch.arange(L)).clamp(min=0)
    check("retention", Attention(rate * 0.3, "decay"), "decay",
          {**plain, "la": 3})

    # where no one form has them all, that is the reason
    model = torch.nn.Sequential(Attention(low(band(3, 5, 8)[:, None]),
                                          "written"))
    path = os.path.join(folder, "w.npz")
    try:
        with torch.no_grad(), esscope_dump.record(model, path, batch=None):
            model(torch.randn(3, L, 24))
        said = "recorded"
    except RuntimeError as error:
        said = str(error)
    ok("one form for all sequences (batch=0, 1" in said,
       "written out, a window of each sequence: left out, and why", said)
    with torch.no_grad(), esscope_dump.record(model, path, batch=1) as dump:
        model(torch.randn(3, L, 24))
    ok(dump.layers["0"]["window"] == 5, "of one it is known", dump.layers)

    # tokens of each sequence
    path, model = os.path.join(folder, "t.npz"), torch.nn.Sequential(
        Attention(ahead))
    words = [[f"{b}.{i}" for i in range(L)] for b in range(3)]
    for batch in None, 1:
        with torch.no_grad(), esscope_dump.record(
                model, path, batch=batch, tokens=words):
            model(torch.randn(3, L, 24))
        with np.load(path) as file:
            ok(file["tokens"].tolist()
               == (words if batch is None else words[batch]),
               f"tokens of a batch, batch={batch}")
done()
