"""The rows of every --per, made again from those of --per cell."""
import os
import sys
import tempfile

sys.path.insert(0, os.path.join(os.environ.get("srcdir", "."), "tests"))
sys.path.insert(0, os.path.join(os.environ.get("srcdir", "."), "tests", "cli"))
from tap import done, import_or_skip, ok

np = import_or_skip("numpy")
import oracle

rng = np.random.default_rng(11)
H, L, N = 3, 40, 4
measures = ["ess_entropy", "ess_rel_1e-2", "ess_abs_.5"]
flags = ["--rel-tol", "1e-2", "--tol", ".5"]
widths = {"l.1": 1, "l.2": 4, "l.10": 16}


def normal(*shape):
    return rng.normal(size=shape).astype(np.float32)


def make(path):
    """decay, dense and softmax of different lengths, widths and channels."""
    return oracle.save(path, {"layers": {
        "l.1": {"kind": "decay"}, "l.2": {"kind": "dense", "width": 4},
        "l.10": {"kind": "softmax", "width": 16}}}, **{
            "l.1__q": normal(H, L, N), "l.1__k": normal(H, L, N),
            "l.1__la": -rng.exponential(.2, (H, L)).astype(np.float32),
            "l.2__T": np.tril(normal(2, 30, 30)),
            "l.10__q": normal(H, L, N), "l.10__k": normal(H, L, N),
            "tokens": np.array([f"t{i}" for i in range(L)])})


def close(text, value):
    return abs(float(text) - value) <= 1e-12 * max(1, abs(value))


def by(rows, *keys):
    groups = {}
    for row in rows:
        groups.setdefault(tuple(row[key] for key in keys), []).append(row)
    return groups


def column(rows, name):
    return np.array([float(row[name]) for row in rows])


def means(rows, name):
    """Mean over positions of each channel, and the channel's width."""
    groups = by(rows, "file", "layer", "channel")
    return np.array([[column(g, name).mean(), widths[key[1]]]
                     for key, g in groups.items()])


def interior(row, length):
    i, tss = int(row["position"]), float(row["tss"])
    if row["kind"] == "decay":
        return i >= tss and length - i >= tss
    return length / 4 <= i < 3 * length / 4


def verdicts(rows):
    """(judged, saturated, collapsed) channels, by the first tolerance."""
    result = [0, 0, 0]
    for (_, layer, _), g in by(rows, "file", "layer", "channel").items():
        length = 30 if layer == "l.2" else L
        inside = [r for r in g if interior(r, length)]
        size = column(inside, "tss" if layer == "l.1" else "ceiling")
        ess = column(inside, measures[1])
        result[0] += len(inside) > 0
        result[1] += len(inside) > 0 and (ess >= .9 * size).mean() >= .5
        result[2] += len(inside) > 0 and (ess <= .1 * size).mean() >= .5
    return result


def check(per, keys, paths, total, verdict, *selection):
    cells = oracle.rows(*paths, *flags, *selection)
    rows = oracle.rows(*paths, *flags, *selection, "--per", per)
    groups = by(cells, *keys)
    names = f"--per {per} {' '.join(selection)}"
    ok([tuple(row[key] for key in keys) for row in rows] == list(groups),
       f"{names}: rows in the order of the cells")
    wrong = []
    for row, g in zip(rows, groups.values()):
        for m in measures:
            if per == "position":
                mean = column(g, m).mean()
            else:
                table = means(g, m)
                mean = table[:, 0].mean()
                good = not total or close(
                    row[f"{m}_total"], (table[:, 0] * table[:, 1]).sum())
                wrong += [] if good else [f"total of {m} in {row}"]
            if not (close(row[f"{m}_mean"], mean)
                    and float(row[f"{m}_min"]) == column(g, m).min()
                    and float(row[f"{m}_max"]) == column(g, m).max()):
                wrong.append(f"{m} in {row}")
        tss = means(g, "tss")[:, 0].mean()
        wrong += [] if close(row["tss_mean"], tss) else [f"tss in {row}"]
        if per == "position":
            ceiling = column(g, "ceiling").mean()
            good = close(row["ceiling_mean"], ceiling) \
                and row["token"] == g[0]["token"]
        else:
            good = int(row["positions"]) == len({r["position"] for r in g})
        if per == "file":
            good &= int(row["layers"]) == len({r["layer"] for r in g})
        elif per != "position":
            good &= int(row["length"]) == (30 if row["layer"] == "l.2" else L)
        if per != "channel":
            good &= int(row["channels"]) == len(means(g, "tss"))
        wrong += [] if good else [f"sizes in {row}"]
        if verdict:
            judged, high, low = verdicts(g)
            wanted = [str(high), str(low)] if judged else ["", ""]
            if [row["saturated"], row["collapsed"]] != wanted:
                wrong.append(f"{row}: verdicts {wanted}")
    ok(not wrong, f"{names}: numbers are those of the cells",
       "\n".join(wrong[:5]))
    return list(rows[0])


def header(*identity, suffixes, end=()):
    return [*identity, *(f"{m}_{s}" for m in measures for s in suffixes), *end]


with tempfile.TemporaryDirectory() as folder:
    paths = [make(os.path.join(folder, name)) for name in ("b.npz", "a.npz")]
    four, three = ["mean", "min", "max", "total"], ["mean", "min", "max"]

    cells = oracle.rows(*paths, *flags)
    ok(list(cells[0]) == ["file", "layer", "kind", "channel", "position",
                          "token", "tss", "ceiling", "sigma_max", "sigma_sum",
                          *measures], "the columns of --per cell")
    ok([key for key in by(cells, "file", "layer")] == [
        (path, layer) for path in paths for layer in widths],
       "files as given, layers by number")
    ok(cells[0]["token"] == "t1" and all(
        r["token"] == "" for r in cells if r["layer"] == "l.2"),
       "token i, where there are as many tokens as positions")

    names = check("channel", ["file", "layer", "kind", "channel"], paths,
                  True, False)
    ok(names == header("file", "layer", "kind", "channel", "length",
                       "positions", "tss_mean", suffixes=four),
       "the columns of --per channel")
    names = check("position", ["file", "layer", "kind", "position"], paths,
                  False, False)
    ok(names == header("file", "layer", "kind", "position", "token",
                       "channels", "tss_mean", "ceiling_mean",
                       suffixes=three), "the columns of --per position")
    names = check("layer", ["file", "layer", "kind"], paths, True, True)
    ok(names == header("file", "layer", "kind", "channels", "length",
                       "positions", "tss_mean", suffixes=four,
                       end=["saturated", "collapsed"]),
       "the columns of --per layer")
    names = check("file", ["file"], paths, True, True)
    ok(names == header("file", "layers", "channels", "positions", "tss_mean",
                       suffixes=four, end=["saturated", "collapsed"]),
       "the columns of --per file")
    for per, keys in (("channel", ["file", "layer", "kind", "channel"]),
                      ("layer", ["file", "layer", "kind"]),
                      ("file", ["file"])):
        check(per, keys, paths[:1], True, per != "channel", "--position",
              "1::3", "--channel", "0-1")
        check(per, keys, paths[:1], True, per != "channel", "--interior")
    check("layer", ["file", "layer", "kind"], paths[:1], True, True,
          "--position", ":3")

    for per in "cell", "position", "file":
        one, two = (oracle.esscope("compute", *paths, "--per", per,
                                   "--threads", n).stdout for n in (1, 3))
        ok(one and one == two, f"--per {per}: the same bytes whatever the "
           "number of threads")
done()
