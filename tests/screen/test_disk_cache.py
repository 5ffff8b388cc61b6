"""The screen and its cache on disk: a second look computes nothing, shows the
same, and nothing about the cache ever stands in the way."""
import os
import resource
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from looking import ESSCOPE, agrees, esscope, ready, rest  # noqa: E402
from tap import done, ok  # noqa: E402
from terminal import show  # noqa: E402

ANALYTIC = os.path.join(os.environ.get("builddir", "."), "samples", "analytic")


def cpu_seconds():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def look(path, cache, *options, **env):
    """The complete screen: its text, whether its numbers are right, and the
    seconds of work it took."""
    env = {"XDG_CACHE_HOME": cache, "ESSCOPE_CACHE_SIZE": "", **env}
    with esscope(path, *options, env=env) as t:
        right = ready(t)
        rest(t)
        text = t.text()
        seen = right and agrees(t, path)
        before = cpu_seconds()
        t.send("q")
        status = t.wait()
        if not ok(seen and status == 0, "the picture is there, numbers right",
                  "" if seen else show(t)):
            print("# status", status)
    return text, cpu_seconds() - before


def files(folder):
    folder = os.path.join(folder, "esscope")
    return sorted(os.listdir(folder)) if os.path.isdir(folder) else []


def twice(path, cache):
    first, work = look(path, cache)
    ok(len(files(cache)) == 3, "a file a channel", str(files(cache)))
    second, again = look(path, cache)
    ok(first == second, "the second look shows the same")
    ok(again < work / 2, f"with {work / again:.0f} times less work")
    copy = os.path.join(os.path.dirname(path), "copy.npz")
    shutil.copy(path, copy)
    _, again = look(copy, cache)
    ok(again < work / 2, "a copy of the dump is known too")
    for name in files(cache):
        with open(os.path.join(cache, "esscope", name), "r+b") as file:
            file.seek(1000)
            file.write(b"damage")
    third, again = look(path, cache)
    ok(first == third and again > work / 2, "damaged files are not believed")
    shutil.rmtree(cache)
    fourth, _ = look(path, cache)
    ok(first == fourth and len(files(cache)) == 3,
       "deleted, they come again")


def without(path, folder):
    cache = os.path.join(folder, "none")
    look(path, cache, "--no-cache", "--exact")
    look(path, cache, "--cache-size", "0")
    look(path, cache, ESSCOPE_CACHE_SIZE="0")
    ok(not os.path.exists(cache), "no cache where none is wanted")
    look(path, cache, "--cache-size", "1K")
    ok(files(cache) == [], "nothing that is larger than it may be")
    look(path, path)
    ok(True, "a cache that cannot be made is done without")
    look(path, "relative", HOME=folder)
    ok(len(files(os.path.join(folder, ".cache"))) == 3
       and not os.path.exists("relative"),
       "~/.cache without a usable XDG_CACHE_HOME")
    look(path, "", HOME="")
    ok(True, "and nowhere without a home")


def refused(path):
    run = subprocess.run([ESSCOPE, path], capture_output=True, text=True,
                         env={**os.environ, "ESSCOPE_CACHE_SIZE": "much"})
    ok(run.returncode == 2 and "ESSCOPE_CACHE_SIZE" in run.stderr,
       "a size that is none is refused", run.stderr)


def main():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "x.npz")
        subprocess.run([ANALYTIC, "softmax", "-L", "500", "-n", "24",
                        "--channels", "3", "-o", path], check=True)
        twice(path, os.path.join(folder, "cache"))
        without(path, folder)
        refused(path)
    return done()


if __name__ == "__main__":
    sys.exit(main())
