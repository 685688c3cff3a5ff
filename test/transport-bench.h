/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef TRANSPORT_BENCH_H
#define TRANSPORT_BENCH_H

#include "suite-support.h"

#include "ns3/datagram-transport.h"
#include "ns3/error-model.h"
#include "ns3/inet-socket-address.h"
#include "ns3/ipv4.h"
#include "ns3/object-factory.h"
#include "ns3/pointer.h"
#include "ns3/segment-tag.h"
#include "ns3/type-specification.h"

#include <algorithm>
#include <cstring>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

namespace ns3
{
namespace learning
{

/// Takes in blocks and keeps what came.
class RecordingReceiver : public BlockReceiver
{
  public:
    /// Bits of the numbers that no transport has written: a NaN with a payload.
    static constexpr uint32_t UNTOUCHED = 0x7fadbeef;

    /// A block that was opened.
    struct Block
    {
        std::vector<float> values;         //!< what was written
        std::vector<ArrivedSegments> held; //!< what is not written yet
        SegmentMask mask;                  //!< what arrived, once closed
        uint32_t closes{0};                //!< how often it was closed
        Time closedAt;                     //!< when
    };

    float* OpenBlock(const BlockId& id, uint32_t length) override
    {
        Block& block = blocks[id];
        if (!block.values.empty())
        {
            return nullptr; // it was closed before: the rest is late
        }
        float untouched;
        std::memcpy(&untouched, &UNTOUCHED, 4);
        block.values.assign(length, untouched);
        return block.values.data();
    }

    bool Hold(const BlockId& id, const ArrivedSegments& segments) override
    {
        const bool isHeld = offered++ % std::max(1U, holdEvery) == 0 && holdEvery != 0;
        if (isHeld)
        {
            blocks[id].held.push_back(segments);
        }
        return isHeld;
    }

    void BlockClosed(const BlockId& id, const SegmentMask& mask) override
    {
        Block& block = blocks[id];
        block.mask = mask;
        ++block.closes;
        block.closedAt = Simulator::Now();
        if (closed)
        {
            closed(id);
        }
    }

    std::map<BlockId, Block> blocks;            //!< by name
    std::function<void(const BlockId&)> closed; //!< called with every block that is closed
    uint32_t holdEvery{0};                      //!< of how many packets one is held, 0 for none
    uint32_t offered{0};                        //!< packets that could have been held
};

/// An error model that is a function: true to drop the packet, which it may change, too.
class FunctionErrorModel : public ErrorModel
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId()
    {
        static TypeId tid = TypeId("ns3::learning::FunctionErrorModel")
                                .SetParent<ErrorModel>()
                                .HideFromDocumentation();
        return tid;
    }

    /**
     * Puts a function in the place of a device's error model.
     * @param device the device
     * @param function the function
     */
    static void Install(Ptr<NetDevice> device, std::function<bool(Ptr<Packet>)> function)
    {
        const Ptr<FunctionErrorModel> model = CreateObject<FunctionErrorModel>();
        model->m_function = std::move(function);
        device->SetAttribute("ReceiveErrorModel", PointerValue(model));
    }

  private:
    bool DoCorrupt(Ptr<Packet> packet) override
    {
        return m_function(packet);
    }

    void DoReset() override
    {
    }

    std::function<bool(Ptr<Packet>)> m_function; //!< the function
};

/// Transports on nodes, each with a receiver of its own, without workers and servers.
class TransportBench
{
  public:
    static constexpr uint16_t PORT = 9000; //!< of all hosts

    /**
     * Puts a transport on every node; they open at time 0.
     * @param nodes the nodes
     * @param peers addresses of the nodes, and perhaps of further hosts
     * @param factory makes transports
     */
    TransportBench(const NodeContainer& nodes,
                   const std::vector<Address>& peers,
                   ObjectFactory factory)
        : receivers(nodes.GetN()),
          ledger(Create<TrafficLedger>())
    {
        const auto shared = std::make_shared<const std::vector<Address>>(peers);
        std::map<uint32_t, uint32_t> hosts;
        for (uint32_t i = 0; i < nodes.GetN(); ++i)
        {
            const Ptr<BlockTransport> transport = factory.Create<BlockTransport>();
            transport->SetReceiver(PUSH, &receivers[i]);
            transport->SetReceiver(PULL, &receivers[i]);
            const Ptr<Node> node = nodes.Get(i);
            Simulator::Schedule(Time(0),
                                [transport, node, i, shared] { transport->Open(node, i, shared); });
            ledger->ObserveTransport(transport);
            transports.push_back(transport);
            hosts[node->GetId()] = i;
        }
        ledger->ObserveDevices(hosts);
    }

    ~TransportBench()
    {
        for (const Ptr<BlockTransport>& transport : transports)
        {
            transport->Dispose();
        }
    }

    TransportBench(const TransportBench&) = delete;
    TransportBench& operator=(const TransportBench&) = delete;

    /**
     * Makes a factory of transports.
     * @param segmentBytes payload of a segment
     * @param segmentsPerPacket length of a train, of no meaning for TCP
     * @param type their type, perhaps with attributes in brackets
     * @return the factory
     */
    static ObjectFactory MakeTransports(
        uint32_t segmentBytes,
        uint32_t segmentsPerPacket,
        const std::string& type = "ns3::learning::DatagramTransport")
    {
        ObjectFactory factory = MakeFactory(type, BlockTransport::GetTypeId());
        factory.Set("SegmentBytes", UintegerValue(segmentBytes));
        if (factory.GetTypeId().IsChildOf(DatagramTransport::GetTypeId()) ||
            factory.GetTypeId() == DatagramTransport::GetTypeId())
        {
            factory.Set("SegmentsPerPacket", UintegerValue(segmentsPerPacket));
        }
        return factory;
    }

