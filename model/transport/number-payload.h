/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef NUMBER_PAYLOAD_H
#define NUMBER_PAYLOAD_H

#include "ns3/header.h"

#include <cstdint>
#include <ostream>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-transport
 *
 * Room for numbers in a packet, and the padding of a train. A header only because ns-3 makes no
 * other room without a copy; PacketView writes and reads the numbers.
 */
class NumberPayload : public Header
{
  public:
    /**
     * Asks for room.
     * @param count for how many numbers, 4 bytes each, left as they are
     * @param padding bytes of zeros that follow
     */
    NumberPayload(uint32_t count, uint32_t padding);

    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    TypeId GetInstanceTypeId() const override;
    uint32_t GetSerializedSize() const override;
    void Serialize(Buffer::Iterator start) const override;
    uint32_t Deserialize(Buffer::Iterator start) override;
    void Print(std::ostream& os) const override;

  private:
    uint32_t m_count;   //!< numbers
    uint32_t m_padding; //!< bytes of zeros that follow
};

} // namespace learning
} // namespace ns3

#endif /* NUMBER_PAYLOAD_H */
