/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// The search for designs against formulas that are written down once more.

#include "ns3/advice.h"
#include "ns3/boolean.h"
#include "ns3/design-offers.h"
#include "ns3/learning-compatibility.h"
#include "ns3/scatter-reduce.h"
#include "ns3/test.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

using namespace ns3;
using namespace ns3::serverless;

namespace
{

constexpr double INF = std::numeric_limits<double>::infinity(); //!< rounds, times and costs of none

/**
 * Functions and machines, two channels and a parameter server, two optimizers, with round numbers.
 * @return the request
 */
AdviceRequest
MakeRequest()
{
    AdviceRequest request;
    request.dataBytes = 8e9;
    request.modelBytes = 1e6;
    request.epochSeconds = 80;
    PlatformOffer functions;
    functions.name = "function";
    functions.startUp = [](uint32_t w) { return 0.2 * w; };
    functions.fewest = 3;
    functions.most = 60;
    functions.rate = 70e6;
    functions.loadRate = 65e6;
    functions.loadLatency = 0.08;
    functions.slowdown = 1.25;
    functions.lifetime = 100;
    functions.restart = 0.5;
    functions.quantum = 0.1;
    functions.gigabytes = 3;
    PlatformOffer machines;
    machines.name = "machine";
    machines.isFunction = false;
    machines.startUp = [](uint32_t w) { return 100 + w; };
    machines.most = 60;
    machines.rate = 120e6;
    machines.loadRate = 65e6;
    machines.latency = 0.0005;
    machines.machine = "t2.medium";
    request.platforms = {functions, machines};
    ChannelOffer s3;
    s3.name = "s3";
    s3.latency = 0.08;
    s3.rate = 65e6;
    s3.maxObjectBytes = 1e12;
    s3.put = "s3:put";
    s3.get = "s3:get";
    s3.list = "s3:list";
    s3.remove = "s3:delete";
    ChannelOffer cache;
    cache.name = "memcached";
    cache.startUp = 140;
    cache.latency = 0.01;
    cache.aggregateRate = 630e6;
    cache.maxObjectBytes = 128e6;
    cache.node = "cache:cache.t3.medium";
    request.channels = {s3, cache};
    request.optimizers = {{"ma", 1, {{1, 10, 1}, {11, 20, 1}, {60, 167, 1}}},
                          {"admm", 2, {{1, 2, 10}, {60, 2, 10}}}};
    return request;
}

/// Time and cost of a design by the formulas of the reference, written down once more.
struct Figures
{
    double seconds{INF}; //!< of the job
    double dollars{INF}; //!< of the job
};

/**
 * Rounds of model averaging in MakeRequest().
 * @param w workers
 * @return rounds
 */
double
GetRounds(double w)
{
    return w <= 11 ? 9 + w : 20 + 3 * (w - 11);
}

/**
 * Figures of functions in MakeRequest().
 * @param w workers
 * @param overS3 or over the cache
 * @param scatters or AllReduce
 * @param admm or model averaging
 * @return time and cost
 */
Figures
GetFunctionFigures(double w, bool overS3, bool scatters, bool admm)
{
    const double m = admm ? 2e6 : 1e6;
    const double rate = overS3 ? 65e6 : 70e6;
    const double latency = overS3 ? 0.08 : 0.01;
    const double rounds = admm ? 2 : GetRounds(w);
    const double compute = (admm ? 10 : 1) * 80 * 1.25 / w;
    const double common = overS3 ? 0 : 1e6 * (admm ? 2 : 1) / 630e6;
    const double whole = m / rate + latency;
    double pages = 0; // of a list of all pieces so far: nothing is deleted
    for (int round = 1; round <= rounds; ++round)
    {
        pages += std::ceil(w * (w - 1) * round / 1000) / rounds;
    }
    const double exchange =
        scatters ? (3 * w - 2) * std::max(m / (w * rate) + latency, common) + (1 + pages) * latency
                 : (w + 1) * whole + 2 * std::max(whole, w * common) + latency;
    const double load = 8e9 / (w * 65e6) + 0.08;
    // a function may wait for another one that loads
    const double perLife = std::floor((100 - 2 * load) / (exchange + compute));
    if (perLife < 1)
    {
        return {};
    }
    const double restarts = std::ceil(rounds / perLife) - 1;
    const double begin = overS3 ? 0 : 140;
    Figures figures;
    figures.seconds = begin + 0.2 * w + load + rounds * (exchange + compute) +
                      restarts * (2 * (m / 65e6 + 0.08) + 0.5 + load);
    double steps = 0;
    for (int i = 1; i <= w; ++i)
    {
        const double life = (figures.seconds - begin - 0.2 * i - 0.5 * restarts) / (1 + restarts);
        steps += (1 + restarts) * std::ceil(life / 0.1);
    }
    figures.dollars = steps * 0.1 * 3 * 1.667e-5 + w * (1 + restarts) * (2e-7 + 4e-7) +
                      w * restarts * (4e-7 + 5e-6);
    if (!overS3)
    {
        figures.dollars += figures.seconds / 3600 * 0.068;
    }
    else if (scatters)
    {
        figures.dollars += rounds * ((w * w + (1 + pages) * w) * 5e-6 + 2 * w * (w - 1) * 4e-7);
    }
    else
    {
        figures.dollars += rounds * ((w + 2) * 5e-6 + (2 * w - 1) * 4e-7);
    }
    return figures;
}

/**
 * Figures of machines in MakeRequest().
 * @param w workers
 * @param admm or model averaging
 * @return time and cost
 */
Figures
GetMachineFigures(double w, bool admm)
{
    const double m = admm ? 2e6 : 1e6;
    const double rounds = admm ? 2 : GetRounds(w);
    Figures figures;
    figures.seconds = 100 + w + 8e9 / (w * 65e6) +
                      rounds * ((2 * w - 2) * (m / (w * 120e6) + 0.0005) + (admm ? 800 : 80) / w);
    figures.dollars = w * std::max(60.0, std::ceil(figures.seconds)) / 3600 * 0.0464 + w * 4e-7;
    return figures;
}

/**
 * Set-up: MakeRequest(); each objective.
 * Expected: the best design has the time and cost of the best of all 2 x 2 x 2 x 58 + 2 x 60
 * designs by formulas that are written down in this file, to 1e-9 (the same arithmetic in another
 * order); so has the best number of workers of each design, ten in all. Negative control: the
 * fastest is not the cheapest.
 */
class SearchTestCase : public TestCase
{
  public:
    SearchTestCase()
        : TestCase("the search finds what brute force finds")
    {
    }

