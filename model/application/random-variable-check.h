/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef RANDOM_VARIABLE_CHECK_H
#define RANDOM_VARIABLE_CHECK_H

#include "ns3/random-variable-stream.h"

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-application
 *
 * Checks that a random variable of ns-3's can draw, and does so in reasonable time. ns-3 takes any
 * attributes; some of them end the program at the first draw (a Laplacian law whose Scale is not
 * above 0), or never end it (a normal one with a negative Variance; one whose Bound hardly any
 * draw is within).
 *
 * Limits: knows ns-3's own laws. Not told: a DeterministicRandomVariable or an
 * EmpiricalRandomVariable that has no values, which ns-3 does not tell either (see MakeFactory()).
 * @param variable the random variable
 * @throws std::invalid_argument with one sentence that names the attribute, and what is legal
 */
void CheckDraws(Ptr<const RandomVariableStream> variable);

} // namespace learning
} // namespace ns3

#endif /* RANDOM_VARIABLE_CHECK_H */
