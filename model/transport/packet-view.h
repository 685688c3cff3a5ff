/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef PACKET_VIEW_H
#define PACKET_VIEW_H

#include "ns3/packet.h"

#include <cstdint>
#include <ostream>
#include <streambuf>
#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-transport
 *
 * Reads and writes a packet's bytes where they lie. ns-3 lets nobody see its buffers, but it writes
 * them to streams: a stream that keeps the address instead of the bytes saves copying every packet.
 */
class PacketView
{
  public:
    PacketView();

    /**
     * The first bytes of a packet.
     * @param packet the packet
     * @param size how many bytes; the packet has at least so many
     * @param lasts set to whether the bytes are valid beyond the next call, unless null
     * @return the bytes, valid while the packet is not changed and, unless they last, until the
     * next call
     */
    const uint8_t* GetBytes(const Packet& packet, uint32_t size, bool* lasts = nullptr);

    /**
     * Makes room for bytes in front of a new packet, and for headers in front of these, which are
     * then added without a copy.
     * @param packet the packet, of which there is no copy yet and which has only zeros, or nothing
     * @param size how many bytes
     * @return where they are to be written, valid while the packet is not changed
     */
    uint8_t* AddRoom(Packet& packet, uint32_t size);

  private:
    /// A stream buffer that notes what is written, and where it lies.
    class Note : public std::streambuf
    {
      public:
        const char* bytes{nullptr}; //!< the first piece
        uint32_t pieces{0};         //!< number of pieces that are not empty

      protected:
        std::streamsize xsputn(const char* piece, std::streamsize size) override;
        int_type overflow(int_type byte) override;
    };

    Note m_note;                    //!< notes what the stream is given
    std::ostream m_stream;          //!< what ns-3 writes to
    std::vector<uint8_t> m_scratch; //!< for packets that do not lie in one piece
};

} // namespace learning
} // namespace ns3

#endif /* PACKET_VIEW_H */
