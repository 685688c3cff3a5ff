/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "object-store.h"

namespace ns3
{
namespace serverless
{

NS_OBJECT_ENSURE_REGISTERED(ObjectStore);

TypeId
ObjectStore::GetTypeId()
{
    static TypeId tid = [] {
        Defaults defaults;
        defaults.latency = "ns3::ConstantRandomVariable[Constant=0.08]";
        defaults.latencyHelp = "S3: 0.08 +- 0.02 (LambdaML, unverified).";
        defaults.connection = "520Mbps";
        defaults.aggregate = "0bps";
        defaults.rateHelp = "S3: 65 +- 7 MB/s (LambdaML, unverified).";
        defaults.aggregateHelp = "S3: none (assumed).";
        defaults.objectBytes = 5000000000000;
        defaults.objectHelp = "S3: 5 TB (vendor documentation).";
        defaults.provisioning = "0s";
        defaults.provisionHelp = "S3 is always on (vendor documentation).";
        defaults.putRate = 3500;
        defaults.getRate = 5500;
        defaults.limitHelp = "S3: 3,500 and 5,500 (vendor documentation).";
        defaults.threads = 0;
        defaults.threadHelp = "S3 scales out (assumed).";
        return AddServiceAttributes(TypeId("ns3::serverless::ObjectStore")
                                        .SetParent<StorageService>()
                                        .SetGroupName("ServerlessLearning")
                                        .AddConstructor<ObjectStore>(),
                                    defaults);
    }();
    return tid;
}

} // namespace serverless
} // namespace ns3
