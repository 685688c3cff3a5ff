/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef COMPRESSOR_H
#define COMPRESSOR_H

#include "ns3/object.h"

#include <cstdint>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-aggregation
 *
 * Makes few 32-bit words of many numbers, and numbers of them again.
 *
 * A block is cut into chunks, and each chunk fills exactly one segment of the wire, so that a
 * segment still decodes on its own and the mask of segments is the mask of chunks. Words travel as
 * the bit patterns of floats. Encoding may be random, by a key that is alike at both ends; it has
 * no state, so one compressor serves all nodes.
 */
class Compressor : public Object
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    /**
     * Numbers that fill a segment.
     * @param words 32-bit words in a segment, at least 1
     * @return numbers in a chunk, or 0 if a segment is too short for any
     */
    virtual uint32_t GetChunkLength(uint32_t words) const = 0;

    /**
     * Words that the last chunk of a block takes, which may be shorter.
     * @param numbers from 1 to GetChunkLength(words)
     * @param words 32-bit words in a segment
     * @return from 1 to words
     */
    virtual uint32_t GetWords(uint32_t numbers, uint32_t words) const = 0;

    /**
     * Encodes a chunk.
     * @param values numbers
     * @param numbers how many, from 1 to GetChunkLength(words)
     * @param words 32-bit words in a segment
     * @param key of random choices
     * @param wire GetWords(numbers, words) words, written
     */
    virtual void Encode(const float* values,
                        uint32_t numbers,
                        uint32_t words,
                        uint64_t key,
                        float* wire) const = 0;

    /**
     * Decodes a chunk.
     * @param wire what Encode() wrote; anything else gives some numbers, too
     * @param numbers how many
     * @param words 32-bit words in a segment
     * @param key that of the encoder
     * @param values numbers, written
     */
    virtual void Decode(const float* wire,
                        uint32_t numbers,
                        uint32_t words,
                        uint64_t key,
                        float* values) const = 0;

    /**
     * Whether what it leaves out is smaller than what it is given, ||x - C(x)|| < ||x|| (in the
     * mean), which error feedback needs.
     * @return true if so
     */
    virtual bool IsContraction() const = 0;

    /**
     * Whether all numbers survive about as they are, so that models may be sent, too, not only
     * gradients.
     * @return true if so
     */
    virtual bool SuitsModels() const = 0;
};

} // namespace learning
} // namespace ns3

#endif /* COMPRESSOR_H */
