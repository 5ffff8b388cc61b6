"""Layers in the layout of flash-linear-attention: functions of (batch, L, head,
feature), called by their names in the layer's module. Own code, after each
method's recurrence; mix(u) and u as in mixers.py.
"""
import math

import torch
import torch.nn.functional as F
from torch import nn

EYE = torch.eye


def recurrence(q, k, v, A, scale, read_before=False, B=None):
    """S_t = A_t S_{t-1} + (B or k)_t v_t', y_t = scale S' q; A(t) gives the
    transition, (batch, head, N, N)."""
    write = k if B is None else B
    state = v.new_zeros(*v.shape[:1], v.shape[2], k.shape[-1], v.shape[-1])
    out = []
    for t in range(v.shape[1]):
        if read_before:
            out.append(torch.einsum("bhn,bhnd->bhd", q[:, t], state))
        state = A(t) @ state + write[:, t, :, :, None] * v[:, t, :, None]
        if not read_before:
            out.append(torch.einsum("bhn,bhnd->bhd", q[:, t], state))
    return scale * torch.stack(out, 1)


def diagonal(la):
    return lambda t: torch.diag_embed(torch.exp(la[:, t]))


def run(q, k, v, mix):
    """The result, and for the test how it came about."""
    v.how = mix
    return mix(v), None


def chunk_linear_attn(q, k, v, scale=None, initial_state=None,
                      output_final_state=False, normalize=True):
    scale = k.shape[-1] ** -0.5 if scale is None else scale
    total = scale * (q * k.cumsum(1)).sum(-1, keepdim=True) + 1e-10

    def mix(u):
        y = recurrence(q, k, u, diagonal(torch.zeros_like(k)), scale)
        return y / total if normalize else y
    return run(q, k, v, mix)


def chunk_gla(q, k, v, g, scale=None):
    scale = k.shape[-1] ** -0.5 if scale is None else scale
    return run(q, k, v, lambda u: recurrence(q, k, u, diagonal(g), scale))


def fused_recurrent_gla(q, k, v, gk=None, gv=None, scale=None):
    return chunk_gla(q, k, v, gk, scale)


def naive_recurrent_gla(q, k, v, gk):
    return chunk_gla(q, k, v, gk)


def chunk_simple_gla(q, k, v, g=None, scale=None):
    return chunk_gla(q, k, v, g[..., None].expand_as(k), scale)


def chunk_retention(q, k, v, scale=None):
    la = torch.log(1 - 2.0 ** (-5 - torch.arange(float(q.shape[2]))))
    return chunk_gla(q, k, v, la[None, None, :, None].expand_as(k), scale)


def unit(x):
    return x / (x.square().sum(-1, keepdim=True) + 1e-6).sqrt()


def chunk_delta_rule(q, k, v, beta, scale=None,
                     use_qk_l2norm_in_kernel=False):
    zero = torch.zeros_like(beta)
    return chunk_gated_delta_rule(q, k, v, zero, beta, scale,
                                  use_qk_l2norm_in_kernel=
                                  use_qk_l2norm_in_kernel)


def chunk_gated_delta_rule(q, k, v, g, beta, scale=None, A_log=None,
                           dt_bias=None, use_qk_l2norm_in_kernel=False,
                           use_gate_in_kernel=False,
                           use_beta_sigmoid_in_kernel=False,
                           allow_neg_eigval=False, cu_seqlens=None):
    if use_gate_in_kernel:
        g = -torch.exp(A_log) * F.softplus(g + dt_bias)
    return chunk_kda(q, k, v, g[..., None], beta, scale,
                     use_qk_l2norm_in_kernel, use_beta_sigmoid_in_kernel,
                     allow_neg_eigval)


def chunk_kda(q, k, v, g, beta, scale=None, use_qk_l2norm_in_kernel=False,
              use_beta_sigmoid_in_kernel=False, allow_neg_eigval=False):
    scale = k.shape[-1] ** -0.5 if scale is None else scale
    if use_qk_l2norm_in_kernel:
        q, k = unit(q), unit(k)
    if use_beta_sigmoid_in_kernel:
        beta = torch.sigmoid(beta) * (2 if allow_neg_eigval else 1)
    groups = v.shape[2] // q.shape[2]
    q, k = (x.repeat_interleave(groups, 2) for x in (q, k))
    g = g.expand_as(k)

    def A(t):
        erase = EYE(k.shape[-1]) - beta[:, t, :, None, None] \
            * k[:, t, :, :, None] * k[:, t, :, None]
        return erase @ diagonal(g)(t)
    return run(q, k, v, lambda u: recurrence(
        q, k, u, A, scale, B=beta[..., None] * k))


def chunk_rwkv6(r, k, v, w, u, scale=1.0):
    def mix(x):
        bonus = (r * u * k).sum(-1, keepdim=True) * x
        return recurrence(r, k, x, diagonal(w), 1, True) + bonus
    return run(r, k, v, mix)


def fused_mul_recurrent_rwkv7(r, w, k, v, kk, a, scale=1.0):
    def A(t):
        return diagonal(w)(t) - (kk * a)[:, t, :, :, None] \
            * kk[:, t, :, None]
    return run(r, k, v, lambda u: recurrence(r, k, u, A, 1))


