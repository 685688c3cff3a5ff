#!/usr/bin/env python3
"""Whole runs: beside the loop that people write instead (utils/pytorch-loop.py), on one core and two, and in sweeps.

utils/bench-run.py BUILD-DIRECTORY

1. RPS, 16 workers, 784-128-10 on Fashion-MNIST, batch 32, p = 0.1, trains of 32: a round on one core at most the time of the
   loop, on two cores at most 1/1.5 of it. The loop uses one thread, the number of threads with which it is fastest on one core.
2. Gradients of 1 to 1.7 ms (a small convolutional network), of twice that (twice the batch) and of 20 ms (ResNet-8): at least
   1.8 times as fast on two threads as on one, with identical results. Beside it, without a bar, the most that is possible if
   packets, which go one after another, cost what bare sockets of ns-3 cost, and all else is shared evenly.
3. Sweeps: all cores at least 0.95 of the time away from what the runs take one after another; beside it, without a bar, what
   the machine leaves of its cores to processes that run side by side. Fashion-MNIST is read in at most 0.2 s, and a run has
   started in at most 0.1 s beyond that.

Times of rounds are differences of a long and a short run, so that start-up does not count: those of the processor on one core,
pinned there, those of the clock on two. The sides take turns; figures are medians of 5, ratios those of neighbours. Prints each
figure with its bar; exits 1 if one does not hold. Without PyTorch, or with a slow BLAS in it, it says which are not measured.
"""

import concurrent.futures
import os
import re
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

REPETITIONS = 5
PACKETS = 2 * 16 * 15  # of a round of 16 workers, a server on each
ALL_HOLD = True
CORES = sorted(os.sched_getaffinity(0))


def report(name, value, bar, at_least=False):
    global ALL_HOLD
    holds = value >= bar if at_least else value <= bar
    ALL_HOLD = ALL_HOLD and holds
    word = "at least" if at_least else "at most"
    print(f"{name:<66} {value:8.3f}   bar {word} {bar:g}   {'holds' if holds else 'DOES NOT HOLD'}", flush=True)


def not_measured(name, reason):
    print(f"{name:<66} not measured: {reason}", flush=True)


def pinned(cores, command):
    return ["taskset", "--cpu-list", ",".join(str(core) for core in cores), *command]


def run(command):
    """What a program prints, and its wall and processor times in s."""
    before = os.times()
    begin = time.perf_counter()
    text = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    wall = time.perf_counter() - begin
    after = os.times()
    return text, wall, after.children_user + after.children_system - before.children_user - before.children_system


def train(build, cores, options):
    """Summary of a run without host times, and its wall and processor times in s."""
    command = [f"{build}/scratch/lossy-training", f"--threads={len(cores)}", "--evaluateEvery=1000000", "--evaluationSamples=500",
               "--testSamples=500", "--workerEvaluationSamples=1", *options]
    text, wall, processor = run(pinned(cores, command))
    return re.sub(r" wall_\S*", "", text.splitlines()[-1]), wall, processor


def round_time(build, cores, options, short, long):
    """Seconds a round by the clock and by the processor, and what the long run ended with."""
    few = train(build, cores, [*options, f"--rounds={short}"])
    many = train(build, cores, [*options, f"--rounds={long}"])
    return [(many[i] - few[i]) / (long - short) for i in (1, 2)], many[0]


def loop_time(threads, rounds, cores):
    """Seconds a round of the loop by the clock and by the processor, those of the gradients, its BLAS; None without PyTorch."""
    command = ["/usr/bin/python3", "utils/pytorch-loop.py", f"--threads={threads}", f"--rounds={rounds}"]
    done = subprocess.run(pinned(cores, command), stdout=subprocess.PIPE, text=True)
    if done.returncode in (77, 127):
        return None
    found = re.search(r"ms_per_round=(\S+) processor_ms=(\S+) gradients_ms=(\S+) blas=(.*)", done.stdout)
    return [float(found[i]) / 1e3 for i in (1, 2, 3)] + [found[4]]


def bench_loop(build):
    one, two = CORES[:1], CORES[:2]
    options = ["--workers=16", "--model=mlp:128", "--dropRate=0.1", "--segmentsPerPacket=32"]
    tried = {threads: loop_time(threads, 20, one) for threads in (1, 2)}
    bars = ("a whole run on one core / the loop", "the loop / a whole run on two cores")
    if tried[1] is None:
        for bar in bars:
            not_measured(bar, "PyTorch is missing (Debian package python3-torch)")
        return
    threads = min(tried, key=lambda count: tried[count][0])
    loops, singles, doubles = [], [], []
    for _ in range(REPETITIONS):
        loops.append(loop_time(threads, 100, one))
        singles.append(round_time(build, one, options, 50, 350)[0])
        doubles.append(round_time(build, two, options, 50, 350)[0])
    print("16 workers, 784-128-10, batch 32, p = 0.1, trains of 32, ms a round: "
          + ", ".join(f"{name} {1e3 * statistics.median(values):.2f}" for name, values in
                      (("the loop", [loop[1] for loop in loops]), ("of it gradients", [loop[2] for loop in loops]),
                       ("ours on one core", [each[1] for each in singles]), ("ours on two", [each[0] for each in doubles]))))
    print(f"PyTorch with {loops[0][3]}, fastest on one core with {threads} thread(s)")
    if "OpenBLAS" not in loops[0][3]:
        for bar in bars:
            not_measured(bar, "PyTorch uses a slow BLAS (Debian package libopenblas0-pthread is faster)")
        return
    report(bars[0], statistics.median(ours[1] / loop[1] for ours, loop in zip(singles, loops)), 1)
    if len(two) == 2:
        report(bars[1], statistics.median(loop[0] / ours[0] for ours, loop in zip(doubles, loops)), 1.5, True)


