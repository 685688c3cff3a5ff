/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef CSV_TABLE_READER_H
#define CSV_TABLE_READER_H

#include "class-labels.h"
#include "dataset.h"

#include "ns3/ptr.h"

#include <string>
#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-data
 *
 * How tables of comma-separated numbers are laid out.
 */
struct CsvLayout
{
    TargetKind kind{TargetKind::CLASS}; //!< what labels mean
    bool labelFirst{false};             //!< label in the first column instead of the last
};

/**
 * @ingroup distributed-learning-data
 *
 * Reads tables of comma-separated numbers, plain or compressed by gzip, such as a training set and
 * its test set.
 *
 * One sample a line, at least one feature and the label, as many columns in every line of all
 * files; blanks around numbers and empty lines are skipped. A first line without any number is a
 * header and skipped too. There are no quotes, no missing values and no words, such as nan.
 * @param paths the files that belong together
 * @param layout how they are laid out
 * @return one set a file
 * @throws DataFileError with file and line if the text is anything else
 */
std::vector<Ptr<Dataset>> ReadCsv(const std::vector<std::string>& paths, const CsvLayout& layout);

} // namespace learning
} // namespace ns3

#endif /* CSV_TABLE_READER_H */
