#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The scripts around sweep: another build directory is the only one that is used, and mistakes are one sentence. Slurm is a
# script that takes jobs and runs none.
# sweep-scripts-test.sh BUILD-DIRECTORY
set -u
build=$1
failed=0
cd "$(dirname "$0")/.." || exit 1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset MAKEFLAGS MAKELEVEL SWEEP PROGRAM

# shellcheck source=test/expect.sh
. test/expect.sh

# make_line TARGET PATTERN: the line with the pattern among the commands of make TARGET BUILD=...
make_line()
{
    make -n "$1" BUILD="$build" | grep -e "$2"
}

run=$(make_line run "sweep run")
if [[ $run != "$build/scratch/sweep run "*" --program=$build/scratch/lossy-training" ]]; then
    echo "make run BUILD=$build: $run"
    failed=1
fi

mkdir "$work/bin"
printf '#!/bin/sh\necho 7\n' >"$work/bin/sbatch"
chmod +x "$work/bin/sbatch"
slurm=$(make_line slurm slurm-sweep.sh)
said=$(PATH=$work/bin:$PATH RESULTS=$work/results bash -c "$slurm" 2>&1)
for job in task merge; do
    if ! grep -q "$build/scratch/sweep run .*--program=$build/scratch/lossy-training" "$work/results/slurm/$job.sh"; then
        echo "make slurm BUILD=$build: $job.sh runs something else; the script said: $said"
        failed=1
    fi
done

for study in paper-rps paper-lambdaml tolerance; do
    expect_of "utils/$study.sh" 2 "$study: /nonexistent: a directory with a build is needed" /nonexistent
    expect_of "utils/$study.sh" 2 "$study: the first argument: a directory with a build is needed"
done
expect_of utils/compare-sweeps.py 2 "two results directories are needed"
expect_of utils/compare-sweeps.py 2 "two results directories are needed" "$work"
expect_of utils/compare-sweeps.py 1 "$work/sweep.sqlite: cannot be read" "$work" "$work"
echo "not a database" >"$work/sweep.sqlite"
expect_of utils/compare-sweeps.py 1 "$work/sweep.sqlite: cannot be read" "$work" "$work"

exit $failed
