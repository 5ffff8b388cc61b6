""":export and e: the file has what the view shows, to the last digit that
`compute` gives."""
import csv
import io
import json
import os
import sys
import tempfile
import xml.etree.ElementTree as ET

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(os.environ.get("srcdir", "."), "tests",
                                "cli"))
from looking import HYBRID, command, esscope, ready, rest  # noqa: E402
import numpy as np  # noqa: E402
import oracle  # noqa: E402
from tap import done, ok  # noqa: E402
from terminal import show  # noqa: E402

HYBRID = os.path.abspath(HYBRID)
LAYER = ["--layer", "layers.1"]


def close(a, b):
    """Rows of text: the same, but for the last digits of real numbers."""
    if len(a) != len(b) or not a:
        return False
    for x, y in zip(a, b):
        if x.keys() != y.keys():
            return False
        for key in x:
            if x[key] != y[key] and not np.isclose(
                    float(x[key]), float(y[key]), rtol=1e-9, atol=0):
                return False
    return True


def table(path):
    with open(path, encoding="utf-8", newline="") as file:
        lines = file.read().split("\n")
    names = lines[0].split("\t")
    return [dict(zip(names, line.split("\t"), strict=True))
            for line in lines[1:-1]]


def test_numbers():
    tol = ["--rel-tol", "3e-2"]
    expected = {
        "layers": oracle.rows(HYBRID, "--per", "layer", *tol),
        "map": oracle.rows(HYBRID, *LAYER, *tol, "--position", "64:128"),
        "profile": oracle.rows(HYBRID, *LAYER, *tol, "--per", "position",
                               "--position", "64:128"),
    }
    with esscope(HYBRID, *LAYER, *tol, "--zoom", "2@64", "--position", "70",
                 "--channel", "3", rows=40, columns=120) as t:
        ready(t)
        for view in expected:
            t.send(":pane " + view, "Enter")
            ok(command(t, f"export {view}.tsv", f"wrote {view}.tsv"),
               f"{view}: it says what it wrote", show(t))
            ok(close(table(f"{view}.tsv"), expected[view]),
               f"{view}.tsv: the rows of compute")
        command(t, "pane map", "")
        command(t, "export map.csv", "wrote map.csv")
        command(t, "export map.jsonl", "wrote map.jsonl")
        ok(close(oracle.read_csv(open("map.csv", "rb").read()),
                 expected["map"]), "map.csv: the same")
        ok([{k: str(v) for k, v in row.items()} for row in
            oracle.read_jsonl(open("map.jsonl", "rb").read())][0].keys()
           == expected["map"][0].keys(), "map.jsonl: the same keys")
        ok(command(t, "export map.npy", "and what it holds beside it"),
           "map.npy: two files", show(t))
        array, meta = np.load("map.npy"), json.load(open("map.npy.json"))
        ess = [float(r["ess_rel_3e-2"]) for r in expected["map"]]
        ok(array.dtype == np.float64 and array.shape == (4, 64)
           and list(array.ravel()) == ess, "map.npy: the measure of each cell")
        ok(meta["schema"] == 1 and meta["layer"] == "layers.1"
           and meta["tolerance"] == {"kind": "relative", "value": 3e-2}
           and [(a["name"], a["first"], a["count"]) for a in meta["axes"]]
           == [("channel", 0, 4), ("position", 64, 64)]
           and "H_i = T[i:, :i]" in meta["definition"],
           "map.npy.json: what it holds", meta)
        command(t, "pane spectrum", "")
        command(t, "export s.npy", "wrote s.npy")
        command(t, "export s.tsv", "wrote s.tsv")
        values = [float(v) for v in oracle.esscope(
            "spectrum", HYBRID, *LAYER, "--channel", "3", "--position",
            "70").stdout.split()]
        ok(np.allclose(np.load("s.npy"), values, rtol=1e-9, atol=0)
           and [float(r["sigma"]) for r in table("s.tsv")]
           == list(np.load("s.npy")) and sum(
               int(r["counted"]) for r in table("s.tsv"))
           == sum(v > 3e-2 * values[0] for v in values),
           "the spectrum, and what is counted of it")
        t.send("q")
        t.wait()


