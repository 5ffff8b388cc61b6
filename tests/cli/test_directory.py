"""Directories and shards: files of every format as one dump, what is missing,
and what leads nowhere."""
import gzip
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile

sys.path.insert(0, os.path.join(os.environ.get("srcdir", "."), "tests"))
from tap import ESSCOPE, done, import_or_skip, ok, skip

np = import_or_skip("numpy")
from safetensors import BF16, safetensors  # noqa: E402

ROOM = tempfile.TemporaryDirectory()
os.chdir(ROOM.name)
RNG = np.random.default_rng(2)
L = 12
WORDS = [f"w{i}" for i in range(L)]
ARRAYS = {f"layers.{n}/{k}": RNG.standard_normal((2, L, 3)).astype("f4")
          for n in range(3) for k in "qk"}
T = np.tril(RNG.standard_normal((L, L)))


def call(*words, **how):
    return subprocess.run([ESSCOPE, *words], capture_output=True, text=True,
                          timeout=120, stdin=subprocess.DEVNULL, **how)


def folder(name):
    shutil.rmtree(name, ignore_errors=True)
    os.mkdir(name)
    return name


def part(n, keys="qk"):
    return {f"layers.{n}/{k}": ARRAYS[f"layers.{n}/{k}"] for k in keys}


def write(path, data):
    with open(path, "wb") as f:
        f.write(data)


def npy(array):
    out = io.BytesIO()
    np.save(out, array)
    return out.getvalue()


def rows(*words):
    run = call("compute", *words)
    return run, sorted(line.split("\t", 1)[1]
                       for line in run.stdout.splitlines()[1:])


def formats():
    """A layer cut over two files; another in each format; as one .npz."""
    folder("mixed")
    write("mixed/a.safetensors", safetensors(
        part(0, "q"), tokens=json.dumps(WORDS)))
    np.savez("mixed/b.npz", tokens=np.array(WORDS), **part(0, "k"))
    np.savez_compressed("mixed/c.npz", **part(1))
    write("mixed/d.safetensors", safetensors(part(2)))
    write("mixed/e.npy.gz", gzip.compress(npy(T)))
    np.save("mixed/f.npy", 2 * T)
    write("mixed/README", b"hello")
    np.savez("one.npz", tokens=np.array(WORDS), e=T, f=2 * T, **ARRAYS)
    got, mixed = rows("mixed")
    wanted, one = rows("one.npz")
    ok(got.returncode == wanted.returncode == 0 and mixed == one
       and len(one) == 8 * (L - 1), "every format in one directory",
       got.stderr + wanted.stderr)
    write("mixed/a.safetensors", safetensors(
        part(0, "q"), tokens=json.dumps(WORDS[::-1])))
    run = call("info", "mixed")
    ok(run.returncode == 1 and "tokens" in run.stderr
       and run.stderr.count("\n") == 1, "tokens that differ", run.stderr)


def checkpoints():
    folder("steps")
    for step in (1, 2):
        write(f"steps/s{step}.safetensors", safetensors(
            part(0), esscope=json.dumps({"esscope": 1, "step": step})))
    run = call("info", "--json", "steps")
    dumps = json.loads(run.stdout)["dumps"]
    ok([(d["file"], d["meta"]["step"]) for d in dumps]
       == [("steps/s1.safetensors", 1), ("steps/s2.safetensors", 2)],
       "the same factor twice: each file a dump", run.stdout)


def shards():
    folder("model")
    names = [f"model-0000{n + 1}-of-00003.safetensors" for n in range(3)]
    for n, name in enumerate(names):
        write("model/" + name, safetensors(
            {k: BF16(v) for k, v in part(n).items()}))
    index = "model/model.safetensors.index.json"
    whole = {"metadata": {"total_size": 1}, "weight_map": {
        key: names[int(key[7])] for key in ARRAYS}}
    write(index, json.dumps(whole).encode())
    _, directory = rows("model")
    run, by_index = rows(index)
    ok(run.returncode == 0 and directory == by_index
       and len(by_index) == 6 * (L - 1), "shards by their index, or by name",
       run.stderr)
    np.savez("model/other.npz", T=T)
    _, same = rows(index)
    ok(same == by_index, "the index says what belongs to it")
    os.unlink("model/" + names[1])
    run = call("info", index)
    ok(run.returncode == 1 and names[1] in run.stderr
       and run.stderr.count("\n") == 1, "a shard that is missing", run.stderr)
    run = call("info", "model")
    ok(run.returncode == 0 and re.search(
        r"not there,\s+though an index", run.stdout),
       "in a directory it is a note", run.stdout)
    for what, text in (
            ("no JSON", b"{"), ("no map", b"{}"), ("a list", b"[1]"),
            ("an empty map", b'{"weight_map": {}}'),
            ("a path", b'{"weight_map": {"a": "../one.npz"}}'),
            ("an absolute path", b'{"weight_map": {"a": "/etc/passwd"}}'),
            ("a number", b'{"weight_map": {"a": 1}}'),
            ("escapes", b'{"weight_map": {"a": "\\u001b[31m/x"}}'),
            ("nested lists", b'{"weight_map": ' + b"[" * 5000),
            ("too much", b'{"weight_map": {}}' + b" " * (5 << 20))):
        write(index, text)
        run = call("info", index)
        ok(run.returncode == 1 and run.stderr.count("\n") == 1
           and run.stderr.startswith(f"esscope: {index}: ")
           and "\x1b" not in run.stderr
           and (what != "a number" or "weight_map has a number where it should "
                "name a file" in run.stderr), f"an index with {what}",
           run.stderr)


