/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef TYPE_WORD_H
#define TYPE_WORD_H

#include "ns3/scenario-options.h"

#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-scenario
 *
 * A word of an option that stands for a type, such as mlp:128x64 for
 * ns3::learning::MultilayerPerceptron[Hidden=128,64].
 */
struct TypeWord
{
    /// What may follow the word after a colon.
    enum Argument
    {
        NONE,   //!< nothing
        NUMBER, //!< a number, which must be there
        TEXT,   //!< a text, which must be there
        OPTION, //!< a text, which may be left out
        LIST,   //!< sizes of at least 1 with an x between them, which may be left out
        OWN     //!< what the caller reads itself: shown in messages only
    };

    std::string word;        //!< the word
    std::string type;        //!< the type, without ns3::learning::, perhaps with attributes
    Argument kind{NONE};     //!< what may follow
    std::string attribute{}; //!< the attribute that the argument sets
    std::string shown{};     //!< the argument in messages, such as SIZES
};

/**
 * @ingroup distributed-learning-scenario
 *
 * Reads an option that is a word, or a TypeId with attributes in brackets, which is left as it is.
 * Files that it names are noted as inputs.
 * @param options the options; an argument that does not fit its word is rejected
 * @param option name of the option
 * @param words the legal words
 * @return text of the type, see MakeFactory()
 */
std::string ReadType(ScenarioOptions& options,
                     const std::string& option,
                     const std::vector<TypeWord>& words);

/**
 * @ingroup distributed-learning-scenario
 *
 * Reads a part of an option in the same way.
 * @param options the options; an argument that does not fit its word is rejected
 * @param option name of the option, for messages
 * @param text the part
 * @param words the legal words
 * @return text of the type, see MakeFactory()
 */
std::string ReadType(ScenarioOptions& options,
                     const std::string& option,
                     const std::string& text,
                     const std::vector<TypeWord>& words);

/**
 * @ingroup distributed-learning-scenario
 *
 * Checks the type that a word stands for, so that a mistake is that of the option; files that it
 * names are noted as inputs.
 * @param options the options
 * @param option name of the option
 * @param type text of the type
 * @return the text
 * @throws std::invalid_argument if an attribute has a value that is not legal
 */
std::string CheckType(ScenarioOptions& options, const std::string& option, const std::string& type);

/**
 * @ingroup distributed-learning-scenario
 *
 * Splits "name:argument".
 * @param text the text
 * @return name and argument, which is empty if there is none
 */
std::pair<std::string, std::string> SplitAtColon(const std::string& text);

/**
 * @ingroup distributed-learning-scenario
 *
 * Adds an attribute to the text of a type, unless the text says its value already.
 * @param type the text, perhaps with attributes in brackets
 * @param attribute the attribute
 * @param value its value
 * @return the text
 */
std::string AddAttribute(const std::string& type,
                         const std::string& attribute,
                         const std::string& value);

/**
 * @ingroup distributed-learning-scenario
 *
 * Whether an option is left to say the value of an attribute.
 * @param type the text of a type
 * @param attribute the attribute
 * @return true if the type has it and the text does not say its value
 * @throws std::invalid_argument if there is no such type
 */
bool Takes(const std::string& type, const std::string& attribute);

} // namespace learning
} // namespace ns3

#endif /* TYPE_WORD_H */
