#!/bin/bash
# Ranks transports x rules x loss laws on one workload: runs the sweeps of scratch/tolerance/, then writes
# results/tolerance/report.html and prints the ranking and verdicts. Interrupted and started again, it continues.
# utils/tolerance.sh BUILD [--quick]
#   --quick  settings so small that it takes about a minute, in results/tolerance-quick: tries the pipeline
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
# shellcheck source=utils/run-sweeps.sh
. utils/run-sweeps.sh
begin tolerance tolerance "" "${1:-}" "${@:2}"

# On a core of a Xeon with AVX-512.
declare -A extra=()
declare -A seconds=([ranking]=2.4 [stragglers]=2 [downlink]=1.8)
tiny="--evaluationSamples=64 --workerEvaluationSamples=32 --testSamples=32"
dataset='--dataset="synthetic-logistic:features=128,samples=512,testSamples=50,condition=33,signal=4"' # one value to the driver
declare -A small=(
    [ranking]="$dataset --rounds=12 --evaluateEvery=3 --loss=bernoulli --RngRun=1 $tiny"
    [stragglers]="$dataset --rounds=12 --evaluateEvery=12 --RngRun=1 $tiny"
    [downlink]="$dataset --rounds=12 --evaluateEvery=12 --RngRun=1 --dropRate=0,0.3 $tiny"
)

sweeps=(ranking stragglers downlink)
announce "${sweeps[@]}"
status=0
run_all "${sweeps[@]}"
"$build/scratch/tolerance-report" --results="$results" || status=1
exit $status
