/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef PROGRAM_RUN_H
#define PROGRAM_RUN_H

#include <functional>
#include <string>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-helper
 *
 * Runs a program, for its main(): a mistake is one sentence on the standard error, which begins
 * with the program's name, and a result that cannot be written to the standard output is one. Takes
 * the simulation apart afterwards.
 * @param name of the program
 * @param run what it does; tells a mistake by an exception
 * @return exit status: 0; 1 if something went wrong; 2 if an argument is wrong
 * (std::invalid_argument)
 */
int RunProgram(const std::string& name, const std::function<void()>& run);

} // namespace learning
} // namespace ns3

#endif /* PROGRAM_RUN_H */
