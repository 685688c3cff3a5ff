/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "rounds-estimator.h"

#include "ns3/local-fleet.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <stdexcept>
#include <string>

namespace ns3
{
namespace serverless
{

uint32_t
EstimateRounds(const LearningTask& task,
               const ObjectFactory& optimization,
               double share,
               double loss,
               uint32_t most)
{
    if (!(share > 0 && share <= 1))
    {
        throw std::invalid_argument("a share of " + std::to_string(share) +
                                    " of the samples: above 0 and at most 1 is needed");
    }
    const auto sample = std::make_shared<LearningTask>(task);
    std::vector<uint32_t> all;
    for (std::vector<uint32_t>& part : sample->parts)
    {
        // parts are in random order, or sorted as their worker sees them: take every n-th
        std::vector<uint32_t> kept;
        const auto count = std::max<std::size_t>(
            1,
            static_cast<std::size_t>(std::llround(share * static_cast<double>(part.size()))));
        for (std::size_t i = 0; i < count; ++i)
        {
            kept.push_back(part[i * part.size() / count]);
        }
        part = kept;
        all.insert(all.end(), kept.begin(), kept.end());
    }
    sample->batchSize =
        std::max<uint32_t>(1, static_cast<uint32_t>(std::lround(share * task.batchSize)));

    return LocalFleet(sample, optimization).CountRounds(loss, most, all);
}

} // namespace serverless
} // namespace ns3
