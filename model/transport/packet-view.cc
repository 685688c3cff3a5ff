/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "packet-view.h"

#include "ns3/abort.h"

namespace ns3
{
namespace learning
{

PacketView::PacketView()
    : m_stream(&m_note)
{
}

const uint8_t*
PacketView::GetBytes(const Packet& packet, uint32_t size)
{
    m_note.bytes = nullptr;
    m_note.pieces = 0;
    packet.CopyData(&m_stream, size);
    if (m_note.pieces == 1)
    {
        return reinterpret_cast<const uint8_t*>(m_note.bytes);
    }
    // zero-filled parts are kept apart, as a number of bytes
    m_scratch.resize(size);
    packet.CopyData(m_scratch.data(), size);
    return m_scratch.data();
}

uint8_t*
PacketView::GetRoom(Packet& packet, uint32_t size)
{
    const uint8_t* bytes = GetBytes(packet, size);
    NS_ABORT_MSG_IF(m_note.pieces > 1, "the packet does not lie in one piece");
    return const_cast<uint8_t*>(bytes); // nobody else has a part in its buffer
}

std::streamsize
PacketView::Note::xsputn(const char* piece, std::streamsize size)
{
    if (size > 0)
    {
        bytes = pieces == 0 ? piece : bytes;
        ++pieces;
    }
    return size;
}

PacketView::Note::int_type
PacketView::Note::overflow(int_type byte)
{
    // a single byte has no address that lasts: read it the other way
    pieces = 2;
    return traits_type::not_eof(byte);
}

} // namespace learning
} // namespace ns3
