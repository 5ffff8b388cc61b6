"""What compute says on stderr, and how often."""
import os
import sys
import tempfile

sys.path.insert(0, os.path.join(os.environ.get("srcdir", "."), "tests"))
sys.path.insert(0, os.path.join(os.environ.get("srcdir", "."), "tests", "cli"))
from tap import done, import_or_skip, ok

np = import_or_skip("numpy")
import oracle
from hostile import npz, patch

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


with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    test_one_fault()
done()
