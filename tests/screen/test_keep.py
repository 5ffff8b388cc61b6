"""What comes back: sessions by the content of a dump, also when the connection
drops; marks; configuration and themes, with bad lines said and skipped; and
homes that cannot be written, or hold nonsense."""
import glob
import io
import os
import re
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import zipfile
import zlib

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from looking import (ESSCOPE, HYBRID, RECALL, layer, read_out,  # noqa: E402
                     ready, rest, tolerance)
from tap import done, import_or_skip, ok  # noqa: E402
from terminal import Terminal, cells, show  # noqa: E402

np = import_or_skip("numpy")
folder = tempfile.TemporaryDirectory()
dump = os.path.join(folder.name, "dump.npz")
shutil.copy(HYBRID, dump)


class Home:
    """A home directory with nothing in it."""

    def __init__(self, name):
        self.path = os.path.join(folder.name, name)
        os.makedirs(self.path)

    def file(self, *parts):
        path = os.path.join(self.path, *parts)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        return path

    def write(self, text, *parts):
        with open(self.file(*parts), "w", encoding="utf-8") as file:
            file.write(text)

    @property
    def environment(self):
        return {"HOME": self.path, "XDG_CONFIG_DIRS": self.path,
                "XDG_CACHE_HOME": self.path}

    def open(self, path=dump, *options):
        return Terminal([ESSCOPE, path, *options], env=self.environment)

    def play(self, *options):
        """Without a terminal."""
        return subprocess.run(
            [ESSCOPE, dump, "--color=256", *options], input="", check=False,
            env={**os.environ, **self.environment}, capture_output=True,
            encoding="utf-8", timeout=300)

    def sessions(self):
        return glob.glob(os.path.join(self.path, ".local/state/esscope"
                                      "/sessions/*"))


def leave(terminal, number=None):
    if number is None:
        terminal.send("q")
    else:
        terminal.signal(number)
    return terminal.wait()


def where(terminal):
    ready(terminal)
    return layer(terminal), (read_out(terminal) or ())[:2], tolerance(terminal)


def sessions():
    home = Home("sessions")
    there = "layers.2", (1, 77), ("rel", "1.0e-02")
    with home.open() as t:
        ready(t)
        t.send(":layer layers.2; channel 1; 77; tol 1e-2; measure e; "
               "limits 2,9; spacing sqrt; signed on", "Enter", ":mark a it; \"is\" here", "Enter")
        t.settle()
        ok(leave(t) == 0 and len(home.sessions()) == 1,
           "a session is written", home.sessions())
    with home.open() as t:
        ok(where(t) == there and "entropy" in t.text()
           and re.search("2.* 9 as set, sqrt", t.text()), "and comes back",
           show(t))
        t.send("g'a")
        ok(t.wait_for('it; "is" here') and where(t)[1] == (1, 77),
           "with the marks and their notes", show(t))
        t.send("5l")
        t.settle()
        ok(leave(t, signal.SIGHUP) == 128 + signal.SIGHUP,
           "the connection drops")
    moved = os.path.join(folder.name, "elsewhere.npz")
    shutil.copy(dump, moved)
    with home.open(moved) as t:
        ok(where(t)[1] == (1, 82), "and that is kept, under another name, too",
           show(t))
        leave(t, signal.SIGTERM)
    with home.open(dump, "--fresh") as t:
        ok(where(t)[0] == "layers.0" and where(t)[2] == ("rel", "1.0e-03"),
           "--fresh begins anew", show(t))
        t.send(":layer layers.1; 99", "Enter")
        t.settle()
        leave(t)
    with home.open(dump, "--rel-tol", "0.1", "--position", "50") as t:
        ok(where(t) == ("layers.1", (0, 50), ("rel", "1.0e-01")),
           "the command line wins", show(t))
        leave(t)
    with home.open(dump, "--layer", "layers.3") as t:
        ok(where(t)[0] == "layers.3", "with a layer, too", show(t))
        leave(t)
    with home.open(RECALL) as t:
        ok(where(t)[2] == ("rel", "1.0e-03"), "another dump is another",
           show(t))
        leave(t)
    ok(len(home.sessions()) == 2, "a file each", home.sessions())
    several()


def at_rest(t):
    """The cells of the screen once every layer is known, without a message."""
    rest(t)
    t.send("\x0c")
    rest(t)
    return cells(t.screen)


