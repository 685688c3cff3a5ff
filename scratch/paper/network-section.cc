/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "network-study.h"
#include "sections.h"

#include <cmath>
#include <cstdlib>

namespace ns3
{
namespace learning
{

namespace
{

constexpr double READING_ERROR_6 = 0.006; //!< of figure 6
constexpr double READING_ERROR_7 = 0.003; //!< of figure 7

const std::vector<std::string> RATES{"10000", "5000", "2000"}; //!< messages a second

/// A target of figure 7.
struct Target
{
    std::string series; //!< of the paper's curve
    double seconds;     //!< mean completion time
    std::string label;  //!< in figures
};

const std::vector<Target> TARGETS{{"target_10ms", 0.01, "10 ms"},
                                  {"target_5ms", 0.005, "5 ms"},
                                  {"target_2ms", 0.002, "2 ms"}};

/**
 * Adds a published curve to a figure.
 * @param points of the curve
 * @param label of the curve
 * @param color of the curve
 * @param figure the figure
 */
void
Draw(const PublishedCurve& points,
     const std::string& label,
     const std::string& color,
     SvgFigure& figure)
{
    SvgFigure::Curve curve{label, color, true, true, {}};
    for (const auto& point : points)
    {
        curve.points.push_back({point.x, point.y, 0});
    }
    figure.Add(curve);
}

/**
 * Adds a curve of runs to a figure.
 * @param points of the curve
 * @param member the ordinate
 * @param label of the curve
 * @param color of the curve
 * @param figure the figure
 */
template <typename Point>
void
Draw(const std::vector<Point>& points,
     SeedStatistic Point::*member,
     const std::string& label,
     const std::string& color,
     SvgFigure& figure)
{
    SvgFigure::Curve curve{label, color, false, true, {}};
    for (const auto& point : points)
    {
        curve.points.push_back({point.loss, (point.*member).mean, (point.*member).deviation});
    }
    figure.Add(curve);
}

/**
 * Adds a row to the table of deviations.
 * @param figure of the publication
 * @param quantity what it is
 * @param published the published number
 * @param readingError of it
 * @param found over the seeds
 * @param report where to
 */
void
AddDeviation(const std::string& figure,
             const std::string& quantity,
             double published,
             double readingError,
             const SeedStatistic& found,
             StudyReport& report)
{
    report.Add(
        Deviation{figure, quantity, published, readingError, found.mean, GetStandardError(found)});
}

/**
 * What was found at the loads or targets.
 * @param values over the seeds
 * @param prefix before each
 * @return with standard errors
 */
std::string
List(const std::vector<SeedStatistic>& values, const std::string& prefix)
{
    std::string text;
    for (const auto& value : values)
    {
        text += (text.empty() ? "" : ", ") + prefix +
                FormatWithError(value.mean, GetStandardError(value));
    }
    return text;
}

/**
 * Judges a range for the values of all loads.
 * @param values over the seeds
 * @param low lower end
 * @param high upper end
 * @return holds if it does for each
 */
Verdict
JudgeEach(const std::vector<SeedStatistic>& values, double low, double high)
{
    std::vector<Verdict> verdicts;
    for (const auto& value : values)
    {
        verdicts.push_back(JudgeRange(value.mean, GetStandardError(value), low, high));
    }
    return GradeVerdicts(verdicts);
}

/**
 * Judges whether values descend.
 * @param values over the seeds
 * @return holds if each is larger than the next one
 */
Verdict
JudgeDescent(const std::vector<SeedStatistic>& values)
{
    std::vector<Verdict> verdicts;
    for (size_t i = 0; i + 1 < values.size(); ++i)
    {
        const double error =
            std::hypot(GetStandardError(values[i]), GetStandardError(values[i + 1]));
        verdicts.push_back(JudgeRange(values[i].mean - values[i + 1].mean, error, 1e-12, INFINITY));
    }
    return GradeVerdicts(verdicts);
}

/**
 * Figure 6: speed-ups against the loss of learning traffic.
 * @param study the runs
 * @param published the paper's curves
 * @param report where to
 */
void
AddSpeedUps(const NetworkStudy& study, const PublishedCurves& published, StudyReport& report)
{
    SvgFigure mean("figure 6: mean completion time",
                   "loss of learning traffic",
                   "speed-up",
                   540,
                   380);
    SvgFigure tail("not in the paper: 99th percentile",
                   "loss of learning traffic",
                   "speed-up",
                   540,
                   380);
    mean.SetLegendBelow();
    tail.SetLegendBelow();
    std::vector<SeedStatistic> atTenPercent; // of each load
    std::vector<SeedStatistic> atFull;
    for (size_t i = 0; i < RATES.size(); ++i)
    {
        const auto color = PickColor(GetRateColors(), RATES.size() - 1 - i, RATES.size());
        const auto points = study.GetSpeedUps(RATES[i]);
        const auto& paper = published.Get("6", "lambda_" + RATES[i]);
        Draw(paper, "paper, " + RATES[i] + "/s", color, mean);
        Draw(points, &SpeedUp::mean, "here, " + RATES[i] + "/s", color, mean);
        Draw(points, &SpeedUp::tail, RATES[i] + "/s", color, tail);
        for (const double loss : {0.1, 0.2, 0.4})
        {
            AddDeviation("6",
                         "speed-up at " + FormatShort(100 * loss) + " % loss, " + RATES[i] + "/s",
                         Interpolate(paper, loss),
                         READING_ERROR_6,
                         study.GetSpeedUpAt(RATES[i], loss),
                         report);
        }
        atTenPercent.push_back(study.GetSpeedUpAt(RATES[i], 0.1));
        atFull.push_back(points.empty() ? SeedStatistic::Of({}) : points.back().mean);
        AddDeviation("6",
                     "speed-up when all learning traffic is lost, " + RATES[i] + "/s",
                     paper.back().y,
                     READING_ERROR_6,
                     atFull.back(),
                     report);
    }
    report.AddFigures({{"speed-up", mean}, {"speed-up-tail", tail}},
                      "Speed-up of web messages over the least loss, by the share of learning "
                      "segments that were dropped; mean and sample standard deviation over the "
                      "seeds. The knob is the length of queue beyond which a switch port drops "
                      "learning segments.");
    const std::string found =
        List(atTenPercent, "x") + " at 10,000, 5,000, 2,000 messages/s (± standard error)";
    report.Add(Claim{"section 7",
                     "10 % of losses make web messages more than 20 % faster",
                     found,
                     JudgeEach(atTenPercent, 1.2, INFINITY),
                     "The paper's own curves cross 1.2 at 10,000/s only"});
    report.Add(Claim{"figure 6",
                     "10 % of losses make web messages 10 to 30 % faster, at all three loads",
                     found,
                     JudgeEach(atTenPercent, 1.1, 1.3),
                     "What is gained hangs on buffers and on the TCP of the messages, which the "
                     "paper does not state"});
    report.Add(Claim{"figure 6",
                     "when all is lost, the higher the load the larger the speed-up (paper: 2.64, "
                     "2.00, 1.82)",
                     List(atFull, "x"),
                     JudgeDescent(atFull),
                     "Pauses of TCP are rare and long: few of them in a run decide its mean"});
}

/**
 * Figure 7: cost at a fixed completion time.
 * @param study the runs
 * @param published the paper's curves
 * @param report where to
 */
void
AddCosts(const NetworkStudy& study, const PublishedCurves& published, StudyReport& report)
{
    SvgFigure figure("figure 7: cost at a fixed mean completion time",
                     "loss of learning traffic",
                     "messages/s without priority / with",
                     540,
                     380);
    figure.SetLegendBelow();
    std::vector<SeedStatistic> full;
    std::string rates;
    for (size_t i = 0; i < TARGETS.size(); ++i)
    {
        const auto color = PickColor(GetRateColors(), TARGETS.size() - 1 - i, TARGETS.size());
        const auto points = study.GetCosts(TARGETS[i].seconds);
        const auto& paper = published.Get("7", TARGETS[i].series);
        Draw(paper, "paper, " + TARGETS[i].label, color, figure);
        Draw(points, &ServiceCost::cost, "here, " + TARGETS[i].label, color, figure);
        AddDeviation("7",
                     "cost at 10 % loss, " + TARGETS[i].label,
                     Interpolate(paper, 0.1),
                     READING_ERROR_7,
                     study.GetCostAt(TARGETS[i].seconds, 0.1),
                     report);
        full.push_back(points.empty() ? SeedStatistic::Of({}) : points.back().cost);
        AddDeviation("7",
                     "cost when all learning traffic is lost, " + TARGETS[i].label,
                     paper.back().y,
                     READING_ERROR_7,
                     full.back(),
                     report);
        if (!points.empty())
        {
            rates += (rates.empty() ? "" : "; ") + TARGETS[i].label + ": " +
                     FormatShort(points.front().webRate) + "/s at least loss, " +
                     FormatShort(points.back().webRate) + "/s at most";
        }
    }
    report.AddFigures({{"cost", figure}},
                      "Messages a second that the network carries at a mean completion time, "
                      "between the loads that were run: at the least loss over those at more; mean "
                      "and sample standard deviation over the seeds. " +
                          rates + ".");
    report.Add(Claim{"figure 7",
                     "the shorter the completion time, the more is saved (paper, all lost: 0.76, "
                     "0.67, 0.25 at 10, 5, 2 ms)",
                     List(full, "") + " at 10, 5, 2 ms (± standard error)",
                     JudgeDescent(full)});
}

/**
 * The loss that web traffic makes, against drops of the same rate.
 * @param report where to
 */
void
AddCorrelated(StudyReport& report)
{
    const RunSelection correlated = report.Load("correlated");
    const RunSelection independent = report.Load("independent");
    const auto base = independent.Where("loss", "bernoulli").Where("dropRate", "0");
    TextTable table;
    table.heading = {"loss", "rate", "seeds", "mean replica", "over no loss", "consensus error"};
    const auto add = [&](const std::string& name, double rate, const RunSelection& runs) {
        const auto loss = runs.GetStatistic("mean_worker_loss");
        const auto ratio = runs.GetRatio(base, "mean_worker_loss");
        const auto consensus = runs.GetStatistic("consensus_error");
        table.rows.push_back({name,
                              FormatShort(rate),
                              std::to_string(runs.GetRuns().size()),
                              FormatWithError(loss.mean, loss.deviation),
                              FormatWithError(ratio.mean, ratio.deviation),
                              FormatWithError(consensus.mean, consensus.deviation)});
    };
    add("none", 0, base);
    std::vector<Verdict> verdicts;
    std::string found;
    const auto rates = independent.GetValues("dropRate");
    for (const auto& priority : correlated.GetValues("queueDisc"))
    {
        const auto runs = correlated.Where("queueDisc", priority);
        double rate = 0;
        for (const auto& run : runs.GetRuns())
        {
            rate += NetworkStudy::GetLoss(run) / static_cast<double>(runs.GetRuns().size());
        }
        std::string nearest = rates.empty() ? "" : rates.front();
        for (const auto& other : rates)
        {
            nearest = std::abs(std::atof(other.c_str()) - rate) <
                              std::abs(std::atof(nearest.c_str()) - rate)
                          ? other
                          : nearest;
        }
        add("web traffic, " + priority, rate, runs);
        for (const auto& law : independent.GetValues("loss"))
        {
            add(law,
                std::atof(nearest.c_str()),
                independent.Where("loss", law).Where("dropRate", nearest));
        }
        const auto ratio =
            runs.GetRatio(independent.Where("loss", "bernoulli").Where("dropRate", nearest),
                          "mean_worker_loss");
        found += (found.empty() ? "" : ", ") + std::string("x") +
                 FormatWithError(ratio.mean, ratio.deviation) + " at a loss of " +
                 FormatShort(100 * rate) + " %";
        verdicts.push_back(JudgeRange(ratio.mean, GetStandardError(ratio), 0.95, 1.05));
    }
    report.Add(Claim{"not in the paper",
                     "loss made by web traffic, which is correlated, harms training no more and no "
                     "less than independent drops at the same rate (final loss within 5 %)",
                     found.empty() ? "-" : found,
                     JoinVerdicts(verdicts)});
    report.AddHeading("The loss that 10,000 messages a second make, fed into the training");
    report.AddParagraph("The network, bursts and model of figure 6 at one load and three "
                        "thresholds, with a batch and a length that let the model learn: its "
                        "segments are dropped by full queues, many at a time; and again with drops "
                        "of the same rate, independent ones and bursts of 8. Mean ± sample "
                        "standard deviation over the seeds; theory covers independent drops only.");
    report.AddTable(table);
}

} // namespace

void
AddNetworkSection(const PublishedCurves& published, StudyReport& report)
{
    const NetworkStudy study(report.Load("network"));
    report.AddHeading("Figures 6 and 7: a Web service on the same wires");
    report.AddParagraph(
        "16 hosts at 1 Gbit/s on one switch, bursts of training rounds that average 2.4 Gbit/s in "
        "total, messages of 100 kB over TCP from all to all. The paper does not state buffers, "
        "transport or the mechanism of priority; here: 540 kB a port, hosts included, CUBIC with "
        "jumbo frames, and a drop threshold "
        "for learning segments. Mean completion time at the least loss, where the paper has 10 ms "
        "at 9,500/s, 5 ms at 7,000/s and 2 ms at 1,500/s: " +
        FormatShort(1000 * study.GetReferenceTime("9000")) + " ms at 9,000/s, " +
        FormatShort(1000 * study.GetReferenceTime("7000")) + " ms at 7,000/s, " +
        FormatShort(1000 * study.GetReferenceTime("1500")) + " ms at 1,500/s.");
    AddSpeedUps(study, published, report);
    AddCosts(study, published, report);
    AddCorrelated(report);
}

} // namespace learning
} // namespace ns3
