/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/random-engine.h"
#include "ns3/received-mean-rule.h"
#include "ns3/rescaled-mean-rule.h"
#include "ns3/zero-fill-rule.h"

#include <cmath>
#include <functional>
#include <gtest/gtest.h>
#include <vector>

using namespace ns3;
using namespace ns3::learning;

namespace
{

/// Moments of a rule's estimate of one number, around the mean of all contributions.
struct Moments
{
    double mean{0};             //!< of the estimates
    double meanError{0};        //!< its standard error
    double squareError{0};      //!< mean square error
    double squareErrorError{0}; //!< its standard error

    /**
     * Whether both moments agree with what is expected, within 4 standard errors.
     * @param expectedMean the mean
     * @param expectedSquare the mean square error
     * @return true if so
     */
    bool Agree(double expectedMean, double expectedSquare) const
    {
        return std::abs(mean - expectedMean) <= 4 * meanError &&
               std::abs(squareError - expectedSquare) <= 4 * squareErrorError;
    }
};

/// What the workers contribute in all tests: gradients that agree in part.
class Gradients
{
  public:
    /**
     * Makes them.
     * @param workers N
     */
    explicit Gradients(uint32_t workers)
    {
        for (uint32_t k = 0; k < workers; ++k)
        {
            values.push_back(1.0F + std::sin(static_cast<float>(k)));
            mean += values.back() / workers;
            squares += double{values.back()} * values.back();
        }
        for (const float value : values)
        {
            spread += std::pow(value - mean, 2) / (workers - 1);
        }
    }

    /**
     * Loses segments of one number, each on its own, and aggregates what is left.
     * @param rule the rule
     * @param dropRate p
     * @param local whether the contribution of worker 0 is the server's own
     * @return the moments over independent segments
     */
    Moments Draw(const Ptr<AggregationRule>& rule, double dropRate, bool local = false) const
    {
        constexpr uint32_t SEGMENTS = 1000;
        constexpr uint32_t BLOCKS = 300;
        const SegmentLayout layout{SEGMENTS, 1};
        RandomEngine draw(SplitMix64(7, values.size()));
        double sum = 0;
        double sumSquares = 0;
        double errors = 0;
        double errorSquares = 0;
        std::vector<std::vector<float>> blocks;
        for (const float value : values)
        {
            blocks.emplace_back(SEGMENTS, value);
        }
        std::vector<float> result(SEGMENTS);
        for (uint32_t block = 0; block < BLOCKS; ++block)
        {
            std::vector<SegmentMask> masks(values.size(), SegmentMask(SEGMENTS));
            std::vector<AggregationRule::Contribution> contributions;
            for (std::size_t k = 0; k < values.size(); ++k)
            {
                for (uint32_t segment = 0; segment < SEGMENTS; ++segment)
                {
                    if (draw.NextUniform() >= dropRate || (local && k == 0))
                    {
                        masks[k].Set(segment);
                    }
                }
                contributions.push_back({blocks[k].data(), &masks[k], local && k == 0});
            }
            std::fill(result.begin(), result.end(), 0.0F);
            rule->Aggregate(contributions,
                            layout,
                            static_cast<uint32_t>(values.size()),
                            result.data());
            for (const double estimate : result)
            {
                const double error = std::pow(estimate - mean, 2);
                sum += estimate;
                sumSquares += estimate * estimate;
                errors += error;
                errorSquares += error * error;
            }
        }
        constexpr double COUNT = double{SEGMENTS} * BLOCKS;
        Moments moments;
        moments.mean = sum / COUNT;
        moments.squareError = errors / COUNT;
        moments.meanError = std::sqrt((sumSquares / COUNT - moments.mean * moments.mean) / COUNT);
        moments.squareErrorError =
            std::sqrt((errorSquares / COUNT - moments.squareError * moments.squareError) / COUNT);
        return moments;
    }

