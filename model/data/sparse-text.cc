/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "sparse-text.h"

#include <algorithm>
#include <cmath>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>

namespace ns3
{
namespace learning
{

namespace
{

/// What hashed keys are for: equal seeds must not give equal draws for different purposes.
enum Purpose : uint64_t
{
    DOCUMENT = 0x5350415253455401, //!< one document
    DIRECTION                      //!< the classes' terms
};

constexpr double MAX_NUMBERS = 2147483648.0; //!< of a set: 16 GiB

/**
 * Refuses a parameter.
 * @tparam Parts printable types
 * @param parts what the sentence is made of
 */
template <typename... Parts>
[[noreturn]] void
Refuse(const Parts&... parts)
{
    std::ostringstream text;
    text << "sparse text: ";
    (text << ... << parts);
    throw std::invalid_argument(text.str());
}

/**
 * Shares of documents with the stated sum, by Zipf's law with a bound.
 * @param features how many
 * @param sum what they add up to
 * @return the shares, falling
 */
std::vector<double>
MakeFrequencies(uint32_t features, double sum)
{
    std::vector<double> frequency(features);
    const auto fill = [&frequency](double scale) {
        double total = 0;
        for (std::size_t j = 0; j < frequency.size(); ++j)
        {
            frequency[j] = std::min(SparseTextLaw::MOST_FREQUENT, scale / (j + 1.0));
            total += frequency[j];
        }
        return total;
    };
    double low = 0;
    double high = SparseTextLaw::MOST_FREQUENT * features; // all terms at the bound
    for (int i = 0; i < 60; ++i)
    {
        const double middle = (low + high) / 2;
        (fill(middle) < sum ? low : high) = middle;
    }
    fill(high);
    return frequency;
}

} // namespace

SparseTextLaw::SparseTextLaw(uint32_t features,
                             double nonZeros,
                             double signal,
                             double noise,
                             uint64_t seed)
    : m_nonZeros(nonZeros),
      m_signal(signal),
      m_noise(noise),
      m_seed(seed)
{
    if (features < 1 || features > 10000000)
    {
        Refuse(features, " features, 1 to 10000000 are legal");
    }
    if (!(nonZeros > 0 && nonZeros <= MOST_FREQUENT * features))
    {
        Refuse(nonZeros,
               " non-zeros a sample of ",
               features,
               " features, above 0 and at most ",
               MOST_FREQUENT * features,
               " are legal");
    }
    if (!(signal >= 0 && signal < 1))
    {
        Refuse("signal ", signal, " is out of range, at least 0 and below 1 is legal");
    }
    if (!(noise >= 0 && noise <= 0.5))
    {
        Refuse("noise ", noise, " is out of range, 0 to 0.5 is legal");
    }
    m_frequency = MakeFrequencies(features, nonZeros);
    RandomEngine engine(SplitMix64(DIRECTION, seed));
    for (const double p : m_frequency)
    {
        const int8_t direction = engine.NextBelow(2) == 0 ? 1 : -1;
        m_direction.push_back(direction);
        m_absentLogOdds +=
            std::log((1 - p * (1 + signal * direction)) / (1 - p * (1 - signal * direction)));
    }
}

Ptr<Dataset>
SparseTextLaw::Generate(uint32_t documents, uint64_t stream) const
{
    if (documents == 0 || documents * m_nonZeros > MAX_NUMBERS)
    {
        Refuse(documents,
               " samples of ",
               m_nonZeros,
               " non-zeros, 1 to ",
               static_cast<uint64_t>(MAX_NUMBERS / m_nonZeros),
               " samples are legal");
    }
    Dataset::SparseRows rows;
    rows.rowStart.push_back(0);
    rows.columns.reserve(static_cast<std::size_t>(documents * m_nonZeros));
    rows.values.reserve(rows.columns.capacity());
    std::vector<float> targets;
    for (uint32_t i = 0; i < documents; ++i)
    {
        RandomEngine engine(SplitMix64(DOCUMENT, m_seed, stream, i));
        const bool isOne = engine.NextBelow(2) == 1;
        const bool flips = engine.NextUniform() < m_noise; // drawn whatever the noise
        targets.push_back(isOne != flips ? 1 : 0);
        DrawRow(engine, isOne ? 1 : -1, rows);
        rows.rowStart.push_back(rows.columns.size());
    }
    return Create<Dataset>(static_cast<uint32_t>(m_frequency.size()),
                           std::move(rows),
                           std::move(targets),
                           2);
}

void
SparseTextLaw::DrawRow(RandomEngine& engine, double side, Dataset::SparseRows& rows) const
{
    // Terms are tried as if each had the bound of the last one tried, which no later one exceeds:
    // the gap to the next try is geometric. A try succeeds with the term's share of that bound.
    const std::size_t first = rows.values.size();
    double bound = m_frequency.front() * (1 + m_signal);
    double squares = 0;
    for (double next = 0;;)
    {
        next += std::floor(std::log(1 - engine.NextUniform()) / std::log1p(-bound));
        if (!(next < static_cast<double>(m_frequency.size())))
        {
            break;
        }
        const auto j = static_cast<uint32_t>(next);
        const double p = m_frequency[j];
        if (engine.NextUniform() * bound < p * (1 + side * m_signal * m_direction[j]))
        {
            const double occurrences = std::floor(1 - std::log2(1 - engine.NextUniform()));
            const double value = (1 + std::log(occurrences)) * std::log(1 / p);
            rows.columns.push_back(j);
            rows.values.push_back(static_cast<float>(value));
            squares += value * value;
        }
        bound = p * (1 + m_signal);
        ++next;
    }
    for (std::size_t i = first; i < rows.values.size(); ++i)
    {
        rows.values[i] /= static_cast<float>(std::sqrt(squares));
    }
}

double
SparseTextLaw::GetFrequency(uint32_t term) const
{
    return m_frequency.at(term);
}

double
SparseTextLaw::GetLogOdds(const uint32_t* terms, uint32_t count) const
{
    double odds = m_absentLogOdds;
    for (uint32_t i = 0; i < count; ++i)
    {
        const double p = m_frequency.at(terms[i]);
        const double one = p * (1 + m_signal * m_direction[terms[i]]);
        const double zero = p * (1 - m_signal * m_direction[terms[i]]);
        odds += std::log(one / zero) - std::log((1 - one) / (1 - zero));
    }
    return odds;
}

} // namespace learning
} // namespace ns3
