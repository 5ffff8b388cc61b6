"""What numpy and zipfile write is read back exactly; what is damaged or lies
is refused with a sentence."""

import io
import os
import re
import struct
import subprocess
import sys
import tempfile
import threading
import warnings
import zipfile
import zlib

sys.path.insert(0, os.path.join(os.environ.get("srcdir", "."), "tests"))
from tap import BUILD, done, import_or_skip, ok, skip

np = import_or_skip("numpy")

SHOW = os.path.join(BUILD, "tests/core/show_store")
DIR = tempfile.TemporaryDirectory()


def path(name):
    return os.path.join(DIR.name, name)


def show(name, **keywords):
    """Exit status, and the output's lines split at tabs."""
    run = subprocess.run([SHOW, name if name == "-" else path(name)],
                         capture_output=True, text=True, timeout=60,
                         **keywords)
    if run.returncode not in (0, 1) or run.stderr:
        ok(False, f"{name}: the reader ends as it should",
           f"{run.returncode} {run.stderr}")
    return run.returncode, [line.split("\t") for line in
                            run.stdout.splitlines()]


def refused(name, part, what):
    """The file as a whole is refused, in one line that has `part`."""
    status, lines = show(name)
    text = "\t".join(lines[0]) if lines else ""
    ok(status == 1 and len(lines) == 1 and text.startswith(path(name) + ": ")
       and re.search(part, text), f"{what}: {text[len(DIR.name) + 1:]}", lines)


def member_refused(name, part, what):
    """The file opens, a member says what is wrong."""
    status, lines = show(name)
    text = lines[0][1] if lines and len(lines[0]) > 1 else str(lines)
    ok(status == 0 and text.startswith(path(name) + ": ")
       and re.search(part, text), f"{what}: {text[len(DIR.name) + 1:]}", lines)


# numpy's dtypes as we name them
NAMES = {"?": "bool", "i1": "i8", "u1": "u8", "i2": "i16", "u2": "u16",
         "i4": "i32", "u4": "u32", "i8": "i64", "u8": "u64", "f2": "f16",
         "f4": "f32", "f8": "f64"}


def type_text(name, shape):
    inside = ", ".join(map(str, shape)) + ("," if len(shape) == 1 else "")
    return f"{name} ({inside})"


def same_array(line, name, array):
    if line[1] != type_text(name, array.shape):
        return False
    values = np.array([float(x) for x in line[2].split()])
    return np.array_equal(values, array.astype("f8").ravel(), equal_nan=True)


def make_arrays():
    """Every dtype, order and byte order, and odd shapes."""
    rng = np.random.default_rng(1)
    arrays = {}
    for code, name in NAMES.items():
        for order in "<>":
            for shape in [(), (1,), (5,), (2, 3, 4), (0, 3), (3, 1, 2, 2)]:
                for fortran in (False, True):
                    x = rng.standard_normal(shape) * 100
                    x = np.asarray(x, dtype="f8").astype(
                        np.dtype(code).newbyteorder(order))
                    if fortran:
                        x = np.asfortranarray(x)
                    key = f"{name}{order}{len(shape)}{'F' if fortran else 'C'}"
                    arrays[key + "." + str(len(arrays))] = (name, x)
    special = np.array([np.inf, -np.inf, np.nan, 0.0, 5e-324, 1e300], "f8")
    arrays["special"] = ("f64", special)
    arrays["half"] = ("f16", np.arange(65536, dtype="u2").view("f2"))
    return arrays


def check_all(name, arrays, what):
    status, lines = show(name)
    wrong = [line[0] for line in lines
             if not same_array(line, *arrays[line[0]])]
    ok(status == 0 and len(lines) == len(arrays) and not wrong, what,
       (len(lines), wrong[:5]))


