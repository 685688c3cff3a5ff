/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "storage-client.h"

#include "bounded-time.h"

#include "ns3/boolean.h"
#include "ns3/inet-socket-address.h"
#include "ns3/log.h"
#include "ns3/simulator.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace ns3
{
namespace serverless
{

NS_LOG_COMPONENT_DEFINE("StorageClient");

NS_OBJECT_ENSURE_REGISTERED(StorageClient);

namespace
{
constexpr std::size_t BATCH_NAMES = 1000; //!< names in a BATCH_DELETE, as S3 takes
} // namespace

TypeId
StorageClient::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::serverless::StorageClient")
            .SetParent<Object>()
            .SetGroupName("ServerlessLearning")
            .AddConstructor<StorageClient>()
            .AddAttribute("SegmentBytes",
                          "Bytes in a TCP segment, 500 to 65000. Large ones take less time to "
                          "simulate; a lost one is lost as a whole (assumed: no value of the "
                          "reference's).",
                          UintegerValue(64000),
                          MakeUintegerAccessor(&StorageClient::m_segmentBytes),
                          MakeUintegerChecker<uint32_t>(500, 65000))
            .AddAttribute(
                "RequestTimeout",
                "Longest time of a request, from its first byte sent, above 0 to 1e9 s (assumed: "
                "the "
                "life of a function; ServerlessTrainingHelper adds twice the time of its partition "
                "for a machine).",
                TimeValue(Seconds(900)),
                MakeTimeAccessor(&StorageClient::m_requestTimeout),
                MakeBoundedTimeChecker(NanoSeconds(1)))
            .AddAttribute(
                "MaxRetries",
                "Times a throttled request is repeated, at most 20; 4, as of the vendor's library "
                "(vendor documentation).",
                UintegerValue(4),
                MakeUintegerAccessor(&StorageClient::m_maxRetries),
                MakeUintegerChecker<uint32_t>(0, 20))
            .AddAttribute("RetryDelay",
                          "Time before the first retry, at most 1000 s, doubled for each further "
                          "one (assumed; the "
                          "vendor's libraries draw it at random).",
                          TimeValue(MilliSeconds(100)),
                          MakeTimeAccessor(&StorageClient::m_retryDelay),
                          MakeBoundedTimeChecker(Time(0), Seconds(1000)))
            .AddAttribute("Paginates",
                          "Whether lists are read to their last page; if not, as LambdaML's "
                          "released code does, only the first page is seen.",
                          BooleanValue(true),
                          MakeBooleanAccessor(&StorageClient::m_paginates),
                          MakeBooleanChecker());
    return tid;
}

void
StorageClient::Configure(Ptr<Node> node, const Address& service)
{
    m_node = node;
    m_service = service;
}

void
StorageClient::DoDispose()
{
    Cancel();
    m_node = nullptr;
    Object::DoDispose();
}

void
StorageClient::Put(const std::string& name, const Payload& body, Callback done)
{
    StorageFrame frame;
    frame.operation = StorageFrame::PUT;
    frame.name = name;
    frame.body = body;
    Request(std::move(frame), std::move(done));
}

void
StorageClient::Get(const std::string& name, bool waits, Callback done)
{
    StorageFrame frame;
    frame.operation = StorageFrame::GET;
    frame.name = name;
    frame.isWaiting = waits;
    Request(std::move(frame), std::move(done));
}

void
StorageClient::List(const std::string& prefix, uint32_t least, Callback done)
{
    StorageFrame frame;
    frame.operation = StorageFrame::LIST;
    frame.name = prefix;
    frame.isWaiting = least != 0;
    frame.count = least;
    ListPage(std::move(frame), std::make_shared<std::vector<std::string>>(), std::move(done));
}

void
StorageClient::ListPage(StorageFrame frame,
                        std::shared_ptr<std::vector<std::string>> names,
                        Callback done)
{
    Request(frame, [this, frame, names, done](const StorageReply& reply) mutable {
        names->insert(names->end(), reply.names.begin(), reply.names.end());
        if (reply.IsOk() && m_isTruncated && m_paginates)
        {
            frame.isWaiting = false;
            frame.body = EncodeNames({names->back()});
            ListPage(std::move(frame), names, std::move(done));
            return;
        }
        StorageReply whole = reply;
        whole.names = *names;
        done(whole);
    });
}

void
StorageClient::Delete(const std::string& name, Callback done)
{
    StorageFrame frame;
    frame.operation = StorageFrame::DELETE;
    frame.name = name;
    Request(std::move(frame), std::move(done));
}

void
StorageClient::BatchDelete(const std::vector<std::string>& names, Callback done)
{
    StorageFrame frame;
    frame.operation = StorageFrame::BATCH_DELETE;
    frame.name = names.front().substr(0, names.front().find('/'));
    const std::size_t count = std::min(names.size(), BATCH_NAMES);
    const auto middle = names.begin() + static_cast<std::ptrdiff_t>(count);
    frame.body = EncodeNames(std::vector<std::string>(names.begin(), middle));
    std::vector<std::string> rest(middle, names.end());
    if (rest.empty())
    {
        Request(std::move(frame), std::move(done));
        return;
    }
    Request(std::move(frame), [this, rest, done](const StorageReply& reply) {
        if (reply.IsOk())
        {
            BatchDelete(rest, done);
            return;
        }
        done(reply);
    });
}

void
StorageClient::Head(const std::string& name, Callback done)
{
    StorageFrame frame;
    frame.operation = StorageFrame::HEAD;
    frame.name = name;
    Request(std::move(frame), std::move(done));
}

void
StorageClient::Request(StorageFrame frame, Callback done)
{
    m_pending.push_back(Pending{std::move(frame), std::move(done)});
    if (m_pending.size() == 1)
    {
        SendNext();
    }
}

void
StorageClient::Cancel()
{
    m_pending.clear();
    m_retry.Cancel();
    Disconnect();
}

void
StorageClient::SendNext()
{
    if (m_pending.empty() || m_isAsking || !m_retry.IsExpired())
    {
        return;
    }
    if (m_timeout.IsExpired())
    {
        m_timeout = Simulator::Schedule(m_requestTimeout, &StorageClient::Expire, this);
    }
    if (!m_isConnected)
    {
        if (!m_stream)
        {
            Connect();
        }
        return;
    }
    m_isAsking = true;
    StorageFrame& frame = m_pending.front().frame;
    frame.request = ++m_number;
    m_stream->Send(frame);
}

void
StorageClient::Connect()
{
    Ptr<Socket> socket = FrameStream::MakeSocket(m_node, m_segmentBytes);
    FrameStream::Listener listener;
    listener.frame = [this](StorageFrame&& frame) { Receive(std::move(frame)); };
    listener.closed = [this] { HandleFailed(nullptr); };
    m_stream = Create<FrameStream>(socket, m_segmentBytes, std::move(listener));
    socket->SetConnectCallback(MakeCallback(&StorageClient::HandleConnected, this),
                               MakeCallback(&StorageClient::HandleFailed, this));
    socket->Bind();
    if (socket->Connect(m_service) != 0)
    {
        Simulator::ScheduleNow(&StorageClient::HandleFailed, this, socket);
    }
}

void
StorageClient::HandleConnected(Ptr<Socket> /* socket */)
{
    m_isConnected = true;
    SendNext();
}

void
StorageClient::HandleFailed(Ptr<Socket> /* socket */)
{
    if (!m_stream)
    {
        return;
    }
    Disconnect();
    if (!m_pending.empty())
    {
        StorageReply reply;
        reply.status = StorageFrame::UNREACHABLE;
        Finish(reply);
    }
}

void
StorageClient::Disconnect()
{
    m_timeout.Cancel();
    m_isConnected = false;
    m_isAsking = false;
    if (m_stream)
    {
        Ptr<FrameStream> stream = m_stream;
        m_stream = nullptr;
        if (Ptr<Socket> socket = stream->GetSocket())
        {
            socket->SetConnectCallback(MakeNullCallback<void, Ptr<Socket>>(),
                                       MakeNullCallback<void, Ptr<Socket>>());
        }
        stream->Close();
    }
}

void
StorageClient::Expire()
{
    NS_LOG_LOGIC("request " << m_number << " timed out");
    Disconnect();
    StorageReply reply;
    reply.status = StorageFrame::TIMED_OUT;
    Finish(reply);
}

void
StorageClient::Receive(StorageFrame&& frame)
{
    if (!m_isAsking || !frame.isReply || frame.request != m_number)
    {
        return; // answers nothing that is asked now
    }
    m_isAsking = false;
    Pending& first = m_pending.front();
    if (frame.status == StorageFrame::THROTTLED && first.retries < m_maxRetries)
    {
        const Time delay = m_retryDelay * static_cast<int64_t>(int64_t{1} << first.retries++);
        m_retry = Simulator::Schedule(delay, &StorageClient::SendNext, this);
        return;
    }
    m_timeout.Cancel();
    StorageReply reply;
    reply.status = frame.status;
    reply.body = frame.body;
    m_isTruncated = frame.isTruncated;
    if (frame.operation == StorageFrame::LIST)
    {
        reply.names = DecodeNames(frame.body);
        reply.body = Payload();
    }
    else if (frame.operation == StorageFrame::HEAD || frame.status == StorageFrame::TOO_LARGE)
    {
        reply.size = DecodeSize(frame.body);
    }
    Finish(reply);
}

void
StorageClient::Finish(const StorageReply& reply)
{
    const Callback done = std::move(m_pending.front().done);
    m_pending.pop_front();
    done(reply); // may ask again
    SendNext();
}

} // namespace serverless
} // namespace ns3
