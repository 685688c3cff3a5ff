/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// A model of one's own: linear regression with Huber's loss, which outliers pull less than squares.
// All that a model needs is in the class below. Look at train_loss, which falls with more rounds:
// four workers learn the model over links that drop a tenth of all segments.

#include "ns3/core-module.h"
#include "ns3/star-topology-helper.h"
#include "ns3/training-helper.h"
#include "ns3/training-recorder.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

using namespace ns3;
using namespace ns3::learning;

/// Loss of a residual r: r^2 / 2 up to Delta, beyond it Delta (|r| - Delta / 2). P. J. Huber, 1964.
class HuberRegression : public LearningModel
{
  public:
    static TypeId GetTypeId()
    {
        static TypeId tid = TypeId("HuberRegression")
                                .SetParent<LearningModel>()
                                .AddConstructor<HuberRegression>()
                                .AddAttribute("Delta",
                                              "Residual from which the loss is linear, above 0.",
                                              DoubleValue(1),
                                              MakeDoubleAccessor(&HuberRegression::m_delta),
                                              MakeDoubleChecker<double>(1e-6));
        return tid;
    }

    uint32_t GetParameterCount() const override
    {
        return m_features;
    }

    void Initialize(float* parameters, uint64_t /* seed */) const override
    {
        std::fill_n(parameters, m_features, 0.0F);
    }

    double GetGradientOperations(uint32_t batchSize, double nonZeros) const override
    {
        return 4 * nonZeros * batchSize; // forward and back, a multiply-add counted as two
    }

    double Gradient(const float* x, const Batch<float>& batch, float* gradient) const override
    {
        return Differentiate(x, batch, gradient);
    }

    double Gradient(const double* x, const Batch<double>& batch, double* gradient) const override
    {
        return Differentiate(x, batch, gradient);
    }

    Evaluation Evaluate(const float* x, const Batch<float>& batch) const override
    {
        Evaluation evaluation;
        evaluation.samples = batch.size;
        evaluation.lossSum = SumLosses<float>(x, batch, nullptr);
        return evaluation;
    }

  private:
    void DoSetInput(const SampleShape& shape, uint32_t classCount) override
    {
        if (classCount != 0)
        {
            throw std::invalid_argument("HuberRegression: the data has classes, not numbers");
        }
        m_features = shape.GetSize();
    }

    /// Sum of the samples' losses; adds their derivatives to gradient unless that is null.
    template <typename T>
    double SumLosses(const T* x, const Batch<T>& batch, T* gradient) const
    {
        double sum = 0;
        for (uint32_t i = 0; i < batch.size; i++)
        {
            const T* sample = batch.features + uint64_t(i) * m_features;
            double residual = -batch.targets[i];
            for (uint32_t j = 0; j < m_features; j++)
            {
                residual += sample[j] * x[j];
            }
            const double slope = std::clamp(residual, -m_delta, m_delta);
            sum += slope * (residual - slope / 2);
            for (uint32_t j = 0; gradient && j < m_features; j++)
            {
                gradient[j] += static_cast<T>(slope * sample[j]);
            }
        }
        return sum;
    }

    /// Mean loss and its gradient, the penalty of LearningModel included.
    template <typename T>
    double Differentiate(const T* x, const Batch<T>& batch, T* gradient) const
    {
        std::fill_n(gradient, m_features, T(0));
        double loss = SumLosses(x, batch, gradient) / batch.size;
        for (uint32_t j = 0; j < m_features; j++)
        {
            loss += GetL2Penalty() / 2 * x[j] * x[j];
            gradient[j] = static_cast<T>(gradient[j] / batch.size + GetL2Penalty() * x[j]);
        }
        return loss;
    }

    double m_delta;         //!< where the loss becomes linear
    uint32_t m_features{0}; //!< of a sample
};

NS_OBJECT_ENSURE_REGISTERED(HuberRegression);

int
main(int argc, char* argv[])
try
{
    uint32_t rounds = 200;
    CommandLine cmd(__FILE__);
    cmd.AddValue("rounds", "rounds to train, at least 1", rounds);
    cmd.Parse(argc, argv);

    StarTopologyHelper star(4);
    star.SetDropRate(0.1);
    star.Build();

    TrainingHelper training;
    training.SetDataset("synthetic-linear:features=20,noise=0.5");
    training.SetModel("HuberRegression", "Delta", DoubleValue(0.5));
    training.SetOptimizer("ns3::learning::StochasticGradientDescent");
    ApplicationContainer workers = training.Install(star.GetHosts());

    TrainingRecorder recorder("own-model.sqlite");
    recorder.Observe(workers);
    training.StopAfterRounds(rounds);

    Simulator::Run();
    std::cout << recorder.Summary() << std::endl;
    Simulator::Destroy();
    return 0;
}

catch (const std::exception& error)
{
    std::cerr << "own-model-example: " << error.what() << std::endl;
    Simulator::Destroy(); // of what is left
    return 1;
}
