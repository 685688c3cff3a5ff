/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 * @ingroup distributed-learning-sweep
 *
 * Runs a scenario program for every combination of its knobs, as processes, and keeps what they
 * print in a database. Knows nothing of what the scenario is about. Try `sweep --help`.
 */

#include "sweep/run-database.h"
#include "sweep/standard-output.h"
#include "sweep/sweep-driver.h"
#include "sweep/sweep-options.h"

#include <algorithm>
#include <filesystem>
#include <iostream>

using namespace ns3::learning;

namespace
{

const char* const USAGE = R"(sweep runs a scenario program for every combination of its knobs.

  sweep run FILE.ini [--knob=list ...] [options]   run what is not finished yet
  sweep merge OUT IN...                            join the databases of shards into OUT
  sweep --help                                     show this text

FILE.ini:
  [sweep]                    settings of the driver, below
  program = build/scratch/lossy-training
  output.csv = rounds.csv    gives the scenario --csv=DIR/runs/ID/rounds.csv
  [common]                   knobs (options of the scenario) of all groups
  dropRate = 0, 0.1, 0.2     a list: every combination of all lists is run
  RngRun = 1..4              a range of integers
  [a-group]                  knobs of one group; they replace the common ones
  workers = 2, 4, 8
  servers = @workers         a tie: the value that workers has in the same run
  hidden = [64, 32], "1, 2"  commas in brackets and quotes belong to the value

A knob on the command line replaces it in every group. A run is identified by its knobs: interrupted and started
again, sweep runs only what has no row yet. Failed runs are kept, with their message, until --retry-failed.
Exit status: 0; 1 if a run failed or is left to another sweep that is running it, or something cannot be
written; 2 for a mistake in the file or the options; 130 if stopped by a signal.

)";

/**
 * Joins databases.
 * @param arguments OUT IN...
 * @return exit status
 */
int
MergeDatabases(const std::vector<std::string>& arguments)
{
    if (arguments.size() < 2)
    {
        throw UsageError("merge needs an output and at least one input: sweep merge OUT IN...");
    }
    const std::vector<std::string> inputs(arguments.begin() + 1, arguments.end());
    for (const auto& input : inputs)
    {
        if (!std::filesystem::is_regular_file(input))
        {
            throw UsageError("merge: " + input + ": no such file");
        }
        std::error_code error;
        if (std::filesystem::equivalent(input, arguments[0], error))
        {
            throw UsageError("merge: " + input + " is the output as well as an input");
        }
    }
    RunDatabase output(arguments[0], RunDatabase::CREATE);
    const auto count = output.Merge(inputs);
    std::cout << arguments[0] << ": " << count.added << " runs added, " << count.equal
              << " there already, " << count.replaced << " failed ones replaced" << std::endl;
    return 0;
}

/**
 * Does what the command line says.
 * @param words the command line
 * @return exit status
 */
int
RunCommand(const std::vector<std::string>& words)
{
    const std::string command = words.empty() ? "" : words[0];
    const bool help = std::find(words.begin(), words.end(), "--help") != words.end();
    if (help)
    {
        std::cout << USAGE << SweepOptions::GetHelp();
        return 0;
    }
    const std::vector<std::string> rest(words.empty() ? words.begin() : words.begin() + 1,
                                        words.end());
    if (command == "run")
    {
        return SweepDriver(SweepOptions::Parse(rest)).Run();
    }
    if (command == "merge")
    {
        return MergeDatabases(rest);
    }
    throw UsageError("'" + command +
                     "' is no command; use run FILE.ini, merge OUT IN..., or --help");
}

} // namespace

int
main(int argc, char* argv[])
{
    try
    {
        const int status = RunCommand({argv + 1, argv + argc});
        if (status == 0) // any other tells of something else already
        {
            CheckStandardOutput("outcome");
        }
        return status;
    }
    catch (const UsageError& error)
    {
        std::cerr << "sweep: " << error.what() << std::endl;
        return 2;
    }
    catch (const std::exception& error)
    {
        std::cerr << "sweep: " << error.what() << std::endl;
        return 1;
    }
}
