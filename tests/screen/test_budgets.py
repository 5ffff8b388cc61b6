"""What the screen sends at 160x48 with 256 colours, on every layer of the
samples: a line that is slow must not feel it."""
import json
import os
import re
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import numpy as np  # noqa: E402
from looking import (RECALL, HYBRID, esscope, ready, rest,  # noqa: E402
                     tolerance)
from tap import SOURCE, done, ok  # noqa: E402

SOFTMAX = os.path.join(SOURCE, "samples", "text_sa_step1000.npz")
MOVE, CHANNEL, TICK, DENSE, PAINT = 400, 2048, 6 * 1024, 16 * 1024, 40 * 1024
# Of each layer: the first positions, counts that grow a digit, the longest
# spectra, the last positions.
WALKS = (("g", "l" * 14), ("8L", "l" * 14), ("5L", "h" * 14), ("$", "h" * 14))


def cost(t, *keys):
    before = t.bytes
    t.send(*keys)
    t.settle()
    return t.bytes - before


def frame(t, key):
    """The bytes of the frame that answers a key; those of a second frame
    would count for the next key."""
    before = t.bytes
    t.send(key)
    t.wait_until(lambda: t.bytes > before
                 and t.raw.endswith(b"\x1b[?2026l"), 5)
    return t.bytes - before


def moves(t):
    """What each single move along positions costs."""
    costs = []
    for start, keys in WALKS:
        t.send("g" + start if start[0].isdigit() else start)
        t.settle()
        costs += [frame(t, key) for key in keys[:-1]] + [cost(t, keys[-1])]
    return costs


def bound(count, limit, what):
    ok(0 < count <= limit, f"{what}: {count} of {limit} bytes")


def layer(path, name, channels):
    what = f"{os.path.basename(path)} {name}"
    with esscope(path, "--layer", name, rows=48, columns=160) as t:
        ready(t)
        rest(t, 0.5)
        before = t.bytes
        t.pump(1.2)
        ok(t.bytes == before, f"{what}: idle, nothing",
           bytes(t.raw[before:]))
        costs = moves(t)
        ok(all(0 < n <= MOVE for n in costs), f"{what}: each of {len(costs)} "
           f"moves along positions, {MOVE} bytes at most", costs)
        if channels > 1:
            bound(max(cost(t, "j"), cost(t, "j"), cost(t, "k")), CHANNEL,
                  f"{what}: to another channel")
        bound(max(cost(t, key) for key in "[[]]"), TICK,
              f"{what}: a step of the tolerance")
        bound(cost(t, "\x0c"), PAINT, f"{what}: a full repaint")


def long_prompt(path):
    """Thousands of tokens, of which the profile shows some: every step of a
    walk over more than what it shows at once, on and back."""
    times = 12
    with np.load(HYBRID) as dump:
        np.savez(path, meta=json.dumps({"layers": {"m": {"kind": "decay"}}}),
                 tokens=np.tile(dump["tokens"], times),
                 **{f"m/{name}": np.tile(dump[f"layers.0/{name}"],
                                         (1, times, 1))
                    for name in ("q", "k", "la")})
    with esscope(path, rows=48, columns=160) as t:
        ready(t)
        rest(t, 0.5)
        t.send("1003g")
        t.settle()
        costs = [frame(t, "l") for _ in range(170)]
        costs += [frame(t, "h") for _ in range(30)]
        ok(all(0 < n <= MOVE for n in costs), f"a prompt of {256 * times} "
           f"tokens: each of {len(costs)} moves, {MOVE} bytes at most, "
           f"{max(costs)} was most", costs)


def half():
    """Memory for a part of the spectra: a map half known."""
    with esscope(HYBRID, "--layer", "layers.3", "--memory", "400k", rows=48,
                 columns=160) as t:
        ready(t)
        rest(t, 0.5)
        bound(max(cost(t, key) for key in "[[]]"), DENSE,
              "half known: a step of the tolerance")
        bound(cost(t, "\x0c"), PAINT, "half known: a full repaint")


def queued():
    """Keys that wait are one frame, not sixty."""
    with esscope(rows=48, columns=160) as t:
        ready(t)
        rest(t, 0.5)
        t.send("{{{")
        t.settle()
        frames = t.raw.count(b"\x1b[?2026h")
        t.send("]" * 60)
        t.wait_until(lambda: tolerance(t) == ("rel", "1.0e+00"))
        t.settle()
        frames = t.raw.count(b"\x1b[?2026h") - frames
        ok(1 <= frames <= 3, f"60 keys at once: {frames} frames")


def hud():
    """i says what the frame before cost, and is quiet itself."""
    with esscope(rows=48, columns=160) as t:
        ready(t)
        rest(t, 0.5)
        t.send("i")
        t.wait_for(re.compile(r"\d+ B  [0-9.]+ ms  \d+ dropped"))
        t.settle()
        at = t.bytes
        t.send("l")
        t.settle()
        sent = t.bytes - at - 16        # without the bracket
        t.send("h")
        t.settle()
        found = re.search(r"(\d+) B  ", t.text())
        ok(found and int(found.group(1)) == sent,
           f"i: the frame before was {sent} bytes", t.lines()[-1])
        at = t.bytes
        t.pump(1)
        ok(t.bytes == at, "and it sends nothing by itself")


def low():
    """--low-bandwidth: the same numbers in fewer bytes."""
    sent, colours = [], []
    for options in ([], ["--low-bandwidth"]):
        with esscope(HYBRID, "--layer", "layers.3", *options, rows=48,
                     columns=160) as t:
            ready(t)
            rest(t, 0.5)
            sent.append((cost(t, "\x0c"), cost(t, "[")))
            colours.append(len({t.cell(row, column).bg
                                for row in range(2, 16)
                                for column in range(70, 158)}))
    ok(colours[1] <= 10 < colours[0], f"fewer colours: {colours}")
    ok(sent[1][0] < sent[0][0] and sent[1][1] < sent[0][1],
       f"repaint and tick in fewer bytes: {sent}")


for number in range(4):
    layer(HYBRID, f"layers.{number}", 4)
    layer(SOFTMAX, f"layers.{number}", 4)
for number in range(2):
    layer(RECALL, f"layers.{number}", 1)
with tempfile.TemporaryDirectory() as folder:
    long_prompt(os.path.join(folder, "long.npz"))
half()
queued()
hud()
low()
done()
