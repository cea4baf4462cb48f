#!/usr/bin/env python3
"""Faithfulness of SqueezeNet 1.1's explanations, computed by PyTorch alone: the reference that `gradcam evaluate faithfulness` is measured against.

    python3 faithfulness.py MODEL_FOLDER PICTURES --output reference.json [--limit N] [--methods A,B] [--metrics insertion,deletion] [--dtype float32|float64]

MODEL_FOLDER holds model.onnx (its weights are read, its graph is not run) and preprocessor_config.json. Every definition is METHOD's: the class
explained is the predicted one, masks multiply pixels before the mean is subtracted. Nothing here is shared with the C# code.
Needs torch, numpy, onnx and Pillow.
"""

import argparse
import itertools
import json
import pathlib
import sys

import numpy
import onnx
import onnx.numpy_helper
import torch
import torch.nn.functional as F
from PIL import Image

RULES = ("derivative", "guided", "deconvolution")
METRICS = ("insertion", "deletion")
STEP, BATCH = 224, 8


class Rectify(torch.autograd.Function):
    """ReLU whose gradient follows one of three rules."""

    @staticmethod
    def forward(context, x, rule):
        context.save_for_backward(x)
        context.rule = rule
        return x.clamp(min=0)

    @staticmethod
    def backward(context, g):
        (x,) = context.saved_tensors
        if context.rule != "deconvolution":
            g = g * (x > 0)
        if context.rule != "derivative":
            g = g.clamp(min=0)
        return g, None


class SqueezeNet:
    """SqueezeNet 1.1, written out, with the weights of an ONNX file."""

    def __init__(self, path, dtype):
        tensors = onnx.load(str(path)).graph.initializer
        self.weights = {t.name: torch.from_numpy(onnx.numpy_helper.to_array(t).copy()).to(dtype) for t in tensors}

    def conv(self, x, name, rule, stride=1, padding=0):
        return Rectify.apply(F.conv2d(x, self.weights[name + "_w_0"], self.weights[name + "_b_0"], stride, padding), rule)

    def fire(self, x, name, rule):
        squeezed = self.conv(x, name + "/squeeze1x1", rule)
        return torch.cat([self.conv(squeezed, name + "/expand1x1", rule), self.conv(squeezed, name + "/expand3x3", rule, padding=1)], 1)

    def features(self, x, rule="derivative"):
        pool = lambda t: F.max_pool2d(t, 3, 2, ceil_mode=True)
        x = pool(self.conv(x, "conv1", rule, stride=2))
        x = pool(self.fire(self.fire(x, "fire2", rule), "fire3", rule))
        x = pool(self.fire(self.fire(x, "fire4", rule), "fire5", rule))
        for name in ("fire6", "fire7", "fire8", "fire9"):
            x = self.fire(x, name, rule)
        return x

    def scores(self, features, rule="derivative"):
        return self.conv(features, "conv10", rule).mean((2, 3))


def prepare(path, config):
    """Pixels [3, H, W] in the network's channel order, 0 to 255, before the mean."""
    picture = Image.open(path).convert("RGB")
    factor = config["size"]["shortest_edge"] / min(picture.size)
    picture = picture.resize([round(side * factor) for side in picture.size], Image.BILINEAR)
    width, height = config["crop_size"]["width"], config["crop_size"]["height"]
    left, top = (picture.size[0] - width) // 2, (picture.size[1] - height) // 2
    pixels = numpy.asarray(picture.crop((left, top, left + width, top + height)), numpy.float64).transpose(2, 0, 1)
    return pixels[::-1].copy() if config["do_flip_channel_order"] else pixels


