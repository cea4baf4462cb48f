"""How well the networks do on scenes they have not seen."""

import torch

import detection
from tasks import corners, grid


def measured(networks, data, heads, most=None):
    """One line: mAP50, mIoU (13 classes with the background, as PASCAL VOC; and the 12 alone), retrieval@1 and top-1 of pictures with one
    object, at the network's own pixels."""
    networks.eval()
    count = min(most or len(data), len(data))
    side, classes = data.pictures.shape[-1], len(data.classes)
    places, strides = grid(side)
    found, vectors, best = [], [], []
    confusion = torch.zeros(classes + 1, classes + 1, dtype=torch.long)
    with torch.no_grad():
        for first in range(0, count, 50):
            part = slice(first, min(first + 50, count))
            x = ((data.pictures[part].float() / 255 - 0.5) / 0.5).contiguous(memory_format=torch.channels_last)
            maps = networks.trunk(x)
            if "detector" in heads:
                logits, distances = networks.detector(maps)
                edges = corners(distances.transpose(1, 2), places, strides)
                found += [detection.kept(s, e) for s, e in zip(torch.sigmoid(logits.transpose(1, 2)), edges)]
            if "segmenter" in heads:
                pairs = data.masks[part].long() * (classes + 1) + networks.segmenter(maps).argmax(1)
                confusion += torch.bincount(pairs.flatten(), minlength=confusion.numel()).view_as(confusion)
            if "embedding" in heads:
                vectors.append(networks.embedding(maps))
            if "transformer" in heads:
                with torch.autocast("cpu", torch.bfloat16):
                    best.append(networks.transformer(maps).argmax(1))
    single, present = data.objects[:count] == 1, data.present[:count]
    said = [f"  {count} held out:"]
    if "detector" in heads:
        truths = [b[b[:, 0] >= 0] for b in data.boxes[:count]]
        precision, each = detection.average_precision(found, truths, classes)
        worst = min(range(classes), key=lambda c: each[c])
        said.append(f"mAP50 {100 * precision:.2f} % (worst {data.classes[worst]} {100 * each[worst]:.1f})")
    if "segmenter" in heads:
        iou = confusion.diag() / (confusion.sum(0) + confusion.sum(1) - confusion.diag())
        worst = min(range(classes), key=lambda c: iou[c + 1].item())
        said.append(f"mIoU {100 * iou.mean().item():.2f} % ({100 * iou[1:].mean().item():.2f} without background, worst "
                    f"{data.classes[worst]} {100 * iou[worst + 1].item():.1f})")
    if "embedding" in heads:
        vectors, labels = torch.cat(vectors)[single], present[single].float().argmax(1)
        alike = vectors @ vectors.T
        alike.fill_diagonal_(-2)
        said.append(f"retrieval@1 {100 * (labels[alike.argmax(1)] == labels).float().mean().item():.2f} %")
    if "transformer" in heads:
        shown = present[torch.arange(count), torch.cat(best)].float()
        said.append(f"top-1 {100 * shown[single].mean().item():.2f} % of {int(single.sum())} with one object, "
                    f"{100 * shown[~single].mean().item():.2f} % of the others show it")
    return " ".join(said)
