"""esscope render in text: the very cells of the screen, all computed, with
nothing written when it cannot be."""
import os
import re
import sys
import tempfile

import numpy as np

sys.path.insert(0, os.path.join(os.environ.get("srcdir", "."), "tests"))
import oracle  # noqa: E402
from oracle import esscope, rows  # noqa: E402
from tap import ESSCOPE, SOURCE, done, import_or_skip, ok  # noqa: E402
from terminal import Terminal, cells  # noqa: E402

pyte = import_or_skip("pyte")
HYBRID = os.path.abspath(os.path.join(SOURCE, "samples",
                                      "text_hybrid_step900.npz"))
RECALL = os.path.abspath(os.path.join(SOURCE, "samples",
                                      "mqar_gla_n16_h1_kv8.npz"))


def render(*arguments):
    """What it printed; a failure is an empty text."""
    result = esscope("render", *arguments)
    if result.returncode:
        print("#", result.stderr.decode().strip())
    return result.stdout.decode() if not result.returncode else ""


def test_screen():
    """Byte for byte what a terminal of that size shows once all is there."""
    for options in ([], ["--layer", "layers.2", "--rel-tol", "3e-2",
                         "--channel", "2", "--position", "118"],
                    ["--measure", "entropy", "--palette", "viridis",
                     "--focus", "spectrum"],
                    ["--view", "map", "--zoom", "2@64", "--reducer", "mean"],
                    ["--view", "profile", "--tol", "0.5"],
                    ["--view", "map", "--color", "truecolor", "--light"]):
        for size in ((24, 80), (48, 160)):
            with Terminal([ESSCOPE, HYBRID, *options], *size) as t:
                t.wait_for(re.compile(r"\bhelp\b"))
                t.wait_until(lambda: "/s" not in t.lines()[-1]
                             and "computing" not in t.text())
                t.settle()
                expected = cells(t.screen)
            how = [*options, "--view", "screen"]
            if "--view" in options:
                # On the screen it has a line above and one below.
                how = options
                expected = expected[1:-1]
            lines = len(expected)
            text = render(HYBRID, *how, "--format", "ans", "--size",
                          f"{size[1]}x{lines}")
            screen = pyte.Screen(size[1], lines)
            stream = pyte.Stream(screen)
            stream.feed("\r\n".join(text.split("\n")[:lines]))
            drawn = cells(screen)
            wrong = [(r, c, a, b) for r, (x, y) in enumerate(
                zip(expected, drawn)) for c, (a, b) in enumerate(zip(x, y))
                if a != b]
            ok(text and not wrong, f"render {' '.join(options)} {size}: every "
               "cell as in a terminal", wrong[:5])


def test_numbers():
    text = render(HYBRID, "--view", "layers", "--rel-tol", "1e-2")
    for row in rows(HYBRID, "--per", "layer", "--rel-tol", "1e-2"):
        mean = float(row["ess_rel_1e-2_mean"])
        shown = re.search(rf"{row['layer']}\s.*?\s(\d+\.\d+)\s+\d+%", text)
        ok(shown and shown.group(1) == f"{mean:.2f}",
           f"{row['layer']}: the mean that compute gives",
           f"{shown and shown.group(1)} {mean}")
    for tol in ("--rel-tol", "3e-2"), ("--tol", "0.5"):
        place = ["--layer", "layers.1", "--channel", "3", "--position", "77"]
        text = render(HYBRID, *place, *tol)
        row = rows(HYBRID, *place, *tol)[0]
        ess = row[f"ess_{'rel' if 'rel' in tol[0] else 'abs'}_{tol[1]}"]
        ok(f"ESS {ess} of {row['ceiling']}" in text, f"{tol}: the cursor's",
           text)
        ok(f"s > {tol[1]}" in text, f"{tol}: the caption tells the tolerance")
    text = render(HYBRID, *place, "--measure", "disagreement", "--tol", "0.5")
    ok("s > 0.5 (abs" in text and "seen at abs 5.0e-01" in render(
        HYBRID, *place, "--measure", "disagreement", "--tol", "0.5",
        "--scale", "seen"),
       "so does that of what the tolerance has a part in", text)
    text = render(HYBRID, *place)
    ok("layers.1 (softmax): heads 0 to 3, positions 1 to 255; L = 256."
       in text and HYBRID in text and "esscope 0." in text
       and "text-hybrid, step 900" in text,
       "the caption tells layer, file and version", text)
    text = render(HYBRID, "--view", "spectrum", "--layer", "layers.2")
    ok("head 0, position 128, between" in text, "the spectrum's cell", text)


def test_files():
    ok(render(RECALL, "-o", "out.txt") == ""
       and open("out.txt").read() == render(RECALL),
       "-o out.txt: the same text")
    render(RECALL, "-o", "out.ans", "--view", "screen")
    ok(b"\x1b[" in open("out.ans", "rb").read(), "-o out.ans: with colours")
    render(RECALL, "-o", "out.ans", "--color", "mono", "--ascii")
    data = open("out.ans", "rb").read()
    ok(max(data) < 128 and b"38;5" not in data, "--ascii --color mono")
    ok(render(RECALL) == esscope("render", RECALL, env=dict(
        os.environ, LC_ALL="C")).stdout.decode(),
        "whatever the locale: the same")
    for name in "out.txt", "out.ans":
        os.unlink(name)


