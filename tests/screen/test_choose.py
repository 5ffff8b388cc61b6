"""esscope without a file: the dumps of this folder, newest first."""
import os
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from looking import ESSCOPE, HYBRID, RECALL, SOURCE, ready  # noqa: E402
from tap import done, ok  # noqa: E402
from terminal import Terminal, show  # noqa: E402

folder = tempfile.TemporaryDirectory()
hybrid, recall = (os.path.abspath(path) for path in (HYBRID, RECALL))
esscope = os.path.abspath(ESSCOPE)
assert os.path.isdir(SOURCE)
os.chdir(folder.name)

result = subprocess.run([esscope], capture_output=True, encoding="utf-8",
                        check=False, stdin=subprocess.DEVNULL)
ok(result.returncode == 2 and "no FILE is given" in result.stderr,
   "without a terminal, a FILE is needed", result.stderr)
with Terminal([esscope]) as t:
    ok(t.wait() == 2 and "no dump in this folder" in t.text(),
       "nor is there anything to choose from", show(t))

shutil.copy(hybrid, "old.npz")
shutil.copy(recall, "new\x1b[31m.npz")
os.mkdir("run")
shutil.copy(recall, "run")
os.mkdir("empty")
with open("notes.txt", "w", encoding="ascii") as file:
    file.write("no dump")
for age, name in enumerate(("new\x1b[31m.npz", "run", "old.npz")):
    os.utime(name, (1e9 - age * 1e5,) * 2)


def labels(terminal):
    return [line.split()[-1] for line in terminal.lines()[1:-1] if line]


with Terminal([esscope]) as t:
    t.wait_for("Enter opens")
    ok(labels(t) == [r"new\x1b[31m.npz", "run", "old.npz"],
       "dumps and folders of dumps, newest first, and nothing else", show(t))
    t.send("Down", "j", "j", "k", "Enter")
    ok(ready(t) and "mqar-GLA" in t.text(), "Enter opens what is chosen",
       show(t))
    t.send("q")
    ok(t.wait() == 0 and t.cooked(), "and q leaves")
with Terminal([esscope]) as t:
    t.wait_for("Enter opens")
    t.mouse("press", 3, 30)
    t.mouse("release", 3, 30)
    t.settle()
    t.mouse("press", 3, 30)
    ok(ready(t) and "text-hybrid" in t.text(), "a second click opens",
       show(t))
with Terminal([esscope], rows=5, columns=20) as t:
    t.wait_for("Enter opens")
    t.send("G")
    t.settle()
    ok("esscope: dumps" in t.text(), "20x5 will do", show(t))
    t.resize(1, 2)
    t.settle()
    t.send("q")
    ok(t.wait() == 0, "and less, too")
with Terminal([esscope, "--rel-tol", "0.5"]) as t:
    t.wait_for("Enter opens")
    t.send("Enter")
    ok(ready(t) and "5.0e-01" in t.text(), "options hold", show(t))
os.chdir("/")
folder.cleanup()
done()
