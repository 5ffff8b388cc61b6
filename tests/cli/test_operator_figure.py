"""The operator taken away: its figure has the colours of |T|, the outline of
H_i and its place; tables and arrays hold T itself, or, where its entries are
too many, what its pixels show."""
import json
import os
import re
import sys
import tempfile
import xml.etree.ElementTree as ET

import numpy as np

sys.path.insert(0, os.path.join(os.environ.get("srcdir", "."), "tests"))
import oracle  # noqa: E402
from oracle import esscope, read_csv, read_jsonl  # noqa: E402
from tap import done, ok  # noqa: E402

NS = {"svg": "http://www.w3.org/2000/svg"}
L, LARGE, PIXELS = 40, 2100, 512


def render(*arguments):
    result = esscope("render", *arguments)
    ok(result.returncode == 0 and not result.stderr,
       f"render {' '.join(arguments)}", result.stderr)
    return result.stdout


def part(root, name):
    return root.find(f"svg:g[@id='{name}']", NS)


def colours(group):
    found = {}
    for path in group.iter("{%s}path" % NS["svg"]):
        for c, r, n in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z",
                                  path.get("d")):
            for k in range(int(n)):
                found[int(r), int(c) + k] = [
                    int(path.get("fill")[j:j + 2], 16) for j in (1, 3, 5)]
    return found


def test_figure(T):
    root = ET.fromstring(render("t.npz", "--view", "operator", "--channel",
                                "1", "--position", "12", "--palette",
                                "viridis", "--format", "svg"))
    cells = colours(part(root, "cells"))
    scale = colours(part(root, "scale"))
    seen = np.array([[cells[r, c] for c in range(L)] for r in range(L)])
    bar = np.array([scale[r, 0] for r in range(len(scale) - 1, -1, -1)])
    at = ((seen[:, :, None] - bar[None, None]) ** 2).sum(3).argmin(2)
    low = np.tril(np.ones((L, L), bool))
    zero = low & (T == 0)
    ok((seen[~low] == 255).all(), "nothing above the diagonal")
    ok((seen[zero] == 0xd8).all() and zero.sum() == 1
       and "0" in [t.text for t in part(root, "scale").iter(
           "{%s}text" % NS["svg"])], "0 has a colour of its own")
    keep = low & ~zero & (at > 0) & (at < len(bar) - 1)
    value = np.log10(np.abs(T[keep]))
    A = np.stack([at[keep], np.ones(keep.sum())], 1)
    fit = np.linalg.lstsq(A, value, rcond=None)[0]
    off = np.abs(A @ fit - value).max()
    ok(keep.sum() > 700 and fit[0] > 0 and off <= fit[0],
       "colours are log10 |T|", (keep.sum(), fit, off))
    line = part(root, "outline").findall("svg:polyline", NS)[-1]
    points = np.array([[float(v) for v in p.split(",")]
                       for p in line.get("points").split()])
    frame = np.array([[float(v) for v in p.split(",")] for p in part(
        root, "frame").find("svg:polyline", NS).get("points").split()])
    left, top = frame.min(0)
    size = frame.max(0) - frame.min(0)
    expected = np.array([[0, 12], [12, 12], [12, L]]) / L * size + [left, top]
    ok(np.abs(points - expected).max() < .02, "H_12 is outlined",
       (points, expected))
    words = " ".join(t.text for t in root.iter("{%s}text" % NS["svg"]))
    ok("T[12:, :12], 28 x 12" in words and "row: output i" in words
       and "column: input j" in words and "|T| of m (dense)" in words
       and f"head 1, rows 0 to {L - 1}, columns 0 to {L - 1}" in words
       and "A pixel" not in words, "the words", words)


