"""Two dumps side by side: numbers are those that compute has of each, in what
both have; what does not match is said."""
import csv
import os
import sys
import tempfile

sys.path.insert(0, os.path.join(os.environ.get("srcdir", "."), "tests"))
sys.path.insert(0, os.path.join(os.environ.get("srcdir", "."), "tests", "cli"))
from tap import SOURCE, done, import_or_skip, ok

np = import_or_skip("numpy")
import oracle
from oracle import esscope

HYBRID = os.path.join(SOURCE, "samples", "text_hybrid_step900.npz")
SOFTMAX = os.path.join(SOURCE, "samples", "text_sa_step1000.npz")
rng = np.random.default_rng(17)
L, N = 24, 4
flags = ["--rel-tol", "1e-2", "--tol", ".5"]
MEASURES = ["ess_entropy", "ess_rel_1e-2", "ess_abs_.5"]
IDENTITY = {
    "cell": ["layer", "kind", "channel", "position", "token"],
    "channel": ["layer", "kind", "channel", "length", "positions"],
    "position": ["layer", "kind", "position", "token", "channels"],
    "layer": ["layer", "kind", "channels", "length", "positions"],
    "file": ["layers", "channels", "positions"]}
NUMBERS = {
    "cell": ["tss", "ceiling", "sigma_max", "sigma_sum", *MEASURES],
    "position": ["tss", "ceiling", *MEASURES]}


def normal(*shape):
    return rng.normal(size=shape).astype(np.float32)


def parse(text):
    lines = text.decode().split("\n")
    names = lines[0].split("\t")
    return [dict(zip(names, line.split("\t"), strict=True))
            for line in lines[1:-1]]


def diff(*arguments, code=0, says=None):
    """Its rows. says: the lines on stderr, all of them."""
    result = esscope("diff", *arguments)
    lines = result.stderr.decode().splitlines()
    ok(result.returncode == code and (says is None or lines == [
        f"esscope: {line}" for line in says]),
       f"diff {' '.join(map(os.path.basename, map(str, arguments)))}: "
       f"exit status {code}", f"{result.returncode}\n{result.stderr.decode()}")
    return parse(result.stdout)


def make(path, layers, tokens=None, **meta):
    """Factors of each layer as layer__factor."""
    if tokens is not None:
        layers = {**layers, "tokens": np.array(tokens)}
    return oracle.save(path, {"layers": meta} if meta else None, **layers)


def three(seed, size=N):
    """decay, dense and softmax, of several lengths and widths of channels."""
    return {"l.1__q": normal(3, L, size), "l.1__k": normal(3, L, size),
            "l.1__la": -rng.exponential(seed, (3, L)).astype(np.float32),
            "l.2__T": np.tril(normal(2, 15, 15)),
            "l.10__q": normal(3, L, N), "l.10__k": seed * normal(3, L, N)}


def columns(per):
    """(of diff, of compute) of what is compared."""
    if per == "cell":
        return [(name, name) for name in NUMBERS["cell"]]
    means = [(f"{name}_mean",) * 2 for name in NUMBERS.get(
        per, ["tss", *MEASURES])]
    return means + [(name, name) for name in ("saturated", "collapsed")
                    if per in ("layer", "file")]


def check(per, a, b, *selection):
    """Text for text what compute says of either; the difference to the bit."""
    rows = diff(a, b, *flags, "--per", per, *selection)
    sides = [oracle.rows(path, *flags, "--per", per, *selection)
             for path in (a, b)]
    wrong = []
    for row, one, two in zip(rows, *sides, strict=True):
        good = all(row[name] == one[name] == two[name]
                   for name in IDENTITY[per])
        for name, its in columns(per):
            x, y = one[its], two[its]
            good &= (row[f"a_{name}"], row[f"b_{name}"]) == (x, y)
            good &= x == y == row[f"a_minus_b_{name}"] == "" or float(
                row[f"a_minus_b_{name}"]) == float(x) - float(y)
        wrong += [] if good else [f"{row}\n{one}\n{two}"]
    names = IDENTITY[per] + [f"{side}_{name}" for name, _ in columns(per)
                             for side in ("a", "b", "a_minus_b")]
    ok(rows and not wrong and list(rows[0]) == names,
       f"--per {per} {' '.join(selection)}: numbers are those of compute",
       "\n".join(wrong[:2]) or f"{list(rows[0])}\n{names}")


