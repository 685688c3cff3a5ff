/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef BLOCK_OWNERS_H
#define BLOCK_OWNERS_H

#include <cstdint>
#include <map>
#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-application
 *
 * Cuts the parameter vector into blocks, as equal as can be, and says which candidate owns which
 * block in a round.
 *
 * Permuted: the owners of a round are drawn from the candidates without replacement, from a
 * counter-based draw (a hash of seed and round) that all nodes compute alike, without messages.
 * Fixed: block j belongs to candidate j.
 *
 * With co-located servers the candidates are all workers, also when there are fewer blocks than
 * workers: the paper's coefficients hold for each block because its owner is uniform over the
 * workers.
 *
 * Source: "Distributed Learning over Unreliable Networks" (ICML 2019), Algorithm 1.
 */
class BlockOwners
{
  public:
    /// How owners are chosen.
    enum Mode
    {
        FIXED,   //!< block j belongs to candidate j in every round
        PERMUTED //!< drawn anew in every round
    };

    /**
     * Lays out blocks.
     * @param mode how owners are chosen
     * @param parameters length of the parameter vector
     * @param blocks number of blocks, from 1 to the number of parameters
     * @param candidates number of hosts that may own a block, at least the number of blocks
     * @param seed of the draws
     */
    BlockOwners(Mode mode,
                uint32_t parameters,
                uint32_t blocks,
                uint32_t candidates,
                uint64_t seed);

    /**
     * Number of blocks.
     * @return the number
     */
    uint32_t GetBlockCount() const;

    /**
     * First parameter of a block.
     * @param block index, up to GetBlockCount(), which gives the number of parameters
     * @return offset in the parameter vector
     */
    uint32_t GetBegin(uint32_t block) const;

    /**
     * Number of parameters in a block.
     * @param block index
     * @return the number
     */
    uint32_t GetLength(uint32_t block) const;

    /**
     * Owner of each block in a round. The reference is valid until the next call.
     * @param round the round
     * @return index of the owning candidate, by block
     */
    const std::vector<uint32_t>& GetOwners(uint32_t round);

  private:
    Mode m_mode;                                        //!< how owners are chosen
    uint32_t m_parameters;                              //!< length of the parameter vector
    uint32_t m_blocks;                                  //!< number of blocks
    uint32_t m_candidates;                              //!< number of possible owners
    uint64_t m_seed;                                    //!< of the draws
    std::map<uint32_t, std::vector<uint32_t>> m_owners; //!< of recent rounds; of round 0 if fixed
};

} // namespace learning
} // namespace ns3

#endif /* BLOCK_OWNERS_H */
