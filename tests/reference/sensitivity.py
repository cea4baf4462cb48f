#!/usr/bin/env python3
"""Sobol and HSIC attribution in float64, from their definitions: the references that the methods sobol and hsic are tested against.

    python3 sensitivity.py SHARED --output sensitivity.json

SHARED is the folder of the shared test data: its methods/cam_family.py evaluates the networks of oracle/cases in float64, and its random numbers
are drawn from. The definitions are those of docs/methods/sobol.md and hsic.md, written out on whole matrices; nothing is shared with the C# code.
Needs torch, numpy and onnx.
"""

import argparse
import importlib
import json
import math
import pathlib
import sys

import numpy

# Networks, and what is set of each method. Small, so that the file is written in minutes.
CASES = ("vgg_bn_unfolded", "resnet", "c3d_video")
SETTINGS = (
    ("sobol", {"cells": 4, "designs": 8, "seed": 3}),
    ("sobol", {"cells": 3, "designs": 16, "score": "probability", "baseline": 0.25}),
    ("hsic", {"cells": 4, "masks": 60, "seed": 3}),
    ("hsic", {"cells": 3, "masks": 41, "score": "probability", "width": "distance"}),
)


def cell_of(space, cells):
    """For each position its cell: floor(i c / n) along each axis, numbered row by row."""
    axes = numpy.meshgrid(*[numpy.arange(n) * cells // n for n in space], indexing="ij")
    number = numpy.zeros(space, int)
    for axis in axes:
        number = number * cells + axis
    return number


def scores(family, case, item, shares, settings):
    """The score of each row of shares: x' = m x + (1 - m) b, m the share of a pixel's cell."""
    torch = family.torch
    cells, cls = settings["cells"], int(case.c[item])
    where = cell_of(case.space, cells)
    baseline = settings.get("baseline", 0)
    found = []
    for row in shares:
        m = torch.from_numpy(row[where])[None, None]
        s = case.forward(m * case.x[item:item + 1] + (1 - m) * baseline)[0]
        found.append(float(torch.softmax(s, 0)[cls] if settings.get("score") == "probability" else s[cls]))
    return numpy.array(found)


def sobol(family, case, item, settings):
    n, d, seed = settings["designs"], settings["cells"] ** len(case.space), settings.get("seed", 1)
    draws = numpy.stack([family.uniform(family.stream(seed, q), 2 * d) for q in range(n)])
    a, b = draws[:, :d], draws[:, d:]
    own = scores(family, case, item, a, settings)
    indices = []
    for i in range(d):
        c = a.copy()
        c[:, i] = b[:, i]
        changed = scores(family, case, item, c, settings)
        indices.append(((own - changed) ** 2).sum() / (2 * n * own.var(ddof=1)))
    return indices


def hsic(family, case, item, settings):
    n, d, seed = settings["masks"], settings["cells"] ** len(case.space), settings.get("seed", 1)
    masks = numpy.zeros((n, d))
    for i in range(d):
        order = numpy.argsort(family.splitmix64(family.stream(seed, i), numpy.arange(n)), kind="stable")
        masks[order[n // 2:], i] = 1
    y = scores(family, case, item, masks, settings)
    far = y[:, None] - y[None, :]
    width = numpy.median(numpy.abs(far[numpy.triu_indices(n, 1)])) if settings.get("width") == "distance" else numpy.median(y)
    l = numpy.exp(-far ** 2 / (2 * width ** 2))
    h = numpy.eye(n) - 1 / n
    return [float(numpy.trace((masks[:, i][:, None] == masks[:, i][None, :]).astype(float) @ h @ l @ h)) / (n - 1) ** 2 for i in range(d)]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shared", type=pathlib.Path)
    parser.add_argument("--output", type=pathlib.Path, required=True)
    given = parser.parse_args()
    sys.path.insert(0, str(given.shared / "methods"))
    family = importlib.import_module("cam_family")
    references = []
    for name in CASES:
        case = family.Case(name, family.F64)
        for method, settings in SETTINGS:
            if len(case.space) > 2:
                settings = {**settings, "cells": 2}
            for item in range(case.n):
                values = {"sobol": sobol, "hsic": hsic}[method](family, case, item, settings)
                assert all(math.isfinite(v) for v in values)
                references.append({"case": name, "method": method, "parameters": settings, "item": item, "class": int(case.c[item]),
                                   "values": [float(f"{v:.12g}") for v in values]})
                print(name, method, item, max(values), file=sys.stderr)
    given.output.write_text("[\n" + ",\n".join(json.dumps(r) for r in references) + "\n]\n")


if __name__ == "__main__":
    main()
