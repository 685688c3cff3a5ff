/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef STORAGE_SERVICE_H
#define STORAGE_SERVICE_H

#include "frame-stream.h"
#include "storage-object-map.h"

#include "ns3/application.h"
#include "ns3/random-variable-stream.h"
#include "ns3/traced-callback.h"

#include <cstdint>
#include <list>
#include <map>
#include <string>
#include <vector>

namespace ns3
{
namespace serverless
{

/**
 * @ingroup serverless-learning-storage
 *
 * One request as the service saw it, for ledgers and counts.
 */
struct StorageRequestRecord
{
    StorageFrame::Operation operation; //!< what was asked for
    StorageFrame::Status status;       //!< how it ended
    std::string name;                  //!< bucket/key
    uint64_t bytesUp;                  //!< declared bytes of the request's body
    uint64_t bytesDown;                //!< declared bytes of the reply's body
    uint64_t units;                    //!< of capacity, see StorageService::GetUnits()
    Time latency;                      //!< from the whole request to the reply's first byte
};

/**
 * @ingroup serverless-learning-storage
 *
 * A storage service on a node: objects in memory, asked for over TCP connections that stay open
 * (see StorageFrame). What a client PUTs is what another GETs.
 *
 * Four things cost time, each on its own: the network; ConnectionRate, at which one connection's
 * bodies pass in each direction; AggregateRate, which all connections share in each direction; and
 * Latency, the service's own time of each request, counted from its last byte to the reply's first.
 * Where Threads is not 0, only so many requests are worked on at a time, for ThreadTime each.
 *
 * A request beyond a limit is answered with the status that says so. A new object is visible when
 * its PUT is answered; an overwritten one keeps its old content for VisibilityDelay.
 *
 * Kinds of services derive from this class, with defaults of their own.
 */
class StorageService : public Application
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    StorageService();
    ~StorageService() override;

    /**
     * Stores an object without a request: what is there before a run begins.
     * @param name bucket/key
     * @param body its content
     */
    void Preload(const std::string& name, const Payload& body);

    /**
     * Looks at all objects without a request.
     * @return the objects
     */
    const ObjectMap& GetObjects() const;

    /**
     * When the service can be reached: its start and the time it takes to provision.
     * @return the time
     */
    Time GetReadyTime() const;

    /**
     * Port that it listens to.
     * @return the TCP port
     */
    uint16_t GetPort() const;

    /**
     * Largest object.
     * @return bytes
     */
    uint64_t GetMaxObjectBytes() const;

    /**
     * Fixes the random streams used.
     * @param stream first stream number
     * @return number of streams used
     * @throws std::invalid_argument with one sentence if Latency cannot draw, see CheckDraws()
     */
    int64_t AssignStreams(int64_t stream);

    /**
     * Listener to requests.
     * @param record the request
     */
    typedef void (*RequestTracedCallback)(const StorageRequestRecord& record);

  protected:
    /// Values that kinds of services differ in.
    struct Defaults
    {
        std::string latency;       //!< random variable, in s
        std::string latencyHelp;   //!< where it comes from
        std::string connection;    //!< rate of a connection, 0bps for none
        std::string aggregate;     //!< rate of all connections, 0bps for none
        std::string rateHelp;      //!< where the former comes from
        std::string aggregateHelp; //!< where the latter comes from
        uint64_t objectBytes;      //!< largest object
        std::string objectHelp;    //!< where it comes from
        std::string provisioning;  //!< time before it can be reached
        std::string provisionHelp; //!< where it comes from
        double putRate;            //!< PUTs a second and bucket, 0 for no limit
        double getRate;            //!< GETs a second and bucket, 0 for no limit
        std::string limitHelp;     //!< where they come from
        uint32_t threads;          //!< requests at a time, 0 for no limit
        std::string threadHelp;    //!< where it comes from
    };

    /**
     * Adds the attributes of all services with a kind's own defaults.
     * @param tid the kind
     * @param defaults its values
     * @return the kind
     */
    static TypeId AddServiceAttributes(TypeId tid, const Defaults& defaults);

    void DoDispose() override;

    /// A client's connection.
    struct Connection
    {
        Ptr<FrameStream> stream; //!< the TCP connection
        RateLimit in;            //!< ConnectionRate of requests
        RateLimit out;           //!< ConnectionRate of replies
        Time received;           //!< when the bytes that have come are through the limits
        uint64_t number{0};      //!< of the connection, from 1
    };

