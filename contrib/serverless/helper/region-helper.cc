/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "region-helper.h"

#include "ns3/bounded-time.h"
#include "ns3/double.h"
#include "ns3/global-value.h"
#include "ns3/inet-socket-address.h"
#include "ns3/ipv4.h"
#include "ns3/point-to-point-channel.h"
#include "ns3/point-to-point-net-device.h"
#include "ns3/pointer.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <stdexcept>

namespace ns3
{
namespace serverless
{

namespace
{
/// First random stream of error models: away from the streams that ns-3 numbers itself.
constexpr int64_t ERROR_MODEL_STREAM = 2000000;
/// First random stream of services.
constexpr int64_t SERVICE_STREAM = 3000000;

GlobalValue g_roundTrip("ServerlessRoundTrip",
                        "Round trip between any two machines of a region, 0 to 1e6 s (assumed).",
                        TimeValue(MilliSeconds(1)),
                        MakeBoundedTimeChecker(Time(0),
                                               Seconds(1e6))); //!< see RegionHelper::GetRoundTrip()
} // namespace

RegionHelper::RegionHelper(uint32_t workers, uint32_t services)
    : m_workers(workers),
      m_star(workers + services),
      m_services(services)
{
    if (workers == 0 || services == 0)
    {
        throw std::invalid_argument("a region of " + std::to_string(workers) + " workers and " +
                                    std::to_string(services) +
                                    " services: at least one of each is needed");
    }
    m_star.SetChannelAttribute("Delay", TimeValue(GetRoundTrip() / 4)); // two links each way
    m_star.SetDeviceAttribute("DataRate", StringValue("10000Gbps"));
    m_star.Build();
}

Time
RegionHelper::GetRoundTrip()
{
    TimeValue roundTrip;
    g_roundTrip.GetValue(roundTrip);
    return roundTrip.Get();
}

void
RegionHelper::SetWorkerRate(uint32_t worker, DataRate rate)
{
    const auto device = DynamicCast<PointToPointNetDevice>(m_star.GetHostDevices().Get(worker));
    const Ptr<Channel> channel = device->GetChannel();
    for (std::size_t end = 0; end < channel->GetNDevices(); ++end)
    {
        DynamicCast<PointToPointNetDevice>(channel->GetDevice(end))->SetDataRate(rate);
    }
}

void
RegionHelper::SetDropRate(double dropRate)
{
    if (!(dropRate >= 0 && dropRate <= 1))
    {
        throw std::invalid_argument("drop rate " + std::to_string(dropRate) +
                                    ": a probability from 0 to 1 is needed");
    }
    const NetDeviceContainer devices = m_star.GetHostDevices();
    for (uint32_t host = 0; dropRate > 0 && host < devices.GetN(); ++host)
    {
        Ptr<RateErrorModel> errors = CreateObject<RateErrorModel>();
        errors->SetUnit(RateErrorModel::ERROR_UNIT_PACKET);
        errors->SetRate(dropRate);
        errors->AssignStreams(ERROR_MODEL_STREAM + host);
        devices.Get(host)->SetAttribute("ReceiveErrorModel", PointerValue(errors));
    }
}

Ptr<StorageService>
RegionHelper::InstallService(uint32_t service, const ObjectFactory& factory)
{
    Ptr<StorageService> made = factory.Create<StorageService>();
    made->AssignStreams(SERVICE_STREAM + service);
    made->SetStartTime(Time(0));
    m_star.GetHosts().Get(m_workers + service)->AddApplication(made);
    m_services.at(service) = made;
    return made;
}

Ptr<StorageClient>
RegionHelper::MakeClient(uint32_t worker, uint32_t service) const
{
    Ptr<StorageClient> client = CreateObject<StorageClient>();
    client->Configure(GetWorker(worker),
                      GetAddress(m_workers + service, m_services.at(service)->GetPort()));
    return client;
}

Ptr<Node>
RegionHelper::GetWorker(uint32_t worker) const
{
    return m_star.GetHosts().Get(worker);
}

Address
RegionHelper::GetWorkerAddress(uint32_t worker, uint16_t port) const
{
    return GetAddress(worker, port);
}

Address
RegionHelper::GetAddress(uint32_t host, uint16_t port) const
{
    const Ptr<Ipv4> ipv4 = m_star.GetHosts().Get(host)->GetObject<Ipv4>();
    return InetSocketAddress(ipv4->GetAddress(1, 0).GetLocal(), port);
}

} // namespace serverless
} // namespace ns3
