/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef DROP_RATE_FIGURES_H
#define DROP_RATE_FIGURES_H

#include "drop-rate-study.h"
#include "round-curve.h"

#include <string>
#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-sweep
 *
 * The figures of a sweep over drop rates, as SVG elements. Plot files are kept beside them in one
 * directory.
 */
class DropRateFigures
{
  public:
    /// Which series a figure against the drop rate shows.
    enum Selection
    {
        ALL,     //!< all
        RPS_ONLY //!< those of RPS, whose differences are small beside those of the others
    };

    /// Which quantity a figure against the drop rate shows.
    enum Quantity
    {
        LOSS,          //!< final training loss
        RELATIVE_LOSS, //!< final training loss over that at p = 0
        ACCURACY       //!< final test accuracy, in percent
    };

    /**
     * Reads the per-round files of all runs.
     * @param study the sweep; it outlives the figures
     * @param runs directory of the runs' folders
     * @param csv name of the per-round file in each of them
     * @param directory where plot files are written, made if need be
     */
    DropRateFigures(const DropRateStudy& study,
                    const std::string& runs,
                    const std::string& csv,
                    const std::string& directory);

    /**
     * What could not be read.
     * @return a sentence for each per-round file that cannot be used, or one if none can
     */
    const std::vector<std::string>& GetProblems() const;

    /**
     * Whether there are rounds to draw.
     * @return whether any per-round file could be used
     */
    bool HasCurves() const;

    /**
     * Draws the loss of every recorded round, one figure a series with one curve a drop rate, all
     * with the same ordinate.
     * @param byTime whether against simulated time instead of the round's number
     * @return svg elements, empty ones where there is no curve
     */
    std::vector<std::string> DrawCurves(bool byTime) const;

    /**
     * Draws a quantity at the end of the runs against the drop rate, one curve a series, with error
     * bars.
     * @param title of the figure
     * @param yLabel quantity and unit
     * @param quantity which quantity
     * @param selection which series
     * @param logarithmic whether the ordinate is
     * @param name of the plot files
     * @return svg element, empty if no series is selected
     */
    std::string DrawFinal(const std::string& title,
                          const std::string& yLabel,
                          Quantity quantity,
                          Selection selection,
                          bool logarithmic,
                          const std::string& name) const;

    /**
     * Whether a series is one of RPS.
     * @param series the series
     * @return whether it is
     */
    static bool IsRps(const DropRateSeries& series);

  private:
    using SeriesCurves =
        std::vector<std::vector<RoundPoint>>; //!< mean over seeds, for each drop rate of a series

    const DropRateStudy& m_study;        //!< the sweep
    std::string m_directory;             //!< of the plot files
    std::vector<SeriesCurves> m_curves;  //!< for each series
    std::vector<std::string> m_problems; //!< what could not be read
    bool m_hasCurves{false};             //!< whether anything could
};

} // namespace learning
} // namespace ns3

#endif /* DROP_RATE_FIGURES_H */
