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
 * Room for numbers in a packet. A header only because ns-3 makes no other room without a copy;
 * PacketView writes and reads the numbers.
 */
class NumberPayload : public Header
{
  public:
    /**
     * Asks for room.
     * @param count for how many numbers, 4 bytes each, left as they are
     */
    explicit NumberPayload(uint32_t count);

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
    uint32_t m_count; //!< numbers
};

} // namespace learning
} // namespace ns3

#endif /* NUMBER_PAYLOAD_H */
