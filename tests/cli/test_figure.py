"""Figures: an SVG is XML whose marks stand where the numbers of `esscope
compute` say, whatever the tokens and names hold; PDF and PNG are what they
claim, or say what was left out of the program."""
import hashlib
import json
import os
import re
import shutil
import struct
import sys
import tempfile
import xml.etree.ElementTree as ET
import zipfile

import numpy as np

sys.path.insert(0, os.path.join(os.environ.get("srcdir", "."), "tests"))
import oracle  # noqa: E402
from oracle import esscope, rows  # noqa: E402
from tap import SOURCE, done, ok  # noqa: E402

HYBRID = os.path.abspath(os.path.join(SOURCE, "samples",
                                      "text_hybrid_step900.npz"))
NS = {"svg": "http://www.w3.org/2000/svg"}
TOKENS = ["a", "\u4f60\u597d", "<b>&\"x'", "\x1b[31m", "e\u0301", "<eos>",
          "\\", "\U0001f642", " b", "\ud7ff\uffff"]
VIEWS = ["map", "profile", "spectrum", "layers", "operator", "text", "screen"]
CURSES = ["m\x1b[2J<&>", "m.with.a.name." + 30 * "longer." + "than.a.page"]


class Figure:
    def __init__(self, *arguments):
        result = esscope("render", *arguments, "--format", "svg")
        ok(result.returncode == 0 and not result.stderr,
           f"svg {' '.join(arguments[1:])}", result.stderr)
        self.root = ET.fromstring(result.stdout)

    def part(self, name):
        found = self.root.findall(f"svg:g[@id='{name}']", NS)
        return found[0] if found else ET.Element("nothing")

    def rects(self, name):
        return [{k: float(r.get(k)) for k in ("x", "y", "width", "height")}
                | {"fill": r.get("fill")}
                for r in self.part(name).findall("svg:rect", NS)]

    def curve(self, name):
        points = " ".join(p.get("points") for p in
                          self.part(name).findall("svg:polyline", NS))
        return np.array([[float(v) for v in p.split(",")]
                         for p in points.split()])

    def areas(self, name):
        """Corners of each polygon: along the top, and back."""
        return [np.array([[float(v) for v in p.split(",")]
                          for p in area.get("points").split()])
                for area in self.part(name).findall("svg:polygon", NS)]

    def cells(self, name):
        """Colours by row and column, and the size of one."""
        group = self.part(name).find("svg:g", NS)
        found = {}
        for path in group.findall("svg:path", NS):
            for c, r, n in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z",
                                      path.get("d")):
                for k in range(int(n)):
                    found[int(r), int(c) + k] = path.get("fill")
        return found

    def words(self, name=None):
        part = self.part(name) if name else self.root
        return [t.text for t in part.iter("{%s}text" % NS["svg"])]


def affine(x, y):
    """The largest distance of y from a line in x."""
    A = np.stack([x, np.ones(len(x))], 1)
    return np.abs(A @ np.linalg.lstsq(A, y, rcond=None)[0] - y).max()


def values(*arguments, column):
    return np.array([float(row[column]) for row in rows(*arguments)])


def test_map(path, layer, tol, high):
    option = ["--layer", layer, "--rel-tol", tol]
    figure = Figure(path, "--view", "map", *option, "--palette", "viridis")
    ess = values(path, *option, column=f"ess_rel_{tol}")
    cells = figure.cells("cells")
    height = 1 + max(r for r, _ in cells)
    width = 1 + max(c for _, c in cells)
    ok(height * width == len(cells) == len(ess),
       f"{layer}: a cell for each channel and position", (height, width))
    scale = figure.cells("scale")
    colours = [scale[r, 0] for r in range(len(scale) - 1, -1, -1)]
    rgb = np.array([[int(c[k:k + 2], 16) for k in (1, 3, 5)]
                    for c in colours], float)
    seen = np.array([[int(cells[r, c][k:k + 2], 16) for k in (1, 3, 5)]
                     for r in range(height) for c in range(width)], float)
    nearest = ((seen[:, None] - rgb[None]) ** 2).sum(2).argmin(1)
    off = np.abs(nearest / (len(rgb) - 1) * high - ess).max()
    ok(off <= high / (len(rgb) - 1) + 1e-9,
       f"{layer}: colours are those the scale gives for compute's numbers",
       off)
    ok(str(high) in figure.words("scale"), f"{layer}: the scale ends at "
       f"{high}", figure.words("scale"))
    return figure