def order():
    """Channels sorted before the cursor, the tolerance and the measure moved
    stand as they did."""
    home = Home("order")
    for then in "3", "tolerance 0.3", "measure s1":
        with home.open(dump, "--fresh") as t:
            ready(t)
            t.send(":layer layers.3; tol 3e-2; 30; sort value; " + then,
                   "Enter")
            expected = at_rest(t)
            leave(t)
        with home.open() as t:
            ok(t.wait_until(lambda: cells(t.screen) == expected)
               and "by va" in t.text(),
               f"sorted, then {then}: every cell is there again", show(t))
            leave(t)


def whole():
    """All that one sees is there again, cell by cell."""
    home = Home("whole")
    for line in ("operator; entry 40 7 2@16,3", "entry 200 150; operator; "
                 "pane spectrum; curve on", "text; g; last-position; 60; full",
                 "span 90; pane profile; full on; scale seen; tolerance 0.3"):
        with home.open(dump, "--fresh", "--layer", "layers.2") as t:
            ready(t)
            t.send(":" + line, "Enter")
            expected = at_rest(t)
            leave(t)
        with home.open() as t:
            ok(t.wait_until(lambda: cells(t.screen) == expected),
               f"{line}: comes back", show(t))
            leave(t)


def several():
    """The view of a dump outlives a look at another beside it; its marks go
    with its content, wherever it stands."""
    home = Home("several")
    with home.open() as t:
        ready(t)
        t.send(":layer layers.2; channel 1; 77; tol 1e-2", "Enter",
               ":mark a", "Enter")
        t.settle()
        leave(t)
    with home.open(dump, RECALL) as t:
        ready(t)
        t.send("d")
        t.settle()
        leave(t)
    with home.open() as t:
        ok(where(t) == ("layers.2", (1, 77), ("rel", "1.0e-02")),
           "a dump's view is kept while another is looked at", show(t))
        leave(t)
    with home.open(RECALL, dump) as t:
        ready(t)
        t.send("'", "a")
        t.settle()
        ok(where(t)[:2] == ("layers.2", (1, 77)),
           "its mark leads to it, though it is the second now", show(t))
        leave(t)


def each():
    """Of several dumps in one run, each comes back as it was left; a mark that
    was deleted does not, even of a dump that was not shown."""
    home = Home("each")
    with home.open(dump, RECALL) as t:
        ready(t)
        t.send(":layer layers.2; channel 1; 77; tol 1e-2", "Enter",
               "d", ":layer layers.1; 30; tol 1e-4; mark b", "Enter")
        t.settle()
        leave(t)
    for path, wanted in ((dump, ("layers.2", (1, 77), ("rel", "1.0e-02"))),
                         (RECALL, ("layers.1", (0, 30), ("rel", "1.0e-04")))):
        with home.open(path) as t:
            ok(where(t) == wanted, f"{os.path.basename(path)} comes back as "
               "it was left", show(t))
            leave(t)
    with home.open(dump, RECALL) as t:
        ready(t)
        t.send(":unmark b", "Enter")
        t.settle()
        leave(t)
    with home.open(RECALL) as t:
        ok(where(t)[:2] == ("layers.1", (0, 30)), "its view outlives that",
           show(t))
        t.send("g'b")
        ok(t.wait_for("no mark b"), "a mark deleted from the dump beside it "
           "is gone", show(t))
        leave(t)


def far():
    """Of many dumps, those far down the list come back as well."""
    home = Home("far")
    many = os.path.join(folder.name, "many")
    os.makedirs(many)
    rng = np.random.default_rng(3)
    for k in range(40):
        np.savez(os.path.join(many, f"step{k:02d}.npz"), **{
            f"a/{name}": rng.normal(size=(1, 30, 4)) for name in "qk"})
    with home.open(many) as t:
        ready(t)
        t.send(":next-dump 33; 21; mark b far", "Enter",
               ":next-dump; 12", "Enter")
        t.settle()
        leave(t)
    ok(len(home.sessions()) == 3, "a file for each that was looked at",
       home.sessions())
    for look in (True, False):
        with home.open(many) as t:
            ready(t)
            if look:
                t.send(":next-dump 33; 5", "Enter")
                t.settle()
            t.send("'b")
            ok(t.wait_for("step33.npz") and where(t)[1] == (0, 21),
               "a mark of the 34th dump leads to it, and outlives a look at "
               "it", show(t))
            leave(t)
    with home.open(os.path.join(many, "step34.npz")) as t:
        ok(where(t)[1] == (0, 12), "and a view comes back", show(t))
        leave(t)


