/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef FRAME_STREAM_H
#define FRAME_STREAM_H

#include "rate-limit.h"
#include "storage-frame.h"

#include "ns3/event-id.h"
#include "ns3/node.h"
#include "ns3/ptr.h"
#include "ns3/simple-ref-count.h"
#include "ns3/socket.h"

#include <cstdint>
#include <deque>
#include <functional>
#include <vector>

namespace ns3
{
namespace serverless
{

/**
 * @ingroup serverless-learning-storage
 *
 * One end of a TCP connection that carries frames in both directions. Frames are cut into pieces of
 * one TCP segment; a piece leaves when all rate limits of the sender have let it through and the
 * socket has room.
 *
 * The stream calls back when a frame has come as a whole, when bytes of one have come, and when the
 * connection is gone. Nothing is called after Close().
 */
class FrameStream : public SimpleRefCount<FrameStream>
{
  public:
    /// What the owner is told.
    struct Listener
    {
        std::function<void(StorageFrame&&)> frame; //!< a frame has come
        std::function<void(uint32_t)> progress;    //!< so many bytes have come; may be empty
        std::function<void()> closed;              //!< the connection is gone
    };

    /**
     * Makes a TCP socket, with large buffers and no delay of small segments.
     * @param node its node
     * @param segmentBytes bytes in a TCP segment
     * @return the socket, not bound
     * @throws std::invalid_argument if a segment is larger than a device of the node takes
     */
    static Ptr<Socket> MakeSocket(Ptr<Node> node, uint32_t segmentBytes);

    /**
     * Takes over a socket that is or will be connected.
     * @param socket the socket
     * @param segmentBytes bytes of a piece
     * @param listener who is told
     */
    FrameStream(Ptr<Socket> socket, uint32_t segmentBytes, Listener listener);
    ~FrameStream();

    FrameStream(const FrameStream&) = delete;
    FrameStream& operator=(const FrameStream&) = delete;

    /**
     * Sends a frame, after those before it.
     * @param frame the frame
     * @param limits what its pieces have to pass; must outlive the stream
     */
    void Send(const StorageFrame& frame, const std::vector<RateLimit*>& limits = {});

    /// Ends the connection and all callbacks.
    void Close();

    /**
     * The connection's socket.
     * @return the socket, or null after Close()
     */
    Ptr<Socket> GetSocket() const;

  private:
    /// A frame on its way out.
    struct Outgoing
    {
        std::vector<uint8_t> head;      //!< header and name
        Payload body;                   //!< the content
        std::vector<RateLimit*> limits; //!< what its pieces have to pass
        uint64_t sent{0};               //!< bytes handed to the socket
        uint32_t piece{0};              //!< bytes of the piece that is next, 0 before it is cut
        Time due;                       //!< when that piece may leave
    };

    /// Hands pieces to the socket while limits and room allow.
    void Pump();

    /**
     * Makes a packet of the next piece.
     * @param out the frame
     * @return the packet
     */
    static Ptr<Packet> CutPiece(const Outgoing& out);

    /**
     * Takes what has come.
     * @param socket the socket
     */
    void HandleRead(Ptr<Socket> socket);

    /**
     * Goes on sending.
     * @param socket the socket
     * @param room bytes that it takes
     */
    void HandleSend(Ptr<Socket> socket, uint32_t room);

    /**
     * Tells that the connection is gone.
     * @param socket the socket
     */
    void HandleClose(Ptr<Socket> socket);

    /**
     * Takes a packet apart.
     * @param packet what has come
     * @return whether it makes sense
     */
    bool Feed(Ptr<Packet> packet);

    Ptr<Socket> m_socket;            //!< the connection
    uint32_t m_segmentBytes;         //!< bytes of a piece
    Listener m_listener;             //!< who is told
    std::deque<Outgoing> m_outgoing; //!< frames on their way out
    EventId m_pump;                  //!< next call of Pump()

    StorageFrame m_incoming;       //!< the frame that is coming in
    std::vector<uint8_t> m_buffer; //!< its bytes so far: header, then name and real bytes
    bool m_hasHeader{false};       //!< whether its header has come
    uint32_t m_nameBytes{0};       //!< of its name
    uint64_t m_dataBytes{0};       //!< its real bytes
    uint64_t m_padding{0};         //!< zeros that are still to come
};

} // namespace serverless
} // namespace ns3

#endif /* FRAME_STREAM_H */
