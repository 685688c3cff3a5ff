/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "server-coder.h"

#include <algorithm>

namespace ns3
{
namespace learning
{

ServerCoder::ServerCoder(const TrainingSetup& setup, uint32_t self, Ptr<BlockTransport> transport)
    : m_setup(setup),
      m_transport(transport),
      m_self(self),
      m_words(transport->GetLayout(1).segmentLength),
      m_each(setup.coding->GetFeedback(PULL) == BlockCoding::ACKNOWLEDGED)
{
    if (m_each)
    {
        transport->SetDeliveryCallback(PULL, [this](const BlockId& id, const SegmentMask& mask) {
            const auto encoder = m_encoders.find(id.peer);
            if (encoder != m_encoders.end())
            {
                encoder->second->Delivered(id, mask);
            }
        });
    }
}

ServerCoder::~ServerCoder()
{
    if (m_each)
    {
        m_transport->SetDeliveryCallback(PULL, nullptr);
    }
}

uint32_t
ServerCoder::GetPushLength(uint32_t length) const
{
    return m_setup.coding->GetCut(PUSH, length, m_words).wire.blockLength;
}

SegmentLayout
ServerCoder::GetPushLayout(uint32_t length) const
{
    return m_setup.coding->GetCut(PUSH, length, m_words).numbers;
}

const float*
ServerCoder::Decode(const BlockId& id, const float* wire, const SegmentMask& mask, uint32_t length)
{
    if (!m_setup.coding->Compresses(PUSH))
    {
        return wire;
    }
    std::vector<float>& values = m_decoded[id.peer];
    values.resize(length);
    m_setup.coding->Decode(id,
                           m_setup.coding->GetCut(PUSH, length, m_words),
                           wire,
                           mask,
                           values.data());
    return values.data();
}

void
ServerCoder::Unrotate(uint32_t round, uint32_t block, float* values, uint32_t length) const
{
    m_setup.coding->Unrotate(round, block, values, length);
}

void
ServerCoder::BeginPulls(uint32_t round,
                        uint32_t block,
                        float* values,
                        uint32_t length,
                        const SegmentMask& made,
                        bool isRotated)
{
    m_id = {PULL, round, block, 0};
    m_values = values;
    m_length = length;
    m_isRotated = isRotated;
    m_isEncoded = false;
    const SegmentLayout pushed = GetPushLayout(length);
    const bool repays = m_setup.coding->GetFeedback(PULL) != BlockCoding::NONE;
    for (uint32_t segment = 0; repays && segment < made.GetSize(); ++segment)
    {
        if (!made.Test(segment))
        {
            // a residual may be sent there
            std::fill(values + pushed.GetBegin(segment),
                      values + pushed.GetBegin(segment + 1),
                      0.0F);
        }
    }
    // segments of pulls may be longer or shorter than those of pushes
    const SegmentLayout pulled = m_setup.coding->GetCut(PULL, length, m_words).numbers;
    m_made = SegmentMask(pulled.GetSegmentCount());
    for (uint32_t segment = 0; segment < m_made.GetSize(); ++segment)
    {
        const uint32_t end = (pulled.GetBegin(segment + 1) - 1) / pushed.segmentLength;
        bool isThere = true;
        for (uint32_t k = pulled.GetBegin(segment) / pushed.segmentLength; !repays && k <= end; ++k)
        {
            isThere = isThere && made.Test(k);
        }
        if (isThere)
        {
            m_made.Set(segment);
        }
    }
}

void
ServerCoder::Send(uint32_t worker, bool reliable)
{
    Encode(worker);
    m_id.peer = worker;
    m_transport->Send(m_id,
                      m_wire,
                      m_setup.coding->GetCut(PULL, m_length, m_words).wire.blockLength,
                      m_made.IsComplete() ? nullptr : &m_made,
                      reliable);
}

void
ServerCoder::Give(uint32_t worker, float* pull)
{
    BlockEncoder& encoder = Encode(worker);
    BlockTransport::CopySegments(encoder.GetDecoded(), encoder.GetCut().numbers, m_made, pull);
    encoder.Delivered(m_id, m_made);
}

BlockEncoder&
ServerCoder::Encode(uint32_t worker)
{
    std::unique_ptr<BlockEncoder>& encoder = m_encoders[m_each ? worker : 0];
    if (!encoder)
    {
        encoder = std::make_unique<BlockEncoder>(m_setup.coding, PULL, m_self, m_words);
    }
    if (m_each || !m_isEncoded)
    {
        m_id.peer = worker;
        m_wire = encoder->Encode(m_id,
                                 m_setup.owners->GetBegin(m_id.block),
                                 m_values,
                                 m_length,
                                 m_isRotated);
        m_isEncoded = true;
    }
    return *encoder;
}

} // namespace learning
} // namespace ns3
