"""y and Y: what is copied reaches the terminal as OSC 52, tmux and a file; and
the line of Y, run by a shell, opens the very same view, and as one of render
draws it."""
import base64
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(os.environ.get("srcdir", "."), "tests",
                                "cli"))
from looking import ESSCOPE, HYBRID, esscope, ready, rest  # noqa: E402
import numpy as np  # noqa: E402
import oracle  # noqa: E402
from tap import BUILD, done, ok, skip  # noqa: E402
from terminal import Terminal, cells, pyte, show  # noqa: E402

HYBRID = os.path.abspath(HYBRID)
SA = os.path.join(os.path.dirname(HYBRID), "text_sa_step1000.npz")
CURSED = "m 'q' \x1b[2J\n$(x) \u4f60"


def copied(t):
    """What the last OSC 52 held."""
    found = re.findall(rb"\x1b\]52;c;([A-Za-z0-9+/=]*)\x07", bytes(t.raw))
    return base64.b64decode(found[-1], validate=True).decode() if found \
        else None


def said(t):
    """A message of several lines, its words and paths run together."""
    return "".join(line.strip() for line in t.lines()[-5:])


def press(t, key):
    """The text a key copies."""
    before = len(t.raw)
    t.send(key)
    t.wait_until(lambda: b"\x1b]52;" in t.raw[before:]
                 and "copied" in said(t))
    return copied(t)


def test_value():
    place = ["--layer", "layers.1", "--channel", "3", "--position", "77"]
    row = oracle.rows(HYBRID, *place)[0]
    mean = oracle.rows(HYBRID, "--layer", "layers.1", "--per", "layer")[0]
    state = os.path.abspath("state")
    with esscope(HYBRID, *place, rows=30, columns=120,
                 env={"XDG_STATE_HOME": state}) as t:
        ready(t)
        rest(t)
        ok(press(t, "y") == row["ess_rel_1e-3"], "y: the ESS", copied(t))
        path = os.path.join(state, "esscope", "copied")
        ok(path in said(t)
           and open(path).read() == row["ess_rel_1e-3"] + "\n",
           "and the file it names has it", show(t))
        t.send(":measure s1", "Enter")
        rest(t)
        ok(np.isclose(float(press(t, "y")), float(row["sigma_max"]),
                      rtol=1e-9), "all digits of s1", copied(t))
        t.send(":measure tolerance", "Enter", ":pane layers", "Enter")
        rest(t)
        ok(np.isclose(float(press(t, "y")), float(mean["ess_rel_1e-3_mean"]),
                      rtol=1e-12), "in the list the average", copied(t))
        t.send("q")
        t.wait()


def drawn(line):
    """The cells of the line's picture, as a terminal reads it."""
    screen = pyte.Screen(120, 34)
    text = subprocess.run(
        ["sh", "-c", line.replace("esscope ", "esscope render ", 1)
         + " --size 120x34 --format ans -o out.ans && cat out.ans"],
        capture_output=True, text=True, env={
            **os.environ, "PATH": f"{BUILD}:{os.environ['PATH']}"})
    pyte.Stream(screen).feed("\r\n".join(text.stdout.split("\n")[:34]))
    return cells(screen), text.stderr


def differences(a, b):
    return "\n".join(f"{row} {column}: {x} {y}"
                     for row, (above, below) in enumerate(zip(a, b))
                     for column, (x, y) in enumerate(zip(above, below))
                     if x != y)[:2000]


