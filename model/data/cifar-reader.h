/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef CIFAR_READER_H
#define CIFAR_READER_H

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
 * Reads files of CIFAR-10 in its binary version into one set.
 *
 * A record is one byte for the label, 0 to 9, and 3,072 bytes for the image: red, green and blue
 * plane of 32 rows of 32. Source: A. Krizhevsky, "Learning multiple layers of features from tiny
 * images", 2009, and the page of the data set.
 * @param paths the files, each of one or more records
 * @return the samples in the order of the files, 3 x 32 x 32, bytes 0..255 as numbers 0..1
 * @throws DataFileError if a file is not a whole number of such records
 */
Ptr<Dataset> ReadCifar10(const std::vector<std::string>& paths);

} // namespace learning
} // namespace ns3

#endif /* CIFAR_READER_H */
