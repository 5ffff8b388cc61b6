"""compute and spectrum against numpy in float64, for every kind."""
import os
import sys
import tempfile

sys.path.insert(0, os.path.join(os.environ.get("srcdir", "."), "tests"))
sys.path.insert(0, os.path.join(os.environ.get("srcdir", "."), "tests", "cli"))
from tap import done, import_or_skip, ok

np = import_or_skip("numpy")
import oracle
from cells import check

rng = np.random.default_rng(7)
H, G, L, N = 4, 2, 21, 5

T, = oracle.f32(np.tril(rng.normal(size=(H, L, L))))
check("dense", {"T": T}, T)
check("dense of one channel", {"T": T[0]}, T[:1])

q, k, g = oracle.f32(rng.normal(size=(H, L, N)), rng.normal(size=(H, L, N)),
                     rng.normal(size=(G, L, N)))
group = [h * G // H for h in range(H)]
check("softmax", {"q": q, "k": k}, [oracle.softmax(q[h], k[h])
                                    for h in range(H)], tss=lambda i: i)
check("softmax, scale, window and groups", {"q": q, "k": g},
      [oracle.softmax(q[h], g[group[h]], 0.8, 6) for h in range(H)],
      {"kind": "softmax", "scale": 0.8, "window": 6},
      tss=lambda i: min(i, 5))

slopes, sink, forget = oracle.f32(rng.exponential(0.3, H), rng.normal(size=H),
                                  -rng.exponential(0.2, (H, L)))
mask = np.ones(L)
mask[:3] = 0            # padding on the left: rows that see no key
check("softmax, slopes, sink and softcap",
      {"q": q, "k": k, "slopes": slopes, "sink": sink},
      [oracle.softmax(q[h], k[h], softcap=2.0, slope=slopes[h], sink=sink[h])
       for h in range(H)], {"kind": "softmax", "softcap": 2.0},
      tss=lambda i: i)
sink[0] = -np.inf
check("softmax, a head without its sink", {"q": q, "k": k, "sink": sink},
      [oracle.softmax(q[h], k[h], sink=sink[h]) for h in range(H)],
      {"kind": "softmax"}, tss=lambda i: i)
check("softmax, forget gates and mask",
      {"q": q, "k": k, "la": forget, "mask": mask},
      [oracle.softmax(q[h], k[h], la=forget[h], mask=mask) for h in range(H)],
      {"kind": "softmax"}, tss=lambda i: i)

for read in "post", "pre":
    meta = {"kind": "decay", "read": read, "scale": 0.5}
    shapes = {
        "no la": None,
        "la (H)": (H,), "la (H,L)": (H, L), "la (H,N)": (H, N),
        "la (H,L,N)": (H, L, N),
    }
    for name, shape in shapes.items():
        factors, la = {"q": q, "k": g}, [None] * H
        if shape:
            factors["la"], = oracle.f32(-rng.exponential(0.3, shape))
            la = [x[:, None] if shape == (H, L) else x
                  for x in factors["la"]]
        check(f"decay, {name}, read {read}", factors,
              [oracle.decay(q[h], g[group[h]], la[h], 0.5, read)
               for h in range(H)], meta, tss=lambda i: N)

positive = np.abs(q), np.abs(k)
check("decay, normalised", {"q": positive[0], "k": positive[1]},
      [oracle.normalized(oracle.decay(positive[0][h], positive[1][h]))
       for h in range(H)], {"kind": "decay", "normalize": True},
      tss=lambda i: N)
before = [oracle.decay(positive[0][h], positive[1][h], read="pre")
          for h in range(H)]
check("decay, normalised, read pre", {"q": positive[0], "k": positive[1]},
      [oracle.normalized(T) for T in before],
      {"kind": "decay", "normalize": True, "read": "pre"}, tss=lambda i: N)
reset = -rng.exponential(0.3, (H, L))
reset[:, 9] = -np.inf
reset, = oracle.f32(reset)
check("decay with a reset", {"q": q, "k": k, "la": reset},
      [oracle.decay(q[h], k[h], reset[h][:, None]) for h in range(H)],
      tss=lambda i: N)

unit = k / np.linalg.norm(k, axis=2, keepdims=True)
unit, beta, each = oracle.f32(unit, rng.uniform(0, 1, (H, L)),
                              -rng.exponential(0.2, (H, L, N)))
check("delta rule", {"q": q, "k": unit, "beta": beta},
      [oracle.delta(q[h], unit[h], beta[h]) for h in range(H)],
      tss=lambda i: N)
check("gated delta rule, scale", {"q": q, "k": unit, "beta": beta,
                                  "la": forget},
      [oracle.delta(q[h], unit[h], beta[h], forget[h][:, None], 0.3)
       for h in range(H)], {"kind": "delta", "scale": 0.3}, tss=lambda i: N)
check("delta rule, a decay a state", {"q": q, "k": unit, "beta": beta,
                                      "la": each},
      [oracle.delta(q[h], unit[h], beta[h], each[h]) for h in range(H)],
      tss=lambda i: N)
wide = rng.normal(size=(2, 1, 96, 40))
wide[1] /= np.linalg.norm(wide[1], axis=2, keepdims=True)
much, gate = oracle.f32(rng.uniform(0, 1, (1, 96)),
                        -rng.exponential(0.1, (1, 96)))
wide, = oracle.f32(wide)
gate[0, 30:60:10] = -np.inf     # H_i = 0 there: a new document
gate[0, [65, 75]] = -46         # and here nearly
check("gated delta rule, documents and a state of 40",
      {"q": wide[0], "k": wide[1], "beta": much, "la": gate},
      [oracle.delta(wide[0, 0], wide[1, 0], much[0], gate[0][:, None])],
      tss=lambda i: 40)
a, b = oracle.f32(-unit, unit * rng.uniform(0, 1, (H, L, N)))
check("delta rule, dplr", {"q": q, "k": k, "a": a, "b": b, "la": each},
      [oracle.dplr(q[h], k[h], a[h], b[h], each[h]) for h in range(H)],
      {"kind": "delta", "form": "dplr"}, tss=lambda i: N)

D = 3
dt, A, B, C = oracle.f32(rng.exponential(0.5, (D, L)),
                         -rng.exponential(1.0, (D, N)),
                         rng.normal(size=(L, N)), rng.normal(size=(L, N)))
check("s6", {"dt": dt, "A": A, "B": B, "C": C},
      [oracle.s6(dt[d], A[d], B, C) for d in range(D)], tss=lambda i: N)

low, w, bias = oracle.f32(rng.normal(size=(L, 2)), rng.normal(size=(D, 2)),
                          rng.normal(size=D))
groups = oracle.f32(rng.normal(size=(3, L, N)), rng.normal(size=(3, L, N)))
check("s6, low-rank dt and groups",
      {"dt_low": low, "dt_w": w, "dt_bias": bias, "A": A, "B": groups[0],
       "C": groups[1]},
      [oracle.s6(np.logaddexp(0, low @ w[d] + bias[d]), A[d], groups[0][d],
                 groups[1][d]) for d in range(D)], tss=lambda i: N)

sa, sb, sc = oracle.f32(rng.uniform(0.2, 1, (D, L)), rng.normal(size=(D, L)),
                        rng.normal(size=(D, L)))
check("scalar", {"a": sa, "b": sb, "c": sc},
      [oracle.decay(sc[d][:, None], sb[d][:, None], np.log(sa[d])[:, None])
       for d in range(D)], tss=lambda i: 1)

h, gq, gk = oracle.f32(rng.normal(size=(D, 8)), rng.normal(size=(D, L)),
                       rng.normal(size=(D, L)))
check("toeplitz with gates", {"h": h, "gq": gq, "gk": gk},
      [oracle.toeplitz(h[d], L, gq[d:d + 1], gk[d:d + 1]) for d in range(D)],
      tss=lambda i: min(i, 7))
fold_q, fold_k = oracle.f32(rng.normal(size=(2, D, L)),
                            rng.normal(size=(2, D, L)))
check("toeplitz with folded gates", {"h": h, "gq": fold_q, "gk": fold_k},
      [oracle.toeplitz(h[d], L, fold_q[:, d], fold_k[:, d]) for d in range(D)],
      tss=lambda i: min(i, 7))
check("toeplitz, length in meta", {"h": h},
      [oracle.toeplitz(h[d], L) for d in range(D)],
      {"kind": "toeplitz", "length": L}, tss=lambda i: min(i, 7))

rows = check("a metadata tss overrides", {"q": q, "k": k},
             [oracle.softmax(q[h], k[h]) for h in range(H)],
             {"kind": "softmax", "tss": 3}, tss=lambda i: 3)
ok({row["method"] for row in rows} == {"direct"}, "--with method")

# Of a short kernel nothing but H_i's own corner is formed, however long L is.
with tempfile.TemporaryDirectory() as folder:
    taps, long = h[0, :3], 1 << 22
    path = oracle.save(os.path.join(folder, "x.npz"), {"layers": {
        "m": {"kind": "toeplitz", "length": long}}}, m__h=taps[None])
    rows = oracle.rows(path, "--position", f"5:{long}:{(long - 10) // 4}")
s = np.linalg.svd([[taps[2], taps[1]], [0, taps[2]]], compute_uv=False)
ok(len(rows) == 5 and all(
    abs(float(row["sigma_max"]) - s[0]) < 1e-9 and
    abs(float(row["sigma_sum"]) - s.sum()) < 1e-9 for row in rows),
   f"three taps of {long} positions", str(rows))
done()