def class_maps(A, g, weight):
    """Raw maps [h, w] of all methods at the layer, of activation A, gradient g and the class's own weights."""
    total = A.sum((1, 2), keepdim=True)
    denominator = 2 + g * total
    alpha = torch.where((g != 0) & (denominator != 0), 1 / denominator, torch.zeros_like(g))
    positive = (alpha * (g > 0)).sum((1, 2), keepdim=True)
    shared = torch.where(positive != 0, alpha / positive, torch.zeros_like(alpha))
    weights = {
        "gradcam": g.mean((1, 2)),
        "gradcam++": (alpha * g.clamp(min=0)).sum((1, 2)),
        "gradcam++-no-relu": (alpha * g).sum((1, 2)),
        "gradcam++-authors": (shared * g.clamp(min=0)).sum((1, 2)),
        "gradcam-positive": g.clamp(min=0).mean((1, 2)),
    }
    maps = {name: (w[:, None, None] * A).sum(0).clamp(min=0) for name, w in weights.items()}
    maps["cam"] = (weight[:, None, None] * A).sum(0)
    return maps


def upsample(raw, size):
    return F.interpolate(raw[None, None], size=size, mode="bilinear", align_corners=False)[0, 0]


def normalise(raw):
    least, most = raw.min(), raw.max()
    if most <= 0:
        return torch.zeros_like(raw)
    return (raw - least) / (most - least) if most > least else torch.ones_like(raw)


def blur(pixels):
    """The Gaussian of standard deviation 5 over 11 x 11 pixels; beyond the edge the edge's pixels go on."""
    distance = torch.arange(-5, 6, dtype=pixels.dtype)
    kernel = torch.exp(-(distance[:, None] ** 2 + distance[None, :] ** 2) / (2 * 5**2))
    kernel = (kernel / kernel.sum()).expand(3, 1, 11, 11)
    return F.conv2d(F.pad(pixels[None], (5, 5, 5, 5), mode="replicate"), kernel, groups=3)[0]


