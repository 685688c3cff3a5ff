#!/usr/bin/env python3
"""Whole runs: RPS with 16 workers, p = 0.1, trains on, against the loop that people write instead (utils/pytorch-loop.py).

utils/bench-run.py BUILD-DIRECTORY

Wall times of a round, from the difference of a long and a short run, so that start-up does not count; the sides take turns,
medians of 5. Prints each figure with its bar; exits 1 if one does not hold. Without PyTorch only the figures that need none.
"""

import re
import statistics
import subprocess
import sys

REPETITIONS = 5
ALL_HOLD = True


def report(name, value, bar, at_least=False):
    global ALL_HOLD
    holds = value >= bar if at_least else value <= bar
    ALL_HOLD = ALL_HOLD and holds
    print(f"{name}: {value:.3f} (bar: {'at least' if at_least else 'at most'} {bar:g}) {'holds' if holds else 'DOES NOT HOLD'}",
          flush=True)


def summary(build, rounds, threads, options):
    """Summary of a run: everything but host times, and the wall time in s."""
    text = subprocess.run(
        [f"{build}/scratch/lossy-training", "--workers=16", "--dropRate=0.1", f"--rounds={rounds}", f"--threads={threads}",
         "--evaluateEvery=1000000", "--evaluationSamples=500", "--workerEvaluationSamples=1", *options],
        capture_output=True, text=True, check=True).stdout.splitlines()[-1]
    return re.sub(r" wall_\S*", "", text), float(re.search(r" wall_s=(\S+)", text)[1])


def ours(build, threads, options, short, long):
    """ms a round, and what the long run ended with."""
    few = summary(build, short, threads, options)
    many = summary(build, long, threads, options)
    return 1e3 * (many[1] - few[1]) / (long - short), many[0]


def pytorch(rounds):
    run = subprocess.run(["/usr/bin/python3", "utils/pytorch-loop.py", f"--rounds={rounds}"], capture_output=True, text=True)
    if run.returncode == 77 or run.returncode == 127:
        return None
    return float(re.search(r"ms_per_round=(\S+)", run.stdout)[1])


def main():
    build = sys.argv[1]
    has_pytorch = pytorch(3) is not None
    times = {"pytorch": [], "one": [], "two": []}
    for _ in range(REPETITIONS):
        if has_pytorch:
            times["pytorch"].append(pytorch(60))
        for name, threads in (("one", 1), ("two", 2)):
            times[name].append(ours(build, threads, ["--model=mlp:128"], 50, 250)[0])
    ratio = {name: [value / reference for value, reference in zip(times[name], times["pytorch"])] for name in ("one", "two")}
    print("16 workers, 784-128-10, batch 32, p = 0.1, trains of 32, ms a round: "
          + ", ".join(f"{name} {statistics.median(values):.2f}" for name, values in
                      (("PyTorch without a network", times["pytorch"]), ("1 thread", times["one"]), ("2 threads", times["two"]))
                      if values))
    if has_pytorch:
        report("whole run on 1 thread / single-threaded PyTorch loop", statistics.median(ratio["one"]), 1)
        report("single-threaded PyTorch loop / whole run on 2 threads", 1 / statistics.median(ratio["two"]), 1.5, True)
    else:
        print("the PyTorch loop is left out: PyTorch is missing (Debian package python3-torch)")

    gains = []
    same = True
    options = ["--model=resnet:8", "--trainSamples=5000"]
    for _ in range(REPETITIONS):
        one, first = ours(build, 1, options, 2, 6)
        two, second = ours(build, 2, options, 2, 6)
        gains.append(one / two)
        same = same and first == second
    report("ResNet-8, 16 workers: 1 thread / 2 threads", statistics.median(gains), 1.8, True)
    report("the same results with 1 and 2 threads, 1 for yes", float(same), 1, True)
    sys.exit(0 if ALL_HOLD else 1)


if __name__ == "__main__":
    main()
