/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef TRACE_VARIABLE_H
#define TRACE_VARIABLE_H

#include "ns3/random-variable-stream.h"

#include <string>
#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-application
 *
 * Numbers that were recorded, such as factors of computations' times: those of a file, one after
 * the other and over again, from a place that is drawn once, so that workers do not straggle
 * together.
 *
 * The file holds numbers above 0, separated by blanks or line ends; a # begins a comment.
 */
class TraceVariable : public RandomVariableStream
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    double GetValue() override;
    uint32_t GetInteger() override;

  private:
    /**
     * Reads a file.
     * @param file its name; empty for none
     * @throws std::invalid_argument with one sentence if it cannot be read or has a bad number
     */
    void SetFile(const std::string& file);

    /**
     * The file.
     * @return its name
     */
    std::string GetFile() const;

    std::string m_file;            //!< its name
    std::vector<double> m_numbers; //!< what it holds
    std::size_t m_next{0};         //!< index of the next number
    bool m_isPlaced{false};        //!< whether the first place has been drawn
};

} // namespace learning
} // namespace ns3

#endif /* TRACE_VARIABLE_H */
