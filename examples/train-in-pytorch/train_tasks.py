"""Trains a detector, a segmenter, an embedding and a vision transformer on scenes, on one trunk that starts from a shipped network's.

    python3 train_tasks.py detector embedding --from scenes-resnet.onnx --train DIR --held-out DIR --frozen 300 --output boxes.pt
    python3 train_tasks.py segmenter --from scenes-detector.onnx --train DIR --held-out DIR --frozen 1500 --output masks.pt

The heads named are trained, and with them, after the --frozen first steps, the trunk. export_tasks.py writes the files. Of all weights the
running mean is kept and exported. Every 100 steps it is written, and the same command goes on from there after an interruption.
"""

import argparse
import copy
import math
import os
from pathlib import Path
import time

import torch
from torch import nn
import torch.nn.functional as F

import detection
from data import CELLS, SIDE, Scenes, classes_of
from measure_tasks import measured
from start import from_file
from tasks import Detector, Embedding, Segmenter, Transformer, Trunk, grid

SMALL_WEIGHT = 2    # how many times more often a small single object is seen than another picture
SHIFT = 6           # pixels


class Networks(nn.Module):
    """The trunk, the four heads, and what only training needs."""

    def __init__(self, classes):
        super().__init__()
        self.trunk = Trunk()
        self.detector, self.segmenter = Detector(classes), Segmenter(classes)
        self.embedding, self.transformer = Embedding(classes), Transformer(classes)
        self.teacher = nn.Conv2d(96, classes, 1)   # says of every token which classes it shows, which teaches tokens sooner


def augmented(pictures, boxes, masks, where):
    """Mirror, exchange colour channels, change brightness and contrast, shift by up to 6 px. `where` is shifted by none: 6 px are a third
    of its cells."""
    if torch.rand(()) < 0.5:
        pictures, masks, where = pictures.flip(3), masks.flip(2), where.flip(3)
        boxes = torch.cat([boxes[..., :1], SIDE - boxes[..., 3:4], boxes[..., 2:3], SIDE - boxes[..., 1:2], boxes[..., 4:]], -1)
    x = normalised(pictures[:, torch.randperm(3)])
    gain, offset = torch.empty(2, len(x), 1, 1, 1).uniform_(-0.25, 0.25)
    x = x * (1 + gain) + offset
    dx, dy = torch.randint(-SHIFT, SHIFT + 1, (2,)).tolist()
    x = F.pad(x, (SHIFT,) * 4, mode="replicate")[:, :, SHIFT + dy:SHIFT + dy + SIDE, SHIFT + dx:SHIFT + dx + SIDE]
    masks = F.pad(masks, (SHIFT,) * 4)[:, SHIFT + dy:SHIFT + dy + SIDE, SHIFT + dx:SHIFT + dx + SIDE]
    moved = (boxes[..., 1:] - torch.tensor([dx, dy, dx, dy])).clamp(0, SIDE)
    # What has left the picture but for a rim is no object any more.
    there = (moved[..., 2:] - moved[..., :2]).amin(-1, keepdim=True) > 2
    boxes = torch.cat([torch.where(there, boxes[..., :1], -1.0), moved], -1)
    return x.contiguous(memory_format=torch.channels_last), boxes, masks, where


def normalised(pictures):
    return ((pictures.float() / 255 - 0.5) / 0.5).contiguous(memory_format=torch.channels_last)


