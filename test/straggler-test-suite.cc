/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// How long computations take: laws given by their tails, traces, slow workers, illegal factors.

#include "suite-support.h"

#include "ns3/compute-model.h"
#include "ns3/learning-compatibility.h"
#include "ns3/pointer.h"
#include "ns3/straggler-variable.h"
#include "ns3/string.h"
#include "ns3/test.h"
#include "ns3/trace-variable.h"

#include <fstream>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>

using namespace ns3;
using namespace ns3::learning;

namespace
{

/**
 * Set-up: 40,000 factors.
 * Stimulus: both laws, tail ratios 1.5 and 3.
 * Expected: half of the factors are below 1, 99 in 100 below the ratio, within 4 standard errors.
 * Negative control: a tail ratio a tenth larger would not do.
 */
class QuantilesTestCase : public TestCase
{
  public:
    /**
     * @param law LogNormal or Pareto
     * @param ratio the tail ratio
     */
    QuantilesTestCase(const std::string& law, double ratio)
        : TestCase("quantiles: " + law + ", tail ratio " + std::to_string(ratio)),
          m_law(law),
          m_ratio(ratio)
    {
    }

  private:
    void DoRun() override
    {
        constexpr uint64_t DRAWS = 40000;
        const auto variable = CreateObject<StragglerVariable>();
        variable->SetAttribute("Law", StringValue(m_law));
        variable->SetAttribute("TailRatio", DoubleValue(m_ratio));
        variable->SetStream(17);
        uint64_t median = 0;
        uint64_t tail = 0;
        uint64_t wrongTail = 0;
        for (uint64_t i = 0; i < DRAWS; ++i)
        {
            const double factor = variable->GetValue();
            median += factor < 1;
            tail += factor < m_ratio;
            wrongTail += factor < 1.1 * m_ratio;
        }
        NS_TEST_EXPECT_MSG_EQ(IsBinomial(median, DRAWS, 0.5), true, "below 1: " << median);
        NS_TEST_EXPECT_MSG_EQ(IsBinomial(tail, DRAWS, 0.99), true, "below the ratio: " << tail);
        NS_TEST_EXPECT_MSG_EQ(IsBinomial(wrongTail, DRAWS, 0.99), false, "of a larger ratio");
    }

    const std::string m_law; //!< LogNormal or Pareto
    const double m_ratio;    //!< 99th percentile over median
};

/**
 * Set-up: a file of five factors, with a comment.
 * Expected: draws are the numbers of the file in their order, over again, from a place that differs
 * between streams; what is no number, and a file that is not there, are refused.
 */
class TraceTestCase : public TestCase
{
  public:
    TraceTestCase()
        : TestCase("factors of a file")
    {
    }

  private:
    void DoRun() override
    {
        const std::string name = CreateTempDirFilename("factors.txt");
        std::ofstream(name) << "# factors\n1 2\n3\n4 5 # the last ones\n";
        std::set<double> firsts;
        for (int64_t stream = 0; stream < 20; ++stream)
        {
            const auto variable = CreateObject<TraceVariable>();
            variable->SetAttribute("File", StringValue(name));
            variable->SetStream(stream);
            double last = variable->GetValue();
            firsts.insert(last);
            for (uint32_t i = 0; i < 12; ++i)
            {
                const double next = variable->GetValue();
                NS_TEST_EXPECT_MSG_EQ(next, (last == 5 ? 1 : last + 1), "order");
                last = next;
            }
        }
        NS_TEST_EXPECT_MSG_GT(firsts.size(), 2, "all begin at the same place");
        std::ofstream(name) << "1\n-2\n";
        Expect(name, "line 2: '-2' is no number above 0");
        std::ofstream(name) << "1\n2 0\n";
        Expect(name, "line 2: '0' is no number above 0");
        std::ofstream(name) << "# nothing\n";
        Expect(name, "there is no number in it");
        Expect("/nowhere/factors", "cannot be read");
    }

