/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef SCENARIO_OPTIONS_H
#define SCENARIO_OPTIONS_H

#include "ns3/command-line.h"
#include "ns3/data-rate.h"
#include "ns3/nstime.h"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-helper
 *
 * The options of a scenario program: those of an ns3::CommandLine, with ns-3's own (--PrintHelp,
 * --RngRun,
 * --ns3::Class::Attribute=value), but every mistake is a std::invalid_argument with one sentence
 * that names the option, its value and what is legal; and an option that the program never reads is
 * a mistake, too.
 */
class ScenarioOptions
{
  public:
    /**
     * Begins a list of options.
     * @param file __FILE__ of the program
     * @param usage what the program does, for --PrintHelp
     */
    ScenarioOptions(const std::string& file, const std::string& usage);

    /**
     * Adds an option; before Parse().
     * @param name its name
     * @param help what it is, with unit and legal values
     * @param value its default
     * @param attribute the attributes that the program sets by it, such as ns3::Class::Attribute,
     * separated by blanks, which then cannot be given; empty for none
     */
    void Add(const std::string& name,
             const std::string& help,
             const std::string& value,
             const std::string& attribute = "");

    /**
     * Reads the command line; handles ns-3's own options.
     * @param argc number of arguments, the program's name included
     * @param argv the arguments
     */
    void Parse(int argc, char* argv[]);

    /**
     * An option as it stands.
     * @param name its name
     * @return its value
     */
    const std::string& GetText(const std::string& name);

    /**
     * An option that is one of several words.
     * @param name its name
     * @param words the legal ones
     * @return index of the word
     */
    std::size_t GetWord(const std::string& name, const std::vector<std::string>& words);

    /**
     * An option that is a whole number.
     * @param name its name
     * @param least smallest legal value
     * @param most largest legal value
     * @return its value
     */
    uint32_t GetUnsigned(const std::string& name, uint32_t least, uint32_t most);

    /**
     * An option that is a number.
     * @param name its name
     * @param least smallest legal value
     * @param most largest legal value
     * @return its value
     */
    double GetNumber(const std::string& name, double least, double most);

    /**
     * An option that is a time, such as 10us.
     * @param name its name
     * @return its value, from 0 to 1e9 s
     */
    Time GetTime(const std::string& name);

    /**
     * An option that is a rate, such as 10Gbps.
     * @param name its name
     * @return its value, above 0
     */
    DataRate GetRate(const std::string& name);

    /**
     * Says that the program reads a file.
     * @param name the option that names it
     * @param file its path
     * @throws std::invalid_argument if it is a file that another option has the program write
     */
    void AddInput(const std::string& name, const std::string& file);

    /**
     * Says that the program writes a file; before any file is opened for that, so that no data are
     * overwritten.
     * @param name the option that names it
     * @param file its path; empty for none
     * @throws std::invalid_argument if it is a file of another option
     */
    void AddOutput(const std::string& name, const std::string& file);

    /**
     * All options, for the record.
     * @return names and values, in the order of Add()
     */
    std::vector<std::pair<std::string, std::string>> GetAll() const;

    /**
     * Whether an option is on the command line.
     * @param name its name
     * @return false if it has its default
     */
    bool IsGiven(const std::string& name) const;

    /// Throws if an option was given that was never read.
    void CheckAllRead() const;

    /**
     * Says that an option is wrong.
     * @param name its name
     * @param legal what is legal, the end of the sentence
     */
    [[noreturn]] void Reject(const std::string& name, const std::string& legal) const;

    /**
     * Does what an option asks for, and names the option in what is refused.
     * @param name its name
     * @param action what is done
     * @throws std::invalid_argument with the sentence of the one that the action throws
     */
    void Try(const std::string& name, const std::function<void()>& action) const;

    /**
     * Reads a number that must be all of a text.
     * @param text the text
     * @param value receives the number
     * @return whether the text is a finite number
     */
    static bool ReadNumber(const std::string& text, double& value);

  private:
    /// An option.
    struct Option
    {
        std::string value;                //!< as given, or the default
        std::string attribute;            //!< those that the program sets by it, or empty
        bool given{false};                //!< on the command line
        bool read{false};                 //!< by the program
        std::vector<std::string> inputs;  //!< files that it has the program read
        std::vector<std::string> outputs; //!< files that it has the program write
    };

    /**
     * Refuses a file that another option names, too.
     * @param name the option that names it
     * @param file its path
     * @param files which files of the other options
     */
    void CheckFile(const std::string& name,
                   const std::string& file,
                   std::vector<std::string> Option::*files) const;

    /**
     * Takes an argument that is an option of this program, and checks one that is ns-3's, which
     * would end the program on a mistake.
     * @param argument the argument
     * @return whether it is ns-3's
     */
    bool TakeArgument(const std::string& argument);

    /**
     * Checks one of ns-3's global values.
     * @param name its name
     * @param value its value
     * @return whether there is one of this name
     */
    static bool CheckGlobal(const std::string& name, const std::string& value);

    /**
     * Checks an attribute.
     * @param name its full name, such as ns3::Class::Attribute
     * @param value its value
     */
    void CheckDefault(const std::string& name, const std::string& value) const;

    CommandLine m_commandLine;               //!< of ns-3
    std::vector<std::string> m_order;        //!< names in the order of Add()
    std::map<std::string, Option> m_options; //!< by name
};

} // namespace learning
} // namespace ns3

#endif /* SCENARIO_OPTIONS_H */
