/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// Services for models compared: the published table of channels, a fast link.

#include "training-bench.h"

#include "ns3/double.h"
#include "ns3/learning-compatibility.h"
#include "ns3/price-table.h"
#include "ns3/string.h"
#include "ns3/test.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <string>

using namespace ns3;
using namespace ns3::serverless;

namespace
{

/**
 * Trains over a channel.
 * @param setting the training
 * @param channel class of the service
 * @return what came of it
 */
BenchOutcome
TrainOver(TrainingSetting setting, const std::string& channel)
{
    setting.channel = channel;
    return Train(setting);
}

/**
 * MobileNet: 12 MB, 2.19 s of computation a round of gradient averaging.
 * @param workers how many
 * @param rounds to train
 * @return the setting
 */
TrainingSetting
MakeMobileNet(uint32_t workers, uint32_t rounds)
{
    TrainingSetting setting = MakeTimedSetting(workers, 12000000, 2.19);
    setting.rounds = rounds;
    return setting;
}

/**
 * Time of a round over a channel.
 * @param setting the training
 * @param channel class of the service
 * @return s
 */
double
Iterate(const TrainingSetting& setting, const std::string& channel)
{
    return TrainOver(setting, channel).GetRoundSeconds();
}

/// A row of the published table: time over a channel by that over S3.
struct Row
{
    std::string name;      //!< workload
    uint32_t workers;      //!< how many
    uint32_t rounds;       //!< fitted: the table does not say how long its jobs are
    double roundSeconds;   //!< fitted for k-means; of LR small
    uint32_t clusters;     //!< of k-means, or 0 for logistic regression
    double memcached;      //!< published ratio, to which rounds are fitted
    double memcachedSlack; //!< of it
    double dynamo;         //!< published ratio, to which roundSeconds of k-means is fitted
    double server;         //!< published ratio
};

/**
 * Set-up: logistic regression (gradient averaging) or k-means over S3, Memcached, DynamoDB and a
 * parameter server, on Higgs: start-ups of the table of functions, 8 GB to load, which all channels
 * load from S3. Memcached and the parameter server have to start first, which is most of what the
 * table shows. The lengths of its jobs are not given: the numbers of rounds here are fitted to the
 * column Memcached (section 13, item 2 of the reference has LR run to its loss instead, which gives
 * 7.2 by make paper-lambdaml), and so is a round's computation of k-means to the column DynamoDB.
 * The parameter server's column nearly follows from that length, as (start + job) / job. DynamoDB's
 * latency is fitted to the 0.83 of LR with 10 workers. So one cell is predicted: DynamoDB, LR with
 * 50 workers; the others check that one length, one latency and the start-ups fit the row together.
 * Expected (A16; unverified): the published ratios; Memcached within 25 % (LR) or 15 % (k-means),
 * DynamoDB within 10 %, the parameter server within 25 %.
 */
class ChannelTableTestCase : public TestCase
{
  public:
    /**
     * @param row of the table
     */
    ChannelTableTestCase(const Row& row)
        : TestCase("A16 (unverified) channel table with fitted job length: " + row.name + ", " +
                   std::to_string(row.workers) + " workers"),
          m_row(row)
    {
    }

  private:
    void DoRun() override
    {
        TrainingSetting setting = MakeTimedSetting(m_row.workers, 224, m_row.roundSeconds);
        setting.rounds = m_row.rounds;
        setting.startUp = "0:0,10:1.2,50:11";
        setting.workerRate = "560Mbps";
        if (m_row.clusters != 0)
        {
            setting.features = 28;
            setting.samples = std::max(setting.samples, 2 * m_row.clusters);
            setting.modelBytes = 0;
            setting.optimization = "KMeansClustering";
            setting.adjustOptimization = [this](ObjectFactory& factory) {
                factory.Set("Clusters", UintegerValue(m_row.clusters));
            };
        }
        const double load = 8e9 / (m_row.workers * 65e6); // the same over all, so not simulated
        const auto run = [&](const std::string& channel) {
            const BenchOutcome outcome = TrainOver(setting, channel);
            NS_TEST_EXPECT_MSG_EQ(outcome.error, "", channel);
            return outcome.end.GetSeconds() + load;
        };
        const double s3 = run("ObjectStore");
        const double memcached = run("MemcachedCache") / s3;
        const double dynamo = run("DynamoTable") / s3;
        const double server = run("ParameterMachine") / s3;
        NS_TEST_EXPECT_MSG_EQ_TOL(memcached,
                                  m_row.memcached,
                                  m_row.memcachedSlack * m_row.memcached,
                                  "Memcached");
        NS_TEST_EXPECT_MSG_EQ_TOL(dynamo, m_row.dynamo, 0.1 * m_row.dynamo, "DynamoDB");
        NS_TEST_EXPECT_MSG_EQ_TOL(server, m_row.server, 0.25 * m_row.server, "parameter server");
    }

