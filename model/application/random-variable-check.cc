/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "random-variable-check.h"

#include "ns3/string.h"

#include <cmath>
#include <cstdlib>
#include <limits>
#include <sstream>
#include <stdexcept>

namespace ns3
{
namespace learning
{

namespace
{

constexpr double TINY = std::numeric_limits<double>::min();        //!< least number above 0
constexpr double HUGE_NUMBER = std::numeric_limits<double>::max(); //!< largest finite number
constexpr double MOST_STEPS = 1e6;       //!< of laws that draw in so many steps
constexpr double LEAST_ACCEPTED = 0.001; //!< share of draws within a bound

/// What an attribute of a law may be.
struct Range
{
    const char* law;       //!< its name, without ns3:: and RandomVariable
    const char* attribute; //!< name of the attribute
    double least;          //!< smallest legal value
    double most;           //!< largest legal value
    const char* legal;     //!< the same in words
};

/// Of all laws that cannot draw from every number.
constexpr Range RANGES[] = {
    {"Exponential", "Mean", 0, HUGE_NUMBER, "a number of at least 0"},
    {"Pareto", "Scale", TINY, HUGE_NUMBER, "a number above 0"},
    {"Pareto", "Shape", TINY, HUGE_NUMBER, "a number above 0"},
    {"Weibull", "Scale", TINY, HUGE_NUMBER, "a number above 0"},
    {"Weibull", "Shape", TINY, HUGE_NUMBER, "a number above 0"},
    {"Normal", "Mean", -HUGE_NUMBER, HUGE_NUMBER, "a finite number"},
    {"Normal", "Variance", 0, HUGE_NUMBER, "a number of at least 0"},
    {"Gamma", "Alpha", TINY, HUGE_NUMBER, "a number above 0"},
    {"Erlang", "K", 1, MOST_STEPS, "a whole number from 1 to 1e6"},
    {"Zipf", "N", 1, MOST_STEPS, "a whole number from 1 to 1e6"},
    {"Zeta", "Alpha", 1 + 1e-9, HUGE_NUMBER, "a number above 1"},
    {"Binomial", "Trials", 0, MOST_STEPS, "a whole number of at most 1e6"},
    {"Laplacian", "Location", -HUGE_NUMBER, HUGE_NUMBER, "a finite number"},
    {"Laplacian", "Scale", TINY, HUGE_NUMBER, "a number above 0"},
    {"LargestExtremeValue", "Scale", TINY, HUGE_NUMBER, "a number above 0"},
};

/**
 * Reads an attribute that is a number.
 * @param variable the random variable
 * @param name of the attribute
 * @return its value
 */
double
Get(Ptr<const RandomVariableStream> variable, const std::string& name)
{
    StringValue value; // whatever kind of number it is
    variable->GetAttribute(name, value);
    return std::strtod(value.Get().c_str(), nullptr);
}

/**
 * The share of draws that a law accepts: the others it draws again.
 * @param variable the random variable, whose attributes are in their ranges
 * @param law its name
 * @return the share, at most 1
 */
double
GetAcceptedShare(Ptr<const RandomVariableStream> variable, const std::string& law)
{
    const auto get = [&variable](const char* name) { return Get(variable, name); };
    if (law == "Normal") // within Bound of the mean
    {
        const double deviation = std::sqrt(get("Variance"));
        const double bound = get("Bound");
        return deviation > 0 ? std::erf(bound / (deviation * std::sqrt(2.0))) : bound >= 0;
    }
    const bool isBounded =
        law == "Exponential" || law == "Pareto" || law == "Weibull" || law == "Laplacian";
    if (!isBounded || get("Bound") == 0)
    {
        return 1;
    }
    const double bound = get("Bound");
    if (law == "Exponential")
    {
        return get("Mean") > 0 ? -std::expm1(-bound / get("Mean")) : bound >= 0;
    }
    if (law == "Pareto")
    {
        const double scale = get("Scale");
        return bound > scale ? 1 - std::pow(scale / bound, get("Shape")) : 0;
    }
    if (law == "Weibull")
    {
        return bound > 0 ? -std::expm1(-std::pow(bound / get("Scale"), get("Shape"))) : 0;
    }
    return -std::expm1(-bound / get("Scale")); // Laplacian, within Bound of the location
}

} // namespace

void
CheckDraws(Ptr<const RandomVariableStream> variable)
{
    const std::string type = variable->GetInstanceTypeId().GetName();
    const auto reject = [&](const std::string& attribute, const std::string& legal) {
        std::ostringstream text;
        text << type << "::" << attribute << "=" << Get(variable, attribute) << ": " << legal;
        throw std::invalid_argument(text.str());
    };
    std::string law;
    for (const Range& range : RANGES)
    {
        if (type == "ns3::" + std::string(range.law) + "RandomVariable")
        {
            law = range.law;
            const double value = Get(variable, range.attribute);
            if (!(value >= range.least && value <= range.most))
            {
                reject(range.attribute, range.legal + std::string(" is needed"));
            }
        }
    }
    if (!law.empty() && !(GetAcceptedShare(variable, law) >= LEAST_ACCEPTED))
    {
        reject("Bound", "so few draws are within it, less than 1 of 1000, that it takes too long");
    }
}

} // namespace learning
} // namespace ns3
