"""Small modules after the published equations of each family of mixers, with
the attributes and signatures of the libraries that users have. Own code: what
is not needed to see where the tensors are is left out.

Each leaves mix(u) behind its forward pass: what it made of u, (batch, L,
channels), with all that depends on the input held still; and u itself.
"""
import math
import types

import torch
import torch.nn.functional as F
from torch import nn


def heads_of(x, heads):
    return x.view(*x.shape[:2], heads, -1).transpose(1, 2)


# ---- attention, as transformers has it ----

def rotate_half(x):
    a, b = x.chunk(2, -1)
    return torch.cat((-b, a), -1)


def apply_rotary_pos_emb(q, k, cos, sin, unsqueeze_dim=1):
    cos, sin = cos.unsqueeze(unsqueeze_dim), sin.unsqueeze(unsqueeze_dim)
    return q * cos + rotate_half(q) * sin, k * cos + rotate_half(k) * sin


def rotary(length, width):
    rate = 1e4 ** (-torch.arange(0, width, 2) / width)
    angle = torch.arange(length)[:, None] * torch.cat((rate, rate))
    return angle.cos()[None], angle.sin()[None]


def weights_of(module, query, key, mask, scaling, softcap=None, sinks=None):
    key = key.repeat_interleave(query.shape[1] // key.shape[1], 1)
    logits = query @ key.transpose(2, 3) * scaling
    if softcap:
        logits = softcap * torch.tanh(logits / softcap)
    if mask is not None:
        logits = logits + mask[..., :key.shape[-2]]
    if sinks is not None:
        column = sinks.view(1, -1, 1, 1).expand(*logits.shape[:3], 1)
        return F.softmax(torch.cat((logits, column), -1), -1)[..., :-1]
    return F.softmax(logits, -1)


def eager_attention_forward(module, query, key, value, attention_mask,
                            scaling, dropout=0.0, **kwargs):
    weights = weights_of(module, query, key, attention_mask, scaling,
                         kwargs.get("softcap"), kwargs.get("s_aux"))
    value = value.repeat_interleave(query.shape[1] // value.shape[1], 1)
    module.mix = lambda u: (weights @ u.transpose(1, 2)).transpose(1, 2)
    module.u = value.transpose(1, 2)
    return (weights @ value).transpose(1, 2), weights


def sdpa_attention_forward(module, query, key, value, attention_mask,
                           dropout=0.0, scaling=None, is_causal=None,
                           **kwargs):
    window = kwargs.get("sliding_window") or query.shape[2]
    if attention_mask is None:
        attention_mask = causal_mask(query.shape[2], window)
    return eager_attention_forward(module, query, key, value, attention_mask,
                                   scaling)[0], None


ALL_ATTENTION_FUNCTIONS = {"sdpa": sdpa_attention_forward}


def causal_mask(length, window=None, padding=0):
    distance = torch.arange(length)[:, None] - torch.arange(length)
    seen = (distance >= 0) & (distance < (window or length))
    seen[:, :padding] = False
    low = torch.finfo(torch.float32).min
    return torch.where(seen, 0.0, low)[None, None]


class LlamaAttention(nn.Module):
    """Grouped queries; kind: eager, sdpa, or old (no interface)."""

    def __init__(self, kind="eager", mask=None, sinks=False, **options):
        super().__init__()
        self.config = types.SimpleNamespace(
            _attn_implementation=kind, sliding_window=None)
        self.head_dim, self.scaling = 8, 0.3
        self.q_proj, self.k_proj = nn.Linear(24, 32), nn.Linear(24, 16)
        self.v_proj, self.o_proj = nn.Linear(24, 16), nn.Linear(32, 24)
        self.mask, self.options = mask, options
        if sinks:
            self.sinks = nn.Parameter(torch.randn(4))
            self.options = {**options, "s_aux": self.sinks}

    def forward(self, x):
        q, k, v = (heads_of(project(x), n) for project, n in (
            (self.q_proj, 4), (self.k_proj, 2), (self.v_proj, 2)))
        q, k = apply_rotary_pos_emb(q, k, *rotary(x.shape[1], 8))
        kind, mask = self.config._attn_implementation, self.mask
        if kind == "old":
            k, v = (y.repeat_interleave(2, 1) for y in (k, v))
            weights = weights_of(self, q, k, causal_mask(x.shape[1]),
                                 self.scaling)
            self.mix = lambda u: (weights @ u.transpose(1, 2)).transpose(1, 2)
            self.u = v.transpose(1, 2)
            y = self.mix(self.u)
        else:
            call = eager_attention_forward
            if kind != "eager":
                call = ALL_ATTENTION_FUNCTIONS[kind]
            y, _ = call(self, q, k, v, mask, scaling=self.scaling,
                        dropout=0.0, **self.options)
        return self.o_proj(y.reshape(*x.shape[:2], -1))


def scaled_dot_product_attention(query, key, value, attn_mask=None,
                                 dropout_p=0.0, is_causal=False, scale=None):
    if is_causal:
        attn_mask = causal_mask(query.shape[2])
    elif attn_mask is not None and attn_mask.dtype == torch.bool:
        attn_mask = torch.where(attn_mask, 0.0, -math.inf)
    return weights_of(None, query, key, attn_mask, query.shape[-1] ** -0.5) \
        @ value


class TorchAttention(nn.Module):
    def __init__(self, causal=True):
        super().__init__()
        self.qkv, self.causal = nn.Linear(24, 72), causal

    def forward(self, x):
        q, k, v = (heads_of(y, 3) for y in self.qkv(x).chunk(3, -1))
        # twice: what looks at the call must not see this one
        weights = weights_of(None, q, k, causal_mask(x.shape[1]), 8 ** -0.5)
        self.mix = lambda u: (weights @ u.transpose(1, 2)).transpose(1, 2)
        self.u = v.transpose(1, 2)
        return scaled_dot_product_attention(q, k, v, is_causal=self.causal)


# ---- Mamba (Gu and Dao 2023) ----

def selective_scan(u, dt, A, B, C):
    """u, dt (batch, D, L), A (D, N), B, C (batch, L, N)."""
    state = u.new_zeros(*u.shape[:2], A.shape[1])
    out = []
    for t in range(u.shape[2]):
        state = torch.exp(dt[:, :, t, None] * A) * state \
            + dt[:, :, t, None] * B[:, t, None] * u[:, :, t, None]
        out.append((state * C[:, t, None]).sum(-1))
    return torch.stack(out, -1)


class MambaMixer(nn.Module):
    """Of transformers; with rms_eps FalconMamba's, which normalises."""

    def __init__(self, rms_eps=None, norms=None, twist=None):
        super().__init__()
        self.twist = twist
        for name, width in zip(norms or (), (3, 4, 4)):
            setattr(self, name, nn.LayerNorm(width))
        self.norms = [getattr(self, name) for name in norms or ()]
        self.intermediate_size, self.ssm_state_size = 12, 4
        self.time_step_rank = 3
        self.in_proj = nn.Linear(16, 24, bias=False)
        self.conv1d = nn.Conv1d(12, 12, 4, groups=12, padding=3)
        self.x_proj = nn.Linear(12, 3 + 8, bias=False)
        self.dt_proj = nn.Linear(3, 12)
        self.A_log = nn.Parameter(torch.log(torch.arange(1., 5)).repeat(12, 1))
        self.D = nn.Parameter(torch.ones(12))
        self.out_proj = nn.Linear(12, 16, bias=False)
        if rms_eps:
            self.rms_eps = rms_eps

    def parameters_of(self, x):
        parts = self.x_proj(x).split([3, 4, 4], -1)
        if hasattr(self, "rms_eps"):
            parts = [y / (y.square().mean(-1, keepdim=True)
                          + self.rms_eps).sqrt() for y in parts]
        if self.norms:
            parts = [norm(y) for norm, y in zip(self.norms, parts)]
        if self.twist == "scaled":
            parts = [parts[0], 1.5 * parts[1], parts[2]]
        return parts

    def forward(self, x):
        u, gate = self.in_proj(x).transpose(1, 2).chunk(2, 1)
        u = F.silu(self.conv1d(u)[..., :x.shape[1]])
        low, B, C = self.parameters_of(u.transpose(1, 2))
        dt = F.softplus(self.dt_proj(low)).transpose(1, 2)
        A = -torch.exp(self.A_log)
        self.mix = lambda v: selective_scan(
            v.transpose(1, 2), dt, A, B, C).transpose(1, 2)
        self.u = u.transpose(1, 2)
        y = self.mix(self.u).transpose(1, 2) + self.D[:, None] * u
        if self.twist == "backward":
            y = y + selective_scan(*(z.flip(2) for z in (u, dt)), A, *(
                z.flip(1) for z in (B, C))).flip(2)
        return self.out_proj((y * F.silu(gate)).transpose(1, 2))


class Mamba(MambaMixer):
    """Of mamba_ssm: x_proj sees (batch L, D), on the slow path only."""

    def __init__(self):
        super().__init__()
        self.use_fast_path = True
        self.d_state, self.dt_rank, self.d_inner = 4, 3, 12

    def parameters_of(self, x):
        if self.use_fast_path:      # weights, inside a kernel
            parts = F.linear(x, self.x_proj.weight)
        else:
            parts = self.x_proj(x.reshape(-1, 12)).view(*x.shape[:2], -1)
        return parts.split([3, 4, 4], -1)


# ---- Mamba-2 (Dao and Gu 2024) ----

class Mamba2Mixer(nn.Module):
    """Names of transformers, of mamba_ssm with its unused width first, or
    none: sizes are those of the weights."""

    def __init__(self, names="hf"):
        super().__init__()
        self.conv1d = nn.Conv1d(24 + 16, 40, 4, groups=40, padding=3)
        self.spare = 10 if names == "ssm" else 0
        self.groups = 1 if names == "minimal" else 2
        self.in_proj = nn.Linear(16, 2 * self.spare + 24 + 40 + 4)
        self.A_log = nn.Parameter(torch.log(torch.arange(1., 5)))
        self.dt_bias = nn.Parameter(torch.randn(4))
        self.D, self.out_proj = nn.Parameter(torch.ones(4)), nn.Linear(24, 16)
        if names == "hf":
            self.num_heads, self.head_dim = 4, 6
            self.ssm_state_size, self.n_groups = 4, 2
            self.time_step_limit = (0.0, 1.5)
        elif names == "ssm":
            self.nheads, self.headdim, self.d_state = 4, 6, 4
            self.ngroups, self.dt_limit = 2, (0.0, float("inf"))

    def forward(self, x):
        _, gate, mixed, dt = self.in_proj(x).split(
            [2 * self.spare, 24, 40, 4], -1)
        mixed = F.silu(self.conv1d(mixed.transpose(1, 2))[
            ..., :x.shape[1]].transpose(1, 2))
        u, B, C = mixed.split([24, 8, 8], -1)
        B, C = (y.reshape(*y.shape[:2], self.groups, -1).repeat_interleave(
            4 // self.groups, 2) for y in (B, C))
        low, high = getattr(self, "time_step_limit", (0.0, math.inf))
        dt = F.softplus(dt + self.dt_bias).clamp(low, high)
        decay = torch.exp(-dt * torch.exp(self.A_log))
        u = u.view(*u.shape[:2], 4, 6)

        def mix(v):
            state, out = v.new_zeros(*B[:, 0].shape, v.shape[-1]), []
            for t in range(v.shape[1]):
                state = decay[:, t, :, None, None] * state + (
                    dt[:, t, :, None] * B[:, t])[..., None] \
                    * v[:, t, :, None]
                out.append((C[:, t, :, :, None] * state).sum(2))
            return torch.stack(out, 1)

        self.mix, self.u = mix, u
        y = (mix(u) + self.D[:, None] * u).flatten(2)
        return self.out_proj(y * F.silu(gate))


# ---- S4D (Gu et al. 2022), Hyena (Poli et al. 2023), short convolutions ----

def causal_convolution(u, h):
    """u (batch, L, D), h (D, K)."""
    K = h.shape[1]
    u = F.pad(u.transpose(1, 2), (K - 1, 0))
    return F.conv1d(u, h.flip(-1)[:, None], groups=len(h)).transpose(1, 2)


class S4DKernel(nn.Module):
    def __init__(self):
        super().__init__()
        self.C = nn.Parameter(torch.randn(6, 4, dtype=torch.cfloat))
        self.log_dt = nn.Parameter(torch.rand(6) * 2 - 4)

    def forward(self, L):
        A = -0.5 + 1j * math.pi * torch.arange(4)
        step = A * torch.exp(self.log_dt)[:, None]
        C = self.C * (torch.exp(step) - 1) / A
        powers = torch.exp(step[..., None] * torch.arange(L))
        return 2 * torch.einsum("hn,hnl->hl", C, powers).real


class S4D(nn.Module):
    """(batch, H, L), as its repository has it."""

    def __init__(self, skip=True):
        super().__init__()
        self.kernel = S4DKernel()
        if skip:
            self.D = nn.Parameter(torch.randn(6))

    def forward(self, u):
        h = self.kernel(L=u.shape[-1])
        self.mix = lambda v: causal_convolution(v, h)
        self.u = u.transpose(1, 2)
        y = self.mix(self.u).transpose(1, 2)
        return y + self.D[:, None] * u if hasattr(self, "D") else y


class HyenaFilter(nn.Module):
    def __init__(self, transposed):
        super().__init__()
        self.h = nn.Parameter(torch.randn(64, 6) / 8)
        self.bias, self.transposed = nn.Parameter(torch.randn(6)), transposed

    def filter(self, L):
        h = self.h[None, :L]
        return h.transpose(1, 2) if self.transposed else h


class HyenaOperator(nn.Module):
    """Of safari ("filter_fn"), of mad-lab ("long_conv")."""

    def __init__(self, library="safari"):
        super().__init__()
        self.order, self.num_heads = 2, 1
        self.in_proj, self.out_proj = nn.Linear(6, 18), nn.Linear(6, 6)
        self.short_filter = nn.Conv1d(18, 18, 3, groups=18, padding=2)
        self.name = "long_conv" if library == "mad" else "filter_fn"
        setattr(self, self.name, HyenaFilter(library == "mad"))

    def gates(self, mixed):
        x0, x1, v = mixed.split(6, -1)
        return x0, x1, v

    def forward(self, x):
        L = x.shape[1]
        mixed = self.short_filter(self.in_proj(x).transpose(1, 2))[..., :L]
        out, before, v = self.gates(mixed.transpose(1, 2))
        conv = getattr(self, self.name)
        h = conv.filter(L)[0]
        h = h if conv.transposed else h.T
        self.mix = lambda u: out * causal_convolution(before * u, h)
        self.u = v
        return self.out_proj(self.mix(v) + out * conv.bias * before * v)


class Hyena(HyenaOperator):
    """Of zoology, which gates in the other order."""

    NUM_PROJECTIONS = 3

    def gates(self, mixed):
        x1, x2, v = mixed.split(6, -1)
        return x2, x1, v


class Lfm2ShortConv(nn.Module):
    def __init__(self):
        super().__init__()
        self.in_proj, self.out_proj = nn.Linear(16, 18), nn.Linear(6, 16)
        self.conv = nn.Conv1d(6, 6, 3, groups=6, padding=2, bias=False)

    def forward(self, x):
        B, C, u = self.in_proj(x).chunk(3, -1)
        self.mix = lambda v: C * self.conv(
            (B * v).transpose(1, 2))[..., :x.shape[1]].transpose(1, 2)
        self.u = u
        return self.out_proj(self.mix(u))


class PaddedConv(nn.Module):
    """Padded by hand, in front alone, as most write it."""

    def __init__(self, ahead=4):
        super().__init__()
        self.ahead = ahead
        self.conv = nn.Conv1d(6, 6, 5, groups=6)

    def forward(self, x):
        self.mix = lambda u: self.conv(F.pad(
            u.transpose(1, 2), (self.ahead, 4 - self.ahead))).transpose(
                1, 2) - self.conv.bias
        self.u = x
        return self.mix(x)


class CausalConv(nn.Module):
    """Padded at both ends; what is cut off in front sees later positions."""

    def __init__(self, cut=0, mode="zeros"):
        super().__init__()
        self.conv = nn.Conv1d(6, 6, 5, groups=6, padding=4, bias=False,
                              padding_mode=mode)
        self.cut = cut

    def forward(self, x):
        self.mix = lambda u: self.conv(u.transpose(1, 2))[
            ..., self.cut:self.cut + x.shape[1]].transpose(1, 2)
        self.u = x
        return self.mix(x)


class CuttingConv(nn.Conv1d):
    """(batch, D, L) to the same: it cuts itself."""

    def __init__(self):
        super().__init__(6, 6, 4, groups=6, padding=3)

    def forward(self, x):
        h = self.weight[:, 0].flip(-1)
        self.mix = lambda u: causal_convolution(u, h)
        self.u = x.transpose(1, 2)
        return super().forward(x)[..., :-3]


# ---- H3 (Fu et al. 2023) ----

class ShiftKernel(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.h = nn.Parameter(torch.randn(1, width, 64) / 4)

    def forward(self, L=None, rate=1.0):
        return self.h[..., :L], None


class H3(nn.Module):
    """Its projections are read, not called."""

    def __init__(self, head_dim=1):
        super().__init__()
        self.head_dim, self.heads = head_dim, 6 // head_dim
        self.q_proj, self.k_proj, self.v_proj = (
            nn.Linear(6, 6) for _ in range(3))
        self.ssm_k_kernel, self.ssm_k_D = ShiftKernel(6), nn.Parameter(
            torch.randn(6))
        self.kernel, self.D = ShiftKernel(self.heads), nn.Parameter(
            torch.randn(self.heads))
        self.output_linear = nn.Linear(6, 6)

    def forward(self, x):
        h, _ = self.kernel(L=x.shape[1])
        q, k, v = (F.linear(x, p.weight, p.bias) for p in (
            self.q_proj, self.k_proj, self.v_proj))
        shift, _ = self.ssm_k_kernel(L=x.shape[1])
        k = causal_convolution(k, shift[0]) + self.ssm_k_D * k
        q, k, v = (y.view(*y.shape[:2], self.heads, self.head_dim)
                   for y in (q, k, v))

        def mix(u, skip=0.0):
            out = 0
            for r in range(self.head_dim):
                for d in range(u.shape[3]):
                    kv = k[..., r] * u[..., d]
                    y = causal_convolution(kv, h[0]) + skip * kv
                    out = out + q[..., r, None] * y[..., None] \
                        * torch.eye(u.shape[3])[d]
            return out

        self.mix, self.u = mix, v
        return self.output_linear(mix(v, self.D).flatten(2))