def test_spread():
    """Limits and spacing by hand: colours, the bar's numbers, the caption."""
    option = ["--layer", "layers.1", "--rel-tol", "1e-3"]
    ess = values(HYBRID, *option, column="ess_rel_1e-3")
    for how, place, ticks in (
            (["--limits", "4,60", "--spacing", "sqrt"],
             lambda x: (x.clip(4, 60) - 4) / 56, {"20", "40", "60"}),
            (["--spacing", "log"],
             lambda x: np.log(x) / np.log(128), {"10", "0", "1", "2"})):
        figure = Figure(HYBRID, "--view", "map", *option, "--palette",
                        "viridis", *how)
        cells, scale = figure.cells("cells"), figure.cells("scale")
        rgb, seen = (np.array([[int(part[at][k:k + 2], 16) for k in (1, 3, 5)]
                               for at in sorted(part)], float)
                     for part in (scale, cells))
        rgb = rgb[::-1]
        nearest = ((seen[:, None] - rgb[None]) ** 2).sum(2).argmin(1)
        off = np.abs(nearest / (len(rgb) - 1) - place(ess)).max()
        ok(off < 2 / len(rgb), f"{how}: colours are those of the bar", off)
        ok(ticks <= set(figure.words("scale")), f"{how}: its numbers",
           figure.words("scale"))
        words = " ".join(figure.words())
        ok(("end at 4 and 60" in words and "square root" in words)
           if "sqrt" in how else "Colours go by the logarithm." in words,
           f"{how}: the caption says so", words)


def test_profile():
    option = ["--layer", "layers.2", "--rel-tol", "1e-1"]
    figure = Figure(HYBRID, "--view", "profile", *option, "--channel", "2")
    ess = values(HYBRID, *option, column="ess_rel_1e-1").reshape(4, -1)
    positions = np.arange(1, 256)
    scales = []
    for name, numbers in (("channel", ess[2]), ("mean", ess.mean(0)),
                          ("ceiling", np.minimum(np.minimum(
                              positions, 256 - positions), 16))):
        points = figure.curve(name)
        ok(len(points) == 255 and affine(positions, points[:, 0]) < .01
           and affine(numbers, points[:, 1]) < .02,
           f"profile: the curve of {name}",
           (len(points), affine(positions, points[:, 0]),
            affine(numbers, points[:, 1])))
        scales.append(np.polyfit(numbers, points[:, 1], 1))
    ordered = np.sort(ess, 0)
    for name, low, high in ("extremes", 0, 3), ("quartiles", 0, 2):
        points = figure.areas(name)
        ok(len(points) == 1 and len(points[0]) == 510,
           f"profile: one area of {name}", [len(p) for p in points])
        for what, numbers, curve in (
                ("upper", ordered[high], points[0][:255]),
                ("lower", ordered[low], points[0][:254:-1])):
            off = np.abs(np.polyval(scales[0], numbers) - curve[:, 1]).max()
            ok(affine(positions, curve[:, 0]) < .01 and off < .02,
               f"profile: the {what} end of the {name}", off)
    ok(np.ptp(scales, 0).max() < .02, "profile: on one scale", scales)
    words = " ".join(figure.words())
    ok("head 2" in words and "mean over 4 heads" in words
       and "25\u201375 % of them" in words and "min\u2013max" in words
       and "marks above: <eos>" in words, "profile: the key", words)


