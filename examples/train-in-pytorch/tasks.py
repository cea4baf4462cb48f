"""Four networks on one trunk, the first five stages of scenes-resnet: a detector, a segmenter, an embedding, a vision transformer."""

import torch
from torch import nn
import torch.nn.functional as F

from networks import Block, convolution

STRIDES = 4, 8, 16   # pixels a cell of the detector's three levels


class Trunk(nn.Module):
    """160 x 160 pixels to themselves and maps of strides 2, 4, 8 and 16: 24, 32, 64 and 128 channels."""

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            convolution(3, 24, 2), nn.MaxPool2d(2), Block(24, 32, 1), Block(32, 64, 2), Block(64, 64, 1), Block(64, 128, 2))

    def forward(self, x):
        half = self.features[0](x)
        quarter = self.features[2](self.features[1](half))
        eighth = self.features[4](self.features[3](quarter))
        return x, half, quarter, eighth, self.features[5](eighth)


def rows(x):
    """A map's cells in a row [N, C, H * W]. Sizes are numbers, so that the exported graph computes no shapes."""
    return x.reshape(-1, int(x.shape[1]), int(x.shape[2]) * int(x.shape[3]))


def enlarged(x):
    return F.interpolate(x, scale_factor=2, mode="nearest")


class Neck(nn.Module):
    """The maps of strides 4, 8 and 16, each told what the coarser ones see: 32, 64 and 64 channels."""

    def __init__(self):
        super().__init__()
        # In the order in which they are computed: so an exported file has them, from which start.py copies.
        self.coarse = nn.Sequential(convolution(128, 64), convolution(64, 64))
        self.from_eighth, self.narrow_coarse = nn.Conv2d(64, 64, 1), nn.Conv2d(64, 64, 1)
        self.middle = convolution(64, 64)
        self.from_quarter, self.narrow_middle = nn.Conv2d(32, 32, 1), nn.Conv2d(64, 32, 1)
        self.fine = convolution(32, 32)

    def forward(self, maps):
        """The three levels, the finest first."""
        quarter, eighth, sixteenth = maps[-3:]
        coarse = self.coarse(sixteenth)
        middle = self.middle(torch.relu(self.from_eighth(eighth) + enlarged(self.narrow_coarse(coarse))))
        fine = self.fine(torch.relu(self.from_quarter(quarter) + enlarged(self.narrow_middle(middle))))
        return fine, middle, coarse


class Detector(nn.Module):
    """Anchor-free: every cell of three levels says classes, and how far the four edges of its object are. A cell's features see the
    coarser levels' too. The layers that maps explain are the neck's three: the last that the classes and the box share."""

    def __init__(self, classes):
        super().__init__()
        self.classes = classes
        self.neck = Neck()
        self.shared = nn.ModuleList([convolution(32, 32), convolution(64, 64), convolution(64, 64)])
        self.which = nn.ModuleList([nn.Conv2d(c, classes, 1) for c in (32, 64, 64)])
        self.edges = nn.ModuleList([nn.Conv2d(c, 4, 1) for c in (32, 64, 64)])
        for one in self.which:
            nn.init.constant_(one.bias, -4.6)   # to begin with, an object in one cell of a hundred
        for one in self.edges:
            nn.init.constant_(one.bias, 1.5)

    def answers(self, levels):
        """Class logits [N, classes, A] and distances of the edges in cells [N, 4, A], the finest level first."""
        logits, distances = [], []
        for level, shared, which, edges in zip(levels, self.shared, self.which, self.edges):
            features = shared(level)
            logits.append(rows(which(features)))
            distances.append(rows(F.softplus(edges(features))))
        return torch.cat(logits, 2), torch.cat(distances, 2)

    def forward(self, maps):
        return self.answers(self.neck(maps))


