/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ring-all-reduce.h"

#include "number-codec.h"

#include "ns3/inet-socket-address.h"
#include "ns3/tcp-reset.h"
#include "ns3/uinteger.h"

#include <stdexcept>

namespace ns3
{
namespace serverless
{

NS_OBJECT_ENSURE_REGISTERED(RingAllReduce);

TypeId
RingAllReduce::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::serverless::RingAllReduce")
            .SetParent<Collective>()
            .SetGroupName("ServerlessLearning")
            .AddConstructor<RingAllReduce>()
            .AddAttribute("Port",
                          "TCP port, 1 to 65535, the same at all workers (assumed: no value of the "
                          "reference's).",
                          UintegerValue(9100),
                          MakeUintegerAccessor(&RingAllReduce::m_port),
                          MakeUintegerChecker<uint16_t>(1))
            .AddAttribute("SegmentBytes",
                          "Bytes in a TCP segment, 500 to 65000. Large ones take less time to "
                          "simulate, and one segment time longer a transfer (assumed: a ring of 50 "
                          "machines that exchange 12 MB is within 10 % of the closed form).",
                          UintegerValue(16000),
                          MakeUintegerAccessor(&RingAllReduce::m_segmentBytes),
                          MakeUintegerChecker<uint32_t>(500, 65000));
    return tid;
}

void
RingAllReduce::Configure(uint32_t rank, uint32_t workers, Ptr<Node> node, const Address& next)
{
    SetRank(rank, workers);
    m_node = node;
    m_next = next;
    m_listener = FrameStream::MakeSocket(m_node, m_segmentBytes);
    if (m_listener->Bind(InetSocketAddress(Ipv4Address::GetAny(), m_port)) != 0 ||
        m_listener->Listen() != 0)
    {
        throw std::runtime_error("ring: node " + std::to_string(node->GetId()) +
                                 " has another listener on TCP port " + std::to_string(m_port));
    }
    m_listener->SetAcceptCallback(MakeNullCallback<bool, Ptr<Socket>, const Address&>(),
                                  MakeCallback(&RingAllReduce::HandleAccept, this));
    learning::GuardTcpListener(m_node, m_port);
}

uint16_t
RingAllReduce::GetPort() const
{
    return m_port;
}

void
RingAllReduce::DoDispose()
{
    Collective::DoDispose();
    if (m_listener)
    {
        m_listener->SetAcceptCallback(MakeNullCallback<bool, Ptr<Socket>, const Address&>(),
                                      MakeNullCallback<void, Ptr<Socket>, const Address&>());
        m_listener->Close();
        m_listener = nullptr;
    }
    for (Ptr<FrameStream>* stream : {&m_out, &m_in})
    {
        if (*stream)
        {
            (*stream)->Close();
            *stream = nullptr;
        }
    }
    m_node = nullptr;
}

void
RingAllReduce::HandleAccept(Ptr<Socket> socket, const Address& /* from */)
{
    FrameStream::Listener listener;
    listener.frame = [this](StorageFrame&& frame) {
        m_arrived[{frame.name, frame.count}] = frame.body;
        Advance();
    };
    listener.closed = [this] {
        if (m_isActive)
        {
            Fail("the previous worker's connection is gone");
        }
    };
    m_in = Create<FrameStream>(socket, m_segmentBytes, std::move(listener));
}

void
RingAllReduce::Connect()
{
    if (m_out && m_out->GetSocket())
    {
        return;
    }
    Ptr<Socket> socket = FrameStream::MakeSocket(m_node, m_segmentBytes);
    FrameStream::Listener listener;
    listener.frame = [](StorageFrame&&) {};
    listener.closed = [this] {
        if (m_isActive)
        {
            Fail("the next worker's connection is gone");
        }
    };
    m_out = Create<FrameStream>(socket, m_segmentBytes, std::move(listener));
    socket->SetConnectCallback(Callback<void, Ptr<Socket>>([this](Ptr<Socket>) {
                                   if (m_isActive)
                                   {
                                       SendChunk();
                                   }
                               }),
                               Callback<void, Ptr<Socket>>([this](Ptr<Socket>) {
                                   if (m_isActive)
                                   {
                                       Fail("no connection to the next worker");
                                   }
                               }));
    socket->Bind();
    socket->Connect(m_next);
}

void
RingAllReduce::DoStart()
{
    m_vector = m_input;
    m_transfer = 0;
    m_sent = 0;
    m_isActive = true;
    if (m_workers == 1)
    {
        m_isActive = false;
        Succeed(m_vector);
        return;
    }
    if (m_out && m_out->GetSocket())
    {
        SendChunk();
        return;
    }
    Connect();
}

void
RingAllReduce::DoCancel()
{
    m_isActive = false;
}

void
RingAllReduce::SendChunk()
{
    // in transfer t worker r sends chunk r - t: first what it has added up, then what is whole
    const uint32_t index = (m_rank + 2 * m_workers - m_transfer) % m_workers;
    const Chunk chunk = GetChunk(index);
    StorageFrame frame;
    frame.operation = StorageFrame::MESSAGE;
    frame.name = m_step;
    frame.count = m_transfer;
    frame.body =
        EncodeNumbers(m_vector, chunk.first, chunk.count, GetNumberBytes(), chunk.declared);
    m_out->Send(frame);
    m_sent = m_transfer + 1;
    Advance();
}

void
RingAllReduce::Advance()
{
    if (!m_isActive || m_sent <= m_transfer)
    {
        return; // not before this worker's own chunk is sent
    }
    const auto arrived = m_arrived.find({m_step, m_transfer});
    if (arrived == m_arrived.end())
    {
        return;
    }
    const std::vector<double> numbers = DecodeNumbers(arrived->second, GetNumberBytes());
    m_arrived.erase(arrived);
    const Chunk chunk = GetChunk((m_rank + 2 * m_workers - m_transfer - 1) % m_workers);
    if (numbers.size() != chunk.count)
    {
        Fail("a chunk has " + std::to_string(numbers.size()) + " numbers instead of " +
             std::to_string(chunk.count));
        return;
    }
    const bool adds = m_transfer < m_workers - 1;
    for (std::size_t i = 0; i < chunk.count; ++i)
    {
        double& number = m_vector[chunk.first + i];
        number = adds ? number + numbers[i] : numbers[i];
    }
    if (adds)
    {
        RoundNumbers(m_vector, GetNumberBytes());
    }
    ++m_transfer;
    if (m_transfer == 2 * m_workers - 2)
    {
        m_isActive = false;
        Succeed(m_vector);
        return;
    }
    SendChunk();
}

} // namespace serverless
} // namespace ns3
