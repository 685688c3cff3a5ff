#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What a user may get wrong: each ends at once or after a short run, with one sentence on stderr that names what is wrong and
# what is legal, and with exit status 2 (wrong options) or 1 (the training or a file failed). And what can be said in several ways.
# bad-input-test.sh PROGRAM, the program serverless-training, beside which the other examples are
set -u
program=$1
examples=$(dirname "$program")
small="--dataset=synthetic-logistic:samples=1000,testSamples=2,features=28 --batch=20 --dataBytes=8000000"
failed=0

# shellcheck source=test/expect.sh
. "$(dirname "$0")/../../../test/expect.sh"

# expect_of_example EXAMPLE STATUS SENTENCE OPTION...: expect_of() one of the other examples
expect_of_example()
{
    local example=$1
    shift
    expect_of "$examples/$example" "$@"
}

# expect STATUS SENTENCE OPTION...: the same of serverless-training
expect()
{
    expect_of "$program" "$@"
}

expect 2 "--channel=floppy: one of dynamodb, memcached, redis, s3, vm" $small --channel=floppy
expect 2 "--channel=vm: a ring exchanges through no service" $small --platform=machine --channel=vm
expect 2 "--pattern=ring: a ring needs --platform=machine" $small --pattern=ring
expect 2 "price table 'aws-1999' is unknown, legal are aws-2020" $small --prices=aws-1999
for price in vm:t2=x s3:put=9e9 s3:put=-1; do
    expect 2 "price '$price': item=dollars is needed, dollars being a number of at least 0 and below 1e6" $small --prices=aws-2020,$price
done
expect 2 "aws-2020 has no vm:m9.huge, only vm:c5.4xlarge, vm:c5.large, vm:g3s.xlarge, vm:g4dn.xlarge, vm:t2.medium; append" \
    $small --platform=machine --ns3::serverless::MachineFleet::MachineType=m9.huge
expect 2 "aws-2020 has no cache:r9, only cache:cache.m5.large, cache:cache.t3.medium, cache:cache.t3.small; append" \
    $small --channel=memcached --ns3::serverless::KeyValueCache::NodeType=r9
expect 2 "aws-2020 has no vm:m9.huge, only vm:c5.4xlarge" $small --channel=vm --ns3::serverless::ParameterMachine::MachineType=m9.huge
expect 2 "at least 7 workers are needed" $small --workers=6 --dataBytes=8000000000
expect 2 "the model alone does not fit" $small --workers=3 --dataBytes=100 --modelBytes=2000000000
expect 2 "no more functions at a time than 1000" --workers=1001 --dataset=synthetic-logistic:samples=4000,testSamples=2 --batch=2
expect 2 "--epochSeconds=8: the other options leave no use for it" $small --epochSeconds=8 --epochOperations=8e10
expect 2 "--operationsPerSecond=2: the other options leave no use for it" $small --operationsPerSecond=2
expect 2 "--epochBatches=2: the other options leave no use for it" $small --epochOperations=8e10 --epochBatches=2
expect 2 "--epochOperations=1e20: an epoch would compute for more than 1e8 s" $small --epochOperations=1e20 --operationsPerSecond=1000
expect 2 "FunctionPlatform::NetworkRate=0bps: a rate above 0 is needed" $small --ns3::serverless::FunctionPlatform::NetworkRate=0bps
expect 2 "MachineFleet::NetworkRate=0bps: a rate above 0 is needed" $small --platform=machine --ns3::serverless::MachineFleet::NetworkRate=0bps
expect 2 "MachineFleet::DiskRate=0bps: a rate above 0 is needed" $small --platform=machine \
    --ns3::serverless::MachineFleet::Source=Disk --ns3::serverless::MachineFleet::DiskRate=0bps
expect 2 "--workerRate=0bps: a rate" $small --workerRate=0bps
expect 2 "--dropRate=1.5: a number from 0 to 1 is needed" $small --dropRate=1.5
expect 2 "data set 'nosuch' is unknown, legal are" --dataset=nosuch
expect 2 "--batch=20000: a worker has 100 of 1000 samples" $small --batch=20000
expect 1 "/nonexistent/higgs.svm: cannot be opened" --dataset=libsvm:/nonexistent/higgs.svm
expect 1 "400001 bytes: the object is larger than the service takes, at most 400000 bytes" \
    $small --channel=dynamodb --optimization=ma --modelBytes=400001
