"""Formats that parse, and files that are whole or not there."""
import os
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.join(os.environ.get("srcdir", "."), "tests"))
sys.path.insert(0, os.path.join(os.environ.get("srcdir", "."), "tests", "cli"))
from tap import ESSCOPE, done, import_or_skip, ok

np = import_or_skip("numpy")
import oracle
from oracle import esscope, read_csv, read_jsonl, tree

rng = np.random.default_rng(9)
tokens = ["<s>", "a\tb", "line\nend", 'say "x"', "back\\slash", "\x1b[31m",
          "comma, here", "\u4f60\u597d", "nul\0", "\0in it", "", "end"]
tokens[8] += "."        # numpy takes those at the end for its own
escaped = ["<s>", r"a\tb", r"line\nend", 'say "x"', r"back\\slash",
           r"\x1b[31m", "comma, here", "\u4f60\u597d", r"nul\x00.",
           r"\x00in it", "", "end"]
in_csv = [e if "\x1b" in token or "\0" in token else token
          for token, e in zip(tokens, escaped)]
L = len(tokens)
FULL = "standard output: cannot write: No space left on device"


def fails(result, says, what):
    error = result.stderr.decode()
    ok(result.returncode == 1 and error.count("\n") == 1
       and error.startswith("esscope: ") and says in error, what,
       f"{result.returncode} {error}")


def test_formats():
    flags = ["--per", "cell", "--with", "floor,method"]
    tsv = oracle.rows("x.npz", *flags)
    raw = esscope("compute", "x.npz", *flags, "--format", "csv").stdout
    csv = read_csv(raw)
    json = read_jsonl(esscope("compute", "x.npz", *flags, "--format",
                              "jsonl").stdout)
    ok([{**row, "token": t["token"]} for row, t in zip(csv, tsv)] == tsv,
       "csv holds what tsv holds")
    ok([r["token"] for r in csv] == in_csv[1:], "csv: tokens as they are, but "
       "for what a terminal obeys", csv)
    ok(raw.count(b"\r\n") == len(tsv) + 1, "csv lines end in CRLF")
    ok([r["token"] for r in tsv] == escaped[1:],
       "tokens are escaped, so that a row is a line", tsv)
    ok([list(r) for r in json] == [list(r) for r in tsv],
       "jsonl: keys are the columns, in order")
    ok([r["token"] for r in json] == tokens[1:], "jsonl: tokens as they are")
    numbers = [k for k in tsv[0]
               if k not in ("file", "layer", "kind", "token", "method")]
    ok(all(float(t[k]) == j[k] for t, j in zip(tsv, json) for k in numbers),
       "jsonl: the same numbers, exactly")
    ok(all(type(j[k]) is int for j in json for k in (
        "channel", "position", "tss", "ceiling", "ess_rel_1e-3")),
       "jsonl: integers are integers")
    ok(list(tsv[0])[-2:] == ["floor", "method"], "--with in the order given")
    bare = read_jsonl(esscope("compute", "bare.npz", "--format",
                              "jsonl").stdout)
    ok({r["token"] for r in bare} == {None}, "jsonl: no token is null")
    short = read_jsonl(esscope("compute", "recurrent.npz", "--format", "jsonl",
                               "--per", "layer").stdout)
    ok(short[0]["saturated"] is None and short[0]["collapsed"] is None,
       "jsonl: no verdict is null")
    names = list(oracle.rows("x.npz", "--tol", "1E-3", "--tol", "0x1p-3",
                             "--rel-tol", "0", "--tol", "1e-003")[0])
    ok(names[11:] == ["ess_abs_1E-3", "ess_abs_0x1p-3", "ess_rel_0",
                      "ess_abs_1e-003"], "tolerances named as typed", names)
    os.rename("x.npz", "a\\b\t.npz")
    ok(oracle.rows("a\\b\t.npz")[0]["file"] == "a\\\\b\\t.npz",
       "file names are escaped too")
    named = esscope("compute", "a\\b\t.npz", "--format", "jsonl").stdout
    ok(read_jsonl(named)[0]["file"] == "a\\b\t.npz", "but not in jsonl")
    os.rename("a\\b\t.npz", b"\xff\n.npz")
    named = esscope("compute", os.fsdecode(b"\xff\n.npz"), "--format", "jsonl")
    ok(read_jsonl(named.stdout)[0]["file"] == r"\xff\n.npz",
       "what is not UTF-8 stays escaped in jsonl", named.stdout)
    os.rename(b"\xff\n.npz", "x.npz")


