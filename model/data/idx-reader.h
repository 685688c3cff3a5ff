/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef IDX_READER_H
#define IDX_READER_H

#include "dataset.h"

#include "ns3/ptr.h"

#include <cstdint>
#include <string>
#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-data
 *
 * An array of bytes as an IDX file holds it: the format of MNIST and Fashion-MNIST.
 *
 * The file starts with two zero bytes, the type of the entries (8: unsigned bytes) and the number
 * of dimensions, then has one extent a dimension, 4 bytes each, most significant first, then the
 * entries, the last dimension changing fastest. It may be compressed by gzip.
 */
struct IdxArray
{
    std::vector<uint32_t> extents; //!< one a dimension, each at least 1
    std::vector<uint8_t> bytes;    //!< as many as the product of the extents
};

/**
 * @ingroup distributed-learning-data
 *
 * Reads an IDX file of unsigned bytes.
 * @param path path of the file
 * @param dimensions number of dimensions that it must have, 1 to 255
 * @param firstExtent extent that the first dimension must have, 0 if any will do
 * @return the array
 * @throws DataFileError if the file is not such an array, no more and no less
 */
IdxArray ReadIdxArray(const std::string& path, uint8_t dimensions, uint32_t firstExtent = 0);

/**
 * @ingroup distributed-learning-data
 *
 * Reads images and their labels from two IDX files.
 * @param imagesPath file of samples x height x width bytes (magic number 0x803)
 * @param labelsPath file of as many bytes (magic number 0x801)
 * @param classCount number of classes; labels are 0 to classCount - 1
 * @return the samples, bytes 0..255 as numbers 0..1
 * @throws DataFileError if a file is not what it should be or the two do not fit together
 */
Ptr<Dataset> ReadIdxImages(const std::string& imagesPath,
                           const std::string& labelsPath,
                           uint32_t classCount);

} // namespace learning
} // namespace ns3

#endif /* IDX_READER_H */
