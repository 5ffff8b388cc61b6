"""Files people have instead of a dump: refused with what to type. Where the
library is here the typed lines are run, and their dump is read."""
import ast
import os
import pickle
import re
import subprocess
import sys
import tempfile
import zipfile

sys.path.insert(0, os.path.join(os.environ.get("srcdir", "."), "tests"))
from tap import ESSCOPE, done, import_or_skip, ok, skip

np = import_or_skip("numpy")

ROOM = tempfile.TemporaryDirectory()
os.chdir(ROOM.name)
T = np.tril(np.ones((8, 8), "f4"))


def write(path, data):
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    with open(path, "wb") as f:
        f.write(data)
    return path


def call(*words):
    return subprocess.run(words, capture_output=True, timeout=120, text=True,
                          stdin=subprocess.DEVNULL)


def lines_of(what, path, *words):
    """Refused in one sentence and two lines, which are python unless it is a
    program to unpack it."""
    for command in ("info", "compute"):
        run = call(ESSCOPE, command, path)
        found = run.stderr.splitlines()
        ok(run.returncode == 1 and not run.stdout
           and found and found[0].startswith(f"esscope: {path}: is ")
           and all(word in found[0] for word in words)
           and "\x1b" not in run.stderr and 2 <= len(found) <= 3,
           f"{what}: {command}", run.stderr)
    return [line.strip() for line in found[1:]]


def python_of(what, path, *words):
    lines = lines_of(what, path, *words)
    try:
        ast.parse("\n".join(lines).replace("): model", "):\n model"))
    except SyntaxError as e:
        ok(False, f"{what}: the lines are python", f"{e}\n{lines}")
        return None
    return "\n".join(lines)


def converts(what, path, lines, library, layers=("a",)):
    """The lines are typed, and make a dump of these layers."""
    if lines is None:
        return
    try:
        __import__(library)
    except ImportError:
        skip(f"{what}: its lines are run", f"no {library}")
        return
    if os.path.exists("run.npz"):
        os.unlink("run.npz")
    run = call(sys.executable, "-c", f"path = {path!r}\n{lines}")
    info = call(ESSCOPE, "info", "run.npz")
    ok(run.returncode == 0 and info.returncode == 0
       and all(re.search(rf"^  {re.escape(name)} ", info.stdout, re.M)
               for name in layers),
       f"{what}: its lines make a dump", run.stderr + info.stderr
       + info.stdout)


def torch_files():
    with zipfile.ZipFile("x.pt", "w") as z:
        z.writestr("x/data.pkl", b"\x80\x02.")
    lines = python_of("a .pt", "x.pt", "PyTorch")
    legacy = b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.\x80\x02M\xe9\x03."
    python_of("a legacy .pt", write("old.pt", legacy), "PyTorch")
    try:
        import torch
    except ImportError:
        skip("a .pt of torch", "no torch")
        return
    d = {"a/T": torch.tensor(T), "b/q": torch.ones(1, 8, 2).bfloat16(),
         "b/k": torch.ones(1, 8, 2)}
    torch.save(d, "real.pt")
    converts("a .pt", "real.pt", lines, "torch", ("a", "b"))
    torch.save(d, "real_old.pt", _use_new_zipfile_serialization=False)
    lines = python_of("a legacy .pt of torch", "real_old.pt", "PyTorch")
    converts("a legacy .pt", "real_old.pt", lines, "torch", ("a", "b"))


def mat_files():
    head = b"MATLAB 5.0 MAT-file, Platform: GLNXA64".ljust(124) + b"\0\1IM"
    lines = python_of("MAT v5", write("x.mat", head), "MAT v5")
    try:
        import scipy.io
        scipy.io.savemat("real.mat", {"a": T})
        converts("MAT v5", "real.mat", lines, "scipy")
    except ImportError:
        skip("a .mat of scipy", "no scipy")
    head = b"MATLAB 7.3 MAT-file, Platform: GLNXA64".ljust(512)
    python_of("MAT v7.3", write("y.mat", head + b"\x89HDF\r\n\x1a\n"),
              "MAT v7.3")


def others():
    lines = python_of("HDF5", write("x.h5", b"\x89HDF\r\n\x1a\n" + bytes(64)),
                      "HDF5")
    try:
        import h5py
        with h5py.File("real.h5", "w") as f:
            f["a/T"] = T
    except ImportError:
        pass
    converts("HDF5", "real.h5", lines, "h5py")
    python_of("GGUF", write("x.gguf", b"GGUF\3\0\0\0" + bytes(64)), "GGUF",
              "weights")
    python_of("Parquet", write("x.parquet", b"PAR1" + bytes(64) + b"PAR1"),
              "Parquet")
    python_of("Arrow", write("x.feather", b"ARROW1\0\0" + bytes(64)),
              "Arrow")
    python_of("netCDF", write("x.nc", b"CDF\x01" + bytes(64)), "netCDF")
    for protocol in (2, 3, 4, 5):
        path = write(f"x{protocol}.pkl", pickle.dumps({"a": T}, protocol))
        lines = python_of(f"pickle {protocol}", path, "pickle")
        converts(f"pickle {protocol}", path, lines, "pickle")
    for name, magic in (("zst", b"\x28\xb5\x2f\xfd"), ("xz", b"\xfd7zXZ\0"),
                        ("bz2", b"BZh9")):
        lines_of(name, write("x." + name, magic + bytes(64)), "unpack")


def zarr():
    write("v2.zarr/.zgroup", b'{"zarr_format": 2}')
    write("v2.zarr/a/.zarray", b"{}")
    python_of("zarr v2", "v2.zarr", "zarr")
    write("v3.zarr/zarr.json", b"{}")
    lines = python_of("zarr v3", "v3.zarr", "zarr")
    with zipfile.ZipFile("x.zarr.zip", "w") as z:
        z.writestr("a/T/.zarray", b"{}")
    python_of("zipped zarr", "x.zarr.zip", "zarr")
    try:
        import zarr as library
        library.open("real.zarr", mode="w").require_group(
            "a").create_dataset("T", data=T, shape=T.shape)
    except ImportError:
        pass
    converts("zarr", "real.zarr", lines, "zarr")


for test in (torch_files, mat_files, others, zarr):
    test()
os.chdir("/")
done()
