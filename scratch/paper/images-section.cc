/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "sections.h"
#include "training-study.h"

#include <cmath>
#include <cstdlib>

namespace ns3
{
namespace learning
{

namespace
{

constexpr double PAPER_ROUNDS = 15625; //!< 160 epochs of 50,000 samples by 512

/// The tasks of figures 4(a), 4(b), 5(a), 5(b); the drawing grid is 0.0008.
const std::vector<PublishedTask> TASKS{{"ResNet-20", "4a", "5a", 160, 10, 0.0008},
                                       {"ResNet-110", "4b", "5b", 160, 10, 0.0008}};

/**
 * A claim of the paper on images.
 * @param source where it stands
 * @param text the claim
 * @param found what was found
 * @param verdict what came of it
 * @param study name of the study, which tells the rows of two studies apart
 * @return the row
 */
Claim
MakeClaim(const std::string& source,
          const std::string& text,
          const std::string& found,
          Verdict verdict,
          const std::string& study)
{
    return Claim{source + " (" + study + ")", text, found, verdict};
}

/**
 * Judges the paper's claims on images.
 * @param study the study
 * @param name of the study
 * @param report where the claims go
 */
void
Judge(const TrainingStudy& study, const std::string& name, StudyReport& report)
{
    using Study = TrainingStudy;
    report.Add(MakeClaim("figure 4",
                         "1 % of drops do not raise the loss of RPS (by no more than 5 %; paper: "
                         "x1.01 on ResNet-20, x0.98 on ResNet-110)",
                         "x" + study.Describe(Study::RPS, "0.01"),
                         study.Judge(Study::RPS, "0.01", 0, 1.05),
                         name));
    report.Add(
        MakeClaim("figure 4",
                  "10 % of drops raise the loss of RPS a little (by up to 30 %; paper: x1.23 "
                  "on ResNet-20, x1.29 on ResNet-110)",
                  "x" + study.Describe(Study::RPS, "0.1"),
                  study.Judge(Study::RPS, "0.1", 0, 1.3),
                  name));
    report.Add(
        MakeClaim("figure 4",
                  "at 40 % of drops RPS still converges, to x1.5 to x3.5 of the loss (paper: "
                  "x1.9 on ResNet-20, x3.2 on ResNet-110)",
                  "x" + study.Describe(Study::RPS, "0.4"),
                  study.Judge(Study::RPS, "0.4", 1.5, 3.5),
                  name));
    for (const auto& [algorithm, treatment] :
         {std::make_pair(Study::OWN, "own gradient"), std::make_pair(Study::ZERO, "zero update")})
    {
        const auto ratio = study.GetRuns(algorithm, "0.01")
                               .GetRatio(study.GetRuns(Study::RPS, "0.01"), "mean_worker_loss");
        report.Add(MakeClaim(
            "figure 5",
            std::string("1 % of drops harm gradient averaging much more than RPS (by more than 10 "
                        "%; paper: x3.3 on ResNet-20, x9.6 on ResNet-110), ") +
                treatment,
            "x" + FormatWithError(ratio.mean, ratio.deviation) + " of the loss of RPS; at 5 % x" +
                study.Describe(algorithm, "0.05") + " and at 40 % x" +
                study.Describe(algorithm, "0.4") + " of that without drops",
            JudgeRange(ratio.mean, GetStandardError(ratio), 1.1, INFINITY),
            name));
    }
}

} // namespace

void
AddImagesSection(const PublishedCurves& published, StudyReport& report)
{
    size_t number = 0;
    for (const RunSelection& runs : TrainingStudy::Split(report.Load("images")))
    {
        const auto& knobs = runs.GetRuns().front().run.knobs;
        const std::string name = knobs.at("model") + " on " + knobs.at("dataset");
        report.AddHeading("Figures 4 and 5, images, at reduced length: " + name);
        report.AddParagraph(
            "The paper trains ResNet-20 and ResNet-110 on CIFAR-10 for 160 epochs of 98 rounds. "
            "Here, so that it takes minutes: " +
            knobs.at("model") + " on the first " + knobs.at("trainSamples") +
            " training samples of " + knobs.at("dataset") + ", " + knobs.at("rounds") +
            " rounds of 16 workers with local batches of 32, which is " +
            FormatShort(runs.GetStatistic("epochs").mean) +
            " epochs; the paper's schedule scaled to that: a warm-up over the first 1/32, steps "
            "to a tenth after half and three quarters, no momentum, no regularisation. Absolute "
            "losses of so short a training are not those of the paper: ratios to the run without "
            "drops are compared. Errors of gradient averaging grow with drop rate times rounds: "
            "1 % here is as much as " +
            FormatShort(std::atof(knobs.at("rounds").c_str()) / PAPER_ROUNDS) +
            " % in the paper, and 40 % here as much as " +
            FormatShort(40 * std::atof(knobs.at("rounds").c_str()) / PAPER_ROUNDS) +
            " % there. Evaluated on " + knobs.at("workerEvaluationSamples") +
            " training samples, the same ones for every replica and the mean model.");
        const TrainingStudy study(report,
                                  runs,
                                  published,
                                  TASKS,
                                  "images-" + std::to_string(++number));
        study.AddCurves();
        study.AddRatios();
        study.AddConditions();
        study.AddDeviations();
        Judge(study, name, report);
        const auto lossless = runs.Where("dropRate", "0");
        const auto same = lossless.Where("algorithm", "gradient-averaging")
                              .GetRatio(lossless.Where("algorithm", "rps"), "mean_worker_loss");
        report.Add(MakeClaim("figures 4, 5",
                             "without drops RPS and gradient averaging are the same but for "
                             "rounding (losses within 10 %; the paper's two runs differ by 2 %)",
                             "x" + FormatShort(same.mean),
                             JudgeRange(same.mean, 0, 0.9, 1.1),
                             name));
    }
}

void
AddCifarSection(const PublishedCurves& published, StudyReport& report)
{
    for (const auto& task : TASKS)
    {
        const std::string model = task.name == "ResNet-20" ? "resnet:20" : "resnet:110";
        const RunSelection runs = report.LoadIfPresent("cifar10").Where("model", model);
        if (runs.GetRuns().empty())
        {
            continue;
        }
        report.AddHeading("Figures 4 and 5 by the paper's own recipe: " + task.name +
                          " on CIFAR-10");
        const TrainingStudy study(report, runs, published, {task}, "cifar10-" + task.averaging);
        study.AddCurves();
        study.AddRatios();
        study.AddConditions();
        study.AddDeviations();
        const double tail = task.epochs - task.tail;
        report.Add(Deviation{
            task.averaging,
            "paper's " + task.name + ": training loss without drops, mean replica",
            GetTailMean(published.Get(task.averaging, "arrival_100"), tail),
            task.readingError,
            study.GetRuns(TrainingStudy::RPS, "0").GetStatistic("mean_worker_loss").mean,
            GetStandardError(
                study.GetRuns(TrainingStudy::RPS, "0").GetStatistic("mean_worker_loss"))});
        Judge(study, task.name + " on CIFAR-10", report);
    }
}

} // namespace learning
} // namespace ns3