def bounded():
    home = Home("bounded")
    for k in range(400):
        path = home.file(".local/state/esscope/sessions", f"{k:032x}.session")
        with open(path, "w", encoding="ascii"):
            pass
        os.utime(path, (k + 1, k + 1))
    with home.open() as t:
        ready(t)
        leave(t)
    left = home.sessions()
    ok(len(left) == 300 and not any(path.endswith(f"{7:032x}.session")
                                    for path in left),
       "no more than 300 are kept, the latest", len(left))


def damaged():
    home = Home("damaged")
    with home.open() as t:
        ready(t)
        leave(t)
    path = home.sessions()[0]
    for text in (b"", b"\0" * 999, b"\xff\xfe" * 50, b"quit\n", b"x" * 70000,
                 b"layer nowhere\nposition 99999999999\nchannel -1\n"
                 b"zoom 99@99999999999999999999\nmark a\nmark\nposition 7\n",
                 b"bind q find\nscreenshot /dev/full\nsource " + path.encode(),
                 b"position 7; quit\n", b"mark a \x1b[31m\n", b"layer\n"):
        with open(path, "wb") as file:
            file.write(text)
        with home.open() as t:
            ok(ready(t) and "layers.0" in t.text() and leave(t) == 0,
               f"a session of {text[:20]!r}", show(t))
    os.unlink(path)
    os.mkdir(path)
    with home.open() as t:
        ready(t)
        status = leave(t)
        text = t.text()
        ok(status == 0 and text.count("cannot write") == 1,
           "a folder in its place: one warning, at the end", text)
    os.makedirs(os.path.join(folder.name, "file"), exist_ok=True)
    with open(os.path.join(folder.name, "file", "home"), "wb"):
        pass
    with Terminal([ESSCOPE, dump], env={
            "HOME": os.path.join(folder.name, "file", "home")}) as t:
        ready(t)
        t.send(":12", "Enter")
        t.wait_until(lambda: (read_out(t) or ())[1:2] == (12,))
        t.send(":13", "Enter")
        ok(t.wait_until(lambda: (read_out(t) or ())[1:2] == (13,))
           and leave(t) == 0, "no home to write to: the screen goes on",
           show(t))


def configuration():
    home = Home("configuration")
    default = home.play("--print-config").stdout
    for name, text in (("default", default),
                       ("active", re.sub(r"(?m)^#(?! )", "", default))):
        home.write(text, ".config/esscope/config")
        result = home.play("-c", "wait all; screenshot -")
        bare = home.play("--no-config", "-c", "wait all; screenshot -")
        ok(len(text) > 2000 and result.returncode == 0 and not result.stderr
           and result.stdout == bare.stdout,
           f"the {name} configuration changes nothing, without a warning",
           result.stderr)
    home.write("# ours\ntol 0.05\nfrobnicate\nbind X last-position\n"
               "bind Z layer layers.3\npalette blue\nwait\nbind Hyper quit\n"
               f"export {home.file('taken.tsv')}\nscreenshot "
               f"{home.file('taken.txt')}\ny\n", ".config/esscope/config")
    result = home.play("-c", "keys ZX", "-c", "wait all; screenshot -")
    lines = result.stderr.splitlines()
    ok(result.returncode == 0 and "tol rel 5.0e-02" in result.stdout
       and "pos 255" in result.stdout and "MAP layers.3" in result.stdout,
       "good lines hold", result.stdout)
    ok([re.search(r"config:(\d+): ", line).group(1) for line in lines]
       == ["3", "6", "7", "8", "9", "10", "11"],
       "bad lines are said, each with its place", result.stderr)
    ok("config:9: this writes" in result.stderr
       and not glob.glob(home.file("taken*")), "and none of them writes",
       result.stderr)
    with home.open() as t:
        ready(t)
        ok(t.wait_for("config:3: no command"), "and the first on the screen",
           show(t))
        leave(t)
    ok("tol rel 1.0e-03" in home.play("--no-config", "-c",
                                      "screenshot -").stdout, "--no-config")
    home.write("tol 0.5\ncolor mono\n", "other")
    ok("tol rel 5.0e-01" in home.play("--config", home.file("other"), "-c",
                                      "screenshot -").stdout, "--config FILE")
    result = home.play("--config", home.file("none"), "-c", "screenshot -")
    ok(result.returncode == 1 and "none: cannot open" in result.stderr,
       "a FILE that is not there", result.stderr)
    site = Home("site")
    site.write("tol 0.25\nmeasure s1\n", "esscope/config")
    home.write("tol 0.125\n", ".config/esscope/config")
    result = subprocess.run(
        [ESSCOPE, dump, "-c", "wait all; screenshot -"], input="", env={
            **os.environ, **home.environment,
            "XDG_CONFIG_DIRS": "relative:" + site.path,
            "XDG_CONFIG_HOME": "relative"}, check=False,
        capture_output=True, encoding="utf-8")
    ok("tol rel 1.25e-01" in result.stdout and "s1" in result.stdout,
       "the machine's, then the user's; relative folders are ignored",
       result.stdout)