def test_spectrum():
    place = ["--layer", "layers.1", "--channel", "3", "--position", "77"]
    listed = np.array([float(v) for v in esscope(
        "spectrum", HYBRID, *place).stdout.split()])
    for option, ess in ((["--rel-tol", "1e-2"], (listed > 1e-2
                                                 * listed[0]).sum()),
                        (["--tol", "0.02"], (listed > 0.02).sum())):
        figure = Figure(HYBRID, "--view", "spectrum", *place, *option)
        bars = figure.rects("bars")
        lit = sum(bar["fill"] == bars[0]["fill"] for bar in bars)
        ok(len(bars) == len(listed) and lit == ess
           and affine(np.log(listed), np.array([bar["y"] for bar in bars]))
           < .02, f"spectrum {option}: its bars, {ess} of them lit",
           (len(bars), lit))
        line = figure.curve("tolerance")[:, 1]
        ok(all(bar["y"] < line[0] for bar in bars[:ess])
           and all(bar["y"] >= line[0] for bar in bars[ess:]),
           "spectrum: the line divides them", line)
        ok(f"ESS = {ess} of at most 77" in " ".join(figure.words("numbers")),
           "spectrum: the number", figure.words("numbers"))


def test_curve():
    """The staircase and the widest plateau, on the scale of the bars."""
    place = ["--layer", "layers.2", "--channel", "1", "--position", "99"]
    listed = np.array([float(v) for v in esscope(
        "spectrum", HYBRID, *place).stdout.split()])
    figure = Figure(HYBRID, "--view", "spectrum", *place, "--tol", "0.5")
    curve = figure.curve("curve")
    n = len(listed)
    steps = curve[1:-1].reshape(-1, 2, 2)[::-1]
    ok(n == 16 and steps.shape == (n, 2, 2)
       and affine(np.log(listed), steps[:, 0, 0]) < .02
       and np.abs(steps[:, 0, 0] - steps[:, 1, 0]).max() == 0
       and affine(np.arange(1, n + 1), steps[:, 0, 1]) < .02
       and affine(np.arange(n), steps[:, 1, 1]) < .02,
       "curve: ESS k up to s_k, k - 1 from there on", steps)
    gaps = np.log10(listed[:-1] / listed[1:])
    k = gaps[:n - 1].argmax()
    box = figure.rects("plateau")[0]
    ok(np.allclose([box["x"], box["x"] + box["width"]],
                   [steps[k + 1, 0, 0], steps[k, 0, 0]], atol=.02)
       and f"widest plateau: ESS = {k + 1} over {gaps[k]:.1f} decades"
       in figure.words("curve-key"), "curve: the widest plateau",
       (k, gaps[k], figure.words("curve-key")))
    line = figure.curve("curve-tolerance")[0, 0]
    x = np.polyval(np.polyfit(np.log(listed), steps[:, 0, 0], 1),
                   np.log(.5))
    ok(abs(line - x) < .02, "curve: the tolerance", (line, x))


def test_text():
    option = ["--layer", "layers.2", "--rel-tol", "1e-1", "--channel", "2"]
    figure = Figure(HYBRID, "--view", "text", *option, "--palette", "viridis")
    ess = values(HYBRID, *option, column="ess_rel_1e-1")
    scale = figure.cells("scale")
    rgb = np.array([[int(scale[r, 0][k:k + 2], 16) for k in (1, 3, 5)]
                    for r in range(len(scale) - 1, -1, -1)], float)
    shades = figure.rects("text")
    seen = np.array([[int(r["fill"][k:k + 2], 16) for k in (1, 3, 5)]
                     for r in shades], float)
    nearest = ((seen[:, None] - rgb[None]) ** 2).sum(2).argmin(1)
    ok(len(shades) == len(ess) == 255
       and np.abs(nearest / (len(rgb) - 1) * 16 - ess).max() < .2,
       "text: a shade for every token but the first", len(shades))
    text = "".join(figure.words("text"))
    ok(len(figure.words("text")) == 256 and "plant the tabernacles of his "
       "palace between the seas" in text and "<eos>Remember Lot" in text,
       "text: it reads", text)
    ok("just before it is read" in " ".join(figure.words("caption")),
       "text: the caption", figure.words("caption"))
    figure = Figure("long.npz", "--view", "text", "--position", "2000")
    words = " ".join(figure.words("caption"))
    told = re.search(r"Tokens (\d+) to (\d+) of 3000\.", words)
    ok(told and int(told[1]) < 2000 < int(told[2])
       and len(figure.words("text")) == int(told[2]) - int(told[1]) + 1,
       "text: what a page has room for, around the cursor", words)
    figure = Figure("wide.npz", "--view", "text")
    ok(figure.words("text") == ["This dump has no tokens."], "text: none")