    /**
     * Tries a file.
     * @param file its name
     * @param expected part of the sentence
     */
    void Expect(const std::string& file, const std::string& expected)
    {
        std::string sentence;
        try
        {
            CreateObject<TraceVariable>()->SetAttribute("File", StringValue(file));
        }
        catch (const std::invalid_argument& error)
        {
            sentence = error.what();
        }
        NS_TEST_EXPECT_MSG_NE(sentence.find(expected), std::string::npos, sentence);
    }
};

/**
 * Set-up: three workers whose straggler variable is made of another one; the second has a slowdown
 * of 3.
 * Expected: no two workers share the inner variable, whose streams differ, too; the gradient of the
 * slow worker takes three times as long; a slowdown of a worker that is not there, or of 0, is
 * refused.
 */
class WorkersTestCase : public TestCase
{
  public:
    WorkersTestCase()
        : TestCase("every worker has variables of its own, and perhaps a slowdown")
    {
    }

  private:
    void DoRun() override
    {
        StarTopologyHelper star(3);
        star.Build();
        TrainingHelper training;
        training.SetDataset(MakeData(3, 10), nullptr);
        training.SetModel("ns3::learning::QuadraticModel");
        training.SetBatchSize(1);
        training.SetStraggler("ns3::SequentialRandomVariable[Min=1|Max=100|Increment="
                              "ns3::UniformRandomVariable[Min=1|Max=2]]");
        training.SetSlowdown(1, 3);
        const ApplicationContainer workers = training.Install(star.GetHosts());
        std::set<Ptr<RandomVariableStream>> inner;
        std::set<int64_t> streams;
        std::vector<Time> first;
        for (uint32_t i = 0; i < 3; ++i)
        {
            const auto compute = DynamicCast<Worker>(workers.Get(i))->GetComputeModel();
            PointerValue straggler;
            compute->GetAttribute("Straggler", straggler);
            PointerValue increment;
            straggler.Get<RandomVariableStream>()->GetAttribute("Increment", increment);
            const auto variable = increment.Get<RandomVariableStream>();
            inner.insert(variable);
            streams.insert(variable->GetStream());
            first.push_back(compute->Draw(1e7));
        }
        NS_TEST_EXPECT_MSG_EQ(inner.size(), 3, "inner variables");
        NS_TEST_EXPECT_MSG_EQ(streams.size(), 3, "their streams");
        NS_TEST_EXPECT_MSG_EQ(first[1], first[0] * 3, "slow worker");
        NS_TEST_EXPECT_MSG_EQ(first[2], first[0], "other workers");
        std::string sentence;
        try
        {
            training.SetSlowdown(3, 2);
            training.Install(star.GetHosts());
        }
        catch (const std::invalid_argument& error)
        {
            sentence = error.what();
        }
        NS_TEST_EXPECT_MSG_NE(sentence.find("there are 3 workers"), std::string::npos, sentence);
        Simulator::Destroy();
    }
};

/**
 * Set-up: a computation of 1 s.
 * Stimulus: factors that are not above 0: constants of -1 and 0 and those of a uniform law from -2
 * to -1; a law that cannot draw; and constants of 0.5.
 * Expected: a constant, and what cannot draw, is refused when it is set, a drawn factor when it is
 * drawn; what is above 0 is not. A computation that ends after more than 9e9 s, which simulated
 * time cannot count, fails.
 */
class FactorTestCase : public TestCase
{
  public:
    FactorTestCase()
        : TestCase("factors that are not above 0 are refused")
    {
    }

