/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// A model of one's own: linear regression with Huber's loss, which outliers pull less than squares.
// All that a model needs is in the class below: the loss of a sample and its gradient. Look at
// gradient_error, by how much the gradient differs from finite differences of the loss, and at
// train_loss, which falls with more rounds: four workers learn the model over links that drop a
// tenth of all segments.

#include "ns3/core-module.h"
#include "ns3/program-run.h"
#include "ns3/sample-model.h"
#include "ns3/scenario-options.h"
#include "ns3/star-topology-helper.h"
#include "ns3/training-helper.h"
#include "ns3/training-recorder.h"

#include <algorithm>
#include <cmath>
#include <vector>

using namespace ns3;
using namespace ns3::learning;

/// Loss of a residual r: r^2 / 2 up to Delta, beyond it Delta (|r| - Delta / 2). P. J. Huber, 1964.
class HuberRegression : public SampleModel
{
  public:
    static TypeId GetTypeId()
    {
        static TypeId tid = TypeId("HuberRegression")
                                .SetParent<SampleModel>()
                                .AddConstructor<HuberRegression>()
                                .AddAttribute("Delta",
                                              "Residual from which the loss is linear, above 0.",
                                              DoubleValue(1),
                                              MakeDoubleAccessor(&HuberRegression::m_delta),
                                              MakeDoubleChecker<double>(1e-6));
        return tid;
    }

  private:
    double AddSample(const double* parameters,
                     const double* sample,
                     double target,
                     double* gradient) const override
    {
        double residual = -target;
        for (uint32_t j = 0; j < GetFeatureCount(); j++)
        {
            residual += sample[j] * parameters[j];
        }
        const double slope = std::clamp(residual, -m_delta, m_delta);
        for (uint32_t j = 0; gradient && j < GetFeatureCount(); j++)
        {
            gradient[j] += slope * sample[j];
        }
        return slope * (residual - slope / 2);
    }

    double m_delta; //!< where the loss becomes linear
};

NS_OBJECT_ENSURE_REGISTERED(HuberRegression);

/// Largest difference of the gradient from central differences, at residuals on both sides of 1.
double
CheckGradient()
{
    const std::vector<double> features{1, -2, 0.5, 0.3, 2, -1, -0.4, 0.1, 3};
    const std::vector<double> targets{5, 0.2, -4};
    Batch<double> batch;
    batch.size = batch.featureCount = 3;
    batch.features = features.data();
    batch.targets = targets.data();
    auto model = CreateObject<HuberRegression>();
    model->SetInput({1, 1, 3}, 0);
    std::vector<double> x{0.1, -0.2, 0.3};
    std::vector<double> gradient(3);
    std::vector<double> other(3);
    model->Gradient(x.data(), batch, gradient.data());
    double error = 0;
    for (uint32_t j = 0; j < 3; j++)
    {
        const double step = 1e-5;
        const double at = x[j];
        x[j] = at + step;
        const double above = model->Gradient(x.data(), batch, other.data());
        x[j] = at - step;
        const double below = model->Gradient(x.data(), batch, other.data());
        x[j] = at;
        error = std::max(error, std::abs(gradient[j] - (above - below) / (2 * step)));
    }
    return error;
}

/**
 * The whole run.
 * @param argc number of arguments
 * @param argv the arguments
 */
void
RunExample(int argc, char* argv[])
{
    ScenarioOptions options(__FILE__, "A model of one's own.");
    options.Add("rounds", "rounds to train, 1 to 1000000", "200");
    options.Parse(argc, argv);
    const uint32_t rounds = options.GetUnsigned("rounds", 1, 1000000);

    std::cout << "gradient_error=" << CheckGradient() << std::endl;

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
}

int
main(int argc, char* argv[])
{
    return RunProgram("own-model-example", [=] { RunExample(argc, argv); });
}
