"""What a dump is understood to be: layers, kinds, axes and directories, and one
sentence for each thing that can be wrong with them."""
import json
import os
import re
import resource
import sys
import zipfile

sys.path.insert(0, os.path.join(os.environ.get("srcdir", "."), "tests"))
from tap import done, import_or_skip, ok

np = import_or_skip("numpy")

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from dumps import (  # noqa: E402
    LAYER, f4, folder, layer, npy, path, qk, refused, save, says, show, wrong)


def test_kinds():
    says(save(**qk()), r"^layer\ta\tsoftmax assumed\tL=64\tchannels=4\t.*"
         r"width=1\ttss=32\tq:HLN:0,1,2:", "q and k alone are softmax")
    says(save(**qk(la=-f4(4) ** 2)), r"\tdecay assumed\t.*\tla:H:0:",
         "la (H) makes a decay")
    for form, shape in [("HL", (4, 64)), ("HN", (4, 16)),
                        ("HLN", (4, 64, 16))]:
        says(save(**qk(la=-f4(*shape) ** 2)), rf"\tla:{form}:0,1", f"la {form}")
    says(save(layer(kind="decay"), **qk()), r"\tdecay\tL=64\t.*tss=16",
         "a declared kind")
    says(save(**qk(G=2)), r"\tk:GLN:0,1,2", "fewer groups than heads")
    says(save(**qk(H=1)), r"\tchannels=1\tbatches=1", "one head is no batch")
    s6 = dict(m__dt=abs(f4(8, 64)), m__A=-abs(f4(8, 16)), m__B=f4(64, 16),
              m__C=f4(2, 64, 16))
    says(save(**s6), r"^layer\tm\ts6 assumed\tL=64\tchannels=8\t.*\tB:LN:0,1:"
         r".*\tC:GLN:0,1,2", "s6, one factor in groups")
    says(save(h__h=f4(3, 10), h__gq=f4(3, 64)),
         r"\ttoeplitz assumed\tL=64\tchannels=3.*\th:DK.*\tgq:DL", "toeplitz")
    says(save(h__h=f4(3, 10), h__gq=f4(2, 3, 64)), r"\tgq:RDL", "folds")
    says(save(s__T=f4(2, 8, 8)), r"^layer\ts\tdense assumed.*channels=2.*HLL",
         "a dense T of heads")
    says(save(s__T=f4(8, 8)), r"channels=1.*\tT:LL:0,1", "a dense T of one")
    says(save(**qk(scale=np.float32(0.5), window=np.int64(9))),
         r"tss=8.*\tscale:\twindow:$", "0-d factors")


def test_length():
    says(save(h__h=f4(3, 10)), r"\tL=10\t", "a bare kernel: L is K")
    says(save(h__h=f4(3, 10), tokens=np.array(["t"] * 20)), r"\tL=20\t",
         "a bare kernel: L is the number of tokens")
    says(save({"layers": {"h": {"length": 30}}}, h__h=f4(3, 10),
              tokens=np.array(["t"] * 20)), r"\tL=30\t",
         "a bare kernel: meta says L")
    name = save({"layers": {"h": {"length": 5}}}, h__h=f4(3, 10))
    says(name, r"\ttoeplitz assumed\tL=5\tchannels=3\t.*\th:DK:",
         "more taps than positions")
    says(name, "^note\th\th has 10 taps; the first 5 are used$", "are noted")
    says(save(h__h=f4(3, 65), h__gq=f4(3, 64)), "^note\th\th has 65 taps; the "
         "first 64 are used$", "also where a gate says L")
    says(save(h__h=f4(3, 64), h__gq=f4(3, 64)), r"^layer\th[^\n]*\n\Z",
         "as many taps as positions are not")
    wrong(save(layer(length=32), **qk()), r'"length" is 32, but.*L=64',
          "a length that is not that of the factors")
    for value in [1, 2.5, -3, "x"]:
        wrong(save(layer(length=value), **qk()), r'"length" is', f"a length "
              f"of {value}")
    wrong(save(**qk(L=1)), "L=1; expected .* 2 positions$", "L = 1")
    wrong(save(**qk(L=0)), r"q is f32 \(4, 0, 16\); no axis may be 0", "L = 0")
    wrong(save(s__T=f4(1, 1)), "L=1", "a dense T of 1")


