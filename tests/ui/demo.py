"""tty_demo on a pseudo-terminal under a small shell, so that it can be stopped
and continued. It is told what to draw and says when it has: every byte belongs
to one step, and nothing depends on time.

    t = Terminal("--ascii", rows=48, TERM="vt100")
    t.start()
    data = t.tell("text hello")
    status, data = t.end("close")
    t.close()
"""
import fcntl
import os
import re
import select
import signal
import struct
import termios

from tap import BUILD
from terminal import PATIENCE, _Screen as Screen, _Stream as Stream

DEMO = os.path.join(BUILD, "tests", "ui", "tty_demo")
with open(DEMO, "rb") as _file:
    # A sanitizer takes fatal signals for itself.
    _program = _file.read()
    SANITIZED = (b"__asan_init" in _program or b"__tsan_init" in _program
                 or b"__ubsan_handle" in _program)
# What a terminal without an alternate screen cannot know: OSC, and private
# modes from 1000 on.
FOREIGN = re.compile(rb"\033\]|\033\[\?[0-9;]*[0-9]{4}")
MOUSE_ON, MOUSE_OFF = b"\033[?1002h\033[?1006h", b"\033[?1002l\033[?1006l"


def shell(tty, argv, env, keep, report, order):
    """Session leader: runs argv in the foreground, reports every change of
    its state, and continues it when a byte comes. NOHUP in env: SIGHUP is
    ignored; PIPED: standard input is no terminal."""
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
        for number in (signal.SIGTTOU, signal.SIGINT, signal.SIGQUIT):
            signal.signal(number, signal.SIG_DFL)
        if "NOHUP" not in env:
            signal.signal(signal.SIGHUP, signal.SIG_DFL)
        if "PIPED" in env:
            os.dup2(os.open("/dev/null", os.O_RDONLY), 0)
        for fd in keep:
            os.set_inheritable(fd, True)
        os.execve(argv[0], argv, env)
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
        self.screen = None
        self.master, slave = os.openpty()
        self.resize(rows, columns)
        self.before = termios.tcgetattr(self.master)
        self.sent = b""
        demo_in, self.orders = os.pipe()
        log, demo_out = os.pipe()
        report, shell_out = os.pipe()
        shell_in, self.shell_orders = os.pipe()
        self.screen = Screen(columns, rows)
        self.stream = Stream(self.screen)
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
        self.stream.feed(data)
        return data

    def press(self, data):
        os.write(self.master, data)

    def order(self, how):
        """To the shell: continue in the foreground or the background."""
        os.write(self.shell_orders, how[:1].encode())

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

    def ask(self, command):
        self.take()
        os.write(self.orders, command.encode() + b"\n")

    def tell(self, command):
        """Has a command done; returns the bytes it sent."""
        self.ask(command)
        self.until("done")
        return self.take()

    def type(self, data, events=1):
        """Types bytes; returns so many lines of what was understood."""
        os.write(self.master, data)
        return [self.log.next() for _ in range(events)]

    def resize(self, rows, columns):
        if self.screen:
            self.screen.resize(rows, columns)
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
            self.ask(command)
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


def left_clean(t):
    """Without an alternate screen: the prompt gets a line of its own."""
    last = t.screen.lines - 1
    return (not t.line(last) and t.line(0)
            and (t.screen.cursor.y, t.screen.cursor.x) == (last, 0)
            and not t.screen.cursor.hidden)


def given_back(data):
    """Do these bytes leave the terminal as it was?"""
    return (MOUSE_OFF in data and b"\033[?1049l" in data
            and b"\033[?1049h" not in data and b"\033[?25h" in data)