def test_tables():
    words = [f"t{i}" for i in range(L)]
    kinds = {"l.1": {"kind": "decay"}, "l.10": {"kind": "softmax"}}
    a = make("a.npz", three(.2), words, **kinds)
    b = make("b.npz", three(2.), words, **kinds)
    for per in IDENTITY:
        check(per, a, b)
        check(per, a, b, "--position", "2:14:3", "--channel", "0-1")
    check("layer", a, b, "--interior", "--layer", "l.1*")
    ok([row["layer"] for row in diff(a, b)] == ["l.1", "l.2", "l.10"],
       "a row a layer, where --per is not said")
    one, two = (esscope("diff", a, b, "--per", "cell", "--threads", n).stdout
                for n in (1, 3))
    ok(one and one == two, "the same bytes whatever the number of threads")
    T = [np.load(path)["l.2/T"].astype(float) for path in (a, b)]
    wrong = []
    for row in diff(a, b, "--layer", "l.2", "--per", "cell"):
        s, t = (oracle.spectrum(x[int(row["channel"])], int(row["position"]))
                for x in T)
        if not (abs(float(row["a_minus_b_sigma_max"]) - s[0] + t[0]) < 1e-9
                and abs(float(row["a_minus_b_ess_entropy"])
                        - oracle.entropy(s) + oracle.entropy(t)) < 1e-8
                and float(row["a_minus_b_ess_rel_1e-3"]) == oracle.count(
                    s, ("rel", 1e-3)) - oracle.count(t, ("rel", 1e-3))):
            wrong.append(row)
    ok(not wrong, "differences are numpy's", wrong[:2])


def test_formats():
    plain = diff("a.npz", "b.npz", "--per", "cell")
    for name, read in (("csv", oracle.read_csv), ("jsonl", oracle.read_jsonl)):
        result = esscope("diff", "a.npz", "b.npz", "--per", "cell", "--format",
                         name, "-o", "out")
        with open("out", "rb") as file:
            rows = read(file.read())
        ok(not result.stdout and len(rows) == len(plain) and all(
            (row[key] or "") == value if key in ("layer", "kind", "token")
            else float(row[key]) == float(value)
            for row, want in zip(rows, plain) for key, value in want.items()),
           f"{name} into a file: the same numbers", rows[:1])


def test_self():
    rows = diff(HYBRID, HYBRID, "--per", "cell", "--position", "::32", says=[])
    differences = {row[name] for row in rows for name in row
                   if name.startswith("a_minus_b_")}
    ok(len(rows) == 4 * 4 * 7 and differences == {"0"},
       "a dump and itself differ by 0", differences)
    rows = diff(HYBRID, SOFTMAX, "--position", "::32", says=[
        f"layers.{k}: decay in {HYBRID}, softmax in {SOFTMAX}"
        for k in (0, 2)])
    ok([row["kind"] for row in rows] == ["decay/softmax", "softmax"] * 2
       and float(rows[0]["a_minus_b_tss_mean"]) == 16 - 128,
       "trained models of other layers: both kinds are told", rows)