def test_values():
    arrays = make_arrays()
    plain = {key: x for key, (_, x) in arrays.items()}
    np.savez(path("stored.npz"), **plain)
    check_all("stored.npz", arrays, "every dtype, order and shape, stored")
    np.savez_compressed(path("deflated.npz"), **plain)
    check_all("deflated.npz", arrays, "every dtype, order and shape, deflated")
    with zipfile.ZipFile(path("versions.npz"), "w") as z:
        for key, x in plain.items():
            for version in [(1, 0), (2, 0), (3, 0)]:
                b = io.BytesIO()
                np.lib.format.write_array(b, x, version)
            z.writestr(key + ".npy", b.getvalue())
    check_all("versions.npz", arrays, ".npy versions 2 and 3")
    good = True
    for key in list(arrays)[:40] + ["special"]:
        np.save(path("one.npy"), plain[key])
        status, lines = show("one.npy")
        good &= status == 0 and lines[0][0] == "one" and same_array(
            lines[0], *arrays[key])
    ok(good, "bare .npy files")


def test_text():
    words = np.array(["a", "caf\u00e9", "\U0001f986", "", "\u001b[2J", "b\\"])
    np.savez(path("text.npz"), u=words, b=words.astype(words.dtype
             .newbyteorder(">")), s=np.array([b"xy", b"\xff", b""]),
             scalar=np.array("one text"))
    _, lines = show("text.npz")
    lines = {line[0]: line for line in lines}
    wanted = ["a", "caf\u00e9", "\U0001f986", "", "\\x1b[2J", "b\\\\"]
    ok(lines["u"][1:] == ["text (6,)", " " + " ".join(wanted)], "text",
       lines["u"])
    ok(lines["b"][2] == lines["u"][2], "big-endian text", lines["b"])
    ok(lines["s"][1:] == ["bytes (3,)", " xy \\xff "], "bytes", lines["s"])
    ok(lines["scalar"][1:] == ["text ()", " one text"], "0-d text")


def array_bytes(x):
    b = io.BytesIO()
    np.save(b, x, allow_pickle=True)
    return b.getvalue()


