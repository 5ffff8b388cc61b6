"""Exports under way: figures are drawn and files completed beside the screen,
cells to come are waited for, what takes minutes asks first, and who leaves
meanwhile leaves nothing half-written."""
import os
import re
import signal
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(os.environ.get("srcdir", "."), "tests",
                                "cli"))
from looking import HYBRID, command, esscope, rest  # noqa: E402
import numpy as np  # noqa: E402
import oracle  # noqa: E402
from tap import done, ok  # noqa: E402
from terminal import show  # noqa: E402

HYBRID = os.path.abspath(HYBRID)


def drawing(t):
    """Into a pipe that nobody reads: the thread that draws waits."""
    os.mkfifo("pipe.svg")
    fd = os.open("pipe.svg", os.O_RDONLY | os.O_NONBLOCK)
    t.wait_for("OPERATOR")
    rest(t)
    command(t, "export! plain.svg", "wrote plain.svg")
    ok(command(t, "export! pipe.svg", "drawing pipe.svg; Esc gives it up"),
       "it says that a figure is drawn", show(t))
    return fd


def drain(fd, until=lambda: False):
    """What comes out of the pipe, until its other end is closed."""
    text = b""
    while not until():
        try:
            part = os.read(fd, 1 << 16)
            if not part and text:
                break
            text += part
        except BlockingIOError:
            pass
        time.sleep(0.01)
    os.close(fd)
    os.unlink("pipe.svg")
    return text


def test_drawing():
    """A figure is drawn beside the screen, as it was when that began."""
    with esscope(HYBRID, "--view", "operator", rows=24, columns=90) as t:
        fd = drawing(t)
        with open("plain.svg", "rb") as file:
            whole = file.read()
        t.send(":signed on", "Enter", ":pane map", "Enter", ":200", "Enter")
        ok(t.wait_until(lambda: "pos 200 " in t.text()),
           "keys are answered meanwhile", show(t))
        os.unlink("plain.svg")
        text = drain(fd)
        ok(t.wait_until(lambda: "wrote pipe.svg" in t.lines()[-1]),
           "it says when it is done", show(t))
        t.send("q")
        t.wait()
        ok(text == whole, "of what there was then", len(text))
    with esscope(HYBRID, "--view", "operator", rows=24, columns=90) as t:
        fd = drawing(t)
        t.send("Esc")
        t.settle()
        text = drain(fd)
        ok(t.wait_until(lambda: "export of pipe.svg given up" in t.lines()[-1])
           and len(text) < len(whole), "Esc gives it up", show(t))
        t.send("q")
        t.wait()
    with esscope(HYBRID, "--view", "operator", rows=24, columns=90) as t:
        fd = drawing(t)
        t.send("q")
        text = drain(fd)
        t.wait()
        ok(t.status == 0 and text == whole, "leaving waits for it", len(text))
    with esscope(HYBRID, "--view", "operator", rows=24, columns=90) as t:
        fd = drawing(t)
        t.send("\x1bq")
        text = drain(fd)
        t.wait()
        ok(t.status == 0 and len(text) < len(whole)
           and b"given up" not in t.raw[-40:],
           "leaving after Esc is no failure", bytes(t.raw[-80:]))
    with esscope(HYBRID, "--view", "operator", rows=24, columns=90) as t:
        fd = drawing(t)
        t.signal(signal.SIGTERM)
        t.wait()
        os.close(fd)
        os.unlink("pipe.svg")
        ok(t.status == 128 + signal.SIGTERM and t.cooked(),
           "a signal waits for nobody", t.status)
    os.unlink("plain.svg")


def begin(t, line, wanted):
    """A machine so slow that it asks first is told to go on."""
    t.send(":" + line, "Enter")
    t.wait_until(lambda: wanted in t.lines()[-1]
                 or "Enter begins" in t.lines()[-1])
    if "Enter begins" in t.lines()[-1]:
        t.send("Enter")
    return t.wait_until(lambda: wanted in t.lines()[-1])


def said(t):
    """A message of several lines, run together."""
    return "".join(line.strip() + " " for line in t.lines()[-6:])