def test_axes():
    wrong(save(**qk(la=f4(3))), r"a: la is f32 \(3,\); expected \(H\), "
          r"\(H,L\), \(H,N\) or \(H,L,N\) with H=4 L=64 N=16 \(kind decay "
          r"was assumed; meta key \"kind\" declares it\)$", "a shape that fits nothing")
    wrong(save(a__q=f4(64, 16), a__k=f4(64, 16)),
          r"q is f32 \(64, 16\); expected \(H,L,N\)", "q of rank 2")
    wrong(save(a__q=f4(4, 64, 16), a__k=f4(4, 64, 8)),
          r"k is f32 \(4, 64, 8\); expected \(G,L,N\) with L=64 N=16",
          "k of another N")
    wrong(save(**qk(G=3)), "4 heads cannot share 3 groups",
          "groups that do not divide the heads")
    wrong(save(s__T=f4(8, 9)), r"T is f32 \(8, 9\); expected \(L,L\) or",
          "a T that is not square")

    both = qk(N=64, la=-f4(4, 64) ** 2)
    wrong(save(**both), r'la is f32 \(4, 64\), which may be \(H,L\) or \(H,N\).'
          r'*"axes": \{"la": "HL"\}', "la (H,X) with L = N")
    for order in ["HL", "HN"]:
        says(save(layer(axes={"la": order}), **both), rf"\tla:{order}:0,1",
             f"axes {order} in meta settle it")
    says(save({"defaults": {"axes": {"la": "HN"}}}, **both), r"\tla:HN:0,1",
         "so do axes in defaults")
    says(save(layer(axes={"la": "NH"}), **qk(N=4, L=9, la=-f4(4, 4) ** 2)),
         r"\tla:HN:1,0", "axes in another order")
    says(save(layer(axes={"q": "BLHN", "k": "BLHN".replace("H", "G")}),
              a__q=f4(2, 64, 4, 16), a__k=f4(2, 64, 2, 16)),
         r"L=64\tchannels=4\tbatches=2.*\tq:HLN:2,1,3:B0.*k:GLN:2,1,3:B0",
         "permuted axes with a batch")
    for order in ["LHN", "BLHN"]:
        shape = (2,) * (order[0] == "B")
        says(save(layer(axes={"q": order, "k": order}),
                  a__q=f4(*shape, 64, 4, 16), a__k=f4(*shape, 64, 2, 16)),
             r"channels=4.*\tq:HLN:.*\tk:GLN:" + ("2,1,3:B0" if shape else
             "1,0,2:"), f"H for the groups of k in axes {order}")
    s6 = dict(m__dt=abs(f4(8, 64)), m__A=-abs(f4(8, 16)), m__B=f4(64, 8, 16),
              m__C=f4(16, 64))
    says(save({"layers": {"m": {"axes": {"B": "LDN", "C": "NL"}}}}, **s6),
         r"\tB:GLN:1,0,2.*\tC:LN:1,0", "D for the groups of B")
    wrong(save(layer(axes={"k": "HHN"}), **qk()), "expected the letters of",
          "two H in the axes of k")
    wrong(save(layer(axes={"la": "GL"}), **qk(la=-f4(4, 64) ** 2)),
          "expected the letters of", "G for the heads of la")
    for value, part in [("HN", "does not fit"), ("HX", "expected the letters of"),
                        ("", "expected the letters of"),
                        ("HHLLNNHHLL", "expected the letters of"),
                        ("BBHL", "expected the letters of"), (3, "is a number")]:
        wrong(save(layer(axes={"la": value}), **qk(la=-f4(4, 64) ** 2)), part,
              f"axes {value!r} of la (4, 64)")
    wrong(save(layer(axes="HL"), **qk()), '"axes" is text', "axes as text")


