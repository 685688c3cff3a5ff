/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "block-owners.h"

#include "ns3/random-engine.h"

#include <numeric>

namespace ns3
{
namespace learning
{

namespace
{
constexpr uint64_t PURPOSE = 0x6f776e657273; //!< "owners": keeps these draws apart from others
constexpr std::size_t ROUNDS_KEPT = 8;       //!< workers may be a few rounds apart
} // namespace

BlockOwners::BlockOwners(Mode mode,
                         uint32_t parameters,
                         uint32_t blocks,
                         uint32_t candidates,
                         uint64_t seed)
    : m_mode(mode),
      m_parameters(parameters),
      m_blocks(blocks),
      m_candidates(candidates),
      m_seed(seed)
{
}

uint32_t
BlockOwners::GetBlockCount() const
{
    return m_blocks;
}

uint32_t
BlockOwners::GetBegin(uint32_t block) const
{
    return static_cast<uint32_t>(uint64_t{m_parameters} * block / m_blocks);
}

uint32_t
BlockOwners::GetLength(uint32_t block) const
{
    return GetBegin(block + 1) - GetBegin(block);
}

const std::vector<uint32_t>&
BlockOwners::GetOwners(uint32_t round)
{
    const uint32_t key = m_mode == FIXED ? 0 : round;
    const auto known = m_owners.find(key);
    if (known != m_owners.end())
    {
        return known->second;
    }
    if (m_owners.size() >= ROUNDS_KEPT)
    {
        m_owners.erase(m_owners.begin());
    }
    std::vector<uint32_t> owners(m_candidates);
    std::iota(owners.begin(), owners.end(), 0);
    if (m_mode == PERMUTED)
    {
        RandomEngine(SplitMix64(PURPOSE, m_seed, round)).Shuffle(owners);
    }
    owners.resize(m_blocks);
    return m_owners[key] = std::move(owners);
}

} // namespace learning
} // namespace ns3
