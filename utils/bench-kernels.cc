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

#include "bench-support.h"
#include "bench-workload.h"

#include "ns3/kernels.h"

#include <algorithm>
#include <cstdio>
#include <functional>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::learning;
using bench::CountCalls;
using bench::Time;
using bench::Workload;

namespace
{

constexpr int REPETITIONS = 25;
constexpr double BAR = 0.6;

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
    const bool holds = bench::GetMedian(share) >= BAR;
    std::printf(
        "  %-28s %8.1f us, %6.1f GFLOP/s; products alone %8.1f us; share %.2f, bar %.2f: %s\n",
        name.c_str(),
        bench::GetMedian(gradient) * 1e6,
        workload.GetOperations() / bench::GetMedian(gradient) / 1e9,
        bench::GetMedian(bare) * 1e6,
        bench::GetMedian(share),
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
                bench::GetMedian(time) * 1e6,
                workload.GetOperations() / bench::GetMedian(time) / 1e9);
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
