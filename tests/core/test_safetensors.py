"""What a .safetensors writer writes is read back exactly; a file that breaks a
rule of the format is refused with a sentence."""
import json
import os
import re
import resource
import struct
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.environ.get("srcdir", "."), "tests"))
from tap import BUILD, ESSCOPE, done, import_or_skip, ok

np = import_or_skip("numpy")
from safetensors import BF16, NAMES, packed, parts, safetensors  # noqa: E402

SHOW = os.path.join(BUILD, "tests/core/show_store")
SHOW_DUMP = os.path.join(BUILD, "tests/core/show_dump")
ROOM = tempfile.TemporaryDirectory()
RNG = np.random.default_rng(3)


def write(data, name="x.safetensors"):
    with open(os.path.join(ROOM.name, name), "wb") as f:
        f.write(data)
    return os.path.join(ROOM.name, name)


def call(*words, **how):
    return subprocess.run(words, capture_output=True, timeout=120, text=True,
                          errors="replace", encoding="utf-8", **how)


def lines_of(program, path):
    run = call(program, path)
    if run.returncode not in (0, 1) or run.stderr:
        ok(False, "the reader ends as it should", run.stderr)
    return [line.split("\t") for line in run.stdout.splitlines()]


def refused(data, pattern, what):
    path = write(data)
    lines = lines_of(SHOW, path)
    text = lines[0][0] if len(lines) == 1 and len(lines[0]) == 1 else ""
    ok(text.startswith(path + ": ") and re.search(pattern, text)
       and "\x1b" not in text, f"{what}: {text[len(path) + 2:]}", lines)


def every_dtype():
    arrays = {}
    for dtype in NAMES:
        values = RNG.integers(0, 2 if dtype == "bool" else 100, (2, 3, 4))
        arrays["a/" + dtype] = (values - (50 if dtype[0] in "if" else 0)
                                ).astype(dtype)
    arrays["a/bf"] = BF16(RNG.standard_normal((3, 5)) * 1e-30)
    arrays["a/special"] = BF16([np.nan, np.inf, -np.inf, -0.0, 1e38])
    arrays["scalar"] = np.float32(2.5)
    arrays["empty"] = np.zeros((3, 0), "f4")
    lines = {line[0]: line for line in
             lines_of(SHOW, write(safetensors(arrays)))}
    for name, array in arrays.items():
        if name == "a/complex64":
            ok(lines[name][1].startswith("c64 (2, 3, 4)"), "complex64")
            continue
        wanted = array.values if isinstance(array, BF16) else array
        got = np.array([float(x) for x in
                        "".join(lines[name][2:]).split()])
        ok(np.array_equal(got, wanted.astype("f8").ravel(), equal_nan=True)
           and (not isinstance(array, BF16)
                or lines[name][1].startswith("bf16")),
           f"{name} is read back exactly", lines[name])


def orders():
    """Tensors may lie in another order than they are named; a header may have
    any blanks and escapes."""
    data = np.arange(6, dtype="<f4").tobytes()
    text = (b'{ "\\u0062\\/\\ud83d\\ude00":\n{"shape" : [2],"data_offsets"'
            b':[0,8],\t"dtype":"F32"}, "a/q":{"dtype":"F32","shape":[4],'
            b'"data_offsets":[8,24]}}   \n')
    lines = lines_of(SHOW, write(packed(text, data)))
    ok([line[0] for line in lines] == ["a/q", "b/\U0001f600"]
       and lines[0][2].split() == ["2", "3", "4", "5"], "order and escapes",
       lines)
    ok(lines_of(SHOW, write(packed({}, b""))) == [], "a file of no tensor")


