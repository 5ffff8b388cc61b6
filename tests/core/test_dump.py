"""What a dump is understood to be: layers, kinds, axes, meta, tokens and
directories, and one sentence for each thing that can be wrong with them."""

import io
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import zipfile

sys.path.insert(0, os.path.join(os.environ.get("srcdir", "."), "tests"))
from tap import BUILD, done, import_or_skip, ok

np = import_or_skip("numpy")

SHOW = os.path.join(BUILD, "tests/core/show_dump")
DIR = tempfile.TemporaryDirectory()
RNG = np.random.default_rng(7)


def path(name):
    return os.path.join(DIR.name, name)


def show(name, **keywords):
    run = subprocess.run([SHOW, name if name == "-" else path(name)],
                         capture_output=True, timeout=60, **keywords)
    text = run.stdout.decode()
    if run.returncode not in (0, 1) or run.stderr:
        ok(False, f"{name}: the reader ends as it should",
           f"{run.returncode} {text} {run.stderr.decode()}")
    return run.returncode, text


def save(meta=None, name="x.npz", **arrays):
    """An .npz of these; "__" in a key stands for "/"."""
    arrays = {k.replace("__", "/"): v for k, v in arrays.items()}
    if meta is not None:
        arrays["meta"] = json.dumps(meta)
    np.savez(path(name), **arrays)
    return name


def says(name, pattern, what, status=0):
    """The output has a line that matches."""
    found, text = show(name)
    return ok(found == status and re.search(pattern, text, re.M), what, text)


def wrong(name, pattern, what):
    """The layer cannot be used, in one sentence with file and layer."""
    status, text = show(name)
    lines = [line for line in text.splitlines() if line.startswith("error\t")]
    sentence = lines[0].split("\t")[2] if lines else text
    start = path(name) + ": "
    ok(status == 0 and len(lines) == 1 and sentence.startswith(start)
       and re.search(pattern, sentence),
       f"{what}: {sentence[len(DIR.name) + 1:]}", text)


def refused(name, pattern, what):
    """The dump cannot be opened, in one sentence with the file."""
    status, text = show(name)
    ok(status == 1 and text.count("\n") == 1
       and text.startswith(path(name).rstrip("/"))
       and re.search(pattern, text),
       f"{what}: {text.strip()[len(DIR.name) + 1:]}", text)


def f4(*shape):
    return RNG.standard_normal(shape).astype("f4")


def qk(H=4, L=64, N=16, G=None, **more):
    return dict(a__q=f4(H, L, N), a__k=f4(G or H, L, N),
                **{"a__" + k: v for k, v in more.items()})


LAYER = {"layers": {"a": {}}}


def layer(**keys):
    return {"layers": {"a": keys}}


def test_kinds():
    says(save(**qk()), r"^layer\ta\tsoftmax assumed\tL=64\tchannels=4\t.*"
         r"width=1\ttss=32\tq:HLN:0,1,2:", "q and k alone are softmax")
    says(save(**qk(la=-f4(4) ** 2)), r"\tdecay assumed\t.*\tla:H:0:",
         "la (H) makes a decay")
    for form, shape in [("HL", (4, 64)), ("HN", (4, 16)),
                        ("HLN", (4, 64, 16))]:
        says(save(**qk(la=-f4(*shape) ** 2)), rf"\tla:{form}:0,1", f"la {form}")
    says(save(layer(kind="decay"), **qk()), r"\tdecay\tL=64\t.*tss=16",
         "a declared kind")
    says(save(**qk(G=2)), r"\tk:GLN:0,1,2", "fewer groups than heads")
    says(save(**qk(H=1)), r"\tchannels=1\tbatches=1", "one head is no batch")
    s6 = dict(m__dt=abs(f4(8, 64)), m__A=-abs(f4(8, 16)), m__B=f4(64, 16),
              m__C=f4(2, 64, 16))
    says(save(**s6), r"^layer\tm\ts6 assumed\tL=64\tchannels=8\t.*\tB:LN:0,1:"
         r".*\tC:GLN:0,1,2", "s6, one factor in groups")
    says(save(h__h=f4(3, 10), h__gq=f4(3, 64)),
         r"\ttoeplitz assumed\tL=64\tchannels=3.*\th:DK.*\tgq:DL", "toeplitz")
    says(save(h__h=f4(3, 10), h__gq=f4(2, 3, 64)), r"\tgq:RDL", "folds")
    says(save(s__T=f4(2, 8, 8)), r"^layer\ts\tdense assumed.*channels=2.*HLL",
         "a dense T of heads")
    says(save(s__T=f4(8, 8)), r"channels=1.*\tT:LL:0,1", "a dense T of one")
    says(save(**qk(scale=np.float32(0.5), window=np.int64(9))),
         r"tss=8.*\tscale:\twindow:$", "0-d factors")