  private:
    void DoRun() override
    {
        const PriceTable prices("aws-2020");
        AdviceRequest request = MakeRequest();
        std::vector<double> times;
        for (const auto objective :
             {AdviceRequest::TIME, AdviceRequest::COST, AdviceRequest::COST_IN_TIME})
        {
            request.objective = objective;
            request.deadline = 90;
            const auto better = [&](const Figures& a, const Figures& b) {
                if (objective == AdviceRequest::TIME)
                {
                    return a.seconds < b.seconds;
                }
                const bool counts =
                    objective == AdviceRequest::COST || a.seconds <= request.deadline;
                return counts && a.dollars < b.dollars;
            };
            std::vector<Figures> all;
            const auto keep = [&](const auto& figures, uint32_t fewest) {
                Figures best;
                for (uint32_t w = fewest; w <= 60; ++w)
                {
                    const Figures next = figures(w);
                    best = better(next, best) ? next : best;
                }
                all.push_back(best);
            };
            for (int i = 0; i < 8; ++i)
            {
                keep([i](double w) { return GetFunctionFigures(w, i & 1, i & 2, i & 4); }, 3);
            }
            keep([](double w) { return GetMachineFigures(w, false); }, 1);
            keep([](double w) { return GetMachineFigures(w, true); }, 1);
            Figures best;
            for (const Figures& figures : all)
            {
                best = better(figures, best) ? figures : best;
            }
            const auto designs = FindDesigns(request, prices);
            NS_TEST_ASSERT_MSG_EQ(designs.size(), 10, "all designs work");
            NS_TEST_EXPECT_MSG_EQ_TOL(designs[0].GetSeconds(), best.seconds, 1e-9, "time");
            NS_TEST_EXPECT_MSG_EQ_TOL(designs[0].dollars, best.dollars, 1e-9, "cost");
            for (const AdviceCandidate& design : designs)
            {
                const bool known =
                    std::any_of(all.begin(), all.end(), [&design](const Figures& figures) {
                        return std::abs(figures.seconds - design.GetSeconds()) < 1e-9 &&
                               std::abs(figures.dollars - design.dollars) < 1e-9;
                    });
                const bool late = objective == AdviceRequest::COST_IN_TIME &&
                                  design.GetSeconds() > request.deadline;
                NS_TEST_EXPECT_MSG_EQ((known || late), true, "each design's best workers");
            }
            times.push_back(designs[0].GetSeconds());
        }
        NS_TEST_EXPECT_MSG_LT(times[0], times[1], "the cheapest takes longer");
        NS_TEST_EXPECT_MSG_LT(times[2], 90, "the deadline is met");
    }
};

/**
 * Set-up: 1 round for one worker, 43 for 15; 10 rounds for one, 11 for 5.
 * Expected: on the line between them, 3 rounds more a worker, exactly, although 1 + 9 / 14 * 42
 * exceeds 28 in floating point (negative control); what is no whole number is rounded up.
 */
class InterpolationTestCase : public TestCase
{
  public:
    InterpolationTestCase()
        : TestCase("rounds are interpolated, and no more than whole numbers")
    {
    }

