"""Elements of a batch: --batch for every command, b and B on the screen; the
numbers are those of a dump that holds the element alone."""
import json
import os
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.environ.get("srcdir", "."), "tests"))
from tap import ESSCOPE, done, import_or_skip, ok

np = import_or_skip("numpy")
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import looking  # noqa: E402
from safetensors import safetensors  # noqa: E402

ROOM = tempfile.TemporaryDirectory()
os.chdir(ROOM.name)
RNG = np.random.default_rng(11)
B, H, L, N = 3, 2, 20, 4


def f4(*shape):
    return RNG.standard_normal(shape).astype("f4")


# A batch axis on some factors, and on those of some layers, only.
BATCHED = {
    "a/q": f4(B, H, L, N), "a/k": f4(B, 1, L, N),
    "a/la": -np.abs(f4(H, L)),
    "b/q": f4(B, H, L, N), "b/k": f4(B, H, L, N),
    "c/h": f4(H, 9),
    "d/dt": np.abs(f4(B, 5, L)) / 9, "d/A": -np.abs(f4(5, N)),
    "d/B": f4(B, L, N), "d/C": f4(B, L, N),
}
META = {"esscope": 1, "layers": {"a": {"kind": "decay"}, "b": {
    "kind": "softmax"}, "c": {"kind": "toeplitz", "length": L}}}
# Three elements, or three groups: what a batch of s6 has to say.
SAID = {"axes": {"B": "BLN", "C": "BLN"}}
WORDS = np.array([[f"w{b}.{i}" for i in range(L)] for b in range(B)])
AXES = {"a/q", "a/k", "b/q", "b/k", "d/dt", "d/B", "d/C"}


def one(b):
    return {k: v[b] if k in AXES else v for k, v in BATCHED.items()}


def call(*words):
    return subprocess.run([ESSCOPE, *words], capture_output=True, text=True,
                          timeout=120, stdin=subprocess.DEVNULL)


def save():
    META["layers"]["d"] = SAID
    np.savez("all.npz", meta=json.dumps(META), tokens=WORDS, **BATCHED)
    with open("all.safetensors", "wb") as f:
        f.write(safetensors(BATCHED, esscope=json.dumps(META)))
    fortran = {k: np.asfortranarray(v) for k, v in BATCHED.items()}
    np.savez("fortran.npz", meta=json.dumps(META), **fortran)
    moved = {k: np.moveaxis(v, 0, 2) if k in ("b/q", "b/k") else v
             for k, v in BATCHED.items()}
    meta = json.loads(json.dumps(META))
    meta["layers"]["b"]["axes"] = {"q": "HLBN", "k": "GLBN"}
    np.savez("moved.npz", meta=json.dumps(meta), **moved)
    META["layers"]["d"] = {}
    for b in range(B):
        np.savez(f"one{b}.npz", meta=json.dumps(META), tokens=WORDS[b],
                 **one(b))


def commands():
    for b in range(B):
        wanted = call("compute", f"one{b}.npz")
        strip = re.compile(r"^\S+\t", re.M)
        lines = strip.sub("", wanted.stdout)
        bare = re.sub(r"w\d\.\d+", "", lines)
        for name in ("all.npz", "all.safetensors", "fortran.npz",
                     "moved.npz"):
            got = call("compute", name, "--batch", str(b))
            ok(got.returncode == 0 and strip.sub("", got.stdout) == (
                lines if name == "all.npz" else bare)
               and lines.count("\n") > 100,
               f"compute {name} --batch {b}", got.stderr + wanted.stderr)
    ok(call("compute", "all.npz").stdout
       == call("compute", "all.npz", "--batch=0").stdout, "0 is the default")
    place = ("--layer", "d", "--channel", "3", "--position", "7")
    ok(call("spectrum", "all.npz", "--batch", "2", *place).stdout
       == call("spectrum", "one2.npz", *place).stdout != "", "spectrum")
    info = json.loads(call("info", "--json", "--batch", "1",
                           "all.npz").stdout)["dumps"][0]
    ok([(x["batches"], x["batch"]) for x in info["layers"]]
       == [(3, 1), (3, 1), (1, 0), (3, 1)], "info --json", info)
    text = call("info", "--batch", "1", "all.npz").stdout
    ok("a batch of 3: element 1 is read" in text and '"w1.0"' in text,
       "info", text)
    picture = call("render", "all.npz", "--batch", "2", "--layer", "b")
    alone = call("render", "one2.npz", "--layer", "b")
    ok(picture.returncode == 0 and picture.stdout.splitlines()[2:-2]
       == alone.stdout.splitlines()[2:-2], "render",
       picture.stdout + alone.stdout)


