/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "block-encoder.h"

#include <algorithm>
#include <utility>

namespace ns3
{
namespace learning
{

BlockEncoder::BlockEncoder(Ptr<const BlockCoding> coding,
                           BlockDirection direction,
                           uint32_t sender,
                           uint32_t words)
    : m_coding(coding),
      m_direction(direction),
      m_feedback(coding->GetFeedback(direction)),
      m_sender(sender),
      m_words(words)
{
}

const float*
BlockEncoder::Encode(const BlockId& id,
                     uint32_t begin,
                     const float* values,
                     uint32_t length,
                     bool isRotated)
{
    m_id = id;
    m_cut = m_coding->GetCut(m_direction, length, m_words);
    m_isDecoded = false;
    const float* source = values;
    if (m_feedback != BlockCoding::NONE || (m_coding->Rotates() && !isRotated))
    {
        m_sum.resize(length);
        Sum(id, begin, values, length, isRotated, m_sum.data());
        source = m_sum.data();
    }
    m_sent = source;
    if (m_coding->Compresses(m_direction))
    {
        m_wire.resize(m_cut.wire.blockLength);
        m_coding->Encode(GetReceived(id), m_cut, source, m_wire.data());
        m_sent = m_wire.data();
    }
    if (m_feedback == BlockCoding::NONE)
    {
        return m_sent;
    }
    const float* decoded = GetDecoded();
    if (m_feedback == BlockCoding::ACKNOWLEDGED)
    {
        m_onTheWay[id] = {begin, m_cut.numbers, std::vector<float>(decoded, decoded + length)};
    }
    if (m_sent == source)
    {
        return m_sent; // as it is, nothing is left out
    }
    float* residual = m_residual.data() + begin;
    for (uint32_t i = 0; i < length; ++i)
    {
        residual[i] = source[i] - decoded[i];
    }
    m_coding->Unrotate(id.round, id.block, residual, length);
    return m_sent;
}

const BlockCoding::Cut&
BlockEncoder::GetCut() const
{
    return m_cut;
}

const float*
BlockEncoder::GetDecoded()
{
    if (!m_coding->Compresses(m_direction))
    {
        return m_sent;
    }
    if (!m_isDecoded)
    {
        m_decoded.resize(m_cut.numbers.blockLength);
        m_coding->Decode(GetReceived(m_id),
                         m_cut,
                         m_sent,
                         SegmentMask(m_cut.numbers.GetSegmentCount(), true),
                         m_decoded.data());
        m_isDecoded = true;
    }
    return m_decoded.data();
}

void
BlockEncoder::Take(const BlockId& id,
                   uint32_t begin,
                   const float* values,
                   uint32_t length,
                   float* taken)
{
    Sum(id, begin, values, length, false, taken);
}

void
BlockEncoder::Delivered(const BlockId& id, const SegmentMask& mask)
{
    const auto found = m_onTheWay.find(id);
    if (found == m_onTheWay.end())
    {
        return;
    }
    Sent sent = std::move(found->second);
    m_onTheWay.erase(found);
    if (mask.IsComplete())
    {
        return;
    }
    // what arrived is not to be sent again
    for (uint32_t segment = 0; segment < mask.GetSize(); ++segment)
    {
        if (mask.Test(segment))
        {
            std::fill(sent.decoded.begin() + sent.layout.GetBegin(segment),
                      sent.decoded.begin() + sent.layout.GetBegin(segment + 1),
                      0.0F);
        }
    }
    m_coding->Unrotate(id.round, id.block, sent.decoded.data(), sent.layout.blockLength);
    float* residual = m_residual.data() + sent.begin;
    for (uint32_t i = 0; i < sent.layout.blockLength; ++i)
    {
        residual[i] += sent.decoded[i];
    }
}

const std::vector<float>&
BlockEncoder::GetResidual() const
{
    return m_residual;
}

void
BlockEncoder::Sum(const BlockId& id,
                  uint32_t begin,
                  const float* values,
                  uint32_t length,
                  bool isRotated,
                  float* sum)
{
    if (m_feedback == BlockCoding::NONE)
    {
        std::copy_n(values, length, sum);
        m_coding->Rotate(id.round, id.block, sum, length);
        return;
    }
    if (m_residual.size() < begin + std::size_t{length})
    {
        m_residual.resize(begin + std::size_t{length});
    }
    float* residual = m_residual.data() + begin;
    std::copy_n(residual, length, sum);
    std::fill_n(residual, length, 0.0F);
    if (isRotated)
    {
        m_coding->Rotate(id.round, id.block, sum, length);
    }
    for (uint32_t i = 0; i < length; ++i)
    {
        sum[i] += values[i];
    }
    if (!isRotated)
    {
        m_coding->Rotate(id.round, id.block, sum, length);
    }
}

BlockId
BlockEncoder::GetReceived(const BlockId& id) const
{
    return {id.direction, id.round, id.block, m_sender};
}

} // namespace learning
} // namespace ns3