def test_length():
    says(save(h__h=f4(3, 10)), r"\tL=10\t", "a bare kernel: L is K")
    says(save(h__h=f4(3, 10), tokens=np.array(["t"] * 20)), r"\tL=20\t",
         "a bare kernel: L is the number of tokens")
    says(save({"layers": {"h": {"length": 30}}}, h__h=f4(3, 10),
              tokens=np.array(["t"] * 20)), r"\tL=30\t",
         "a bare kernel: meta says L")
    name = save({"layers": {"h": {"length": 5}}}, h__h=f4(3, 10))
    says(name, r"\ttoeplitz assumed\tL=5\tchannels=3\t.*\th:DK:",
         "more taps than positions")
    says(name, "^note\th\th has 10 taps; the first 5 are used$", "are noted")
    says(save(h__h=f4(3, 65), h__gq=f4(3, 64)), "^note\th\th has 65 taps; the "
         "first 64 are used$", "also where a gate says L")
    says(save(h__h=f4(3, 64), h__gq=f4(3, 64)), r"^layer\th[^\n]*\n\Z",
         "as many taps as positions are not")
    wrong(save(layer(length=32), **qk()), r'"length" is 32, but.*L=64',
          "a length that is not that of the factors")
    for value in [1, 2.5, -3, "x"]:
        wrong(save(layer(length=value), **qk()), r'"length" is', f"a length "
              f"of {value}")
    wrong(save(**qk(L=1)), "L=1; expected .* 2 positions$", "L = 1")
    wrong(save(**qk(L=0)), r"q is f32 \(4, 0, 16\); no axis may be 0", "L = 0")
    wrong(save(s__T=f4(1, 1)), "L=1", "a dense T of 1")


def test_axes():
    wrong(save(**qk(la=f4(3))), r"a: la is f32 \(3,\); expected \(H\), "
          r"\(H,L\), \(H,N\) or \(H,L,N\) with H=4 L=64 N=16 \(kind decay "
          r"was assumed; meta key \"kind\" declares it\)$", "a shape that fits nothing")
    wrong(save(a__q=f4(64, 16), a__k=f4(64, 16)),
          r"q is f32 \(64, 16\); expected \(H,L,N\)", "q of rank 2")
    wrong(save(a__q=f4(4, 64, 16), a__k=f4(4, 64, 8)),
          r"k is f32 \(4, 64, 8\); expected \(G,L,N\) with L=64 N=16",
          "k of another N")
    wrong(save(**qk(G=3)), "4 heads cannot share 3 groups",
          "groups that do not divide the heads")
    wrong(save(s__T=f4(8, 9)), r"T is f32 \(8, 9\); expected \(L,L\) or",
          "a T that is not square")

    both = qk(N=64, la=-f4(4, 64) ** 2)
    wrong(save(**both), r'la is f32 \(4, 64\), which may be \(H,L\) or \(H,N\).'
          r'*"axes": \{"la": "HL"\}', "la (H,X) with L = N")
    for order in ["HL", "HN"]:
        says(save(layer(axes={"la": order}), **both), rf"\tla:{order}:0,1",
             f"axes {order} in meta settle it")
    says(save({"defaults": {"axes": {"la": "HN"}}}, **both), r"\tla:HN:0,1",
         "so do axes in defaults")
    says(save(layer(axes={"la": "NH"}), **qk(N=4, L=9, la=-f4(4, 4) ** 2)),
         r"\tla:HN:1,0", "axes in another order")
    says(save(layer(axes={"q": "BLHN", "k": "BLHN".replace("H", "G")}),
              a__q=f4(2, 64, 4, 16), a__k=f4(2, 64, 2, 16)),
         r"L=64\tchannels=4\tbatches=2.*\tq:HLN:2,1,3:B0.*k:GLN:2,1,3:B0",
         "permuted axes with a batch")
    for order in ["LHN", "BLHN"]:
        shape = (2,) * (order[0] == "B")
        says(save(layer(axes={"q": order, "k": order}),
                  a__q=f4(*shape, 64, 4, 16), a__k=f4(*shape, 64, 2, 16)),
             r"channels=4.*\tq:HLN:.*\tk:GLN:" + ("2,1,3:B0" if shape else
             "1,0,2:"), f"H for the groups of k in axes {order}")
    s6 = dict(m__dt=abs(f4(8, 64)), m__A=-abs(f4(8, 16)), m__B=f4(64, 8, 16),
              m__C=f4(16, 64))
    says(save({"layers": {"m": {"axes": {"B": "LDN", "C": "NL"}}}}, **s6),
         r"\tB:GLN:1,0,2.*\tC:LN:1,0", "D for the groups of B")
    wrong(save(layer(axes={"k": "HHN"}), **qk()), "expected the letters of",
          "two H in the axes of k")
    wrong(save(layer(axes={"la": "GL"}), **qk(la=-f4(4, 64) ** 2)),
          "expected the letters of", "G for the heads of la")
    for value, part in [("HN", "does not fit"), ("HX", "expected the letters of"),
                        ("", "expected the letters of"),
                        ("HHLLNNHHLL", "expected the letters of"),
                        ("BBHL", "expected the letters of"), (3, "is a number")]:
        wrong(save(layer(axes={"la": value}), **qk(la=-f4(4, 64) ** 2)), part,
              f"axes {value!r} of la (4, 64)")
    wrong(save(layer(axes="HL"), **qk()), '"axes" is text', "axes as text")


