"""Writes the seeds of tests/fuzz/corpus: small files of every kind that the
readers know, and of the ways in which they lie. The same each time.

    make_corpus.py FOLDER
"""
import gzip
import io
import json
import os
import struct
import sys
import zipfile
import zlib

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, ".."), os.path.join(HERE, "../cli")]
from hostile import npy, npy_header, npz, patch  # noqa: E402
from safetensors import BF16, packed, parts, safetensors  # noqa: E402

RNG = np.random.default_rng(0)
FOLDER = sys.argv[1]


def put(target, name, data):
    folder = os.path.join(FOLDER, target)
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, name), "wb") as f:
        f.write(data)


def f4(*shape):
    return RNG.standard_normal(shape).astype("f4")


def layers():
    """A small layer of every kind."""
    return {
        "decay": {"q": f4(1, 4, 2), "k": f4(1, 4, 2), "la": -np.ones((1, 4))},
        "softmax": {"q": f4(2, 4, 2), "k": f4(1, 4, 2)},
        "s6": {"dt": np.ones((2, 4), "f4"), "A": -np.ones((2, 3), "f4"),
               "B": f4(4, 3), "C": f4(4, 3)},
        "delta": {"q": f4(1, 4, 2), "k": f4(1, 4, 2), "beta": f4(1, 4) ** 2},
        "toeplitz": {"h": f4(2, 3), "gq": f4(2, 4)},
        "dense": {"T": np.tril(f4(4, 4))},
        "scalar": {"a": np.full((1, 4), .5)},
        "batch": {"q": f4(2, 1, 4, 2), "k": f4(2, 1, 4, 2)},
        "complex": {"h": (f4(1, 3) + 1j).astype("c8")},
    }


def meta(name, **more):
    kind = {} if name in ("batch", "complex") else {"kind": name}
    return json.dumps({"esscope": 1, "model": "m", "layers": {
        "a": {**kind, "scale": .5, **more}}})


def members(arrays):
    out = b""
    for key, value in arrays.items():
        name = key if isinstance(value, bytes) else key + ".npy"
        data = value if isinstance(value, bytes) else npy(value)
        out += (bytes([len(name)]) + name.encode()
                + struct.pack("<H", len(data)) + data)
    return out


def dumps():
    for name, factors in layers().items():
        arrays = {f"a/{k}": v for k, v in factors.items()}
        text = {"meta.json": meta(name).encode(),
                "tokens.json": b'["a", "\\u001b[31m", "c", "d"]'}
        put("members", name, members({**arrays, **text}))
        header, data = parts(arrays)
        header = {"__metadata__": {"esscope": meta(name),
                                   "tokens": '["a","b","c","d"]'}, **header}
        put("safetensors", name, struct.pack("<H", len(data))
            + json.dumps(header).encode())
        if name in ("decay", "batch"):
            put("dump", name + ".npz", npz({
                **arrays, "meta": np.array(meta(name)),
                "tokens": np.array(["ab", "c\x1b", "d", "e"])},
                zipfile.ZIP_DEFLATED))
            put("dump", name + ".safetensors", safetensors(
                {k: BF16(v) for k, v in arrays.items()}, esscope=meta(name)))
    put("members", "ids", members({
        "a/q": f4(1, 4, 2), "a/k": f4(1, 4, 2),
        "token_ids": np.arange(4), "meta": np.array(meta(
            "decay", axes={"q": "HLN"}, dtype={"q": "f32"}, tss=3))}))
    put("members", "nested", members({
        "meta.json": b'{"layers":' + b"[" * 300, "a/T": np.eye(4)}))
    put("members", "twice", members({"a/T": np.eye(4), "a": np.eye(4)}))
    put("members", "pickle", members({"x/data.pkl": b"\x80\x02."}))


def arrays():
    for name, array in {
            "f4": np.tril(f4(4, 4)), "big": np.tril(f4(4, 4)).astype(">f8"),
            "fortran": np.asfortranarray(f4(3, 4)), "zero": f4(0, 3),
            "text": np.array(["a", "bc"]), "bytes": np.array([b"a"]),
            "scalar": np.float32(1), "object": np.array([{}], object),
            "bool": np.ones(3, bool)}.items():
        put("npy", name, npy(array))
        put("npy_gz", name, npy(array))
    put("npy", "python2", npy_header(
        "{'shape': (3L, 4L), 'fortran_order': True, 'descr': '|S5'}\n"))
    put("npy", "v3", npy_header("{'descr': '<f4', 'fortran_order': False, "
                                "'shape': (18446744073709551615, 2), }\n",
                                version=3))
    put("dump", "x.npy", npy(np.tril(f4(4, 4))))
    data = npy(np.tril(f4(4, 4)))
    put("dump", "x.npy.gz", gzip.compress(data[:99], mtime=0)
        + gzip.compress(data[99:], mtime=0) + bytes(3))


