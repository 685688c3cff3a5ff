/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef DESIGN_COST_H
#define DESIGN_COST_H

#include "advice.h"

namespace ns3
{
namespace serverless
{

/**
 * @ingroup serverless-learning-cost
 *
 * What a design costs whose times are predicted: platform, node and requests, see PredictDesign().
 * @param request what is asked
 * @param prices what things cost
 * @param candidate times are known and finite
 * @return dollars
 */
double GetDesignCost(const AdviceRequest& request,
                     const PriceTable& prices,
                     const AdviceCandidate& candidate);

} // namespace serverless
} // namespace ns3

#endif /* DESIGN_COST_H */
