/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef SAMPLE_H
#define SAMPLE_H

#include <cmath>
#include <cstdint>
#include <sstream>
#include <string>

namespace ns3
{
namespace learning
{

/// Mean of independent samples and its standard error.
class Sample
{
  public:
    /**
     * Takes in a sample.
     * @param value the sample
     */
    void Add(double value)
    {
        ++m_count;
        const double delta = value - m_mean;
        m_mean += delta / static_cast<double>(m_count);
        m_squares += delta * (value - m_mean);
    }

    /**
     * Mean of the samples.
     * @return the mean
     */
    double GetMean() const
    {
        return m_mean;
    }

    /**
     * Standard error of the mean.
     * @return the error, by the variance of the samples
     */
    double GetError() const
    {
        const auto count = static_cast<double>(m_count);
        return std::sqrt(m_squares / (count - 1) / count);
    }

    /**
     * Whether the mean is within 4 standard errors of a number: wrong once in 16,000 by chance.
     * @param expected the number
     * @return true if so
     */
    bool IsNear(double expected) const
    {
        return std::abs(m_mean - expected) <= 4 * GetError() + 1e-7 * std::abs(expected);
    }

    /**
     * Whether the mean is within 4 standard errors of a number, the law of the samples being known.
     * @param expected the number
     * @param deviation standard deviation of a sample
     * @return true if so
     */
    bool IsNear(double expected, double deviation) const
    {
        return std::abs(m_mean - expected) <=
               4 * deviation / std::sqrt(static_cast<double>(m_count));
    }

    /**
     * For messages.
     * @param expected what is expected
     * @return mean, standard error, what is expected
     */
    std::string Describe(double expected) const
    {
        std::ostringstream text;
        text << "mean " << m_mean << " +- " << GetError() << " of " << m_count
             << " samples, expected " << expected;
        return text.str();
    }

  private:
    uint64_t m_count{0}; //!< number of samples
    double m_mean{0};    //!< of the samples
    double m_squares{0}; //!< sum of squared distances from the mean
};

/**
 * Whether a number of successes agrees with a probability, by 4 standard errors of the binomial
 * law.
 * @param successes how many
 * @param trials of how many
 * @param probability of each
 * @return true if so
 */
inline bool
IsBinomial(uint64_t successes, uint64_t trials, double probability)
{
    const auto n = static_cast<double>(trials);
    return std::abs(static_cast<double>(successes) - n * probability) <=
           4 * std::sqrt(n * probability * (1 - probability));
}

} // namespace learning
} // namespace ns3

#endif /* SAMPLE_H */