    /**
     * Works on a request whose time has come; derived classes may know more operations.
     * @param request the request
     * @param reply what to answer, filled in
     */
    virtual void Serve(const StorageFrame& request, StorageFrame& reply);

    /**
     * Time of a request beyond Latency: none, unless a derived class says otherwise.
     * @param request the request
     * @return the time for which a thread is taken, besides ThreadTime
     */
    virtual Time GetServiceTime(const StorageFrame& request) const;

    /**
     * Units of capacity that a request takes: none, unless a derived class says otherwise.
     * @param request the request, within all limits, not yet served
     * @return the number
     */
    virtual uint64_t GetUnits(const StorageFrame& request) const;

  private:
    /// A request that waits, for its time or for an object or for keys.
    struct Parked
    {
        uint64_t connection;  //!< number of the connection
        StorageFrame request; //!< what was asked for
        Time since;           //!< when it came
    };

    void StartApplication() override;
    void StopApplication() override;

    /// Begins to listen.
    void Listen();

    /**
     * Takes a new connection.
     * @param socket its socket
     * @param from the client
     */
    void HandleAccept(Ptr<Socket> socket, const Address& from);

    /**
     * Takes a request: waits until it is through the limits, and thought about.
     * @param number of the connection
     * @param request the request
     */
    void Receive(uint64_t number, StorageFrame&& request);

    /**
     * Answers a request later.
     * @param time when
     * @param parked the request
     * @param isThought whether its time in the service is over then
     */
    void ProcessAt(Time time, Parked&& parked, bool isThought);

    /**
     * Answers a request, or puts it aside.
     * @param parked the request
     * @param isThought whether its time in the service is over
     */
    void Process(Parked&& parked, bool isThought);

    /**
     * Whether there is what a waiting request waits for.
     * @param request the request
     * @return true if so
     */
    bool IsAnswerable(const StorageFrame& request) const;

    /// Takes up requests that waited for what is there now.
    void WakeUp(const std::string& name);

    /**
     * When a request that is through the limits will be answered.
     * @param request the request
     * @param through when it is
     * @return the time
     */
    Time Think(const StorageFrame& request, Time through);

    /**
     * Whether a request is within the rate that its bucket may have.
     * @param request the request
     * @return true if so
     */
    bool Admit(const StorageFrame& request);

    uint16_t m_port;                     //!< TCP port
    uint32_t m_segmentBytes;             //!< of a TCP segment
    Ptr<RandomVariableStream> m_latency; //!< time of a request, in s
    DataRate m_connectionRate;           //!< of a connection, each way
    DataRate m_aggregateRate;            //!< of all connections, each way
    uint64_t m_maxObjectBytes;           //!< largest object
    Time m_provisioningTime;             //!< before it can be reached
    double m_maxPutRate;                 //!< PUTs a second and bucket, 0 for no limit
    double m_maxGetRate;                 //!< GETs a second and bucket, 0 for no limit
    uint32_t m_listPage;                 //!< keys in a LIST reply
    Time m_visibilityDelay;              //!< of an overwritten object
    uint32_t m_threads;                  //!< requests at a time, 0 for no limit
    Time m_threadTime;                   //!< that a request takes a thread

    EventId m_provisioned;                           //!< when it can be reached
    Ptr<Socket> m_listener;                          //!< takes connections
    std::map<uint64_t, Connection> m_connections;    //!< by number
    uint64_t m_connectionCount{0};                   //!< connections so far
    RateLimit m_in;                                  //!< AggregateRate of requests
    RateLimit m_out;                                 //!< AggregateRate of replies
    std::vector<Time> m_threadFree;                  //!< when each thread is free
    ObjectMap m_objects;                             //!< what is stored
    std::list<Parked> m_parked;                      //!< requests that wait
    std::map<std::string, RequestQuota> m_putQuotas; //!< by bucket
    std::map<std::string, RequestQuota> m_getQuotas; //!< by bucket

    TracedCallback<const StorageRequestRecord&> m_requestTrace; //!< a request was answered
};

} // namespace serverless
} // namespace ns3

#endif /* STORAGE_SERVICE_H */
