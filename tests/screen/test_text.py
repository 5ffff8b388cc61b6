"""The prompt as running text: every token in its place, as wide as it is, on
the colour of its ESS; vocabularies of several kinds; long and without any."""
import csv
import json
import os
import re
import subprocess
import sys
import tempfile
import unicodedata

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from looking import COLOUR, ESSCOPE, HYBRID, esscope, ready  # noqa: E402
from tap import done, import_or_skip, ok  # noqa: E402
from terminal import show  # noqa: E402

np = import_or_skip("numpy")
FOLDER = tempfile.TemporaryDirectory()


def dump(name, tokens, length):
    """A recurrence of state 4 whose spectra differ from place to place."""
    random = np.random.default_rng(5)
    path = os.path.join(FOLDER.name, name + ".npz")
    arrays = {
        "l0/q": random.standard_normal((1, length, 4), np.float32),
        "l0/k": random.standard_normal((1, length, 4), np.float32),
        "l0/la": -random.random((1, length), np.float32),
        "meta": np.array(json.dumps({"esscope": 1, "layers": {
            "l0": {"kind": "decay"}}}))}
    if tokens:
        arrays["tokens"] = np.array(tokens)
    np.savez(path, **arrays)
    return path


def check(passed, what, terminal):
    return ok(passed, what, "" if passed else show(terminal))


def opened(path, *options, **how):
    """The text alone on the screen."""
    how.setdefault("rows", 24)
    t = esscope(path, *options, **how)
    t.wait_for("MAP")
    t.send("T", "f")
    t.wait_for("TEXT")
    t.settle()
    return t


def text_lines(t):
    return [line[1:] for line in t.lines()[2:-4]]


def vocabularies():
    cases = (
        ("plain", [" The", " quick", "\n", " \t", "a\\n", "\x1b[31m", "\u202e",
                   "", " ok"],
         [" The quick\u240a",
          " \u2409a\\n\u241b[31m\\xe2\\x80\\xae\u00b7 ok"]),
        ("wide", ["\u65e5\u672c", "\u8a9e", "e\u0301te\u0301", " b", "\n",
                  "\U0001f44d", "c"],
         ["\u65e5\u672c\u8a9ee\u0301te\u0301 b\u240a", "\U0001f44dc"]),
        ("bpe", ["<|end|>", "The", "\u0120quick", "\u010a", "\u0120na",
                 "\u00c3\u00afve", "\u00e2\u0122", "\u013b", "s"],
         ["<|end|>The quick\u240a", " na\u00efve\u2019\u00b7s"]),
        ("pieces", ["<s>", "\u2581The", "\u2581qu", "ick", "<0x0A>", "<0xE6>",
                    "<0x97>", "<0xA5>", "\u2581\u2581x"],
         ["<s> The quick\u240a", "\u65e5\u00b7\u00b7  x"]),
        ("words", ["[CLS]", "un", "##believ", "##able", "story"],
         ["[CLS] unbelievable story"]),
    )
    for name, tokens, wanted in cases:
        with opened(dump(name, tokens, len(tokens))) as t:
            lines = text_lines(t)[:len(wanted)]
            # pyte composes what can be composed.
            check(lines == [unicodedata.normalize("NFC", line)
                            for line in wanted], f"{name} tokens as text: {wanted}", t)
            ok(b"\x1b[31m" not in t.raw and "\u202e".encode() not in t.raw,
               f"{name}: no sequence from a token reaches the terminal")
    with opened(dump("ascii", ["a", "\n", "\u65e5", "b", "c"], 5),
                env={"LANG": "C"}) as t:
        check(text_lines(t)[:2] == [r"a\n", "?bc"], "LANG=C: in ASCII", t)


def cells_of(t, begin, width):
    """Colours of so many cells of the first line of text."""
    return [t.cell(2, 1 + begin + k).bg for k in range(width)]


