/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ns3/compute-pool.h"
#include "ns3/dataset-loader.h"
#include "ns3/double.h"
#include "ns3/learning-model.h"
#include "ns3/model-evaluator.h"
#include "ns3/object-factory.h"

#include <cmath>
#include <gtest/gtest.h>
#include <numeric>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::learning;

namespace
{

/// What is evaluated.
struct Case
{
    const char* model; //!< its type
    const char* data;  //!< their name
};

constexpr Case CASES[] = {
    {"LstmTagger", "synthetic-atis:samples=61,testSamples=1"},
    {"SoftmaxRegression", "synthetic-clusters:samples=61,testSamples=2,classes=3"},
    {"LinearRegression", "synthetic-linear:samples=61,testSamples=2,features=5"},
};

} // namespace

// Set-up: 61 samples, sentences of different lengths among them, in eight parts of unequal size; a
// penalty on the parameters.
// Expected: the loss is the same whether the gradient is asked for or not, and with the gradient's
// norm that of the model's own gradient of all samples in one batch: every token, or sample, weighs
// the same wherever it is. Tolerance 1e-5 of the value: sums of floats in another order.
TEST(ModelEvaluator, PartsWeighAsMuchAsTheyHold)
{
    for (const Case& each : CASES)
    {
        SCOPED_TRACE(each.model);
        const Ptr<Dataset> data = LoadDataset(each.data).training;
        ObjectFactory factory(std::string("ns3::learning::") + each.model);
        factory.Set("L2Penalty", DoubleValue(0.001));
        const Ptr<LearningModel> model = factory.Create<LearningModel>();
        model->SetInput(data->GetShape(), data->GetClassCount());
        std::vector<float, AlignedAllocator<float>> parameters(model->GetParameterCount());
        model->Initialize(parameters.data(), 7);
        for (std::size_t i = 0; i < parameters.size(); ++i)
        {
            parameters[i] += 0.1F * std::sin(static_cast<float>(i)); // also where all are zero
        }

        std::vector<uint32_t> all(data->GetSampleCount());
        std::iota(all.begin(), all.end(), 0);
        BatchBuffer<float> buffer;
        std::vector<float, AlignedAllocator<float>> gradient(parameters.size());
        const double loss = model->Gradient(parameters.data(),
                                            data->Gather(all.data(), all.size(), buffer),
                                            gradient.data());
        const double norm =
            std::sqrt(std::inner_product(gradient.begin(), gradient.end(), gradient.begin(), 0.0));

        const ModelEvaluator evaluator(model, data, 0, Create<ComputePool>(1U));
        EXPECT_EQ(evaluator.GetSampleCount(), 61U);
        const ModelEvaluator::Result withGradient = evaluator.Evaluate(parameters.data(), true);
        const ModelEvaluator::Result without = evaluator.Evaluate(parameters.data(), false);
        EXPECT_NEAR(withGradient.loss, loss, 1e-5 * loss);
        EXPECT_NEAR(withGradient.gradientNorm, norm, 1e-5 * norm);
        EXPECT_NEAR(without.loss, loss, 1e-5 * loss);
    }
}
