"""The program in terminals of several sizes and kinds: it opens, its numbers
are those of `esscope compute`, its keys do what they say, and it leaves the
terminal as it found it."""
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from looking import (COLOUR, ESSCOPE, HYBRID, RECALL, agrees,  # noqa: E402
                     esscope, layer, read_out, ready, rest, tolerance)
from tap import done, ok  # noqa: E402
from tap import import_or_skip  # noqa: E402
from terminal import Terminal, show  # noqa: E402

np = import_or_skip("numpy")

MOUSE = {1000, 1002, 1003, 1006}


def sane(terminal):
    """The terminal as a shell wants it back."""
    return (terminal.cooked()
            and not terminal.modes() & (MOUSE | {1049, 2026, 2004})
            and not terminal.screen.cursor.hidden)


def check(passed, what, terminal):
    return ok(passed, what, "" if passed else show(terminal))


def leaves(terminal, what):
    terminal.send("q")
    status = terminal.wait()
    ok(status == 0 and sane(terminal), f"{what}: q leaves a sane terminal",
       f"status {status}, modes {terminal.modes()}")


def terminals():
    for rows, columns in ((24, 80), (50, 200)):
        for term in ("xterm-256color", "tmux-256color", "screen", "vt100"):
            what = f"{columns}x{rows} {term}"
            with esscope(rows=rows, columns=columns, term=term) as t:
                check(ready(t) and all(word in t.text() for word in (
                    "esscope", "text-hybrid", "LAYERS", "layers.3", "MAP",
                    "SPECTRUM", "PROFILE", "tol rel 1.0e-03", "? help",
                    "q quit")),
                    f"{what}: the picture is there", t)
                check(agrees(t), f"{what}: and its numbers are right", t)
                coloured = bool(COLOUR.search(t.raw))
                ok(coloured == (term != "vt100"),
                   f"{what}: colours where there are colours")
                leaves(t, what)


def plain():
    with esscope(env={"LANG": "C"}) as t:
        check(ready(t) and agrees(t), "LANG=C: the picture is there", t)
        ok(max(t.raw) < 128, "LANG=C: in ASCII")
        leaves(t, "LANG=C")
    with esscope(env={"NO_COLOR": "1"}) as t:
        check(ready(t) and agrees(t), "NO_COLOR: the picture is there", t)
        ok(not COLOUR.search(t.raw), "NO_COLOR: without a colour",
           COLOUR.findall(t.raw)[:5])
        leaves(t, "NO_COLOR")
    with esscope(term="xterm-kitty") as t:
        check(ready(t), "a terminal unknown here but like xterm works", t)
        leaves(t, "xterm-kitty")


def moving():
    with esscope() as t:
        ready(t)
        channel, position = read_out(t)[:2]
        t.send("l", "l", "j")
        t.wait_until(lambda: (read_out(t) or ())[:2]
                     == (channel + 1, position + 2))
        check(agrees(t), "l and j move the cursor", t)
        t.send("Left", "Up")
        t.wait_until(lambda: (read_out(t) or ())[:2]
                     == (channel, position + 1))
        check(agrees(t), "so do the arrows", t)
        t.send("117|")
        t.wait_until(lambda: (read_out(t) or (0, 0))[1] == 117)
        check(agrees(t), "117| goes to position 117", t)
        before = layer(t)
        t.send(")")
        t.wait_until(lambda: layer(t) != before and read_out(t))
        t.settle()
        check(layer(t) != before and agrees(t), "J goes to the next layer",
              t)
        t.send("v")
        check(t.wait_for("entropy-ESS  "), "v shows entropy-ESS", t)
        t.send("?")
        check(t.wait_for("HELP") and "PROFILE" not in t.text()
              and "In this pane: MAP" in t.text(), "? shows help, with the keys", t)
        for _ in range(40):
            t.send("PageDown")
            t.settle(0.2)
            if "s1 >= s2" in t.text():
                break
        check("s1 >= s2" in t.text(), "and what the numbers are", t)
        t.send("?")
        check(t.wait_until(lambda: read_out(t)), "and ? hides it", t)
        t.send(":nonsense", "Enter")
        check(t.wait_for("nonsense"), "a wrong command is said so", t)
        leaves(t, "moving")


def sliding():
    with esscope() as t:
        ready(t)
        t.send("117|")
        t.wait_until(lambda: (read_out(t) or (0, 0))[1] == 117)
        first = read_out(t)[2]
        t.send("]" * 17)
        t.wait_for("tol rel 5.0e-02")
        t.settle()
        check(agrees(t) and read_out(t)[2] < first,
              "] counts less, as compute does", t)
        t.send("{{{")
        t.wait_for("tol rel 5.0e-05")
        t.settle()
        check(agrees(t) and read_out(t)[2] >= first,
              "{ counts more, as compute does", t)
        t.send("t", "1e-2", "Enter")
        t.wait_for("tol rel 1.0e-02")
        t.settle()
        check(agrees(t), "t 1e-2 types it", t)
        t.send("a")
        t.wait_for("tol abs")
        t.settle()
        check(tolerance(t)[0] == "abs" and agrees(t), "a makes it absolute",
              t)
        drag(t)
        leaves(t, "sliding")


