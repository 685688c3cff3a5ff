#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What a user of the examples may get wrong: each ends at once, with one sentence on stderr that names what is wrong and what is
# legal, and with exit status 2 (wrong options) or 1 (the output cannot be written).
# examples-test.sh DIRECTORY, in which the examples are built
set -u
examples=$1
failed=0

# shellcheck source=test/expect.sh
. "$(dirname "$0")/expect.sh"

# expect EXAMPLE STATUS SENTENCE OPTION...: expect_of() an example
expect()
{
    local example=$1
    shift
    expect_of "$examples/$example-example" "$@"
}

# All of them; there is none of mpi and wifi where ns-3 has no such module.
count=0
for program in "$examples"/*-example; do
    expect_of "$program" 2 "foo: options look like --name=value" foo
    expect_of "$program" 2 "--dropRat: no such option" --dropRat=0.1
    expect_of "$program" 2 "ns3::learning::Worker has no attribute Foo" --ns3::learning::Worker::Foo=1
    if [[ $program != */mixing-coefficients-example ]]; then
        for wrong in --rounds=-1 --rounds=0 --rounds=1.5 --rounds=4294967296; do
            expect_of "$program" 2 "$wrong: a whole number from " "$wrong"
        done
    fi
    ((++count))
done
[ $count -ge 14 ] || { echo "$examples: only $count examples"; failed=1; }
# Drop rates.
for example in dedicated-servers existing-topology gradient-averaging mixing-coefficients own-rule rps-star trace-sources trains; do
    for wrong in --dropRate=1.5 --dropRate=-0.1 --dropRate=foo; do
        expect $example 2 "$wrong: a number from 0 to 1 is needed" $wrong
    done
done
expect bounded-loss 2 "--dropRate=0.6: a number from 0 to 0.5 is needed" --dropRate=0.6
expect burst-loss 2 "--dropRate=0.9: a number from 0 to 0.8 is needed" --dropRate=0.9
# What single ones have.
expect burst-loss 2 "--rounds=1: a whole number from 2 to 1000000 is needed" --rounds=1
expect crash-and-rejoin 2 "faults: host 50: there are 8 hosts" --rounds=1 --faults=crash:50@1s
for wrong in 0bps foo -5Mbps 5; do
    expect existing-topology 2 "--lineRate=$wrong: a rate with its unit, such as 100Mbps or 10Gbps, is needed" --lineRate=$wrong
done
expect leaf-spine-web-traffic 2 "--rate=0: a number from 1 to 100000 is needed" --rate=0
expect mixing-coefficients 2 "--dedicated=2: a whole number from 0 to 1 is needed" --dedicated=2
for wrong in --train=0 --train=1 --train=45; do
    expect trains 2 "$wrong: a whole number from 2 to 44 is needed" $wrong
done
[ ! -x "$examples/wifi-training-example" ] || expect wifi-training 2 "--side=0: a number from 0.1 to 10000 is needed" --side=0
# Output that cannot be written, and the negative control: what is right ends well and says nothing.
for example in mixing-coefficients trace-sources; do
    expect_full "$examples/$example-example"
    expect $example 0 ""
done
exit $failed
