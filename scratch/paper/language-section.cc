/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "sections.h"
#include "training-study.h"

namespace ns3
{
namespace learning
{

namespace
{

/// The task of figures 4(c) and 5(c); the drawing grid is 0.0003.
const std::vector<PublishedTask> TASKS{{"LSTM on ATIS", "4c", "5c", 20, 3, 0.0003}};

/**
 * One task: figures, table, verdicts.
 * @param runs its runs
 * @param name begins the names of files
 * @param published the paper's curves
 * @param report where to
 */
void
AddTask(const RunSelection& runs,
        const std::string& name,
        const PublishedCurves& published,
        StudyReport& report)
{
    using Study = TrainingStudy;
    const auto& knobs = runs.GetRuns().front().run.knobs;
    report.AddHeading("Figures 4(c) and 5(c), the language task: " + knobs.at("dataset"));
    const Study study(report, runs, published, TASKS, name);
    report.AddParagraph(
        "The paper trains a one-layer LSTM on ATIS for 20 epochs. Here: " + knobs.at("model") +
        " on " + knobs.at("dataset") + ", " + knobs.at("rounds") + " rounds of 16 workers, " +
        FormatShort(runs.GetStatistic("epochs").mean) +
        " epochs. Its sentences are generated, so absolute losses are not those of "
        "the paper.");
    study.AddCurves();
    study.AddRatios();
    study.AddConditions();
    study.AddDeviations();
    report.Add(Claim{"section 6, figure 4(c)",
                     "drops of up to 10 % raise the loss of RPS by no more than 0.01 of 0.01, that "
                     "is to x2 or less (the figure itself has x1.4, x1.5 and x2.2)",
                     "x" + study.Describe(Study::RPS, "0.01") + ", x" +
                         study.Describe(Study::RPS, "0.05") + " and x" +
                         study.Describe(Study::RPS, "0.1") + " at 1, 5 and 10 %",
                     JoinVerdicts({study.Judge(Study::RPS, "0.01", 0, 2),
                                   study.Judge(Study::RPS, "0.05", 0, 2),
                                   study.Judge(Study::RPS, "0.1", 0, 2)})});
    for (const auto& [algorithm, treatment] :
         {std::make_pair(Study::OWN, "own gradient"), std::make_pair(Study::ZERO, "zero update")})
    {
        const auto ratio = study.GetRuns(algorithm, "0.01")
                               .GetRatio(study.GetRuns(Study::RPS, "0.01"), "mean_worker_loss");
        report.Add(
            Claim{"section 6, figure 5(c)",
                  std::string("text: gradient averaging suffers more from drops than RPS "
                              "(loss at 1 % above that of RPS), ") +
                      treatment + "; the paper's own figure 5(c) contradicts it with x0.71",
                  "x" + FormatWithError(ratio.mean, ratio.deviation) + " of the loss of RPS at 1 %",
                  JudgeRange(ratio.mean, GetStandardError(ratio), 1 + 1e-9, 1e9)});
        report.Add(Claim{"figure 5(c)",
                         std::string("figure: 1 % of drops leave gradient averaging on text as it "
                                     "is (within 5 %), ") +
                             treatment,
                         "x" + study.Describe(algorithm, "0.01") + " of the loss without drops",
                         study.Judge(algorithm, "0.01", 0.95, 1.05)});
    }
}

} // namespace

void
AddLanguageSection(const PublishedCurves& published, StudyReport& report)
{
    size_t number = 0;
    for (const RunSelection& runs : TrainingStudy::Split(report.Load("language")))
    {
        AddTask(runs, "language-" + std::to_string(++number), published, report);
    }
}

} // namespace learning
} // namespace ns3
