"""What meta says of a dump, types and tokens, and one sentence for each thing
that can be wrong with them."""
import json
import os
import re
import sys
import zipfile

sys.path.insert(0, os.path.join(os.environ.get("srcdir", "."), "tests"))
from tap import done, import_or_skip, ok

np = import_or_skip("numpy")

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from dumps import (  # noqa: E402
    f4, layer, npy, path, qk, refused, save, save_raw, says, show, wrong)


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
    text = show(save({"layers": {"a": {"checked": 1e-7, "dtype_source":
                                       "float32"}}}, **qk()))[1]
    ok("unknown" not in text and "\nlayer\ta\t" in text,
       "but not what an exporter found", text)

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


if __name__ == "__main__":
    test_types()
    test_meta()
    test_two_sources()
    test_tokens()
    done()
