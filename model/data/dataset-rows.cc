/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// What Dataset does with samples of different lengths: sparse rows and sequences.

#include "dataset-refusal.h"
#include "dataset.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace ns3
{
namespace learning
{

namespace
{

/**
 * Checks where rows start.
 * @param start one more than there are rows
 * @param stored number of stored values or tokens
 * @param what what they are
 */
void
CheckStarts(const std::vector<uint64_t>& start, uint64_t stored, const char* what)
{
    if (start.empty() || start.front() != 0 || start.back() != stored ||
        !std::is_sorted(start.begin(), start.end()))
    {
        RefuseData("row starts must ascend from 0 to the ", stored, " ", what);
    }
}

} // namespace

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
        RefuseData(start.size(),
                   " row starts for ",
                   m_targets.size(),
                   " targets, expected one more");
    }
    if (m_rows.columns.size() != m_rows.values.size())
    {
        RefuseData(m_rows.columns.size(), " columns for ", m_rows.values.size(), " stored values");
    }
    CheckStarts(start, m_rows.columns.size(), "stored values");
    for (std::size_t row = 0; row + 1 < start.size(); ++row)
    {
        for (uint64_t i = start[row]; i < start[row + 1]; ++i)
        {
            const uint32_t column = m_rows.columns[i];
            if (column >= featureCount || (i > start[row] && column <= m_rows.columns[i - 1]))
            {
                RefuseData("column ",
                           column,
                           " in row ",
                           row,
                           ": columns must ascend and be below ",
                           featureCount);
            }
        }
    }
    const auto bad = std::find_if(m_rows.values.begin(), m_rows.values.end(), [](float value) {
        return !std::isfinite(value);
    });
    if (bad != m_rows.values.end())
    {
        RefuseData("feature value ",
                   bad - m_rows.values.begin(),
                   " is ",
                   *bad,
                   ", expected a finite number");
    }
}

Dataset::Dataset(uint32_t vocabulary, Sequences sequences, uint32_t classCount)
    : m_shape{1, 1, vocabulary, true},
      m_classCount(classCount),
      m_rows{std::move(sequences.start), std::move(sequences.tokens), {}},
      m_targets(std::move(sequences.targets))
{
    if (classCount == 0)
    {
        RefuseData("the tokens of sequences must have classes, at least 1");
    }
    CheckTargets();
    if (m_targets.size() != m_rows.columns.size())
    {
        RefuseData(m_targets.size(), " targets for ", m_rows.columns.size(), " tokens");
    }
    const auto& start = m_rows.rowStart;
    CheckStarts(start, m_rows.columns.size(), "tokens");
    const auto empty = std::adjacent_find(start.begin(), start.end());
    if (empty != start.end())
    {
        RefuseData("sequence ", empty - start.begin(), " is empty, at least one token is needed");
    }
    const auto bad = std::find_if(m_rows.columns.begin(),
                                  m_rows.columns.end(),
                                  [vocabulary](uint32_t token) { return token >= vocabulary; });
    if (bad != m_rows.columns.end())
    {
        RefuseData("token ", *bad, " is not one of the vocabulary, 0 to ", vocabulary - 1);
    }
}

float
Dataset::GetTarget(uint32_t sample) const
{
    if (!m_shape.sequential)
    {
        return m_targets.at(sample);
    }
    std::vector<uint32_t> counts(m_classCount);
    for (uint64_t i = m_rows.rowStart.at(sample); i < m_rows.rowStart.at(sample + 1); ++i)
    {
        ++counts[static_cast<uint32_t>(m_targets[i])];
    }
    counts[0] = 0;
    // the first of the largest: class 0 if all are 0
    return static_cast<float>(std::max_element(counts.begin(), counts.end()) - counts.begin());
}

template <typename Scalar>
void
Dataset::GatherRows(const uint32_t* samples,
                    uint32_t count,
                    BatchBuffer<Scalar>& buffer,
                    Batch<Scalar>& batch) const
{
    buffer.rowStart.assign(1, 0);
    uint64_t end = 0;
    for (uint32_t i = 0; i < count; ++i)
    {
        end += m_rows.rowStart[samples[i] + 1] - m_rows.rowStart[samples[i]];
        if (end > std::numeric_limits<uint32_t>::max())
        {
            RefuseData("a batch of more than 4294967295 stored values or tokens");
        }
        buffer.rowStart.push_back(static_cast<uint32_t>(end));
    }
    const bool sequential = m_shape.sequential;
    buffer.columns.resize(end);
    buffer.values.resize(sequential ? 0 : end);
    buffer.targets.resize(sequential ? end : count);
    for (uint32_t i = 0; i < count; ++i)
    {
        const uint64_t from = m_rows.rowStart[samples[i]];
        const uint32_t to = buffer.rowStart[i];
        const uint32_t size = buffer.rowStart[i + 1] - to;
        std::copy_n(m_rows.columns.data() + from, size, buffer.columns.data() + to);
        if (sequential)
        {
            std::copy_n(m_targets.data() + from, size, buffer.targets.data() + to);
            continue;
        }
        std::copy_n(m_rows.values.data() + from, size, buffer.values.data() + to);
        buffer.targets[i] = m_targets[samples[i]];
    }
    batch.rowStart = buffer.rowStart.data();
    batch.targets = buffer.targets.data();
    if (sequential)
    {
        batch.tokens = buffer.columns.data();
    }
    else
    {
        batch.columns = buffer.columns.data();
        batch.values = buffer.values.data();
    }
}

template void Dataset::GatherRows(const uint32_t*,
                                  uint32_t,
                                  BatchBuffer<float>&,
                                  Batch<float>&) const;
template void Dataset::GatherRows(const uint32_t*,
                                  uint32_t,
                                  BatchBuffer<double>&,
                                  Batch<double>&) const;

Ptr<Dataset>
Dataset::SelectRows(const std::vector<uint32_t>& samples) const
{
    SparseRows rows;
    std::vector<float> targets;
    rows.rowStart.push_back(0);
    const auto append = [](auto& to, const auto& from, uint64_t begin, uint64_t end) {
        to.insert(to.end(), from.begin() + begin, from.begin() + end);
    };
    for (const uint32_t sample : samples)
    {
        const uint64_t begin = m_rows.rowStart[sample];
        const uint64_t end = m_rows.rowStart[sample + 1];
        append(rows.columns, m_rows.columns, begin, end);
        if (m_shape.sequential)
        {
            append(targets, m_targets, begin, end);
        }
        else
        {
            append(rows.values, m_rows.values, begin, end);
            targets.push_back(m_targets[sample]);
        }
        rows.rowStart.push_back(rows.columns.size());
    }
    if (m_shape.sequential)
    {
        return Create<Dataset>(
            m_shape.width,
            Sequences{std::move(rows.rowStart), std::move(rows.columns), std::move(targets)},
            m_classCount);
    }
    return Create<Dataset>(m_shape.width, std::move(rows), std::move(targets), m_classCount);
}

} // namespace learning
} // namespace ns3
