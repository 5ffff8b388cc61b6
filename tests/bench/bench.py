"""esscope against what it replaces, side by side in one run; see `make bench`.

Ours: `esscope compute FILE --threads 2 -o OUT` as a whole process, reading and
writing included, with an empty cache. LAPACK: dgesdd, values only, on each
H_i, in process, one thread. The notebook: torch.linalg.svdvals(T[i:, :i]) or
numpy.linalg.svd, whichever is faster, float32, all cores; T is made beforehand
and not counted. The last two run at evenly spaced positions and are
extrapolated to all. Prints Markdown; -o FILE also keeps it. QUICK=1: smaller
operators, fewer positions, less than two minutes.
"""
import ctypes
import json
import os
import platform
import subprocess
import sys
import tempfile
import time

import numpy as np

import operators

try:
    import torch
except ImportError:
    torch = None

build = os.environ.get("builddir", ".")
ESSCOPE = os.path.join(build, "esscope")
TIMED = os.path.join(os.path.dirname(os.path.abspath(__file__)), "timed.py")
KERNELS = os.path.join(build, "tests/bench/kernels")
QUICK = os.environ.get("QUICK", "") not in ("", "0")
SAMPLES = 4 if QUICK else 8
RUNS = 1 if QUICK else 3
LONG_RUN = 20 if QUICK else 100         # seconds; beyond it we extrapolate
report = []


def say(*lines):
    report.extend(lines)
    print("\n".join(lines), flush=True)


def midpoints(L, count):
    return sorted({1 + int((k + 0.5) * (L - 1) / count)
                   for k in range(count)})


