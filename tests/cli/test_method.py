"""--method, --exact, and what the sliding factor prints, against numpy."""
import os
import sys
import tempfile
from decimal import Decimal

sys.path.insert(0, os.path.join(os.environ.get("srcdir", "."), "tests"))
sys.path.insert(0, os.path.join(os.environ.get("srcdir", "."), "tests", "cli"))
from tap import done, import_or_skip, ok

np = import_or_skip("numpy")
import oracle

rng = np.random.default_rng(3)
WITH = ("--with", "method,error,floor,entropy_error")
folder = tempfile.mkdtemp()


def recurrence(L, n):
    a = np.exp(-np.exp(rng.normal(size=(L, n)) - 3))
    b, c = rng.normal(size=(2, L, n))
    state, T = np.zeros((L, n)), np.zeros((L, L))
    for i in range(L):
        state[:i] *= a[i]
        state[i] = b[i]
        T[i, :i + 1] = state[:i + 1] @ c[i]
    return T


def save(name, kind, **factors):
    return oracle.save(os.path.join(folder, name + ".npz"),
                       {"layers": {"m": {"kind": kind}}},
                       **{"m__" + key: value
                          for key, value in factors.items()})


def check(path, T, name, rounded=False):
    """Every cell against every singular value of its H_i."""
    L = len(T)
    rows = oracle.rows(path, "--threads", 2, *WITH)
    slid, wrong = 0, []
    for row in rows:
        i = int(row["position"])
        s = oracle.spectrum(T, i)
        slid += row["method"] == "sliding"
        error, floor = float(row["error"]), float(row["floor"])
        off = abs(float(row["ess_entropy"]) - oracle.entropy(s))
        good = abs(float(row["sigma_max"]) - s[0]) \
            <= error + 1e-13 * s[0]
        good &= error <= 1e-8 * s[0] and floor <= 1e-6 * s[0]
        good &= off <= float(row["entropy_error"]) + 1e-9
        good &= rounded or off <= 1e-6
        good &= not oracle.clear(s, ("rel", 1e-3)) \
            or int(row["ess_rel_1e-3"]) == oracle.count(s, ("rel", 1e-3))
        if not good:
            wrong.append(f"{row} but {s[:4]}, {oracle.entropy(s)}")
    ok(len(rows) == L - 1 and not wrong, f"{name}: numbers are numpy's",
       "\n".join(wrong[:3]))
    ok(slid > 0.9 * L, f"{name}: {slid} of {L - 1} positions slid")
    some = {r["position"]: r for r in oracle.rows(
        path, "--position", "7::31", "--threads", 1, *WITH)}
    ok(all(some[r["position"]] == r for r in rows if r["position"] in some),
       f"{name}: the same for some of the positions, and one thread")
    exact = oracle.rows(path, "--exact", *WITH)
    ok(all(r["method"] != "sliding" and float(r["error"])
           <= 1e-9 * float(r["sigma_max"]) for r in exact),
       f"{name}: --exact never slides")
    forced = oracle.rows(path, "--method", "sliding", *WITH)
    ok(len(forced) == L - 1 and all(r["method"] == "sliding" and abs(
        float(r["sigma_max"]) - float(e["sigma_max"])) <= float(r["error"])
        + 1e-13 * float(e["sigma_max"]) for r, e in zip(forced, exact)),
       f"{name}: --method sliding always does, within its bound")


L = 260
T = recurrence(L, 6)
check(save("f64", "dense", T=T), T, "dense f64 of rank 6")
T32 = T.astype(np.float32)
check(save("f32", "dense", T=T32), T32.astype(float), "dense f32 of rank 6",
      rounded=True)

q, k = oracle.f32(*(rng.normal(size=(2, 1, L, 2)) * 0.5))
soft = save("softmax", "softmax", q=np.float32(q), k=np.float32(k))
check(soft, oracle.softmax(q[0], k[0]), "softmax of two dimensions")

h = (np.exp(-np.arange(L) / 40)[None] * np.cos(
    np.arange(L) / 9)[None] + np.exp(-np.arange(L) / 7)[None])
gq, gk = oracle.f32(*rng.normal(size=(2, 1, L)))
lag = np.arange(L)[:, None] - np.arange(L)[None]
kernel = np.where(lag >= 0, h[0][np.abs(lag)], 0)
check(save("toeplitz", "toeplitz", h=h, gq=np.float32(gq),
           gk=np.float32(gk)), gq[0][:, None] * kernel * gk[0],
      "toeplitz of a smooth kernel")

full = np.tril(rng.normal(size=(300, 300)))
rows = oracle.rows(save("full", "dense", T=full), *WITH)
ok(all(r["method"] != "sliding" for r in rows
       if 100 <= int(r["position"]) < 200),
   "full rank: an exact method where it is large")
