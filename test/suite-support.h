/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef SUITE_SUPPORT_H
#define SUITE_SUPPORT_H

#include "sample.h"

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

/// All transports.
inline const char* const TRANSPORTS[] = {
    "ns3::learning::DatagramTransport",
    "ns3::learning::SelectiveRepeatTransport[MaxPasses=40]",
    "ns3::learning::BoundedLossTransport[MinHistory=4|MaxPasses=40]",
    "ns3::learning::ParityTransport",
    "ns3::learning::TcpTransport"};

/**
 * Whether a transport is that over TCP.
 * @param transport its type
 * @return true if so
 */
inline bool
IsTcp(const std::string& transport)
{
    return transport.find("Tcp") != std::string::npos;
}

/**
 * For the names of cases, which may not contain bars.
 * @param type a type, perhaps with attributes
 * @return the type without attributes
 */
inline std::string
StripAttributes(const std::string& type)
{
    return type.substr(0, type.find('['));
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
    std::string loss;              //!< law of the loss in place of independent drops, with its rate
    uint32_t segmentBytes{64};     //!< payload of a segment
    uint32_t segmentsPerPacket{8}; //!< length of a train
    std::string transport{"ns3::learning::DatagramTransport"};             //!< how blocks travel
    std::string algorithm{"ns3::learning::RobustParameterServer"};         //!< what is trained how
    std::string synchronization{"ns3::learning::BulkSynchronousProtocol"}; //!< when to go on
    std::string straggler{"ns3::ConstantRandomVariable[Constant=1]"}; //!< factor of compute times
    double operationsPerSecond{1e15}; //!< of a worker; so fast that only compute counts
    std::string coding{"ns3::learning::BlockCoding"};   //!< what is done to blocks on their way
    std::string model{"ns3::learning::QuadraticModel"}; //!< what is trained
    std::string optimizer{"ns3::learning::StochasticGradientDescent"}; //!< without its rate
    double learningRate{0};                                            //!< 0: rounds only mix
    uint32_t batch{1};                                                 //!< samples of a mini-batch
    uint32_t rounds{3};                                                //!< to train
    uint32_t threads{1};                                               //!< cores
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
        std::ostringstream independent;
        independent.precision(17);
        independent << "ns3::learning::BernoulliErrorModel[DropRate=" << scenario.dropRate << "]";
        const bool isTcp = IsTcp(scenario.transport);
        m_star.SetErrorModel(scenario.loss.empty() ? independent.str() : scenario.loss,
                             "DropControl",
                             BooleanValue(scenario.dropControl),
                             "DropOther",
                             BooleanValue(isTcp));
        m_star.SetDeviceAttribute("DataRate", StringValue(scenario.linkRate));
        m_star.SetQueueSize(scenario.queue);
        if (!scenario.queueDisc.empty())
        {
            m_star.SetQueueDisc({scenario.queueDisc, {}}, scenario.queueDiscPorts);
        }
        m_star.Build();

        m_training.SetDataset(scenario.data, nullptr);
        m_training.SetModel(scenario.model);
        m_training.SetOptimizer(scenario.optimizer,
                                "LearningRate",
                                DoubleValue(scenario.learningRate));
        m_training.SetAlgorithm(scenario.algorithm);
        m_training.SetCoding(scenario.coding);
        if (isTcp)
        {
            m_training.SetTransport(scenario.transport,
                                    "SegmentBytes",
                                    UintegerValue(scenario.segmentBytes),
                                    "Tos",
                                    UintegerValue(scenario.tos));
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
