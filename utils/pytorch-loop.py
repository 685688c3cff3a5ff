#!/usr/bin/env python3
"""The loop that people write instead of a simulation: RPS with drop masks, and no network at all.

A PyTorch program, of one thread unless told otherwise, that computes the gradients of all workers, one after another, takes their local steps,
draws which segments are lost on the way to the owners and back, and averages. The yardstick of utils/bench-run.py: the same
model, data, batch, segments and drop rate as a run of lossy-training. Prints the loss of the mean model, ms a round by the clock and by
the processor, how many of these the gradients take, and the library that PyTorch multiplies matrices with.
"""

import argparse
import gzip
import sys
import time

import numpy

try:
    import torch
except ImportError:
    print("pytorch-loop: PyTorch is missing (Debian package python3-torch)", file=sys.stderr)
    sys.exit(77)


def read(directory, name, header, shape):
    with gzip.open(f"{directory}/{name}.gz") as file:
        return numpy.frombuffer(file.read(), numpy.uint8, offset=header).reshape(shape)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--workers", type=int, default=16)
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--hidden", type=int, default=128)
    parser.add_argument("--learning-rate", type=float, default=0.1)
    parser.add_argument("--drop-rate", type=float, default=0.1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--data", default="/usr/share/datasets/fashion-mnist")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    images = torch.from_numpy(read(options.data, "train-images-idx3-ubyte", 16, (-1, 784)).astype(numpy.float32) / 255)
    labels = torch.from_numpy(read(options.data, "train-labels-idx1-ubyte", 8, (-1,)).astype(numpy.int64))

    shapes = [(options.hidden, 784), (options.hidden,), (10, options.hidden), (10,)]
    sizes = [int(numpy.prod(shape)) for shape in shapes]
    length = 350  # numbers in a segment of 1,400 bytes
    segments = -(-sum(sizes) // length)
    models = torch.zeros(options.workers, segments * length)
    models[:, : sizes[0]] = (torch.rand(sizes[0]) * 2 - 1) * (6 / 784) ** 0.5
    models[:, sizes[0] + sizes[1] : sum(sizes[:3])] = (torch.rand(sizes[2]) * 2 - 1) * (6 / (options.hidden + 10)) ** 0.5
    owner_of = torch.arange(segments) * options.workers // segments
    columns = torch.arange(segments)

    def loss(vector, samples):
        w1, b1, w2, b2 = (part.view(shape) for part, shape in zip(torch.split(vector[: sum(sizes)], sizes), shapes))
        hidden = torch.relu(torch.nn.functional.linear(images[samples], w1, b1))
        return torch.nn.functional.cross_entropy(torch.nn.functional.linear(hidden, w2, b2), labels[samples])

    for number in range(-2, options.rounds):  # two to warm up
        if number <= 0:
            gradients = 0
            start = time.perf_counter()
            processor_start = time.process_time()
        begin = time.process_time()
        for worker in range(options.workers):
            model = models[worker].detach().requires_grad_()
            loss(model, torch.randint(len(images), (options.batch,))).backward()
            models[worker] -= options.learning_rate * model.grad
        gradients += time.process_time() - begin
        owners = torch.randperm(options.workers)[owner_of]
        pushed = torch.rand(options.workers, segments) >= options.drop_rate
        pulled = torch.rand(options.workers, segments) >= options.drop_rate
        pushed[owners, columns] = True
        pulled[owners, columns] = True
        cut = models.view(options.workers, segments, length)
        mean = (cut * pushed.unsqueeze(2)).sum(0) / pushed.sum(0).unsqueeze(1)
        models = torch.where(pulled.unsqueeze(2), mean, cut).view(options.workers, -1)
    elapsed = time.perf_counter() - start
    processor = time.process_time() - processor_start
    with torch.no_grad():
        final = loss(models.mean(0), torch.arange(5000)).item()
    with open("/proc/self/maps", encoding="utf-8") as maps:
        blas = "OpenBLAS" if "openblas" in maps.read() else "a slow BLAS (libopenblas0 is faster)"
    print(f"loss={final:.4f} ms_per_round={1e3 * elapsed / options.rounds:.3f} "
          f"processor_ms={1e3 * processor / options.rounds:.3f} gradients_ms={1e3 * gradients / options.rounds:.3f} blas={blas}")


if __name__ == "__main__":
    main()
