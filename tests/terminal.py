"""A terminal to test programs in: a pty, and pyte as what reads the bytes.

    with Terminal([ESSCOPE, path], rows=24, columns=80) as t:
        t.wait_for("LAYERS")
        t.send("j")
        t.settle()
        print(t.text())

Nothing here asserts a time: wait_for() gives up late, settle() ends once
nothing has come for a while.
"""
import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import tempfile
import termios
import time
import traceback

from tap import import_or_skip

pyte = import_or_skip("pyte")

PATIENCE = float(os.environ.get("PATIENCE", 180))  # only a failure waits so
QUIET = 0.25

KEYS = {"Up": "\x1bOA", "Down": "\x1bOB", "Right": "\x1bOC", "Left": "\x1bOD",
        "Home": "\x1bOH", "End": "\x1bOF", "PageUp": "\x1b[5~",
        "PageDown": "\x1b[6~", "BackTab": "\x1b[Z", "Tab": "\t",
        "Enter": "\r", "Esc": "\x1b"}


class _Screen(pyte.Screen):
    """What xterm does and pyte does not: REP, SU, SD."""

    last = " "

    def draw(self, data):
        if data:
            self.last = data[-1]
        super().draw(data)

    def repeat(self, count=1, **_):
        self.draw(self.last * (count or 1))

    def scroll_up(self, count=1, **_):
        self._scroll(count, lambda top, bottom: (bottom, self.index))

    def scroll_down(self, count=1, **_):
        self._scroll(count, lambda top, bottom: (top, self.reverse_index))

    def _scroll(self, count, where):
        top, bottom = self.margins or (0, self.lines - 1)
        line, step = where(top, bottom)
        old, self.cursor.y = self.cursor.y, line
        for _ in range(count or 1):
            step()
        self.cursor.y = old


class _Stream(pyte.ByteStream):
    csi = dict(pyte.ByteStream.csi, b="repeat", S="scroll_up",
               T="scroll_down")
    events = frozenset(pyte.ByteStream.events | {"repeat", "scroll_up",
                                                 "scroll_down"})


