"""Writes what esscope reads, from a PyTorch model: one file, numpy and torch.

    import esscope_dump

    with torch.no_grad(), esscope_dump.record(model, "run.npz", tokens=words):
        model(ids)

Each layer that mixes positions goes to the file as soon as it has run, so
memory stays flat. A path that does not end in .npz is a directory: one file a
layer, one dump for `esscope run/`. One forward pass a dump, model.eval(), no
padding, no cache. The file appears when the block ends well.

Options of record(): `tokens` (L strings) and `token_ids`; `batch`, the entry
that is kept (0; None keeps all); `layers`, a glob of layer names; `low_rank`,
smaller factors where there are such (dt of Mamba as dt_low, dt_w, dt_bias;
Mamba-2 as s6); `dense`, the L x L weights of attention that is no softmax of
q and k; `unsure`, also what differs from the model, see below; `compress`;
`meta`, a dict that is kept. Record a model before torch.compile and outside of
DataParallel; what is scripted or compiled, nothing looks into.

What is found, and where it is taken:

  softmax   q, k after rotary embedding and norms, from the functions that
            transformers calls attention by (eager_attention_forward,
            ALL_ATTENTION_FUNCTIONS: eager, sdpa, flash; grouped queries,
            sliding window, softcap, sinks), from torch's
            scaled_dot_product_attention, MultiheadAttention and
            TransformerEncoderLayer, and from attention that is written out
            (GPT-2, GPT-NeoX, BLOOM, MPT, Falcon, nanoGPT, ...): what is
            multiplied, its softmax, and what that is applied to. Scale,
            window, softcap, slopes (ALiBi), forget gate and sinks are
            measured, and kept if they give the weights; else these are the
            layer's T, with dense=True
  decay     linear attention, RetNet and the like, written out as a matrix
            that is applied: q and k, and what decay of each head and what
            scaling of rows gives that matrix; a normaliser afterwards, if it
            is a division
  s6        Mamba: MambaMixer, FalconMambaMixer (B, C and dt normalised),
            JambaMambaMixer of transformers, Mamba of mamba_ssm
            (use_fast_path is off meanwhile), mamba-minimal, mamba.py: what
            x_proj returns
  decay     Mamba-2: Mamba2Mixer, Bamba, Mamba2 of mamba_ssm and fla: what
            in_proj returns, through the convolution once more;
            mamba2-minimal
  decay     fla: linear attention, GLA, simple GLA, RetNet, RWKV-6, by the
            functions chunk_gla, fused_recurrent_gla, naive_recurrent_gla, ...
  delta     fla and Qwen3-Next: DeltaNet, Gated DeltaNet, KDA; RWKV-7
  scalar    fla: HGRN
  toeplitz  S4, S4D, DSS: what `kernel` returns; H3, the same between its
            gates; Hyena of safari, mad-lab and zoology (order 2, one head);
            gated short convolutions (LFM2); depthwise causal convolutions
            outside of all these, padded by zeros in front, or at both ends
            and then cut at the end

The output gate, the skip (D, u) and what follows the mixer are no part of T.

None of transformers, mamba_ssm, fla, safari, mad-lab, zoology, H3 and s4 was
at hand when this was tested: every path was checked against the published
equations, on modules of the same attributes and signatures. So record() checks
each layer itself: T times the values of some channels of every head against
what the function returned, or what the mixer handed on to its next part, at up
to 512 positions. `checked` in the layer's meta, which esscope info --json has,
is the relative difference. Above 1e-6 in float64, 1e-4 in float32 (2e-3 on a
GPU) and 5e-2 in half precision the layer is left out, with a warning;
`unsure=True` keeps it. A layer without `checked` could not be compared. To
be sure of a half precision model, record it in float32 once.

Anything else is a call inside the block, axes as in esscope-dump(5), with or
without a batch in front; tensors are factors, the rest goes to meta:

    with esscope_dump.record(model, "run.npz") as dump:
        def see(module, inputs, output):
            q, k, la, v, y = ...            # (batch, L, head, feature)
            dump.add("layers.0", kind="decay", q=q, k=k, la=la, scale=0.125,
                     axes={"q": "BLHN", "k": "BLHN", "la": "BLH"}, width=64,
                     check=(v.transpose(1, 2), y.transpose(1, 2)))
        handle = model.layers[0].register_forward_hook(see)
        model(ids)
    handle.remove()

check is u and y = T u of the bare operator, (channel, L) or (channel, L,
width), the batch in front as in the factors: add() compares, and raises.
Where the factors are local to a forward, a line `self.seen = q, k, la, v, y`
in it is the shortest way. Modules that mix positions and of which nothing is
recorded or added are named in a warning, and so is what sees later positions
around a layer that was recorded, as by reversing its input; to find them they
run once more, on 32 positions, or on all where they do not run on so few.

Recipes, by library; each is called where the tensors are at hand:

  mad-lab linear attention, in parallel_forward, after the feature map
      add(name, kind="decay", q=q, k=k, normalize=True, eps=1e-12)
  mad-lab gated linear attention, before fused_chunk_gla(q, k, v, gk)
      add(name, kind="decay", q=q, k=k, la=gk, axes=dict.fromkeys(
          ("q", "k", "la"), "BHLN"))
  linear attention  add(name, kind="decay", q=q, k=k, normalize=True, eps=eps)
                    q and k after elu + 1 or what the feature map is; without
                    a normaliser no normalize
  RetNet, by hand   add(name, kind="decay", q=q, k=k, la=torch.log(gamma)),
                    gamma of (H), q and k after rotary; scale= what q k is
                    multiplied by, where neither holds it
  GLA, HGRN2        add(name, kind="decay", q=q, k=k, la=log_gate), k = 1 - f
                    in HGRN2
  DeltaNet, by hand add(name, kind="delta", q=q, k=k, beta=beta, scale=...),
                    k normalised; la=log_decay in Gated DeltaNet, of (B, H, L),
                    and in KDA, of (B, H, L, N)
  Mamba, by hand    add(name, kind="s6", dt=dt, A=A, B=B, C=C), dt after
                    softplus, of (D, L), A = -exp(A_log); with dB = dt B
  zoology Based     q and k after feature_map, as linear attention
  RecurrentGemma, around rg_lru._rnn_scan(x, recurrent_gate, reset, ...)
      add(name, kind="scalar", a=(gate * ~reset[..., None])[0].T)
  RG-LRU, by hand   add(name, kind="scalar", a=a[0].T, b=b[0].T), b what the
                    input is multiplied by
  HGRN, minGRU      add(name, kind="scalar", a=f[0].T, b=i[0].T), i = 1 - f of
                    minGRU (z and 1 - z); without b where u is gated already
  RWKV-4            add(name, kind="scalar", a=a, b=torch.exp(k[0]).T,
                        c=1 / (a * den)), a = exp(-exp(time_decay)) of (D, 1)
                    expanded to (D, L), den of (D, L) what the numerator is
                    divided by; its time_first is on the diagonal, which is
                    no part of a dump, so without check
  RWKV-5            add(name, kind="decay", q=r, k=k, la=-torch.exp(w),
                        read="pre", scale=1.0), w of (H, N)
  mLSTM             as decay, la = logsigmoid(f); its max-normaliser is left
                    out, a scaling of rows
  LRU, S5           add(name, kind="toeplitz", h=kernel), (D, K): what channel
                    c of the input does to channel c of the output
  multi-head Hyena  add(name, kind="toeplitz", h=h, gq=q, gk=k), gates of
                    (R, D, L)
  attention with a bias of its own (T5, Swin), of two maps (differential)
                    record(..., dense=True)
  Hyena of higher order, sparse attention, TTT, Titans, whatever has a matrix
                    add(name, kind="dense", T=T), (H, L, L)
"""
import fnmatch
import functools
import inspect
import json
import operator
import os
import re
import sys
import warnings
import zipfile

import numpy as np
import torch
import torch.nn.functional as F

__all__ = ["record"]

# The axes of each factor, the letters of esscope-dump(5).
AXES = {
    "dense": {"T": "HLL|LL"},
    "softmax": {"q": "HLN", "k": "GLN", "la": "HL", "slopes": "H",
                "sink": "H", "mask": "L"},
    "decay": {"q": "HLN", "k": "GLN", "la": "H|HL|HN|HLN"},
    "s6": {"dt": "DL", "A": "DN|D", "B": "LN|GLN", "C": "LN|GLN",
           "dt_low": "LX", "dt_w": "DX", "dt_bias": "D"},
    "delta": {"q": "HLN", "k": "GLN", "beta": "HL", "la": "HL|HLN",
              "a": "HLN", "b": "HLN"},
    "toeplitz": {"h": "DK", "gq": "DL|RDL", "gk": "DL|RDL"},
    "scalar": {"a": "DL", "b": "DL", "c": "DL"},
}
LEADING = ("q", "dt", "dt_low", "h", "a", "T")
CHECKED_ROWS, CHECKED_STEPS = 64, 512   # what record() looks at itself
TRIED = 32              # positions on which an unknown module runs again
META_MOST = 1 << 20     # bytes of JSON; esscope reads 4 MiB, layers included
BOUND = {(torch.float64, "cpu"): 1e-6, (torch.float32, "cpu"): 1e-4,
         (torch.float64, "cuda"): 1e-6, (torch.float32, "cuda"): 2e-3}
HIDDEN = -9000.0        # a mask below this hides: -inf, finfo.min, -1e4
SDPA = ("query", "key", "value", "attn_mask", "dropout_p", "is_causal",
        "scale", "enable_gqa")
OPERATIONS = re.compile(
    r"(?:naive_|torch_|fused_|mul_)*(?:naive|chunk|recurrent|parallel)_"
    r"(linear_attn|simple_gla|gla|retention|gated_delta_rule|delta_rule|kda|"
    r"rwkv6|rwkv7|hgrn)$")


def record(model, path, **options):
    """A context around one forward pass of the model; see the module."""
    return Recorder(model, path, **options)


class Skip(ValueError):
    """A layer that cannot be told exactly, with the reason."""


# Keys of meta that say how a dump is read, or that are written here.
RESERVED = ("esscope", "layers", "defaults", "dtype", "notes")


def _meta(given):
    """What the caller wants kept in meta, as esscope takes it."""
    if given is None:
        return {}
    if not isinstance(given, dict):
        raise ValueError(f"meta is a {type(given).__name__}; expected a dict")
    for key in RESERVED:
        if key in given:
            raise ValueError(f"meta: the key {key!r} is esscope's own; "
                             "give what you keep another name")
    try:
        out = _json(given, "meta")
    except RecursionError:
        raise ValueError("meta is nested too deeply") from None
    if not isinstance(out.get("model", ""), str):
        raise ValueError("meta['model'] is a name to show; expected a str")
    size = len(json.dumps(out))
    if size > META_MOST:
        raise ValueError(f"meta is {size} bytes of JSON; at most {META_MOST} "
                         "are kept")
    return out


def _json(x, where, depth=0):
    """x in types of JSON, numpy's and torch's numbers as python's; what
    esscope would not read is refused here, before the model runs."""
    if depth > 100:
        raise RecursionError
    if isinstance(x, (np.ndarray, np.generic, torch.Tensor)):
        plain = x.tolist()              # long doubles stay what they are
        if not isinstance(plain, (np.generic, torch.Tensor)):
            return _json(plain, where, depth)
    elif isinstance(x, dict):
        out = {}
        for key, value in x.items():
            if isinstance(key, (int, np.integer)) \
                    and not isinstance(key, bool):
                key = str(int(key))
            if not isinstance(key, str):
                raise ValueError(f"{where}: the key {key!r} is a "
                                 f"{type(key).__name__}; expected a str")
            place = f"{where}[{key!r}]"
            if key in out:
                raise ValueError(f"{place} is there twice")
            out[_json(key, place)] = _json(value, place, depth + 1)
        return out
    elif isinstance(x, (list, tuple)):
        return [_json(y, f"{where}[{i}]", depth + 1) for i, y in enumerate(x)]
    elif x is None or isinstance(x, bool):
        return x
    elif isinstance(x, int):
        if not -2 ** 63 <= x < 2 ** 63:
            raise ValueError(f"{where} is an integer beyond 63 bits and a "
                             "sign, which esscope does not read; keep it as "
                             "text")
        return int(x)
    elif isinstance(x, float):
        if not np.isfinite(x):
            raise ValueError(f"{where} is {float(x)}, which JSON does not "
                             "have; keep it as text, or None")
        return float(x)
    elif isinstance(x, str):
        if "\0" in x:
            raise ValueError(f"{where} has a NUL in it, which esscope does "
                             "not read")
        try:
            x.encode()
        except UnicodeEncodeError:
            raise ValueError(f"{where} has half of a surrogate pair in it, "
                             "which is no text") from None
        return str(x)
    raise ValueError(f"{where} is of type {type(x).__name__}; expected what "
                     "JSON has: text, numbers, lists, dicts")


