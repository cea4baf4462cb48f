"""Trains an exported network further, in place of its file: the graph is run in PyTorch with the file's own weights as parameters.

    python3 polish.py scenes-vgg.onnx --train DIR DIR --held-out DIR --epochs 6

Batch normalisation is part of the convolutions by then, so a step is cheap and what is trained is exactly what is shipped.
"""

import argparse
import time

import onnx
from onnx import numpy_helper
import torch
import torch.nn.functional as F

from data import Scenes
from localize import Network
from train import augment, normalise


def forward(network, x):
    return network.scores(network.features(x))


def evaluate(network, data):
    with torch.no_grad():
        best = torch.cat([forward(network, normalise(part)).argmax(1) for part in data.pictures.split(100)])
    hit = data.present[torch.arange(len(data)), best]
    single = data.objects == 1
    return hit[single].float().mean().item() * 100, hit[~single].float().mean().item() * 100


def save(network, path):
    model = onnx.load(path)
    for weight in model.graph.initializer:
        weight.CopyFrom(numpy_helper.from_array(network.weights[weight.name].detach().numpy(), weight.name))
    onnx.checker.check_model(model)
    onnx.save(model, path)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("model")
    arguments.add_argument("--train", required=True, nargs="+")
    arguments.add_argument("--held-out", required=True)
    arguments.add_argument("--epochs", type=int, default=6)
    arguments.add_argument("--batch", type=int, default=64)
    arguments.add_argument("--rate", type=float, default=6e-4)
    arguments.add_argument("--seed", type=int, default=2)
    options = arguments.parse_args()

    torch.manual_seed(options.seed)
    network = Network(options.model)
    parts = [Scenes(folder, network.labels) for folder in options.train]
    pictures, present, where = (torch.cat([getattr(part, name) for part in parts]) for name in ("pictures", "present", "where"))
    del parts
    held_out = Scenes(options.held_out, network.labels)
    weights = [w for w in network.weights.values() if w.is_floating_point() and w.ndim > 0]
    for weight in weights:
        weight.requires_grad_()

    print(f"{len(pictures)} pictures; before: one object {evaluate(network, held_out)[0]:.2f} %", flush=True)
    steps = len(pictures) // options.batch
    optimizer = torch.optim.AdamW(weights, lr=options.rate, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, options.rate, total_steps=steps * options.epochs, pct_start=0.15)
    begin = time.time()
    for epoch in range(options.epochs):
        total = 0.0
        order = torch.randperm(len(pictures))
        for step in range(steps):
            batch = order[step * options.batch:(step + 1) * options.batch]
            x, _ = augment(pictures[batch], where[batch])
            labels = present[batch].float()
            loss = F.cross_entropy(forward(network, x), labels / labels.sum(1, keepdim=True))
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(weights, 1.0)
            optimizer.step()
            schedule.step()
            total += loss.item()
        single, several = evaluate(network, held_out)
        print(f"epoch {epoch + 1}/{options.epochs} loss {total / steps:.3f} one object {single:.2f} % several {several:.2f} % {time.time() - begin:.0f} s", flush=True)
        save(network, options.model)


if __name__ == "__main__":
    main()
