"""What compute says on stderr, and how often."""
import os
import re
import sys
import tempfile

sys.path.insert(0, os.path.join(os.environ.get("srcdir", "."), "tests"))
sys.path.insert(0, os.path.join(os.environ.get("srcdir", "."), "tests", "cli"))
from tap import SOURCE, done, import_or_skip, ok

np = import_or_skip("numpy")
import oracle
from hostile import npz, patch

SAMPLES = os.path.join(SOURCE, "samples")
rng = np.random.default_rng(21)


def normal(*shape):
    return rng.normal(size=shape).astype(np.float32)


def said(*arguments, code=0):
    """Lines on stderr, each without "esscope: "."""
    result = oracle.esscope("compute", *arguments)
    lines = result.stderr.decode().splitlines()
    ok(result.returncode == code and all(
        line.startswith("esscope: ") for line in lines),
       f"compute {' '.join(arguments)}: exit status {code}",
       f"{result.returncode} {lines}")
    return [line.removeprefix("esscope: ") for line in lines]


def test_one_fault():
    good = npz({f"{layer}/{factor}": normal(64, 12, 3)
                for layer in "ab" for factor in "qk"})
    with open("crc.npz", "wb") as file:
        file.write(patch(patch(good, 0, crc=1), 2, crc=1))
    lines = said("crc.npz", "--threads", "3", code=1)
    ok(len(lines) == 2 and "a/q" in lines[0] and "b/q" in lines[1],
       "one fault of all channels is one line a layer", lines)
    T = np.tril(normal(4, 9, 9))
    T[1, 5, 2] = T[3, 5, 2] = np.nan
    oracle.save("nan.npz", m__T=T)
    lines = said("nan.npz", code=1)
    ok(len(lines) == 2 and "channel 1" in lines[0] and "channel 3" in lines[1],
       "faults of single channels are a line each", lines)


def test_ignored():
    oracle.save("notes.npz", {"layers": {"a": {"kind": "softmax",
                                               "windw": 3}}},
                a__q=normal(2, 12, 3), a__k=normal(2, 12, 3),
                a__odd=normal(2), b__T=np.tril(normal(12, 12)),
                tokens=np.array(["x"] * 7))
    lines = said("notes.npz", "--layer", "a")
    ok(len(lines) == 3
       and all(line.startswith("notes.npz: a: ") for line in lines)
       and all(any(word in line for line in lines)
               for word in ("windw", "odd", "7 tokens")),
       "what a layer ignores is said, once", lines)
    lines = said("notes.npz", "--layer", "b", "--per", "file")
    ok(len(lines) == 1 and lines[0].startswith("notes.npz: b: 7 tokens"),
       "of the layers computed alone", lines)
    for name in sorted(os.listdir(SAMPLES)):
        if name.endswith(".npz"):
            ok(not said(os.path.join(SAMPLES, name), "--per", "layer"),
               f"nothing to say of {name}")


def count(line):
    """(a, b) of "in a of b cells"."""
    found = re.search(r"in (\d+) of (\d+) cells", line)
    return tuple(map(int, found.groups())) if found else None


def test_warnings():
    T = np.tril(normal(2, 16, 16)).astype(np.float16)
    T[1, :, :] = 0
    oracle.save("half.npz", {"layers": {"a": {"tss": 2}}}, a__T=T,
                b__T=np.eye(16))
    flags = ["half.npz", "--rel-tol", "3e-4", "--rel-tol", "0.9",
             "--tol", "1e-9"]
    rows = [row for row in oracle.rows(*flags, "--with", "floor")
            if float(row["sigma_max"]) > 0]
    above = {m: sum(int(row[m]) > int(row["ceiling"]) for row in rows)
             for m in ("ess_rel_3e-4", "ess_rel_0.9", "ess_abs_1e-9")}
    floors = [float(row["floor"]) for row in rows]
    low = {"ess_rel_3e-4": sum(3e-4 * float(row["sigma_max"]) < floor
                               for row, floor in zip(rows, floors)),
           "ess_rel_0.9": 0, "ess_abs_1e-9": 15}
    wanted = []
    for m in above:
        wanted += [(m, "ceiling", above[m])] * (above[m] > 0)
        wanted += [(m, "floor", low[m])] * (low[m] > 0)
    lines = said(*flags, "--per", "layer")
    ok(len(lines) == len(wanted) >= 4 and all(
        line.startswith(f"half.npz: a: {m} ") and word in line
        and count(line) == (n, 15)
        for line, (m, word, n) in zip(lines, wanted)),
       "counts above the ceiling and tolerances below the floor", lines)
    ok(all(f"{max(floors):.2g}" in line for line in lines
           if "floor" in line), "the largest floor is named", lines)
    ok(lines == said(*flags, "--per", "cell", "--threads", "3"),
       "warnings do not depend on --per and --threads")
    ok(not said("half.npz", "--layer", "a", "--channel", "1", "--tol", "0"),
       "where H_i = 0 there is nothing to warn of")


def test_interior():
    """A state of 8 in 12 positions: none has 8 on either side."""
    oracle.save("short.npz", m__q=normal(1, 12, 8), m__k=normal(1, 12, 8),
                m__la=np.zeros((1, 12), np.float32),
                n__T=np.tril(normal(12, 12)))
    lines = said("short.npz", "--interior", "--per", "layer")
    rows = oracle.rows("short.npz", "--interior")
    ok(len(lines) == 1 and lines[0].startswith("short.npz: m: left out: ")
       and {row["layer"] for row in rows} == {"n"},
       "--interior leaves out a layer that has none, and says so", lines)
    lines = said("short.npz", "--interior", "--layer", "m", code=1)
    ok(len(lines) == 1, "nothing is left: a failure, in one line", lines)


with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    test_one_fault()
    test_ignored()
    test_warnings()
    test_interior()
done()