    std::vector<float> values; //!< g_k, by worker
    double mean{0};            //!< of them
    double squares{0};         //!< sum of g_k^2
    double spread{0};          //!< S^2 = sum of (g_k - mean)^2 / (N - 1)
};

/**
 * Runs a check for the cases of loss-tolerance.md 4.1.
 * @param check called with N and p
 */
void
ForEachCase(const std::function<void(uint32_t, double)>& check)
{
    check(4, 0.3);
    check(8, 0.1);
    check(8, 0.6);
}

/**
 * Binomial coefficient.
 * @param n of how many
 * @param k how many
 * @return the number of ways
 */
double
Choose(uint32_t n, uint32_t k)
{
    return std::round(
        std::exp(std::lgamma(n + 1.0) - std::lgamma(k + 1.0) - std::lgamma(n - k + 1.0)));
}

/**
 * A rescaled mean that knows the drop rate.
 * @param dropRate p
 * @return the rule
 */
Ptr<RescaledMeanRule>
MakeRescaled(double dropRate)
{
    const Ptr<RescaledMeanRule> rule = CreateObject<RescaledMeanRule>();
    rule->SetAttribute("Estimated", BooleanValue(false));
    rule->SetAttribute("DropRate", DoubleValue(dropRate));
    return rule;
}

} // namespace

// Set-up: N contributions of which each number is lost with probability p, 300,000 draws.
// Expected: mean and mean square error in closed form (loss-tolerance.md 4.1), within 4 standard
// errors; negative control: the mean of zero fill is not that of the contributions.
TEST(AggregationRule, ZeroFillHasItsMomentsAndIsBiased)
{
    ForEachCase([](uint32_t n, double p) {
        const Gradients g(n);
        const Moments moments = g.Draw(CreateObject<ZeroFillRule>(), p);
        const double expected = p * p * g.mean * g.mean + p * (1 - p) * g.squares / n / n;
        EXPECT_TRUE(moments.Agree((1 - p) * g.mean, expected)) << n << " workers, p = " << p;
        EXPECT_GT(std::abs(moments.mean - g.mean), 40 * moments.meanError);
    });
}

// As above, for the rule that knows p: unbiased, with the larger variance.
TEST(AggregationRule, RescaledMeanIsUnbiased)
{
    ForEachCase([](uint32_t n, double p) {
        const Gradients g(n);
        const Moments moments = g.Draw(MakeRescaled(p), p);
        EXPECT_TRUE(moments.Agree(g.mean, p / (1 - p) * g.squares / n / n))
            << n << " workers, p = " << p;
    });
}

// As above, for the mean of what arrived; a result stays 0 where nothing did.
TEST(AggregationRule, ReceivedMeanHasItsMoments)
{
    ForEachCase([](uint32_t n, double p) {
        const Gradients g(n);
        const Moments moments = g.Draw(CreateObject<ReceivedMeanRule>(), p);
        double inverse = 0; // E[1/K; K >= 1]
        for (uint32_t k = 1; k <= n; ++k)
        {
            inverse += Choose(n, k) * std::pow(1 - p, k) * std::pow(p, n - k) / k;
        }
        const double none = std::pow(p, n);
        EXPECT_TRUE(moments.Agree((1 - none) * g.mean,
                                  none * g.mean * g.mean + g.spread * (inverse - (1 - none) / n)))
            << n << " workers, p = " << p;
    });
}

// Set-up: worker 0 shares the server's node, so that its contribution is never lost.
// Expected: unbiased, and only the others' numbers make variance; negative control: the same
// contribution taken for one of the network's is scaled up, which is a bias of p / (1 - p) g_0 / N.
TEST(AggregationRule, RescaledMeanDoesNotScaleWhatCannotBeLost)
{
    ForEachCase([](uint32_t n, double p) {
        const Gradients g(n);
        const Ptr<RescaledMeanRule> rule = MakeRescaled(p);
        const Moments moments = g.Draw(rule, p, true);
        const double remote = g.squares - double{g.values[0]} * g.values[0];
        EXPECT_TRUE(moments.Agree(g.mean, p / (1 - p) * remote / n / n));

        const SegmentMask all(1, true);
        float result = 0;
        rule->Aggregate({{g.values.data(), &all}}, {1, 1}, n, &result);
        EXPECT_NEAR(result, g.values[0] / (1 - p) / n, 1e-6);
        rule->Aggregate({{g.values.data(), &all, true}}, {1, 1}, n, &result);
        EXPECT_NEAR(result, g.values[0] / n, 1e-6);
    });
}

