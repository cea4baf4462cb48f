"""Two small networks, one for each kind of tail that class activation maps meet."""

import torch
from torch import nn


def convolution(inputs, outputs, stride=1):
    """A 3x3 convolution, normalised. The normalisation melts into the convolution when the network is exported."""
    return nn.Sequential(nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU())


class Wander(nn.Module):
    """While training, moves every picture's features round by a random number of cells; what leaves at one edge enters at the other.

    Dense layers have weights of their own for every cell and would have to learn each class anew at each. This way what they learn in one
    place they learn for all. It does nothing in evaluation and is not exported.
    """

    def forward(self, x):
        if not self.training:
            return x
        moves = zip(torch.randint(x.shape[2], (len(x),)).tolist(), torch.randint(x.shape[3], (len(x),)).tolist())
        return torch.stack([one.roll(move, (1, 2)) for one, move in zip(x, moves)])


class ScenesVgg(nn.Module):
    """VGG-16's plan, smaller: 3x3 convolutions between max pooling, then dense layers after a flatten. 160 x 160 to 10 x 10 features."""

    channels = 96

    def __init__(self, classes):
        super().__init__()
        self.features = nn.Sequential(
            convolution(3, 24, 2), nn.MaxPool2d(2),
            convolution(24, 48), convolution(48, 64), nn.MaxPool2d(2),
            convolution(64, 96), convolution(96, 96), nn.MaxPool2d(2),
            convolution(96, 128), convolution(128, 128), convolution(128, self.channels))
        self.classifier = nn.Sequential(
            Wander(), nn.MaxPool2d(2), nn.Flatten(),
            nn.Linear(self.channels * 25, 128), nn.ReLU(), nn.Dropout(0.1),
            nn.Linear(128, 128), nn.ReLU(),
            nn.Linear(128, classes))
        # To begin with, the first dense layer treats all cells alike.
        with torch.no_grad():
            first = self.classifier[3].weight.view(128, self.channels, 25)
            first.copy_(first[:, :, :1].clone().expand_as(first))


class Block(nn.Module):
    """Two 3x3 convolutions beside a shortcut."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.first = convolution(inputs, outputs, stride)
        self.second = nn.Sequential(nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False), nn.BatchNorm2d(outputs))
        same = stride == 1 and inputs == outputs
        self.shortcut = nn.Identity() if same else nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        return torch.relu(self.second(self.first(x)) + self.shortcut(x))


class ScenesResNet(nn.Module):
    """A residual network that ends in global average pooling and one linear layer. 160 x 160 to 10 x 10 features."""

    channels = 128

    def __init__(self, classes):
        super().__init__()
        self.features = nn.Sequential(
            convolution(3, 24, 2), nn.MaxPool2d(2),
            Block(24, 32, 1), Block(32, 64, 2), Block(64, 64, 1), Block(64, self.channels, 2), Block(self.channels, self.channels, 1))
        self.classifier = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(self.channels, classes))


NETWORKS = {"scenes-vgg": ScenesVgg, "scenes-resnet": ScenesResNet}


class Exported(nn.Module):
    """What goes into the file: features, classifier, softmax."""

    def __init__(self, network):
        super().__init__()
        self.features, self.classifier = network.features, network.classifier

    def forward(self, x):
        return torch.softmax(self.classifier(self.features(x)), dim=1)
