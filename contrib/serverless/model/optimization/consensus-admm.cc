/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "consensus-admm.h"

#include "ns3/double.h"
#include "ns3/enum.h"
#include "ns3/learning-compatibility.h"
#include "ns3/random-engine.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ns3
{
namespace serverless
{

NS_OBJECT_ENSURE_REGISTERED(ConsensusAdmm);

namespace
{

constexpr uint64_t DUALS = 0x41444d4d534c0001; //!< what hashed keys are for

/**
 * Soft threshold.
 * @param a the number
 * @param threshold at least 0
 * @return sign(a) max(|a| - threshold, 0)
 */
double
Shrink(double a, double threshold)
{
    return std::copysign(std::max(std::abs(a) - threshold, 0.0), a);
}

} // namespace

TypeId
ConsensusAdmm::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::serverless::ConsensusAdmm")
            .SetParent<GradientOptimization>()
            .SetGroupName("ServerlessLearning")
            .AddConstructor<ConsensusAdmm>()
            .AddAttribute("Variant",
                          "Whose steps are taken: Released (LambdaML's released code) or Textbook.",
                          learning::EnumValueFor<Variant>(RELEASED),
                          learning::MakeEnumAccessorFor<Variant>(&ConsensusAdmm::m_variant),
                          MakeEnumChecker(RELEASED, "Released", TEXTBOOK, "Textbook"))
            .AddAttribute("LocalEpochs",
                          "Epochs of a round, at least 1; 10 in the released configurations.",
                          UintegerValue(10),
                          MakeUintegerAccessor(&ConsensusAdmm::m_localEpochs),
                          MakeUintegerChecker<uint32_t>(1))
            .AddAttribute("Rho",
                          "Penalty on disagreement, above 0; 0.01 in the released configurations.",
                          DoubleValue(0.01),
                          MakeDoubleAccessor(&ConsensusAdmm::m_rho),
                          MakeDoubleChecker<double>(std::numeric_limits<double>::min()))
            .AddAttribute("Lambda",
                          "L1 penalty, at least 0; 0.01 in the released configurations.",
                          DoubleValue(0.01),
                          MakeDoubleAccessor(&ConsensusAdmm::m_lambda),
                          MakeDoubleChecker<double>(0));
    return tid;
}

void
ConsensusAdmm::DoConfigure()
{
    GradientOptimization::DoConfigure();
    if (GetSize() != m_task->training->GetShape().GetSize() + 1 ||
        m_task->model->GetClassCount() != 2)
    {
        Refuse("ADMM needs a linear model of two classes, such as "
               "ns3::learning::LogisticRegression: others are not convex");
    }
    if (m_variant == TEXTBOOK)
    {
        m_u.assign(GetSize(), 0);
        m_z.assign(m_parameters.begin(), m_parameters.end());
        return;
    }
    m_u.resize(GetSize() - 1);
    m_z.resize(GetSize() - 1);
    learning::RandomEngine own(learning::SplitMix64(DUALS, m_task->seed, m_worker + 1));
    learning::RandomEngine shared(learning::SplitMix64(DUALS, m_task->seed, 0));
    for (std::size_t i = 0; i < m_u.size(); ++i)
    {
        m_u[i] = own.NextUniform();
        m_z[i] = shared.NextUniform();
    }
}

void
ConsensusAdmm::Compute()
{
    for (uint32_t batch = 0; batch < m_localEpochs * GetBatchesPerEpoch(); ++batch)
    {
        DrawGradient();
        AddPenalty();
        Step();
    }
}

void
ConsensusAdmm::AddPenalty()
{
    double factor = m_rho;
    if (m_variant == RELEASED)
    {
        double square = 0;
        for (std::size_t i = 0; i < m_u.size(); ++i)
        {
            const double r = m_parameters[i] + m_u[i] - m_z[i];
            square += r * r;
        }
        factor = square > 0 ? m_rho / 2 / std::sqrt(square) : 0;
    }
    for (std::size_t i = 0; i < m_u.size(); ++i)
    {
        m_gradient[i] += static_cast<float>(factor * (m_parameters[i] + m_u[i] - m_z[i]));
    }
}

double
ConsensusAdmm::GetEpochsPerRound() const
{
    return static_cast<double>(m_localEpochs) * GetBatchesPerEpoch() * m_task->batchSize /
           static_cast<double>(GetSamples().size());
}

std::vector<double>
ConsensusAdmm::GetVector() const
{
    std::vector<double> vector(m_u);
    vector.insert(vector.end(), m_parameters.begin(), m_parameters.end());
    return vector;
}

void
ConsensusAdmm::Merge(const std::vector<double>& sum, uint32_t parts)
{
    const double threshold = m_lambda / (parts * m_rho);
    const std::size_t weights = GetSize() - 1;
    for (std::size_t i = 0; i < m_u.size(); ++i)
    {
        const double u = sum[i] / parts;
        const double w = sum[m_u.size() + i] / parts;
        m_z[i] = i < weights ? Shrink(w + u, threshold) : w + u;
        if (m_variant == RELEASED)
        {
            m_u[i] = u + w - m_z[i];
        }
        else
        {
            m_u[i] += m_parameters[i] - m_z[i];
        }
    }
    if (m_variant == RELEASED)
    {
        for (std::size_t i = 0; i < GetSize(); ++i)
        {
            m_parameters[i] = static_cast<float>(sum[m_u.size() + i] / parts);
        }
    }
}

double
ConsensusAdmm::GetVectorFactor() const
{
    return 2;
}

std::vector<float>
ConsensusAdmm::GetParameters() const
{
    if (m_variant == TEXTBOOK)
    {
        return std::vector<float>(m_z.begin(), m_z.end());
    }
    return GradientOptimization::GetParameters();
}

std::vector<double>
ConsensusAdmm::Save() const
{
    std::vector<double> state(m_u);
    state.insert(state.end(), m_z.begin(), m_z.end());
    const std::vector<double> rest = GradientOptimization::Save();
    state.insert(state.end(), rest.begin(), rest.end());
    return state;
}

void
ConsensusAdmm::Restore(const std::vector<double>& state)
{
    const auto size = static_cast<std::ptrdiff_t>(m_u.size());
    if (state.size() < 2 * m_u.size())
    {
        Refuse("a checkpoint of another model");
    }
    GradientOptimization::Restore(std::vector<double>(state.begin() + 2 * size, state.end()));
    m_u.assign(state.begin(), state.begin() + size);
    m_z.assign(state.begin() + size, state.begin() + 2 * size);
}

} // namespace serverless
} // namespace ns3
