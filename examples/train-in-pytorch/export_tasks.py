"""Writes networks that train_tasks.py made as .onnx files that carry their own labels and preprocessing.

    python3 export_tasks.py boxes.pt detector scenes-detector.onnx
"""

import argparse
import json

import onnx
import torch
from torch import nn

from data import SIDE
from tasks import grid
from train_tasks import Networks


class Boxes(nn.Module):
    """Centre, width and height in the network's pixels, and the classes' probabilities, as Ultralytics' networks have them: [N, 4 + C, A]."""

    def __init__(self, head):
        super().__init__()
        self.head = head
        places, strides = grid(SIDE)
        self.places, self.strides = nn.Parameter(places.T[None]), nn.Parameter(strides[None, None])

    def forward(self, maps):
        logits, distances = self.head(maps)
        low, high = distances[:, :2] * self.strides, distances[:, 2:] * self.strides
        return torch.cat([self.places + (high - low) / 2, low + high, torch.sigmoid(logits)], 1)


class Probabilities(nn.Module):
    """A softmax behind a classifier, as the other networks of scenes have it."""

    def __init__(self, head):
        super().__init__()
        self.head = head

    def forward(self, maps):
        return torch.softmax(self.head(maps), 1)


# What follows the head, the output's name, and what it is to the tool.
HEADS = {
    "detector": (Boxes, "output0", "detect"),
    "segmenter": (nn.Identity, "logits", "segment"),
    "embedding": (nn.Identity, "image_embeds", None),
    "transformer": (Probabilities, "probabilities", "classify"),
}


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("weights")
    arguments.add_argument("head", choices=HEADS)
    arguments.add_argument("output")
    options = arguments.parse_args()

    saved = torch.load(options.weights)
    classes = saved["classes"]
    networks = Networks(len(classes))
    networks.load_state_dict(saved["mean"])
    end, name, task = HEADS[options.head]
    head = getattr(networks, options.head)
    head = head if end is nn.Identity else end(head)
    network = nn.Sequential(networks.trunk, head).eval()
    torch.onnx.export(
        network, torch.zeros(1, 3, SIDE, SIDE), options.output, opset_version=17, input_names=["image"], output_names=[name],
        dynamic_axes={"image": {0: "batch"}, name: {0: "batch"}})
    model = onnx.load(options.output)
    # All but the batch is known.
    for axis, length in zip(model.graph.output[0].type.tensor_type.shape.dim[1:], network(torch.zeros(1, 3, SIDE, SIDE)).shape[1:]):
        axis.dim_value = length
    labels = (["background"] if options.head == "segmenter" else []) + classes
    preprocessing = {
        "do_resize": True, "size": {"height": SIDE, "width": SIDE}, "resample": 2, "do_center_crop": False,
        "crop_size": {"height": SIDE, "width": SIDE}, "do_rescale": True, "rescale_factor": 1 / 255,
        "do_normalize": True, "image_mean": [0.5] * 3, "image_std": [0.5] * 3}
    properties = {"gradcam.preprocessor": json.dumps(preprocessing)}
    if task is not None:
        properties["gradcam.labels"] = json.dumps(labels)
    if options.head == "detector":
        # As Ultralytics' exporter writes them: Python's text of a dictionary and a list.
        properties |= {"task": task, "names": str(dict(enumerate(classes))), "imgsz": str([SIDE, SIDE]), "stride": "16"}
    onnx.helper.set_model_props(model, properties)
    onnx.checker.check_model(model)
    onnx.save(model, options.output)
    print(f"{options.output}: {name} "
          f"{[d.dim_param or d.dim_value for d in model.graph.output[0].type.tensor_type.shape.dim]}, "
          f"{sum(t.ByteSize() for t in model.graph.initializer) / 1e6:.2f} MB of weights")


if __name__ == "__main__":
    main()
