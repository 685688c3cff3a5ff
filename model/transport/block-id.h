/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef BLOCK_ID_H
#define BLOCK_ID_H

#include <cstdint>
#include <tuple>

namespace ns3
{
namespace learning
{

/// Which way a block travels.
enum BlockDirection : uint8_t
{
    PUSH = 0, //!< worker to parameter server: the paper's reduce-scatter
    PULL = 1, //!< parameter server to worker: the paper's all-gather
};

/**
 * @ingroup distributed-learning-transport
 *
 * Names one block on its way from one host to another.
 */
struct BlockId
{
    BlockDirection direction{PUSH}; //!< which way it travels
    uint32_t round{0};              //!< round of training, from 0
    uint32_t block{0};              //!< index of the block, from 0
    uint32_t peer{0};               //!< index of the host at the other end

    /**
     * Order by direction, round, block, peer.
     * @param other the other one
     * @return whether this one comes first
     */
    bool operator<(const BlockId& other) const
    {
        return std::tie(direction, round, block, peer) <
               std::tie(other.direction, other.round, other.block, other.peer);
    }

    /**
     * Equality.
     * @param other the other one
     * @return whether all fields are equal
     */
    bool operator==(const BlockId& other) const
    {
        return std::tie(direction, round, block, peer) ==
               std::tie(other.direction, other.round, other.block, other.peer);
    }
};

/// Hash of a BlockId, for tables that are looked up but never iterated over.
struct BlockIdHash
{
    /**
     * Mixes the fields.
     * @param id the block
     * @return the hash
     */
    std::size_t operator()(const BlockId& id) const
    {
        uint64_t h = (uint64_t{id.round} << 33) ^ (uint64_t{id.block} << 17) ^
                     (uint64_t{id.peer} << 1) ^ id.direction;
        h *= 0x9E3779B97F4A7C15U;
        return static_cast<std::size_t>(h ^ (h >> 32));
    }
};

} // namespace learning
} // namespace ns3

#endif /* BLOCK_ID_H */
