"""Two dumps compared: A, B and A - B, cell by cell what `compute` says of
either; on one scale; what does not match is listed and left blank; Y's line
and figures have both."""
import base64
import csv
import io
import json
import os
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(os.environ.get("srcdir", "."), "tests",
                                "cli"))
from looking import (ESSCOPE, HYBRID, esscope, layer, read_out,  # noqa: E402
                     ready, rest)
import numpy as np  # noqa: E402
import oracle  # noqa: E402
from tap import done, ok  # noqa: E402
from terminal import show  # noqa: E402

HYBRID = os.path.abspath(HYBRID)
TOL = ["--rel-tol", "3e-2"]
BARE = ["--fresh", "--no-config"]


def other(path, change=lambda factors: None):
    """The sample with its queries turned, and what change does to it."""
    with np.load(HYBRID) as dump:
        factors = {k: dump[k] for k in dump.files}
    rng = np.random.default_rng(3)
    for name in ("layers.1/q", "layers.3/q"):
        factors[name] = factors[name] * 0.3
    for name in ("layers.0/k", "layers.2/k"):
        mix = rng.standard_normal((16, 16)).astype("f4")
        mix[:, 8:] = 0          # half of the state
        factors[name] = factors[name] @ mix
    change(factors)
    np.savez(path, **factors)
    return os.path.abspath(path)


def cells(path, name, column="ess_rel_3e-2"):
    """The measure of a layer, channels x positions."""
    rows = oracle.rows(path, "--layer", name, *TOL)
    found = {(int(r["channel"]), int(r["position"])): float(r[column])
             for r in rows}
    return np.array([[found[c, i] for i in range(1, 256)]
                     for c in range(4)])


def render(*words, code=0):
    run = subprocess.run([ESSCOPE, "render", *words, *BARE], timeout=300,
                         capture_output=True, text=True, encoding="utf-8")
    ok(run.returncode == code, " ".join(os.path.basename(w) for w in words),
       run.stderr)
    return run


def compared(t):
    """A, B and A - B at the cursor."""
    found = re.search(r"ESS A +(\d+)  B +(\d+)  A-B +([+-]\d+)", t.text())
    return tuple(map(int, found.groups())) if found else None


def read_out_at(t):
    found = re.search(r"ch (\d+)  pos (\d+)", t.text())
    return tuple(map(int, found.groups())) if found else None


def legend(t):
    """The ends of the colours."""
    found = re.search(r"│ +(-?[0-9.]+) +(\d+) (seen|A-B|ceiling)", t.text())
    return found.groups()[:2] if found else None


def test_screen(b):
    a_cells, b_cells = cells(HYBRID, "layers.2"), cells(b, "layers.2")
    place = ["--layer", "layers.2", "--channel", "1", "--position", "100"]
    wanted = (int(a_cells[1, 99]), int(b_cells[1, 99]))
    with esscope(HYBRID, b, *place, *TOL, *BARE, rows=40, columns=130) as t:
        ready(t)
        t.send("=")
        ok(t.wait_until(lambda: compared(t)
                        == (*wanted, wanted[0] - wanted[1])),
           "=: A, B and A - B at the cursor", show(t))
        rest(t)
        ok("esscope  A-B  A 1/2" in t.lines()[0]
           and "A-B tolerance-ESS" in t.text(), "and it is said", show(t))
        for name in ("layers.0", "layers.3"):
            less = cells(HYBRID, name).mean() - cells(b, name).mean()
            ok(t.wait_until(lambda: re.search(
                name + " .* " + re.escape("%+.2f " % less), t.text())),
               f"{name}: A - B of the averages, {less:+.2f}", show(t))
        t.send("l", "l", "j")
        ok(t.wait_until(lambda: (compared(t) or ())[:2]
                        == (a_cells[2, 101], b_cells[2, 101])),
           "a move: both follow", show(t))
        t.send("t", "6e-2", "Enter")
        t.wait_for("tol rel 6.0e-02")
        rows = [oracle.rows(path, "--layer", "layers.2", "--channel", "2",
                            "--position", "102", "--rel-tol", "6e-2")[0]
                for path in (HYBRID, b)]
        ok(t.wait_until(lambda: (compared(t) or ())[:2] == tuple(
            int(list(r.values())[-1]) for r in rows)),
            "another tolerance: both follow", (rows, show(t)))
        t.send("t", "3e-2", "Enter")
        t.wait_for("tol rel 3.0e-02")
        less = np.abs(a_cells - b_cells)
        order = sorted(range(4), key=lambda c: (-less[c].max(), c))
        for rank, c in enumerate(order):
            i = int(less[c].argmax()) + 1
            t.send("X")
            ok(t.wait_until(lambda: (read_out_at(t)) == (c, i) and
                            f"{rank + 1} of 4 channels: tolerance-ESS A "
                            f"{a_cells[c, i - 1]:.0f}, B "
                            f"{b_cells[c, i - 1]:.0f}, before \""
                            in t.lines()[-1]),
               f"X: the largest change, {rank + 1}", (c, i, show(t)))
        t.send(":channel 2; position 102", "Enter")
        t.send("=")
        ok(t.wait_until(lambda: "B tolerance-ESS" in t.text()
                        and legend(t)), "= again: B", show(t))
        rest(t)
        ends = legend(t)
        ok(compared(t)[:2] == (a_cells[2, 101], b_cells[2, 101])
           and "esscope  B  A 1/2" in t.lines()[0], "at the same cell",
           show(t))
        t.send("=")
        ok(t.wait_until(lambda: "MAP layers.2  A tolerance-ESS" in t.text()
                        and legend(t) == ends), "and A, on the same scale",
           (ends, show(t)))
        t.send("d")
        ok(t.wait_for("no more than these two dumps"), "d has no other dump",
           show(t))
        t.send(":compare off", "Enter")
        ok(t.wait_until(lambda: compared(t) is None
                        and "A-B" not in t.text()), "off", show(t))
        ok(read_out(t)[:3] == (2, 102, a_cells[2, 101]), "A is left", show(t))
        t.send("q")
        t.wait()