def test_files():
    before = tree(".")
    table = esscope("compute", "x.npz").stdout
    os.umask(0o027)
    result = esscope("compute", "x.npz", "-o", "out.tsv")
    ok(result.returncode == 0 and not result.stdout and not result.stderr
       and open("out.tsv", "rb").read() == table, "-o writes the table")
    ok(stat.S_IMODE(os.stat("out.tsv").st_mode) == 0o640,
       "a new file obeys the umask")
    os.chmod("out.tsv", 0o604)
    os.symlink("out.tsv", "link.tsv")
    esscope("compute", "bare.npz", "--output=link.tsv")
    ok(os.path.islink("link.tsv")
       and open("out.tsv", "rb").read().count(b"bare.npz") == 8,
       "a link is followed, its file replaced")
    ok(stat.S_IMODE(os.stat("out.tsv").st_mode) == 0o604,
       "a replaced file keeps its mode")
    os.mkdir("far")
    os.symlink("next.tsv", "far/first.tsv")
    os.symlink("far/first.tsv", "hanging.tsv")
    result = esscope("compute", "x.npz", "-o", "hanging.tsv")
    ok(result.returncode == 0 and os.path.islink("hanging.tsv")
       and os.path.islink("far/first.tsv")
       and open("far/next.tsv", "rb").read() == table
       and tree("far") == ["first.tsv", "next.tsv"],
       "links to a file that is not there stay, the file appears", result)
    for name in "hanging.tsv", "far/first.tsv", "far/next.tsv":
        os.unlink(name)
    os.rmdir("far")
    os.symlink("round", "round")
    fails(esscope("compute", "x.npz", "-o", "round"), "round: cannot write",
          "-o a link to itself")
    os.unlink("round")
    ok(esscope("compute", "x.npz", "-o", "-").stdout == table,
       "-o - is standard output")
    ok(esscope("compute", "x.npz", "-o", "/dev/stdout").stdout == table,
       "-o /dev/stdout, a pipe")
    with open("all", "wb") as file:
        file.write(b"before\n")
        file.flush()
        esscope("compute", "x.npz", "-o", "/dev/stdout", stdout=file)
        file.write(b"after\n")
    ok(open("all", "rb").read() == b"before\n" + table + b"after\n",
       "-o /dev/stdout, a file: in its place")
    os.mkfifo("fifo")
    got = []
    reader = threading.Thread(
        target=lambda: got.append(open("fifo", "rb").read()))
    reader.start()
    result = esscope("compute", "x.npz", "-o", "fifo")
    reader.join()
    ok(result.returncode == 0 and got == [table]
       and stat.S_ISFIFO(os.stat("fifo").st_mode), "-o a FIFO: in place")
    for name in "out.tsv", "link.tsv", "fifo", "all":
        os.unlink(name)
    ok(tree(".") == before, "nothing else is left", tree("."))


def test_failures():
    before = tree(".")
    fails(esscope("compute", "x.npz", "-o", "/dev/full"), "/dev/full",
          "-o /dev/full")
    ok(stat.S_ISCHR(os.stat("/dev/full").st_mode), "/dev/full is still there")
    with open("/dev/full", "wb") as full:
        for command in (["compute", "x.npz"], ["info", "x.npz"],
                        ["info", "--json", "x.npz"], ["spectrum", "x.npz",
                        "--layer", "m", "--channel", "0", "--position", "1"]):
            fails(esscope(*command, stdout=full), FULL,
                  f"{command[0]} to a full disk")
        for command in ["--help"], ["--version"], ["info", "many.npz"]:
            fails(esscope(*command, stdout=full), FULL,
                  f"{' '.join(command)} to a full disk")
    fails(esscope("compute", "x.npz", "-o", "absent/out.tsv"),
          "absent/out.tsv", "-o in a folder that is not there")
    os.mkdir("folder")
    fails(esscope("compute", "x.npz", "-o", "folder"), "folder", "-o a folder")
    os.rmdir("folder")
    with open("kept.tsv", "w") as file:
        file.write("precious")
    result = esscope("compute", "nan.npz", "-o", "kept.tsv")
    ok(result.returncode == 1 and open("kept.tsv").read() == "precious",
       "no row: what was there stays")
    os.unlink("kept.tsv")
    # A file system that is full, by way of the size a process may write.
    result = subprocess.run(
        ["sh", "-c", "ulimit -f 1; trap '' XFSZ; exec \"$0\" \"$@\"", ESSCOPE,
         "compute", "long.npz", "-o", "out.tsv"], capture_output=True)
    fails(result, "out.tsv", "a write that fails half-way")
    if os.geteuid():
        os.mkdir("locked", 0o500)
        fails(esscope("compute", "x.npz", "-o", "locked/out.tsv"),
              "locked/out.tsv", "-o in a folder that may not be written")
        os.rmdir("locked")
    ok(tree(".") == before, "no failure leaves a file", tree("."))


def test_inputs():
    os.mkdir("runs")
    os.link("x.npz", "runs/hard.npz")
    os.symlink("x.npz", "soft.npz")
    before = open("x.npz", "rb").read()
    for paths, out in ((["x.npz"], "x.npz"), (["bare.npz", "x.npz"], "./x.npz"),
                       (["x.npz"], "soft.npz"), (["soft.npz"], "x.npz"),
                       (["x.npz"], "runs/hard.npz"), (["runs"], "x.npz"),
                       (["runs/"], "runs/hard.npz")):
        fails(esscope("compute", *paths, "-o", out), f"{out}: -o would replace",
              f"-o {out} spares {' '.join(paths)}")
    with open("x.npz", "rb") as file:
        fails(esscope("compute", "-", "-o", "x.npz", stdin=file),
              "x.npz: -o would replace", "-o spares what stdin is")
    ok(open("x.npz", "rb").read() == before, "the dump is as it was")
    for _ in range(2):
        result = esscope("compute", "runs", "-o", "runs/out.tsv")
        ok(result.returncode == 0, "a table among the dumps may be replaced",
           result.stderr.decode())
    for name in "runs/out.tsv", "runs/hard.npz", "soft.npz":
        os.unlink(name)
    os.rmdir("runs")


