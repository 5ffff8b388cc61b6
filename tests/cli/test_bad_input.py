"""Bad input through the real program: one sentence on stderr that names the
file and the member, the right exit status, and no half-written output."""
import json
import os
import re
import resource
import signal
import stat
import subprocess
import sys
import tempfile
import zipfile

sys.path.insert(0, os.path.join(os.environ.get("srcdir", "."), "tests"))
from tap import ESSCOPE, done, import_or_skip, ok, skip

np = import_or_skip("numpy")

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from hostile import (bomb, content_offset, flip, npy, npy_header, npz,  # noqa: E402
                     patch)

ROOM = tempfile.TemporaryDirectory()
os.chdir(ROOM.name)
os.mkdir("out")
OUT = "out/ess.tsv"
RNG = np.random.default_rng(7)
L, N = 8, 3
REPORT = ("Sanitizer", "runtime error", "Traceback", "core dumped")


def factor(*shape):
    return RNG.standard_normal(shape)


def good(**more):
    """A dump of one layer of one channel."""
    return {"layers.0/q": factor(1, L, N), "layers.0/k": factor(1, L, N),
            **more}


def write(path, data):
    with open(path, "wb") as f:
        f.write(data if isinstance(data, bytes) else npz(data))
    return path


def run(*arguments, **how):
    return subprocess.run([ESSCOPE, *arguments], stdin=subprocess.DEVNULL,
                          capture_output=True, timeout=120, **how)


def explain(result):
    return (f"status {result.returncode}\n"
            f"stderr: {result.stderr.decode(errors='replace')}\n"
            f"stdout: {result.stdout[:500]!r}\nout: {os.listdir('out')}")


def told(result, *words, lines=1):
    """One plain sentence, holding these words."""
    text = result.stderr.decode(errors="replace")
    return (text.count("\n") == lines and text.endswith("\n")
            and all(line.startswith("esscope: ")
                    for line in text.splitlines())
            and all(word in text for word in words)
            and "\x1b" not in text
            and not any(word in text for word in REPORT))


def refused(what, arguments, *words, status=1):
    """Fails with one sentence and leaves nothing behind. After a usage error
    the help that could help is named, as GNU programs do."""
    result = run(*arguments)
    if status == 2:
        result.stderr = re.sub(rb"\nTry 'esscope[a-z ]* --help'\.\n$",
                               b"\n", result.stderr)
    ok(result.returncode == status and told(result, *words)
       and not result.stdout and not os.listdir("out"),
       what, explain(result))
    for name in os.listdir("out"):
        os.unlink(os.path.join("out", name))


def bad_file(what, data, *words, also=()):
    """compute refuses the file, naming it and these words."""
    path = write("bad.npz", data)
    refused(what, ["compute", path, "-o", OUT], path, *words)
    for command in also:
        refused(f"{what}: {command}", [command, path], path, *words)


def header(descr="<f8", shape="(1, 8, 3)", order="False"):
    return (f"{{'descr': '{descr}', 'fortran_order': {order}, "
            f"'shape': {shape}, }}").ljust(117) + "\n"


