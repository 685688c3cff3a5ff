/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef REPORT_PROGRAM_H
#define REPORT_PROGRAM_H

#include <string>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-sweep
 *
 * Runs a program: mistakes of the user and what else goes wrong become one sentence on the standard
 * error, and so does what did not arrive on the standard output.
 * @param name of the program, which begins the sentence
 * @param argc number of arguments
 * @param argv the arguments
 * @param body what it does
 * @return the exit status: 0, 2 for a std::invalid_argument, 1 for any other exception
 */
int RunProgram(const std::string& name, int argc, char* argv[], void (*body)(int, char*[]));

} // namespace learning
} // namespace ns3

#endif /* REPORT_PROGRAM_H */