def test_commands():
    """-c, --play and the configuration, as on the screen."""
    size = ["--size", "100x24"]
    expected = esscope(HYBRID, "-c", "rows layers; digits on; tolerance 3e-2",
                       "-c", "wait; screenshot -", *size).stdout.decode()
    lines = [["-c", "rows layers", "-c", "digits on; tolerance 3e-2"],
             ["--play", "commands"], ["--config", "commands"],
             ["--rel-tol", "3e-2", "-c", "keys R#", "--fresh", "--no-config"]]
    with open("commands", "w") as file:
        file.write("rows layers\ndigits on\ntolerance 3e-2\n")
    for options in lines:
        text = render(HYBRID, "--view", "screen", *size, *options)
        ok(text and text == expected, f"{options}: the screen's",
           text + expected)
    expected = esscope(HYBRID, "--view", "map", *lines[0], "-c",
                       "wait; screenshot -", *size).stdout.decode()
    text = render(HYBRID, *lines[0], "--size", "100x22")
    ok(text.split("\n")[:22] == expected.split("\n")[1:23],
       "of the map alone as well", text + expected)
    text = render(HYBRID, "-c", "pane spectrum; full; full", "--size",
                  "100x20")
    ok(text.startswith("\u25b8SPECTRUM") and "s > 1e-3 s1" in text,
       "what they leave on the screen is drawn", text)
    text = render(HYBRID, "-c", "full", "-c", "resize 90x26")
    ok(text.count("\n") == 26 and "LAYERS" in text
       and max(map(len, text.split("\n"))) <= 90, "at the size it has", text)
    svg = render(HYBRID, "-c", "export map.tsv; signed on; spacing log",
                 "--format", "svg")
    ok("log" in svg and open("map.tsv").readline().startswith("file\tlayer"),
       "and what they export is written", svg[:200])
    os.unlink("map.tsv")
    os.unlink("commands")


def test_failures():
    for arguments, code, words in (
            (["absent.npz"], 1, "absent.npz"),
            ([HYBRID, "--layer", "none"], 1, "'none'"),
            ([HYBRID, "--position", "999"], 1, "999"),
            ([HYBRID, "-o", "out.bmp"], 2, "out.bmp"),
            ([HYBRID, "--format", "bmp"], 2, "txt, ans, svg"),
            ([HYBRID, "--view", "nothing"], 2, "layers, map"),
            ([HYBRID, "--measure", "nothing"], 2, "tolerance, entropy"),
            ([HYBRID, "--palette", "nothing"], 2, "inferno, grey"),
            ([HYBRID, "--zoom", "2@"], 2, "2@64"),
            ([HYBRID, "--size", "80"], 2, "160x48"),
            ([HYBRID, HYBRID], 2, "one FILE; -c compare has"),
            ([HYBRID, "-c", "nonsense", "-o", "out.txt"], 1,
             '-c:1: no command "nonsense"'),
            ([HYBRID, "-c", "position 9999"], 1, "layers.0 has 1 .. 255"),
            ([HYBRID, "--play", "absent"], 1, "absent"),
            ([HYBRID, "--config", "absent"], 1, "absent"),
            ([HYBRID, "--position", "1:9"], 2, "one --position"),
            ([HYBRID, "-o", "absent/out.txt"], 1, "absent/out.txt"),
            (["bad.npz", "-o", "out.txt"], 1, "bad.npz: m: "),
            ([HYBRID, "--view", "screen", "--format", "tsv"], 1,
             "no numbers"),
            (["mine.npz", "-o", "mine.npz", "--format", "txt"], 1,
             "would replace"),
            (["mine.npz", "--memory", "20K", "--measure", "entropy"], 1,
             "found no room")):
        result = esscope("render", *arguments)
        text = result.stderr.decode()
        ok(result.returncode == code and words in text and not result.stdout
           and text.count("\n") == (2 if code == 2 else 1),
           f"render {' '.join(arguments[-3:])}: exit {code}",
           f"{result.returncode} {text}")
    result = esscope("render", "nan.npz")
    ok(result.returncode == 1 and b"nan.npz: m: " in result.stderr
       and "failed" in result.stdout.decode(),
       "a failed channel is drawn, said, and exit 1", result.stderr)
    ok(sorted(os.listdir(".")) == ["bad.npz", "mine.npz", "nan.npz"],
       "no failure leaves a file", os.listdir("."))


def test_sorted():
    """A window onto sorted channels, from the shell: the screen's. Channel 140
    comes 20th; by number the window would have to move to show it."""
    place = np.arange(200) * 3 % 200
    q, k = rng.normal(size=(2, 1, 60, 4))
    oracle.save("many.npz", m__q=q * 0.9 ** place[:, None, None], m__k=k,
                m__la=np.zeros(200) - 0.1)
    size = ["--size", "100x24"]
    for sort in "value", "mean":
        expected = esscope(
            "many.npz", "-c", "channel 140; measure s1; wait all", "-c",
            f"sort {sort}; zoom 0@1,1@10; wait all", "-c",
            "screenshot -", *size).stdout.decode()
        text = render("many.npz", "--view", "screen", "--channel", "140",
                      "--zoom", "0@1,1@10", "--measure", "s1", "-c",
                      f"sort {sort}", *size)
        ok(f"by {sort}" in expected and text == expected,
           f"sort {sort}, zoom 1@10", text + expected)
    os.unlink("many.npz")


with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    os.environ["XDG_CACHE_HOME"] = os.path.join(folder, "..", "no-cache")
    rng = np.random.default_rng(5)
    T = np.tril(rng.normal(size=(2, 120, 120)))
    oracle.save("mine.npz", m__T=T)
    oracle.save("bad.npz", m__T=T[:, :7])
    T[1, 5, 3] = np.nan
    oracle.save("nan.npz", m__T=T)
    test_screen()
    test_numbers()
    test_files()
    test_commands()
    test_sorted()
    test_failures()
done()
