/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// What one round of "Distributed Learning over Unreliable Networks" (ICML 2019) makes of given
// models, on the real message path. Reference values: rps.md 6 and 13, computed by model/theory.

#include "mixing-run.h"

#include "ns3/learning-compatibility.h"
#include "ns3/mixing-coefficients.h"
#include "ns3/test.h"

using namespace ns3;
using namespace ns3::learning;

namespace
{

/**
 * Set-up: n workers whose models are independent normal vectors, segments of 4 numbers.
 * Stimulus: rounds that only mix, always from these models.
 * Expected: the round identities (i) to (iii) of rps.md 6 on these very models, within 4 standard
 * errors; a round is one sample, since segments of a block share its owner. (i) is looked at along
 * v_j - mean(v) in block j, where the bias of fixed owners shows (rps.md 10.1): the negative
 * control.
 */
class RoundIdentitiesTestCase : public TestCase
{
  public:
    /**
     * @param workers number of workers
     * @param dropRate drop rate
     * @param owners how owners are chosen
     */
    RoundIdentitiesTestCase(uint32_t workers,
                            double dropRate,
                            BlockOwners::Mode owners = BlockOwners::PERMUTED)
        : TestCase("round identities of " + std::to_string(workers) + " workers at drop rate " +
                   std::to_string(dropRate) +
                   (owners == BlockOwners::FIXED ? ", fixed owners: (i) must fail" : "")),
          m_workers(workers),
          m_dropRate(dropRate),
          m_owners(owners)
    {
    }

  private:
    void DoRun() override;

    const uint32_t m_workers;         //!< n
    const double m_dropRate;          //!< p
    const BlockOwners::Mode m_owners; //!< who owns
};

/**
 * Mean of vectors.
 * @tparam Vectors a container of vectors
 * @param vectors the vectors
 * @return their mean in double precision
 */
template <typename Vectors>
std::vector<double>
GetMean(const Vectors& vectors)
{
    std::vector<double> mean(vectors[0].size());
    for (const auto& vector : vectors)
    {
        for (std::size_t i = 0; i < mean.size(); ++i)
        {
            mean[i] += static_cast<double>(vector[i]) / static_cast<double>(vectors.size());
        }
    }
    return mean;
}

/**
 * Sum of squared distances from a vector.
 * @tparam Vectors a container of vectors
 * @param vectors the vectors
 * @param center the vector
 * @return the sum
 */
template <typename Vectors>
double
GetDispersion(const Vectors& vectors, const std::vector<double>& center)
{
    double sum = 0;
    for (const auto& vector : vectors)
    {
        for (std::size_t i = 0; i < center.size(); ++i)
        {
            sum += std::pow(vector[i] - center[i], 2);
        }
    }
    return sum;
}

void
RoundIdentitiesTestCase::DoRun()
{
    const uint32_t n = m_workers;
    constexpr uint32_t SEGMENTS = 16;
    Scenario scenario;
    scenario.workers = n;
    scenario.dropRate = m_dropRate;
    scenario.owners = m_owners;
    scenario.segmentBytes = 16;
    scenario.segmentsPerPacket = SEGMENTS;
    scenario.rounds = n == 4 ? 400 : 60;
    scenario.data = MakeData(n, n * SEGMENTS * 4);
    std::vector<std::vector<float>> models;
    for (uint32_t i = 0; i < n; ++i)
    {
        models.push_back(DrawNormal(n * SEGMENTS * 4, i));
    }
    const std::vector<double> before = GetMean(models);
    const double dispersion = GetDispersion(models, before);
    Sample bias;
    Sample contraction;
    Sample noise;
    MixingRun run(scenario, models, [&](uint32_t, const std::vector<AlignedVector>& mixed) {
        const std::vector<double> after = GetMean(mixed);
        contraction.Add(GetDispersion(mixed, after) / dispersion);
        double projection = 0;
        double distance = 0;
        for (std::size_t i = 0; i < after.size(); ++i)
        {
            const std::size_t block = i / (SEGMENTS * 4);
            projection += (after[i] - before[i]) * (models[block][i] - before[i]);
            distance += std::pow(after[i] - before[i], 2);
        }
        bias.Add(projection);
        noise.Add(n * distance / dispersion);
    });
    Simulator::Run();
    const MixingCoefficients expected = GetColocatedCoefficients(n, m_dropRate);
    const bool permuted = m_owners == BlockOwners::PERMUTED;
    NS_TEST_EXPECT_MSG_EQ(bias.IsNear(0), permuted, "(i) E[mean x] = mean v: " << bias.Describe(0));
    if (permuted)
    {
        NS_TEST_EXPECT_MSG_EQ(
            contraction.IsNear(expected.beta),
            true,
            "(ii) dispersion contracts by beta: " << contraction.Describe(expected.beta));
        NS_TEST_EXPECT_MSG_EQ(noise.IsNear(expected.alpha2),
                              true,
                              "(iii) noise of the mean: " << noise.Describe(expected.alpha2));
    }
    Simulator::Destroy();
}

/**
 * Set-up: four workers with random models, blocks of unequal length, segments that do not divide
 * them.
 * Stimulus: one round at drop rate 0, or 1.
 * Expected: at 0 every replica is the mean, summed in the order of the workers in single
 * precision, to the last bit; at 1 every replica is what it was (rps.md 13, check 1).
 */
class EndPointTestCase : public TestCase
{
  public:
    /**
     * @param dropRate 0 or 1
     * @param dedicated whether servers have nodes of their own
     */
    EndPointTestCase(double dropRate, bool dedicated)
        : TestCase(std::string(dropRate == 0 ? "nothing dropped: the exact mean everywhere"
                                             : "all dropped: every replica stays as it is") +
                   (dedicated ? ", dedicated" : ", co-located")),
          m_dropRate(dropRate),
          m_dedicated(dedicated)
    {
    }