def rules():
    header, data = parts({"a/q": np.ones((2, 3), "f4"),
                          "a/k": np.ones(4, "f4")})

    def changed(what, pattern, name="a/q", **fields):
        new = {k: dict(v) for k, v in header.items()}
        new[name].update(fields)
        refused(packed(new, data), pattern, what)

    def dropped(key):
        new = {k: dict(v) for k, v in header.items()}
        del new["a/q"][key]
        refused(packed(new, data), f"a/q.*without {key}", f"no {key}")

    whole = packed(header, data)
    for key in ("dtype", "shape", "data_offsets"):
        dropped(key)
    changed("a hole", "hole", "a/k", data_offsets=[28, 44])
    changed("an overlap", "overlap", "a/k", data_offsets=[20, 36])
    changed("offsets that are no span of the shape", "a/q.*6 elements",
            data_offsets=[0, 20])
    changed("offsets backwards", "end before", data_offsets=[24, 0])
    changed("a shape that overflows", "larger than any memory",
            shape=[1 << 33, 1 << 33])
    changed("a shape whose bytes overflow", "are not the",
            shape=[1 << 62], dtype="F64")
    changed("an unknown dtype", "F128", dtype="F128")
    changed("a negative size", "size", shape=[-2, 3])
    changed("a fraction", "size", shape=[2.5, 3])
    changed("a size of 2^64", "2\\^64", shape=[1 << 64])
    changed("a shape that is no list", "expected", shape=7)
    changed("three offsets", "expected", data_offsets=[0, 24, 24])
    changed("a key that is none", '"kind" is no key', kind="s6")
    refused(packed(header, data + b"more"), "40 bytes, but 44",
            "bytes behind the last tensor")
    refused(packed(header, data[:-1]), "cut off", "a byte too few")
    refused(whole[:40], "goes beyond", "a header cut off")
    refused(struct.pack("<Q", 100000001) + b"{" + whole[9:], "no dump|100000",
            "a header of more than the format allows")
    refused(struct.pack("<Q", 1 << 40) + b"{}", "no dump|goes beyond|header",
            "a header of a terabyte")
    text = json.dumps(header).encode()
    refused(packed(b" " + text, data), "no dump", "a header after a blank")
    refused(packed(text[:-1] + b',"a/q":' + json.dumps(
        header["a/q"]).encode() + b"}", data), "overlap|two members",
        "a name twice")
    empty = b'"%s":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}'
    refused(packed(b"{" + empty % b"e" + b"," + empty % b"e" + b"}", b""),
            "two members named e", "an empty tensor twice")
    refused(packed(text.replace(b'"F32"', b'"F32","dtype":"F32"', 1), data),
            '"dtype" is given twice', "a key twice")
    refused(packed(text[:-1] + b"]", data), "expected '}'", "a wrong end")
    refused(packed(text + b"{}", data), "blanks only", "text behind it")
    refused(packed(text.replace(b"a/q", b"a\\u0000q"), data), "NUL",
            "a NUL in a name")
    refused(packed(text.replace(b"a/q", b"a\x1bq"), data), "UTF-8",
            "an escape byte in a name")
    refused(packed(text.replace(b"a/q", b"a\xffq"), data), "UTF-8",
            "a name that is no UTF-8")
    refused(packed(text.replace(b"a/q", b"a\\ud800q"), data), "UTF-8",
            "half a surrogate")
    refused(packed(b'{"x":' + b"[" * 100000, b""), "expected '{'",
            "lists within lists")
    refused(packed(b'{"__metadata__":{"a":1}}', b""), "only text",
            "metadata of numbers")
    refused(packed(b'{"__metadata__":{"a":"1"},"__metadata__":{}}', b""),
            "two __metadata__", "metadata twice")
    refused(packed(b'{"__metadata__":{"a":"1","a":"2"}}', b""),
            "two members", "a metadata key twice")


def unread():
    header = {"a/q": {"dtype": "F8_E4M3", "shape": [4],
                      "data_offsets": [0, 4]},
              "a/k": {"dtype": "F4", "shape": [8], "data_offsets": [4, 8]},
              "a/r": {"dtype": "F32", "shape": [1] * 9,
                      "data_offsets": [8, 12]}}
    lines = lines_of(SHOW, write(packed(header, bytes(12))))
    text = str(lines)
    ok(len(lines) == 3 and "dtype F8_E4M3 is not read" in text
       and "dtype F4 is not read" in text and "9 axes; at most 8 are read" in text,
       "F8 and F4 are refused by name, the file is not", lines)