def ends(t):
    """Where the colours of A - B end."""
    found = re.search(r" ([0-9.]+)(?: \S.*)?,? A-B, seen", t.text())
    return float(found.group(1)) if found else None


def test_layers(b):
    """Rows of layers: the colours are of the measure of now."""
    with esscope(HYBRID, b, *TOL, *BARE, rows=40, columns=130) as t:
        ready(t)
        t.send("=", "R")
        rest(t)
        less = max(np.abs(cells(HYBRID, f"layers.{k}").max(0)
                          - cells(b, f"layers.{k}").max(0)).max()
                   for k in range(4))
        ok(ends(t) is not None and less <= ends(t) < 3 * less,
           "rows of layers: colours end above the largest", (less, show(t)))
        t.send(":measure utilisation", "Enter")
        ok(t.wait_until(lambda: ends(t) is not None and ends(t) <= 1),
           "and of another measure where that does", show(t))
        t.send("q")
        t.wait()
    for layer_name in ("layers.0", "layers.3"):
        run = render(HYBRID, b, "-c", "compare b", "--layer", layer_name,
                     "--view", "map", "--format", "txt")
        ok("B tolerance-ESS" in run.stdout, "B alone, from the start",
           run.stdout[:200])


def test_places(b):
    """Marks in either stay in the comparison; y copies what is seen."""
    a_cells, b_cells = cells(HYBRID, "layers.2"), cells(b, "layers.2")
    with esscope(HYBRID, b, *TOL, *BARE, "--layer", "layers.2", rows=40,
                 columns=130) as t:
        ready(t)
        t.send("d")
        t.wait_for("dump 2 of 2")
        t.send(":channel 3; position 90", "Enter", "m", "b", "d")
        t.wait_for("dump 1 of 2")
        t.send("=", "'", "b")
        ok(t.wait_until(lambda: read_out_at(t) == (3, 90)
                        and compared(t)) and "esscope  A-B" in t.lines()[0],
           "a mark in the other: the same cell, still A - B", show(t))
        rest(t)
        before = len(t.raw)
        t.send("y")
        t.wait_until(lambda: b"\x1b]52;" in t.raw[before:])
        found = re.findall(rb"\x1b\]52;c;([A-Za-z0-9+/=]*)\x07",
                           bytes(t.raw))
        ok(found and float(base64.b64decode(found[-1]))
           == a_cells[3, 89] - b_cells[3, 89], "y: the difference",
           found[-1:])
        t.send("q")
        t.wait()


def test_failed():
    """A channel of B that cannot be computed says why."""
    def spoil(factors):
        factors["layers.2/la"] = factors["layers.2/la"].copy()
        factors["layers.2/la"][1, 30] = np.nan
    b = other("spoiled.npz", spoil)
    with esscope(HYBRID, b, *BARE, "--layer", "layers.2", "--channel", "1",
                 rows=40, columns=130) as t:
        ready(t)
        t.send("=")
        ok(t.wait_for("la holds nan in channel 1"),
           "what fails in B: why", show(t))
        t.send("q")
        t.wait()
    run = render(HYBRID, b, "-c", "compare", "--layer", "layers.2", "--view",
                 "map", "--format", "txt", code=1)
    ok("layers.2" in run.stderr and "channel 1" in run.stderr,
       "and render says so", run.stderr)


