/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "dataset.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace ns3
{
namespace learning
{

namespace
{

/**
 * Throws std::invalid_argument.
 * @tparam Parts printable types
 * @param parts what the sentence is made of
 */
template <typename... Parts>
[[noreturn]] void
Refuse(const Parts&... parts)
{
    std::ostringstream text;
    text << "data set: ";
    (text << ... << parts);
    throw std::invalid_argument(text.str());
}

/**
 * Refuses numbers with which no gradient can be computed.
 * @param values the numbers
 */
void
CheckFinite(const std::vector<float>& values)
{
    const auto bad =
        std::find_if(values.begin(), values.end(), [](float v) { return !std::isfinite(v); });
    if (bad != values.end())
    {
        Refuse("feature value ", bad - values.begin(), " is ", *bad, ", expected a finite number");
    }
}

} // namespace

Dataset::Dataset(const SampleShape& shape,
                 std::vector<uint8_t> features,
                 std::vector<float> targets,
                 uint32_t classCount,
                 float scale,
                 float offset)
    : m_shape(shape),
      m_classCount(classCount),
      m_bytes(std::move(features)),
      m_targets(std::move(targets)),
      m_scale(scale),
      m_offset(offset)
{
    CheckTargets();
    CheckFeatureCount(m_bytes.size());
    if (!std::isfinite(scale) || !std::isfinite(offset))
    {
        Refuse("scale ", scale, " and offset ", offset, " of bytes must be finite");
    }
}

Dataset::Dataset(const SampleShape& shape,
                 std::vector<float> features,
                 std::vector<float> targets,
                 uint32_t classCount)
    : m_shape(shape),
      m_classCount(classCount),
      m_numbers(std::move(features)),
      m_targets(std::move(targets))
{
    CheckTargets();
    CheckFeatureCount(m_numbers.size());
    CheckFinite(m_numbers);
}

Dataset::Dataset(uint32_t featureCount,
                 SparseRows rows,
                 std::vector<float> targets,
                 uint32_t classCount)
    : m_shape{1, 1, featureCount},
      m_classCount(classCount),
      m_rows(std::move(rows)),
      m_targets(std::move(targets))
{
    CheckTargets();
    const auto& start = m_rows.rowStart;
    if (start.size() != m_targets.size() + 1)
    {
        Refuse(start.size(), " row starts for ", m_targets.size(), " targets, expected one more");
    }
    if (m_rows.columns.size() != m_rows.values.size())
    {
        Refuse(m_rows.columns.size(), " columns for ", m_rows.values.size(), " stored values");
    }
    if (start.front() != 0 || start.back() != m_rows.columns.size() ||
        !std::is_sorted(start.begin(), start.end()))
    {
        Refuse("row starts must ascend from 0 to the ", m_rows.columns.size(), " stored values");
    }
    for (std::size_t row = 0; row + 1 < start.size(); ++row)
    {
        for (uint64_t i = start[row]; i < start[row + 1]; ++i)
        {
            const uint32_t column = m_rows.columns[i];
            if (column >= featureCount || (i > start[row] && column <= m_rows.columns[i - 1]))
            {
                Refuse("column ",
                       column,
                       " in row ",
                       row,
                       ": columns must ascend and be below ",
                       featureCount);
            }
        }
    }
    CheckFinite(m_rows.values);
}

uint32_t
Dataset::GetSampleCount() const
{
    return static_cast<uint32_t>(m_targets.size());
}

const SampleShape&
Dataset::GetShape() const
{
    return m_shape;
}

uint32_t
Dataset::GetClassCount() const
{
    return m_classCount;
}

bool
Dataset::IsSparse() const
{
    return !m_rows.rowStart.empty();
}

double
Dataset::GetMeanNonZeros() const
{
    if (!IsSparse())
    {
        return m_shape.GetSize();
    }
    return static_cast<double>(m_rows.values.size()) / GetSampleCount();
}

float
Dataset::GetTarget(uint32_t sample) const
{
    return m_targets.at(sample);
}

template <typename Scalar>
Batch<Scalar>
Dataset::Gather(const uint32_t* samples, uint32_t count, BatchBuffer<Scalar>& buffer) const
{
    uint64_t nonZeros = 0;
    buffer.targets.resize(count);
    for (uint32_t i = 0; i < count; ++i)
    {
        if (samples[i] >= GetSampleCount())
        {
            Refuse("sample ", samples[i], " asked for, there are ", GetSampleCount());
        }
        buffer.targets[i] = m_targets[samples[i]];
        if (IsSparse())
        {
            nonZeros += m_rows.rowStart[samples[i] + 1] - m_rows.rowStart[samples[i]];
        }
    }

    Batch<Scalar> batch;
    batch.size = count;
    batch.featureCount = m_shape.GetSize();
    batch.targets = buffer.targets.data();
    if (IsSparse())
    {
        if (nonZeros > std::numeric_limits<uint32_t>::max())
        {
            Refuse("a batch of ", nonZeros, " stored values, at most 4294967295 are possible");
        }
        buffer.rowStart.resize(count + std::size_t{1});
        buffer.columns.resize(nonZeros);
        buffer.values.resize(nonZeros);
        uint32_t end = 0;
        for (uint32_t i = 0; i < count; ++i)
        {
            buffer.rowStart[i] = end;
            const uint64_t from = m_rows.rowStart[samples[i]];
            const uint64_t to = m_rows.rowStart[samples[i] + 1];
            std::copy(m_rows.columns.data() + from,
                      m_rows.columns.data() + to,
                      buffer.columns.data() + end);
            std::copy(m_rows.values.data() + from,
                      m_rows.values.data() + to,
                      buffer.values.data() + end);
            end += static_cast<uint32_t>(to - from);
        }
        buffer.rowStart[count] = end;
        batch.rowStart = buffer.rowStart.data();
        batch.columns = buffer.columns.data();
        batch.values = buffer.values.data();
        return batch;
    }

    const std::size_t width = batch.featureCount;
    buffer.features.resize(count * width);
    Scalar* row = buffer.features.data();
    const float scale = m_scale; // locals, so that the loop vectorizes
    const float offset = m_offset;
    // Samples lie all over a set far larger than the caches: start to load a row some rows before
    // it is needed. In the loop's own body, since g++ drops calls of functions that only prefetch.
    constexpr uint32_t AHEAD = 8;
    constexpr std::size_t CACHE_LINE = 64;
    const bool isBytes = !m_bytes.empty();
    const char* const base = isBytes ? reinterpret_cast<const char*>(m_bytes.data())
                                     : reinterpret_cast<const char*>(m_numbers.data());
    const std::size_t rowSize = width * (isBytes ? sizeof(uint8_t) : sizeof(float));
    for (uint64_t ahead = 0; ahead < uint64_t{count} + AHEAD; ++ahead)
    {
        if (ahead < count)
        {
            const char* const next = base + samples[ahead] * rowSize;
            for (std::size_t j = 0; j < rowSize; j += CACHE_LINE)
            {
                __builtin_prefetch(next + j);
            }
            __builtin_prefetch(next + rowSize - 1);
        }
        if (ahead < AHEAD)
        {
            continue;
        }
        const std::size_t begin = samples[ahead - AHEAD] * width;
        if (isBytes)
        {
            const uint8_t* const bytes = m_bytes.data() + begin;
            for (std::size_t j = 0; j < width; ++j)
            {
                row[j] = static_cast<float>(bytes[j]) * scale + offset;
            }
        }
        else
        {
            std::copy_n(m_numbers.data() + begin, width, row);
        }
        row += width;
    }
    batch.features = buffer.features.data();
    return batch;
}

template Batch<float> Dataset::Gather(const uint32_t*, uint32_t, BatchBuffer<float>&) const;
template Batch<double> Dataset::Gather(const uint32_t*, uint32_t, BatchBuffer<double>&) const;

Ptr<Dataset>
Dataset::Head(uint32_t count) const
{
    if (count == 0 || count > GetSampleCount())
    {
        Refuse("first ", count, " samples asked for, 1 to ", GetSampleCount(), " are possible");
    }
    std::vector<uint32_t> samples(count);
    std::iota(samples.begin(), samples.end(), 0);
    return Select(samples);
}

Ptr<Dataset>
Dataset::Select(const std::vector<uint32_t>& samples) const
{
    const std::size_t width = m_shape.GetSize();
    std::vector<float> targets;
    std::vector<uint8_t> bytes;
    std::vector<float> numbers;
    SparseRows rows;
    targets.reserve(samples.size());
    bytes.reserve(m_bytes.empty() ? 0 : samples.size() * width);
    numbers.reserve(m_numbers.empty() ? 0 : samples.size() * width);
    rows.rowStart.push_back(0);
    const auto append = [](auto& to, const auto& from, uint64_t begin, uint64_t end) {
        to.insert(to.end(), from.begin() + begin, from.begin() + end);
    };
    for (const uint32_t sample : samples)
    {
        if (sample >= GetSampleCount())
        {
            Refuse("sample ", sample, " asked for, there are ", GetSampleCount());
        }
        targets.push_back(m_targets[sample]);
        if (IsSparse())
        {
            append(rows.columns,
                   m_rows.columns,
                   m_rows.rowStart[sample],
                   m_rows.rowStart[sample + 1]);
            append(rows.values,
                   m_rows.values,
                   m_rows.rowStart[sample],
                   m_rows.rowStart[sample + 1]);
            rows.rowStart.push_back(rows.columns.size());
        }
        else if (!m_bytes.empty())
        {
            append(bytes, m_bytes, sample * width, (sample + 1) * width);
        }
        else
        {
            append(numbers, m_numbers, sample * width, (sample + 1) * width);
        }
    }
    if (IsSparse())
    {
        return Create<Dataset>(m_shape.width, std::move(rows), std::move(targets), m_classCount);
    }
    if (!m_bytes.empty())
    {
        return Create<Dataset>(m_shape,
                               std::move(bytes),
                               std::move(targets),
                               m_classCount,
                               m_scale,
                               m_offset);
    }
    return Create<Dataset>(m_shape, std::move(numbers), std::move(targets), m_classCount);
}

void
Dataset::CheckTargets() const
{
    const uint64_t plane = uint64_t{m_shape.channels} * m_shape.height;
    const uint64_t limit = std::numeric_limits<uint32_t>::max();
    if (plane == 0 || m_shape.width == 0 || plane > limit || plane * m_shape.width > limit)
    {
        Refuse("shape ",
               m_shape.channels,
               " x ",
               m_shape.height,
               " x ",
               m_shape.width,
               " has no feature or more than 4294967295");
    }
    if (m_targets.empty() || m_targets.size() > limit)
    {
        Refuse(m_targets.size(), " samples, expected 1 to 4294967295");
    }
    for (std::size_t i = 0; i < m_targets.size(); ++i)
    {
        const float target = m_targets[i];
        if (!std::isfinite(target))
        {
            Refuse("target ", target, " of sample ", i, " is not a finite number");
        }
        if (m_classCount > 0 && (target < 0 || target >= static_cast<float>(m_classCount) ||
                                 target != std::floor(target)))
        {
            Refuse("target ", target, " of sample ", i, " is not a class 0 to ", m_classCount - 1);
        }
    }
}

void
Dataset::CheckFeatureCount(uint64_t values) const
{
    const uint64_t expected = m_targets.size() * uint64_t{m_shape.GetSize()};
    if (values != expected)
    {
        Refuse(values,
               " feature values for ",
               m_targets.size(),
               " targets of ",
               m_shape.GetSize(),
               " features each, expected ",
               expected);
    }
}

} // namespace learning
} // namespace ns3
