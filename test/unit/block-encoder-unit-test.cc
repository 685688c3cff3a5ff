/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ns3/block-encoder.h"
#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/pointer.h"
#include "ns3/random-engine.h"
#include "ns3/string.h"

#include <cmath>
#include <gtest/gtest.h>
#include <stdexcept>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::learning;

namespace
{

constexpr uint32_t WORDS = 10; //!< in a segment

/**
 * Makes a coding.
 * @param compressor text of its type, empty for none
 * @param feedback None, Local or Acknowledged
 * @param hadamard whether blocks are rotated
 * @param ways which blocks are compressed
 * @return the coding
 */
Ptr<BlockCoding>
MakeCoding(const std::string& compressor,
           const std::string& feedback,
           bool hadamard = false,
           const std::string& ways = "Pushes")
{
    const Ptr<BlockCoding> coding = CreateObject<BlockCoding>();
    if (!compressor.empty())
    {
        coding->SetAttribute("Compressor", StringValue("ns3::learning::" + compressor));
    }
    coding->SetAttribute("ErrorFeedback", StringValue(feedback));
    coding->SetAttribute("Hadamard", BooleanValue(hadamard));
    coding->SetAttribute("Ways", StringValue(ways));
    coding->SetSeed(42);
    return coding;
}

/// Sends blocks of gradients, loses segments, and sums up what arrived.
class LossySender
{
  public:
    static constexpr uint32_t BEGIN = 300;  //!< offset of the block
    static constexpr uint32_t LENGTH = 777; //!< of the block: no multiple of anything

    /**
     * Begins.
     * @param coding what to do
     */
    explicit LossySender(const Ptr<BlockCoding>& coding)
        : encoder(coding, PUSH, 3, WORDS),
          given(LENGTH),
          applied(LENGTH),
          m_coding(coding)
    {
    }

    /**
     * Sends one gradient.
     * @param round the round
     * @param dropRate probability that a segment is lost
     * @param tells whether the sender learns what arrived
     */
    void Send(uint32_t round, double dropRate, bool tells)
    {
        RandomEngine draw(SplitMix64(11, round));
        std::vector<float> gradient(LENGTH);
        for (uint32_t i = 0; i < LENGTH; ++i)
        {
            gradient[i] = static_cast<float>(draw.NextNormal());
            given[i] += gradient[i];
        }
        const BlockId id{PUSH, round, 5, 9};
        const float* wire = encoder.Encode(id, BEGIN, gradient.data(), LENGTH);
        const BlockCoding::Cut cut = encoder.GetCut();
        SegmentMask mask(cut.wire.GetSegmentCount());
        ASSERT_EQ(mask.GetSize(), cut.numbers.GetSegmentCount());
        for (uint32_t segment = 0; segment < mask.GetSize(); ++segment)
        {
            if (draw.NextUniform() >= dropRate)
            {
                mask.Set(segment);
            }
        }
        std::vector<float> decoded(LENGTH); // zero where nothing came
        if (m_coding->Compresses(PUSH))
        {
            m_coding->Decode({PUSH, round, 5, 3}, cut, wire, mask, decoded.data());
        }
        else
        {
            for (uint32_t segment = 0; segment < mask.GetSize(); ++segment)
            {
                for (uint32_t i = cut.wire.GetBegin(segment);
                     mask.Test(segment) && i < cut.wire.GetBegin(segment + 1);
                     ++i)
                {
                    decoded[i] = wire[i];
                }
            }
        }
        m_coding->Unrotate(round, 5, decoded.data(), LENGTH);
        for (uint32_t i = 0; i < LENGTH; ++i)
        {
            applied[i] += decoded[i];
        }
        if (tells)
        {
            encoder.Delivered(id, mask);
        }
    }

    /**
     * How much is neither applied nor in the residual.
     * @return largest magnitude
     */
    double GetLeak() const
    {
        double worst = 0;
        for (uint32_t i = 0; i < LENGTH; ++i)
        {
            const double residual =
                encoder.GetResidual().empty() ? 0 : encoder.GetResidual()[BEGIN + i];
            worst = std::max(worst, std::abs(given[i] - applied[i] - residual));
        }
        return worst;
    }

    BlockEncoder encoder;        //!< under test
    std::vector<double> given;   //!< sum of gradients
    std::vector<double> applied; //!< sum of what arrived

