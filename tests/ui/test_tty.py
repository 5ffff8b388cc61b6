#!/usr/bin/python3
"""The terminal: what is sent, what is understood, what is given back.

tty_demo runs on a pseudo-terminal under a small shell, so that it can be
stopped and continued; it is told what to draw and says when it has, so that
every byte belongs to one step and nothing depends on time.
"""

import fcntl
import os
import re
import select
import signal
import struct
import sys
import termios
import unicodedata

try:
    import pyte
except ImportError:
    print("1..0 # SKIP python3-pyte is not installed")
    sys.exit(0)

DEMO = os.path.join(os.environ.get("builddir", "."), "tests/ui/tty_demo")
PATIENCE = 60    # seconds until we call it a hang
MOUSE_ON, MOUSE_OFF = b"\033[?1002h\033[?1006h", b"\033[?1002l\033[?1006l"
FRAME_BEGIN, FRAME_END = b"\033[?2026h", b"\033[?2026l"

count = failed = 0


def ok(passed, what, found=None):
    global count, failed
    count += 1
    if not passed:
        failed += 1
        print("# found:", repr(found), file=sys.stderr)
    print(f"{'' if passed else 'not '}ok {count} - {what}", flush=True)


def shell(tty, argv, env, keep, report, order):
    """Session leader: runs argv in the foreground, reports every change of
    its state, and continues it when a byte comes."""
    os.setsid()
    fcntl.ioctl(tty, termios.TIOCSCTTY, 0)
    for n in (0, 1, 2):
        os.dup2(tty, n)
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    child = os.fork()
    if child == 0:
        os.setpgid(0, 0)
        os.tcsetpgrp(0, os.getpid())
        signal.signal(signal.SIGTTOU, signal.SIG_DFL)
        if "NOHUP" not in env:
            signal.signal(signal.SIGHUP, signal.SIG_DFL)
        for fd in keep:
            os.set_inheritable(fd, True)
        os.execve(argv[0], argv, env)
    saved = termios.tcgetattr(0)
    os.write(report, b"%d\n" % child)
    while True:
        _, status = os.waitpid(child, os.WUNTRACED)
        try:
            os.tcsetpgrp(0, os.getpid())
        except OSError:
            pass    # hung up
        if not os.WIFSTOPPED(status):
            code = (os.WEXITSTATUS(status) if os.WIFEXITED(status)
                    else -os.WTERMSIG(status))
            os.write(report, b"exit %d\n" % code)
            os._exit(0)
        os.write(report, b"stopped\n")
        how = os.read(order, 1)
        if how == b"f":
            os.tcsetpgrp(0, child)
        os.kill(-child, signal.SIGCONT)


class Lines:
    """Lines from a descriptor, waited for."""

    def __init__(self, fd, terminal):
        self.fd, self.terminal, self.rest = fd, terminal, b""

    def next(self):
        while b"\n" not in self.rest:
            ready = [self.fd] + self.terminal.masters()
            ready, _, _ = select.select(ready, [], [], PATIENCE)
            if not ready:
                raise TimeoutError("nothing comes")
            if self.terminal.master in ready:
                self.terminal.receive()
            if self.fd in ready:
                data = os.read(self.fd, 4096)
                if not data:
                    return "closed"
                self.rest += data
        line, self.rest = self.rest.split(b"\n", 1)
        return line.decode()


