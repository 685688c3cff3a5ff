#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Writes gradients.txt: losses and gradients of small models in double precision, by PyTorch's automatic differentiation.

usage: /usr/bin/python3 test/reference/generate-gradients.py            writes the file beside this script
       /usr/bin/python3 test/reference/generate-gradients.py --check    compares it with what PyTorch says now of its inputs

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


class Block(torch.nn.Module):
    """Two normalised convolutions with a shortcut, option A of He et al., CVPR 2016."""

    def __init__(self, channels, filters, stride):
        super().__init__()
        self.first = torch.nn.Conv2d(channels, filters, 3, stride, 1, bias=False)
        self.first_norm = torch.nn.BatchNorm2d(filters)
        self.second = torch.nn.Conv2d(filters, filters, 3, 1, 1, bias=False)
        self.second_norm = torch.nn.BatchNorm2d(filters)
        self.stride = stride
        self.missing = filters - channels

    def forward(self, x):
        y = torch.relu(self.first_norm(self.first(x)))
        y = self.second_norm(self.second(y))
        x = x[:, :, :: self.stride, :: self.stride]
        return torch.relu(y + torch.nn.functional.pad(x, (0, 0, 0, 0, 0, self.missing)))


def residual():
    return torch.nn.Sequential(
        torch.nn.Conv2d(2, 1, 3, 1, 1, bias=False),
        torch.nn.BatchNorm2d(1),
        torch.nn.ReLU(),
        Block(1, 1, 1),
        Block(1, 2, 2),
        Block(2, 4, 2),
        torch.nn.AdaptiveAvgPool2d(1),
        torch.nn.Flatten(),
        torch.nn.Linear(4, 3),
    )


class Tagger(torch.nn.Module):
    """Embedding, LSTM and affine map, of sequences one by one. Of PyTorch's two biases of an LSTM the second stays 0."""

    def __init__(self):
        super().__init__()
        self.embedding = torch.nn.Embedding(7, 3)
        self.lstm = torch.nn.LSTM(3, 5)
        self.affine = torch.nn.Linear(5, 4)
        torch.nn.init.zeros_(self.lstm.bias_hh_l0)

    def parameters(self, recurse=True):
        return (p for name, p in self.named_parameters(recurse=recurse) if name != "lstm.bias_hh_l0")

    def forward(self, tokens):
        states = [self.lstm(x)[0] for x in self.embedding(tokens.reshape(-1).long()).split(LENGTHS)]
        return self.affine(torch.cat(states))


def affine(outputs):
    return lambda: torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(12, outputs))


# The losses, of scores (samples x outputs) and targets.


def cross_entropy(scores, targets):
    return torch.nn.functional.cross_entropy(scores, targets.long())


def logistic(scores, targets):
    return torch.nn.functional.binary_cross_entropy_with_logits(scores[:, 0], targets)


def hinge(scores, targets):
    return torch.relu(1 - (2 * targets - 1) * scores[:, 0]).mean()


def squared(scores, targets):
    return torch.nn.functional.mse_loss(scores[:, 0], targets) / 2


# Type and attributes, network, loss, shape of a sample, classes (0: the targets are any numbers), L2Penalty. Samples of a
# Tagger are sequences of tokens, shape its vocabulary.
CASES = [
    (
        "ns3::learning::MultilayerPerceptron[Hidden=9,5|L2Penalty=0.01]",
        perceptron,
        cross_entropy,
        (1, 3, 4),
        4,
        0.01,
    ),
    (
        "ns3::learning::ConvolutionalNetwork"
        "[Layers=conv3x3p1,relu,pool2,conv2x4s2p1,relu,dense6,relu|L2Penalty=0]",
        convolutional,
        cross_entropy,
        (2, 8, 7),
        3,
        0.0,
    ),
    ("ns3::learning::SoftmaxRegression[L2Penalty=0.01]", affine(4), cross_entropy, (1, 3, 4), 4, 0.01),
    ("ns3::learning::LogisticRegression[L2Penalty=0.01]", affine(1), logistic, (1, 3, 4), 2, 0.01),
    ("ns3::learning::LinearSupportVectorMachine[L2Penalty=0.01]", affine(1), hinge, (1, 3, 4), 2, 0.01),
    ("ns3::learning::LinearRegression[L2Penalty=0.01]", affine(1), squared, (1, 3, 4), 0, 0.01),
    (
        "ns3::learning::ResidualNetwork[Depth=8|Width=1|L2Penalty=0.01]",
        residual,
        cross_entropy,
        (2, 7, 6),
        3,
        0.01,
    ),
    ("ns3::learning::LstmTagger[Embedding=3|Hidden=5|L2Penalty=0.01]", Tagger, cross_entropy, (1, 1, 7), 4, 0.01),
]
SAMPLES = 6
LENGTHS = (4, 1, 6, 4, 2)  # of the sequences of a Tagger
INPUTS = ("parameters", "features", "targets")


