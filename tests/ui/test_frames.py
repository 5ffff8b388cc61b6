"""Frames over dumps as researchers have them, and as nobody wants them."""
import json
import os
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.environ.get("srcdir", "."), "tests"))
from tap import BUILD, done, import_or_skip, ok

np = import_or_skip("numpy")
rng = np.random.default_rng(3)
SHOW = os.path.join(BUILD, "tests", "ui", "show_screen")
folder = tempfile.TemporaryDirectory()


def save(name, **arrays):
    path = os.path.join(folder.name, name)
    np.savez_compressed(path, **{key.replace("__", "/"): value
                                 for key, value in arrays.items()})
    return path


def frame(paths, keys="", rows=24, columns=80):
    """The screen after these keys, as one text."""
    done = subprocess.run([SHOW, str(rows), str(columns), keys, *paths],
                          capture_output=True, check=False, timeout=300)
    if done.returncode:
        return f"exit {done.returncode}: {done.stderr.decode()}"
    return done.stdout.decode()


def decay(heads, length, state):
    return {"q": rng.standard_normal((heads, length, state)),
            "k": rng.standard_normal((heads, length, state)),
            "la": -np.abs(rng.standard_normal((heads, length))) / 8}


def layer(name, factors):
    return {f"{name}__{key}": value for key, value in factors.items()}


def singular_values(factors, head, i):
    """Those of H_i, by numpy."""
    q, k, la = (factors[f][head] for f in ("q", "k", "la"))
    length = len(q)
    gate = np.cumsum(la)
    T = np.tril(q @ k.T * np.exp(np.minimum(gate[:, None] - gate, 0)))
    return np.linalg.svd(T[i:, :i], compute_uv=False)


def ess(factors, head, i, tolerance):
    """Relative tolerance-ESS of H_i, and its ceiling."""
    length, state = factors["q"].shape[1:]
    s = singular_values(factors, head, i)
    return int(np.sum(s > tolerance * s[0])), min(i, length - i, state)


def s1_of(factors, head, i):
    return singular_values(factors, head, i)[0]


factors = decay(3, 40, 6)
plain = save("plain.npz", **layer("m", factors))
for tolerance, keys in ((1e-3, ""), (1e-2, "}"), (0.1, "}}")):
    found = []
    for head, move in enumerate(("^", "^j", "^jj")):
        text = frame([plain], f"17|{move}{keys}")
        expected = "ESS %d of %d " % ess(factors, head, 17, tolerance)
        found.append(expected in text)
    ok(all(found), f"ESS at position 17 of each head, rel {tolerance}", text)
ok("ch 0  pos 17" in frame([plain], "17|^"), "the read-out says where")

counts = [ess(factors, 1, i, 0.1)[0] for i in range(2, 30)]
for keys, where in (("2| 29|", "from the first"), ("29| 2|", "or the last"),
                    ("29|:span 2\r", "or by its position")):
    text = frame([plain], "^j}}" + keys)
    ok(f"span 2..29: tolerance-ESS mean {np.mean(counts):.4g}, {min(counts)} "
       f"to {max(counts)}" in text, f"a span {where}: numpy's", text)
ok(min(counts) < max(counts), "which differ")
ok("span 2..29: mean" in frame([plain], "2| 29|", 8, 40), "in few columns")
ok("span" not in frame([plain], "2| 29|\x1b"), "Esc ends it")
ok("between" not in frame([plain]), "without tokens it names none")

tokens = np.array(["a", " b", "\x1b[31mred", "日本", "\n", "é"] * 6
                  + ["<eos>", "x", "y", "z"])
text = frame([save("tokens.npz", tokens=tokens, **layer("m", factors))],
             "3|")
ok("\x1b" not in text and r"\x1b[31mred" in text,
   "an escape sequence in a token is text", text)
ok('between "\\x1b[31mred" and "日本"' in text, "tokens in quotes", text)
text = frame([save("tokens.npz", tokens=tokens, **layer("m", factors))],
             "/eos\r")
ok("pos 36" in text, "/ finds a token at its own position", text)

pieces = ["<bos>", "In", " the", " year", " Is", "ra", "el", " w", "as",
          " is", "rael", "."] + ["pad"] * 28
path = save("pieces.npz", tokens=np.array(pieces), **layer("Mixer", factors))
for keys, where in (("1|/Israel\r", 4), ("1|/israel\r", 4),
                    ("1|/israel\rn", 9), ("1|/israel\rnn", 4),
                    ("1|/israel\rN", 9), ("1|/year is\r", 3),
                    ("39|/el was is\r", 6)):
    text = frame([path], keys)
    ok(f"pos {where} " in text,
       f"{keys!r} finds a word of several tokens at {where}", text)
ok("neither" in frame([path], "/ISRAEL\r")
   and "neither" in frame([path], "/mIxer\r")
   and "layer Mixer holds" in frame([path], "/mixer\r"),
   "capitals typed are capitals meant, in text and names")

broken = dict(layer("bad", factors), **layer("good", factors))
broken["bad__q"] = factors["q"][:, :, :5]
path = save("broken.npz", **broken)
text = frame([path])
ok("MAP good" in text and "ESS " in text,
   "the screen starts at the first layer that can be used", text)