class Terminal:
    def __init__(self, *options, rows=24, columns=80, **env):
        environment = {"TERM": "xterm-256color", "LC_ALL": "C.UTF-8"}
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS",
                     "TSAN_OPTIONS", "LD_LIBRARY_PATH"):
            if name in os.environ:
                environment[name] = os.environ[name]
        environment.update(env)
        environment = {k: v for k, v in environment.items() if v is not None}
        self.master, slave = os.openpty()
        self.resize(rows, columns)
        self.before = termios.tcgetattr(self.master)
        self.sent = b""
        demo_in, self.orders = os.pipe()
        log, demo_out = os.pipe()
        report, shell_out = os.pipe()
        shell_in, self.shell_orders = os.pipe()
        self.screen = pyte.Screen(columns, rows)
        self.stream = pyte.ByteStream(self.screen)
        self.leader = os.fork()
        if self.leader == 0:
            for fd in (self.master, self.orders, log, report,
                       self.shell_orders):
                os.close(fd)
            shell(slave, [DEMO, str(demo_in), str(demo_out), *options],
                  environment, (demo_in, demo_out), shell_out, shell_in)
        for fd in (slave, demo_in, demo_out, shell_out, shell_in):
            os.close(fd)
        self.log, self.report = Lines(log, self), Lines(report, self)
        self.pid = int(self.report.next())

    def masters(self):
        return [self.master] if self.master >= 0 else []

    def receive(self):
        """Everything that has been sent by now."""
        while self.masters() and select.select([self.master], [], [], 0)[0]:
            try:
                data = os.read(self.master, 65536)
            except OSError:
                break
            if not data:
                break
            self.sent += data

    def take(self):
        """The bytes since the last take, shown on the screen."""
        self.receive()
        data, self.sent = self.sent, b""
        # pyte knows no REP, nor keypad modes with '>' and '='.
        show = re.sub(rb"(.)\033\[(\d+)b",
                      lambda m: m[1] * (int(m[2]) + 1), data)
        self.stream.feed(show)
        return data

    def until(self, last):
        """Log lines up to the one that starts with `last`."""
        lines = []
        while not lines or not (lines[-1].startswith(last)
                                or lines[-1] == "closed"):
            lines.append(self.log.next())
        return lines

    def start(self):
        lines = self.until("done")
        return lines[:-1]

    def tell(self, command):
        """Has a command done; returns the bytes it sent."""
        self.take()
        os.write(self.orders, command.encode() + b"\n")
        self.until("done")
        return self.take()

    def type(self, data, events=1):
        """Types bytes; returns so many lines of what was understood."""
        os.write(self.master, data)
        return [self.log.next() for _ in range(events)]

    def resize(self, rows, columns):
        fcntl.ioctl(self.master, termios.TIOCSWINSZ,
                    struct.pack("HHHH", rows, columns, 0, 0))

    def line(self, row):
        return self.screen.display[row].rstrip()

    def cells(self):
        return [self.screen.buffer[i][j] for i in range(self.screen.lines)
                for j in range(self.screen.columns)]

    def end(self, command=None):
        """Waits for the end; returns the exit status and the last bytes."""
        if command:
            self.take()
            os.write(self.orders, command.encode() + b"\n")
        state = self.report.next()
        data = self.take()
        return int(state.split()[1]), data

    def restored(self):
        return termios.tcgetattr(self.master) == self.before

    def close(self):
        for fd in (self.orders, self.shell_orders, self.log.fd,
                   self.report.fd, *self.masters()):
            os.close(fd)
        os.waitpid(self.leader, 0)


def given_back(data):
    """Do these bytes leave the terminal as it was?"""
    return (MOUSE_OFF in data and data.rfind(b"\033[?1049l") > 0
            and b"\033[?1049h" not in data
            and (b"\033[?25h" in data or b"\033[?12l\033[?25h" in data
                 or b"\033[34h\033[?25h" in data))


def test_frames():
    t = Terminal()
    ok(t.start() == [], "nothing to notice on a known terminal")
    first = t.take()
    ok(b"\033[?1049h" in first and MOUSE_ON in first,
       "alternate screen and mouse at the start", first)
    ok(t.line(0) == "esscope" and t.line(23) == "last line",
       "the first frame is there", t.screen.display)
    ok(FRAME_BEGIN not in first, "a full repaint is not bracketed")
    ok(t.tell("text esscope") == b"", "an unchanged frame sends nothing")
    data = t.tell("text esscopf")
    ok(data.startswith(FRAME_BEGIN) and data.endswith(FRAME_END)
       and data.count(FRAME_BEGIN) == 1, "a change comes in one bracket", data)
    ok(len(data) < 80, f"one cell in few bytes: {len(data)}", data)
    ok(t.line(0) == "esscopf", "and it is the right one", t.line(0))
    ok(b"\033[2J" not in data and b"\033[J" not in data, "without clearing")
    t.tell("text 中文 e\u0301 \u4e2d!")
    ok(t.line(0).replace("中", "中").startswith("中")
       and unicodedata.normalize("NFC", t.line(0)).rstrip()[-1] == "!",
       "wide and combining characters", t.line(0))
    status, data = t.end("close")
    ok(status == 0 and given_back(data), "closed in order", data)
    ok(t.restored(), "terminal modes are those of the start")
    t.close()


