/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "network-study.h"
#include "sections.h"

#include <cmath>
#include <cstdlib>
#include <limits>

namespace ns3
{
namespace learning
{

namespace
{

constexpr double NOT_A_NUMBER = std::numeric_limits<double>::quiet_NaN();
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
 * Adds a curve to a figure.
 * @param points of the curve
 * @param label of the curve
 * @param color of the curve
 * @param dashed whether it is a published one
 * @param figure the figure
 */
void
Draw(const PublishedCurve& points,
     const std::string& label,
     const std::string& color,
     bool dashed,
     SvgFigure& figure)
{
    SvgFigure::Curve curve{label, color, dashed, true, {}};
    for (const auto& point : points)
    {
        curve.points.push_back({point.x, point.y, 0});
    }
    figure.Add(curve);
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
    std::vector<double> atTenPercent;
    std::vector<double> atFull;
    std::vector<double> errors; // of each load
    for (size_t i = 0; i < RATES.size(); ++i)
    {
        const auto color = PickColor(GetRateColors(), RATES.size() - 1 - i, RATES.size());
        const auto points = study.GetSpeedUps(RATES[i]);
        const auto curve = MakeCurve(points, &SpeedUp::mean);
        const auto& paper = published.Get("6", "lambda_" + RATES[i]);
        Draw(paper, "paper, " + RATES[i] + "/s", color, true, mean);
        Draw(curve, "here, " + RATES[i] + "/s", color, false, mean);
        Draw(MakeCurve(points, &SpeedUp::tail), RATES[i] + "/s", color, false, tail);
        for (const double loss : {0.1, 0.2, 0.4})
        {
            report.Add(
                Deviation{"6",
                          "speed-up at " + FormatShort(100 * loss) + " % loss, " + RATES[i] + "/s",
                          Interpolate(paper, loss),
                          READING_ERROR_6,
                          Interpolate(curve, loss),
                          points.empty() ? NOT_A_NUMBER : points.back().meanError});
        }
        report.Add(Deviation{"6",
                             "speed-up when all learning traffic is lost, " + RATES[i] + "/s",
                             paper.back().y,
                             READING_ERROR_6,
                             curve.empty() ? NOT_A_NUMBER : curve.back().y,
                             points.empty() ? NOT_A_NUMBER : points.back().meanError});
        atTenPercent.push_back(Interpolate(curve, 0.1));
        errors.push_back(points.empty() ? NOT_A_NUMBER : points.back().meanError);
        atFull.push_back(curve.empty() ? NOT_A_NUMBER : curve.back().y);
    }
    report.AddFigures({{"speed-up", mean}, {"speed-up-tail", tail}},
                      "Speed-up of web messages over the least loss, by the share of learning "
                      "segments that were dropped. The knob is the length of queue beyond which "
                      "a switch port drops learning segments.");
    const std::string found = "x" + FormatShort(atTenPercent[0]) + ", x" +
                              FormatShort(atTenPercent[1]) + ", x" + FormatShort(atTenPercent[2]) +
                              " at 10,000, 5,000, 2,000 messages/s";
    report.Add(Claim{"section 7",
                     "10 % of losses make web messages more than 20 % faster",
                     found,
                     JoinVerdicts({JudgeRange(atTenPercent[0], errors[0], 1.2, INFINITY),
                                   JudgeRange(atTenPercent[1], errors[1], 1.2, INFINITY),
                                   JudgeRange(atTenPercent[2], errors[2], 1.2, INFINITY)})});
    report.Add(Claim{"figure 6",
                     "10 % of losses make web messages 10 to 30 % faster, at all three loads",
                     found,
                     JoinVerdicts({JudgeRange(atTenPercent[0], errors[0], 1.1, 1.3),
                                   JudgeRange(atTenPercent[1], errors[1], 1.1, 1.3),
                                   JudgeRange(atTenPercent[2], errors[2], 1.1, 1.3)})});
    report.Add(Claim{
        "figure 6",
        "when all is lost, the higher the load the larger the speed-up (paper: 2.64, "
        "2.00, 1.82)",
        "x" + FormatShort(atFull[0]) + ", x" + FormatShort(atFull[1]) + ", x" +
            FormatShort(atFull[2]),
        JoinVerdicts(
            {JudgeRange(1 + atFull[0] - atFull[1], std::hypot(errors[0], errors[1]), 1, INFINITY),
             JudgeRange(1 + atFull[1] - atFull[2],
                        std::hypot(errors[1], errors[2]),
                        1,
                        INFINITY)})});
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
    std::vector<double> full;
    std::string rates;
    for (size_t i = 0; i < TARGETS.size(); ++i)
    {
        const auto color = PickColor(GetRateColors(), TARGETS.size() - 1 - i, TARGETS.size());
        const auto points = study.GetCosts(TARGETS[i].seconds);
        const auto curve = MakeCurve(points, &ServiceCost::cost);
        const auto& paper = published.Get("7", TARGETS[i].series);
        Draw(paper, "paper, " + TARGETS[i].label, color, true, figure);
        Draw(curve, "here, " + TARGETS[i].label, color, false, figure);
        report.Add(Deviation{"7",
                             "cost at 10 % loss, " + TARGETS[i].label,
                             Interpolate(paper, 0.1),
                             READING_ERROR_7,
                             Interpolate(curve, 0.1),
                             NOT_A_NUMBER});
        full.push_back(curve.empty() ? NOT_A_NUMBER : curve.back().y);
        report.Add(Deviation{"7",
                             "cost when all learning traffic is lost, " + TARGETS[i].label,
                             paper.back().y,
                             READING_ERROR_7,
                             full.back(),
                             NOT_A_NUMBER});
        if (!points.empty())
        {
            rates += (rates.empty() ? "" : "; ") + TARGETS[i].label + ": " +
                     FormatShort(points.front().webRate) + "/s at least loss, " +
                     FormatShort(points.back().webRate) + "/s at most";
        }
    }
    report.AddFigures({{"cost", figure}},
                      "Messages a second that the network carries at a mean completion time, "
                      "between the loads that were run: at the least loss over those at more. " +
                          rates + ".");
    report.Add(Claim{"figure 7",
                     "the shorter the completion time, the more is saved (paper, all lost: 0.25, "
                     "0.67, 0.76 at 2, 5, 10 ms)",
                     FormatShort(full[2]) + ", " + FormatShort(full[1]) + ", " +
                         FormatShort(full[0]) + " at 2, 5, 10 ms",
                     JoinVerdicts({JudgeRange(full[2] / full[1], 0, 0, 1),
                                   JudgeRange(full[1] / full[0], 0, 0, 1)})});
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
    report.AddHeading("The loss of figure 6, fed into the training");
    report.AddParagraph("A small network trains beside the Web service, so that its segments are "
                        "dropped by full queues, many at a time; and again with drops of the same "
                        "rate, independent ones and bursts of 8. Mean ± sample standard deviation "
                        "over the seeds; theory covers independent drops only.");
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
