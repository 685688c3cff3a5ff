/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef TRAINING_HELPER_H
#define TRAINING_HELPER_H

#include "type-specification.h"

#include "ns3/application-container.h"
#include "ns3/block-owners.h"
#include "ns3/data-partition.h"
#include "ns3/dataset.h"
#include "ns3/node-container.h"
#include "ns3/nstime.h"
#include "ns3/object-factory.h"
#include "ns3/training-setup.h"
#include "ns3/worker.h"

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-helper
 *
 * Installs a training on existing nodes that have IP addresses: workers, parameter servers and
 * their transports, with the data dealt among them. Everything has a default but the nodes.
 *
 * Where ns-3's MPI engine distributes the simulation, each rank calls this helper in the same way,
 * and gets the applications of its own nodes only; the others' replicas take no memory here. A
 * training ends by its rounds or at a simulated time then: Stop() reaches the own workers only.
 *
 * All errors of configuration are std::invalid_argument, or std::runtime_error for data that cannot
 * be read, with one sentence that names the thing and what is legal.
 */
class TrainingHelper
{
  public:
    TrainingHelper();

    /**
     * Sets the data by name: see LoadDataset().
     * @param name such as "fashion-mnist", the default
     * @param directory where its files are; empty for the usual place
     */
    void SetDataset(const std::string& name, const std::string& directory = "");

    /**
     * Sets the data.
     * @param training what is learned from
     * @param test what accuracy is measured on, or null
     */
    void SetDataset(Ptr<Dataset> training, Ptr<Dataset> test);

    /**
     * Uses only the first samples of the training set.
     * @param samples how many, 0 for all
     */
    void SetTrainingSamples(uint32_t samples);

    /**
     * Sets the model.
     * @tparam Arguments names and values of attributes
     * @param type a type, perhaps with attributes in brackets (see MakeFactory()), that is a
     * LearningModel
     * @param arguments names and values of attributes
     */
    template <typename... Arguments>
    void SetModel(const std::string& type, Arguments&&... arguments)
    {
        Set(m_model, LearningModel::GetTypeId(), type, std::forward<Arguments>(arguments)...);
    }

    /**
     * Sets the optimizer of every worker, and of servers that keep parameters.
     * @tparam Arguments names and values of attributes
     * @param type a type, perhaps with attributes in brackets (see MakeFactory()), that is an
     * Optimizer
     * @param arguments names and values of attributes
     */
    template <typename... Arguments>
    void SetOptimizer(const std::string& type, Arguments&&... arguments)
    {
        Set(m_optimizer, Optimizer::GetTypeId(), type, std::forward<Arguments>(arguments)...);
    }

    /**
     * Sets the algorithm.
     * @tparam Arguments names and values of attributes
     * @param type a type, perhaps with attributes in brackets (see MakeFactory()), that is a
     * TrainingAlgorithm
     * @param arguments names and values of attributes
     */
    template <typename... Arguments>
    void SetAlgorithm(const std::string& type, Arguments&&... arguments)
    {
        Set(m_algorithm,
            TrainingAlgorithm::GetTypeId(),
            type,
            std::forward<Arguments>(arguments)...);
    }

    /**
     * Sets when servers answer and workers go on.
     * @tparam Arguments names and values of attributes
     * @param type a type, perhaps with attributes in brackets (see MakeFactory()), that is a
     * SynchronizationProtocol; the default is BulkSynchronousProtocol
     * @param arguments names and values of attributes
     */
    template <typename... Arguments>
    void SetSynchronization(const std::string& type, Arguments&&... arguments)
    {
        Set(m_synchronization,
            SynchronizationProtocol::GetTypeId(),
            type,
            std::forward<Arguments>(arguments)...);
    }

    /**
     * Sets the transport of every host.
     * @tparam Arguments names and values of attributes
     * @param type a type, perhaps with attributes in brackets (see MakeFactory()), that is a
     * BlockTransport
     * @param arguments names and values of attributes
     */
    template <typename... Arguments>
    void SetTransport(const std::string& type, Arguments&&... arguments)
    {
        Set(m_transport, BlockTransport::GetTypeId(), type, std::forward<Arguments>(arguments)...);
    }