def test_writers():
    """Archives as other writers make them."""
    x = np.arange(300, dtype="f4").reshape(3, 100)
    arrays = {"a/q": ("f32", x), "a/k": ("f32", x + 1)}

    with zipfile.ZipFile(path("force64.npz"), "w", zipfile.ZIP_DEFLATED) as z:
        for key, (_, y) in arrays.items():
            with z.open(key + ".npy", "w", force_zip64=True) as member:
                member.write(array_bytes(y))
    check_all("force64.npz", arrays, "force_zip64")

    read, write = os.pipe()
    chunks = []

    def drain():
        while chunk := os.read(read, 65536):
            chunks.append(chunk)

    thread = threading.Thread(target=drain)
    thread.start()
    with os.fdopen(write, "wb") as pipe:
        with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as z:
            for key, (_, y) in arrays.items():
                with z.open(key + ".npy", "w") as member:
                    member.write(array_bytes(y))
    thread.join()
    os.close(read)
    piped = b"".join(chunks)
    ok(piped[6] & 8, "zipfile wrote data descriptors")
    open(path("pipe.npz"), "wb").write(piped)
    check_all("pipe.npz", arrays, "written to a pipe (flag bit 3)")

    with zipfile.ZipFile(path("comment.npz"), "w") as z:
        for key, (_, y) in arrays.items():
            z.writestr(key + ".npy", array_bytes(y))
        z.comment = b"PK\5\6" * 10000
    check_all("comment.npz", arrays, "a long comment of end signatures")

    with zipfile.ZipFile(path("extra.npz"), "w") as z:
        for key, (_, y) in arrays.items():
            info = zipfile.ZipInfo(key + ".npy")
            info.extra = struct.pack("<HH5s", 0x5455, 5, b"12345")
            z.writestr(info, array_bytes(y))
    check_all("extra.npz", arrays, "foreign extra fields")

    with zipfile.ZipFile(path("meta.npz"), "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("meta.json", "{}")
        z.mkdir("folder") if hasattr(z, "mkdir") else z.writestr("folder/", "")
    ok(show("meta.npz")[1] == [["meta.json", "2 bytes", " {}"]],
       "a member that is no array, and a folder")
    zipfile.ZipFile(path("none.npz"), "w").close()
    ok(show("none.npz") == (0, []), "an archive without members")


def zip64_archive():
    """An archive whose every saturated field is in a zip64 record."""
    body = array_bytes(np.arange(4, dtype="f8"))
    name = b"x.npy"
    crc = zlib.crc32(body)
    extra = struct.pack("<HHQQ", 1, 16, len(body), len(body))
    local = struct.pack("<IHHHHHIIIHH", 0x04034b50, 45, 0, 0, 0, 0, crc,
                        0xffffffff, 0xffffffff, len(name), len(extra))
    local += name + extra + body
    extra = struct.pack("<HHQQQ", 1, 24, len(body), len(body), 0)
    entry = struct.pack("<IHHHHHHIIIHHHHHII", 0x02014b50, 45, 45, 0, 0, 0, 0,
                        crc, 0xffffffff, 0xffffffff, len(name), len(extra), 0,
                        0, 0, 0, 0xffffffff) + name + extra
    end64 = struct.pack("<IQHHIIQQQQ", 0x06064b50, 44, 45, 45, 0, 0, 1, 1,
                        len(entry), len(local))
    locator = struct.pack("<IIQI", 0x07064b50, 0, len(local) + len(entry), 1)
    end = struct.pack("<IHHHHIIH", 0x06054b50, 0xffff, 0xffff, 0xffff, 0xffff,
                      0xffffffff, 0xffffffff, 0)
    return local + entry + end64 + locator + end


def test_zip64():
    data = zip64_archive()
    open(path("zip64.npz"), "wb").write(data)
    ok(show("zip64.npz")[1] == [["x", "f64 (4,)", " 0 1 2 3"]],
       "all fields in zip64 records")
    at = data.index(b"PK\6\7")
    for name, value in [("beyond", len(data)), ("huge", 2**64 - 1),
                        ("elsewhere", 3)]:
        lying = data[:at + 8] + struct.pack("<Q", value) + data[at + 16:]
        write("locator.npz", lying)
        ok(show("locator.npz")[1] == [["x", "f64 (4,)", " 0 1 2 3"]],
           f"a zip64 record said to be {name} is found by its place")
        write("locator.npz", lying.replace(b"PK\6\6", b"PK\6\x07"))
        refused("locator.npz", "no zip directory", f"or is not, and {name}")
    at = data.index(b"PK\6\6")
    for offset, what in [(32, "count"), (40, "size"), (48, "offset")]:
        open(path("end64.npz"), "wb").write(
            data[:at + offset] + b"\xff" * 8 + data[at + offset + 8:])
        refused("end64.npz", "directory", f"a zip64 {what} of 2^64 - 1")
    at = data.rindex(struct.pack("<HH", 1, 24))
    open(path("extra64.npz"), "wb").write(
        data[:at + 2] + struct.pack("<H", 12) + data[at + 4:])
    refused("extra64.npz", "x.npy: damaged", "a zip64 extra cut short")
    open(path("size64.npz"), "wb").write(
        data[:at + 4] + struct.pack("<QQ", 2**63, 2**63) + data[at + 20:])
    refused("size64.npz", "x.npy: .*overlap", "a stored member of 2^63 bytes")



def test_before():
    """Bytes before an archive, which its offsets do not count: what zipfile
    reads of it is read."""
    out = io.BytesIO()
    arrays = {"a/q": ("f64", np.arange(6.0)),
              "b": ("f32", np.eye(3, dtype="f4"))}
    wide = {"x": ("f64", np.arange(4.0))}
    np.savez_compressed(out, **{k: v for k, (_, v) in arrays.items()})
    packed = out.getvalue()
    with zipfile.ZipFile(out, "a") as z:
        z.comment = b"PK a comment"
    other = bytes(one_member())
    long = b"#!/bin/sh\nexec unzip\n" * 5000
    for what, data, wanted in (
            ("four like its own", b"PK\3\4" + packed, arrays),
            ("a script", long + packed, arrays),
            ("with a comment", long + out.getvalue(), arrays),
            ("another archive", other + packed, arrays),
            ("with zip64", long + zip64_archive(), wide),
            ("another and zip64", other + zip64_archive(), wide)):
        write("before.npz", data)
        with zipfile.ZipFile(path("before.npz")) as z:
            same = all((np.load(z.open(k + ".npy")) == v).all()
                       for k, (_, v) in wanted.items())
        ok(same, f"{what}: zipfile reads it")
        check_all("before.npz", wanted, f"{what}: and so do we")
    at = packed.rindex(b"PK\5\6")
    write("before.npz", packed[:at] + b"signature" + packed[at:])
    check_all("before.npz", arrays, "bytes behind the directory instead")
    for what, data in (("behind the end", packed + b"other bytes"),
                       ("zeros", packed + bytes(5000)),
                       ("a comment too short", long + out.getvalue()[:-3])):
        write("before.npz", data)
        with zipfile.ZipFile(path("before.npz")) as z:
            ok(len(z.namelist()) == 2, f"{what}: zipfile reads it")
        check_all("before.npz", arrays, f"{what}: and so do we")
    write("before.npz", packed + bytes(70000))
    refused("before.npz", "no zip directory at its end", "too many behind it")
    write("before.npz", long + packed[:-1])
    refused("before.npz", "is no dump", "before half an archive")
    write("before.npz", long + packed[:at])
    refused("before.npz", "is no dump", "and before one without an end")


def one_member(method=zipfile.ZIP_STORED, array=None, name="a/q.npy"):
    b = io.BytesIO()
    with zipfile.ZipFile(b, "w", method) as z:
        z.writestr(name, array_bytes(np.arange(100.0)) if array is None
                   else array)
    return bytearray(b.getvalue())


def write(name, data):
    with open(path(name), "wb") as f:
        f.write(data)


def patched(data, offset, fmt, value, signature=b"PK\1\2"):
    """A copy with one field behind the last `signature` replaced."""
    data = bytearray(data)
    struct.pack_into(fmt, data, data.rindex(signature) + offset, value)
    return data


def test_damaged():
    stored = one_member()
    deflated = one_member(zipfile.ZIP_DEFLATED)
    n = len(array_bytes(np.arange(100.0)))

    write("cut.npz", stored[:-30])
    refused("cut.npz", "cut off", "a truncated archive")
    write("half.npz", stored[:len(stored) // 2])
    refused("half.npz", "cut off", "half an archive")
    write("magic.npz", b"PK\3\4")
    refused("magic.npz", "cut off", "four bytes")
    write("empty.npz", b"")
    refused("empty.npz", "is empty: 0 bytes; is it still", "an empty file")
    for what, size, first in (("a blank", 4, b" {}  "), ("a newline", 0, b"\n")):
        write("blank.safetensors", struct.pack("<Q", size) + first)
        refused("blank.safetensors", f"as a .safetensors its header of {size} "
                f"bytes should begin with .* byte 8, where 0x{first[0]:02x} is",
                f"{what} for a brace")
    write("other.npz", b"hello, world")
    refused("other.npz", "is no dump", "another format")

    for data, name in [(stored, "stored"), (deflated, "deflated")]:
        write("crc.npz", patched(data, 16, "<I", 0x12345678))
        member_refused("crc.npz", "a/q: wrong CRC", f"wrong CRC, {name}")
        bad = bytearray(data)
        bad[150 + 30 + 7] ^= 0xff
        write("bits.npz", bad)
        member_refused("bits.npz", "a/q: (wrong CRC|its deflated)",
                       f"damaged bytes, {name}")
        write("local.npz", patched(data, 0, "<I", 0, b"PK\3\4")[:0]
              + b"PK\3\4" + data[4:14] + b"\xff" * 8 + data[22:])
        ok(show("local.npz")[1][0][1] == "f64 (100,)",
           f"local sizes are not believed, {name}")
        write("extra.npz", patched(data, 28, "<H", 0xffff, b"PK\3\4"))
        member_refused("extra.npz", "overlap", f"a local extra of 64 KiB, "
                       f"{name}")
        write("shifted.npz", b"PK\3\4" + patched(data, 42, "<I", 4))
        refused("shifted.npz", "a/q.npy: .*overlap", "4 bytes before it, "
                f"counted by the member alone, {name}")

    for what, field, value in (("bzip2", 10, 12), ("encrypted", 8, 1)):
        beside = io.BytesIO(bytes(stored))
        with zipfile.ZipFile(beside, "a") as z:
            z.writestr("notes.txt", "nobody reads it")
        write("beside.npz", patched(beside.getvalue(), field, "<H", value))
        ok([line[0] for line in show("beside.npz")[1]] == ["a/q"],
           f"a text beside an array, {what}")
        beside = beside.getvalue().replace(b"notes.txt", b"meta.json")
        write("beside.npz", patched(beside, field, "<H", value))
        refused("beside.npz", "meta.json: (it is enc|compression method 12)",
                f"a meta.json, {what}")
    write("encrypted.npz", patched(stored, 8, "<H", 1))
    refused("encrypted.npz", "a/q.npy: it is encrypted; expected members without",
            "encrypted")
    write("method.npz", patched(stored, 10, "<H", 14))
    refused("method.npz", "method 14", "another method")
    write("sizes.npz", patched(stored, 24, "<I", n + 1))
    refused("sizes.npz", "a/q.npy: it is stored", "stored sizes that differ")
    write("long.npz", patched(deflated, 24, "<I", n + 8))
    member_refused("long.npz", "takes 800 bytes, but 808", "a size too long")
    write("ratio.npz", patched(deflated, 24, "<I", 0xfffffff0))
    refused("ratio.npz", "cannot come out", "4 GiB from 200 bytes")
    write("past.npz", patched(deflated, 20, "<I", 0xfffff))
    refused("past.npz", "overlap", "bytes beyond the file")
    write("where.npz", patched(stored, 42, "<I", 10))
    refused("where.npz", "overlap", "an offset inside")
    write("count.npz", patched(stored, 10, "<H", 60000, b"PK\5\6"))
    refused("count.npz", "no room for the 60000", "members that are not there")
    write("fewer.npz", patched(stored, 10, "<H", 0, b"PK\5\6"))
    refused("fewer.npz", "more than the 0", "members not counted")
    write("disk.npz", patched(stored, 4, "<H", 1, b"PK\5\6"))
    refused("disk.npz", "split", "one disk of many")
    write("nul.npz", patched(stored, 47, "<B", 0))
    refused("nul.npz", "NUL", "a NUL in a name")

    raw = array_bytes(np.arange(100.0))
    write("shape.npz", one_member(array=raw.replace(b"(100,)", b"(101,)")))
    member_refused("shape.npz", "takes 808 bytes, but 800", "a shape too long")
    write("shape.npz", one_member(array=raw.replace(
        b"(100,), }" + b" " * 18, b"(9223372036854775808, 2), }")))
    member_refused("shape.npz", "larger than any memory", "a shape of 2^63")
    write("short.npz", one_member(array=raw[:8]))
    member_refused("short.npz", "no .npy header", "eight bytes")
    write("short.npz", one_member(array=raw[:60]))
    member_refused("short.npz", "shorter than its .npy header", "half a header")
    write("garbage.npz", one_member(array=b"not an array at all"))
    member_refused("garbage.npz", "no .npy header", "no array")
    write("pickle.npz", one_member(array=array_bytes(
        np.array([{"a": 1}], dtype=object))))
    member_refused("pickle.npz", r"a/q: dtype '\|O' holds Python objects",
                   "pickled objects")
    write("trailing.npy", raw + b"x")
    member_refused("trailing.npy", "takes 800 bytes, but 801", ".npy too long")
    write("cut.npy", raw[:-1])
    member_refused("cut.npy", "takes 800 bytes, but 799", ".npy cut off")
    write("cut.npy", raw[:60])
    member_refused("cut.npy", "cut off", ".npy cut off in its header")
    write("torch.pt", one_member(name="archive/data.pkl", array=b"x"))
    status, lines = show("torch.pt")
    ok(status == 1 and len(lines) == 3 and "PyTorch" in lines[0][0],
       "a PyTorch file", lines)


def test_overlap():
    """Two entries of one member, and a thousand of them (a zip bomb)."""
    b = io.BytesIO()
    with zipfile.ZipFile(b, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("a.npy", array_bytes(np.zeros(1000)))
    data = b.getvalue()
    at, end = data.index(b"PK\1\2"), data.index(b"PK\5\6")
    for n in (2, 1000):
        entries = b"".join(data[at:at + 46] + b"%05d" % i for i in range(n))
        write("bomb.npz", data[:at] + entries + struct.pack(
            "<IHHHHIIH", 0x06054b50, 0, 0, n, n, len(entries), at, 0))
        refused("bomb.npz", "overlap", f"{n} entries of the same bytes")
    with zipfile.ZipFile(path("twice.npz"), "w") as z:
        warnings.simplefilter("ignore")
        z.writestr("a/q.npy", array_bytes(np.zeros(2)))
        z.writestr("a/q.npy", array_bytes(np.ones(2)))
    refused("twice.npz", "two members named a/q", "a name twice")
    write("name.npz", one_member(method=zipfile.ZIP_STORED,
                                 array=b"x", name="\x1b]0;hi\7/q.npy"))
    member_refused("name.npz", r"\\x1b\]0;hi\\x07/q: no .npy",
                   "an escape sequence in a name")


def test_kinds_of_file():
    os.mkfifo(path("fifo"))
    refused("fifo", "is a FIFO", "a FIFO does not block")
    refused(".", "is a directory", "a directory")
    refused("absent", "No such file", "no file")
    run = subprocess.run([SHOW, "/dev/null"], capture_output=True, text=True)
    ok(run.returncode == 1 and "is a device" in run.stdout, "a device",
       run.stdout)
    write("locked.npz", one_member())
    os.chmod(path("locked.npz"), 0)
    if os.geteuid() == 0:
        skip("no permission", "root may read anything")
    else:
        refused("locked.npz", "Permission denied", "no permission")
    os.mkfifo(path("a\x1b[2Jb"))
    run = subprocess.run([SHOW, path("a\x1b[2Jb")], capture_output=True,
                         text=True)
    ok("\\x1b[2Jb: is a FIFO" in run.stdout and "\x1b" not in run.stdout,
       "an escape sequence in a path", run.stdout)


def test_stdin():
    data = one_member()
    wanted = ["a/q", "f64 (100,)"]
    run = subprocess.run([SHOW, "-"], input=bytes(data), capture_output=True)
    ok(run.stdout.decode().split("\t")[:2] == wanted, "a pipe on stdin",
       run.stdout)
    run = subprocess.run([SHOW, "-"], input=array_bytes(np.arange(2.0)),
                         capture_output=True)
    ok(run.stdout == b"stdin\tf64 (2,)\t 0 1\n", "a .npy on stdin", run.stdout)
    run = subprocess.run([SHOW, "-"], input=b"", capture_output=True)
    ok(run.stdout == b"-: is empty: 0 bytes; is it still being written?\n",
       "nothing on stdin", run.stdout)


def test_many():
    """100,000 members, none of them slow to find."""
    with zipfile.ZipFile(path("many.npz"), "w") as z:
        x = array_bytes(np.float32(1))
        for i in range(100000):
            z.writestr(f"l{i}/q.npy", x)
    status, lines = show("many.npz")
    ok(status == 0 and len(lines) == 100000
       and all(line[1:] == ["f32 ()", " 1"] for line in lines),
       "100,000 members", len(lines))


if __name__ == "__main__":
    test_values()
    test_text()
    test_writers()
    test_zip64()
    test_before()
    test_damaged()
    test_overlap()
    test_kinds_of_file()
    test_stdin()
    test_many()
    done()
