"""The picture in the README is what its command draws, by the numbers in it:
drawn again as text, it says the same."""
import os
import re
import shlex
import sys
import xml.etree.ElementTree as ET

sys.path.insert(0, os.path.join(os.environ.get("srcdir", "."), "tests"))
from oracle import esscope  # noqa: E402
from tap import SOURCE, done, ok  # noqa: E402

NUMBERS = (r"layers\.\d+\s+\w+.*?\d+\.\d\d", r"ESS \d+ of \d+",
           r"entropy-ESS \d+\.\d+", r"\d+ above; (?:the )?next (?:is )?[0-9.]+",
           r"ch \d+\s+pos \d+")


def words(text, pattern):
    return [re.sub(r"\s+", " ", found) for found in re.findall(pattern, text)]


def drawn_text(path):
    """The characters of the picture, put back in rows."""
    rows = {}
    for text in ET.parse(path).getroot().iter(
            "{http://www.w3.org/2000/svg}text"):
        rows.setdefault(float(text.get("y")), {})[
            round(float(text.get("x")) / 6.02)] = text.text
    return "\n".join("".join(row.get(k, " ") for k in range(max(row) + 1))
                     for _, row in sorted(rows.items()))


readme = open(os.path.join(SOURCE, "README.md"), encoding="utf-8").read()
line = next(line for line in readme.split("\n")
            if line.startswith("    esscope render "))
command = shlex.split(line)[1:]
picture = command[command.index("-o") + 1]
ok(f"]({picture})" in readme, "the README shows what its command writes")
command = command[:command.index("-o")]
command[1] = os.path.join(SOURCE, command[1])
result = esscope(*command, "--format", "txt")
ok(result.returncode == 0, "the command works", result.stderr)
shown = drawn_text(os.path.join(SOURCE, picture))
again = result.stdout.decode()
for pattern in NUMBERS:
    ok(words(shown, pattern) and words(shown, pattern)
       == words(again, pattern), f"both say {words(again, pattern)}",
       words(shown, pattern))
done()
