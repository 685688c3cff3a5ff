#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What a user of lossy-training may get wrong: each ends at once, or after a short run, with one sentence on stderr that names
# what is wrong and what is legal, and with exit status 2 (wrong options) or 1 (the run failed). And runs whose events never end
# by themselves: they end all the same, with a summary of all rounds.
# lossy-training-test.sh PROGRAM
set -u
program=$(realpath "$1")
tests=$(realpath "$(dirname "$0")")
small="--dataset=synthetic-clusters:samples=256,testSamples=64,features=20 --model=softmax --batch=4"
failed=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1

# shellcheck source=test/expect.sh
. "$tests/expect.sh"

# expect STATUS SENTENCE OPTION...: expect_of() lossy-training
expect()
{
    expect_of "$program" "$@"
}

# ends ROUNDS OPTION...: the program trains so many rounds and ends, without a word on stderr
ends()
{
    local rounds=$1 said ended
    shift
    said=$(timeout 60 "$program" --rounds="$rounds" "$@" 2>&1)
    ended=$?
    if [ $ended -ne 0 ] || [[ $said != "summary: rounds=$rounds "* ]] || [ "$(printf '%s\n' "$said" | wc -l)" -ne 1 ]; then
        echo "--rounds=$rounds $*: status $ended, or other words: $(printf '%s\n' "$said" | tail -1)"
        failed=1
    fi
}

# Threads that the machine does not let start: their stacks would not fit the address space.
expect_of bash 1 "of 1024 threads be started" -c 'ulimit -v 2000000; exec "$0" "$@"' "$program" $small --threads=1024