def test_turned():
    """Factors stored with L first, and numbers as arrays of one."""
    turned = dict(a__q=f4(9, 4, 3), a__k=f4(9, 2, 3))
    wanted = '"axes": {"q": "LHN", "k": "LGN"}'
    wrong(save(**turned), r"k is f32 \(9, 2, 3\); expected \(G,L,N\) with L=4 "
          "N=3; if L is stored first, say so in the layer's meta: "
          + re.escape(wanted), "q and k with L first")
    says(save(layer(**json.loads("{" + wanted + "}")), **turned),
         r"L=9\tchannels=4", "which helps")
    wrong(save(**{k: np.stack([v] * 2) for k, v in turned.items()}),
          '"axes": {"q": "BLHN", "k": "BLGN"}', "and so in a batch")
    wrong(save(m__dt=abs(f4(9, 6)), m__A=-abs(f4(6, 3)), m__B=f4(9, 3),
               m__C=f4(9, 3)), '"axes": {"dt": "LD"} ', "dt (L,D)")
    name = save(a__q=f4(9, 4, 3), a__k=f4(9, 4, 3),
                tokens=np.array(["t"] * 9))
    says(name, "^note\ta\t9 tokens, but L=4: not shown; if L is stored first, "
         "say so in the layer's meta: " + re.escape(wanted) + "$",
         "as many tokens as heads")
    wrong(save(**qk(scale=f4(1))), r"scale is f32 \(1,\); expected \(\): store "
          "a 0-d array, or put it into meta", "a number as an array of one")
    wrong(save(layer(axes={"q": "LH\x1b"}), **qk()), r'"axes" says "LH\\x1b" '
          r"of q; expected the letters of \(H,L,N\)", "letters of no axis")
    wrong(save(a__q=f4(3, 4, 9, 3), a__k=f4(4, 2, 9, 3)),
          "perhaps after a batch axis of 3 ", "another batch")


def test_batch():
    one = {k: v[None] for k, v in qk(la=-f4(4, 64) ** 2).items()}
    says(save(**one), r"channels=4\tbatches=1.*\tq:HLN:1,2,3:B0.*"
         r"\tla:HL:1,2:B0", "a batch axis of 1")
    two = {k: np.stack([v, v + 1]) for k, v in qk().items()}
    two["a__la"] = -f4(4) ** 2
    name = save(**two)
    says(name, r"batches=2.*\tq:HLN:1,2,3:B0.*\tla:H:0", "a batch axis of 2, "
         "and a factor without one")
    says(name, r"^note\ta\ta batch of 2: element 0 is read", "the batch is "
         "noted")
    last = f"{two['a__q'][0, -1, -1, -1]:.6g}"
    says(name, rf"\tq:HLN:1,2,3:B0:{re.escape(last)}\t", "the first is read")
    wrong(save(a__q=f4(4, 64, 16), a__k=f4(2, 4, 64, 16)), r"k is f32 \(2, 4",
          "a batch axis without one on q")
    s6 = dict(m__dt=abs(f4(1, 8, 64)), m__A=-abs(f4(8, 16)),
              m__B=f4(1, 64, 16), m__C=f4(1, 64, 16))
    says(save(**s6), r"\ts6 .*batches=1\t.*\tB:", "a batch of 1 and a group "
         "of 1 mean the same")
    s6 = dict(m__dt=abs(f4(2, 8, 64)), m__A=-abs(f4(8, 16)),
              m__B=f4(2, 64, 16), m__C=f4(2, 64, 16))
    low = dict(m__dt_low=f4(1, 64, 4), m__dt_w=f4(8, 4), m__dt_bias=f4(8),
               m__A=-abs(f4(8, 16)), m__B=f4(1, 64, 16), m__C=f4(1, 64, 16))
    says(save(**low), r"\ts6 .*channels=8\tbatches=1\t.*\tdt_low:LX:1,2:B0:",
         "a batch axis on dt_low, without dt")
    wrong(save(**s6), r'C is f32 \(2, 64, 16\), which may be \(B,L,N\) or '
          r'\(G,L,N\).*"axes"', "a batch of 2 and groups of 2 do not")
    says(save({"layers": {"m": {"axes": {"B": "BLN", "C": "GLN"}}}}, **s6),
         r"\tB:LN:1,2:B0.*\tC:GLN:0,1,2", "axes settle it")
    s6 = dict(m__dt=abs(f4(3, 8, 64)), m__A=-abs(f4(8, 16)),
              m__B=f4(3, 64, 16), m__C=f4(3, 64, 16))
    says(save(**s6), r"batches=3\t.*\tB:LN:1,2:B0.*\tC:LN:1,2:B0",
         "8 channels share no 3 groups: it is a batch")


