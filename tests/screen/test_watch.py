"""Dumps that change while they are looked at: written again, half-written,
joined by others, gone."""
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from looking import agrees, esscope, read_out, ready  # noqa: E402
from tap import done, import_or_skip, ok  # noqa: E402
from terminal import show  # noqa: E402

np = import_or_skip("numpy")
FOLDER = tempfile.TemporaryDirectory()

# Writes half of a file, says so, and waits to be killed.
WRITER = """
import sys, time
data = open(sys.argv[1], "rb").read()
file = open(sys.argv[2], "wb")
file.write(data[:len(data) // 2])
file.flush()
print("half", flush=True)
time.sleep(600)
"""


def dump(path, seed, decay):
    """A recurrence of state 6; its ESS depends on the decay."""
    random = np.random.default_rng(seed)
    length = 48
    np.savez(path, **{
        "l0/q": random.standard_normal((2, length, 6), np.float32),
        "l0/k": random.standard_normal((2, length, 6), np.float32),
        "l0/la": np.full((2, length), -decay, np.float32),
        "meta": np.array(json.dumps({"esscope": 1, "layers": {
            "l0": {"kind": "decay"}}}))})
    return path


def check(passed, what, terminal):
    return ok(passed, what, "" if passed else show(terminal))


def at(name):
    return os.path.join(FOLDER.name, name)


def opened(path, *options):
    t = esscope(path, "--channel", "1", "--position", "20", "--rel-tol",
                "3e-2", *options, columns=120)
    ready(t)
    return t


def stays(t):
    seen = read_out(t)
    return (seen and seen[:2] == (1, 20)
            and "tol rel 3.0e-02" in t.text())


def rewritten():
    path = dump(at("run.npz"), 1, 0.01)
    with opened(path) as t:
        before = read_out(t)
        ok(t.settle(2.5), "while nothing changes it sends nothing",
           bytes(t.raw[-400:]))
        dump(path, 1, 3.0)
        check(t.wait_for("was read again"), "a file written again is read "
              "again", t)
        t.wait_until(lambda: read_out(t) and read_out(t) != before)
        t.settle()
        check(stays(t) and read_out(t)[2] < before[2] and agrees(t, path),
              "its numbers are shown, cursor and tolerance stay", t)
        dump(at("next.npz"), 2, 0.01)
        os.replace(at("next.npz"), path)
        check(t.wait_until(lambda: read_out(t)
                           and read_out(t)[2] > before[2] - 2)
              and stays(t), "so is one that took its place", t)
        t.settle()
        check(agrees(t, path), "with its numbers", t)
        t.send("q")
        ok(t.wait() == 0, "and it ends well")


def half():
    path, whole = dump(at("half.npz"), 3, 0.01), dump(at("whole.npz"), 4, 3.0)
    with opened(path) as t:
        before = read_out(t)
        with subprocess.Popen([sys.executable, "-c", WRITER, whole, path],
                              stdout=subprocess.PIPE) as writer:
            writer.stdout.readline()
            check(t.wait_for("waiting for a whole file"),
                  "a half-written file is waited for", t)
            t.settle()
            check(stays(t) and read_out(t) == before,
                  "what was there is still shown", t)
            writer.send_signal(signal.SIGKILL)
            writer.wait()
        t.send("l", "h")
        t.settle()
        check(t.status is None and stays(t), "it outlives its writer", t)
        shutil.copyfile(whole, path)
        check(t.wait_for("was read again"), "once it is whole it is read", t)
        t.wait_until(lambda: read_out(t) and read_out(t)[2] < before[2])
        t.settle()
        check(stays(t) and agrees(t, path), "with its numbers", t)
        os.remove(path)
        check(t.wait_for("is gone"), "that it is gone is said", t)
        t.send("l", "h")
        t.settle()
        check(stays(t), "and what was read stays", t)


def growing():
    folder = at("runs")
    os.mkdir(folder)
    dump(os.path.join(folder, "step1.npz"), 5, 0.01)
    with opened(folder) as t:
        dump(os.path.join(folder, "step2.npz"), 6, 0.01)
        check(t.wait_for("1 new, 2 dumps now") and "1/2" in t.text(),
              "a new checkpoint appears", t)
        t.wait_until(lambda: read_out(t))
        check(stays(t), "cursor and tolerance stay", t)
        t.send("d")
        check(t.wait_for("2/2"), "and d goes to it", t)


def end_of(t):
    """Where the colours end, in words."""
    found = re.search(r"\u25b7?\d+ seen at rel [0-9.e-]+", t.text())
    return found and found.group()


def ends_of_operator(t):
    found = re.search(r"(-\d\.\d)\W+?(\d\.\d) log10 \|T\|", t.text())
    return found and found.groups()


def colours():
    """Checkpoints are compared: where colours end stays, and beyond is said."""
    path = dump(at("colours.npz"), 8, 3.0)
    with opened(path, "--scale", "seen") as t:
        t.wait_until(lambda: end_of(t))
        t.settle()
        first, before = end_of(t), read_out(t)
        dump(path, 8, 0.01)
        t.wait_until(lambda: read_out(t) and read_out(t)[2] > before[2])
        t.settle()
        check(first and end_of(t) == "\u25b7" + first and "more above" in t.text(),
              f"another checkpoint, the same colours: {first}", t)
        t.send(":scale seen", "Enter")
        check(t.wait_until(lambda: end_of(t) not in (None, first, "\u25b7" + first))
              and "more above" not in t.text(), "until s asks again", t)
        last = end_of(t)
        dump(path, 8, 3.0)
        t.wait_until(lambda: read_out(t) and read_out(t)[2] == before[2])
        t.settle()
        check(end_of(t) == last, "of less than that they stay as well", t)
        t.send("o")
        t.wait_until(lambda: ends_of_operator(t))
        before = ends_of_operator(t)
        dump(path, 8, 0.01)
        t.wait_for("was read again")
        t.settle()
        check(before and ends_of_operator(t) == before,
              f"so do those of T: {before}", t)
    folder = at("colours")
    os.mkdir(folder)
    dump(os.path.join(folder, "step1.npz"), 9, 3.0)
    dump(os.path.join(folder, "step2.npz"), 9, 0.01)
    with opened(folder, "--scale", "seen") as t:
        t.wait_until(lambda: end_of(t))
        t.settle()
        first = end_of(t)
        for key, wanted in ("d", "\u25b7" + first), ("D", first):
            t.send(key)
            t.settle()
            check(t.wait_until(lambda: end_of(t) == wanted),
                  f"{key}: {wanted}", t)


def unwatched():
    path = dump(at("still.npz"), 7, 0.01)
    with opened(path, "--no-watch") as t:
        before = read_out(t)
        dump(path, 7, 3.0)
        ok(t.settle(4) and read_out(t) == before
           and "read again" not in bytes(t.raw).decode(errors="replace"),
           "--no-watch: what is shown stays")


for part in (rewritten, half, growing, colours, unwatched):
    part()
done()
