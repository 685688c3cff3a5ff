/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef EVALUATION_H
#define EVALUATION_H

#include "learning-model.h"

#include <cstddef>
#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-learning
 *
 * Where to cut samples into batches for an evaluation: at equal distances as far as there are, if
 * the model normalises a sample by its batch (see LearningModel::GetEvaluationBatch()), so that the
 * last batch is not a small one.
 * @param model the model
 * @param count number of samples
 * @param most samples of a batch if the model does not care
 * @return beginnings of the batches, ascending from 0, and count as the last entry
 */
std::vector<std::size_t> CutForEvaluation(const LearningModel& model,
                                          std::size_t count,
                                          uint32_t most);

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
