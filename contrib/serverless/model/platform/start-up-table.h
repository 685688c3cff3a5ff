/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef START_UP_TABLE_H
#define START_UP_TABLE_H

#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace serverless
{

/**
 * @ingroup serverless-learning-platform
 *
 * A measured function of a count, linear between its points, constant before the first one, and
 * beyond the last one with the slope of the last two.
 */
class StartUpTable
{
  public:
    /**
     * Reads a table.
     * @param text such as "0:0,10:1.2,50:11": counts ascending, values in s, 0 to 1e6
     * @throws std::invalid_argument with one sentence if it is no such table
     */
    explicit StartUpTable(const std::string& text);

    /**
     * Looks up a value.
     * @param count the count
     * @return the value in s, 0 to 1e6
     * @throws std::invalid_argument with one sentence if it is larger
     */
    double GetSeconds(double count) const;

  private:
    std::vector<std::pair<double, double>> m_points; //!< counts and values, at least one
};

} // namespace serverless
} // namespace ns3

#endif /* START_UP_TABLE_H */
