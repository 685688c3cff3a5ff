/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef SERVER_CODER_H
#define SERVER_CODER_H

#include "training-setup.h"

#include "ns3/block-encoder.h"
#include "ns3/block-transport.h"

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-application
 *
 * What stands between a parameter server and its transport if blocks do not travel as they are:
 * decodes what workers pushed, and encodes what they pull. Only for a setup with a coding.
 *
 * If blocks are rotated, so are contributions and their aggregate, of a server on a worker's node
 * also what it is given and gives back.
 */
class ServerCoder
{
  public:
    /**
     * Makes a coder.
     * @param setup what all nodes know; must stay
     * @param self index of this host
     * @param transport of this host
     */
    ServerCoder(const TrainingSetup& setup, uint32_t self, Ptr<BlockTransport> transport);

    ~ServerCoder();

    ServerCoder(const ServerCoder&) = delete;
    ServerCoder& operator=(const ServerCoder&) = delete;

    /**
     * Length of a block that is pushed, on the wire.
     * @param length its numbers
     * @return 32-bit words
     */
    uint32_t GetPushLength(uint32_t length) const;

    /**
     * How the numbers of a block that is pushed are cut.
     * @param length its numbers
     * @return the layout
     */
    SegmentLayout GetPushLayout(uint32_t length) const;

    /**
     * Decodes a push.
     * @param id the block; its peer is the worker
     * @param wire what came
     * @param mask the segments that are there
     * @param length numbers in the block
     * @return its numbers, until this worker's next push is decoded
     */
    const float* Decode(const BlockId& id,
                        const float* wire,
                        const SegmentMask& mask,
                        uint32_t length);

    /**
     * Rotates an aggregate back, for a server that does more with it than send it.
     * @param round the round
     * @param block the block
     * @param values its numbers, changed
     * @param length how many
     */
    void Unrotate(uint32_t round, uint32_t block, float* values, uint32_t length) const;

    /**
     * Begins to send a result.
     * @param round the round
     * @param block the block
     * @param values its numbers, which must stay until the last Send(); changed
     * @param length how many
     * @param made the segments of it that there are, cut as pushes are
     * @param isRotated whether the numbers are an aggregate of pushes, and so rotated if these are
     */
    void BeginPulls(uint32_t round,
                    uint32_t block,
                    float* values,
                    uint32_t length,
                    const SegmentMask& made,
                    bool isRotated);

    /**
     * Sends the result to a worker.
     * @param worker the worker
     * @param reliable whether what is lost is repeated
     */
    void Send(uint32_t worker, bool reliable);

    /**
     * Hands the result to the worker on this node, as it would arrive at another.
     * @param worker the worker
     * @param pull where it goes; stays as it is where segments are missing
     */
    void Give(uint32_t worker, float* pull);

  private:
    /**
     * Encodes the result for a worker, unless that has been done.
     * @param worker the worker
     * @return the encoder that did it
     */
    BlockEncoder& Encode(uint32_t worker);

    const TrainingSetup& m_setup;    //!< what all nodes know
    Ptr<BlockTransport> m_transport; //!< of this host
    uint32_t m_self;                 //!< index of this host
    uint32_t m_words;                //!< 32-bit words in a segment
    bool m_each;                     //!< whether each worker is sent something else
    std::map<uint32_t, std::vector<float>> m_decoded;             //!< pushes, by worker
    std::map<uint32_t, std::unique_ptr<BlockEncoder>> m_encoders; //!< by worker, or one for all
    BlockId m_id;                                                 //!< what is being sent
    const float* m_values{nullptr};                               //!< its numbers
    uint32_t m_length{0};                                         //!< how many
    SegmentMask m_made;           //!< the segments of it that there are
    bool m_isRotated{false};      //!< whether they are rotated already
    bool m_isEncoded{false};      //!< whether they are encoded
    const float* m_wire{nullptr}; //!< as what
};

} // namespace learning
} // namespace ns3

#endif /* SERVER_CODER_H */
