/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "whole-file.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace ns3
{
namespace learning
{

bool
CanBeFile(const std::string& file)
{
    std::error_code error;
    const auto status = std::filesystem::status(file, error);
    return !std::filesystem::exists(status) || std::filesystem::is_regular_file(status);
}

void
WriteWholeFile(const std::string& file, const std::string& content)
{
    if (!CanBeFile(file))
    {
        throw std::runtime_error(file + ": cannot be written: it is no regular file");
    }
    const std::string temporary = file + ".part";
    std::ofstream stream(temporary);
    const bool isOurs = stream.is_open();
    stream << content;
    stream.close();
    if (!stream || std::rename(temporary.c_str(), file.c_str()) != 0)
    {
        const std::string reason = std::strerror(errno);
        if (isOurs)
        {
            std::remove(temporary.c_str());
        }
        throw std::runtime_error(file + ": cannot be written: " + reason);
    }
}

} // namespace learning
} // namespace ns3
