#!/bin/bash
# Reproduces Jiang et al., Towards Demystifying Serverless Machine Learning Training (SIGMOD 2021): runs the sweeps of
# scratch/lambdaml/, then writes results/paper-lambdaml/report.html and claims.txt, and prints tables. Interrupted and started
# again, it continues.
# utils/paper-lambdaml.sh BUILD [--quick]
#   --quick  settings so small that it takes about a minute, in results/paper-lambdaml-quick: tries the pipeline
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
# shellcheck source=utils/run-sweeps.sh
. utils/run-sweeps.sh
begin paper-lambdaml lambdaml "" "${1:-}" "${@:2}"
program=$build/contrib/serverless/examples/serverless-training
if [ ! -x "$program" ]; then
    echo "paper-lambdaml: $program is not built: configure with -DDISTRIBUTED_LEARNING_SERVERLESS=ON" >&2
    exit 1
fi

# On a core of a Xeon with AVX-512.
declare -A extra=()
declare -A seconds=(
    [channels]=2.4 [refused]=0.5 [patterns]=1.2 [breakdown]=2 [optimizers]=6 [protocols]=3 [workers]=8 [pipeline]=2.2
    [model]=4 [estimate]=3 [cases]=1.6 [hot-data]=8
)
data='--dataset="synthetic-logistic:samples=2000,testSamples=2,features=28,condition=100,signal=0.75,noise=0"' # one value
declare -A small=(
    [channels]="--dataBytes=1000000 --modelBytes=50000"
    [patterns]="--workers=4"
    [breakdown]="$data --batch=100 --dataBytes=1000000"
    [optimizers]="$data --batch=10 --rounds=20 --epochs=3 --evaluateEvery=1 --dataBytes=1000000"
    [protocols]="$data --batch=10 --epochs=5 --dataBytes=1000000 --RngRun=1,2"
    [workers]="--workers=4,8 --dataBytes=1000000 --modelBytes=50000 --ns3::serverless::FunctionPlatform::Lifetime=100000s"
    [pipeline]="$data --batch=100 --dataBytes=1000000"
    [model]="--workers=2,4 --dataBytes=1000000"
    [estimate]="--rounds=20 --dataBytes=1000000"
    [cases]="--modelBytes=50000 --dataBytes=1000000"
    [hot-data]="--dataBytes=1000000"
)

sweeps=(channels patterns breakdown optimizers protocols workers pipeline model estimate cases hot-data)
announce "${sweeps[@]}" refused
status=0
run_all "${sweeps[@]}"
echo "== refused: these runs are to fail"
run refused >/dev/null 2>&1
[ $? -ge 2 ] && exit 1
"$build/scratch/lambdaml-report" --results="$results" || status=1
$quick || utils/check-claims.py "$results/claims.txt" || status=1
exit $status