expect 1 "killed at its lifetime of 60 s, which is too short to load and to compute one round" \
    $small --ns3::serverless::FunctionPlatform::Lifetime=60s
expect 1 "partition data/0: the service cannot be reached" $small --dropRate=1
expect 1 "worker 3 failed while computing in round 1: it broke down" $small --failingWorker=3 --failureTime=20s
expect 2 "--segmentBytes=499: a whole number from 500 to 65000 is needed" $small --segmentBytes=499
# Types that there are not: option, value and what is legal.
expect 2 "--optimizer=foo: 'foo' is no ns3::learning::Optimizer that can be made: ns3::learning::" $small --optimizer=foo
expect 2 "--straggler=foo: 'foo' is no ns3::RandomVariableStream that can be made: ns3::" $small --straggler=foo
expect 2 "ns3::serverless::ObjectStore::Latency=foo: 'foo' is no ns3::RandomVariableStream that can be made: ns3::" \
    $small --ns3::serverless::ObjectStore::Latency=foo
# A lifetime that loading and the margin leave too little of, which 80 s of computation do not show.
lifetime="$small --ns3::serverless::FunctionPlatform::Lifetime=90s --epochs=30"
expect 1 "a lifetime of 90 s (attribute Lifetime) is too short to load and to compute one round, which took 81.248 s so far" $lifetime
expect 1 "attribute LifetimeMargin, 15 s, leave 74." $lifetime
# Factors of computations that are not above 0: a constant at once, a drawn one when it is drawn.
for factor in -1 0; do
    expect 2 "ComputeModel::Straggler=ns3::ConstantRandomVariable[Constant=$factor]: a factor above 0 is needed" \
        $small --straggler=ns3::ConstantRandomVariable[Constant=$factor]
done
expect 1 "ComputeModel::Straggler: ns3::UniformRandomVariable has drawn -" $small "--straggler=ns3::UniformRandomVariable[Min=-2|Max=-1]"
# Random variables that cannot draw: options and attributes alike.
for law in ns3::DeterministicRandomVariable ns3::EmpiricalRandomVariable; do
    expect 2 "--straggler=$law: $law needs values that no attribute gives" $small --straggler=$law
done
expect 2 "ns3::NormalRandomVariable::Variance=-1: a number of at least 0 is needed" \
    $small "--straggler=ns3::NormalRandomVariable[Mean=1|Variance=-1]"
expect 2 "ns3::NormalRandomVariable::Bound=0: so few draws are within it" \
    $small "--straggler=ns3::NormalRandomVariable[Mean=1|Variance=1|Bound=0]"
for attribute in ObjectStore::Latency FunctionPlatform::ColdStart FunctionPlatform::WarmStart; do
    expect 2 "$attribute=ns3::ExponentialRandomVariable[Mean=1|Bound=1e-9]: ns3::ExponentialRandomVariable::Bound=1e-09: so few" \
        $small "--ns3::serverless::$attribute=ns3::ExponentialRandomVariable[Mean=1|Bound=1e-9]"
    expect 2 "$attribute=ns3::DeterministicRandomVariable: ns3::DeterministicRandomVariable needs values" \
        $small --ns3::serverless::$attribute=ns3::DeterministicRandomVariable
done
# Times and costs that no clock and no account would hold.
long="ns3::ConstantRandomVariable[Constant=1e10]"
expect 1 "FunctionPlatform::ColdStart: ns3::ConstantRandomVariable has drawn 1e+10, but a time in s, at most 1e6, is needed" \
    $small --ns3::serverless::FunctionPlatform::ColdStart=$long
