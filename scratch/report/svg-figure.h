/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef SVG_FIGURE_H
#define SVG_FIGURE_H

#include <cstdint>
#include <string>
#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-sweep
 *
 * One plot: curves of points, with or without error bars, drawn by gnuplot as SVG for a web page.
 *
 * The plot file is written by ns-3's Gnuplot class and kept, so that the figure can be drawn again
 * in another way.
 */
class SvgFigure
{
  public:
    /// One point of a curve.
    struct Point
    {
        double x;     //!< abscissa
        double y;     //!< ordinate; points without a finite one are left out
        double error; //!< half length of the error bar
    };

    /// One curve.
    struct Curve
    {
        std::string label; //!< in the legend
        std::string color; //!< such as "#1f77b4"
        bool dashed;       //!< to tell one kind from another without color
        bool errorBars;    //!< whether points and their error bars are drawn, or only a line
        std::vector<Point> points; //!< by ascending x
    };

    /**
     * Starts a figure.
     * @param title above the plot
     * @param xLabel quantity and unit
     * @param yLabel quantity and unit
     * @param width in pixels
     * @param height in pixels
     */
    SvgFigure(const std::string& title,
              const std::string& xLabel,
              const std::string& yLabel,
              uint32_t width,
              uint32_t height);

    /**
     * Adds a curve, unless it has no finite point.
     * @param curve the curve
     */
    void Add(const Curve& curve);

    /// Makes the ordinate logarithmic.
    void SetLogarithmic();

    /// Puts the legend below the plot, for long labels.
    void SetLegendBelow();

    /**
     * Fixes the extent of the ordinate.
     * @param low its lower end
     * @param high its upper end
     */
    void SetRange(double low, double high);

    /**
     * Draws the figure.
     * @param directory where NAME.plt and NAME.svg are written; it exists
     * @param name file name without extension
     * @return the svg element; empty if there is no curve
     * @throws std::runtime_error if gnuplot cannot be started or fails
     */
    std::string Draw(const std::string& directory, const std::string& name) const;

    /**
     * Whether the program gnuplot is there.
     * @return whether Draw() can work
     */
    static bool IsGnuplotInstalled();

  private:
    std::string m_title;         //!< above the plot
    std::string m_xLabel;        //!< quantity and unit
    std::string m_yLabel;        //!< quantity and unit
    uint32_t m_width;            //!< pixels
    uint32_t m_height;           //!< pixels
    bool m_logarithmic{false};   //!< of the ordinate
    bool m_legendBelow{false};   //!< instead of at the right
    double m_low{0};             //!< of the ordinate
    double m_high{0};            //!< of the ordinate; not above m_low if free
    std::vector<Curve> m_curves; //!< in the order of the legend
};

/**
 * @ingroup distributed-learning-sweep
 *
 * A color of an ordered scale.
 * @param scale the scale, from one end to the other
 * @param index which of the colors asked for
 * @param count how many colors are asked for
 * @return the color
 */
std::string PickColor(const std::vector<std::string>& scale, size_t index, size_t count);

/**
 * @ingroup distributed-learning-sweep
 *
 * The scale for drop rates.
 * @return colors from none to high, blue to red
 */
const std::vector<std::string>& GetRateColors();

} // namespace learning
} // namespace ns3

#endif /* SVG_FIGURE_H */