def test_numbers(T):
    options = ["t.npz", "--view", "operator", "--channel", "1", "--format"]
    expected = [(i, j, T[i, j]) for i in range(L) for j in range(i + 1)]
    for kind, read in (("csv", read_csv), ("jsonl", read_jsonl)):
        found = [(int(r["row"]), int(r["column"]), float(r["value"]))
                 for r in read(render(*options, kind))]
        ok(found == expected, f"{kind}: the entries of T",
           (len(found), len(expected)))
    render(*options, "npy", "-o", "t.npy")
    found = np.load("t.npy")
    about = json.load(open("t.npy.json"))
    ok((found == np.tril(T)).all(), "npy: T")
    ok(about["values"] == "entry of T" and about["channel"] == 1
       and [(a["name"], a["first"], a["count"]) for a in about["axes"]]
       == [("row", 0, L), ("column", 0, L)] and "H_i" in about["definition"],
       "what the array holds", about)


def test_complex(T):
    options = ["c.npz", "--view", "operator", "--format"]
    table = read_csv(render(*options, "csv"))
    found = np.zeros((L, L), complex)
    for r in table:
        found[int(r["row"]), int(r["column"])] = complex(
            float(r["value"]), float(r["imaginary"]))
    ok((found == np.tril(T)).all(), "csv: a complex T has two columns")
    render(*options, "npy", "-o", "c.npy")
    ok((np.load("c.npy") == np.tril(T)).all(), "npy: a complex T")


