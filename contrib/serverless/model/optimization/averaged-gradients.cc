/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "averaged-gradients.h"

#include "ns3/uinteger.h"

namespace ns3
{
namespace serverless
{

NS_OBJECT_ENSURE_REGISTERED(AveragedGradients);
NS_OBJECT_ENSURE_REGISTERED(AveragedModels);

TypeId
AveragedGradients::GetTypeId()
{
    static TypeId tid = TypeId("ns3::serverless::AveragedGradients")
                            .SetParent<GradientOptimization>()
                            .SetGroupName("ServerlessLearning")
                            .AddConstructor<AveragedGradients>();
    return tid;
}

void
AveragedGradients::Compute()
{
    DrawGradient();
}

double
AveragedGradients::GetEpochsPerRound() const
{
    return static_cast<double>(m_task->batchSize) / static_cast<double>(GetSamples().size());
}

std::vector<double>
AveragedGradients::GetVector() const
{
    return std::vector<double>(m_gradient.begin(), m_gradient.end());
}

void
AveragedGradients::Merge(const std::vector<double>& sum, uint32_t parts)
{
    for (std::size_t i = 0; i < GetSize(); ++i)
    {
        m_gradient[i] = static_cast<float>(sum[i] / parts);
    }
    Step();
}

TypeId
AveragedModels::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::serverless::AveragedModels")
            .SetParent<GradientOptimization>()
            .SetGroupName("ServerlessLearning")
            .AddConstructor<AveragedModels>()
            .AddAttribute("LocalEpochs",
                          "Epochs of a round, at least 1; 1 in LambdaML's released code.",
                          UintegerValue(1),
                          MakeUintegerAccessor(&AveragedModels::m_localEpochs),
                          MakeUintegerChecker<uint32_t>(1))
            .AddAttribute(
                "LocalBatches",
                "Mini-batches of a round instead of LocalEpochs; 0 for LocalEpochs (assumed: "
                "LambdaML counts epochs).",
                UintegerValue(0),
                MakeUintegerAccessor(&AveragedModels::m_localBatches),
                MakeUintegerChecker<uint32_t>());
    return tid;
}

uint32_t
AveragedModels::GetBatchesPerRound() const
{
    return m_localBatches != 0 ? m_localBatches : m_localEpochs * GetBatchesPerEpoch();
}

void
AveragedModels::Compute()
{
    for (uint32_t batch = 0; batch < GetBatchesPerRound(); ++batch)
    {
        DrawGradient();
        Step();
    }
}

double
AveragedModels::GetEpochsPerRound() const
{
    return static_cast<double>(GetBatchesPerRound()) * m_task->batchSize /
           static_cast<double>(GetSamples().size());
}

std::vector<double>
AveragedModels::GetVector() const
{
    return std::vector<double>(m_parameters.begin(), m_parameters.end());
}

void
AveragedModels::Merge(const std::vector<double>& sum, uint32_t parts)
{
    for (std::size_t i = 0; i < GetSize(); ++i)
    {
        m_parameters[i] = static_cast<float>(sum[i] / parts);
    }
}

bool
AveragedModels::IsModel() const
{
    return true;
}

} // namespace serverless
} // namespace ns3