expect 1 "ObjectStore::Latency: ns3::ConstantRandomVariable has drawn 1e+10" $small --ns3::serverless::ObjectStore::Latency=$long
expect 2 "BillingQuantum=300000h: Time +1000ns:+3.6e+12ns is needed" $small --ns3::serverless::FunctionPlatform::BillingQuantum=300000h
expect 2 "MinimumSeconds=10000000000000: int64_t 0:1000000 is needed" $small --ns3::serverless::CostLedger::MinimumSeconds=10000000000000
expect 2 "SerializationTime=1e30: double 0:1e-06 is needed" $small --channel=vm --ns3::serverless::ParameterMachine::SerializationTime=1e30
expect 2 "with ascending counts and 0 to 1e6 s is needed" $small --ns3::serverless::FunctionPlatform::StartUpTable=1:0,2:999999999
expect 2 "a start-up table gives 9.9" $small --ns3::serverless::FunctionPlatform::StartUpTable=1:0,1.0000000001:999999
expect 2 "Lifetime=9000000000s: Time +1ns:+1e+18ns is needed" $small --ns3::serverless::FunctionPlatform::Lifetime=9000000000s
expect 2 "Expansion=1e300: double 0:1e+06 is needed" $small --ns3::serverless::FunctionPlatform::Expansion=1e300
expect 1 "MachineFleet::DiskRate: loading takes" $small --platform=machine --dataBytes=1e15 \
    --ns3::serverless::MachineFleet::Source=Disk --ns3::serverless::MachineFleet::DiskRate=1bps
# A file that is read is not written.
data=$(mktemp --suffix=.csv)
printf '1,2,0\n2,1,1\n1,3,0\n' >"$data"
expect 2 "is also a file of --dataset, and would be overwritten" --dataset=csv:$data --model=lr --workers=1 --batch=1 --rounds=1 --csv=$data
[ "$(wc -l <"$data")" -eq 3 ] || { echo "--csv: the data are gone"; failed=1; }
rm -f "$data"
# A file that cannot be written: at once where that shows, and otherwise after the summary.
expect 2 "--csv=/nonexistent/rounds.csv: cannot be written" $small --csv=/nonexistent/rounds.csv
expect 1 "--csv=/dev/full: cannot be written" $small --rounds=1 --csv=/dev/full
[[ $("$program" $small --rounds=1 --csv=/dev/full 2>/dev/null) == "summary: "* ]] || { echo "--csv=/dev/full: no summary"; failed=1; }
# Rounds are in the file while the training runs; a training that has none leaves the file that was there.
rows=$(mktemp)
trap 'rm -f "$rows"' EXIT
"$program" $small --epochs=1e6 --csv="$rows" >/dev/null 2>&1 &
running=$!
for ((i = 0; i < 300; ++i)); do
    [ "$(wc -l <"$rows")" -lt 3 ] || break
    sleep 0.1
done
kill "$running" || { echo "--csv: the training ended before its rounds were looked at"; failed=1; }
wait "$running"
[ "$(head -n 2 "$rows" | cut -d, -f1,2)" = $'round,epochs\n1,10' ] || { echo "--csv: not the first round: $(head -n 2 "$rows")"; failed=1; }
echo kept >"$rows"
expect 1 "partition data/0: the service cannot be reached" $small --dropRate=1 --csv="$rows"
[ "$(cat "$rows")" = kept ] || { echo "--csv: a training without rounds has replaced the file"; failed=1; }
# Attributes that nothing would read.
expect 2 "FunctionPlatform::RoundsPerInvocation=1: a function without Checkpoints never invokes itself again" \
    $small --ns3::serverless::FunctionPlatform::RoundsPerInvocation=1 --ns3::serverless::FunctionPlatform::Checkpoints=0
expect 2 "Collective::NumberBytes=4: a parameter server takes numbers of 8 bytes" \
    $small --channel=vm --ns3::serverless::Collective::NumberBytes=4
expect 2 "pattern=parameter-server[NumberBytes=4]: a parameter server takes numbers of 8 bytes" \
    $small --channel=vm "--pattern=parameter-server[NumberBytes=4]"
