/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "worker-coder.h"

#include <algorithm>

namespace ns3
{
namespace learning
{

WorkerCoder::WorkerCoder(const TrainingSetup& setup, uint32_t self, Ptr<BlockTransport> transport)
    : m_setup(setup),
      m_transport(transport),
      m_words(transport->GetLayout(1).segmentLength),
      m_encoder(setup.coding, PUSH, self, m_words)
{
    std::size_t begin = 0;
    for (uint32_t block = 0; block < setup.owners->GetBlockCount(); ++block)
    {
        m_begin.push_back(begin);
        begin += GetPullLength(block);
    }
    m_room.resize(begin);
    if (setup.coding->GetFeedback(PUSH) == BlockCoding::ACKNOWLEDGED)
    {
        transport->SetDeliveryCallback(PUSH, [this](const BlockId& id, const SegmentMask& mask) {
            m_encoder.Delivered(id, mask);
        });
    }
}

WorkerCoder::~WorkerCoder()
{
    if (m_setup.coding->GetFeedback(PUSH) == BlockCoding::ACKNOWLEDGED)
    {
        m_transport->SetDeliveryCallback(PUSH, nullptr);
    }
}

void
WorkerCoder::Push(const BlockId& id, const float* push)
{
    const uint32_t begin = m_setup.owners->GetBegin(id.block);
    const float* wire =
        m_encoder.Encode(id, begin, push + begin, m_setup.owners->GetLength(id.block));
    m_transport->Send(id, wire, m_encoder.GetCut().wire.blockLength);
}

float*
WorkerCoder::Take(uint32_t round, uint32_t block, const float* push)
{
    const uint32_t begin = m_setup.owners->GetBegin(block);
    const uint32_t length = m_setup.owners->GetLength(block);
    m_own.resize(length);
    m_encoder.Take({PUSH, round, block, 0}, begin, push + begin, length, m_own.data());
    return m_own.data();
}

uint32_t
WorkerCoder::GetPullLength(uint32_t block) const
{
    return m_setup.coding->GetCut(PULL, m_setup.owners->GetLength(block), m_words).wire.blockLength;
}

float*
WorkerCoder::GetPullRoom(uint32_t block)
{
    return m_room.data() + m_begin[block];
}

SegmentLayout
WorkerCoder::GetPullLayout(uint32_t block) const
{
    return m_setup.coding->GetCut(PULL, m_setup.owners->GetLength(block), m_words).numbers;
}

void
WorkerCoder::BeginPull(const BlockId& id, const SegmentMask& mask, float* pull)
{
    const uint32_t length = m_setup.owners->GetLength(id.block);
    float* values = pull + m_setup.owners->GetBegin(id.block);
    if (!mask.IsComplete())
    {
        m_setup.coding->Rotate(id.round, id.block, values, length);
    }
    const float* wire = GetPullRoom(id.block);
    const BlockCoding::Cut cut = m_setup.coding->GetCut(PULL, length, m_words);
    if (m_setup.coding->Compresses(PULL))
    {
        m_setup.coding->Decode(id, cut, wire, mask, values);
    }
    else
    {
        BlockTransport::CopySegments(wire, cut.numbers, mask, values);
    }
}

void
WorkerCoder::EndPull(uint32_t round, uint32_t block, float* pull)
{
    m_setup.coding->Unrotate(round,
                             block,
                             pull + m_setup.owners->GetBegin(block),
                             m_setup.owners->GetLength(block));
}

void
WorkerCoder::TakeBack(uint32_t round, uint32_t block, float* pull)
{
    std::copy(m_own.begin(), m_own.end(), pull + m_setup.owners->GetBegin(block));
    EndPull(round, block, pull);
}

const std::vector<float>&
WorkerCoder::GetResidual() const
{
    return m_encoder.GetResidual();
}

} // namespace learning
} // namespace ns3
