/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef BOUNDED_TIME_H
#define BOUNDED_TIME_H

#include "ns3/attribute.h"
#include "ns3/nstime.h"
#include "ns3/random-variable-stream.h"

#include <string>

namespace ns3
{
namespace serverless
{

/**
 * @ingroup serverless-learning-storage
 *
 * Makes a checker of an attribute that is a time: a clock of ns-3 runs for 9.2e9 s, which a sum of
 * longer ones would overflow.
 * @param least shortest legal time
 * @param most longest legal time
 * @return the checker
 */
Ptr<const AttributeChecker> MakeBoundedTimeChecker(Time least = Time(0), Time most = Seconds(1e9));

/**
 * @ingroup serverless-learning-storage
 *
 * Makes a time of seconds that were computed.
 * @param seconds at least 0
 * @param what takes them, the begin of a sentence
 * @return the time, at most 1e9 s
 * @throws std::runtime_error with one sentence if it is longer
 */
Time MakeBoundedTime(double seconds, const std::string& what);

/**
 * @ingroup serverless-learning-storage
 *
 * Draws a time: a negative one is 0.
 * @param variable what to draw from, in s
 * @param attribute full name of the attribute that it is of
 * @return the time, at most 1e6 s
 * @throws std::runtime_error with one sentence if it is longer, or no number
 */
Time DrawTime(Ptr<RandomVariableStream> variable, const std::string& attribute);

} // namespace serverless
} // namespace ns3

#endif /* BOUNDED_TIME_H */
