/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "block-receiver.h"

#include "float-codec.h"

#include <cstddef>

namespace ns3
{
namespace learning
{

void
ArrivedSegments::Decode(const SegmentLayout& layout, float* block) const
{
    const uint32_t origin = layout.GetBegin(first);
    uint64_t rest = alive;
    while (rest != 0)
    {
        // runs of consecutive segments are decoded in one go
        const auto skip = static_cast<uint32_t>(__builtin_ctzll(rest));
        const uint64_t shifted = ~(rest >> skip);
        const uint32_t run = shifted == 0 ? 64 : static_cast<uint32_t>(__builtin_ctzll(shifted));
        const uint32_t begin = layout.GetBegin(first + skip);
        const uint32_t end = layout.GetBegin(first + skip + run);
        DecodeFloats(bytes + 4 * std::size_t{begin - origin}, end - begin, block + begin);
        rest &= run == 64 ? 0 : ~(((uint64_t{1} << run) - 1) << skip);
    }
}

} // namespace learning
} // namespace ns3
