/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "type-word.h"

#include "ns3/object.h"
#include "ns3/type-specification.h"

#include <algorithm>
#include <cmath>
#include <sstream>

namespace ns3
{
namespace learning
{

namespace
{

/**
 * Whether the text of a type says the value of an attribute.
 * @param type the text
 * @param attribute the attribute
 * @return true if so
 */
bool
Says(const std::string& type, const std::string& attribute)
{
    return type.find("[" + attribute + "=") != std::string::npos ||
           type.find("|" + attribute + "=") != std::string::npos;
}

/**
 * Whether a text is a list of sizes.
 * @param text such as 128x64
 * @return true if all are whole numbers of at least 1
 */
bool
AreSizes(const std::string& text)
{
    std::istringstream list(text + "x"); // so that an end without a number is an empty one
    std::string size;
    while (std::getline(list, size, 'x'))
    {
        double value = 0;
        if (!ScenarioOptions::ReadNumber(size, value) || value < 1 || value != std::floor(value))
        {
            return false;
        }
    }
    return true;
}

/**
 * Takes note of the files that attributes File in the text of a type name.
 * @param options the options
 * @param option the one that says the type
 * @param type the text
 */
void
NoteFiles(ScenarioOptions& options, const std::string& option, const std::string& type)
{
    static const std::string FILE_ATTRIBUTE = "File=";
    for (std::size_t at = type.find(FILE_ATTRIBUTE); at != std::string::npos;
         at = type.find(FILE_ATTRIBUTE, at + 1))
    {
        const std::size_t begin = at + FILE_ATTRIBUTE.size();
        const bool isWhole = at > 0 && (type[at - 1] == '[' || type[at - 1] == '|');
        if (isWhole)
        {
            options.AddInput(option, type.substr(begin, type.find_first_of("|]", begin) - begin));
        }
    }
}

} // namespace

std::pair<std::string, std::string>
SplitAtColon(const std::string& text)
{
    const std::size_t colon = text.find(':');
    return colon == std::string::npos
               ? std::make_pair(text, std::string())
               : std::make_pair(text.substr(0, colon), text.substr(colon + 1));
}

std::string
AddAttribute(const std::string& type, const std::string& attribute, const std::string& value)
{
    if (Says(type, attribute))
    {
        return type;
    }
    const std::string addition = attribute + "=" + value + "]";
    return type.back() == ']' ? type.substr(0, type.size() - 1) + "|" + addition
                              : type + "[" + addition;
}

bool
Takes(const std::string& type, const std::string& attribute)
{
    TypeId::AttributeInformation information;
    return FindType(type.substr(0, type.find('[')))
               .LookupAttributeByName(attribute, &information) &&
           !Says(type, attribute);
}

std::string
CheckType(ScenarioOptions& options, const std::string& option, const std::string& type)
{
    options.Try(option, [&type] { MakeFactory(type, Object::GetTypeId()); });
    NoteFiles(options, option, type);
    return type;
}

std::string
ReadType(ScenarioOptions& options, const std::string& option, const std::vector<TypeWord>& words)
{
    return ReadType(options, option, options.GetText(option), words);
}

std::string
ReadType(ScenarioOptions& options,
         const std::string& option,
         const std::string& text,
         const std::vector<TypeWord>& words)
{
    if (text.rfind("ns3::", 0) == 0)
    {
        NoteFiles(options, option, text);
        return text;
    }
    const auto [name, argument] = SplitAtColon(text);
    const bool hasColon = name.size() != text.size();
    std::string legal;
    for (const TypeWord& word : words)
    {
        legal += word.word + (word.shown.empty() ? "" : ":" + word.shown) + ", ";
        double number = 0;
        const bool fits = word.kind == TypeWord::NONE ? !hasColon
                          : word.kind == TypeWord::NUMBER
                              ? ScenarioOptions::ReadNumber(argument, number)
                          : word.kind == TypeWord::TEXT ? !argument.empty()
                          : word.kind == TypeWord::OWN  ? false
                          : word.kind == TypeWord::LIST
                              ? hasColon != argument.empty() && (!hasColon || AreSizes(argument))
                              : hasColon != argument.empty();
        if (word.word != name || !fits)
        {
            continue;
        }
        std::string value = argument;
        if (word.kind == TypeWord::LIST)
        {
            std::replace(value.begin(), value.end(), 'x', ',');
        }
        const std::string type = "ns3::learning::" + word.type;
        return CheckType(options,
                         option,
                         value.empty() ? type : AddAttribute(type, word.attribute, value));
    }
    legal.resize(legal.size() - 2);
    options.Reject(option, legal + " or a TypeId is needed");
}

} // namespace learning
} // namespace ns3
