#!/usr/bin/env python3
"""samples/esscope_dump.py: what looks like a layer that it knows and is not,
is left out and said; never a T that is not the layer's."""
import os
import sys
import tempfile
import warnings

sys.path.insert(0, os.path.join(os.environ.get("srcdir", "."), "tests"))
from tap import SOURCE, done, import_or_skip, ok

np = import_or_skip("numpy")
torch = import_or_skip("torch")
sys.path[:0] = [os.path.join(SOURCE, "samples"),
                os.path.join(SOURCE, "tests", "samples")]
sys.dont_write_bytecode = True

import esscope_dump                     # noqa: E402
import mixers as m                      # noqa: E402

L = 24


def record(model, width=16, transposed=False, **options):
    """Layers that were recorded, and what was said."""
    torch.manual_seed(4)
    x = torch.randn(1, L, width)
    x = x.transpose(1, 2) if transposed else x
    layers = ()
    with warnings.catch_warnings(record=True) as seen, torch.no_grad():
        warnings.simplefilter("always")
        try:
            with esscope_dump.record(model, os.path.join(
                    folder, "run.npz"), **options) as dump:
                model(x)
            layers = list(dump.layers)
        except RuntimeError as error:
            assert "no layer was recorded" in str(error), error
            return [], str(error)
    return layers, "; ".join(str(w.message) for w in seen)


def refused(what, model, expected, width=16, **options):
    layers, said = record(model, width, **options)
    ok(not layers and expected in said, f"{what}: left out, and said",
       (layers, said))


with tempfile.TemporaryDirectory() as folder:
    torch.manual_seed(1)
    for what, mixer in (
            ("Mamba in both directions", m.MambaMixer(twist="backward")),
            ("Mamba with a B of its own", m.MambaMixer(twist="scaled")),
            ("Mamba with norms that nothing knows", m.MambaMixer(
                norms=("dt_norm", "norm_b", "norm_c")))):
        refused(what, mixer, "T u differs")
    refused("a convolution padded in front and behind", m.PaddedConv(2),
            "does not begin with the zeros", 6)
    refused("a convolution cut in front", m.CausalConv(4),
            "sees later positions", 6)
    refused("a convolution cut at both ends", m.CausalConv(2),
            "sees later positions", 6)
    refused("a convolution around a circle", m.CausalConv(0, "circular"),
            "no layer was recorded", 6)
    refused("a convolution that is not cut", m.CausalConv().conv,
            "where it is cut was not seen", 6, transposed=True)
    scaled = m.S4D()
    scaled.output = torch.nn.Identity()
    plain = scaled.forward
    scaled.forward = lambda u: scaled.output(2 * plain(u))
    refused("a kernel whose result is not used as it is", scaled,
            "T u differs", 6, transposed=True)
done()
