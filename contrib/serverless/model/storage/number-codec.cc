/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "number-codec.h"

#include <cstring>

namespace ns3
{
namespace serverless
{

namespace
{

/**
 * Writes a word, most significant byte first.
 * @tparam Word unsigned type
 * @tparam Real floating type of the same size
 * @param value the number
 * @param bytes where to
 */
template <typename Word, typename Real>
void
Write(Real value, uint8_t* bytes)
{
    Word word;
    std::memcpy(&word, &value, sizeof(word));
    for (std::size_t i = 0; i < sizeof(Word); ++i)
    {
        bytes[i] = static_cast<uint8_t>(word >> (8 * (sizeof(Word) - 1 - i)));
    }
}

/**
 * Reads a word, most significant byte first.
 * @tparam Word unsigned type
 * @tparam Real floating type of the same size
 * @param bytes where from
 * @return the number
 */
template <typename Word, typename Real>
Real
Read(const uint8_t* bytes)
{
    Word word = 0;
    for (std::size_t i = 0; i < sizeof(Word); ++i)
    {
        word = static_cast<Word>(word << 8 | bytes[i]);
    }
    Real value;
    std::memcpy(&value, &word, sizeof(word));
    return value;
}

} // namespace

Payload
EncodeNumbers(const std::vector<double>& numbers,
              std::size_t first,
              std::size_t count,
              uint32_t numberBytes,
              uint64_t declared)
{
    std::vector<uint8_t> bytes(count * numberBytes);
    for (std::size_t i = 0; i < count; ++i)
    {
        uint8_t* at = bytes.data() + i * numberBytes;
        if (numberBytes == 4)
        {
            Write<uint32_t>(static_cast<float>(numbers[first + i]), at);
        }
        else
        {
            Write<uint64_t>(numbers[first + i], at);
        }
    }
    return Payload::Of(std::move(bytes), declared);
}

std::vector<double>
DecodeNumbers(const Payload& body, uint32_t numberBytes)
{
    std::vector<double> numbers(body.GetDataSize() / numberBytes);
    for (std::size_t i = 0; i < numbers.size(); ++i)
    {
        const uint8_t* at = body.data->data() + i * numberBytes;
        numbers[i] = numberBytes == 4 ? static_cast<double>(Read<uint32_t, float>(at))
                                      : Read<uint64_t, double>(at);
    }
    return numbers;
}

void
RoundNumbers(std::vector<double>& numbers, uint32_t numberBytes)
{
    if (numberBytes == 4)
    {
        for (double& number : numbers)
        {
            number = static_cast<double>(static_cast<float>(number));
        }
    }
}

} // namespace serverless
} // namespace ns3
