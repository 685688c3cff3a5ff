/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef DESIGN_OFFERS_H
#define DESIGN_OFFERS_H

#include "ns3/advice.h"
#include "ns3/collective.h"
#include "ns3/data-rate.h"
#include "ns3/function-platform.h"
#include "ns3/machine-fleet.h"
#include "ns3/storage-service.h"

#include <cstdint>

namespace ns3
{
namespace serverless
{

/**
 * @ingroup serverless-learning-helper
 *
 * What functions are to the analytic model, by their attributes. Random latencies and starts count
 * with their mean of 1,000 draws, for which their streams are drawn from.
 * @param platform where functions run
 * @param store where partitions and checkpoints are
 * @param rate of a worker's interface
 * @param most largest number of workers that is asked about
 * @return the offer, for any number of workers
 */
PlatformOffer MakeOffer(Ptr<FunctionPlatform> platform,
                        Ptr<StorageService> store,
                        DataRate rate,
                        uint32_t most);

/**
 * @ingroup serverless-learning-helper
 *
 * What machines are to the analytic model, by their attributes.
 * @param fleet the machines
 * @param store where partitions are, if they are in a store
 * @param rate of a worker's interface
 * @param most largest number of workers that is asked about
 * @return the offer, for any number of workers
 */
PlatformOffer MakeOffer(Ptr<MachineFleet> fleet,
                        Ptr<StorageService> store,
                        DataRate rate,
                        uint32_t most);

/**
 * @ingroup serverless-learning-helper
 *
 * What a service is to the analytic model, by its attributes, as a channel.
 * @param service the service
 * @return the offer
 */
ChannelOffer MakeOffer(Ptr<StorageService> service);

/**
 * @ingroup serverless-learning-helper
 *
 * What an exchange over a service is to the analytic model, by its attributes: deletions, lists,
 * polls, serialization. Those that its class does not have are left as they are.
 * @param collective a worker's part
 * @param request filled in
 */
void ReadExchange(Ptr<Collective> collective, AdviceRequest& request);

} // namespace serverless
} // namespace ns3

#endif /* DESIGN_OFFERS_H */
