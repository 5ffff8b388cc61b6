"""One channel of a member too large to keep: read in part where the file lets
it, with the same numbers as from a file that must be read whole; and a sequence
so long that its factors must be in memory once."""
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.environ.get("srcdir", "."), "tests"))
sys.path.insert(0, os.path.join(os.environ.get("srcdir", "."), "tests", "cli"))
from tap import ESSCOPE, done, import_or_skip, ok, skip

np = import_or_skip("numpy")

D, L, N = 4400, 2048, 3         # dt: 72 MB of f8
ONE = ["--channel", "4321", "--position", "::64"]
LONG = 1 << 20                  # each factor 128 MB


def factors(order="C", batch=False, turned=False):
    rng = np.random.default_rng(3)
    dt = rng.integers(1, 9, size=(D, L)) / 16.0     # deflates well
    made = {"dt": dt, "A": -rng.uniform(0.1, 1, (D, N)),
            "B": rng.normal(size=(L, N)), "C": rng.normal(size=(L, N))}
    if batch:
        made = {key: value if key == "A" else value[None]
                for key, value in made.items()}
    made["dt"] = np.asarray(made["dt"], order=order)
    if turned:      # positions outermost, two elements of a batch innermost
        made["dt"] = np.stack([0 * made["dt"].T, made["dt"].T], -1)
    made = {f"m/{key}": value for key, value in made.items()}
    if turned:
        made["meta"] = json.dumps({"esscope": 1, "layers": {
            "m": {"kind": "s6", "axes": {"dt": "LDB"}}}})
    return made


def bytes_read(pid):
    """Of a process that has ended and was not waited for; None: not told."""
    try:
        with open(f"/proc/{pid}/io") as counts:
            return int(counts.readline().split()[1])
    except (OSError, ValueError, IndexError):
        return None


def reads(path, *arguments):
    """MB that computing this reads, of files and of anything else."""
    child = subprocess.Popen([ESSCOPE, "compute", path, *arguments],
                             stdout=subprocess.DEVNULL)
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    read = bytes_read(child.pid)
    child.wait()
    return None if read is None else read / 2 ** 20


def run(path, *arguments):
    """Its rows, and the peak memory in MB."""
    with open(path + ".tsv", "wb") as out:
        child = subprocess.Popen([ESSCOPE, "compute", path, *arguments],
                                 stdout=out)
        _, status, usage = os.wait4(child.pid, 0)
    with open(path + ".tsv", "rb") as text:
        rows = [line.split(b"\t")[1:] for line in text]
    return status, rows, usage.ru_maxrss / 1024


def make(folder):
    """In a process of its own: a child's peak memory begins at its parent's."""
    for name, save, made in (
            ("stored", np.savez, factors()),
            ("deflated", np.savez_compressed, factors()),
            ("whole", np.savez_compressed, factors("F")),
            ("fortran", np.savez, factors("F")),
            ("turned", np.savez, factors(turned=True)),
            ("batch", np.savez, factors(batch=True))):
        save(os.path.join(folder, f"{name}.npz"), **made)
    la = np.full((1, LONG, 16), -0.5)
    np.savez(os.path.join(folder, "long.npz"), **{
        "m/q": np.ones((1, LONG, 16)), "m/k": la * la, "m/la": la})


with tempfile.TemporaryDirectory() as folder:
    def at(name):
        return os.path.join(folder, name)

    maker = multiprocessing.get_context("fork").Process(target=make,
                                                        args=(folder,))
    maker.start()
    maker.join()
    status, want, whole = run(at("whole.npz"), *ONE)
    ok(status == 0 and len(want) == 32, "from a member that must be read "
       "whole", want[:2])
    for name in "stored", "deflated", "fortran", "turned", "batch":
        how = ["--batch", "1"] if name == "turned" else []
        status, got, memory = run(at(f"{name}.npz"), *ONE, *how)
        ok(status == 0 and got == want, f"{name}: the same numbers", got[:2])
        ok(memory < whole - 40, f"{name}: without the rest of the member",
           f"{memory} MB, {whole} MB when read whole")
    for name, part in (("stored", 32), ("batch", 32), ("fortran", 6),
                       ("turned", 6)):
        read = reads(at(f"{name}.npz"), *ONE)
        size = os.path.getsize(at(f"{name}.npz")) / 2 ** 20
        if read is None:
            skip(f"{name}: bytes read", "this system does not count them")
        else:
            ok(read < size / part, f"{name}: of {size:.0f} MB only what is "
               "wanted is read", f"{read:.1f} MB")
    size = os.path.getsize(at("long.npz")) / 2 ** 20
    status, got, memory = run(at("long.npz"), "--threads", "2",
                              "--position", "::5")
    ok(status == 0 and len(got) == (LONG + 4) // 5 and memory < size + 120,
       "two threads hold the factors of a long channel once",
       f"{memory} MB of {size}, {len(got)} rows")
    # Zeros that a file system does not store.
    np.lib.format.open_memmap(at("heads.npy"), "w+", "f2", (8, 8192, 8192))
    status, got, memory = run(at("heads.npy"), "--threads", "8",
                              "--position", "4096")
    ok(status == 0 and len(got) == 9 and memory < 700,
       "eight threads do not open eight heads of 128 MB at once",
       f"{memory} MB, {len(got)} rows")
    np.lib.format.open_memmap(at("many.npy"), "w+", "f2", (1 << 25, 2, 2))
    child = subprocess.Popen([ESSCOPE, "compute", at("many.npy"), "--threads",
                              "1", "-o", "/dev/null"], stderr=subprocess.PIPE)
    said = child.stderr.readline()
    child.kill()
    child.communicate()
    ok(b"this takes about" in said, "how long 33 million heads of two "
       "positions take is said before", said)
    with open(at("stored.npz"), "r+b") as damaged:
        damaged.truncate(os.path.getsize(at("stored.npz")) // 2)
    result = subprocess.run([ESSCOPE, "compute", at("stored.npz")],
                            capture_output=True)
    ok(result.returncode == 1 and result.stderr.count(b"\n") == 1,
       "a large file cut in half is one sentence", result.stderr)
done()
