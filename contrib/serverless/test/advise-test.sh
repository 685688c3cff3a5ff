#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What advise answers, and what a user may get wrong with it: one sentence on stderr that names what is wrong and what is legal,
# exit status 2 (wrong options) or 1 (no design works).
# advise-test.sh PROGRAM
set -u
program=$1
small="--dataset=synthetic-logistic:samples=2000,testSamples=2,features=28,signal=0.75,noise=0 --batch=20 --dataBytes=80000000"
failed=0

# shellcheck source=test/expect.sh
. "$(dirname "$0")/../../../test/expect.sh"

# expect STATUS SENTENCE OPTION...: the program ends with the status, and the last line it prints contains the sentence
expect()
{
    local status=$1 sentence=$2 said ended
    shift 2
    said=$(timeout 100 "$program" "$@" 2>&1)
    ended=$?
    said=$(printf '%s\n' "$said" | tail -n 1)
    if [ $ended -ne "$status" ] || [[ $said != *"$sentence"* ]]; then
        echo "$*: status $ended instead of $status, or not the sentence '$sentence': $said"
        failed=1
    fi
}

expect 2 "advise: --channels=floppy: one of dynamodb, memcached, redis, s3, vm, or the full name of a type, is needed" $small --channels=floppy
expect 2 "advise: --optimizations=adam: one of admm, ga, ma, or the full name" $small --optimizations=adam
expect 2 "advise: --platforms=cloud: one of both, function, machine is needed" $small --platforms=cloud
expect 2 "advise: --objective=money: one of time, cost, deadline is needed" $small --objective=money
expect 2 "advise: --deadline=9s: the other options leave no use for it" $small --deadline=9s
expect 2 "advise: --channels=s3: the other options leave no use for it" $small --platforms=machine --channels=s3
expect 2 "advise: --most=1001: a whole number from 1 to 1000 is needed" $small --most=1001
expect 2 "advise: --fewest=9: a whole number from 1 to 8 is needed" $small --fewest=9 --most=8
expect 2 "advise: --share=2: a number from 0.001 to 1 is needed" $small --share=2
expect 2 "advise: price table 'azure' is unknown, legal are aws-2020" $small --prices=azure
expect 2 "has no vm:m9.huge" $small --most=2 --optimizations=admm --ns3::serverless::MachineFleet::MachineType=m9.huge
expect 2 "advise: data set 'nosuch' is unknown" --dataset=nosuch
expect 1 "advise: no design works with 1 to 3 workers" $small --most=3 --targetLoss=0.01 --mostRounds=2
expect 1 "advise: no design works with 2 to 3 workers" $small --fewest=2 --most=3 --platforms=function --dataBytes=1e11
expect 1 "advise: none of the simulated designs ends; function s3 allreduce admm 8: worker" $small --fewest=8 --most=8 \
    --platforms=function --channels=s3 --optimizations=admm --simulate=1 --ns3::serverless::ObjectStore::MaxPutRate=1
# The reference's job on ten workers: functions are faster, machines are cheaper.
few="$small --fewest=10 --most=10 --channels=s3 --optimizations=admm --targetLoss=0.66"
expect 0 "answer: function s3 allreduce admm 10" $few
expect 0 "answer: machine - ring admm 10" $few --objective=cost
expect 0 "answer: function s3 allreduce admm 10" $few --objective=deadline --deadline=150s
expect 0 "answer: machine - ring admm 10" $few --objective=deadline --deadline=500s
expect_full "$program" $small --most=2 --optimizations=ga --targetLoss=0.69 --simulate=1 --simulatedRounds=2
exit $failed
