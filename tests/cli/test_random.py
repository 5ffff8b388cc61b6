"""Dumps of every kind in sizes that nobody would choose: L = 2 and 3, one state
and 256, heads in groups, a batch, f16, bf16, f64 and big-endian factors."""
import os
import sys

sys.path.insert(0, os.path.join(os.environ.get("srcdir", "."), "tests"))
sys.path.insert(0, os.path.join(os.environ.get("srcdir", "."), "tests", "cli"))
from tap import done, import_or_skip

np = import_or_skip("numpy")
import oracle
from cells import check

rng = np.random.default_rng(2026)
DUMPS = 48


class Dump:
    """Factors as they are stored, and what is read of them in float64."""

    def __init__(self):
        self.store = rng.choice(["<f2", "<f4", "<f8", ">f4", "bf16"])
        self.batch = bool(rng.random() < 0.3)
        self.factors, self.axes = {}, {}

    def add(self, name, value, axes, batched=True):
        if self.store == "bf16":
            bits = np.asarray(value, np.float32).view(np.uint32) >> 16
            value = (bits << 16).astype(np.uint32).view(np.float32)
            stored = bits.astype(np.uint16).view("V2")
        else:
            stored = value = np.asarray(value).astype(self.store)
        if self.batch and batched:
            stored = np.stack([stored, stored[::-1]])
            axes = "B" + axes
        self.factors[name] = stored
        self.axes[name] = axes
        return value.astype(float)

    def check(self, name, operators, meta, tss):
        if self.store == "bf16":
            meta["dtype"] = "bf16"
        check(f"{name} {self.store}{' in a batch' if self.batch else ''}",
              self.factors, operators, {**meta, "axes": self.axes}, tss,
              lambda value: value)


def normal(*shape):
    return rng.normal(size=shape)


def log_gate(*shape):
    return -rng.exponential(rng.choice([0.01, 0.3, 2.0]), shape)


def softmax(dump, H, G, L, N):
    q, k = dump.add("q", normal(H, L, N), "HLN"), dump.add(
        "k", normal(G, L, N), "GLN")
    meta, more = {"kind": "softmax"}, {}
    window = None
    each = [{} for _ in range(H)]
    if rng.random() < 0.5:
        window = meta["window"] = int(rng.integers(1, L + 2))
    if rng.random() < 0.5:
        more["softcap"] = meta["softcap"] = float(rng.uniform(1, 5))
    for name, made, axes in (("slopes", rng.exponential(0.3, H), "H"),
                             ("sink", normal(H), "H"),
                             ("la", log_gate(H, L), "HL")):
        if rng.random() < 0.5:
            read = dump.add(name, made, axes, name == "la")
            for h in range(H):
                each[h]["slope" if name == "slopes" else name] = read[h]
    if rng.random() < 0.5:
        more["mask"] = dump.add("mask", rng.random(L) < 0.8, "L", False)
    return meta, [oracle.softmax(q[h], k[h * G // H], None, window, **more,
                                 **each[h]) for h in range(H)], \
        lambda i: min(i, (window or L + 1) - 1)


def decay(dump, H, G, L, N):
    q, k = dump.add("q", normal(H, L, N), "HLN"), dump.add(
        "k", normal(G, L, N), "GLN")
    read = str(rng.choice(["pre", "post"]))
    form = rng.choice(["none", "H", "HL", "HN", "HLN"])
    size = {"H": H, "L": L, "N": N}
    la = [None] * H
    if form != "none":
        la = dump.add("la", log_gate(*[size[x] for x in form]), form,
                      "L" in form)
        la = [x[:, None] if form == "HL" else x for x in la]
    return {"kind": "decay", "read": read}, [
        oracle.decay(q[h], k[h * G // H], la[h], 1.0, read)
        for h in range(H)], lambda i: N


def s6(dump, H, G, L, N):
    A = dump.add("A", -rng.exponential(1, (H, N)), "DN", False)
    B, C = dump.add("B", normal(G, L, N), "GLN"), dump.add(
        "C", normal(G, L, N), "GLN")
    if rng.random() < 0.5:
        dt = dump.add("dt", rng.exponential(0.3, (H, L)), "DL")
    else:
        low, w = dump.add("dt_low", normal(L, 3), "LX"), dump.add(
            "dt_w", normal(H, 3), "DX", False)
        dt = np.logaddexp(0, w @ low.T)
    return {"kind": "s6"}, [
        oracle.s6(dt[d], A[d], B[d * G // H], C[d * G // H])
        for d in range(H)], lambda i: N


def delta(dump, H, G, L, N):
    N = min(N, 64)
    q = dump.add("q", normal(H, L, N), "HLN")
    unit = normal(G, L, N)
    unit /= np.linalg.norm(unit, axis=2, keepdims=True)
    k = dump.add("k", unit, "GLN")
    beta = dump.add("beta", rng.uniform(0, 1, (H, L)), "HL")
    la = [None] * H
    if rng.random() < 0.6:
        la = dump.add("la", log_gate(H, L, N), "HLN")
    return {"kind": "delta"}, [oracle.delta(q[h], k[h * G // H], beta[h],
                                            la[h]) for h in range(H)], \
        lambda i: N


def toeplitz(dump, H, G, L, N):
    K = int(rng.integers(1, L + 3))
    h = dump.add("h", normal(H, K), "DK")
    gq, gk = dump.add("gq", normal(G, H, L), "RDL"), dump.add(
        "gk", normal(G, H, L), "RDL")
    return {"kind": "toeplitz"}, [
        oracle.toeplitz(h[d], L, gq[:, d], gk[:, d]) for d in range(H)], \
        lambda i: min(i, K - 1)


kinds = [softmax, decay, s6, delta, toeplitz]
for number in range(DUMPS):
    make = kinds[number % len(kinds)]
    G = int(rng.choice([1, 2, 3]))
    H = G * int(rng.choice([1, 2]))
    L = int(rng.choice([2, 3, 5, 17, 64] if make is not delta
                       else [2, 3, 5, 17]))
    N = int(rng.choice([1, 2, 5, 16, 31, 32, 33, 64, 100, 256]))
    dump = Dump()
    meta, operators, tss = make(dump, H, G, L, N)
    dump.check(f"{number}: {make.__name__} H={H} G={G} L={L} N={N}",
               operators, meta, tss)
done()