def test_mismatches():
    q = normal(4, L, N)
    words = ["w"] * L
    make("m.npz", {"c__q": q, "c__k": q, "l__T": np.tril(normal(20, 20)),
                   "only__T": np.tril(normal(9, 9))}, words)
    make("n.npz", {"c__q": q[:2], "c__k": q[:2],
                   "l__T": np.tril(normal(30, 30)),
                   "other__T": np.tril(normal(9, 9))},
         [*words[:7], "x y", *words[8:]])
    rows = diff("m.npz", "n.npz", "--per", "cell", says=[
        "token 7 is 'w' in m.npz, 'x y' in n.npz: both read different texts",
        "c: 4 channels in m.npz, 2 in n.npz: the first 2 are compared",
        "l: 20 positions in m.npz, 30 in n.npz: the 19 selected in both are "
        "compared, but ESS depends on all that follow",
        "only: in m.npz, not in n.npz: left out",
        "other: in n.npz, not in m.npz: left out",
        *(f"{name}.npz: l: 24 tokens, but L={length}: not shown"
          for name, length in (("m", 20), ("n", 30)))])
    ok([(r["layer"], r["channel"], r["position"]) for r in rows] ==
       [("c", str(c), str(i)) for c in (0, 1) for i in range(1, L)]
       + [("l", "0", str(i)) for i in range(1, 20)],
       "channels and positions of both")
    ok({r["token"] for r in rows if r["layer"] == "c"} == {"w", "w/x y"},
       "tokens that differ are both in the row")
    layers = diff("m.npz", "n.npz")
    wanted = [oracle.rows("m.npz", "--per", "layer", "--layer", "c",
                          "--channel", "0-1")[0],
              oracle.rows("m.npz", "--per", "layer", "--layer", "l")[0],
              oracle.rows("n.npz", "--per", "layer", "--layer", "l",
                          "--position", "1:20")[0]]
    got = [layers[0]["a_ess_entropy_mean"], layers[1]["a_ess_entropy_mean"],
           layers[1]["b_ess_entropy_mean"]]
    ok(got == [row["ess_entropy_mean"] for row in wanted]
       and layers[1]["length"] == "20" and layers[0]["channels"] == "2",
       "means are of what both have", got)
    ok(not diff("m.npz", "n.npz", "--channel", "3", code=1),
       "a channel that one has not fails")
    diff("m.npz", "n.npz", "--layer", "l", "--position", "-5::7", says=[
        "token 7 is 'w' in m.npz, 'x y' in n.npz: both read different texts",
        "l: no position is selected both in m.npz and in n.npz: left out",
        "m.npz and n.npz have nothing selected in common"], code=1)
    make("o.npz", {"z__T": np.tril(normal(9, 9))})
    diff("m.npz", "o.npz", says=[
        "m.npz has tokens, o.npz has none: whether both read the same is not "
        "known", *(f"{name}: in m.npz, not in o.npz: left out"
                   for name in ("c", "l", "only")),
        "z: in o.npz, not in m.npz: left out",
        "m.npz and o.npz have nothing selected in common"], code=1)
    make("one.npz", {"c__q": q[:1], "c__k": q[:1]}, words)
    diff("one.npz", "n.npz", "--layer", "c", says=[
        "token 7 is 'w' in one.npz, 'x y' in n.npz: both read different texts",
        "c: 1 channel in one.npz, 2 in n.npz: the first is compared"])
    few, more = normal(1, L, 2), normal(1, L, 6)
    for name, x in ("p.npz", few), ("r.npz", more):
        make(name, {"d__q": x, "d__k": x}, d={"kind": "decay"})
    rows = diff("p.npz", "r.npz", "--interior", says=[
        "d: 21 interior positions in p.npz, 13 in r.npz: the 13 in both are "
        "compared"])
    ok(rows[0]["positions"] == "13" and rows[0]["a_tss_mean"] == "2"
       and rows[0]["b_tss_mean"] == "6", "other states: fewer are interior",
       rows)


