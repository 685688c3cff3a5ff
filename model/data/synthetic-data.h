/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef SYNTHETIC_DATA_H
#define SYNTHETIC_DATA_H

#include "dataset.h"

#include "ns3/ptr.h"
#include "ns3/random-engine.h"

#include <cstdint>
#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-data
 *
 * A law that labelled samples are drawn from. Sample i of a stream depends on the law, its seed,
 * the stream and i alone (except in QuadraticLaw): a longer set starts with the shorter one. Two
 * streams, such as training and test, are independent draws from the same law.
 *
 * Constructors throw std::invalid_argument with one sentence if a parameter is out of range. Bits
 * are the same on all machines where the compiler does not fuse multiplications and additions.
 */
class SyntheticLaw
{
  public:
    virtual ~SyntheticLaw() = default;

    /**
     * Draws samples.
     * @param samples how many, at least 1, features times samples at most 2^31
     * @param stream which independent draw
     * @return the samples
     * @throws std::invalid_argument if there would be too many numbers or none
     */
    Ptr<Dataset> Generate(uint32_t samples, uint64_t stream) const;

  protected:
    /**
     * Sets what all laws have.
     * @param features number of features, 1 to 10^7
     * @param classCount number of classes, 0 for regression
     * @param seed the seed
     */
    SyntheticLaw(uint32_t features, uint32_t classCount, uint64_t seed);

    /**
     * Number of features.
     * @return features of a sample
     */
    uint32_t GetFeatureCount() const;

    /**
     * Number of classes.
     * @return the number of classes, 0 for regression
     */
    uint32_t GetClassCount() const;

    /**
     * Draws one sample.
     * @param engine an engine for this sample alone
     * @param features written, one number a feature
     * @return its target
     */
    virtual double Draw(RandomEngine& engine, std::vector<double>& features) const = 0;

    /**
     * Changes a set as a whole; leaves it alone unless a derived class says otherwise.
     * @param features samples x features, row-major
     */
    virtual void Adjust(std::vector<float>& features) const;

  private:
    uint32_t m_features;   //!< number of features
    uint32_t m_classCount; //!< number of classes, 0 for regression
    uint64_t m_seed;       //!< seed of the samples
};

/**
 * @ingroup distributed-learning-data
 *
 * A random rotation of space: the product of four reflections at random hyperplanes, exactly
 * orthogonal, applied in time linear in the dimension.
 */
class RandomRotation
{
  public:
    /**
     * Draws a rotation.
     * @param dimension dimension of the space, at least 1
     * @param seed the seed
     */
    RandomRotation(uint32_t dimension, uint64_t seed);

    /**
     * Rotates a vector.
     * @param vector the vector, replaced by its image
     */
    void Apply(std::vector<double>& vector) const;

  private:
    std::vector<std::vector<double>> m_normals; //!< unit normals of the hyperplanes
};

/**
 * @ingroup distributed-learning-data
 *
 * Normal features and a target that is linear in them, with a stated condition number.
 *
 * The features' covariance has the eigenvalues c k^(-j / (d - 1)), j = 0 .. d - 1, along random
 * axes: condition number k, and c such that their mean is 1. The signal w.x is an equal mixture of
 * all axes drawn at random: it has mean 0 and a stated standard deviation.
 */
class LinearLaw : public SyntheticLaw
{
  public:
    /**
     * States the law; the target is w.x of variance 1 plus normal noise.
     * @param features number of features d, 1 to 10^7
     * @param condition condition number k, 1 to 10^12
     * @param noise standard deviation of the noise, at least 0
     * @param seed the seed
     */
    LinearLaw(uint32_t features, double condition, double noise, uint64_t seed);

    /**
     * Weights of the signal.
     * @return w, one number a feature
     */
    std::vector<double> GetWeights() const;

