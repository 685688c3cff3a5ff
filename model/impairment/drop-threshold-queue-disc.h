/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef DROP_THRESHOLD_QUEUE_DISC_H
#define DROP_THRESHOLD_QUEUE_DISC_H

#include "ns3/queue-disc.h"
#include "ns3/queue-size.h"

#include <cstdint>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-impairment
 *
 * A first-in first-out queue that lets one class of traffic in only while it is short: packets of
 * that class yield to all others, packet by packet, without a reordering.
 *
 * A packet of the low class is dropped if the queue would be longer than Threshold with it; any
 * other, if it would be longer than MaxSize. At Threshold 0 the low class loses everything, at
 * MaxSize it is as good as the others. The low class is told by the differentiated services code
 * point in the IP header.
 *
 * Limits: bytes or packets in the device, behind this queue, do not count. A packet is dropped as a
 * whole, and with it all segments of a train.
 * Source: drop precedence of assured forwarding, RFC 2597; as the degree of priority that
 * Yu et al., ICML 2019, Section 7, sweep without saying how.
 */
class DropThresholdQueueDisc : public QueueDisc
{
  public:
    /// Code point of the class "lower effort" (RFC 8622).
    static constexpr uint8_t LOWER_EFFORT = 1;

    /// Why a packet of the low class was dropped.
    static constexpr const char* THRESHOLD_DROP = "Queue longer than the threshold";
    /// Why another packet was dropped.
    static constexpr const char* LIMIT_EXCEEDED_DROP = "Queue disc limit exceeded";

    DropThresholdQueueDisc();

    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

  private:
    bool DoEnqueue(Ptr<QueueDiscItem> item) override;
    Ptr<QueueDiscItem> DoDequeue() override;
    Ptr<const QueueDiscItem> DoPeek() override;
    bool CheckConfig() override;
    void InitializeParams() override;

    QueueSize m_threshold; //!< length up to which the low class is let in
    uint8_t m_dscp;        //!< code point of the low class
};

} // namespace learning
} // namespace ns3

#endif /* DROP_THRESHOLD_QUEUE_DISC_H */
