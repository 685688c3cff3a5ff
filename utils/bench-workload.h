/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef BENCH_WORKLOAD_H
#define BENCH_WORKLOAD_H

#include "ns3/learning-model.h"
#include "ns3/object-factory.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>
#include <random>
#include <sstream>
#include <string>
#include <time.h>
#include <vector>

/**
 * @file
 *
 * Gradients to be timed, and how to time them.
 */

namespace bench
{

using namespace ns3;
using namespace ns3::learning;

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

/**
 * Processor time of a call, by this thread: what other programs take does not count.
 * @param function what to call
 * @param calls how often
 * @return seconds a call
 */
inline double
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
inline int
CountCalls(const std::function<void()>& function)
{
    int calls = 1;
    while (Time(function, calls) * calls < 0.001)
    {
        calls *= 2;
    }
    return calls;
}

} // namespace bench

#endif /* BENCH_WORKLOAD_H */
