/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "exchange-bench.h"

#include "region-bench.h"

#include "ns3/all-reduce.h"
#include "ns3/boolean.h"
#include "ns3/random-engine.h"
#include "ns3/ring-all-reduce.h"
#include "ns3/scatter-reduce.h"

#include <cmath>
#include <functional>

namespace ns3
{
namespace serverless
{

std::vector<double>
DrawVector(uint32_t worker, uint32_t step, uint32_t numbers)
{
    learning::RandomEngine engine(learning::SplitMix64(worker, step));
    std::vector<double> vector(numbers);
    for (double& number : vector)
    {
        number = engine.NextNormal() * std::exp(3 * engine.NextNormal());
    }
    return vector;
}

std::pair<std::vector<double>, std::vector<double>>
AddUp(const Exchange& exchange, uint32_t step)
{
    std::pair<std::vector<double>, std::vector<double>> sums(std::vector<double>(exchange.numbers),
                                                             std::vector<double>(exchange.numbers));
    for (uint32_t worker = 0; worker < exchange.workers; ++worker)
    {
        const auto vector = DrawVector(worker, step, exchange.numbers);
        for (uint32_t i = 0; i < exchange.numbers; ++i)
        {
            sums.first[i] += vector[i];
            sums.second[i] += std::abs(vector[i]);
        }
    }
    return sums;
}

ExchangeOutcome
RunExchange(const Exchange& exchange)
{
    ObjectFactory store = MakeStore();
    store.Set("SegmentBytes", UintegerValue(exchange.segmentBytes));
    store.Set("ListPage", UintegerValue(exchange.listPage));
    RegionBench bench(exchange.workers, store, exchange.rate);
    std::vector<Ptr<Collective>> collectives;
    for (uint32_t worker = 0; worker < exchange.workers; ++worker)
    {
        ObjectFactory factory("ns3::serverless::" + exchange.type);
        factory.Set("NumberBytes", UintegerValue(exchange.numberBytes));
        factory.Set("Timeout", TimeValue(exchange.timeout));
        if (exchange.type == "RingAllReduce")
        {
            // few segments of long vectors: one segment time longer a transfer
            factory.Set("SegmentBytes",
                        UintegerValue(exchange.declared > 50000000 ? 64000 : 16000));
            const auto ring = factory.Create<RingAllReduce>();
            ring->Configure(worker,
                            exchange.workers,
                            bench.GetRegion().GetWorker(worker),
                            bench.GetRegion().GetWorkerAddress((worker + 1) % exchange.workers,
                                                               ring->GetPort()));
            collectives.push_back(ring);
            continue;
        }
        factory.Set("Waits", BooleanValue(exchange.waits));
        factory.Set("Deletes", BooleanValue(exchange.deletes));
        if (exchange.type == "ScatterReduce")
        {
            factory.Set("Buckets", UintegerValue(exchange.buckets));
        }
        const Ptr<StorageClient> client = bench.GetClient(worker);
        client->SetAttribute("SegmentBytes", UintegerValue(exchange.segmentBytes));
        client->SetAttribute("Paginates", BooleanValue(exchange.paginates));
        const auto collective = factory.Create<StoreCollective>();
        collective->Configure(worker, exchange.workers, client);
        collectives.push_back(collective);
    }

    ExchangeOutcome outcome;
    outcome.sums.resize(exchange.workers);
    uint32_t left = 0;
    Time begin;
    std::function<void(uint32_t)> run = [&](uint32_t step) {
        left = exchange.workers;
        begin = Simulator::Now();
        for (uint32_t worker = 0; worker < exchange.workers; ++worker)
        {
            const Time delay = exchange.delays.empty()
                                   ? Time(0)
                                   : exchange.delays[worker % exchange.delays.size()];
            Simulator::Schedule(delay, [&, worker, step] {
                collectives[worker]->Start(std::to_string(step),
                                           DrawVector(worker, step, exchange.numbers),
                                           exchange.declared,
                                           [&, worker, step](const Collective::Result& result) {
                                               outcome.sums[worker] = result.sum;
                                               if (!result.error.empty())
                                               {
                                                   outcome.errors.push_back(result.error);
                                               }
                                               if (--left == 0)
                                               {
                                                   outcome.longest = Simulator::Now() - begin;
                                                   if (step + 1 < exchange.steps)
                                                   {
                                                       run(step + 1);
                                                   }
                                               }
                                           });
            });
        }
    };
    Simulator::Schedule(Seconds(1), [&] { run(0); });
    Simulator::Run();
    outcome.puts = bench.GetCount(StorageFrame::PUT);
    outcome.gets = bench.GetCount(StorageFrame::GET);
    outcome.deletes = bench.GetCount(StorageFrame::DELETE);
    outcome.batchDeletes = bench.GetCount(StorageFrame::BATCH_DELETE);
    outcome.lists = bench.GetCount(StorageFrame::LIST);
    outcome.bytesUp = bench.m_bytesUp;
    outcome.bytesDown = bench.m_bytesDown;
    outcome.log = bench.m_log;
    for (const Ptr<Collective>& collective : collectives)
    {
        collective->Dispose();
    }
    Simulator::Destroy();
    return outcome;
}

} // namespace serverless
} // namespace ns3
