/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "type-specification.h"

#include "ns3/pointer.h"
#include "ns3/string.h"

#include <algorithm>
#include <set>
#include <sstream>
#include <stdexcept>
#include <vector>

namespace ns3
{
namespace learning
{

namespace
{

/**
 * Splits at bars that stand in no bracket.
 * @param text the text
 * @return the pieces
 */
std::vector<std::string>
SplitAttributes(const std::string& text)
{
    std::vector<std::string> pieces(1);
    int depth = 0;
    for (const char c : text)
    {
        depth += (c == '[') - (c == ']');
        if (c == '|' && depth == 0)
        {
            pieces.emplace_back();
        }
        else
        {
            pieces.back() += c;
        }
    }
    return pieces;
}

/**
 * The names of the types that derive from one and can be made.
 * @param parent the type
 * @return their names, separated by commas
 */
std::string
ListTypes(TypeId parent)
{
    std::string list;
    for (uint16_t i = 0; i < TypeId::GetRegisteredN(); ++i)
    {
        const TypeId type = TypeId::GetRegistered(i);
        if (type.IsChildOf(parent) && type.HasConstructor())
        {
            list += (list.empty() ? "" : ", ") + type.GetName();
        }
    }
    return list;
}

/**
 * Whether ns-3 reads a text of a type to its end; where it does not, it ends the program.
 * @param checker says which type
 * @param text the text
 * @return true if so
 */
bool
IsReadable(const AttributeChecker& checker, const std::string& text)
{
    const std::string type = checker.GetValueTypeName();
    if (type == "ns3::StringValue")
    {
        return true;
    }
    if (text.empty() || text.find_first_of(" \t\n") != std::string::npos)
    {
        return false;
    }
    if (type.rfind("ns3::EnumValue", 0) == 0)
    {
        const std::vector<std::string> words =
            SplitAttributes(checker.GetUnderlyingTypeInformation());
        return std::find(words.begin(), words.end(), text) != words.end();
    }
    if (type == "ns3::UintegerValue")
    {
        return text.find_first_not_of("0123456789") == std::string::npos;
    }
    std::size_t end = text.size();
    if (type == "ns3::TimeValue")
    {
        static const std::set<std::string>
            UNITS{"s", "ms", "us", "ns", "ps", "fs", "min", "h", "d", "y"};
        end = std::min(end, text.find_first_not_of("0123456789.eE+-"));
        if (end != text.size() && UNITS.count(text.substr(end)) == 0)
        {
            return false;
        }
    }
    if (type == "ns3::TimeValue" || type == "ns3::DoubleValue" || type == "ns3::IntegerValue")
    {
        std::istringstream stream(text.substr(0, end));
        double number;
        stream >> number;
        return !stream.fail() && stream.eof() &&
               (type != "ns3::IntegerValue" || text.find_first_of(".eE") == std::string::npos);
    }
    return true;
}

} // namespace

bool
IsLegalValue(const AttributeChecker& checker, const std::string& text)
{
    return IsReadable(checker, text) && checker.CreateValidValue(StringValue(text));
}

TypeId
FindType(const std::string& name)
{
    TypeId type;
    if (!TypeId::LookupByNameFailSafe(name, &type))
    {
        throw std::invalid_argument("there is no type " + name +
                                    " (--PrintGroup=DistributedLearning lists ours)");
    }
    return type;
}

ObjectFactory
MakeFactory(const std::string& text, TypeId parent)
{
    const std::size_t bracket = text.find('[');
    const std::string name = text.substr(0, bracket);
    const TypeId type = FindType(name);
    if (!type.IsChildOf(parent) || !type.HasConstructor())
    {
        throw std::invalid_argument(name + " is no " + parent.GetName() +
                                    " that can be made: " + ListTypes(parent) + " are");
    }
    ObjectFactory factory;
    factory.SetTypeId(type);
    if (bracket == std::string::npos)
    {
        return factory;
    }
    if (text.back() != ']')
    {
        throw std::invalid_argument(text + ": the bracket is not closed");
    }
    const std::string inside = text.substr(bracket + 1, text.size() - bracket - 2);
    for (const std::string& piece : SplitAttributes(inside))
    {
        const std::size_t equals = piece.find('=');
        if (equals == std::string::npos)
        {
            throw std::invalid_argument(text + ": \"" + piece + "\" is no Name=value");
        }
        const std::string attribute = piece.substr(0, equals);
        const std::string value = piece.substr(equals + 1);
        CheckAttribute(type, attribute, value);
        factory.Set(attribute, StringValue(value));
    }
    return factory;
}

void
CheckAttribute(TypeId type, const std::string& name, const std::string& value)
{
    TypeId::AttributeInformation information;
    if (!type.LookupAttributeByName(name, &information))
    {
        throw std::invalid_argument(type.GetName() + " has no attribute " + name +
                                    " (--PrintAttributes=" + type.GetName() + " lists them)");
    }
    const auto* pointer = dynamic_cast<const PointerChecker*>(PeekPointer(information.checker));
    if (pointer)
    {
        MakeFactory(value, pointer->GetPointeeTypeId());
        return;
    }
    if (!IsLegalValue(*information.checker, value))
    {
        const std::string legal = information.checker->HasUnderlyingTypeInformation()
                                      ? information.checker->GetUnderlyingTypeInformation()
                                      : information.checker->GetValueTypeName();
        throw std::invalid_argument(type.GetName() + "::" + name + "=" + value + ": " + legal +
                                    " is needed; " + information.help);
    }
}

} // namespace learning
} // namespace ns3
