/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "storage-object-map.h"

#include "ns3/simulator.h"

namespace ns3
{
namespace serverless
{

namespace
{

/**
 * Whether a name begins with a prefix.
 * @param name the name
 * @param prefix the prefix
 * @return true if so
 */
bool
Begins(const std::string& name, const std::string& prefix)
{
    return name.compare(0, prefix.size(), prefix) == 0;
}

} // namespace

const Payload&
ObjectMap::Object::GetNewest() const
{
    return successors.empty() ? body : successors.back().second;
}

void
ObjectMap::Store(const std::string& name, const Payload& body, Time delay)
{
    const auto [object, isNew] = m_objects.try_emplace(name);
    if (isNew || delay.IsZero())
    {
        object->second.body = body;
        object->second.successors.clear();
    }
    else
    {
        object->second.successors.emplace_back(Simulator::Now() + delay, body);
    }
}

const Payload*
ObjectMap::Find(const std::string& name)
{
    const auto object = m_objects.find(name);
    if (object == m_objects.end())
    {
        return nullptr;
    }
    auto& successors = object->second.successors;
    while (!successors.empty() && successors.front().first <= Simulator::Now())
    {
        object->second.body = successors.front().second;
        successors.erase(successors.begin());
    }
    return &object->second.body;
}

const Payload*
ObjectMap::Peek(const std::string& name) const
{
    const auto object = m_objects.find(name);
    return object == m_objects.end() ? nullptr : &object->second.GetNewest();
}

void
ObjectMap::Erase(const std::string& name)
{
    m_objects.erase(name);
}

std::vector<std::string>
ObjectMap::List(const std::string& prefix,
                const std::vector<std::string>& after,
                std::size_t most,
                bool& isTruncated) const
{
    auto object =
        after.empty() ? m_objects.lower_bound(prefix) : m_objects.upper_bound(after.front());
    std::vector<std::string> names;
    for (; object != m_objects.end() && Begins(object->first, prefix); ++object)
    {
        if (names.size() == most)
        {
            isTruncated = true;
            return names;
        }
        names.push_back(object->first);
    }
    isTruncated = false;
    return names;
}

uint32_t
ObjectMap::CountNames(const std::string& prefix, uint32_t most) const
{
    uint32_t found = 0;
    for (auto object = m_objects.lower_bound(prefix);
         found < most && object != m_objects.end() && Begins(object->first, prefix);
         ++object)
    {
        ++found;
    }
    return found;
}

uint64_t
ObjectMap::GetBytes(const std::string& prefix) const
{
    uint64_t bytes = 0;
    for (auto object = m_objects.lower_bound(prefix);
         object != m_objects.end() && Begins(object->first, prefix);
         ++object)
    {
        bytes += object->second.GetNewest().size;
    }
    return bytes;
}

} // namespace serverless
} // namespace ns3
