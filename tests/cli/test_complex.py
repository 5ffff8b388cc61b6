"""Complex factors against numpy in complex128: T as it is, and with re its real
part, of which a recurrence of n modes has 2 n real states."""
import json
import os
import sys
import tempfile

sys.path.insert(0, os.path.join(os.environ.get("srcdir", "."), "tests"))
sys.path.insert(0, os.path.join(os.environ.get("srcdir", "."), "tests", "cli"))
from tap import done, import_or_skip, ok

np = import_or_skip("numpy")
import oracle
from cells import check

rng = np.random.default_rng(11)
H, G, L, N, D = 4, 2, 21, 3, 2


def c8(*arrays):
    """As a dump stores them, and as the program reads them."""
    return [np.asarray(a, np.complex64).astype(complex) for a in arrays]


def normal(*shape):
    return rng.normal(size=shape) + 1j * rng.normal(size=shape)


def both(name, factors, operators, meta, tss=None, real_tss=None):
    """Without re and with it, and stored in the other byte order."""
    check(name, factors, operators, meta, tss)
    check(f"{name}, re", factors, [T.real for T in operators],
          {**meta, "re": True}, real_tss or tss)

    def swapped(value):
        value = np.asarray(value)
        return value.astype(">c16" if value.dtype.kind == "c" else ">f8")

    check(f"{name}, >c16", factors, operators, meta, tss, store=swapped)


T, = c8(np.tril(normal(H, L, L)))
both("dense", {"T": T}, T, {"kind": "dense"})

h, gq, gk = c8(normal(D, 8), normal(D, L), normal(D, L))
real, = oracle.f32(rng.normal(size=(D, L)))
both("toeplitz", {"h": h, "gq": gq, "gk": gk},
     [oracle.toeplitz(h[d], L, gq[d:d + 1], gk[d:d + 1]) for d in range(D)],
     {"kind": "toeplitz"}, lambda i: min(i, 7))
both("toeplitz with a real gate", {"h": h, "gq": real},
     [oracle.toeplitz(h[d], L, real[d:d + 1]) for d in range(D)],
     {"kind": "toeplitz"}, lambda i: min(i, 7))
taps, = oracle.f32(rng.normal(size=(D, 8)))
folds = c8(normal(2, D, L), normal(2, D, L))
both("toeplitz, complex folds of a real kernel",
     {"h": taps, "gq": folds[0], "gk": folds[1]},
     [oracle.toeplitz(taps[d], L, folds[0][:, d], folds[1][:, d])
      for d in range(D)], {"kind": "toeplitz"}, lambda i: min(i, 7))

a, b, c = c8(rng.uniform(0.3, 1, (D, L)) * np.exp(1j * normal(D, L).real),
             normal(D, L), normal(D, L))
both("scalar", {"a": a, "b": b, "c": c},
     [oracle.decay(c[d][:, None], b[d][:, None], np.log(a[d])[:, None])
      for d in range(D)], {"kind": "scalar"}, lambda i: 1, lambda i: 2)
both("scalar, a alone", {"a": a},
     [oracle.decay(np.ones((L, 1)), np.ones((L, 1)), np.log(a[d])[:, None])
      for d in range(D)], {"kind": "scalar"}, lambda i: 1, lambda i: 2)

