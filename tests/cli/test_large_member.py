#!/usr/bin/env python3
"""A deflated member of hundreds of megabytes: channels are read in part, the
same numbers as from a small dump, with restart points that are kept in the
cache, small, checked, and not needed."""
import os
import resource
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time

sys.path[:0] = [os.path.join(os.environ.get("srcdir", "."), "tests"),
                os.path.join(os.environ.get("srcdir", "."), "tests", "cli")]
from tap import done, import_or_skip, ok, skip

np = import_or_skip("numpy")
import oracle

D, L, N = 35000, 2048, 2
CHANNELS = (0, 1, 9999, 20000, 34999)


def write(folder):
    """A large dump, nearly all of it the same, and its interesting channels
    by themselves."""
    random = np.random.default_rng(3)
    dt = np.empty((D, L), np.float32)
    dt[:] = np.linspace(0.01, 0.02, D, dtype=np.float32)[:, None]
    dt[::50] *= random.random(((D + 49) // 50, L), np.float32) + 0.5
    dt[list(CHANNELS)] = random.random((len(CHANNELS), L)) / 30
    A = -random.random((D, N)).astype(np.float32) * 3
    B, C = random.standard_normal((2, L, N)).astype(np.float32)
    large, small = (os.path.join(folder, x) for x in ("l.npz", "s.npz"))
    oracle.save(large, x__dt=dt, x__A=A, x__B=B, x__C=C)
    pick = list(CHANNELS)
    oracle.save(small, x__dt=dt[pick], x__A=A[pick], x__B=B, x__C=C)
    return large, small


def numbers(rows):
    return [[row[key] for key in row if key not in ("file", "channel")]
            for row in rows]


def limit():
    resource.setrlimit(resource.RLIMIT_DATA, (200 << 20, 200 << 20))


def content(path):
    with open(path, "rb") as file:
        return file.read()


def interrupted(number, after, *words):
    """The exit status of a program that gets a signal once it has read so
    many bytes."""
    run = subprocess.Popen([oracle.ESSCOPE, *map(str, words)],
                           stdout=subprocess.DEVNULL)
    read = 0
    while read < after and run.poll() is None:
        with open(f"/proc/{run.pid}/io") as file:
            read = int(file.readline().split()[1])
        time.sleep(0.001)
    run.send_signal(number)
    return run.wait(timeout=120)


def table(path):
    """How many restart points a file has, and whether these are all."""
    head = content(path)[:96]
    return struct.unpack_from("<Q", head, 64)[0], head[84]


with tempfile.TemporaryDirectory() as folder:
    cache = os.path.join(folder, "cache")
    os.environ["XDG_CACHE_HOME"] = cache
    os.environ.pop("ESSCOPE_CACHE_SIZE", None)   # 0 in other tests
    kept = os.path.join(cache, "esscope")
    large, small = write(folder)
    ask = ("--position", "::512", "--rel-tol", "1e-2")
    right = numbers(oracle.rows(small, *ask))
    some = ("--channel", ",".join(map(str, CHANNELS)), *ask)

    ok(numbers(oracle.rows(large, *some, "--no-cache")) == right
       and not os.path.exists(cache), "without a cache: the same numbers")
    if oracle.esscope("compute", small, preexec_fn=limit).returncode:
        skip("in 200 MiB of memory", "a sanitizer wants more")
    else:
        ok(numbers(oracle.rows(large, *some, "--no-cache",
                               preexec_fn=limit)) == right,
           "in 200 MiB of memory")
    ok(numbers(oracle.rows(large, *some)) == right, "and with one")
    files = oracle.tree(kept)
    ok(len(files) == 1, "in which one file is left", files)
    path = os.path.join(kept, files[0])
    points = content(path)
    ok(len(points) <= os.path.getsize(large) / 100 + 1000,
       "of 1 % of the member", (len(points), os.path.getsize(large)))
    before = os.stat(path).st_ino
    ok(numbers(oracle.rows(large, *some)) == right
       and os.stat(path).st_ino == before, "which is used again")
    for at in (0, 100, len(points) - 1):
        with open(path, "r+b") as file:
            file.seek(at)
            file.write(bytes([points[at] ^ 1]))
        ok(numbers(oracle.rows(large, *some)) == right
           and content(path) == points, f"byte {at} damaged: made anew")
    with open(path, "r+b") as file:
        file.truncate(len(points) // 2)
    result = oracle.esscope("spectrum", large, "--layer", "x", "--channel",
                            CHANNELS[-1], "--position", 512)
    true = oracle.esscope("spectrum", small, "--layer", "x", "--channel", 4,
                          "--position", 512)
    ok(result.stdout == true.stdout and result.returncode == 0
       and content(path) == points, "cut off: made anew")

    for command, number in (("compute", signal.SIGINT),
                            ("spectrum", signal.SIGTERM)):
        shutil.rmtree(kept)
        out = os.path.join(folder, "out.tsv")
        code = interrupted(number, os.path.getsize(large) // 3, command,
                           large, "--layer", "x", "--channel", CHANNELS[-1],
                           "--position", 512,
                           *(("-o", out) if command == "compute" else ()))
        files = oracle.tree(kept)
        count, whole = table(os.path.join(kept, files[0])) if files else (0, 0)
        ok(code == -number and count > 3 and not whole
           and sorted(os.listdir(folder)) == ["cache", "l.npz", "s.npz"],
           f"{command} interrupted: the points so far are kept",
           (code, count, whole, os.listdir(folder)))
        ok(numbers(oracle.rows(large, *some)) == right and
           table(os.path.join(kept, oracle.tree(kept)[0]))[1],
           "and gone on from")

    held = content(large)
    with open(large, "r+b") as file:
        file.seek(len(held) // 2)
        file.write(bytes([held[len(held) // 2] ^ 64]))
    result = oracle.esscope("compute", large, *some, "--no-cache")
    ok(result.returncode == 1 and b"damaged" in result.stderr
       and b"x/dt" in result.stderr, "a damaged member is an error",
       result.stderr.decode())
done()
