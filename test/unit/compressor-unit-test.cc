/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ns3/binary16-compressor.h"
#include "ns3/bit-stream.h"
#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/hadamard-rotation.h"
#include "ns3/qsgd-compressor.h"
#include "ns3/random-engine.h"
#include "ns3/random-k-compressor.h"
#include "ns3/sign-compressor.h"
#include "ns3/top-k-compressor.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <gtest/gtest.h>
#include <limits>
#include <vector>

using namespace ns3;
using namespace ns3::learning;

namespace
{

constexpr uint32_t WORDS = 20; //!< in a segment

/**
 * Makes a compressor.
 * @tparam T its type
 * @param name of an attribute
 * @param value of it
 * @param contractive whether it is a contraction
 * @return the compressor
 */
template <typename T>
Ptr<T>
Make(const std::string& name, const AttributeValue& value, bool contractive = false)
{
    const Ptr<T> compressor = CreateObject<T>();
    compressor->SetAttribute(name, value);
    compressor->SetAttributeFailSafe("Contractive", BooleanValue(contractive));
    return compressor;
}

/**
 * All compressors.
 * @return one of each
 */
std::vector<Ptr<Compressor>>
MakeAll()
{
    return {Make<TopKCompressor>("Share", DoubleValue(0.1)),
            Make<RandomKCompressor>("Share", DoubleValue(0.1)),
            Make<RandomKCompressor>("Share", DoubleValue(0.1), true),
            Make<QsgdCompressor>("Levels", UintegerValue(4)),
            Make<QsgdCompressor>("Levels", UintegerValue(4), true),
            CreateObject<SignCompressor>(),
            CreateObject<Binary16Compressor>()};
}

/**
 * Draws numbers of very different magnitudes.
 * @param count how many
 * @param seed the seed
 * @return the numbers
 */
std::vector<float>
DrawNumbers(uint32_t count, uint64_t seed)
{
    RandomEngine draw(seed);
    std::vector<float> numbers(count);
    for (float& number : numbers)
    {
        number = static_cast<float>(draw.NextNormal() * std::exp(2 * draw.NextNormal()));
    }
    return numbers;
}

/**
 * Encodes and decodes a chunk.
 * @param compressor the compressor
 * @param values the chunk
 * @param key of random choices
 * @return what the receiver has
 */
std::vector<float>
PassThrough(const Ptr<Compressor>& compressor, const std::vector<float>& values, uint64_t key)
{
    const auto count = static_cast<uint32_t>(values.size());
    const uint32_t length = compressor->GetWords(count, WORDS);
    EXPECT_LE(length, WORDS);
    std::vector<float> wire(length + 1, 7.0F);
    compressor->Encode(values.data(), count, WORDS, key, wire.data());
    EXPECT_EQ(wire.back(), 7.0F); // not written beyond its end
    wire.resize(length);
    std::vector<float> decoded(count + 1, 9.0F);
    compressor->Decode(wire.data(), count, WORDS, key, decoded.data());
    EXPECT_EQ(decoded.back(), 9.0F);
    decoded.resize(count);
    return decoded;
}

/**
 * Squared distance.
 * @param a numbers
 * @param b as many
 * @return sum of squared differences
 */
double
GetSquare(const std::vector<float>& a, const std::vector<float>& b)
{
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
    {
        sum += std::pow(double{a[i]} - b[i], 2);
    }
    return sum;
}

/**
 * Squared norm.
 * @param a numbers
 * @return sum of squares
 */
double
GetSquare(const std::vector<float>& a)
{
    return GetSquare(a, std::vector<float>(a.size()));
}

/// Moments of what a random compressor makes of one chunk.
struct Moments
{
    double worstBias{0};   //!< largest distance of a mean from the number, in standard errors
    double square{0};      //!< mean of ||Q(x) - x||^2 / ||x||^2
    double squareError{0}; //!< its standard error
};

/**
 * Draws the moments.
 * @param compressor the compressor
 * @param values the chunk
 * @return the moments of 20,000 draws
 */
Moments
DrawMoments(const Ptr<Compressor>& compressor, const std::vector<float>& values)
{
    constexpr uint32_t DRAWS = 20000;
    std::vector<double> sums(values.size());
    std::vector<double> squares(values.size());
    double total = 0;
    double totalSquare = 0;
    for (uint32_t key = 0; key < DRAWS; ++key)
    {
        const std::vector<float> decoded = PassThrough(compressor, values, SplitMix64(3, key));
        for (std::size_t i = 0; i < values.size(); ++i)
        {
            sums[i] += decoded[i];
            squares[i] += double{decoded[i]} * decoded[i];
        }
        const double share = GetSquare(decoded, values) / GetSquare(values);
        total += share;
        totalSquare += share * share;
    }
    Moments moments;
    moments.square = total / DRAWS;
    moments.squareError =
        std::sqrt(std::max(0.0, totalSquare / DRAWS - moments.square * moments.square) / DRAWS);
    for (std::size_t i = 0; i < values.size(); ++i)
    {
        const double mean = sums[i] / DRAWS;
        const double error = std::sqrt((squares[i] / DRAWS - mean * mean) / DRAWS);
        // a number that is never kept has no error to measure: 5 in 20,000 draws would be seen
        moments.worstBias =
            std::max(moments.worstBias, std::abs(mean - values[i]) / std::max(error, 1e-12));
    }
    return moments;
}

} // namespace