  protected:
    /**
     * States a law whose target a derived class makes of the signal.
     * @param features number of features d, 1 to 10^7
     * @param condition condition number k, 1 to 10^12
     * @param signal standard deviation of w.x, above 0
     * @param noise see the derived class
     * @param classCount number of classes, 0 for regression
     * @param seed the seed
     */
    LinearLaw(uint32_t features,
              double condition,
              double signal,
              double noise,
              uint32_t classCount,
              uint64_t seed);

    double Draw(RandomEngine& engine, std::vector<double>& features) const override;

    /**
     * Makes a target.
     * @param engine the sample's engine
     * @param signal w.x
     * @return the target
     */
    virtual double DrawTarget(RandomEngine& engine, double signal) const;

    double m_noise; //!< standard deviation of the noise, or share of labels

  private:
    RandomRotation m_rotation;       //!< from the axes of the covariance to the features
    std::vector<double> m_deviation; //!< standard deviation along each axis
    std::vector<double> m_direction; //!< signal of a unit normal along each axis
};

/**
 * @ingroup distributed-learning-data
 *
 * Features as of LinearLaw with two classes: class 1 has the log-odds w.x, normal of mean 0 and a
 * stated standard deviation; then a stated share of all labels, drawn independently, is flipped.
 */
class LogisticLaw : public LinearLaw
{
  public:
    /**
     * States the law.
     * @param features number of features, 1 to 10^7
     * @param condition condition number of the covariance, 1 to 10^12
     * @param signal standard deviation of the log-odds, above 0
     * @param noise probability that a label is flipped, 0 to 0.5
     * @param seed the seed
     */
    LogisticLaw(uint32_t features, double condition, double signal, double noise, uint64_t seed);

  protected:
    double DrawTarget(RandomEngine& engine, double signal) const override;
};

/**
 * @ingroup distributed-learning-data
 *
 * Gaussian clusters: equally likely classes, each normal with unit covariance around its center;
 * any two centers are exactly the stated separation apart. For two classes the best classifier errs
 * with probability Phi(-separation / 2).
 */
class ClusterLaw : public SyntheticLaw
{
  public:
    /**
     * States the law.
     * @param features number of features, at least classes
     * @param classes number of classes, at least 2
     * @param separation distance between two centers in standard deviations, at least 0
     * @param seed the seed
     */
    ClusterLaw(uint32_t features, uint32_t classes, double separation, uint64_t seed);

    /**
     * Center of a class.
     * @param index the class
     * @return one number a feature
     */
    std::vector<double> GetCenter(uint32_t index) const;

  protected:
    double Draw(RandomEngine& engine, std::vector<double>& features) const override;

  private:
    double m_separation;       //!< distance between two centers
    RandomRotation m_rotation; //!< turns axes to centers
};

/**
 * @ingroup distributed-learning-data
 *
 * Samples a of the homogeneous quadratic F(x; a) = h/2 |x - a|^2: a is normal with variance
 * s2 / (h^2 d) in each of d features, so that the gradient h (x - a) of one sample has noise of
 * total variance s2. Targets are 0.
 *
 * Every set is shifted to have mean 0, so that its optimum is x = 0 as in the theory and not the
 * mean of a finite draw, and scaled by sqrt(N / (N - 1)), which undoes the shift's effect on the
 * variance. So sets of different lengths N differ in all samples, and N is at least 2.
 */
class QuadraticLaw : public SyntheticLaw
{
  public:
    /**
     * States the law.
     * @param features dimension d, 1 to 10^7
     * @param curvature h, above 0
     * @param variance s2, at least 0
     * @param seed the seed
     */
    QuadraticLaw(uint32_t features, double curvature, double variance, uint64_t seed);

  protected:
    double Draw(RandomEngine& engine, std::vector<double>& features) const override;
    void Adjust(std::vector<float>& features) const override;

  private:
    double m_deviation; //!< standard deviation of a feature
};

} // namespace learning
} // namespace ns3

#endif /* SYNTHETIC_DATA_H */
