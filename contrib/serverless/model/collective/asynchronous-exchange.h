/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef ASYNCHRONOUS_EXCHANGE_H
#define ASYNCHRONOUS_EXCHANGE_H

#include "store-collective.h"

namespace ns3
{
namespace serverless
{

/**
 * @ingroup serverless-learning-collective
 *
 * Asynchronous exchange over one global object: nobody waits, the last writer wins, and a worker
 * goes on with the model that it read. What is exchanged must be a model.
 *
 * OLD_FIRST: GET the global model, PUT mine, go on with the one that was read, if there was one; as
 * LambdaML's released code does for linear models. NEW_FIRST: PUT mine, then GET the latest; as it
 * does for deep ones.
 *
 * Source: H. Wang, D. Niu, B. Li, "Distributed machine learning with a serverless architecture"
 * (SIREN), INFOCOM 2019; steps of LambdaML's released code, "async".
 */
class AsynchronousExchange : public StoreCollective
{
  public:
    /// What comes first.
    enum Order
    {
        OLD_FIRST, //!< GET, then PUT
        NEW_FIRST  //!< PUT, then GET
    };

    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    bool IsSynchronous() const override;
    bool IsWaiting() const override;

  protected:
    void DoStart() override;

  private:
    /**
     * Stores the worker's model.
     * @param next done when it is stored
     */
    void PutModel(std::function<void()> next);

    Order m_order; //!< what comes first
};

/**
 * @ingroup serverless-learning-collective
 *
 * Stale-synchronous exchange: in its step c a worker PUTs its model, waits until all workers have
 * stored those of step c - Staleness, and goes on with the mean of the newest models of all
 * workers, of step c + Staleness at most. Staleness 0 is bulk-synchronous model averaging, bit by
 * bit.
 *
 * A worker keeps its last 2 Staleness + 2 models in the store. Needs steps named 1, 2, ...
 *
 * Source: Q. Ho et al., "More effective distributed ML via a stale synchronous parallel parameter
 * server", NIPS 2013; here without a server.
 */
class StaleExchange : public StoreCollective
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    bool IsSynchronous() const override;

  protected:
    void DoStart() override;

  private:
    /// Looks for models.
    void Look();

    /**
     * Name of a worker's model.
     * @param worker its index
     * @param step number of the step
     * @return bucket/key
     */
    static std::string GetModelName(uint32_t worker, uint32_t step);

    uint32_t m_staleness;      //!< steps that a worker may be ahead of another
    uint32_t m_clock{0};       //!< number of the step
    std::vector<double> m_sum; //!< of models that are read, in order of workers
};

} // namespace serverless
} // namespace ns3

#endif /* ASYNCHRONOUS_EXCHANGE_H */