text = frame([path], "(")
ok("cannot be used" in text and "bad" in text,
   "a layer that does not fit says so in the list", text)
ok(re.search(r"[kq] .*\(3, 40, [56]\)", text.replace("\n", " "))
   or "(3, 40" in text, "and why, in the map's place", text)
text = frame([path], ")")
ok("ESS " in text and "good" in text, "the next layer is fine", text)

poisoned = {key: value.copy() for key, value in factors.items()}
poisoned["k"][1, 7, 2] = np.nan
path = save("nan.npz", **layer("m", poisoned))
text = frame([path])
ok(re.search(r"m .*!\d", text), "a failed channel marks its layer", text)
ok("failed" in text, "the map's legend has it", text)
text = frame([path], "j", columns=160)
ok("nan" in text and "channel 1" in text, "the read-out says why", text)

small = save("small.npz", **layer("m", factors), meta=np.array(
    json.dumps({"layers": {"m": {"kind": "decay", "tss": 3}}})))
for rows, columns in ((12, 40), (24, 80), (48, 160)):
    lines = frame([small], "17|", rows, columns).split("\n")
    found = [line for line in lines if "above the ceiling" in line]
    ok(found and not re.search(r"above the.*(above the|ESS)|ESS.*above the",
                               found[0].split("\u2502")[-1]),
       f"{columns}x{rows}: a count above the ceiling is said first", lines)
    numbers = "\n".join(lines)
    s1 = re.search(r"(?<!/)s1 ([0-9.]+)", numbers)
    ok(not s1 or s1.group(1) == "%.4g" % s1_of(factors, 0, 17),
       f"{columns}x{rows}: s1 is whole or left out", numbers)
text = frame([small], "17|")
top = max(int(n) for n in re.findall(r"\u2502 +(\d+) ", text.split(
    "PROFILE")[1]))
ok(top >= 6 and "3 ceiling, more above" in text,
   "the profile holds what is above the ceiling, the colour bar says so",
   text)
zero = save("zero.npz", m__T=np.zeros((1, 32, 32)))
for keys in ("", "s", "ss", "v", "V"):
    text = frame([zero], keys)
    ok(re.search(r"\d of ceiling|\d ceiling|nothing above 0", text)
       and not re.search(r"\d seen", text),
       f"of an operator that is all 0 nothing is seen: {keys!r}", text)
text = frame([plain], "17|t0\r", 12, 40)
ok("tolerance below the floor" in text, "so is a tolerance below the floor",
   text)
text = frame([plain], "17|t0\r")
ok(re.search(r"^ tol below floor", text, re.M), "in the spectrum as well",
   text)
ok("head 0 uses %d of %d directions" % ess(factors, 0, 17, 1e-3)
   in frame([plain], "17|"), "in words: what the head uses")

last = frame([plain]).split("\n")[23]
ok(all(keys in last for keys in ("? help", "q quit", "\u2190\u2192", "()", "[]t",
                                 "f full", "Tab", "/ find"))
   and len(last) <= 80, "every key one needs first, at 80 columns", last)
lines = frame([plain], ":measure none\r").split("\n")
ok(" ".join(line.strip() for line in lines[22:24]) == 'no measure "none"; '
   "there are tolerance, entropy, utilisation, ceiling, s1, disagreement, decay"
   and "PROFILE" in "\n".join(lines), "a longer sentence takes more lines",
   "\n".join(lines))
ok("? help" in frame([plain], ":measure none\rl").split("\n")[23],
   "until the next key")
for key in "t/":
    ok("? help" in frame([plain], key + "\r"), f"{key} Enter: no, then")
ok("1e-4, rel 1e-4, abs 0.1" in frame([plain], "t"), "t says what it takes")
ok("every ESS is 0" in frame([plain], "t2\r") and "every ESS is 0"
   not in frame([plain], "tabs 2\r"), "a relative tolerance above 1")
folder_name = os.path.join(folder.name, "a" * 60)
os.mkdir(folder_name)
os.link(plain, os.path.join(folder_name, "plain.npz"))
ok(re.match(" esscope  a{20}", frame([folder_name + "/"])),
   "a folder is named though it ends in a slash", frame([folder_name + "/"]))

names = {}
for n in range(30):
    names.update(layer(f"backbone.layers.{n}.mixer.operator", factors))
text = frame([save("many.npz", **names)], "12)")
ok(re.search(r"▸\S*layers\.12\.mix", text) and "layers.9.mix" in text,
   "of a long name its number stays", text)
ok("13/30" in text, "the list says which of how many", text)

both = [plain, save("second.npz", **layer("m", decay(2, 24, 3)))]
ok("1/2" in frame(both) and "2/2" in frame(both, "d")
   and "1/2" in frame(both, "dd"), "d goes round the dumps")

wide = save("wide.npz", **layer("m", decay(300, 20, 2)))
text = frame([wide], "150^")
ok("300 ch" in text or "300x19" in text, "300 channels on 24 rows", text)
ok(re.search(r"max \d+x1", text), "and how many share a pixel", text)
ok(re.search(r"mean \d+x1", frame([wide], "r")), "by which reducer")
ok("ch 150  pos" in text, "150^ goes to channel 150", text)
ok("missing.npz" in frame([os.path.join(folder.name, "missing.npz")]),
   "a dump that is not there is named")
folder.cleanup()
done()
