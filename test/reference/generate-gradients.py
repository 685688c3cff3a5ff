#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Writes gradients.txt: losses and gradients of small networks in double precision, by PyTorch's automatic differentiation.

usage: /usr/bin/python3 test/reference/generate-gradients.py            writes the file beside this script
       /usr/bin/python3 test/reference/generate-gradients.py --check    compares it with what PyTorch says now

Needs Debian's python3-torch (1.13.1 wrote the committed file); without it, says so and exits with status 77. The unit test
learning-reference-unit-test.cc reads the file, so it needs no PyTorch. All inputs are rounded to single precision, so that
both precisions start from the same numbers. A case is a block of lines, each a word and its values.
"""

import os
import sys

try:
    import torch
except ImportError:
    print("skipped: PyTorch is not installed (Debian package python3-torch)")
    sys.exit(77)

FILE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "gradients.txt")


def perceptron():
    return torch.nn.Sequential(
        torch.nn.Flatten(),
        torch.nn.Linear(12, 9),
        torch.nn.ReLU(),
        torch.nn.Linear(9, 5),
        torch.nn.ReLU(),
        torch.nn.Linear(5, 4),
    )


def convolutional():
    return torch.nn.Sequential(
        torch.nn.Conv2d(2, 3, 3, padding=1),
        torch.nn.ReLU(),
        torch.nn.MaxPool2d(2),
        torch.nn.Conv2d(3, 4, 2, stride=2, padding=1),
        torch.nn.ReLU(),
        torch.nn.Flatten(),
        torch.nn.Linear(4 * 3 * 2, 6),
        torch.nn.ReLU(),
        torch.nn.Linear(6, 3),
    )


CASES = [
    ("ns3::learning::MultilayerPerceptron[Hidden=9,5|L2Penalty=0.01]", perceptron, (1, 3, 4), 4, 0.01),
    (
        "ns3::learning::ConvolutionalNetwork"
        "[Layers=conv3x3p1,relu,pool2,conv2x4s2p1,relu,dense6,relu|L2Penalty=0]",
        convolutional,
        (2, 8, 7),
        3,
        0.0,
    ),
]


def rounded(tensor):
    return tensor.to(torch.float32).to(torch.float64)


def generate():
    torch.manual_seed(20240229)
    cases = []
    for model, build, shape, classes, penalty in CASES:
        network = build().double()
        for parameter in network.parameters():
            parameter.data = rounded(0.5 * torch.randn(parameter.shape, dtype=torch.float64))
        features = rounded(torch.randn((6,) + shape, dtype=torch.float64))
        targets = torch.randint(classes, (6,))
        loss = torch.nn.functional.cross_entropy(network(features), targets)
        loss = loss + penalty / 2 * sum((p * p).sum() for p in network.parameters())
        loss.backward()

        def flat(tensors):
            return [value for tensor in tensors for value in tensor.reshape(-1).tolist()]

        cases.append(
            [
                ("model", [model]),
                ("shape", list(shape)),
                ("classes", [classes]),
                ("parameters", flat(network.parameters())),
                ("features", flat([features])),
                ("targets", targets.tolist()),
                ("loss", [loss.item()]),
                ("gradient", flat(p.grad for p in network.parameters())),
            ]
        )
    return cases


def read():
    with open(FILE, encoding="ascii") as file:
        return [line.split() for line in file if not line.startswith("#")]


cases = generate()
if sys.argv[1:] == ["--check"]:
    fresh = [(word, values) for case in cases for word, values in case]
    worst = 0.0
    for (word, values), (committed, *numbers) in zip(fresh, read()):
        if word != committed or len(values) != len(numbers):
            sys.exit(f"{FILE}: expected {len(values)} values of '{word}', found '{committed}'")
        if word in ("loss", "gradient"):
            worst = max([worst] + [abs(a - float(b)) for a, b in zip(values, numbers)])
    print(f"largest difference {worst:.1e}, bar 1e-12")
    sys.exit(0 if worst < 1e-12 else 1)

with open(FILE, "w", encoding="ascii") as file:
    file.write("# Written by generate-gradients.py with PyTorch; see there.\n")
    for case in cases:
        for word, values in case:
            file.write(" ".join([word] + [v if isinstance(v, str) else repr(v) for v in values]) + "\n")
