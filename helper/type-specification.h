/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef TYPE_SPECIFICATION_H
#define TYPE_SPECIFICATION_H

#include "ns3/attribute.h"
#include "ns3/object-factory.h"
#include "ns3/type-id.h"

#include <string>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-helper
 *
 * Makes a factory of a text such as
 * "ns3::learning::MomentumOptimizer[LearningRate=0.1|Momentum=0.9]". ns-3 reads such texts, too,
 * but ends the program on a mistake; here a mistake is one sentence. A value may be such a text
 * itself. An object whose own text has brackets within its brackets is made once, and shared by all
 * that the factory makes. A random variable must be able to draw (see CheckDraws()):
 * ns3::DeterministicRandomVariable and ns3::EmpiricalRandomVariable, whose values are no
 * attributes, are refused.
 * @param text name of a type, and in brackets names and values of attributes, separated by bars
 * @param parent type that it must be or derive from
 * @return the factory
 * @throws std::invalid_argument with one sentence that names what is wrong and what is legal
 */
ObjectFactory MakeFactory(const std::string& text, TypeId parent);

/**
 * @ingroup distributed-learning-helper
 *
 * Checks the value of an attribute.
 * @param type the type
 * @param name name of the attribute
 * @param value its value as a text
 * @throws std::invalid_argument with one sentence that names what is wrong and what is legal
 */
void CheckAttribute(TypeId type, const std::string& name, const std::string& value);

/**
 * @ingroup distributed-learning-helper
 *
 * Whether a text is a legal value. ns-3 ends the program on a number or a time that it cannot read.
 * @param checker of the attribute
 * @param value the text
 * @return true if so
 */
bool IsLegalValue(Ptr<const AttributeChecker> checker, const std::string& value);

/**
 * @ingroup distributed-learning-helper
 *
 * Says what values are legal.
 * @param checker of the attribute
 * @return such as "double 0:1"
 */
std::string DescribeLegalValues(Ptr<const AttributeChecker> checker);

/**
 * @ingroup distributed-learning-helper
 *
 * Looks up a type.
 * @param name its name
 * @return the type
 * @throws std::invalid_argument with one sentence if there is none
 */
TypeId FindType(const std::string& name);

} // namespace learning
} // namespace ns3

#endif /* TYPE_SPECIFICATION_H */
