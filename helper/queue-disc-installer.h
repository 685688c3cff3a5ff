/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef QUEUE_DISC_INSTALLER_H
#define QUEUE_DISC_INSTALLER_H

#include "ns3/net-device.h"
#include "ns3/queue-disc.h"

#include <cstdint>
#include <string>
#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-helper
 *
 * What stands in front of the queue of a device, told by texts as all types are in this module, so
 * that a sweep can name it. ns3::TrafficControlHelper does the same for programs.
 */
struct QueueDiscSpecification
{
    /// An ns3::QueueDisc, perhaps with attributes in brackets (see MakeFactory()).
    std::string type;
    /// For ns3::PrioQueueDisc: the queue discs of its classes, best first; the last class is that
    /// of lower effort (see DscpPacketFilter), the first one that of all other packets.
    std::vector<std::string> classes;
};

/**
 * @ingroup distributed-learning-helper
 *
 * Checks a specification.
 * @param specification what to check
 * @throws std::invalid_argument with one sentence if a type is no queue disc, or classes are given
 * to one that has none, or not given to ns3::PrioQueueDisc
 */
void CheckQueueDisc(const QueueDiscSpecification& specification);

/**
 * @ingroup distributed-learning-helper
 *
 * Puts a queue disc on a device whose node has an ns3::TrafficControlLayer, with flow control: the
 * queue of the device itself then holds one packet, and all others wait in the queue disc.
 * @param specification which one
 * @param device an ns3::PointToPointNetDevice with a queue and no queue disc yet
 * @param stream first random stream, for those that draw
 * @return the queue disc
 */
Ptr<QueueDisc> InstallQueueDisc(const QueueDiscSpecification& specification,
                                Ptr<NetDevice> device,
                                int64_t stream);

} // namespace learning
} // namespace ns3

#endif /* QUEUE_DISC_INSTALLER_H */