def test_turned():
    """Factors stored with L first, and numbers as arrays of one."""
    turned = dict(a__q=f4(9, 4, 3), a__k=f4(9, 2, 3))
    wanted = '"axes": {"q": "LHN", "k": "LGN"}'
    wrong(save(**turned), r"k is f32 \(9, 2, 3\); expected \(G,L,N\) with L=4 "
          "N=3; if L is stored first, say so in the layer's meta: "
          + re.escape(wanted), "q and k with L first")
    says(save(layer(**json.loads("{" + wanted + "}")), **turned),
         r"L=9\tchannels=4", "which helps")
    wrong(save(**{k: np.stack([v] * 2) for k, v in turned.items()}),
          '"axes": {"q": "BLHN", "k": "BLGN"}', "and so in a batch")
    wrong(save(m__dt=abs(f4(9, 6)), m__A=-abs(f4(6, 3)), m__B=f4(9, 3),
               m__C=f4(9, 3)), '"axes": {"dt": "LD"} ', "dt (L,D)")
    name = save(a__q=f4(9, 4, 3), a__k=f4(9, 4, 3),
                tokens=np.array(["t"] * 9))
    says(name, "^note\ta\t9 tokens, but L=4: not shown; if L is stored first, "
         "say so in the layer's meta: " + re.escape(wanted) + "$",
         "as many tokens as heads")
    wrong(save(**qk(scale=f4(1))), r"scale is f32 \(1,\); expected \(\): store "
          "a 0-d array, or put it into meta", "a number as an array of one")
    wrong(save(layer(axes={"q": "LH\x1b"}), **qk()), r'"axes" says "LH\\x1b" '
          r"of q; expected the letters of \(H,L,N\)", "letters of no axis")
    wrong(save(a__q=f4(3, 4, 9, 3), a__k=f4(4, 2, 9, 3)),
          "perhaps after a batch axis of 3 ", "another batch")


def test_batch():
    one = {k: v[None] for k, v in qk(la=-f4(4, 64) ** 2).items()}
    says(save(**one), r"channels=4\tbatches=1.*\tq:HLN:1,2,3:B0.*"
         r"\tla:HL:1,2:B0", "a batch axis of 1")
    two = {k: np.stack([v, v + 1]) for k, v in qk().items()}
    two["a__la"] = -f4(4) ** 2
    name = save(**two)
    says(name, r"batches=2.*\tq:HLN:1,2,3:B0.*\tla:H:0", "a batch axis of 2, "
         "and a factor without one")
    says(name, r"^note\ta\ta batch of 2: element 0 is read", "the batch is "
         "noted")
    last = f"{two['a__q'][0, -1, -1, -1]:.6g}"
    says(name, rf"\tq:HLN:1,2,3:B0:{re.escape(last)}\t", "the first is read")
    wrong(save(a__q=f4(4, 64, 16), a__k=f4(2, 4, 64, 16)), r"k is f32 \(2, 4",
          "a batch axis without one on q")
    s6 = dict(m__dt=abs(f4(1, 8, 64)), m__A=-abs(f4(8, 16)),
              m__B=f4(1, 64, 16), m__C=f4(1, 64, 16))
    says(save(**s6), r"\ts6 .*batches=1\t.*\tB:", "a batch of 1 and a group "
         "of 1 mean the same")
    s6 = dict(m__dt=abs(f4(2, 8, 64)), m__A=-abs(f4(8, 16)),
              m__B=f4(2, 64, 16), m__C=f4(2, 64, 16))
    low = dict(m__dt_low=f4(1, 64, 4), m__dt_w=f4(8, 4), m__dt_bias=f4(8),
               m__A=-abs(f4(8, 16)), m__B=f4(1, 64, 16), m__C=f4(1, 64, 16))
    says(save(**low), r"\ts6 .*channels=8\tbatches=1\t.*\tdt_low:LX:1,2:B0:",
         "a batch axis on dt_low, without dt")
    wrong(save(**s6), r'C is f32 \(2, 64, 16\), which may be \(B,L,N\) or '
          r'\(G,L,N\).*"axes"', "a batch of 2 and groups of 2 do not")
    says(save({"layers": {"m": {"axes": {"B": "BLN", "C": "GLN"}}}}, **s6),
         r"\tB:LN:1,2:B0.*\tC:GLN:0,1,2", "axes settle it")
    s6 = dict(m__dt=abs(f4(3, 8, 64)), m__A=-abs(f4(8, 16)),
              m__B=f4(3, 64, 16), m__C=f4(3, 64, 16))
    says(save(**s6), r"batches=3\t.*\tB:LN:1,2:B0.*\tC:LN:1,2:B0",
         "8 channels share no 3 groups: it is a batch")


