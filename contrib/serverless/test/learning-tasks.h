/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef LEARNING_TASKS_H
#define LEARNING_TASKS_H

#include "ns3/data-partition.h"
#include "ns3/double.h"
#include "ns3/local-optimization.h"
#include "ns3/synthetic-data.h"

#include <cstdint>
#include <memory>
#include <numeric>
#include <vector>

namespace ns3
{
namespace serverless
{

/**
 * A Higgs-like task: logistic regression on 28 features, condition number 100, log-odds of standard
 * deviation 0.75, so that the best loss is about 0.638.
 * @param samples how many
 * @param workers how many
 * @param batch samples of a mini-batch
 * @return the task
 */
inline std::shared_ptr<LearningTask>
MakeHiggs(uint32_t samples, uint32_t workers, uint32_t batch)
{
    auto task = std::make_shared<LearningTask>();
    task->training = learning::LogisticLaw(28, 100, 0.75, 0, 1).Generate(samples, 0);
    task->model =
        ObjectFactory("ns3::learning::LogisticRegression").Create<learning::LearningModel>();
    task->model->SetInput(task->training->GetShape(), 2);
    task->optimizer.SetTypeId("ns3::learning::StochasticGradientDescent");
    task->optimizer.Set("LearningRate", DoubleValue(0.1));
    task->parts = CreateObject<learning::IidPartition>()->Split(*task->training, workers, 1);
    task->batchSize = batch;
    return task;
}

/**
 * The first samples.
 * @param count how many
 * @return their indices
 */
inline std::vector<uint32_t>
GetFirst(uint32_t count)
{
    std::vector<uint32_t> samples(count);
    std::iota(samples.begin(), samples.end(), 0);
    return samples;
}

} // namespace serverless
} // namespace ns3

#endif /* LEARNING_TASKS_H */
