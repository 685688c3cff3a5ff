/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "block-coding.h"

#include "hadamard-rotation.h"

#include "ns3/boolean.h"
#include "ns3/learning-compatibility.h"
#include "ns3/pointer.h"
#include "ns3/random-engine.h"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace ns3
{
namespace learning
{

NS_OBJECT_ENSURE_REGISTERED(BlockCoding);

namespace
{

/// What a hash is for, so that equal numbers do not give equal draws.
enum Purpose : uint64_t
{
    CHOICE = 0x636f6d7072, //!< random choices of a compressor
    SIGNS = 0x686164616d   //!< signs of the rotation
};

} // namespace

TypeId
BlockCoding::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::learning::BlockCoding")
            .SetParent<Object>()
            .SetGroupName("DistributedLearning")
            .AddConstructor<BlockCoding>()
            .AddAttribute("Compressor",
                          "What makes few words of many numbers: a type of "
                          "ns3::learning::Compressor; null for nothing.",
                          PointerValue(),
                          MakePointerAccessor(&BlockCoding::m_compressor),
                          MakePointerChecker<Compressor>())
            .AddAttribute("Ways",
                          "Which blocks are compressed: Pushes (to servers), Pulls (to workers) or "
                          "Both.",
                          EnumValueFor<BlockCoding::Ways>(PUSHES),
                          MakeEnumAccessorFor<Ways>(&BlockCoding::m_ways),
                          MakeEnumChecker(PUSHES, "Pushes", PULLS, "Pulls", BOTH, "Both"))
            .AddAttribute("Hadamard",
                          "Whether blocks are rotated, both ways, so that a lost segment takes a "
                          "little of every number.",
                          BooleanValue(false),
                          MakeBooleanAccessor(&BlockCoding::m_hadamard),
                          MakeBooleanChecker())
            .AddAttribute(
                "ErrorFeedback",
                "What a sender of gradients adds to the next one: None, Local (what its "
                "compressor left out) or Acknowledged (also what was sent, but not "
                "acknowledged as received). Workers do so, and servers whose blocks are "
                "compressed.",
                EnumValueFor<BlockCoding::Feedback>(NONE),
                MakeEnumAccessorFor<Feedback>(&BlockCoding::m_feedback),
                MakeEnumChecker(NONE, "None", LOCAL, "Local", ACKNOWLEDGED, "Acknowledged"));
    return tid;
}

void
BlockCoding::DoDispose()
{
    m_compressor = nullptr;
    Object::DoDispose();
}

void
BlockCoding::SetSeed(uint64_t seed)
{
    m_seed = seed;
}

void
BlockCoding::Check(bool pushesGradients, bool pullsGradients, uint32_t words) const
{
    if (m_feedback != NONE && !pushesGradients)
    {
        throw std::invalid_argument(
            "error feedback repays what is missing of gradients by the next one, but this "
            "algorithm pushes models, in which nothing stays missing: take an algorithm that "
            "pushes gradients, or no error feedback");
    }
    if (m_feedback == LOCAL && !m_compressor)
    {
        throw std::invalid_argument("local error feedback repays what a compressor left out, but "
                                    "there is none: choose one, or acknowledged error feedback");
    }
    if (!m_compressor)
    {
        return;
    }
    const std::string name = m_compressor->GetInstanceTypeId().GetName();
    if (m_compressor->GetChunkLength(words) == 0)
    {
        throw std::invalid_argument(name + ": a segment of " + std::to_string(4 * words) +
                                    " bytes is too short for one number: at least 8 are needed");
    }
    const char* models = Compresses(PUSH) && !pushesGradients  ? "pushes"
                         : Compresses(PULL) && !pullsGradients ? "sends back"
                                                               : nullptr;
    if (models && !m_compressor->SuitsModels())
    {
        throw std::invalid_argument(name + " suits gradients, but this algorithm " + models +
                                    " models, of which it would leave little: take "
                                    "Binary16Compressor or QsgdCompressor, or compress the other "
                                    "way only");
    }
    if (m_feedback != NONE && Compresses(PULL) && !pullsGradients)
    {
        throw std::invalid_argument("error feedback would add to parameters what a compressor left "
                                    "out of those before: compress pushes only, or let servers "
                                    "send back gradients");
    }
    if (m_feedback != NONE && !m_compressor->IsContraction())
    {
        throw std::invalid_argument(name + ": error feedback may diverge unless what a compressor "
                                           "leaves out is smaller than what it is given: set its "
                                           "attribute Contractive (or Scaled) to true");
    }
}

bool
BlockCoding::IsActive() const
{
    return m_compressor || m_hadamard || m_feedback != NONE;
}

bool
BlockCoding::Compresses(BlockDirection direction) const
{
    return m_compressor && m_ways != (direction == PUSH ? PULLS : PUSHES);
}

bool
BlockCoding::Rotates() const
{
    return m_hadamard;
}

BlockCoding::Feedback
BlockCoding::GetFeedback(BlockDirection direction) const
{
    return direction == PUSH || Compresses(PULL) ? m_feedback : NONE;
}

BlockCoding::Cut
BlockCoding::GetCut(BlockDirection direction, uint32_t length, uint32_t words) const
{
    if (!Compresses(direction))
    {
        return {{length, words}, {length, words}};
    }
    const uint32_t chunk = m_compressor->GetChunkLength(words);
    const uint32_t whole = (length - 1) / chunk;
    return {{whole * words + m_compressor->GetWords(length - whole * chunk, words), words},
            {length, chunk}};
}

void
BlockCoding::Encode(const BlockId& id, const Cut& cut, const float* values, float* wire) const
{
    for (uint32_t chunk = 0; chunk < cut.numbers.GetSegmentCount(); ++chunk)
    {
        const uint32_t begin = cut.numbers.GetBegin(chunk);
        m_compressor->Encode(values + begin,
                             cut.numbers.GetBegin(chunk + 1) - begin,
                             cut.wire.segmentLength,
                             GetKey(id, chunk),
                             wire + cut.wire.GetBegin(chunk));
    }
}

void
BlockCoding::Decode(const BlockId& id,
                    const Cut& cut,
                    const float* wire,
                    const SegmentMask& mask,
                    float* values) const
{
    for (uint32_t chunk = 0; chunk < mask.GetSize(); ++chunk)
    {
        if (!mask.Test(chunk))
        {
            continue;
        }
        const uint32_t begin = cut.numbers.GetBegin(chunk);
        m_compressor->Decode(wire + cut.wire.GetBegin(chunk),
                             cut.numbers.GetBegin(chunk + 1) - begin,
                             cut.wire.segmentLength,
                             GetKey(id, chunk),
                             values + begin);
    }
}

void
BlockCoding::Rotate(uint32_t round, uint32_t block, float* values, uint32_t length) const
{
    if (m_hadamard)
    {
        RotateByHadamard(values, length, SplitMix64(SIGNS, m_seed, round, block));
    }
}

void
BlockCoding::Unrotate(uint32_t round, uint32_t block, float* values, uint32_t length) const
{
    if (m_hadamard)
    {
        UnrotateByHadamard(values, length, SplitMix64(SIGNS, m_seed, round, block));
    }
}

uint64_t
BlockCoding::GetKey(const BlockId& id, uint32_t chunk) const
{
    return SplitMix64(CHOICE, m_seed, id.direction, id.round, id.block, id.peer, chunk);
}

} // namespace learning
} // namespace ns3