def lies():
    good = npz({"a/q": f4(1, 4, 2), "a/k": f4(1, 4, 2)})
    put("dump", "before", b"#!/bin/sh\n" + good)
    put("dump", "before-zip", b"PK\3\4" + good)
    put("dump", "overlap", patch(good, 1, offset=0))
    put("dump", "beyond", patch(good, 1, offset=1 << 30))
    put("dump", "zip64", patch(good, 0, bytes=0xffffffff, stored=0xffffffff))
    put("dump", "bomb", patch(npz({"a/T": np.zeros((64, 64))},
                                  zipfile.ZIP_DEFLATED), 0,
                              bytes=0xfffffff0))
    wide = io.BytesIO()
    with zipfile.ZipFile(wide, "w") as z:
        with z.open("a/T.npy", "w", force_zip64=True) as f:
            f.write(npy(np.eye(4)))
    put("dump", "zip64.npz", wide.getvalue())
    header, data = parts({"a/T": np.eye(4, dtype="f4")})
    for name, change in {
            "hole": {"data_offsets": [8, 72]}, "f8": {"dtype": "F8_E4M3"},
            "wrap": {"shape": [1 << 62, 16]}, "rank": {"shape": [1] * 12},
            }.items():
        put("safetensors", name, struct.pack("<H", len(data)) + json.dumps(
            {"a/T": {**header["a/T"], **change}}).encode())
    put("dump", "cut.safetensors", packed(header, data)[:40])
    for name, magic in {
            "hdf5": b"\x89HDF\r\n\x1a\n", "gguf": b"GGUF\3\0\0\0",
            "mat5": b"MATLAB 5.0 MAT-file", "pickle": b"\x80\4\x95",
            "parquet": b"PAR1"}.items():
        put("dump", name, magic + bytes(20))


def texts():
    """What meta.json may say of a dump with a layer a to g of every kind."""
    layers = {
        "a": {"kind": "decay", "scale": .5, "read": "pre", "tss": 3,
              "normalize": True, "eps": 1e-6, "growth": True},
        "b": {"kind": "softmax", "window": 2, "softcap": 30, "width": 64,
              "slopes": [1, .5], "sink": [0, 1], "mask": [1, 1, 0, 1],
              "label": "x\u001b[2J\u0000"},
        "c": {"kind": "s6", "re": True, "channels": [3, 9]},
        "d": {"kind": "delta", "axes": {"q": "HLN", "k": "LHN"},
              "form": "dplr"},
        "e": {"kind": "toeplitz", "length": 4, "re": True},
        "f": {"kind": "dense"}, "g": {"kind": "scalar"}}
    more = {"esscope": 1, "model": "m", "step": 1e3, "accuracy": None,
            "kv": 5, "dtype": {"q": "bf16"}, "layout": "fla",
            "defaults": {"scale": 1}, "tokenizer": "\ud83d\ude00"}
    put("meta", "all", json.dumps({**more, "layers": layers}).encode())
    for name, layer in layers.items():
        put("meta", name, json.dumps({"layers": {name: layer}}).encode())
    for name, text in {
            "nan": '{"layers": {"a": {"scale": NaN}}}',
            "huge": '{"layers": {"e": {"length": 1e308}, "a": {"tss": -1}}}',
            "twice": '{"layers": {}, "layers": {}}',
            "nested": '{"a": ' + "[" * 3000, "array": "[1]",
            "types": '{"layers": {"a": 1, "b": [], "c": {"kind": 7}}}',
            }.items():
        put("meta", name, text.encode())


def folders():
    """Files by number (names[] of targets.c) in one directory."""
    def folder(name, *files):
        put("directory", name, b"".join(
            bytes([k]) + struct.pack("<H", len(data)) + data
            for k, data in files))

    half = {k: npz({"a/" + k: f4(1, 4, 2),
                    "tokens": np.array(["a", "b", "c", "d"])}) for k in "qk"}
    dense = npy(np.tril(f4(4, 4)))
    weights = safetensors({"b/T": np.tril(f4(4, 4))}, esscope=meta("dense"))
    index = json.dumps({"weight_map": {"b/T": "e.safetensors",
                                       "c/T": "f.safetensors"}}).encode()
    folder("union", (0, half["q"]), (1, half["k"]), (2, dense), (4, weights))
    folder("clash", (0, half["q"]), (1, half["q"]))
    folder("shards", (4, weights), (5, weights), (6, index))
    folder("missing", (4, weights), (6, index), (3, gzip.compress(
        dense, mtime=0)))
    folder("foreign", (8, npz({"x/data.pkl": b"\x80\x02."})), (9, b"{}"),
           (10, b"hello"), (7, b"{}"))
    folder("escape", (11, dense), (2, b""))


def streams():
    def raw(data, level=6, strategy=0):
        packer = zlib.compressobj(level, zlib.DEFLATED, -15, 8, strategy)
        return packer.compress(data) + packer.flush()

    square = npy(np.tril(f4(8, 8)))
    for name, stream in {
            "dynamic": raw(npy(np.tril(np.ones((24, 24))))),
            "fixed": raw(square, strategy=zlib.Z_FIXED),
            "stored": raw(square, 0), "zeros": raw(npy(np.zeros((90, 90)))),
            "cut": raw(square)[:60], "text": raw(b"no array")}.items():
        put("deflated", name, b"\0" + stream)
        put("deflated", name + "-size", b"\1" + stream)
    put("deflated", "crc", b"\x80" + raw(square))
    window = zlib.compress(bytes(range(200)))
    first = bytes(9)
    point = struct.pack("<I", 900)[:3] + struct.pack("<I", 300)[:3] + b"\0"
    put("restarts", "first", b"\0" + first)
    put("restarts", "second", b"\1" + first + point
        + struct.pack("<H", len(window)) + window)
    put("restarts", "bits", b"\1" + first + point[:6] + b"\3"
        + struct.pack("<H", len(window)) + window)
    put("restarts", "window", b"\1" + first + point + b"\x09\0garbage!!")


for part in (dumps, arrays, lies, texts, folders, streams):
    part()
