/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef BIT_STREAM_H
#define BIT_STREAM_H

#include <cstdint>
#include <cstring>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-aggregation
 *
 * The bits of a float.
 * @param value the float
 * @return its IEEE 754 binary32 representation
 */
inline uint32_t
GetBits(float value)
{
    uint32_t bits;
    std::memcpy(&bits, &value, sizeof(bits));
    return bits;
}

/**
 * @ingroup distributed-learning-aggregation
 *
 * Writes a 32-bit word where a float stands, whatever float that is.
 * @param bits the word
 * @param place where it goes
 */
inline void
PutBits(uint32_t bits, float* place)
{
    std::memcpy(place, &bits, sizeof(bits));
}

/**
 * @ingroup distributed-learning-aggregation
 *
 * Number of bits that a number takes.
 * @param number the number
 * @return the least b with number < 2^b
 */
inline uint32_t
GetBitWidth(uint32_t number)
{
    return number == 0 ? 0 : 32 - static_cast<uint32_t>(__builtin_clz(number));
}

/**
 * @ingroup distributed-learning-aggregation
 *
 * Packs numbers of few bits into 32-bit words, lowest bits first.
 */
class BitWriter
{
  public:
    /**
     * Begins.
     * @param words where the words go
     */
    explicit BitWriter(float* words)
        : m_words(words)
    {
    }

    /**
     * Appends a number.
     * @param number below 2^bits
     * @param bits from 0 to 32
     */
    void Put(uint32_t number, uint32_t bits)
    {
        m_pending |= uint64_t{number} << m_count;
        m_count += bits;
        if (m_count >= 32)
        {
            PutBits(static_cast<uint32_t>(m_pending), m_words++);
            m_pending >>= 32;
            m_count -= 32;
        }
    }

    /// Writes the last word, if it has begun.
    void Finish()
    {
        if (m_count != 0)
        {
            PutBits(static_cast<uint32_t>(m_pending), m_words++);
            m_pending = 0;
            m_count = 0;
        }
    }

  private:
    float* m_words;        //!< next word
    uint64_t m_pending{0}; //!< bits that have no word yet
    uint32_t m_count{0};   //!< how many, below 32
};

/**
 * @ingroup distributed-learning-aggregation
 *
 * Reads what a BitWriter wrote.
 */
class BitReader
{
  public:
    /**
     * Begins.
     * @param words the words
     */
    explicit BitReader(const float* words)
        : m_words(words)
    {
    }

    /**
     * Takes a number.
     * @param bits from 0 to 32
     * @return the number
     */
    uint32_t Get(uint32_t bits)
    {
        if (m_count < bits)
        {
            m_pending |= uint64_t{GetBits(*m_words++)} << m_count;
            m_count += 32;
        }
        const auto number = static_cast<uint32_t>(m_pending & ((uint64_t{1} << bits) - 1));
        m_pending >>= bits;
        m_count -= bits;
        return number;
    }

  private:
    const float* m_words;  //!< next word
    uint64_t m_pending{0}; //!< bits of words that were read
    uint32_t m_count{0};   //!< how many, below 64
};

} // namespace learning
} // namespace ns3

#endif /* BIT_STREAM_H */
