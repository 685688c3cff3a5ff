/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "packet-view.h"

#include "ns3/abort.h"
#include "ns3/header.h"

namespace ns3
{
namespace learning
{

namespace
{

constexpr uint32_t HEADER_BYTES = 160; //!< of this transport, UDP, IP and link, at most

/// Room in a packet: a header only because ns-3 makes no other room without a copy.
class PacketRoom : public Header
{
  public:
    /**
     * Asks for room.
     * @param size bytes, left as they are
     */
    explicit PacketRoom(uint32_t size)
        : m_size(size)
    {
    }

    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId()
    {
        static TypeId tid = TypeId("ns3::learning::PacketRoom")
                                .SetParent<Header>()
                                .SetGroupName("DistributedLearning");
        return tid;
    }

    TypeId GetInstanceTypeId() const override
    {
        return GetTypeId();
    }

    uint32_t GetSerializedSize() const override
    {
        return m_size;
    }

    void Serialize(Buffer::Iterator /* start */) const override
    {
    }

    uint32_t Deserialize(Buffer::Iterator /* start */) override
    {
        return 0; // nobody reads it
    }

    void Print(std::ostream& os) const override
    {
        os << m_size << " bytes";
    }

  private:
    uint32_t m_size; //!< bytes
};

} // namespace

PacketView::PacketView()
    : m_stream(&m_note)
{
}

const uint8_t*
PacketView::GetBytes(const Packet& packet, uint32_t size, bool* lasts)
{
    m_note.bytes = nullptr;
    m_note.pieces = 0;
    packet.CopyData(&m_stream, size);
    if (lasts)
    {
        *lasts = m_note.pieces == 1;
    }
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
PacketView::AddRoom(Packet& packet, uint32_t size)
{
    // in steps, so that ns-3, which keeps the largest of its free buffers, finds one for the next
    const uint32_t step = size < 8192 ? 64 : 512;
    const uint32_t whole = (size + HEADER_BYTES + step - 1) / step * step;
    packet.AddHeader(PacketRoom(whole));
    packet.RemoveAtStart(whole - size);
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
