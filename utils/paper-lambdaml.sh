#!/bin/bash
# Reproduces Jiang et al., Towards Demystifying Serverless Machine Learning Training (SIGMOD 2021): runs the sweeps of
# scratch/lambdaml/, then writes results/paper-lambdaml/report.html and prints tables. Interrupted and started again, it continues.
# utils/paper-lambdaml.sh BUILD [--quick]
#   --quick  settings so small that it takes about a minute, in results/paper-lambdaml-quick: tries the pipeline
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
build=${1:?a build directory is needed}
shift
quick=false
for argument in "$@"; do
    case $argument in
    --quick) quick=true ;;
    *)
        echo "paper-lambdaml: $argument: --quick is needed" >&2
        exit 2
        ;;
    esac
done
name=paper-lambdaml
directory=lambdaml
results=results/paper-lambdaml
$quick && results=results/paper-lambdaml-quick
program=$build/contrib/serverless/examples/serverless-training
if [ ! -x "$program" ]; then
    echo "paper-lambdaml: $program is not built: configure with -DDISTRIBUTED_LEARNING_SERVERLESS=ON" >&2
    exit 1
fi

# On a core of a Xeon with AVX-512.
declare -A extra=()
declare -A seconds=([breakdown]=2)
data='--dataset="synthetic-logistic:samples=2000,testSamples=2,features=28,condition=100,signal=0.75,noise=0"' # one value
declare -A small=(
    [breakdown]="$data --batch=100"
)
# shellcheck source=utils/run-sweeps.sh
. utils/run-sweeps.sh

sweeps=(breakdown)
announce "${sweeps[@]}"
status=0
run_all "${sweeps[@]}"
"$build/scratch/lambdaml-report" --results="$results" || status=1
exit $status
