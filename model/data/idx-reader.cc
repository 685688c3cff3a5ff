/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "idx-reader.h"

#include "data-file.h"

#include "ns3/network-order.h"

#include <algorithm>
#include <cstdio>
#include <limits>
#include <utility>

namespace ns3
{
namespace learning
{

namespace
{

constexpr uint64_t MAGIC_SIZE = 4;    //!< bytes of the magic number
constexpr uint64_t EXTENT_SIZE = 4;   //!< bytes of an extent
constexpr uint32_t BYTE_TYPE = 0x800; //!< magic number of unsigned bytes, less the dimensions

/**
 * Reads a number of the header.
 * @param file the file
 * @param what what the number is, for the error message
 * @return the number
 */
uint32_t
ReadWord(DataFile& file, const std::string& what)
{
    return ReadNetworkOrder<uint32_t>(file.ReadExactly(4, what).data());
}

/**
 * A number as magic numbers are written.
 * @param number the number
 * @return eight hexadecimal digits
 */
std::string
Hexadecimal(uint32_t number)
{
    char text[11];
    std::snprintf(text, sizeof(text), "0x%08x", static_cast<unsigned>(number));
    return text;
}

} // namespace

IdxArray
ReadIdxArray(const std::string& path, uint8_t dimensions, uint32_t firstExtent)
{
    DataFile file(path);
    const uint32_t magic = ReadWord(file, "IDX magic number");
    if (magic != (BYTE_TYPE | dimensions))
    {
        file.Fail(0, "IDX magic number " + Hexadecimal(BYTE_TYPE | dimensions), Hexadecimal(magic));
    }

    IdxArray array;
    uint64_t total = 1;
    for (uint32_t i = 0; i < dimensions; ++i)
    {
        const uint64_t offset = file.GetOffset();
        const uint32_t extent = ReadWord(file, "IDX extent");
        if (extent == 0)
        {
            file.Fail(offset, "an extent of at least 1", "0");
        }
        if (i == 0 && firstExtent > 0 && extent != firstExtent)
        {
            file.Fail(offset, std::to_string(firstExtent) + " entries", std::to_string(extent));
        }
        if (total > file.GetSizeLimit() / extent)
        {
            file.Fail(offset,
                      "extents whose product a file of this size can hold, at most " +
                          std::to_string(file.GetSizeLimit()),
                      std::to_string(total) + " x " + std::to_string(extent));
        }
        total *= extent;
        array.extents.push_back(extent);
    }
    array.bytes = file.ReadRest(total, "IDX entries");
    return array;
}

Ptr<Dataset>
ReadIdxImages(const std::string& imagesPath, const std::string& labelsPath, uint32_t classCount)
{
    const IdxArray labels = ReadIdxArray(labelsPath, 1);
    const auto wrong = std::find_if(labels.bytes.begin(), labels.bytes.end(), [=](uint8_t label) {
        return label >= classCount;
    });
    if (wrong != labels.bytes.end())
    {
        DataFile(labelsPath)
            .Fail(MAGIC_SIZE + EXTENT_SIZE + (wrong - labels.bytes.begin()),
                  "a label below " + std::to_string(classCount),
                  std::to_string(*wrong));
    }
    IdxArray images = ReadIdxArray(imagesPath, 3, labels.extents[0]);
    const SampleShape shape{1, images.extents[1], images.extents[2]};
    return Create<Dataset>(shape,
                           std::move(images.bytes),
                           std::vector<float>(labels.bytes.begin(), labels.bytes.end()),
                           classCount);
}

} // namespace learning
} // namespace ns3