// Expected: a whole chunk takes exactly a segment, shorter ones less or as much, never more and
// never nothing; the wire is shorter than the numbers; nothing is written beyond ends; whatever is
// on the wire decodes to something within its bounds.
TEST(Compressor, FillsSegmentsExactly)
{
    for (const Ptr<Compressor>& compressor : MakeAll())
    {
        for (const uint32_t words : {2U, 3U, 20U, 350U})
        {
            const uint32_t chunk = compressor->GetChunkLength(words);
            ASSERT_GT(chunk, words);
            EXPECT_EQ(compressor->GetWords(chunk, words), words);
            uint32_t last = 1;
            for (uint32_t count = 1; count < chunk; ++count)
            {
                const uint32_t length = compressor->GetWords(count, words);
                ASSERT_GE(length, last);
                ASSERT_LE(length, words);
                last = length;
            }
        }
        RandomEngine noise(5);
        const uint32_t chunk = compressor->GetChunkLength(WORDS);
        for (const uint32_t count : {1U, chunk / 2, chunk - 1, chunk})
        {
            PassThrough(compressor, DrawNumbers(count, count), 1);
            std::vector<float> wire(WORDS);
            for (float& word : wire)
            {
                PutBits(static_cast<uint32_t>(noise.Next()), &word);
            }
            std::vector<float> decoded(count + 1, 9.0F);
            compressor->Decode(wire.data(), count, WORDS, 1, decoded.data());
            EXPECT_EQ(decoded.back(), 9.0F);
        }
    }
    EXPECT_EQ(CreateObject<TopKCompressor>()->GetChunkLength(1), 0U);
    EXPECT_EQ(CreateObject<SignCompressor>()->GetChunkLength(1), 0U);
}

// Expected: of a chunk that is shorter than a segment the stated share is sent, rounded up: a
// quarter of the numbers as they are, with RandomK; with their places, of 6 bits for 64 numbers,
// with TopK.
TEST(Compressor, ShortChunksKeepTheirShare)
{
    const Ptr<Compressor> random = CreateObject<RandomKCompressor>();
    const Ptr<Compressor> top = CreateObject<TopKCompressor>();
    random->SetAttribute("Share", DoubleValue(0.25));
    top->SetAttribute("Share", DoubleValue(0.25));
    ASSERT_EQ(random->GetChunkLength(20), 80U);
    ASSERT_EQ(top->GetChunkLength(20), 64U);
    for (uint32_t count = 1; count < 64; ++count)
    {
        const uint32_t kept = (count + 3) / 4;
        EXPECT_EQ(random->GetWords(count, 20), kept);
        EXPECT_EQ(top->GetWords(count, 20), (kept * (32 + 6) + 31) / 32);
    }
}

// Expected: zeros stay zeros; numbers that are infinite or none harm nobody else's memory, and are
// not hidden from the receiver.
TEST(Compressor, SurvivesZerosAndWhatIsNoNumber)
{
    for (const Ptr<Compressor>& compressor : MakeAll())
    {
        const uint32_t chunk = compressor->GetChunkLength(WORDS);
        for (const float number : PassThrough(compressor, std::vector<float>(chunk), 1))
        {
            EXPECT_EQ(number, 0.0F);
        }
        const float inf = std::numeric_limits<float>::infinity();
        for (const float bad : {inf, -inf, std::nanf("")})
        {
            const std::vector<float> decoded =
                PassThrough(compressor, std::vector<float>(chunk, bad), 1);
            EXPECT_TRUE(std::any_of(decoded.begin(), decoded.end(), [](float number) {
                return !std::isfinite(number);
            }));
        }
    }
}

