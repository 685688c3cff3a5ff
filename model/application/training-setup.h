/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef TRAINING_SETUP_H
#define TRAINING_SETUP_H

#include "block-owners.h"
#include "compute-pool.h"
#include "synchronization-protocol.h"
#include "training-algorithm.h"

#include "ns3/address.h"
#include "ns3/block-coding.h"
#include "ns3/dataset.h"
#include "ns3/learning-model.h"
#include "ns3/object-factory.h"
#include "ns3/simple-ref-count.h"

#include <cstdint>
#include <limits>
#include <memory>
#include <vector>

namespace ns3
{
namespace learning
{

/// Where parameter servers live.
enum Placement
{
    COLOCATED, //!< on the workers' nodes, at most one on each; a worker's own contribution is never
               //!< lost
    DEDICATED  //!< on nodes of their own; every message crosses the network
};

/**
 * @ingroup distributed-learning-application
 *
 * What all nodes of a training know before it starts, as from a common configuration file. Nothing
 * that is learned passes through it: that travels in packets.
 */
struct TrainingSetup : public SimpleRefCount<TrainingSetup>
{
    uint32_t workers{0};            //!< number of workers; they are the hosts 0 .. workers - 1
    Placement placement{COLOCATED}; //!< where the servers are
    std::shared_ptr<const std::vector<Address>>
        hosts; //!< address and port of each: workers, then dedicated servers
    std::shared_ptr<BlockOwners> owners;          //!< blocks and who owns them
    Ptr<LearningModel> model;                     //!< what is learned
    Ptr<Dataset> training;                        //!< from what
    Ptr<Dataset> test;                            //!< what accuracy is measured on, or null
    Ptr<TrainingAlgorithm> algorithm;             //!< how
    Ptr<SynchronizationProtocol> synchronization; //!< when to go on
    Ptr<BlockCoding> coding;                      //!< what is done to blocks on their way, or null
    ObjectFactory optimizer;                      //!< makes a new optimizer after a crash
    Ptr<ComputePool> pool;                        //!< the host's cores
    std::vector<float> start;                     //!< initial parameters of all replicas
    uint32_t rounds{std::numeric_limits<uint32_t>::max()}; //!< rounds to train
    bool stopRequested{false}; //!< whether workers shall begin no further round

    /**
     * Number of hosts that may own blocks.
     * @return all workers, or all dedicated servers
     */
    uint32_t GetCandidateCount() const
    {
        return placement == COLOCATED ? workers : static_cast<uint32_t>(hosts->size()) - workers;
    }

    /**
     * The host that owns a block in a round.
     * @param round the round
     * @param block the block
     * @return index of the host
     */
    uint32_t GetOwner(uint32_t round, uint32_t block) const
    {
        const uint32_t candidate = owners->GetOwners(round)[block];
        return placement == COLOCATED ? candidate : workers + candidate;
    }
};

} // namespace learning
} // namespace ns3

#endif /* TRAINING_SETUP_H */
