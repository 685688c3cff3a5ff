/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "model-evaluator.h"

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
constexpr uint32_t PARTS = 8;   //!< tasks of an evaluation: a constant, so that sums keep their order
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
      m_pool(pool),
      m_samples(dataset->GetSampleCount())
{
    std::iota(m_samples.begin(), m_samples.end(), 0);
    if (samples != 0 && samples < m_samples.size())
    {
        RandomEngine(PURPOSE).Shuffle(m_samples); // files may be sorted by class
        m_samples.resize(samples);
        std::sort(m_samples.begin(), m_samples.end());
    }
}

uint32_t
ModelEvaluator::GetSampleCount() const
{
    return static_cast<uint32_t>(m_samples.size());
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
    const auto samples = static_cast<uint32_t>(m_samples.size());
    std::vector<std::vector<double>> sums(PARTS);
    std::vector<double> losses(PARTS);
    std::vector<ComputePool::Ticket> tickets;
    const LearningModel& model = *m_model;
    const Dataset& dataset = *m_dataset;
    for (uint32_t part = 0; part < PARTS; ++part)
    {
        tickets.push_back(m_pool->Submit([&, part] {
            BatchBuffer<float> buffer;
            std::vector<float, AlignedAllocator<float>> gradient(length);
            sums[part].assign(length, 0);
            const auto end = static_cast<uint32_t>(uint64_t{samples} * (part + 1) / PARTS);
            for (auto i = static_cast<uint32_t>(uint64_t{samples} * part / PARTS); i < end;
                 i += CHUNK)
            {
                const uint32_t count = std::min(CHUNK, end - i);
                const Batch<float> batch = dataset.Gather(m_samples.data() + i, count, buffer);
                losses[part] += count * model.Gradient(parameters, batch, gradient.data());
                for (uint32_t k = 0; k < length; ++k)
                {
                    sums[part][k] += count * double{gradient[k]};
                }
            }
        }));
    }
    std::vector<double> total(length, 0.0);
    for (uint32_t part = 0; part < PARTS; ++part)
    {
        m_pool->Wait(tickets[part]);
        result.loss += losses[part];
        std::transform(total.begin(),
                       total.end(),
                       sums[part].begin(),
                       total.begin(),
                       std::plus<double>());
    }
    result.loss /= samples;
    result.gradientNorm = std::sqrt(GetSquaredNorm(total)) / samples;
    result.accuracy = std::numeric_limits<double>::quiet_NaN();
}

void
ModelEvaluator::EvaluateSums(const float* parameters, Result& result) const
{
    const auto samples = static_cast<uint32_t>(m_samples.size());
    std::vector<LearningModel::Evaluation> sums(PARTS);
    std::vector<ComputePool::Ticket> tickets;
    const LearningModel& model = *m_model;
    const Dataset& dataset = *m_dataset;
    for (uint32_t part = 0; part < PARTS; ++part)
    {
        tickets.push_back(m_pool->Submit([&, part] {
            BatchBuffer<float> buffer;
            const auto end = static_cast<uint32_t>(uint64_t{samples} * (part + 1) / PARTS);
            for (auto i = static_cast<uint32_t>(uint64_t{samples} * part / PARTS); i < end;
                 i += CHUNK)
            {
                const uint32_t count = std::min(CHUNK, end - i);
                const Batch<float> batch = dataset.Gather(m_samples.data() + i, count, buffer);
                const LearningModel::Evaluation chunk = model.Evaluate(parameters, batch);
                sums[part].lossSum += chunk.lossSum;
                sums[part].correct += chunk.correct;
            }
        }));
    }
    double lossSum = 0;
    uint64_t correct = 0;
    for (uint32_t part = 0; part < PARTS; ++part)
    {
        m_pool->Wait(tickets[part]);
        lossSum += sums[part].lossSum;
        correct += sums[part].correct;
    }
    const uint32_t length = m_model->GetParameterCount();
    const double squaredNorm =
        m_model->GetL2Penalty() == 0
            ? 0
            : std::accumulate(parameters, parameters + length, 0.0, [](double sum, float x) {
                  return sum + double{x} * x;
              });
    result.loss = lossSum / samples + m_model->GetL2Penalty() / 2 * squaredNorm;
    result.accuracy = m_dataset->GetClassCount() == 0
                          ? std::numeric_limits<double>::quiet_NaN()
                          : static_cast<double>(correct) / samples;
}

} // namespace learning
} // namespace ns3
