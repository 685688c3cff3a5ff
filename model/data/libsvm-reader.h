/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef LIBSVM_READER_H
#define LIBSVM_READER_H

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
 * Reads files in LIBSVM text, plain or compressed by gzip, such as a training set and its test set.
 *
 * One sample a line: its label, then index:value pairs with ascending indices, separated by blanks;
 * "#" starts a comment; empty lines are skipped. Indices start at 1, or at 0 if an index 0 occurs
 * in any of the files. Rows stay sparse; a value of zero is not stored. All files get the same
 * number of features, the largest index that occurs, which may be at most 2^28 - 1 = 268,435,455.
 * Source: C.-C. Chang, C.-J. Lin, LIBSVM, its README file.
 * @param paths the files that belong together
 * @param kind what labels mean
 * @return one set a file
 * @throws DataFileError with file and line if the text is anything else
 */
std::vector<Ptr<Dataset>> ReadLibsvm(const std::vector<std::string>& paths, TargetKind kind);

} // namespace learning
} // namespace ns3

#endif /* LIBSVM_READER_H */