def themes():
    home = Home("themes")
    home.write("role accent 201\nrole nothing 3\n",
               ".config/esscope/themes/mine")
    home.write("theme mine\n", ".config/esscope/config")
    frame = home.file("frame.ans")
    result = home.play("-c", f"wait all; screenshot {frame}")
    with open(frame, encoding="utf-8") as file:
        ok(";38;5;201" in file.read() and "mine:2: no role" in result.stderr,
           "a theme is a file", result.stderr)
    home.write("theme ../themes/mine\ntheme none\n", ".config/esscope/config")
    result = home.play("-c", "screenshot -")
    ok("no name of a theme" in result.stderr and "no theme" in result.stderr,
       "a theme that is none", result.stderr)
    source = os.environ.get("srcdir", ".")
    for path in glob.glob(os.path.join(source, "themes", "*")):
        if not path.endswith(".mk"):
            result = home.play("--config", path, "-c", "screenshot -")
            ok(result.returncode == 0 and not result.stderr,
               f"the theme {os.path.basename(path)} is sound", result.stderr)
    home.write("color mono\n", ".config/esscope/config")
    with home.open() as t:
        ready(t)
        ok(b";5;" not in t.raw, "color in the configuration: no colours")
        leave(t)
    with home.open(dump, "--color=256") as t:
        ready(t)
        ok(b";5;" in t.raw, "but --color wins")
        leave(t)


def zeros(path, megabytes):
    """Heads of 8192 positions, a hundredth of a per cent of it in the file."""
    packer = zlib.compressobj(1, zlib.DEFLATED, -15)
    head = io.BytesIO()
    np.lib.format.write_array_header_1_0(head, {
        "descr": "<f2", "fortran_order": False,
        "shape": (megabytes // 128, 8192, 8192)})
    body = packer.compress(head.getvalue()) + packer.flush(zlib.Z_FULL_FLUSH)
    piece = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("T.npy", body + piece * megabytes + packer.flush())
    with open(path, "rb") as file:
        data = bytearray(file.read())
    at = data.index(b"PK\x01\x02")
    struct.pack_into("<H", data, at + 10, 8)
    struct.pack_into("<I", data, at + 24,
                     len(head.getvalue()) + (megabytes << 20))
    with open(path, "wb") as file:
        file.write(data)


def half_read():
    """A pass over a large member: told while it runs, whatever else there is
    to do, and gone on with the next time."""
    home, path = Home("half"), os.path.join(folder.name, "zeros.npz")
    cache = {"XDG_CACHE_HOME": home.file("cache"), "ESSCOPE_CACHE_SIZE": "1G"}
    zeros(path, 3968)

    def percent(t):
        found = re.search(r"reading (\d+)%", t.text())
        return int(found.group(1)) if found else -1

    with Terminal([ESSCOPE, path], env=cache) as t:
        t.wait_until(lambda: percent(t) >= 0)
        t.send("\x03")
        first = percent(t)
        ok(t.wait_until(lambda: percent(t) > first + 5),
           "work is stopped, and how far reading is goes on", show(t))
        last = percent(t)
        leave(t)
    ok(os.listdir(home.file("cache", "esscope")), "what it found is kept")
    with Terminal([ESSCOPE, path], env=cache) as t:
        t.wait_until(lambda: percent(t) >= 0)
        ok(percent(t) >= last - 1, f"reading goes on behind {last} %", show(t))
        leave(t)


sessions()
order()
whole()
each()
far()
bounded()
damaged()
configuration()
themes()
half_read()
folder.cleanup()
done()
