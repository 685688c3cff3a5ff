/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "block-aggregator.h"

#include <algorithm>
#include <utility>

namespace ns3
{
namespace learning
{

BlockAggregator::BlockAggregator(Ptr<TrainingSetup> setup,
                                 uint32_t self,
                                 Ptr<BlockTransport> transport,
                                 Ptr<Optimizer> optimizer,
                                 Observer observer)
    : m_setup(setup),
      m_self(self),
      m_transport(transport),
      m_optimizer(optimizer),
      m_observer(std::move(observer))
{
    Begin();
}

BlockAggregator::~BlockAggregator()
{
    if (m_overdue)
    {
        m_transport->SetDeliveryCallback(PULL, nullptr);
    }
}

void
BlockAggregator::Begin()
{
    m_rule = m_setup->algorithm->GetRule()->MakeFresh();
    const int64_t bound = m_setup->algorithm->GetAgeBound();
    if (bound >= 0)
    {
        m_overdue = std::make_unique<OverdueSegments>(static_cast<uint32_t>(bound));
        m_transport->SetDeliveryCallback(PULL, [this](const BlockId& id, const SegmentMask& mask) {
            m_overdue->Delivered(id, mask);
        });
    }
    if (m_setup->coding)
    {
        m_coder = std::make_unique<ServerCoder>(*m_setup, m_self, m_transport);
    }
}

void
BlockAggregator::Forget()
{
    m_kept.clear();
    m_coder = nullptr; // before the next one: each takes the transport's callback
    Begin();
    m_optimizer = m_optimizer ? m_setup->optimizer.Create<Optimizer>() : nullptr;
}

void
BlockAggregator::ForgetCopies(uint32_t worker)
{
    if (m_overdue)
    {
        m_overdue->Forget(worker, m_begun);
    }
}

uint32_t
BlockAggregator::GetWireLength(uint32_t length) const
{
    return m_coder ? m_coder->GetPushLength(length) : length;
}

SegmentLayout
BlockAggregator::GetPushLayout(uint32_t length) const
{
    return m_coder ? m_coder->GetPushLayout(length) : m_transport->GetLayout(length);
}

bool
BlockAggregator::IsCoded() const
{
    return m_coder != nullptr;
}

const SegmentMask&
BlockAggregator::Finish(uint32_t round, PushRound& pushes, float* pull)
{
    float* result = pull;
    SegmentMask made;
    if (m_setup->algorithm->KeepsParametersAtServer())
    {
        StepKeptParameters(round, pushes, m_setup->workers, 1);
        result = m_kept.data();
    }
    else
    {
        if (!pull || m_coder)
        {
            m_result.resize(pushes.GetLength());
            result = m_result.data();
        }
        made = Aggregate(round, pushes, m_setup->workers, result);
    }
    BeginPulls(round, pushes.GetBlock(), result, made);
    return m_made;
}

void
BlockAggregator::SetKeptParameters(uint32_t block, const AlignedVector& parameters)
{
    const auto begin = parameters.begin() + m_setup->owners->GetBegin(block);
    m_kept.assign(begin, begin + m_setup->owners->GetLength(block));
}

void
BlockAggregator::BeginKeptPulls(uint32_t round, uint32_t block)
{
    BeginPulls(round, block, m_kept.data(), {});
}

const float*
BlockAggregator::GetResult() const
{
    return m_values;
}

SegmentMask
BlockAggregator::Aggregate(uint32_t round, PushRound& pushes, uint32_t expected, float* result)
{
    const uint32_t length = pushes.GetLength();
    ScratchMemory memory;
    std::vector<AggregationRule::Contribution> contributions;
    contributions.reserve(pushes.GetClosedCount());
    for (uint32_t worker = 0; worker < m_setup->workers; ++worker)
    {
        AggregationRule::Contribution contribution = pushes.GetContribution(worker, memory);
        if (!contribution.values)
        {
            continue;
        }
        if (m_coder && !contribution.local)
        {
            contribution.values = m_coder->Decode({PUSH, round, pushes.GetBlock(), worker},
                                                  contribution.values,
                                                  *contribution.mask,
                                                  length);
        }
        contributions.push_back(contribution);
    }
    const SegmentLayout layout = GetPushLayout(length);
    m_observer(round, pushes.GetBlock(), contributions, layout);
    return m_rule->Aggregate(contributions, layout, expected, result);
}

void
BlockAggregator::BeginPulls(uint32_t round, uint32_t block, float* values, const SegmentMask& made)
{
    m_pullId = {PULL, round, block, 0};
    m_begun = std::max(m_begun, round + 1);
    m_values = values;
    m_made = made;
    if (m_coder)
    {
        const uint32_t length = m_setup->owners->GetLength(block);
        const uint32_t segments = GetPushLayout(length).GetSegmentCount();
        m_coder->BeginPulls(round,
                            block,
                            values,
                            length,
                            made.GetSize() == 0 ? SegmentMask(segments, true) : made,
                            !m_setup->algorithm->KeepsParametersAtServer());
    }
}

void
BlockAggregator::SendTo(uint32_t worker)
{
    const bool reliable = m_overdue && m_overdue->IsOverdue(worker, m_pullId.block, m_pullId.round);
    if (m_coder)
    {
        m_coder->Send(worker, reliable);
        return;
    }
    m_pullId.peer = worker;
    m_transport->Send(m_pullId,
                      m_values,
                      m_setup->owners->GetLength(m_pullId.block),
                      m_made.IsComplete() ? nullptr : &m_made,
                      reliable);
}

void
BlockAggregator::GiveTo(float* pull)
{
    if (m_coder)
    {
        m_coder->Give(m_self, pull);
    }
    else if (pull != m_values)
    {
        std::copy_n(m_values, m_setup->owners->GetLength(m_pullId.block), pull);
    }
}

void
BlockAggregator::StepKeptParameters(uint32_t round,
                                    PushRound& pushes,
                                    uint32_t expected,
                                    float weight)
{
    const uint32_t length = pushes.GetLength();
    const SegmentLayout layout = GetPushLayout(length);
    m_result.resize(length);
    const SegmentMask made = Aggregate(round, pushes, expected, m_result.data());
    for (uint32_t segment = 0; segment < made.GetSize(); ++segment)
    {
        if (!made.Test(segment))
        {
            std::fill(m_result.begin() + layout.GetBegin(segment),
                      m_result.begin() + layout.GetBegin(segment + 1),
                      0.0F);
        }
    }
    if (m_coder)
    {
        m_coder->Unrotate(round, pushes.GetBlock(), m_result.data(), length);
    }
    if (weight != 1)
    {
        for (float& number : m_result)
        {
            number *= weight;
        }
    }
    if (m_kept.empty())
    {
        const auto begin = m_setup->start.begin() + m_setup->owners->GetBegin(pushes.GetBlock());
        m_kept.assign(begin, begin + length);
    }
    m_optimizer->Step(m_kept.data(), m_result.data(), length, round);
}

} // namespace learning
} // namespace ns3