def area(net, start, end, mask, mean, c):
    """The area under the class's probability while the picture `start` becomes `end`, 224 pixels a step, those of the largest mask first."""
    order = torch.argsort(mask.flatten(), descending=True, stable=True)
    rank = torch.empty_like(order)
    rank[order] = torch.arange(len(order))
    rank = rank.reshape(mask.shape)
    steps = -(-len(order) // STEP)
    curve = []
    with torch.no_grad():
        for first in range(0, steps + 1, BATCH):
            batch = torch.stack([torch.where(rank < step * STEP, end, start) - mean for step in range(first, min(first + BATCH, steps + 1))])
            curve.append(torch.softmax(net.scores(net.features(batch)), 1)[:, c])
    return float(numpy.trapz(torch.cat(curve).numpy(), dx=1 / steps))


def curves(net, pixels, mask, mean, c, metrics):
    """Insertion: the picture appears on the blurred one. Deletion: its pixels turn black."""
    black = torch.zeros_like(pixels)
    ends = {"insertion": (lambda: blur(pixels), lambda: pixels), "deletion": (lambda: pixels, lambda: black)}
    return {name: area(net, ends[name][0](), ends[name][1](), mask, mean, c) for name in metrics}


def measure(net, pixels, mean, dtype, methods=None, metrics=()):
    """The class, its probability Y and, for each method, its probability O on the explanation map and the areas of its curves."""
    pixels = torch.from_numpy(pixels).to(dtype)
    x = (pixels - mean)[None]
    size = x.shape[2:]
    A = net.features(x).detach().requires_grad_(True)
    scores = net.scores(A)
    c = int(scores.argmax())
    (g,) = torch.autograd.grad(scores[0, c], A)
    whole = torch.softmax(scores[0].detach(), 0)[c]
    raw = class_maps(A.detach()[0], g[0], net.weights["conv10_w_0"][c, :, 0, 0])
    gradients = {}
    for rule in RULES:
        y = x.clone().requires_grad_(True)
        (gradients[rule],) = torch.autograd.grad(net.scores(net.features(y, rule), rule)[0, c], y)
    signed = {
        "saliency": gradients["derivative"][0],
        "guided-backprop": gradients["guided"][0],
        "deconvnet": gradients["deconvolution"][0],
        "guided-gradcam++": upsample(raw["gradcam++"], size) * gradients["guided"][0],
        "guided-gradcam": upsample(raw["gradcam"], size) * gradients["guided"][0],
    }
    masks = {name: upsample(normalise(m), size) for name, m in raw.items()}
    masks.update({name: normalise(m.abs().amax(0)) for name, m in signed.items()})
    masks = {name: mask for name, mask in masks.items() if methods is None or name in methods}
    with torch.no_grad():
        batch = torch.stack([mask * pixels - mean for mask in masks.values()])
        masked = torch.softmax(net.scores(net.features(batch)), 1)[:, c]
    areas = {name: curves(net, pixels, mask, mean, c, metrics) for name, mask in masks.items()} if metrics else {}
    return c, float(whole), dict(zip(masks, masked.tolist())), areas


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("model", type=pathlib.Path, help="the folder of model.onnx and preprocessor_config.json")
    options.add_argument("pictures", type=pathlib.Path, help="the folder of pictures")
    options.add_argument("--output", type=pathlib.Path, default=pathlib.Path("reference.json"))
    options.add_argument("--limit", type=int, help="the first N pictures alone")
    options.add_argument("--methods", type=lambda text: text.split(","), help="these methods alone")
    options.add_argument("--metrics", type=lambda text: text.split(","), default=[], help="further metrics: insertion, deletion (some 450 forward passes a picture and method)")
    options.add_argument("--dtype", choices=["float32", "float64"], default="float64")
    given = options.parse_args()
    if unknown := set(given.metrics) - set(METRICS):
        options.error(f"no such metric: {', '.join(sorted(unknown))}")

    dtype = getattr(torch, given.dtype)
    net = SqueezeNet(given.model / "model.onnx", dtype)
    config = json.loads((given.model / "preprocessor_config.json").read_text())
    if config["do_rescale"] or any(deviation != 1 for deviation in config["image_std"]):
        sys.exit("This script subtracts a mean from pixels of 0 to 255; this preprocessing does something else.")
    mean = torch.tensor(config["image_mean"], dtype=dtype)[:, None, None]

    rows = []
    names = sorted(p for p in given.pictures.iterdir() if p.suffix.lower() in (".jpg", ".jpeg", ".png"))[: given.limit]
    for number, path in enumerate(names, 1):
        c, whole, masked, areas = measure(net, prepare(path, config), mean, dtype, given.methods, given.metrics)
        if not masked:
            sys.exit(f"None of {', '.join(given.methods)} is known here.")
        rows.append({"picture": path.name, "class": c, "probability": whole, "masked": masked, "areas": areas})
        print(f"\r{number} of {len(names)}", end="", file=sys.stderr)
    print(file=sys.stderr)

    methods = list(rows[0]["masked"])
    count = len(rows)
    table = {m: {
        "average_drop": 100 / count * sum(max(0, r["probability"] - r["masked"][m]) / r["probability"] for r in rows),
        "increase": 100 / count * sum(r["masked"][m] > r["probability"] for r in rows),
        **{metric: sum(r["areas"][m][metric] for r in rows) / count for metric in given.metrics},
    } for m in methods}
    wins = [{
        "a": a, "b": b,
        "a_wins": 100 / count * sum(r["masked"][a] > r["masked"][b] for r in rows),
        "b_wins": 100 / count * sum(r["masked"][a] < r["masked"][b] for r in rows),
        "ties": 100 / count * sum(r["masked"][a] == r["masked"][b] for r in rows),
    } for a, b in itertools.combinations(methods, 2)]
    given.output.write_text(json.dumps({"pictures": count, "methods": table, "wins": wins, "rows": rows}, indent=1) + "\n")

    further = "".join(f" {metric:>10}" for metric in given.metrics)
    print(f"{'method':20} {'average drop':>13} {'increase':>9}{further}   of {count} pictures")
    for m in methods:
        further = "".join(f" {table[m][metric]:10.4f}" for metric in given.metrics)
        print(f"{m:20} {table[m]['average_drop']:13.2f} {table[m]['increase']:9.2f}{further}")


if __name__ == "__main__":
    main()
