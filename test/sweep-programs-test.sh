#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What users of sweep and its reports meet when something is wrong with their files: one sentence on stderr, a status
# that tells of it, and nothing left that was not asked for. The scenario is a script that knows any option.
# sweep-programs-test.sh SWEEP DROP-RATE-REPORT LAMBDAML-REPORT
set -u
sweep=$1
report=$2
lambdaml=$3
failed=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# shellcheck source=test/expect.sh
. "$(dirname "$0")/expect.sh"

# check SENTENCE COMMAND...: the command succeeds
check()
{
    local sentence=$1
    shift
    if ! "$@"; then
        echo "not so: $sentence"
        failed=1
    fi
}

cat >"$work/scenario" <<'EOT'
#!/bin/sh
for option in "$@"; do
    case $option in
    --dropRate=typo) echo "scenario: $option: a number is needed" >&2; exit 2 ;;
    --csv=*) printf 'round,time_s,train_loss\n0,0,2\n1,1,1\n' >"${option#*=}" ;;
    esac
done
echo "summary: train_loss=1 test_accuracy=0.5 time_s=1"
EOT
chmod +x "$work/scenario"
cat >"$work/plan.ini" <<EOT
[sweep]
program = $work/scenario
results = $work/results
output.csv = rounds.csv
[common]
dropRate = 0, 0.1
workers = 2
EOT
database=$work/results/sweep.sqlite

expect_of "$sweep" 0 "" run "$work/plan.ini"
expect_of "$sweep" 1 "1 of 1 runs failed" run "$work/plan.ini" --dropRate=typo
command -v gnuplot >/dev/null && expect_of "$report" 0 "" "$database"
check "failed runs are counted" grep -q "because they failed: 1" <("$report" "$database")

# Reports that cannot be written leave nothing.
mkdir "$work/page" "$work/page/directory"
mkfifo "$work/page/pipe"
expect_of "$report" 2 "the name of a file to make is needed" "$database" --report="$work/page/directory"
expect_of "$report" 2 "the name of a file to make is needed" "$database" --report="$work/page/pipe"
expect_of "$report" 2 "the name of a file to make is needed" "$database" --report="$work/page/table.csv"
expect_of "$report" 1 "No such file" "$database" --report="$work/absent/report.html"
check "the pipe is one still" [ -p "$work/page/pipe" ]
check "nothing lies beside it" [ "$(ls "$work/page")" = $'directory\npipe' ]

# Without any curve the page has the table, and the status says that something is missing.
expect_of "$report" 1 "rounds.csv of no run in $work/absent can be used; the first of 2 is $work/absent/" "$database" \
    --runs="$work/absent" --report="$work/page/report.html"
check "there is a page" grep -q "All conditions" "$work/page/report.html"

# Nor does a page need a place for plots.
mkdir "$work/blocked"
touch "$work/blocked/plots"
expect_of "$report" 0 "plots" "$database" --report="$work/blocked/report.html"
check "there is a page without plots" grep -q "All conditions" "$work/blocked/report.html"

# The reports of studies write in the same way.
values=$(dirname "$0")/../scratch/lambdaml/published-values.csv
mkdir -p "$work/study/claims.txt"
expect_of "$lambdaml" 1 "claims.txt: cannot be written: it is no regular file" --results="$work/study" --values="$values"

# What is printed on a full disk is missed.
for command in "$sweep run $work/plan.ini" "$sweep run $work/plan.ini --dropRate=0.5 --dry-run" "$sweep --help" "$report $database" \
    "$lambdaml --help"; do
    said=$($command 2>&1 >/dev/full)
    status=$?
    check "status 1 and a sentence of a full disk: $command: $status, $said" \
        [ "$status, $(grep -c "cannot be written to the standard output" <<<"$said")" = "1, 1" ]
done

exit $failed