    /**
     * Sets what is done to blocks on their way: compression, rotation, error feedback.
     * @tparam Arguments names and values of attributes
     * @param type a type, perhaps with attributes in brackets (see MakeFactory()), that is a
     * BlockCoding
     * @param arguments names and values of attributes
     */
    template <typename... Arguments>
    void SetCoding(const std::string& type, Arguments&&... arguments)
    {
        Set(m_coding, BlockCoding::GetTypeId(), type, std::forward<Arguments>(arguments)...);
    }

    /**
     * Sets how long computations take.
     * @tparam Arguments names and values of attributes
     * @param arguments names and values of attributes of ComputeModel
     */
    template <typename... Arguments>
    void SetCompute(Arguments&&... arguments)
    {
        m_compute.Set(std::forward<Arguments>(arguments)...);
    }

    /**
     * Sets the random factor of each computation's time (ComputeModel::Straggler), one variable for
     * each worker.
     * @param type TypeId of a RandomVariableStream, perhaps with attributes in brackets (see
     * MakeFactory())
     */
    void SetStraggler(const std::string& type);

    /**
     * Makes a worker slower than its ComputeModel says (ComputeModel::Slowdown).
     * @param worker index of the worker
     * @param factor by which its computations take longer, above 0
     */
    void SetSlowdown(uint32_t worker, double factor);

    /**
     * Sets how the data are dealt to the workers.
     * @tparam Arguments names and values of attributes
     * @param type a type, perhaps with attributes in brackets (see MakeFactory()), that is a
     * DataPartition
     * @param arguments names and values of attributes
     */
    template <typename... Arguments>
    void SetPartition(const std::string& type, Arguments&&... arguments)
    {
        Set(m_partition, DataPartition::GetTypeId(), type, std::forward<Arguments>(arguments)...);
    }

    /**
     * Sets the size of each worker's mini-batches.
     * @param samples samples in a mini-batch, from 1 to those of the smallest partition; default 32
     */
    void SetBatchSize(uint32_t samples);

    /**
     * Sets the number of co-located servers.
     * @param servers number of servers, from 1 to that of workers; 0, the default, for as many as
     * workers
     */
    void SetServers(uint32_t servers);

    /**
     * Sets how owners of blocks are chosen.
     * @param mode the mode; the default is PERMUTED
     */
    void SetOwners(BlockOwners::Mode mode);

    /**
     * Sets the longest waits; they must exceed the delay of the links.
     * @param push of a server for pushes; zero, the default, for one that fits the size of the
     * model and the links
     * @param pull of a worker for pulls; zero, the default, for twice the push deadline
     */
    void SetDeadlines(Time push, Time pull);

    /**
     * Sets the number of cores for real computations; results do not depend on it.
     * @param threads number of cores, at least 1, the default
     */
    void SetThreads(uint32_t threads);

    /**
     * Sets the UDP or TCP port of all hosts.
     * @param port the port; default 9000
     */
    void SetPort(uint16_t port);

    /**
     * Installs workers and co-located servers.
     * @param workers the nodes
     * @return the workers (Worker) on nodes of this rank, which start at time 0
     */
    ApplicationContainer Install(const NodeContainer& workers);

    /**
     * Installs workers, and dedicated servers on other nodes.
     * @param workers nodes of the workers
     * @param servers nodes of the servers, one block each
     * @return the workers (Worker), which start at time 0
     */
    ApplicationContainer Install(const NodeContainer& workers, const NodeContainer& servers);

    /**
     * The workers.
     * @return the workers (Worker)
     */
    ApplicationContainer GetWorkers() const;

    /**
     * The parameter servers.
     * @return the servers (ParameterServer)
     */
    ApplicationContainer GetServers() const;

    /**
     * What was installed.
     * @return the setup that all nodes share
     */
    Ptr<TrainingSetup> GetSetup() const;

    /**
     * Ends the training after a number of rounds; after Install().
     * @param rounds number of rounds, at least 1
     */
    void StopAfterRounds(uint32_t rounds);

    /**
     * Ends the training when workers have gone through their data, on average; after Install().
     * @param epochs number of times, above 0
     */
    void StopAfterEpochs(double epochs);

    /**
     * Ends the training at a simulated time; after Install().
     * @param time the time, above 0
     */
    void StopAt(Time time);