# Attributes that an option of the program sets.
for pair in model:MultilayerPerceptron::Hidden=4 model:ResidualNetwork::Depth=8 optimizer:MomentumOptimizer::Momentum=0.1 \
    schedule:WarmUpSchedule::Steps=3 partition:DirichletPartition::Concentration=1 compression:TopKCompressor::Share=0.1 \
    tos:TcpTransport::Tos=3 webRate:RequestApplication::Rate=3 queueDisc:DropThresholdQueueDisc::Threshold=1p \
    trainingLoad:ComputeModel::Period=1s; do
    attribute=ns3::learning::${pair#*:}
    expect 2 "--${attribute%=*}: this program sets it by --${pair%%:*}" $small --$attribute
done
# Words, numbers and types.
expect 2 "--schedule=step:0.1@: constant, warm-up:ROUNDS" $small --schedule=step:0.1@
expect 2 "--workers=0x3: a whole number from 1 to 100000 is needed" $small --workers=0x3
expect 2 "--linkRate=10Gbps junk: a rate with its unit" $small "--linkRate=10Gbps junk"
expect 2 "1 to 1000 spines" $small --topology=leaf-spine:2x1000000
expect 2 "ns3::MqQueueDisc: the devices have one queue each" $small --queueDisc=ns3::MqQueueDisc
expect 2 "ns3::FqCoDelQueueDisc[Flows=0]: at least 1 flow is needed" $small "--queueDisc=ns3::FqCoDelQueueDisc[Flows=0]"
expect 2 "'ns3::Object' is no ns3::Scheduler that can be made" $small --SchedulerType=ns3::Object
expect 2 "--SchedulerType=ns3::HeapScheduler: with removed events" $small --SchedulerType=ns3::HeapScheduler
expect 2 "'ns3::learning::Worker' is no ns3::SimulatorImpl that can be made" \
    $small --SimulatorImplementationType=ns3::learning::Worker
# Whatever refuses it, the option is named.
for sizes in 0 8x 8xx8 8x1.5; do
    expect 2 "mlp:SIZES (each at least 1)" $small --model=mlp:$sizes
done
expect 2 "--model=lstm:0x4: ns3::learning::LstmTagger::Embedding=0: " $small --model=lstm:0x4
expect 2 "--optimizer=momentum:2: ns3::learning::MomentumOptimizer::Momentum=2: " $small --optimizer=momentum:2
expect 2 "--schedule=step:-1@3: ns3::learning::StepDecaySchedule::Factor=-1: " $small --schedule=step:-1@3
expect 2 "--faults=crash:9@1s: faults: host 9: there are 4 hosts" $small --faults=crash:9@1s
expect 2 "--faults=crash:1@: fault crash:1@: '' is no time" $small --faults=crash:1@
expect 2 "--faults=absent: faults: file absent cannot be read" $small --faults=absent
expect 2 "pushDeadline=" $small --pushDeadline=1ns
expect 2 "pullDeadline=" $small --pushDeadline=2s --pullDeadline=1s
skewed="--workers=16 --batch=8 --partition=dirichlet:0.01"
expect 2 "of 256 samples, so 1 to 1 here, or ns3::learning::DataPartition::MinimumSamples=8, which deals it more" $small $skewed
expect 0 "" $small --rounds=1 $skewed --ns3::learning::DataPartition::MinimumSamples=8
expect 2 "batch=100: worker 0 has 64 of 256 samples, so 1 to 64 here" $small --batch=100
# Options that leave each other no use.
expect 2 "--missing=zero: workers keep what they have" $small --algorithm=gradient-averaging --owners=fixed \
    --downlink=parameters --missing=zero
expect 2 "--trainingLoad=1Gbps: only blocks that travel as they are" $small --trainingLoad=1Gbps --transport=parity:1
expect 2 "--trainingLoad=1Gbps: only blocks that travel as they are" $small --trainingLoad=1Gbps \
    --algorithm=gradient-averaging --compression=sign
expect 2 "--dropControl=1: the other options leave no use for it" $small --dropControl=1
expect 2 "--dropOther=1: the other options leave no use for it" $small --dropOther=1
expect 0 "" $small --rounds=1 --dropControl=1 --dropRate=0
expect 0 "" $small --rounds=1 --dropControl=1 --dropOther=0 --linkLoss=1:in:0.1
expect 2 "--slowNodes=1:2,1:3: workers from 0 to 3, each once" $small --slowNodes=1:2,1:3
expect 2 "--slowNodes=9:2: workers from 0 to 3" $small --slowNodes=9:2
expect 2 "--queueDisc=threshold:200kB: no queue becomes so long: at most --queue=100kB" $small --queue=100kB \
    --queueDisc=threshold:200kB
expect 0 "" $small --rounds=1 --queue=100kB --queueDisc=threshold:100kB
# Files that an option names are not overwritten by another one, whatever path leads to them.
{ for i in 0 1 2 3 4 5 6 7; do echo "1,$i,0"; echo "$i,1,1"; done; } >data.csv
ln -s data.csv linked.csv
cp data.csv original.csv
echo "0 1 0" >losses.txt
echo "1 2" >factors.txt
expect 0 "" $small --rounds=1 --database=records.sqlite
cp records.sqlite original.sqlite
csv="--dataset=csv:data.csv --model=softmax --batch=1 --rounds=1"
expect 2 "--csv=data.csv: data.csv is also a file of --dataset, and would be overwritten" $csv --csv=data.csv
expect 2 "--csv=$PWD/linked.csv: $PWD/linked.csv is also a file of --dataset" $csv --csv="$PWD/linked.csv"
expect 2 "--database=linked.csv: linked.csv is also a file of --dataset" $csv --database=linked.csv
expect 2 "--csv=records.sqlite: records.sqlite is also a file of --database" $small --rounds=1 --csv=records.sqlite \
    --database=records.sqlite
expect 2 "--lossTrace=new: new is also a file of --csv" $small --rounds=1 --csv=./new --lossTrace=new
expect 2 "--pcap=new: new-1-1.pcap is also a file of --csv" $small --rounds=1 --csv=new-1-1.pcap --pcap=new
for trace in --loss=trace:losses.txt "--linkLoss=1:in:ns3::learning::TraceErrorModel[File=losses.txt]" \
    --straggler=trace:factors.txt; do
    file=$(grep -o '[a-z]*\.txt' <<<"$trace")
    expect 2 "--lossTrace=$file: $file is also a file of ${trace%%=*}" $small --rounds=1 "$trace" --lossTrace="$file"
done
expect 0 "" $small --rounds=1 --csv=/dev/null --lossTrace=/dev/null
if ! cmp -s data.csv original.csv || ! cmp -s records.sqlite original.sqlite || [ -e new ] || [ -e new-1-1.pcap ] ||
    [ "$(cat losses.txt factors.txt | tr '\n' ,)" != "0 1 0,1 2," ]; then
    echo "a refused run wrote to a file"
    failed=1
fi
# Files that cannot be written: said before the training, or after the summary if that is when they are written.
ends_before()
{
    expect 1 "$1: cannot be written: " $small "$2=$1"
    said=$(timeout 60 "$program" $small --rounds=1 "$2=$1" 2>/dev/null)
    if [ -n "$said" ]; then
        echo "$2=$1: the training ran: $said"
        failed=1
    fi
}
ends_before absent/file --lossTrace
ends_before absent/file --csv
expect 1 "/dev/full: a trace cannot be written to it" $small --rounds=1 --lossTrace=/dev/full
if [[ $(timeout 60 "$program" $small --rounds=1 --lossTrace=/dev/full 2>/dev/null) != "summary: rounds=1 "* ]]; then
    echo "--lossTrace=/dev/full: no summary"
    failed=1
fi
ln -s /dev/full full-1-1.pcap
expect 1 "full-1-1.pcap: packets are missing at the end" $small --rounds=1 --pcap=full
(
    ulimit -n 64
    expect 2 "--pcap=many: a file for each of 40 hosts" $small --workers=40 --rounds=1 --pcap=many
    exit $failed
) || failed=1
if compgen -G "many*" >/dev/null; then
    echo "a refused run left pcap files"
    failed=1
fi
# Trains that are dropped as a whole: by queues that overflow, not by links that are down.
wide="--dataset=synthetic-clusters:samples=256,testSamples=64,features=4000 --model=softmax --batch=4 --rounds=20"
expect 0 "queues that overflowed" $wide --queue=1p
for fault in crash:3@100us-2ms link:0@100us-2ms partition:0+1@100us-2ms; do
    expect 0 "" $wide --faults=$fault
done
# A congestion control that ns-3.37 has with an error: a warning there, or a round that is as quick as without it.
said=$("$program" $small --workers=2 --rounds=2 --transport=tcp:TcpBbr 2>&1 >/dev/null)
time=$("$program" --dataset=synthetic-clusters:samples=2000,testSamples=16,features=784 --model=softmax --workers=4 --rounds=4 \
    --linkRate=1Gbps --linkDelay=1ms --dropRate=0.001 --evaluateEvery=100 --transport=tcp:TcpBbr 2>/dev/null | grep -o " time_s=[0-9]*")
[[ $said == "lossy-training: warning: --transport: ns3::TcpBbr of this release of ns-3 may stall"* ]] || [ "$time" = " time_s=0" ] ||
    { echo "--transport=tcp:TcpBbr: $time s without a warning: $said"; failed=1; }
said=$("$program" $small --workers=2 --rounds=2 --transport=tcp:TcpCubic 2>&1 >/dev/null)
[ -z "$said" ] || { echo "--transport=tcp:TcpCubic: $said"; failed=1; }

# Error feedback where pushes are lost: with the rule that it goes with, or a warning.
feedback="--rounds=5 --algorithm=gradient-averaging --compression=top-k:0.1 --missing=zero --errorFeedback=local"
expect 0 "ns3::learning::ReceivedMeanRule gives others, with what --errorFeedback repays, a larger weight" $small $feedback \
    --dropRate=0.3 --segmentBytes=8
expect 0 "" $small $feedback --dropRate=0.3 --segmentBytes=8 --rule=zero-fill
expect 0 "" $small $feedback
# More simulated time than there is.
expect 1 "a computation ends after more than 9e9 s of simulated time" $small --rounds=20 --computeOverhead=1e9s
# A queue disc with a timer of its own, a service that never sends, and real time, in which a host is lost.
ends 3 $small --queueDisc=ns3::PieQueueDisc
ends 3 $small --webRate=1e-300
ends 5 $small --workers=3 --computeOverhead=10ms --pushDeadline=50ms --faults=crash:0@15ms \
    --SimulatorImplementationType=ns3::RealtimeSimulatorImpl
exit $failed
