"""The terminal is given back whatever ends or stops the program."""
import os
import signal
import sys
import termios

sys.path.insert(0, os.path.join(os.environ.get("srcdir", "."), "tests"))
sys.path.insert(0, os.path.join(os.environ.get("srcdir", "."), "tests", "ui"))
from tap import done, ok, skip
from demo import (FOREIGN, MOUSE_ON, SANITIZED, Terminal, given_back,
                  left_clean)


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
    t.press(b"\x03")
    ok(t.log.next() == "key 3", "but Ctrl-C is a key")
    os.kill(t.pid, signal.SIGINT)
    ok(t.end()[0] == 130 and t.restored(), "and is what it was afterwards")
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
        t.press(b"\x1a")
    else:
        t.ask("suspend")
    ok(t.report.next() == "stopped", f"{how} stops it")
    data = t.take()
    ok(given_back(data) and t.restored(),
       f"{how}: the terminal is as it was", data)
    t.resize(30, 70)
    t.order("foreground")
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


def test_without_alternate_screen():
    """The last screen stays there, and the shell goes on below it."""
    t = Terminal(TERM="vt100")
    t.start()
    t.take()
    t.press(b"\x1a")
    t.report.next()
    t.take()
    ok(left_clean(t) and t.restored(), "vt100: Ctrl-Z leaves a blank line",
       t.screen.display)
    t.resize(30, 70)
    t.order("foreground")
    t.until("resize")
    t.take()
    ok(t.line(0) == "esscope" and t.line(29) == "last line",
       "vt100: and the frame comes back", t.screen.display)
    os.kill(t.pid, signal.SIGQUIT)
    status, data = t.end()
    ok(left_clean(t) and t.restored() and not FOREIGN.search(data),
       "vt100: a fatal signal leaves one, too", (status, data))
    t.close()


def test_background():
    t = Terminal()
    t.start()
    t.press(b"\x1a")
    t.report.next()
    t.take()
    os.kill(t.pid, signal.SIGTERM)
    t.order("background")
    status, data = t.end()
    ok(status == 143 and data == b"" and t.restored(),
       "ended while stopped, it leaves the terminal alone", (status, data))
    t.close()
    t = Terminal()
    t.start()
    t.press(b"\x1a")
    t.report.next()
    t.take()
    t.order("background")
    ok(t.report.next() == "stopped" and t.take() == b"" and t.restored(),
       "continued in the background, it stops again")
    t.order("foreground")
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
    t.order("foreground")
    t.until("resize")
    data = t.take()
    ok(MOUSE_ON in data and b"last line" in data and not t.restored(),
       "modes and frame are set anew after it", data)
    t.end("close")
    ok(t.restored(), "and given back")
    t.close()


def test_crashes():
    for how, expected in (("abort", -signal.SIGABRT),
                          ("overflow", -signal.SIGSEGV), ("exit", 1)):
        t = Terminal()
        t.start()
        held = t.tell("stderr a word before it")
        ok(b"a word" not in held, "standard error does not scribble")
        status, data = t.end(how)
        if how == "overflow" and SANITIZED:
            skip("overflow", "a sanitizer has the signal")
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
        if SANITIZED and number != signal.SIGQUIT:
            skip(number.name, "a sanitizer has the signal")
        else:
            ok(status == -number and given_back(data) and t.restored(),
               f"{number.name}: the terminal is given back", (status, data))
        t.close()


def test_second_interrupt():
    t = Terminal()
    t.start()
    t.ask("busy")
    t.until("busy")
    os.kill(t.pid, signal.SIGINT)
    ok(t.log.next() == "busy", "one SIGINT waits for a busy program")
    os.kill(t.pid, signal.SIGINT)
    status, data = t.end()
    ok(status == -signal.SIGINT and given_back(data) and t.restored(),
       "a second one does not", (status, data))
    t.close()


test_signals()
test_hangup()
test_stop("Ctrl-Z")
test_stop("suspend")
test_without_alternate_screen()
test_background()
test_stopped_by_others()
test_crashes()
test_second_interrupt()
done()
