/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef CATCH_UP_H
#define CATCH_UP_H

#include "training-setup.h"

#include "ns3/block-transport.h"
#include "ns3/event-id.h"
#include "ns3/nstime.h"

#include <cstdint>
#include <functional>
#include <set>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-application
 *
 * Gets lost parameters back from the replica of another worker, through packets: asks one worker
 * after the other, each for a Timeout, until one has sent all that was asked for.
 *
 * A request is a pull without segments, whose block is 2 B for all B blocks and 2 B + 1 + b for
 * block b. The answer comes at the end of the other worker's round: block b as block B + b of the
 * round that follows, sent reliably.
 *
 * Servers that bound the age of copies are told of a worker that has lost its own by a push without
 * segments, whose block is 2 B: an announcement.
 */
class CatchUp
{
  public:
    /// Called with whether the parameters are back, and the round that begins with them.
    using Callback = std::function<void(bool success, uint32_t round)>;

    /**
     * Prepares to ask.
     * @param setup what all nodes know
     * @param self index of this host
     * @param transport of this host; the owner of this object receives its pulls
     * @param timeout longest wait for an answer, above 0
     * @param callback told of the end; may not destroy this object
     */
    CatchUp(Ptr<TrainingSetup> setup,
            uint32_t self,
            Ptr<BlockTransport> transport,
            Time timeout,
            Callback callback);
    ~CatchUp();

    CatchUp(const CatchUp&) = delete;
    CatchUp& operator=(const CatchUp&) = delete;

    /// Asks for all parameters.
    void Ask();

    /**
     * Asks for the parameters of a block.
     * @param block the block
     */
    void Ask(uint32_t block);

    /// Asks no more, and takes in no more of an answer.
    void Cancel();

    /**
     * The first packet of an answer has come.
     * @param id the block, IsAnswer()
     * @param length numbers in it
     * @return where they go, or null if they have not been asked for
     */
    float* OpenBlock(const BlockId& id, uint32_t length);

    /**
     * A block that was opened is closed.
     * @param id the block
     * @param mask the segments that arrived
     */
    void BlockClosed(const BlockId& id, const SegmentMask& mask);

    /**
     * The parameters that came.
     * @return d numbers, of which those that were asked for are set
     */
    const AlignedVector& GetParameters() const;

    /**
     * Whether a pull is an answer to a request.
     * @param setup what all nodes know
     * @param id the pull
     * @return true if so
     */
    static bool IsAnswer(const TrainingSetup& setup, const BlockId& id);

    /**
     * Whether a pull is a request.
     * @param setup what all nodes know
     * @param id the pull
     * @return true if so
     */
    static bool IsRequest(const TrainingSetup& setup, const BlockId& id);

    /**
     * Answers a request.
     * @param setup what all nodes know
     * @param transport of this host
     * @param request the request; its peer is who asked
     * @param parameters d numbers
     * @param round the round that begins with them
     */
    static void Answer(const TrainingSetup& setup,
                       BlockTransport& transport,
                       const BlockId& request,
                       const AlignedVector& parameters,
                       uint32_t round);

    /**
     * Tells the servers that a worker has lost its copies of their blocks.
     * @param setup what all nodes know
     * @param transport of the worker
     * @param round with which it goes on
     */
    static void Announce(const TrainingSetup& setup, BlockTransport& transport, uint32_t round);

    /**
     * Whether a block is an announcement.
     * @param setup what all nodes know
     * @param id the block; its peer is the worker
     * @return true if so
     */
    static bool IsAnnouncement(const TrainingSetup& setup, const BlockId& id);

    static constexpr uint32_t REQUEST_LENGTH = 1; //!< numbers in the block of a request, not sent

  private:
    /// Asks the next worker, or gives up.
    void AskNext();

    /// Closes what is open of an answer: what is still to come of it would be written among others.
    void CloseAnswer();

    Ptr<TrainingSetup> m_setup;      //!< what all nodes know
    uint32_t m_self;                 //!< index of this host
    Ptr<BlockTransport> m_transport; //!< of this host
    Time m_timeout;                  //!< longest wait for an answer
    Callback m_callback;             //!< told of the end
    uint32_t m_first{0};             //!< first block asked for
    uint32_t m_count{0};             //!< number of blocks asked for, 0 if none
    uint32_t m_tries{0};             //!< workers asked
    uint32_t m_peer{0};              //!< worker asked
    uint32_t m_round{0};             //!< round of the answer
    uint32_t m_closed{0};            //!< blocks of it that are there
    AlignedVector m_parameters;      //!< what has come
    std::set<BlockId> m_open;        //!< blocks of answers that are open
    EventId m_event;                 //!< next AskNext()
};

} // namespace learning
} // namespace ns3

#endif /* CATCH_UP_H */
