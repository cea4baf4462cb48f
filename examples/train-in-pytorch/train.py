"""Trains a network on scenes and writes one .onnx file that carries its own labels and preprocessing.

    python3 train.py scenes-vgg --train DIR DIR --held-out DIR --epochs 10 --output scenes-vgg.onnx

After every epoch the file is written, and beside it a .checkpoint from which the same command goes on after an interruption.
"""

import argparse
import json
import math
import os
from pathlib import Path
import time

import onnx
import torch
from torch import nn
import torch.nn.functional as F

from data import SIDE, Scenes, classes_of
from networks import NETWORKS, Exported
from start import from_file

MEAN = STD = [0.5, 0.5, 0.5]
SMALL_WEIGHT = 3   # how many times more often a small single object is seen than another picture


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
    """Top-1 on pictures with one object, on the small ones of them; how often the predicted class is shown, on pictures with several."""
    network.eval()
    with torch.no_grad():
        best = torch.cat([network.classifier(network.features(normalise(part))).argmax(1) for part in data.pictures.split(100)])
    hit = data.present[torch.arange(len(data)), best].float()
    single = data.objects == 1
    return [f"{100 * hit[which].mean().item():.2f} %" for which in (single, data.small, ~single)]


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
    arguments.add_argument("--train", required=True, nargs="+")
    arguments.add_argument("--held-out", required=True)
    arguments.add_argument("--output", required=True)
    arguments.add_argument("--from", dest="start", help="an exported .onnx file to start from")
    arguments.add_argument("--epochs", type=int, default=10)
    arguments.add_argument("--minutes", type=float, help="instead of --epochs: trains that long, the learning rate falling accordingly")
    arguments.add_argument("--epoch-pictures", type=int, default=16000, help="pictures between two looks at the held-out ones")
    arguments.add_argument("--batch", type=int, default=64)
    arguments.add_argument("--rate", type=float, default=2e-3)
    arguments.add_argument("--seed", type=int, default=1)
    options = arguments.parse_args()

    torch.manual_seed(options.seed)
    begin = time.time()
    classes = classes_of(options.train[0])
    data, held_out = Scenes(options.train, classes), Scenes([options.held_out], classes)
    print(f"{len(data)} pictures to train on, {len(held_out)} held out, read in {time.time() - begin:.0f} s", flush=True)

    network = NETWORKS[options.network](len(classes))
    print(f"{options.network}: {sum(p.numel() for p in network.parameters())} parameters", flush=True)
    if options.start:
        pictures = normalise(data.pictures[:200])
        copied = from_file(network, options.start, lambda: network.features(pictures))
        print(f"{copied} layers start from {Path(options.start).name}", flush=True)
    network = network.to(memory_format=torch.channels_last)
    # Only for training: says of every cell of the feature map which classes it shows, which teaches the features sooner. Not exported.
    teacher = nn.Conv2d(network.channels, len(classes), 1)

    steps = options.epoch_pictures // options.batch
    learned = nn.ModuleList([network, teacher])
    optimizer = torch.optim.AdamW(learned.parameters(), lr=options.rate, weight_decay=0.02)
    checkpoint = Path(options.output).with_suffix(".checkpoint")
    first, before = 0, 0.0
    if checkpoint.exists():
        saved = torch.load(checkpoint)
        learned.load_state_dict(saved["learned"])
        optimizer.load_state_dict(saved["optimizer"])
        torch.set_rng_state(saved["random"])
        first, before = saved["epoch"], saved["seconds"]
        print(f"goes on after epoch {first}", flush=True)
    begin = time.time() - before

    def rate(step):
        """Rises for a twentieth of the training, then falls to zero along a cosine."""
        done = (time.time() - begin) / (60 * options.minutes) if options.minutes else step / (steps * options.epochs)
        done = min(done, 1.0)
        return options.rate * (done / 0.05 if done < 0.05 else (1 + math.cos(math.pi * (done - 0.05) / 0.95)) / 2)

    weights = torch.where(data.small, SMALL_WEIGHT, 1).float()
    epoch = first
    while (time.time() - begin) < 60 * options.minutes if options.minutes else epoch < options.epochs:
        network.train()
        total = 0.0
        order = torch.multinomial(weights, steps * options.batch, replacement=len(data) < 2 * steps * options.batch)
        for step in range(steps):
            for group in optimizer.param_groups:
                group["lr"] = rate(epoch * steps + step)
            batch = order[step * options.batch:(step + 1) * options.batch]
            x, where = augment(data.pictures[batch], data.where[batch])
            present = data.present[batch].float()
            with torch.autocast("cpu", torch.bfloat16):
                features = network.features(x)
                scores, cells = network.classifier(features).float(), teacher(features).float()
            labels = present / present.sum(1, keepdim=True)
            loss = F.cross_entropy(scores, labels, label_smoothing=0.02)
            # Softmax does not see what is added to all scores, so evidence of one class may raise another's. Each score by itself is to say
            # whether its class is there: it is scores that maps explain.
            loss = loss + 6 * F.binary_cross_entropy_with_logits(scores, present)
            loss = loss + 2 * F.binary_cross_entropy_with_logits(cells, where.float(), pos_weight=torch.tensor(4.0))
            # Where nothing is, nor beside it, features are to be silent: what is evidence of nothing should not light up in a map.
            empty = 1 - F.max_pool2d(where.any(1, keepdim=True).float(), 3, 1, 1)
            loss = loss + 0.5 * (features * empty).sum() / (empty.sum() * network.channels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item()
            if options.minutes and rate(0) == 0:
                steps_done = step + 1
                break
        else:
            steps_done = steps
        epoch += 1
        single, small, several = evaluate(network, held_out)
        print(f"epoch {epoch} loss {total / steps_done:.3f} one object {single} (small ones {small}) several {several} "
              f"{steps_done * options.batch} pictures, {time.time() - begin:.0f} s", flush=True)
        export(network, classes, options.output)
        beside = checkpoint.with_suffix(".part")
        torch.save({"learned": learned.state_dict(), "optimizer": optimizer.state_dict(), "random": torch.get_rng_state(),
                    "epoch": epoch, "seconds": time.time() - begin}, beside)
        os.replace(beside, checkpoint)


if __name__ == "__main__":
    main()