def test_budget():
    t = Terminal(rows=48, columns=160)
    t.start()
    full = t.tell("map 0")
    ok(len(full) <= 40000, f"smooth map, full: {len(full)} bytes")
    t.tell("cursor 40 60")
    for where in ("cursor 40 61", "cursor 41 61", "cursor 42 61"):
        data = t.tell(where)
        ok(0 < len(data) <= 400, f"cursor move: {len(data)} bytes", data)
    ok(t.tell("cursor 42 61") == b"", "no move, no bytes")
    data = t.tell("map 1")
    ok(0 < len(data) <= 6000, f"slider tick: {len(data)} bytes")
    before = t.cells()
    data = t.tell("map 20")
    changed = sum(a != b for a, b in zip(before, t.cells()))
    ok(changed > 500 and len(data) <= 30 * changed,
       f"larger tick: {len(data)} bytes for {changed} cells")
    data = t.tell("dense")
    ok(len(data) <= 140000, f"dense noise: {len(data)} bytes")
    ok(not re.search(rb"\033\[[0-9;]*[34]8;5;([0-9]|1[0-5])(;|m)", data)
       and not re.search(rb"\033\[(3|4|9|10)[0-7]m", full),
       "data leave the user's sixteen colours alone")
    t.end("close")
    t.close()


def test_keys(term):
    t = Terminal(TERM=term)
    t.start()
    for data, event in (
            (b"a", "key 97"), (b"\r", "key 10"), (b"\n", "key 10"),
            (b"\t", "key 9"), (b"\x7f", "special 10"), (b"\033", "key 27"),
            ("é".encode(), "key 233"), ("中".encode(), "key 20013"),
            (b"\033OA", "special 1"), (b"\033[A", "special 1"),
            (b"\033OD", "special 3"), (b"\033[D", "special 3"),
            (b"\033[5~", "special 7"), (b"\033[6~", "special 8"),
            (b"\033[H", "special 5"), (b"\033[1~", "special 5"),
            (b"\033[F", "special 6"), (b"\033[3~", "special 11"),
            (b"\033[Z", "special 9"), (b"\033OP", "special 14"),
            (b"\033[1;2D", "special 12"), (b"\033[1;2C", "special 13")):
        found = t.type(data)
        ok(found == [event], f"{term}: {data} is {event}", found)
    found = t.type(b"\033[1;5C\033[99~\033[200~\033[?1;2c\xff\xe4\xb8q")
    ok(found == ["key 113"],
       f"{term}: what means nothing is not typed", found)
    for data, event in (
            (b"\033[<0;251;3M", "mouse press 2 250"),
            (b"\033[<32;300;40M", "mouse drag 39 299"),
            (b"\033[<0;300;40m", "mouse release 39 299"),
            (b"\033[<64;1;1M", "mouse up 0 0"),
            (b"\033[<65;1;1M", "mouse down 0 0"),
            (b"\033[M !\"", "mouse press 1 0"),
            (b"\033[M#!\"", "mouse release 1 0")):
        found = t.type(data)
        ok(found == [event], f"{term}: {data} is {event}", found)
    found = t.type(b"\033[<35;5;5M\033[<2;5;5M\033[<0;0;0M\033[<x\033[<9q.")
    ok(found == ["key 46"],
       f"{term}: other buttons and broken reports are dropped", found)
    t.end("close")
    t.close()


def test_mouse_switch():
    t = Terminal("--no-mouse")
    t.start()
    ok(b"?1002" not in t.take(), "no mouse where it is not wanted")
    ok(t.tell("mouse 1") == MOUSE_ON and t.tell("mouse 0") == MOUSE_OFF,
       "on and off while running")
    ok(b"?1002" not in t.end("close")[1], "and not at the end")
    t.close()


def test_signals():
    for number in (signal.SIGTERM, signal.SIGINT):
        t = Terminal()
        t.start()
        t.take()
        os.kill(t.pid, number)
        ok(t.log.next() == f"end {int(number)}", f"{number.name} is told")
        status, data = t.end()
        ok(status == 128 + number and given_back(data) and t.restored(),
           f"{number.name} ends it and gives the terminal back", data)
        t.close()
    t = Terminal()
    t.start()
    t.take()
    os.write(t.master, b"\x03")
    ok(t.log.next() == "end 2", "so does Ctrl-C")
    ok(t.end()[0] == 130 and t.restored(), "with the terminal restored")
    t.close()


def test_hangup():
    for environment in ({}, {"NOHUP": "1"}):
        t = Terminal(**environment)
        t.start()
        os.close(t.master)
        t.master = -1
        ok(t.log.next() == "end 1", "a hang-up is told, "
           + ("SIGHUP ignored" if environment else "by SIGHUP"))
        ok(t.end()[0] == 129, "and ends it")
        t.close()