def test_one():
    with esscope(HYBRID, *BARE) as t:
        ready(t)
        t.send("=")
        ok(t.wait_for("esscope A B opens two"), "one dump: it says how",
           show(t))
        t.send("q")
        t.wait()


def test_numbers(b):
    names = {"tolerance": "ess_rel_3e-2", "entropy": "ess_entropy",
             "s1": "sigma_max"}
    for measure, column in names.items():
        first, second = (cells(p, "layers.1", column) for p in (HYBRID, b))
        less = np.log10(first) - np.log10(second) if measure == "s1" \
            else first - second
        words = [HYBRID, b, "-c", "compare", "--layer", "layers.1", *TOL,
                 "--measure", measure, "--view", "map"]
        render(*words, "-o", "less.npy")
        ok(np.allclose(np.load("less.npy"), less, rtol=0, atol=1e-9),
           f"{measure}: the array is A - B",
           np.abs(np.load("less.npy") - less).max())
        run = render(*words, "--format", "tsv")
        rows = list(csv.DictReader(io.StringIO(run.stdout), delimiter="\t"))
        last = f"a_minus_b_{'log10_' if measure == 's1' else ''}{column}"
        got = np.array([[float(r[f"a_{column}"]), float(r[f"b_{column}"]),
                         float(r[last])] for r in rows])
        ok(len(rows) == less.size and np.allclose(
            got, np.stack([x.ravel() for x in (first, second, less)], 1),
            rtol=1e-9, atol=1e-9), f"{measure}: the table has all three")
    meta = json.load(open("less.npy.json"))
    ok(meta["file"] == HYBRID and meta["file b"] == b and "content b" in meta
       and meta["values"] == "A - B of log10 of s1", "and what it holds",
       meta)
    run = render(HYBRID, b, "-c", "compare; rows layers", "--view", "map",
                 "--format", "tsv", code=1)
    ok("esscope diff A B" in run.stderr, "of layers: what writes it",
       run.stderr)
    run = render(HYBRID, b, "-c", "compare", "--layer", "layers.1", *TOL,
                 "--view", "map", "--format", "svg")
    ok("A: " + HYBRID in run.stdout and "B: " + b in run.stdout
       and "A − B, cell by cell" in run.stdout, "the figure names both")
    for view in ("profile", "spectrum", "layers", "text", "screen"):
        form = "txt" if view == "screen" else "svg"
        run = render(HYBRID, b, "-c", "compare", "--layer", "layers.1", *TOL,
                     "--view", view, "--format", form)
        ok(view not in ("profile", "spectrum")
           or 'id="compared"' in run.stdout, f"{view}: B is in it")


def test_order(b):
    """Channels in order: in the other dump they are not."""
    pages = [render(b, HYBRID, "-c", "compare" + order, "--layer", "layers.1",
                    "--channel", "0", *TOL, "--view", "profile", "--format",
                    "txt").stdout for order in ("", "; sort mean")]
    ok("×" in pages[0] and pages[0] == pages[1],
       "an order of the channels is none of the other dump", pages)


def test_spared():
    """No export goes over either dump."""
    for name in "ab":
        os.mkdir(name)
        np.save(f"{name}/T.npy", np.tril(np.ones((2, 16, 16))))
    for name in "ab":
        run = subprocess.run([ESSCOPE, "a/T.npy", "b/T.npy", *BARE, "--size",
                              "100x30", "-c", "compare", "-c",
                              f"export! {name}/T.npy"], capture_output=True)
        ok(run.returncode == 1 and np.load(f"{name}/T.npy").shape
           == (2, 16, 16), f"export! over {name} is refused", run.stderr)


def cut(factors):
    """Other shapes, another kind, another text, a layer each of one alone."""
    factors["layers.1/q"] = factors["layers.1/q"][:3]
    factors["layers.1/k"] = factors["layers.1/k"][:3]
    for name in ("q", "k", "la"):
        factors[f"layers.9/{name}"] = factors.pop(f"layers.0/{name}")
    factors.pop("layers.2/la")
    meta = json.loads(str(factors["meta"]))
    meta["layers"] = {"layers.2": {"kind": "softmax"},
                      "layers.1": {"kind": "softmax"}}
    factors["meta"] = json.dumps(meta)
    factors["tokens"] = factors["tokens"].copy()
    factors["tokens"][7] = "\x1b[2J"