def archives():
    whole = npz(good())
    packed = npz(good(), zipfile.ZIP_DEFLATED)
    every = ("info", "view")
    bad_file("an empty file", b"", also=every)
    bad_file("a file of other things", b"hello, world\n" * 10, also=every)
    bad_file("an archive cut in half", whole[:len(whole) // 2], also=every)
    bad_file("an archive without its last bytes", whole[:-10], also=every)
    bad_file("the start of an archive", whole[:3], also=every)
    bad_file("a broken directory",
             flip(whole, whole.index(b"PK\x01\x02") + 1), also=every)
    bad_file("a flipped bit in a stored member",
             flip(whole, content_offset(whole, "layers.0/q") + 150),
             "layers.0/q", "CRC")
    at = content_offset(packed, "layers.0/k")
    bad_file("a flipped bit in a deflated member", flip(packed, at + 90),
             "layers.0/k")
    bad_file("a wrong CRC", patch(whole, 1, crc=12345), "layers.0/k", "CRC")
    bad_file("an encrypted member", patch(whole, 0, flags=1), "layers.0/q")
    bad_file("a member on another disk", patch(whole, 0, disk=1),
             "layers.0/q", "split", also=every)
    bad_file("a member compressed by bzip2",
             npz(good(), zipfile.ZIP_BZIP2), "layers.0/q")
    bad_file("a member beyond the end", patch(whole, 1, offset=1 << 30),
             "layers.0/k")
    bad_file("a member longer than the file",
             patch(whole, 1, stored=1 << 30, bytes=1 << 30), "layers.0/k")
    bad_file("a deflated member that promises 4 GB",
             patch(packed, 1, bytes=0xfffffff0), "layers.0/k")
    bad_file("a deflated member longer than promised",
             patch(packed, 1, bytes=200), "layers.0/k")
    bad_file("a deflated member shorter than promised",
             patch(packed, 1, bytes=330), "layers.0/k")
    bad_file("fewer bytes before the archive than there were",
             whole[10:], also=every)
    bad_file("bytes before it, and a member beyond any number",
             b"before" + patch(whole, 1, offset=0xfffffff0),
             "layers.0/k", also=every)
    bad_file("a bare array of objects", npy(np.array([[{}, 1]], object)),
             "Python objects (pickle)", "np.array(x, dtype=str)", also=every)
    bad_file("a NUL in meta", npz({"layers.0/T": np.eye(4), "meta.json":
             b'{"model": "a\\u0000b"}'}), "a NUL (\\u0000)", also=every)
    path = write("many.npz", npz({f"l{k}/T": np.zeros((0, 0))
                                  for k in range(500)}))
    result = run("compute", path)
    found = result.stderr.decode().splitlines()
    ok(result.returncode == 1 and len(found) == 21 and "l19: T" in found[19]
       and "480 more such lines" in found[20],
       "hundreds of layers that cannot be used: twenty are named",
       explain(result))
    bad_file("two members in one place",
             patch(whole, 1, offset=0), also=every)
    twice = npz({"layers.0/q": factor(1, L, N), "layers.0/p": factor(1, L, N)})
    bad_file("two members of one name",
             twice.replace(b"layers.0/p", b"layers.0/q"), "layers.0/q",
             also=every)


def lengths():
    """A few bytes may promise any number of positions."""
    taps = {"a/h": np.ones((1, 4), "f4")}
    for n in (1 << 22) + 1, 10 ** 12, 1 << 53:
        meta = json.dumps({"layers": {"a": {"kind": "toeplitz", "length": n}}})
        bad_file(f"a length of {n} in meta", {"meta": np.array(meta), **taps},
                 f"a: L={n}; expected at most 4194304 positions")
    bad_file("a kernel of 2^26 taps, of 130 kB",
             bomb("a/h", "<f2", "(1, 67108864)", 128),
             "a: L=67108864; expected at most 4194304 positions", '"length"')


def bombs():
    """A thousand to one is what deflate can do, and a shape can ask for it."""
    data = bomb("layers.0/T", "<f4", "(16384, 16384)", 1024)
    bad_file("a gigabyte in a megabyte", data, "layers.0: one channel of T",
             "1073741824 bytes", "at most 64 times", "numpy.savez")
    result = run("info", "--check", write("bad.npz", data))
    ok(result.returncode == 1 and b"at most 64 times" in result.stdout
       and not result.stderr, "and --check says so", explain(result))
    bad_file("tokens that take a gigabyte",
             bomb("tokens", "<U262144", "(1024,)", 1024, **good()),
             "tokens: 1073741952 bytes")


def arrays():
    def key(data):
        return {**good(), "layers.0/q": data}

    huge = "(9223372036854775808, 1)"
    bad_file("a shape of 2^63", key(npy_header(header(shape=huge))),
             "layers.0/q")
    bad_file("a shape whose product wraps", key(npy_header(header(
        shape="(4294967296, 4294967296, 2)"))), "layers.0/q")
    bad_file("a negative shape", key(npy_header(header(
        shape="(1, -8, 3)"), bytes(192))), "layers.0/q")
    bad_file("more axes than anyone has", key(npy_header(header(
        shape="(" + "1, " * 30 + ")"), bytes(8))), "layers.0/q")
    bad_file("fewer elements than the shape says", key(npy_header(
        header(), bytes(100))), "layers.0/q")
    bad_file("more elements than the shape says", key(npy_header(
        header(), bytes(400))), "layers.0/q")
    bad_file("an array cut in its header", key(npy(factor(1, L, N))[:40]),
             "layers.0/q")
    bad_file("a header that never ends", key(npy_header(
        "{" + " " * 20000, version=2)), "layers.0/q")
    bad_file("a header that is no dictionary", key(npy_header(
        "import os\n", bytes(192))), "layers.0/q")
    bad_file("a member that is no array", key(b"hello"), "layers.0/q")
    bad_file("an array of version 9", key(npy_header(
        header(), bytes(192)).replace(b"NUMPY\x01", b"NUMPY\x09")),
        "layers.0/q")
    bad_file("pickled objects", key(np.array([{}], dtype=object)),
             "layers.0/q")
    bad_file("a structured array", key(np.zeros(
        (1, L, N), dtype=[("re", "f4"), ("im", "f4")])), "layers.0/q")
    bad_file("long doubles", key(np.zeros((1, L, N), np.longdouble)),
             "layers.0/q")
    bad_file("dates", key(np.zeros((1, L, N), "M8[s]")), "layers.0/q")
    bad_file("text as a factor", key(np.full((1, L, N), "a")), "layers.0: q")
    bad_file("raw 16-bit elements that nobody called bf16",
             key(np.zeros((1, L, N), "V2")), "layers.0: q", "dtype")


def operators():
    def layer(**factors):
        return {f"layers.0/{name}": value for name, value in factors.items()}

    def spoiled(value):
        q = factor(1, L, N)
        q[0, 3, 1] = value
        return q

    bad_file("NaN", {**good(), "layers.0/q": spoiled(np.nan)},
             "layers.0", "q")
    bad_file("infinity", {**good(), "layers.0/k": spoiled(np.inf)},
             "layers.0", "k")
    bad_file("a decay that grows",
             good(**{"layers.0/la": np.full((1, L, N), 0.5)}),
             "layers.0", "la", "log")
    dt = {"A": -np.ones((1, N)), "B": factor(L, N), "C": factor(L, N)}
    bad_file("a negative dt", layer(dt=np.full((1, L), -1.0), **dt),
             "layers.0", "dt", "softplus")
    bad_file("a positive A", layer(dt=np.ones((1, L)),
             **{**dt, "A": np.ones((1, N))}), "layers.0", "A", "A_log")
    bad_file("a T that is not causal", layer(T=factor(L, L)),
             "layers.0", "causal")
    bad_file("a T that is not square", layer(T=np.tri(L)[:5]), "layers.0")
    bad_file("heads that are no multiple of the groups",
             layer(q=factor(4, L, N), k=factor(3, L, N)), "layers.0",
             "groups")
    bad_file("two lengths", layer(q=factor(1, L, N), k=factor(1, L + 1, N)),
             "layers.0", "k")
    bad_file("a single position", layer(q=factor(1, 1, N),
             k=factor(1, 1, N)), "layers.0")
    bad_file("no position", layer(q=factor(1, 0, N), k=factor(1, 0, N)),
             "layers.0")
    bad_file("a factor too few", layer(q=factor(1, L, N)), "layers.0")
    bad_file("factors of nothing known", layer(zeta=factor(1, L, N)),
             "layers.0")
    bad_file("la that can be read in two ways",
             layer(q=factor(2, 4, 4), k=factor(2, 4, 4),
                   la=-np.ones((2, 4))), "layers.0", "la", "axes")


def metas():
    def meta(text, *words, **more):
        bad_file(f"meta: {text[:40]}", good(meta=np.array(text), **more),
                 "meta" if not words else words[0], *words[1:])

    meta("{")
    meta("")
    meta("[1, 2]")
    meta('{"esscope": 1, "layers": 7}')
    meta('{"esscope": 1, "esscope": 1}')
    meta("[" * 5000)
    for inside in ({"kind": "quantum"}, {"kind": 3}, {"scale": "big"},
                   {"window": 0}, {"kind": "decay", "read": "later"}):
        meta(json.dumps({"esscope": 1, "layers": {"layers.0": inside}}),
             "layers.0", list(inside)[-1])
    bad_file("meta of numbers", good(meta=factor(3)), "meta")
    bad_file("meta.json that does not parse",
             good(**{"meta.json": b'{"esscope": 1,}'}), "meta.json")


def partly():
    """One channel of two fails: its rows are left out, the rest is there."""
    q = factor(2, L, N)
    q[1, 2, 0] = np.nan
    write("half.npz", {"layers.0/q": q, "layers.0/k": factor(1, L, N)})
    result = run("compute", "half.npz", "-o", OUT)
    rows = (open(OUT).read().splitlines() if os.path.exists(OUT) else [])
    ok(result.returncode == 1 and told(result, "half.npz", "layers.0", "q")
       and [row.split("\t")[3] for row in rows[1:]] == ["0"] * (L - 1),
       "a failed channel costs its rows only", explain(result))
    if os.path.exists(OUT):
        os.unlink(OUT)
    q[0] = np.nan
    write("none.npz", {"layers.0/q": q, "layers.0/k": factor(1, L, N)})
    result = run("compute", "none.npz", "-o", OUT)
    ok(result.returncode == 1 and told(result, "none.npz", lines=2)
       and not os.listdir("out"), "without a row left there is no output",
       explain(result))


def requests():
    path = write("good.npz", good())
    ask = ["compute", path, "-o", OUT]
    refused("a layer that is not there", [*ask, "--layer", "layers.9"],
            "layers.9")
    refused("a channel that is not there", [*ask, "--channel", "1"],
            path, "layers.0", "1")
    refused("a position that is not there", [*ask, "--position", "8"],
            path, "layers.0", "8")
    refused("position 0", [*ask, "--position", "0"])
    for value in ("abc", "-1", "nan", "inf", "1e-3x", ""):
        refused(f"--tol '{value}'", [*ask, f"--tol={value}"], "tol",
                status=2)
        refused(f"--rel-tol '{value}'", [*ask, f"--rel-tol={value}"],
                "rel-tol", status=2)
    one = ["spectrum", path, "--layer", "layers.0"]
    refused("spectrum of a channel that is not there",
            [*one, "--channel", "3", "--position", "4"], path, "3")
    refused("spectrum of a position that is not there",
            [*one, "--channel", "0", "--position", "8"], path, "8")
    result = run("compute", path, "no.npz", "-o", OUT)
    with open(OUT) as f:
        rows = f.read().splitlines()
    os.unlink(OUT)
    ok(result.returncode == 1 and told(result, "no.npz")
       and [row.split("\t")[0] for row in rows[1:]] == [path] * (L - 1),
       "of two files, one that is not there costs its rows only",
       explain(result))


def places():
    os.mkdir("empty")
    os.mkdir("other")
    write("other/notes.txt", b"hello")
    os.mkfifo("fifo.npz")
    os.mkdir("apart")
    write("apart/a.npz", {"a/q": factor(1, L, N), "a/k": factor(1, L, N),
                          "tokens": np.array(list("abcdefgh"))})
    write("apart/b.npz", {"b/q": factor(1, L, N), "b/k": factor(1, L, N),
                          "tokens": np.array(list("abcdefgX"))})
    write("bare.npz", {"meta": np.array('{"esscope": 1}')})
    write("void.npz", {})
    for what, path in (("no such file", "no.npz"),
                       ("an empty directory", "empty"),
                       ("a directory of other things", "other"),
                       ("a FIFO", "fifo.npz"), ("a device", "/dev/null"),
                       ("a dump of nothing", "void.npz"),
                       ("a dump without layers", "bare.npz")):
        refused(what, ["compute", path, "-o", OUT], path)
        refused(f"{what}: info", ["info", path], path)
        refused(f"{what}: view", [path], path)
    refused("tokens that differ", ["compute", "apart", "-o", OUT], "tokens")


def permissions():
    path = write("secret.npz", good())
    os.chmod(path, 0)
    os.chmod(".", 0o755)
    how = {"user": 65534, "group": 65534} if os.getuid() == 0 else {}
    try:
        able = run("--version", **how).returncode == 0
    except OSError:
        able = False
    if not able:
        skip("no permission to read", "root here, and nobody cannot run it")
        return
    result = run("compute", path, **how)
    ok(result.returncode == 1 and told(result, path) and not result.stdout,
       "no permission to read", explain(result))


def tokens():
    evil = "\x1b]0;owned\x07"
    dump = good(tokens=np.array(["a", evil, "\t", "\n", "\\", "\x9b2J", "e",
                                 "\u202ef"]))
    dump["lay\x1b[31mer/q"] = dump["layers.0/q"]
    dump["lay\x1b[31mer/k"] = dump["layers.0/k"]
    path = write("evil.npz", dump)
    for arguments in (["info", path], ["compute", path], [path],
                      ["info", "--json", path],
                      ["compute", path, "--format", "jsonl"],
                      ["compute", path, "--format", "csv"]):
        result = run(*arguments)
        text = result.stdout.decode(errors="surrogateescape")
        ok(result.returncode == 0 and text and not result.stderr
           and not any(c in text for c in "\x1b\x07\x9b\u202e"),
           f"escape sequences stay text: {' '.join(arguments)}",
           explain(result))
    result = run("compute", path, "--layer", "nothing\x1b[31m")
    ok(result.returncode == 1 and told(result),
       "nor does a message carry one", explain(result))


    write("long.npz", good(tokens=np.array(["a" * 4096] * 8)))
    result = run("info", "long.npz")
    ok(result.returncode == 0 and not result.stderr, "tokens of 4096 bytes",
       explain(result))
    bad_file("a token of one byte more",
             good(tokens=np.array(["a"] * 7 + ["a" * 4097])),
             "tokens: token 7 is text of 4097 bytes")


def limited():
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))


