#!/bin/bash
# A sweep as a Slurm job array, on a Slurm of its own under a temporary folder.
# test/slurm-sweep-test.sh BUILD-DIRECTORY
#
# Set-up: munged, slurmctld and slurmd on this host, with keys, sockets, ports and states of their own.
# Stimulus: utils/slurm-sweep.sh runs 12 short trainings as an array of 4; one task is requeued,
# another killed and requeued, a third warned as before a time limit, each in the middle of a run.
# Expected: the merged database holds each run once, ok, with the summaries of the same sweep run
# without Slurm; tasks 1 to 3 begin twice, and what had a row before is not run again. A task that is
# warned before any of its runs has ended says so and is not begun again.
# Exits 77, which ctest takes for skipped, where Slurm is not installed.
set -uo pipefail
build=$(realpath "$1")
cd "$(dirname "$0")/.." || exit 1
for program in munged slurmctld slurmd sbatch scontrol sqlite3; do
    if ! PATH=$PATH:/usr/sbin command -v "$program" >/dev/null; then
        echo "slurm-sweep-test: skipped: no $program here (Debian packages slurm-wlm, munge, sqlite3)"
        exit 77
    fi
done
PATH=$PATH:/usr/sbin
work=$(mktemp -d)
stop()
{
    local file
    for file in "$work"/{slurmd,slurmctld,munged}.pid; do
        [ -s "$file" ] && kill "$(cat "$file")" 2>/dev/null
    done
    for file in "$work"/{slurmd,slurmctld,munged}.pid; do
        for _ in $(seq 50); do
            [ -s "$file" ] && kill -0 "$(cat "$file")" 2>/dev/null || break
            sleep 0.1
        done
    done
    rm -rf "$work"
}
trap stop EXIT

