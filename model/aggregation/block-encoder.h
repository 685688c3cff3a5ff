/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef BLOCK_ENCODER_H
#define BLOCK_ENCODER_H

#include "block-coding.h"

#include <map>
#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-aggregation
 *
 * The sender's end of a BlockCoding: rotates and compresses blocks, and keeps what has not reached
 * the other side.
 *
 * With error feedback, what is sent is the encoded sum of the values and the residual; the new
 * residual is what the compressor left out of it and, if deliveries are told, what was sent and did
 * not arrive. Everything that was given is, at any time, delivered, in the residual, or on its way.
 *
 * Source: F. Seide et al., "1-Bit Stochastic Gradient Descent" (Interspeech 2014); S. P.
 * Karimireddy et al., "Error Feedback Fixes SignSGD" (ICML 2019), Algorithm 2; repaying what the
 * network lost: loss-tolerant transports such as BytePS's.
 */
class BlockEncoder
{
  public:
    /**
     * Makes an encoder.
     * @param coding what to do
     * @param direction which way the blocks travel
     * @param sender index of this host
     * @param words 32-bit words in a segment
     */
    BlockEncoder(Ptr<const BlockCoding> coding,
                 BlockDirection direction,
                 uint32_t sender,
                 uint32_t words);

    /**
     * Encodes a block.
     * @param id the block; its peer is the receiver. Direction as that of the encoder
     * @param begin offset of the block in the parameter vector
     * @param values its numbers
     * @param length how many
     * @param isRotated whether they are rotated already, if blocks are
     * @return the words to send, GetCut().wire.blockLength of them, until the next call
     */
    const float* Encode(const BlockId& id,
                        uint32_t begin,
                        const float* values,
                        uint32_t length,
                        bool isRotated = false);

    /**
     * How the block of the last Encode() is cut.
     * @return the cut
     */
    const BlockCoding::Cut& GetCut() const;

    /**
     * What the receiver makes of the block of the last Encode() if all of it arrives.
     * @return its numbers, rotated, until the next call
     */
    const float* GetDecoded();

    /**
     * Takes a block that need not travel: all of it is delivered, as it is.
     * @param id the block
     * @param begin offset of the block in the parameter vector
     * @param values its numbers, not rotated
     * @param length how many
     * @param taken length numbers, written: with the residual, rotated
     */
    void Take(const BlockId& id,
              uint32_t begin,
              const float* values,
              uint32_t length,
              float* taken);

    /**
     * Says what arrived of a block; with acknowledged error feedback what did not is sent again
     * with the next one. Does nothing for blocks that are not awaited.
     * @param id the block; its peer is the receiver
     * @param mask the segments that arrived
     */
    void Delivered(const BlockId& id, const SegmentMask& mask);

    /**
     * What is still to be sent.
     * @return the residual by parameter, not rotated; empty without error feedback
     */
    const std::vector<float>& GetResidual() const;

  private:
    /// A block that is on its way.
    struct Sent
    {
        uint32_t begin;             //!< offset in the parameter vector
        SegmentLayout layout;       //!< how its numbers are cut
        std::vector<float> decoded; //!< what the receiver makes of it, rotated
    };

    /**
     * Makes the sum of values and residual.
     * @param id the block
     * @param begin offset of the block in the parameter vector
     * @param values its numbers
     * @param length how many
     * @param isRotated whether they are rotated already, if blocks are
     * @param sum length numbers, written: rotated
     */
    void Sum(const BlockId& id,
             uint32_t begin,
             const float* values,
             uint32_t length,
             bool isRotated,
             float* sum);

    /**
     * The block as its receiver knows it.
     * @param id the block; its peer is the receiver
     * @return its peer is the sender
     */
    BlockId GetReceived(const BlockId& id) const;

    Ptr<const BlockCoding> m_coding;    //!< what to do
    BlockDirection m_direction;         //!< which way the blocks travel
    BlockCoding::Feedback m_feedback;   //!< what is remembered
    uint32_t m_sender;                  //!< index of this host
    uint32_t m_words;                   //!< 32-bit words in a segment
    BlockId m_id;                       //!< of the last block
    BlockCoding::Cut m_cut;             //!< how it was cut
    std::vector<float> m_sum;           //!< what was encoded
    std::vector<float> m_wire;          //!< what was sent, if compressed
    const float* m_sent{nullptr};       //!< what was sent
    std::vector<float> m_decoded;       //!< what is made of it
    bool m_isDecoded{false};            //!< whether that is known
    std::vector<float> m_residual;      //!< by parameter, as far as there is any
    std::map<BlockId, Sent> m_onTheWay; //!< not acknowledged yet
};

} // namespace learning
} // namespace ns3

#endif /* BLOCK_ENCODER_H */