// Expected: the estimate is the share of all awaited segments that did not come, to the last bit a
// count; after 300 blocks it is within 4 standard errors of p and the moments are those of the rule
// that knows p, but for the first blocks (1 in 300, far less than a standard error).
TEST(AggregationRule, RescaledMeanEstimatesTheDropRate)
{
    ForEachCase([](uint32_t n, double p) {
        const Gradients g(n);
        const Ptr<RescaledMeanRule> rule = CreateObject<RescaledMeanRule>();
        EXPECT_EQ(rule->GetDropRate(), 0);
        const Moments moments = g.Draw(rule, p, true);
        EXPECT_NEAR(rule->GetDropRate(), p, 4 * std::sqrt(p * (1 - p) / (300000.0 * (n - 1))));
        EXPECT_NEAR(moments.mean, g.mean, 4 * moments.meanError);
    });
    const Ptr<RescaledMeanRule> rule = CreateObject<RescaledMeanRule>();
    const std::vector<float> ones(10, 1.0F);
    SegmentMask some(10);
    some.Set(3);
    some.Set(4);
    some.Set(9);
    std::vector<float> result(10, 7.0F);
    rule->Aggregate({{ones.data(), &some}}, {10, 1}, 2, result.data());
    EXPECT_DOUBLE_EQ(rule->GetDropRate(), 17.0 / 20);
    EXPECT_EQ(result[0], 0.0F); // nobody's segment is zero, not left as it was
    EXPECT_FLOAT_EQ(result[3], 1.0F / (2 * 0.15F));
    rule->Aggregate({}, {10, 1}, 2, result.data());
    EXPECT_DOUBLE_EQ(rule->GetDropRate(), 37.0 / 40);
}

// Expected: while nothing has come over the network, there is no estimate yet: nothing is scaled,
// and what the server's own worker contributed is not thrown away.
TEST(AggregationRule, RescaledMeanWaitsForAnEstimate)
{
    const Ptr<RescaledMeanRule> rule = CreateObject<RescaledMeanRule>();
    const SegmentMask all(1, true);
    const float own = 3;
    float result = 7;
    EXPECT_TRUE(rule->Aggregate({{&own, &all, true}}, {1, 1}, 4, &result).IsComplete());
    EXPECT_EQ(rule->GetDropRate(), 0);
    EXPECT_FLOAT_EQ(result, 3.0F / 4);
    // one of 6 that were to come: the others have lost it with probability 5/6
    const float other = 1;
    rule->Aggregate({{&own, &all, true}, {&other, &all}}, {1, 1}, 4, &result);
    EXPECT_DOUBLE_EQ(rule->GetDropRate(), 5.0 / 6);
    EXPECT_FLOAT_EQ(result, (3.0F / 6 + 1) / (4.0F / 6));
}

// Expected: with nothing lost all rules are the mean, to the last bit that of the received mean.
TEST(AggregationRule, AllAgreeWithoutLoss)
{
    const Gradients g(7);
    const SegmentMask all(1, true);
    std::vector<AggregationRule::Contribution> contributions;
    for (const float& value : g.values)
    {
        contributions.push_back({&value, &all});
    }
    std::vector<float> results;
    for (const Ptr<AggregationRule>& rule :
         std::vector<Ptr<AggregationRule>>{CreateObject<ReceivedMeanRule>(),
                                           CreateObject<ZeroFillRule>(),
                                           CreateObject<RescaledMeanRule>(),
                                           MakeRescaled(0)})
    {
        results.emplace_back();
        EXPECT_TRUE(rule->Aggregate(contributions, {1, 1}, 7, &results.back()).IsComplete());
        EXPECT_EQ(results.back(), results.front());
    }
    EXPECT_FLOAT_EQ(results.front(), static_cast<float>(g.mean));
}

// Expected: a fresh rule has the attributes, and not the memory, of the one it is made of.
TEST(AggregationRule, FreshOnesShareAttributesOnly)
{
    const Ptr<RescaledMeanRule> given = MakeRescaled(0.25);
    const auto copy = DynamicCast<RescaledMeanRule>(given->MakeFresh());
    ASSERT_TRUE(copy);
    EXPECT_NE(copy, given);
    EXPECT_EQ(copy->GetDropRate(), 0.25);
    const Ptr<RescaledMeanRule> estimates = CreateObject<RescaledMeanRule>();
    std::vector<float> room(10);
    estimates->Aggregate({}, {10, 1}, 2, room.data());
    SegmentMask one(1, true);
    const float number = 1;
    float result = 0;
    const Ptr<AggregationRule> fresh = estimates->MakeFresh();
    fresh->Aggregate({{&number, &one}}, {1, 1}, 1, &result);
    EXPECT_EQ(result, 1.0F);
    EXPECT_TRUE(DynamicCast<ZeroFillRule>(CreateObject<ZeroFillRule>()->MakeFresh()));
}
