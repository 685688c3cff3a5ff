/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "storage-frame.h"

#include <algorithm>
#include <stdexcept>

namespace ns3
{
namespace serverless
{

namespace
{

constexpr uint32_t MAGIC = 0x534c;    //!< "SL"
constexpr uint8_t VERSION = 1;        //!< of the protocol
constexpr uint8_t REPLY_FLAG = 1;     //!< see StorageFrame
constexpr uint8_t WAIT_FLAG = 2;      //!< see StorageFrame
constexpr uint8_t TRUNCATED_FLAG = 4; //!< see StorageFrame

/**
 * Appends a number, most significant byte first.
 * @param bytes where to
 * @param value the number
 * @param count its bytes
 */
void
Append(std::vector<uint8_t>& bytes, uint64_t value, uint32_t count)
{
    for (uint32_t i = count; i-- > 0;)
    {
        bytes.push_back(static_cast<uint8_t>(value >> (8 * i)));
    }
}

/**
 * Reads a number, most significant byte first.
 * @param bytes its first byte
 * @param count its bytes
 * @return the number
 */
uint64_t
Read(const uint8_t* bytes, uint32_t count)
{
    uint64_t value = 0;
    for (uint32_t i = 0; i < count; ++i)
    {
        value = value << 8 | bytes[i];
    }
    return value;
}

} // namespace

std::vector<uint8_t>
StorageFrame::EncodeHead() const
{
    if (name.size() > MOST_NAME_BYTES || body.GetDataSize() > MOST_DATA_BYTES)
    {
        throw std::invalid_argument("a storage request for '" + name.substr(0, 40) +
                                    "': names of " + std::to_string(MOST_NAME_BYTES) +
                                    " bytes and bodies of " + std::to_string(MOST_DATA_BYTES) +
                                    " real bytes at most");
    }
    std::vector<uint8_t> bytes;
    bytes.reserve(HEADER_BYTES + name.size());
    Append(bytes, MAGIC, 2);
    Append(bytes, VERSION, 1);
    Append(bytes, operation, 1);
    Append(bytes, status, 1);
    Append(bytes,
           (isReply ? REPLY_FLAG : 0) | (isWaiting ? WAIT_FLAG : 0) |
               (isTruncated ? TRUNCATED_FLAG : 0),
           1);
    Append(bytes, name.size(), 2);
    Append(bytes, request, 4);
    Append(bytes, count, 4);
    Append(bytes, body.GetDataSize(), 8);
    Append(bytes, body.size, 8);
    bytes.insert(bytes.end(), name.begin(), name.end());
    return bytes;
}

bool
StorageFrame::DecodeHeader(const uint8_t* bytes, uint32_t& nameBytes, uint64_t& dataBytes)
{
    operation = static_cast<Operation>(bytes[3]);
    status = static_cast<Status>(bytes[4]);
    isReply = (bytes[5] & REPLY_FLAG) != 0;
    isWaiting = (bytes[5] & WAIT_FLAG) != 0;
    isTruncated = (bytes[5] & TRUNCATED_FLAG) != 0;
    nameBytes = static_cast<uint32_t>(Read(bytes + 6, 2));
    request = static_cast<uint32_t>(Read(bytes + 8, 4));
    count = static_cast<uint32_t>(Read(bytes + 12, 4));
    dataBytes = Read(bytes + 16, 8);
    body.size = Read(bytes + 24, 8);
    return Read(bytes, 2) == MAGIC && bytes[2] == VERSION && bytes[3] >= PUT &&
           bytes[3] <= CAN_PULL && bytes[4] <= REFUSED && nameBytes <= MOST_NAME_BYTES &&
           dataBytes <= MOST_DATA_BYTES && dataBytes <= body.size;
}

Payload
EncodeNames(const std::vector<std::string>& names)
{
    std::vector<uint8_t> bytes;
    for (const std::string& name : names)
    {
        Append(bytes, name.size(), 2);
        bytes.insert(bytes.end(), name.begin(), name.end());
    }
    return Payload::Of(std::move(bytes));
}

std::vector<std::string>
DecodeNames(const Payload& body)
{
    std::vector<std::string> names;
    if (!body.data)
    {
        return names;
    }
    const std::vector<uint8_t>& bytes = *body.data;
    for (std::size_t at = 0; at + 2 <= bytes.size();)
    {
        const std::size_t size = Read(bytes.data() + at, 2);
        at += 2;
        if (size > bytes.size() - at)
        {
            break;
        }
        names.emplace_back(bytes.begin() + static_cast<std::ptrdiff_t>(at),
                           bytes.begin() + static_cast<std::ptrdiff_t>(at + size));
        at += size;
    }
    return names;
}

Payload
EncodeSize(uint64_t size)
{
    std::vector<uint8_t> bytes;
    Append(bytes, size, 8);
    return Payload::Of(std::move(bytes));
}

uint64_t
DecodeSize(const Payload& body)
{
    return body.GetDataSize() == 8 ? Read(body.data->data(), 8) : 0;
}

std::string
GetOperationName(StorageFrame::Operation operation)
{
    static const char* const NAMES[] = {"",
                                        "PUT",
                                        "GET",
                                        "LIST",
                                        "DELETE",
                                        "BATCH_DELETE",
                                        "HEAD",
                                        "MESSAGE",
                                        "PUSH",
                                        "PULL",
                                        "CAN_PUSH",
                                        "CAN_PULL"};
    return NAMES[operation];
}

std::string
DescribeStatus(StorageFrame::Status status)
{
    switch (status)
    {
    case StorageFrame::OK:
        return "done";
    case StorageFrame::NOT_FOUND:
        return "there is no such object";
    case StorageFrame::TOO_LARGE:
        return "the object is larger than the service takes";
    case StorageFrame::THROTTLED:
        return "the service takes no more requests a second";
    case StorageFrame::REFUSED:
        return "the service does not do that";
    case StorageFrame::UNREACHABLE:
        return "the service cannot be reached";
    case StorageFrame::TIMED_OUT:
        return "no reply in time";
    }
    return "unknown";
}

} // namespace serverless
} // namespace ns3