class Terminal:
    def __init__(self, argv, rows=24, columns=80, term="xterm-256color",
                 env=None):
        self.screen = _Screen(columns, rows)
        self.stream = _Stream(self.screen)
        self.raw = bytearray()          # everything ever received
        self.status = None              # of waitpid, once it ended
        environment = {k: v for k, v in os.environ.items()
                       if not k.startswith("LC_") and k not in
                       ("NO_COLOR", "CLICOLOR_FORCE", "COLORTERM", "TMUX",
                        "LINES", "COLUMNS", "LANGUAGE", "ESCDELAY")}
        # What the program keeps for the next time is of this one alone.
        self.home = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        environment.update(TERM=term, LANG="C.UTF-8", HOME=self.home.name)
        for name in ("CONFIG", "STATE"):
            environment.pop(f"XDG_{name}_HOME", None)
        environment["XDG_CONFIG_DIRS"] = self.home.name
        environment.update(env or {})
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            try:
                # A job in the background, or of nohup, is started with
                # these ignored.
                for number in (signal.SIGINT, signal.SIGQUIT,
                               signal.SIGHUP):
                    signal.signal(number, signal.SIG_DFL)
                _set_size(0, rows, columns)
                os.execvpe(argv[0], argv, environment)
            finally:
                os._exit(127)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    # receiving

    def pump(self, seconds):
        """Takes in what comes within so many seconds; False once the
        program's end of the pty is closed."""
        end = time.monotonic() + seconds
        while True:
            left = end - time.monotonic()
            ready, _, _ = select.select([self.fd], [], [], max(left, 0))
            if not ready:
                return True
            try:
                data = os.read(self.fd, 65536)
            except OSError:     # EIO: closed
                data = b""
            if not data:
                return False
            self.raw += data
            self.stream.feed(data)

    def wait_until(self, condition, patience=PATIENCE):
        """True as soon as condition() is, after more has come in."""
        end = time.monotonic() + patience
        while not condition():
            if not self.pump(0.02):
                return condition()
            if time.monotonic() > end:
                if patience == PATIENCE:    # a test that takes long for it
                    print("# waited in vain:", *where(), flush=True)
                return condition()
        return True

    def wait_for(self, text, patience=PATIENCE):
        """Until text, or a match of a compiled pattern, is on the screen."""
        def seen():
            if hasattr(text, "search"):
                return bool(text.search(self.text()))
            return text in self.text()
        return self.wait_until(seen, patience)

    def settle(self, quiet=QUIET, patience=PATIENCE):
        """Until nothing has come for `quiet` seconds; whether it fell so
        silent."""
        end = time.monotonic() + patience
        while time.monotonic() < end:
            count = len(self.raw)
            if not self.pump(quiet) or count == len(self.raw):
                return True
        return False

    @property
    def bytes(self):
        return len(self.raw)

    # looking

    def lines(self):
        return [line.rstrip() for line in self.screen.display]

    def text(self):
        return "\n".join(self.lines())

    def cell(self, row, column):
        """The pyte cell: data, fg, bg, bold, reverse ..."""
        return self.screen.buffer[row][column]

    def modes(self):
        """Private modes that are set now: 1049, 1002, 2026 ..."""
        on = set()
        for numbers, verb in re.findall(rb"\x1b\[\?([0-9;]+)([hl])",
                                        bytes(self.raw)):
            for number in numbers.split(b";"):
                (on.add if verb == b"h" else on.discard)(int(number))
        return on

    def cooked(self):
        """Is the terminal as a shell wants it: lines, echo, signals?"""
        local = termios.tcgetattr(self.fd)[3]
        wanted = termios.ICANON | termios.ECHO | termios.ISIG
        return local & wanted == wanted

    # acting

    def send(self, *keys):
        """Names of KEYS, else the characters themselves."""
        for key in keys:
            os.write(self.fd, KEYS.get(key, key).encode())

    def mouse(self, action, row, column):
        """press, drag or release at a cell, counted from 0 (SGR)."""
        button, end = {"press": (0, "M"), "drag": (32, "M"),
                       "release": (0, "m")}[action]
        self.send(f"\x1b[<{button};{column + 1};{row + 1}{end}")

    def resize(self, rows, columns):
        self.screen.resize(rows, columns)
        _set_size(self.fd, rows, columns)

    def signal(self, number):
        os.kill(self.pid, number)

    def wait(self, patience=PATIENCE):
        """The exit status (negative: a signal), or None when it runs on."""
        end = time.monotonic() + patience
        while self.status is None and time.monotonic() < end:
            self.pump(0.02)
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.status = os.waitstatus_to_exitcode(status)
        return self.status

    def close(self):
        if self.status is None:
            try:
                os.kill(self.pid, signal.SIGKILL)
                os.waitpid(self.pid, 0)
            except (ProcessLookupError, ChildProcessError):
                pass
            self.status = -signal.SIGKILL
        if self.fd >= 0:
            os.close(self.fd)
            self.fd = -1
        self.home.cleanup()


def where():
    """The lines of the test that is running."""
    return [f"line {frame.lineno}" for frame in traceback.extract_stack()
            if frame.filename == sys.modules["__main__"].__file__]


def _set_size(fd, rows, columns):
    fcntl.ioctl(fd, termios.TIOCSWINSZ,
                struct.pack("HHHH", rows, columns, 0, 0))


def seen(cell):
    """What an eye can tell: a blank has no colour of ink."""
    ink = (cell.data, cell.fg, cell.bold, cell.underscore)
    if cell.data == " " and not cell.underscore:
        ink = (" ", cell.reverse and cell.fg)
    return ink + (cell.bg, cell.reverse)


def cells(screen):
    """Its rows of what an eye can tell of each cell."""
    return [[seen(screen.buffer[row][column])
             for column in range(screen.columns)]
            for row in range(screen.lines)]


def show(terminal):
    """The screen with its borders, for the details of a failed test."""
    width = terminal.screen.columns
    return "\n".join(f"|{line.ljust(width)}|" for line in terminal.lines())


if __name__ == "__main__":  # try it: python3 terminal.py COMMAND...
    with Terminal(sys.argv[1:]) as t:
        t.settle()
        print(show(t))