def bad():
    def refused(what, status, words, *arguments):
        run = call(*arguments)
        ok(run.returncode == status and all(w in run.stderr for w in words)
           and not run.stdout.strip(), what, run.stderr + run.stdout)

    refused("an element too many", 1, ("all.npz", "batch element 3"),
            "compute", "all.npz", "--batch", "3", "--layer", "a")
    refused("a batch in a dump without one", 1, ("one0.npz", "no layer"),
            "compute", "one0.npz", "--batch", "1")
    for word in ("-1", "x", "", "1.5", "99999999999999999999"):
        refused(f"--batch '{word}'", 2, ("--batch",), "compute", "all.npz",
                f"--batch={word}")


def screen():
    with looking.esscope("all.npz", "--layer", "b") as t:
        ok(looking.ready(t) and "batch 0 of 3" in t.text(),
           "the title names the element", t.text())
        seen = {}
        for key, b in (("", 0), ("b", 1), ("b", 2), ("b", 0), ("B", 2)):
            if key:
                t.send(key)
            t.wait_for(f"batch {b} of 3")
            t.wait_until(lambda: looking.agrees(t, f"one{b}.npz"))
            ok(looking.agrees(t, f"one{b}.npz"),
               f"the numbers of element {b} are its own", t.text())
            here = looking.read_out(t)
            ok(seen.setdefault(b, here) == here,
               "the same when it is come back to")
        t.send("q")
        ok(t.wait() == 0, "q ends it")
    with looking.esscope("all.npz", "--batch", "2", "--layer", "c") as t:
        ok(looking.ready(t) and "batch" not in t.lines()[0],
           "a layer without the axis names none", t.text())
        t.send("b")
        t.wait_for("no batch axis")
        ok("no batch axis" in t.text(), "and says so", t.text())
        t.send(")")
        t.wait_for("batch 2 of 3")
        ok("batch 2 of 3" in t.text(), "--batch starts the screen there")
        t.send(":batch 1\r")
        t.wait_for("batch 1 of 3")
        ok(looking.ready(t), ":batch goes to one", t.text())
        t.send("q")
        t.wait()


def comes_back():
    """An element is a place of its dump: it comes back, unless the command
    line says another."""
    os.mkdir("state")
    env = {"XDG_STATE_HOME": os.path.abspath("state")}
    with looking.esscope("all.npz", "--layer", "b", env=env) as t:
        looking.ready(t)
        t.send("b")
        t.wait_for("batch 1 of 3")
        t.send("q")
        t.wait()
    for arguments, wanted in (((), 1), (("--batch", "2"), 2),
                              (("--batch", "0"), 0), (("--fresh",), 0)):
        with looking.esscope("all.npz", *arguments, env=env) as t:
            if arguments == ("--fresh",):
                t.wait_for("MAP")
                t.send(":layer b\r")
            t.wait_for(f"batch {wanted} of 3")
            looking.ready(t)
            ok(f"batch {wanted} of 3" in t.lines()[0],
               f"seen again with {' '.join(arguments) or 'nothing'}",
               t.text())
            t.send(":batch 1\r")
            t.wait_for("batch 1 of 3")
            t.send("q")
            t.wait()


def changes():
    """A file that is written again shows the same element."""
    np.savez("new.npz", **{"b/q": BATCHED["b/q"], "b/k": BATCHED["b/k"]})
    with looking.esscope("new.npz") as t:
        looking.ready(t)
        t.send("b")
        t.wait_for("batch 1 of 3")
        np.savez("other.npz", **{"b/q": 2 * BATCHED["b/q"],
                                 "b/k": BATCHED["b/k"]})
        os.rename("other.npz", "new.npz")
        t.wait_for("read again")
        ok("batch 1 of 3" in t.text(), "after its file has changed", t.text())
        t.send("q")
        t.wait()


save()
for part in (commands, bad, screen, comes_back, changes):
    part()
os.chdir("/")
done()