  private:
    void DoRun() override
    {
        const std::string constant = "ns3::ConstantRandomVariable[Constant=";
        NS_TEST_EXPECT_MSG_EQ(Draw(constant + "0.5]"), "0.5 s", "half the time");
        for (const std::string factor : {"-1", "0"})
        {
            NS_TEST_EXPECT_MSG_EQ(Draw(constant + factor + "]"),
                                  "illegal: ns3::learning::ComputeModel::Straggler=" + constant +
                                      factor + "]: a factor above 0 is needed",
                                  "a constant");
        }
        NS_TEST_EXPECT_MSG_EQ(
            Draw("ns3::NormalRandomVariable[Mean=1|Variance=-1]"),
            "illegal: ns3::NormalRandomVariable::Variance=-1: a number of at least 0 is needed",
            "what never draws");
        const std::string drawn = Draw("ns3::UniformRandomVariable[Min=-2|Max=-1]");
        NS_TEST_EXPECT_MSG_EQ(drawn.find("failed: ns3::learning::ComputeModel::Straggler: "
                                         "ns3::UniformRandomVariable has drawn -1."),
                              0,
                              drawn);
        std::string late;
        Simulator::Schedule(Seconds(8.5e9), [&] {
            late = Draw(constant + "1e8]") + ", " + Draw(constant + "6e8]");
        });
        Simulator::Run();
        Simulator::Destroy();
        NS_TEST_EXPECT_MSG_EQ(late.find("1e+08 s, failed: ns3::learning::ComputeModel: a "
                                        "computation ends after more than 9e9 s"),
                              0,
                              late);
    }

    /**
     * Draws the time of a computation.
     * @param straggler its factor
     * @return the time, or how it is refused
     */
    static std::string Draw(const std::string& straggler)
    {
        try
        {
            const auto compute = CreateObject<ComputeModel>();
            compute->SetAttribute("Straggler", StringValue(straggler));
            std::ostringstream time;
            time << compute->Draw(1e10).GetSeconds() << " s";
            return time.str();
        }
        catch (const std::invalid_argument& error)
        {
            return std::string("illegal: ") + error.what();
        }
        catch (const std::runtime_error& error)
        {
            return std::string("failed: ") + error.what();
        }
    }
};

/**
 * Set-up: computations that end at whole milliseconds only.
 * Stimulus: such that begin at 0 or 1.5 ms and take nothing, 3 ms, 3.5 ms or 1 ns more than 3 ms.
 * Expected: they end at the first whole millisecond that is not before their own end, and never at
 * once: one that is just in time does not wait for another period.
 */
class PeriodTestCase : public TestCase
{
  public:
    PeriodTestCase()
        : TestCase("computations end at multiples of the period")
    {
    }

  private:
    void DoRun() override
    {
        Expect(Time(0), MilliSeconds(1), MilliSeconds(2));
        Expect(MilliSeconds(3), MilliSeconds(3), MilliSeconds(5));
        Expect(MicroSeconds(3500), MilliSeconds(4), MilliSeconds(5));
        Expect(NanoSeconds(3000001), MilliSeconds(4), MilliSeconds(5));
    }

    /**
     * Looks when a computation ends.
     * @param overhead how long it takes
     * @param first its end, if it begins at 0
     * @param second its end, if it begins at 1.5 ms
     */
    void Expect(Time overhead, Time first, Time second)
    {
        const auto compute = CreateObject<ComputeModel>();
        compute->SetAttribute("Period", TimeValue(MilliSeconds(1)));
        compute->SetAttribute("Overhead", TimeValue(overhead));
        NS_TEST_EXPECT_MSG_EQ(compute->Draw(0), first, "from 0 on, " << overhead.As(Time::MS));
        Simulator::Schedule(MicroSeconds(1500), [&] {
            NS_TEST_EXPECT_MSG_EQ(compute->Draw(0) + Simulator::Now(),
                                  second,
                                  "from 1.5 ms on, " << overhead.As(Time::MS));
        });
        Simulator::Run();
        Simulator::Destroy();
    }
};

/// How long computations take.
class StragglerTestSuite : public TestSuite
{
  public:
    StragglerTestSuite()
        : TestSuite("distributed-learning-stragglers", Type::UNIT)
    {
        for (const double ratio : {1.5, 3.0})
        {
            AddTestCase(new QuantilesTestCase("LogNormal", ratio), TestDuration::QUICK);
            AddTestCase(new QuantilesTestCase("Pareto", ratio), TestDuration::QUICK);
        }
        AddTestCase(new TraceTestCase, TestDuration::QUICK);
        AddTestCase(new WorkersTestCase, TestDuration::QUICK);
        AddTestCase(new FactorTestCase, TestDuration::QUICK);
        AddTestCase(new PeriodTestCase, TestDuration::QUICK);
    }
};

StragglerTestSuite g_stragglerTestSuite; //!< registers the suite

} // namespace