// Expected: the k largest magnitudes are there to the last bit and all others zero, so that
// ||x - C(x)||^2 <= (1 - k/n) ||x||^2; equal magnitudes by place. The bound is met with equality if
// all magnitudes are equal. Negative control: k numbers chosen by place break it.
TEST(Compressor, TopKIsTheBestOfItsKind)
{
    const auto compressor = Make<TopKCompressor>("Share", DoubleValue(0.1));
    const uint32_t chunk = compressor->GetChunkLength(WORDS);
    for (uint64_t seed = 0; seed < 20; ++seed)
    {
        const std::vector<float> values = DrawNumbers(chunk, seed);
        const std::vector<float> decoded = PassThrough(compressor, values, 0);
        std::vector<float> sorted = values;
        std::sort(sorted.begin(), sorted.end(), [](float a, float b) {
            return std::abs(a) > std::abs(b);
        });
        const auto kept = static_cast<uint32_t>(
            std::count_if(decoded.begin(), decoded.end(), [](float x) { return x != 0; }));
        EXPECT_EQ(kept, static_cast<uint32_t>(std::ceil(chunk * 0.1)));
        for (uint32_t i = 0; i < chunk; ++i)
        {
            const bool isLarge = std::abs(values[i]) >= std::abs(sorted[kept - 1]);
            ASSERT_EQ(decoded[i], isLarge ? values[i] : 0.0F);
        }
        const double bound = (1 - static_cast<double>(kept) / chunk) * GetSquare(values);
        EXPECT_LE(GetSquare(values, decoded), bound);
    }
    const std::vector<float> equal(chunk, -1.0F);
    const std::vector<float> decoded = PassThrough(compressor, equal, 0);
    EXPECT_EQ(decoded[0], -1.0F);
    EXPECT_EQ(decoded.back(), 0.0F);
    std::vector<float> rising(chunk);
    for (uint32_t i = 0; i < chunk; ++i)
    {
        rising[i] = static_cast<float>(i);
    }
    std::vector<float> first(chunk);
    std::copy_n(rising.begin(), chunk / 10, first.begin());
    EXPECT_GT(GetSquare(rising, first), 0.9 * GetSquare(rising));
}

// Expected: mean x in every number (4.5 standard errors, about 200 numbers being looked at), and
// E||Q(x) - x||^2 = (n/k - 1) ||x||^2 within 4; contractive: (1 - k/n) ||x||^2, and biased.
TEST(Compressor, RandomKIsUnbiased)
{
    const auto compressor = Make<RandomKCompressor>("Share", DoubleValue(0.1));
    const std::vector<float> values = DrawNumbers(compressor->GetChunkLength(WORDS), 1);
    const double n = static_cast<double>(values.size());
    ASSERT_EQ(n, 200);
    const Moments moments = DrawMoments(compressor, values);
    EXPECT_LE(moments.worstBias, 4.5);
    EXPECT_NEAR(moments.square, n / WORDS - 1, 4 * moments.squareError);
    EXPECT_DOUBLE_EQ(compressor->GetVariance(200, WORDS), n / WORDS - 1);

    const auto contractive = Make<RandomKCompressor>("Share", DoubleValue(0.1), true);
    const Moments small = DrawMoments(contractive, values);
    EXPECT_GT(small.worstBias, 100);
    EXPECT_NEAR(small.square, 1 - WORDS / n, 4 * small.squareError);
}

