/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "synthetic-data.h"

#include <cmath>
#include <limits>
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
    SAMPLE = 0x53594e5448455401, //!< one sample
    ROTATION,                    //!< axes
    DIRECTION                    //!< signal
};

/**
 * Refuses a parameter that is out of range or not a number.
 * @param name name of the parameter
 * @param value its value
 * @param lowest smallest legal value
 * @param highest largest legal value
 * @return the value
 */
double
CheckRange(const std::string& name, double value, double lowest, double highest)
{
    if (!(value >= lowest && value <= highest))
    {
        std::ostringstream text;
        text << "synthetic data: " << name << " " << value << " is out of range, " << lowest
             << " to " << highest << " is legal";
        throw std::invalid_argument(text.str());
    }
    return value;
}

constexpr double LARGEST = 1e12;                             //!< of parameters without a bound
constexpr double SMALLEST = 1e-12;                           //!< of parameters above 0
constexpr double ANY = std::numeric_limits<uint32_t>::max(); //!< of counts
constexpr uint64_t MAX_NUMBERS = uint64_t{1} << 31;          //!< of a set: 8 GiB

/**
 * Draws a point of the unit sphere, all being equally likely.
 * @param dimension dimension of the space, at least 1
 * @param engine the engine
 * @return a vector of length 1
 */
std::vector<double>
DrawUnitVector(uint32_t dimension, RandomEngine& engine)
{
    std::vector<double> vector(dimension);
    double squares = 0;
    for (double& entry : vector)
    {
        entry = engine.NextNormal();
        squares += entry * entry;
    }
    for (double& entry : vector)
    {
        entry /= std::sqrt(squares);
    }
    return vector;
}

} // namespace

SyntheticLaw::SyntheticLaw(uint32_t features, uint32_t classCount, uint64_t seed)
    : m_features(features),
      m_classCount(classCount),
      m_seed(seed)
{
    CheckRange("number of features", features, 1, 1e7);
}

Ptr<Dataset>
SyntheticLaw::Generate(uint32_t samples, uint64_t stream) const
{
    const uint64_t numbers = uint64_t{samples} * m_features;
    if (numbers == 0 || numbers > MAX_NUMBERS)
    {
        throw std::invalid_argument("synthetic data: " + std::to_string(samples) + " samples of " +
                                    std::to_string(m_features) + " features, 1 to " +
                                    std::to_string(MAX_NUMBERS / m_features) +
                                    " samples are legal");
    }
    std::vector<float> features;
    std::vector<float> targets;
    features.reserve(numbers);
    targets.reserve(samples);
    std::vector<double> sample(m_features);
    for (uint32_t i = 0; i < samples; ++i)
    {
        RandomEngine engine(SplitMix64(SAMPLE, m_seed, stream, i));
        targets.push_back(static_cast<float>(Draw(engine, sample)));
        features.insert(features.end(), sample.begin(), sample.end());
    }
    Adjust(features);
    return Create<Dataset>(SampleShape{1, 1, m_features},
                           std::move(features),
                           std::move(targets),
                           m_classCount);
}

uint32_t
SyntheticLaw::GetFeatureCount() const
{
    return m_features;
}

uint32_t
SyntheticLaw::GetClassCount() const
{
    return m_classCount;
}

void
SyntheticLaw::Adjust(std::vector<float>& /* features */) const
{
}

RandomRotation::RandomRotation(uint32_t dimension, uint64_t seed)
{
    RandomEngine engine(SplitMix64(ROTATION, seed));
    for (int i = 0; i < 4; ++i) // even, so that it is a rotation
    {
        m_normals.push_back(DrawUnitVector(dimension, engine));
    }
}

void
RandomRotation::Apply(std::vector<double>& vector) const
{
    for (const auto& normal : m_normals)
    {
        double product = 0;
        for (std::size_t i = 0; i < vector.size(); ++i)
        {
            product += normal[i] * vector[i];
        }
        for (std::size_t i = 0; i < vector.size(); ++i)
        {
            vector[i] -= 2 * product * normal[i];
        }
    }
}

LinearLaw::LinearLaw(uint32_t features, double condition, double noise, uint64_t seed)
    : LinearLaw(features, condition, 1, CheckRange("noise", noise, 0, LARGEST), 0, seed)
{
}

