/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef SERVERLESS_TRAINING_HELPER_H
#define SERVERLESS_TRAINING_HELPER_H

#include "region-helper.h"

#include "ns3/function-worker.h"
#include "ns3/machine-worker.h"
#include "ns3/object-factory.h"
#include "ns3/storage-service.h"
#include "ns3/training-job.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace ns3
{
namespace serverless
{

/**
 * @ingroup serverless-learning-helper
 *
 * A training by functions or by virtual machines, from its parts: what is learned, how, over what,
 * on what. Set the parts, Install(), run the simulator, and look at the workers and the job.
 *
 * Service 0 holds partitions and checkpoints; models go over the channel, which is service 1 or the
 * same service. Functions use a collective over the channel, machines a ring, unless told
 * otherwise.
 */
class ServerlessTrainingHelper
{
  public:
    ServerlessTrainingHelper();

    /**
     * Sets what is learned; parts are dealt by Install() if there are none.
     * @param task the task
     */
    void SetTask(const LearningTask& task);

    /**
     * Sets the optimization algorithm, the type of each worker's part.
     * @param factory makes a LocalOptimization
     */
    void SetOptimization(const ObjectFactory& factory);

    /**
     * Sets how vectors are exchanged.
     * @param factory makes a Collective
     */
    void SetCollective(const ObjectFactory& factory);

    /**
     * Sets the service with partitions and checkpoints.
     * @param factory makes a StorageService
     */
    void SetStore(const ObjectFactory& factory);

    /**
     * Sets another service for models.
     * @param factory makes a StorageService
     */
    void SetChannel(const ObjectFactory& factory);

    /**
     * Runs workers on functions.
     * @param platform where
     */
    void SetPlatform(Ptr<FunctionPlatform> platform);

    /**
     * Runs workers on virtual machines.
     * @param fleet which
     */
    void SetFleet(Ptr<MachineFleet> fleet);

    /**
     * Sets the rate of workers' network interfaces, instead of that of platform or fleet.
     * @param rate above 0
     */
    void SetWorkerRate(DataRate rate);

    /**
     * Sets bytes in a TCP segment of all connections, instead of attributes SegmentBytes of each
     * service, client and ring.
     * @param bytes 500 to 65000, or 0 for these attributes
     */
    void SetSegmentBytes(uint32_t bytes);

    /**
     * Drops packets on the way into all machines.
     * @param dropRate in [0, 1]
     */
    void SetDropRate(double dropRate);

    /**
     * Sets a random factor of each computation.
     * @param straggler a random variable, such as ns3::LogNormalRandomVariable[Mu=0|Sigma=0.1]
     */
    void SetStraggler(const std::string& straggler);

    /**
     * Makes some workers slow: the last ones.
     * @param count how many
     * @param slowdown factor of their computations, above 0
     */
    void SetSlowWorkers(uint32_t count, double slowdown);

    /**
     * Lets a worker break down.
     * @param worker its index
     * @param time since its start
     */
    void SetFailure(uint32_t worker, Time time);

    /**
     * The training: sizes, ends, record; to be set before Install().
     * @return the job
     */
    Ptr<TrainingJob> GetJob() const;

    /**
     * Where functions run.
     * @return the platform, or null for machines
     */
    Ptr<FunctionPlatform> GetPlatform() const;

    /**
     * Where machines come from.
     * @return the fleet, or null for functions
     */
    Ptr<MachineFleet> GetFleet() const;

    /**
     * How vectors are exchanged; after Install().
     * @return what makes the workers' parts
     */
    const ObjectFactory& GetCollective() const;

    /**
     * Rate of workers' network interfaces; after Install().
     * @return as set, or that of platform or fleet
     */
    DataRate GetWorkerRate() const;

    /**
     * Random factor of each computation.
     * @return the random variable
     */
    const std::string& GetStraggler() const;

    /**
     * Factor of a worker's computations, slow ones' as SetSlowWorkers() says.
     * @param worker its index
     * @return the factor
     */
    double GetSlowdown(uint32_t worker) const;

    /**
     * Makes network, services and workers. The simulation stops when all workers are done or
     * failed.
     * @throws std::invalid_argument with one sentence if parts do not fit together, or partitions
     * not into functions, or if neither rounds nor epochs of the job are limited
     */
    void Install();

    /**
     * The workers.
     * @return by index
     */
    const std::vector<Ptr<TrainingWorker>>& GetWorkers() const;

    /**
     * When functions are invoked, or machines launched; after Install(). Functions wait until all
     * services are there, machines boot meanwhile.
     * @return the time
     */
    Time GetLaunchTime() const;

    /**
     * A service.
     * @param index 0 for the store, 1 for another channel
     * @return the service
     */
    Ptr<StorageService> GetService(uint32_t index) const;

    /**
     * Number of services.
     * @return 1 or 2
     */
    uint32_t GetServiceCount() const;

    /**
     * When the job ended: its last worker.
     * @return the time
     */
    Time GetEndTime() const;

    /**
     * Why the training failed.
     * @return the sentence of the worker that failed first, or empty
     */
    std::string GetError() const;

    /**
     * Mean time of the workers in a state.
     * @param state the state
     * @return seconds
     */
    double GetMeanSeconds(TrainingWorker::State state) const;

  private:
    /// Deals samples, checks that parts fit together.
    void Prepare();

    /**
     * Hands SetSegmentBytes() on.
     * @param factory makes what has TCP connections
     */
    void SetSegments(ObjectFactory& factory) const;

    /**
     * Hands SetSegmentBytes() on.
     * @param object what has TCP connections
     */
    void SetSegments(Ptr<Object> object) const;

    /**
     * Makes a worker's part in the exchanges.
     * @param worker its index
     * @param client of the channel
     * @return the part
     */
    Ptr<Collective> MakeCollective(uint32_t worker, Ptr<StorageClient> client) const;

    /**
     * Gives a machine more than a function's life to load its partition: further time in proportion
     * to its bytes.
     * @param worker its index
     * @param client that loads it
     */
    void AllowLoading(uint32_t worker, Ptr<StorageClient> client) const;

    /**
     * Makes a worker.
     * @param worker its index
     */
    void MakeWorker(uint32_t worker);

    LearningTask m_task;                         //!< what is learned
    ObjectFactory m_optimization;                //!< makes workers' parts
    ObjectFactory m_collective;                  //!< likewise
    bool m_hasCollective{false};                 //!< whether it was set
    ObjectFactory m_store;                       //!< makes service 0
    ObjectFactory m_channel;                     //!< makes service 1
    bool m_hasChannel{false};                    //!< whether there is one
    Ptr<FunctionPlatform> m_platform;            //!< where functions run, or null
    Ptr<MachineFleet> m_fleet;                   //!< which machines, or null
    DataRate m_workerRate{0};                    //!< 0 for that of platform or fleet
    uint32_t m_segmentBytes{0};                  //!< of a TCP segment; 0 for each class's own
    double m_dropRate{0};                        //!< of packets
    std::string m_straggler;                     //!< factor of each computation
    uint32_t m_slowWorkers{0};                   //!< how many
    double m_slowdown{1};                        //!< of them
    uint32_t m_failingWorker{0};                 //!< index
    Time m_failureTime;                          //!< 0 for never
    Ptr<TrainingJob> m_job;                      //!< the training
    std::unique_ptr<RegionHelper> m_region;      //!< the network
    std::vector<Ptr<StorageService>> m_services; //!< store, channel
    std::vector<Ptr<TrainingWorker>> m_workers;  //!< by index
};

} // namespace serverless
} // namespace ns3

#endif /* SERVERLESS_TRAINING_HELPER_H */
