/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef TRANSPORT_HEADER_H
#define TRANSPORT_HEADER_H

#include "block-id.h"

#include "ns3/header.h"

#include <cstdint>
#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-transport
 *
 * The header in front of every packet of a block transport: whose block it is, which of its numbers
 * follow, whether the block ends here, and which blocks of the receiver are acknowledged.
 *
 * Layout, network byte order, 32 bytes and 8 for each acknowledgement:
 *
 *     0   magic 0x444c ("DL")
 *     2   version (1)
 *     3   flags: 1 data, 2 end, 4 acknowledgements, 8 pull, 16 asks, 32 repeats, 64 mask, 128 whole
 *     4   round
 *     8   block
 *     12  sender, index of the host
 *     16  length of the block
 *     20  first number
 *     24  count of numbers that follow
 *     28  numbers in a segment
 *     30  acknowledgements
 *     31  pass
 *     32  for each acknowledgement: round (4), block with the top bit set for a pull (4)
 *
 * The numbers follow as IEEE 754 binary32 in network byte order, then the padding of a train
 * (DatagramTransport). The first number's offset and the count make each packet decode on its own.
 *
 * A block whose sender wants to know what arrived has "asks" in all its packets. With "repeats", an
 * end says that a pass over the block is over and asks what is missing, which will be sent again;
 * without, that nothing more comes. "Whole" asks the receiver not to do with less than all. The
 * answer to an end is an acknowledgement where the block is whole, and a mask otherwise: a bit a
 * segment, from the segment of the first number on, at most MASK_SEGMENTS, lowest bit first; its
 * "end" says that the block is closed and its "pass" repeats that of the end.
 */
class TransportHeader : public Header
{
  public:
    static constexpr uint16_t MAGIC = 0x444c;        //!< "DL"
    static constexpr uint8_t VERSION = 1;            //!< of this layout
    static constexpr uint32_t FIXED_SIZE = 32;       //!< bytes without acknowledgements
    static constexpr uint32_t ACK_SIZE = 8;          //!< bytes of one acknowledgement
    static constexpr uint32_t MAX_ACKS = 255;        //!< acknowledgements in one header
    static constexpr uint32_t MAX_BLOCKS = 1U << 31; //!< indices of blocks are below this
    static constexpr uint32_t MASK_SEGMENTS = 6400;  //!< segments that one packet tells of

    /// A block that arrived at, or was given up by, the sender of this header.
    struct Ack
    {
        BlockDirection direction{PUSH}; //!< which way it travelled
        uint32_t round{0};              //!< its round
        uint32_t block{0};              //!< its index
    };

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

    /**
     * Segments that the mask in this packet tells of, if it is one.
     * @return number of segments, from that of the first number on
     */
    uint32_t GetMaskSegments() const;

    /**
     * Whether the header that was read last makes sense: magic, version, flags, and numbers that
     * lie in the block, begin at a segment's begin and are followed by no fewer bytes than they
     * need. To be asked before any field is used.
     * @return true if so
     */
    bool IsValid() const;

    BlockDirection direction{PUSH}; //!< which way the block travels
    bool isEnd{false};              //!< the sender has sent all there is of the block
    bool asks{false};               //!< the sender wants to know which segments arrived
    bool repeats{false};            //!< and will send again what is missing
    bool whole{false};              //!< until all has arrived
    bool isMask{false};             //!< the answer: which segments arrived
    uint8_t pass{0};                //!< how often the block has been gone through, modulo 256
    uint32_t round{0};              //!< round of training
    uint32_t block{0};              //!< index of the block
    uint32_t sender{0};             //!< index of the sending host
    uint32_t blockLength{0};        //!< numbers in the block
    uint32_t first{0};              //!< offset in the block of the first number that follows
    uint32_t count{0};              //!< numbers that follow, 0 without data
    uint16_t segmentLength{1};      //!< numbers in a segment, at least 1
    std::vector<Ack> acks;          //!< at most MAX_ACKS

  private:
    bool m_valid{true}; //!< result of the last Deserialize()
};

} // namespace learning
} // namespace ns3

#endif /* TRANSPORT_HEADER_H */
