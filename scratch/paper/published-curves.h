/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef PUBLISHED_CURVES_H
#define PUBLISHED_CURVES_H

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-paper
 *
 * A point of a published curve.
 */
struct PublishedPoint
{
    double x{0}; //!< abscissa
    double y{0}; //!< ordinate
};

/// Points of a published curve by ascending abscissa.
using PublishedCurve = std::vector<PublishedPoint>;

/**
 * @ingroup distributed-learning-paper
 *
 * The curves of figures 4 to 7 of Yu et al., Distributed Learning over Unreliable Networks, ICML
 * 2019, as read off its figures: scratch/paper/published-curves.csv, which says what they are and
 * how well they could be read.
 */
class PublishedCurves
{
  public:
    /**
     * Reads the curves.
     * @param file path of a CSV file with the columns figure, series, x, y and comments that begin
     * with #
     * @throws std::runtime_error naming file and line if it cannot be read
     */
    explicit PublishedCurves(const std::string& file);

    /**
     * A curve.
     * @param figure such as "4a"
     * @param series such as "arrival_99"
     * @return its points
     * @throws std::invalid_argument if there is none
     */
    const PublishedCurve& Get(const std::string& figure, const std::string& series) const;

  private:
    std::map<std::pair<std::string, std::string>, PublishedCurve> m_curves; //!< by figure, series
};

/**
 * @ingroup distributed-learning-paper
 *
 * Ordinate between the points of a curve, linearly.
 * @param curve the curve
 * @param x abscissa
 * @return ordinate; not a number outside of the curve
 */
double Interpolate(const PublishedCurve& curve, double x);

/**
 * @ingroup distributed-learning-paper
 *
 * Mean ordinate of the end of a curve.
 * @param curve the curve
 * @param from abscissa at which the end begins, itself left out
 * @return mean over the points beyond it; not a number if there is none
 */
double GetTailMean(const PublishedCurve& curve, double from);

} // namespace learning
} // namespace ns3

#endif /* PUBLISHED_CURVES_H */
