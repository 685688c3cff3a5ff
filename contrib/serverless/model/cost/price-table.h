/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef PRICE_TABLE_H
#define PRICE_TABLE_H

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace ns3
{
namespace serverless
{

/**
 * @ingroup serverless-learning-cost
 *
 * What things cost, as of a date, in whole nano-dollars: a unit of each item.
 *
 *     item                      unit
 *     function:gb-second        GB (1,024 MB) and second
 *     function:invocation       invocation
 *     s3:put, s3:list, s3:get   request; one to DELETE a batch is one
 *     s3:delete                 request, free
 *     dynamo:write, dynamo:read unit of capacity, see DynamoTable
 *     vm:TYPE, cache:TYPE       hour
 *
 * Source: vendor's list prices in us-east-1 (vendor documentation, unverified); see GetNames().
 */
class PriceTable
{
  public:
    /**
     * Looks a table up.
     * @param name one of GetNames(), perhaps followed by changed prices in dollars, such as
     * "aws-2020,vm:t2.medium=0.05"
     * @throws std::invalid_argument with one sentence and the legal names if there is none
     */
    explicit PriceTable(const std::string& name);

    /**
     * Looks a price up.
     * @param item the item
     * @return nano-dollars a unit
     * @throws std::invalid_argument with one sentence and the items of that kind if there is none
     */
    int64_t GetPrice(const std::string& item) const;

    /**
     * Tables there are.
     * @return "aws-2020" (when LambdaML was written: t2.medium 0.0464 $/h, Lambda 0.00001667 $ a
     * GB-second) and "aws-2020-gpu-functions" (functions at the price of a GPU machine, case study
     * 2: a g4dn.xlarge by the second for 3 GB)
     */
    static std::vector<std::string> GetNames();

  private:
    std::string m_name;                      //!< as given
    std::map<std::string, int64_t> m_prices; //!< nano-dollars a unit
};

} // namespace serverless
} // namespace ns3

#endif /* PRICE_TABLE_H */
