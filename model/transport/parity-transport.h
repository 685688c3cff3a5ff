/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef PARITY_TRANSPORT_H
#define PARITY_TRANSPORT_H

#include "datagram-transport.h"

#include <cstdint>
#include <map>
#include <unordered_map>
#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-transport
 *
 * Blocks over UDP, each segment sent once, with a parity segment for every k of them: one segment
 * that is lost of a group is rebuilt when the block ends, without a round trip.
 *
 * The parity is the exclusive or of the bits of the k segments, the last one filled up with zeros.
 * On the wire a block is longer: each group of k data segments, the last group perhaps of fewer,
 * comes after its parity, so that all segments but the last one have the same length. Where a block
 * is sent in part, groups that are not complete have no parity.
 *
 * With segments lost independently with probability p, one stays lost with probability
 * p (1 - (1 - p)^k), for (k + 1) / k times the bytes.
 *
 * Accounts: a parity segment that rebuilds another one is received in its place; one that is not
 * needed, or does not suffice, is a duplicate. A reliable block repeats data segments only.
 *
 * Source: forward error correction as in erasure-coded transports for training over lossy links,
 * such as SDR-RDMA (arXiv 2505.05366); the simplest code.
 */
class ParityTransport : public DatagramTransport
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

  protected:
    void DoDispose() override;
    void DoSend(const BlockId& id,
                const float* values,
                const SegmentLayout& layout,
                const SegmentMask* present,
                bool reliable) override;
    void RebuildMissing(const BlockId& id) override;
    void NotifyClosed(const BlockId& id, const SegmentMask& mask) override;
    SegmentLayout GetWireLayout(const SegmentLayout& layout) const override;
    SegmentLayout GetBlockLayout(const SegmentLayout& wire) const override;
    SegmentMask GetWireMask(const SegmentLayout& layout,
                            const SegmentMask& segments) const override;
    void TakeIn(const BlockId& id,
                const SegmentLayout& wire,
                const ArrivedSegments& segments) override;

  private:
    using Parities = std::map<uint32_t, std::vector<float>>; //!< by group; empty once it was used

    /**
     * Number of groups of a block.
     * @param layout the cut of the block
     * @return the number
     */
    uint32_t GetGroupCount(const SegmentLayout& layout) const;

    /**
     * Takes in the parity of a group.
     * @param id the block; its peer is the sender
     * @param layout its cut
     * @param group index of the group
     * @param bytes the numbers, network byte order
     */
    void TakeParity(const BlockId& id,
                    const SegmentLayout& layout,
                    uint32_t group,
                    const uint8_t* bytes);

    /**
     * Rebuilds the one segment that is missing in a group, if that is so and its parity is here.
     * @param id the block; its peer is the sender
     * @param group index of the group
     */
    void Rebuild(const BlockId& id, uint32_t group);

    uint32_t m_dataSegments; //!< k, segments that share a parity
    std::unordered_map<BlockId, Parities, BlockIdHash> m_parities; //!< of open blocks
};

} // namespace learning
} // namespace ns3

#endif /* PARITY_TRANSPORT_H */
