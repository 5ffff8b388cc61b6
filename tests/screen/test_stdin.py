"""A dump on standard input: for every command, and for the screen, whose keys
then come from the terminal."""
import os
import resource
import shlex
import signal
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.environ.get("srcdir", "."), "tests"))
from tap import ESSCOPE, done, import_or_skip, ok

np = import_or_skip("numpy")
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import looking  # noqa: E402
from safetensors import safetensors  # noqa: E402
from terminal import Terminal  # noqa: E402

ROOM = tempfile.TemporaryDirectory()
TMP = os.path.join(ROOM.name, "tmp")
os.mkdir(TMP)
RNG = np.random.default_rng(5)
ARRAYS = {"a/q": RNG.standard_normal((2, 24, 4)).astype("f4"),
          "a/k": RNG.standard_normal((2, 24, 4)).astype("f4")}


def write(name, data):
    path = os.path.join(ROOM.name, name)
    with open(path, "wb") as f:
        f.write(data)
    return path


def files():
    np.savez(os.path.join(ROOM.name, "x.npz"), **ARRAYS)
    np.save(os.path.join(ROOM.name, "x.npy"), np.tril(np.ones((9, 9))))
    write("x.safetensors", safetensors(ARRAYS))
    return [os.path.join(ROOM.name, "x." + name)
            for name in ("npz", "safetensors", "npy")]


def shell(text, **how):
    return subprocess.run(["sh", "-c", text], capture_output=True, text=True,
                          timeout=120, env={**os.environ, "TMPDIR": TMP},
                          **how)


def same(path, words):
    """A pipe, a file as standard input, and the name give the same."""
    me, at = shlex.quote(ESSCOPE), shlex.quote(path)
    named = shell(f"{me} {words.replace('-', at, 1)}")
    piped = shell(f"cat {at} | {me} {words}")
    given = shell(f"{me} {words} < {at}")
    wanted = named.stdout.replace(path, "-")
    if path.endswith(".npy"):
        wanted = wanted.replace("x ", "stdin ").replace("\tx\t", "\tstdin\t")
    strip = [text.split() for text in (wanted, piped.stdout, given.stdout)]
    ok(named.returncode == piped.returncode == given.returncode == 0
       and strip[0] == strip[1] == strip[2] and wanted,
       f"{words} < {os.path.basename(path)}",
       piped.stderr + given.stderr + named.stderr + piped.stdout[:500])


def commands():
    for path in files():
        same(path, "compute -")
        same(path, "info -")
    for path in files()[:2]:
        same(path, "spectrum - --layer a --channel 1 --position 9")
        same(path, "info - --json")
    ok(not os.listdir(TMP), "no copy is left behind")


def limited():
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))


def bad():
    me = shlex.quote(ESSCOPE)

    def refused(what, text, word, **how):
        run = shell(text, **how)
        ok(run.returncode == 1 and run.stderr.startswith("esscope: -: ")
           and word in run.stderr and not run.stdout
           and not os.listdir(TMP), what, run.stderr)

    refused("nothing", f"{me} info - < /dev/null", "empty")
    refused("an empty pipe", f": | {me} info -", "empty")
    refused("a stream without an end that is no dump", f"yes | {me} info -",
            "is no dump")
    refused("a pickle", f"printf '\\200\\004abc' | {me} info -", "pickle")
    refused("a stream without an end that begins as one",
            f"(printf 'PK\\003\\004'; yes) | {me} info -", "temporary file",
            preexec_fn=limited)
    refused("a part of a file",
            f"(head -c 100 {shlex.quote(files()[0])}) | {me} info -",
            "cut off")
    refused("a place for the copy that is not there",
            f"TMPDIR=/nonexistent; export TMPDIR; "
            f"cat {shlex.quote(files()[0])} | {me} info -", "/nonexistent")


def screen():
    for path in files()[:2]:
        name = os.path.basename(path)
        line = f"cat {shlex.quote(path)} | {shlex.quote(ESSCOPE)} -"
        with Terminal(["sh", "-c", line]) as t:
            ok(looking.ready(t), f"the screen of {name} from a pipe",
               t.text())
            before = looking.read_out(t)
            t.send("5")
            t.send("l")
            t.settle()
            after = looking.read_out(t)
            ok(after and after[1] == before[1] + 5, "keys move its cursor",
               f"{before} {after}")
            t.send("q")
            ok(t.wait() == 0 or t.status == 0, "q ends it", str(t.status))
    run = shell(f"cat {shlex.quote(files()[0])} | setsid "
                f"{shlex.quote(ESSCOPE)} -")
    ok(run.returncode == 0 and "LAYER" in run.stdout,
       "without a terminal: the overview", run.stderr)


for part in (commands, bad, screen):
    part()
done()
