"""The page to choose colours by, and with it the ramps as they are drawn:
lightness never turns back, light backgrounds reverse them; and frames
without brackets where these are not wanted."""
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from looking import HYBRID, RECALL, esscope, ready  # noqa: E402
from tap import done, ok  # noqa: E402
from terminal import show  # noqa: E402

LEVELS = {"inferno": 16, "grey": 30, "viridis": 13, "magma": 14,
          "plasma": 15, "cividis": 11}
BRACKET = b"\x1b[?2026h"


def lightness(colour):
    """CIE L* of "rrggbb"."""
    r, g, b = (((int(colour[k:k + 2], 16) / 255 + 0.055) / 1.055) ** 2.4
               if colour[k:k + 2] > "0a" else
               int(colour[k:k + 2], 16) / 255 / 12.92 for k in (0, 2, 4))
    y = 0.2126 * r + 0.7152 * g + 0.0722 * b
    return 116 * y ** (1 / 3) - 16 if y > 0.008856 else 903.3 * y


def page(*options, **how):
    t = esscope(RECALL, *options, rows=60, columns=80, **how)
    ready(t)
    t.send(":colortest\r")
    t.wait_for("COLOURS")
    t.settle()
    return t


def ramp(t, name):
    """Colours of the row of that name, each once, from left to right."""
    row = next((k for k, line in enumerate(t.lines())
                if re.match(rf" *{name}$", line)), None)
    seen = []
    for column in range(80 if row is not None else 0):
        bg = t.cell(row, column).bg
        if bg != "default" and (not seen or seen[-1] != bg):
            seen.append(bg)
    return seen


def coloured():
    for options in ([], ["--light"]):
        with page(*options) as t:
            for name, levels in LEVELS.items():
                found = ramp(t, name)
                light = [lightness(c) for c in found]
                ordered = sorted(light, reverse=bool(options))
                ok(len(found) == levels and light == ordered,
                   f"{name}{' '.join(options)}: {levels} levels in order",
                   (found, light))
            t.send("\x1b")
            t.wait_for("MAP")
            ok("COLOURS" not in t.text(), "Esc leaves")


def truer():
    """Levels of 24 bits, where they are asked for: at the start or later."""
    def direct(t):
        return b";2;" in t.raw

    with page("--color", "truecolor") as t:
        for name in LEVELS:
            found = ramp(t, name)
            light = [lightness(c) for c in found]
            ok(len(found) == 24 + 8 and light == sorted(light),
               f"truecolor {name}: 32 levels in order", (found, light))
        ok(ramp(t, "viridis")[0] == "440154", "in the colours of viridis",
           ramp(t, "viridis"))
        ok(b"38;5;166" in t.raw, "others are of 256")
        t.send("\x1b:palette\r")
        t.wait_for("palette magma")
    for option, env in (([], {"COLORTERM": "truecolor"}),
                        (["--color", "256"], {})):
        with esscope(RECALL, *option, env=env) as t:
            ready(t)
            ok(not direct(t), f"{option} {env}: not by itself")
            t.send(":color truecolor\r")
            t.settle()
            ok(direct(t), ":color truecolor: when asked")
            del t.raw[:]
            t.send(":color auto\r")
            t.settle()
            ok(t.raw and not direct(t), ":color auto: as at the start")
    for term, told in (("vt100", "has 0 colours"), ("linux", "has 8 colours")):
        with esscope(RECALL, "--color", "truecolor", term=term) as t:
            ready(t)
            ok(not direct(t), f"TERM={term}: what it has")
            t.send(":color truecolor\r")
            t.wait_for("was opened with")


def poorer():
    for name, how in (("16", {}), ("mono", {}),
                      ("auto", {"env": {"NO_COLOR": "1"}}),
                      ("auto", {"env": {"LC_ALL": "C"}})):
        with page("--color", name, **how) as t:
            what = " ".join([name, *how.get("env", {})])
            plain = name == "mono" or "NO_COLOR" in what
            colours = {t.cell(row, column).bg for row in range(60)
                       for column in range(80)}
            ok("0 " in t.text() and "signs" in t.text(), what, show(t))
            ok((colours == {"default"}) == plain,
               f"{what}: backgrounds {sorted(colours)}")
            ok(("inferno" in t.text()) == ("LC_ALL" in what),
               f"{what}: other ramps where there are some")
            if "LC_ALL" in what:
                ok(all(ord(c) < 128 for c in t.text()), "in ASCII")


def order():
    """What decides on colours; the first that says something."""
    for options, config, env, coloured_is in (
            (["--color", "256"], "color mono\n", {"NO_COLOR": "1"}, True),
            ([], "color 256\n", {"NO_COLOR": "1"}, True),
            ([], "color truecolor\n", {"NO_COLOR": "1"}, True),
            (["--color", "mono"], "color truecolor\n", {}, False),
            ([], "color mono\n", {"CLICOLOR_FORCE": "1"}, False),
            ([], "", {"NO_COLOR": "1", "CLICOLOR_FORCE": "1"}, False),
            ([], "", {"NO_COLOR": ""}, True),
            ([], "", {"CLICOLOR_FORCE": "1", "TERM": "vt100"}, False),
            ([], "", {"TERM": "xterm-256color"}, True)):
        name = f"config.{os.getpid()}"
        with open(name, "w") as file:
            file.write(config)
        try:
            with esscope(HYBRID, "--config", name, *options, env=env) as t:
                ready(t)
                seen = any(t.cell(row, column).bg != "default"
                           for row in range(24) for column in range(80))
                ok(seen == coloured_is, f"{options} {config.strip()!r} {env}: "
                   f"{'colours' if coloured_is else 'none'}", show(t))
        finally:
            os.unlink(name)


def brackets():
    with esscope(HYBRID, "-c", "sync off") as t:
        ready(t)
        t.send("ljh")
        t.settle()
        ok(BRACKET not in t.raw, "sync off: no brackets")
        t.send(":sync on\r")
        t.settle()
        t.send("l")
        t.settle()
        ok(BRACKET in t.raw, "sync on: brackets")
        ok({1002, 1006} <= t.modes(), "the mouse is on", t.modes())
        t.send(":mouse off\r")
        ok(t.wait_for("the mouse is off") and not {1002, 1006} & t.modes(),
           "mouse off: its modes are off", t.text())
        t.send(":mouse on\r")
        ok(t.wait_for("the mouse is on") and {1002, 1006} <= t.modes(),
           "mouse on: on", t.text())


def repeats():
    """In tmux and screen no character is left to be repeated, whatever TERM
    says: theirs forget all but the last byte of one."""
    for env, wanted in ({}, True), ({"TMUX": "x"}, False), ({"STY": "x"},
                                                            False):
        with esscope(HYBRID, env=env) as t:
            ready(t)
            ok(bool(re.search(rb"\x1b\[\d+b", t.raw)) == wanted
               and "\u2500" * 5 in t.text(), f"{env}: repeats: {wanted}")


coloured()
truer()
poorer()
order()
brackets()
repeats()
done()
