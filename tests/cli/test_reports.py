"""What compute says on stderr, and how often."""
import os
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


with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    test_one_fault()
    test_ignored()
done()
