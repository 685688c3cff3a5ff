/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 *
 * How fast the gradients are. For each vector width that this machine has, the rate of the
 * gradients of softmax regression and of the multilayer perceptron, as a share of the rate of
 * Eigen's plain products of the same shapes and width; the bar is 60 %. Then the time of a batch of
 * each model.
 *
 * The two sides of a ratio alternate within one run, so that a busy machine slows both alike;
 * figures are medians of 25. Prints on standard output; exit status 1 if a bar does not hold.
 */

#include "ns3/kernels.h"
#include "ns3/learning-model.h"
#include "ns3/object-factory.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <functional>
#include <iterator>
#include <random>
#include <sstream>
#include <string>
#include <time.h>
#include <vector>

using namespace ns3;
using namespace ns3::learning;

namespace
{

constexpr int REPETITIONS = 25;
constexpr double BAR = 0.6;

/// A model with data and parameters, ready to compute gradients.
class Workload
{
  public:
    /**
     * Draws features, classes and parameters.
     * @param description type and attributes of the model, as ObjectFactory reads them
     * @param shape extent of a sample
     * @param classCount number of classes
     * @param size samples of a batch
     * @param nonZeros stored features of a sample; 0 for a dense batch
     */
    Workload(const std::string& description,
             const SampleShape& shape,
             uint32_t classCount,
             uint32_t size,
             uint32_t nonZeros = 0)
    {
        ObjectFactory factory;
        std::istringstream("ns3::learning::" + description) >> factory;
        m_model = factory.Create<LearningModel>();
        m_model->SetInput(shape, classCount);
        std::mt19937 engine(1);
        std::uniform_real_distribution<float> uniform(0, 1);
        const auto draw = [&] { return uniform(engine); };
        m_batch.size = size;
        m_batch.featureCount = shape.GetSize();
        std::generate_n(std::back_inserter(m_buffer.targets), size, [&] {
            return static_cast<float>(engine() % classCount);
        });
        m_batch.targets = m_buffer.targets.data();
        if (nonZeros == 0)
        {
            std::generate_n(std::back_inserter(m_buffer.features), size * shape.GetSize(), draw);
            m_batch.features = m_buffer.features.data();
        }
        for (uint32_t i = 0; i <= size && nonZeros > 0; i++)
        {
            m_buffer.rowStart.push_back(i * nonZeros);
        }
        for (uint32_t j = 0; j < size * nonZeros; j++)
        {
            // Rare features are far more numerous than frequent ones, as words are.
            const double rank = std::pow(double(shape.GetSize()), double(draw()));
            m_buffer.columns.push_back(std::min(static_cast<uint32_t>(rank), shape.GetSize() - 1));
            m_buffer.values.push_back(draw());
        }
        if (nonZeros > 0)
        {
            for (uint32_t i = 0; i < size; i++)
            {
                std::sort(m_buffer.columns.begin() + i * nonZeros,
                          m_buffer.columns.begin() + (i + 1) * nonZeros);
            }
            m_batch.rowStart = m_buffer.rowStart.data();
            m_batch.columns = m_buffer.columns.data();
            m_batch.values = m_buffer.values.data();
        }
        m_operations =
            m_model->GetGradientOperations(size, nonZeros == 0 ? shape.GetSize() : nonZeros);
        m_parameters.resize(m_model->GetParameterCount());
        m_gradient.resize(m_parameters.size());
        m_model->Initialize(m_parameters.data(), 1);
    }

    /// Computes the gradient once.
    void operator()()
    {
        m_loss = m_model->Gradient(m_parameters.data(), m_batch, m_gradient.data());
    }

    /**
     * Declared operations.
     * @return operations of one gradient
     */
    double GetOperations() const
    {
        return m_operations;
    }

  private:
    Ptr<LearningModel> m_model;
    BatchBuffer<float> m_buffer;
    Batch<float> m_batch;
    std::vector<float> m_parameters;
    std::vector<float> m_gradient;
    double m_operations;
    double m_loss{0};
};

/// The products of a perceptron's gradient and nothing else, with Eigen's plain product.
class Products
{
  public:
    /**
     * @param sizes features, sizes of the layers
     * @param batch samples of a batch
     */
    Products(const std::vector<uint32_t>& sizes, uint32_t batch)
        : m_sizes(sizes),
          m_batch(batch)
    {
        const uint32_t widest = *std::max_element(sizes.begin(), sizes.end());
        m_a.assign(std::max(widest * widest, widest * batch), 0.5F);
        m_b = m_a;
        m_c = m_a;
    }

