/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "type-specification.h"

#include "ns3/integer.h"
#include "ns3/pointer.h"
#include "ns3/random-variable-check.h"
#include "ns3/string.h"

#include <cstdlib>
#include <set>
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
 * Whether a type may stand where another is asked for.
 * @param type the type
 * @param parent the other
 * @return true if it is the other, or derives from it
 */
bool
IsA(TypeId type, TypeId parent)
{
    return type == parent || type.IsChildOf(parent);
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
        if (IsA(type, parent) && type.HasConstructor())
        {
            list += (list.empty() ? "" : ", ") + type.GetName();
        }
    }
    return list;
}

/**
 * Whether ns-3 will read all of a text as a value, and not end the program.
 * @param valueType such as "ns3::DoubleValue"
 * @param value the text
 * @return true if so
 */
bool
IsReadable(const std::string& valueType, const std::string& value)
{
    static const std::set<std::string>
        TIME_UNITS{"s", "ms", "us", "ns", "ps", "fs", "min", "h", "d", "y", ""};
    const bool isTime = valueType == "ns3::TimeValue";
    if (valueType == "ns3::UintegerValue" || valueType == "ns3::IntegerValue")
    {
        const std::size_t sign = valueType == "ns3::IntegerValue" && value.rfind('-', 0) == 0;
        return value.size() > sign &&
               value.find_first_not_of("0123456789", sign) == std::string::npos;
    }
    if (valueType == "ns3::DoubleValue" || isTime)
    {
        const std::size_t unit = value.find_first_not_of("+-0123456789.eE");
        const std::string number = value.substr(0, unit);
        char* end = nullptr;
        std::strtod(number.c_str(), &end);
        return !number.empty() && *end == '\0' &&
               (unit == std::string::npos || (isTime && TIME_UNITS.count(value.substr(unit)) != 0));
    }
    return valueType == "ns3::StringValue" || value.find_first_of(" \t\n") == std::string::npos;
}

/**
 * Checks that what a factory makes can draw, if it is a random variable.
 * @param factory the factory
 * @throws std::invalid_argument with one sentence if it cannot
 */
void
CheckRandomVariable(ObjectFactory factory)
{
    if (!IsA(factory.GetTypeId(), RandomVariableStream::GetTypeId()))
    {
        return;
    }
    const std::string name = factory.GetTypeId().GetName();
    if (name == "ns3::DeterministicRandomVariable" || name == "ns3::EmpiricalRandomVariable")
    {
        throw std::invalid_argument(name + " needs values that no attribute gives: choose another "
                                           "random variable");
    }
    factory.Set("Stream", IntegerValue(0)); // not one of those that ns-3 hands out
    CheckDraws(factory.Create<RandomVariableStream>());
}

/**
 * Reads attributes.
 * @param factory of the type, filled in
 * @param text what it is made of, a bracket included
 */
void
ReadAttributes(ObjectFactory& factory, const std::string& text)
{
    const std::size_t bracket = text.find('[');
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
        CheckAttribute(factory.GetTypeId(), attribute, value);
        if (value.find('[') != value.rfind('['))
        {
            // ns-3 reads no brackets within brackets, so the object is made here
            factory.Set(attribute, PointerValue(MakeFactory(value, Object::GetTypeId()).Create()));
        }
        else
        {
            factory.Set(attribute, StringValue(value));
        }
    }
}

} // namespace

bool
IsLegalValue(Ptr<const AttributeChecker> checker, const std::string& value)
{
    return IsReadable(checker->GetValueTypeName(), value) &&
           checker->CreateValidValue(StringValue(value));
}

std::string
DescribeLegalValues(Ptr<const AttributeChecker> checker)
{
    return checker->HasUnderlyingTypeInformation() ? checker->GetUnderlyingTypeInformation()
                                                   : checker->GetValueTypeName();
}

TypeId
FindType(const std::string& name)
{
    TypeId type;
    if (!TypeId::LookupByNameFailSafe(name, &type))
    {
        throw std::invalid_argument("there is no type '" + name +
                                    "' (--PrintGroups lists the groups, --PrintGroup=GROUP the "
                                    "types of one)");
    }
    return type;
}

ObjectFactory
MakeFactory(const std::string& text, TypeId parent)
{
    const std::size_t bracket = text.find('[');
    const std::string name = text.substr(0, bracket);
    TypeId type;
    if (!TypeId::LookupByNameFailSafe(name, &type) || !IsA(type, parent) || !type.HasConstructor())
    {
        throw std::invalid_argument("'" + name + "' is no " + parent.GetName() +
                                    " that can be made: " + ListTypes(parent) + " are");
    }
    ObjectFactory factory;
    factory.SetTypeId(type);
    if (bracket != std::string::npos)
    {
        ReadAttributes(factory, text);
    }
    CheckRandomVariable(factory);
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
        try
        {
            MakeFactory(value, pointer->GetPointeeTypeId());
        }
        catch (const std::invalid_argument& error)
        {
            throw std::invalid_argument(type.GetName() + "::" + name + "=" + value + ": " +
                                        error.what());
        }
        return;
    }
    if (!IsLegalValue(information.checker, value))
    {
        throw std::invalid_argument(type.GetName() + "::" + name + "=" + value + ": " +
                                    DescribeLegalValues(information.checker) + " is needed; " +
                                    information.help);
    }
}

} // namespace learning
} // namespace ns3