def test_pooled(T):
    options = ["large.npz", "--view", "operator", "--reducer", "mean"]
    words = render(*options, "--format", "svg").decode()
    ok("A pixel is the mean of |T| over 5 rows x 5 columns" in words,
       "the caption tells the reducer")
    edges = np.arange(PIXELS + 1) * LARGE // PIXELS
    render(*options, "-o", "large.npy")
    found = np.load("large.npy")
    ok(found.shape == (PIXELS, PIXELS), "an array of pixels", found.shape)
    table = {(int(r["row"]), int(r["column"])): r for r in read_csv(
        render(*options, "--format", "csv"))}
    low = np.tril(np.ones((LARGE, LARGE), bool))
    off = 0
    for r, c in ((0, 0), (17, 3), (511, 511), (300, 299), (400, 7)):
        box = np.s_[edges[r]:edges[r + 1], edges[c]:edges[c + 1]]
        size = np.abs(T[box])[low[box]]
        row = table[edges[r], edges[c]]
        expected = [size.max(), size.mean(), size.min(), size.mean(),
                    edges[r + 1] - edges[r], edges[c + 1] - edges[c]]
        got = [float(row[k]) for k in ("max", "mean", "min")] + [
            found[r, c], int(row["rows"]), int(row["columns"])]
        off = max(off, np.abs(np.array(got) / expected - 1).max())
    ok(off < 1e-5, "and what its pixels hold", off)
    about = json.load(open("large.npy.json"))
    ok(about["values"] == "mean of |T| over a pixel"
       and [a["pixels"] for a in about["axes"]] == [PIXELS, PIXELS]
       and len(table) == PIXELS * (PIXELS + 1) // 2, "and says so", about)


def extreme(T, rows, columns):
    """T where |T| is largest, on and below the diagonal."""
    i, j = np.meshgrid(rows, columns, indexing="ij")
    block = np.where(j <= i, T[np.ix_(rows, columns)], 0)
    return block.flat[np.abs(block).argmax()]


def test_signed(T):
    options = ["t.npz", "--view", "operator", "--channel", "1", "--signed"]
    placed(options, T, 600, "as far from it as log10 |T|",
           lambda T: np.log10(np.abs(T)), "either side of 0 by log10 |T|")
    # Few entries are so large that they leave the middle.
    placed([*options, "-c", "signed linear"], T, 30, "as far from it as T",
           np.abs, "either side of 0 in proportion to T")
    text = render(*options, "--format", "txt", "--size", "80x54", "--ascii",
                  "--position", str(L - 1)).decode()
    signs = {"=": -1, "~": -1, "-": -1, " ": 0, "+": 1, "*": 1, "#": 1}
    drawn = [line[6:] for line in text.split("\n")[1:L + 1]]
    ok(all(drawn[i][i + 1] == "/" and [signs.get(c) for c in drawn[i][:i + 1]]
           == list(np.sign(T[i, :i + 1])) for i in range(L - 2)),
       "without colours: a stroke for the sign", text)
    ok("T, log from" in text, "the legend says on which scale", text)
    text = render(*options, "--format", "txt", "-c",
                  "signed linear").decode()
    ok("T, linear" in text, "of two", text)


def placed(options, T, least, what, of, words):
    """A pixel is as far from the middle of the scale as `of` says."""
    root = ET.fromstring(render(*options, "--format", "svg"))
    cells = colours(part(root, "cells"))
    scale = colours(part(root, "scale"))
    seen = np.array([[cells[r, c] for c in range(L)] for r in range(L)])
    bar = np.array([scale[r, 0] for r in range(len(scale) - 1, -1, -1)])
    at = ((seen[:, :, None] - bar[None, None]) ** 2).sum(3).argmin(2)
    middle = (len(bar) - 1) / 2
    side = np.sign(at - middle)
    low = np.tril(np.ones((L, L), bool))
    far = np.abs(at - middle)
    keep = low & (far > 1) & (far < middle - 1)
    ok(keep.sum() > least and (side[keep] == np.sign(T[keep])).all(),
       "purple above 0, orange below", keep.sum())
    A = np.stack([far[keep], np.ones(keep.sum())], 1)
    fit, *_ = np.linalg.lstsq(A, of(T[keep]), rcond=None)
    off = np.abs(A @ fit - of(T[keep])).max()
    ok(fit[0] > 0 and off <= 2 * fit[0], what, off)
    text = [t.text for t in root.iter("{%s}text" % NS["svg"])]
    ok("T of m (dense), head 1" in text and "\u2212" in text
       and "0" in text and words in " ".join(text), "the words", text)


def test_signed_pooled(T):
    options = ["large.npz", "--view", "operator", "--signed"]
    words = render(*options, "--format", "svg").decode()
    ok("A pixel is the extreme of T, T where |T| is largest, over 5 rows"
       in words, "the caption tells the reducer")
    edges = np.arange(PIXELS + 1) * LARGE // PIXELS
    render(*options, "-o", "signed.npy")
    found = np.load("signed.npy")
    table = {(int(r["row"]), int(r["column"])): r for r in read_csv(
        render(*options, "--format", "csv"))}
    for r, c in ((0, 0), (17, 3), (511, 511), (300, 299), (400, 7)):
        want = extreme(T, np.arange(edges[r], edges[r + 1]),
                       np.arange(edges[c], edges[c + 1]))
        got = float(table[edges[r], edges[c]]["extreme"]), found[r, c]
        ok(np.allclose(got, want, rtol=1e-5), f"pixel {r}, {c}: its extreme",
           (got, want))
    about = json.load(open("signed.npy.json"))
    ok(about["values"].startswith("extreme of T"), "and says so", about)


def test_signed_complex():
    options = ["c.npz", "--view", "operator", "--signed", "--format"]
    root = ET.fromstring(render(*options, "svg"))
    words = [t.text for t in root.iter("{%s}text" % NS["svg"])]
    ok("|T|" in words and "\u2212" not in words, "a complex T has no sign",
       words)
    ok("complex: no sign" in render(*options, "txt").decode(),
       "which the screen says")


with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    os.environ["ESSCOPE_CACHE_SIZE"] = "0"
    rng = np.random.default_rng(7)
    T = rng.normal(size=(2, L, L)) * 10 ** rng.normal(size=(2, L, L)) / 3
    T = np.tril(T)
    T[1, 20, 5] = 0
    oracle.save("t.npz", m__T=T)
    C = np.tril(rng.normal(size=(1, L, L)) + 1j * rng.normal(size=(1, L, L)))
    oracle.save("c.npz", m__T=C)
    q, k = rng.normal(size=(2, 1, LARGE, 4))
    la = -np.full((1,), .01)
    oracle.save("large.npz", m__q=q, m__k=k, m__la=la)
    test_figure(T[1])
    test_numbers(T[1])
    test_complex(C[0])
    test_signed(T[1])
    test_signed_complex()
    steps = np.subtract.outer(np.arange(LARGE), np.arange(LARGE))
    whole = np.tril(q[0] @ k[0].T * np.exp(-.01 * steps.clip(0)))
    test_pooled(whole)
    test_signed_pooled(whole)
done()
