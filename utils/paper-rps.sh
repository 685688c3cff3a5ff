#!/bin/bash
# Reproduces Yu et al., Distributed Learning over Unreliable Networks (ICML 2019): runs the sweeps of scratch/paper/, then
# writes results/paper-rps/report.html and prints tables. Interrupted and started again, it continues.
# utils/paper-rps.sh BUILD [--quick] [--cifar10=DIRECTORY]
#   --quick              settings so small that all of it takes a minute, in results/paper-rps-quick: a test of the pipeline
#   --cifar10=DIRECTORY  the paper's own recipe, too, on the binary files of CIFAR-10 in DIRECTORY: takes weeks
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
build=${1:?a build directory is needed}
shift
quick=false
cifar10=
for argument in "$@"; do
    case $argument in
    --quick) quick=true ;;
    --cifar10=?*) cifar10=${argument#*=} ;;
    *)
        echo "paper-rps: $argument: --quick or --cifar10=DIRECTORY is needed" >&2
        exit 2
        ;;
    esac
done
results=results/paper-rps
$quick && results=results/paper-rps-quick
cores=$(nproc)

# Sweeps in the order of their runs, with the seconds that a run takes on one core (Xeon of 2.6 GHz, AVX-512).
sweeps=(mixing quadratic quadratic-gradients servers images)
declare -A seconds=([mixing]=0.8 [quadratic]=2 [quadratic-gradients]=1 [servers]=4 [images]=100 [cifar10]=400000)
declare -A small=(
    [mixing]="--samples=500 --dropRate=0.1,0.5,0.8"
    [quadratic]="--features=200 --rounds=40 --workers=2,8"
    [quadratic-gradients]="--features=48 --rounds=25,50"
    [servers]="--workers=2,8 --RngRun=1,2 --rounds=20 --trainSamples=1000 --testSamples=100 --evaluationSamples=500"
    [images]="--model=softmax --rounds=8 --evaluateEvery=4 --trainSamples=1024 --batch=4 --RngRun=1,2 --evaluationSamples=32 --workerEvaluationSamples=32 --testSamples=32"
)
[ -n "$cifar10" ] && sweeps+=(cifar10)

# run NAME [OPTION...]: the driver on a sweep
run()
{
    local name=$1
    shift
    local options=("--results=$results" "--database=$results/$name.sqlite")
    $quick && read -r -a overrides <<<"${small[$name]:-}" && options+=("${overrides[@]}")
    [ "$name" = cifar10 ] && options+=("--pass.dataDirectory=$cifar10")
    "$build/scratch/sweep" run "scratch/paper/$name.ini" "${options[@]}" "$@"
}

left=0
total=0
for name in "${sweeps[@]}"; do
    if ! commands=$(run "$name" --dry-run 2>/dev/null); then
        run "$name" --dry-run # says why not
        exit
    fi
    count=$(grep -c . <<<"$commands")
    left=$((left + count))
    total=$(awk "BEGIN { print $total + $count * ${seconds[$name]} }")
done
if $quick; then
    echo "paper-rps: $left runs left, about a minute"
else
    awk "BEGIN { printf \"paper-rps: $left runs left, about %.0f minutes on $cores cores\n\", $total / $cores / 60 + 0.5 }"
fi

status=0
for name in "${sweeps[@]}"; do
    echo "== $name"
    run "$name"
    outcome=$?
    [ $outcome -ge 2 ] && exit $outcome
    [ $outcome -ne 0 ] && status=1
done
"$build/scratch/paper-report" --results="$results" || status=1
exit $status
