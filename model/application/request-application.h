/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef REQUEST_APPLICATION_H
#define REQUEST_APPLICATION_H

#include "ns3/address.h"
#include "ns3/application.h"
#include "ns3/event-id.h"
#include "ns3/nstime.h"
#include "ns3/random-variable-stream.h"
#include "ns3/socket.h"
#include "ns3/traced-callback.h"
#include "ns3/type-id.h"

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-application
 *
 * Sends messages to the other hosts over ns-3's TCP, as a Web service does: each to a host drawn at
 * random, with exponential gaps between them; and takes in those of the others.
 *
 * The completion time of a message runs from the moment when the service hands it over to the one
 * when its last byte has been read at the other end; it includes the wait for an earlier message
 * on the same connection. A message tells its length and its start in its first bytes, so that
 * nothing but packets passes between hosts. When the application stops, it starts no more messages
 * but delivers those under way; connections never give up.
 *
 * Limits: a host draws among the others evenly, and never itself.
 * Source: the Web service of Yu et al., ICML 2019, Section 7.
 */
class RequestApplication : public Application
{
  public:
    /// How messages share connections.
    enum Connections
    {
        PERSISTENT, //!< one connection to each host, kept open: messages follow one another on it
        PER_MESSAGE //!< a new connection for each message, closed after it
    };

    /// Bytes of a message that tell its length and its start.
    static constexpr uint32_t MESSAGE_HEADER_BYTES = 16;

    /**
     * Signature of the Start trace source.
     * @param bytes length of the message
     */
    typedef void (*StartTracedCallback)(uint32_t bytes);

    /**
     * Signature of the Complete trace source.
     * @param start when the message was handed over at the sender
     * @param bytes length of the message
     * @param duration its completion time
     */
    typedef void (*CompleteTracedCallback)(Time start, uint32_t bytes, Time duration);

    RequestApplication();

    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    /**
     * Says who takes part; before the application starts.
     * @param self index of this host
     * @param hosts address and port of every host, this one included, at least two
     */
    void Configure(uint32_t self, std::vector<Address> hosts);

    /**
     * Fixes the random streams used.
     * @param stream first stream number
     * @return number of streams used
     */
    int64_t AssignStreams(int64_t stream);

    /// Starts no more messages from now on.
    void StopSending();

    /**
     * Messages started here.
     * @return their number
     */
    uint64_t GetStartedCount() const;

    /**
     * Messages read to their end here.
     * @return their number
     */
    uint64_t GetReceivedCount() const;

  protected:
    void DoDispose() override;

  private:
    /// A way to another host.
    struct Connection
    {
        uint32_t peer;                   //!< index of the other host
        std::deque<Ptr<Packet>> pending; //!< what the socket has had no room for
        bool connected{false};           //!< whether the handshake is over
    };

    /// A message that is being read.
    struct Reception
    {
        uint8_t header[MESSAGE_HEADER_BYTES]; //!< its first bytes
        uint32_t headerBytes{0};              //!< how many of them have come
        uint32_t left{0};                     //!< bytes that have not come, once these are known
        uint32_t bytes{0};                    //!< length of the message
        Time start;                           //!< when it was handed over
    };

    /**
     * Chooses TCP's congestion control.
     * @param type name of its TypeId
     */
    void SetCongestionControl(const std::string& type);

    /**
     * The congestion control of TCP.
     * @return name of its TypeId
     */
    std::string GetCongestionControl() const;

    void StartApplication() override;
    void StopApplication() override;

    /**
     * Makes a socket.
     * @return the socket, with the attributes of this application
     */
    Ptr<Socket> MakeSocket() const;

    /// Draws when the next message starts.
    void ScheduleNext();

    /// Starts a message.
    void StartMessage();

    /**
     * Opens a connection.
     * @param peer index of the other host
     * @return the socket
     */
    Ptr<Socket> OpenConnection(uint32_t peer);

    /**
     * Gives a socket what it has room for.
     * @param socket the socket
     */
    void Write(Ptr<Socket> socket);

    /**
     * A connection is open.
     * @param socket its socket
     */
    void Connected(Ptr<Socket> socket);

    /**
     * A connection opened here has failed or could not be opened; what it had taken is lost.
     * @param socket its socket
     */
    void Broken(Ptr<Socket> socket);

    /**
     * A socket has room.
     * @param socket the socket
     * @param room bytes
     */
    void HasRoom(Ptr<Socket> socket, uint32_t room);

    /**
     * Another host has opened a connection.
     * @param socket its socket here
     * @param from its address
     */
    void Accepted(Ptr<Socket> socket, const Address& from);

    /**
     * Reads what has come.
     * @param socket the socket
     */
    void Read(Ptr<Socket> socket);

    /**
     * The other end of an accepted connection has closed it.
     * @param socket the socket here
     */
    void Closed(Ptr<Socket> socket);

    double m_rate;                           //!< messages a second that start here
    uint32_t m_messageBytes;                 //!< length of a message
    Connections m_connections;               //!< how messages share connections
    TypeId m_congestionControl;              //!< of TCP
    uint32_t m_segmentBytes;                 //!< payload of a TCP segment
    uint32_t m_bufferBytes;                  //!< of each end of a connection
    uint32_t m_initialWindow;                //!< segments that may be sent at once at first
    Time m_minRto;                           //!< shortest pause before TCP sends again
    Time m_connectTimeout;                   //!< pause before a handshake is tried again
    uint8_t m_tos;                           //!< type of service of all packets
    uint32_t m_self{0};                      //!< index of this host
    std::vector<Address> m_hosts;            //!< all hosts
    Ptr<ExponentialRandomVariable> m_gap;    //!< between messages, of mean 1
    Ptr<UniformRandomVariable> m_peer;       //!< where to
    EventId m_event;                         //!< the next message
    Ptr<Socket> m_listener;                  //!< takes connections
    std::vector<Ptr<Socket>> m_open;         //!< by host, of persistent connections
    std::map<Ptr<Socket>, Connection> m_out; //!< connections opened here
    std::map<Ptr<Socket>, Reception> m_in;   //!< connections opened by others
    uint64_t m_started{0};                   //!< messages started here
    uint64_t m_received{0};                  //!< messages read to their end here
    TracedCallback<uint32_t> m_startTrace;   //!< messages that start
    TracedCallback<Time, uint32_t, Time> m_completeTrace; //!< messages that are complete
};

} // namespace learning
} // namespace ns3

#endif /* REQUEST_APPLICATION_H */