    /**
     * Addresses of hosts.
     * @param nodes nodes with IPv4 addresses
     * @return address and port of each
     */
    static std::vector<Address> GetAddresses(const NodeContainer& nodes)
    {
        std::vector<Address> peers;
        for (auto node = nodes.Begin(); node != nodes.End(); ++node)
        {
            peers.push_back(
                InetSocketAddress((*node)->GetObject<Ipv4>()->GetAddress(1, 0).GetLocal(), PORT));
        }
        return peers;
    }

    /**
     * Sends a block while the simulation runs.
     * @param time when
     * @param from index of the sender
     * @param id the block; its peer is the receiver
     * @param values its numbers
     * @param present the segments to send, or none for all
     * @param reliable whether to repeat what is lost
     */
    void Send(Time time,
              uint32_t from,
              const BlockId& id,
              const std::vector<float>& values,
              const SegmentMask& present = SegmentMask(),
              bool reliable = false)
    {
        Simulator::Schedule(time, [transport = transports[from], id, values, present, reliable] {
            transport->Send(id,
                            values.data(),
                            static_cast<uint32_t>(values.size()),
                            present.GetSize() == 0 ? nullptr : &present,
                            reliable);
        });
    }

    /// Closes what is still open, so that all masks are told.
    void CloseAll()
    {
        for (uint32_t i = 0; i < receivers.size(); ++i)
        {
            for (auto& [id, block] : receivers[i].blocks)
            {
                transports[i]->CloseBlock(id);
            }
        }
    }

    /// Writes what receivers hold.
    void DecodeHeld()
    {
        for (uint32_t i = 0; i < receivers.size(); ++i)
        {
            for (auto& [id, block] : receivers[i].blocks)
            {
                const auto length = static_cast<uint32_t>(block.values.size());
                for (const ArrivedSegments& segments : std::exchange(block.held, {}))
                {
                    segments.Decode(transports[i]->GetLayout(length), block.values.data());
                }
            }
        }
    }

    /**
     * Segments in the masks of all receivers.
     * @return their number
     */
    uint64_t CountReceived() const
    {
        uint64_t count = 0;
        for (const RecordingReceiver& receiver : receivers)
        {
            for (const auto& [id, block] : receiver.blocks)
            {
                count += block.mask.GetCount();
            }
        }
        return count;
    }

    /**
     * Traffic of both directions.
     * @return the sums
     */
    TrafficLedger::Account GetTotal() const
    {
        TrafficLedger::Account total = ledger->GetTotal(PUSH);
        total += ledger->GetTotal(PULL);
        return total;
    }

    /**
     * Compares what a host received with what was sent, bit by bit.
     * @param host index of the receiver
     * @param id the block; its peer is the sender
     * @param sent what was sent
     * @return whether what the mask says is as sent, and the rest untouched
     */
    bool IsExact(uint32_t host, const BlockId& id, const std::vector<float>& sent) const
    {
        const auto found = receivers[host].blocks.find(id);
        if (found == receivers[host].blocks.end() || found->second.closes != 1 ||
            found->second.values.size() != sent.size())
        {
            return false;
        }
        const RecordingReceiver::Block& block = found->second;
        const SegmentLayout layout =
            transports[host]->GetLayout(static_cast<uint32_t>(sent.size()));
        bool exact = block.mask.GetSize() == layout.GetSegmentCount();
        for (uint32_t segment = 0; exact && segment < block.mask.GetSize(); ++segment)
        {
            for (uint32_t i = layout.GetBegin(segment); i < layout.GetBegin(segment + 1); ++i)
            {
                const void* expected = block.mask.Test(segment) ? static_cast<const void*>(&sent[i])
                                                                : &RecordingReceiver::UNTOUCHED;
                exact = exact && std::memcmp(&block.values[i], expected, 4) == 0;
            }
        }
        return exact;
    }

    std::vector<RecordingReceiver> receivers;    //!< by host
    std::vector<Ptr<BlockTransport>> transports; //!< by host
    Ptr<TrafficLedger> ledger;                   //!< the account of segments
};

/**
 * Draws numbers of any bits: NaNs with payloads, infinities and denormal numbers among them.
 * @param count how many
 * @param seed the seed
 * @return the numbers
 */
inline std::vector<float>
DrawBits(uint32_t count, uint64_t seed)
{
    static const uint32_t SPECIAL[] =
        {0x80000000, 0x7f800000, 0xff800000, 0x7fc00000, 0x7f800001, 0xffc12345, 1, 0x807fffff};
    RandomEngine engine(seed);
    std::vector<float> numbers(count);
    for (float& number : numbers)
    {
        const uint64_t draw = engine.Next();
        const uint32_t bits = draw >> 62 == 0 ? SPECIAL[draw % 8] : static_cast<uint32_t>(draw);
        std::memcpy(&number, &bits, 4);
    }
    return numbers;
}

} // namespace learning
} // namespace ns3

#endif /* TRANSPORT_BENCH_H */
