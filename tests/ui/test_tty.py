"""What the terminal is sent and what is understood from it."""
import os
import re
import sys
import unicodedata

sys.path.insert(0, os.path.join(os.environ.get("srcdir", "."), "tests"))
sys.path.insert(0, os.path.join(os.environ.get("srcdir", "."), "tests", "ui"))
from tap import done, ok
from demo import (FOREIGN, MOUSE_OFF, MOUSE_ON, Terminal, given_back,
                  left_clean)

FRAME_BEGIN, FRAME_END = b"\033[?2026h", b"\033[?2026l"


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
    t.tell("text 中文 e\u0301 中!")
    ok(unicodedata.normalize("NFC", t.line(0)) == "中文 é 中!",
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


def test_reopen():
    t = Terminal()
    t.start()
    data = t.tell("reopen")
    ok(data.count(b"\033[?1049l") == 1
       and b"\033[?1049h" in data and t.line(0) == "esscope",
       "closed and opened again", data)
    ok(t.type(b"\033[<0;1;1M") == ["mouse press 0 0"], "with its mouse")
    status, data = t.end("close")
    ok(status == 0 and given_back(data) and t.restored(), "and closed")
    t.close()


def test_piped():
    t = Terminal(PIPED="1")
    t.start()
    ok(t.type(b"x\033[A") == ["key 120"] and t.log.next() == "special 1",
       "keys come from the terminal where standard input is none")
    ok(t.end("close")[0] == 0 and t.restored(), "and it is given back")
    t.close()


def test_mouse_switch():
    t = Terminal("--no-mouse")
    t.start()
    ok(b"?1002" not in t.take(), "no mouse where it is not wanted")
    ok(t.tell("mouse 1") == MOUSE_ON and t.tell("mouse 0") == MOUSE_OFF,
       "on and off while running")
    ok(b"?1002" not in t.end("close")[1], "and not at the end")
    t.close()


def test_terms():
    for term in ("xterm-256color", "tmux-256color", "screen",
                 "screen-256color", "vt100", "vt220", "linux", "xterm"):
        t = Terminal(TERM=term)
        ok(t.start() == [], f"{term}: known")
        told = t.take() + t.tell("map 0") + t.tell("mouse 1")
        told += t.tell("text on " + term)
        ok(t.line(0) == "on " + term and t.line(23) == "last line",
           f"{term}: the frame is there", t.screen.display)
        copied = t.tell("copy")
        status, data = t.end("close")
        if term in ("vt100", "vt220", "linux"):
            told += copied + data
            ok(not FOREIGN.search(told), f"{term}: nothing it cannot know",
               FOREIGN.findall(told))
            ok(status == 0 and t.restored() and left_clean(t),
               f"{term}: given back, its last line blank", t.screen.display)
        else:
            ok(status == 0 and t.restored() and MOUSE_OFF in data
               and b"\033]52;c;" in copied, f"{term}: given back",
               (status, data))
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
    ok(t.line(0) == "??",
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


test_frames()
test_budget()
for name in ("xterm-256color", "tmux-256color", "screen", "vt100"):
    test_keys(name)
test_reopen()
test_piped()
test_mouse_switch()
test_terms()
test_colour()
test_locale()
test_resize()
done()
