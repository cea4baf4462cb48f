"""Trains a network on scenes and writes one .onnx file that carries its own labels and preprocessing.

    python3 train.py scenes-vgg --train DIR --held-out DIR --epochs 10 --output scenes-vgg.onnx
"""

import argparse
import json
import time

import onnx
import torch
from torch import nn
import torch.nn.functional as F

from data import SIDE, Scenes
from networks import NETWORKS, Exported

MEAN = STD = [0.5, 0.5, 0.5]


def normalise(pictures):
    return ((pictures.float() / 255 - 0.5) / 0.5).contiguous(memory_format=torch.channels_last)


def augment(pictures, where):
    """Mirror, exchange colour channels, change brightness and contrast, shift by up to 4 px, a quarter of a cell of `where`."""
    if torch.rand(()) < 0.5:
        pictures, where = pictures.flip(3), where.flip(3)
    pictures = pictures[:, torch.randperm(3)]
    x = normalise(pictures)
    gain, shift = torch.empty(2, len(x), 1, 1, 1).uniform_(-0.25, 0.25)
    x = x * (1 + gain) + shift
    dx, dy = torch.randint(0, 9, (2,)).tolist()
    x = F.pad(x, (4, 4, 4, 4), mode="replicate")[:, :, dy:dy + SIDE, dx:dx + SIDE]
    return x.contiguous(memory_format=torch.channels_last), where


def evaluate(network, data):
    """Top-1 on pictures with one object; how often the predicted class is in the picture, on pictures with several."""
    network.eval()
    with torch.no_grad():
        best = torch.cat([network.classifier(network.features(normalise(part))).argmax(1) for part in data.pictures.split(100)])
    hit = data.present[torch.arange(len(data)), best]
    single = data.objects == 1
    return hit[single].float().mean().item() * 100, hit[~single].float().mean().item() * 100


def export(network, classes, path):
    network.eval()
    torch.onnx.export(
        Exported(network).eval(), torch.zeros(1, 3, SIDE, SIDE), path, opset_version=17,
        input_names=["image"], output_names=["probabilities"],
        dynamic_axes={"image": {0: "batch"}, "probabilities": {0: "batch"}})
    model = onnx.load(path)
    preprocessing = {
        "do_resize": True, "size": {"height": SIDE, "width": SIDE}, "resample": 2, "do_center_crop": False,
        "crop_size": {"height": SIDE, "width": SIDE},
        "do_rescale": True, "rescale_factor": 1 / 255, "do_normalize": True, "image_mean": MEAN, "image_std": STD}
    onnx.helper.set_model_props(model, {"gradcam.labels": json.dumps(classes), "gradcam.preprocessor": json.dumps(preprocessing)})
    onnx.checker.check_model(model)
    onnx.save(model, path)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("network", choices=NETWORKS)
    arguments.add_argument("--train", required=True)
    arguments.add_argument("--held-out", required=True)
    arguments.add_argument("--output", required=True)
    arguments.add_argument("--epochs", type=int, default=10)
    arguments.add_argument("--batch", type=int, default=64)
    arguments.add_argument("--rate", type=float, default=4e-3)
    arguments.add_argument("--seed", type=int, default=1)
    options = arguments.parse_args()

    torch.manual_seed(options.seed)
    begin = time.time()
    data = Scenes(options.train)
    held_out = Scenes(options.held_out, data.classes)
    print(f"{len(data)} pictures to train on, {len(held_out)} held out, read in {time.time() - begin:.0f} s", flush=True)

    network = NETWORKS[options.network](len(data.classes)).to(memory_format=torch.channels_last)
    # Only for training: says of every cell of the feature map which classes it shows, which teaches the features sooner. Not exported.
    teacher = nn.Conv2d(network.channels, len(data.classes), 1)
    print(f"{options.network}: {sum(p.numel() for p in network.parameters())} parameters", flush=True)

    steps = len(data) // options.batch
    weights = [*network.parameters(), *teacher.parameters()]
    optimizer = torch.optim.AdamW(weights, lr=options.rate, weight_decay=0.02)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, options.rate, total_steps=steps * options.epochs, pct_start=0.25)
    begin = time.time()
    for epoch in range(options.epochs):
        network.train()
        total = 0.0
        order = torch.randperm(len(data))
        for step in range(steps):
            batch = order[step * options.batch:(step + 1) * options.batch]
            x, where = augment(data.pictures[batch], data.where[batch])
            present = data.present[batch].float()
            features = network.features(x)
            labels = present / present.sum(1, keepdim=True)
            loss = F.cross_entropy(network.classifier(features), labels, label_smoothing=0.02)
            loss = loss + 2 * F.binary_cross_entropy_with_logits(teacher(features), where.float(), pos_weight=torch.tensor(4.0))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            total += loss.item()
            if step % 50 == 0:
                print(f"  epoch {epoch + 1} step {step}/{steps} loss {loss.item():.3f} {time.time() - begin:.0f} s", flush=True)
        single, several = evaluate(network, held_out)
        print(f"epoch {epoch + 1}/{options.epochs} loss {total / steps:.3f} one object {single:.2f} % several {several:.2f} % {time.time() - begin:.0f} s", flush=True)
        export(network, data.classes, options.output)


if __name__ == "__main__":
    main()