def test_stop(how):
    t = Terminal()
    t.start()
    t.tell("text before")
    if how == "Ctrl-Z":
        os.write(t.master, b"\x1a")
    else:
        os.write(t.orders, b"suspend\n")
    ok(t.report.next() == "stopped", f"{how} stops it")
    data = t.take()
    ok(given_back(data) and t.restored(),
       f"{how}: the terminal is as it was", data)
    t.resize(30, 70)
    t.screen.resize(30, 70)
    os.write(t.shell_orders, b"f")
    t.until("resize" if how == "Ctrl-Z" else "done")
    data = t.take()
    ok(b"\033[?1049h" in data and MOUSE_ON in data,
       f"{how}: taken again when continued", data)
    ok(t.line(0) == "before" and t.line(29) == "last line",
       f"{how}: the whole frame is drawn, in the new size",
       t.screen.display)
    data = t.tell("text before")
    ok(data == b"", f"{how}: and known to be there", data)
    status, data = t.end("close")
    ok(status == 0 and given_back(data) and t.restored(),
       f"{how}: closed in order after that")
    t.close()


def test_background():
    t = Terminal()
    t.start()
    os.write(t.master, b"\x1a")
    t.report.next()
    t.take()
    os.kill(t.pid, signal.SIGTERM)
    os.write(t.shell_orders, b"b")
    status, data = t.end()
    ok(status == 143 and data == b"" and t.restored(),
       "ended while stopped, it leaves the terminal alone", (status, data))
    t.close()
    t = Terminal()
    t.start()
    os.write(t.master, b"\x1a")
    t.report.next()
    t.take()
    os.write(t.shell_orders, b"b")
    ok(t.report.next() == "stopped" and t.take() == b"" and t.restored(),
       "continued in the background, it stops again")
    os.write(t.shell_orders, b"f")
    t.until("resize")
    ok(t.take() and t.line(0) == "esscope", "and comes to the foreground")
    t.end("close")
    t.close()


def test_stopped_by_others():
    t = Terminal()
    t.start()
    os.kill(t.pid, signal.SIGSTOP)
    ok(t.report.next() == "stopped", "SIGSTOP leaves no choice")
    t.take()
    termios.tcsetattr(t.master, termios.TCSANOW, t.before)
    os.write(t.shell_orders, b"f")
    t.until("resize")
    data = t.take()
    ok(MOUSE_ON in data and b"last line" in data and not t.restored(),
       "modes and frame are set anew after it", data)
    t.end("close")
    ok(t.restored(), "and given back")
    t.close()


def test_crashes():
    sanitized = any(os.environ.get(n) for n in ("ASAN_OPTIONS",))
    for how, expected in (("abort", -signal.SIGABRT),
                          ("overflow", -signal.SIGSEGV), ("exit", 1)):
        t = Terminal()
        t.start()
        held = t.tell("stderr a word before it")
        ok(b"a word" not in held, "standard error does not scribble")
        status, data = t.end(how)
        if how == "overflow" and status != expected:
            ok(True, "overflow # SKIP a sanitizer has the signal")
            t.close()
            continue
        ok(status == expected, f"{how}: ends as it must", status)
        ok(given_back(data) and t.restored(),
           f"{how}: the terminal is given back", data)
        ok(data.rfind(b"a word before it") > data.rfind(b"\033[?1049l"),
           f"{how}: what was said is shown after", data)
        if how == "exit":
            ok(b"not enough memory" in data, "last words and all", data)
        t.close()
    for number in (signal.SIGQUIT, signal.SIGBUS, signal.SIGFPE):
        t = Terminal()
        t.start()
        t.take()
        os.kill(t.pid, number)
        status, data = t.end()
        if status != -number:
            ok(True, f"{number.name} # SKIP a sanitizer has the signal")
        else:
            ok(given_back(data) and t.restored(),
               f"{number.name}: the terminal is given back", (status, data))
        t.close()


def test_second_interrupt():
    t = Terminal()
    t.start()
    t.take()
    os.write(t.orders, b"busy\n")
    t.until("busy")
    os.kill(t.pid, signal.SIGINT)
    ok(t.log.next() == "busy", "one SIGINT waits for a busy program")
    os.kill(t.pid, signal.SIGINT)
    status, data = t.end()
    ok(status == -signal.SIGINT and given_back(data) and t.restored(),
       "a second one does not", (status, data))
    t.close()