def chunk_hgrn(x, g, initial_state=None):
    def mix(u):
        state, out = torch.zeros_like(u[:, 0]), []
        for t in range(u.shape[1]):
            state = torch.exp(g[:, t]) * state + u[:, t]
            out.append(state)
        return torch.stack(out, 1)
    return run(None, None, x, mix)


class Layer(nn.Module):
    """q, k, v, and a gate of every shape, of two heads."""

    def __init__(self, heads=2, value_heads=2):
        super().__init__()
        self.heads, self.value_heads = heads, value_heads
        self.q_proj, self.k_proj = (nn.Linear(16, heads * 5),
                                    nn.Linear(16, heads * 5))
        self.v_proj = nn.Linear(16, value_heads * 3)
        self.g_proj = nn.Linear(16, heads * 5)
        self.b_proj = nn.Linear(16, value_heads)

    def call(self, q, k, v, x):
        raise NotImplementedError

    def gate(self, x):
        return F.logsigmoid(self.split(self.g_proj(x), self.heads)) / 2

    @staticmethod
    def split(x, heads):
        return x.view(*x.shape[:2], heads, -1)

    def forward(self, x):
        q, k = (self.split(p(x), self.heads)
                for p in (self.q_proj, self.k_proj))
        v = self.split(self.v_proj(x), self.value_heads)
        y, _ = self.call(q, k, v, x)
        self.mix, self.u = v.how, v
        return y.flatten(2)


class LinearAttention(Layer):
    def call(self, q, k, v, x):
        return chunk_linear_attn(q=F.elu(q) + 1, k=F.elu(k) + 1, v=v)


class GatedLinearAttention(Layer):
    def call(self, q, k, v, x):
        return chunk_gla(q, k, v, self.gate(x))


class ShortGatedLinearAttention(Layer):
    def call(self, q, k, v, x):
        return fused_recurrent_gla(q=q, k=k, v=v, gk=self.gate(x))


class NaiveGatedLinearAttention(Layer):
    def call(self, q, k, v, x):
        return naive_recurrent_gla(q, k, v, self.gate(x))


class SimpleGatedLinearAttention(Layer):
    def call(self, q, k, v, x):
        return chunk_simple_gla(q, k, v, self.gate(x)[..., 0])


class MultiScaleRetention(Layer):
    def call(self, q, k, v, x):
        return chunk_retention(q, k, v)


class DeltaNet(Layer):
    def call(self, q, k, v, x):
        return chunk_delta_rule(q, k, v, torch.sigmoid(self.b_proj(x)),
                                use_qk_l2norm_in_kernel=True)


class GatedDeltaNet(Layer):
    """More heads of values than of keys; gate and beta raw."""

    def __init__(self):
        super().__init__(2, 4)
        self.A_log = nn.Parameter(torch.rand(4))
        self.dt_bias = nn.Parameter(torch.randn(4))
        self.a_proj = nn.Linear(16, 4)

    def call(self, q, k, v, x):
        return chunk_gated_delta_rule(
            q=q, k=k, v=v, g=self.a_proj(x), beta=self.b_proj(x),
            A_log=self.A_log, dt_bias=self.dt_bias,
            use_qk_l2norm_in_kernel=True, use_gate_in_kernel=True,
            use_beta_sigmoid_in_kernel=True, allow_neg_eigval=True)


class Qwen3NextGatedDeltaNet(Layer):
    """The function is an attribute of the layer."""

    def __init__(self):
        super().__init__()
        self.chunk_gated_delta_rule = chunk_gated_delta_rule

    def call(self, q, k, v, x):
        return self.chunk_gated_delta_rule(
            q, k, v, g=self.gate(x)[..., 0],
            beta=torch.sigmoid(self.b_proj(x)), use_qk_l2norm_in_kernel=True)


class KimiDeltaAttention(Layer):
    def call(self, q, k, v, x):
        return chunk_kda(q, k, v, self.gate(x), torch.sigmoid(self.b_proj(x)),
                         use_qk_l2norm_in_kernel=True)


class RWKV6Attention(Layer):
    def __init__(self):
        super().__init__()
        self.bonus = nn.Parameter(torch.randn(2, 5))

    def call(self, q, k, v, x):
        return chunk_rwkv6(q, k, v, self.gate(x), self.bonus)


class RWKV7Attention(Layer):
    def call(self, q, k, v, x):
        w = -math.exp(-0.5) * torch.sigmoid(self.gate(x))
        return fused_mul_recurrent_rwkv7(
            q, w, k, v, unit(k), torch.sigmoid(self.gate(x)))


class HGRNAttention(nn.Module):
    def __init__(self):
        super().__init__()
        self.i_proj, self.f_proj = nn.Linear(16, 6), nn.Linear(16, 6)

    def forward(self, x):
        u, g = self.i_proj(x), F.logsigmoid(self.f_proj(x))
        y, _ = chunk_hgrn(u, g)
        self.mix, self.u = u.how, u
        return y