def bench_threads(build):
    if len(CORES) < 2:
        print("two threads are left out: there is one core")
        return
    text = run(pinned(CORES[:1], [f"{build}/utils/bench-transport", "sockets"]))[0]
    bare = float(re.search(r"bare UDP sockets: (\S+) us a packet", text)[1]) / 1e6
    small = "--model=cnn:conv5x8,relu,pool2,conv5x16,relu,pool2"
    for name, model, batch, rounds in (("a small convolutional network", small, 32, 60),
                                       ("the same, batches of 64", small, 64, 30),
                                       ("ResNet-8", "--model=resnet:8", 32, 8)):
        options = ["--workers=16", "--dropRate=0.1", "--segmentsPerPacket=32", "--trainSamples=5000", model, f"--batch={batch}"]
        ones, gains, same = [], [], True
        for _ in range(REPETITIONS):
            one, first = round_time(build, CORES[:1], options, 2, rounds)
            two, second = round_time(build, CORES[:2], options, 2, rounds)
            ones.append(one[0])
            gains.append(one[0] / two[0])
            same = same and first == second
        report(f"{name}, 16 workers: one thread / two threads", statistics.median(gains), 1.8, True)
        alone = statistics.median(ones)
        print(f"  {1e3 * alone:.1f} ms a round on one thread; with packets as bare sockets at most "
              f"{2 * alone / (alone + PACKETS * bare):.3f}", flush=True)
        report("identical results with one and two threads, 1 for yes", float(same), 1, True)


SWEEP = """[sweep]
program = {build}/scratch/lossy-training
[common]
model = mlp:128
workers = 8
segmentsPerPacket = 32
rounds = 100
evaluateEvery = 100
evaluationSamples = 500
dropRate = 0, 0.05, 0.1, 0.2
RngRun = 1..6
"""


def bench_sweep(build):
    efficiencies, pools, sums = [], [], []
    with tempfile.TemporaryDirectory() as folder:
        plan = f"{folder}/sweep.ini"
        with open(plan, "w", encoding="utf-8") as file:
            file.write(SWEEP.format(build=os.path.abspath(build)))
        dry = run([f"{build}/scratch/sweep", "run", plan, f"--results={folder}/dry", "--dry-run"])[0]
        commands = [shlex.split(line) for line in dry.splitlines()]
        for _ in range(REPETITIONS):
            alone = sum(run(command)[1] for command in commands)
            wall = run([f"{build}/scratch/sweep", "run", plan, f"--results={folder}/results", f"--jobs={len(CORES)}"])[1]
            shutil.rmtree(f"{folder}/results")
            efficiencies.append(alone / wall / len(CORES))
            begin = time.perf_counter()
            with concurrent.futures.ThreadPoolExecutor(len(CORES)) as pool:
                list(pool.map(lambda command: subprocess.run(command, stdout=subprocess.DEVNULL, check=True), commands))
            pools.append(alone / (time.perf_counter() - begin) / len(CORES))
            sums.append(alone)
    print(f"a sweep of {len(commands)} runs, {statistics.median(sums):.1f} s one after another, on {len(CORES)} cores")
    print(f"efficiency of the same processes side by side, without the driver: {statistics.median(pools):.3f}")
    report("efficiency of the sweep", statistics.median(efficiencies), 0.95, True)


def bench_start(build):
    """Times of runs of one round: data of the size of a batch, then Fashion-MNIST."""
    start, reading = [], []
    options = ["--workers=16", "--model=mlp:128", "--rounds=1", "--batch=1"]
    for _ in range(2 * REPETITIONS):
        small = train(build, CORES[:1], [*options, "--dataset=synthetic-clusters:samples=16,testSamples=16,features=784"])
        whole = train(build, CORES[:1], [*options, "--trainSamples=16"])
        start.append(small[1:])
        reading.append([whole[i] - small[i] for i in (1, 2)])
    walls = [statistics.median(times[0] for times in each) for each in (reading, start)]
    print(f"by the clock Fashion-MNIST is read in {walls[0]:.3f} s, and a run of one round without it takes {walls[1]:.3f} s")
    report("Fashion-MNIST is read, s of the processor", statistics.median(times[1] for times in reading), 0.2)
    report("a run of one round without it, s of the processor", statistics.median(times[1] for times in start), 0.1)


def main():
    build = sys.argv[1]
    bench_start(build)
    bench_loop(build)
    bench_threads(build)
    bench_sweep(build)
    sys.exit(0 if ALL_HOLD else 1)


if __name__ == "__main__":
    main()