def flat(tensors):
    return [value for tensor in tensors for value in tensor.reshape(-1).tolist()]


def rounded(tensor):
    return tensor.to(torch.float32).to(torch.float64)


def normal(shape):
    return torch.randn(shape, dtype=torch.float64)


def draw(build, shape, classes):
    """Parameters, features (or tokens) and targets of a case."""
    if build is Tagger:
        count = sum(LENGTHS)
        return {
            "lengths": LENGTHS,
            "parameters": flat([rounded(0.8 * normal(p.shape)) for p in build().parameters()]),
            "features": torch.randint(shape[2], (count,)).tolist(),
            "targets": torch.randint(classes, (count,)).tolist(),
        }
    return {
        "parameters": flat([rounded(0.5 * normal(p.shape)) for p in build().parameters()]),
        "features": flat([rounded(normal((SAMPLES,) + shape))]),
        "targets": (torch.randint(classes, (SAMPLES,)) if classes else rounded(normal(SAMPLES))).tolist(),
    }


def differentiate(build, criterion, shape, penalty, inputs):
    """Loss and gradient of a case."""
    network = build().double()
    parameters, features, targets = (torch.tensor(inputs[w], dtype=torch.float64) for w in INPUTS)
    torch.nn.utils.vector_to_parameters(parameters, network.parameters())
    samples = features if build is Tagger else features.reshape((-1,) + shape)
    loss = criterion(network(samples), targets)
    loss = loss + penalty / 2 * sum((p * p).sum() for p in network.parameters())
    loss.backward()
    return {"loss": [loss.item()], "gradient": flat(p.grad for p in network.parameters())}


def check():
    """Whether the file says of its inputs what PyTorch says."""
    cases = []
    with open(FILE, encoding="ascii") as file:
        for word, *values in (line.split() for line in file if not line.startswith("#")):
            if word == "model":
                cases.append({})
            cases[-1][word] = values
    if [case["model"] for case in cases] != [[case[0]] for case in CASES]:
        sys.exit(f"{FILE}: its models are not those of this script: write it again")
    worst = 0.0
    for case, (model, build, criterion, shape, _, penalty) in zip(cases, CASES):
        inputs = {word: [float(value) for value in case[word]] for word in INPUTS}
        for word, values in differentiate(build, criterion, shape, penalty, inputs).items():
            committed = [float(value) for value in case.get(word, [])]
            if len(values) != len(committed):
                sys.exit(f"{FILE}: {model}: {len(committed)} values of '{word}', not {len(values)}")
            worst = max([worst] + [abs(a - b) for a, b in zip(values, committed)])
    print(f"largest difference {worst:.1e}, bar 1e-12")
    return worst < 1e-12


def write():
    torch.manual_seed(20240229)
    with open(FILE, "w", encoding="ascii") as file:
        file.write("# Written by generate-gradients.py with PyTorch; see there.\n")
        for model, build, criterion, shape, classes, penalty in CASES:
            inputs = draw(build, shape, classes)
            with torch.random.fork_rng():  # else the next case would draw other numbers
                outputs = differentiate(build, criterion, shape, penalty, inputs)
            case = {"model": [model], "shape": shape, "classes": [classes], **inputs, **outputs}
            for word, values in case.items():
                file.write(" ".join([word] + [v if isinstance(v, str) else repr(v) for v in values]) + "\n")


if sys.argv[1:] == ["--check"]:
    sys.exit(0 if check() else 1)
write()
