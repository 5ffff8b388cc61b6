"""What is wrong with a request is said in one sentence, with the right exit
status: 2 where the request itself is malformed, 1 where the dump has not what
it asks for. Nothing is written then."""
import os
import sys
import tempfile

sys.path.insert(0, os.path.join(os.environ.get("srcdir", "."), "tests"))
sys.path.insert(0, os.path.join(os.environ.get("srcdir", "."), "tests", "cli"))
from tap import done, import_or_skip, ok

np = import_or_skip("numpy")
import oracle
from oracle import esscope

rng = np.random.default_rng(3)


def usage(*arguments, says="", word=""):
    """Exit status 2: a sentence and how to learn more."""
    result = esscope(*arguments)
    lines = result.stderr.decode().splitlines()
    ok(result.returncode == 2 and not result.stdout and len(lines) == 2
       and lines[0].startswith("esscope: ") and says in lines[0]
       and lines[1] == f"Try 'esscope {word}--help'.",
       f"usage: {' '.join(map(repr, arguments))}",
       f"{result.returncode} {result.stderr.decode()}")


def fails(*arguments, says=()):
    """Exit status 1: one sentence that names the place."""
    result = esscope(*arguments)
    error = result.stderr.decode()
    ok(result.returncode == 1 and not result.stdout
       and error.startswith("esscope: ") and error.count("\n") == 1
       and all(part in error for part in says),
       f"failure: {' '.join(map(repr, arguments))}",
       f"{result.returncode} {error}")