def test_broken():
    T = np.tril(normal(3, 12, 12))
    make("good.npz", {"x__T": T, "y__T": T})
    bad = T.copy()
    bad[1, 5, 2] = np.nan
    make("nan.npz", {"x__T": bad, "y__T": T[:1].repeat(3, 0)})
    for pair in ("good.npz", "nan.npz"), ("nan.npz", "good.npz"):
        rows = diff(*pair, "--per", "channel", code=1)
        ok([(r["layer"], r["channel"]) for r in rows] == [
            ("x", "0"), ("x", "2"), ("y", "0"), ("y", "1"), ("y", "2")],
           "a channel that fails in one is left out of both", rows)
        row = diff(*pair, "--layer", "x", code=1)[0]
        ok(row["channels"] == "2" and row["a_ess_entropy_mean"]
           == row["b_ess_entropy_mean"], "and out of both means", row)
    with open("good.npz", "rb") as file:
        whole = file.read()
    with open("cut.npz", "wb") as file:
        file.write(whole[:len(whole) // 2])
    for pair in ("good.npz", "cut.npz"), ("cut.npz", "good.npz"):
        result = esscope("diff", *pair, "-o", "none.tsv")
        ok(result.returncode == 1 and not result.stdout
           and result.stderr.startswith(b"esscope: cut.npz: ")
           and result.stderr.count(b"\n") == 1
           and not os.path.exists("none.tsv"),
           f"diff {' '.join(pair)}: one sentence, no file", result.stderr)
    make("half.npz", {"x__T": T, "y__q": normal(3, 12, 2)})
    result = esscope("diff", "good.npz", "half.npz")
    ok(result.returncode == 1 and result.stderr.count(b"\n") == 1
       and b"half.npz: y: " in result.stderr
       and len(parse(result.stdout)) == 1,
       "a layer that cannot be used costs its own row", result.stderr)
    os.mkdir("two")
    for name in "one.npz", "two.npz":
        make(os.path.join("two", name), {"x__T": T})
    diff("two", "good.npz", code=1,
         says=["two: holds 2 dumps; name one of its files"])
    result = esscope("diff", "good.npz", "nan.npz", "-o", "nan.npz")
    ok(result.returncode == 1 and b"would replace a dump" in result.stderr,
       "-o on one of both is refused", result.stderr)


def test_fail_if():
    """One layer whose state shrinks from 2 to 1, one that stays, one whose
    only channel collapses."""
    x, T = normal(1, 30, 2), np.tril(normal(1, 48, 48))
    y = np.stack([x[..., 0], 0 * x[..., 0]], -1)
    same = {"keeps__q": x, "keeps__k": x, "keeps__la": np.zeros(1)}
    make("old.npz", {**same, "shrinks__q": x, "shrinks__k": x, "dense__T": T,
                     "gone__T": T}, shrinks={"kind": "decay"})
    make("new.npz", {**same, "shrinks__q": y, "shrinks__k": y,
                     "dense__T": np.tril(0 * T + 1)}, shrinks={"kind": "decay"})
    gone = "gone: in old.npz, not in new.npz: left out"

    def judge(*conditions, says=(), more=("--per", "layer"),
              layer="s*"):
        arguments = [word for c in conditions for word in ("--fail-if", c)]
        rows = diff("old.npz", "new.npz", "--position", "5:25", "--layer",
                    layer, *arguments, *more, says=list(says),
                    code=bool(says))
        ok(rows or "-o" in more, f"{conditions} {more}: the table is there")

    shrunk = "shrinks: ess dropped by 50 % (2 to 1), "
    judge("ess drop > 50%")
    judge("ess drop >= 50%", says=[shrunk + "and 50 % or more fails"])
    for per in IDENTITY:
        judge("mean_ess  drop>49.5 %", more=("--per", per), says=[
            shrunk + "more than the 49.5 % allowed"])
    judge("ess drop > 1")
    judge("ess drop > .9999999", says=[
        "shrinks: ess dropped by 1 (2 to 1), more than the 0.9999999 allowed"])
    judge("ess rise >= 0", "ess rise > 1%")
    judge("ess change > 1e-2", "entropy drop > 100%", "ess drop >= 1", says=[
        "shrinks: ess changed by 1 (2 to 1), more than the 0.01 allowed",
        "shrinks: ess dropped by 1 (2 to 1), and 1 or more fails"])
    judge("ess drop > 0", layer="keeps")
    judge("collapsed rise > 0", "saturated drop > 0", layer="dense", says=[
        "dense: collapsed channels rose by 1 (0 to 1), more than the 0 "
        "allowed", "dense: saturated channels dropped by 1 (1 to 0), more "
        "than the 0 allowed"])
    judge("collapsed rise > 10%", layer="dense", says=[
        "dense: collapsed channels rose by 1 (0 to 1), more than the 10 % "
        "allowed"])
    judge("mean_entropy rise > 0", "collapsed drop > 0%", layer="dense")
    judge("ess drop > 10%", more=("-o", "kept.tsv"), says=[
        shrunk + "more than the 10 % allowed"])
    with open("kept.tsv", "rb") as file:
        ok(len(parse(file.read())) == 1, "-o is written all the same")
    diff("old.npz", "new.npz", "--fail-if", "ess drop > 99%", says=[gone])
    diff("old.npz", "new.npz", "--layer", "dense", "--position", ":3",
         "--fail-if", "collapsed rise > 9", code=1, says=[
             "dense: no interior position is selected: whether 'collapsed "
             "rise > 9' nobody can tell"])
    diff(HYBRID, HYBRID, "--position", "::64", "--fail-if", "ess change > 0",
         "--fail-if", "entropy change > 0%", says=[])
    # The first tolerance is the one that is judged.
    judge("ess drop > 0", more=("--rel-tol", "99", "--rel-tol", "1e-3"))
    judge("ess drop > 0", more=("--rel-tol", "1e-3", "--rel-tol", "99"), says=[
        "shrinks: ess dropped by 1 (2 to 1), more than the 0 allowed"])


def test_malformed():
    for text, says in (
            ("", "ends where ess, entropy, saturated or collapsed"),
            ("esss drop > 1", "'esss' where ess, entropy"),
            ("max_ess drop > 1", "'max_ess' where ess, entropy"),
            ("ess", "ends where drop, rise or change"),
            ("ess drops > 1", "'drops' where drop, rise or change"),
            ("ess drop < 1", "'<' where > or >="),
            ("ess drop 1", "'1' where > or >="),
            ("ess drop >", "ends where a number"),
            ("ess drop > -1", "'-1' where a number"),
            ("ess drop > nan", "'nan' where a number"),
            ("ess drop > 1e999", "'1e999' where a number"),
            ("ess drop > ten", "'ten' where a number"),
            ("ess drop > 1 x", "'x' where % or the end"),
            ("ess drop > 1%%", "'%' where the end"),
            ("ess drop > 1 \x1b[2J", "'?[2J' where % or the end")):
        result = esscope("diff", "absent.npz", "absent.npz", "--fail-if", text)
        ok(result.returncode == 2 and not result.stdout
           and b"--fail-if '" in result.stderr
           and says.encode() in result.stderr
           and b"as in 'ess drop > 10%'" in result.stderr
           and result.stderr.count(b"\n") == 2,
           f"--fail-if {text!r} is quoted, and what was expected",
           result.stderr)


def test_usage():
    for arguments in ("a.npz",), ("a.npz", "b.npz", "a.npz"), (
            "a.npz", "b.npz", "--with", "method"), ():
        result = esscope("diff", *arguments)
        ok(result.returncode == 2 and not result.stdout
           and result.stderr.endswith(b"Try 'esscope diff --help'.\n"),
           f"usage: diff {' '.join(arguments)}", result.stderr)


with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    test_tables()
    test_formats()
    test_self()
    test_mismatches()
    test_broken()
    test_fail_if()
    test_malformed()
    test_usage()
done()