def test_types():
    x = f4(4, 64, 16)
    last = f"{x[-1, -1, -1]:.6g}"
    for y, what in [(np.asfortranarray(x), "Fortran order"),
                    (x.astype(">f4"), "big endian"), (x.astype("f8"), "f64")]:
        says(save(a__q=y, a__k=y), rf"\tq:HLN:0,1,2:{re.escape(last)}", what)
    bits = (x.view("u4") >> 16).astype("u2")
    wanted = (bits.astype("u4") << 16).view("f4")
    wanted = f"{wanted[-1, -1, -1]:.6g}"
    raw = dict(a__q=bits.view("V2"), a__k=bits.view("V2"))
    wrong(save(**raw), r'q is raw16 \(4, 64, 16\).*"dtype": "bf16"$',
          "two bytes without a type")
    wrong(save(layer(dtype="f16"), **raw), r'"dtype": "bf16" in place of '
          r'"f16"$', "two bytes of another declared type")
    wrong(save(layer(dtype={"k": "bf16"}), **raw),
          r'q is raw16 .*"dtype": \{"q": "bf16"\}$', "bf16 of another factor")
    for meta, where in [
            (layer(dtype="bf16"), "the layer"),
            (layer(dtype={"q": "bf16", "k": "bfloat16"}), "each factor"),
            ({"defaults": {"dtype": "bf16"}}, "defaults"),
            ({"dtype": "bf16"}, "meta itself")]:
        says(save(meta, **raw), rf"\tq:HLN:0,1,2:{re.escape(wanted)}\t",
             f"bf16 said by {where}")
    says(save(layer(dtype={"q": "bf16"}), a__q=bits, a__k=x),
         rf"\tq:HLN:0,1,2:{re.escape(wanted)}\t", "bf16 saved as u16")
    test_declared_types(x, bits, raw)
    wrong(save(a__q=x.astype("c8"), a__k=x), "q is c64 .*complex", "complex")
    wrong(save(a__q=x.astype("U3"), a__k=x), "q is text .*expected numbers",
          "text as a factor")
    wrong(save(a__q=x.astype(object), a__k=x), r"a/q: dtype '\|O' holds Python "
          "objects", "pickled objects as a factor")
    np.savez_compressed(path("crc.npz"), **{"a/q": x, "a/k": x})
    data = bytearray(open(path("crc.npz"), "rb").read())
    data[data.index(b"PK\1\2") + 16] ^= 1
    open(path("crc.npz"), "wb").write(data)
    says("crc.npz", r"\tq:HLN:0,1,2:/.*crc.npz: a/q: wrong CRC.*\tk:GLN:0,1,2:"
         r"[-0-9]", "a damaged factor is found when it is read")


def test_declared_types(x, bits, raw):
    """Meta's "dtype" is true, or an error."""
    for value, part in [
            (3, '"dtype" is a number; expected text'),
            (["bf16"], '"dtype" is a list; expected text'),
            ("bfloat", '"dtype" is "bfloat", which is not known; expected '
             'bf16'), ("\x1b", r'"dtype" is "\\x1b"'),
            ({"q": 3}, '"dtype" is a number; expected text'),
            ({"v": "float"}, '"dtype" is "float", which is not known'),
            ("f16", r'q is f32 \(4, 64, 16\), but .*"dtype" says f16'),
            ("i8", "q is f32 .* says i8"),
            ({"k": "f64"}, "k is f32 .* says f64"),
            ({"k": "bf16"}, "k is f32 .* says bf16; expected what is stored, "
             "or the array as bf16$"),
            ("c64", 'is "c64", but no factor is complex')]:
        wrong(save(layer(dtype=value), a__q=x, a__k=x), part,
              f"dtype {value!a}")
    wrong(save({"dtype": 3}, a__q=x, a__k=x), '"dtype" is a number',
          "dtype of all the dump as a number")
    wrong(save(layer(dtype="bf16"), a__q=bits, a__k=bits),
          r'q is u16 .*"dtype": \{"q": "bf16"\}', "bf16 said of integers")
    wrong(save(layer(dtype={"q": "bf16"}), a__q=x.astype("f2"), a__k=x),
          r'q is f16 .* says bf16; expected what is stored, or the array as '
          "bf16$", "bf16 said of float16")
    c8 = dict(a__a=x[0].astype("c8"), a__b=x[0])
    for value in ["c64", "complex64", {"a": "c64"}, "f32"]:
        says(save(layer(dtype=value), **c8), "^layer\ta\tscalar",
             f"dtype {value!a} beside complex numbers")
    for value in ["c128", {"a": "complex128"}]:
        wrong(save(layer(dtype=value), **c8), "a is c64 .* says c128",
              f"dtype {value!a} of complex64")
    for value in ["f32", "float32", {"q": "f32", "scale": "f64"}]:
        says(save(layer(dtype=value), a__q=x, a__k=x, a__scale=np.float64(1),
                  a__mask=np.ones(64, "u1")), "^layer\ta\t",
             f"dtype {value!a}, which is true")
    says(save(layer(dtype="bf16"), **raw, a__la=-f4(4) ** 2), r"\tla:H",
         "bf16 where some factors are f32")


