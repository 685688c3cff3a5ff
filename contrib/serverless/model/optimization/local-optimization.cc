/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "local-optimization.h"

#include "ns3/evaluation.h"
#include "ns3/random-engine.h"

#include <algorithm>
#include <limits>
#include <stdexcept>
#include <utility>

namespace ns3
{
namespace serverless
{

NS_OBJECT_ENSURE_REGISTERED(LocalOptimization);
NS_OBJECT_ENSURE_REGISTERED(GradientOptimization);

namespace
{
constexpr uint64_t START = 0x5354415254534c01; //!< what hashed keys are for
constexpr uint64_t ORDER = 0x4f52444552534c01; //!< what hashed keys are for
} // namespace

TypeId
LocalOptimization::GetTypeId()
{
    static TypeId tid = TypeId("ns3::serverless::LocalOptimization")
                            .SetParent<Object>()
                            .SetGroupName("ServerlessLearning");
    return tid;
}

void
LocalOptimization::Configure(std::shared_ptr<const LearningTask> task, uint32_t worker)
{
    m_task = std::move(task);
    m_worker = worker;
    DoConfigure();
}

void
LocalOptimization::DoDispose()
{
    m_task = nullptr;
    Object::DoDispose();
}

double
LocalOptimization::GetVectorFactor() const
{
    return 1;
}

double
LocalOptimization::GetLoss(const std::vector<uint32_t>& samples) const
{
    const std::vector<float> parameters = GetParameters();
    const auto sums =
        learning::EvaluateDataset(*m_task->model, parameters.data(), *m_task->training, samples);
    return sums.lossSum / static_cast<double>(sums.samples);
}

double
LocalOptimization::GetAccuracy(const std::vector<uint32_t>& samples) const
{
    if (!m_task->model->Classifies())
    {
        return std::numeric_limits<double>::quiet_NaN();
    }
    const std::vector<float> parameters = GetParameters();
    const auto sums =
        learning::EvaluateDataset(*m_task->model, parameters.data(), *m_task->training, samples);
    return static_cast<double>(sums.correct) / static_cast<double>(sums.samples);
}

bool
LocalOptimization::IsModel() const
{
    return false;
}

uint32_t
LocalOptimization::GetWorker() const
{
    return m_worker;
}

const std::vector<uint32_t>&
LocalOptimization::GetSamples() const
{
    return m_task->parts.at(m_worker);
}

void
LocalOptimization::Refuse(const std::string& reason) const
{
    throw std::invalid_argument(GetInstanceTypeId().GetName() + ": " + reason);
}

TypeId
GradientOptimization::GetTypeId()
{
    static TypeId tid = TypeId("ns3::serverless::GradientOptimization")
                            .SetParent<LocalOptimization>()
                            .SetGroupName("ServerlessLearning");
    return tid;
}

void
GradientOptimization::DoConfigure()
{
    if (!m_task->model)
    {
        Refuse("a model with gradients is needed");
    }
    const uint32_t size = m_task->model->GetParameterCount();
    m_parameters.resize(size);
    m_gradient.resize(size);
    m_task->model->Initialize(m_parameters.data(), learning::SplitMix64(START, m_task->seed));
    m_optimizer = m_task->optimizer.Create<learning::Optimizer>();
    m_sampler = std::make_unique<learning::BatchSampler>(
        GetSamples(),
        m_task->batchSize,
        learning::SplitMix64(ORDER, m_task->seed, m_worker));
}

void
GradientOptimization::DoDispose()
{
    m_optimizer = nullptr;
    LocalOptimization::DoDispose();
}

double
GradientOptimization::DrawGradient()
{
    const std::vector<uint32_t>& samples = m_sampler->Next();
    ++m_batches;
    const auto batch =
        m_task->training->Gather(samples.data(), static_cast<uint32_t>(samples.size()), m_buffer);
    return m_task->model->Gradient(m_parameters.data(), batch, m_gradient.data());
}

void
GradientOptimization::Step()
{
    m_optimizer->Step(m_parameters.data(),
                      m_gradient.data(),
                      static_cast<uint32_t>(m_parameters.size()),
                      m_steps++);
}

uint32_t
GradientOptimization::GetBatchesPerEpoch() const
{
    const auto samples = static_cast<uint32_t>(GetSamples().size());
    return (samples + m_task->batchSize - 1) / m_task->batchSize;
}

std::size_t
GradientOptimization::GetSize() const
{
    return m_parameters.size();
}

std::vector<float>
GradientOptimization::GetParameters() const
{
    return std::vector<float>(m_parameters.begin(), m_parameters.end());
}

std::vector<double>
GradientOptimization::Save() const
{
    std::vector<double> state{static_cast<double>(m_batches), static_cast<double>(m_steps)};
    state.insert(state.end(), m_parameters.begin(), m_parameters.end());
    const std::vector<double> memory = m_optimizer->GetState();
    state.insert(state.end(), memory.begin(), memory.end());
    return state;
}

void
GradientOptimization::Restore(const std::vector<double>& state)
{
    DoConfigure(); // nothing of before is left
    if (state.size() < 2 + GetSize())
    {
        Refuse("a checkpoint of another model");
    }
    const auto batches = static_cast<uint64_t>(state[0]);
    m_steps = static_cast<uint64_t>(state[1]);
    for (m_batches = 0; m_batches < batches; ++m_batches)
    {
        m_sampler->Next();
    }
    const auto first = state.begin() + 2;
    const auto middle = first + static_cast<std::ptrdiff_t>(GetSize());
    std::copy(first, middle, m_parameters.begin());
    m_optimizer->SetState(std::vector<double>(middle, state.end()));
}

} // namespace serverless
} // namespace ns3
