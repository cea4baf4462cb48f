"""Reads data sets in PASCAL VOC's layout into memory: pictures as the networks see them, which classes each shows, where, boxes, masks."""

from pathlib import Path
import xml.etree.ElementTree as xml

import numpy as np
from PIL import Image
import torch

SIDE = 160       # pixels the networks see
CELLS = 10       # cells of the feature map, along one side
COVERED = 0.08   # a cell shows a class from this share of its pixels on
MOST = 5         # objects in a scene
SMALL = 0.3      # a single object whose longer side is less than this share of the picture's is small


class Scenes:
    """pictures: uint8 [N, 3, 160, 160]; present: bool [N, classes]; where: bool [N, classes, 10, 10]; objects: int [N]; small: bool [N];
    boxes: float [N, 5, 5], class and the edges left, top, right, bottom in the network's pixels, class -1 where there is none;
    masks: uint8 [N, 160, 160], 0 where no object is, else the class's place from 1."""

    def __init__(self, folders, classes):
        self.classes = classes
        parts = [read(Path(folder), classes) for folder in folders]
        self.pictures, self.where, self.present, self.objects, self.small, self.boxes, self.masks = (torch.cat(part) for part in zip(*parts))

    def __len__(self):
        return len(self.pictures)


def classes_of(folder):
    """The classes of a data set: the lists of pictures in ImageSets/Main that are named after one."""
    return sorted(path.stem.removesuffix("_train") for path in (Path(folder) / "ImageSets" / "Main").glob("*_train.txt"))


def read(folder, classes):
    """One folder's arrays. They are kept beside its pictures, as reading 8,000 of them takes a while."""
    kept = folder / f"scenes-{SIDE}.pt"
    if kept.exists():
        return torch.load(kept)
    names = sorted(path.stem for path in (folder / "Annotations").glob("*.xml"))
    pictures = torch.empty(len(names), 3, SIDE, SIDE, dtype=torch.uint8)
    where = torch.zeros(len(names), len(classes), CELLS, CELLS, dtype=torch.bool)
    present = torch.zeros(len(names), len(classes), dtype=torch.bool)
    objects = torch.zeros(len(names), dtype=torch.long)
    small = torch.zeros(len(names), dtype=torch.bool)
    edges = torch.full((len(names), MOST, 5), -1.0)
    masks = torch.zeros(len(names), SIDE, SIDE, dtype=torch.uint8)
    for i, name in enumerate(names):
        # Pillow's bilinear is what the tool's preprocessing does when a picture gets smaller.
        picture = Image.open(folder / "JPEGImages" / f"{name}.jpg").convert("RGB")
        side = picture.width
        pictures[i] = torch.from_numpy(np.array(picture.resize((SIDE, SIDE), Image.BILINEAR))).permute(2, 0, 1)
        boxes = xml.parse(folder / "Annotations" / f"{name}.xml").findall("object")
        objects[i] = len(boxes)
        for k, box in enumerate(boxes):
            # VOC counts from 1, and the last column and row belong to the box.
            left, top, right, bottom = (int(box.find("bndbox").findtext(e)) for e in ("xmin", "ymin", "xmax", "ymax"))
            edges[i, k, 0] = classes.index(box.findtext("name"))
            edges[i, k, 1:] = torch.tensor([left - 1, top - 1, right, bottom]) * (SIDE / side)
            small[i] = len(boxes) == 1 and max(right - left, bottom - top) + 1 < SMALL * side
        mask = np.array(Image.open(folder / "SegmentationClass" / f"{name}.png"))
        masks[i] = torch.from_numpy(np.array(Image.fromarray(mask).resize((SIDE, SIDE), Image.NEAREST)))
        for c in {classes.index(box.findtext("name")) for box in boxes}:
            present[i, c] = True
            share = Image.fromarray((mask == c + 1).astype(np.float32)).resize((CELLS, CELLS), Image.BOX)
            where[i, c] = torch.from_numpy(np.array(share) >= COVERED)
    arrays = pictures, where, present, objects, small, edges, masks
    torch.save(arrays, kept)
    return arrays
