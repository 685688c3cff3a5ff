/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef SUITE_SUPPORT_H
#define SUITE_SUPPORT_H

#include "ns3/block-owners.h"
#include "ns3/boolean.h"
#include "ns3/dataset.h"
#include "ns3/double.h"
#include "ns3/nstime.h"
#include "ns3/parameter-server.h"
#include "ns3/random-engine.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/simulator.h"
#include "ns3/star-topology-helper.h"
#include "ns3/string.h"
#include "ns3/traffic-ledger.h"
#include "ns3/training-helper.h"
#include "ns3/uinteger.h"
#include "ns3/worker.h"

#include <cmath>
#include <cstdint>
#include <map>
#include <sstream>
#include <string>
#include <vector>

namespace ns3
{
namespace learning
{

/// Mean of independent samples and its standard error.
class Sample
{
  public:
    /**
     * Takes in a sample.
     * @param value the sample
     */
    void Add(double value)
    {
        ++m_count;
        const double delta = value - m_mean;
        m_mean += delta / static_cast<double>(m_count);
        m_squares += delta * (value - m_mean);
    }

    /**
     * Mean of the samples.
     * @return the mean
     */
    double GetMean() const
    {
        return m_mean;
    }

    /**
     * Standard error of the mean.
     * @return the error, by the variance of the samples
     */
    double GetError() const
    {
        const auto count = static_cast<double>(m_count);
        return std::sqrt(m_squares / (count - 1) / count);
    }

    /**
     * Whether the mean is within 4 standard errors of a number: wrong once in 16,000 by chance.
     * @param expected the number
     * @return true if so
     */
    bool IsNear(double expected) const
    {
        return std::abs(m_mean - expected) <= 4 * GetError() + 1e-7 * std::abs(expected);
    }

    /**
     * Whether the mean is within 4 standard errors of a number, the law of the samples being known.
     * @param expected the number
     * @param deviation standard deviation of a sample
     * @return true if so
     */
    bool IsNear(double expected, double deviation) const
    {
        return std::abs(m_mean - expected) <=
               4 * deviation / std::sqrt(static_cast<double>(m_count));
    }

    /**
     * For messages.
     * @param expected what is expected
     * @return mean, standard error, what is expected
     */
    std::string Describe(double expected) const
    {
        std::ostringstream text;
        text << "mean " << m_mean << " +- " << GetError() << " of " << m_count
             << " samples, expected " << expected;
        return text.str();
    }

