"""The block method against numpy, on operators that are hard in different
ways; and a position alone has the bits it has in company."""
import os
import sys
import tempfile

sys.path.insert(0, os.path.join(os.environ.get("srcdir", "."), "tests"))
sys.path.insert(0, os.path.join(os.environ.get("srcdir", "."), "tests", "cli"))
from tap import done, import_or_skip, ok

np = import_or_skip("numpy")
import oracle

rng = np.random.default_rng(5)
folder = tempfile.mkdtemp()
TOLERANCES = (("rel", 1e-3), ("rel", 1e-8))
ASK = ("--method", "block", "--with", "method,error", "--rel-tol", "1e-3",
       "--rel-tol", "1e-8")


def full(L):
    return rng.normal(size=(L, L))


def holes(L):
    T = full(L)
    T[rng.random(L) < .4] = 0
    T[:, rng.random(L) < .3] = 0
    return T


def resets(L):
    T = full(L)
    for r in rng.integers(1, L, 5):
        T[r:, :r] = 0
    return T


def jump(L):
    T = np.outer(*rng.normal(size=(2, L)))
    T[L // 2:] += 1e-3 * full(L)[L // 2:]
    return T


def graded(L):
    return full(L) * np.exp(rng.uniform(-30, 0, (L, 1))) \
        * np.exp(rng.uniform(-30, 0, L))


def delay(L):
    return np.eye(L, k=-3)


def sums(L):
    return np.ones((L, L))


def ours(path, *options):
    return {int(row["position"]): row
            for row in oracle.rows(path, *ASK, *options)}


def is_right(row, s):
    if s[0] == 0:
        return float(row["sigma_max"]) == float(row["ess_entropy"]) == 0
    entropy = oracle.entropy(s)
    return abs(float(row["sigma_max"]) - s[0]) < 1e-13 * s[0] \
        and abs(float(row["sigma_sum"]) - s.sum()) < 1e-13 * s.sum() \
        and abs(float(row["ess_entropy"]) - entropy) < 1e-10 * entropy \
        and float(row["error"]) <= 1e-13 * s[0] \
        and all(not oracle.clear(s, tol)
                or int(row[f"ess_rel_1e-{k}"]) == oracle.count(s, tol)
                for k, tol in zip((3, 8), TOLERANCES))


def check(make, L, scale):
    name = f"{make.__name__}, L = {L}, of size {scale:g}"
    path = os.path.join(folder, "x.npz")
    T = np.tril(make(L)) * scale
    np.savez(path, **{"m/T": T[None]})
    rows = ours(path, "--threads", 2)
    wrong = [row for i, row in rows.items()
             if not is_right(row, oracle.spectrum(T, i))]
    methods = [row["method"] for row in rows.values()]
    ok(len(rows) == L - 1 and not wrong, name, "\n".join(map(str, wrong[:3])))
    ok(methods.count("block") > L / 2 and set(methods) <= {"block", "direct"},
       f"{name}: by blocks")
    some = ours(path, "--position", f"{L // 3}::17")
    ok(all(rows[i] == row for i, row in some.items()),
       f"{name}: the same bits alone")


for make in (full, holes, resets, jump, graded, delay, sums):
    check(make, 97, 1.0)
for L in (64, 65, 200, 513):
    check(full, L, 1.0)
check(full, 128, 1e-200)
check(full, 128, 1e150)
done()