q, k, g = c8(normal(H, L, N), normal(H, L, N), normal(G, L, N))
plain, = oracle.f32(rng.normal(size=(H, L, N)))
group = [head * G // H for head in range(H)]
for read in "post", "pre":
    meta = {"kind": "decay", "read": read, "scale": 0.5}
    for form, shape in (("H", (H,)), ("HL", (H, L)), ("HN", (H, N)),
                        ("HLN", (H, L, N))):
        la, = c8(-rng.exponential(0.2, shape)
                 + 1j * rng.uniform(-3, 3, shape))
        if form == "HLN":
            la[:, 9, 1] = -np.inf       # a reset of one mode
        each = [x[:, None] if form == "HL" else x for x in la]
        both(f"decay, la ({form}), read {read}",
             {"q": q, "k": g, "la": la},
             [oracle.decay(q[x], g[group[x]], each[x], 0.5, read)
              for x in range(H)], meta, lambda i: N, lambda i: 2 * N)
turn, = c8(-rng.exponential(0.2, (H, N)) + 1j * rng.uniform(-3, 3, (H, N)))
both("decay, real q and k", {"q": plain, "k": plain, "la": turn},
     [oracle.decay(plain[x], plain[x], turn[x]) for x in range(H)],
     {"kind": "decay"}, lambda i: N, lambda i: 2 * N)
both("decay, a real decay or none", {"q": q, "k": k},
     [oracle.decay(q[x], k[x]) for x in range(H)],
     {"kind": "decay"}, lambda i: N, lambda i: 2 * N)

dt, = oracle.f32(rng.exponential(0.3, (D, L)))
A, B, C = c8(-rng.exponential(1, (D, N)) + 1j * rng.uniform(-9, 9, (D, N)),
             normal(L, N), normal(L, N))
both("s6", {"dt": dt, "A": A, "B": B, "C": C},
     [oracle.s6(dt[d], A[d], B, C) for d in range(D)],
     {"kind": "s6"}, lambda i: N, lambda i: 2 * N)
B2, = oracle.f32(rng.normal(size=(L, N)))
both("s6, only A complex", {"dt": dt, "A": A, "B": B2, "C": B2},
     [oracle.s6(dt[d], A[d], B2, B2) for d in range(D)],
     {"kind": "s6"}, lambda i: N, lambda i: 2 * N)

# A list closed under conjugation: T is real without being told.
closed = [np.concatenate([x, x.conj()], -1) for x in (q, k, turn)]
Ts = [oracle.decay(closed[0][x], closed[1][x], closed[2][x]).real
      for x in range(H)]
check("decay, a list closed under conjugation",
      dict(zip(("q", "k", "la"), closed)), Ts, {"kind": "decay"},
      lambda i: 2 * N)
check("decay, half of that list and re, scale 2",
      {"q": q, "k": k, "la": turn}, Ts,
      {"kind": "decay", "re": True, "scale": 2}, lambda i: 2 * N)
many = 150
q, k = c8(normal(1, 2 * many, many), normal(1, 2 * many, many))
turn, = c8(-rng.exponential(0.02, (1, many))
           + 1j * rng.uniform(-3, 3, (1, many)))
check("decay, 150 modes", {"q": q, "k": k, "la": turn},
      [oracle.decay(q[0], k[0], turn[0])], {"kind": "decay"},
      lambda i: many)


# Each H_i by LAPACK, of a size at which it ends close to the end of a page: BLAS
# may read behind it.
many = 257
T, = c8(np.tril(normal(1, many, many)))
with tempfile.TemporaryDirectory() as folder:
    path = oracle.save(os.path.join(folder, "x.npz"),
                       {"layers": {"m": {"kind": "dense"}}},
                       m__T=T.astype("c8"))
    result = oracle.esscope("compute", path, "--threads", "1")
    most = [float(line.split("\t")[8])
            for line in result.stdout.decode().split("\n")[1:-1]]
    error = max((abs(s / np.linalg.norm(T[0, i:, :i], 2) - 1)
                 for i, s in enumerate(most, 1)), default=1)
    ok(result.returncode == 0 and len(most) == many - 1 and error < 1e-12,
       "every position of a complex T of 257",
       f"{result.returncode} {len(most)} {error}")


def refused(name, factors, meta, *words):
    with tempfile.TemporaryDirectory() as folder:
        path = oracle.save(os.path.join(folder, "x.npz"),
                           {"layers": {"m": meta}}, **{
                               f"m__{key}": value
                               for key, value in factors.items()})
        result = oracle.esscope("compute", path)
    text = result.stderr.decode()
    ok(result.returncode == 1 and text.count("\n") == 1
       and all(word in text for word in words), name, text)


one = normal(1, 8, 2)
refused("softmax takes no complex q", {"q": one, "k": one},
        {"kind": "softmax"}, "m: q is c128", "softmax", "dense")
refused("delta takes no complex k", {"q": one.real, "k": one,
        "beta": np.ones((1, 8))}, {"kind": "delta"}, "m: k is c128")
refused("nor is dt complex", {"dt": one[:, :, 0], "A": -np.ones((1, 2)),
        "B": one[0], "C": one[0]}, {"kind": "s6"}, "m: dt is c128", "real")
refused("nor a normaliser", {"q": one, "k": one},
        {"kind": "decay", "normalize": True}, "normalize")
refused("a complex decay that grows", {"q": one, "k": one,
        "la": np.array([0.1 + 1j])}, {"kind": "decay"}, "la", "0.1")
refused("an angle that is no number", {"q": one, "k": one,
        "la": np.array([complex(-1, np.nan)])}, {"kind": "decay"}, "la",
        "nan")
refused("a complex T that is not causal", {"T": np.tri(4).T * 1j},
        {"kind": "dense"}, "causal")

with tempfile.TemporaryDirectory() as folder:
    for meta, words in (({}, "T is complex"),
                        ({"re": True}, "T is the real part (re)")):
        path = oracle.save(os.path.join(folder, "x.npz"),
                           {"layers": {"m": {"kind": "scalar", **meta}}},
                           m__a=one[:, :, 0].astype("c8") / 4)
        text = oracle.esscope("info", path).stdout.decode()
        ok("c64" in text and words in " ".join(text.split()),
           f"info says that it is complex {meta}", text)
        found = json.loads(oracle.esscope("info", "--json", path).stdout)
        ok(found["dumps"][0]["layers"][0]["complex"] is (not meta),
           f"so does info --json {meta}", found)
done()
