/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef TRACE_ERROR_MODEL_H
#define TRACE_ERROR_MODEL_H

#include "segment-error-model.h"

#include "ns3/random-variable-stream.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-impairment
 *
 * Drops the segments that a recorded trace says, again from its start when it is at its end.
 *
 * The file is a text: 1 for a segment that is dropped and 0 for one that is not, with or without
 * white space between them; from # to the end of the line is a comment. It is read when File is
 * set. The first segment takes the entry at Offset, which is drawn anew for each model unless it is
 * given: else all links would lose in step.
 */
class TraceErrorModel : public SegmentErrorModel
{
  public:
    TraceErrorModel();

    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    int64_t AssignStreams(int64_t stream) override;

  private:
    bool DropsNextSegment(TrafficClass traffic, const SegmentTag::Message& message) override;
    void DoReset() override;

    /**
     * Reads a trace.
     * @param file its name; empty to forget the trace
     * @throws std::invalid_argument with one sentence if it cannot be read or is no trace
     */
    void SetFile(std::string file);

    /**
     * The file.
     * @return its name
     */
    std::string GetFile() const;

    std::string m_file;                   //!< name of the file
    std::vector<bool> m_drops;            //!< the entries
    int64_t m_offset;                     //!< index of the first entry taken, -1 to draw it
    bool m_started{false};                //!< whether the position stands
    std::size_t m_position{0};            //!< index of the next entry
    Ptr<UniformRandomVariable> m_uniform; //!< the offset
};

} // namespace learning
} // namespace ns3

#endif /* TRACE_ERROR_MODEL_H */
