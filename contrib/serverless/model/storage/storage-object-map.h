/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef STORAGE_OBJECT_MAP_H
#define STORAGE_OBJECT_MAP_H

#include "payload.h"

#include "ns3/nstime.h"

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace serverless
{

/**
 * @ingroup serverless-learning-storage
 *
 * What a storage service stores: contents by name, in the order of names; an overwritten object may
 * keep its old content for a time.
 */
class ObjectMap
{
  public:
    /**
     * Stores an object.
     * @param name bucket/key
     * @param body its content
     * @param delay until it replaces another content; a new object is seen at once
     */
    void Store(const std::string& name, const Payload& body, Time delay);

    /**
     * Finds an object's content as seen now.
     * @param name bucket/key
     * @return the content, or null
     */
    const Payload* Find(const std::string& name);

    /**
     * Looks at an object's newest content.
     * @param name bucket/key
     * @return the content, or null
     */
    const Payload* Peek(const std::string& name) const;

    /**
     * Removes an object, if there is one.
     * @param name bucket/key
     */
    void Erase(const std::string& name);

    /**
     * Names that begin with a prefix, in order.
     * @param prefix what they begin with
     * @param after a name that they come after, or nothing
     * @param most how many at most
     * @param isTruncated set to whether there are more
     * @return the names
     */
    std::vector<std::string> List(const std::string& prefix,
                                  const std::vector<std::string>& after,
                                  std::size_t most,
                                  bool& isTruncated) const;

    /**
     * Counts names that begin with a prefix.
     * @param prefix what they begin with
     * @param most where to stop
     * @return their number, at most that
     */
    uint32_t CountNames(const std::string& prefix, uint32_t most) const;

    /**
     * Adds the sizes of newest contents up.
     * @param prefix what names begin with
     * @return declared bytes
     */
    uint64_t GetBytes(const std::string& prefix) const;

  private:
    /// An object.
    struct Object
    {
        Payload body;                                     //!< content that is seen
        std::vector<std::pair<Time, Payload>> successors; //!< contents that will be, and when

        /**
         * The last content.
         * @return the content
         */
        const Payload& GetNewest() const;
    };

    std::map<std::string, Object> m_objects; //!< by name
};

} // namespace serverless
} // namespace ns3

#endif /* STORAGE_OBJECT_MAP_H */
