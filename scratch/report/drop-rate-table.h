/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef DROP_RATE_TABLE_H
#define DROP_RATE_TABLE_H

#include "drop-rate-study.h"
#include "html-page.h"

#include <string>
#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-sweep
 *
 * Makes the table of all conditions of a sweep over drop rates, with the theory's alpha2 and beta
 * beside what was found where the theory covers it: RPS with owners permuted, or with dedicated
 * servers.
 *
 * @param study the sweep
 * @return one row a condition, a rule before each series
 */
TextTable MakeDropRateTable(const DropRateStudy& study);

/**
 * @ingroup distributed-learning-sweep
 *
 * Writes the same table as CSV, at full precision.
 * @param study the sweep
 * @param file path of the file
 * @throws std::runtime_error if it cannot be written
 */
void WriteDropRateCsv(const DropRateStudy& study, const std::string& file);

/**
 * @ingroup distributed-learning-sweep
 *
 * Says what the highest drop rate did to the final training loss.
 * @param study the sweep
 * @return one sentence a series that has a run without drops
 */
std::vector<std::string> DescribeOutcome(const DropRateStudy& study);

} // namespace learning
} // namespace ns3

#endif /* DROP_RATE_TABLE_H */