def test_question():
    """What takes minutes says so, and waits for Enter."""
    # With room for much of it: what comes before memory is full takes long.
    with esscope("long.npz", "--threads", "1", "--memory", "2G", rows=24,
                 columns=90, env={"HOME": os.getcwd()}) as t:
        t.wait_for("MAP")
        rate = re.compile(r"(\d+) cells, about (\d+) (min|h); Enter begins")
        for key, wanted in (("Esc", "? help"), ("Esc", "? help"),
                            ("Enter", "cells to come")):
            t.send(":export! long.csv", "Enter")
            ok(t.wait_until(lambda: rate.search(t.lines()[-1]))
               and int(rate.search(t.lines()[-1])[1]) <= 128 * 3999,
               "it says how much and how long", show(t))
            t.send(key)
            ok(t.wait_until(lambda: wanted in t.lines()[-1]
                            and not rate.search(t.lines()[-1])),
               f"then {key}: {wanted}", show(t))
        t.send("Esc")
        t.wait_until(lambda: "given up" in t.lines()[-1])
        os.write(t.fd, b":export! long.csv\r:lay")
        ok(t.wait_until(lambda: t.lines()[-1].startswith(":lay"))
           and not t.wait_until(lambda: rate.search(t.lines()[-1]), 1),
           "a line being typed is not written over", show(t))
        t.send("Esc")
        ok(t.wait_until(lambda: rate.search(t.lines()[-1])),
           "the question comes then", show(t))
        t.send("Esc")
        name = "x" * 236 + ".csv"
        for wanted in "the same export! again begins", "cells to come":
            t.send(f":export! ~/{name}", "Enter")
            ok(t.wait_until(lambda: wanted in said(t)),
               "a line that has no room: " + wanted, show(t))
        t.send("Esc")
        t.wait_until(lambda: "given up" in said(t))
        t.send("q")
        t.wait()
    ok(not os.path.exists("long.csv") and not os.path.exists(name),
       "nothing is left of it")


def full_pipe():
    """A pipe without room: who completes a file in it waits."""
    os.mkfifo("pipe.tsv")
    reader = os.open("pipe.tsv", os.O_RDONLY | os.O_NONBLOCK)
    writer = os.open("pipe.tsv", os.O_WRONLY | os.O_NONBLOCK)
    count = 0
    try:
        while True:
            count += os.write(writer, b"x" * 512)
    except BlockingIOError:
        os.close(writer)
    return reader, count


def test_disk():
    """Numbers are completed beside the screen: a disk may take its time."""
    for how in "keys", "signal":
        # Less than a buffer, or it would be written before.
        with esscope(HYBRID, "--layer", "layers.0", "--view", "spectrum",
                     rows=24, columns=90) as t:
            fd, count = full_pipe()
            t.wait_for("SPECTRUM")
            rest(t)
            command(t, "export! plain.tsv", "wrote plain.tsv")
            t.send(":export! pipe.tsv", "Enter")
            t.settle()
            t.send(":pane map", "Enter", ":200", "Enter")
            ok(t.wait_until(lambda: "pos 200 " in t.text())
               and "wrote pipe.tsv" not in t.text(),
               "keys are answered while the disk is waited for", show(t))
            if how == "signal":
                t.signal(signal.SIGTERM)
                t.wait()
                os.close(fd)
                os.unlink("pipe.tsv")
                ok(t.status == 128 + signal.SIGTERM and t.cooked(),
                   "a signal does not wait for it", t.status)
                break
            os.rename("pipe.tsv", "pipe.svg")
            text = drain(fd)
            t.send("q")
            t.wait()
            with open("plain.tsv", "rb") as file:
                ok(text[count:] == file.read() and t.status == 0,
                   "and it is whole, of what was shown then", len(text))
    os.unlink("plain.tsv")


def test_waiting():
    before = oracle.tree(".")
    with esscope("slow.npz", "--threads", "1", rows=24, columns=90) as t:
        t.wait_for("MAP")
        ok(begin(t, "export slow.tsv", "cells to come; Esc gives it up"),
           "it says how many cells are missing", show(t))
        t.send("Esc")
        ok(t.wait_until(lambda: "given up" in t.lines()[-1]),
           "Esc gives it up", show(t))
        begin(t, "export slow.tsv", "cells to come")
        t.send("]")
        ok(t.wait_until(lambda: "given up: the view has changed"
                        in t.lines()[-1]), "so does another tolerance",
           show(t))
        begin(t, "export slow.tsv", "cells to come")
        t.send("l", "l")
        ok(t.wait_until(lambda: "cells to come" in t.lines()[-1]),
           "a step of the cursor does not", show(t))
        t.send("q")
        t.wait()
        t.wait()
        ok(t.status == 0 and oracle.tree(".") == before,
           "leaving meanwhile leaves nothing", oracle.tree("."))
        ok(b"slow.tsv was not written" in bytes(t.raw)[-200:],
           "and says so", bytes(t.raw)[-200:])
    with esscope("soon.npz", "--threads", "1", rows=24, columns=90) as t:
        t.wait_for("MAP")
        t.send(":export soon.npy", "Enter")
        ok(t.wait_until(lambda: "wrote soon.npy" in t.lines()[-1]),
           "it is written when the last has come", show(t))
        ok(not np.isnan(np.load("soon.npy")).any()
           and np.load("soon.npy").shape == (4, 299), "complete")
        t.send("q")
        t.wait()


with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
    os.chdir(folder)
    os.environ["ESSCOPE_CACHE_SIZE"] = "0"
    os.environ["XDG_STATE_HOME"] = os.path.join(folder, "state")
    rng = np.random.default_rng(5)
    for name, heads, L in (("slow", 1, 1500), ("soon", 4, 300),
                           ("long", 128, 4000)):
        oracle.save(f"{name}.npz", m__q=4 * rng.normal(size=(heads, L, 8)),
                    m__k=rng.normal(size=(heads, L, 8)))
    test_drawing()
    test_disk()
    test_waiting()
    test_question()
done()
