/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef ROBUST_PARAMETER_SERVER_H
#define ROBUST_PARAMETER_SERVER_H

#include "training-algorithm.h"

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-application
 *
 * RPS: every worker takes a local step, pushes its model, and replaces each segment of it by the
 * average that comes back; a segment whose average is lost keeps the worker's own value.
 *
 * Source: "Distributed Learning over Unreliable Networks" (ICML 2019), Algorithm 1 (the name is
 * that of its arXiv version 1; Section 4 calls it Reliable Parameter Server).
 */
class RobustParameterServer : public TrainingAlgorithm
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    float* GetGradientBuffer(Replica& replica) const override;
    void AfterGradient(Replica& replica, const float* gradient, uint64_t round) const override;
    float* GetPushVector(Replica& replica) const override;
    float* GetPullVector(Replica& replica) const override;
};

} // namespace learning
} // namespace ns3

#endif /* ROBUST_PARAMETER_SERVER_H */