def test_terms():
    for term in ("xterm-256color", "tmux-256color", "screen",
                 "screen-256color", "vt100", "linux", "xterm"):
        t = Terminal(TERM=term)
        ok(t.start() == [], f"{term}: known")
        t.tell("map 0")
        t.tell("text on " + term)
        ok(t.line(0) == "on " + term and t.line(23) == "last line",
           f"{term}: the frame is there", t.screen.display)
        status, data = t.end("close")
        ok(status == 0 and t.restored() and MOUSE_OFF in data,
           f"{term}: given back", (status, data))
        t.close()
    for term in ("nosuch-kitty", "xterm-ghostty-nosuch", "tmux-nosuch"):
        t = Terminal(TERM=term)
        lines = t.start()
        ok(len(lines) == 1 and term in lines[0]
           and "not known" in lines[0], f"{term}: falls back, says so", lines)
        ok(t.take() and t.line(0) == "esscope", f"{term}: and works")
        t.end("close")
        t.close()
    for term, words in (("nosuch", "infocmp -x"), ("dumb", "cursor"),
                        (None, "TERM is not set"), ("", "TERM is not set")):
        t = Terminal(TERM=term)
        line = t.log.next()
        ok(line.startswith("failed") and words in line,
           f"TERM={term}: one sentence", line)
        status, data = t.end()
        ok(status == 1 and data == b"" and t.restored(),
           f"TERM={term}: nothing sent, nothing changed", data)
        t.close()


def colours_in(data):
    return re.findall(rb"\033\[[0-9;]*?(?:[34]8;5|(?:[349]|10)[0-9])[;m]",
                      data)


def test_colour():
    t = Terminal(NO_COLOR="1")
    t.start()
    data = t.take() + t.tell("map 0")
    ok(not colours_in(data), "NO_COLOR: no colour is sent", colours_in(data))
    ok("░" in "".join(t.screen.display), "NO_COLOR: shades instead")
    ok(b"\033[7m" in data or b"\033[0;7m" in data or b";7m" in data,
       "NO_COLOR: the selection is still reversed", data)
    t.end("close")
    t.close()
    t = Terminal("--color=16")
    t.start()
    data = t.tell("map 0")
    ok(colours_in(data) and b"8;5;" not in data, "16 colours", data[:200])
    t.end("close")
    t.close()
    t = Terminal("--color=256", TERM="vt100")
    lines = t.start()
    data = t.take() + t.tell("map 0")
    ok(len(lines) == 1 and "0 colours" in lines[0] and not colours_in(data),
       "more colours than there are: says so", lines)
    t.end("close")
    t.close()
    t = Terminal("--color=pink")
    ok("no colour mode" in t.log.next(), "pink is no colour mode")
    found = t.end()
    ok(found == (1, b"") and t.restored(), "and nothing is sent", found)
    t.close()


def test_locale():
    t = Terminal(LC_ALL="C")
    t.start()
    data = t.take() + t.tell("map 0") + t.tell("text é中")
    ok(all(byte < 128 for byte in data), "LANG=C: nothing but ASCII is sent")
    ok(t.line(0).startswith("???") or t.line(0).startswith("??"),
       "LANG=C: '?' for what it has not", t.line(0))
    ok(t.type("é".encode()) == ["key 233"], "LANG=C: typed text is UTF-8")
    t.end("close")
    t.close()
    t = Terminal("--utf8", LC_ALL="C")
    t.start()
    t.tell("text 中é")
    ok(t.line(0).startswith("中"), "--utf8 wins over LANG=C", t.line(0))
    t.end("close")
    t.close()
    t = Terminal("--ascii")
    t.start()
    data = t.take() + t.tell("map 0")
    ok(all(byte < 128 for byte in data), "--ascii wins over UTF-8")
    t.end("close")
    t.close()


def test_resize():
    t = Terminal(LINES="10", COLUMNS="10")
    t.start()
    t.take()
    ok(t.line(23) == "last line", "the real size wins over LINES")
    t.tell("map 0")
    for rows, columns in ((10, 30), (1, 1), (2, 3), (5, 20), (1, 200),
                          (60, 1), (50, 300), (24, 80)):
        t.resize(rows, columns)
        t.screen.resize(rows, columns)
        lines = t.until(f"resize {rows} {columns}")
        ok(lines[-1] == f"resize {rows} {columns}",
           f"resized to {rows} x {columns}", lines)
        t.tell("cursor 1 1")
    t.take()
    ok(t.line(0) == "esscope" and t.line(23) == "last line",
       "whole again after all that", t.screen.display)
    status, _ = t.end("close")
    ok(status == 0 and t.restored(), "and closed in order")
    t.close()


def main():
    test_frames()
    test_budget()
    for term in ("xterm-256color", "tmux-256color", "screen", "vt100"):
        test_keys(term)
    test_mouse_switch()
    test_signals()
    test_hangup()
    test_stop("Ctrl-Z")
    test_stop("suspend")
    test_background()
    test_stopped_by_others()
    test_crashes()
    test_second_interrupt()
    test_terms()
    test_colour()
    test_locale()
    test_resize()
    print(f"1..{count}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
