"""Scripts of commands and keys (tests/screen/play), each with the screens it
should show as comments "#= " behind its screenshots, so that the file itself is
what --play takes. "test_play.py --update" writes what is shown into them: look
at the difference before keeping it. Then recording, and tmux."""
import glob
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from looking import ESSCOPE, HYBRID, SOURCE, esscope, ready  # noqa: E402
from tap import done, ok, skip  # noqa: E402

SHOWN = "#="
folder = tempfile.TemporaryDirectory()
home = {**os.environ, "HOME": folder.name, "LC_ALL": "C.UTF-8",
        "XDG_CONFIG_DIRS": folder.name}
for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "NO_COLOR"):
    home.pop(name, None)


def play(*arguments, text=None):
    """(exit status, output, errors) of a script without a terminal."""
    result = subprocess.run([ESSCOPE, *arguments], env=home, input=text or "",
                            capture_output=True, encoding="utf-8",
                            timeout=300, check=False)
    return result.returncode, result.stdout, result.stderr


def read(path):
    """(arguments, lines without what should be shown, that)."""
    with open(path, encoding="utf-8") as file:
        lines = file.read().splitlines()
    arguments = shlex.split(lines[0].removeprefix("#!"))
    arguments[-1] = os.path.join(SOURCE, arguments[-1])
    shown = [line[len(SHOWN):].removeprefix(" ") for line in lines
             if line.startswith(SHOWN)]
    return arguments, [line for line in lines
                       if not line.startswith(SHOWN)], shown


def update(path):
    """Puts the frames behind their screenshots."""
    arguments, lines, _ = read(path)
    rows = int(re.search(r"x(\d+)", arguments[1]).group(1))
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    frames = play(*arguments, "--play", path)[1].splitlines()
    with open(path, "w", encoding="utf-8") as file:
        for line in lines:
            print(line, file=file)
            if line.startswith("screenshot -"):
                for row in frames[:rows]:
                    print(f"{SHOWN} {row}".rstrip(), file=file)
                frames = frames[rows:]


def scripts():
    for path in sorted(glob.glob(os.path.join(SOURCE, "tests", "screen",
                                              "play", "*.play"))):
        arguments, _, shown = read(path)
        code, output, errors = play(*arguments, "--play", path)
        found = output.splitlines()
        differ = "\n".join(f"{i}: wanted |{a}|\n{i}:  shown |{b}|"
                           for i, (a, b) in enumerate(zip(shown, found))
                           if a != b)
        ok(code == 0 and shown and found == shown, os.path.basename(path),
           errors + differ + f"\n{len(shown)} and {len(found)} lines")


def exports(folder):
    """Each is written before the next line runs, or ends the script."""
    a, b = (os.path.join(folder, name) for name in ("a.tsv", "b.svg"))
    code, output, errors = play(HYBRID, "-c", f"export {a}; export {b}",
                                "-c", "quit")
    ok(code == 0 and os.path.exists(a) and os.path.exists(b),
       "two exports on a line, then quit", errors)
    code, output, errors = play(HYBRID, "-c", f"export {a}; export! {b}",
                                "-c", "screenshot -")
    ok(code == 1 and f"{a}: is there" in errors and not output,
       "an export that fails ends the script", errors + output)


