/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "output-files.h"

#include "ns3/point-to-point-net-device.h"
#include "ns3/trace-helper.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <stdexcept>
#include <sys/resource.h>

namespace ns3
{
namespace learning
{

namespace
{

/**
 * Refuses more files than a process may have open; ns-3 would end the program.
 * @param options the options
 * @param files number of files
 */
void
CheckFileLimit(const ScenarioOptions& options, std::size_t files)
{
    constexpr std::size_t OTHERS = 32; // standard streams, records, and what libraries open
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && files + OTHERS > limit.rlim_cur)
    {
        options.Reject("pcap",
                       "a file for each of " + std::to_string(files) +
                           " hosts and some more are needed, but this process may have " +
                           std::to_string(limit.rlim_cur) +
                           " open: fewer hosts, or a higher limit by ulimit -n");
    }
}

} // namespace

void
CheckWritable(const std::string& file)
{
    if (file.empty())
    {
        return;
    }
    std::FILE* stream = std::fopen(file.c_str(), "ab");
    if (!stream)
    {
        throw std::runtime_error(file + ": cannot be written: " + std::strerror(errno));
    }
    std::fclose(stream);
}

PcapFiles::PcapFiles(ScenarioOptions& options, const NetDeviceContainer& devices)
    : m_devices(devices)
{
    const std::string& prefix = options.GetText("pcap");
    if (prefix.empty())
    {
        return;
    }
    CheckFileLimit(options, devices.GetN());
    for (auto device = devices.Begin(); device != devices.End(); ++device)
    {
        m_names.push_back(PcapHelper().GetFilenameFromDevice(prefix, *device));
        options.AddOutput("pcap", m_names.back());
    }
}

void
PcapFiles::Open()
{
    std::for_each(m_names.begin(), m_names.end(), CheckWritable); // ns-3 would end the program
    for (std::size_t i = 0; i < m_names.size(); ++i)
    {
        PcapHelper helper;
        m_files.push_back(helper.CreateFile(m_names[i], std::ios::out, PcapHelper::DLT_PPP));
        helper.HookDefaultSink(
            DynamicCast<PointToPointNetDevice>(m_devices.Get(static_cast<uint32_t>(i))),
            "PromiscSniffer",
            m_files.back());
    }
}

void
PcapFiles::Close()
{
    std::size_t broken = 0;
    std::string first;
    for (std::size_t i = 0; i < m_files.size(); ++i)
    {
        m_files[i]->Close(); // writes what is left, and remembers if that fails
        if (m_files[i]->Fail())
        {
            first = broken++ == 0 ? m_names[i] : first;
        }
    }
    if (broken != 0)
    {
        throw std::runtime_error(
            first + (broken > 1 ? " and " + std::to_string(broken - 1) + " more files" : "") +
            ": packets are missing at the end, which could not be written: is the disk full?");
    }
}

} // namespace learning
} // namespace ns3