def test_single():
    """Arrays whose names hold no slash."""
    says(save(T0=f4(8, 8)), r"^layer\tT0\tdense assumed.*\tT:LL", "a square")
    says(save(T0=f4(3, 8, 8)), r"^layer\tT0\t.*channels=3", "three squares")
    says(save(T0=f4(2, 3, 8, 8)), r"^layer\tT0\tdense .*channels=3\tbatches=2"
         r"\t.*T:HLL:1,2,3:B0", "a batch of squares")
    says(save(T0__T=f4(1, 3, 8, 8)), r"channels=3\tbatches=1\t.*\tT:HLL:1,2,3:B0",
         "one of 1")
    says(save(T0__T=f4(8, 8, 8, 8)), r"channels=8\tbatches=8\t.*\tT:HLL:1,2,3:B0",
         "as many heads and elements as positions")
    says(save({"layers": {"T0": {"axes": {"T": "BLL"}}}}, T0__T=f4(2, 8, 8)),
         r"channels=1\tbatches=2\t.*\tT:LL:1,2:B0", "and one without heads")
    wrong(save(T0__T=f4(2, 2, 3, 8, 8)), r"T is f32 \(2, 2, 3, 8, 8\); expected "
          r"\(L,L\) or \(H,L,L\)", "five axes")
    text = show(save(**qk(), labels=np.arange(64), square=np.eye(8, dtype=int),
                     bad=np.array([{}], dtype=object), one=np.float64(3)))[1]
    ok(re.findall("^extra\t(.*)$", text, re.M) == [
        "bad of a type that is never read", "labels i64 (64,)", "one f64 ()",
        "square i64 (8, 8)"], "other arrays are listed", text)
    with zipfile.ZipFile(path("x.npz"), "a") as z:
        z.writestr("README.txt", "hello")
    says("x.npz", r"^extra\tREADME.txt \(no array\)$", "and other members")
    np.save(path("bare.npy"), f4(8, 8))
    says("bare.npy", r"^layer\tbare\tdense assumed", "a bare .npy")
    np.save(path("bare.npy"), np.tri(8, dtype="i4"))
    says("bare.npy", r"^layer\tbare\tdense assumed", "one of integers")
    for what, more in (("meta", dict(meta={"esscope": 1})),
                       ("tokens", dict(tokens=np.array(["t"] * 8))),
                       ("token_ids", dict(token_ids=np.arange(8)))):
        says(save(T0=np.tri(8, dtype="i4"), **more), r"^layer\tT0\tdense",
             f"one of integers, beside {what}")
    refused(save(T0=np.tri(8, dtype="i4"), labels=np.arange(64)),
            r"T0 i32 \(8, 8\) and others; expected a square T of floats",
            "but not beside other arrays")
    np.save(path("bare.npy"), f4(8, 9))
    refused("bare.npy", r"holds no operator: bare f32 \(8, 9\)", "one that is "
            "no operator")
    refused(save(foo=f4(8, 8), foo__T=f4(8, 8)), "foo and foo/T are the same",
            "a T with and without its factor")
    refused(save(), "holds no operator: no array at all", "an empty dump")
    refused(save(q=f4(4, 64, 16), k=f4(4, 64, 16)), r"holds no operator: k f32 "
            r"\(4, 64, 16\) and others; expected .*LAYER/FACTOR .* of dense "
            r"\(T\), ", "factors without a layer")
    wrong(save(LAYER, a__x=f4(3), a__y=f4(3)), r"no kind has its factors \(x, "
          r"...\); expected those of dense \(T\)", "factors of no kind")
    wrong(save(a__k=f4(4, 64, 16), a__y=f4(3)), r"no kind has its factors \(k, "
          "...", "a known factor, but not enough of them")
    wrong(save(layer(kind="softmax"), a__q=f4(4, 64, 16)),
          "kind softmax needs a factor k", "a factor that is missing")
    name = save(**qk(v=f4(4, 64, 32)))
    says(name, r'^note\ta\tfactor "v" is not used by kind softmax$',
         "a factor that is not used")
    np.savez(path("x.npz"), **{"l\x1b[2J/q": f4(2, 8, 3),
                               "l\x1b[2J/k": f4(2, 8, 3)})
    says("x.npz", r"^layer\tl\\x1b\[2J\tsoftmax", "an escape sequence in a key")
    np.savez(path("x.npz"), **{"a/b/c/q": f4(2, 8, 3), "a/b/c/k": f4(2, 8, 3),
                               "/T": f4(3, 3)})
    says("x.npz", r"^layer\ta/b/c\tsoftmax", "slashes in a layer's name")
    names = [f"layers.{i}" for i in (10, 2, 1)]
    text = show(save(**{n + "__T": f4(3, 3) for n in names}))[1]
    ok(re.findall("^layer\t([^\t]*)", text, re.M)
       == ["layers.1", "layers.2", "layers.10"], "layers in natural order",
       text)
    test_groups()
    data = open(path(save(**qk())), "rb").read()
    status, text = show("-", input=data)
    ok(status == 0 and text.startswith("dump\t-\t"), "a dump on stdin", text)


