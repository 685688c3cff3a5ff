/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef DATASET_REFUSAL_H
#define DATASET_REFUSAL_H

#include <sstream>
#include <stdexcept>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-data
 *
 * Refuses data by throwing std::invalid_argument; only Dataset's source files include this.
 * @tparam Parts printable types
 * @param parts what the sentence is made of
 */
template <typename... Parts>
[[noreturn]] void
RefuseData(const Parts&... parts)
{
    std::ostringstream text;
    text << "data set: ";
    (text << ... << parts);
    throw std::invalid_argument(text.str());
}

} // namespace learning
} // namespace ns3

#endif /* DATASET_REFUSAL_H */