class _File:
    """An .npz under another name until it is complete."""

    def __init__(self, path, compress):
        self.path, self.part = path, f"{path}.part{os.getpid()}"
        self.zip = zipfile.ZipFile(
            self.part, "w", zipfile.ZIP_DEFLATED if compress
            else zipfile.ZIP_STORED)

    def put(self, name, array):
        info = zipfile.ZipInfo(name + ".npy", (1980, 1, 1, 0, 0, 0))
        info.compress_type = self.zip.compression
        with self.zip.open(info, "w", force_zip64=True) as out:
            np.lib.format.write_array(out, np.asarray(array),
                                      allow_pickle=False)

    def close(self, keep=True):
        self.zip.close()
        if keep:
            os.replace(self.part, self.path)
        else:
            os.remove(self.part)


def _numpy(tensor):
    """Its elements as they are; bfloat16 as raw pairs of bytes."""
    tensor = tensor.detach().cpu().resolve_conj().contiguous()
    if tensor.dtype == torch.bfloat16:
        return tensor.view(torch.int16).numpy().view("V2")
    return tensor.numpy()


def _order(axes, forms):
    """How to permute axes (no batch) into one of the forms: (form, order)."""
    for form in forms.split("|"):
        found = axes
        if "G" in form and "G" not in found:
            found = found.replace("H", "G", 1) if "H" in found \
                else found.replace("D", "G", 1)
        if found == form:
            return form, list(range(len(form)))
        if sorted(found) == sorted(form) and len(set(form)) == len(form):
            return form, [found.index(letter) for letter in form]
    raise ValueError(f"axes {axes!r}; expected the letters of {forms}")


def _arguments(function, arguments, keywords, names=()):
    """Name to value, defaults included, as the function will see them."""
    try:
        signature = inspect.signature(function)
        bound = signature.bind(*arguments, **keywords)
    except (TypeError, ValueError):
        return {**dict(zip(names, arguments)), **keywords}
    bound.apply_defaults()
    out = dict(bound.arguments)
    for parameter in signature.parameters.values():
        if parameter.kind is parameter.VAR_KEYWORD:
            out.update(out.pop(parameter.name))
    return out


def _first(values, *names):
    for name in names:
        if values.get(name) is not None:
            return values[name]
    return None


def _read_mask(mask, length):
    """A mask (L, L), additive or bool: its window and its padding. None
    where it is neither a causal band nor that with padding."""
    seen = mask if mask.dtype == torch.bool else mask > HIDDEN
    if mask.dtype != torch.bool and bool((mask[seen] != 0).any()):
        return None
    i = torch.arange(length, device=mask.device)
    distance = i[:, None] - i[None, :]
    if bool((seen & (distance < 0)).any()):
        if not bool((seen & (distance > 0)).any()):
            raise Skip("its mask is anticausal")
        raise Skip("its mask lets positions see later ones; only causal "
                   "operators have an Effective State-Size")
    real = seen.any(0)
    padding = None if bool(real.all()) else real
    causal = (distance >= 0) & real[None, :]
    window = int(distance[seen].max()) + 1 if bool(seen.any()) else 1
    if torch.equal(causal[real], seen[real]):
        return None, padding
    if torch.equal((causal & (distance < window))[real], seen[real]):
        return window, padding
    return None


def _read_masks(masks, length):
    """One mask for each sequence: their window and their padding, (L), or
    (B, L) where sequences differ. None where one is no band, or another."""
    read = [_read_mask(mask, length) for mask in masks]
    if None in read:
        return None
    windows = {window for window, _ in read if window}
    if len(windows) > 1:
        return None
    window = next(iter(windows), None)
    i = torch.arange(length, device=masks[0].device)
    if window:          # what is shorter does not show that it has one
        far = i[:, None] - i[None, :] >= window
        for mask in masks:
            seen = mask if mask.dtype == torch.bool else mask > HIDDEN
            real = seen.any(0)
            if bool((seen & far)[real].any()):
                return None
    paddings = [torch.ones_like(i) > 0 if padding is None else padding
                for _, padding in read]
    if all(padding is None for _, padding in read):
        return window, None
    if all(torch.equal(padding, paddings[0]) for padding in paddings):
        return window, paddings[0]
    return window, torch.stack(paddings)


def _mask_factor(padding):
    return padding.to(torch.uint8), "L" if padding.dim() == 1 else "BL"


def _seen_from(rows, length, window, padding):
    """Which positions these rows of a band see."""
    distance = rows[:, None] - torch.arange(length, device=rows.device)
    seen = (distance >= 0) & (distance < (window or length))
    return seen if padding is None else seen & padding


def _softmax(q, k, scale, seen, softcap=None, sink=None, bias=None):
    """The weights of one head, or of several, in float64."""
    logits = scale * (q.double() @ k.double().transpose(-1, -2))
    if softcap:
        logits = softcap * torch.tanh(logits / softcap)
    if bias is not None:
        logits = logits + bias
    logits = logits.masked_fill(~seen, -torch.inf)
    top = logits.max(-1, keepdim=True).values.clamp(min=-1e300)
    weights = torch.exp(logits - top)
    total = weights.sum(-1, keepdim=True)
    if sink is not None:
        total = total + torch.exp(sink.double() - top)
    return torch.where(total > 0, weights / total, torch.zeros_like(total))


def _centered(x, seen):
    """Rows less their mean over what they see; 0 elsewhere."""
    x = torch.where(seen, x, torch.zeros_like(x))
    mean = x.sum(-1, keepdim=True) / seen.sum(-1, keepdim=True).clamp(min=1)
    return torch.where(seen, x - mean, torch.zeros_like(x))


def _solve(columns, y):
    """Least squares, each head by itself: columns and y of (H, ..., L)."""
    M = torch.stack([x.flatten(1) for x in columns], -1)
    return (torch.linalg.pinv(M) @ y.flatten(1)[..., None])[..., 0]


def _near(value, width, wide):
    """A scale that was measured, and the round one it must be."""
    for exact in (width ** -0.5, 1.0, 1.0 / width):
        if abs(value / exact - 1) < (1e-5 if wide else 1e-2):
            return exact
    return value


def _arranged(x, letters, order):
    """An operand of einsum with its axes in an order."""
    x = x.permute([letters.index(c) for c in order if c in letters])
    for axis, letter in enumerate(order):
        if letter not in letters:
            x = x.unsqueeze(axis)
    return x


def _letters(text, x):
    """One of einsum's for each axis; those of "..." are aligned right."""
    count = x.dim() - len(text.replace("...", ""))
    return text.replace("...", "UVWXYZ"[6 - count:])


def _axis_of(x, length):
    """Of positions: (batch, L, D), (batch, D, L) or (L, batch, D)."""
    return next(axis for axis in (1, 2, 0) if x.shape[axis] == length)


def _cut(value, length, keep, entry=0):
    """What a module was given, of one sequence and its first positions."""
    if isinstance(value, torch.Tensor):
        if value.dim() > 2 and length in value.shape[1:]:
            value = value[entry % len(value)][None]
        for axis, size in enumerate(value.shape):
            if size == length:
                value = value.narrow(axis, 0, keep)
        return value.clone()
    if type(value) in (tuple, list):
        return type(value)(_cut(x, length, keep, entry) for x in value)
    return value


def _along_positions(value, length):
    """Has it, or what is in it, an axis of that length?"""
    if isinstance(value, torch.Tensor):
        return length in value.shape
    return type(value) in (tuple, list) and any(
        _along_positions(x, length) for x in value)


def _tensor_in(output):
    if isinstance(output, dict):
        output = tuple(output.values())
    while isinstance(output, (tuple, list)) and output:
        output = output[0]
    return output if isinstance(output, torch.Tensor) else None