def commands():
    code, output, errors = play(HYBRID, "-c", "layer layers.1; 77",
                                "-c", "wait all; screenshot -")
    ok(code == 0 and "MAP layers.1" in output and "pos 77" in output
       and output.count("\n") == 24, "-c without a terminal, at 80x24",
       output + errors)
    code, output, errors = play(HYBRID, "--size", "100x30",
                                "-c", "wait; screenshot -")
    ok(code == 0 and "computing" not in output and output.count("\n") == 30,
       "--size, and wait until what is visible is there", output)
    path = os.path.join(folder.name, "bad.play")
    with open(path, "w", encoding="utf-8") as file:
        file.write("# a comment\n\nright\nfrobnicate\nscreenshot -\n")
    code, output, errors = play(HYBRID, "--play", path)
    ok(code == 1 and f"{path}:4: no command" in errors and not output,
       "the first line that fails ends it, and is named", errors)
    ok(play(HYBRID, "-c", "source " + path)[0] == 1, "source runs a file")
    with open(path, "w", encoding="utf-8") as file:
        file.write(f"source {path}\n")
    code, output, errors = play(HYBRID, "--play", path)
    ok(code == 1 and "read itself" in errors, "a file that reads itself",
       errors)
    code, output, errors = play(HYBRID, "-c", "bind x keys x", "-c", "key x")
    ok(code in (0, 1), "a key bound to itself ends", errors)
    code, output, errors = play(HYBRID, "-c", "suspend; position 5", "-c",
                                "screenshot -")
    ok(code == 0 and "pos 5" in output, "where there is nothing to suspend, "
       "it goes on", errors)
    for line in ("key Hyper", "resize 0x9", "resize 9", "sleep x", "wait 5",
                 "pointer press 3", "pointer poke 3 4", "keys \udcff",
                 "screenshot " + os.path.join(folder.name, "no", "where")):
        code, output, errors = play(HYBRID, "-c", line)
        ok(code == 1 and errors.startswith("esscope: "),
           f"{line[:20]!r} says what is wrong", errors)
    exports(folder.name)
    colours = os.path.join(folder.name, "frame.ans")
    code, _, errors = play(HYBRID, "--color=256", "-c",
                           f"wait all; screenshot {colours}")
    with open(colours, "rb") as file:
        ok(re.search(rb"\x1b\[0[;\d]*;48;5;\d+m", file.read()),
           "a screenshot in colour", errors)


def recording():
    path = os.path.join(folder.name, "recorded.play")
    with esscope(HYBRID, "--record", path) as t:
        ready(t)
        t.send("l", "l", ")", "Down")
        t.settle()
        t.send(":", "tol 1e-2", "Enter")
        t.settle()
        t.mouse("press", 3, 50)
        t.mouse("release", 3, 50)
        t.settle()
        ready(t)
        shown = [line.rstrip() for line in t.lines()]
        t.send("q")
        t.wait()
    with open(path, encoding="utf-8") as file:
        lines = file.read().splitlines()
    ok(lines[0] == "resize 80x24" and "key Down" in lines
       and "pointer press 3 50" in lines and "keys q" in lines[-1],
       "what is typed and pointed at is recorded", "\n".join(lines))
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(lines[:-1]) + "\nwait all\nscreenshot -\n")
    code, output, errors = play(HYBRID, "--play", path, "--size", "80x24")
    played = output.splitlines()
    ok(code == 0 and [line for line in played[12:18] if "pos" in line]
       == [line for line in shown[12:18] if "pos" in line]
       and played[0] == shown[0], "and played leads to the same",
       "\n".join(shown + played) + errors)


def end_of_tmux(run):
    """Hung up, the program in it still writes down what it saw."""
    pid = int(run("display-message", "-p", "#{pane_pid}"))
    run("kill-server")
    while os.path.exists(f"/proc/{pid}/exe"):   # which a zombie has not
        time.sleep(0.02)


def tmux():
    if not shutil.which("tmux"):
        skip("the same in tmux", "tmux is not installed")
        return
    socket = os.path.join(folder.name, "tmux")
    path = os.path.join(folder.name, "tmux.play")
    wanted = os.path.join(folder.name, "tmux.txt")
    with open(path, "w", encoding="utf-8") as file:
        file.write("keys ))l\nwait all\nkeys :measure e\nkey Tab\nkey Enter\n"
                   f"wait all\nscreenshot {wanted}\n")
    command = shlex.join([ESSCOPE, HYBRID, "--play", path])

    def run(*arguments):
        return subprocess.run(["tmux", "-S", socket, "-f", "/dev/null",
                               *arguments], env=home, capture_output=True,
                              encoding="utf-8", check=False).stdout
    run("new-session", "-d", "-x", "80", "-y", "24", command)
    shown, expected = "", None
    for _ in range(600):
        time.sleep(0.1)
        shown = run("capture-pane", "-p")
        if os.path.exists(wanted):
            with open(wanted, encoding="utf-8") as file:
                expected = file.read()
        if expected and shown == expected:
            break
    end_of_tmux(run)
    ok(expected and shown == expected, "the same in tmux",
       f"{shown}\n---\n{expected}")


if "--update" in sys.argv:
    for script in sys.argv[1:]:
        if script != "--update":
            update(script)
    sys.exit()
scripts()
commands()
recording()
tmux()
folder.cleanup()
done()
