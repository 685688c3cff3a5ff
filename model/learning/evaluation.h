/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef EVALUATION_H
#define EVALUATION_H

#include "learning-model.h"

#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-learning
 *
 * Loss and accuracy over consecutive samples of a data set, gathered in pieces of bounded size.
 * May be called from several threads at once; memory is kept per thread.
 * @param model the model
 * @param parameters its parameters
 * @param dataset the samples
 * @param first the first sample
 * @param count how many
 * @return sums over the samples
 * @throws std::invalid_argument if the data set has no such samples, or does not suit the model
 */
LearningModel::Evaluation EvaluateDataset(const LearningModel& model,
                                          const float* parameters,
                                          const Dataset& dataset,
                                          uint32_t first,
                                          uint32_t count);

/**
 * The same over samples in any order.
 * @param model the model
 * @param parameters its parameters
 * @param dataset the samples
 * @param samples indices of the samples
 * @return sums over the samples
 * @throws std::invalid_argument if the data set has no such samples, or does not suit the model
 */
LearningModel::Evaluation EvaluateDataset(const LearningModel& model,
                                          const float* parameters,
                                          const Dataset& dataset,
                                          const std::vector<uint32_t>& samples);

} // namespace learning
} // namespace ns3

#endif /* EVALUATION_H */
