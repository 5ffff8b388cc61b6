"""A .npy through gzip, in the ways gzip is used; and what is no such thing."""
import gzip
import io
import os
import re
import struct
import subprocess
import sys
import tempfile
import zlib

sys.path.insert(0, os.path.join(os.environ.get("srcdir", "."), "tests"))
from tap import BUILD, ESSCOPE, done, import_or_skip, ok

np = import_or_skip("numpy")

SHOW = os.path.join(BUILD, "tests/core/show_store")
ROOM = tempfile.TemporaryDirectory()
T = np.tril(np.random.default_rng(1).standard_normal((40, 40))).astype("f4")


def npy(array):
    out = io.BytesIO()
    np.save(out, array)
    return out.getvalue()


def write(data, name="T.npy.gz"):
    path = os.path.join(ROOM.name, name)
    with open(path, "wb") as f:
        f.write(data)
    return path


def call(*words):
    return subprocess.run(words, capture_output=True, timeout=120, text=True)


def reads(what, data, array=T, name="T.npy.gz"):
    run = call(SHOW, write(data, name))
    line = run.stdout.rstrip("\n").split("\t")
    ok(len(line) == 3 and line[0] == "T" and np.array_equal(
        np.array(line[2].split(), "f8"), array.astype("f8").ravel()),
       what, run.stdout[:300] + run.stderr)


def refused(what, data, pattern, name="T.npy.gz"):
    path = write(data, name)
    run = call(ESSCOPE, "compute", path)
    ok(run.returncode == 1 and run.stderr.count("\n") == 1
       and run.stderr.startswith(f"esscope: {path}: ")
       and re.search(pattern, run.stderr) and not run.stdout,
       f"{what}: {run.stderr.strip()[len(path) + 11:]}", run.stderr)


def good():
    data = npy(T)
    whole = gzip.compress(data)
    reads("one member", whole)
    reads("stored blocks", gzip.compress(data, 0))
    reads("without .gz in its name", whole, name="T.npy")
    cuts = [0, 1, 7, 100, 128, 129, 3000, len(data)]
    several = b"".join(gzip.compress(data[a:b])
                       for a, b in zip(cuts, cuts[1:]))
    reads("several members, cut anywhere", several)
    reads("an empty member among them", gzip.compress(b"") + whole
          + gzip.compress(b""))
    reads("zeros behind the end", whole + bytes(5000))
    named = io.BytesIO()
    with gzip.GzipFile("a name", "wb", fileobj=named, mtime=1) as f:
        f.write(data)
    reads("with a name and a time in its header", named.getvalue())
    reads("Fortran order, big end first", gzip.compress(npy(
        np.asfortranarray(T.astype(">f8")))))
    run = call(ESSCOPE, "compute", write(whole), "--position", "20")
    row = run.stdout.splitlines()[1].split("\t")
    ok(abs(float(row[8]) - np.linalg.svd(
        T[20:, :20].astype("f8"), compute_uv=False)[0]) < 1e-9
       and row[1] == "T", "its spectra", run.stdout + run.stderr)


def bad():
    data = npy(T)
    whole = gzip.compress(data)
    refused("bytes behind the end", whole + b"hello", "follow its end")
    refused("zeros, then bytes", whole + bytes(9) + b"x", "follow its end")
    refused("cut off", whole[:-9], "cut off|too early")
    refused("cut off in its trailer", whole[:-3], "too early")
    refused("cut off in its header", whole[:7], "too early|no .npy")
    refused("an ISIZE that lies", whole[:-4] + struct.pack("<I", 99),
            "damaged")
    refused("a CRC that lies", whole[:-8] + b"abcd" + whole[-4:], "damaged")
    refused("a damaged stream", whole[:600] + b"\xff" * 40 + whole[640:],
            "damaged|fewer")
    refused("a second member cut off", gzip.compress(data[:500])
            + gzip.compress(data[500:])[:-20], "too early")
    refused("a second member missing", gzip.compress(data[:500]), "fewer")
    refused("an array too long", gzip.compress(data + b"x"), "more bytes")
    refused("two arrays", whole + whole, "more bytes")
    refused("an archive", gzip.compress(b"PK\3\4" + bytes(50)), "gunzip")
    refused("nothing", gzip.compress(b""), "gunzip")
    refused("pickled objects", gzip.compress(npy(np.array(
        [{}], dtype=object))), "pickle|holds no operator")
    head = npy(np.zeros(1, "f4"))[:128].replace(
        b"(1,), }     ", b"(1048576,1048576)}", 1)[:128]
    head = head[:-1].rstrip(b" \n").ljust(127) + b"\n"
    refused("a bomb that says so", gzip.compress(head), "cannot come out")
    huge = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = huge.compress(data)
    for _ in range(64):
        bomb += huge.compress(bytes(1 << 20))
    refused("a bomb that does not", bomb + huge.flush(), "more bytes")


def directory():
    """Only files called .npy.gz are looked into."""
    os.mkdir(os.path.join(ROOM.name, "run"))
    write(gzip.compress(npy(T)), "run/layer.npy.gz")
    write(gzip.compress(b"a log"), "run/log.txt.gz")
    run = call(ESSCOPE, "info", os.path.join(ROOM.name, "run"))
    ok(run.returncode == 0 and "layer" in run.stdout, "in a directory",
       run.stdout + run.stderr)


for part in (good, bad, directory):
    part()
done()
