/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef COLLECTIVE_H
#define COLLECTIVE_H

#include "ns3/event-id.h"
#include "ns3/nstime.h"
#include "ns3/object.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace ns3
{
namespace serverless
{

/**
 * @ingroup serverless-learning-collective
 *
 * One worker's part in adding up the vectors of all workers, step after step. All workers end a
 * step with the same numbers, bit by bit.
 *
 * Every step ends: with the sum, or after Timeout with an error that says what did not come. So a
 * worker that straggles for longer than Timeout fails the others, as in the released code of
 * LambdaML.
 */
class Collective : public Object
{
  public:
    /// What a step came to.
    struct Result
    {
        std::vector<double> sum; //!< of vectors
        uint32_t parts{0};       //!< how many were added: all workers' in a bulk-synchronous one
        std::string error;       //!< one sentence if there is none, or empty
    };

    /// Told the end of a step.
    using Done = std::function<void(const Result&)>;

    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    /**
     * Begins a step; the last one must have ended.
     * @param step its name, the same at all workers, never used before
     * @param input this worker's vector, of the same length at all workers
     * @param declaredBytes size that the vector stands for on the wire; its own size if smaller
     * @param done told the end, never before Start() returns
     */
    void Start(const std::string& step,
               std::vector<double> input,
               uint64_t declaredBytes,
               Done done);

    /// Gives the present step up; its end is not told.
    void Cancel();

    /// Gives up the present step and, over a storage service, the connection: the next step makes
    /// another one. Connections between workers stay.
    virtual void Disconnect();

    /**
     * Whether every step adds up the vectors of all workers.
     * @return true unless a derived class says otherwise
     */
    virtual bool IsSynchronous() const;

    /**
     * Whether a step may wait for workers that are behind.
     * @return true unless a derived class says otherwise
     */
    virtual bool IsWaiting() const;

    /**
     * Bytes of a number on the wire.
     * @return 4 or 8
     */
    uint32_t GetNumberBytes() const;

  protected:
    /// Part of a vector that one worker merges.
    struct Chunk
    {
        std::size_t first;    //!< index of its first number
        std::size_t count;    //!< its numbers
        uint64_t declared{0}; //!< declared bytes, 0 for those of the numbers
    };

    /**
     * States who takes part.
     * @param rank index of this worker
     * @param workers how many there are
     */
    void SetRank(uint32_t rank, uint32_t workers);

    /// Begins the step that m_step, m_input and m_declared tell.
    virtual void DoStart() = 0;

    /// Gives up all that is under way.
    virtual void DoCancel() = 0;

    void DoDispose() override;

    /**
     * Ends the step.
     * @param sum of vectors, rounded to what the wire carries
     * @param parts how many were added, 0 for those of all workers
     */
    void Succeed(std::vector<double> sum, uint32_t parts = 0);

    /**
     * Ends the step.
     * @param reason end of a sentence
     */
    void Fail(const std::string& reason);

    /**
     * The part of the vector that a worker merges; the remainder goes to the first ones.
     * @param index of the worker
     * @return the part
     */
    Chunk GetChunk(uint32_t index) const;

    uint32_t m_rank{0};          //!< index of this worker
    uint32_t m_workers{0};       //!< how many there are
    std::string m_step;          //!< name of the step
    std::vector<double> m_input; //!< this worker's vector, rounded to what the wire carries
    uint64_t m_declared{0};      //!< bytes that it stands for

  private:
    /**
     * Ends the step.
     * @param result how
     */
    void End(const Result& result);

    uint32_t m_numberBytes; //!< 4 or 8
    Time m_timeout;         //!< longest time of a step
    Done m_done;            //!< told the end
    EventId m_expiry;       //!< end of the longest time
    EventId m_start;        //!< begin of the step
};

} // namespace serverless
} // namespace ns3

#endif /* COLLECTIVE_H */