def test_groups():
    """Groups of arrays that are no layer."""
    log = dict(stats__loss=np.zeros(4), weird__obj=np.array([{}], dtype=object),
               stats__deep__lr=np.zeros((2, 3), "f4"))
    text = show(save(**qk(), **log))[1]
    ok(re.findall("^extra\t(.*)$", text, re.M) == [
        "stats/loss f64 (4,)", "stats/deep/lr f32 (2, 3)",
        "weird/obj of a type that is never read"]
       and re.findall("^(layer|error)\t([^\t]*)", text, re.M)
       == [("layer", "a")], "groups without a factor are listed", text)
    wrong(save({"layers": {"stats": {}}}, **qk(), **log), "stats: no kind has",
          "but not one that meta names")
    refused(save(**log), r"holds no operator: stats/loss f64 \(4,\) and "
            "others; expected", "a dump of such groups alone")
    os.mkdir(path("logs"))
    for name in "ab":
        save(name=f"logs/{name}.npz", **log,
             **{k.replace("a__", name + "__"): v for k, v in qk().items()})
    text = show("logs")[1]
    ok(text.count("dump\t") == 1 and text.count("stats/loss") == 2,
       "two files that log the same are one dump", text)
    with zipfile.ZipFile(path("x.npz"), "w") as z:
        for i in range(300):
            z.writestr(f"log/{i:03}.npy", b"junk" if i == 1 else npy(f4(2)))
        z.writestr("a/T.npy", npy(f4(3, 3)))
    status, text = show("x.npz")
    extras = re.findall("^extra\t(.*)$", text, re.M)
    ok(status == 0 and len(extras) == 300 and extras[0] == "log/000 f32 (2,)"
       and extras[1] == "log/001 (damaged)"
       and extras[299] == "log/299 (its type was not looked at)"
       and "\nlayer\ta\t" in text, "all are named, damaged or not", text)


