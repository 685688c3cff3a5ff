/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef PARAMETER_EXCHANGE_H
#define PARAMETER_EXCHANGE_H

#include "store-collective.h"

namespace ns3
{
namespace serverless
{

/**
 * @ingroup serverless-learning-collective
 *
 * Exchange through a ParameterMachine: push the vector, poll until all have pushed, pull the sum.
 * Before its first push a worker pulls the start, which all have anyway, as the released code does.
 *
 * Numbers are 8 bytes each on this way, and take SerializationTime at the function, too. Needs
 * steps named 1, 2, ... and NumberBytes = 8.
 *
 * Source: LambdaML's released code of its Cirrus-like hybrid.
 */
class ParameterExchange : public StoreCollective
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

  protected:
    void DoStart() override;
    void DoCancel() override;

  private:
    /**
     * Asks until the answer is yes.
     * @param operation CAN_PUSH or CAN_PULL
     * @param round its number
     * @param next done when it is
     */
    void Await(StorageFrame::Operation operation, uint32_t round, std::function<void()> next);

    /**
     * Pulls.
     * @param round its number
     * @param next given the reply
     */
    void Pull(uint32_t round, std::function<void(const StorageReply&)> next);

    /// Pushes the vector.
    void Push();

    /**
     * Does something when the function has worked on bytes.
     * @param bytes how many
     * @param next what
     */
    void Serialize(uint64_t bytes, std::function<void()> next);

    double m_serializationTime; //!< s a byte
    uint32_t m_round{0};        //!< of the step, from 0
    EventId m_serialization;    //!< end of it
};

} // namespace serverless
} // namespace ns3

#endif /* PARAMETER_EXCHANGE_H */
