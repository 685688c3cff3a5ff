/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "class-labels.h"

#include <algorithm>
#include <cmath>

namespace ns3
{
namespace learning
{

ClassLabels::ClassLabels(TargetKind kind)
    : m_kind(kind)
{
}

float
ClassLabels::Parse(const TextFile& file, std::string_view text)
{
    float label = 0;
    const bool isNumber = TextFile::ParseNumber(text, label);
    if (m_kind == TargetKind::REGRESSION)
    {
        if (!isNumber)
        {
            file.Fail("a finite number to regress on", TextFile::Quote(text));
        }
        return label;
    }
    if (!isNumber || label != std::floor(label) || label < -1 || label > MAX_LABEL)
    {
        file.Fail("a class label, an integer from -1 to " + std::to_string(MAX_LABEL),
                  TextFile::Quote(text));
    }
    const auto noteFirst = [&file](std::string& place) {
        if (place.empty())
        {
            place = file.GetPath() + " line " + std::to_string(file.GetLineNumber());
        }
    };
    if (label == -1)
    {
        if (!m_other.empty())
        {
            file.Fail("a label of at least 0 since " + m_other + " is neither -1 nor +1", "-1");
        }
        noteFirst(m_negative);
        return label;
    }
    if (label != 1)
    {
        if (!m_negative.empty())
        {
            file.Fail("label -1 or +1 since " + m_negative + " has -1", TextFile::Quote(text));
        }
        noteFirst(m_other);
        m_zero = m_zero || label == 0;
    }
    m_largest = std::max(m_largest, static_cast<uint32_t>(label));
    return label;
}

uint32_t
ClassLabels::Encode(std::vector<float>& labels, const std::string& path) const
{
    if (m_kind == TargetKind::REGRESSION)
    {
        return 0;
    }
    uint32_t classCount = m_zero ? m_largest + 1 : m_largest;
    if (!m_negative.empty())
    {
        classCount = 1 + m_largest;
        std::for_each(labels.begin(), labels.end(), [](float& label) { label = (label + 1) / 2; });
    }
    else if (!m_zero)
    {
        std::for_each(labels.begin(), labels.end(), [](float& label) { label -= 1; });
    }
    if (classCount < 2)
    {
        throw DataFileError(path + ": expected labels of at least two classes, found one label");
    }
    return classCount;
}

} // namespace learning
} // namespace ns3
