/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef SWEEP_RUN_H
#define SWEEP_RUN_H

#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-sweep
 *
 * A mistake of the user in a file or on the command line: the program says it and ends with
 * status 2.
 */
class UsageError : public std::invalid_argument
{
  public:
    using std::invalid_argument::invalid_argument;
};

/**
 * @ingroup distributed-learning-sweep
 *
 * One point of a sweep: a scenario program and the value of each of its knobs.
 *
 * Two runs are the same run if their keys are equal. Values are compared as text: 0.1 and 0.10 are
 * two runs.
 */
struct SweepRun
{
    std::string program; //!< name of the scenario program, without its directory
    std::map<std::string, std::string> knobs; //!< value of each option, by its name without dashes

    /**
     * The canonical key: the command itself, options in order of their names (byte order).
     * @return such as "lossy-training --RngRun=1 --dropRate=0.1", quoted where a shell needs it
     */
    std::string GetKey() const;

    /**
     * A short name of the key, for folders and as primary key: its 64-bit FNV-1a hash.
     * @return 16 hexadecimal digits
     */
    std::string GetId() const;
};

/**
 * @ingroup distributed-learning-sweep
 *
 * Quotes a word for a POSIX shell, only if it needs it.
 * @param word any text
 * @return the word, in single quotes where needed
 */
std::string QuoteForShell(const std::string& word);

/**
 * @ingroup distributed-learning-sweep
 *
 * Writes an option as scenarios take it.
 * @param name its name without dashes
 * @param value its value
 * @return --name=value
 */
std::string MakeOption(const std::string& name, const std::string& value);

} // namespace learning
} // namespace ns3

#endif /* SWEEP_RUN_H */