def test_unmatched():
    b = other("cut.npz", cut)
    with esscope(HYBRID, b, "--layer", "layers.1", *TOL, *BARE, rows=40,
                 columns=130) as t:
        ready(t)
        t.send("=")
        ok(t.wait_until(lambda: re.search(r"\d things do not match",
                                          t.lines()[-1])),
           "it says that something does not match", show(t))
        rest(t)
        for key in ("R", "R"):  # every header is read
            t.send(key)
            rest(t)
        t.send(":unmatched", "Enter")
        for words in ("layers.0 +in A only", "layers.9 +in B only",
                      "4 channels in A, 3 in B", "decay in A, softmax in B",
                      r"the tokens +others from token 7 on"):
            ok(t.wait_for(re.compile(words)), words, show(t))
        ok(b"\x1b[2J" not in bytes(t.raw).split(b"others from token")[-1],
           "and no escape of a token gets through")
        t.send("Esc")
        ok(t.wait_until(lambda: re.search(r"layers\.1 +softmax +[0-9.]+ +"
                                          r"\d+%", t.text())),
           "no A - B of averages over other cells", show(t))
        t.send("3^")
        ok(t.wait_for("the other has 3 ch"), "a channel of A alone",
           show(t))
        t.send(":layer layers.0", "Enter")
        ok(t.wait_for("not in the other dump"), "a layer of A alone",
           show(t))
        t.send("=")
        ok(t.wait_until(lambda: "layers.0 is not in the other"
                        in t.lines()[-1]), "has no B to turn to", show(t))
        t.send("q")
        t.wait()
    run = render(HYBRID, b, "-c", "compare", "--layer", "layers.1", *TOL,
                 "--view", "map", "-o", "cut.npy")
    ok(np.isnan(np.load("cut.npy")[3]).all()
       and not np.isnan(np.load("cut.npy")[:3]).any(),
       "what one has not is no number")


def short(factors):
    for name in ("q", "k"):
        factors[f"layers.1/{name}"] = factors[f"layers.1/{name}"][:, :100]
    for name in [n for n in factors if n.startswith("layers.")]:
        if not name.startswith("layers.1/"):
            factors.pop(name)
    factors.pop("tokens")
    meta = json.loads(str(factors["meta"]))
    meta.pop("eos_positions", None)
    meta["layers"] = {"layers.1": meta["layers"]["layers.1"]}
    factors["meta"] = json.dumps(meta)


def test_short():
    b = other("short.npz", short)
    rows = oracle.rows(b, *TOL)
    first = cells(HYBRID, "layers.1")
    render(HYBRID, b, "-c", "compare", "--layer", "layers.1", *TOL, "--view",
           "map", "-o", "short.npy")
    got = np.load("short.npy")
    second = np.array([float(r["ess_rel_3e-2"]) for r in rows]).reshape(4, 99)
    ok(got.shape == (4, 255) and np.isnan(got[:, 99:]).all()
       and (got[:, :99] == first[:, :99] - second).all(),
       "a shorter one: as far as it goes")
    with esscope(b, HYBRID, "--layer", "layers.1", *TOL, *BARE, rows=40,
                 columns=130) as t:
        ready(t)
        t.send("=", ":unmatched", "Enter")
        ok(t.wait_for("L = 100 in A, 256 in B") and "in A only" not in
           t.text(), "and the other way round", show(t))
        t.send("Esc", "=", "G")
        rest(t)
        ok(t.wait_for("the other has 4 ch x 99 pos") and layer(t)
           == "layers.1", "the longer one goes on", show(t))
        t.send("q")
        t.wait()


def test_again(b):
    """A file that is written anew while it is compared."""
    with open(b, "rb") as file:
        whole = file.read()
    new = other("new.npz", lambda f: f.update({"layers.1/q":
                                               f["layers.1/q"] * 4}))
    with open("live.npz", "wb") as file:
        file.write(whole)
    with esscope(HYBRID, "live.npz", "--layer", "layers.1", "--channel", "2",
                 "--position", "90", *TOL, *BARE, rows=40, columns=130) as t:
        ready(t)
        t.send("=")
        before = int(cells(b, "layers.1")[2, 89])
        ok(t.wait_until(lambda: (compared(t) or (0, -1))[1] == before),
           "a file that changes: before", show(t))
        os.replace(new, "live.npz")
        after = int(cells(os.path.abspath("live.npz"), "layers.1")[2, 89])
        ok(before != after and t.wait_until(
            lambda: (compared(t) or (0, -1))[1] == after)
            and "A-B tolerance-ESS" in t.text(), "and after, still A - B",
            (before, after, show(t)))
        t.send("q")
        t.wait()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        beside = other("other.npz")
        test_screen(beside)
        test_one()
        test_layers(beside)
        test_places(beside)
        test_failed()
        test_numbers(beside)
        test_order(beside)
        test_spared()
        test_unmatched()
        test_short()
        test_again(beside)
        os.chdir("/")
    done()
