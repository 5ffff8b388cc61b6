"""What esscope must answer, in a few lines of numpy: T from the factors by the
equations of esscope-dump(5), every H_i by numpy's SVD; and how to ask esscope.
"""
import csv
import io
import json
import os
import subprocess

import numpy as np

from tap import ESSCOPE

DEFAULT = ("rel", 1e-3)


def esscope(*arguments, **options):
    """Runs it; stdout and stderr as bytes unless text=True."""
    options.setdefault("stdin", subprocess.DEVNULL)
    options.setdefault("stdout", subprocess.PIPE)
    options.setdefault("stderr", subprocess.PIPE)
    return subprocess.run([ESSCOPE, *map(str, arguments)], timeout=300,
                          **options)


def rows(*arguments, code=0, **options):
    """The tsv rows of `esscope compute`, as dicts of text."""
    result = esscope("compute", *arguments, **options)
    if result.returncode != code:
        raise RuntimeError(f"exit status {result.returncode}: "
                           f"{result.stderr.decode()}")
    text = result.stdout.decode().split("\n")
    names = text[0].split("\t")
    return [dict(zip(names, line.split("\t"), strict=True))
            for line in text[1:-1]]


def read_csv(data):
    return list(csv.DictReader(io.StringIO(data.decode(), newline="")))


def read_jsonl(data):
    def refuse(constant):
        raise ValueError(constant)

    return [json.loads(line, parse_constant=refuse)
            for line in data.decode("utf-8").splitlines()]


def softmax(q, k, scale=None, window=None, softcap=None, slope=0.0, la=None,
            sink=None, mask=None):
    L, n = q.shape
    logits = q @ k.T * (n ** -0.5 if scale is None else scale)
    i, j = np.arange(L)[:, None], np.arange(L)[None, :]
    if softcap:
        logits = softcap * np.tanh(logits / softcap)
    logits = logits + slope * (j - i)
    if la is not None:
        for row in range(L):
            for column in range(row):
                logits[row, column] += la[column + 1:row + 1].sum()
    seen = (j <= i) & (i - j < (window or L))
    if mask is not None:
        seen = seen & (np.asarray(mask) != 0)[None, :]
    weights = np.where(seen, np.exp(np.where(seen, logits, 0)), 0.0)
    total = weights.sum(1, keepdims=True) \
        + (0 if sink is None else np.exp(sink))
    return np.divide(weights, total, out=np.zeros((L, L)), where=total > 0)


def decay(q, k, la=None, scale=1.0, read="post"):
    """la broadcasts to (L, n), or is None."""
    L, n = q.shape
    a = np.ones((L, n)) if la is None else \
        np.exp(np.broadcast_to(np.asarray(la), (L, n)))
    T = np.zeros((L, L), np.result_type(q, k, a))
    for j in range(L):
        state = k[j].astype(T.dtype)
        if read == "post":
            T[j, j] = q[j] @ state
        for i in range(j + 1, L):
            if read == "pre":
                T[i, j] = q[i] @ state
            state = a[i] * state
            if read == "post":
                T[i, j] = q[i] @ state
    return scale * T


def normalized(T, eps=1e-10):
    """Linear attention's normaliser: rows divided by their sum."""
    return T / (T.sum(1, keepdims=True) + eps)


def transitions(A, B, C):
    """A (L, n, n), B and C (L, n): the matrices themselves, slowly."""
    L = len(B)
    T = np.zeros((L, L))
    for j in range(L):
        state = B[j].copy()
        T[j, j] = C[j] @ state
        for i in range(j + 1, L):
            state = A[i] @ state
            T[i, j] = C[i] @ state
    return T


def delta(q, k, beta, la=None, scale=1.0):
    """A_t = (I - beta k k') diag(exp la); la broadcasts to (L, n)."""
    L, n = q.shape
    a = np.ones((L, n)) if la is None else \
        np.exp(np.broadcast_to(np.asarray(la, float), (L, n)))
    A = np.array([(np.eye(n) - beta[t] * np.outer(k[t], k[t])) @ np.diag(a[t])
                  for t in range(L)])
    return transitions(A, beta[:, None] * k, scale * q)


def dplr(q, k, a, b, la):
    A = np.array([np.diag(np.exp(la[t])) + np.outer(b[t], a[t])
                  for t in range(len(q))])
    return transitions(A, k, q)


def s6(dt, A, B, C):
    """One channel: dt (L,), A (n,), B and C (L, n)."""
    return decay(C, dt[:, None] * B, dt[:, None] * A[None, :])


def toeplitz(h, L, gq=None, gk=None):
    """gq, gk (R, L)."""
    gq = np.ones((1, L)) if gq is None else gq
    gk = np.ones((1, L)) if gk is None else gk
    T = np.zeros((L, L), np.result_type(h, gq, gk, float))
    for lag in range(min(len(h), L)):
        i = np.arange(lag, L)
        T[i, i - lag] = h[lag] * (gq[:, i] * gk[:, i - lag]).sum(0)
    return T


def spectrum(T, i):
    return np.linalg.svd(T[i:, :i], compute_uv=False)


def count(s, tolerance):
    kind, value = tolerance
    return int((s > value * (s[0] if kind == "rel" else 1)).sum())


def clear(s, tolerance):
    """Is no singular value so near the threshold that rounding decides?"""
    kind, value = tolerance
    threshold = value * (s[0] if kind == "rel" else 1)
    return np.abs(s - threshold).min() > 1e-9 * s[0]


def entropy(s):
    if not s.sum() > 0:
        return 0.0
    p = s[s > 0] / s.sum()
    return float(np.exp(-(p * np.log(p)).sum()))


def f32(*arrays):
    """As a dump stores them, and as the program reads them: f32 -> f64."""
    return [np.asarray(a, np.float32).astype(float) for a in arrays]


def save(path, meta=None, **factors):
    """A dump; keys are layer__factor for layer/factor."""
    members = {key.replace("__", "/"): value for key, value in factors.items()}
    if meta is not None:
        members["meta"] = json.dumps({"esscope": 1, **meta})
    np.savez_compressed(path, **members)
    return path


def tree(folder):
    """Names in a folder, hidden ones too: nothing half-written may stay."""
    return sorted(os.listdir(folder))
