/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "sweep-run.h"

#include <cinttypes>
#include <cstdint>
#include <cstdio>

namespace ns3
{
namespace learning
{

std::string
QuoteForShell(const std::string& word)
{
    const std::string plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                              "_-+=.,:/@%";
    if (!word.empty() && word.find_first_not_of(plain) == std::string::npos)
    {
        return word;
    }
    std::string quoted = "'";
    for (char c : word)
    {
        quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
    }
    return quoted + "'";
}

std::string
MakeOption(const std::string& name, const std::string& value)
{
    std::string option = "--";
    return option.append(name).append("=").append(value);
}

std::string
SweepRun::GetKey() const
{
    std::string key = QuoteForShell(program);
    for (const auto& [name, value] : knobs)
    {
        key.append(" ").append(QuoteForShell(MakeOption(name, value)));
    }
    return key;
}

std::string
SweepRun::GetId() const
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (unsigned char c : GetKey())
    {
        hash = (hash ^ c) * UINT64_C(1099511628211);
    }
    char text[17];
    std::snprintf(text, sizeof(text), "%016" PRIx64, hash);
    return text;
}

} // namespace learning
} // namespace ns3
