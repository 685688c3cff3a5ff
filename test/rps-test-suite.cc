/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// The mixing of "Distributed Learning over Unreliable Networks" (ICML 2019) on the real message
// path: workers, parameter servers, packets, error models. Reference values: rps.md, the section
// named with each, computed by model/theory.

#include "mixing-run.h"

#include "ns3/learning-compatibility.h"
#include "ns3/mixing-coefficients.h"
#include "ns3/test.h"

#include <algorithm>

using namespace ns3;
using namespace ns3::learning;

namespace
{

/// Sizes of a run that samples W.
struct Sizes
{
    uint32_t segments; //!< of a block
    uint32_t rounds;   //!< to run
};

/**
 * Sizes that give some 20,000 samples of W, fewer where W is large.
 * @param workers number of workers
 * @return the sizes
 */
Sizes
ChooseSizes(uint32_t workers)
{
    const uint32_t segments = std::min(64U, 1024 / workers);
    const uint32_t samples = workers <= 16 ? 20000 : workers == 32 ? 8192 : 2048;
    return {segments, (samples + workers * segments - 1) / (workers * segments)};
}

/**
 * Set-up: n workers, n blocks of S segments of n numbers; worker i's model is the unit vector e_i
 * in every segment, so that a segment of worker k's model after the round is column k of that
 * segment's W.
 * Stimulus: rounds that only mix, every segment dropped with probability p on its way.
 * Expected: rps.md 13, checks 1 to 3 and 6, within 4 standard errors; the samples of W are
 * independent given the owners, and what is sampled does not depend on which worker owns.
 */
class MixingMatrixTestCase : public TestCase
{
  public:
    /**
     * @param workers number of workers
     * @param dropRate drop rate
     * @param dedicated whether servers have nodes of their own
     * @param owners how owners are chosen
     */
    MixingMatrixTestCase(uint32_t workers,
                         double dropRate,
                         bool dedicated = false,
                         BlockOwners::Mode owners = BlockOwners::PERMUTED)
        : TestCase("W of " + std::to_string(workers) + " workers at drop rate " +
                   std::to_string(dropRate) + (dedicated ? ", dedicated servers" : "") +
                   (owners == BlockOwners::FIXED ? ", fixed owners: biased towards the owner"
                                                 : ": structure and coefficients")),
          m_workers(workers),
          m_dropRate(dropRate),
          m_dedicated(dedicated),
          m_owners(owners)
    {
    }

  private:
    void DoRun() override;

    /**
     * Takes in the models after a round.
     * @param round the round
     * @param mixed the models
     */
    void Decode(uint32_t round, const std::vector<AlignedVector>& mixed);

    /**
     * Checks one W with co-located servers.
     * @param owner who owns the block
     */
    void CheckStructure(uint32_t owner);

    /**
     * A server aggregates.
     * @param contributions what it averages
     * @param layout cut of the block
     */
    void Aggregated(uint32_t /* round */,
                    uint32_t /* block */,
                    const std::vector<AggregationRule::Contribution>& contributions,
                    const SegmentLayout& layout)
    {
        for (uint32_t segment = 0; segment < layout.GetSegmentCount(); ++segment)
        {
            uint32_t count = 0;
            for (const AggregationRule::Contribution& contribution : contributions)
            {
                count += contribution.mask->Test(segment);
            }
            m_contributions += count;
            m_smallest = std::min(m_smallest, count);
        }
    }

    /**
     * A transport reports.
     * @param id the block
     * @param fate what became of segments
     * @param segments number of data segments
     */
    void Segments(const BlockId& id, BlockTransport::Fate fate, uint32_t segments, uint32_t)
    {
        m_messages += fate == BlockTransport::SENT && segments != 0;
        m_foreign = m_foreign || id.peer >= m_workers;
    }

