#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Times gradients of PyTorch on one thread: the other side of bench-models.cc.

Prints a line "PyTorch VERSION with BLAS", then reads lines "NAME CALLS" and answers each with the processor time of one gradient in
seconds, a mean over CALLS. A gradient is what a training script does: old ones discarded, forward, loss, backward. Names are
the keys of WORKLOADS; batches are of 32. Without PyTorch (Debian package python3-torch) says so and exits with status 77.
Instructions are chosen by PyTorch's own environment variables, ATEN_CPU_CAPABILITY and ONEDNN_MAX_CPU_ISA.
"""

import sys
import time

try:
    import torch
except ImportError:
    print("no PyTorch here (Debian package python3-torch)", flush=True)
    sys.exit(77)

BATCH = 32


class Block(torch.nn.Module):
    """Two normalised convolutions with a shortcut without parameters, option A of He et al., CVPR 2016."""

    def __init__(self, channels, filters, stride):
        super().__init__()
        self.layers = torch.nn.Sequential(
            torch.nn.Conv2d(channels, filters, 3, stride, 1, bias=False),
            torch.nn.BatchNorm2d(filters),
            torch.nn.ReLU(inplace=True),
            torch.nn.Conv2d(filters, filters, 3, 1, 1, bias=False),
            torch.nn.BatchNorm2d(filters),
        )
        self.stride = stride
        self.missing = filters - channels

    def forward(self, x):
        y = self.layers(x)
        if self.missing:
            x = torch.nn.functional.pad(x[:, :, :: self.stride, :: self.stride], (0, 0, 0, 0, 0, self.missing))
        return torch.relu(y + x)


def residual(depth):
    layers = [torch.nn.Conv2d(3, 16, 3, 1, 1, bias=False), torch.nn.BatchNorm2d(16), torch.nn.ReLU(inplace=True)]
    channels = 16
    for filters in (16, 32, 64):
        for _ in range((depth - 2) // 6):
            layers.append(Block(channels, filters, filters // channels))
            channels = filters
    return torch.nn.Sequential(*layers, torch.nn.AdaptiveAvgPool2d(1), torch.nn.Flatten(), torch.nn.Linear(64, 10))


def perceptron():
    return torch.nn.Sequential(torch.nn.Linear(784, 128), torch.nn.ReLU(), torch.nn.Linear(128, 10))


def logistic(scores, targets):
    return torch.nn.functional.binary_cross_entropy_with_logits(scores[:, 0], targets.float())


cross_entropy = torch.nn.functional.cross_entropy

# Network, shape of a sample, classes, loss.
WORKLOADS = {
    "logistic": (lambda: torch.nn.Linear(28, 1), (28,), 2, logistic),
    "softmax": (lambda: torch.nn.Linear(784, 10), (784,), 10, cross_entropy),
    "perceptron": (perceptron, (784,), 10, cross_entropy),
    "resnet-20": (lambda: residual(20), (3, 32, 32), 10, cross_entropy),
}


def main():
    torch.set_num_threads(1)
    torch.manual_seed(1)
    with open("/proc/self/maps", encoding="utf-8") as maps:
        blas = "OpenBLAS" if "openblas" in maps.read() else "slow BLAS (libopenblas0 is faster)"
    print("PyTorch", torch.__version__, "with", blas, flush=True)
    ready = {}
    for line in sys.stdin:
        name, calls = line.split()
        if name not in ready:
            build, shape, classes, criterion = WORKLOADS[name]
            ready[name] = (build(), torch.rand((BATCH,) + shape), torch.randint(classes, (BATCH,)), criterion)
        network, features, targets, criterion = ready[name]
        start = time.process_time()
        for _ in range(int(calls)):
            network.zero_grad(set_to_none=True)
            criterion(network(features), targets).backward()
        print((time.process_time() - start) / int(calls), flush=True)


main()
