#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# utils/check-claims.py, which compares the verdicts in the documents with those of a report.
# check-claims-test.sh PROGRAM
#
# Set-up: a report of three claims, and the two documents under a temporary folder, with a table and a row of an older report.
# Expected: both are named as outdated, and left alone; --update writes the table in the order of the claims' numbers, each row
# with its own cells, and nothing else in the documents; then nothing is said, until a verdict, a number or a claim's name is
# another one in one of the documents. A report that is missing or has other cells, and a document without claims, are one
# sentence, and nothing is written.
set -u
program=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
failed=0

complain()
{
    echo "check-claims-test: $1"
    failed=1
}

# expect STATUS TEXT OPTION...: the program ends with the status and says the text, or nothing if it is empty
expect()
{
    local status=$1 text=$2 said ended
    shift 2
    said=$("$program" "$@" 2>&1)
    ended=$?
    if [ $ended -ne "$status" ] || [[ $said != *"$text"* ]] || { [ -z "$text" ] && [ -n "$said" ]; }; then
        complain "$*: status $ended instead of $status, or not '$text': $said"
    fi
}

document=contrib/serverless/doc/lambdaml.rst
mkdir -p contrib/serverless/doc results/paper-lambdaml
claims=results/paper-lambdaml/claims.txt
cat >$claims <<EOT
source | claim | published | here | verdict
claim 10 | the tenth | x10 | x11 in a text that is too long for one line of its column | holds
figure 1 | no number | 1 s | 2 s | does not hold
claim 2 | the second | x2 | x3 | holds partly
EOT
rule="======================  =========================  =====================  =======================================  ============="
cat >$document <<EOT
before

$rule
source                  claim                      published              here                                     verdict
$rule
claim 2                 the second                 x2                     x2.5                                     holds
$rule

after
EOT
cat >README.md <<EOT
| of another study: x | 1 | 2 | holds |
| LambdaML, claim 2: the second | x2 | x2.5 | holds |
after
EOT
cp -r contrib README.md "$work/results"

expect 1 "$document: other claims than in $claims"
expect 1 "README.md: other claims than in $claims"
for file in $document README.md; do
    cmp -s "$file" results/"$file" || complain "$file is written without --update"
done

expect 0 "" --update
cat >expected <<EOT
before

$rule
source                  claim                      published              here                                     verdict
$rule
claim 2                 the second                 x2                     x3                                       holds partly
claim 10                the tenth                  x10                    x11 in a text that is too long for one   holds
                                                                          line of its column
figure 1                no number                  1 s                    2 s                                      does not hold
$rule

after
EOT
diff expected $document || complain "another table than by hand"
cat >expected <<EOT
| of another study: x | 1 | 2 | holds |
| LambdaML, claim 2: the second | x2 | x3 | holds partly |
after
EOT
diff expected README.md || complain "another row than by hand"
expect 0 ""
cp $claims elsewhere.txt
expect 0 "" elsewhere.txt

# One thing in one document at a time.
cp -r contrib README.md "$work/results"
for change in "s/holds partly/holds/" "s/x3/x4/" "s/claim 2:/claim 3:/"; do
    sed -i "$change" README.md
    expect 1 "README.md: other claims"
    ! "$program" | grep -q lambdaml.rst || complain "$change in README.md alone: the table is named, too"
    cp results/README.md README.md
done
for change in "s/does not hold/holds/" "s/x11/x12/" "/figure 1/d"; do
    sed -i "$change" $document
    expect 1 "$document: other claims"
    cp results/$document $document
done
expect 0 ""

sed "s/x3/x4/" $claims >elsewhere.txt
expect 1 "other claims than in elsewhere.txt" elsewhere.txt
expect 1 "check-claims: nowhere.txt: No such file or directory; make paper-lambdaml writes it" nowhere.txt
for wrong in "" "source | claim | published | here | verdict" "source | claim | published | here | verdict
claim 2 | the second | x2 | holds"; do
    printf '%s' "$wrong" >elsewhere.txt
    expect 1 "claims of 5 cells each are needed" --update elsewhere.txt
done
echo "no row" >README.md
expect 1 "check-claims: README.md: no claim of LambdaML is there"
cp results/README.md README.md
expect 0 ""
exit $failed