def test_meta():
    m = dict(esscope=1, model="m\x1b[2J", layers={"a": dict(
        kind="decay", width=32, tss=5, label="GL\x1bA", foo=1, scale=2.0)})
    text = json.dumps(m)
    wanted = r"^dump\t[^\t]*\tm\\x1b\[2J\t.*\n(extra.*\n)*layer\ta\tdecay" \
        r"\tL=64\tchannels=4\tbatches=1\twidth=32\ttss=5\t.*\ttitle=GL\\x1bA$"
    for value, what in [(text, "0-d unicode"), (text.encode(), "0-d bytes"),
                        (np.frombuffer(text.encode(), "u1"), "u1 array"),
                        (np.array([text]), "an array of one text")]:
        says(save_raw(meta=value), wanted, f"meta as {what}")
    save_raw()
    with zipfile.ZipFile(path("x.npz"), "a") as z:
        z.writestr("meta.json", b"\xef\xbb\xbf" + text.encode())
    says("x.npz", wanted, "meta.json, with a byte order mark")
    says("x.npz", r'^note\ta\tunknown meta key "foo"$', "unknown keys are "
         "noted")
    with zipfile.ZipFile(path("x.npz"), "a") as z:
        z.writestr("meta.npy", npy(np.array("{}")))
    refused("x.npz", "both meta and meta.json", "meta twice")

    says(save({"defaults": {"kind": "decay", "width": 3}, "layers":
               {"a": {"width": None}}}, **qk()), r"\tdecay\t.*width=3\t",
         "defaults, and null for what is not said")
    says(save({"layers": {"b": {}}}, **qk()), r'^remark\tmeta of layer "b", '
         "which is not there", "meta of a layer that is not there")
    text = show(save({"defaults": {"widht": 3, "window": 9, "axes": {
        "K": "HLN", "la": "HL"}, "dtype": {"V": "f32"}}, "dtype": {
            "Q": "f32"}}, **qk()))[1]
    ok(re.findall("^remark\t(.*)$", text, re.M) == [
        'unknown meta key "widht" of defaults',
        'meta key "axes" names "K", which is no factor of any kind',
        'meta key "dtype" names "V", which is no factor of any kind',
        'meta key "dtype" names "Q", which is no factor of any kind']
       and "\nlayer\ta\t" in text, "defaults that nothing reads", text)
    text = show(save(layer(axes={"K": "HLN", "v": "HL\x1b"}, dtype={
        "la": "f32"}), **qk(v=f4(3))))[1]
    ok(re.findall("^note\ta\t(meta.*)$", text, re.M) == [
        'meta key "axes" names "K", which is no factor of the layer',
        'meta key "dtype" names "la", which is no factor of the layer'],
       "axes and dtype of factors that are not there", text)
    says(save({"model": None}, **qk()), "^layer", "no model")
    says(save({}, **qk()), "^layer", "empty meta")
    for text, part in [
            ("{", "invalid JSON in line 1"), ("", "invalid JSON"),
            ('{"a": NaN}', "invalid JSON.*allow_nan"), ("[1]", "no JSON object"),
            ('"x"', "no JSON object|invalid JSON"),
            ('{"a": 1, "a": 2}', "duplicate"), ('{"a": "\\ud800"}', "invalid"),
            ('{"a":' * 5000 + "1" + "}" * 5000, "depth"),
            ('{"layers": [1]}', '"layers" is a list; expected an object'),
            ('{"layers": {"a": 3}}', '"a" is a number; expected an object'),
            ('{"defaults": 3}', '"defaults" is a number'),
            ('{"model": 5}', '"model" is a number; expected text'),
            ('{"esscope": 2}', 'is 2; this program reads .* version 1'),
            ('{"esscope": 1.5}', 'is 1.5; this program reads .* version 1'),
            ('{"esscope": "1"}', 'is text; expected the number 1'),
            ('{"esscope": null}', 'is null; expected the number 1'),
            ('{"esscope": true}', 'expected the number 1'),
            ('{"\x1b": 1', r"invalid JSON")]:
        refused(save_raw(meta=text), "x.npz: meta.*" + part,
                f"meta {text[:20]!a}")
    refused(save_raw(meta=np.array({"a": 1}, dtype=object)),
            "meta is a Python object.*json.dumps", "meta as a pickled dict")
    refused(save_raw(meta=f4(3)), r"meta: f32 \(3,\) is no JSON text",
            "meta as numbers")
    refused(save_raw(meta=np.zeros(5 << 20, "u1"), pack=True),
            "meta: 5242880 bytes; at most", "5 MiB of meta")
    refused(save_raw(meta=np.zeros(20 << 20, "u1"), pack=True),
            "meta: .* bytes; at most", "20 MiB of meta")
    for key, value, part in [
            ("kind", "mamba", r'kind "mamba" is not known.*dense.*softmax'),
            ("kind", "\x1b[0m", r'kind "\\x1b\[0m" is not'),
            ("kind", 3, '"kind" is a number; expected text'),
            ("width", 0, '"width" is 0'), ("width", "x", '"width" is text'),
            ("tss", 0, '"tss" is 0'), ("tss", 1.5, '"tss" is 1.5'),
            ("tss", 1e300, '"tss"'), ("growth", 1, '"growth" is a number; '
                                      'expected true or false'),
            ("label", [], '"label" is a list; expected text'),
            ("window", "x", '"window" is text')]:
        wrong(save(layer(**{key: value}), **qk()), part, f"{key} {value!a}")


def test_two_sources():
    """A number, a step or a transition that is there twice."""
    beta = dict(beta=abs(f4(4, 64)))
    pair = dict(a=f4(4, 64, 16), b=f4(4, 64, 16))
    low = dict(m__dt_low=f4(64, 4), m__dt_w=f4(8, 4), m__dt_bias=f4(8))
    s6 = dict(m__dt=abs(f4(8, 64)), m__A=-abs(f4(8, 16)), m__B=f4(64, 16),
              m__C=f4(64, 16))
    for meta, arrays, unused, why in [
            (layer(scale=2), qk(scale=np.float32(0.5)), ["scale"],
             "meta says it, and comes first"),
            ({"defaults": {"window": 9}}, qk(window=np.int64(3)),
             ["window"], "meta says it, and comes first"),
            (None, {**s6, **low}, ["dt_low", "dt_w", "dt_bias"],
             "dt is there, and comes first"),
            (layer(form="dplr"), qk(**beta, **pair), ["beta"],
             "form is dplr"),
            (layer(form="delta"), qk(**beta, **pair), ["a", "b"],
             "form is delta"),
            (None, qk(**beta, a=pair["a"]), ["a"], "form is delta")]:
        text = show(save(meta, **arrays))[1]
        found = re.findall('^note\t.\tfactor "(.*)" is not used: (.*)$', text,
                           re.M)
        ok(found == [(name, why) for name in unused]
           and not any(f"\t{name}:" in text for name in unused),
           f"{', '.join(unused)}: {why}", text)