def test_line():
    for keys, options in (
            ([], []),
            (["j", "j", "20l", "]", "]"], ["--layer", "layers.2"]),
            ([":tolerance abs 0.25", "Enter", "v", "+", "+", "40l", "c"], []),
            (["+", "+", "+", "r", "s", "f"], ["--view", "profile"]),
            ([":pane spectrum", "Enter", "a", ":scale seen", "Enter"],
             ["--layer", "layers.3"]),
            # Where the colours end is what was seen before.
            (["{", "}", *"]]]]]]]]]"], ["--layer", "layers.3"]),
            ([":scale seen", "Enter", "}"], ["--layer", "layers.2"]),
            ([":pane profile", "Enter", "{", "s", "}", ":measure s1", "Enter"],
             ["--layer", "layers.1"]),
            ([":sort ess", "Enter", ":filter *[13]", "Enter"], []),
            (["R", "#"], ["--palette", "viridis"]),
            (["o", "Z", "#"], []),
            (["o", "Z", "E"], []),
            # T with a cursor, a window and colours of its own.
            (["o", "+", "+", "30h", "20j", "j", "4l"], []),
            (["o", ":entry 40 7 2@16,3", "Enter", "Tab"],
             ["--layer", "layers.2"]),
            (["o", "+", "+", "+", "s", "-"], ["--layer", "layers.1"]),
            (["T", "Tab", ":span 90", "Enter"], []),
            # The text where it was read to.
            (["T", "g", "245l", "200h"], ["--layer", "layers.2"]),
            ([":span 90", "Enter"], []),
            ([":pane spectrum", "Enter", "C"], ["--layer", "layers.2"]),
            ([":limits 2.5,9", "Enter", "E"], ["--layer", "layers.2"]),
            ([":sort mean", "Enter", ":pane text", "Enter"],
             ["--layer", "layers.3", "--rel-tol", "3e-2"]),
            (["="], [SA, "--layer", "layers.1"]),
            (["=", "="], [SA, "--layer", "layers.3", "--rel-tol", "3e-2"]),
            ([":sort value", "Enter", "30h"],
             ["--layer", "layers.3", "--rel-tol", "3e-2"]),
            # What is sorted stays so, whatever is shown then.
            ([":sort value", "Enter", *"]]]]]]", "30h"],
             ["--layer", "layers.3", "--rel-tol", "3e-2"]),
            ([":sort mean", "Enter", "}", "v", "v"],
             ["--layer", "layers.3"]),
            ([":sort mean of s1; tolerance 0.3; measure dis", "Enter"],
             ["--layer", "layers.1"])):
        with esscope(HYBRID, *options, rows=34, columns=120) as t:
            t.wait_for("tol ")
            rest(t)
            t.send(*keys)
            rest(t)
            line = press(t, "Y")
            t.send("\x0c")      # Ctrl-L: the message goes
            rest(t)
            expected = cells(t.screen)
            t.send("q")
            t.wait()
        ok(line and line.startswith(f"esscope {HYBRID} "),
           "Y: a line with the whole path", line)
        with Terminal(["sh", "-c", line], 34, 120, env={
                "PATH": f"{BUILD}:{os.environ['PATH']}"}) as t:
            t.wait_for("esscope")
            rest(t)
            t.send("\x0c")
            rest(t)
            ok(cells(t.screen) == expected, f"{' '.join(keys)}: {line[len(HYBRID):]}",
               differences(expected, cells(t.screen)))
            t.send("q")
            t.wait()
        if "--view screen" in line:
            picture, error = drawn(line)
            ok(picture == expected, f"{' '.join(keys)}: render",
               error or differences(expected, picture))


def test_quoting():
    with esscope("dump's $(x).npz", rows=24, columns=100) as t:
        t.wait_for("MAP")
        rest(t)
        line = press(t, "Y")
        t.send("q")
        t.wait()
    words = subprocess.run(["bash", "-c", "printf '%s\\0' " + line],
                           capture_output=True).stdout.decode().split("\0")
    ok(words[1] == os.path.realpath("dump's $(x).npz")
       and words[words.index("--layer") + 1] == CURSED,
       "a shell reads names as they are", words)
    ok(not re.search(r"[\x00-\x1f]", line), "the line is one line", repr(line))


def test_no_file():
    with esscope(HYBRID, rows=24, columns=140,
                 env={"XDG_STATE_HOME": "/proc/none"}) as t:
        ready(t)
        rest(t)
        ok(press(t, "y") == "16" and "in no file" in t.lines()[-1],
           "without a file it says so, and copies", show(t))
        t.send("q")
        t.wait()


def test_no_clipboard():
    """A terminal that would print OSC 52 gets none, nor a mouse."""
    with esscope(HYBRID, rows=24, columns=140, term="vt100") as t:
        ready(t)
        rest(t)
        t.send("y")
        t.wait_for("no clipboard here")
        path = re.search("in (/.*/copied): 16", said(t))
        ok(path and open(path.group(1)).read() == "16\n",
           "vt100: y: the file has it", show(t))
        t.send(":mouse on", "Enter")
        ok(t.wait_for("no mouse"), "vt100: and no mouse", show(t))
        t.send("q")
        ok(t.wait() == 0 and not re.search(rb"\x1b(\]|\[\?[0-9;]{4})", t.raw)
           and not t.lines()[-1], "vt100: nothing it cannot know", show(t))


def test_tmux():
    if not shutil.which("tmux"):
        skip("tmux has it", "tmux is not installed")
        return
    tmux = ["tmux", "-L", f"esscope-test-{os.getpid()}"]
    subprocess.run([*tmux, "-f", "/dev/null", "new-session", "-d", "-x", "100",
                    "-y", "30", ESSCOPE, HYBRID], check=True)

    def tells(command, wanted, keys=None):
        for _ in range(200):
            if keys:
                subprocess.run([*tmux, "send-keys", keys])
            text = subprocess.run([*tmux, *command], capture_output=True,
                                  text=True).stdout
            if wanted in text:
                return text
            time.sleep(.05)
        return text

    tells(["capture-pane", "-p"], "entropy-ESS")
    text = tells(["show-buffer"], f"esscope {HYBRID}", "Y")
    ok(text.startswith(f"esscope {HYBRID} --layer layers.0"),
       "inside tmux its buffer has it", text)
    subprocess.run([*tmux, "kill-server"])


with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
    os.chdir(folder)
    os.environ["ESSCOPE_CACHE_SIZE"] = "0"
    for name in "STATE", "CONFIG":
        os.environ[f"XDG_{name}_HOME"] = os.path.join(folder, name)
    rng = np.random.default_rng(5)
    np.savez("dump's $(x).npz", **{
        f"{CURSED}/{name}": rng.normal(size=(1, 20, 4)) for name in "qk"})
    test_value()
    test_line()
    test_quoting()
    test_no_file()
    test_no_clipboard()
    test_tmux()
done()