def test_closed_pipe():
    for command in (["compute", "long.npz"], ["compute", "x.npz"],
                    ["spectrum", "x.npz", "--layer", "m", "--channel", "0",
                     "--position", "1"], ["info", "many.npz"],
                    ["diff", "x.npz", "x.npz", "--per", "cell"],
                    ["info", "--json", "many.npz"], ["--help"]):
        reader, writer = os.pipe()
        os.close(reader)
        result = esscope(*command, stdout=writer)
        os.close(writer)
        ok(result.returncode == 1 and not result.stderr,
           f"{' '.join(command)}: a closed pipe ends it without a word",
           result)


def writes(process):
    """Has it begun to write here?"""
    folder = f"/proc/{process.pid}/fd"
    for name in os.listdir(folder):
        try:
            path = os.readlink(os.path.join(folder, name))
        except FileNotFoundError:
            continue
        if os.path.dirname(path) == os.getcwd() and ".npz" not in path:
            return True
    return False


def nameless():
    """Can a file have no name here?"""
    try:
        os.close(os.open(".", os.O_TMPFILE | os.O_WRONLY))
    except OSError:
        return False
    return True


def test_signals():
    before = tree(".")
    numbers = [signal.SIGTERM, signal.SIGINT, signal.SIGHUP]
    if nameless():
        numbers.append(signal.SIGKILL)
    for number in numbers:
        # A background make may have these ignored; a terminal has not.
        process = subprocess.Popen(
            [ESSCOPE, "compute", "slow.npz", "-o", "out.tsv"],
            stderr=subprocess.DEVNULL,
            preexec_fn=lambda: number == signal.SIGKILL
            or signal.signal(number, signal.SIG_DFL))
        while process.poll() is None and not writes(process):
            time.sleep(.01)
        process.send_signal(number)
        ok(process.wait() == -number and tree(".") == before,
           f"{number.name} leaves nothing", tree("."))


def until(process, stream, wanted):
    """What comes until it holds `wanted`; the process is ended then."""
    text = b""
    while wanted not in text:
        more = os.read(stream, 1000)
        if not more:
            break
        text += more
    process.terminate()
    process.wait()
    return text


def test_long_runs():
    command = [ESSCOPE, "compute", "huge.npz", "--exact", "--threads", "1",
               "-o", "out"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE)
    text = until(process, process.stderr.fileno(), b"\n")
    ok(text.startswith(b"esscope: ") and text.count(b"\n") == 1
       and b" min on 1 thread" in text
       and b"--per layer --position ::8" in text,
       "a long run says so, and what to narrow", text)
    process.stderr.close()
    command[2] = "less.npz"
    command[-2:] = ["--per", "channel"]
    terminal, other = os.openpty()
    process = subprocess.Popen(command, stdout=other, stderr=other)
    os.close(other)
    text = until(process, terminal, b"softmax\t12\t")
    ok(b"% done, " in text and b" left\r\x1b[K" in text,
       "progress and time left on a terminal", text)
    ok(b"leftless.npz" not in text, "no row shares the line", text)
    os.close(terminal)


with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    T = np.tril(rng.normal(size=(1, L, L)))
    oracle.save("x.npz", m__T=T, tokens=np.array(tokens))
    oracle.save("bare.npz", m__T=T[:, :9, :9])
    oracle.save("nan.npz", m__T=T * np.nan)
    oracle.save("recurrent.npz", m__q=rng.normal(size=(1, 6, 5)),
                m__k=rng.normal(size=(1, 6, 5)), m__la=np.zeros(1))
    oracle.save("long.npz", m__q=rng.normal(size=(1, 4000, 2)),
                m__k=rng.normal(size=(1, 4000, 2)), m__la=-np.ones(1))
    oracle.save("many.npz", **{f"m.{k}__T": T[0] for k in range(2000)})
    oracle.save("slow.npz", m__q=rng.normal(size=(8, 900, 8)),
                m__k=rng.normal(size=(8, 900, 8)))
    test_formats()
    test_files()
    test_failures()
    test_inputs()
    test_closed_pipe()
    test_signals()
    oracle.save("huge.npz", m__q=rng.normal(size=(8, 2500, 8)),
                m__k=rng.normal(size=(8, 2500, 8)))
    oracle.save("less.npz", m__q=rng.normal(size=(60, 500, 8)),
                m__k=rng.normal(size=(60, 500, 8)))
    test_long_runs()
done()