// Expected: mean x in every number, E||Q(x) - x||^2 <= min(n/s^2, sqrt(n)/s) ||x||^2, and equal to
// its closed form sum of (a - floor a)(ceil a - a) with a = s |x| / ||x|| (the variance of rounding
// at random); contractive: at most 1 - 1/(1 + omega), and biased.
TEST(Compressor, QsgdIsUnbiased)
{
    for (const uint32_t levels : {1U, 4U, 100U})
    {
        const auto compressor = Make<QsgdCompressor>("Levels", UintegerValue(levels));
        // none so small that its level would hardly ever be drawn
        std::vector<float> values = DrawNumbers(compressor->GetChunkLength(WORDS), levels);
        for (float& value : values)
        {
            value = std::copysign(0.5F + std::abs(std::sin(value)), value);
        }
        const Moments moments = DrawMoments(compressor, values);
        EXPECT_LE(moments.worstBias, 4.5) << levels;
        const double norm = std::sqrt(GetSquare(values));
        double expected = 0;
        for (const float value : values)
        {
            const double a = levels * std::abs(value) / norm;
            expected += (a - std::floor(a)) * (std::floor(a) + 1 - a) / levels / levels;
        }
        EXPECT_NEAR(moments.square, expected, 4 * moments.squareError + 1e-6) << levels;
        const double omega = compressor->GetVariance(static_cast<uint32_t>(values.size()), WORDS);
        const double n = static_cast<double>(values.size());
        EXPECT_DOUBLE_EQ(omega, std::min(n / levels / levels, std::sqrt(n) / levels));
        EXPECT_LE(moments.square, omega);

        const auto contractive = Make<QsgdCompressor>("Levels", UintegerValue(levels), true);
        const Moments small = DrawMoments(contractive, values);
        EXPECT_LE(small.square, 1 - 1 / (1 + omega)) << levels;
        EXPECT_GT(small.worstBias, 4.5) << levels;
    }
}

// Expected: every number is +-||x||_1 / n with its own sign, so that
// ||x - C(x)||^2 = ||x||^2 - ||x||_1^2 / n; not scaled +-1.
TEST(Compressor, SignIsAContraction)
{
    const Ptr<SignCompressor> scaled = CreateObject<SignCompressor>();
    const auto plain = Make<SignCompressor>("Scaled", BooleanValue(false));
    for (const uint32_t count : {1U, 100U, 32 * (WORDS - 1)})
    {
        const std::vector<float> values = DrawNumbers(count, count);
        double sum = 0;
        for (const float value : values)
        {
            sum += std::abs(value);
        }
        const std::vector<float> decoded = PassThrough(scaled, values, 0);
        const std::vector<float> signs = PassThrough(plain, values, 0);
        for (uint32_t i = 0; i < count; ++i)
        {
            ASSERT_EQ(decoded[i], std::copysign(static_cast<float>(sum / count), values[i]));
            ASSERT_EQ(signs[i], std::copysign(1.0F, values[i]));
        }
        const double square = GetSquare(values);
        EXPECT_NEAR(GetSquare(values, decoded), square - sum * sum / count, 1e-6 * square);
    }
    EXPECT_TRUE(scaled->IsContraction());
    EXPECT_FALSE(plain->IsContraction());
}

// Expected: a number of binary16 is (-1)^s 2^(e - 15) (1 + f / 1024), or (-1)^s 2^-14 f / 1024 for
// e = 0 (IEEE 754-2019, 3.4), and comes back to the last bit; between two neighbours the nearer one
// is taken, halfway that of the even fraction; 65520 and above are infinite; no number stays none.
TEST(Compressor, Binary16RoundsToNearestEven)
{
    std::vector<float> numbers; // by bits, those that are not negative
    for (uint32_t bits = 0; bits < 0x7c00; ++bits)
    {
        const auto exponent = static_cast<int>(bits >> 10);
        const double fraction = (bits & 0x3ff) / 1024.0;
        const double value =
            exponent == 0 ? std::ldexp(fraction, -14) : std::ldexp(1 + fraction, exponent - 15);
        numbers.push_back(static_cast<float>(value));
        for (const uint32_t sign : {0U, 0x8000U})
        {
            const auto half = static_cast<uint16_t>(bits | sign);
            const float expected = sign == 0 ? numbers.back() : -numbers.back();
            ASSERT_EQ(Binary16Compressor::Widen(half), expected);
            ASSERT_EQ(std::signbit(Binary16Compressor::Widen(half)), sign != 0);
            ASSERT_EQ(Binary16Compressor::Round(expected), half);
        }
    }
    for (uint32_t bits = 0; bits + 1 < 0x7c00; ++bits)
    {
        const float middle = static_cast<float>((double{numbers[bits]} + numbers[bits + 1]) / 2);
        const uint32_t even = bits + (bits & 1);
        ASSERT_EQ(Binary16Compressor::Round(middle), even);
        ASSERT_EQ(Binary16Compressor::Round(std::nextafter(middle, 0.0F)), bits);
        ASSERT_EQ(Binary16Compressor::Round(std::nextafter(middle, 1e9F)), bits + 1);
        ASSERT_EQ(Binary16Compressor::Round(-middle), even | 0x8000);
    }
    EXPECT_EQ(Binary16Compressor::Round(std::nextafter(65520.0F, 0.0F)), 0x7bff);
    EXPECT_EQ(Binary16Compressor::Round(65520.0F), 0x7c00);
    const float inf = std::numeric_limits<float>::infinity();
    EXPECT_EQ(Binary16Compressor::Round(-inf), 0xfc00);
    EXPECT_EQ(Binary16Compressor::Widen(0x7c00), inf);
    EXPECT_TRUE(std::isnan(Binary16Compressor::Widen(Binary16Compressor::Round(std::nanf("")))));
    EXPECT_EQ(PassThrough(CreateObject<Binary16Compressor>(), {1.5F, -2.0F, 0.1F}, 0),
              (std::vector<float>{1.5F, -2.0F, 0.0999755859375F}));
}