def test_layers():
    figure = Figure(HYBRID, "--view", "layers")
    means = values(HYBRID, "--per", "layer", column="ess_rel_1e-3_mean")
    bars = np.array([bar["width"] for bar in figure.rects("layers")])
    ok(np.abs(bars / bars[0] - means / means[0]).max() < 1e-3
       and all(f"{mean:.2f}" in figure.words("layers") for mean in means),
       "layers: bars and numbers", (bars, means))


def test_caption():
    for view, place in (("map", "heads 0 to 3, positions 1 to 255"),
                        ("profile", "head 1, positions 1 to 255"),
                        ("spectrum", "head 1, position 9, between")):
        words = " ".join(Figure(HYBRID, "--view", view, "--channel", "1",
                                "--position", "9", "--tol", "0.25")
                         .words("caption"))
        ok("singular values" in words and "s > 0.25 (absolute" in words
           and place in words and "text_hybrid_step900.npz" in words
           and "text-hybrid, step 900" in words
           and re.search(r"esscope [0-9.]+, engine \d", words),
           f"{view}: the caption", words)


def content(path):
    """The hash that captions have, from what the zip file says."""
    with zipfile.ZipFile(path) as archive:
        lines = sorted((m.filename.removesuffix(".npy"), m.CRC, m.file_size)
                       for m in archive.infolist())
    text = "".join(f"{crc:08x} {size} {name}\n" for name, crc, size in lines)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def test_content():
    found = [content("a.npz"), content("b.npz")]
    ok(found[0] != found[1], "two dumps")
    shutil.copy("a.npz", "c.npz")
    for path, wanted in zip(("a.npz", "b.npz", "c.npz"), found + found[:1]):
        words = " ".join(Figure(path).words("caption"))
        ok(f"; content {wanted}; esscope" in words,
           f"{path}: the hash of its content", (wanted, words))
        esscope("render", path, "-o", "f.npy")
        with open("f.npy.json", encoding="utf-8") as file:
            ok(json.load(file)["content"] == wanted, "beside the array")
    np.save("m.T.npy", np.tril(np.ones((1, 9, 9))))
    words = " ".join(Figure("m.T.npy").words("caption"))
    ok("m.T.npy; esscope" in words, "none where there is no CRC", words)


def test_pooled():
    figure = Figure("wide.npz", "--reducer", "mean")
    ess = values("wide.npz", column="ess_rel_1e-3").reshape(600, -1)
    cells = figure.cells("cells")
    ok(max(r for r, _ in cells) < 599 and "A pixel is the mean of 2 heads x 1 position"
       in " ".join(figure.words("caption")), "pooled, and said so",
       figure.words("caption"))
    ok(ess.shape == (600, 29), "compute has them all")


def test_hostile():
    for layer in CURSES:
        for view in VIEWS:
            figure = Figure("hostile.npz", "--view", view, "--layer", layer)
            text = "".join(figure.words())
            ok(not re.search(r"[\x00-\x1f\x7f-\x9f]", text),
               f"{view}: no control character", repr(text))
        words = Figure("hostile.npz", "--layer", layer).words("tokens")
        ok("<b>&\"x'" in words and "\u4f60\u597d" in words
           and "\\x1b[31m" in words and "e\u0301" in words,
           "tokens are what they were, but for control characters", words)


def cairo():
    return esscope("render", HYBRID, "--format", "png").returncode == 0