def npy(x):
    b = io.BytesIO()
    np.save(b, x, allow_pickle=True)
    return b.getvalue()


def save_raw(pack=False, **arrays):
    """q and k of layer a, and top-level arrays as they are."""
    x = f4(4, 64, 16)
    (np.savez_compressed if pack else np.savez)(
        path("x.npz"), **{"a/q": x, "a/k": x}, **arrays)
    return "x.npz"


def test_tokens():
    words = np.array([f"w{i}" for i in range(64)], dtype="U8")
    words[0], words[63] = "\x1b[2J", "z\n"
    wanted = r"^tokens\ta\t\\x1b\[2J .. z\\n$"
    for value, what in [(words, "unicode"), (words.astype("S"), "bytes"),
                        (words.astype(words.dtype.newbyteorder(">")),
                         "big-endian unicode"), (words[None], "(1, L)"),
                        (np.stack([words, words[::-1]]), "(B, L)")]:
        says(save_raw(tokens=value), wanted, f"tokens as {what}")
    ids = np.arange(64) * 1000
    says(save_raw(token_ids=ids), r"^tokens\ta\t#0 .. #63000$",
         "token_ids alone")
    says(save_raw(token_ids=ids, tokens=words), wanted, "tokens before ids")
    name = save_raw(tokens=words)
    with zipfile.ZipFile(path(name), "a") as z:
        z.writestr("tokens.json", json.dumps(list(words)))
    refused(name, "x.npz: both tokens and tokens.json; expected one",
            "tokens twice")
    name = save_raw(tokens=words[:60])
    says(name, r"^note\ta\t60 tokens, but L=64: not shown$", "too few tokens")
    ok("\ntokens\t" not in show(name)[1], "are not shown")
    says(save_raw(tokens=words[:0]), r"\t0 tokens$", "no tokens")
    for value, part in [(f4(64), r"tokens: f32 \(64,\); expected strings"),
                        (words.reshape(1, 8, 8), "expected strings"),
                        (np.array("x"), "expected strings"),
                        (words.astype(object), "Python objects.*dtype=str")]:
        refused(save_raw(tokens=value), part, f"tokens {value.dtype} "
                f"{value.shape}")
    refused(save_raw(token_ids=f4(64)), "expected integers", "float ids")
    refused(save_raw(tokens=np.zeros(1 << 23, "S1"), pack=True),
            "at most", "eight million tokens")


def test_single():
    """Arrays whose names hold no slash."""
    says(save(T0=f4(8, 8)), r"^layer\tT0\tdense assumed.*\tT:LL", "a square")
    says(save(T0=f4(3, 8, 8)), r"^layer\tT0\t.*channels=3", "three squares")
    says(save(T0=f4(2, 3, 8, 8)), r"^layer\tT0\tdense .*channels=3\tbatches=2"
         r"\t.*T:HLL:1,2,3:B0", "a batch of squares")
    says(save(T0__T=f4(1, 3, 8, 8)), r"channels=3\tbatches=1\t.*\tT:HLL:1,2,3:B0",
         "one of 1")
    says(save(T0__T=f4(8, 8, 8, 8)), r"channels=8\tbatches=8\t.*\tT:HLL:1,2,3:B0",
         "as many heads and elements as positions")
    says(save({"layers": {"T0": {"axes": {"T": "BLL"}}}}, T0__T=f4(2, 8, 8)),
         r"channels=1\tbatches=2\t.*\tT:LL:1,2:B0", "and one without heads")
    wrong(save(T0__T=f4(2, 2, 3, 8, 8)), r"T is f32 \(2, 2, 3, 8, 8\); expected "
          r"\(L,L\) or \(H,L,L\)", "five axes")
    text = show(save(**qk(), labels=np.arange(64), square=np.eye(8, dtype=int),
                     bad=np.array([{}], dtype=object), one=np.float64(3)))[1]
    ok(re.findall("^extra\t(.*)$", text, re.M) == [
        "bad of a type that is never read", "labels i64 (64,)", "one f64 ()",
        "square i64 (8, 8)"], "other arrays are listed", text)
    with zipfile.ZipFile(path("x.npz"), "a") as z:
        z.writestr("README.txt", "hello")
    says("x.npz", r"^extra\tREADME.txt \(no array\)$", "and other members")
    np.save(path("bare.npy"), f4(8, 8))
    says("bare.npy", r"^layer\tbare\tdense assumed", "a bare .npy")
    np.save(path("bare.npy"), np.tri(8, dtype="i4"))
    says("bare.npy", r"^layer\tbare\tdense assumed", "one of integers")
    for what, more in (("meta", dict(meta={"esscope": 1})),
                       ("tokens", dict(tokens=np.array(["t"] * 8))),
                       ("token_ids", dict(token_ids=np.arange(8)))):
        says(save(T0=np.tri(8, dtype="i4"), **more), r"^layer\tT0\tdense",
             f"one of integers, beside {what}")
    refused(save(T0=np.tri(8, dtype="i4"), labels=np.arange(64)),
            r"T0 i32 \(8, 8\) and others; expected a square T of floats",
            "but not beside other arrays")
    np.save(path("bare.npy"), f4(8, 9))
    refused("bare.npy", r"holds no operator: bare f32 \(8, 9\)", "one that is "
            "no operator")
    refused(save(foo=f4(8, 8), foo__T=f4(8, 8)), "foo and foo/T are the same",
            "a T with and without its factor")
    refused(save(), "holds no operator: no array at all", "an empty dump")
    refused(save(q=f4(4, 64, 16), k=f4(4, 64, 16)), r"holds no operator: k f32 "
            r"\(4, 64, 16\) and others; expected .*LAYER/FACTOR .* of dense "
            r"\(T\), ", "factors without a layer")
    wrong(save(LAYER, a__x=f4(3), a__y=f4(3)), r"no kind has its factors \(x, "
          r"...\); expected those of dense \(T\)", "factors of no kind")
    wrong(save(a__k=f4(4, 64, 16), a__y=f4(3)), r"no kind has its factors \(k, "
          "...", "a known factor, but not enough of them")
    wrong(save(layer(kind="softmax"), a__q=f4(4, 64, 16)),
          "kind softmax needs a factor k", "a factor that is missing")
    name = save(**qk(v=f4(4, 64, 32)))
    says(name, r'^note\ta\tfactor "v" is not used by kind softmax$',
         "a factor that is not used")
    np.savez(path("x.npz"), **{"l\x1b[2J/q": f4(2, 8, 3),
                               "l\x1b[2J/k": f4(2, 8, 3)})
    says("x.npz", r"^layer\tl\\x1b\[2J\tsoftmax", "an escape sequence in a key")
    np.savez(path("x.npz"), **{"a/b/c/q": f4(2, 8, 3), "a/b/c/k": f4(2, 8, 3),
                               "/T": f4(3, 3)})
    says("x.npz", r"^layer\ta/b/c\tsoftmax", "slashes in a layer's name")
    names = [f"layers.{i}" for i in (10, 2, 1)]
    text = show(save(**{n + "__T": f4(3, 3) for n in names}))[1]
    ok(re.findall("^layer\t([^\t]*)", text, re.M)
       == ["layers.1", "layers.2", "layers.10"], "layers in natural order",
       text)
    test_groups()
    data = open(path(save(**qk())), "rb").read()
    status, text = show("-", input=data)
    ok(status == 0 and text.startswith("dump\t-\t"), "a dump on stdin", text)


