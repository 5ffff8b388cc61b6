"""esscope against the loop it replaces, side by side in one run.

Ours: `esscope compute FILE --threads 2 -o OUT` as a whole process, reading and
writing included. The notebook: numpy.linalg.svd(T[i:, :i]) (and torch's
svdvals, where there is torch) over evenly spaced positions, extrapolated to
all; T is made beforehand and not counted. Prints Markdown; see `make bench`.
"""
import concurrent.futures
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time

import numpy as np

torch = None                    # imported late: it is large

build = os.environ.get("builddir", ".")
ESSCOPE = os.path.join(build, "esscope")
rng = np.random.default_rng(1)
SAMPLES = 12


def import_torch():
    global torch
    try:
        import torch
    except ImportError:
        torch = None


def softmax(L, n=64):
    q, k = (rng.normal(size=(L, n)).astype("f4") for _ in range(2))
    logits = np.tril(q.astype(float) @ k.T.astype(float)) * n ** -0.5
    weights = np.tril(np.exp(logits))
    return {"m/q": q[None], "m/k": k[None]}, \
        weights / weights.sum(1, keepdims=True)


def dense(L):
    T = softmax(L)[1].astype("f4")
    return {"m/T": T[None]}, T.astype(float)


def recurrence(L, n=16):
    dt = np.exp(rng.normal(size=L) - 3).astype("f4")
    A = -np.arange(1, n + 1, dtype="f4")
    B, C = (rng.normal(size=(L, n)).astype("f4") for _ in range(2))
    step, inputs, outputs = (x.astype(float) for x in (dt, B, C))
    a = np.exp(step[:, None] * A)
    T, state = np.zeros((L, L)), np.zeros((0, n))
    for i in range(L):
        state = np.vstack([state * a[i], step[i] * inputs[i]])
        T[i, :i + 1] = state @ outputs[i]
    return {"m/dt": dt[None], "m/A": A[None], "m/B": B, "m/C": C}, T


def convolution(L, taps=4):
    h = rng.normal(size=taps).astype("f4")
    T = np.zeros((L, L))
    for lag in range(taps):
        T[np.arange(lag, L), np.arange(L - lag)] = h[lag]
    return {"m/h": h[None]}, T


def positions(L):
    return sorted({1 + int((k + 0.5) * (L - 1) / SAMPLES)
                   for k in range(SAMPLES)})


def loop(T, svd):
    """Seconds for all positions; the median of three passes."""
    at, passes = positions(len(T)), []
    for _ in range(3):
        start = time.perf_counter()
        for i in at:
            svd(T[i:, :i])
        passes.append(time.perf_counter() - start)
    return sorted(passes)[1] / len(at) * (len(T) - 1)


def ours(path, folder):
    """(seconds, peak RSS in MB): the median of three runs. In a small process
    of its own, for a child's peak begins at its parent's size."""
    runs = []
    for _ in range(3):
        start = time.perf_counter()
        child = subprocess.Popen([ESSCOPE, "compute", path, "--threads", "2",
                                  "-o", os.path.join(folder, "out.tsv")])
        usage = os.wait4(child.pid, 0)[2]
        runs.append((time.perf_counter() - start, usage.ru_maxrss / 1024))
    return sorted(runs)[1]


def error(path, T):
    """Largest |s - numpy float64| / s1 over the sampled positions."""
    worst = 0.0
    for i in positions(len(T))[::3]:
        text = subprocess.run([ESSCOPE, "spectrum", path, "--layer", "m",
                               "--channel", "0", "--position", str(i)],
                              capture_output=True, check=True).stdout
        s = np.array([float(x) for x in text.split()])
        want = np.linalg.svd(T[i:, :i], compute_uv=False)
        worst = max(worst, np.abs(s - want[:len(s)]).max() / want[0])
    return worst


def row(small, name, L, made):
    factors, T = made
    single = T.astype("f4")
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "x.npz")
        np.savez(path, meta=json.dumps({"layers": {"m": {"length": L}}}),
                 **factors)
        seconds, memory = small.submit(ours, path, folder).result()
        numpy_seconds = loop(single, lambda H: np.linalg.svd(
            H, compute_uv=False))
        cells = [name, str(L), f"{seconds:.3f}", f"{(L - 1) / seconds:.0f}",
                 f"{numpy_seconds / seconds:.1f}"]
        if torch:
            tensor = torch.from_numpy(single)
            cells.append(f"{loop(tensor, torch.linalg.svdvals) / seconds:.1f}")
        else:
            cells.append("-")
        print("|", " | ".join(cells + [f"{error(path, T):.0e}",
                                       f"{memory:.0f}"]), "|", flush=True)


def rows(small):
    for L in 256, 512, 1024:
        row(small, "dense f32", L, dense(L))
    for L in 256, 512, 1024:
        row(small, "softmax n=64", L, softmax(L))
    for L in 256, 1024, 4096:
        row(small, "s6 n=16", L, recurrence(L))
    for L in 256, 1024:
        row(small, "convolution, 4 taps", L, convolution(L))


def main():
    print("All positions of one channel, whole process, 2 threads; ratios to "
          "the f32 loop over H_i:\n")
    print("| operator | L | seconds | positions/s | x numpy | x torch "
          "| error / s1 | MB |")
    print("|---|---|---|---|---|---|---|---|", flush=True)
    fork = multiprocessing.get_context("fork")
    with concurrent.futures.ProcessPoolExecutor(1, fork) as small:
        small.submit(os.getpid).result()        # forked while we are small
        import_torch()
        rows(small)
    return 0


if __name__ == "__main__":
    sys.exit(main())