  private:
    void DoRun() override
    {
        const OptimizerOffer offer{"ma", 1, {{1, 1, 1}, {15, 43, 1}}};
        for (uint32_t w = 1; w <= 15; ++w)
        {
            NS_TEST_EXPECT_MSG_EQ(offer.Find(w).rounds, 1 + 3 * (w - 1), w << " workers");
        }
        NS_TEST_EXPECT_MSG_GT(1 + 9.0 / 14 * 42, 28, "nothing exceeds a whole number");
        const OptimizerOffer steep{"ma", 1, {{1, 10, 1}, {5, 11, 1}}};
        NS_TEST_EXPECT_MSG_EQ(steep.Find(2).rounds, 11, "10.25 rounds");
    }
};

/**
 * Set-up: MakeRequest() with pages of 5 names and deletions; 5 functions, stale by one step, and 10
 * rounds. ScatterReduce as the collective has it.
 * Expected: as many models are listed as have been stored, four of each worker at most, so that the
 * mean of pages is (1 + 2 + 3 + 7 x 4) / 10 = 3.4; where bytes that are scanned are paid, each of 5
 * workers pays for those of 5 x 3.4 models of 1 MB a round. A worker whose service waits lists its
 * own pieces alone, whatever ListsBucket says.
 */
class ListsTestCase : public TestCase
{
  public:
    ListsTestCase()
        : TestCase("lists have the names that the exchange leaves")
    {
    }

  private:
    void DoRun() override
    {
        AdviceRequest request = MakeRequest();
        request.deletes = true;
        request.channels[0].listPage = 5;
        request.optimizers = {{"ma", 1, {{5, 10, 1}}}};
        AdviceDesign design{0, 0, 0, ExchangePattern::STALE, 5};
        design.staleness = 1;
        NS_TEST_EXPECT_MSG_EQ_TOL(PredictDesign(request, design, PriceTable("aws-2020")).job.lists,
                                  3.4,
                                  1e-9,
                                  "pages");
        request.platforms[0].startUp = [](uint32_t) { return 1.0; }; // nobody looks in vain
        request.channels[0].list = "dynamo:read";
        request.channels[0].getUnit = 1;
        request.channels[0].put = request.channels[0].get = request.channels[0].remove = "";
        const auto cost = [&](const char* prices) {
            return PredictDesign(request, design, PriceTable(prices)).dollars;
        };
        const double scans = cost("aws-2020,dynamo:read=0.001") - cost("aws-2020,dynamo:read=0");
        NS_TEST_EXPECT_MSG_EQ_TOL(scans, 10 * 5 * 3.4 * 5e6 * 0.001, 1e-3, "bytes scanned");
        const auto collective = CreateObject<ScatterReduce>();
        ReadExchange(collective, request);
        NS_TEST_EXPECT_MSG_EQ(request.listsBucket, true, "as in the released code");
        collective->SetAttribute("Waits", BooleanValue(true));
        ReadExchange(collective, request);
        NS_TEST_EXPECT_MSG_EQ(request.listsBucket, false, "waits for its own");
    }
};

/**
 * Expected: designs that cannot work are left out: items that are too large, functions without the
 * memory, lives too short for a round, exchanges that time out, losses that are not reached; with
 * nothing left there is no design. A deadline that none meets puts the fastest first. A price that
 * is missing is one sentence.
 */
class LimitsTestCase : public TestCase
{
  public:
    LimitsTestCase()
        : TestCase("designs that cannot work are left out")
    {
    }

