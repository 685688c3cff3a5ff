/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "model-checks.h"

#include "ns3/object-factory.h"

#include <fstream>
#include <gtest/gtest.h>
#include <sstream>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::learning;

namespace
{

/// One case of test/reference/gradients.txt.
struct Reference
{
    std::string model;              //!< type and attributes
    SampleShape shape;              //!< extent of a sample
    uint32_t classCount{0};         //!< number of classes; 0 if targets are any
    std::vector<double> parameters; //!< where the gradient is taken
    std::vector<double> features;   //!< of the samples, or tokens of sequences
    std::vector<double> lengths;    //!< of sequences; empty if samples are single vectors
    std::vector<double> targets;    //!< of the samples
    std::vector<double> gradient;   //!< expected, followed by the expected loss
};

std::vector<Reference>
ReadReferences()
{
    const std::string path = REFERENCE_DIRECTORY "/gradients.txt";
    std::ifstream file(path);
    EXPECT_TRUE(file.is_open()) << path;
    std::vector<Reference> references;
    std::string line;
    double loss = 0;
    while (std::getline(file, line))
    {
        std::istringstream values(line);
        std::string word;
        values >> word;
        if (word == "#")
        {
            continue;
        }
        if (word == "model")
        {
            references.emplace_back();
            values >> references.back().model;
            continue;
        }
        std::vector<double> numbers;
        for (double number; values >> number;)
        {
            numbers.push_back(number);
        }
        Reference& reference = references.back();
        if (word == "shape")
        {
            reference.shape = {uint32_t(numbers[0]), uint32_t(numbers[1]), uint32_t(numbers[2])};
        }
        else if (word == "classes")
        {
            reference.classCount = static_cast<uint32_t>(numbers[0]);
        }
        else if (word == "loss")
        {
            loss = numbers[0];
        }
        else if (word == "gradient")
        {
            reference.gradient = numbers;
            reference.gradient.push_back(loss);
        }
        else
        {
            (word == "parameters" ? reference.parameters
             : word == "features" ? reference.features
             : word == "lengths"  ? reference.lengths
                                  : reference.targets) = numbers;
        }
    }
    return references;
}

template <typename Scalar>
std::vector<Scalar>
Compute(const Reference& reference)
{
    ObjectFactory factory;
    std::istringstream(reference.model) >> factory;
    const auto model = factory.Create<LearningModel>();
    SampleShape shape = reference.shape;
    shape.sequential = !reference.lengths.empty();
    model->SetInput(shape, reference.classCount);
    HandMadeBatch<Scalar> batch;
    HandMadeSequences<Scalar> sequences;
    for (const double length : reference.lengths)
    {
        sequences.start.push_back(sequences.start.back() + static_cast<uint32_t>(length));
    }
    sequences.vocabulary = shape.GetSize();
    sequences.tokens.assign(reference.features.begin(), reference.features.end());
    sequences.targets.assign(reference.targets.begin(), reference.targets.end());
    batch.featureCount = reference.shape.GetSize();
    batch.features.assign(reference.features.begin(), reference.features.end());
    batch.targets.assign(reference.targets.begin(), reference.targets.end());
    const std::vector<Scalar> parameters(reference.parameters.begin(), reference.parameters.end());
    EXPECT_EQ(model->GetParameterCount(), parameters.size());
    std::vector<Scalar> gradient(parameters.size() + 1);
    gradient.back() = model->Gradient(parameters.data(),
                                      shape.sequential ? sequences.Get() : batch.Dense(),
                                      gradient.data());
    return gradient;
}

/**
 * Oracle: PyTorch's automatic differentiation in double precision
 * (test/reference/generate-gradients.py). Inputs are single precision numbers, so both precisions
 * start alike: 1e-12 in double, 1e-5 in float, of the largest entry.
 */
TEST(LearningReference, GradientsEqualPyTorch)
{
    const auto references = ReadReferences();
    ASSERT_EQ(references.size(), 8);
    for (const auto& reference : references)
    {
        SCOPED_TRACE(reference.model);
        EXPECT_LT(RelativeDifference(reference.gradient, Compute<double>(reference)), 1e-12);
        EXPECT_LT(RelativeDifference(reference.gradient, Compute<float>(reference)), 1e-5);
    }
}

} // namespace
