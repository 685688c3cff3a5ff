/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "data-test-support.h"

#include "ns3/rng-seed-manager.h"
#include "ns3/scenario-options.h"

#include <memory>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::learning;

namespace
{

/**
 * Options of a program that was called with some arguments.
 * @param arguments the arguments
 * @return the options, parsed
 */
std::unique_ptr<ScenarioOptions>
Call(const std::vector<std::string>& arguments)
{
    auto options = std::make_unique<ScenarioOptions>("program.cc", "a test");
    options->Add("workers", "number of workers", "4");
    options->Add("dropRate", "a probability", "0.1");
    options->Add("placement", "a word", "near");
    options->Add("delay", "a time", "10us");
    options->Add("linkRate", "a rate", "10Gbps");
    std::vector<std::string> copies{"program"};
    copies.insert(copies.end(), arguments.begin(), arguments.end());
    std::vector<char*> pointers;
    for (std::string& copy : copies)
    {
        pointers.push_back(copy.data());
    }
    options->Parse(static_cast<int>(pointers.size()), pointers.data());
    return options;
}

/// Reads every option, so that a wrong value shows.
void
ReadAll(ScenarioOptions& options)
{
    options.GetUnsigned("workers", 1, 100);
    options.GetNumber("dropRate", 0, 1);
    options.GetWord("placement", {"near", "far"});
    options.GetTime("delay");
    options.GetRate("linkRate");
}

} // namespace

// Expected: defaults where nothing is given, else what is given; ns-3's own options work.
TEST(ScenarioOptions, ReadsWhatIsGiven)
{
    const auto defaults = Call({});
    EXPECT_EQ(defaults->GetUnsigned("workers", 1, 100), 4U);
    EXPECT_EQ(defaults->GetNumber("dropRate", 0, 1), 0.1);
    const auto given = Call({"--workers=7",
                             "--dropRate=1e-3",
                             "--placement=far",
                             "--delay=1.5ms",
                             "--linkRate=100Mbps",
                             "--RngRun=12",
                             "--ns3::learning::Optimizer::LearningRate=0.25"});
    EXPECT_EQ(given->GetUnsigned("workers", 1, 100), 7U);
    EXPECT_EQ(given->GetNumber("dropRate", 0, 1), 1e-3);
    EXPECT_EQ(given->GetWord("placement", {"near", "far"}), 1U);
    EXPECT_EQ(given->GetTime("delay"), MicroSeconds(1500));
    EXPECT_EQ(given->GetRate("linkRate"), DataRate("100Mbps"));
    EXPECT_EQ(RngSeedManager::GetRun(), 12U);
    RngSeedManager::SetRun(1);
    EXPECT_NO_THROW(given->CheckAllRead());
    EXPECT_EQ(given->GetAll().front(), std::make_pair(std::string("workers"), std::string("7")));
    Call({"--ns3::learning::Optimizer::LearningRate=0.1"}); // as it was
}

// Expected: a value is all that follows the sign, empty or with spaces.
TEST(ScenarioOptions, TakesValuesWhole)
{
    EXPECT_EQ(Call({"--placement="})->GetText("placement"), "");
    EXPECT_EQ(Call({"--placement=a b=c"})->GetText("placement"), "a b=c");
}

