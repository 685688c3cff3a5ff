/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef TRAINING_ACTIVITY_H
#define TRAINING_ACTIVITY_H

#include "ns3/application-container.h"

#include <functional>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-scenario
 *
 * Tells whether anybody trains: not workers that are done, or down after a crash.
 * @param workers the workers
 * @param callback told whenever nobody trains any more, with false, or somebody again, with true
 */
void WatchActivity(const ApplicationContainer& workers, const std::function<void(bool)>& callback);

} // namespace learning
} // namespace ns3

#endif /* TRAINING_ACTIVITY_H */