def test_groups():
    """Groups of arrays that are no layer."""
    log = dict(stats__loss=np.zeros(4), weird__obj=np.array([{}], dtype=object),
               stats__deep__lr=np.zeros((2, 3), "f4"))
    text = show(save(**qk(), **log))[1]
    ok(re.findall("^extra\t(.*)$", text, re.M) == [
        "stats/loss f64 (4,)", "stats/deep/lr f32 (2, 3)",
        "weird/obj of a type that is never read"]
       and re.findall("^(layer|error)\t([^\t]*)", text, re.M)
       == [("layer", "a")], "groups without a factor are listed", text)
    wrong(save({"layers": {"stats": {}}}, **qk(), **log), "stats: no kind has",
          "but not one that meta names")
    refused(save(**log), r"holds no operator: stats/loss f64 \(4,\) and "
            "others; expected", "a dump of such groups alone")
    os.mkdir(path("logs"))
    for name in "ab":
        save(name=f"logs/{name}.npz", **log,
             **{k.replace("a__", name + "__"): v for k, v in qk().items()})
    text = show("logs")[1]
    ok(text.count("dump\t") == 1 and text.count("stats/loss") == 2,
       "two files that log the same are one dump", text)
    with zipfile.ZipFile(path("x.npz"), "w") as z:
        for i in range(300):
            z.writestr(f"log/{i:03}.npy", b"junk" if i == 1 else npy(f4(2)))
        z.writestr("a/T.npy", npy(f4(3, 3)))
    status, text = show("x.npz")
    extras = re.findall("^extra\t(.*)$", text, re.M)
    ok(status == 0 and len(extras) == 300 and extras[0] == "log/000 f32 (2,)"
       and extras[1] == "log/001 (damaged)"
       and extras[299] == "log/299 (its type was not looked at)"
       and "\nlayer\ta\t" in text, "all are named, damaged or not", text)


def folder(name, **files):
    os.mkdir(path(name))
    for file, arrays in files.items():
        save(name=f"{name}/{file}.npz", **arrays)
    return name