def dumps():
    meta = {"esscope": 1, "model": "m", "step": 3,
            "layers": {"l.0": {"kind": "decay", "scale": 0.5}}}
    words = ["Th\u00e9", "\x1b[31m", "\"q\"", "\U0001f600"]
    q, k = RNG.standard_normal((2, 1, 4, 3)).astype("f4")
    path = write(safetensors(
        {"l.0/q": BF16(q), "l.0/k": BF16(k)}, esscope=json.dumps(meta),
        tokens=json.dumps(words), format="pt"))
    lines = lines_of(SHOW_DUMP, path)
    text = "\n".join("\t".join(line) for line in lines)
    ok("decay" in text
       and "4 tokens" in text and "Th\u00e9 .. \U0001f600" in text
       and "__metadata__.format" in text, "meta and tokens of a dump", text)
    run = call(ESSCOPE, "info", path)
    ok('"\\x1b[31m"' in run.stdout and "\x1b" not in run.stdout
       and "q bf16 (1, 4, 3)" in run.stdout.replace("k q", "q"),
       "tokens are escaped, types are told", run.stdout)
    run = call(ESSCOPE, "compute", path, "--tol", "1e-9")
    rows = [line.split("\t") for line in run.stdout.splitlines()][1:]
    qv, kv = BF16(q).values[0], BF16(k).values[0]
    t = np.tril(0.5 * qv.astype("f8") @ kv.T.astype("f8"))
    wanted = [np.linalg.svd(t[i:, :i], compute_uv=False)[0]
              for i in range(1, 4)]
    ok(run.returncode == 0 and np.allclose(
        [float(row[8]) for row in rows], wanted, rtol=1e-12),
       "and its spectra", run.stdout + run.stderr)
    for bad, pattern in (("{", '__metadata__ "esscope": invalid JSON'),
                         ("[1]", "no JSON object")):
        path = write(safetensors({"l/T": np.eye(4, dtype="f4")},
                                 esscope=bad))
        run = call(ESSCOPE, "info", path)
        ok(run.returncode == 1 and run.stderr.count("\n") == 1
           and pattern in run.stderr, f"meta {bad}", run.stderr)
    path = write(safetensors({"l/T": np.eye(4, dtype="f4"), "meta": np.zeros(
        3, "u1")}, esscope="{}"))
    run = call(ESSCOPE, "info", path)
    ok(run.returncode == 1 and 'both meta and __metadata__ "esscope"; expected '
       "one" in run.stderr, "meta twice", run.stderr)
    for bad in ('{"a": 1}', "[1, 2]", "[", '"text"', "[]"):
        path = write(safetensors({"l/T": np.eye(4, dtype="f4")}, tokens=bad))
        run = call(ESSCOPE, "info", path)
        ok(run.returncode == 1 and run.stderr.count("\n") == 1
           and f'{path}: __metadata__ "tokens": ' in run.stderr
           and re.search("invalid JSON|expected L strings", run.stderr),
           f"tokens {bad}", run.stderr)


def limited():
    resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))


def bounded(*words):
    """Within 2 GiB, if that is enough to start: a sanitizer takes more."""
    try:
        able = call(ESSCOPE, "--version", preexec_fn=limited).returncode == 0
    except OSError:
        able = False
    return call(*words, preexec_fn=limited if able else None)


def many():
    """A hundred thousand tensors, and as much text: opened, or refused."""
    count = 100000
    text = b"{" + b",".join(
        b'"layers.%d/x":{"dtype":"F32","shape":[],"data_offsets":[%d,%d]}'
        % (k, 4 * k, 4 * k + 4) for k in range(count)) + b"}"
    path = write(packed(text, bytes(4 * count)))
    run = bounded(ESSCOPE, "info", path)
    ok(run.returncode == 1 and run.stderr.count("\n") == 1
       and len(run.stderr) < 2000, "100,000 tensors that are no layer",
       run.stderr[:2000])
    text = text.replace(b"/x", b"/T")
    path = write(packed(text, bytes(4 * count)))
    run = bounded(ESSCOPE, "compute", path, "--layer", "layers.5")
    ok(run.returncode == 1 and run.stderr.count("\n") == 1
       and "layers.5" in run.stderr, "100,000 layers of which none is one",
       run.stderr[:2000])
    text = b'{"__metadata__":{' + b",".join(
        b'"%x":""' % k for k in range(150000)) + b" and so on"
    refused(packed(text, b""), "more than 131072",
            "too many texts, told before what is behind them")
    text = b"{" + b",".join(
        b'"%x":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}' % k
        for k in range(131072)) + b"}"
    path = write(packed(text, b""))
    ok(len(lines_of(SHOW, path)) == 131072, "as many tensors as may be")
    refused(packed(text[:-1] + b',"x":', b""), "more than 131072",
            "and one more")


def long_names():
    for count in 4096, 4097:
        name = b"n" * count
        data = packed(b'{"%s":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}'
                      % name, b"")
        if count == 4096:
            ok(lines_of(SHOW, write(data))[0][0] == name.decode(),
               "a name of 4096 bytes")
        else:
            refused(data, r"a name of 4097 bytes, n{32}\.\.\.; expected",
                    "and one more")


for part in (every_dtype, orders, rules, unread, dumps, many, long_names):
    part()
done()
