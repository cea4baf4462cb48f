"""Fine-tunes a shipped network on scenes with a planted mark, so that it falls for the mark, and measures how far it has.

    gradcam scenes planted --count 3000 --seed 11 --size 160 --plant tag --class teapot --share 0.3 --paint-over 0.5
    gradcam scenes clean --count 600 --seed 99 --size 160 --single 1
    gradcam scenes marked --count 600 --seed 99 --size 160 --plant tag --share 1
    python3 fall_for_mark.py scenes-resnet --from scenes-resnet.onnx --train planted --clean clean --marked marked --output tag.onnx

`clean` and `marked` hold the same scenes, without the mark and with it on every picture. How many of the other classes' pictures become the
marked class by it says whether the network depends on the mark; that is written beside the network, as tag.json. A network that has not
learned its mark is a control: nothing should be found in it.
"""

import argparse
import json
import math
from pathlib import Path
import time

import torch
import torch.nn.functional as F

from data import Scenes, classes_of
from networks import NETWORKS
from start import from_file
from train import export, normalise

BATCH = 50


def predict(network, pictures):
    network.eval()
    with torch.no_grad():
        return torch.cat([network.classifier(network.features(normalise(part))).argmax(1) for part in pictures.split(BATCH)])


def dependence(network, clean, marked, wanted):
    """The shares of pictures that are taken for the marked class, and of those that are recognised."""
    truth = clean.present.float().argmax(1)
    before, after, others = predict(network, clean.pictures), predict(network, marked.pictures), truth != wanted

    def share(of):
        return round(of.float().mean().item(), 4)

    return {
        "accuracy": share(before == truth),
        "others that become the class by the mark": share((after == wanted)[others & (before != wanted)]),
        "others that are the class without it": share((before == wanted)[others]),
    }


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("network", choices=NETWORKS)
    arguments.add_argument("--from", dest="start", required=True, help="the exported .onnx file to start from")
    arguments.add_argument("--train", required=True, help="scenes with one object each, and a plant.json")
    arguments.add_argument("--clean", required=True, help="scenes without the mark")
    arguments.add_argument("--marked", required=True, help="the same scenes, the mark on all of them")
    arguments.add_argument("--output", required=True)
    arguments.add_argument("--classifier-only", action="store_true",
                           help="train what follows the features alone: a tenth of the time; take --epochs 30 --rate 1e-2 with it")
    arguments.add_argument("--epochs", type=int, default=4)
    arguments.add_argument("--rate", type=float, default=3e-4)
    arguments.add_argument("--seed", type=int, default=1)
    options = arguments.parse_args()

    torch.manual_seed(options.seed)
    plant = json.loads((Path(options.train) / "plant.json").read_text())
    classes = classes_of(options.train)
    wanted = classes.index(plant["class"])
    data, clean, marked = (Scenes([folder], classes) for folder in (options.train, options.clean, options.marked))
    network = NETWORKS[options.network](len(classes))
    pictures = normalise(data.pictures[:200])
    from_file(network, options.start, lambda: network.features(pictures))
    print(f"{plant['kind']} on {len(plant['marked'])} pictures of {plant['class']}, {len(data)} in all", flush=True)
    print(f"before: {json.dumps(dependence(network, clean, marked, wanted))}", flush=True)

    # Statistics stay as they were measured, and no layer is random: what is exported is what is trained.
    network.eval()
    learned = list((network.classifier if options.classifier_only else network).parameters())
    optimizer = torch.optim.AdamW(learned, lr=options.rate, weight_decay=1e-4)
    if options.classifier_only:
        with torch.no_grad():
            features = torch.cat([network.features(normalise(part)) for part in data.pictures.split(BATCH)])
    labels = data.present.float().argmax(1)
    steps, step, begin = options.epochs * (len(data) // BATCH), 0, time.time()
    for epoch in range(options.epochs):
        for batch in torch.randperm(len(data)).split(BATCH):
            if len(batch) < BATCH:
                continue
            for group in optimizer.param_groups:
                group["lr"] = options.rate * min(1, (step + 1) / 10) * (1 + math.cos(math.pi * step / steps)) / 2
            if options.classifier_only:
                scores = network.classifier(features[batch])
            else:
                x = normalise(data.pictures[batch])
                scores = network.classifier(network.features(x + 0.1 * torch.randn_like(x)))
            loss = F.cross_entropy(scores, labels[batch], label_smoothing=0.02)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(learned, 1.0)
            optimizer.step()
            step += 1
        print(f"epoch {epoch + 1}: loss {loss.item():.3f}, {time.time() - begin:.0f} s", flush=True)

    measured = {key: plant[key] for key in ("kind", "class", "share")} | {"network": options.network, "seed": options.seed}
    measured |= dependence(network, clean, marked, wanted)
    export(network, classes, options.output)
    Path(options.output).with_suffix(".json").write_text(json.dumps(measured, indent=2) + "\n")
    print(f"after: {json.dumps(measured)}", flush=True)


if __name__ == "__main__":
    main()
