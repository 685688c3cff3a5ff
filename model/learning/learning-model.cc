/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "learning-model.h"

#include "kernels.h"

#include "ns3/double.h"
#include "ns3/global-value.h"
#include "ns3/string.h"

#include <limits>
#include <stdexcept>

namespace ns3
{
namespace learning
{

NS_OBJECT_ENSURE_REGISTERED(LearningModel);

namespace
{

/// Read by SetInput(): before any gradient, and in the simulator's thread.
GlobalValue g_vectorWidth("VectorWidth",
                          "Width of vectors in the models' kernels: v1 (any processor), v3 (AVX2 "
                          "and FMA), v4 (AVX-512); empty: that of the environment variable "
                          "DISTRIBUTED_LEARNING_WIDTH, or the widest that the processor has.",
                          StringValue(""),
                          MakeStringChecker());

} // namespace

TypeId
LearningModel::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::learning::LearningModel")
            .SetParent<Object>()
            .SetGroupName("DistributedLearning")
            .AddAttribute("L2Penalty",
                          "Weight lambda of the penalty lambda / 2 * ||parameters||^2 on all "
                          "parameters, biases included; at least 0, no unit.",
                          DoubleValue(0),
                          MakeDoubleAccessor(&LearningModel::m_l2Penalty),
                          MakeDoubleChecker<double>(0, std::numeric_limits<double>::max()));
    return tid;
}

void
LearningModel::SetInput(const SampleShape& shape, uint32_t classCount)
{
    const std::string name = GetInstanceTypeId().GetName();
    if (m_hasInput)
    {
        throw std::logic_error(name + ": SetInput() was called twice");
    }
    if (shape.channels == 0 || shape.height == 0 || shape.width == 0)
    {
        throw std::invalid_argument(name + ": samples of " + std::to_string(shape.channels) +
                                    " channels, " + std::to_string(shape.height) + " rows and " +
                                    std::to_string(shape.width) +
                                    " columns are empty: each must be at least 1");
    }
    if (double(shape.channels) * shape.height * shape.width > UINT32_MAX)
    {
        throw std::invalid_argument(name + ": samples have more than 4294967295 features");
    }
    if (shape.sequential != LearnsFromSequences())
    {
        throw std::invalid_argument(
            name + (shape.sequential
                        ? ": samples are sequences of tokens: a model of sequences is needed, such "
                          "as ns3::learning::LstmTagger"
                        : ": samples are single vectors: sequences of tokens are needed, such as "
                          "of synthetic-atis"));
    }
    StringValue width;
    g_vectorWidth.GetValue(width);
    // also where it is empty: a width of the environment that does not exist is told here, in the
    // simulator's thread
    const std::string current = GetKernels<float>().width;
    if (!width.Get().empty() && width.Get() != current)
    {
        SelectKernelWidth(width.Get());
    }
    DoSetInput(shape, classCount);
    m_classCount = classCount;
    m_hasInput = true;
}

bool
LearningModel::Classifies() const
{
    return GetClassCount() != 0;
}

bool
LearningModel::LearnsFromSequences() const
{
    return false;
}

uint32_t
LearningModel::GetEvaluationBatch() const
{
    return 0;
}

double
LearningModel::GetL2Penalty() const
{
    return m_l2Penalty;
}

uint32_t
LearningModel::GetClassCount() const
{
    return m_classCount;
}

} // namespace learning
} // namespace ns3
