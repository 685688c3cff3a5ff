/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "evaluation.h"

#include <algorithm>
#include <numeric>
#include <stdexcept>
#include <string>

namespace ns3
{
namespace learning
{

namespace
{

/// Samples that are gathered at once: enough for fast products, few enough for a convolution's
/// memory.
constexpr uint32_t PIECE = 128;

} // namespace

std::vector<std::size_t>
CutForEvaluation(const LearningModel& model, std::size_t count, uint32_t most)
{
    const std::size_t limit = model.GetEvaluationBatch();
    std::vector<std::size_t> cuts{0};
    if (limit == 0)
    {
        while (cuts.back() < count)
        {
            cuts.push_back(std::min(cuts.back() + most, count));
        }
        return cuts;
    }
    const std::size_t pieces = (count + limit - 1) / limit;
    for (std::size_t piece = 1; piece <= pieces; piece++)
    {
        cuts.push_back(count * piece / pieces);
    }
    return cuts;
}

LearningModel::Evaluation
EvaluateDataset(const LearningModel& model,
                const float* parameters,
                const Dataset& dataset,
                uint32_t first,
                uint32_t count)
{
    if (uint64_t(first) + count > dataset.GetSampleCount())
    {
        throw std::invalid_argument("samples " + std::to_string(first) + " and " +
                                    std::to_string(count) + " on are more than the data set's " +
                                    std::to_string(dataset.GetSampleCount()));
    }
    std::vector<uint32_t> samples(count);
    std::iota(samples.begin(), samples.end(), first);
    return EvaluateDataset(model, parameters, dataset, samples);
}

LearningModel::Evaluation
EvaluateDataset(const LearningModel& model,
                const float* parameters,
                const Dataset& dataset,
                const std::vector<uint32_t>& samples)
{
    static thread_local BatchBuffer<float> buffer;
    LearningModel::Evaluation sum;
    const auto cuts = CutForEvaluation(model, samples.size(), PIECE);
    for (std::size_t i = 1; i < cuts.size(); i++)
    {
        const auto size = static_cast<uint32_t>(cuts[i] - cuts[i - 1]);
        const auto piece =
            model.Evaluate(parameters, dataset.Gather(samples.data() + cuts[i - 1], size, buffer));
        sum.lossSum += piece.lossSum;
        sum.correct += piece.correct;
        sum.samples += piece.samples;
    }
    return sum;
}

} // namespace learning
} // namespace ns3