def test_pages():
    for view in VIEWS:
        for path in HYBRID, "hostile.npz":
            result = esscope("render", path, "--view", view, "-o", "f.png")
            data = open("f.png", "rb").read()
            width, height = struct.unpack(">II", data[16:24])
            ok(result.returncode == 0 and data[:8] == b"\x89PNG\r\n\x1a\n"
               and data.endswith(b"IEND\xaeB`\x82") and height > 200
               and (width == 2008 or view == "screen"),
               f"{view}: a PNG of 170 mm at 300 dpi", (width, height))
            result = esscope("render", path, "--view", view, "-o", "f.pdf")
            data = open("f.pdf", "rb").read()
            box = re.search(rb"/MediaBox \[ 0 0 ([0-9.]+) ([0-9.]+)", data)
            ok(result.returncode == 0 and data.startswith(b"%PDF-1")
               and data.rstrip().endswith(b"%%EOF") and box
               and (view == "screen" or abs(float(box.group(1)) - 481.89)
                    < .01), f"{view}: a PDF", box)
    with open("/dev/full", "wb") as full:
        for kind in "svg", "pdf", "png":
            result = esscope("render", HYBRID, "--format", kind, stdout=full)
            ok(result.returncode == 1
               and b"standard output: cannot write" in result.stderr,
               f"{kind} to a full disk", result.stderr)


def test_unloadable():
    """As if the libraries had been taken away since it was built."""
    for name in "libcairo.so.2", "libfontconfig.so.1":
        os.mkdir(name + ".d")
        with open(f"{name}.d/{name}", "wb") as file:
            file.write(b"no library")
        env = {**os.environ, "LD_LIBRARY_PATH": os.path.abspath(name + ".d")}
        for kind in "pdf", "png":
            result = esscope("render", HYBRID, "-o", f"no.{kind}", env=env)
            ok(result.returncode == 1 and name.encode() in result.stderr
               and b".svg" in result.stderr and result.stderr.count(b"\n") == 1
               and not os.path.exists(f"no.{kind}"),
               f"{kind} without {name} is one sentence", result.stderr)
        result = esscope("render", HYBRID, "-o", "no.svg", env=env)
        ok(result.returncode == 0, f"SVG without {name}", result.stderr)


def test_without():
    for kind in "pdf", "png":
        result = esscope("render", HYBRID, "-o", f"f.{kind}")
        ok(result.returncode == 1 and b"without cairo" in result.stderr
           and b".svg" in result.stderr and not os.path.exists(f"f.{kind}"),
           f"without cairo {kind} is one sentence", result.stderr)


with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    os.environ["ESSCOPE_CACHE_SIZE"] = "0"
    rng = np.random.default_rng(5)
    L = 30
    tokens = np.array([TOKENS[k % len(TOKENS)] for k in range(L)])
    oracle.save("hostile.npz", tokens=tokens, **{
        f"{layer}__{name}": rng.normal(size=(1, L, 4))
        for layer in CURSES for name in "qk"})
    oracle.save("wide.npz", m__q=rng.normal(size=(600, L, 3)),
                m__k=rng.normal(size=(600, L, 3)), m__la=-np.ones(600))
    oracle.save("long.npz", m__q=rng.normal(size=(1, 3000, 1)),
                m__k=rng.normal(size=(1, 3000, 1)), m__la=-np.ones(1),
                tokens=np.array([f" w{k}" for k in range(3000)]))
    test_map(HYBRID, "layers.2", "1e-1", 16)
    test_map(HYBRID, "layers.1", "1e-3", 128)
    test_spread()
    test_profile()
    test_spectrum()
    test_curve()
    test_text()
    test_layers()
    test_caption()
    for name, value in ("a.npz", 1), ("b.npz", 2):
        oracle.save(name, m__T=value * np.tril(np.ones((1, 9, 9))))
    test_content()
    test_pooled()
    test_hostile()
    if cairo():
        test_pages()
        test_unloadable()
    else:
        test_without()
done()