def pipe():
    """compute opens its dump twice, first for what it will take."""
    for command in ("info", "compute"):
        result = subprocess.run([ESSCOPE, command, "-"], input=b"junk" * 9,
                                capture_output=True, timeout=120)
        ok(result.returncode == 1 and told(result, "-: is no dump"),
           f"no dump on a pipe: {command}", explain(result))


def outputs():
    path = write("long.npz", {"layers.0/q": factor(4, 64, N),
                              "layers.0/k": factor(4, 64, N)})
    refused("a folder as output", ["compute", path, "-o", "."], ".")
    refused("output into a folder that is not there",
            ["compute", path, "-o", "no/ess.tsv"], "no/ess.tsv")
    refused("a full device", ["compute", path, "-o", "/dev/full"],
            "/dev/full")
    ok(stat.S_ISCHR(os.stat("/dev/full").st_mode),
       "the device is left where it is")
    with open("/dev/full", "wb") as full:
        for arguments in (["compute", path], ["info", path],
                          ["info", "--json", path], ["--help"],
                          ["--version"]):
            result = subprocess.run([ESSCOPE, *arguments], stdout=full,
                                    stdin=subprocess.DEVNULL,
                                    stderr=subprocess.PIPE, timeout=120)
            result.stdout = b""
            ok(result.returncode == 1 and told(result),
               f"standard output is full: {' '.join(arguments)}",
               explain(result))
    result = run("compute", path, "-o", OUT, preexec_fn=limited)
    ok(result.returncode == 1 and told(result, OUT)
       and not os.listdir("out"), "the disk is full", explain(result))
    write(OUT, b"precious\n")
    result = run("compute", path, "-o", OUT, preexec_fn=limited)
    ok(result.returncode == 1 and open(OUT).read() == "precious\n"
       and os.listdir("out") == ["ess.tsv"],
       "what was there before survives a full disk", explain(result))
    result = run("compute", path, "--layer", "nothing", "-o", OUT)
    ok(result.returncode == 1 and open(OUT).read() == "precious\n",
       "and a failure", explain(result))


with ROOM:
    for part in (archives, lengths, bombs, arrays, operators, metas, partly, requests,
                 places, permissions, tokens, pipe, outputs):
        part()
    os.chdir("/")
done()