def test_directory():
    words = np.array([f"w{i}" for i in range(64)])
    one = {**qk(), "tokens": words}
    two = {k.replace("a__", "b__"): v for k, v in qk().items()}
    name = folder("union", l1=one, l2={**two, "meta": layer()},
                  l10={"c__T": f4(8, 8), "tokens": words})
    open(path("union/README"), "w").write("hello")
    open(path("union/empty"), "w").close()
    open(path("union/meta.json"), "w").write("{}")
    open(path("union/.hidden.npz"), "w").write("junk")
    os.mkdir(path("union/deep.npz"))
    os.mkfifo(path("union/fifo.npz"))
    os.mkfifo(path("union/fifo"))
    os.symlink("nowhere", path("union/link.npy"))
    os.symlink("nowhere", path("union/link"))
    status, text = show(name)
    ok(status == 0 and text.count("dump\t") == 1
       and re.findall("^layer\t([^\t]*)", text, re.M) == ["a", "b", "c"],
       "a directory is the union of its files", text)
    ok([line.replace(path("union"), "") for line in
        re.findall("^remark\t(.*)$", text, re.M)] == [
            "/meta.json is not read: only a member of an .npz may be called "
            "so", "skipped: /deep.npz: is a directory; expected a regular file",
            "skipped: /fifo.npz: is a FIFO; expected a regular file",
            "skipped: /link.npy: No such file or directory"],
       "what is called .npz and is no file is skipped with a note", text)
    ok(text.startswith(f"dump\t{path(name)}\t") and "64 tokens" in text
       and "\ntokens\tb\tw0 .. w63\n" in text, "layers share the tokens", text)

    name = folder("runs", step10=one, step9=one, step200=one)
    status, text = show(name + "/")
    ok(status == 0 and re.findall("^dump\t([^\t]*)", text, re.M)
       == [path(f"runs/step{i}.npz") for i in (9, 10, 200)],
       "files with the same factors are dumps of their own, in natural order",
       text)
    save(name="runs/z.npz", labels=np.arange(3))
    status, text = show(name)
    ok(status == 1 and "runs/z.npz: holds no operator" in text,
       "each of which must hold an operator", text)

    name = folder("hundred", **{f"s{i}": one for i in range(100)})
    _, text = show(name, preexec_fn=lambda: resource.setrlimit(
        resource.RLIMIT_NOFILE,
        (32, resource.getrlimit(resource.RLIMIT_NOFILE)[1])))
    ok(text.count("dump\t") == 100, "more files than may be open at first",
       text[:300])

    refused(folder("none"), "a directory without", "an empty directory")
    os.mkfifo(path("none/f.npz"))
    refused("none", "none: a directory without .* that can be read; skipped: "
            ".*/f.npz: is a FIFO", "a directory of a FIFO")
    if os.geteuid() != 0:
        folder("locked", a=one, b=two)
        os.chmod(path("locked/b.npz"), 0)
        says("locked", "^remark\tskipped: .*/b.npz: Permission denied$",
             "a file that may not be read is skipped with a note")
    os.mkdir(path("text"))
    open(path("text/README"), "w").write("hello")
    refused("text", "a directory without", "a directory of other files")
    refused(folder("nothing", a=dict(x=np.arange(3)), b=dict(y=np.arange(3))),
            "nothing: holds no operator: x i64", "a directory of no operator")
    folder("broken", l1=one)
    open(path("broken/l2.npz"), "wb").write(b"PK\3\4 cut")
    refused("broken", "broken/l2.npz: no zip directory", "a broken file in it")
    open(path("broken/l2.npz"), "wb").write(b"hello")
    refused("broken", "broken/l2.npz: is no dump", "a .npz that is none")

    refused(folder("tokens", l1=one, l2={**two, "tokens": words[::-1]}),
            r'l2.npz: its tokens are not those of .*l1.npz: number 0 is "w63", '
            'there "w0"', "tokens that differ")
    refused(folder("fewer", l1=one, l2={**two, "tokens": words[:-1]}),
            "l2.npz: its tokens are .*l1.npz: 63 of them, there 64",
            "fewer tokens")
    name = folder("meta", l1={**one, "meta": {
        "esscope": 1, "model": "m", "step": 1,
        "layers": {"a": {"width": 2}, "b": {"width": 3}}}},
        l2={**two, "meta": {"model": "m", "step": 2,
                            "layers": {"b": {"width": 3}}}})
    status, text = show(name)
    ok(status == 0 and re.search(r"^layer\ta\t.*width=2", text, re.M)
       and re.search(r"^layer\tb\t.*width=3", text, re.M)
       and 'remark\tmeta key "step" differs' in text, "meta is merged", text)
    refused(folder("differ", l1={**one, "meta": layer(width=2)},
                   l2={**two, "meta": layer(width=3)}),
            'l2.npz: meta: layer a: "width" is 3, but in .*/l1.npz 2; expected',
            "a layer described twice")
    refused(folder("absent", l1={**one, "meta": layer(width=2)},
                   l2={**two, "meta": layer(width=2, axes={"q": "HLN"})}),
            'layer a: "axes" is {"q":"HLN"}, but in .*/l1.npz nothing',
            "a key that is in one file only")
    refused(folder("long", l1={**one, "meta": {"dtype": "f32"}}, l2={
        **two, "meta": {"dtype": "f64"}}), 'l2.npz: meta: dtype is "f64", but '
            'in .*/l1.npz "f32"', "dtype that differs")
    refused(folder("defaults", l1={**one, "meta": {"defaults": {"width": 2}}},
                   l2={**two, "meta": {"defaults": {"width": 3}}}),
            'meta: defaults: "width" is 3, but in .*/l1.npz 2; expected',
            "defaults that differ")

    os.mkdir(path("npy"))
    np.save(path("npy/h0.npy"), f4(2, 64, 64))
    np.save(path("npy/h1.npy"), f4(64, 64))
    np.save(path("npy/tokens.npy"), words)
    np.save(path("npy/labels.npy"), np.arange(64))
    np.save(path("npy/meta.npy"), json.dumps({"model": "M"}))
    status, text = show("npy")
    ok(status == 0 and text.startswith(f"dump\t{path('npy')}\tM\t64 tokens\n"
       "extra\tlabels i64 (64,)\n")
       and re.findall("^layer\t([^\t]*)", text, re.M) == ["h0", "h1"],
       "a directory of .npy files", text)


if __name__ == "__main__":
    test_kinds()
    test_length()
    test_axes()
    test_turned()
    test_batch()
    test_single()
    test_directory()
    done()
