#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What a large run may take.
# Set-up: 300 functions over S3, a million samples, ten rounds of model averaging, on one core.
# Stimulus: less than 2 minutes of processor time and 4 GiB of address space, which the kernel sees to; a process that exceeds
# them is killed or gets no memory.
# Expected: the training ends within both, all workers being done. It takes about 35 s and 0.3 GiB, so that a slow computer passes.
# Negative control: with a second, and with 64 MiB, it does not end.
# scale-test.sh PROGRAM, the program serverless-training
set -u
program=$1
failed=0

# train SECONDS KIB: the summary of the training, if it ends within these limits
train()
{
    (
        ulimit -c 0 -t "$1" -v "$2"
        "$program" --workers=300 --optimization=ma --rounds=10 --epochs=0 \
            --dataset=synthetic-logistic:samples=1000000,testSamples=2,features=28,condition=100,signal=0.75,noise=0
    ) 2>&1
}

gibibyte=$((1024 * 1024))
summary=$(train 120 $((4 * gibibyte)))
if [[ $summary != *"summary: workers=300 rounds=10 failed_workers=0 "* ]]; then
    echo "300 functions do not end within 120 s of processor time and 4 GiB: $summary"
    failed=1
fi
for limits in "1 $((4 * gibibyte))" "120 $((gibibyte / 16))"; do
    # shellcheck disable=SC2086 # two numbers
    summary=$(train $limits)
    [[ $summary != *"summary: "* ]] || { echo "limits of $limits do not count: $summary"; failed=1; }
done
exit $failed
