"""The first picture waits for no tensor: until it is on its way, the thread of
the screen has read names, headers and meta, and no more (seen by strace)."""
import os
import re
import shutil
import sys
import zipfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from looking import HYBRID, ready  # noqa: E402
from tap import ESSCOPE, done, ok, skip_all  # noqa: E402
from terminal import Terminal  # noqa: E402

HEADER = 16384 + 256    # as much of a member as inflates to its header
LOG = os.path.abspath(f"first_paint.{os.getpid()}")


def tensors(path):
    """Ranges of the file that hold numbers."""
    with zipfile.ZipFile(path) as file:
        return [(i.header_offset + HEADER, i.header_offset + i.compress_size)
                for i in file.infolist() if "/" in i.filename]


def reads_before_picture(lines):
    """(bytes, offset) of the first thread's reads up to the first frame, or
    None where there is no frame."""
    thread, found = lines[0].split()[0], []
    for line in lines:
        if not line.startswith(thread + " "):
            continue
        if re.search(r'write\(1, ".*LAYERS', line):
            return found
        read = re.search(r"pread64\(\d+,.* (\d+), (\d+)\) += (\d+)$", line) \
            or re.search(r"pread64 resumed>.* (\d+), (\d+)\) += (\d+)$", line)
        if read:
            found.append((int(read.group(3)), int(read.group(2))))
    return None


def main():
    if not shutil.which("strace"):
        skip_all("strace is not installed")
    try:
        with Terminal(["strace", "-f", "-s", "4000", "-e",
                       "trace=pread64,write", "-o", LOG, ESSCOPE,
                       "--no-cache", HYBRID]) as t:
            seen = ready(t)
            t.send("q")
            t.wait()
        with open(LOG) as file:
            lines = file.read().splitlines()
        if not seen and not lines:
            skip_all("strace may not trace here")
        found = reads_before_picture(lines)
        ok(found, "there is a first frame, and the file was opened", lines[:9])
        inside = [(n, at) for n, at in found or [] for begin, end
                  in tensors(HYBRID) if at < end and at + n > begin
                  # The list of members is looked for from the end.
                  and at + n < os.path.getsize(HYBRID)]
        ok(not inside, "of tensors only headers are read before it", inside)
        whole = [line for line in lines if "pread64" in line]
        ok(len(whole) > len(found or []), "and the numbers after it")
    finally:
        if os.path.exists(LOG):
            os.unlink(LOG)


main()
done()
