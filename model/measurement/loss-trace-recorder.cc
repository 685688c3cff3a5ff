/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "loss-trace-recorder.h"

#include "ns3/parameter-server.h"
#include "ns3/worker.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <set>
#include <stdexcept>

namespace ns3
{
namespace learning
{

void
LossTraceRecorder::Observe(const ApplicationContainer& applications)
{
    std::set<Ptr<BlockTransport>> seen;
    for (auto each = applications.Begin(); each != applications.End(); ++each)
    {
        const Ptr<Worker> worker = DynamicCast<Worker>(*each);
        const Ptr<ParameterServer> server = DynamicCast<ParameterServer>(*each);
        if (!worker && !server)
        {
            throw std::invalid_argument("only workers and parameter servers receive blocks");
        }
        const Ptr<BlockTransport> transport =
            worker ? worker->GetTransport() : server->GetTransport();
        if (seen.insert(transport).second)
        {
            ObserveTransport(transport, (*each)->GetNode()->GetId());
        }
    }
}

void
LossTraceRecorder::ObserveTransport(Ptr<BlockTransport> transport, uint32_t receiver)
{
    transport->TraceConnectWithoutContext(
        "Mask",
        MakeCallback(&LossTraceRecorder::Closed, Ptr<LossTraceRecorder>(this)).Bind(receiver));
}

uint64_t
LossTraceRecorder::GetSegmentCount() const
{
    return m_segments;
}

uint64_t
LossTraceRecorder::GetMissingCount() const
{
    return m_missing;
}

void
LossTraceRecorder::Write(const std::string& file) const
{
    std::ofstream stream(file);
    stream << "# 1: a segment that did not arrive, 0: one that did; a line for each block\n";
    for (const auto& [receiver, lines] : m_lines)
    {
        stream << "# into node " << receiver << "\n" << lines;
    }
    stream.close();
    if (!stream)
    {
        throw std::runtime_error(file +
                                 ": a trace cannot be written to it: " + std::strerror(errno));
    }
}

void
LossTraceRecorder::Closed(uint32_t receiver, const BlockId& /* id */, const SegmentMask& mask)
{
    std::string& lines = m_lines[receiver];
    for (uint32_t segment = 0; segment < mask.GetSize(); ++segment)
    {
        lines += mask.Test(segment) ? '0' : '1';
    }
    lines += '\n';
    m_segments += mask.GetSize();
    m_missing += mask.GetSize() - mask.GetCount();
}

} // namespace learning
} // namespace ns3
