/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef SEGMENT_MASK_H
#define SEGMENT_MASK_H

#include <algorithm>
#include <cstdint>
#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-transport
 *
 * How a block is cut into segments of equal length, the last one possibly shorter. Lengths count
 * numbers, not bytes.
 */
struct SegmentLayout
{
    uint32_t blockLength{0};   //!< numbers in the block
    uint32_t segmentLength{1}; //!< numbers in a segment, at least 1

    /**
     * Number of segments.
     * @return the number, 0 for an empty block
     */
    uint32_t GetSegmentCount() const
    {
        return (blockLength + segmentLength - 1) / segmentLength;
    }

    /**
     * First number of a segment.
     * @param segment index of the segment, up to GetSegmentCount(), which gives the end of the
     * block
     * @return offset in the block
     */
    uint32_t GetBegin(uint32_t segment) const
    {
        return static_cast<uint32_t>(
            std::min<uint64_t>(uint64_t{segment} * segmentLength, blockLength));
    }
};

/**
 * @ingroup distributed-learning-transport
 *
 * Which segments of a block are there.
 */
class SegmentMask
{
  public:
    SegmentMask() = default;

    /**
     * Builds a mask.
     * @param segments number of segments
     * @param present whether all are there, or none
     */
    explicit SegmentMask(uint32_t segments, bool present = false)
        : m_words((segments + 63) / 64, present ? ~uint64_t{0} : 0),
          m_size(segments),
          m_count(present ? segments : 0)
    {
        if (present && segments % 64 != 0)
        {
            m_words.back() = (uint64_t{1} << (segments % 64)) - 1;
        }
    }

    /**
     * Number of segments of the block.
     * @return the number
     */
    uint32_t GetSize() const
    {
        return m_size;
    }

    /**
     * Number of segments that are there.
     * @return the number
     */
    uint32_t GetCount() const
    {
        return m_count;
    }

    /**
     * Whether every segment is there.
     * @return true if so
     */
    bool IsComplete() const
    {
        return m_count == m_size;
    }

    /**
     * Whether a segment is there.
     * @param segment index, below GetSize()
     * @return true if so
     */
    bool Test(uint32_t segment) const
    {
        return (m_words[segment / 64] >> (segment % 64)) & 1;
    }

    /**
     * Marks a segment as there.
     * @param segment index, below GetSize()
     * @return true if it was not there before
     */
    bool Set(uint32_t segment)
    {
        uint64_t& word = m_words[segment / 64];
        const uint64_t bit = uint64_t{1} << (segment % 64);
        const bool isNew = (word & bit) == 0;
        word |= bit;
        m_count += isNew;
        return isNew;
    }

    /**
     * Marks up to 64 segments in a row as there.
     * @param first index of the first one
     * @param bits which of them, lowest bit first; none beyond GetSize()
     * @return how many were not there before
     */
    uint32_t SetBits(uint32_t first, uint64_t bits)
    {
        const uint32_t shift = first % 64;
        uint32_t added = SetWord(first / 64, bits << shift);
        if (shift != 0 && bits >> (64 - shift) != 0)
        {
            added += SetWord(first / 64 + 1, bits >> (64 - shift));
        }
        m_count += added;
        return added;
    }

    /**
     * End of the run of segments that are alike: all there, or none.
     * @param segment first segment of the run, below GetSize()
     * @return one past the last segment that is there if and only if the first one is
     */
    uint32_t GetRunEnd(uint32_t segment) const
    {
        const uint64_t alike = Test(segment) ? ~uint64_t{0} : 0;
        uint32_t word = segment / 64;
        uint64_t other = (m_words[word] ^ alike) & (~uint64_t{0} << (segment % 64));
        while (other == 0 && ++word < m_words.size())
        {
            other = m_words[word] ^ alike;
        }
        return other == 0
                   ? m_size
                   : std::min(m_size, 64 * word + static_cast<uint32_t>(__builtin_ctzll(other)));
    }

  private:
    /**
     * Sets bits of a word.
     * @param word index of the word
     * @param bits the bits
     * @return how many were not set before
     */
    uint32_t SetWord(uint32_t word, uint64_t bits)
    {
        const uint64_t added = bits & ~m_words[word];
        m_words[word] |= bits;
        return static_cast<uint32_t>(__builtin_popcountll(added));
    }

    std::vector<uint64_t> m_words; //!< one bit a segment
    uint32_t m_size{0};            //!< number of segments
    uint32_t m_count{0};           //!< number of bits set
};

} // namespace learning
} // namespace ns3

#endif /* SEGMENT_MASK_H */
