#!/bin/bash
# Runs a sweep as a Slurm job array: one task a shard, each with a database of its own, and a job
# that merges them when all are done.
# utils/slurm-sweep.sh FILE.ini TASKS [option of sbatch, such as --partition=short]...
# A task that is killed or requeued continues where it stopped; submitted again with as many tasks,
# the sweep runs only what has no row yet. Settings by environment: SWEEP (the driver), RESULTS (the folder),
# PROGRAM (the scenario, in place of the one that FILE.ini names).
set -euo pipefail

fail()
{
    echo "slurm-sweep: $1" >&2
    exit 2
}

[ $# -ge 2 ] || fail "usage: utils/slurm-sweep.sh FILE.ini TASKS [option of sbatch]..."
plan=$1
tasks=$2
shift 2
sweep=${SWEEP:-build/scratch/sweep}
results=${RESULTS:-results}
[ -f "$plan" ] || fail "$plan: no such file"
[[ $tasks =~ ^[1-9][0-9]{0,5}$ ]] || fail "TASKS=$tasks: a number from 1 to 999999 is needed"
[ -x "$sweep" ] || fail "$sweep: no such program; make build makes it"
command -v sbatch >/dev/null || fail "sbatch: no such program: Slurm is not installed here"
mkdir -p "$results/slurm"
run=("$sweep" run "$plan" "--results=$results" ${PROGRAM:+"--program=$PROGRAM"})
# what every task would refuse is told here; earlier runs may have left fewer to do, never more
"${run[@]}" --shard="$tasks/$tasks" --dry-run >/dev/null 2>"$results/slurm/check.log" || {
    cat "$results/slurm/check.log" >&2
    exit 2
}

quote()
{
    printf '%q ' "$@"
}

# Failed runs are rows, too, so a task with some is done. A task that nears its time limit (or is preempted,
# with PreemptParameters=send_user_signal) is warned by Slurm with SIGUSR1: the driver then stops, and the
# task goes back to the queue, unless no run has ended since it began: it would come back for ever. One
# that is cancelled does not go back.
cat >"$results/slurm/task.sh" <<EOT
#!/bin/bash
sweep()
{
    $(quote exec "${run[@]}") --shard="\$SLURM_ARRAY_TASK_ID/$tasks" "\$@"
}
count_left()
{
    (sweep --dry-run 2>/dev/null) | wc -l
}
warned()
{
    kill -TERM \$(jobs -p) 2>/dev/null # the driver, if it has been started
    wait
    if [ "\$(count_left)" -ge "\$left" ]; then
        echo "slurm-sweep: no run has ended before the warning: give more time (--time), or submit the sweep again" >&2
        exit 1
    fi
    scontrol requeue "\$SLURM_JOB_ID"
    sleep 60
}
left=1000000000 # not counted yet
trap warned USR1
left=\$(count_left)
sweep --jobs="\${SLURM_CPUS_ON_NODE:-1}" &
wait \$!
status=\$?
[ \$status -le 1 ] || exit \$status
EOT
merge_options=(--job-name=sweep-merge --open-mode=append --output="$results/slurm/merge.log" "$@")
shards=()
for ((task = 1; task <= tasks; ++task)); do
    shards+=("$results/sweep-$task-of-$tasks.sqlite")
done
cat >"$results/slurm/merge.sh" <<EOT
#!/bin/bash
# A task that went back to the queue is waited for once more; one that failed for good is not.
if [ -n "\$(squeue --noheader --array --jobs="\$SWEEP_ARRAY" 2>/dev/null)" ]; then
    exec sbatch --dependency="afterany:\$SWEEP_ARRAY" $(quote "${merge_options[@]}" "$results/slurm/merge.sh")
fi
present=() status=0
for shard in $(quote "${shards[@]}"); do
    if [ -f "\$shard" ]; then
        present+=("\$shard")
    else
        echo "\$shard is missing: its task has made none; submit the sweep again" >&2
        status=1
    fi
done
[ \${#present[@]} -ne 0 ] || exit 1
$(quote "$sweep" merge "$results/sweep.sqlite") "\${present[@]}" || exit
$(quote "${run[@]}" --dry-run) || exit
exit \$status
EOT

array=$(sbatch --parsable --job-name=sweep --requeue --open-mode=append --signal=B:USR1@60 --array="1-$tasks" \
    --output="$results/slurm/task-%a.log" "$@" "$results/slurm/task.sh")
merge=$(SWEEP_ARRAY=$array sbatch --parsable --dependency="afterany:$array" "${merge_options[@]}" "$results/slurm/merge.sh")
echo "sweep of $plan: array job $array of $tasks tasks, then merge job $merge; logs in $results/slurm"