def drag(t):
    """Takes the knob of the first line and pulls it to the left."""
    line = t.lines()[0]
    column = line.rindex("\u25cf")
    old = tolerance(t)
    t.mouse("press", 0, column)
    for step in range(1, 9):
        t.mouse("drag", 0, column - step)
    t.mouse("release", 0, column - 8)
    t.wait_until(lambda: tolerance(t) != old)
    t.settle()
    check(t.lines()[0].find("\u25cf") == column - 8 and agrees(t)
          and float(tolerance(t)[1]) < float(old[1]),
          "the mouse drags the tolerance, the numbers follow", t)


def resizing():
    with esscope() as t:
        ready(t)
        for rows, columns in ((5, 20), (1, 1), (3, 200), (200, 3), (10, 40),
                              (24, 80), (50, 200)):
            t.resize(rows, columns)
            t.settle(0.2)
            check(t.wait_until(lambda: any(t.lines())) and t.pump(0),
                  f"it survives {columns}x{rows}", t)
        t.wait_until(lambda: read_out(t))
        check("LAYERS" in t.text() and agrees(t), "and comes back whole", t)
        # A terminal that tells its size before it has it loses what comes in
        # between.
        t.resize(40, 120)
        t.wait_for("PROFILE")
        t.pump(0.05)
        t.screen.erase_in_display(2)
        check(t.wait_for("LAYERS") and t.wait_until(lambda: agrees(t)),
              "drawn once more when the size has settled", t)
        ok(t.settle(2), "and no more than that")
        leaves(t, "resizing")


def starting():
    with esscope(HYBRID, "--layer", "layers.2", "--channel", "3",
                 "--position", "77", "--rel-tol", "3e-2") as t:
        check(ready(t) and layer(t) == "layers.2" and agrees(t)
              and read_out(t)[:2] == (3, 77)
              and tolerance(t) == ("rel", "3.0e-02"),
              "--layer, --channel, --position and --rel-tol: there it starts",
              t)
        leaves(t, "starting")
    for options, code, words in (
            (["--layer", "nope"], 1, "no layer matches 'nope'"),
            (["--layer", "layers.2", "--channel", "4"], 1, "channel 4"),
            (["--position", "256"], 1, "position 256"),
            (["--position", "1:3"], 2, "one --position"),
            (["--channel", "1,2"], 2, "one --channel")):
        with esscope(HYBRID, *options) as t:
            status = t.wait()
            check(status == code and words in "".join(t.screen.display)
                  and b"\x1b" not in t.raw,
                  f"{' '.join(options)}: said before the terminal is touched",
                  t)


def quiet():
    """What it sends at 160x48 with 256 colours."""
    with esscope(rows=48, columns=160) as t:
        ready(t)
        rest(t, 2)

        def cost(*keys):
            before = t.bytes
            t.send(*keys)
            t.settle()
            return t.bytes - before

        ok(t.settle(4), "idle, it sends nothing", bytes(t.raw[-400:]))
        cost("l")
        bound(statistics.median(cost("l") for _ in range(9)), 400,
              "a move along positions")
        bound(cost("j"), 2000, "a move to another channel")
        bound(max(cost(key) for key in "[[]]"), 6000,
              "a step of the tolerance")
        bound(cost("\x0c"), 40000, "a full repaint")
        for name in ("layers.1", "layers.2", "layers.3"):
            cost(")")
            rest(t)
            cost("^")
            steps = [cost("l") for _ in range(9)]
            bound(statistics.median(steps), 400, f"{name}: a move along")
            bound(max(steps), 900, f"{name}: even where the map moves on")
            bound(cost("j"), 2 * 1024, f"{name}: to another channel")
        leaves(t, "quiet")


def bound(count, limit, what):
    ok(0 < count <= limit, f"{what} costs at most {limit} bytes: {count}")


def signals():
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT,
                   signal.SIGUSR1):
        with esscope() as t:
            ready(t)
            t.signal(number)
            status = t.wait()
            ok(status == 128 + number and sane(t),
               f"{number.name} leaves a sane terminal",
               f"status {status}, modes {t.modes()}, cooked {t.cooked()}")


