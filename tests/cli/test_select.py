"""--layer, --channel, --position: what they choose, and what a failed layer
or channel leaves."""
import os
import sys
import tempfile

sys.path.insert(0, os.path.join(os.environ.get("srcdir", "."), "tests"))
sys.path.insert(0, os.path.join(os.environ.get("srcdir", "."), "tests", "cli"))
from tap import done, import_or_skip, ok

np = import_or_skip("numpy")
import oracle
from oracle import esscope, rows

rng = np.random.default_rng(5)
L = 12


def layers(*arguments):
    found = []
    for row in rows(*arguments, "--position", "3", "--channel", "0"):
        found.append(row["layer"])
    return found


with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    T = np.tril(rng.normal(size=(9, L, L)))
    names = ["b.2", "b.10", "b[1]", "b1", "a/c/d"]
    oracle.save("x.npz", **{f"{name.replace('/', '__')}__T": T
                            for name in names})

    ok(layers("x.npz") == ["a/c/d", "b.2", "b.10", "b1", "b[1]"],
       "layers in natural order", layers("x.npz"))
    ok(layers("x.npz", "--layer", "b.*") == ["b.2", "b.10"], "a wildcard")
    ok(layers("x.npz", "--layer", "b[1]") == ["b[1]"],
       "an exact name wins over the wildcard it also is")
    ok(layers("x.npz", "--layer", "b[1-3]") == ["b1"], "brackets match")
    ok(layers("x.npz", "--layer", "a*") == ["a/c/d"], "* matches a slash")
    ok(layers("x.npz", "--layer", "b.10", "--layer", "a*", "--layer", "b.1?")
       == ["a/c/d", "b.10"], "several: each layer once, in natural order")

    def channels(text):
        return [int(r["channel"]) for r in rows(
            "x.npz", "--layer", "b1", "--position", "1", "--channel", text)]

    for text, wanted in (("0", [0]), ("3,1", [1, 3]), ("5-7", [5, 6, 7]),
                         ("0,3,5-7", [0, 3, 5, 6, 7]), ("2,2,1-3", [1, 2, 3]),
                         ("0-8", list(range(9))), ("08", [8])):
        ok(channels(text) == wanted, f"--channel {text}", channels(text))

    def positions(text):
        return [int(r["position"]) for r in rows(
            "x.npz", "--layer", "b1", "--channel", "0", f"--position={text}")]

    for text in ("5", "1", "11", "+4"):
        ok(positions(text) == [int(text)], f"--position {text}")
    big = 10 ** 30
    for text in (":", "::", "3:", ":5", "3:5", "::3", "1::3", "2:9:4", "-4:",
                 ":-4", "-4:-1", "-99:3", "0:2", "0::5", f"{-big}:{big}",
                 "::1", "4:99", f"11::{big}"):
        parts = [int(p) if p else None for p in text.split(":")]
        wanted = [i for i in range(L)[slice(*parts)] if i]
        ok(positions(text) == wanted, f"--position {text}", positions(text))

    n = 3
    oracle.save("s.npz", s__q=rng.normal(size=(1, L, n)),
                s__k=rng.normal(size=(1, L, n)), s__la=-np.ones(1))
    found = [int(r["position"]) for r in rows("s.npz", "--interior",
                                              "--position", "::2")]
    ok(found == [4, 6, 8], "--interior: i >= TSS and L-i >= TSS", found)
    found = [int(r["position"]) for r in rows(
        "x.npz", "--interior", "--layer", "b1", "--channel", "0")]
    ok(found == list(range(3, 9)), "--interior: L/4 <= i < 3L/4", found)

    # A channel that fails, a layer that fails, a file that fails.
    la = -np.ones((4, L))
    la[2, 5] = np.nan
    q, k = rng.normal(size=(2, 4, L, n))
    oracle.save("bad.npz", m__q=q, m__k=k, m__la=la, z__T=T[:1])

    def left(*arguments, lines, says):
        result = esscope("compute", *arguments, "--position", "6")
        error = result.stderr.decode().splitlines()
        table = result.stdout.decode().splitlines()[1:]
        ok(result.returncode == 1 and len(error) == lines
           and all(line.startswith("esscope: ") for line in error)
           and all(part in "\n".join(error) for part in says),
           f"compute {' '.join(arguments)}: one line for each failure",
           "\n".join(error))
        return ["/".join(row.split("\t")[k] for k in (0, 1, 3))
                for row in table]

    ok(left("bad.npz", lines=1, says=["bad.npz", "m", "la", "channel 2"])
       == ["bad.npz/m/0", "bad.npz/m/1", "bad.npz/m/3", "bad.npz/z/0"],
       "a failed channel leaves out its own rows")
    ok(left("absent.npz", "bad.npz", "--layer", "z", lines=1,
            says=["absent.npz"]) == ["bad.npz/z/0"],
       "a file that cannot be opened leaves the others")
    result = esscope("compute", "bad.npz", "--layer", "m", "--channel", "2",
                     "-o", "out.tsv")
    ok(result.returncode == 1 and not os.path.exists("out.tsv"),
       "no row left: no output file")
    result = esscope("compute", "bad.npz", "--layer", "m", "--channel", "2")
    ok(result.returncode == 1 and result.stdout == b"",
       "no row left: nothing on stdout, no header")
    table = rows("bad.npz", "--layer", "m", "--per", "layer", code=1)
    ok(table[0]["channels"] == "3", "means are over the channels left")

    oracle.save("mixed.npz", good__T=T[:1], bad__q=q, bad__k=k[:3])
    ok(left("mixed.npz", lines=1, says=["mixed.npz", "bad"])
       == ["mixed.npz/good/0"], "a layer that fails leaves the others")
    oracle.save("unequal.npz", few__T=T[:1], many__T=T)
    result = esscope("compute", "unequal.npz", "--channel", "5")
    ok(result.returncode == 1 and b"unequal.npz: few: channel 5"
       in result.stderr and result.stdout.count(b"\tmany\t") == L - 1,
       "a layer without the channel is a failure, the others are written")
done()