def test_map_of_layers():
    """A layer a row, its channels reduced as in the pixels."""
    tol = ["--rel-tol", "3e-2"]
    cells = oracle.rows(HYBRID, *tol)
    with esscope(HYBRID, *tol, rows=40, columns=120) as t:
        ready(t)
        t.send(":rows layers", "Enter")
        for reducer, over in (("max", max), ("min", min),
                              ("mean", lambda v: sum(v) / len(v))):
            command(t, f"reducer {reducer}", "")
            name = f"layers_{reducer}.npy"
            ok(command(t, f"export {name}", f"wrote {name}"),
               f"{name}: written", show(t))
            array, meta = np.load(name), json.load(open(name + ".json"))
            names = meta["layers"]
            at = {}
            for r in cells:
                at.setdefault((r["layer"], int(r["position"])), []).append(
                    float(r["ess_rel_3e-2"]))
            expected = [[over(at[layer, i]) for i in range(1, 256)]
                        for layer in names]
            ok(array.shape == (4, 255) and np.allclose(array, expected,
                                                       rtol=1e-12),
               f"{name}: the {reducer} over channels", array.shape)
            ok(meta["over channels"] == reducer and "layer" not in meta
               and [(a["name"], a["count"]) for a in meta["axes"]]
               == [("layer", 4), ("position", 255)], "and says so", meta)
        t.send("q")
        t.wait()


def test_operator():
    """T is formed apart from the screen's picture of it."""
    with esscope(HYBRID, *LAYER, "--channel", "2", rows=40,
                 columns=120) as t:
        ready(t)
        command(t, "pane operator", "")
        command(t, "export T.npy", "wrote T.npy")
        command(t, "export T.svg", "wrote T.svg")
        command(t, "export T.tsv", "wrote T.tsv")
        t.send("q")
        t.wait()
    T = np.load("T.npy")
    s = [float(v) for v in oracle.esscope(
        "spectrum", HYBRID, *LAYER, "--channel", "2", "--position",
        "100").stdout.split()]
    found = np.linalg.svd(T[100:, :100], compute_uv=False)
    ok(T.shape == (256, 256) and np.allclose(found[:len(s)], s, rtol=1e-6,
                                             atol=1e-9 * s[0]),
       "T.npy: the operator whose H_100 has that spectrum", T.shape)
    rows = table("T.tsv")
    ok(len(rows) == 256 * 257 // 2 and all(
        float(r["value"]) == T[int(r["row"]), int(r["column"])]
        for r in rows), "T.tsv: its entries")
    ok("outline" in [g.get("id") for g in ET.parse("T.svg").getroot()],
       "T.svg: with H_i")


def test_order():
    """Sorted channels are written in the order they are seen in."""
    tol = ["--layer", "layers.3", "--rel-tol", "3e-2"]
    with esscope(HYBRID, *tol, rows=40, columns=120) as t:
        ready(t)
        rest(t)
        t.send(":sort mean", "Enter", "s")
        ready(t)
        command(t, "export order.tsv", "wrote order.tsv")
        command(t, "export order.npy", "wrote order.npy")
        ess = np.load("order.npy")
        order = json.load(open("order.npy.json"))["axes"][0]["order"]
        rows = table("order.tsv")
        ok(order == [int(r["channel"]) for r in rows[::ess.shape[1]]]
           and sorted(order) == list(range(4)) and order != sorted(order)
           and list(ess.mean(1)) == sorted(ess.mean(1), reverse=True)
           and [float(r["ess_rel_3e-2"]) for r in rows] == list(ess.ravel()),
           "sorted by mean: rows in that order, and the order said",
           (order, ess.mean(1)))
        t.send("q")
        t.wait()


