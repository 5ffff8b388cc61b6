"""--demo: the sample that comes with esscope, found from where the program is."""
import os
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from looking import ESSCOPE, SOURCE  # noqa: E402
from tap import done, ok  # noqa: E402

folder = tempfile.TemporaryDirectory()
home = os.path.realpath(folder.name)
samples = os.path.abspath(os.path.join(SOURCE, "samples"))
os.environ["XDG_STATE_HOME"] = os.path.join(home, "state")


def copied(place, beside):
    """A program in that folder, and the samples beside it."""
    program = os.path.join(home, place, "esscope")
    os.makedirs(os.path.dirname(program))
    shutil.copy(ESSCOPE, program)
    to = os.path.join(home, beside)
    os.makedirs(to)
    shutil.copy(os.path.join(samples, "text_hybrid_step900.npz"), to)
    return program


def run(program, *arguments):
    return subprocess.run([program, *arguments], capture_output=True,
                          encoding="utf-8", check=False, cwd=home,
                          stdin=subprocess.DEVNULL)


clone = copied("clone/build", "clone/samples")
result = run(clone, "--demo")
ok(result.returncode == 0 and "layers.3" in result.stdout
   and "clone/samples/text_hybrid" in result.stdout,
   "without a terminal: what info prints", result.stdout + result.stderr)
screen = run(clone, "--demo", "--size", "80x24", "-c",
             "wait all; screenshot -").stdout
ok("MAP layers.2" in screen and "tol rel 3.0e-02" in screen, "the screen, at its third layer",
   screen)
screen = run(clone, "--layer", "layers.0", "--rel-tol", "0.5", "--demo",
             "--size", "80x24", "-c", "wait all; screenshot -").stdout
ok("MAP layers.0" in screen and "tol rel 5.0e-01" in screen, "or where it is told",
   screen)

result = run(copied("prefix/bin", "prefix/share/esscope/samples"), "--demo")
ok(result.returncode == 0 and "prefix/share/esscope/samples" in result.stdout,
   "a moved installation finds its own", result.stdout + result.stderr)

result = run(clone, "--demo", os.path.join(samples, "x.npz"))
ok(result.returncode == 2 and "--demo" in result.stderr,
   "it takes no FILE", result.stderr)
done()
