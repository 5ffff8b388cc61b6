"""Every channel and every position of a dump against numpy's SVD of its T."""
import os
import tempfile

import numpy as np

import oracle
from tap import ok

tolerances = [("abs", 0.25), ("rel", 1e-3), ("rel", 1e-6)]
flags = ["--tol", "0.25", "--rel-tol", "1e-3", "--rel-tol", "1e-6"]
columns = ["ess_abs_0.25", "ess_rel_1e-3", "ess_rel_1e-6"]



def single(value):
    """As f32, or c8: in which the factors were rounded before."""
    value = np.asarray(value)
    return value.astype(np.complex64 if value.dtype.kind == "c"
                        else np.float32)


def check(name, factors, operators, meta=None, tss=None, store=single):
    """operators: T of each channel; tss: a function of i; store: what a factor
    is stored as."""
    with tempfile.TemporaryDirectory() as folder:
        path = oracle.save(os.path.join(folder, "x.npz"),
                           meta and {"layers": {"m": meta}}, **{
                               f"m__{key}": store(value)
                               for key, value in factors.items()})
        rows = oracle.rows(path, *flags, "--with", "method,error,floor")
        values = oracle.esscope("spectrum", path, "--layer", "m", "--channel",
                                0, "--position", len(operators[0]) // 2)
    length = len(operators[0])
    cells = [(c, i) for c in range(len(operators)) for i in range(1, length)]
    ok([(int(r["channel"]), int(r["position"])) for r in rows] == cells,
       f"{name}: every channel and position, in order")
    wrong = []
    for row in rows:
        c, i = int(row["channel"]), int(row["position"])
        s = oracle.spectrum(operators[c], i)
        near = 1e-9 * s[0] + 1e-300
        good = abs(float(row["sigma_max"]) - s[0]) <= near \
            and abs(float(row["sigma_sum"]) - s.sum()) <= near * len(s) \
            and abs(float(row["ess_entropy"]) - oracle.entropy(s)) <= 1e-8
        for column, tolerance in zip(columns, tolerances):
            good &= not oracle.clear(s, tolerance) \
                or int(row[column]) == oracle.count(s, tolerance)
        bound = tss(i) if tss else min(i, length - i)
        good &= int(row["tss"]) == bound
        good &= int(row["ceiling"]) == min(i, length - i, bound)
        good &= float(row["error"]) >= 0 and float(row["floor"]) >= 0
        if not good:
            wrong.append(f"{row} but {s[:8]}")
    ok(not wrong, f"{name}: numbers are numpy's", "\n".join(wrong[:4]))
    s = oracle.spectrum(operators[0], length // 2)
    got = np.array([float(v) for v in values.stdout.split()])
    most = len(s) if rows[0]["method"] == "direct" else min(len(s),
                                                            tss(length // 2))
    ok(len(got) == most and np.all(
        np.abs(got - s[:len(got)]) <= 1e-9 * s[0]) and np.all(
        s[len(got):] <= 1e-9 * s[0]) and np.all(np.diff(got) <= 0),
       f"{name}: spectrum prints the singular values, largest first",
       values.stderr.decode())
    return rows
