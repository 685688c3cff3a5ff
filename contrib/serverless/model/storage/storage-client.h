/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef STORAGE_CLIENT_H
#define STORAGE_CLIENT_H

#include "frame-stream.h"

#include "ns3/address.h"
#include "ns3/node.h"
#include "ns3/object.h"

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace ns3
{
namespace serverless
{

/**
 * @ingroup serverless-learning-storage
 *
 * What a request came to.
 */
struct StorageReply
{
    StorageFrame::Status status{StorageFrame::OK}; //!< how it ended
    Payload body;                                  //!< what was read
    std::vector<std::string> names;                //!< what was listed
    uint64_t size{0}; //!< bytes of what HEAD asked for, or most of what is taken

    /**
     * Whether it was done as asked.
     * @return true if so
     */
    bool IsOk() const
    {
        return status == StorageFrame::OK;
    }

    /**
     * How it ended, in words.
     * @return end of a sentence
     */
    std::string Describe() const
    {
        return DescribeStatus(status) + (status == StorageFrame::TOO_LARGE
                                             ? ", at most " + std::to_string(size) + " bytes"
                                             : "");
    }
};

/**
 * @ingroup serverless-learning-storage
 *
 * Asks one storage service over one TCP connection, one request after another, as a function does
 * with the vendor's library.
 *
 * A throttled request is repeated MaxRetries times after RetryDelay, doubled each time. Every
 * request ends: after RequestTimeout without an answer, at the latest, with TIMED_OUT; the
 * connection is then given up and the next request makes another one.
 */
class StorageClient : public Object
{
  public:
    /// Told how a request ended.
    using Callback = std::function<void(const StorageReply&)>;

    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    /**
     * States who asks whom.
     * @param node the client's node
     * @param service address and port of the service
     */
    void Configure(Ptr<Node> node, const Address& service);

    /**
     * Stores an object.
     * @param name bucket/key
     * @param body its content
     * @param done told the end
     */
    void Put(const std::string& name, const Payload& body, Callback done);

    /**
     * Reads an object.
     * @param name bucket/key
     * @param waits whether to be answered only when there is one (a service of the simulation alone
     * can do that: polling without its cost)
     * @param done told the end, with the content
     */
    void Get(const std::string& name, bool waits, Callback done);

    /**
     * Lists objects: all pages where Paginates is set, the first one otherwise.
     * @param prefix what their names start with
     * @param least names to wait for; 0 to be answered at once
     * @param done told the end, with the names in ascending order
     */
    void List(const std::string& prefix, uint32_t least, Callback done);

    /**
     * Forgets an object; there may be none.
     * @param name bucket/key
     * @param done told the end
     */
    void Delete(const std::string& name, Callback done);

    /**
     * Forgets several objects in requests of at most 1,000 names.
     * @param names what to forget, at least one
     * @param done told the end
     */
    void BatchDelete(const std::vector<std::string>& names, Callback done);

    /**
     * Asks whether there is an object.
     * @param name bucket/key
     * @param done told the end, with its size
     */
    void Head(const std::string& name, Callback done);

    /**
     * Sends any request.
     * @param frame the request
     * @param done told the end
     */
    void Request(StorageFrame frame, Callback done);

    /// Gives up all requests, whose ends are not told, and the connection.
    void Cancel();

  protected:
    void DoDispose() override;

  private:
    /// A request that has not ended.
    struct Pending
    {
        StorageFrame frame;  //!< the request
        Callback done;       //!< told the end
        uint32_t retries{0}; //!< times it was repeated
    };

    /// Sends the first request, once there is a connection.
    void SendNext();

    /// Makes a connection.
    void Connect();

    /**
     * The connection stands.
     * @param socket its socket
     */
    void HandleConnected(Ptr<Socket> socket);

    /**
     * There is no connection.
     * @param socket its socket
     */
    void HandleFailed(Ptr<Socket> socket);

    /**
     * Takes an answer.
     * @param frame the answer
     */
    void Receive(StorageFrame&& frame);

    /**
     * Ends the first request.
     * @param reply how
     */
    void Finish(const StorageReply& reply);

    /// Gives the connection up.
    void Disconnect();

    /// No answer came in time.
    void Expire();

    /**
     * Asks for a page of a list.
     * @param frame the request
     * @param names listed so far
     * @param done told the end
     */
    void ListPage(StorageFrame frame,
                  std::shared_ptr<std::vector<std::string>> names,
                  Callback done);

    uint32_t m_segmentBytes; //!< of a TCP segment
    Time m_requestTimeout;   //!< longest time of a request
    uint32_t m_maxRetries;   //!< of a throttled request
    Time m_retryDelay;       //!< before the first retry
    bool m_paginates;        //!< whether List() asks for all pages

    Ptr<Node> m_node;              //!< where this is
    Address m_service;             //!< whom to ask
    Ptr<FrameStream> m_stream;     //!< the connection, or null
    bool m_isConnected{false};     //!< whether it stands
    bool m_isAsking{false};        //!< whether the first request was sent
    std::deque<Pending> m_pending; //!< in order
    uint32_t m_number{0};          //!< of the last request
    bool m_isTruncated{false};     //!< the last LIST reply has successors
    EventId m_timeout;             //!< of the first request
    EventId m_retry;               //!< of the first request
};

} // namespace serverless
} // namespace ns3

#endif /* STORAGE_CLIENT_H */
