/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "dataset.h"

#include "dataset-refusal.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

namespace ns3
{
namespace learning
{

namespace
{

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
        RefuseData("feature value ",
                   bad - values.begin(),
                   " is ",
                   *bad,
                   ", expected a finite number");
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
        RefuseData("scale ", scale, " and offset ", offset, " of bytes must be finite");
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

uint32_t
Dataset::GetSampleCount() const
{
    return static_cast<uint32_t>(m_shape.sequential ? m_rows.rowStart.size() - 1
                                                    : m_targets.size());
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
    return !m_rows.rowStart.empty() && !m_shape.sequential;
}

double
Dataset::GetMeanNonZeros() const
{
    if (m_rows.rowStart.empty())
    {
        return m_shape.GetSize();
    }
    return static_cast<double>(m_rows.columns.size()) / GetSampleCount();
}

uint64_t
Dataset::GetTargetCount() const
{
    return m_targets.size();
}

template <typename Scalar>
Batch<Scalar>
Dataset::Gather(const uint32_t* samples, uint32_t count, BatchBuffer<Scalar>& buffer) const
{
    for (uint32_t i = 0; i < count; ++i)
    {
        if (samples[i] >= GetSampleCount())
        {
            RefuseData("sample ", samples[i], " asked for, there are ", GetSampleCount());
        }
    }
    Batch<Scalar> batch;
    batch.size = count;
    batch.featureCount = m_shape.GetSize();
    if (!m_rows.rowStart.empty())
    {
        GatherRows(samples, count, buffer, batch);
        return batch;
    }

    buffer.targets.resize(count);
    for (uint32_t i = 0; i < count; ++i)
    {
        buffer.targets[i] = m_targets[samples[i]];
    }
    batch.targets = buffer.targets.data();
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
        RefuseData("first ", count, " samples asked for, 1 to ", GetSampleCount(), " are possible");
    }
    std::vector<uint32_t> samples(count);
    std::iota(samples.begin(), samples.end(), 0);
    return Select(samples);
}

Ptr<Dataset>
Dataset::Select(const std::vector<uint32_t>& samples) const
{
    for (const uint32_t sample : samples)
    {
        if (sample >= GetSampleCount())
        {
            RefuseData("sample ", sample, " asked for, there are ", GetSampleCount());
        }
    }
    if (!m_rows.rowStart.empty())
    {
        return SelectRows(samples);
    }
    const std::size_t width = m_shape.GetSize();
    std::vector<float> targets;
    std::vector<uint8_t> bytes;
    std::vector<float> numbers;
    targets.reserve(samples.size());
    bytes.reserve(m_bytes.empty() ? 0 : samples.size() * width);
    numbers.reserve(m_numbers.empty() ? 0 : samples.size() * width);
    const auto append = [width](auto& to, const auto& from, uint64_t sample) {
        to.insert(to.end(), from.begin() + sample * width, from.begin() + (sample + 1) * width);
    };
    for (const uint32_t sample : samples)
    {
        targets.push_back(m_targets[sample]);
        if (!m_bytes.empty())
        {
            append(bytes, m_bytes, sample);
        }
        else
        {
            append(numbers, m_numbers, sample);
        }
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
    if (m_shape.sequential && m_rows.rowStart.empty())
    {
        RefuseData("sequences must have tokens and row starts in place of features");
    }
    const uint64_t plane = uint64_t{m_shape.channels} * m_shape.height;
    const uint64_t limit = std::numeric_limits<uint32_t>::max();
    if (plane == 0 || m_shape.width == 0 || plane > limit || plane * m_shape.width > limit)
    {
        RefuseData("shape ",
                   m_shape.channels,
                   " x ",
                   m_shape.height,
                   " x ",
                   m_shape.width,
                   " has no feature or more than 4294967295");
    }
    if (m_targets.empty() || m_targets.size() > limit)
    {
        RefuseData(m_targets.size(),
                   m_shape.sequential ? " tokens" : " samples",
                   ", expected 1 to 4294967295");
    }
    const char* const what = m_shape.sequential ? " of token " : " of sample ";
    for (std::size_t i = 0; i < m_targets.size(); ++i)
    {
        const float target = m_targets[i];
        if (!std::isfinite(target))
        {
            RefuseData("target ", target, what, i, " is not a finite number");
        }
        if (m_classCount > 0 && (target < 0 || target >= static_cast<float>(m_classCount) ||
                                 target != std::floor(target)))
        {
            RefuseData("target ", target, what, i, " is not a class 0 to ", m_classCount - 1);
        }
    }
}

void
Dataset::CheckFeatureCount(uint64_t values) const
{
    const uint64_t expected = m_targets.size() * uint64_t{m_shape.GetSize()};
    if (values != expected)
    {
        RefuseData(values,
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
