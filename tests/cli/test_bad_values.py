"""Right numbers under the wrong name, NaN, and too little memory: the channel
fails with one sentence that names the fix, the others are computed."""
import os
import resource
import sys
import tempfile

sys.path.insert(0, os.path.join(os.environ.get("srcdir", "."), "tests"))
sys.path.insert(0, os.path.join(os.environ.get("srcdir", "."), "tests", "cli"))
from tap import done, import_or_skip, ok, skip

np = import_or_skip("numpy")
import oracle

ROOM = tempfile.TemporaryDirectory()
os.chdir(ROOM.name)
rng = np.random.default_rng(3)
C, L, N = 3, 24, 4
gates = rng.uniform(0.2, 0.99, (C, L))
raw = rng.normal(size=(C, L))


def run(factors, meta):
    path = oracle.save("x.npz", {"layers": {"m": meta}}, **{
        f"m__{key}": value for key, value in factors.items()})
    result = oracle.esscope("compute", path)
    rows = result.stdout.decode().split("\n")[1:-1]
    return (result.returncode, result.stderr.decode(),
            [row.split("\t")[3] for row in rows])


def spoiled(good, bad, channel=1):
    """The bad values in one channel only."""
    mixed = np.array(good)
    mixed[channel] = np.asarray(bad)[channel] if np.ndim(bad) else bad
    return mixed


def fails(name, factors, meta, *words, count=L - 1, channels=C):
    status, text, rows = run(factors, meta)
    want = [str(c) for c in range(channels) if c != 1 for _ in range(count)]
    ok(status == 1 and text.count("\n") == 1 and rows == want
       and all(word in text for word in ("x.npz: m: ", "channel 1", *words)),
       name, f"{status} {text} {rows[:2]} {len(rows)}")


def fine(name, factors, meta, *words, lines=0):
    status, text, rows = run(factors, meta)
    ok(status == 0 and text.count("\n") == lines and len(rows) >= L - 1
       and all(word in text for word in words), name, text)


q, k = rng.normal(size=(C, L, N)), rng.normal(size=(C, L, N))
k /= np.linalg.norm(k, axis=2, keepdims=True)
decay, softmax = {"kind": "decay"}, {"kind": "softmax"}
delta, scalar = {"kind": "delta"}, {"kind": "scalar"}
s6, toeplitz = {"kind": "s6"}, {"kind": "toeplitz"}
two = {"q": q, "k": k}

for value in np.nan, np.inf, -np.inf:
    hole = q.copy()
    hole[1, 5, 2] = value
    word = "nan" if np.isnan(value) else "inf"
    for kind in decay, softmax, delta:
        fails(f"{value} in q of {kind['kind']}",
              {"q": hole, "k": k, **({"beta": gates} if kind is delta else {})},
              kind, "q holds", word)
    fails(f"{value} in T", {"T": np.where(
          np.tri(L) > 0, spoiled(np.ones((C, L, L)), value), 0)},
          {"kind": "dense"}, "T holds", word)
    fails(f"{value} in h", {"h": spoiled(gates, value)}, toeplitz, "h holds",
          word)
    fails(f"{value} in dt", {"dt": spoiled(gates, value),
          "A": -np.ones((C, N)), "B": q[0], "C": q[0]}, s6, "dt holds", word)
    fails(f"{value} in A", {"dt": gates, "A": spoiled(-np.ones((C, N)), value),
          "B": q[0], "C": q[0]}, s6, "A holds", word)
    fails(f"{value} in a", {"a": spoiled(gates, value)}, scalar, "a holds",
          word)
    if value != -np.inf:
        fails(f"{value} in la", {**two, "la": spoiled(-gates, value)}, decay,
              "la holds", word)
        fails(f"{value} in the sink", {**two, "sink": spoiled(np.zeros(C),
              value)}, softmax, "sink holds", word)
half = spoiled(np.ones((C, L, N)), 7e4).astype("f2")
fails("an overflow of f16", {"q": half, "k": k}, decay, "inf", "65504", "f32")

reset = -gates
reset[:, 7] = -np.inf
for kind in decay, softmax, {**delta, "scale": 0.5}:
    beta = {"beta": gates} if kind["kind"] == "delta" else {}
    name = kind["kind"]
    fine(f"{name}: la = -inf is a reset", {**two, "la": reset, **beta}, kind)
    fails(f"{name}: gates in la", {**two, "la": spoiled(-gates, gates),
          **beta}, kind, "la holds", "gates in (0, 1)", "logarithm")
    fails(f"{name}: raw gates in la", {**two, "la": spoiled(-gates, raw),
          **beta}, kind, "la holds", "logsigmoid")
fine("la > 0 that is meant", {**two, "la": gates / 9},
     {**decay, "growth": True})