  private:
    Ptr<BlockCoding> m_coding; //!< what to do
};

/// All that error feedback can be combined with.
const std::vector<std::string> COMPRESSORS{"",
                                           "TopKCompressor[Share=0.1]",
                                           "RandomKCompressor[Share=0.2|Contractive=true]",
                                           "QsgdCompressor[Levels=2|Contractive=true]",
                                           "SignCompressor",
                                           "Binary16Compressor"};

/**
 * The sentence with which something is refused.
 * @param coding the coding
 * @param pushesGradients whether workers push gradients
 * @param pullsGradients whether servers send gradients
 * @param words in a segment
 * @return the sentence, or empty if it is not refused
 */
std::string
GetRefusal(const Ptr<BlockCoding>& coding,
           bool pushesGradients,
           bool pullsGradients,
           uint32_t words = WORDS)
{
    try
    {
        coding->Check(pushesGradients, pullsGradients, words);
        return "";
    }
    catch (const std::invalid_argument& error)
    {
        return error.what();
    }
}

} // namespace

// Expected: after any number of lossy rounds, sum of gradients = sum of what arrived + residual, up
// to rounding (100 rounds of numbers of order 1, up to 20 of them accumulated: 1e-4). Negative
// controls: without acknowledgements what the network lost is gone; without feedback also what the
// compressor left out.
TEST(BlockEncoder, ConservesGradients)
{
    for (const std::string& compressor : COMPRESSORS)
    {
        for (const bool hadamard : {false, true})
        {
            LossySender acknowledged(MakeCoding(compressor, "Acknowledged", hadamard));
            LossySender unaware(
                MakeCoding(compressor, compressor.empty() ? "None" : "Local", hadamard));
            LossySender lossless(
                MakeCoding(compressor, compressor.empty() ? "None" : "Local", hadamard));
            LossySender forgetful(MakeCoding(compressor, "None", hadamard));
            for (uint32_t round = 0; round < 100; ++round)
            {
                acknowledged.Send(round, 0.3, true);
                unaware.Send(round, 0.3, true);
                lossless.Send(round, 0, false);
                forgetful.Send(round, 0, false);
            }
            EXPECT_LT(acknowledged.GetLeak(), 1e-4) << compressor << hadamard;
            EXPECT_GT(unaware.GetLeak(), 5) << compressor << hadamard;
            EXPECT_LT(lossless.GetLeak(), 1e-4) << compressor << hadamard;
            if (!compressor.empty())
            {
                EXPECT_GT(forgetful.GetLeak(), compressor == "Binary16Compressor" ? 5e-4 : 5)
                    << compressor << hadamard;
            }
        }
    }
}

// Expected: with nothing lost and no compressor, what arrives is what was given, to the last bit,
// and the residual is zero; rotated, up to rounding.
TEST(BlockEncoder, IsExactWithoutLoss)
{
    LossySender plain(MakeCoding("", "Acknowledged"));
    LossySender rotated(MakeCoding("", "Acknowledged", true));
    for (uint32_t round = 0; round < 10; ++round)
    {
        plain.Send(round, 0, true);
        rotated.Send(round, 0, true);
    }
    EXPECT_EQ(plain.applied, plain.given);
    EXPECT_EQ(plain.encoder.GetResidual(), std::vector<float>(300 + 777));
    EXPECT_LT(rotated.GetLeak(), 1e-5);
}

// Expected: the residual stays bounded while gradients are given without end: a contraction of
// delta leaves at most 2 (1 - delta) / delta^2 of the largest squared norm (Karimireddy et al.,
// Lemma 3, for steps of 1 and delta = k/n = 0.1); here far less.
TEST(BlockEncoder, KeepsItsResidualBounded)
{
    LossySender sender(MakeCoding("TopKCompressor[Share=0.1]", "Local"));
    double worst = 0;
    for (uint32_t round = 0; round < 300; ++round)
    {
        sender.Send(round, 0, false);
        double square = 0;
        for (const float number : sender.encoder.GetResidual())
        {
            square += double{number} * number;
        }
        worst = std::max(worst, square);
    }
    EXPECT_LT(worst, 4 * 0.9 / 0.01 * LossySender::LENGTH);
    EXPECT_GT(worst, LossySender::LENGTH); // it does accumulate
}