def stopping():
    with Terminal(["sh", "-i"], env={"PS1": "ready> ", "ENV": ""}) as t:
        t.wait_for("ready>")
        t.send(f"'{ESSCOPE}' '{HYBRID}'", "Enter")
        ready(t)
        t.send("\x1a")
        check(t.wait_for(re.compile("(Stopped|suspended)")),
              "Ctrl-Z stops it", t)
        ok(not t.modes() & (MOUSE | {1049}) and not t.screen.cursor.hidden,
           "and gives the terminal back", t.modes())
        t.screen.reset()
        t.send("fg", "Enter")
        check(t.wait_until(lambda: read_out(t)) and "LAYERS" in t.text(),
              "fg brings the whole picture back", t)
        t.send("l")
        t.settle()
        check(agrees(t), "and it goes on", t)
        t.send("q")
        t.settle()
        t.send("echo status=$?", "Enter")
        check(t.wait_for("status=0"), "and ends well", t)
        t.send("exit", "Enter")
        t.wait()


def interrupting():
    """Ctrl-C stops the work, and never the program."""
    with esscope() as t:
        ready(t)
        rest(t)
        t.send("\x03")
        check(t.wait_for("nothing to stop; q quits"),
              "at rest Ctrl-C says how to quit", t)
        t.send(":\x03")
        t.settle()
        t.send("l")
        check(t.wait_until(lambda: "pos 129" in t.text()),
              "and leaves the line that is typed", t)
        t.send(":sleep 60000\r")
        t.send("\x03")
        check(t.wait_for("the script is stopped"), "or ends a script", t)
        leaves(t, "after Ctrl-C")
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "heavy.npz")
        random = np.random.default_rng(1)
        np.savez(path, meta='{"layers": {"m": {"kind": "softmax"}}}', **{
            f"m/{name}": random.standard_normal((16, 800, 64)) * 3
            for name in "qk"})
        with esscope(path, env={"XDG_CACHE_HOME": folder}) as t:
            check(t.wait_for(re.compile(r"% of 12.8k [1-9]")), "work goes on",
                  t)
            t.send("\x03")
            check(t.wait_for(re.compile(
                r"stopped: [1-9]\d* of 12784 cells; a move or \] "
                r"goes on, q quits")), "Ctrl-C says how far it came", t)
            check(t.settle(2) and re.search(
                r" stopped at \d+%$", t.lines()[-1]),
                "and nothing goes on", t)
            t.send("\x03")
            t.pump(1)
            check("stopped: " in t.text() and " stopped at " in t.text(),
                  "nor after another", t)
            t.send(f":export {os.path.join(folder, 'x.tsv')}\r")
            check(t.wait_for("the work is stopped, and "),
                  "an export says why it cannot be", t)
            t.send("l")
            check(t.wait_for(re.compile(r"\d% of 12\.8k \S+/s")),
                  "a move does; it says of how many", t)
            leaves(t, "with work in flight")


def banded():
    """The profile's band comes back after a change of measure."""
    with esscope(HYBRID, "--layer", "layers.3", rows=48, columns=160) as t:
        ready(t)
        rest(t)
        lines = t.text()[t.text().index("PROFILE"):].count("\u2591")
        t.send("v")
        t.wait_for("entropy-ESS  4 ch")
        rest(t)
        again = t.text()[t.text().index("PROFILE"):].count("\u2591")
        check(lines > 20 and again > 20, f"a band of {lines} cells, and "
              f"{again} of another measure", t)


def without():
    result = subprocess.run([ESSCOPE, RECALL], capture_output=True,
                            text=True, stdin=subprocess.DEVNULL)
    overview = subprocess.run([ESSCOPE, "info", RECALL], text=True,
                              capture_output=True)
    ok(result.returncode == 0 and result.stdout == overview.stdout
       and "layers.1" in result.stdout and "\x1b" not in result.stdout,
       "without a terminal it prints the overview", result)


def multiplexed():
    """In a real tmux, which passes on less than a terminal shows."""
    try:
        subprocess.run(["tmux", "-V"], capture_output=True, check=True)
    except OSError:
        ok(True, "in tmux # SKIP tmux is not installed")
        return
    # Set before the program starts: a busy tmux that takes a row from the pane
    # and gives it back may do so while it is drawn on.
    config = tempfile.NamedTemporaryFile("w", suffix=".conf")
    config.write("set -g status off\nset -g mouse on\n")
    config.flush()
    tmux = ["tmux", "-L", f"esscope-test-{os.getpid()}", "-f", config.name]
    with Terminal([*tmux, "new-session", ESSCOPE, HYBRID], rows=24,
                  columns=80) as t:
        check(ready(t) and agrees(t), "in tmux: the picture is there", t)
        t.send("]]")
        t.wait_for("tol rel 1.6e-03")
        t.settle()
        check(agrees(t), "in tmux: the slider works", t)
        drag(t)
        t.send("q")
        ok(t.wait() == 0, "in tmux: q leaves", t.text())
    subprocess.run([*tmux, "kill-server"], capture_output=True)
    config.close()


for part in (terminals, plain, moving, sliding, resizing, starting, quiet,
             signals, stopping, interrupting, without, multiplexed):
    part()
done()
