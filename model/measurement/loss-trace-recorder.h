/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef LOSS_TRACE_RECORDER_H
#define LOSS_TRACE_RECORDER_H

#include "ns3/application-container.h"
#include "ns3/block-transport.h"
#include "ns3/simple-ref-count.h"

#include <cstdint>
#include <map>
#include <string>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-measurement
 *
 * Keeps which segments did not arrive, in a form that a TraceErrorModel reads: so losses with the
 * correlation that a queue, or a measurement, gives them can be fed into another training.
 *
 * For each receiver it keeps its blocks in the order in which they were closed, and of each block
 * a 1 for every segment that was missing then and a 0 for every other one. The receivers follow
 * one another in the trace. Blocks of which the receiver never heard, not even their end, are not
 * there. It only listens to trace sources.
 */
class LossTraceRecorder : public SimpleRefCount<LossTraceRecorder>
{
  public:
    /**
     * Listens to the transports of applications, each once; those of workers and of parameter
     * servers.
     * @param applications the applications
     */
    void Observe(const ApplicationContainer& applications);

    /**
     * Listens to a transport.
     * @param transport the transport
     * @param receiver index of its host, which orders the trace
     */
    void ObserveTransport(Ptr<BlockTransport> transport, uint32_t receiver);

    /**
     * Segments in the trace.
     * @return their number
     */
    uint64_t GetSegmentCount() const;

    /**
     * Those of them that were missing.
     * @return their number
     */
    uint64_t GetMissingCount() const;

    /**
     * Writes the trace: for each receiver a comment, for each block a line.
     * @param file its name
     * @throws std::runtime_error if it cannot be written
     */
    void Write(const std::string& file) const;

  private:
    /**
     * A block is closed.
     * @param receiver index of the host
     * @param id the block
     * @param mask what has arrived of it
     */
    void Closed(uint32_t receiver, const BlockId& id, const SegmentMask& mask);

    std::map<uint32_t, std::string> m_lines; //!< the trace by receiver
    uint64_t m_segments{0};                  //!< in the trace
    uint64_t m_missing{0};                   //!< of these
};

} // namespace learning
} // namespace ns3

#endif /* LOSS_TRACE_RECORDER_H */