def losses(networks, heads, maps, boxes, masks, where, present, places, strides, silence):
    """The losses of the heads. Convolutions are computed in float32, dense layers in bfloat16: so Debian's PyTorch is fastest."""
    shares, parts = present / present.sum(1, keepdim=True), {}
    if "detector" in heads:
        levels = networks.detector.neck(maps)
        logits, distances = networks.detector.answers(levels)
        parts["boxes"] = detection.loss(logits, distances, boxes, places, strides)
        # Where nothing is, features are to be silent: what is evidence of nothing should not light up in a map.
        empty = detection.empty(boxes, places)
        parts["silence"] = silence * sum(
            (level.flatten(2) * e[:, None]).sum() / (e.sum() * level.shape[1])
            for level, e in zip(levels, empty.split([level[0, 0].numel() for level in levels], 1)))
    if "embedding" in heads:
        parts["vectors"] = 0.3 * F.cross_entropy(networks.embedding.logits(maps), shares)
    if "segmenter" in heads:
        surprise = torch.log_softmax(networks.segmenter(maps), 1)
        count, pixels = surprise.shape[1], masks.long()
        own = surprise.gather(1, pixels[:, None])[:, 0]
        weights = torch.ones(count)
        weights[0] = 0.7   # most pixels are background
        each = weights[pixels]
        # The share of each class's pixels that both say (Dice), beside the cross-entropy of every pixel.
        both = torch.zeros(count).index_add(0, pixels.flatten(), own.exp().flatten())
        all_said = surprise.exp().sum((0, 2, 3)) + torch.bincount(pixels.flatten(), minlength=count)
        parts["pixels"] = -2 * (own * each).sum() / each.sum() + 1 - ((2 * both + 1) / (all_said + 1)).mean()
    if "transformer" in heads:
        with torch.autocast("cpu", torch.bfloat16):
            tokens = networks.transformer.tokens(maps)
            scores = networks.transformer.classifier(tokens[:, 0])
            cells = networks.teacher(tokens[:, 1:].transpose(1, 2).reshape(-1, 96, CELLS, CELLS))
        parts["scores"] = F.cross_entropy(scores.float(), shares) + 3 * F.binary_cross_entropy_with_logits(scores.float(), present)
        parts["cells"] = F.binary_cross_entropy_with_logits(cells.float(), where.float(), pos_weight=torch.tensor(4.0))
    return parts


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("heads", nargs="+", choices=["detector", "segmenter", "embedding", "transformer"])
    arguments.add_argument("--train", required=True, nargs="+")
    arguments.add_argument("--held-out", required=True)
    arguments.add_argument("--from", dest="start", required=True, help="the .onnx file of scenes-resnet or scenes-detector, or weights of this script")
    arguments.add_argument("--output", required=True, help="the weights' file")
    arguments.add_argument("--steps", type=int, default=1000)
    arguments.add_argument("--frozen", type=int, default=300, help="steps for which the trunk stays as it is")
    arguments.add_argument("--silence", type=float, default=1.0, help="the weight of the detector's silence where no object is")
    arguments.add_argument("--batch", type=int, default=32)
    arguments.add_argument("--rate", type=float, default=2e-3)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--threads", type=int, default=2)
    options = arguments.parse_args()

    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    begin = time.time()
    classes = classes_of(options.train[0])
    data, held_out = Scenes(options.train, classes), Scenes([options.held_out], classes)
    print(f"{len(data)} pictures to train on, {len(held_out)} held out, read in {time.time() - begin:.0f} s", flush=True)

    networks = Networks(len(classes))
    if options.start.endswith(".onnx"):
        pictures = normalised(data.pictures[:200])
        trunk = from_file(networks.trunk, options.start, lambda: networks.trunk(pictures))
        # Of a detector's file the convolutions behind the trunk are its neck's. In another file their shapes differ.
        necks = [from_file(neck, options.start, lambda: neck(networks.trunk(pictures)), trunk)
                 for neck in (networks.detector.neck, networks.segmenter.neck)]
        print(f"{trunk} layers of the trunk and {necks[0]} of the necks start from {Path(options.start).name}", flush=True)
    else:
        networks.load_state_dict(torch.load(options.start)["mean"])
    for name, part in networks.named_children():
        print(f"{name}: {sum(p.numel() for p in part.parameters())} parameters", flush=True)
    networks = networks.to(memory_format=torch.channels_last)
    mean = copy.deepcopy(networks).eval()
    places, strides = grid(SIDE)

    trunk = list(networks.trunk.parameters())
    trained = options.heads + (["teacher"] if "transformer" in options.heads else [])
    heads = [p for name in trained for p in getattr(networks, name).parameters()]
    optimizer = torch.optim.AdamW([{"params": heads}, {"params": trunk}], lr=options.rate, weight_decay=0.02)
    output, first, before = Path(options.output), 0, 0.0
    if output.exists():
        saved = torch.load(output)
        networks.load_state_dict(saved["learned"])
        mean.load_state_dict(saved["mean"])
        optimizer.load_state_dict(saved["optimizer"])
        torch.set_rng_state(saved["random"])
        first, before = saved["step"], saved["seconds"]
        print(f"goes on after step {first}", flush=True)
    begin = time.time() - before

    weights = torch.where(data.small, SMALL_WEIGHT, 1).float()
    totals = {}
    for step in range(first, options.steps):
        # Rises for a twentieth of the training, then falls to zero along a cosine. The trunk, which has learned, moves less.
        done = (step + 1) / options.steps
        rate = options.rate * (done / 0.05 if done < 0.05 else (1 + math.cos(math.pi * (done - 0.05) / 0.95)) / 2)
        optimizer.param_groups[0]["lr"], optimizer.param_groups[1]["lr"] = rate, 0.3 * rate
        frozen = step < options.frozen
        networks.train()
        networks.trunk.train(not frozen)
        batch = torch.multinomial(weights, options.batch)
        x, boxes, masks, where = augmented(data.pictures[batch], data.boxes[batch], data.masks[batch], data.where[batch])
        with torch.set_grad_enabled(not frozen):
            maps = networks.trunk(x)
        parts = losses(networks, options.heads, maps, boxes, masks, where, data.present[batch].float(), places, strides, options.silence)
        optimizer.zero_grad(set_to_none=True)
        sum(parts.values()).backward()
        nn.utils.clip_grad_norm_(heads + trunk, 10.0)
        optimizer.step()
        with torch.no_grad():
            keep = min(0.99, (step + 1) / (step + 10))
            own = networks.state_dict()
            for name, value in mean.state_dict().items():
                if value.is_floating_point():
                    value.lerp_(own[name], 1 - keep)
        for name, value in parts.items():
            totals[name] = totals.get(name, 0.0) + value.item()
        if (step + 1) % 50 == 0:
            text = " ".join(f"{name} {value / 50:.3f}" for name, value in totals.items())
            print(f"step {step + 1} {text} {time.time() - begin:.0f} s", flush=True)
            totals = {}
        if (step + 1) % 100 == 0 or step + 1 == options.steps:
            torch.save({"learned": networks.state_dict(), "mean": mean.state_dict(), "optimizer": optimizer.state_dict(),
                        "random": torch.get_rng_state(), "step": step + 1, "seconds": time.time() - begin, "classes": classes},
                       output.with_suffix(".part"))
            os.replace(output.with_suffix(".part"), output)
        if (step + 1) % 300 == 0 or step + 1 == options.steps:
            last = step + 1 == options.steps
            print(measured(mean, held_out, options.heads, None if last else 300), flush=True)


if __name__ == "__main__":
    main()
