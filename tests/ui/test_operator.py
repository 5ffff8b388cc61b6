"""T on the screen is T: the value under the cursor, of every kind of operator,
against numpy."""
import os
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.environ.get("srcdir", "."), "tests"))
sys.path.insert(0, os.path.join(os.environ.get("srcdir", "."), "tests",
                                "cli"))
from tap import BUILD, done, import_or_skip, ok

np = import_or_skip("numpy")
import oracle  # noqa: E402: needs numpy

rng = np.random.default_rng(7)
SHOW = os.path.join(BUILD, "tests", "ui", "show_screen")
folder = tempfile.TemporaryDirectory()
L, N = 48, 4


def frame(path, keys, rows=40, columns=120):
    """The screen after these keys, as one text."""
    result = subprocess.run([SHOW, str(rows), str(columns), keys, path],
                            capture_output=True, check=False, timeout=300)
    if result.returncode:
        return f"exit {result.returncode}: {result.stderr.decode()}"
    return result.stdout.decode()


def save(name, factors, **meta):
    path = os.path.join(folder.name, name + ".npz")
    layer = {"layers": {"layer": meta}} if meta else None
    return oracle.save(path, layer, **{f"layer__{key}": value
                                       for key, value in factors.items()})


def values_of(text):
    """Row, column, T and the range of |T| in its pixel, as the screen has
    them."""
    place = re.search(r"row (\d+) col (\d+)", text)
    value = re.search(r"T = (-?[\d.e+-]+)(?: ([+-]) ([\d.e+-]+)i)?", text)
    if not place or not value:
        return None, None, None
    number = float(value[1])
    if value[2]:
        number += 1j * float(value[2] + value[3])
    return int(place[1]), int(place[2]), number


def is_near(got, want):
    return got is not None and abs(got - want) <= 1e-5 * abs(want) + 1e-300


def check(name, factors, T, **meta):
    path = save(name, factors, **meta)
    right = []
    for keys, row, column in (("o", L // 2, L // 2 - 1),
                              ("o7j9h", L // 2 + 7, L // 2 - 10),
                              ("o3h99j", L - 1, L // 2 - 4),
                              ("o20k++2j3h", 6, 1)):
        r, c, got = values_of(frame(path, keys))
        right.append((r, c) == (row, column) and is_near(got, T[row, column]))
        if not right[-1]:
            print(f"# {keys}: {r}, {c}: {got}, not {row}, {column}: "
                  f"{T[row, column]}")
    ok(all(right), f"{name}: T at the cursor")


q, k = rng.standard_normal((2, 1, L, N))
la = -np.abs(rng.standard_normal((1, L))) / 8
check("softmax", {"q": q, "k": k}, oracle.softmax(q[0], k[0]))
check("decay", {"q": q, "k": k, "la": la},
      oracle.decay(q[0], k[0], la[0][:, None]))
spin = rng.standard_normal((1, L, N)) / 4
check("complex", {"q": q.astype(complex), "k": k.astype(complex),
                  "la": la[:, :, None] + 1j * spin},
      oracle.decay(q[0].astype(complex), k[0].astype(complex),
                   la[0][:, None] + 1j * spin[0]))
check("complex, its real part",
      {"q": q.astype(complex), "k": k.astype(complex),
       "la": la[:, :, None] + 1j * spin},
      oracle.decay(q[0].astype(complex), k[0].astype(complex),
                   la[0][:, None] + 1j * spin[0]).real, kind="decay",
      re=True)
check("decay that reads before", {"q": q, "k": k, "la": la},
      oracle.decay(q[0], k[0], la[0][:, None], read="pre"), kind="decay",
      read="pre")
beta = rng.random((1, L)) / N
check("delta", {"q": q, "k": k, "beta": beta, "la": la},
      oracle.delta(q[0], k[0], beta[0], la[0][:, None]))
dense = np.tril(rng.standard_normal((1, L, L)))
check("dense", {"T": dense}, dense[0])
dt, A = rng.random((1, L)) / 4, -rng.random((1, N))
check("s6", {"dt": dt, "A": A, "B": q[0], "C": k[0]},
      oracle.s6(dt[0], A[0], q[0], k[0]))
taps = rng.standard_normal((1, L))
check("toeplitz", {"h": taps}, sum(np.diag(np.full(L - n, taps[0, n]), -n)
                                   for n in range(L)))
done()
