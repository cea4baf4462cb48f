"""Reads a data set in PASCAL VOC's layout into memory: pictures, which classes each shows, and where."""

from pathlib import Path
import xml.etree.ElementTree as xml

import numpy as np
from PIL import Image
import torch

SIDE = 128       # pixels the networks see
CELLS = 8        # cells of the feature map, along one side
COVERED = 0.08   # a cell shows a class from this share of its pixels on


class Scenes:
    """pictures: uint8 [N, 3, 128, 128]; present: bool [N, classes]; where: bool [N, classes, 8, 8]; objects: int [N]."""

    def __init__(self, folder, classes=None):
        folder = Path(folder)
        names = sorted(path.stem for path in (folder / "Annotations").glob("*.xml"))
        shown = [[o.findtext("name") for o in xml.parse(folder / "Annotations" / f"{name}.xml").iter("object")] for name in names]
        self.classes = classes or sorted({c for each in shown for c in each})
        self.objects = torch.tensor([len(each) for each in shown])
        self.present = torch.tensor([[c in each for c in self.classes] for each in shown])
        self.pictures = torch.empty(len(names), 3, SIDE, SIDE, dtype=torch.uint8)
        self.where = torch.empty(len(names), len(self.classes), CELLS, CELLS, dtype=torch.bool)
        for i, name in enumerate(names):
            picture = Image.open(folder / "JPEGImages" / f"{name}.jpg").convert("RGB").resize((SIDE, SIDE), Image.BILINEAR)
            self.pictures[i] = torch.from_numpy(np.array(picture)).permute(2, 0, 1)
            mask = np.array(Image.open(folder / "SegmentationClass" / f"{name}.png"))
            cell = mask.shape[0] // CELLS
            mask = mask[:cell * CELLS, :cell * CELLS].reshape(CELLS, cell, CELLS, cell).transpose(0, 2, 1, 3).reshape(CELLS, CELLS, -1)
            for c in range(len(self.classes)):
                self.where[i, c] = torch.from_numpy((mask == c + 1).mean(2) >= COVERED)

    def __len__(self):
        return len(self.pictures)
