/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef STANDARD_OUTPUT_H
#define STANDARD_OUTPUT_H

#include <string>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-sweep
 *
 * Makes sure, at the end of a program, that what it printed has arrived.
 * @param what was printed, such as "summary"
 * @throws std::runtime_error if std::cout could not be written, such as on a full disk
 */
void CheckStandardOutput(const std::string& what);

} // namespace learning
} // namespace ns3

#endif /* STANDARD_OUTPUT_H */