with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    oracle.save("x.npz", **{
        "m.0__T": np.tril(rng.normal(size=(4, 9, 9))),
        "m.1__T": np.tril(rng.normal(size=(4, 9, 9)))})
    oracle.save("short.npz", m__q=rng.normal(size=(1, 6, 5)),
                m__k=rng.normal(size=(1, 6, 5)), m__la=np.zeros(1))

    for arguments, hinted in ((("comptue", "x.npz"), True),
                              (("nothing.npz",), False),
                              (("./comptue",), False)):
        result = esscope(*arguments)
        ok(result.returncode == 1 and hinted == (
            b"is 'comptue' a command? See esscope --help" in result.stderr),
           f"{' '.join(arguments)}: {'a' if hinted else 'no'} hint",
           result.stderr)
    usage("--nonsense", says="--nonsense")
    usage(says="FILE")
    for word in "view", "info", "compute", "diff", "spectrum":
        usage(word, says="FILE", word="" if word == "view" else word + " ")
    usage("info", "--jso=1", "x.npz", says="--json", word="info ")
    usage("compute", "--p", "x.npz", says="several", word="compute ")
    usage("info", "-x", "x.npz", says="-x", word="info ")

    def compute(*arguments, says=""):
        usage("compute", "x.npz", *arguments, says=says or arguments[0],
              word="compute ")

    for flag in "--tol", "--rel-tol":
        for value in ("abc", "-1", "nan", "inf", "-inf", "", " 1", "1 ",
                      "1e", "0x", "1e999", "1,5"):
            compute(flag, value)
    compute("--tol", "1e-3", "--tol", "1e-3", says="twice")
    compute("--tol", says="--tol")
    for value in ("", "a", "-1", "1,", ",1", "1,,2", "3-1", "1-", "0 1",
                  "1.5", "99999999999999999999"):
        compute("--channel", value)
    for value in ("", "a", "1:2:0", "1:2:-1", "1:2:3:4", "1.5", "1 2", "-",
                  ":a"):
        compute("--position", value)
    for value in "", "0", "-1", "1025", "two", "1x":
        compute("--threads", value)
    compute("--per", "head")
    compute("--per", "")
    compute("--format", "xml")
    compute("--with", "mean")
    compute("--with", "method,")
    compute("--with", "error,error", says="twice")
    compute("--with", "error", "--per", "layer", says="--with")
    compute("--output", "")
    compute("-o", says="-o")
    compute("--json", says="--json")
    for value in "", "0", "x", "1Q", "99999999999999999999":
        usage("--memory", value, "x.npz", says="--memory")
    for value in "", "x", "00", "1Q", "-1", "99999999999999999999":
        usage("--cache-size", value, "x.npz", says="--cache-size")
    usage("--no-cache=1", "x.npz", says="--no-cache")
    usage("--color", "puce", "x.npz", says="--color")
    usage("--tol", "abc", "x.npz", says="--tol")
    usage("--exact", "--method", "sliding", "x.npz", says="--exact")

    cell = ["--layer", "m.0", "--channel", "0", "--position", "1"]
    for k in 0, 2, 4:
        usage("spectrum", "x.npz", *cell[:k], *cell[k + 2:], says=cell[k],
              word="spectrum ")
    usage("spectrum", "x.npz", *cell[:3], "0,1", *cell[4:], says="--channel",
          word="spectrum ")
    usage("spectrum", "x.npz", *cell[:5], "1:3", says="--position",
          word="spectrum ")
    usage("spectrum", "x.npz", "x.npz", *cell, says="FILE", word="spectrum ")

    fails("compute", "absent.npz", says=["absent.npz: "])
    fails("info", "absent.npz", says=["absent.npz: "])
    fails("info", "--json", "absent.npz", says=["absent.npz: "])
    fails("view", "absent.npz", says=["absent.npz: "])
    fails("absent.npz", says=["absent.npz: "])
    fails("spectrum", "absent.npz", *cell, says=["absent.npz: "])
    fails("compute", "x.npz", "--layer", "n*", says=["x.npz: ", "m.0, m.1"])

    def out_of_range(*selection, layer="m.0", says=()):
        fails("compute", "x.npz", "--layer", layer, *selection,
              says=[f"x.npz: {layer}: ", *says])

    out_of_range("--channel", "4", says=["channel 4", "4 channels, 0 to 3"])
    out_of_range("--channel", "0,2-9", says=["channel 4"])
    out_of_range("--position", "0", says=["position 0", "1 to 8"])
    out_of_range("--position", "9", says=["position 9", "1 to 8"])
    out_of_range("--position", "-1", says=["position -1"])
    out_of_range("--position", "5:5", says=["5:5"])
    out_of_range("--position", ":1", says=[":1"])
    out_of_range("--position", "7:", "--interior", says=["interior"])
    fails("compute", "short.npz", "--interior", says=["short.npz: m: "])
    fails("spectrum", "x.npz", *cell[:3], "4", *cell[4:],
          says=["x.npz: m.0: ", "channel 4"])
    fails("spectrum", "x.npz", *cell[:5], "9", says=["position 9"])
    fails("spectrum", "x.npz", "--layer", "m*", *cell[2:], says=["m*", "2"])
    result = esscope("compute", "x.npz", "--channel", "7", "-o", "out.tsv")
    ok(result.returncode == 1 and oracle.tree(".") == ["short.npz", "x.npz"],
       "nothing selected: no output file")

    for word in "", "view", "info", "compute", "diff", "spectrum":
        for flag in "--help", "-h":
            result = esscope(*([word] if word else []), flag)
            text = result.stdout.decode()
            ok(result.returncode == 0 and not result.stderr
               and text.startswith("Usage: esscope ")
               and max(map(len, text.splitlines())) < 80,
               f"{word} {flag}: on stdout, in 80 columns")
        result = esscope(*([word] if word else []), "--version")
        ok(result.returncode == 0 and not result.stderr
           and result.stdout.startswith(b"esscope "), f"{word} --version")
    for word in "--help", "--version":
        with open("/dev/full", "wb") as full:
            result = esscope(word, stdout=full)
        ok(result.returncode == 1 and result.stderr.startswith(b"esscope: "),
           f"{word} on a full disk is a failure")
done()
