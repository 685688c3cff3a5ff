/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef SCENARIO_OUTPUT_H
#define SCENARIO_OUTPUT_H

#include <map>
#include <string>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-sweep
 *
 * The one sentence with which a scenario failed: the last line on its standard error that begins
 * with its name and a colon, or else the first line at all. At most 500 bytes of it; only the last
 * 64 KiB of the file are looked at.
 *
 * @param file what it wrote on its standard error
 * @param program its name
 * @return the sentence, empty if it said nothing
 */
std::string FindScenarioMessage(const std::string& file, const std::string& program);

/**
 * @ingroup distributed-learning-sweep
 *
 * Reads the summary of a scenario: the last line on its standard output, `summary: ` and
 * blank-separated key=value.
 *
 * @param file what it wrote on its standard output
 * @param summary where the values go, by key
 * @return empty, or what is wrong with it
 */
std::string ReadScenarioSummary(const std::string& file,
                                std::map<std::string, std::string>& summary);

} // namespace learning
} // namespace ns3

#endif /* SCENARIO_OUTPUT_H */
