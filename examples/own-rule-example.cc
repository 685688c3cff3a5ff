/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// An aggregation rule of one's own: the median of what arrived, number by number. One of 8 workers
// is broken and pushes nonsense. Look at the loss: the mean follows the nonsense, the median does
// not.

#include "ns3/core-module.h"
#include "ns3/evaluation.h"
#include "ns3/program-run.h"
#include "ns3/scenario-options.h"
#include "ns3/star-topology-helper.h"
#include "ns3/training-helper.h"

#include <algorithm>
#include <cstdio>

using namespace ns3;
using namespace ns3::learning;

/// The median of the contributions to each number; of two in the middle, the upper one.
class MedianRule : public AggregationRule
{
  public:
    /// @return the object TypeId
    static TypeId GetTypeId()
    {
        static TypeId tid =
            TypeId("MedianRule").SetParent<AggregationRule>().AddConstructor<MedianRule>();
        return tid;
    }

    SegmentMask Aggregate(const std::vector<Contribution>& contributions,
                          const SegmentLayout& layout,
                          uint32_t /* expected */,
                          float* result) override
    {
        SegmentMask made(layout.GetSegmentCount());
        for (uint32_t i = 0; i < layout.blockLength; ++i)
        {
            const uint32_t segment = i / layout.segmentLength;
            std::vector<float> numbers;
            for (const Contribution& contribution : contributions)
            {
                if (contribution.mask->Test(segment))
                {
                    numbers.push_back(contribution.values[i]);
                }
            }
            if (!numbers.empty())
            {
                const auto middle = numbers.begin() + numbers.size() / 2;
                std::nth_element(numbers.begin(), middle, numbers.end());
                result[i] = *middle;
                made.Set(segment);
            }
        }
        return made;
    }
};

NS_OBJECT_ENSURE_REGISTERED(MedianRule);

/**
 * Trains once.
 * @param rule the rule
 * @param dropRate probability that a segment is dropped
 * @param rounds rounds to train
 */
void
Train(const std::string& rule, double dropRate, uint32_t rounds)
{
    StarTopologyHelper star(8);
    star.SetDropRate(dropRate);
    star.Build();
    TrainingHelper training;
    training.SetDataset("synthetic-clusters:features=50,samples=4000,separation=3");
    training.SetAlgorithm("ns3::learning::RobustParameterServer", "Rule", StringValue(rule));
    const ApplicationContainer workers = training.Install(star.GetHosts());
    training.StopAfterRounds(rounds);
    const auto broken = DynamicCast<Worker>(workers.Get(0));
    const std::vector<float> nonsense(broken->GetParameters().size(), 10.0F);
    const auto breakDown = [&](uint32_t /* worker */, uint32_t /* round */) {
        broken->SetParameters(nonsense);
    };
    broken->TraceConnectWithoutContext("RoundEnd", Callback<void, uint32_t, uint32_t>(breakDown));
    Simulator::Run();
    const auto sane = DynamicCast<Worker>(workers.Get(1));
    const auto score = EvaluateDataset(*sane->GetSetup()->model,
                                       sane->GetParameters().data(),
                                       *sane->GetSetup()->training,
                                       0,
                                       2000);
    std::printf("%-32s %10.4f %9.3f\n", rule.c_str(), score.lossSum / 2000, score.correct / 2000.0);
    Simulator::Destroy();
}

/**
 * The whole run.
 * @param argc number of arguments
 * @param argv the arguments
 */
void
RunExample(int argc, char* argv[])
{
    ScenarioOptions options(__FILE__, "An aggregation rule of one's own.");
    options.Add("dropRate", "probability that a data segment is dropped, 0 to 1", "0.1");
    options.Add("rounds", "rounds to train, 1 to 1000000", "200");
    options.Parse(argc, argv);
    const double dropRate = options.GetNumber("dropRate", 0, 1);
    const uint32_t rounds = options.GetUnsigned("rounds", 1, 1000000);
    std::printf(
        "rule                             train_loss  accuracy  of a worker that is not broken\n");
    Train("ns3::learning::ReceivedMeanRule", dropRate, rounds);
    Train("MedianRule", dropRate, rounds);
}

int
main(int argc, char* argv[])
{
    return RunProgram("own-rule-example", [=] { RunExample(argc, argv); });
}