class Segmenter(nn.Module):
    """Class scores of every pixel: the neck's finest level and the trunk's map of stride 2 are joined in cells of 2 x 2 pixels, each of which
    tells its four pixels apart; these see the picture once more, for edges and thin things."""

    def __init__(self, classes, width=48, pixels=16):
        super().__init__()
        self.neck = Neck()
        self.from_fine, self.from_half = nn.Conv2d(32, width, 1), nn.Conv2d(24, width, 1)
        self.join = nn.Sequential(convolution(width, width), convolution(width, width))
        self.apart, self.edges = nn.Conv2d(width, 4 * pixels, 1), nn.Conv2d(3, pixels, 3, padding=1)
        self.pixels, self.which = convolution(pixels, pixels), nn.Conv2d(pixels, classes + 1, 1)

    def forward(self, maps):
        """Scores of pixels [N, 1 + classes, 160, 160]; the first is the background's."""
        picture, half = maps[:2]
        cells = self.join(torch.relu(enlarged(self.from_fine(self.neck(maps)[0])) + self.from_half(half)))
        return self.which(self.pixels(torch.relu(F.pixel_shuffle(self.apart(cells), 2) + self.edges(picture))))


class Embedding(nn.Module):
    """A vector of length 1: the mean of the coarsest map, and one linear layer."""

    def __init__(self, classes, length=64):
        super().__init__()
        self.linear = nn.Linear(128, length)
        self.proxies = nn.Parameter(torch.randn(classes, length))   # only for training: each class's own vector

    def forward(self, maps):
        return F.normalize(self.linear(maps[-1].mean((2, 3))), dim=1)

    def logits(self, maps):
        return 16 * self(maps) @ F.normalize(self.proxies, dim=1).T


class TransformerBlock(nn.Module):
    """Attention of several heads and two dense layers, each after a normalisation and beside a shortcut."""

    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.first, self.second = nn.LayerNorm(width), nn.LayerNorm(width)
        self.queries_keys_values, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.dense = nn.Sequential(nn.Linear(width, 2 * width), nn.GELU(), nn.Linear(2 * width, width))

    def forward(self, x):
        length, width = int(x.shape[1]), int(x.shape[2])
        q, k, v = self.queries_keys_values(self.first(x)).reshape(-1, length, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        attention = torch.softmax((q @ k.transpose(-2, -1)) * (width // self.heads) ** -0.5, dim=-1)
        x = x + self.out((attention @ v).transpose(1, 2).reshape(-1, length, width))
        return x + self.dense(self.second(x))


class Transformer(nn.Module):
    """A vision transformer whose stem is the trunk: every cell of stride 16 is a token, 10 x 10 of them behind a class token."""

    def __init__(self, classes, width=96, blocks=4, heads=3):
        super().__init__()
        self.patches = nn.Conv2d(128, width, 1)
        self.token = nn.Parameter(torch.zeros(1, 1, width))
        self.places = nn.Parameter(0.02 * torch.randn(1, 101, width))
        self.blocks = nn.Sequential(*[TransformerBlock(width, heads) for _ in range(blocks)])
        self.norm, self.classifier = nn.LayerNorm(width), nn.Linear(width, classes)

    def tokens(self, maps):
        x = rows(self.patches(maps[-1])).transpose(1, 2)
        return self.norm(self.blocks(torch.cat([self.token.expand(x.shape[0], -1, -1), x], 1) + self.places))

    def forward(self, maps):
        return self.classifier(self.tokens(maps)[:, 0])


def corners(distances, places, strides):
    """Edges left, top, right, bottom in pixels [N, A, 4] of distances in cells."""
    reach = distances * strides[:, None]
    return torch.cat([places - reach[..., :2], places + reach[..., 2:]], -1)


def grid(side):
    """The middles of all cells [A, 2], x and y, and their strides [A]."""
    places, strides = [], []
    for stride in STRIDES:
        along = (torch.arange(side // stride) + 0.5) * stride
        y, x = torch.meshgrid(along, along, indexing="ij")
        places.append(torch.stack([x.flatten(), y.flatten()], 1))
        strides.append(torch.full((x.numel(),), float(stride)))
    return torch.cat(places), torch.cat(strides)