    /// Lets no worker begin another round; may be called while the simulation runs.
    void Stop();

  private:
    /**
     * Sets up a factory.
     * @tparam Arguments names and values of attributes
     * @param factory the factory
     * @param parent what the type must derive from
     * @param type TypeId of what it makes, perhaps with attributes: see MakeFactory()
     * @param arguments names and values of attributes
     */
    template <typename... Arguments>
    static void Set(ObjectFactory& factory,
                    TypeId parent,
                    const std::string& type,
                    Arguments&&... arguments)
    {
        factory = MakeFactory(type, parent);
        if constexpr (sizeof...(arguments) != 0)
        {
            factory.Set(std::forward<Arguments>(arguments)...);
        }
    }

    /// Throws if nothing has been installed.
    void CheckInstalled() const;

    /**
     * Makes the setup: data, model, start, blocks.
     * @param workers nodes of the workers
     * @param servers nodes of dedicated servers, or none
     */
    void MakeSetup(const NodeContainer& workers, const NodeContainer& servers);

    /**
     * Installs on all nodes.
     * @param workers nodes of the workers
     * @param servers nodes of dedicated servers, or none
     */
    void DoInstall(const NodeContainer& workers, const NodeContainer& servers);

    /**
     * Refuses packets that a router would cut into fragments: what they lose would not be segments
     * any more.
     * @throws std::invalid_argument with one sentence that names the device
     */
    void CheckRouters() const;

    /**
     * Refuses packets that ns-3 cannot carry from one MPI rank to another.
     * @param nodes all hosts
     * @throws std::invalid_argument with one sentence that says what it can carry
     */
    void CheckRanks(const NodeContainer& nodes) const;

    /**
     * Makes a compute model.
     * @return the model, its streams not assigned
     */
    Ptr<ComputeModel> MakeComputeModel() const;

    /**
     * Refuses a batch that is larger than what a worker has.
     * @param parts samples of each worker
     */
    void CheckBatches(const DataPartition::Parts& parts) const;

    /**
     * How long a computation takes if it is one of the slow ones: the longest of many draws, of a
     * stream of their own.
     * @param operations floating-point operations
     * @return the time
     */
    Time GetLongComputation(double operations) const;

    /**
     * Chooses the deadlines that were left open, and checks those that were not.
     * @param nodes all hosts
     * @param computeTime time of a slow gradient
     */
    void ChooseDeadlines(const NodeContainer& nodes, Time computeTime);

    std::string m_datasetName;              //!< name of the data
    std::string m_dataDirectory;            //!< where its files are
    Ptr<Dataset> m_training;                //!< what is learned from, once loaded
    Ptr<Dataset> m_test;                    //!< what accuracy is measured on
    uint32_t m_trainingSamples{0};          //!< samples to use, 0 for all
    ObjectFactory m_model;                  //!< makes the model
    ObjectFactory m_optimizer;              //!< makes optimizers
    ObjectFactory m_algorithm;              //!< makes the algorithm
    ObjectFactory m_synchronization;        //!< makes the synchronization protocol
    ObjectFactory m_transport;              //!< makes transports
    ObjectFactory m_coding;                 //!< makes what is done to blocks on their way
    ObjectFactory m_compute;                //!< makes compute models
    std::string m_straggler;                //!< type of their random factors, or empty
    std::map<uint32_t, double> m_slowdowns; //!< factors of slow workers
    ObjectFactory m_partition;              //!< makes the partition
    uint32_t m_batchSize{32};               //!< samples in a mini-batch
    uint32_t m_servers{0};                  //!< co-located servers, 0 for as many as workers
    BlockOwners::Mode m_owners{BlockOwners::PERMUTED}; //!< how owners are chosen
    Time m_pushDeadline;                               //!< of servers
    Time m_transferTime;                               //!< of a round's blocks into one host
    Time m_pullDeadline;                               //!< of workers
    uint32_t m_threads{1};                             //!< cores
    uint16_t m_port{9000};                             //!< of all hosts
    Ptr<TrainingSetup> m_setup;                        //!< what was installed
    ApplicationContainer m_workerApplications;         //!< the workers
    ApplicationContainer m_serverApplications;         //!< the servers
};

} // namespace learning
} // namespace ns3

#endif /* TRAINING_HELPER_H */