def loops():
    folder("loop")
    np.savez("loop/good.npz", T=T)
    os.symlink("x.npz", "loop/x.npz")
    os.symlink("z.safetensors", "loop/y.safetensors")
    os.symlink("y.safetensors", "loop/z.safetensors")
    os.symlink(".", "loop/self")
    os.symlink("self/self/good.npz", "loop/far")
    os.symlink("round", "round")
    run = call("info", "loop/")
    ok(run.returncode == 0 and run.stdout.count("skipped: ") == 3
       and "symbolic" in run.stdout, "links that lead round are noted",
       run.stdout + run.stderr)
    os.unlink("loop/far")
    for path in ("round", "loop/x.npz", "loop/self/self/x.npz"):
        run = call("info", path)
        ok(run.returncode == 1 and run.stderr.startswith(
            f"esscope: {path}: ") and run.stderr.count("\n") == 1,
           f"{path} leads round", run.stderr)
    folder("empty")
    run = call("info", "empty")
    ok(run.returncode == 1 and "a directory without" in run.stderr,
       "an empty directory", run.stderr)


def strangers():
    """A folder of a training run: files of other formats beside the dump."""
    folder("train")
    np.savez("train/run.npz", T=T)
    write("train/log.txt", b"loss 1")
    _, alone = rows("train")
    with zipfile.ZipFile("train/model.pt", "w") as z:
        z.writestr("model/data.pkl", b"\x80\x02.")
    run, there = rows("train")
    said = "skipped: train/model.pt: is a PyTorch file (pickle)"
    ok(run.returncode == 0 and there == alone and len(alone) == L - 1
       and run.stderr == f"esscope: {said}\n", "a model.pt is skipped aloud",
       run.stderr)
    run = call("spectrum", "train", "--layer", "T", "--channel", "0",
               "--position", "4")
    ok(run.returncode == 0 and run.stderr == f"esscope: {said}\n",
       "by spectrum, too", run.stderr)
    run = call("diff", "train", "train/run.npz")
    ok(run.returncode == 0 and run.stderr == f"esscope: {said}\n",
       "and by diff", run.stderr)
    ok(" ".join(call("info", "train").stdout.split()).count(said) == 1,
       "info notes it")
    for k in range(9):
        write(f"train/rng{k}.pth", b"\x80\x04\x95" + bytes(20))
    write("train/x.npz", b"\x89HDF\r\n\x1a\n" + bytes(64))
    run, there = rows("train")
    ok(run.returncode == 0 and there == alone
       and run.stderr == f"esscope: {said}, and 10 more files\n",
       "many: one line", run.stderr)
    told = " ".join(call("info", "train").stdout.split())
    ok(told.count("skipped: ") == 6
       and "skipped: 6 more files of other formats" in told,
       "of which info names some", told)
    for whole in ("a.npz", "b.npz"):
        np.savez("train/" + whole, **part(0))
    run = call("info", "train")
    ok(run.returncode == 0 and run.stdout.count("skipped: ") == 6,
       "beside several dumps, too", run.stderr)
    for name in ("a.npz", "b.npz", "run.npz"):
        os.unlink("train/" + name)
    for command in ("info", "compute"):
        run = call(command, "train")
        ok(run.returncode == 1 and run.stderr.startswith(
            "esscope: train/model.pt: is a PyTorch file (pickle); convert it:"
            "\n  import ") and run.stderr.count("\n") == 3,
           f"nothing else is left: what to type ({command})", run.stderr)
    write("train/d.safetensors", safetensors(part(0))[:50])
    run = call("info", "train")
    ok(run.returncode == 1 and "d.safetensors" in run.stderr,
       "one of ours that is damaged is an error", run.stderr)


def permissions():
    folder("half")
    np.savez("half/a.npz", T=T)
    np.savez("half/b.npz", U=T)
    write("half/c.safetensors", safetensors(part(0)))
    os.chmod("half/b.npz", 0)
    os.chmod(".", 0o755)
    how = {"user": 65534, "group": 65534} if os.getuid() == 0 else {}
    try:
        able = call("--version", **how).returncode == 0
    except OSError:
        able = False
    if not able:
        skip("no permission for one of three", "nobody cannot run it")
        return
    run = call("compute", "half", "--per", "layer", **how)
    note = call("info", "half", **how).stdout
    ok(run.returncode == 0 and len(run.stdout.splitlines()) == 3
       and "half/b.npz" in note and "ermission" in note,
       "no permission for one of three", run.stdout + run.stderr + note)


for test in (formats, checkpoints, shards, loops, strangers, permissions):
    test()
os.chdir("/")
done()
