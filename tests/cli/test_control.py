"""Time-invariant systems against control theory: where the kernel has decayed
within half the sequence, the singular values of H at its middle are the Hankel
singular values of the system, sqrt(eig(P Q)) of its Gramians, which scipy finds
from Lyapunov equations and no sequence at all."""
import json
import os
import sys
import tempfile

sys.path.insert(0, os.path.join(os.environ.get("srcdir", "."), "tests"))
sys.path.insert(0, os.path.join(os.environ.get("srcdir", "."), "tests", "cli"))
from tap import done, import_or_skip, ok

np = import_or_skip("numpy")
lyapunov = import_or_skip("scipy.linalg").solve_discrete_lyapunov
import oracle

rng = np.random.default_rng(5)
L = 600


def gramian(A, B):
    """P = A P A* + B B*"""
    return lyapunov(A, B @ B.conj().T)


def hankel_values(a, b, c):
    """Of y_t = c diag(a)^k b u_{t-k}: one step of the lag lies in b, for H has
    no lag 0."""
    A, B, C = np.diag(a), (a * b)[:, None], c[None, :]
    P, Q = gramian(A, B), gramian(A.conj().T, C.conj().T)
    return np.sqrt(np.abs(np.sort(np.linalg.eigvals(P @ Q).real)[::-1]))


def check(name, want, meta, **factors):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "x.npz")
        np.savez(path, meta=json.dumps({"layers": {"m": meta}}), **{
            f"m/{key}": value for key, value in factors.items()})
        result = oracle.esscope("spectrum", path, "--layer", "m", "--channel",
                                0, "--position", L // 2)
    got = np.array(result.stdout.split(), float)
    size = min(len(got), len(want))
    # A product of Gramians knows what is above 1e-8 of the largest.
    ok(size and np.abs(got[:size] - want[:size]).max() < 3e-8 * want[0]
       and (got[size:] < 1e-12 * want[0]).all(),
       f"{name}: Hankel singular values", f"{got[:8]} {want[:8]} "
       f"{result.stderr.decode()}")


def closed(*lists):
    """Modes with their conjugates, each at half the weight in the last."""
    *lists, last = lists
    return [np.concatenate([x, x.conj()]) for x in lists] \
        + [np.concatenate([last, last.conj()]) / 2]


for n in 1, 2, 7, 16:
    a = rng.uniform(0.2, 0.92, n)
    b, c = rng.normal(size=n), rng.normal(size=n)
    want = hankel_values(a, b, c)
    every = np.ones((1, L, 1))
    kernel = (c * b) @ a[:, None] ** np.arange(L)
    check(f"{n} real modes", want, {"kind": "decay"}, q=c * every,
          k=b * every, la=np.log(a)[None])
    check(f"{n} real modes as s6", want, {"kind": "s6"}, dt=np.ones((1, L)),
          A=np.log(a)[None], B=b * every[0], C=c * every[0])
    check(f"{n} real modes as a kernel", want, {"kind": "toeplitz"},
          h=kernel[None])

    turn = a * np.exp(1j * rng.uniform(-3, 3, n))
    b, c = (rng.normal(size=(2, n)) + 1j * rng.normal(size=(2, n)))
    check(f"{n} complex modes", hankel_values(turn, b, c), {"kind": "decay"},
          q=c * every, k=b * every, la=np.log(turn)[None])
    want = hankel_values(*closed(turn, b, c))
    check(f"{n} complex modes, re", want, {"kind": "decay", "re": True},
          q=c * every, k=b * every, la=np.log(turn)[None])
    kernel = ((c * b) @ turn[:, None] ** np.arange(L))[None]
    check(f"{n} complex modes, kernel and re", want,
          {"kind": "toeplitz", "re": True}, h=kernel)
    check(f"{n} complex modes, real kernel", want, {"kind": "toeplitz"},
          h=kernel.real)
done()