def median(values):
    return sorted(values)[len(values) // 2]


def loop(T, svd):
    """Seconds for all positions."""
    at, passes = midpoints(len(T), SAMPLES), []
    svd(T[at[0]:, :at[0]])
    for _ in range(RUNS):
        start = time.perf_counter()
        for i in at:
            svd(T[i:, :i])
        passes.append(time.perf_counter() - start)
    return median(passes) / len(at) * (len(T) - 1)


def notebook(T):
    single = T.astype("f4")
    seconds = [loop(single, lambda H: np.linalg.svd(H, compute_uv=False))]
    if torch:
        seconds.append(loop(torch.from_numpy(single), torch.linalg.svdvals))
    return min(seconds)


def lapack(T, folder):
    path, at = os.path.join(folder, "T"), midpoints(len(T), SAMPLES)
    T.tofile(path)
    out = subprocess.run([KERNELS, "dgesdd", path, str(len(T))]
                         + [str(i) for i in at],
                         capture_output=True, check=True, text=True).stdout
    return float(out) / len(at) * (len(T) - 1)


def compute(path, folder, *options):
    """(seconds, peak RSS in MB): the median of some runs."""
    runs = []
    while not runs or len(runs) < RUNS and runs[0][0] < LONG_RUN / 4:
        with tempfile.TemporaryDirectory() as cache:
            out = subprocess.run(
                [sys.executable, "-I", "-S", TIMED, ESSCOPE, "compute", path,
                 "--threads", "2", *options,
                 "-o", os.path.join(folder, "out.tsv")],
                env=dict(os.environ, XDG_CACHE_HOME=cache), check=True,
                stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
        runs.append(tuple(float(x) for x in out.split()))
    return median(runs)


def dump(folder, L, factors):
    path = os.path.join(folder, "x.npz")
    np.savez(path, meta=json.dumps({"layers": {"m": {"length": L}}}),
             **factors)
    return path


def method(path, L):
    """The methods esscope chose at some positions."""
    run = subprocess.run([ESSCOPE, "compute", path, "--with", "method",
                          "--position", f"{L // 5}::{max(L // 3, 1)}"],
                         capture_output=True, text=True)
    if run.returncode:          # one that has no --with yet
        return "-"
    rows = [line.split("\t") for line in run.stdout.splitlines()]
    column = rows[0].index("method")
    return ", ".join(sorted({row[column] for row in rows[1:]}))


def error(path, T):
    """Largest |s - numpy float64| / s1 over some positions."""
    worst = 0.0
    for i in midpoints(len(T), 3):
        text = subprocess.run([ESSCOPE, "spectrum", path, "--layer", "m",
                               "--channel", "0", "--position", str(i)],
                              capture_output=True, check=True).stdout
        s = np.array([float(x) for x in text.split()])
        want = np.linalg.svd(T[i:, :i], compute_uv=False)
        worst = max(worst, np.abs(s - want[:len(s)]).max() / want[0])
    return worst


def operator_row(name, L, n, made):
    factors, T = made
    with tempfile.TemporaryDirectory() as folder:
        path = dump(folder, L, factors)
        seconds, memory = compute(path, folder)
        cells = [name, str(L), n, method(path, L), f"{seconds:.3f}",
                 f"{(L - 1) / seconds:.0f}"]
        if T is None:
            cells += ["-"] * 3
        else:
            cells += [f"{lapack(T, folder) / seconds:.1f}",
                      f"{notebook(T) / seconds:.1f}",
                      f"{error(path, T):.0e}"]
    say("| " + " | ".join(cells + [f"{memory:.0f}"]) + " |")


def operator_table():
    L = 512 if QUICK else 1024
    say("All positions of one channel:", "",
        "| operator | L | n | method | seconds | positions/s | x LAPACK "
        "| x notebook | error / s1 | peak MB |", "|---" * 10 + "|")
    operator_row("dense f32, full rank", L, "-", operators.dense(L))
    for rank in 16, 64:
        for length in L, 2 * L:
            operator_row(f"dense f32, rank {rank}", length, "-",
                         operators.low_rank(length, rank))
    operator_row("softmax", L, "64", operators.softmax(L))
    operator_row("toeplitz, L taps", L, "-", operators.toeplitz(L))
    operator_row("delta", L, "64", operators.delta(L))
    operator_row("s6", 4 * L, "16", operators.s6(4 * L))
    length = 1 << (17 if QUICK else 20)
    operator_row("s6", length, "16", operators.s6(length))


def length_row(name, L, made, estimate):
    """One line of cost against L; returns its seconds."""
    factors = made[0]
    size = sum(x.nbytes for x in factors.values()) / 2 ** 20
    with tempfile.TemporaryDirectory() as folder:
        path = dump(folder, L, factors)
        if estimate > LONG_RUN:
            count = max(8, int(L * LONG_RUN / estimate))
            seconds, memory = compute(
                path, folder, "--position",
                f"{L // count // 2 + 1}::{L // count}")
            seconds *= L / count
        else:
            seconds, memory = compute(path, folder)
    say(f"| {name} | {L} | {'~' if estimate > LONG_RUN else ''}{seconds:.3f} "
        f"| {1e6 * seconds / L:.1f} | {size:.1f} | {memory - size:.0f} |")
    return seconds


def length_table():
    say("", "Cost against L (~: from evenly spaced positions):", "",
        "| operator | L | seconds | us a position | factors MB "
        "| peak MB beyond them |", "|---" * 6 + "|")
    seconds = 0
    for L in (256, 512, 1024) if QUICK else (256, 512, 1024, 2048, 4096):
        seconds = length_row("dense f32, full rank", L,
                             operators.dense(L), 12 * seconds)
    for power in (10, 14, 17) if QUICK else (10, 12, 14, 16, 18, 20):
        length_row("s6, n = 16", 1 << power,
                   operators.s6(1 << power, most=0), 0)


def load_row(what, array, save):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "x.npz")
        save(path, **{"m/dt": array})
        ours, numpys = [], []
        for _ in range(5):
            ours.append(float(subprocess.run(
                [KERNELS, "load", path, "m/dt"], check=True,
                stdout=subprocess.PIPE).stdout))
            start = time.process_time()
            with np.load(path) as file:
                file["m/dt"]
            numpys.append(time.process_time() - start)
    a, b = (array.nbytes / 1e6 / median(x) for x in (ours, numpys))
    say(f"| {what} | {array.nbytes / 1e6:.0f} | {a:.0f} | {b:.0f} "
        f"| {a / b:.1f} |")


def load_table():
    """dt of a layer of Falcon-Mamba-7B, as numpy writes it."""
    random = np.random.default_rng(1)
    D = 1024 if QUICK else 8192
    dt = np.exp(random.standard_normal((D, 2048)) - 5).astype("f4")
    half = (dt.view("u4") & 0xffff0000).view("f4")
    say("", "Whole members, MB inflated a second of processor time:", "",
        "| member | MB | ours | numpy.load | ratio |", "|---" * 5 + "|")
    load_row("deflated f32", dt, np.savez_compressed)
    load_row("deflated f32 of bf16 values", half, np.savez_compressed)
    load_row("stored f32", dt, np.savez)


def first_line(path, start):
    try:
        with open(path, encoding="utf-8") as lines:
            for line in lines:
                if line.startswith(start):
                    return line.split(":" if ":" in line else "=", 1)[1] \
                        .strip().strip('"')
    except OSError:
        pass
    return "unknown"


def notebook_kernels():
    """Those that OpenBLAS chose in a process that leaves it to itself: SSE3
    (Prescott) where the processor is newer than it."""
    try:
        core = ctypes.CDLL("libopenblas.so.0").openblas_get_corename
    except (OSError, AttributeError):
        return "unknown"
    core.restype = ctypes.c_char_p
    return core().decode()


def machine():
    flags = first_line("/proc/cpuinfo", "flags").split()
    sets = [name for name in ("avx2", "avx512f") if name in flags]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2 ** 30
    version = subprocess.run(["pkg-config", "--modversion", "openblas"],
                             capture_output=True, text=True).stdout.strip()
    command = ("QUICK=1 " if QUICK else "") + "make -C build bench"
    say("# How fast", "",
        f"Made by `{command}` on {time.strftime('%Y-%m-%d')}: "
        f"{first_line('/proc/cpuinfo', 'model name')}, {os.cpu_count()} cores"
        f" ({' '.join(sets) or platform.machine()}), {memory:.0f} GB, "
        f"{first_line('/etc/os-release', 'PRETTY_NAME')}, "
        f"OpenBLAS {version or 'unknown'} ({notebook_kernels()} kernels in "
        f"the notebook), numpy {np.__version__}, "
        f"{'torch ' + torch.__version__ if torch else 'no torch'}.", "",
        " ".join(__doc__.split("\n\n")[1].split()), "")


def main():
    machine()
    operator_table()
    length_table()
    load_table()
    say("", subprocess.run([KERNELS], capture_output=True, check=True,
                           text=True).stdout.rstrip())
    if sys.argv[1:2] == ["-o"]:
        with open(sys.argv[2], "w", encoding="utf-8") as out:
            out.write("\n".join(report) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