LinearLaw::LinearLaw(uint32_t features,
                     double condition,
                     double signal,
                     double noise,
                     uint32_t classCount,
                     uint64_t seed)
    : SyntheticLaw(features, classCount, seed),
      m_noise(noise),
      m_rotation(features, seed)
{
    CheckRange("condition number", condition, 1, LARGEST);
    CheckRange("signal", signal, SMALLEST, LARGEST);
    double trace = 0;
    for (uint32_t j = 0; j < features; ++j)
    {
        const double exponent = features == 1 ? 0 : static_cast<double>(j) / (features - 1);
        const double eigenvalue = std::pow(condition, -exponent);
        m_deviation.push_back(std::sqrt(eigenvalue));
        trace += eigenvalue;
    }
    for (double& deviation : m_deviation)
    {
        deviation *= std::sqrt(features / trace);
    }
    RandomEngine engine(SplitMix64(DIRECTION, seed));
    m_direction = DrawUnitVector(features, engine);
    for (double& entry : m_direction)
    {
        entry *= signal;
    }
}

std::vector<double>
LinearLaw::GetWeights() const
{
    std::vector<double> weights = m_direction;
    for (std::size_t j = 0; j < weights.size(); ++j)
    {
        weights[j] /= m_deviation[j];
    }
    m_rotation.Apply(weights);
    return weights;
}

double
LinearLaw::Draw(RandomEngine& engine, std::vector<double>& features) const
{
    double signal = 0;
    for (std::size_t j = 0; j < features.size(); ++j)
    {
        const double normal = engine.NextNormal();
        signal += m_direction[j] * normal;
        features[j] = m_deviation[j] * normal;
    }
    m_rotation.Apply(features);
    return DrawTarget(engine, signal);
}

double
LinearLaw::DrawTarget(RandomEngine& engine, double signal) const
{
    return signal + m_noise * engine.NextNormal();
}

LogisticLaw::LogisticLaw(uint32_t features,
                         double condition,
                         double signal,
                         double noise,
                         uint64_t seed)
    : LinearLaw(features, condition, signal, CheckRange("noise", noise, 0, 0.5), 2, seed)
{
}

double
LogisticLaw::DrawTarget(RandomEngine& engine, double signal) const
{
    const bool isOne = engine.NextUniform() < 1 / (1 + std::exp(-signal));
    const bool flips = engine.NextUniform() < m_noise; // drawn whatever the noise
    return isOne != flips ? 1 : 0;
}

ClusterLaw::ClusterLaw(uint32_t features, uint32_t classes, double separation, uint64_t seed)
    : SyntheticLaw(features, classes, seed),
      m_separation(CheckRange("separation", separation, 0, LARGEST)),
      m_rotation(features, seed)
{
    CheckRange("number of classes", classes, 2, features);
}

std::vector<double>
ClusterLaw::GetCenter(uint32_t index) const
{
    std::vector<double> center(GetFeatureCount());
    center.at(index) = m_separation / std::sqrt(2.0);
    m_rotation.Apply(center);
    return center;
}

double
ClusterLaw::Draw(RandomEngine& engine, std::vector<double>& features) const
{
    const uint32_t index = engine.NextBelow(GetClassCount());
    for (double& feature : features)
    {
        feature = engine.NextNormal();
    }
    features[index] += m_separation / std::sqrt(2.0);
    m_rotation.Apply(features); // leaves the law of the normals as it is
    return index;
}

QuadraticLaw::QuadraticLaw(uint32_t features, double curvature, double variance, uint64_t seed)
    : SyntheticLaw(features, 0, seed),
      m_deviation(std::sqrt(CheckRange("variance", variance, 0, LARGEST) / features) /
                  CheckRange("curvature", curvature, SMALLEST, LARGEST))
{
}

double
QuadraticLaw::Draw(RandomEngine& engine, std::vector<double>& features) const
{
    for (double& feature : features)
    {
        feature = m_deviation * engine.NextNormal();
    }
    return 0;
}

void
QuadraticLaw::Adjust(std::vector<float>& features) const
{
    const std::size_t width = GetFeatureCount();
    const std::size_t samples = features.size() / width;
    CheckRange("number of samples of a quadratic", static_cast<double>(samples), 2, ANY);
    std::vector<double> mean(width);
    for (std::size_t i = 0; i < features.size(); ++i)
    {
        mean[i % width] += features[i] / static_cast<double>(samples);
    }
    const double scale = std::sqrt(samples / (samples - 1.0));
    for (std::size_t i = 0; i < features.size(); ++i)
    {
        features[i] = static_cast<float>((features[i] - mean[i % width]) * scale);
    }
}

} // namespace learning
} // namespace ns3
