"""Ended or stopped at any moment, under load, the terminal is as it was: main
screen, no mouse, no open bracket, lines and echo; and a dropped link keeps
the place."""
import os
import random
import re
import signal
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from looking import HYBRID, esscope, read_out, ready  # noqa: E402
from tap import ESSCOPE, done, ok  # noqa: E402
from terminal import PATIENCE  # noqa: E402

ROUNDS = int(os.environ.get("KILL_ROUNDS", "24"))
KEYS = "lhjk[]{}vVrc)(+-wWioTRS"
OWN = {1049, 1047, 1002, 1006, 1003, 1000, 2026, 1}
random.seed(int(os.environ.get("KILL_SEED", "5")))


with open(ESSCOPE, "rb") as _file:
    _program = _file.read()
# A sanitizer takes these two for itself.
TAKEN = {signal.SIGSEGV, signal.SIGBUS} if any(
    mark in _program for mark in (b"__asan_init", b"__tsan_init",
                                  b"__ubsan_handle")) else set()


def sane(t):
    """What is left over, "" if nothing."""
    left = OWN & t.modes()
    shown = bytes(t.raw).rfind(b"\x1b[?25h") \
        >= bytes(t.raw).rfind(b"\x1b[?25l")
    pen = re.findall(rb"\x1b\[([0-9;]*)m", bytes(t.raw))
    return f"{left or ''}{'' if t.cooked() else ' raw'}" \
        f"{'' if shown else ' no cursor'}" \
        f"{'' if not pen or pen[-1] in (b'', b'0', b'39;49') else ' pen'}"


def busy(t):
    """Keys and time at random, from the very start on."""
    t.pump(random.choice((0, 0.02, 0.1, 0.4)))
    for _ in range(random.randrange(4)):
        t.send("".join(random.choices(KEYS, k=random.randrange(1, 40))))
        t.pump(random.random() * 0.03)


def taken(t):
    return t.wait_until(lambda: b"\x1b[?1049h" in t.raw)


def killed():
    numbers = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT,
               signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGTSTP)
    numbers = [number for number in numbers if number not in TAKEN]
    bad = []
    for k in range(ROUNDS):
        number = numbers[k % len(numbers)]
        with esscope(HYBRID, "--no-cache", rows=random.choice((24, 48)),
                     columns=random.choice((80, 160)),
                     term=random.choice(("xterm-256color", "screen-256color",
                                         "xterm"))) as t:
            taken(t)
            busy(t)
            t.signal(number)
            if number == signal.SIGTSTP:
                # Its group has no shell: it goes on, then ends in order.
                t.pump(0.3)
                t.signal(signal.SIGCONT)
                t.pump(0.1)
                t.signal(signal.SIGTERM)
            status = t.wait()
            if status is None or sane(t):
                bad.append((number.name, status, sane(t)))
    ok(not bad, f"{ROUNDS} times ended at random: the terminal is given back",
       bad)


def hung_up():
    """SIGHUP in the midst of keys: the same place the next time."""
    home = {}
    with esscope(HYBRID) as t:
        home["XDG_STATE_HOME"] = os.path.abspath(f"state.{os.getpid()}")
    with esscope(HYBRID, env=home) as t:
        ready(t)
        t.send("jj77|")
        t.settle()
        place = read_out(t)[:2]
        t.signal(signal.SIGHUP)
        ok(t.wait() == 129 and not sane(t), "SIGHUP ends it", t.status)
    with esscope(HYBRID, env=home) as t:
        ready(t)
        ok(read_out(t)[:2] == place == (2, 77), "and the place is kept",
           (read_out(t), place))
    os.system(f"rm -rf state.{os.getpid()}")


def stalled():
    """A terminal that takes no output: nobody reads, or Ctrl-S."""
    home = {"XDG_STATE_HOME": os.path.abspath(f"state.{os.getpid()}")}
    for number, how in ((signal.SIGTERM, "unread"), (signal.SIGHUP, "stopped")):
        with esscope(HYBRID, rows=48, columns=160, env=home) as t:
            ready(t)
            t.send("77|")
            t.settle()
            if how == "stopped":
                t.send("\x13")
                t.pump(0.3)
            for _ in range(40):
                t.send("v}")
                time.sleep(0.02)
            time.sleep(0.5)
            t.signal(number)
            end = time.monotonic() + PATIENCE
            pid = 0
            while not pid and time.monotonic() < end:
                pid, status = os.waitpid(t.pid, os.WNOHANG)
                time.sleep(0.02)
            t.status = os.waitstatus_to_exitcode(status) if pid else None
            kept = os.path.exists(f"state.{os.getpid()}/esscope/sessions")
            ok(t.status == 128 + number and kept, f"{how}: {number.name} "
               "ends it all the same, and the place is kept",
               (t.status, kept))
        os.system(f"rm -rf state.{os.getpid()}")


killed()
hung_up()
stalled()
done()
