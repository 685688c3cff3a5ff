/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef LEARNING_COMPATIBILITY_H
#define LEARNING_COMPATIBILITY_H

#include "ns3/enum.h"
#include "ns3/test.h"

/**
 * @file
 * @ingroup distributed-learning
 *
 * The only place that knows ns-3 releases apart, from 3.37 on, by the headers they bring.
 */

namespace ns3
{
namespace learning
{

#if __has_include("ns3/uniform-random-bit-generator.h") // ns-3.41 and later
/**
 * Accessor of an enumeration attribute: EnumValue became a template in ns-3.41.
 * @tparam E the enumeration
 * @tparam M the type of a pointer to the member
 * @param member pointer to the member
 * @return the accessor
 */
template <typename E, typename M>
auto
MakeEnumAccessorFor(M member)
{
    return MakeEnumAccessor<E>(member);
}

/// Value of an enumeration attribute.
template <typename E>
using EnumValueFor = EnumValue<E>;
#else
/**
 * Accessor of an enumeration attribute: EnumValue became a template in ns-3.41.
 * @tparam E the enumeration
 * @tparam M the type of a pointer to the member
 * @param member pointer to the member
 * @return the accessor
 */
template <typename E, typename M>
auto
MakeEnumAccessorFor(M member)
{
    return MakeEnumAccessor(member);
}

/// Value of an enumeration attribute.
template <typename E>
using EnumValueFor = EnumValue;
#endif

#if __has_include("ns3/shuffle.h") // ns-3.42 and later
/// How long a test case takes: the enumeration became a scoped one in ns-3.42.
using TestDuration = TestCase::Duration;

/// Whether ns-3's TcpBbr may stall for minutes after a loss, as that of ns-3.37 does; that of
/// ns-3.48 does not (samples of its rate that are not valid are left out since ns-3.42).
constexpr bool BBR_MAY_STALL = false;
#else
/// How long a test case takes: the enumeration became a scoped one in ns-3.42.
using TestDuration = TestCase::TestDuration;

/// Whether ns-3's TcpBbr may stall for minutes after a loss, as that of ns-3.37 does; that of
/// ns-3.48 does not (samples of its rate that are not valid are left out since ns-3.42).
constexpr bool BBR_MAY_STALL = true;
#endif

} // namespace learning
} // namespace ns3

#endif /* LEARNING_COMPATIBILITY_H */