    Row m_row; //!< of the table
};

/**
 * Set-up: MobileNet, w = 10: 12 MB, 2.19 s a mini-batch, 39 of them an epoch; functions of 65 MB/s.
 * Stimulus: gradient averaging over S3, Memcached, a parameter server, DynamoDB; model averaging
 * over Memcached; Memcached at 70 MB/s; one worker alone.
 * Expected (A9, A16, A17; unverified but for the measured epochs): iterations Memcached / S3 0.77
 * within 10 %, parameter server / S3 about 4 within 25 %, to which the time of serialization is
 * fitted; an epoch of 39 iterations 221 s within 10 % over S3, 177 to 214 s over Memcached at 65
 * MB/s; one worker, 390 mini-batches, 816 s within 10 %. Model averaging takes 87.5 to 101 s: less
 * than the 88 s of the criterion, since its closed form is 39 x 2.19 + 13 (12/65 + 0.01) = 87.9 s.
 * At 70 MB/s the closed form is (w + 3)(m/B + L) + C = 4.55 s an iteration, 177.4 s an epoch; a
 * simulated one is shorter, since the leader begins the next iteration while the others still fetch
 * the sum: within 3 %. DynamoDB takes 400 KB and no byte more.
 */
class MobileNetTestCase : public TestCase
{
  public:
    MobileNetTestCase()
        : TestCase("A9, A16, A17 (unverified) MobileNet with 10 workers, channels compared")
    {
    }

  private:
    void DoRun() override
    {
        TrainingSetting setting = MakeMobileNet(10, 4);
        const double store = Iterate(setting, "ObjectStore");
        const double cache = Iterate(setting, "MemcachedCache");
        NS_TEST_EXPECT_MSG_EQ_TOL(cache / store, 0.77, 0.077, "Memcached");
        NS_TEST_EXPECT_MSG_EQ_TOL(Iterate(setting, "ParameterMachine") / store,
                                  4,
                                  1,
                                  "parameter server");
        NS_TEST_EXPECT_MSG_EQ_TOL(39 * store, 221, 22, "A17: an epoch over S3");
        NS_TEST_EXPECT_MSG_EQ((39 * cache > 177 && 39 * cache < 214), true, "A17: " << 39 * cache);
        setting.workerRate = "560Mbps";
        const double model = 39 * (13 * (12e6 / 70e6 + 0.01) + 2.19);
        NS_TEST_EXPECT_MSG_EQ_TOL(39 * Iterate(setting, "MemcachedCache"),
                                  model,
                                  0.03 * model,
                                  "A17: an epoch over Memcached at 70 MB/s");
        setting.workerRate = "520Mbps";
        setting.epochSeconds = 10 * 39 * 2.19;
        setting.optimization = "AveragedModels";
        const double averaging = Iterate(setting, "MemcachedCache");
        NS_TEST_EXPECT_MSG_EQ((averaging > 87.5 && averaging < 101),
                              true,
                              "A17: model averaging " << averaging);
        TrainingSetting alone = MakeTimedSetting(1, 12000000, 390 * 2.19);
        alone.collective = "RingAllReduce";
        NS_TEST_EXPECT_MSG_EQ_TOL(Train(alone).GetRoundSeconds(), 816, 82, "A17: one worker");

        setting = MakeMobileNet(10, 3);
        NS_TEST_EXPECT_MSG_NE(
            TrainOver(setting, "DynamoTable").error.find("larger than the service"),
            std::string::npos,
            "DynamoDB takes 12 MB");
        setting.modelBytes = 400000;
        NS_TEST_EXPECT_MSG_EQ(TrainOver(setting, "DynamoTable").error, "", "A9: 400 KB");
        setting.modelBytes = 400001;
        NS_TEST_EXPECT_MSG_NE(TrainOver(setting, "DynamoTable").error, "", "A9: 400 KB and a byte");
    }
};

/**
 * Set-up: MobileNet as above, w = 50.
 * Expected (A16; unverified): the published 0.75 over Memcached and 4.03 over a parameter server
 * are not reached: AllReduce's leader fetches 50 models one after another at the rate of its own
 * interface, whatever the channel, and one lock serves 50 workers. What must hold: Memcached is
 * faster, within 20 % of 0.75; the server is at least 4 times as slow; DynamoDB refuses.
 */
class LargeFleetTestCase : public TestCase
{
  public:
    LargeFleetTestCase()
        : TestCase("A16 (unverified) MobileNet with 50 workers, channels compared")
    {
    }