// Expected: a block that need not travel takes the residual along, rotated, and leaves none.
TEST(BlockEncoder, TakesWhatNeedNotTravel)
{
    for (const bool hadamard : {false, true})
    {
        const Ptr<BlockCoding> coding = MakeCoding("TopKCompressor[Share=0.1]", "Local", hadamard);
        LossySender sender(coding);
        sender.Send(0, 0, false);
        const std::vector<float> before = sender.encoder.GetResidual();
        const std::vector<float> ones(LossySender::LENGTH, 1.0F);
        std::vector<float> taken(LossySender::LENGTH);
        sender.encoder.Take({PUSH, 1, 5, 0},
                            LossySender::BEGIN,
                            ones.data(),
                            LossySender::LENGTH,
                            taken.data());
        coding->Unrotate(1, 5, taken.data(), LossySender::LENGTH);
        for (uint32_t i = 0; i < LossySender::LENGTH; ++i)
        {
            ASSERT_NEAR(taken[i], 1 + before[LossySender::BEGIN + i], 1e-5);
            ASSERT_EQ(sender.encoder.GetResidual()[LossySender::BEGIN + i], 0.0F);
        }
    }
}

// Expected: acknowledgements that come out of order, twice or for nothing known do no harm, and
// those that never come leave the numbers on their way.
TEST(BlockEncoder, TakesAcknowledgementsInAnyOrder)
{
    const Ptr<BlockCoding> coding = MakeCoding("", "Acknowledged");
    BlockEncoder encoder(coding, PUSH, 0, WORDS);
    const std::vector<float> ones(20, 1.0F);
    encoder.Encode({PUSH, 0, 0, 1}, 0, ones.data(), 20);
    encoder.Encode({PUSH, 1, 0, 1}, 0, ones.data(), 20);
    SegmentMask first(2);
    first.Set(0);
    encoder.Delivered({PUSH, 1, 0, 1}, SegmentMask(2));
    encoder.Delivered({PUSH, 0, 0, 1}, first);
    encoder.Delivered({PUSH, 0, 0, 1}, SegmentMask(2));
    encoder.Delivered({PUSH, 7, 0, 1}, SegmentMask(2));
    for (uint32_t i = 0; i < 20; ++i)
    {
        EXPECT_EQ(encoder.GetResidual()[i], i < 10 ? 1.0F : 2.0F);
    }
}

// Set-up: two blocks in two rounds, rotated or not, are all on their way at once.
// Stimulus: of each block one round is lost, which is heard after all have been sent.
// Expected: the residual of a block is its gradient of that round, turned back as it was turned:
// within 1e-5, rounding of 20 numbers of order 1.
TEST(BlockEncoder, TurnsBackWhatWasLostLongAgo)
{
    constexpr uint32_t LENGTH = 20;
    for (const bool hadamard : {false, true})
    {
        BlockEncoder encoder(MakeCoding("", "Acknowledged", hadamard), PUSH, 0, WORDS);
        std::vector<float> gradients[2][2];
        RandomEngine draw(8);
        for (uint32_t round = 0; round < 2; ++round)
        {
            for (uint32_t block = 0; block < 2; ++block)
            {
                std::vector<float>& gradient = gradients[round][block];
                for (uint32_t i = 0; i < LENGTH; ++i)
                {
                    gradient.push_back(static_cast<float>(draw.NextNormal()));
                }
                encoder.Encode({PUSH, round, block, 1}, block * LENGTH, gradient.data(), LENGTH);
            }
        }
        for (uint32_t round = 0; round < 2; ++round)
        {
            for (uint32_t block = 0; block < 2; ++block)
            {
                encoder.Delivered({PUSH, round, block, 1}, SegmentMask(2, round != block));
            }
        }
        for (uint32_t block = 0; block < 2; ++block)
        {
            for (uint32_t i = 0; i < LENGTH; ++i)
            {
                EXPECT_NEAR(encoder.GetResidual()[block * LENGTH + i],
                            gradients[block][block][i],
                            1e-5);
            }
        }
    }
}

