/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef LAMBDAML_SECTIONS_H
#define LAMBDAML_SECTIONS_H

#include "comparison.h"

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-lambdaml
 *
 * Where the time of one training goes, on functions, machines and the hybrid (database breakdown).
 * @param comparison report and published numbers
 */
void AddBreakdownSection(const Comparison& comparison);

} // namespace learning
} // namespace ns3

#endif /* LAMBDAML_SECTIONS_H */
