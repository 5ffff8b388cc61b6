"""The dumps of samples/analytic hold the operators they promise: T is rebuilt
by numpy from the factors and its H_i have the ranks and values of the closed
forms."""
import os
import subprocess
import sys
import tempfile
import zipfile

sys.path.insert(0, os.path.join(os.environ.get("srcdir", "."), "tests"))
from tap import BUILD, done, import_or_skip, ok

np = import_or_skip("numpy")

ANALYTIC = os.path.join(BUILD, "samples", "analytic")
L, N = 24, 5


def run(*arguments):
    return subprocess.run([ANALYTIC, *arguments], capture_output=True,
                          text=True)


def dump(folder, kind, *options):
    path = os.path.join(folder, "x.npz")
    result = run(kind, "-L", str(L), "-n", str(N), "-o", path, *options)
    ok(result.returncode == 0, f"{kind} {' '.join(options)}", result.stderr)
    with zipfile.ZipFile(path) as z:
        ok(z.testzip() is None, "its members' CRCs are right")
    with np.load(path) as z:
        return {key.split("/")[-1]: z[key] for key in z.files}


def operator(kind, part, channel):
    """T by the formulas of esscope-dump(5)."""
    lower = np.tri(L)
    if "T" in part:
        return part["T"][channel]
    if "h" in part:
        taps = np.zeros(L)
        taps[:part["h"].shape[1]] = part["h"][channel]
        lag = np.arange(L)[:, None] - np.arange(L)[None, :]
        return np.where(lag >= 0, taps[np.maximum(lag, 0)], 0)
    q, k = part["q"][channel], part["k"][channel]
    if kind in ("softmax", "uniform"):
        weight = np.exp(q @ k.T / np.sqrt(q.shape[1])) * lower
        return weight / weight.sum(1, keepdims=True)
    la = part["la"][channel] if "la" in part else np.zeros_like(q)
    total = np.cumsum(la, 0)
    decay = np.exp(np.minimum(total[:, None] - total[None], 0))
    return (q[:, None] * decay * k[None]).sum(2) * lower


def closed_form(kind, i):
    """(rank, the largest singular values that are known)."""
    room = min(i, L - i)
    return {
        "identity": (0, []),
        "cumsum": (1, [np.sqrt(i * (L - i))]),
        "delay": (min(N, room), [1.0] * min(N, room)),
        "recurrence": (min(N, room), []),
        "uniform": (1, [np.sqrt(i * sum(1 / r**2
                                        for r in range(i + 1, L + 1)))]),
        "softmax": (room, []),
    }[kind]


def check(folder, kind, *options):
    part = dump(folder, kind, "--channels", "2", *options)
    eps = 1e-13
    wrong = []
    for channel in range(2):
        t = operator(kind, part, channel)
        for i in range(1, L):
            s = np.linalg.svd(t[i:, :i], compute_uv=False)
            rank, known = closed_form(kind, i)
            if (s > eps * max(s[0], 1)).sum() != rank or not np.allclose(
                    s[:len(known)], known, rtol=1e-12, atol=0):
                wrong.append(f"channel {channel} position {i}: {s}")
    ok(not wrong, "every H_i is as the closed form says", "\n".join(wrong))


with tempfile.TemporaryDirectory() as folder:
    for kind in ("identity", "cumsum", "delay", "recurrence", "uniform",
                 "softmax"):
        check(folder, kind)
    for kind in ("identity", "cumsum", "delay"):
        check(folder, kind, "--as", "dense")
    ok(dump(folder, "softmax", "--dtype", "f4")["q"].dtype == np.float32,
       "--dtype f4 is float32")
    one, two = (dump(folder, "softmax", "--seed", s)["q"] for s in "12")
    ok((one != two).any(), "another seed gives other numbers")

    path = os.path.join(folder, "never.npz")
    for arguments, code in (
            (["spiral", "-o", path], 2), (["cumsum"], 2),
            (["cumsum", "-L", "0", "-o", path], 2),
            (["cumsum", "-L", "12x", "-o", path], 2),
            (["softmax", "--as", "dense", "-o", path], 2),
            (["cumsum", "--as", "both", "-o", path], 2),
            (["cumsum", "-o", os.path.join(folder, "no", "x.npz")], 1),
            (["cumsum", "-o", "/dev/full"], 1)):
        result = run(*arguments)
        ok(result.returncode == code and result.stderr.count("\n") >= 1
           and not os.path.exists(path),
           f"refused: {' '.join(arguments[:-1])}", result)
    ok(os.path.exists("/dev/full"), "a device is left where it is")
done()