  private:
    /**
     * Designs that work.
     * @param change of MakeRequest()
     * @return their number
     */
    template <typename Change>
    std::size_t Count(Change change) const
    {
        AdviceRequest request = MakeRequest();
        change(request);
        return FindDesigns(request, PriceTable("aws-2020")).size();
    }

    void DoRun() override
    {
        NS_TEST_EXPECT_MSG_EQ(Count([](auto&) {}), 10, "all");
        NS_TEST_EXPECT_MSG_EQ(Count([](auto& r) { r.channels[0].maxObjectBytes = 999999; }),
                              8,
                              "AllReduce over s3 has whole vectors");
        NS_TEST_EXPECT_MSG_EQ(Count([](auto& r) { r.platforms[0].fewest = 61; }), 2, "memory");
        const auto alone = [](auto& r) {
            r.platforms[0].fewest = r.platforms[0].most = 1;
            r.platforms[0].lifetime = 1e5;
        };
        NS_TEST_EXPECT_MSG_EQ(Count(alone), 6, "one function has nothing to scatter");
        NS_TEST_EXPECT_MSG_EQ(Count([](auto& r) { r.platforms[0].lifetime = 20; }),
                              5,
                              "20 s are enough for model averaging alone, but not for long lists");
        const auto one = [](auto& r) {
            r.platforms[0].lifetime = 20;
            r.platforms[0].checkpoints = false;
        };
        NS_TEST_EXPECT_MSG_EQ(Count(one), 2, "no function lives through its job");
        NS_TEST_EXPECT_MSG_EQ(Count([](auto& r) {
                                  r.platforms[0].fits = [](uint32_t, double m) { return m < 2e6; };
                              }),
                              6,
                              "ADMM has two vectors in memory");
        NS_TEST_EXPECT_MSG_EQ(Count([](auto& r) { r.timeout = 0.1; }), 2, "rings are fast");
        const auto late = [](auto& r) {
            r.platforms[0].fewest = 60;
            r.timeout = 60;
            r.platforms[0].startUp = [](uint32_t w) { return 2.0 * w; };
        };
        NS_TEST_EXPECT_MSG_EQ(Count(late), 2, "the first function waits 118 s for the last one");
        const auto together = [late](auto& r) {
            late(r);
            r.platforms[0].startUp = [](uint32_t) { return 120.0; };
        };
        NS_TEST_EXPECT_MSG_EQ(Count(together), 10, "functions that begin together do not");
        NS_TEST_EXPECT_MSG_EQ(Count([](auto& r) { r.optimizers[1].points[1].rounds = INF; }),
                              10 - 4, // at one worker it is reached still, by machines
                              "functions are 3 or more");
        NS_TEST_EXPECT_MSG_EQ(Count([](auto& r) { r.optimizers.clear(); }), 0, "nothing");
        AdviceRequest request = MakeRequest();
        const double fastest = FindDesigns(request, PriceTable("aws-2020"))[0].GetSeconds();
        request.objective = AdviceRequest::COST_IN_TIME;
        request.deadline = 1;
        NS_TEST_EXPECT_MSG_EQ(FindDesigns(request, PriceTable("aws-2020"))[0].GetSeconds(),
                              fastest,
                              "none is in time");
        request.deadline = 10;
        NS_TEST_EXPECT_MSG_EQ(IsBetter(request, 10, 1, 9, 2), true, "just in time, and cheaper");
        NS_TEST_EXPECT_MSG_EQ(IsBetter(request, 9, 2, 10, 1), false, "just in time, and cheaper");
        request.platforms[1].machine = "m9.huge";
        std::string sentence;
        try
        {
            FindDesigns(request, PriceTable("aws-2020"));
        }
        catch (const std::invalid_argument& error)
        {
            sentence = error.what();
        }
        NS_TEST_EXPECT_MSG_EQ((sentence.find("aws-2020 has no vm:m9.huge") != std::string::npos &&
                               sentence.find("vm:t2.medium") != std::string::npos),
                              true,
                              "a missing price is named, with those there are: " << sentence);
    }
};

/// The suite.
class AdviceTestSuite : public TestSuite
{
  public:
    AdviceTestSuite()
        : TestSuite("serverless-learning-advice", Type::UNIT)
    {
        const auto add = [this](TestCase* test) {
            AddTestCase(test, learning::TestDuration::QUICK);
        };
        add(new SearchTestCase);
        add(new InterpolationTestCase);
        add(new ListsTestCase);
        add(new LimitsTestCase);
    }
};

AdviceTestSuite g_adviceTestSuite; //!< registers the suite

} // namespace