  private:
    void DoRun() override
    {
        constexpr uint32_t FEATURES = 1003;
        Scenario scenario;
        scenario.dropRate = m_dropRate;
        scenario.dedicated = m_dedicated;
        scenario.rounds = 1;
        scenario.data = MakeData(4, FEATURES);
        std::vector<std::vector<float>> models;
        for (uint32_t i = 0; i < 4; ++i)
        {
            models.push_back(DrawNormal(FEATURES, i));
        }
        uint64_t wrong = 0;
        uint32_t rounds = 0;
        MixingRun run(scenario, models, [&](uint32_t, const std::vector<AlignedVector>& mixed) {
            ++rounds;
            for (uint32_t i = 0; i < FEATURES; ++i)
            {
                const float sum = models[0][i] + models[1][i] + models[2][i] + models[3][i];
                for (uint32_t k = 0; k < 4; ++k)
                {
                    wrong += mixed[k][i] != (m_dropRate == 0 ? sum / 4 : models[k][i]);
                }
            }
        });
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(rounds, 1, "rounds");
        NS_TEST_EXPECT_MSG_EQ(wrong, 0, "numbers that differ");
        NS_TEST_EXPECT_MSG_EQ(run.Get().IsConserved(), true, "segments lost from the account");
        Simulator::Destroy();
    }

    const double m_dropRate; //!< p
    const bool m_dedicated;  //!< where servers are
};

/// Identities of a round on the message path.
class RoundTestSuite : public TestSuite
{
  public:
    RoundTestSuite()
        : TestSuite("distributed-learning-round", Type::UNIT)
    {
        for (const double dropRate : {0.1, 0.4})
        {
            for (const uint32_t workers : {4, 16})
            {
                AddTestCase(new RoundIdentitiesTestCase(workers, dropRate), TestDuration::QUICK);
            }
        }
        AddTestCase(new RoundIdentitiesTestCase(4, 0.4, BlockOwners::FIXED), TestDuration::QUICK);
        for (const bool dedicated : {false, true})
        {
            AddTestCase(new EndPointTestCase(0, dedicated), TestDuration::QUICK);
            AddTestCase(new EndPointTestCase(1, dedicated), TestDuration::QUICK);
        }
    }
};

RoundTestSuite g_roundTestSuite; //!< registers the suite

} // namespace
