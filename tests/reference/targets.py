#!/usr/bin/env python3
"""Every target of the shared test data, explained by the command line and compared from outside.

    python3 targets.py SHARED [--gradcam COMMAND] [--optimizations off] [--only CASE] [--jobs N]

SHARED is the folder of the shared test data. Of each small network of targets/cases all targets of a layer are explained by one call,

    gradcam explain input.npy --model model.onnx --layer L --target T --target U ... --method gradcam,gradcam++,hirescam --save raw --json

and scores and raw maps are compared with the references. A map may differ by ten times what the same computation in float32 differs, never
less than 1e-4 of its maximum being asked for. Needs numpy. Exits with 1 where something is wrong.
"""

import argparse
import concurrent.futures
import json
import math
import pathlib
import shlex
import subprocess
import sys
import tempfile

import numpy

METHODS = {"gradcam": "gradcam", "gradcam++": "gradcampp", "hirescam": "elementwise"}


def groups(shared, only):
    """(folder, what case.json says, layer, its targets)"""
    for file in sorted((shared / "targets" / "cases").glob("*/case.json")):
        case = json.loads(file.read_text())
        if only not in case["name"]:
            continue
        layers = {}
        for target in case["targets"]:
            for layer in target["layers"] + (["+".join(target["layers"])] if target.get("fused") else []):
                layers.setdefault(layer, []).append(target)
        for layer, targets in layers.items():
            yield file.parent, case, layer, targets


def spec(folder, target):
    """The target as it is typed: vectors by their path. The other picture's vector lies beside the network."""
    return target["spec"].replace("other.jpg", "other_embedding.npy").replace(":vector.npy", f":{folder}/vector.npy").replace(
        ":other_embedding.npy", f":{folder}/other_embedding.npy")


def picture_of(case):
    return next((n for n, i in case["inputs"].items() if i.get("differentiable")), next(iter(case["inputs"])))


def tolerance(target, layer, method):
    own = [target["float32"].get(f"{one}.{method}") for one in layer.split("+")]
    return max([1e-4] + [10 * value for value in own if value is not None])


def score(item, explanation):
    """What was explained, as a number: of a classifier its class's score, where that is among the best."""
    if "target" in explanation:
        return explanation["target"]["value"]
    return next((p["score"] for p in item["predictions"] if p["index"] == explanation["class"]["index"]), None)


def compare(command, more, folder, case, layer, targets):
    """One line a value or map: (error, tolerance, what)"""
    where, picture = f"{case['name']} {layer}", picture_of(case)
    with tempfile.TemporaryDirectory() as output:
        call = [*command, "explain", f"{folder}/input.{picture}.npy", "--model", f"{folder}/model.onnx", "--layer", layer,
                "--method", ",".join(METHODS), "--save", "raw", "--output", output, "--json", *more]
        for target in targets:
            call.append(f"--target={spec(folder, target)}")
        for name in case["inputs"]:
            if name != picture:
                call += ["--input", f"{name}={folder}/input.{name}.npy"]
        run = subprocess.run(call, capture_output=True, text=True)
        if run.returncode != 0:
            return [(math.inf, 0, f"{where}: {run.stderr.strip()[-400:]}")]
        explained = [(item, e) for item in json.loads(run.stdout)["results"] for e in item["explanations"]]
        lines = []
        for method, reference in METHODS.items():
            own = [(item, e) for item, e in explained if e["method"] == method]
            maps = numpy.load(own[0][1]["files"]["raw"]).astype(numpy.float64)
            for place, target in enumerate(targets):
                items = own[place::len(targets)]
                if method == "gradcam":
                    for wanted, found in zip(target["value"], [score(*one) for one in items], strict=True):
                        if found is not None:
                            lines.append((abs(found - wanted) / max(1, abs(wanted)), 1e-4, f"{where} {target['spec']} score"))
                file = folder / f"{target['id']}.{'fused' if '+' in layer else layer}.{reference}.npy"
                if not file.exists():
                    continue
                expected = numpy.load(file).astype(numpy.float64)
                found = maps[:, place]
                if reference == "elementwise" and "+" not in layer:
                    found = numpy.maximum(found, 0)
                largest = numpy.abs(expected).max()
                error = numpy.abs(found.reshape(-1) - expected.reshape(-1)).max() if found.size == expected.size else math.inf
                lines.append((error / largest if largest else error, tolerance(target, layer, reference), f"{where} {target['spec']} {method}"))
        return lines


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shared", type=pathlib.Path)
    parser.add_argument("--gradcam", default="gradcam", help="the command, such as 'dotnet gradcam.dll'")
    parser.add_argument("--optimizations", choices=("on", "off"), default="on")
    parser.add_argument("--only", default="", help="part of a case's name")
    parser.add_argument("--jobs", type=int, default=1)
    given = parser.parse_args()
    more = ["--graph-optimizations", given.optimizations]
    total = wrong = 0
    with concurrent.futures.ThreadPoolExecutor(given.jobs) as pool:
        work = list(groups(given.shared.resolve(), given.only))
        for lines in pool.map(lambda g: compare(shlex.split(given.gradcam), more, *g), work):
            for error, allowed, what in lines:
                total += 1
                wrong += not error <= allowed
                print(f"{'ok   ' if error <= allowed else 'WRONG'} {error:.1e} of {allowed:.0e} {what}", flush=True)
    print(f"{total} values and maps, {wrong} wrong, graph optimisations {given.optimizations}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