fail()
{
    echo "slurm-sweep-test: $1"
    tail -n 5 "$work"/*.log "$work"/results/slurm/*.log 2>/dev/null
    exit 1
}

# await SECONDS WHAT COMMAND...
await()
{
    local end=$((SECONDS + $1)) what=$2
    shift 2
    until "$@" >/dev/null 2>&1; do
        [ $SECONDS -lt $end ] || fail "no $what after its time"
        sleep 0.2
    done
}

host=$(hostname -s)
port=$((20000 + RANDOM % 20000))
mkdir "$work/state" "$work/spool"
head -c 128 /dev/urandom >"$work/munge.key"
chmod 700 "$work"
chmod 600 "$work/munge.key"
munged --force --key-file="$work/munge.key" --socket="$work/munge.socket" --pid-file="$work/munged.pid" \
    --log-file="$work/munged.log" --seed-file="$work/munge.seed" || fail "munged did not start"
cat >"$work/slurm.conf" <<EOT
ClusterName=test
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$port
SlurmdPort=$((port + 1))
AuthType=auth/munge
AuthInfo=socket=$work/munge.socket,cred_expire=5
KillWait=2
CredType=cred/munge
SlurmUser=$(id -un)
SlurmdUser=$(id -un)
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd.pid
SlurmctldLogFile=$work/slurmctld.log
SlurmdLogFile=$work/slurmd.log
ProctrackType=proctrack/pgid
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
AccountingStorageType=accounting_storage/none
ReturnToService=2
SchedulerParameters=sched_interval=1
NodeName=$host NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
PartitionName=p Nodes=ALL Default=YES MaxTime=INFINITE State=UP
EOT
export SLURM_CONF=$work/slurm.conf
slurmctld -i || fail "slurmctld did not start"
slurmd || fail "slurmd did not start"
await 30 "idle node" bash -c "sinfo -h -o %t | grep -q idle"

cat >"$work/plan.ini" <<EOT
[sweep]
program = $build/scratch/lossy-training
[common]
dataset = "synthetic-clusters:features=400,samples=2000"
model = mlp:64
workers = 8
rounds = 300
evaluateEvery = 300
dropRate = 0, 0.1, 0.2
RngRun = 1..4
EOT
export SWEEP=$build/scratch/sweep RESULTS=$work/results
"$SWEEP" run "$work/plan.ini" --results="$work/alone" >"$work/alone.log" 2>&1 || fail "the sweep fails without Slurm"
utils/slurm-sweep.sh "$work/plan.ini" 4 || fail "the sweep was not submitted"
array=$(squeue -h -a -n sweep -o %F | head -n 1)
finished() # TASK: runs that have a row
{
    sqlite3 -readonly "$work/results/sweep-$1-of-4.sqlite" 'select count(*) from runs' 2>/dev/null || echo 0
}
has_run()
{
    [ "$(finished "$1")" -ge 1 ]
}
# a row that is made again has another time, or another wall time
rows="select group_concat(id || replace(started, ' ', '_') || wall_s, ' ') from (select * from runs order by id)"
# stop_amid TASK COMMAND...: stops a task when it has a row and is not done; notes its rows
declare -A before
stop_amid()
{
    local task=$1
    shift
    await 120 "first run of task $task" has_run "$task"
    before[$task]=$(sqlite3 "$work/results/sweep-$task-of-4.sqlite" "$rows")
    [ "$(wc -w <<<"${before[$task]}")" -lt 3 ] || fail "task $task was done before it could be stopped"
    "$@" || fail "task $task cannot be stopped"
}
stop_amid 1 scontrol requeue "${array}_1"
stop_amid 2 scancel --signal=KILL --full "${array}_2"
scontrol requeue "${array}_2" || fail "task 2 cannot be requeued"
stop_amid 3 scancel --signal=USR1 --batch "${array}_3"
await 300 "end of all jobs" bash -c '[ -z "$(squeue -h -a)" ]'
[ -f "$work/results/sweep.sqlite" ] || fail "nothing was merged"

query="select k.key, s.name, s.text from runs k join summary s on s.id = k.id
    where k.status = 'ok' and s.name not like 'wall_%' order by 1, 2"
[ "$(sqlite3 "$work/results/sweep.sqlite" 'select count(*), count(distinct key) from runs')" = "12|12" ] ||
    fail "not each run once"
[ "$(sqlite3 "$work/results/sweep.sqlite" "$query")" = "$(sqlite3 "$work/alone/sweep.sqlite" "$query")" ] ||
    fail "other results than without Slurm"
for task in 1 2 3; do
    after=$(sqlite3 "$work/results/sweep-$task-of-4.sqlite" "$rows")
    for row in ${before[$task]}; do
        [[ " $after " == *" $row "* ]] || fail "a finished run of task $task was run again"
    done
    begins=$(grep -c 'runs, [0-9]* of them finished before' "$work/results/slurm/task-$task.log")
    again=$(grep -c 'runs, [1-9][0-9]* of them finished before' "$work/results/slurm/task-$task.log")
    [ "$begins" -eq 2 ] && [ "$again" -eq 1 ] || fail "task $task began $begins times, $again of them with finished runs"
done

sed 's/^rounds = .*/rounds = 10000000/; /^dropRate/d; s/^RngRun.*/RngRun = 1/' "$work/plan.ini" >"$work/long.ini"
export RESULTS=$work/long
utils/slurm-sweep.sh "$work/long.ini" 1 || fail "the long sweep was not submitted"
await 60 "beginning of a long run" grep -q 'runs, 0 of them finished before' "$RESULTS/slurm/task-1.log"
scancel --signal=USR1 --batch "$(squeue -h -a -n sweep -o %F | head -n 1)_1"
await 60 "end of a task whose run is too long" bash -c '[ -z "$(squeue -h -a)" ]'
grep -q 'no run has ended before the warning' "$RESULTS/slurm/task-1.log" || fail "a task that gets nowhere does not say so"
[ "$(grep -c 'of them finished before' "$RESULTS/slurm/task-1.log")" -eq 1 ] || fail "a task that gets nowhere began again"
echo "slurm-sweep-test: 12 runs by an array of 4, a task requeued, one killed and one warned: each run once, results as without Slurm"