  private:
    void DoRun() override
    {
        const TrainingSetting setting = MakeMobileNet(50, 2);
        const double store = Iterate(setting, "ObjectStore");
        const double cache = Iterate(setting, "MemcachedCache") / store;
        NS_TEST_EXPECT_MSG_LT(cache, 1, "Memcached is not faster");
        NS_TEST_EXPECT_MSG_EQ_TOL(cache, 0.75, 0.15, "Memcached");
        NS_TEST_EXPECT_MSG_GT(Iterate(setting, "ParameterMachine") / store, 4, "parameter server");
        NS_TEST_EXPECT_MSG_NE(TrainOver(setting, "DynamoTable").error, "", "DynamoDB takes 12 MB");
    }
};

/**
 * Set-up: MobileNet, 12 MB, 2.19 s a round, w = 10: a parameter server on a machine behind links of
 * 10 Gb/s, without time for serialization; S3; machines in a ring; prices of 2020, the server on a
 * c5.4xlarge, machines t2.medium. Expected (A26): the hybrid's rounds are shorter than those over
 * S3; yet the whole job of ten costs more by its ledger than by machines, both with 132 s of boot;
 * and so does a round alone, by the same prices: that of long jobs, where boots do not count.
 */
class FastLinkTestCase : public TestCase
{
  public:
    FastLinkTestCase()
        : TestCase("A26 a fast link makes the hybrid faster, not cheaper")
    {
    }

  private:
    void DoRun() override
    {
        TrainingSetting setting = MakeMobileNet(10, 10);
        const BenchOutcome store = TrainOver(setting, "ObjectStore");
        setting.workerRate = "10Gbps";
        const TrainingSetting::Adjust before = setting.adjustCollective;
        setting.adjustCollective = [before](ObjectFactory& factory) {
            before(factory);
            if (factory.GetTypeId().GetName() == "ns3::serverless::ParameterExchange")
            {
                factory.Set("SerializationTime", DoubleValue(0));
            }
        };
        setting.adjustChannel = [](ObjectFactory& factory) {
            factory.Set("SerializationTime", DoubleValue(0));
            factory.Set("ConnectionRate", StringValue("0bps"));
        };
        const BenchOutcome hybrid = TrainOver(setting, "ParameterMachine");
        setting.adjustChannel = nullptr;
        setting.adjustCollective = before;
        setting.collective = "RingAllReduce";
        setting.workerRate = "960Mbps";
        setting.onMachines = true;
        const BenchOutcome machines = Train(setting);
        NS_TEST_ASSERT_MSG_EQ(store.error + hybrid.error + machines.error, "", "a training failed");
        NS_TEST_EXPECT_MSG_LT(hybrid.GetRoundSeconds(), store.GetRoundSeconds(), "rounds");
        NS_TEST_EXPECT_MSG_GT(hybrid.cost, machines.cost, "cost of the job");
        NS_TEST_EXPECT_MSG_EQ(hybrid.items.count("vm:c5.4xlarge"), 1, "the server is paid for");
        const PriceTable table("aws-2020");
        const auto price = [&table](const std::string& item) {
            return static_cast<double>(table.GetPrice(item));
        };
        const double functionSecond = price("function:gb-second") * 3008 / 1024;
        const double hybridSecond = 10 * functionSecond + price("vm:c5.4xlarge") / 3600;
        NS_TEST_EXPECT_MSG_GT(hybrid.GetRoundSeconds() * hybridSecond,
                              machines.GetRoundSeconds() * 10 * price("vm:t2.medium") / 3600,
                              "cost of a round");
    }
};

/// The suite.
class ChannelTestSuite : public TestSuite
{
  public:
    ChannelTestSuite()
        : TestSuite("serverless-learning-channel", Type::UNIT)
    {
        const auto add = [this](TestCase* test) {
            AddTestCase(test, learning::TestDuration::QUICK);
        };
        add(new ChannelTableTestCase({"LR", 10, 22, 0.08, 0, 4.17, 0.25, 0.83, 3.85}));
        add(new ChannelTableTestCase({"LR", 50, 7, 0.03, 0, 3.7, 0.25, 0.81, 3.7}));
        add(new ChannelTableTestCase({"k-means, k = 10", 50, 17, 9.3, 10, 1.32, 0.15, 0.93, 1.23}));
        add(new MobileNetTestCase);
        add(new FastLinkTestCase);
        AddTestCase(new ChannelTableTestCase(
                        {"k-means, k = 1000", 50, 25, 5.3, 1000, 1.19, 0.15, 0.9, 1.27}),
                    learning::TestDuration::EXTENSIVE);
        AddTestCase(new LargeFleetTestCase, learning::TestDuration::EXTENSIVE);
    }
};

ChannelTestSuite g_channelTestSuite; //!< registers the suite

} // namespace
