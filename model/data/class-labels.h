/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef CLASS_LABELS_H
#define CLASS_LABELS_H

#include "data-file.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-data
 *
 * What the label of a text file means.
 */
enum class TargetKind
{
    CLASS,     //!< a class: -1 and +1, 0 to C - 1, or 1 to C
    REGRESSION //!< the value to regress on
};

/**
 * @ingroup distributed-learning-data
 *
 * Turns the labels of text files into targets. Which labels a class has is known only once all
 * files that belong together have been read: -1 and +1 become the classes 0 and 1; labels that
 * start at 1 become classes that start at 0; labels that start at 0 stay.
 */
class ClassLabels
{
  public:
    /// Largest label, a bound on the size of the models that a faulty file can ask for.
    static constexpr uint32_t MAX_LABEL = 65535;

    /**
     * Starts without labels.
     * @param kind what labels mean
     */
    explicit ClassLabels(TargetKind kind);

    /**
     * Reads a label at the present line of a file.
     * @param file the file
     * @param text the label
     * @return the label as a number
     * @throws DataFileError if it is not a number, or not one that a class can have beside the
     * labels read before
     */
    float Parse(const TextFile& file, std::string_view text);

    /**
     * Turns labels into targets, once all labels have been read.
     * @param labels what Parse() returned, replaced
     * @param path file of the labels, for the error message
     * @return number of classes, 0 for regression
     * @throws DataFileError if there are fewer than two classes
     */
    uint32_t Encode(std::vector<float>& labels, const std::string& path) const;

  private:
    TargetKind m_kind;      //!< what labels mean
    std::string m_negative; //!< where -1 was first seen, or empty
    std::string m_other;    //!< where a label other than -1 and +1 was first seen, or empty
    bool m_zero{false};     //!< whether 0 was seen
    uint32_t m_largest{0};  //!< largest label
};

} // namespace learning
} // namespace ns3

#endif /* CLASS_LABELS_H */
