/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// What cannot work: lives, memory, numbers of functions, exchanges, items, partitions.

#include "learning-tasks.h"
#include "training-bench.h"

#include "ns3/averaged-gradients.h"
#include "ns3/double.h"
#include "ns3/function-worker.h"
#include "ns3/learning-compatibility.h"
#include "ns3/region-helper.h"
#include "ns3/serverless-training-helper.h"
#include "ns3/simulator.h"
#include "ns3/test.h"

#include <stdexcept>
#include <string>

using namespace ns3;
using namespace ns3::serverless;

namespace
{

/**
 * Set-up: functions whose lifetime is shorter than a round; whose memory is too small; more of them
 * than the platform runs; exchanges that make no sense; vectors that the channel does not take; a
 * partition that is not in the store; no limit of rounds; no workers.
 * Expected: each ends, in one sentence that says what would do; A11: 8 GB of Higgs and an expansion
 * of 2.5 need at least 7 workers of 3,008 MB; a partition that does not fit is an out-of-memory
 * event of a worker.
 */
class BadInputTestCase : public TestCase
{
  public:
    BadInputTestCase()
        : TestCase("A11 what cannot work says so, and ends")
    {
    }

  private:
    /**
     * Expects that a training fails.
     * @param setting what
     * @param sentence part of what is said
     */
    void ExpectError(const TrainingSetting& setting, const std::string& sentence)
    {
        std::string said;
        try
        {
            const BenchOutcome outcome = Train(setting);
            for (const std::string& error : outcome.errors)
            {
                said += error + "; ";
            }
        }
        catch (const std::invalid_argument& error)
        {
            said = error.what();
            Simulator::Destroy();
        }
        NS_TEST_EXPECT_MSG_NE(said.find(sentence), std::string::npos, "instead: " << said);
    }

    void DoRun() override
    {
        const auto platform = CreateObject<FunctionPlatform>();
        NS_TEST_EXPECT_MSG_EQ(platform->GetSmallestFleet(8000000000, 0), 7, "Higgs");
        NS_TEST_EXPECT_MSG_EQ(platform->GetSmallestFleet(1, 1100000000), 0, "a model of 1.1 GB");
        TrainingSetting setting;
        setting.dataBytes = 8000000000;
        setting.workers = 6;
        ExpectError(setting, "at least 7 workers are needed");
        setting = TrainingSetting();
        setting.epochSeconds = 4 * 800;
        setting.lifetime = Seconds(500);
        ExpectError(setting,
                    "killed at its lifetime of 500 s, which is too short to load and to compute "
                    "one round of 1 epochs");
        setting.lifetime = Seconds(810);
        ExpectError(setting, "is too short to load and to compute one round");
        setting = TrainingSetting();
        setting.rounds = 0;
        ExpectError(setting, "neither the rounds nor the epochs of the training are limited");
        setting.rounds = 3;
        setting.concurrency = 3;
        ExpectError(setting, "4 workers: the platform runs no more functions at a time than 3");
        setting = TrainingSetting();
        setting.collective = "AsynchronousExchange";
        setting.optimization = "AveragedGradients";
        ExpectError(setting, "which ns3::serverless::AveragedGradients does not send");
        setting = TrainingSetting();
        setting.channel = "DynamoTable";
        setting.modelBytes = 400001;
        ExpectError(setting,
                    "PUT of temporary/1/000000, 400001 bytes: the object is larger than the "
                    "service takes, at most 400000 bytes");
        setting.modelBytes = 1100000000;
        ExpectError(setting, "the model alone does not fit");
        // one of 600 MB fits three times, but ADMM sends two of it
        setting = TrainingSetting();
        setting.modelBytes = 600000000;
        setting.optimization = "ConsensusAdmm";
        ExpectError(setting, "3600 MB of memory are needed, but an instance has 3008 MB");
        // where nothing is declared, real numbers count
        NS_TEST_EXPECT_MSG_EQ(GetVectorBytes("AveragedGradients"), 4 * 29, "a gradient");
        NS_TEST_EXPECT_MSG_EQ(GetVectorBytes("ConsensusAdmm"), 4 * (28 + 29), "weights, twice");
        NS_TEST_EXPECT_MSG_EQ(RunAlone(0, 2.5),
                              "worker 0 failed while loading in round 1: partition data/0: there "
                              "is no such object",
                              "nobody stored the partition");
        ServerlessTrainingHelper nobody;
        nobody.SetTask(*MakeHiggs(100, 1, 10));
        nobody.GetJob()->rounds = 1;
        nobody.GetJob()->workers = 0;
        std::string none;
        try
        {
            nobody.Install();
        }
        catch (const std::invalid_argument& mistake)
        {
            none = mistake.what();
        }
        NS_TEST_EXPECT_MSG_EQ(none, "0 workers: at least 1 is needed", "nobody works");
        const std::string error = RunAlone(1300000, 2500);
        NS_TEST_EXPECT_MSG_NE(error.find("out of memory: 3250 MB of memory are needed"),
                              std::string::npos,
                              error);
    }

    /**
     * Bytes that a worker's vector has before the first round, nothing being declared.
     * @param optimization class
     * @return the bytes
     */
    static double GetVectorBytes(const std::string& optimization)
    {
        const auto part =
            ObjectFactory("ns3::serverless::" + optimization).Create<LocalOptimization>();
        part->Configure(MakeHiggs(100, 1, 10), 0);
        return TrainingJob().GetVectorBytes(*part);
    }

    /**
     * Runs a function alone that was not planned.
     * @param bytes of its partition; 0 if nobody stored it
     * @param expansion of the partition in memory
     * @return its error
     */
    static std::string RunAlone(uint64_t bytes, double expansion)
    {
        RegionHelper region(1, 1);
        const auto store = region.InstallService(0, ObjectFactory("ns3::serverless::ObjectStore"));
        if (bytes != 0)
        {
            store->Preload(TrainingWorker::GetPartitionName(0), Payload::OfSize(bytes));
        }
        const auto job = Create<TrainingJob>();
        job->dataBytes = bytes;
        const auto platform = CreateObject<FunctionPlatform>();
        platform->SetAttribute("Expansion", DoubleValue(expansion));
        const auto worker = CreateObject<FunctionWorker>();
        worker->SetPlatform(platform);
        const auto part = CreateObject<AveragedModels>();
        part->Configure(MakeHiggs(100, 1, 10), 0);
        worker->Configure(job, 0, part, nullptr, region.MakeClient(0), nullptr);
        region.GetWorker(0)->AddApplication(worker);
        worker->SetStartTime(Time(0));
        Simulator::Run();
        std::string error = worker->GetError();
        Simulator::Destroy();
        return error;
    }
};

/// The suite.
class BadInputTestSuite : public TestSuite
{
  public:
    BadInputTestSuite()
        : TestSuite("serverless-learning-bad-input", Type::UNIT)
    {
        AddTestCase(new BadInputTestCase, learning::TestDuration::QUICK);
    }
};

BadInputTestSuite g_badInputTestSuite; //!< registers the suite

} // namespace