  private:
    uint64_t m_count{0}; //!< number of samples
    double m_mean{0};    //!< of the samples
    double m_squares{0}; //!< sum of squared distances from the mean
};

/**
 * Whether a number of successes agrees with a probability, by 4 standard errors of the binomial
 * law.
 * @param successes how many
 * @param trials of how many
 * @param probability of each
 * @return true if so
 */
inline bool
IsBinomial(uint64_t successes, uint64_t trials, double probability)
{
    const auto n = static_cast<double>(trials);
    return std::abs(static_cast<double>(successes) - n * probability) <=
           4 * std::sqrt(n * probability * (1 - probability));
}

/**
 * Draws numbers.
 * @param count how many
 * @param seed the seed
 * @param deviation standard deviation
 * @return normal variates
 */
inline std::vector<float>
DrawNormal(std::size_t count, uint64_t seed, double deviation = 1)
{
    RandomEngine engine(SplitMix64(0x7375697465, seed));
    std::vector<float> numbers(count);
    for (float& number : numbers)
    {
        number = static_cast<float>(deviation * engine.NextNormal());
    }
    return numbers;
}

/**
 * Data for a QuadraticModel.
 * @param samples number of samples
 * @param features numbers in a sample, which is that of parameters
 * @param deviation of each number; 0 for all zero
 * @return the data
 */
inline Ptr<Dataset>
MakeData(uint32_t samples, uint32_t features, double deviation = 0)
{
    const std::size_t count = std::size_t{samples} * features;
    const std::vector<float> targets(samples);
    if (deviation == 0)
    {
        return Create<Dataset>(SampleShape{1, 1, features},
                               std::vector<uint8_t>(count),
                               targets,
                               0U);
    }
    return Create<Dataset>(SampleShape{1, 1, features},
                           DrawNormal(count, 1, deviation),
                           targets,
                           0U);
}

/// A training on a star, small and quick unless said otherwise.
struct Scenario
{
    uint32_t workers{4};   //!< number of workers
    uint32_t servers{0};   //!< number of servers, 0 for as many as workers
    bool dedicated{false}; //!< whether servers have nodes of their own
    BlockOwners::Mode owners{BlockOwners::PERMUTED}; //!< who owns the blocks
    double dropRate{0};                              //!< on the way into every host
    bool dropControl{false};                         //!< whether control segments are dropped, too
    uint32_t segmentBytes{64};                       //!< payload of a segment
    uint32_t segmentsPerPacket{8};                   //!< length of a train
    std::string transport{"ns3::learning::DatagramTransport"};             //!< how blocks travel
    std::string algorithm{"ns3::learning::RobustParameterServer"};         //!< what is trained how
    std::string synchronization{"ns3::learning::BulkSynchronousProtocol"}; //!< when to go on
    std::string straggler{"ns3::ConstantRandomVariable[Constant=1]"}; //!< factor of compute times
    double operationsPerSecond{1e15}; //!< of a worker; so fast that only compute counts
    std::string coding{"ns3::learning::BlockCoding"};   //!< what is done to blocks on their way
    std::string model{"ns3::learning::QuadraticModel"}; //!< what is trained
    double learningRate{0};                             //!< 0: rounds only mix
    uint32_t batch{1};                                  //!< samples of a mini-batch
    uint32_t rounds{3};                                 //!< to train
    uint32_t threads{1};                                //!< cores
    uint32_t run{1};                     //!< number of the run, which all seeds depend on
    Time compute{MicroSeconds(10)};      //!< time of a gradient
    Time pushDeadline{MilliSeconds(20)}; //!< of servers
    Time pullDeadline{MilliSeconds(40)}; //!< of workers
    std::string linkRate{"10Gbps"};      //!< of every link
    std::string queue{"1000000p"};       //!< of every device
    std::string queueDisc;               //!< type of the queue discs, empty for none
    SwitchedTopologyHelper::Ports queueDiscPorts{SwitchedTopologyHelper::SWITCH_PORTS}; //!< where
    uint8_t tos{0};    //!< type of service of data segments
    Ptr<Dataset> data; //!< learned from
};

/// Builds a scenario and keeps what tests ask for. The test calls Simulator::Destroy().
class TrainingRun
{
  public:
    /**
     * Builds network and training, and the ledger that listens to them.
     * @param scenario what to build
     */
    explicit TrainingRun(const Scenario& scenario)
        : m_star(CountHosts(scenario)),
          m_ledger(Create<TrafficLedger>())
    {
        RngSeedManager::SetSeed(1);
        RngSeedManager::SetRun(scenario.run);
        m_star.SetErrorModel("ns3::learning::BernoulliErrorModel",
                             "DropRate",
                             DoubleValue(scenario.dropRate),
                             "DropControl",
                             BooleanValue(scenario.dropControl),
                             "DropOther",
                             BooleanValue(scenario.transport.find("Tcp") != std::string::npos));
        m_star.SetDeviceAttribute("DataRate", StringValue(scenario.linkRate));
        m_star.SetQueueSize(scenario.queue);
        if (!scenario.queueDisc.empty())
        {
            m_star.SetQueueDisc({scenario.queueDisc, {}}, scenario.queueDiscPorts);
        }
        m_star.Build();

        m_training.SetDataset(scenario.data, nullptr);
        m_training.SetModel(scenario.model);
        m_training.SetOptimizer("ns3::learning::StochasticGradientDescent",
                                "LearningRate",
                                DoubleValue(scenario.learningRate));
        m_training.SetAlgorithm(scenario.algorithm);
        m_training.SetCoding(scenario.coding);
        if (scenario.transport.find("Tcp") != std::string::npos)
        {
            m_training.SetTransport(scenario.transport,
                                    "SegmentBytes",
                                    UintegerValue(scenario.segmentBytes));
        }
        else
        {
            m_training.SetTransport(scenario.transport,
                                    "SegmentBytes",
                                    UintegerValue(scenario.segmentBytes),
                                    "SegmentsPerPacket",
                                    UintegerValue(scenario.segmentsPerPacket),
                                    "Tos",
                                    UintegerValue(scenario.tos));
        }
        m_training.SetSynchronization(scenario.synchronization);
        m_training.SetStraggler(scenario.straggler);
        m_training.SetCompute("OperationsPerSecond",
                              DoubleValue(scenario.operationsPerSecond),
                              "Overhead",
                              TimeValue(scenario.compute));
        m_training.SetBatchSize(scenario.batch);
        m_training.SetOwners(scenario.owners);
        m_training.SetDeadlines(scenario.pushDeadline, scenario.pullDeadline);
        m_training.SetThreads(scenario.threads);
        const NodeContainer workers = m_star.GetHosts(0, scenario.workers);
        if (scenario.dedicated)
        {
            m_workers = m_training.Install(
                workers,
                m_star.GetHosts(scenario.workers, CountHosts(scenario) - scenario.workers));
        }
        else
        {
            m_training.SetServers(scenario.servers);
            m_workers = m_training.Install(workers);
        }
        m_training.StopAfterRounds(scenario.rounds);

        std::map<uint32_t, uint32_t> hosts;
        for (uint32_t i = 0; i < CountHosts(scenario); ++i)
        {
            hosts[m_star.GetHosts().Get(i)->GetId()] = i;
        }
        m_ledger->ObserveDevices(hosts);
        for (uint32_t i = 0; i < scenario.workers; ++i)
        {
            m_ledger->ObserveTransport(GetWorker(i)->GetTransport());
        }
        for (uint32_t i = 0; scenario.dedicated && i < GetServers().GetN(); ++i)
        {
            m_ledger->ObserveTransport(GetServer(i)->GetTransport());
        }
    }

