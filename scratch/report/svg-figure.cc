/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "svg-figure.h"

#include "../sweep/child-process.h"

#include "ns3/gnuplot.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <unistd.h>

namespace ns3
{
namespace learning
{

namespace
{

/// Looks of all figures.
const char* const STYLE = R"(set border 3 linecolor rgb "#9aa4af" linewidth 1
set tics nomirror textcolor rgb "#3d4752" scale 0.6
set grid xtics ytics linetype 1 linecolor rgb "#e6eaee" linewidth 0.7
set key outside Left reverse samplen 1.6 spacing 1.15 noenhanced
set title noenhanced font ",14"
set bars 0.6
set lmargin 10
)";

/**
 * Writes a text so that gnuplot takes it literally within double quotes.
 * @param text the text
 * @return the text, escaped
 */
std::string
Escape(const std::string& text)
{
    std::string escaped;
    for (char c : text)
    {
        escaped += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
    }
    return escaped;
}

} // namespace

SvgFigure::SvgFigure(const std::string& title,
                     const std::string& xLabel,
                     const std::string& yLabel,
                     uint32_t width,
                     uint32_t height)
    : m_title(title),
      m_xLabel(xLabel),
      m_yLabel(yLabel),
      m_width(width),
      m_height(height)
{
}

void
SvgFigure::Add(const Curve& curve)
{
    Curve finite = curve;
    finite.points.clear();
    for (const auto& point : curve.points)
    {
        if (std::isfinite(point.x) && std::isfinite(point.y) && (!m_logarithmic || point.y > 0))
        {
            finite.points.push_back(point);
        }
    }
    if (!finite.points.empty())
    {
        m_curves.push_back(finite);
    }
}

void
SvgFigure::SetLogarithmic()
{
    m_logarithmic = true;
}

void
SvgFigure::SetLegendBelow()
{
    m_legendBelow = true;
}

void
SvgFigure::SetRange(double low, double high)
{
    m_low = low;
    m_high = high;
}

std::string
SvgFigure::Draw(const std::string& directory, const std::string& name) const
{
    if (m_curves.empty())
    {
        return "";
    }
    const std::string base = directory + "/" + name;
    std::ostringstream terminal;
    terminal
        << "svg size " << m_width << "," << m_height
        << " dynamic font \"Helvetica,Arial,sans-serif,12\" linewidth 1.6 background \"#ffffff\"";
    Gnuplot plot(Escape(base) + ".svg", Escape(m_title));
    plot.SetTerminal(terminal.str());
    plot.SetLegend(Escape(m_xLabel), Escape(m_yLabel));
    plot.SetExtra(STYLE);
    if (m_legendBelow)
    {
        size_t longest = 0;
        for (const auto& curve : m_curves)
        {
            longest = std::max(longest, curve.label.size());
        }
        // gnuplot thinks labels a quarter wider than they are
        plot.AppendExtra("set key below center horizontal font \",11\" width -" +
                         std::to_string(longest / 4) + "\nset xlabel offset 0, 0.8");
    }
    else
    {
        plot.AppendExtra("set key right top vertical width -2");
    }
    if (m_logarithmic)
    {
        plot.AppendExtra("set logscale y\nset ytics (\"0.05\" 0.05, \"0.1\" 0.1, \"0.2\" 0.2, "
                         "\"0.3\" 0.3, \"0.5\" 0.5, "
                         "\"0.7\" 0.7, \"1\" 1, \"1.5\" 1.5, \"2\" 2, \"3\" 3, \"5\" 5, \"10\" 10, "
                         "\"100\" 100)");
    }
    if (m_high > m_low)
    {
        std::ostringstream range;
        range << "set yrange [" << m_low << ":" << m_high << "]";
        plot.AppendExtra(range.str());
    }
    double left = m_curves[0].points[0].x;
    double right = left;
    for (const auto& curve : m_curves)
    {
        for (const auto& point : curve.points)
        {
            left = std::min(left, point.x);
            right = std::max(right, point.x);
        }
    }
    if (right > left)
    {
        const double margin =
            m_curves[0].errorBars ? 0.02 * (right - left) : 0; // for the bars at the ends
        std::ostringstream range;
        range << "set xrange [" << left - margin << ":" << right + margin << "]";
        plot.AppendExtra(range.str());
    }
    for (const auto& curve : m_curves)
    {
        Gnuplot2dDataset dataset(Escape(curve.label));
        dataset.SetStyle(curve.errorBars ? Gnuplot2dDataset::LINES_POINTS
                                         : Gnuplot2dDataset::LINES);
        dataset.SetErrorBars(curve.errorBars ? Gnuplot2dDataset::Y : Gnuplot2dDataset::NONE);
        dataset.SetExtra("linecolor rgb \"" + curve.color + "\"" +
                         (curve.dashed ? " dashtype 2" : "") +
                         (curve.errorBars ? " pointtype 7 pointsize 0.5" : ""));
        for (const auto& point : curve.points)
        {
            if (curve.errorBars)
            {
                dataset.Add(point.x, point.y, point.error);
            }
            else
            {
                dataset.Add(point.x, point.y);
            }
        }
        plot.AddDataset(dataset);
    }
    std::ofstream script(base + ".plt");
    plot.GenerateOutput(script);
    script.close();
    if (!script)
    {
        throw std::runtime_error(base + ".plt: cannot be written");
    }
    ChildProcess gnuplot({"gnuplot", base + ".plt"}, base + ".log", base + ".log");
    gnuplot.Wait();
    std::ifstream drawn(base + ".svg");
    std::ostringstream text;
    text << drawn.rdbuf();
    const size_t start = text.str().find("<svg");
    if (gnuplot.GetExitStatus() != 0 || start == std::string::npos)
    {
        throw std::runtime_error("gnuplot could not draw " + base + ".plt; it says why in " + base +
                                 ".log");
    }
    unlink((base + ".log").c_str());
    return text.str().substr(start);
}

bool
SvgFigure::IsGnuplotInstalled()
{
    const char* path = std::getenv("PATH");
    std::istringstream directories(path ? path : "");
    for (std::string directory; std::getline(directories, directory, ':');)
    {
        if (access((directory + "/gnuplot").c_str(), X_OK) == 0)
        {
            return true;
        }
    }
    return false;
}

std::string
PickColor(const std::vector<std::string>& scale, size_t index, size_t count)
{
    const size_t last = scale.size() - 1;
    return scale[count < 2 ? last : std::min(last, index * last / (count - 1))];
}

const std::vector<std::string>&
GetRateColors()
{
    static const std::vector<std::string> colors{"#14315f",
                                                 "#2472b3",
                                                 "#1c9a8f",
                                                 "#8f9a1d",
                                                 "#e58a1a",
                                                 "#c22f27"};
    return colors;
}

} // namespace learning
} // namespace ns3