def test_directory():
    words = np.array([f"w{i}" for i in range(64)])
    one = {**qk(), "tokens": words}
    two = {k.replace("a__", "b__"): v for k, v in qk().items()}
    name = folder("union", l1=one, l2={**two, "meta": layer()},
                  l10={"c__T": f4(8, 8), "tokens": words})
    open(path("union/README"), "w").write("hello")
    open(path("union/empty"), "w").close()
    open(path("union/.hidden.npz"), "w").write("junk")
    os.mkdir(path("union/deep.npz"))
    os.mkfifo(path("union/fifo.npz"))
    os.mkfifo(path("union/fifo"))
    os.symlink("nowhere", path("union/link.npy"))
    os.symlink("nowhere", path("union/link"))
    status, text = show(name)
    ok(status == 0 and text.count("dump\t") == 1
       and re.findall("^layer\t([^\t]*)", text, re.M) == ["a", "b", "c"],
       "a directory is the union of its files", text)
    ok([line.replace(path("union"), "") for line in
        re.findall("^remark\t(.*)$", text, re.M)] == [
            "skipped: /deep.npz: is a directory; expected a regular file",
            "skipped: /fifo.npz: is a FIFO; expected a regular file",
            "skipped: /link.npy: No such file or directory"],
       "what is called .npz and is no file is skipped with a note", text)
    ok(text.startswith(f"dump\t{path(name)}\t") and "64 tokens" in text
       and "\ntokens\tb\tw0 .. w63\n" in text, "layers share the tokens", text)

    name = folder("runs", step10=one, step9=one, step200=one)
    status, text = show(name + "/")
    ok(status == 0 and re.findall("^dump\t([^\t]*)", text, re.M)
       == [path(f"runs/step{i}.npz") for i in (9, 10, 200)],
       "files with the same factors are dumps of their own, in natural order",
       text)
    save(name="runs/z.npz", labels=np.arange(3))
    status, text = show(name)
    ok(status == 1 and "runs/z.npz: holds no operator" in text,
       "each of which must hold an operator", text)

    name = folder("hundred", **{f"s{i}": one for i in range(100)})
    _, text = show(name, preexec_fn=lambda: resource.setrlimit(
        resource.RLIMIT_NOFILE,
        (32, resource.getrlimit(resource.RLIMIT_NOFILE)[1])))
    ok(text.count("dump\t") == 100, "more files than may be open at first",
       text[:300])

    refused(folder("none"), "a directory without", "an empty directory")
    os.mkfifo(path("none/f.npz"))
    refused("none", "none: a directory without .* that can be read; skipped: "
            ".*/f.npz: is a FIFO", "a directory of a FIFO")
    if os.geteuid() != 0:
        folder("locked", a=one, b=two)
        os.chmod(path("locked/b.npz"), 0)
        says("locked", "^remark\tskipped: .*/b.npz: Permission denied$",
             "a file that may not be read is skipped with a note")
    os.mkdir(path("text"))
    open(path("text/README"), "w").write("hello")
    refused("text", "a directory without", "a directory of other files")
    refused(folder("nothing", a=dict(x=np.arange(3)), b=dict(y=np.arange(3))),
            "nothing: holds no operator: x i64", "a directory of no operator")
    folder("broken", l1=one)
    open(path("broken/l2.npz"), "wb").write(b"PK\3\4 cut")
    refused("broken", "broken/l2.npz: no zip directory", "a broken file in it")
    open(path("broken/l2.npz"), "wb").write(b"hello")
    refused("broken", "broken/l2.npz: is no dump", "a .npz that is none")

    refused(folder("tokens", l1=one, l2={**two, "tokens": words[::-1]}),
            r'l2.npz: its tokens are not those of .*l1.npz: number 0 is "w63", '
            'there "w0"', "tokens that differ")
    refused(folder("fewer", l1=one, l2={**two, "tokens": words[:-1]}),
            "l2.npz: its tokens are .*l1.npz: 63 of them, there 64",
            "fewer tokens")
    name = folder("meta", l1={**one, "meta": {
        "esscope": 1, "model": "m", "step": 1,
        "layers": {"a": {"width": 2}, "b": {"width": 3}}}},
        l2={**two, "meta": {"model": "m", "step": 2,
                            "layers": {"b": {"width": 3}}}})
    status, text = show(name)
    ok(status == 0 and re.search(r"^layer\ta\t.*width=2", text, re.M)
       and re.search(r"^layer\tb\t.*width=3", text, re.M)
       and 'remark\tmeta key "step" differs' in text, "meta is merged", text)
    refused(folder("differ", l1={**one, "meta": layer(width=2)},
                   l2={**two, "meta": layer(width=3)}),
            'l2.npz: meta: layer a: "width" is 3, but in .*/l1.npz 2; expected',
            "a layer described twice")
    refused(folder("absent", l1={**one, "meta": layer(width=2)},
                   l2={**two, "meta": layer(width=2, axes={"q": "HLN"})}),
            'layer a: "axes" is {"q":"HLN"}, but in .*/l1.npz nothing',
            "a key that is in one file only")
    refused(folder("long", l1={**one, "meta": {"dtype": "f32"}}, l2={
        **two, "meta": {"dtype": "f64"}}), 'l2.npz: meta: dtype is "f64", but '
            'in .*/l1.npz "f32"', "dtype that differs")
    refused(folder("defaults", l1={**one, "meta": {"defaults": {"width": 2}}},
                   l2={**two, "meta": {"defaults": {"width": 3}}}),
            'meta: defaults: "width" is 3, but in .*/l1.npz 2; expected',
            "defaults that differ")

    os.mkdir(path("npy"))
    np.save(path("npy/h0.npy"), f4(2, 64, 64))
    np.save(path("npy/h1.npy"), f4(64, 64))
    np.save(path("npy/tokens.npy"), words)
    np.save(path("npy/labels.npy"), np.arange(64))
    np.save(path("npy/meta.npy"), json.dumps({"model": "M"}))
    status, text = show("npy")
    ok(status == 0 and text.startswith(f"dump\t{path('npy')}\tM\t64 tokens\n"
       "extra\tlabels i64 (64,)\n")
       and re.findall("^layer\t([^\t]*)", text, re.M) == ["h0", "h1"],
       "a directory of .npy files", text)


if __name__ == "__main__":
    test_kinds()
    test_length()
    test_axes()
    test_turned()
    test_batch()
    test_types()
    test_meta()
    test_two_sources()
    test_tokens()
    test_single()
    test_directory()
    done()