def test_prompt():
    with esscope(HYBRID, *LAYER, rows=30, columns=110) as t:
        ready(t)
        t.send("e")
        name = "text_hybrid_step900-layers.1-map.svg"
        ok(t.wait_until(lambda: f":export {name}" in t.lines()[-1]),
           "e proposes a name", show(t))
        t.send("Enter")
        ok(t.wait_until(lambda: f"wrote {name}" in t.lines()[-1])
           and ET.parse(name).getroot().tag.endswith("svg"),
           "and Enter writes it", show(t))
        before = open(name).read()
        os.symlink("/dev/full", "full.svg")
        ok(command(t, f"export {name}", "is there; :export! writes over it")
           and open(name).read() == before, "what is there is spared", show(t))
        t.send(":tolerance rel 1e-1", "Enter")
        ok(command(t, f"export! {name}", f"wrote {name}")
           and open(name).read() != before, "unless one says so", show(t))
        for path, words in (("x.bmp", "must end in one of txt, ans"),
                            ("none/x.svg", "none/x.svg: cannot write"),
                            ("full.svg", "full.svg: cannot write")):
            ok(command(t, f"export! {path}", words), f"{path}: one sentence",
               show(t))
        os.unlink("full.svg")
        os.symlink(HYBRID, "dump.svg")
        ok(command(t, "export! dump.svg", "is the dump itself"),
           "a dump is spared", show(t))
        os.unlink("dump.svg")
        command(t, "pane profile", "")
        ok(command(t, "export p.txt", "wrote p.txt"), "text", show(t))
        shown = [line[line.index("\u2502") + 1:] if "\u2502" in line else line
                 for line in t.lines()]
        lines = open("p.txt").read().split("\n")
        start = next(k for k, line in enumerate(shown) if "PROFILE" in line)
        ok("PROFILE" in lines[0] and any(
            lines[4].strip() and lines[4].strip() in line for line in shown),
           "the text is what the pane shows", (lines[:6], shown[start:]))
        t.send("q")
        t.wait()


def test_marks():
    """:marks FILE has the notes, and the numbers that compute has."""
    with esscope(HYBRID, *LAYER, "--rel-tol", "1e-2", rows=24, columns=90) as t:
        ready(t)
        t.send(":channel 2; 77", "Enter", ":mark a one\\two", "Enter",
               ":layer layers.3; 99; mark B", "Enter")
        t.wait_until(lambda: "pos 99 " in t.text())
        rest(t)
        ok(command(t, "marks m.tsv", "wrote 2 marks to m.tsv"), "marks", show(t))
        rows = table("m.tsv")
        wanted = oracle.rows(HYBRID, *LAYER, "--rel-tol", "1e-2", "--channel",
                             "2", "--position", "77")[0]
        ok([(row["mark"], row["layer"], row["channel"], row["position"],
             row["note"]) for row in rows] == [
                 ("a", "layers.1", "2", "77", "one\\\\two"),
                 ("B", "layers.3", "2", "99", "")]
           and rows[0]["ess"] == wanted["ess_rel_1e-2"]
           and rows[0]["ess_entropy"] == wanted["ess_entropy"]
           and rows[0]["ceiling"] == wanted["ceiling"],
           "with notes and numbers", rows)
        ok(command(t, "marks m.tsv", "is there"), "never over a file", show(t))
        ok(command(t, "marks m.svg", "marks go to a .tsv"), "a table", show(t))
        ok(command(t, "unmark B; marks n.tsv", "wrote 1 mark to n.tsv"),
           "one mark", show(t))
        t.send("q")
        t.wait()
    random = np.random.default_rng(1)
    np.savez("slow.npz", meta='{"layers": {"m": {"kind": "softmax"}}}', **{
        f"m/{name}": random.standard_normal((16, 800, 64)) * 3
        for name in "qk"})
    with esscope("slow.npz", rows=24, columns=90) as t:
        t.wait_for("MAP m")
        t.send(":channel 15; 701; mark a", "Enter", ":703; mark b", "Enter",
               ":channel 0; 705; marks u.tsv", "Enter")
        ok(t.wait_for("wrote 2 marks to u.tsv; 2 without numbers: not "
                      "computed yet"), "of what is not computed it says so",
           show(t))
        t.send("q")
        t.wait()


with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
    os.chdir(folder)
    os.environ["ESSCOPE_CACHE_SIZE"] = "0"
    os.environ["XDG_STATE_HOME"] = os.path.join(folder, "state")
    test_numbers()
    test_map_of_layers()
    test_operator()
    test_order()
    test_prompt()
    test_marks()
done()
