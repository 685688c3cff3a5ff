/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef PAYLOAD_H
#define PAYLOAD_H

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace ns3
{
namespace serverless
{

/**
 * @ingroup serverless-learning-storage
 *
 * Content of an object: real bytes, shared by all who hold them, and a declared size of at least as
 * many bytes. On the wire the real bytes come first and zeros fill up to the declared size, so that
 * a small network can stand for one of 89 MB, or a partition for its file.
 */
struct Payload
{
    std::shared_ptr<const std::vector<uint8_t>> data; //!< real bytes, or null for none
    uint64_t size{0};                                 //!< declared size in bytes

    /**
     * A content of real bytes.
     * @param bytes the bytes
     * @param declared size in bytes; taken as that of the bytes if smaller
     * @return the content
     */
    static Payload Of(std::vector<uint8_t> bytes, uint64_t declared = 0)
    {
        Payload payload;
        payload.size = declared < bytes.size() ? bytes.size() : declared;
        payload.data = std::make_shared<const std::vector<uint8_t>>(std::move(bytes));
        return payload;
    }

    /**
     * A content of which only the size matters.
     * @param declared size in bytes
     * @return the content
     */
    static Payload OfSize(uint64_t declared)
    {
        Payload payload;
        payload.size = declared;
        return payload;
    }

    /**
     * Number of real bytes.
     * @return the number
     */
    uint64_t GetDataSize() const
    {
        return data ? data->size() : 0;
    }
};

} // namespace serverless
} // namespace ns3

#endif /* PAYLOAD_H */
