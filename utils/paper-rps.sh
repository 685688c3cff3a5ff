#!/bin/bash
# Reproduces Yu et al., Distributed Learning over Unreliable Networks (ICML 2019): runs the sweeps of scratch/paper/, then
# writes results/paper-rps/report.html and prints tables. Interrupted and started again, it continues.
# utils/paper-rps.sh BUILD [--quick] [--cifar10=DIRECTORY] [--sentences=TRAIN[:TEST]]
#   --quick              settings so small that it takes about a minute, in results/paper-rps-quick: tries the pipeline
#   --cifar10=DIRECTORY  the paper's own recipe, too, on the binary files of CIFAR-10 in DIRECTORY: takes 11 days on two cores
#   --sentences=TRAIN[:TEST]  the language task on BIO-tagged text instead of generated sentences
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
declare -A extra=()
cifar10=()
accept()
{
    case $1 in
    --cifar10=?*)
        [ -d "${1#*=}" ] || { echo "paper-rps: $1: there is no such directory" >&2; exit 2; }
        extra[cifar10]="--pass.dataDirectory=${1#*=}"
        cifar10=(cifar10)
        ;;
    --sentences=?*)
        IFS=: read -ra files <<<"${1#*=}"
        for file in "${files[@]}"; do
            [ -f "$file" ] || { echo "paper-rps: $1: there is no file $file" >&2; exit 2; }
        done
        extra[language]="--dataset=bio:${1#*=}"
        ;;
    *) return 1 ;;
    esac
}
# shellcheck source=utils/run-sweeps.sh
. utils/run-sweeps.sh
begin paper-rps paper ", --cifar10=DIRECTORY or --sentences=TRAIN:TEST" "${1:-}" "${@:2}"

# On a core of a Xeon with AVX-512.
declare -A seconds=(
    [mixing]=0.8 [quadratic]=2.5 [quadratic-gradients]=1.5 [servers]=2 [images]=62 [language]=11 [network]=5.5
    [correlated]=22 [independent]=3 [cifar10]=95000
)
tiny="--evaluationSamples=32 --workerEvaluationSamples=32 --testSamples=32"
declare -A small=(
    [mixing]="--samples=500 --dropRate=0.1,0.5,0.8"
    [quadratic]="--features=200 --rounds=40 --workers=2,8"
    [quadratic-gradients]="--features=48 --rounds=25,50"
    [servers]="--workers=2,8 --RngRun=1,2 --rounds=20 --trainSamples=1000 $tiny"
    [images]="--model=resnet:8x2 --rounds=8 --evaluateEvery=4 --trainSamples=1024 --batch=4 --RngRun=1,2 $tiny"
    [language]="--model=lstm:4x4 --rounds=8 --evaluateEvery=4 --batch=4 --RngRun=1,2 $tiny"
    [network]="--model=mlp:16 --rounds=4 --RngRun=1,2 --webRate=1000,2000,5000,10000 --queueDisc=threshold:540kB,threshold:20kB,threshold:0B"
    [correlated]="--rounds=4 --evaluateEvery=4 --RngRun=1,2 $tiny"
    [independent]="--rounds=4 --evaluateEvery=4 --RngRun=1,2 $tiny"
    [cifar10]="--model=resnet:20x2 --rounds=2 --evaluateEvery=1 --batch=4 $tiny"
)

sweeps=(mixing quadratic quadratic-gradients servers images language network correlated)
announce "${sweeps[@]}" independent "${cifar10[@]}"
status=0
run_all "${sweeps[@]}"
# the rates of loss that the Web service made are those of the independent drops
rates=$("$build/scratch/paper-report" --results="$results" --print-rates) || exit 1
extra[independent]="--dropRate=0${rates:+,$rates}"
run_all independent "${cifar10[@]}"
"$build/scratch/paper-report" --results="$results" || status=1
exit $status
