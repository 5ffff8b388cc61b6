"""Attention that is written out in its layer, in the ways that models have it.
Own code, after the published equations; mix(u) and u as in mixers.py.
"""
import math

import torch
import torch.nn.functional as F
from torch import nn

from mixers import causal_mask, heads_of, rotary, rotate_half

HEADS, WIDTH = 4, 6


class Written(nn.Module):
    """extra: what is done to the logits, a method."""

    def __init__(self, extra="plain", groups=HEADS, style="matmul"):
        super().__init__()
        self.groups, self.style = groups, style
        self.qkv = nn.Linear(16, (HEADS + 2 * groups) * WIDTH)
        self.out = nn.Linear(HEADS * WIDTH, 16)
        self.softmax, self.drop = nn.Softmax(dim=-1), nn.Dropout(0.0)
        self.forget = nn.Linear(16, HEADS)
        self.bias = nn.Parameter(torch.randn(HEADS, 64))
        self.sinks = nn.Parameter(torch.randn(HEADS))
        self.warmth = nn.Parameter(torch.rand(HEADS) + 0.5)
        self.extra = getattr(self, extra)

    def plain(self, logits, x):
        return logits * WIDTH ** -0.5

    def little(self, logits, x):
        return logits * 0.5 - 1e3 * torch.ones(x.shape[1], x.shape[1]).triu(1)

    def window(self, logits, x):
        return logits * 0.3 + causal_mask(x.shape[1], 5)[0, 0]

    def padded(self, logits, x):
        return logits * 0.3 + causal_mask(x.shape[1], None, 3)[0, 0]

    def capped(self, logits, x):
        return 2.0 * torch.tanh(logits * 0.8 / 2.0)

    def slopes(self, logits, x):
        slope = 2.0 ** -torch.arange(1.0, 1 + HEADS)
        return logits * 0.4 + slope[:, None, None] * torch.arange(
            1.0 - x.shape[1], 1.0)

    def gated(self, logits, x):
        total = F.logsigmoid(self.forget(x)).cumsum(1).transpose(1, 2)
        return logits * 0.4 + total[..., None] - total[..., None, :]

    def warm(self, logits, x):
        return logits * self.warmth[:, None, None]

    def relative(self, logits, x):
        i = torch.arange(x.shape[1])
        return logits + self.bias[:, (i[:, None] - i).clamp(min=0)]

    def sink(self, logits, x):
        logits = logits * 0.4 + causal_mask(x.shape[1])[0, 0]
        column = self.sinks[:, None, None].expand(
            *logits.shape[:-1], 1)
        return torch.cat((logits, column), -1)

    def weights(self, logits, x):
        logits = self.extra(logits, x)
        if logits.shape[-1] == x.shape[1] and self.extra != self.little:
            hidden = torch.ones(x.shape[1], x.shape[1]).triu(1) > 0
            logits = logits.masked_fill(
                hidden, torch.finfo(logits.dtype).min)
        return self.drop(self.softmax(logits))[..., :x.shape[1]]

    def forward(self, x):
        groups, L = self.groups, x.shape[1]
        q, k, v = self.qkv(x).split(
            [n * WIDTH for n in (HEADS, groups, groups)], -1)
        q, k, v = heads_of(q, HEADS), heads_of(k, groups), heads_of(v, groups)
        cos, sin = rotary(L, WIDTH)
        q, k = (y * cos + rotate_half(y) * sin for y in (q, k))
        many = [y.repeat_interleave(HEADS // groups, 1) for y in (q, k, v)]
        y, weights = getattr(self, self.style)(x, q, k, v)
        self.mix = lambda u: (weights @ u.transpose(1, 2)).transpose(1, 2)
        self.u = many[2].transpose(1, 2)
        return self.out(y.transpose(1, 2).flatten(2))

    def matmul(self, x, q, k, v):
        if k.shape[1] not in (1, q.shape[1]):   # else one head is spread
            k, v = (y.repeat_interleave(HEADS // y.shape[1], 1)
                    for y in (k, v))
        weights = self.weights(q @ k.transpose(2, 3), x)
        return torch.matmul(weights, v), weights

    def grouped(self, x, q, k, v):
        """Five axes: (batch, group, head of it, L, feature)."""
        q = q.unflatten(1, (self.groups, -1))
        logits = torch.matmul(q, k[:, :, None].transpose(-1, -2))
        weights = self.weights(logits.flatten(1, 2), x)
        y = weights.unflatten(1, (self.groups, -1)) @ v[:, :, None]
        return y.flatten(1, 2), weights

    def batched(self, x, q, k, v):
        """Heads in the batch axis."""
        shape = q.shape
        q, k, v = (y.flatten(0, 1) for y in (q, k, v))
        logits = torch.baddbmm(q.new_zeros(len(q), *2 * [q.shape[1]]), q,
                               k.transpose(1, 2), beta=0, alpha=0.7)
        weights = self.weights(logits.view(*shape[:3], -1), x)
        return torch.bmm(weights.flatten(0, 1), v).view(shape), weights

    def einsum(self, x, q, k, v):
        q, k, v = (y.transpose(1, 2) for y in (q, k, v))
        weights = self.weights(torch.einsum("bthd,bshd->bhts", q, k), x)
        return torch.einsum("...hts,...shd->...thd", weights, v).transpose(
            1, 2), weights

    def mixed(self, x, q, k, v):
        """Two maps of attention, one less a part of the other."""
        one = self.weights(q @ k.transpose(2, 3), x)
        weights = one - 0.4 * one.roll(1, 1)
        return weights @ v, weights


class Linear(nn.Module):
    """Linear attention, decayed or not, as a matrix of all positions."""

    def __init__(self, decay="none", normalize=False, solve=False):
        super().__init__()
        self.decay, self.normalize, self.solve = decay, normalize, solve
        self.qkv, self.gate = nn.Linear(16, 3 * 16), nn.Linear(16, 4)

    def forward(self, x):
        q, k, v = (heads_of(y, 4) for y in self.qkv(x).chunk(3, -1))
        total = torch.zeros(4, x.shape[1])
        if self.decay == "head":
            total = torch.log(1 - 2.0 ** -torch.arange(2.0, 6))[
                :, None] * torch.arange(x.shape[1])
        elif self.decay == "input":
            total = F.logsigmoid(self.gate(x)).cumsum(1).transpose(1, 2)
        if self.normalize:
            q, k = F.elu(q) + 1, F.elu(k) + 1
        decay = torch.exp((total[..., None] - total[..., None, :]).clamp(
            max=0))
        T = ((q @ k.transpose(2, 3)) * 0.5 * decay).tril()
        if self.solve:                  # the delta rule does
            v = torch.linalg.solve_triangular(
                (k @ k.transpose(2, 3)).tril(-1) + torch.eye(x.shape[1]), v,
                upper=False)
        y = T @ v
        if self.normalize:
            rows = T.sum(-1, keepdim=True) + 1e-6
            y, T = y / rows, T / rows
        self.mix = lambda u: (T @ u.transpose(1, 2)).transpose(1, 2)
        self.u = v.transpose(1, 2)
        return y.transpose(1, 2).flatten(2)


class TorchLayer(nn.Module):
    """torch's own layer, which has kernels for all of it at once."""

    def __init__(self, first=True, whole=False):
        super().__init__()
        self.first, self.whole = first, whole
        self.layer = nn.TransformerEncoderLayer(
            16, 4, 32, 0.0, batch_first=first) if whole else \
            nn.MultiheadAttention(16, 4, batch_first=first)

    def forward(self, x):
        attention = self.layer.self_attn if self.whole else self.layer
        q, k, v = (y.unflatten(2, (4, 4)) for y in F.linear(
            x, attention.in_proj_weight, attention.in_proj_bias).chunk(3, -1))
        hidden = torch.ones(x.shape[1], x.shape[1]).triu(1) > 0
        # as sums, which nothing looks at
        logits = (q[:, :, None] * k[:, None]).sum(-1) / 2
        weights = torch.exp(logits.masked_fill(hidden[..., None], -math.inf))
        weights = weights / weights.sum(2, keepdim=True)
        self.mix = lambda u: (weights[..., None] * u[:, None]).sum(2)
        self.u = v
        y = x if self.first else x.transpose(0, 1)
        y = self.layer(y, src_mask=hidden) if self.whole else \
            self.layer(y, y, y, attn_mask=hidden)[0]
        return y if self.first else y.transpose(0, 1)