// Set-up: k = 10 of n = 50 numbers of a chunk are chosen at random.
// Stimulus: two chunks that differ in one thing only: round, block, sender, direction, seed, or
// place in the block.
// Expected: the choices are independent: k^2 / n = 2 numbers are in both on average, of 200 pairs
// within 4 standard errors, the variance being that of the hypergeometric law. Equal choices, as
// they were if the thing were forgotten, have all 10 in common, and then some numbers are never
// sent.
TEST(BlockCoding, ChoosesAnewForEveryChunk)
{
    constexpr uint32_t KEPT = WORDS;
    static constexpr uint32_t CHUNK = 5 * KEPT;
    constexpr uint32_t PAIRS = 200;
    const std::vector<float> ones(2 * CHUNK, 1.0F);
    const auto choose = [&ones](const BlockId& id, uint64_t seed) {
        const Ptr<BlockCoding> coding =
            MakeCoding("RandomKCompressor[Share=0.2]", "None", false, "Both");
        coding->SetSeed(seed);
        const BlockCoding::Cut cut = coding->GetCut(id.direction, 2 * CHUNK, WORDS);
        EXPECT_EQ(cut.numbers.segmentLength, CHUNK);
        std::vector<float> wire(cut.wire.blockLength);
        std::vector<float> decoded(2 * CHUNK);
        coding->Encode(id, cut, ones.data(), wire.data());
        coding->Decode(id, cut, wire.data(), SegmentMask(2, true), decoded.data());
        return decoded;
    };
    const auto common = [](const float* a, const float* b) {
        uint32_t both = 0;
        for (uint32_t i = 0; i < CHUNK; ++i)
        {
            both += a[i] != 0 && b[i] != 0;
        }
        return both;
    };
    double sums[6] = {};
    for (uint32_t round = 0; round < 2 * PAIRS; round += 2)
    {
        const std::vector<float> chosen = choose({PUSH, round, 5, 3}, 42);
        ASSERT_EQ(common(chosen.data(), chosen.data()), KEPT);
        sums[0] += common(chosen.data(), choose({PUSH, round + 1, 5, 3}, 42).data());
        sums[1] += common(chosen.data(), choose({PUSH, round, 6, 3}, 42).data());
        sums[2] += common(chosen.data(), choose({PUSH, round, 5, 4}, 42).data());
        sums[3] += common(chosen.data(), choose({PULL, round, 5, 3}, 42).data());
        sums[4] += common(chosen.data(), choose({PUSH, round, 5, 3}, 43).data());
        sums[5] += common(chosen.data(), chosen.data() + CHUNK);
    }
    const double share = double{KEPT} / CHUNK;
    const double variance = KEPT * share * (1 - share) * (CHUNK - KEPT) / (CHUNK - 1);
    for (const double sum : sums)
    {
        EXPECT_NEAR(sum / PAIRS, KEPT * share, 4 * std::sqrt(variance / PAIRS));
    }
}

// Expected: what makes no sense is refused by a sentence that says why, what does is not.
TEST(BlockCoding, RefusesWhatMakesNoSense)
{
    const auto refusal = [](const std::string& compressor,
                            const std::string& feedback,
                            const std::string& ways,
                            bool pushes,
                            bool pulls,
                            uint32_t words = WORDS) {
        return GetRefusal(MakeCoding(compressor, feedback, false, ways), pushes, pulls, words);
    };
    EXPECT_NE(refusal("", "Acknowledged", "Pushes", false, false).find("pushes models"),
              std::string::npos);
    EXPECT_NE(refusal("", "Local", "Pushes", true, true).find("there is none"), std::string::npos);
    EXPECT_NE(refusal("TopKCompressor", "None", "Pushes", false, false).find("pushes models"),
              std::string::npos);
    EXPECT_NE(refusal("SignCompressor", "None", "Both", true, false).find("sends back models"),
              std::string::npos);
    EXPECT_NE(refusal("RandomKCompressor", "Local", "Pushes", true, true).find("Contractive"),
              std::string::npos);
    EXPECT_NE(refusal("SignCompressor", "None", "Pushes", true, true, 1).find("too short"),
              std::string::npos);
    EXPECT_NE(refusal("Binary16Compressor", "Local", "Both", true, false).find("to parameters"),
              std::string::npos);
    EXPECT_EQ(refusal("Binary16Compressor", "None", "Both", false, false), "");
    EXPECT_EQ(refusal("QsgdCompressor", "None", "Both", false, false), "");
    EXPECT_EQ(refusal("TopKCompressor", "Local", "Pushes", true, false), "");
    EXPECT_EQ(refusal("", "Acknowledged", "Pushes", true, false), "");
    EXPECT_FALSE(MakeCoding("", "None")->IsActive());
}
