"""What a detector learns from, and how well it finds boxes."""

import numpy as np
import torch
import torch.nn.functional as F

from tasks import corners

LEVELS = 28.0, 56.0   # pixels: the longer side up to which the finest level's cells learn an object, and the middle one's
NEAR = 1.3            # cells: how far from the box's middle
LEAST = 0.05          # scores that are detections at all
OVERLAP = 0.5         # of two boxes of one class that overlap more the weaker goes


def assigned(boxes, places, strides):
    """For each cell the object it learns [N, A], -1 for none: cells of the level for its size, near its middle, inside it."""
    edges = boxes[:, None, :, 1:]
    sizes = (edges[..., 2:] - edges[..., :2]).clamp(min=0.1)
    longer = sizes.amax(-1)
    own = torch.where(longer <= LEVELS[0], 4.0, torch.where(longer <= LEVELS[1], 8.0, 16.0))
    away = (places[None, :, None] - (edges[..., :2] + edges[..., 2:]) / 2).abs()
    inside = (away * 2 < sizes).all(-1)
    # A box that is thinner than a cell may hold no middle of one.
    nearest = (away < strides[None, :, None, None] / 2 + 1e-3).all(-1)
    near = (away < NEAR * strides[None, :, None, None]).all(-1) & (inside | nearest)
    fits = near & (own == strides[None, :, None]) & (boxes[:, None, :, 0] >= 0)
    # What two objects claim is the smaller one's.
    area = torch.where(fits, sizes.prod(-1), 1e9)
    least, which = area.min(-1)
    return torch.where(least < 1e9, which, -1)


def empty(boxes, places):
    """Which cells lie in no object's box [N, A], as 0 and 1."""
    inside = (places[None, :, None] >= boxes[:, None, :, 1:3]) & (places[None, :, None] <= boxes[:, None, :, 3:])
    return (~(inside.all(-1) & (boxes[:, None, :, 0] >= 0)).any(-1)).float()


def overlaps(a, b):
    """Intersection over union, and its generalised form (1902.09630), of boxes [M, 4]."""
    low, high = torch.maximum(a[:, :2], b[:, :2]), torch.minimum(a[:, 2:], b[:, 2:])
    both = (high - low).clamp(min=0).prod(1)
    union = (a[:, 2:] - a[:, :2]).prod(1) + (b[:, 2:] - b[:, :2]).prod(1) - both
    hull = (torch.maximum(a[:, 2:], b[:, 2:]) - torch.minimum(a[:, :2], b[:, :2])).prod(1)
    iou = both / union
    return iou, iou - (hull - union) / hull


def loss(logits, distances, boxes, places, strides):
    """Varifocal loss (2008.13367) of the classes, whose target is how well the box fits, and generalised IoU of the boxes."""
    logits, distances = logits.transpose(1, 2), distances.transpose(1, 2)
    which = assigned(boxes, places, strides)
    item, cell = (which >= 0).nonzero(as_tuple=True)
    truth = boxes[item, which[item, cell]]
    guess = corners(distances[item, cell], places[cell], strides[cell])
    iou, generalised = overlaps(guess, truth[:, 1:])
    wanted = torch.zeros_like(logits)
    wanted[item, cell, truth[:, 0].long()] = iou.detach().clamp(min=0.2)
    p = torch.sigmoid(logits).detach()
    weight = torch.where(wanted > 0, wanted, 0.75 * p ** 2)
    total = wanted.sum().clamp(min=1)
    return ((F.binary_cross_entropy_with_logits(logits, wanted, reduction="none") * weight).sum()
            + 2 * ((1 - generalised) * iou.detach().clamp(min=0.2)).sum()) / total


def kept(scores, edges):
    """Detections of one picture: class, score, edges, the best first, overlapping ones of a class left out."""
    best, which = scores.max(1)
    order = best.argsort(descending=True)
    order = order[best[order] > LEAST][:200]
    found = []
    for i in order.tolist():
        if all(c != which[i].item() or overlaps(edges[i][None], e[None])[0].item() <= OVERLAP for c, _, e in found):
            found.append((which[i].item(), best[i].item(), edges[i]))
    return found


def average_precision(found, boxes, classes):
    """Mean over the classes of the area below precision over recall at IoU 0.5, as PASCAL VOC measures it since 2010."""
    values = []
    for c in range(classes):
        truths = [b[b[:, 0] == c, 1:] for b in boxes]
        taken = [np.zeros(len(t), bool) for t in truths]
        ranked = sorted(((s, i, e) for i, f in enumerate(found) for k, s, e in f if k == c), key=lambda d: -d[0])
        hits = np.zeros(len(ranked))
        for rank, (_, i, e) in enumerate(ranked):
            if len(truths[i]) == 0:
                continue
            iou = overlaps(e.expand(len(truths[i]), 4), truths[i])[0]
            best = int(iou.argmax())
            if iou[best] >= 0.5 and not taken[i][best]:
                taken[i][best] = True
                hits[rank] = 1
        total = sum(len(t) for t in truths)
        recall = np.concatenate([[0], hits.cumsum() / max(total, 1)])
        precision = np.concatenate([[1], hits.cumsum() / np.arange(1, len(hits) + 1)])
        precision = np.maximum.accumulate(precision[::-1])[::-1]
        values.append(float(((recall[1:] - recall[:-1]) * precision[1:]).sum()))
    return float(np.mean(values)), values
