"""Starts a network from the weights of an exported one."""

import onnx
from onnx import numpy_helper
import torch
from torch import nn


def from_file(network, path, run, skipped=0):
    """Copies the weights of convolutions and dense layers, in order, as far as their shapes agree. `run` runs the network on pictures;
    `skipped` convolutions of the file come before the network's.

    An exported convolution holds the batch normalisation that followed it. Here it gets one again that changes nothing: its mean and
    variance are those measured in the run, scale and shift undo them.
    """
    graph = onnx.load(path).graph
    weights = {w.name: torch.from_numpy(numpy_helper.to_array(w).copy()).float() for w in graph.initializer}
    modules = list(network.modules())
    norms, copied = [], 0
    with torch.no_grad():
        for operator, kind, first in (("Conv", nn.Conv2d, skipped), ("Gemm", nn.Linear, 0)):
            saved = [[weights[name] for name in node.input[1:]] for node in graph.node if node.op_type == operator][first:]
            for module, (weight, bias) in zip((m for m in modules if isinstance(m, kind)), saved):
                if module.weight.shape != weight.shape:
                    break
                module.weight.copy_(weight)
                copied += 1
                if module.bias is not None:
                    module.bias.copy_(bias)
                else:
                    norm = modules[modules.index(module) + 1]
                    norm.weight.fill_((1 + norm.eps) ** 0.5)
                    norm.bias.copy_(bias)
                    norms.append(norm)
        measured = {}
        hooks = [n.register_forward_pre_hook(lambda m, x: measured.__setitem__(m, torch.var_mean(x[0], (0, 2, 3)))) for n in norms]
        network.eval()
        run()
        for hook in hooks:
            hook.remove()
        for norm, (variance, mean) in measured.items():
            norm.running_var.copy_(variance)
            norm.running_mean.copy_(mean)
            norm.weight.copy_((variance + norm.eps).sqrt())
            norm.bias.add_(mean)
    return copied
