/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "price-table.h"

#include <cmath>
#include <cstdlib>
#include <sstream>
#include <stdexcept>

namespace ns3
{
namespace serverless
{

namespace
{

const char* const AWS_2020 = "aws-2020";                    //!< list prices
const char* const GPU_FUNCTIONS = "aws-2020-gpu-functions"; //!< functions as dear as GPUs

/// Nano-dollars a unit; us-east-1, 2020.
const std::map<std::string, int64_t> PRICES_2020{
    {"function:gb-second", 16670},
    {"function:invocation", 200},
    {"s3:put", 5000},
    {"s3:list", 5000},
    {"s3:get", 400},
    {"s3:delete", 0},
    {"dynamo:write", 1250},
    {"dynamo:read", 250},
    {"vm:t2.medium", 46400000},
    {"vm:c5.large", 85000000},
    {"vm:c5.4xlarge", 680000000},
    {"vm:g3s.xlarge", 750000000},
    {"vm:g4dn.xlarge", 526000000},
    {"cache:cache.t3.small", 34000000},
    {"cache:cache.t3.medium", 68000000},
    {"cache:cache.m5.large", 156000000},
};

/**
 * Items of a table.
 * @param prices the table
 * @param kind what they begin with
 * @return a list
 */
std::string
ListItems(const std::map<std::string, int64_t>& prices, const std::string& kind = "")
{
    std::string list;
    for (const auto& [item, price] : prices)
    {
        if (item.compare(0, kind.size(), kind) == 0)
        {
            list += (list.empty() ? "" : ", ") + item;
        }
    }
    return list;
}

} // namespace

std::vector<std::string>
PriceTable::GetNames()
{
    return {AWS_2020, GPU_FUNCTIONS};
}

PriceTable::PriceTable(const std::string& name)
    : m_name(name),
      m_prices(PRICES_2020)
{
    std::istringstream words(name);
    std::string word;
    std::getline(words, word, ',');
    if (word == GPU_FUNCTIONS)
    {
        constexpr double GIGABYTE_SECONDS = 3600.0 * 3; // of an hour, of 3 GB
        m_prices["function:gb-second"] =
            std::llround(static_cast<double>(m_prices.at("vm:g4dn.xlarge")) / GIGABYTE_SECONDS);
    }
    else if (word != AWS_2020)
    {
        std::string legal;
        for (const std::string& known : GetNames())
        {
            legal += known + ", ";
        }
        throw std::invalid_argument("price table '" + word + "' is unknown, legal are " + legal +
                                    "each perhaps followed by ,item=dollars");
    }
    while (std::getline(words, word, ','))
    {
        const std::size_t equals = word.find('=');
        const std::string item = word.substr(0, equals);
        char* end = nullptr;
        const std::string number = equals == std::string::npos ? "" : word.substr(equals + 1);
        const double dollars = std::strtod(number.c_str(), &end);
        const bool isNew = item.rfind("vm:", 0) == 0 || item.rfind("cache:", 0) == 0;
        if (number.empty() || *end != '\0' || !(dollars >= 0 && dollars < 1e6) ||
            (m_prices.count(item) == 0 && !isNew))
        {
            throw std::invalid_argument("price '" + word +
                                        "': item=dollars is needed, dollars being a number of at "
                                        "least 0 and below 1e6, with one of " +
                                        ListItems(m_prices) + " or another vm: or cache: type");
        }
        m_prices[item] = std::llround(dollars * 1e9);
    }
}

int64_t
PriceTable::GetPrice(const std::string& item) const
{
    const auto price = m_prices.find(item);
    if (price == m_prices.end())
    {
        throw std::invalid_argument("price table " + m_name + " has no " + item + ", only " +
                                    ListItems(m_prices, item.substr(0, item.find(':') + 1)) +
                                    "; append ," + item + "=dollars");
    }
    return price->second;
}

} // namespace serverless
} // namespace ns3
