"""How long the screen's thread keeps a key waiting while workers have both
cores: its turns between two polls, see turns.c. Prints Markdown; `make
bench-turns`. Of the clock, turns also wait for a core; of the CPU they are what
the thread did."""
import os
import random
import subprocess
import sys
import tempfile

import numpy as np

build = os.path.abspath(os.environ.get("builddir", "."))
source = os.path.abspath(os.environ.get("srcdir", "."))
sys.path.insert(0, os.path.join(source, "tests"))
from terminal import Terminal  # noqa: E402

ESSCOPE = os.path.join(build, "esscope")
SECONDS = float(os.environ.get("TURNS_SECONDS", "6"))
RUNS = int(os.environ.get("TURNS_RUNS", "1"))       # they scatter
MOVES = "lhlhjkLH"
ALL = MOVES + "[]{}vVrc+-><wS#()TRoCf"


def dump(name, *arguments):
    subprocess.run([os.path.join(build, "samples", "generate"), *arguments,
                    "-o", name], check=True)
    return name


def turns(path, keys, commands=()):
    """(wall, cpu) of each turn, in ms."""
    environment = {"LD_PRELOAD": os.path.join(build, "tests/bench/turns.so"),
                   "TURNS": os.path.abspath("turns"),
                   "ESSCOPE_CACHE_SIZE": "0"}
    with Terminal([ESSCOPE, path, "--no-config", "--fresh", "--threads",
                   str(os.cpu_count())], rows=48, columns=160,
                  env=environment) as t:
        t.wait_for("MAP")
        choose = random.Random(1)
        for step in range(int(SECONDS / 0.03)):
            t.send(choose.choice(keys))
            t.pump(0.03)
            if commands and step % 40 == 20:
                t.send(":" + commands[step // 40 % len(commands)], "Enter")
                t.pump(0.3)
        t.send("\x1b\x1b")
        t.pump(0.1)
        t.send("qq")
        t.wait()
    return np.loadtxt("turns", ndmin=2) / 1e3


def row(what, times):
    wall, cpu = times[:, 0], times[:, 1]
    print(f"| {what} | {len(times)} | {np.percentile(wall, 99):.1f} | "
          f"{wall.max():.1f} | {np.percentile(cpu, 99):.1f} | "
          f"{cpu.max():.1f} | {np.mean(wall > 16):.2%} | "
          f"{np.mean(cpu > 16):.2%} |", flush=True)


with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
    os.chdir(folder)
    heads = dump("heads.npz", "softmax", "-L", "2048", "--channels", "16",
                 "-n", "64")
    channels = dump("channels.npz", "s6", "-L", "1024", "--channels", "8192",
                    "-n", "16")
    long = dump("long.npz", "s6", "-L", "100000", "--channels", "8")
    longest = dump("longest.npz", "s6", "-L", "1000000", "--channels", "4",
                   "--layers", "1")
    print("| screen 160x48, all cores computing | turns | 99 % ms | most ms | "
          "99 % CPU ms | most CPU ms | above 16 ms | above 16 ms CPU |")
    print("|---|---|---|---|---|---|---|---|")
    for what, path in (("16 heads, L=2048", heads),
                       ("8192 channels, L=1024", channels),
                       ("8 channels, L=100,000", long),
                       ("4 channels, L=1,000,000", longest)):
        for run in range(RUNS):
            row(f"{what}: moves", turns(path, MOVES))
            row(f"{what}: any key", turns(path, ALL))
    row("8192 channels: largest disagreement, its key held",
        turns(channels, "X"))
    row("8192 channels: largest disagreement", turns(channels, "l",
        ["disagreement"]))
    for name in "svg", "pdf", "png", "tsv":
        row(f"8192 channels: moves, export .{name}", turns(channels, "lh",
            [f"export! out.{name}"]))