class _Trial:
    """Does a module let positions see others? It runs again, by itself, on
    some positions, and with the first or last of them changed."""

    def __init__(self, module, inputs, keywords, axis, first, whole):
        self.module, self.inputs = module, list(inputs)
        self.keywords, self.axis, self.first = dict(keywords), axis, first
        self.whole = whole      # how many positions it may be tried on; None
        self.failed = None      # why it could not be tried

    def _given(self):
        return self.keywords if self.first else self.inputs

    def reach(self):
        """How far back it looks, and whether ahead; None: not to be told.
        What does not run on some positions may run on all."""
        found = self._look()
        x = self._given()[self.first]
        if self.failed and self.whole and self.whole > x.shape[self.axis]:
            again = -(-self.whole // x.shape[self.axis])
            self._given()[self.first] = torch.cat(
                [x] * again, self.axis).narrow(self.axis, 0, self.whole)
            found = self._look()
        return found

    def length(self):
        return self._given()[self.first].shape[self.axis]

    def _run(self, position):
        inputs = [_cut(x, -1, 0) for x in self.inputs]
        keywords = {key: _cut(x, -1, 0) for key, x in self.keywords.items()}
        if position is not None:
            x = (keywords if self.first else inputs)[self.first]
            x.select(self.axis, position).mul_(-1.5).add_(0.7)
        devices = [torch.cuda.current_device()] \
            if torch.cuda.is_initialized() else []
        with torch.random.fork_rng(devices):
            out = _tensor_in(self.module.forward(*inputs, **keywords))
        return out.movedim(self.axis, 0).double()

    def _look(self):
        length, self.failed = self.length(), None
        buffers = [(b, b.clone()) for b in self.module.buffers()]
        states = [(own, dict(own)) for m in self.module.modules()
                  for own in (vars(m), m._buffers) if isinstance(own, dict)]
        hooks = [(m, m._forward_hooks, m._forward_pre_hooks)
                 for m in self.module.modules()]
        try:
            for m, *_ in hooks:         # those of others need not see this
                m._forward_hooks = type(m._forward_hooks)()
                m._forward_pre_hooks = type(m._forward_pre_hooks)()
            plain, first, last = (
                self._run(position) for position in (None, 0, -1))
        except Exception as error:      # it needs what was not seen
            self.failed = f"{type(error).__name__}: {error}".splitlines()[0]
            return None
        finally:
            for m, *kept in hooks:
                m._forward_hooks, m._forward_pre_hooks = kept
            for own, old in states:     # what forward() leaves behind
                own.clear()
                own.update(old)
            for b, old in buffers:
                b.copy_(old)
        if len(plain) != length:
            return None
        far, ahead = ([bool((abs(y[i] - plain[i])
                             > 1e-5 * plain.abs().max()).any())
                       for i in range(length)] for y in (first, last))
        self.turned = ahead[-2]         # by what comes right behind it
        return max((i for i, moved in enumerate(far) if moved), default=0), \
            any(ahead[:-1])


class _Trail:
    """What a module in progress did that may have been attention."""

    def __init__(self):
        self.products = []      # (q, k) of what may be logits
        self.capped = None      # (before, after) tanh
        self.logits = self.weights = None   # before softmax, behind it
        self.matrices = []      # [T, width, q and k, T u]: applied
        self.solves = False     # by a matrix as well, as the delta rule


def _decaying(q, k, A):
    """Of one head: r, la with A[i][j] = r_i q_i.k_j exp(la_{j+1} + ... +
    la_i), as linear attention, RetNet or Mamba-2 written out have it, rows
    scaled by what may be; None if there are none."""
    P, A = (q.double() @ k.double().T).tril(), A.double()
    pair = torch.minimum(abs(A[:, 1:]), abs(A[:, :-1]))
    row = pair.tril(-1).argmax(0)       # where two columns tell most
    j = torch.arange(len(row), device=A.device)
    ratio = A[row, j] / P[row, j] * P[row, j + 1] / A[row, j + 1]
    la = torch.cat((torch.zeros_like(ratio[:1]), torch.log(ratio)))
    if not bool((la < 1e-5).all()):     # NaN neither
        return None
    la = la.clamp(max=0.0)
    total = la.cumsum(0)
    P = P * torch.exp((total[:, None] - total).clamp(max=0.0))
    best = abs(A).argmax(1, keepdim=True)
    r = (A.gather(1, best) / P.gather(1, best))[:, 0]
    error = float((r[:, None] * P - A).norm() / A.norm())
    return (r, la, error) if error < 1e-4 else None


class _Fit:
    """Which softmax of q and k gives the weights A of (H, L, L)? Seen at
    some rows: P are products, S logits."""

    def __init__(self, q, k, A, logits, seen, capped):
        self.length, self.width = A.shape[-1], q.shape[-1]
        self.wide = A.dtype in (torch.float32, torch.float64)
        rows = torch.arange(0, self.length,
                            -(-self.length // CHECKED_ROWS))
        rows = torch.cat((rows, torch.tensor([self.length - 1]))).unique()
        rows = rows.to(A.device)
        self.rows = rows[seen[rows].any(1)]     # padding sees nothing
        self.q, self.A = q[:, self.rows], A[:, self.rows]
        self.k = k.repeat_interleave(len(q) // len(k), 0)
        self.seen = seen[self.rows].expand(len(A), -1, -1)
        self.P = self.q.double() @ self.k.double().transpose(-1, -2)
        self.S = logits[:, self.rows].double()
        self.extra, self.S = self.S[..., self.length:], self.S[
            ..., :self.length]
        self.capped = None if capped is None else [
            x[:, self.rows, :self.length].double() for x in capped]
        i = torch.arange(self.length, device=A.device)
        self.distance = (i - self.rows[:, None]).double().expand_as(self.P)

    def tries(self):
        """Ways to make the logits: (scale of each head, meta, factors)."""
        P, S, seen = self.P, self.S, self.seen
        if self.capped is not None:
            before, after = self.capped
            c = _solve([_centered(after, seen)], _centered(S, seen))[:, 0]
            a = _solve([_centered(P, seen)], _centered(before, seen))[:, 0]
            yield a * c, {"softcap": float(c.mean())}, {}
            return
        y = _centered(S, seen)
        yield _solve([_centered(P, seen)], y)[:, 0], {}, {}
        s, slopes = _solve([_centered(P, seen), _centered(
            self.distance, seen)], y).T
        yield s, {}, {"slopes": slopes}
        if self.wide and bool(seen[:, -1].all()):
            both = seen[:, 1:] & seen[:, :-1]   # what columns add cancels
            s = _solve([_centered(P[:, 1:] - P[:, :-1], both)], _centered(
                S[:, 1:] - S[:, :-1], both))[:, 0]
            column = S[:, -1] - s[:, None] * P[:, -1]
            la = torch.zeros_like(column)
            la[:, 1:] = column[:, :-1] - column[:, 1:]
            if float(la.max()) <= 1e-6 * (1 + float(column.abs().max())):
                yield s, {}, {"la": la.clamp(max=0.0)}

    def solve(self):
        """(scale of each head, meta, factors, its error), or None."""
        for scale, meta, factors in self.tries():
            if bool((scale / scale.mean() - 1).abs().max()
                    < (1e-5 if self.wide else 1e-2)):
                scale = torch.full_like(scale, _near(
                    float(scale.mean()), self.width, self.wide))
            bias = torch.zeros_like(self.P)
            if "slopes" in factors:
                bias = factors["slopes"][:, None, None] * self.distance
            if "la" in factors:         # less what is the same in a row
                bias = -factors["la"].cumsum(-1)[:, None].expand_as(bias)
            sink = None
            if self.extra.shape[-1]:
                rest = torch.where(
                    self.seen, self.S - scale[:, None, None] * self.P - bias,
                    torch.zeros_like(bias)).sum(-1, keepdim=True) \
                    / self.seen.sum(-1, keepdim=True)
                sink = (self.extra - rest)[..., 0].mean(-1)
                factors = {**factors, "sink": sink}
                sink = sink[:, None, None]
            T = _softmax(self.q.double() * scale[:, None, None], self.k, 1.0,
                         self.seen, meta.get("softcap"), sink, bias)
            error = float((T - self.A).norm() / self.A.double().norm())
            if error < (1e-4 if self.wide else 3e-2):
                return scale, meta, factors, error
        return None


def _recur(q, k, u, la, scale, beta=None, a=None, b=None, read="post",
           normalize=False, eps=1e-10):
    """y = T u of each head, the recurrence of its kind: q, k, a, b of
    (head, L, N), u and beta of (head, L), la of (head, L, N or 1)."""
    q, k, u, la, beta, a, b = (
        None if x is None else x.double() for x in (q, k, u, la, beta, a, b))
    state, keys = (torch.zeros_like(k[:, 0]) for _ in range(2))
    out = torch.zeros_like(u)
    for t in range(u.shape[1]):
        gate = 1.0 if la is None else torch.exp(la[:, t])
        given = u[:, t, None]
        if read == "pre":
            out[:, t] = (q[:, t] * state).sum(-1)
        held, state = state, gate * state
        if a is not None:
            given = given * k[:, t] + b[:, t] \
                * (a[:, t] * held).sum(-1, keepdim=True)
        elif beta is not None:
            error = given - (k[:, t] * state).sum(-1, keepdim=True)
            given = beta[:, t, None] * error * k[:, t]
        else:
            given = given * k[:, t]
        state = state + given
        keys = gate * keys + k[:, t]
        if read != "pre":
            out[:, t] = (q[:, t] * state).sum(-1)
            if normalize:
                out[:, t] /= scale * (q[:, t] * keys).sum(-1) + eps
    return scale * out


def _apply(kind, get, meta, u):
    """T u of the first positions, from the factors of a dump and what it says
    of them; u of (channel, L)."""
    channels, n = u.shape
    get = {name: x.double() for name, x in get.items()}

    def part(name):
        """One of each channel, of those that share it."""
        x = get.get(name)
        return x if x is None or x.shape[0] == channels \
            else x.repeat_interleave(channels // x.shape[0], 0)

    if kind == "dense":
        T = get["T"] if get["T"].dim() == 3 else get["T"][None]
        return (T[:, :n, :n] @ u[..., None])[..., 0]
    if kind == "toeplitz":
        out, one = 0, torch.ones_like(u)[None]
        gq, gk = (get[x].reshape(-1, channels, get[x].shape[-1])[..., :n]
                  if x in get else one for x in ("gq", "gk"))
        for q, k in zip(gq, gk):
            h = F.pad(get["h"], (0, max(0, n - get["h"].shape[1])))
            out = out + q * _convolve(h, k * u)
        return out
    if kind == "scalar":
        state, out = torch.zeros_like(u[:, 0]), []
        one = torch.ones_like(u)
        b, c = (get.get(x, one) for x in ("b", "c"))
        for t in range(n):
            state = get["a"][:, t] * state + b[:, t] * u[:, t]
            out.append(c[:, t] * state)
        return torch.stack(out, 1)
    if kind == "s6":
        dt = get["dt"] if "dt" in get else F.softplus(F.linear(
            get["dt_low"], get["dt_w"], get.get("dt_bias"))).T
        A = get["A"] if get["A"].dim() == 2 else get["A"][:, None]
        B, C = (x.repeat_interleave(channels // len(x), 0) for x in (
            x if x.dim() == 3 else x[None] for x in (get["B"], get["C"])))
        return _recur(C, dt[..., None] * B, u, dt[..., None] * A[:, None],
                      1.0)
    if kind == "softmax":
        return _apply_softmax(part, get, meta, u)
    return _recur(part("q"), part("k"), u, _along(part("la"), get, u),
                  meta.get("scale", 1.0), part("beta"), part("a"), part("b"),
                  meta.get("read", "post"), meta.get("normalize", False),
                  meta.get("eps", 1e-10))


def _along(la, get, u):
    """la of any axes as (head, L, N or 1)."""
    if la is None or la.dim() == 3:
        return la
    if la.dim() == 1:
        return la[:, None, None].expand(-1, u.shape[1], 1)
    return la[..., None] if la.shape[1] == get["q"].shape[1] \
        else la[:, None].expand(-1, u.shape[1], -1)


def _apply_softmax(part, get, meta, u):
    n, out = u.shape[1], []
    rows = torch.arange(n, device=u.device)
    mask = get["mask"][:n] != 0 if "mask" in get else None
    seen = _seen_from(rows, n, meta.get("window"), mask)
    scale = meta.get("scale") or get["q"].shape[-1] ** -0.5
    for head, (q, k) in enumerate(zip(part("q"), part("k"))):
        bias = torch.zeros(n, n, dtype=torch.float64, device=u.device)
        if "slopes" in get:
            bias = get["slopes"][head] * (rows - rows[:, None])
        if "la" in get:
            total = get["la"][head, :n].cumsum(0)
            bias = bias + total[:, None] - total
        T = _softmax(q[:n], k[:n], scale, seen, meta.get("softcap"),
                     get["sink"][head] if "sink" in get else None, bias)
        out.append(T @ u[head])
    return torch.stack(out)


class Recorder:
    def __init__(self, model, path, tokens=None, token_ids=None, batch=0,
                 layers="*", low_rank=False, dense=False, compress=False,
                 unsure=False, meta=None):
        self.model, self.path = model, os.fspath(path)
        self.single = self.path.endswith(".npz")
        self.batch = None if batch is None else operator.index(batch)
        self.wanted = layers
        self.low_rank, self.dense, self.compress = low_rank, dense, compress
        self.unsure = unsure
        self.meta = _meta(meta)
        self.texts = self._texts(tokens, token_ids)
        self.layers = {}        # name to what meta says of it
        self.length, self.sizes = None, {}      # L: the last, of each layer
        self.told = next((x.shape[-1] for x in self.texts.values()), None)
        self.given = ()         # the model's input: (B, L), (B, L, D), ...
        self.notes = []
        self.undo, self.stack, self.files = [], [], []
        self.trails, self.shapes, self.uncut = {}, {}, {}
        self.plain = set()      # parts of torch that are no layers
        self.calls, self.lengths = {}, []       # what unknown modules took
        self.untried = {}       # unknown modules that do not run by themselves
        self.reaches = {}       # how far back recorded convolutions look
        self.busy = False
        self.passes = 0

    def _texts(self, tokens, token_ids):
        out = {}
        for name, value in (("tokens", tokens), ("token_ids", token_ids)):
            if value is None:
                continue
            value = value.detach().cpu().numpy() \
                if isinstance(value, torch.Tensor) else np.asarray(value)
            if value.ndim == 2 and (self.batch is not None
                                    or len(value) == 1):
                value = value[self.batch or 0]
            if value.ndim not in (1, 2):
                raise ValueError(f"{name} has {value.ndim} axes; expected "
                                 "one entry a position")
            if value.dtype.kind not in "SU":
                name = "token_ids"
            out[name] = value
        return out

    # ---- the context ----

    def __enter__(self):
        _refuse(self.model)
        if self.single:
            self.file = _File(self.path, self.compress)
        else:
            os.makedirs(self.path, exist_ok=True)
            old = sorted(entry for entry in os.listdir(self.path)
                         if entry.endswith((".npz", ".npy", ".safetensors")))
            if old:
                raise FileExistsError(
                    f"{self.path} holds {old[0]} already; what a directory "
                    "holds is one dump: give an empty one")
        try:
            self._install()
        except BaseException:
            self._restore()
            self._close(False)
            raise
        return self

    def __exit__(self, kind, value, trace):
        self._restore()
        if kind is not None:
            self._close(False)
            return False
        try:
            self._note_missed()
            for name, values in self.texts.items():
                if self.sizes and values.shape[-1] \
                        not in self.sizes.values():
                    raise ValueError(
                        f"{values.shape[-1]} {name} for {self.length} "
                        "positions")
            if not self.layers:
                raise RuntimeError(
                    "esscope_dump: no layer was recorded; " + (
                        "; ".join(self.notes) or (
                            "none that mixes positions was found"
                            if self.passes else "the model was not called "
                            "inside the block") + "; layers that are not "
                        "known are added by add()"))
        except BaseException:
            self._close(False)
            raise
        if self.single:
            self._finish(self.file, self.layers)
        self._close(True)
        for note in self.notes:
            warnings.warn("esscope_dump: " + note, stacklevel=2)
        return False

    def _finish(self, file, layers):
        model = getattr(getattr(self.model, "config", None),
                        "_name_or_path", None) or type(self.model).__name__
        meta = {"esscope": 1, "model": model, "exporter": "esscope_dump 1",
                "torch": torch.__version__.split("+")[0], **self.meta}
        meta["layers"] = layers
        if self.single and self.notes:
            meta["notes"] = self.notes
        file.put("meta", json.dumps(meta))
        for name, values in self.texts.items():
            file.put(name, values)

    def _close(self, keep):
        if self.single:
            self.file.close(keep)
        elif not keep:
            for path in self.files:
                os.remove(path)

    # ---- writing a layer ----

    def add(self, layer, kind, axes=None, check=None, **factors):
        """One layer, from the caller: see the module."""
        if kind not in AXES:
            raise ValueError(f"kind {kind!r}; expected one of "
                             + ", ".join(AXES))
        arrays, meta, axes = {}, {}, dict(axes or {})
        for name, value in factors.items():
            if isinstance(value, np.ndarray):
                value = torch.from_numpy(np.ascontiguousarray(value))
            if isinstance(value, torch.Tensor) and value.dim() == 0:
                value = value.item()
            if isinstance(value, torch.Tensor):
                if name not in AXES[kind]:
                    raise ValueError(f"kind {kind} has no factor {name}; "
                                     "it has " + ", ".join(AXES[kind]))
                arrays[name] = value
            else:
                meta[name] = _json(value, name)
        batched = any("B" in axes[name] if name in axes else
                      name in LEADING and arrays[name].dim()
                      == len(AXES[kind][name].split("|")[0]) + 1
                      for name in arrays)
        given = {name: (value, axes.get(name) or self._guess(
            name, value, kind, batched)) for name, value in arrays.items()}
        if check is not None:
            with torch.no_grad():
                meta["checked"] = self._check_added(kind, given, meta, check,
                                                    batched)
        self._write(layer, kind, given, meta)

    def _check_added(self, kind, given, meta, check, batched):
        """u and y = T u, (channel, L) or (channel, L, width)."""
        get = {}
        for name, (value, axes) in given.items():
            value, form = self._place(name, value, axes, kind)
            get[name] = value[0] if form[0] == "B" else value
            if get[name].is_complex():
                raise ValueError(f"{name} is complex: no check of that")
        u, y = (torch.as_tensor(x).detach() for x in check)
        wide = y.dtype in (torch.float32, torch.float64)
        if batched:
            u, y = (x[min(self.batch or 0, len(x) - 1)] for x in (u, y))
        u, y = (x[..., :1] if x.dim() == 3 else x[..., None] for x in (u, y))
        u, y = (x[:, :CHECKED_STEPS, 0].double() for x in (u, y))
        before, self.busy = self.busy, True
        try:
            found = _apply(kind, get, meta, u)
        finally:
            self.busy = before
        error = float((found - y).norm() / y.norm())
        if not error <= (1e-4 if wide else 5e-2):
            raise ValueError(f"T u differs by {error:.1e} from y; is a factor "
                             "taken too early, or scale another?")
        return float(f"{error:.2e}")

    @staticmethod
    def _guess(name, value, kind, batched):
        forms = AXES[kind][name].split("|")
        fits = [form for form in forms if len(form) == value.dim()]
        if batched:                     # what runs along L is, then
            fits = [form for form in fits if "L" not in form]
            fits += ["B" + form for form in forms
                     if len(form) + 1 == value.dim()]
        if len(fits) != 1:
            raise ValueError(
                f"{name} of {tuple(value.shape)} may be {' or '.join(fits)}; "
                f"say which: axes={{{name!r}: ...}}" if fits else
                f"{name} has {value.dim()} axes; expected {' or '.join(forms)}"
                ", a batch before it or not")
        return fits[0]

    def _place(self, name, value, axes, kind):
        """The factor in the order of its form, of the batch entry wanted."""
        batch = axes.find("B")
        form, order = _order(axes.replace("B", ""), AXES[kind][name])
        value = value.detach()
        if batch >= 0 and self.batch is not None:
            value = value.select(
                batch, 0 if value.shape[batch] == 1 else self.batch)
            batch = -1
        if batch >= 0:
            value = value.movedim(batch, 0)
            return value.permute(0, *(o + 1 for o in order)), "B" + form
        return value.permute(*order), form

    def _wants(self, layer):
        return fnmatch.fnmatch(layer, self.wanted)

    def _put(self, layer, kind, factors, **meta):
        """What was found by itself; factors: name to (tensor, axes)."""
        length, count = meta.get("length"), None
        for value, axes in factors.values():
            if "L" in axes:
                length = value.shape[axes.index("L")]
                count = value.shape[axes.index("B")] if "B" in axes else count
        whole = self._whole(length, count) if length else None
        if whole and self._wants(layer):
            raise Skip(f"it works on {length} of {whole} positions, as blocks "
                       "or along another axis")
        self._write(layer, kind, factors, meta)

    def _whole(self, length, count):
        """Of how many positions these are a part; None: of none. A block of
        several may be folded into the batch of count."""
        if self.told:
            return self.told if length < self.told else None
        if not self.given or length in self.given:
            return None
        if len(self.given) == 2:        # of ids
            return self.given[1] if length < self.given[1] else None
        if count is None:
            return None
        a, b, c = self.given
        return next((size for batch, size in ((a, b), (a, c), (b, a))
                     if batch * size == count * length and length < size),
                    None)

    def _write(self, layer, kind, factors, meta):
        if not self._wants(layer):
            return
        name, again = layer, 1
        while name in self.layers:      # a module that runs more than once
            again += 1
            name = f"{layer}:{again}"
        said = {"kind": kind, **{key: value for key, value in meta.items()
                                 if value is not None}, "axes": {}}
        arrays, length = {}, meta.get("length")
        for factor, (value, axes) in factors.items():
            value, form = self._place(factor, value, axes, kind)
            said["axes"][factor] = form
            if value.dtype == torch.bfloat16:
                said.setdefault("dtype", {})[factor] = "bf16"
            arrays[factor] = _numpy(value)
            if "L" in form:
                length = value.shape[form.index("L")]
        if length == 1:
            raise Skip("it has one position, between which and others there "
                       "is nothing to see")
        if length:
            self.length = length
            self.sizes[name] = length
        file = self.file if self.single else _File(
            self._name_file(name), self.compress)
        try:
            for factor, array in arrays.items():
                file.put(f"{name}/{factor}", array)
            if not self.single:
                self._finish(file, {name: said})
        except BaseException:
            if not self.single:
                file.close(False)
            raise
        if not self.single:
            file.close()
            self.files.append(file.path)
        self.layers[name] = said

    def _name_file(self, layer):
        stem = re.sub(r"[^A-Za-z0-9._-]", "_", layer)[:180]
        stem = stem if stem[:1].isalnum() else "layer" + stem
        path, again = os.path.join(self.path, stem + ".npz"), 1
        while path in self.files:
            again += 1
            path = os.path.join(self.path, f"{stem}_{again}.npz")
        return path

    def _attempt(self, layer, function, *arguments):
        """What cannot be told exactly is left out, and said; what this
        computes itself is not looked at."""
        before, self.busy = self.busy, True
        try:
            function(layer, *arguments)
        except OSError:                 # of the file: nothing will follow
            raise
        except Exception as reason:     # the model's pass is not ours to end
            if not isinstance(reason, Skip):
                reason = "it is not made as it is known to be; " \
                    f"{type(reason).__name__}: {reason}"
            note = f"{layer} is left out: {reason}"
            if self._wants(layer) and note not in self.notes:
                self.notes.append(note)
        finally:
            self.busy = before

    def _check(self, meta, expected, found, dtype):
        """How far T u is from what the model computed, in units of it."""
        expected = expected.double()
        size = float(expected.norm())
        error = float((found.to(expected.device) - expected).norm()) \
            / (size or 1.0)
        meta["checked"] = max(float(f"{error:.2e}"), meta.get("checked", 0.0))
        if error <= (5e-2 if _autocast() else BOUND.get(
                (dtype, expected.device.type), 5e-2)):
            return
        said = f"T u differs by {error:.1e} from what the model computed"
        if not self.unsure:
            raise Skip(said + ", so it is not what it looks like; use add()")
        self.notes.append(f"{self._here()}: {said}, and is kept")

    def _compare(self, meta, forms, given):
        """Is one of the forms, (channel, L) each, part of what the mixer
        handed on: one of the tensors given, with its channels?"""
        best = None
        for tensor, channels in given:
            value = self._lanes(tensor, channels, forms[0].shape[1])
            for form in forms if value is not None else ():
                error = float((value - form).norm()) \
                    / (float(value.norm()) or 1.0)
                if best is None or error < best[0]:
                    best = error, value, form, tensor.dtype
        if best is not None:
            self._check(meta, *best[1:])

    def _lanes(self, tensor, channels, steps):
        """Some channels of (B, L, D), (B, D, L) or (B L, D)."""
        total, rows = channels
        if not tensor.is_floating_point() or tensor.dim() not in (2, 3):
            return None
        if tensor.dim() == 2:
            tensor = tensor[None]
        elif tensor.shape[-1] != total and tensor.shape[1] == total:
            tensor = tensor.transpose(1, 2)
        if tensor.shape[-1] != total or tensor.shape[1] < (steps or 0):
            return None
        value = tensor[min(self.batch or 0, len(tensor) - 1)]
        return value[:steps, rows].T.double()

    # ---- hooks ----

    def _install(self):
        names = {}
        for name, module in self.model.named_modules():
            name = name or type(self.model).__name__
            names[module] = name
            if type(module).__module__.startswith("torch.nn.modules.") \
                    and not list(module.children()) \
                    and module is not self.model:
                self.plain.add(name)
            self._watch_entry(module, functools.partial(
                self._enter_module, name))
            for looks, hook in FAMILIES:
                if looks(module):
                    hook(self, name, module)
                    break
        self.names = names
        for scope in self._scopes(names):
            self._wrap_scope(scope)
        self._wrap(F, "scaled_dot_product_attention", self._on_sdpa, SDPA)
        self._watch_cuts()
        for module, name in names.items():
            for key, value in list(vars(module).items()):
                if callable(value) and OPERATIONS.match(key):
                    self._wrap(module, key, functools.partial(
                        self._on_operation, OPERATIONS.match(key)[1]))
            # last, so that it runs behind the hooks of families
            self._hook(module.register_forward_hook(
                functools.partial(self._leave_module, name)))
        self._watch_products()

    def _watch_products(self):
        for owner in (torch, torch.Tensor):
            self._wrap(owner, "matmul", self._on_product, ("input", "other"))
            self._wrap(owner, "bmm", self._on_product, ("input", "other"))
            self._wrap(owner, "baddbmm", self._on_product,
                       ("bias", "input", "other"))
            self._wrap(owner, "softmax", self._on_softmax, ("input", "dim"))
            self._wrap(owner, "tanh", self._on_tanh, ("input",))
            self._wrap(owner, "div", self._on_division, ("input", "other"))
            for name in ("inverse", "triangular_solve", "solve",
                         "solve_triangular", "inv"):
                self._wrap(torch.linalg if owner is torch and not hasattr(
                    torch, name) else owner, name, self._on_solve)
        for name, see in (("__matmul__", self._on_product),
                          ("__truediv__", self._on_division)):
            self._wrap(torch.Tensor, name, see, ("input", "other"))
        self._wrap(torch, "einsum", self._on_einsum)
        self._wrap(F, "softmax", self._on_softmax)
        self._wrap(F, "_scaled_dot_product_attention", self._on_sdpa_113, (
            "query", "key", "value", "attn_mask", "dropout_p", "weights",
            "is_causal"))
        for module in self.names:       # no kernel that does all at once
            if isinstance(module, torch.nn.TransformerEncoderLayer):
                self._set(module, "activation_relu_or_gelu", 0)
            elif isinstance(module, torch.nn.MultiheadAttention) \
                    and not module.training:    # when it drops nothing
                self._set(module, "dropout", module.dropout or 1e-9)

    def _watch_entry(self, module, enter):
        try:
            self._hook(module.register_forward_pre_hook(
                enter, with_kwargs=True))
        except TypeError:               # before torch 2
            self._hook(module.register_forward_pre_hook(enter))

    def _hook(self, handle):
        self.undo.append(handle.remove)

    @staticmethod
    def _scopes(modules):
        """The python modules that the classes of layers were written in."""
        found = {}
        for module in modules:
            for kind in type(module).__mro__:
                name = kind.__module__
                if name.split(".")[0] not in ("torch", "builtins") \
                        and name in sys.modules:
                    found[name] = sys.modules[name]
        return list(found.values())

    def _wrap_scope(self, scope):
        for key, value in list(vars(scope).items()):
            match = OPERATIONS.match(key)
            if match and callable(value):
                self._wrap(scope, key, functools.partial(
                    self._on_operation, match[1]))
            elif key == "eager_attention_forward":
                self._wrap(scope, key, self._on_attention)
            elif key == "scaled_dot_product_attention":
                self._wrap(scope, key, self._on_sdpa, SDPA)
            elif key == "ALL_ATTENTION_FUNCTIONS":
                self._set(scope, key, _Interfaces(value, self))

    def _set(self, owner, name, value):
        had, old = name in vars(owner), getattr(owner, name)

        def restore():
            if had:
                setattr(owner, name, old)
            else:
                delattr(owner, name)

        self.undo.append(restore)
        setattr(owner, name, value)

    def _wrap(self, owner, name, see, names=()):
        function = getattr(owner, name, None)
        if function is not None:
            self._set(owner, name,
                      self._watched(function, see, names))

    def _watched(self, function, see, names=()):
        """The function, whose calls are seen; not those inside of it."""
        @functools.wraps(function)
        def watched(*arguments, **keywords):
            if self.busy:
                return function(*arguments, **keywords)
            self.busy = True
            try:
                result = function(*arguments, **keywords)
            finally:
                self.busy = False
            given = _arguments(function, arguments, keywords, names)
            self.busy = True            # what is done here is not seen
            try:
                with torch.no_grad():
                    see(given, result)
            finally:
                self.busy = False
            return result
        return watched

    def _watch_cuts(self):
        old = torch.Tensor.__getitem__

        @functools.wraps(old)
        def cut(tensor, index):
            result = old(tensor, index)
            if self.uncut and not self.busy:
                with torch.no_grad():
                    self._attempt("", self._on_cut, tensor, result)
            return result

        self._set(torch.Tensor, "__getitem__", cut)
        for owner in (torch, torch.Tensor):
            self._wrap(owner, "narrow", lambda given, result:
                       self._on_cut("", given["input"], result), ("input",))

    def _restore(self):
        while self.undo:
            self.undo.pop()()

    def _enter_module(self, name, module, inputs, keywords=None):
        if module is self.model:
            self.passes += 1
            self.stack = []
            if self.passes > 1:
                raise RuntimeError(
                    "esscope_dump: a second forward pass in one record(); "
                    "each pass is a dump of its own")
            self._measure(inputs, keywords or {})
        self._keep_call(name, inputs, keywords or {})
        if name not in self.plain:
            self.stack.append(name)
        for value in (*inputs, *(keywords or {}).values()):
            if isinstance(value, torch.Tensor) and value.dim() == 3:
                self.shapes[name] = value.shape
                break

    def _measure(self, inputs, keywords):
        """How long the model's input may be: (B, L), (B, L, D), (B, D, L) or
        (L, B, D)."""
        given = [x for x in (*inputs, *keywords.values())
                 if isinstance(x, torch.Tensor) and x.dim() in (2, 3)]
        if given:
            self._measure_batch(given[0])
        given = [x.shape for x in given]
        self.lengths = [x.shape[-1] for x in self.texts.values()][:1] or [
            size for shape in given[:1]
            for size in (*shape[1:], shape[0]) if size > 1]

    def _measure_batch(self, x):
        """How many sequences there are."""
        if x.dim() == 2 and x.is_floating_point():
            return                      # (L, D)
        self.given, count = x.shape, len(x)
        if self.told == count != x.shape[1]:    # positions first
            count = x.shape[1]
        if self.batch is not None and not -count <= self.batch < count:
            raise ValueError(
                f"esscope_dump: batch={self.batch}, but the model is given "
                + (f"{count} sequences" if count > 1 else "one sequence"))

    def _keep_call(self, name, inputs, keywords):
        first, x = next(iter((*enumerate(inputs[:1]), *keywords.items())),
                        (0, None))
        if not isinstance(x, torch.Tensor) or x.dim() != 3 \
                or not x.is_floating_point():
            return
        for length in self.lengths:
            if (name, length) in self.calls or length not in x.shape:
                continue
            keep, axis = min(TRIED, length), _axis_of(x, length)
            with torch.no_grad():
                entry = self._entries(len(x))[0] % len(x)
                part = (x[entry][None] if axis else x).narrow(
                    axis, 0, keep).clone()
                taken = [_cut(y, length, keep, entry) for y in inputs], {
                    key: _cut(y, length, keep, entry)
                    for key, y in keywords.items()
                    if "cache" not in key and "past" not in key}
                taken[bool(first)][first] = part
                alone = not any(_along_positions(y, length) for y in (
                    *inputs[not first:], *(y for key, y in keywords.items()
                                           if key != first)))
                self.calls[name, length] = (
                    *taken, axis, first, length if alone else None)

    def _leave_module(self, name, module, inputs, output):
        if name in self.plain:
            return
        while self.stack and self.stack.pop() != name:
            pass
        trail = self.trails.pop(name, None)
        if trail and trail.matrices:
            with torch.no_grad():
                self._attempt(name, self._put_matrix, trail)

    def _has(self, name):
        return any(layer == name or layer.startswith(name + ".")
                   for layer in self.layers)

    def _here(self):
        return self.stack[-1] if self.stack else type(self.model).__name__

    def _note_missed(self):
        for layer in self.uncut:
            self.notes.append(
                f"{layer} is left out: it is padded at both ends, and where "
                "it is cut was not seen")
        if not self.passes:
            return
        with torch.no_grad():
            missed = self._find_missed()
            turned = self._find_turned(missed)
        for name, layers in turned.items():
            self.notes.append(
                f"{name} ({type(self._module(name)).__name__}) sees later "
                "positions, as what reverses its input does: "
                f"{', '.join(layers[:3])}"
                + (f" and {len(layers) - 3} more" if len(layers) > 3 else "")
                + " in it may run from back to front, so positions and tokens "
                "may not be the model's")
        kinds = {}
        for name, (module, reach, ahead) in missed.items():
            kinds.setdefault((type(module).__name__, reach, ahead),
                             []).append(name)
        tried = {}
        for name, (module, reason) in self.untried.items():
            tried.setdefault((type(module).__name__, reason), []).append(name)
        for (kind, reason), names in tried.items():
            more = f" and {len(names) - 3} more" if len(names) > 3 else ""
            self.notes.append(
                f"{', '.join(names[:3])}{more} ({kind}): not recognised, and "
                f"could not be tried: {reason}; if it mixes positions use "
                "add(), its recipes are in the docstring of esscope_dump")
        for (kind, reach, ahead), names in kinds.items():
            more = f" and {len(names) - 3} more" if len(names) > 3 else ""
            far = f" ({reach} back)" if reach and reach < TRIED // 4 else ""
            if isinstance(missed[names[0]][0], torch.jit.ScriptModule):
                kind += ", scripted, which nothing looks into"
            self.notes.append(
                f"{', '.join(names[:3])}{more} ({kind}): not recognised, "
                + ("but it sees later positions too, so it has no Effective "
                   "State-Size" if ahead else f"but mixes positions{far}; "
                   "is the model in eval()? Else use add(), its recipes are "
                   "in the docstring of esscope_dump"))

    def _module(self, name):
        return next(m for m, own in self.names.items() if own == name)

    def _inside(self, module, layers):
        """Those of the layers that are in it."""
        own = {self.names[m] for m in module.modules() if m in self.names}
        return [layer for layer in layers if layer.split(":")[0] in own
                or layer.startswith(self.names[module] + ".")
                or module is self.model]

    def _find_turned(self, missed):
        """The smallest modules that see later positions although all that is
        known in them does not: name to the layers recorded in it."""
        said = [name for name, (*_, ahead) in missed.items() if ahead]
        said += [note.split(" is left out")[0] for note in self.notes
                 if " is left out" in note]
        clean, turned = set(), {}
        for module, name in self.names.items():   # what is around comes first
            layers = self._inside(module, self.layers)
            length = next((x for x in self.lengths if x in map(
                self.sizes.get, layers) and (name, x) in self.calls), None)
            if name in clean or length is None \
                    or self._inside(module, said) or any(
                        "mask" in self.layers[layer]["axes"]
                        for layer in layers):   # what sees nothing sees all
                continue
            trial = _Trial(module, *self.calls[name, length])
            found = trial.reach()
            if found is not None and trial.turned:
                turned[name] = layers
            elif found is not None:
                clean |= {self.names[m] for m in module.modules()
                          if m in self.names}
        return {name: layers for name, layers in turned.items() if not any(
            other != name and other in turned for other in (
                self.names.get(m) for m in self._module(name).modules()))}

    def _find_missed(self):
        """Modules that mix positions further than what was recorded, or
        said, inside of them: name to (module, how far, whether ahead)."""
        far, missed = TRIED * 1000, {}
        said = {self.length, *(x.get("length") for x in
                               self.layers.values())}
        length = next((x for x in self.lengths if x in said),
                      next(iter(self.lengths), None))
        known = dict.fromkeys(self.layers, far)
        for name, said in self.layers.items():
            if said["kind"] == "toeplitz" and name in self.reaches:
                known[name] = self.reaches[name]
        for note in self.notes:
            known[note.split(" is left out")[0]] = far
        for module, name in reversed(list(self.names.items())):
            if not self._wants(name):
                continue
            own = {self.names[m] for m in module.modules()
                   if m in self.names}  # by what they are: some are shared
            inside = self._inside(module, known)
            reach = sum(known[layer] for layer in inside)
            if reach >= far or (name, length) not in self.calls:
                if (name, length) not in self.calls and not inside \
                        and _has("q_proj", "k_proj")(module):
                    known[name], missed[name] = far, (module, None, False)
                continue
            trial = _Trial(module, *self.calls[name, length])
            found = trial.reach()
            if found is None and trial.failed:
                if not own & set(self.untried):
                    self.untried[name] = module, trial.failed
                continue
            for part in own & set(self.untried) if found else ():
                del self.untried[part]
            if found is None or found[0] <= reach and not (
                    found[1] and not inside):
                continue
            for layer in inside:        # it does more than they
                missed.pop(layer, None)
            known[name], missed[name] = (
                far if found[0] == trial.length() - 1
                or found[1] else found[0]), (module, *found)
        return dict(reversed(missed.items()))

    # ---- softmax attention ----

    def _on_attention(self, given, result):
        """fn(module, query (B,H,L,d), key, value, mask, scaling=...)."""
        module = given["module"]
        layer = self.names.get(module) or self._here()
        output = result[0] if isinstance(result, tuple) else result
        self._attempt(layer, self._put_attention, given,
                      given.get("attention_mask"),
                      getattr(module, "is_causal", True),
                      _first(given, "scaling", "scale"),
                      output.transpose(1, 2))   # (B, L, H, d) is returned

    def _on_sdpa(self, given, result):
        mask = given.get("attn_mask")
        self._attempt(self._here(), self._put_attention, given, mask,
                      bool(given.get("is_causal")), given.get("scale"),
                      result)

    def _put_attention(self, layer, given, mask, causal, scale, output):
        q, k, v = given["query"], given["key"], given["value"]
        length = q.shape[-2]
        if k.shape[-2] != length:
            raise Skip(f"{length} queries see {k.shape[-2]} keys: a cache, "
                       "or cross attention")
        if mask is None and not causal:
            raise Skip("it sees later positions too; only causal operators "
                       "have an Effective State-Size")
        if given.get("position_bias") is not None:
            raise Skip("it has a position bias; use add(kind=\"dense\")")
        entries = self._entries(len(q))
        window, padding = given.get("sliding_window"), None
        softcap, sink = given.get("softcap"), given.get("s_aux")
        scale = float(q.shape[-1] ** -0.5 if scale is None else scale)
        if mask is not None:
            heads = mask if mask.dim() == 4 else mask[None, None] \
                if mask.dim() == 2 else mask[:, None]
            masks = [heads[min(entry, len(heads) - 1), :, :, :length]
                     for entry in entries[:len(heads)]]
            same = all(torch.equal(mask[0], head)
                       for mask in masks for head in mask[1:])
            read = _read_masks([mask[0] for mask in masks], length) \
                if same else None
            if read is None:
                self._put_masked(layer, q[entries], k[entries], masks, scale,
                                 softcap, sink, v.shape[-1])
                return
            window, padding = read
        if window is not None and window >= length:
            window = None
        factors = {"q": (q, "BHLN"), "k": (k, "BGLN")}
        if sink is not None:
            factors["sink"] = (sink.reshape(-1), "H")
        if padding is not None:
            factors["mask"] = _mask_factor(padding)
        meta = {"scale": scale, "window": window, "softcap": softcap,
                "width": v.shape[-1]}
        every = torch.arange(0, length, -(-length // CHECKED_ROWS),
                             device=q.device)
        group = q.shape[1] // k.shape[1]
        for at, entry in enumerate(entries):
            real = padding if padding is None or padding.dim() == 1 \
                else padding[at]
            rows = every if real is None else every[real[every]]
            seen = _seen_from(rows, length, window, real)
            for head in range(q.shape[1]):
                T = _softmax(q[entry, head, rows], k[entry, head // group],
                             scale, seen, softcap, None if sink is None
                             else sink.reshape(-1)[head])
                self._check(meta, output[entry, head, rows, 0], T @ v[
                    entry, head * v.shape[1] // q.shape[1], :, 0].double(),
                    q.dtype)
        self._put(layer, "softmax", factors, **meta)

    def _entries(self, count):
        """The sequences of a batch that are kept."""
        return list(range(count)) if self.batch is None \
            else [min(self.batch, count - 1)]

    def _put_masked(self, layer, q, k, masks, scale, softcap, sink, width):
        """A mask that is no band, of each sequence or of all: slopes, a
        forget gate, or T itself."""
        (count, heads, length), group = q.shape[:3], q.shape[1] // k.shape[1]
        T = q.new_zeros(count, heads, length, length, dtype=torch.float64
                        if q.dtype == torch.float64 else torch.float32)
        adds = any(x.dtype != torch.bool and bool(
            x.masked_fill(x <= HIDDEN, 0.0).any()) for x in masks)
        logits = torch.zeros_like(T) if adds and not self.dense else None
        for at in range(count * heads):
            entry, head = divmod(at, heads)
            mask = masks[min(entry, len(masks) - 1)]
            bias = mask[min(head, len(mask) - 1)]
            seen = bias if bias.dtype == torch.bool else bias > HIDDEN
            if bool(seen.triu(1).any()):
                raise Skip("its mask lets positions see later ones")
            more = None
            if bias.dtype != torch.bool:
                more = bias.double().masked_fill(~seen, 0.0)
            one, two = q[entry, head], k[entry, head // group]
            T[entry, head] = _softmax(
                one, two, scale, seen, softcap, None if sink is None
                else sink.reshape(-1)[head], more)
            if logits is not None:
                logits[entry, head] = (
                    scale * one.double() @ two.double().T
                    + (0.0 if more is None else more)).masked_fill(
                        ~seen, -torch.inf)
        if not adds or self.dense:
            self._put(layer, "dense", {"T": (T, "BHLL")}, width=width)
        elif softcap or sink is not None or not self._put_fit(
                layer, q, k, T, logits, None, width):
            raise Skip(
                "its mask adds to the logits what is no slope and no forget "
                f"gate: dense=True keeps its {heads} matrices of "
                f"{length} x {length}, or use add()")

    # ---- attention that is written out: what is multiplied ----

    def _trail(self):
        return self.trails.setdefault(self._here(), _Trail())

    def _on_product(self, given, result):
        a, b = (_first(given, *names) for names in (
            ("input", "batch1"), ("other", "mat2", "tensor2", "batch2")))
        if isinstance(b, torch.Tensor) and min(a.dim(), b.dim()) > 1:
            self._see_product(a, b.transpose(-1, -2), result, b.shape[-1])
            self._see_matrix(a, b.shape[-1], result)

    def _on_einsum(self, given, result):
        equation, *operands = given.get("args") or (None,)
        if len(operands) == 1 and isinstance(operands[0], (list, tuple)):
            operands = operands[0]
        if len(operands) != 2 or not isinstance(equation, str) \
                or "->" not in equation:
            return
        inner, out = equation.replace(" ", "").split("->")
        names = [_letters(text, x) for text, x in zip(inner.split(","),
                                                      operands)]
        out = _letters(out, result)
        summed = [c for c in names[0] if c in names[1] and c not in out]
        if len(summed) != 1:
            return
        c = summed[0]
        for one, two in ((0, 1), (1, 0)):
            if len(out) > 1 and out[-2] in names[one] \
                    and out[-2] not in names[two] \
                    and out[-1] in names[two] \
                    and out[-1] not in names[one]:
                self._see_product(*(_arranged(
                    operands[x], names[x], out[:-2] + letter + c)
                    for x, letter in ((one, out[-2]), (two, out[-1]))),
                    result)
        for one, two in ((0, 1), (1, 0)):
            own = [i for i in names[one] if i in out and i not in names[two]]
            if len(own) == 1:
                order = [i for i in names[one] if i not in (own[0], c)]
                width = 1
                for i, size in zip(names[two], operands[two].shape):
                    width *= size if i not in names[one] else 1
                self._see_matrix(_arranged(
                    operands[one], names[one], order + own + [c]), width,
                    result)

    def _see_product(self, q, k, result, *_):
        if self.stack and result.dim() > 1 \
                and result.shape[-1] == result.shape[-2] > 1:
            products = self._trail().products
            products.append((q, k))
            del products[:-4]

    def _on_tanh(self, given, result):
        x = given["input"]
        if self.stack and x.dim() > 2 and x.shape[-1] == x.shape[-2]:
            self._trail().capped = x, result

    def _on_softmax(self, given, result):
        x, dim = given["input"], given.get("dim")
        if self.stack and isinstance(dim, int) and x.dim() > 1 \
                and dim in (-1, x.dim() - 1) \
                and x.shape[-1] - x.shape[-2] in (0, 1):
            trail = self._trail()
            trail.logits, trail.weights = x, result

    def _on_division(self, given, result):
        """A normaliser that divides T u, row by row."""
        trail = self.trails.get(self._here()) if self.stack else None
        x, z = given["input"], given["other"]
        if trail and trail.matrices and isinstance(z, torch.Tensor) \
                and trail.matrices[-1][3] is x and z.dim() == x.dim() \
                and z.shape[-1] == 1 and z.shape[-2] == x.shape[-2]:
            T = trail.matrices[-1][0]
            trail.matrices[-1][0] = T / self._by_head(z, T.shape[-1])

    def _on_solve(self, given, result):
        if self.stack:
            self._trail().solves = True

    def _see_matrix(self, A, width, result=None):
        """A is applied to something; is it a layer's T?"""
        trail = self.trails.get(self._here())
        if trail and A.shape[-1] == A.shape[-2] > 1 and any(
                q.shape[-2] == A.shape[-1] for q, _ in trail.products):
            self._attempt(self._here(), self._look_at, A, width, trail,
                          result)

    def _batch_of(self, length):
        """How many sequences the module in progress works on."""
        for name in reversed(self.stack):
            shape = self.shapes.get(name)
            if shape and length in shape:
                return shape[1] if shape[1] != length == shape[0] \
                    else shape[0]
        return None

    def _by_head(self, x, length):
        """(..., L, N) as (batch, head, L, N)."""
        if x.dim() == 4:
            return x
        if x.dim() == 5:
            return x.flatten(1, 2)
        if x.dim() == 2:
            return x[None, None]
        batch = self._batch_of(length)
        if x.dim() != 3 or not batch or len(x) % batch:
            raise Skip("which of its axes are batch and heads is not known; "
                       "use add()")
        return x.reshape(batch, -1, *x.shape[1:])

    def _look_at(self, layer, A, width, trail, result):
        length, logits = A.shape[-1], trail.logits
        if logits is not None and logits.shape[-2] != length:
            logits = None
        if logits is not None and logits.shape[:-1] == A.shape[:-1]:
            blind = (logits <= HIDDEN)[..., :length].all(-1, keepdim=True)
            if bool(blind.any()):       # padding, which sees what it may
                A = A.masked_fill(blind, 0.0)
        if bool((A.triu(1) != 0).any()):
            if logits is not None and A.shape == trail.weights.shape \
                    and torch.allclose(A.float(), trail.weights.float(),
                                       atol=1e-2):
                raise Skip("it sees later positions too; only causal "
                           "operators have an Effective State-Size")
            return
        A = self._by_head(A, length)
        pairs = []
        for q, k in reversed(trail.products):
            if k.dim() == 5 and k.shape[2] == 1:
                k = k[:, :, 0]
            q, k = (self._by_head(x, length) for x in (q, k))
            if q.shape[:3] == A.shape[:3] and k.shape[2] == length \
                    and len(k) == len(q) and q.shape[1] % k.shape[1] == 0:
                pairs.append((q, k))
        for q, k in pairs if logits is not None else ():
            S, *capped = (self._by_head(x, length) for x in (
                logits, *(trail.capped or ())))
            if self._put_fit(layer, q, k, A, S, capped or None, width):
                return
        trail.matrices.append([A, width, pairs, result])

    def _put_fit(self, layer, q, k, A, logits, capped, width):
        """Attention whose weights A are the softmax of q and k; is it?"""
        length, entries = A.shape[-1], self._entries(len(A))
        if A.shape[:3] != logits.shape[:3] \
                or capped and capped[0].shape[:3] != A.shape[:3]:
            return False
        # A is causal: what hid the rest may have been less than HIDDEN
        seen = (logits[entries, :, :, :length] > HIDDEN).tril()
        if not bool((seen == seen[:, :1]).all()):
            return False
        seen = seen[:, 0]
        read = _read_masks(seen, length)
        if read is None or read[1] is not None and logits.shape[-1] > length:
            return False
        found = [_Fit(q[entry], k[entry], A[entry], logits[entry], seen[at],
                      capped and [x[entry] for x in capped]).solve()
                 for at, entry in enumerate(entries)]
        if None in found or any(set(x[2]) != set(found[0][2]) or not all(
                torch.allclose(x[2][name], found[0][2][name], rtol=1e-3,
                               atol=1e-5) for name in x[2] if name != "la")
                or abs(x[1].get("softcap", 0.0)
                       - found[0][1].get("softcap", 0.0))
                > 1e-3 * found[0][1].get("softcap", 0.0)
                or not torch.allclose(x[0], found[0][0], rtol=1e-3)
                for x in found[1:]):
            return False
        scale, meta, factors, _ = found[0]
        if bool((scale != scale[0]).any()):
            q, scale = q * scale[:, None, None].to(q.dtype), scale / scale
        kind = torch.float64 if A.dtype == torch.float64 else torch.float32
        extra = {name: (value.to(kind), "H")
                 for name, value in factors.items()}
        if "la" in factors:
            extra["la"] = (torch.stack([x[2]["la"] for x in found]).to(kind),
                           "BHL")
        if read[1] is not None:
            extra["mask"] = _mask_factor(read[1])
        window = read[0] if read[0] and read[0] < length else None
        error = max(x[3] for x in found)
        self._put(layer, "softmax", {
            "q": (q[entries], "BHLN"), "k": (k[entries], "BGLN"), **extra},
            scale=float(scale[0]), window=window, width=width,
            checked=float(f"{error:.2e}"), **meta)
        return True

    def _put_matrix(self, layer, trail):
        if len(trail.matrices) > 1 or trail.solves:
            raise Skip(
                "it solves with a matrix and applies another, as the delta "
                "rule; use add()" if trail.solves
                else f"{len(trail.matrices)} matrices are applied in it, none "
                "of which is a softmax of q and k; use add()")
        (T, width, pairs, _), = trail.matrices
        for q, k in pairs:
            if self._put_decay(layer, q, k, T, width):
                return
        if not self.dense:
            alike = "" if self.batch is not None or len(T) == 1 else \
                ", one form for all sequences (batch=0, 1, ... takes one)"
            raise Skip("what is applied is neither a softmax of q and k nor "
                       f"one of decays{alike}: dense=True keeps it, {T.shape[1]} "
                       f"matrices of {T.shape[2]} x {T.shape[2]}, or use "
                       "add()")
        self._put(layer, "dense", {"T": (T, "BHLL")}, width=width)

    def _put_decay(self, layer, q, k, T, width):
        """Linear attention, or one with a decay of each head."""
        entries, worst = self._entries(len(T)), 0.0
        q, k, T = q[entries], k[entries], T[entries]
        heads, group = q.shape[1], q.shape[1] // k.shape[1]
        wide = torch.float64 if T.dtype == torch.float64 else torch.float32
        rows, decays = [], []
        for at in range(len(T) * heads):
            entry, head = divmod(at, heads)
            found = _decaying(q[entry, head], k[entry, head // group],
                              T[entry, head])
            if found is None:
                return False
            rows.append(found[0])
            decays.append(found[1])
            worst = max(worst, found[2])
        r, la = (torch.stack(x).unflatten(0, (len(T), heads))
                 for x in (rows, decays))
        scale, factors = float(r.mean()), {}
        if bool((abs(r / scale - 1) < 1e-5).all()):
            scale = _near(scale, q.shape[-1], True)
        else:                           # rows are scaled, so q may be
            q, scale = (q.double() * r[..., None]).to(wide), 1.0
        if bool((la < -1e-6).any()):
            factors["la"] = (la.to(wide), "BHL")
        self._put(layer, "decay", {"q": (q, "BHLN"), "k": (k, "BGLN"),
                                   **factors}, scale=scale, width=width,
                  checked=float(f"{worst:.2e}"))
        return True

    def _on_sdpa_113(self, given, result):
        """torch 1.13's own, heads in the batch."""
        def lift(x, length):
            return x if x is None or x.dim() == 4 else \
                self._by_head(x, length)

        length, mask = given["query"].shape[-2], given.get("attn_mask")
        if mask is not None and mask.dim() == 3 and len(mask) == 1:
            mask = mask[0]
        given = {**given, **{name: lift(given[name], length)
                             for name in ("query", "key", "value")}}
        if mask is not None and mask.dim() == 3:
            mask = lift(mask.expand(-1, length, -1), length)
        self._attempt(self._here(), self._put_attention, given, mask,
                      bool(given.get("is_causal")), None,
                      lift(result[0], length))

    # ---- functions of fla ----

    def _on_operation(self, family, given, result):
        output = result[0] if isinstance(result, tuple) else result
        self._attempt(self._here(), self._put_operation, family, given,
                      output)

    def _put_operation(self, layer, family, given, output):
        packed = _first(given, "cu_seqlens", "offsets")
        if packed is not None and len(packed) > 2:
            raise Skip("several sequences are packed into one")
        if family == "hgrn":
            u, g = given["x"], given["g"]
            rows = [0, u.shape[2] // 2, u.shape[2] - 1]
            u, la, y = (self._lanes(x, (u.shape[2], rows), None)
                        [:, :CHECKED_STEPS] for x in (u, g, output))
            one, meta = torch.ones_like(la)[..., None], {}
            self._check(meta, y, _recur(one, one, u, la[..., None], 1.0),
                        output.dtype)
            a = torch.exp(g.double()).to(given["x"].dtype)
            self._put(layer, "scalar", {"a": (a, "BLD")}, **meta)
            return
        q = _first(given, "q", "query", "r")
        k, v = _first(given, "k", "key"), _first(given, "v", "value")
        first = bool(given.get("head_first"))
        order = "BHL" if first else "BLH"
        if first:
            v, output = v.transpose(1, 2), output.transpose(1, 2)
        kind, factors, meta = OPERATION[family](given, q, k, v.shape[2],
                                                order)
        heads = q.shape[order.index("H")]
        if v.shape[2] % heads:
            raise Skip(f"{v.shape[2]} heads of values for {heads} of q")
        factors = {"q": (q, order + "N"), "k": (k, order + "N"), **factors}
        if v.shape[2] != heads:         # a head of q serves several of v
            value, axes = factors["q"]
            factors["q"] = (value.repeat_interleave(
                v.shape[2] // heads, axes.index("H")), axes)
        scale = given.get("scale")
        if scale is None:
            scale = 1.0 if family.startswith("rwkv") else q.shape[-1] ** -0.5
        meta.update(scale=float(scale), width=v.shape[-1])
        self._check_recurrence(kind, factors, meta, v, output)
        self._put(layer, kind, factors, **meta)

    def _check_recurrence(self, kind, factors, meta, v, output):
        entry, heads = self.batch or 0, v.shape[2]

        def part(name):
            if name not in factors:
                return None
            value, axes = factors[name]
            if "B" in axes:
                value = value.movedim(axes.index("B"), 0)[
                    min(entry, value.shape[axes.index("B")] - 1)]
                axes = axes.replace("B", "")
            value = value.movedim(axes.index("H"), 0)
            value = value.repeat_interleave(heads // len(value), 0)
            if "L" not in axes:
                value = value[:, None].expand(-1, v.shape[1],
                                              *value.shape[1:])
            return value if "N" in axes or name == "beta" \
                else value[..., None]

        # what comes first does not depend on what follows
        u = v[entry, :CHECKED_STEPS, :, 0].T.double()
        found = _recur(part("q"), part("k"), u, part("la"),
                       meta["scale"], part("beta"), part("a"), part("b"),
                       meta.get("read", "post"),
                       meta.get("normalize", False), meta.get("eps", 1e-10))
        expected = output[entry, :u.shape[1], :, 0].T
        if meta.get("read") == "pre":   # the bonus u, on the diagonal
            on = (part("q") * part("k"))[:, :u.shape[1]].double() \
                * u[..., None] * meta["scale"]
            bonus = torch.linalg.pinv(on) @ (expected.double()
                                             - found)[..., None]
            found = found + (on @ bonus)[..., 0]
        self._check(meta, expected, found, v.dtype)

    # ---- mixers that are modules: what their parts took and gave ----

    def _watch_parts(self, name, module, put):
        """put(layer, module, its inputs, parts) when the mixer is done;
        parts: of each child, its calls as (first input, output)."""
        parts = {}

        def see(part, _, inputs, output):
            parts.setdefault(part, []).append(
                (inputs[0] if inputs else None, output))

        def done(_, inputs, output):
            try:
                parts[""] = [(output[0] if isinstance(output, tuple)
                              else output, None)]
                with torch.no_grad():
                    self._attempt(name, put, module, inputs, parts)
            finally:
                parts.clear()

        for part, child in module.named_children():
            self._hook(child.register_forward_hook(
                functools.partial(see, part)))
        self._hook(module.register_forward_hook(done))

    @staticmethod
    def _only(parts, part):
        calls = parts.get(part, ())
        if len(calls) > 1:
            raise Skip(f"its {part} runs {len(calls)} times in one pass")
        return calls[0] if calls else (None, None)

    @staticmethod
    def _given(parts, channels, *but):
        """What the mixer handed on: to its other parts, or out."""
        return [(call[0], channels) for part, calls in parts.items()
                if part not in but for call in calls
                if isinstance(call[0], torch.Tensor)]

    # ---- Mamba ----

    def _watch_mamba(self, name, module):
        if hasattr(module, "use_fast_path"):
            self._set(module, "use_fast_path", False)
        self._watch_parts(name, module, self._put_mamba)

    def _put_mamba(self, layer, module, inputs, parts):
        u, output = self._only(parts, "x_proj")
        if output is None:
            return
        state = module.A_log.shape[-1]
        rank = module.dt_proj.weight.shape[1]
        if output.dim() == 2:           # mamba_ssm: (batch length, ...)
            shape = self.shapes.get(layer) or \
                self.shapes.get(layer + ".conv1d")
            if shape is None:
                raise Skip("its batch and length are not known; give it its "
                           "input by position")
            u, output = (x.reshape(shape[0], -1, x.shape[-1])
                         for x in (u, output))
        low, B, C = output.split([rank, state, state], -1)
        low, B, C = _normalised(module, low, B, C)
        weight, bias = module.dt_proj.weight, module.dt_proj.bias
        A = -torch.exp(_wide(module.A_log))

        def rate(low, rows=slice(None)):
            return F.softplus(F.linear(
                _wide(low), _wide(weight[rows]),
                None if bias is None else _wide(bias[rows])))

        meta = {"dtype_source": str(output.dtype).split(".")[-1]}
        self._check_mamba(meta, module, inputs, parts, u, A, B, C,
                          functools.partial(rate, low))
        factors = {"A": (A, "DN"), "B": (B, "BLN"), "C": (C, "BLN")}
        if self.low_rank:
            factors.update(dt_low=(low, "BLX"), dt_w=(weight, "DX"))
            if bias is not None:
                factors["dt_bias"] = (bias, "D")
        else:
            if self.batch is not None:  # before it becomes large
                low = low[min(self.batch, low.shape[0] - 1)][None]
            factors["dt"] = (rate(low), "BLD")
        self._put(layer, "s6", factors, **meta)

    def _check_mamba(self, meta, module, inputs, parts, u, A, B, C, rate):
        """(T u + D u) silu(z), z the second half of in_proj."""
        width, entry = A.shape[0], min(self.batch or 0, len(B) - 1)
        rows = [0, width // 2, width - 1]
        dt = rate(rows)[entry, :CHECKED_STEPS].T
        given = u[entry, :CHECKED_STEPS][:, rows].T.double()
        B, C = (x[entry, None, :CHECKED_STEPS].expand(3, -1, -1)
                for x in (B, C))
        y = _recur(C, dt[..., None] * B, given, dt[..., None]
                   * A[rows, None], 1.0)
        if getattr(module, "D", None) is not None:
            y = y + module.D.double()[rows, None] * given
        z = self._gate_of(module, inputs, parts, width, rows)
        if z is not None:
            z = z[:, :y.shape[1]]
            self._compare(meta, [y, y * F.silu(z)], self._given(
                parts, (width, rows), "x_proj", "in_proj", "conv1d", ""))

    def _gate_of(self, module, inputs, parts, width, rows):
        z, project = self._only(parts, "in_proj")[1], module.in_proj
        rows = [row + width for row in rows]
        if z is None and inputs and inputs[0].dim() == 3 \
                and len(project.weight) == 2 * width:
            x = inputs[0][min(self.batch or 0, len(inputs[0]) - 1)]
            return F.linear(x, project.weight[rows], None if project.bias
                            is None else project.bias[rows]).T.double()
        return None if z is None else self._lanes(z, (2 * width, rows), None) \
            if z.shape[-1] == 2 * width else None

    # ---- Mamba-2 ----

    def _watch_mamba2(self, name, module):
        self._watch_parts(name, module, self._put_mamba2)

    def _put_mamba2(self, layer, module, inputs, parts):
        output = self._only(parts, "in_proj")[1]
        if output is None:
            return
        heads = module.A_log.shape[0]
        channels = module.conv1d.weight.shape[0]
        groups = getattr(module, "n_groups", None) or \
            getattr(module, "ngroups", 1)
        inner = module.out_proj.weight.shape[1]
        state = (channels - inner) // (2 * groups)
        rest = (output.shape[-1] - inner - channels - heads) // 2
        z = output[..., 2 * rest:2 * rest + inner]
        mixed, dt = output[..., 2 * rest + inner:].split(
            [channels, heads], -1)
        length = output.shape[1]
        mixed = F.conv1d(mixed.transpose(1, 2), module.conv1d.weight,
                         module.conv1d.bias, groups=channels,
                         padding=module.conv1d.weight.shape[-1] - 1)
        mixed = F.silu(mixed[..., :length]).transpose(1, 2)
        B, C = (part.reshape(*part.shape[:2], groups, state) for part in
                mixed[..., inner:].split([groups * state] * 2, -1))
        dt = F.softplus(_wide(dt) + _wide(module.dt_bias))
        low, high = getattr(module, "time_step_limit", None) or \
            getattr(module, "dt_limit", None) or (0.0, float("inf"))
        dt = dt.clamp(low, high)
        A = -torch.exp(module.A_log.to(dt.dtype))
        meta = {"width": inner // heads,
                "dtype_source": str(output.dtype).split(".")[-1]}
        self._check_mamba2(meta, module, parts, (mixed[..., :inner], z),
                           (dt, A, B, C))
        if self.low_rank:
            self._put(layer, "s6", {
                "dt": (dt, "BLD"), "A": (A, "D"), "B": (B, "BLGN"),
                "C": (C, "BLGN")}, **meta)
            return
        if self.batch is not None:      # before heads multiply it
            B, C, dt = (value[min(self.batch, len(value) - 1)][None]
                        for value in (B, C, dt))
        k = dt[..., None] * B.to(dt.dtype).repeat_interleave(
            heads // groups, 2)
        self._put(layer, "decay", {
            "q": (C.repeat_interleave(heads // groups, 2), "BLHN"),
            "k": (k, "BLHN"), "la": (dt * A, "BLH")}, scale=1.0, **meta)

    def _check_mamba2(self, meta, module, parts, values, factors):
        """T u + D u, with the gate z or before it, of the first channel of
        each head."""
        width, inner = meta["width"], values[0].shape[-1]
        rows = list(range(0, inner, width))
        u, z = (self._lanes(x, (inner, rows), None)[:, :CHECKED_STEPS]
                for x in values)
        dt, A, B, C = factors
        entry = min(self.batch or 0, len(dt) - 1)
        dt = dt[entry, :CHECKED_STEPS].T
        B, C = (x[entry, :CHECKED_STEPS].transpose(0, 1).repeat_interleave(
            len(rows) // x.shape[2], 0) for x in (B, C))
        y = _recur(C, dt[..., None] * B, u, (dt * A[:, None])[..., None], 1.0)
        if getattr(module, "D", None) is not None:
            D = module.D.double().reshape(len(rows), -1)[:, :1]
            y = y + D * u
        self._compare(meta, [y, y * F.silu(z)], self._given(
            parts, (inner, rows), "in_proj", "conv1d", "act", ""))

    # ---- kernels and convolutions ----

    def _watch_kernel(self, name, module):
        self._watch_parts(name, module, self._put_kernel)

    @staticmethod
    def _kernel(parts, name):
        h = parts.get(name, [(None, None)])[-1][1]
        h = h[0] if isinstance(h, tuple) else h
        if not isinstance(h, torch.Tensor) or h.dim() not in (2, 3):
            return None
        return h.reshape(-1, h.shape[-1])

    def _put_kernel(self, layer, module, inputs, parts):
        h = self._kernel(parts, "kernel")
        if h is None:
            return
        if getattr(module, "bidirectional", False):
            raise Skip("it is bidirectional; only causal operators have an "
                       "Effective State-Size")
        if hasattr(module, "ssm_k_kernel"):
            self._put_h3(layer, module, inputs, parts, h)
            return
        meta, skip = {"length": h.shape[-1]}, getattr(module, "D", None)
        if inputs and inputs[0].dim() == 3:
            rows = [0, len(h) // 2, len(h) - 1]
            u = self._lanes(inputs[0], (len(h), rows), h.shape[-1])
            if u is not None:
                forms = [_convolve(h[rows], u)]
                if isinstance(skip, torch.Tensor) and skip.numel() == len(h):
                    forms.insert(0, forms[0] + skip.double().reshape(
                        -1)[rows, None] * u)
                self._compare(meta, [f(y) for y in forms for f in (
                    lambda y: y, F.gelu, F.silu, F.relu)], self._given(
                        parts, (len(h), rows), "kernel"))
        if skip is None and "checked" not in meta:
            raise Skip("it has a kernel and no D, and what it makes of it "
                       "was not seen")
        self._put(layer, "toeplitz", {"h": (h, "DK")}, **meta)

    def _put_h3(self, layer, module, inputs, parts, h):
        """H3: of each head sum_r q_r Toep(h) k_r, k after its own
        convolution."""
        shift = self._kernel(parts, "ssm_k_kernel")
        if shift is None or not inputs or inputs[0].dim() != 3:
            raise Skip("its input was not seen; give it by position")
        x, heads, length = inputs[0], len(h), h.shape[-1]
        q, k, v = (F.linear(x, project.weight, project.bias).transpose(1, 2)
                   for project in (module.q_proj, module.k_proj,
                                   module.v_proj))
        k = (_convolve(shift, k) + module.ssm_k_D.double()[:, None]
             * k).to(k.dtype)
        q, k, v = (y.reshape(len(y), heads, -1, length) for y in (q, k, v))
        entry = min(self.batch or 0, len(x) - 1)
        gq, gk, u = q[entry], k[entry], v[entry, :, :1].double()
        y = (gq * (_convolve(h[:, None], gk * u) + gk * u
                   * module.D.double()[:, None, None])).sum(1)
        meta, wide = {"width": v.shape[2]}, q.shape[1] * q.shape[2]
        self._compare(meta, [y], self._given(
            parts, (wide, list(range(0, wide, v.shape[2]))), "kernel",
            "ssm_k_kernel"))
        axes = "BDRL"
        if v.shape[2] == 1:
            q, k, axes = q[:, :, 0], k[:, :, 0], "BDL"
        self._put(layer, "toeplitz", {"h": (h, "DK"), "gq": (q, axes),
                                      "gk": (k, axes)}, **meta)

    def _watch_hyena(self, name, module):
        self._watch_parts(name, module, self._put_hyena)

    def _put_hyena(self, layer, module, inputs, parts):
        given, mixed = self._only(parts, "short_filter")
        if mixed is None:
            return
        length = given.shape[-1]
        if getattr(module, "order", 2) != 2:
            raise Skip("its order is above 2: no single convolution; "
                       "its T by add(kind=\"dense\")")
        if getattr(module, "num_heads", 1) != 1 \
                or getattr(module, "num_blocks", 1) != 1:
            raise Skip("it has several heads or blocks; use add()")
        conv = getattr(module, "filter_fn", None)
        rows = conv is not None         # safari, zoology: (1, L, D)
        conv = conv if rows else module.long_conv
        h = conv.filter(length)
        h = h[0] if isinstance(h, tuple) else h
        h = h.reshape(h.shape[-2:])
        h = h.transpose(0, 1) if rows else h
        first, second, u = mixed[..., :length].chunk(3, 1)
        if hasattr(module, "NUM_PROJECTIONS"):  # zoology gates otherwise
            first, second = second, first
        meta = {}
        self._check_gated(meta, (first, second, u), h,
                          getattr(conv, "bias", None), parts,
                          "short_filter", "in_proj", "")
        self._put(layer, "toeplitz", {
            "h": (h, "DK"), "gq": (first, "BDL"), "gk": (second, "BDL")},
            **meta)

    def _check_gated(self, meta, lanes, h, bias, parts, *but):
        """gq (h * (gk u)), with a skip of gk u or a bias."""
        rows = [0, len(h) // 2, len(h) - 1]
        gq, gk, u = (x[min(self.batch or 0, len(x) - 1), rows].double()
                     for x in lanes)
        y = _convolve(h[rows], gk * u)
        forms = [gq * y]
        if isinstance(bias, torch.Tensor) and bias.numel() == len(h):
            bias = bias.reshape(-1).double()[rows, None]
            forms += [gq * (y + bias * gk * u), gq * (y + bias)]
        self._compare(meta, forms, self._given(parts, (len(h), rows), *but))

    def _watch_short(self, name, module):
        self._watch_parts(name, module, self._put_short)

    def _put_short(self, layer, module, inputs, parts):
        output = self._only(parts, "in_proj")[1]
        if output is None:
            return
        gk, gq, u = (x.transpose(1, 2) for x in output.chunk(3, -1))
        h, meta = module.conv.weight[:, 0].flip(-1), {}
        self._check_gated(meta, (gq, gk, u), h, module.conv.bias, parts,
                          "in_proj", "conv", "")
        self._put(layer, "toeplitz", {"h": (h, "DK"), "gq": (gq, "BDL"),
                                      "gk": (gk, "BDL")}, **meta)

    def _watch_depthwise(self, name, module):
        if module is not self.model and any(
                _part_of_mixer(parent) for parent in self._parents(name)):
            return

        def see(_, inputs, output):
            with torch.no_grad():
                self._attempt(name, self._put_depthwise, module, inputs[0],
                              output[0] if isinstance(output, tuple)
                              else output)

        self._hook(module.register_forward_hook(see))

    def _put_depthwise(self, layer, module, given, output):
        """(B, D, L), or in subclasses that turn it themselves (B, L, D)."""
        total = module.in_channels
        if given.dim() != 3 or output.dim() != 3:
            raise Skip(f"its input has {given.dim()} axes")
        h, meta = module.weight[:, 0].flip(-1), {}
        self.reaches[layer] = h.shape[1] - 1
        rows, ahead = [0, total // 2, total - 1], module.kernel_size[0] - 1
        own = type(module).forward is torch.nn.Conv1d.forward
        if not own and given.shape[2] == total and (
                given.shape[1] != total or isinstance(output, tuple)):
            given, output = (x.transpose(1, 2) for x in (given, output))
        length = given.shape[-1]
        entry = min(self.batch or 0, len(given) - 1)
        if own and module.padding in (0, (0,)):
            if bool(given[..., :ahead].any()):
                raise Skip("its input does not begin with the zeros that "
                           "would make it causal")
            given, length = given[..., ahead:], length - ahead
        y = _convolve(h[rows], given[entry, rows].double())
        if module.bias is not None:
            y = y + module.bias.double()[rows, None]
        self._compare(meta, [y, F.silu(y)], [(output.transpose(1, 2),
                                              (total, rows))])
        if output.shape[-1] == length:
            self._put(layer, "toeplitz", {"h": (h, "DK")}, length=length,
                      **meta)
        else:                           # which end will be cut?
            self.uncut[layer] = (output, length, h, meta)

    def _on_cut(self, _, given, result):
        """A convolution padded at both ends is causal once its end is cut:
        here something of its size is."""
        own = sorted(self.uncut.items(), key=lambda item:
                     item[1][0].data_ptr() != given.data_ptr())
        for layer, (output, length, h, meta) in own:
            axes = [axis for axis, size in enumerate(given.shape)
                    if size == output.shape[-1]]
            if given.numel() != output.numel() or not axes \
                    or result.dim() != given.dim() \
                    or result.shape[axes[-1]] != length:
                continue
            del self.uncut[layer]
            if result.data_ptr() != given.data_ptr():
                self.notes.append(
                    f"{layer} is left out: its output is not cut at the end "
                    "only, so it sees later positions")
                return
            self._attempt(layer, functools.partial(
                self._put, kind="toeplitz", factors={"h": (h, "DK")},
                length=length, **meta))
            return

    def _parents(self, name):
        parts = name.split(".")
        for end in range(len(parts)):
            parent = self.model
            for part in parts[:end]:
                parent = parent._modules[part]
            yield parent


class _Interfaces:
    """transformers' table of attention functions, each of them watched."""

    def __init__(self, table, recorder):
        self._table, self._recorder = table, recorder

    def __getattr__(self, name):
        return getattr(self._table, name)

    def __contains__(self, name):
        return name in self._table

    def _seen(self, function):
        if function is None or hasattr(function, "__wrapped__"):
            return function
        return self._recorder._watched(function, self._recorder._on_attention)

    def __getitem__(self, name):
        return self._seen(self._table[name])

    def get(self, name, default=None):
        return self._seen(self._table.get(name, default))

    def get_interface(self, name, default=None):
        return self._seen(self._table.get_interface(name, default))


def _normalised(module, low, B, C):
    """FalconMamba normalises without weights, Jamba with."""
    if hasattr(module, "rms_eps"):
        low, B, C = (
            (x.float() * torch.rsqrt(x.float().pow(2).mean(-1, keepdim=True)
                                     + module.rms_eps)).to(x.dtype)
            for x in (low, B, C))
    norms = [getattr(module, name + "_layernorm", None) or getattr(
        module, name.upper() + "_layernorm", None) for name in
        ("dt", "b", "c")]               # mamba.py writes B and C large
    return [x if norm is None else norm(x)
            for norm, x in zip(norms, (low, B, C))]


def _autocast():
    try:
        return any(map(torch.is_autocast_enabled, ("cpu", "cuda")))
    except TypeError:                   # before torch 2.4
        return torch.is_autocast_enabled() or torch.is_autocast_cpu_enabled()


def _refuse(model):
    """What says nothing of its operators, or what is not its own."""
    if hasattr(model, "_orig_mod"):
        raise ValueError("a compiled model runs as one kernel; record "
                         "model._orig_mod, and call that")
    if len(getattr(model, "device_ids", None) or ()) > 1:
        raise ValueError("a model on several devices; record model.module, "
                         "and call that")
    for name, module in model.named_modules():
        drops = getattr(module, "p", 0) if isinstance(
            module, torch.nn.modules.dropout._DropoutNd) else \
            getattr(module, "dropout", 0) if isinstance(
                module, torch.nn.MultiheadAttention) else 0
        if module.training and drops:
            raise ValueError(f"{name or 'the model'} drops, p={drops}; call "
                             "model.eval() first")


def _wide(x):
    """float64 as it is, all else as float32."""
    return x if x.dtype == torch.float64 else x.float()


def _convolve(h, u):
    """Causal, (..., L) each, in float64."""
    size = 2 * u.shape[-1]
    h, u = h[..., :u.shape[-1]].double(), u.double()
    return torch.fft.irfft(torch.fft.rfft(h, n=size) * torch.fft.rfft(
        u, n=size), n=size)[..., :size // 2]


def _unit(x):
    """As kernels normalise q and k."""
    x = _wide(x)
    return x * torch.rsqrt(x.pow(2).sum(-1, keepdim=True) + 1e-6)


# What each function of fla takes: (kind, factors with their axes, meta), of
# its arguments, q, k, the number of heads of v and the order of axes.

def _linear_attn(given, q, k, heads, order):
    return "decay", {}, {"normalize": True, "eps": 1e-10} \
        if given.get("normalize", True) else {}


def _gla(given, q, k, heads, order):
    return "decay", {"la": (_first(given, "g", "gk"), order + "N")}, {}


def _simple_gla(given, q, k, heads, order):
    if given.get("g") is not None:
        return "decay", {"la": (given["g"], order)}, {}
    return "decay", {"la": (given["g_gamma"], "H")}, {}


def _retention(given, q, k, heads, order):
    head = torch.arange(heads, dtype=torch.float64, device=q.device)
    return "decay", {"la": (torch.log1p(-2.0 ** (-5 - head)), "H")}, {}


def _delta_rule(given, q, k, heads, order):
    beta = given["beta"]
    if given.get("use_beta_sigmoid_in_kernel"):
        beta = torch.sigmoid(beta if beta.dtype == torch.float64
                             else beta.float())
        if given.get("allow_neg_eigval"):
            beta = 2 * beta
    factors = {"beta": (beta, order)}
    if given.get("use_qk_l2norm_in_kernel"):
        factors.update(q=(_unit(q), order + "N"), k=(_unit(k), order + "N"))
    return "delta", factors, {}


def _gated_delta_rule(given, q, k, heads, order):
    kind, factors, meta = _delta_rule(given, q, k, heads, order)
    la = _first(given, "g", "gk")
    wide = la.dim() == 4
    if given.get("use_gate_in_kernel"):
        if given.get("lower_bound") is not None:
            raise Skip("its gate has a lower bound in the kernel")
        rate = torch.exp(given["A_log"].reshape(-1).to(torch.float32))
        bias = given.get("dt_bias")
        shape = [1, 1, 1, 1][:la.dim()]
        shape[order.index("H")] = -1
        la = la if la.dtype == torch.float64 else la.float()
        if bias is not None:
            la = la + bias.reshape(shape[:3] + [la.shape[-1]] if wide
                                   else shape)
        la = -rate.reshape(shape) * F.softplus(la)
    factors["la"] = (la, order + "N" if wide else order)
    return kind, factors, meta


def _rwkv6(given, q, k, heads, order):
    return "decay", {"la": (given["w"], order + "N")}, {"read": "pre"}


def _rwkv7(given, q, k, heads, order):
    a, b = given["a"], given.get("b")
    if given.get("kk") is not None:
        a, b = -given["kk"], given["kk"] * a
    axes = order + "N"
    return "delta", {"la": (given["w"], axes), "a": (a, axes),
                     "b": (b, axes)}, {"form": "dplr"}


OPERATION = {
    "linear_attn": _linear_attn, "gla": _gla, "simple_gla": _simple_gla,
    "retention": _retention, "delta_rule": _delta_rule,
    "gated_delta_rule": _gated_delta_rule, "kda": _gated_delta_rule,
    "rwkv6": _rwkv6, "rwkv7": _rwkv7,
}


# How the modules of a family are told: by what their forward needs.

def _has(*names):
    return lambda module: all(hasattr(module, name) for name in names)


def _depthwise(module):
    return isinstance(module, torch.nn.Conv1d) \
        and module.groups == module.in_channels == module.out_channels \
        and module.kernel_size[0] > 1 and module.stride[0] == 1 \
        and module.dilation[0] == 1 and module.padding_mode == "zeros" \
        and module.padding in ((module.kernel_size[0] - 1,),
                               module.kernel_size[0] - 1, (0,), 0)


def _is_mamba(module):
    return _has("x_proj", "dt_proj", "A_log")(module) \
        and module.A_log.dim() == 2


def _is_mamba2(module):
    return _has("in_proj", "out_proj", "conv1d", "A_log", "dt_bias")(module) \
        and module.A_log.dim() == 1


def _is_kernel(module):
    return isinstance(getattr(module, "kernel", None), torch.nn.Module)


def _is_hyena(module):
    return hasattr(module, "short_filter") and any(
        callable(getattr(getattr(module, name, None), "filter", None))
        for name in ("filter_fn", "long_conv"))


def _is_short(module):
    return _has("in_proj", "out_proj", "conv")(module) \
        and _depthwise(module.conv) \
        and getattr(module.in_proj, "out_features", 0) \
        == 3 * module.conv.in_channels


FAMILIES = [
    (_is_mamba, Recorder._watch_mamba),
    (_is_mamba2, Recorder._watch_mamba2),
    (_is_kernel, Recorder._watch_kernel),
    (_is_hyena, Recorder._watch_hyena),
    (_is_short, Recorder._watch_short),
    (_depthwise, Recorder._watch_depthwise),
]


def _part_of_mixer(module):
    return any(looks(module) for looks, _ in FAMILIES) \
        or hasattr(module, "A_log") or _has("q_proj", "k_proj")(module)
