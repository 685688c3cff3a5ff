#!/bin/bash
# Cheap checks of the sources and of what was built from them. Every check runs; exits 1 if one failed.
# utils/check.sh BUILD-DIRECTORY
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
build=${1:-build}
if [ ! -f "$build/CMakeCache.txt" ]; then
    echo "check: $build: no build there; make build makes one" >&2
    exit 1
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

check_formatting()
{
    local changed
    changed=$(git ls-files '*.h' '*.cc' | xargs clang-format --dry-run -Werror 2>&1 |
        sed -n 's/^\([^ :]*\):.*clang-formatted.*/make format would change \1/p' | sort -u)
    echo "$changed"
    [ -z "$changed" ]
}

check_includes()
{
    utils/check-includes.py
}

# All headers of all ns-3 modules share one directory.
check_header_names()
{
    local header taken=0
    for header in $(git ls-files '*.h' ':!scratch' ':!utils' ':!test'); do
        if [ -e "/usr/include/ns3/$(basename "$header")" ]; then
            echo "$header: ns-3 has a header of this name"
            taken=1
        fi
    done
    return $taken
}

# A weak symbol of a kernel file stands for its namesakes in all others, also on processors that
# lack the instructions it was compiled to, unless its namespace bears the width. Of DW.ref, a mere
# pointer, there is one in every file that handles exceptions.
check_symbols()
{
    local width object
    if [ "$(uname -m)" != x86_64 ]; then
        return 0
    fi
    for width in v3 v4; do
        object=$(find "$build" -name "kernels-$width.cc.o" | head -n 1)
        if [ -z "$object" ]; then
            echo "no object kernels-$width.cc.o in $build"
            return 1
        fi
        if nm -C --defined-only "$object" | sed -n 's/^[0-9a-f]* [VWu] //p' |
            grep -v -e "_$width\b" -e '^DW\.ref\.'; then
            echo "weak symbols of $object outside the namespaces of its width"
            return 1
        fi
    done
}

check_examples()
{
    local source program examples
    examples=$(git ls-files 'examples/*.cc' 'contrib/*/examples/*.cc')
    if [ -z "$examples" ]; then
        echo "there are no examples"
        return 1
    fi
    for source in $examples; do
        program=$(realpath "$build")/${source%.cc}
        # left out where ns-3 lacks the module that it is named after
        if [[ $source == examples/mpi-* || $source == examples/wifi-* ]] && [ ! -e "$program" ]; then
            continue
        fi
        if ! (cd "$work" && timeout 120 "$program" >example.log 2>&1); then
            tail -n 20 "$work/example.log"
            echo "$program failed"
            return 1
        fi
    done
}

# What the documents show is what their commands print.
check_documents()
{
    utils/check-documents.py
}

# Twice the same short sweep: same keys, same summaries but for times of the host, same rows.
check_reproducibility()
{
    local part
    for part in first second; do
        if ! "$build/scratch/sweep" run utils/short-sweep.ini --program="$build/scratch/lossy-training" \
            --results="$work/$part" >"$work/sweep.log" 2>&1; then
            tail -n 20 "$work/sweep.log"
            return 1
        fi
    done
    utils/compare-sweeps.py "$work/first" "$work/second"
}

failed=0
for check in formatting includes header_names symbols examples documents reproducibility; do
    if "check_$check" >"$work/$check.log" 2>&1; then
        echo "check: ${check//_/ }: ok"
    else
        tail -n 40 "$work/$check.log"
        echo "check: ${check//_/ }: FAILED"
        failed=1
    fi
done
exit $failed