ok(all(abs(float(r["sigma_max"]) - oracle.spectrum(full, int(
    r["position"]))[0]) <= 1e-9 * float(r["sigma_max"]) for r in rows),
   "full rank: numbers are numpy's")
ok([int(r["position"]) for r in rows] == list(range(1, 300)),
   "full rank: every position, in order")

q, k = rng.normal(size=(2, 1, 200, 16))
path = oracle.save(os.path.join(folder, "window.npz"), {"layers": {"m": {
    "kind": "softmax", "scale": .1, "window": 50}}}, m__q=q, m__k=k)
rows = oracle.rows(path, "--method", "sliding", "--tol", "0")
ok(all(int(r["ess_abs_0"]) <= int(r["ceiling"]) for r in rows),
   "no more values than the window leaves")

half = recurrence(900, 2)
half[560:, 560:] += np.tril(rng.normal(size=(340, 340)))
rows = oracle.rows(save("half", "dense", T=half), *WITH)
methods = {r["method"] for r in rows}
ok("sliding" in methods and "block" in methods
   and [int(r["position"]) for r in rows] == list(range(1, 900)),
   f"a rank that jumps: {methods}, every position in order")

rows = oracle.rows(save("fine", "dense", T=T32), "--rel-tol", "1e-7", *WITH)
ok(all(r["method"] != "sliding" for r in rows),
   "a tolerance of 1e-7 counts what sliding drops: exact methods")

near = np.float32(rng.normal(size=(L, 5)) @ rng.normal(size=(5, L))
                  + 1e-7 * rng.normal(size=(L, L)))
path = save("near", "dense", T=np.tril(near))
for tol, slides in (("1e-3", True), ("4e-6", False), ("1e-8", False)):
    rows = oracle.rows(path, "--tol", tol, *WITH)
    asked = ("abs", float(tol))
    truth = [(r, oracle.spectrum(near.astype(float), int(r["position"])))
             for r in rows]
    ok(len(rows) == L - 1 and all(
        int(r["ess_abs_" + tol]) == oracle.count(s, asked)
        for r, s in truth if oracle.clear(s, asked))
       and slides == (sum(r["method"] == "sliding" for r in rows) > L / 2),
       f"--tol {tol}: counts all that it could, "
       + ("sliding" if slides else "where that drops some, exactly"))

result = oracle.esscope("compute", soft, "--method", "state")
lines = result.stderr.decode().splitlines()
ok(result.returncode == 1 and len(lines) == 1 and not result.stdout
   and "state" in lines[0] and "softmax" in lines[0],
   "--method state of a softmax layer: one sentence", "\n".join(lines))
for arguments in (["--method", "gram"], ["--method", "direct", "--exact"]):
    result = oracle.esscope("compute", soft, *arguments)
    ok(result.returncode == 2 and len(result.stderr.splitlines()) == 2,
       f"{' '.join(arguments)} is a usage error", result.stderr.decode())
rows = oracle.rows(soft, "--method", "direct", "--with", "method",
                   "--position", "100")
ok(rows[0]["method"] == "direct", "--method direct")

# A decay that is rounded alike at every step, against its closed form: T[i][j]
# = a^(i-j) has one singular value, of geometric sums.
for L, la in (1000, -1e-7), (20000, -1e-7), (20000, -1e-4), (3000, -0.2):
    path = save("alike", "decay", q=np.ones((1, L, 1)), k=np.ones((1, L, 1)),
                la=np.full((1, L, 1), la))
    row = oracle.rows(path, "--position", L // 2, "--method", "state",
                      "--with", "error")[0]
    square = (Decimal(la) * 2).exp()
    exact = ((1 - square ** (L - L // 2)) * square
             * (1 - square ** (L // 2))).sqrt() / (1 - square)
    off = abs(Decimal(float(row["sigma_max"])) - exact)
    ok(off <= Decimal(float(row["error"]))
       and float(row["error"]) < 1e-11 * float(exact),
       f"L={L}, la={la}: off by {off:.1e}, at most {row['error']}")

# An attention sink: a column of large entries beside small ones.
L = 128
T = np.zeros((L, L))
T[:, 0] = 1 + rng.uniform(0, 0.5, L)
for i in range(L // 2 + 4, L):
    T[i, rng.integers(1, L // 2)] = 1.2e-8 * T[i, 0]
path = oracle.save(os.path.join(folder, "sink.npz"), T=T)
rows = oracle.rows(path, "--tol", "1e-9")
wrong = [row["position"] for row in rows if int(row["ess_abs_1e-9"]) != (
    oracle.spectrum(T, int(row["position"])) > 1e-9).sum()]
ok(len(rows) == L - 1 and not wrong, "entries far below a sink are counted",
   wrong)
done()
