/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef ANSWERING_PARAMETER_SERVER_H
#define ANSWERING_PARAMETER_SERVER_H

#include "parameter-server.h"

#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-application
 *
 * A parameter server that keeps its block and answers each worker by itself: with the parameters,
 * as soon as the SynchronizationProtocol lets the worker begin its next round.
 *
 * It knows the clocks of the workers by their pushes. Pushes are used when somebody is answered: k
 * pushes of one round step the parameters once, by their average times k / workers, so that all
 * pushes of a round together weigh what a round weighs in bulk-synchronous training, and do the
 * same, to the last bit, if none of them is used before.
 *
 * A worker that may not begin waits; if nothing has come for PushDeadline from the workers that it
 * waits for, these are left out until they are heard of again. A push whose end does not come is
 * closed PushDeadline after the first packet of its round. No push is too late, unless its worker
 * has pushed a later round.
 *
 * Source: stale-synchronous and asynchronous training, see the protocols.
 */
class AnsweringParameterServer : public ParameterServer
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    void Contribute(uint32_t round, uint32_t block, const float* push, float* pull) override;
    void CloseRound(uint32_t round) override;

  protected:
    void DoDispose() override;
    void StopApplication() override;
    float* OpenBlock(const BlockId& id, uint32_t length) override;
    void Forget() override;
    void GoOn() override;

  private:
    /// What is known of a worker.
    struct Client
    {
        uint32_t clock{0};   //!< rounds pushed
        bool waiting{false}; //!< its last push is not answered
        Time heard;          //!< when something came from it
    };

    void BlockClosed(const BlockId& id, const SegmentMask& mask) override;
    void RoundOver(BlockDirection direction, uint32_t round) override;
    void DeadlinePassed(uint32_t round) override;

    /**
     * The state of a worker.
     * @param worker its index
     * @return the state
     */
    Client& GetClient(uint32_t worker);

    /**
     * A push is there: answers whoever may go on.
     * @param round the round
     * @param worker whose
     */
    void PushTaken(uint32_t round, uint32_t worker);

    /// Answers the workers that may begin their next round.
    void AnswerWorkers();

    /// Steps the parameters by all pushes that are closed, in the order of rounds and workers.
    void UsePushes();

    /**
     * Smallest clock of the workers that are present.
     * @return the clock; that of nobody is infinite
     */
    uint32_t GetSlowest() const;

    /// Waits for absent workers no more.
    void LosePatience();

    /**
     * Checks the clocks of the workers that are present, as long as all of them go on when they are
     * answered. Who comes back, or goes on by its own deadline, may be anywhere: from then on
     * clocks are checked again as soon as they are as close as they should be.
     */
    void CheckClocks();

    std::vector<Client> m_clients; //!< by worker
    float* m_pull{nullptr};        //!< where the answer of the worker on this node goes
    uint32_t m_block{0};           //!< the block owned
    EventId m_patience;            //!< next LosePatience()
    bool m_inStep{true};           //!< whether clocks must be as close as they should be
    uint32_t m_changes{0};         //!< of attendance, when that was last known
};

} // namespace learning
} // namespace ns3

#endif /* ANSWERING_PARAMETER_SERVER_H */