// Expected: an orthonormal map, for lengths that are a power of two and others: the norm and inner
// products survive, and the inverse brings every number back, up to rounding (log2 of the length
// additions of relative error 2^-24 each).
TEST(HadamardRotation, IsOrthonormal)
{
    for (const uint32_t length : {1U, 2U, 3U, 64U, 100U, 1000U, 8192U, 20000U})
    {
        const std::vector<float> x = DrawNumbers(length, length);
        const std::vector<float> y = DrawNumbers(length, length + 1);
        std::vector<float> rx = x;
        std::vector<float> ry = y;
        RotateByHadamard(rx.data(), length, 77);
        RotateByHadamard(ry.data(), length, 77);
        const double scale = std::sqrt(GetSquare(x) * GetSquare(y));
        EXPECT_NEAR(GetSquare(rx), GetSquare(x), 1e-5 * GetSquare(x));
        EXPECT_NEAR(GetSquare(rx, ry), GetSquare(x, y), 1e-5 * (GetSquare(x, y) + scale));
        UnrotateByHadamard(rx.data(), length, 77);
        EXPECT_LE(GetSquare(x, rx), 1e-11 * GetSquare(x)) << length;
        if (length > 64)
        {
            std::vector<float> other = x;
            RotateByHadamard(other.data(), length, 78);
            UnrotateByHadamard(other.data(), length, 77);
            EXPECT_GT(GetSquare(x, other), 0.5 * GetSquare(x)); // the signs matter
        }
    }
}

// Set-up: blocks of P = 4096 numbers in segments of C = 64, each of which is lost once.
// Expected: what is lost, over all segments, is the same with and without rotation; the largest
// error of a number is, with rotation, at most sqrt(C/P) = 1/8 times the norm of what was lost, and
// for a block with one large number C/P = 1/64 of that; without rotation it is that number.
TEST(HadamardRotation, SpreadsWhatIsLost)
{
    constexpr uint32_t P = 4096;
    constexpr uint32_t C = 64;
    std::vector<float> spike(P);
    spike[1234] = 10;
    for (const std::vector<float>& x : {DrawNumbers(P, 9), spike})
    {
        std::vector<float> rotated = x;
        RotateByHadamard(rotated.data(), P, 5);
        double lost = 0;
        for (uint32_t begin = 0; begin < P; begin += C)
        {
            std::vector<float> rest = rotated;
            std::fill_n(rest.begin() + begin, C, 0.0F);
            const double norm = std::sqrt(GetSquare(rotated, rest));
            UnrotateByHadamard(rest.data(), P, 5);
            double worst = 0;
            for (uint32_t i = 0; i < P; ++i)
            {
                worst = std::max(worst, std::abs(double{x[i]} - rest[i]));
            }
            EXPECT_LE(worst, norm * std::sqrt(double{C} / P) * 1.0001 + 1e-5);
            if (x == spike)
            {
                EXPECT_NEAR(worst, 10.0 * C / P, 1e-4);
            }
            lost += GetSquare(x, rest);
        }
        EXPECT_NEAR(lost, GetSquare(x), 1e-4 * GetSquare(x));
    }
}