// Expected: every mistake is one sentence that names option, value and what is legal.
TEST(ScenarioOptions, NamesEveryMistake)
{
    const auto expect = [](const std::string& argument, const std::vector<std::string>& parts) {
        SCOPED_TRACE(argument);
        ExpectError<std::invalid_argument>([&argument] { ReadAll(*Call({argument})); }, parts);
    };
    expect("workers=3", {"workers=3", "--name=value"});
    expect("-workers=3", {"-workers=3"});
    expect("--workers", {"--workers", "value"});
    expect("--wrokers=3", {"--wrokers", "no such option"});
    expect("--workers=0", {"--workers=0", "1", "100"});
    expect("--workers=101", {"--workers=101", "100"});
    expect("--workers=2.5", {"--workers=2.5", "whole"});
    expect("--workers=4x", {"--workers=4x", "whole"});
    expect("--workers=", {"--workers=", "whole"});
    expect("--workers=0x3", {"--workers=0x3", "whole"});
    expect("--dropRate=1.5", {"--dropRate=1.5", "from 0 to 1"});
    expect("--dropRate=-0.1", {"--dropRate=-0.1", "from 0 to 1"});
    expect("--dropRate=nan", {"--dropRate=nan", "from 0 to 1"});
    expect("--dropRate=inf", {"--dropRate=inf", "from 0 to 1"});
    expect("--placement=middle", {"--placement=middle", "near, far"});
    expect("--delay=10", {"--delay=10", "unit"});
    expect("--delay=-1ms", {"--delay=-1ms"});
    expect("--delay=10parsecs", {"--delay=10parsecs", "unit"});
    expect("--linkRate=10", {"--linkRate=10", "unit"});
    expect("--linkRate=fast", {"--linkRate=fast", "unit"});
    expect("--linkRate=0Gbps", {"--linkRate=0Gbps"});
    expect("--linkRate=1Gbps fast", {"--linkRate=1Gbps fast", "unit"});
    expect("--RngRun=one", {"RngRun"});
    expect("--SchedulerType=ns3::Object", {"ns3::Object", "ns3::MapScheduler"});
    expect("--SchedulerType=ns3::HeapScheduler", {"ns3::HeapScheduler", "order", "MapScheduler"});
    expect("--SimulatorImplementationType=ns3::Object",
           {"ns3::Object", "ns3::DefaultSimulatorImpl"});
    expect("--ns3::Nonsense::Rate=1", {"ns3::Nonsense"});
    expect("--ns3::learning::Optimizer::Rate=1", {"Rate"});
    expect("--ns3::learning::Optimizer::LearningRate=-1", {"LearningRate", "-1"});
}

// Expected: a file that is written belongs to one option alone, however its path is spelled;
// several may read it, and what is no file may be written by several.
TEST(ScenarioOptions, RefusesToOverwriteAFile)
{
    const TemporaryDirectory directory;
    const std::string data = directory.Write("data", "1");
    std::filesystem::create_symlink(data, directory.Path("link"));
    std::filesystem::create_hard_link(data, directory.Path("other"));
    const auto options = Call({"--workers=7"});
    options->AddInput("workers", data);
    options->AddInput("delay", data);
    for (const std::string name : {"data", "link", "other", "absent/../data"})
    {
        ExpectError<std::invalid_argument>(
            [&] { options->AddOutput("placement", directory.Path(name)); },
            {"--placement=", name, "of --delay", "overwritten"});
    }
    options->AddOutput("placement", directory.Path("new"));
    for (const std::string name : {"new", "./new", "absent/../new"})
    {
        ExpectError<std::invalid_argument>(
            [&] { options->AddOutput("linkRate", directory.Path(name)); },
            {"--linkRate=", name, "of --placement"});
    }
    ExpectError<std::invalid_argument>([&] { options->AddInput("delay", directory.Path("new")); },
                                       {"--delay=", "new", "of --placement"});
    EXPECT_NO_THROW(options->AddOutput("dropRate", "/dev/null"));
    EXPECT_NO_THROW(options->AddOutput("linkRate", "/dev/null"));
    EXPECT_NO_THROW(options->AddOutput("linkRate", ""));
}

// Expected: an option that is given and never read is a mistake; one that is not given is not.
TEST(ScenarioOptions, RefusesWhatNobodyReads)
{
    const auto options = Call({"--workers=7", "--delay=1s"});
    options->GetUnsigned("workers", 1, 100);
    ExpectError<std::invalid_argument>([&options] { options->CheckAllRead(); }, {"--delay=1s"});
    options->GetTime("delay");
    EXPECT_NO_THROW(options->CheckAllRead());
}