    const uint32_t m_workers;         //!< n
    const double m_dropRate;          //!< p
    const bool m_dedicated;           //!< where servers are
    const BlockOwners::Mode m_owners; //!< who owns
    Sizes m_sizes{};                  //!< S and rounds
    Ptr<TrainingSetup> m_setup;       //!< of the run
    std::vector<double> m_w;          //!< one W, column by column
    Sample m_alpha1;                  //!< samples of alpha1
    Sample m_alpha2;                  //!< samples of alpha2
    Sample m_ownerRow;                //!< sum of the row of the owner
    Sample m_otherRow;                //!< mean sum of the rows of others
    Sample m_pushWithPull;            //!< covariance of drops to and from the same worker
    Sample m_pushWithPush;            //!< covariance of drops of neighbours' pushes
    uint64_t m_attempts{0};           //!< segments sent, as W tells
    uint64_t m_drops{0};              //!< of these, dropped
    uint64_t m_ownContributions{0};   //!< sum of |N|, as W tells
    uint64_t m_contributions{0};      //!< sum of |N|, as the servers tell
    uint32_t m_smallest{UINT32_MAX};  //!< smallest |N|
    uint64_t m_messages{0};           //!< packets with data
    bool m_foreign{false};            //!< whether somebody sent elsewhere
    uint64_t m_wrongColumns{0};       //!< columns that cannot be
};

void
MixingMatrixTestCase::DoRun()
{
    const uint32_t n = m_workers;
    m_sizes = ChooseSizes(n);
    const uint32_t features = n * m_sizes.segments * n;
    Scenario scenario;
    scenario.workers = n;
    scenario.dedicated = m_dedicated;
    scenario.owners = m_owners;
    scenario.dropRate = m_dropRate;
    scenario.segmentBytes = 4 * n;
    scenario.segmentsPerPacket = m_sizes.segments;
    scenario.rounds = m_sizes.rounds;
    scenario.data = MakeData(n, features);
    std::vector<std::vector<float>> models(n, std::vector<float>(features));
    for (uint32_t i = 0; i < n; ++i)
    {
        for (uint32_t segment = 0; segment < n * m_sizes.segments; ++segment)
        {
            models[i][segment * n + i] = 1;
        }
    }
    MixingRun run(scenario, models, [this](uint32_t round, const auto& mixed) {
        Decode(round, mixed);
    });
    m_setup = run.Get().GetSetup();
    for (uint32_t i = 0; i < n; ++i)
    {
        run.Get().GetServer(i)->TraceConnectWithoutContext(
            "Aggregate",
            MakeCallback(&MixingMatrixTestCase::Aggregated, this));
        run.Get().GetWorker(i)->GetTransport()->TraceConnectWithoutContext(
            "Segments",
            MakeCallback(&MixingMatrixTestCase::Segments, this));
    }
    Simulator::Run();

    const uint64_t blocks = uint64_t{n} * m_sizes.rounds;
    NS_TEST_EXPECT_MSG_EQ(run.Get().IsConserved(), true, "segments are lost from the account");
    NS_TEST_EXPECT_MSG_EQ(m_wrongColumns, 0, "columns that are neither kept nor a mean");
    if (m_dedicated)
    {
        NS_TEST_EXPECT_MSG_EQ(m_messages, n * blocks, "pushes: n n a round");
    }
    else
    {
        NS_TEST_EXPECT_MSG_EQ(m_messages, 2 * (n - 1) * blocks, "messages: 2 n (n - 1) a round");
        NS_TEST_EXPECT_MSG_EQ(m_foreign, false, "a message to no worker");
        NS_TEST_EXPECT_MSG_GT(m_smallest, 0, "the own block is always in N");
        NS_TEST_EXPECT_MSG_EQ(m_contributions, m_ownContributions, "servers and W disagree on N");
        const TrafficLedger::Account traffic = run.Get().GetTraffic();
        NS_TEST_EXPECT_MSG_EQ(m_attempts, traffic.sent, "segments sent");
        NS_TEST_EXPECT_MSG_EQ(m_drops, traffic.dropped, "segments dropped");
        NS_TEST_EXPECT_MSG_EQ(IsBinomial(m_drops, m_attempts, m_dropRate), true, "drop share");
    }
    const MixingCoefficients colocated = GetColocatedCoefficients(n, m_dropRate);
    const MixingCoefficients dedicated = GetDedicatedCoefficients(n, m_dropRate);
    const MixingCoefficients& expected = m_dedicated ? dedicated : colocated;
    if (m_dropRate == 0 || m_dropRate == 1)
    {
        NS_TEST_EXPECT_MSG_EQ_TOL(m_alpha1.GetMean(), expected.alpha1, 1e-6, "alpha1");
        NS_TEST_EXPECT_MSG_EQ_TOL(m_alpha2.GetMean(), expected.alpha2, 1e-6, "alpha2");
    }
    else
    {
        NS_TEST_EXPECT_MSG_EQ(m_alpha1.IsNear(expected.alpha1),
                              true,
                              "alpha1: " << m_alpha1.Describe(expected.alpha1));
        NS_TEST_EXPECT_MSG_EQ(m_alpha2.IsNear(expected.alpha2),
                              true,
                              "alpha2: " << m_alpha2.Describe(expected.alpha2));
        // products of two independent centered draws
        const double deviation = m_dropRate * (1 - m_dropRate);
        NS_TEST_EXPECT_MSG_EQ(m_dedicated || m_pushWithPull.IsNear(0, deviation),
                              true,
                              "drops of push and pull: " << m_pushWithPull.Describe(0));
        NS_TEST_EXPECT_MSG_EQ(m_dedicated || n == 2 || m_pushWithPush.IsNear(0, deviation),
                              true,
                              "drops of two pushes: " << m_pushWithPush.Describe(0));
    }
    if (n <= 16 && m_dropRate >= 0.1 && m_dropRate < 1)
    {
        // negative control: the variant in which a worker's own message may be dropped
        const MixingCoefficients& wrong = m_dedicated ? colocated : dedicated;
        NS_TEST_EXPECT_MSG_EQ(m_alpha1.IsNear(wrong.alpha1),
                              false,
                              "alpha1 cannot tell who drops own messages");
    }
    if (m_owners == BlockOwners::FIXED)
    {
        // rps.md 10.1
        const FixedOwnerRowSums sums = GetFixedOwnerRowSums(n, m_dropRate);
        NS_TEST_EXPECT_MSG_EQ(m_ownerRow.IsNear(sums.owner),
                              true,
                              "row of the owner: " << m_ownerRow.Describe(sums.owner));
        NS_TEST_EXPECT_MSG_EQ(m_otherRow.IsNear(sums.other),
                              true,
                              "row of another: " << m_otherRow.Describe(sums.other));
        NS_TEST_EXPECT_MSG_EQ(m_ownerRow.IsNear(1), false, "no bias: " << m_ownerRow.Describe(1));
    }
    m_setup = nullptr;
    Simulator::Destroy();
}

void
MixingMatrixTestCase::Decode(uint32_t round, const std::vector<AlignedVector>& mixed)
{
    const uint32_t n = m_workers;
    m_w.resize(n * n);
    for (uint32_t segment = 0; segment < n * m_sizes.segments; ++segment)
    {
        double frobenius = 0;
        std::vector<double> rows(n);
        for (uint32_t k = 0; k < n; ++k)
        {
            double column = 0;
            for (uint32_t m = 0; m < n; ++m)
            {
                const double entry = mixed[k][segment * n + m];
                m_w[k * n + m] = entry;
                column += entry;
                rows[m] += entry;
                frobenius += entry * entry;
            }
            m_wrongColumns += std::abs(column - 1) > 1e-5; // n roundings to single precision
        }
        double rowSquares = 0;
        for (const double row : rows)
        {
            rowSquares += row * row;
        }
        m_alpha1.Add((frobenius - 1) / (n - 1));
        m_alpha2.Add((rowSquares / n - 1) / (n - 1));
        if (!m_dedicated)
        {
            const uint32_t owner = m_setup->GetOwner(round, segment / m_sizes.segments);
            CheckStructure(owner);
            m_ownerRow.Add(rows[owner]);
            m_otherRow.Add((n - rows[owner]) / (n - 1));
        }
    }
}

void
MixingMatrixTestCase::CheckStructure(uint32_t owner)
{
    const uint32_t n = m_workers;
    const double* mean = m_w.data() + owner * n;
    const auto size =
        static_cast<uint32_t>(std::count_if(mean, mean + n, [](double w) { return w != 0; }));
    m_ownContributions += size;
    m_wrongColumns += mean[owner] == 0;
    double previous = 0;
    for (uint32_t k = 0; k < n; ++k)
    {
        m_wrongColumns += mean[k] != 0 && mean[k] != double{1.0F / static_cast<float>(size)};
        if (k == owner)
        {
            continue;
        }
        const double* column = m_w.data() + k * n;
        const bool pulled = std::equal(column, column + n, mean);
        const bool kept = column[k] == 1;
        m_wrongColumns += !pulled && !kept;
        m_attempts += 2;
        m_drops += (mean[k] == 0) + !pulled;
        const double push = (mean[k] == 0) - m_dropRate;
        const double pull = !pulled - m_dropRate;
        m_pushWithPull.Add(push * pull);
        if (k != 0 && k - 1 != owner)
        {
            m_pushWithPush.Add(push * previous);
        }
        previous = push;
    }
}

/// Mixing on the message path.
class RpsTestSuite : public TestSuite
{
  public:
    RpsTestSuite()
        : TestSuite("distributed-learning-rps", Type::UNIT)
    {
        for (const uint32_t workers : {2, 4, 8, 16, 32, 64})
        {
            for (const double dropRate : {0.01, 0.05, 0.1, 0.2, 0.4})
            {
                Add(new MixingMatrixTestCase(workers, dropRate));
            }
        }
        for (const double dropRate : {0.1, 0.4})
        {
            Add(new MixingMatrixTestCase(4, dropRate, true));
            Add(new MixingMatrixTestCase(16, dropRate, true));
        }
        Add(new MixingMatrixTestCase(4, 0));
        Add(new MixingMatrixTestCase(4, 1));
        Add(new MixingMatrixTestCase(4, 0.1, false, BlockOwners::FIXED));
        Add(new MixingMatrixTestCase(16, 0.4, false, BlockOwners::FIXED));
    }

  private:
    /**
     * Adds a case.
     * @param test the case
     */
    void Add(TestCase* test)
    {
        AddTestCase(test, TestDuration::QUICK);
    }
};

RpsTestSuite g_rpsTestSuite; //!< registers the suite

} // namespace
