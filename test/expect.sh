# SPDX-License-Identifier: GPL-2.0-only
#
# For tests of what a program says of a mistake. Sets failed=1 in the script that sources it.

# expect_of PROGRAM STATUS SENTENCE OPTION...: the program ends with the status, and says one line on stderr that contains the
# sentence; it says nothing if the sentence is empty
expect_of()
{
    local program=$1 status=$2 sentence=$3 said ended
    shift 3
    said=$(timeout 60 "$program" "$@" 2>&1 >/dev/null)
    ended=$?
    if [ $ended -ne "$status" ] || [ "$(printf '%s\n' "$said" | wc -l)" -ne 1 ] || [[ $said != *"$sentence"* ]] ||
        { [ -z "$sentence" ] && [ -n "$said" ]; }; then
        echo "$(basename "$program") $*: status $ended instead of $status, or not the sentence '$sentence': $said"
        failed=1
    fi
}

# expect_full PROGRAM OPTION...: the program ends with status 1 and one sentence if its output cannot be written
expect_full()
{
    local program=$1 said ended
    shift
    said=$(timeout 60 "$program" "$@" 2>&1 >/dev/full)
    ended=$?
    if [ $ended -ne 1 ] || [ "$said" != "$(basename "$program"): the output cannot be written to the standard output" ]; then
        echo "$(basename "$program") $* >/dev/full: status $ended instead of 1, or not the sentence: $said"
        failed=1
    fi
}
