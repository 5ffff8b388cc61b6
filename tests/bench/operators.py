"""Operators to time: each function gives (factors as they are dumped, T in
float64 or None where it would not fit), from random numbers of a fixed seed."""
import numpy as np

rng = np.random.default_rng(1)


def normal(*shape):
    return rng.normal(size=shape).astype("f4")


def softmax(L, n=64):
    q, k = normal(L, n), normal(L, n)
    logits = np.tril(q.astype(float) @ k.T.astype(float)) * n ** -0.5
    weights = np.tril(np.exp(logits))
    return {"m/q": q[None], "m/k": k[None]}, \
        weights / weights.sum(1, keepdims=True)


def stored(T):
    """T as a dense dump: what float32 keeps of it."""
    T = T.astype("f4")
    return {"m/T": T[None]}, T.astype(float)


def dense(L):
    """Full numerical rank: the weights of a softmax."""
    return stored(softmax(L)[1])


def low_rank(L, rank):
    """Rank `rank` up to the rounding of float32: H_i = P[i:] Q[:i]'."""
    return stored(np.tril(normal(L, rank).astype(float)
                          @ normal(L, rank).T.astype(float)))


def toeplitz(L):
    """As many taps as positions, fading slowly."""
    h = (normal(L) * np.exp(-np.arange(L) / (L / 4))).astype("f4")
    lag = np.arange(L)[:, None] - np.arange(L)
    return {"m/h": h[None]}, np.where(lag >= 0, h.astype(float)[lag], 0)


def delta(L, n=64):
    """Gated DeltaNet: A_t = (I - beta k k') exp(la)."""
    q, k = normal(L, n), normal(L, n)
    k /= np.linalg.norm(k, axis=1, keepdims=True)
    beta = rng.uniform(size=L).astype("f4")
    la = -np.exp(normal(L) - 4)
    T, X = np.zeros((L, L)), np.zeros((n, L))
    for i in range(L):
        key = k[i].astype(float)
        X[:, :i] *= np.exp(float(la[i]))
        X[:, :i] -= float(beta[i]) * np.outer(key, key @ X[:, :i])
        X[:, i] = float(beta[i]) * key
        T[i, :i + 1] = q[i].astype(float) @ X[:, :i + 1]
    return {"m/q": q[None], "m/k": k[None], "m/beta": beta[None],
            "m/la": la[None]}, T


def s6(L, n=16, most=8192):
    """Mamba's selective scan, one channel; no T beyond `most` positions."""
    dt = np.exp(normal(L) - 3)
    A = -np.arange(1, n + 1, dtype="f4")
    B, C = normal(L, n), normal(L, n)
    factors = {"m/dt": dt[None], "m/A": A[None], "m/B": B, "m/C": C}
    if L > most:
        return factors, None
    step, inputs, outputs = (x.astype(float) for x in (dt, B, C))
    a = np.exp(step[:, None] * A)
    T, state = np.zeros((L, L)), np.zeros((L, n))
    for i in range(L):
        state[:i] *= a[i]
        state[i] = step[i] * inputs[i]
        T[i, :i + 1] = state[:i + 1] @ outputs[i]
    return factors, T
