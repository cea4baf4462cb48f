"""How well do class activation maps find the objects? Measured in PyTorch on the exported file, to compare with the .NET tool.

    gradcam scenes yardstick --count 1500 --seed 9001 --single 0.3
    python3 localize.py scenes-vgg.onnx yardstick

Prints, for scenes with at least two objects of the predicted class (the first 300): mean Loc at delta 0.25 and 0.5, and the share of
those objects whose box holds a pixel above 0.5; for scenes with one object: top-1, and the pointing game for that object's class (a hit
lies within 15 px, or within 0 px, of the box).
"""

import json
from pathlib import Path
import sys
import xml.etree.ElementTree as xml

import numpy as np
import onnx
from onnx import numpy_helper
from PIL import Image
import torch
import torch.nn.functional as F


class Network:
    """Runs the few operators of the two networks, up to the layer before the last pooling and from there to the scores before softmax."""

    def __init__(self, path):
        model = onnx.load(path)
        self.graph = model.graph
        self.weights = {w.name: torch.from_numpy(numpy_helper.to_array(w).copy()) for w in model.graph.initializer}
        metadata = {p.key: json.loads(p.value) for p in model.metadata_props}
        self.labels, self.side = metadata["gradcam.labels"], metadata["gradcam.preprocessor"]["size"]["width"]
        nodes = list(model.graph.node)
        pool = max(i for i, n in enumerate(nodes) if n.op_type in ("MaxPool", "GlobalAveragePool"))
        self.layer = nodes[pool].input[0]
        self.before, self.after = nodes[:pool], [n for n in nodes[pool:] if n.op_type != "Softmax"]

    def features(self, x):
        return self.run(self.before, self.graph.input[0].name, x)[self.layer]

    def scores(self, a):
        return self.run(self.after, self.layer, a)[self.after[-1].output[0]]

    def run(self, nodes, name, x):
        values = dict(self.weights)
        values[name] = x
        for node in nodes:
            inputs = [values[i] for i in node.input if i]
            settings = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
            values[node.output[0]] = OPERATORS[node.op_type](inputs, settings)
        return values


OPERATORS = {
    "Conv": lambda i, s: F.conv2d(*i, stride=s["strides"], padding=s["pads"][:2]),
    "Relu": lambda i, s: F.relu(i[0]),
    "MaxPool": lambda i, s: F.max_pool2d(i[0], s["kernel_shape"], s["strides"]),
    "GlobalAveragePool": lambda i, s: i[0].mean((2, 3), keepdim=True),
    "Flatten": lambda i, s: i[0].flatten(1),
    "Gemm": lambda i, s: i[0] @ (i[1].T if s.get("transB") else i[1]) + i[2],
    "Add": lambda i, s: i[0] + i[1],
    "Identity": lambda i, s: i[0],
}


def gradcam(a, g):
    return F.relu((g.mean((1, 2), keepdim=True) * a).sum(0))


def gradcam_plus_plus(a, g):
    denominator = 2 + g * a.sum((1, 2), keepdim=True)
    alpha = torch.where((g != 0) & (denominator != 0), 1 / torch.where(denominator == 0, torch.ones(()), denominator), torch.zeros(()))
    return F.relu(((alpha * F.relu(g)).sum((1, 2), keepdim=True) * a).sum(0))


METHODS = {"gradcam++": gradcam_plus_plus, "gradcam": gradcam}


def heat(raw, side):
    """Normalised to 0..1, then bilinear to the picture. An empty map stays zero."""
    low, high = raw.min(), raw.max()
    if not high > 0:
        return np.zeros((side, side), np.float32)
    raw = (raw - low) / (high - low) if high > low else torch.ones_like(raw)
    return F.interpolate(raw[None, None], (side, side), mode="bilinear", align_corners=False)[0, 0].numpy()


def main():
    network, folder = Network(sys.argv[1]), Path(sys.argv[2])
    loc = {m: {0.25: [], 0.5: []} for m in METHODS}
    found = {m: [] for m in METHODS}
    pointing = {m: {15: [], 0: []} for m in METHODS}
    scenes, single, several = 0, [], []
    for path in sorted((folder / "Annotations").glob("*.xml")):
        objects = [(o.findtext("name"), [int(o.find("bndbox").findtext(k)) for k in ("xmin", "ymin", "xmax", "ymax")])
                   for o in xml.parse(path).iter("object")]
        picture = Image.open(folder / "JPEGImages" / f"{path.stem}.jpg").convert("RGB")
        side = picture.width
        x = np.array(picture.resize((network.side, network.side), Image.BILINEAR), np.float32) / 127.5 - 1
        with torch.no_grad():
            a = network.features(torch.from_numpy(x).permute(2, 0, 1)[None])
        a.requires_grad_()
        scores = network.scores(a)
        best = scores.argmax().item()
        boxes = [box for name, box in objects if name == network.labels[best]]
        (single if len(objects) == 1 else several).append(len(boxes) > 0)
        many = len(boxes) >= 2 and scenes < 300
        if len(objects) == 1:
            best, boxes = network.labels.index(objects[0][0]), [objects[0][1]]
        elif not many:
            continue
        scenes += many
        (g,) = torch.autograd.grad(scores[0, best], a)
        union = np.zeros((side, side), bool)
        for left, top, right, bottom in boxes:
            union[top - 1:bottom, left - 1:right] = True
        for method, compute in METHODS.items():
            map_ = heat(compute(a.detach()[0], g[0]), side)
            if many:
                for delta, values in loc[method].items():
                    ones = map_ > delta
                    values.append((ones & union).sum() / (union.sum() + (ones & ~union).sum()))
                found[method] += [bool((map_[t - 1:b, l - 1:r] > 0.5).any()) for l, t, r, b in boxes]
            else:
                y, x_ = np.unravel_index(map_.argmax(), map_.shape)
                (l, t, r, b), = boxes
                distance = np.hypot(max(l - 1 - x_, 0, x_ - r + 1), max(t - 1 - y, 0, y - b + 1))
                for reach, hits in pointing[method].items():
                    hits.append(distance <= reach and map_.max() > 0)

    def percent(values):
        return f"{100 * np.mean(values):.1f} %"

    print(f"{Path(sys.argv[1]).stem}: one object, top-1 {percent(single)} of {len(single)}; "
          f"several, predicted class shown {percent(several)} of {len(several)}")
    for method in METHODS:
        print(f"  {method}: {scenes} scenes, Loc {np.mean(loc[method][0.25]):.3f} at 0.25, {np.mean(loc[method][0.5]):.3f} at 0.5, "
              f"{percent(found[method])} of {len(found[method])} objects found; "
              f"pointing {percent(pointing[method][15])} (0 px: {percent(pointing[method][0])})")


if __name__ == "__main__":
    main()
