/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "model-evaluator.h"

#include "ns3/evaluation.h"
#include "ns3/random-engine.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace ns3
{
namespace learning
{

namespace
{

constexpr uint32_t CHUNK = 256; //!< samples of a batch: large enough for matrix products
constexpr uint32_t PARTS = 8; //!< tasks of an evaluation: a constant, so that sums keep their order
constexpr uint64_t PURPOSE = 0x6576616c75617465; //!< "evaluate"

/**
 * Squared norm, summed in double precision.
 * @param vector numbers
 * @return sum of squares
 */
double
GetSquaredNorm(const std::vector<double>& vector)
{
    return std::inner_product(vector.begin(), vector.end(), vector.begin(), 0.0);
}

} // namespace

ModelEvaluator::ModelEvaluator(Ptr<LearningModel> model,
                               Ptr<Dataset> dataset,
                               uint32_t samples,
                               Ptr<ComputePool> pool)
    : m_model(model),
      m_dataset(dataset),
      m_pool(pool)
{
    std::vector<uint32_t> chosen(dataset->GetSampleCount());
    std::iota(chosen.begin(), chosen.end(), 0);
    if (samples != 0 && samples < chosen.size())
    {
        RandomEngine(PURPOSE).Shuffle(chosen); // files may be sorted by class
        chosen.resize(samples);
        std::sort(chosen.begin(), chosen.end());
    }
    for (std::size_t part = 0; part < PARTS; ++part)
    {
        const auto begin = static_cast<std::ptrdiff_t>(chosen.size() * part / PARTS);
        const auto end = static_cast<std::ptrdiff_t>(chosen.size() * (part + 1) / PARTS);
        m_parts.emplace_back(chosen.begin() + begin, chosen.begin() + end);
    }
}

uint32_t
ModelEvaluator::GetSampleCount() const
{
    std::size_t count = 0;
    for (const std::vector<uint32_t>& part : m_parts)
    {
        count += part.size();
    }
    return static_cast<uint32_t>(count);
}

ModelEvaluator::Result
ModelEvaluator::Evaluate(const float* parameters, bool withGradient) const
{
    Result result;
    if (withGradient)
    {
        EvaluateGradient(parameters, result);
    }
    else
    {
        EvaluateSums(parameters, result);
    }
    return result;
}

void
ModelEvaluator::EvaluateGradient(const float* parameters, Result& result) const
{
    const uint32_t length = m_model->GetParameterCount();
    std::vector<std::vector<double>> sums(PARTS);
    std::vector<double> losses(PARTS);
    std::vector<uint64_t> targets(PARTS);
    std::vector<ComputePool::Ticket> tickets;
    const LearningModel& model = *m_model;
    const Dataset& dataset = *m_dataset;
    for (uint32_t part = 0; part < PARTS; ++part)
    {
        tickets.push_back(m_pool->Submit([&, part] {
            BatchBuffer<float> buffer;
            std::vector<float, AlignedAllocator<float>> gradient(length);
            sums[part].assign(length, 0);
            const std::vector<uint32_t>& samples = m_parts[part];
            const std::vector<std::size_t> cuts = CutForEvaluation(model, samples.size(), CHUNK);
            for (std::size_t i = 1; i < cuts.size(); ++i)
            {
                const auto count = static_cast<uint32_t>(cuts[i] - cuts[i - 1]);
                const Batch<float> batch =
                    dataset.Gather(samples.data() + cuts[i - 1], count, buffer);
                const uint32_t weight = batch.GetTargetCount();
                targets[part] += weight;
                losses[part] += weight * model.Gradient(parameters, batch, gradient.data());
                for (uint32_t k = 0; k < length; ++k)
                {
                    sums[part][k] += weight * double{gradient[k]};
                }
            }
        }));
    }
    std::vector<double> total(length, 0.0);
    uint64_t count = 0;
    for (uint32_t part = 0; part < PARTS; ++part)
    {
        m_pool->Wait(tickets[part]);
        result.loss += losses[part];
        count += targets[part];
        // a sum is given back before the next one is made, if one thread makes them all
        const std::vector<double> sum = std::move(sums[part]);
        std::transform(total.begin(), total.end(), sum.begin(), total.begin(), std::plus<double>());
    }
    const auto samples = static_cast<double>(count);
    result.loss /= samples;
    result.gradientNorm = std::sqrt(GetSquaredNorm(total)) / samples;
    result.accuracy = std::numeric_limits<double>::quiet_NaN();
}

void
ModelEvaluator::EvaluateSums(const float* parameters, Result& result) const
{
    std::vector<LearningModel::Evaluation> sums(PARTS);
    std::vector<ComputePool::Ticket> tickets;
    const LearningModel& model = *m_model;
    const Dataset& dataset = *m_dataset;
    for (uint32_t part = 0; part < PARTS; ++part)
    {
        tickets.push_back(m_pool->Submit([&, part] {
            sums[part] = EvaluateDataset(model, parameters, dataset, m_parts[part]);
        }));
    }
    double lossSum = 0;
    uint64_t correct = 0;
    uint64_t count = 0;
    for (uint32_t part = 0; part < PARTS; ++part)
    {
        m_pool->Wait(tickets[part]);
        lossSum += sums[part].lossSum;
        correct += sums[part].correct;
        count += sums[part].samples;
    }
    const auto samples = static_cast<double>(count);
    const uint32_t length = m_model->GetParameterCount();
    const double squaredNorm =
        m_model->GetL2Penalty() == 0
            ? 0
            : std::accumulate(parameters, parameters + length, 0.0, [](double sum, float x) {
                  return sum + double{x} * x;
              });
    result.loss = lossSum / samples + m_model->GetL2Penalty() / 2 * squaredNorm;
    result.accuracy = !m_model->Classifies() ? std::numeric_limits<double>::quiet_NaN()
                                             : static_cast<double>(correct) / samples;
}

} // namespace learning
} // namespace ns3
