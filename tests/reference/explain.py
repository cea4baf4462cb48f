#!/usr/bin/env python3
"""Every reference map of the shared test data, made by the command line and compared from outside.

    python3 explain.py SHARED [--gradcam COMMAND] [--optimizations off] [--only TEXT] [--jobs N]

SHARED is the folder of the shared test data. Each map of methods/cases-cam and methods/cases-gradient that a method makes is explained by one call,

    gradcam explain input.npy --model model.onnx --layer features --method M --set M.NAME=VALUE ... --class A,B --save raw

and compared with the reference within the tolerance that its manifest states. References of targets and of several layers are tested with those.
Needs numpy. Exits with 1 where a map is wrong.
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

# What is no method, or belongs to others.
LEFT_OUT = ("finercam", "gradcam_counterfactual", "gradcam_contrast", "fusion", "crp-concepts", "conductance", "internal-influence", "class-model", "slic")
# Entries that are a method with other parameters.
SAME_METHOD = {
    "integrated-gradients-trapezoid": "integrated-gradients", "deeplift-argmax": "deeplift", "lrp-epsilon-absolute": "lrp-epsilon",
    "lrp-epsilon-plus-norm-pass": "lrp-epsilon-plus", "lrp-epsilon-plus-pool-proportional": "lrp-epsilon-plus",
}
# A rectifier's input lies within float32's rounding of 0 there, or two values of one window of max pooling within 4e-7 of their scale (the
# path's second step): which side is taken is no matter of right and wrong.
ON_A_KINK = {
    "cases-gradient/resnet/expected-gradients.npy": 2e-3,
    "cases-gradient/vgg_bn_unfolded/integrated-gradients-trapezoid.npy": 2e-2,
}


def text(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "x".join(text(v) for v in value)
    return "16" if value == "slic_segments" else repr(value) if isinstance(value, float) else str(value)


def references(shared):
    """(network, method, settings, reference file, tolerance, whether the reference is the sum over the input's channels)"""
    for folder in ("cases-cam", "cases-gradient"):
        manifest = json.loads((shared / "methods" / folder / "manifest.json").read_text())
        if "cases" in manifest:
            entries = [(n, m, max(1e-5, 20 * m["float32"]) if m["sign"] != "labels" else 0) for n, c in manifest["cases"].items() for m in c["maps"]]
        else:
            entries = [(m["case"], m, m["tolerance"]) for m in manifest["references"]]
        for network, entry, tolerance in entries:
            file = f"{folder}/{entry['file']}"
            if any(name.startswith(LEFT_OUT) for name in (entry["method"], pathlib.Path(file).name)):
                continue
            settings = {k: text(v) for k, v in entry["parameters"].items() if k != "method"}
            method = entry["method"]
            if method == "augmented":
                method, settings["augment"] = entry["parameters"]["method"], "true"
            method = SAME_METHOD.get(method, method)
            if method == "crp":
                method, settings = "channel-masks", {"channels": "1", "rule": entry["parameters"]["composite"]}
            if file.endswith("dff_concepts.npy"):
                settings["answer"] = "concepts"
            yield network, method, settings, file, ON_A_KINK.get(file, tolerance), "channels summed" in entry.get("layout", "")


def segment_values(pixels, labels, count):
    values = numpy.full(count, numpy.nan)
    for label in numpy.unique(labels):
        found = numpy.unique(pixels[labels == label])
        assert len(found) == 1, "a superpixel has several values"
        values[label] = found[0]
    return values


def compare(shared, command, more, reference):
    network, method, settings, file, tolerance, is_sum = reference
    case = shared / "oracle" / "cases" / network
    classes = numpy.load(case / "classes.npy")
    with tempfile.TemporaryDirectory() as output:
        call = [*command, "explain", str(case / "input.npy"), "--model", str(case / "model.onnx"), "--layer", "features", "--method", method,
                "--class", ",".join(map(str, classes)), "--save", "raw", "--output", output, "--json", *more]
        for name, value in settings.items():
            call += ["--set", f"{method}.{name}={value}"]
        run = subprocess.run(call, capture_output=True, text=True)
        if run.returncode != 0:
            return file, math.inf, tolerance, run.stderr.strip() or run.stdout[-300:]
        maps = numpy.load(pathlib.Path(output) / f"input.{method}.npy").astype(numpy.float64)
    expected = numpy.load(shared / "methods" / file).astype(numpy.float64)
    largest, worst = numpy.nanmax(numpy.abs(expected)), 0.0
    for item in range(len(classes)):
        own = maps[item, item]
        if is_sum:
            own = own.sum(0)
        if file.endswith("lime_slic.npy"):
            labels = numpy.load(shared / "methods" / file.replace("lime_slic", "slic_segments"))[item]
            own = segment_values(own, labels, expected[item].size)
        wanted = expected[item].reshape(-1)
        difference = numpy.abs(own.reshape(-1) - wanted)[~numpy.isnan(wanted)]
        worst = max(worst, difference.max() if not numpy.isnan(difference).any() else math.inf)
    return file, worst / largest if worst else 0, tolerance, " ".join(f"{method}.{k}={v}" for k, v in settings.items()) or method


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shared", type=pathlib.Path)
    parser.add_argument("--gradcam", default="gradcam", help="the command, such as 'dotnet gradcam.dll'")
    parser.add_argument("--optimizations", choices=("on", "off"), default="on")
    parser.add_argument("--only", default="", help="part of a reference's path")
    parser.add_argument("--jobs", type=int, default=1)
    given = parser.parse_args()
    more = ["--graph-optimizations", given.optimizations]
    wanted = [r for r in references(given.shared) if given.only in r[3]]
    wrong = 0
    with concurrent.futures.ThreadPoolExecutor(given.jobs) as pool:
        for file, error, tolerance, said in pool.map(lambda r: compare(given.shared, shlex.split(given.gradcam), more, r), wanted):
            wrong += not error <= tolerance
            print(f"{'ok   ' if error <= tolerance else 'WRONG'} {error:.1e} of {tolerance:.0e} {file} {said}", flush=True)
    print(f"{len(wanted)} references, {wrong} wrong, graph optimisations {given.optimizations}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