    /// Multiplies once.
    void operator()()
    {
        const auto product = GetKernels<float>().product;
        for (std::size_t l = 0; l + 1 < m_sizes.size(); l++)
        {
            const uint32_t in = m_sizes[l];
            const uint32_t out = m_sizes[l + 1];
            product(m_a.data(), m_b.data(), m_batch, out, in, m_c.data());
            product(m_a.data(), m_b.data(), in, out, m_batch, m_c.data());
            if (l > 0)
            {
                product(m_a.data(), m_b.data(), in, m_batch, out, m_c.data());
            }
        }
    }

  private:
    std::vector<uint32_t> m_sizes;
    uint32_t m_batch;
    std::vector<float> m_a;
    std::vector<float> m_b;
    std::vector<float> m_c;
};

/**
 * Processor time of a call, by this thread: what other programs take does not count.
 * @param function what to call
 * @param calls how often
 * @return seconds a call
 */
double
Time(const std::function<void()>& function, int calls)
{
    const auto read = [] {
        timespec time;
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
        return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
    };
    const double start = read();
    for (int i = 0; i < calls; i++)
    {
        function();
    }
    return (read() - start) / calls;
}

/**
 * Calls that take about 2 ms.
 * @param function what to call
 * @return the number of calls
 */
int
CountCalls(const std::function<void()>& function)
{
    int calls = 1;
    while (Time(function, calls) * calls < 0.001)
    {
        calls *= 2;
    }
    return calls;
}

double
Median(std::vector<double> values)
{
    std::nth_element(values.begin(), values.begin() + values.size() / 2, values.end());
    return values[values.size() / 2];
}

/**
 * Compares a gradient with its bare products.
 * @param name of the line
 * @param workload the gradient
 * @param products the products
 * @return whether the bar holds
 */
bool
Compare(const std::string& name, Workload workload, Products products)
{
    const int calls = CountCalls(std::ref(workload));
    std::vector<double> gradient;
    std::vector<double> bare;
    std::vector<double> share;
    for (int i = 0; i < REPETITIONS; i++)
    {
        gradient.push_back(Time(std::ref(workload), calls));
        bare.push_back(Time(std::ref(products), calls));
        share.push_back(bare.back() / gradient.back());
    }
    const bool holds = Median(share) >= BAR;
    std::printf(
        "  %-28s %8.1f us, %6.1f GFLOP/s; products alone %8.1f us; share %.2f, bar %.2f: %s\n",
        name.c_str(),
        Median(gradient) * 1e6,
        workload.GetOperations() / Median(gradient) / 1e9,
        Median(bare) * 1e6,
        Median(share),
        BAR,
        holds ? "holds" : "DOES NOT HOLD");
    return holds;
}

void
Report(const std::string& name, Workload workload)
{
    const int calls = CountCalls(std::ref(workload));
    std::vector<double> time;
    for (int i = 0; i < REPETITIONS; i++)
    {
        time.push_back(Time(std::ref(workload), calls));
    }
    std::printf("  %-40s %9.2f us a batch, %6.1f GFLOP/s\n",
                name.c_str(),
                Median(time) * 1e6,
                workload.GetOperations() / Median(time) / 1e9);
}

} // namespace

int
main()
{
    bool holds = true;
    const SampleShape image{1, 28, 28};
    const std::string perceptron = "MultilayerPerceptron[Hidden=128]";
    const std::string cnn = "ConvolutionalNetwork[Layers=conv5x8,relu,pool2,conv5x16,relu,pool2]";
    for (const auto& width : GetKernelWidths())
    {
        SelectKernelWidth(width);
        std::printf("width %s\n", width.c_str());
        for (const uint32_t size : {32, 128})
        {
            const std::string batch = ", batch " + std::to_string(size);
            holds &= Compare("softmax 784x10" + batch,
                             {"SoftmaxRegression", image, 10, size},
                             {{784, 10}, size});
            holds &= Compare("perceptron 784-128-10" + batch,
                             {perceptron, image, 10, size},
                             {{784, 128, 10}, size});
        }
        for (const uint32_t size : {32, 128, 1024})
        {
            Report("logistic, 28 features, batch " + std::to_string(size),
                   {"LogisticRegression", {1, 1, 28}, 2, size});
        }
        Report("logistic, 76 of 47236 features, batch 128",
               {"LogisticRegression", {1, 1, 47236}, 2, 128, 76});
        Report("convolutional 28x28, batch 32", {cnn, image, 10, 32});
    }
    return holds ? 0 : 1;
}