fails("logarithms in a", {"a": spoiled(gates, np.log(gates))}, scalar,
      "a holds", "exp")
fine("negative poles, all alike", {"a": np.full((C, L), -0.5)}, scalar)
fine("poles of both signs", {"a": np.tile([0.5, -0.5], (C, L // 2))}, scalar)
fine("all closed", {"a": np.zeros((C, L))}, scalar)
fine("negative gates that are meant", {"a": -gates},
     {**scalar, "growth": True})
fine("gates before their sigmoid", {"a": 3 * raw}, scalar, "sigmoid", lines=1)


def mamba(**more):
    return {"dt": gates, "A": -np.ones((C, N)), "B": q[0], "C": q[1], **more}


fails("dt before softplus", mamba(dt=spoiled(gates, raw)), s6, "dt holds",
      "softplus")
fails("A_log in A", mamba(A=spoiled(-np.ones((C, N)), np.log(np.tile(
      np.arange(1.0, N + 1), (C, 1))))), s6, "A holds", "-exp(A_log)")
fine("a dt beyond what is usual", mamba(dt=gates * 40), s6, "dt holds",
     "softplus", lines=1)
fine("keys that were not normalised", {"q": q, "k": 2 * k, "beta": gates},
     delta, "|k|^2", "L2", lines=1)
fine("beta before its sigmoid", {**two, "beta": raw}, delta, "beta holds",
     "sigmoid", lines=1)
fine("a clean delta rule", {**two, "beta": gates}, delta)
fine("a clean s6", mamba(), s6)
status, text, rows = run({**two, "mask": np.where(np.arange(L) < 3, -1e4, 0)},
                         softmax)
ok(status == 1 and "mask" in text and "logits" in text and not rows,
   "an additive mask", text)
grown = np.where(np.arange(C)[:, None] == 1, 3e2, 0.1) * np.ones((C, L))
fails("a product that overflows", {"q": np.ones((C, L, 1)),
      "k": np.ones((C, L, 1)), "la": grown},
      {**decay, "growth": True}, "overflows", count=L - 1)


def limited():
    resource.setrlimit(resource.RLIMIT_AS, (640 << 20, 640 << 20))


def memory():
    """A channel larger than the memory between two that are small."""
    small = {"q": q[:1], "k": k[:1]}
    large = {
        "more factors": {"q": np.ones((1, 4 << 20, 32), "f2"),
                         "k": np.ones((1, 4 << 20, 32), "f2")},
        "a larger H": {"q": np.ones((1, 20000, 1)),
                       "k": np.ones((1, 20000, 1))},
        "more gates": {"h": np.ones((1, 4), "f2"),
                       "gq": np.ones((16, 1, 4 << 20), "f2")},
    }
    for name, factors in large.items():
        layers = {f"{layer}__{key}": value
                  for layer, found in (("a", small), ("m", factors),
                                       ("z", small))
                  for key, value in found.items()}
        np.savez_compressed("x.npz", **{
            key.replace("__", "/"): value for key, value in layers.items()})
        result = oracle.esscope("compute", "x.npz", "--threads", "1",
                                "--exact", "--position", "10:10001:9990",
                                preexec_fn=limited)
        rows = [line.split("\t")[1] for line in
                result.stdout.decode().split("\n")[1:-1]]
        text = result.stderr.decode()
        said = [line for line in text.split("\n") if "memory" in line]
        ok(result.returncode == 1 and rows == ["a", "z"] and len(said) == 1
           and (": m" in said[0] or "/m" in said[0] or " m/" in said[0]),
           f"{name} than memory: one channel fails", f"{text} {rows}")


def no_blas():
    """Memory for all but the buffer of BLAS, which tries for ever to get it:
    a whole softmax of 12000 positions leaves too little. OpenBLAS's own threads,
    which would try for ever as well, are not there."""
    factor = np.ones((1, 12000, 8), "f4") * rng.normal(size=(12000, 1))
    path = oracle.save("x.npz", {"layers": {"m": softmax}}, m__q=factor,
                       m__k=factor)
    for room in range(300, 641, 68):
        result = oracle.esscope(
            "compute", path, "--threads", "1", "--position", "50",
            preexec_fn=lambda: resource.setrlimit(
                resource.RLIMIT_AS, (room << 20, room << 20)),
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1"})
        text = result.stderr.decode()
        ok(result.returncode == 0 if not text else
           result.returncode == 1 and text.count("\n") == 1
           and "memory" in text, f"{room} MiB: a number, or one sentence",
           f"{result.returncode} {text}")


try:
    able = oracle.esscope("compute", oracle.save(
        "x.npz", m__q=q, m__k=k), preexec_fn=limited).returncode == 0
except OSError:
    able = False
if able:
    memory()
    no_blas()
else:
    skip("too little memory", "a sanitizer wants more than the limit here")
os.chdir("/")
done()