def shaded():
    """Same ESS, same colour; more, another one; as wide as the token."""
    tokens = ["a", "\u65e5\u672c", "bc", "\u8a9e"] * 8
    widths = [1, 4, 2, 2] * 8
    path = dump("shaded", tokens, 32)
    table = subprocess.run(
        [ESSCOPE, "compute", path, "--rel-tol", "1e-1"],
        capture_output=True, text=True, check=True).stdout
    ess = {int(row["position"]): int(row["ess_rel_1e-1"])
           for row in csv.DictReader(table.splitlines(), delimiter="\t")}
    with opened(path, "--position", "1", "--rel-tol", "1e-1",
                columns=140) as t:
        t.send("$")
        t.settle()
        seen, at, right = {}, 0, True
        for i, width in enumerate(widths[:31]):
            colours = set(cells_of(t, at, width))
            right &= len(colours) == 1
            if i:
                seen.setdefault(ess[i], set()).update(colours)
            else:
                right &= colours == {"default"}
            at += width
        check(right, "a token has one colour, token 0 none", t)
        colours = [next(iter(c)) for c in seen.values()]
        ok(len(seen) > 2 and all(len(c) == 1 for c in seen.values())
           and len(set(colours)) == len(colours),
           "a colour for each ESS and no other", seen)


def finding():
    """Blanks that a vocabulary hides are found as they are read."""
    tokens = ["\u0120For", "\u0120other", "\u0120the", "\u0120ca", "ts", "."]
    with opened(dump("finding", tokens, len(tokens))) as t:
        for typed, token in ((" the", 2), ("the cats", 2), ("\u0120ca", 3),
                             ("other", 1)):
            t.send("0", f"/{typed}\r")
            t.settle()
            check(f"token {token} of {len(tokens)}" in t.text(),
                  f"/{typed} goes to token {token}", t)


def moving():
    tokens = [f" w{i}" for i in range(400)]
    with opened(dump("moving", tokens, 400), columns=60) as t:
        def cursor():
            found = re.search(r"token (\d+) of 400", t.text())
            return int(found.group(1)) if found else None

        def marked():
            """The text of the cells in reverse."""
            return "".join(
                t.cell(row, column).data for row in range(2, 20)
                for column in range(60) if t.cell(row, column).reverse)

        at = cursor()
        check(marked() == f" w{at}", "the cursor's token is marked", t)
        t.send("l", "Right", "h")
        t.wait_until(lambda: cursor() == at + 1)
        t.settle()
        check(marked() == f" w{at + 1}", "left and right: a token", t)
        column = next(line.index(f"w{at + 1}") for line in t.lines()[2:20]
                      if f"w{at + 1} " in line + " ")
        t.send("j")
        t.wait_until(lambda: cursor() != at + 1)
        t.settle()
        below = next(line.index(f"w{cursor()}") for line in t.lines()[2:20]
                     if f"w{cursor()} " in line + " ")
        check(cursor() > at + 5 and abs(below - column) < 6,
              "down: the token below", t)
        t.send("k")
        t.wait_until(lambda: cursor() == at + 1)
        check(cursor() == at + 1, "up: back", t)
        t.send("$")
        t.wait_until(lambda: cursor() == 399)
        t.settle()
        check(marked() == " w399" and "w399" in t.text(),
              "the end scrolls into view", t)
        t.send("/", "w7", "Enter")
        t.wait_until(lambda: cursor() == 7)
        t.settle()
        check(marked() == " w7", "/ finds a token", t)
        t.mouse("press", 3, 2)
        t.mouse("release", 3, 2)
        t.wait_until(lambda: cursor() != 7)
        t.settle()
        check(t.cell(3, 2).reverse, "a click selects a token", t)
        t.send("T")
        check(t.wait_for("MAP"), "T again: the map", t)


def plain():
    with opened(HYBRID, env={"NO_COLOR": "1"}) as t:
        lines = t.lines()
        check(not COLOUR.search(t.raw) and set(lines[3].strip())
              <= set("\u2591\u2592\u2593\u2588 ") and lines[3].strip(),
              "NO_COLOR: the shade stands under the tokens", t)
    with opened(dump("none", None, 20)) as t:
        check("no tokens" in t.text(), "without tokens it says so", t)
    for rows, columns in ((24, 80), (10, 40), (5, 20), (50, 200)):
        with esscope(rows=rows, columns=columns) as t:
            ready(t)
            t.send("T")
            t.settle()
            check(t.status is None and ("TEXT" in t.text() or rows == 5),
                  f"{columns}x{rows}: it is there", t)


def long():
    tokens = [f" {i % 997}" for i in range(100000)]
    with opened(dump("long", tokens, 100000)) as t:
        t.send("$")
        check(t.wait_for("token 99999 of 100000"), "100,000 tokens: the end",
              t)
        t.send("k" * 20)
        t.settle()
        check(not t.wait_for("token 99999 of", 0.1), "and upwards", t)


for part in (vocabularies, shaded, finding, moving, plain, long):
    part()
done()
