/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "cifar-reader.h"

#include "data-file.h"

#include <cstdint>
#include <utility>

namespace ns3
{
namespace learning
{

Ptr<Dataset>
ReadCifar10(const std::vector<std::string>& paths)
{
    const SampleShape shape{3, 32, 32};
    const std::size_t recordSize = 1 + shape.GetSize();
    constexpr uint8_t CLASSES = 10;
    std::vector<uint8_t> pixels;
    std::vector<float> labels;
    std::vector<uint8_t> record(recordSize);
    for (const std::string& path : paths)
    {
        DataFile file(path);
        while (true)
        {
            const uint64_t offset = file.GetOffset();
            const std::size_t got = file.Read(record.data(), recordSize);
            if (got == 0 && offset > 0)
            {
                break;
            }
            if (got < recordSize)
            {
                file.Fail(offset,
                          "a CIFAR-10 record of " + std::to_string(recordSize) + " bytes",
                          std::to_string(got) + " bytes");
            }
            if (record[0] >= CLASSES)
            {
                file.Fail(offset, "a label 0 to 9", std::to_string(record[0]));
            }
            labels.push_back(record[0]);
            pixels.insert(pixels.end(), record.begin() + 1, record.end());
        }
    }
    return Create<Dataset>(shape, std::move(pixels), std::move(labels), CLASSES);
}

} // namespace learning
} // namespace ns3
