/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef STORAGE_FRAME_H
#define STORAGE_FRAME_H

#include "payload.h"

#include <cstdint>
#include <string>
#include <vector>

namespace ns3
{
namespace serverless
{

/**
 * @ingroup serverless-learning-storage
 *
 * One request or reply of the storage protocol, as it travels in a TCP stream: 32 bytes of header,
 * the name, the real bytes, and zeros up to the declared size. All numbers are in network byte
 * order (most significant byte first):
 *
 *     offset bytes  field
 *          0     2  magic, 0x534c ("SL")
 *          2     1  version, 1
 *          3     1  operation
 *          4     1  status, 0 in requests
 *          5     1  flags: 1 reply, 2 wait until there is something to answer, 4 list truncated
 *          6     2  bytes of the name
 *          8     4  number of the request, repeated in its reply
 *         12     4  count, see Operation
 *         16     8  real bytes of the body
 *         24     8  declared bytes of the body
 */
struct StorageFrame
{
    /// What is asked for. Names are "bucket/key".
    enum Operation : uint8_t
    {
        PUT = 1,      //!< store the body under the name
        GET,          //!< answer the object's content
        LIST,         //!< answer the keys that start with the name, after the key in the body
        DELETE,       //!< forget the object; there may be none
        BATCH_DELETE, //!< forget the objects whose names are in the body
        HEAD,         //!< answer whether there is an object, and its size: 8 bytes
        MESSAGE,      //!< a message between peers, without a reply
        PUSH,         //!< add the body's numbers to the parameters of a parameter server
        PULL,         //!< answer the parameters of a parameter server
        CAN_PUSH,     //!< answer whether a worker may push in round count
        CAN_PULL,     //!< answer whether a worker may pull in round count
    };

    /// How a request ended.
    enum Status : uint8_t
    {
        OK = 0,      //!< as asked
        NOT_FOUND,   //!< there is no such object
        TOO_LARGE,   //!< the object is larger than the service takes; 8 bytes: the most it takes
        THROTTLED,   //!< more requests a second than the service takes
        REFUSED,     //!< the service has no such operation, or not now
        UNREACHABLE, //!< no connection to the service (never on the wire)
        TIMED_OUT,   //!< no reply in time (never on the wire)
    };

    static constexpr uint32_t HEADER_BYTES = 32;                   //!< before the name
    static constexpr uint64_t MOST_DATA_BYTES = uint64_t{1} << 31; //!< real bytes of a body
    static constexpr uint32_t MOST_NAME_BYTES = 1024;              //!< of a name, as S3's keys

    Operation operation{GET}; //!< what is asked for
    Status status{OK};        //!< how it ended
    bool isReply{false};      //!< whether it is an answer
    bool isWaiting{false};    //!< answer only when there is an object, or count keys
    bool isTruncated{false};  //!< there are more keys than in this reply
    uint32_t request{0};      //!< number of the request
    uint32_t count{0};        //!< LIST: keys to wait for; parameter server: round
    std::string name;         //!< bucket/key
    Payload body;             //!< the content

    /**
     * Header and name as bytes.
     * @return HEADER_BYTES and the name's
     */
    std::vector<uint8_t> EncodeHead() const;

    /**
     * Reads a header.
     * @param bytes HEADER_BYTES bytes
     * @param nameBytes receives the length of the name
     * @param dataBytes receives the number of real bytes
     * @return whether it makes sense
     */
    bool DecodeHeader(const uint8_t* bytes, uint32_t& nameBytes, uint64_t& dataBytes);
};

/**
 * @ingroup serverless-learning-storage
 *
 * Names as the body of LIST replies and BATCH_DELETE requests: 2 bytes of length and the name,
 * each.
 * @param names the names
 * @return the body
 */
Payload EncodeNames(const std::vector<std::string>& names);

/**
 * @ingroup serverless-learning-storage
 *
 * The inverse of EncodeNames(); what makes no sense ends the list.
 * @param body the body
 * @return the names
 */
std::vector<std::string> DecodeNames(const Payload& body);

/**
 * @ingroup serverless-learning-storage
 *
 * A size as the body of a HEAD reply: 8 bytes.
 * @param size the size
 * @return the body
 */
Payload EncodeSize(uint64_t size);

/**
 * @ingroup serverless-learning-storage
 *
 * The inverse of EncodeSize().
 * @param body the body
 * @return the size, 0 if the body is none
 */
uint64_t DecodeSize(const Payload& body);

/**
 * @ingroup serverless-learning-storage
 *
 * Names an operation.
 * @param operation the operation
 * @return such as "PUT"
 */
std::string GetOperationName(StorageFrame::Operation operation);

/**
 * @ingroup serverless-learning-storage
 *
 * Says how a request ended.
 * @param status the status
 * @return such as "the object is larger than the service takes"
 */
std::string DescribeStatus(StorageFrame::Status status);

} // namespace serverless
} // namespace ns3

#endif /* STORAGE_FRAME_H */
