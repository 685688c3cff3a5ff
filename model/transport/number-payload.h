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
 * Numbers as a packet carries them, and the padding of a train. A header only because ns-3 lets
 * headers alone write into the buffer of a packet, without a copy in between; it is read by
 * PacketView.
 */
class NumberPayload : public Header
{
  public:
    /**
     * Refers to numbers.
     * @param values count numbers, which must stay
     * @param count how many
     * @param padding bytes of zeros that follow
     */
    NumberPayload(const float* values, uint32_t count, uint32_t padding);

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
    const float* m_values; //!< the numbers
    uint32_t m_count;      //!< how many
    uint32_t m_padding;    //!< bytes of zeros that follow
};

} // namespace learning
} // namespace ns3

#endif /* NUMBER_PAYLOAD_H */
