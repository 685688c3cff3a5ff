/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "training-activity.h"

#include "ns3/worker.h"

#include <cstdint>
#include <memory>
#include <set>

namespace ns3
{
namespace learning
{

void
WatchActivity(const ApplicationContainer& workers, const std::function<void(bool)>& callback)
{
    const auto active = std::make_shared<std::set<uint32_t>>();
    const auto note = [active, callback](uint32_t worker, bool trains) {
        const bool before = !active->empty();
        if (trains)
        {
            active->insert(worker);
        }
        else
        {
            active->erase(worker);
        }
        if (active->empty() == before)
        {
            callback(!before);
        }
    };
    for (uint32_t i = 0; i < workers.GetN(); ++i)
    {
        active->insert(i);
        const Ptr<Worker> worker = DynamicCast<Worker>(workers.Get(i));
        worker->TraceConnectWithoutContext("Done", Callback<void, uint32_t>([note, i](uint32_t) {
                                               note(i, false);
                                           }));
        worker->TraceConnectWithoutContext(
            "Jump",
            Callback<void, uint32_t, uint32_t>(
                [note, i](uint32_t, uint32_t round) { note(i, round != Worker::NO_ROUND); }));
    }
}

} // namespace learning
} // namespace ns3