    /**
     * Ends the training at a simulated time.
     * @param time the time
     */
    void StopAt(Time time)
    {
        m_training.StopAt(time);
    }

    /**
     * A worker.
     * @param index its index
     * @return the worker
     */
    Ptr<Worker> GetWorker(uint32_t index) const
    {
        return DynamicCast<Worker>(m_workers.Get(index));
    }

    /**
     * The servers.
     * @return the servers
     */
    ApplicationContainer GetServers() const
    {
        return m_training.GetServers();
    }

    /**
     * A server.
     * @param index its index among the servers
     * @return the server
     */
    Ptr<ParameterServer> GetServer(uint32_t index) const
    {
        return DynamicCast<ParameterServer>(GetServers().Get(index));
    }

    /**
     * The training.
     * @return its helper
     */
    const TrainingHelper& GetTraining() const
    {
        return m_training;
    }

    /**
     * The workers.
     * @return the workers
     */
    const ApplicationContainer& GetWorkers() const
    {
        return m_workers;
    }

    /**
     * The network.
     * @return the star
     */
    StarTopologyHelper& GetStar()
    {
        return m_star;
    }

    /**
     * What all nodes know.
     * @return the setup
     */
    Ptr<TrainingSetup> GetSetup() const
    {
        return m_training.GetSetup();
    }

    /**
     * Traffic of both directions.
     * @return the sums
     */
    TrafficLedger::Account GetTraffic() const
    {
        TrafficLedger::Account total = m_ledger->GetTotal(PUSH);
        total += m_ledger->GetTotal(PULL);
        return total;
    }

    /**
     * Whether every data segment is accounted for once nothing is on the way.
     * @return true if sent = received + duplicate + late + dropped + refused
     */
    bool IsConserved() const
    {
        const TrafficLedger::Account total = GetTraffic();
        return total.sent ==
               total.received + total.duplicate + total.late + total.dropped + total.refused;
    }

    /**
     * Listens to the ends of rounds.
     * @param callback called with the worker and the round
     */
    void TraceRoundEnd(const Callback<void, uint32_t, uint32_t>& callback)
    {
        for (uint32_t i = 0; i < m_workers.GetN(); ++i)
        {
            m_workers.Get(i)->TraceConnectWithoutContext("RoundEnd", callback);
        }
    }

  private:
    /**
     * Number of hosts.
     * @param scenario the scenario
     * @return workers and dedicated servers
     */
    static uint32_t CountHosts(const Scenario& scenario)
    {
        const uint32_t servers = scenario.servers != 0 ? scenario.servers : scenario.workers;
        return scenario.workers + (scenario.dedicated ? servers : 0);
    }

    StarTopologyHelper m_star;      //!< the network
    TrainingHelper m_training;      //!< the training
    ApplicationContainer m_workers; //!< the workers
    Ptr<TrafficLedger> m_ledger;    //!< the account of segments
};

} // namespace learning
} // namespace ns3

#endif /* SUITE_SUPPORT_H */
