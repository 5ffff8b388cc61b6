"""What a person reads off the screen, for the tests of tests/screen."""
import csv
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.environ.get("srcdir", "."), "tests"))
from tap import ESSCOPE, SOURCE  # noqa: E402
from terminal import Terminal  # noqa: E402

HYBRID = os.path.join(SOURCE, "samples", "text_hybrid_step900.npz")
RECALL = os.path.join(SOURCE, "samples", "mqar_gla_n16_h1_kv8.npz")

READ_OUT = re.compile(r"ch (\d+)\s+pos (\d+)\b.*?\bESS (\d+) of (\d+)"
                      r"(?:.*?entropy-ESS ([0-9.]+))?", re.S)
TOLERANCE = re.compile(r"tol (rel|abs) ([0-9.]+e[-+][0-9]+)")
COLOUR = re.compile(rb"\x1b\[(?:[0-9;]*;)?(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])"
                    rb"(?:;[0-9;]*)?m")


def esscope(path=HYBRID, *options, **how):
    return Terminal([ESSCOPE, path, *options], **how)


def read_out(terminal):
    """(channel, position, ESS, ceiling, entropy or None), or None."""
    found = READ_OUT.search(terminal.text())
    if not found:
        return None
    channel, position, ess, ceiling = (int(g) for g in found.groups()[:4])
    return channel, position, ess, ceiling, found.group(5)


def tolerance(terminal):
    """("rel", "1.0e-03") as on the screen, or None."""
    found = TOLERANCE.search(terminal.text())
    return found.groups() if found else None


def layer(terminal):
    """The layer of the map."""
    found = re.search(r"MAP\s+(\S+)", terminal.text())
    return found.group(1) if found else None


WORKING = re.compile(r"(\d%( of \S+)?|other layers) +\S+/s\b")
PARTIAL = re.compile(r"(?m)^.layers\.\d.{0,36}?( ~\d| \.\.\.( |$))")
FOR_GOOD = 20   # seconds: of what will stay partial


def rest(terminal, quiet=0.25):
    """Until nothing is computed any more, and the averages are of all."""
    def working():
        return (WORKING.search(terminal.lines()[-1])
                or "computing" in terminal.text())
    terminal.wait_until(lambda: not working())
    terminal.wait_until(lambda: not PARTIAL.search(terminal.text())
                        and not working(), FOR_GOOD)
    terminal.settle(quiet)


def command(terminal, line, wanted):
    """The last line has to say so."""
    terminal.send(":" + line, "Enter")
    return terminal.wait_until(lambda: wanted in terminal.lines()[-1])


def ready(terminal):
    """Waits for the picture and the numbers at the cursor."""
    terminal.wait_until(lambda: read_out(terminal) is not None)
    terminal.settle()
    return read_out(terminal) is not None


def computed(path, name, channel, position, tol):
    """(ESS, ceiling, entropy to 4 digits) by `esscope compute`."""
    kind, value = tol
    option = {"rel": "--rel-tol", "abs": "--tol"}[kind]
    table = subprocess.run(
        [ESSCOPE, "compute", path, "--layer", name, "--channel",
         str(channel), "--position", str(position), option, value],
        capture_output=True, text=True, check=True).stdout
    row = next(csv.DictReader(table.splitlines(), delimiter="\t"))
    return (int(row[f"ess_{kind}_{value}"]), int(row["ceiling"]),
            f"{float(row['ess_entropy']):.4f}")


def agrees(terminal, path=HYBRID):
    """Does the read-out say what `esscope compute` says?"""
    seen, tol = read_out(terminal), tolerance(terminal)
    if not seen or not tol:
        return False
    channel, position, ess, ceiling, entropy = seen
    wanted = computed(path, layer(terminal), channel, position, tol)
    return (ess, ceiling) == wanted[:2] and entropy in (None, wanted[2])
