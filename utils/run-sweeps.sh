# Part of utils/paper-rps.sh, utils/paper-lambdaml.sh and utils/tolerance.sh, which source this, call begin, and then set:
#   seconds[]  that a run of each sweep takes on one core
#   small[]    options of the driver that make a sweep small
#   extra[]    other options of the driver

# begin NAME DIRECTORY OTHERS BUILD [ARGUMENT...]: a study whose sweeps are scratch/DIRECTORY/*.ini; sets
#   build      the build directory
#   quick      true for the settings of small[], which is what the argument --quick asks for
#   results    where databases, runs and the report go
# OTHERS names further arguments, which the function accept takes; empty for none
begin()
{
    name=$1 directory=$2 others=$3 build=$4 quick=false
    local argument
    shift 4
    for argument in "$@"; do
        if [ "$argument" = --quick ]; then
            quick=true
        elif [ -z "$others" ] || ! accept "$argument"; then
            echo "$name: $argument: --quick${others:+$others} is needed" >&2
            exit 2
        fi
    done
    if [ ! -x "$build/scratch/sweep" ]; then
        echo "$name: ${build:-the first argument}: a directory with a build is needed; make build makes one" >&2
        exit 2
    fi
    results=results/$name
    if $quick; then results=$results-quick; fi
}

# run SWEEP [OPTION...]: the driver on a sweep; its program, build/... in the file, is the one in the build directory
run()
{
    local sweep=$1 words=() program
    shift
    program=$(sed -n 's|^program = build/||p' "scratch/$directory/$sweep.ini")
    local options=("--program=$build/$program" "--results=$results" "--database=$results/$sweep.sqlite")
    read -r -a words <<<"${extra[$sweep]:-}"
    options+=("${words[@]}")
    if $quick; then
        read -r -a words <<<"${small[$sweep]:-}"
        options+=("${words[@]}")
    fi
    "$build/scratch/sweep" run "scratch/$directory/$sweep.ini" "${options[@]}" "$@"
}

# announce SWEEP...: says how many runs are left and how long they take
announce()
{
    local sweep commands left=0 count total=0 cores
    cores=$(nproc)
    for sweep in "$@"; do
        if ! commands=$(run "$sweep" --dry-run 2>/dev/null); then
            run "$sweep" --dry-run # says why not
            exit
        fi
        count=$(grep -c . <<<"$commands")
        left=$((left + count))
        total=$(awk "BEGIN { print $total + $count * ${seconds[$sweep]} }")
    done
    if $quick; then
        echo "$name: $left runs left, about a minute on two idle cores"
    else
        awk "BEGIN { printf \"$name: $left runs left, about %.0f minutes on $cores idle cores\n\", $total / $cores / 60 + 0.5 }"
    fi
}

# run_all SWEEP...: runs them one after another; sets status to 1 if a run failed, ends if one was stopped
run_all()
{
    local sweep outcome
    for sweep in "$@"; do
        echo "== $sweep"
        run "$sweep"
        outcome=$?
        [ $outcome -ge 2 ] && exit $outcome
        [ $outcome -ne 0 ] && status=1
    done
}