# The other examples.
for wrong in --rounds=-1 --rounds=0 --rounds=1.5 --rounds=4294967296 --rounds=nan; do
    for example in channels fast-link gpu-functions patterns platforms protocols; do
        expect_of_example serverless-$example-example 2 "$wrong: a whole number from " $wrong
    done
done
for wrong in --workers=-1 --workers=0 --workers=101; do
    for example in channels hot-data optimizers protocols; do
        expect_of_example serverless-$example-example 2 "$wrong: a whole number from " $wrong
    done
done
for wrong in --bursts=-1 --bursts=0 --bursts=1e9 --size=0 --size=1e9 --size=nan; do
    expect_of_example serverless-multi-tenancy-example 2 "$wrong: a number from " $wrong
done
for wrong in --gigabytes=1e30 --gigabytes=-1; do
    expect_of_example serverless-hot-data-example 2 "$wrong: a number from 0 to 1e+06 is needed" $wrong
done
expect_of_example serverless-hot-data-example 2 "at least 7 workers are needed" --workers=6
for wrong in --slowdown=0 --slowdown=-1 --slowdown=inf; do
    expect_of_example serverless-faults-example 2 "$wrong: a number from 1e-06 to 1e+06 is needed" $wrong
done
for wrong in --skew=2 --skew=-0.1; do
    expect_of_example serverless-protocols-example 2 "$wrong: a number from 0 to 1 is needed" $wrong
done
expect_of_example serverless-optimizers-example 2 "--loss=0: a number from " --loss=0
expect_of_example serverless-fast-link-example 1 "hybrid: worker 1 failed while synchronizing" \
    --rounds=1 --ns3::serverless::Collective::Timeout=15s
expect_of_example serverless-protocols-example 0 "" --rounds=2
# Output that cannot be written.
expect_full "$program" $small --rounds=1
for example in "gpu-functions-example --rounds=1" "hot-data-example --gigabytes=1" multi-tenancy-example "protocols-example --rounds=2"; do
    expect_full "$examples"/serverless-$example
done
# A vector width of the environment that does not exist.
(
    export DISTRIBUTED_LEARNING_WIDTH=v9
    sentence="vector width 'v9' (VectorWidth, DISTRIBUTED_LEARNING_WIDTH) does not exist on this machine, which has: v1"
    expect 2 "$sentence" $small --rounds=1
    expect_of_example advise 2 "$sentence" --most=2
    expect_of_example serverless-hot-data-example 2 "$sentence"
    exit $failed
) || failed=1
# A training that fails sums up what it came to all the same: all workers failed, refused requests are counted.
summary=$("$program" $small --ns3::serverless::ObjectStore::MaxPutRate=1 2>/dev/null)
[[ $summary == *" failed_workers=10 "* && $summary =~ " throttled="[1-9] ]] || { echo "not the summary of a failure: $summary"; failed=1; }
# The negative control: what is right ends well and says nothing.
expect 0 "" $small --rounds=1
# Segments: attributes of classes count, unless the option is given.
large="$small --rounds=1 --modelBytes=1000000 --platform=machine"
[ "$("$program" $large --ns3::serverless::RingAllReduce::SegmentBytes=1460)" != "$("$program" $large)" ] ||
    { echo "SegmentBytes of a ring does not matter"; failed=1; }
[ "$("$program" $large --ns3::serverless::RingAllReduce::SegmentBytes=1460 --segmentBytes=64000)" = \
    "$("$program" $large --segmentBytes=64000)" ] || { echo "--segmentBytes does not count"; failed=1; }
# An epoch of so many operations, or of so many batches as timed, is the same run as one of their seconds, and other speeds are not.
short="$small --rounds=1 --optimization=ma"
seconds=$("$program" $short --epochSeconds=20)
for same in "--epochOperations=4e11 --operationsPerSecond=2e10" "--batchSeconds=0.5 --epochBatches=40"; do
    [ "$("$program" $short $same)" = "$seconds" ] || { echo "$same: not the run of --epochSeconds=20"; failed=1; }
done
[ "$("$program" $short --epochOperations=4e11)" != "$seconds" ] || { echo "the speed does not matter"; failed=1; }
exit $failed
