"""The completions that are installed are those the program prints, are sound
for their shells, and complete: options, their values, files, and the names of
a dump's layers."""
import os
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.join(os.environ.get("srcdir", "."), "tests"))
from tap import BUILD, ESSCOPE, SOURCE, done, ok, skip  # noqa: E402

FILES = {"bash": "completions/bash/esscope", "zsh": "completions/zsh/_esscope",
         "fish": "completions/fish/esscope.fish"}
HYBRID = os.path.join(SOURCE, "samples", "text_hybrid_step900.npz")
LAYERS = ["layers.0", "layers.1", "layers.2", "layers.3"]
environment = {**os.environ, "LC_ALL": "C.UTF-8",
               "PATH": BUILD + os.pathsep + os.environ["PATH"]}


def run(*command, text=None):
    return subprocess.run(command, input=text, capture_output=True, check=False,
                          encoding="utf-8", env=environment, timeout=60)


def bash(*words):
    """What Tab offers behind the last word, in a bash."""
    script = ('source "$1"; shift; COMP_WORDS=("$@"); '
              "COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _esscope; "
              'printf "%s\\n" "${COMPREPLY[@]}"')
    result = run("bash", "-c", script, "bash",
                 os.path.join(SOURCE, FILES["bash"]), *words)
    return sorted(result.stdout.split("\n")[:-1]) or [result.stderr]


def fish(line):
    result = run("fish", "--no-config", "-c",
                 'source $argv[1]; complete -C $argv[2]',
                 os.path.join(SOURCE, FILES["fish"]), line)
    return sorted(row.split("\t")[0] for row in result.stdout.splitlines())


for shell, path in FILES.items():
    path = os.path.join(SOURCE, path)
    with open(path, encoding="utf-8") as file:
        kept = file.read()
    printed = run(ESSCOPE, "--print-completion", shell).stdout
    ok(printed and kept == printed, f"the completion for {shell} is that of "
       "the program; else: make completions")
    if shutil.which(shell):
        result = run(shell, "-n", path)
        ok(result.returncode == 0 and not result.stderr,
           f"{shell} can read it", result.stderr)
    else:
        skip(f"{shell} can read it", f"{shell} is not installed")
ok(run(ESSCOPE, "--print-completion", "tcsh").returncode == 2,
   "no other shell")

if shutil.which("bash"):
    for words, wanted in (
            (["--mea"], ["--measure="]),
            (["--measure", "e"], ["entropy"]),
            (["--measure", "=", "e"], ["entropy"]),
            (["--measure", "="], None),
            (["--color", ""], ["16", "256", "auto", "mono", "truecolor"]),
            (["comput"], ["compute"]),
            (["compute", "--pe"], ["--per="]),
            (["compute", "--per", "ch"], ["channel"]),
            (["info", "--j"], ["--json"]),
            (["diff", "--fa"], ["--fail-if="]),
            (["info", "--mea"], [""]),
            (["-c", "zoom-in-"], ["zoom-in-channels"]),
            (["--rel-tol", ""], [""]),
            ([HYBRID, "--layer", ""], LAYERS),
            (["compute", HYBRID, "--layer", "=", "layers.2"], ["layers.2"]),
            (["--layer", ""], [""]),
            ([HYBRID[:-6]], [HYBRID])):
        found = bash("esscope", *words)
        ok(found == wanted or (wanted is None and "tolerance" in found),
           f"bash: {' '.join(os.path.basename(w) for w in words)!r}", found)
else:
    skip("bash completes", "bash is not installed")

if shutil.which("fish"):
    for line, wanted in (("esscope --mea", ["--measure"]),
                         ("esscope --measure=e", ["--measure=entropy"]),
                         ("esscope compute --per ch", ["channel"]),
                         ("esscope -c zoom-in-", ["zoom-in-channels"]),
                         (f"esscope {HYBRID} --layer layers.2", ["layers.2"])):
        found = fish(line)
        ok(found == wanted, f"fish: {os.path.basename(line)!r}", found)
else:
    skip("fish completes", "fish is not installed")
done()
