/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef EXCHANGE_BENCH_H
#define EXCHANGE_BENCH_H

#include "ns3/nstime.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace serverless
{

/// A few steps of a collective among some workers.
struct Exchange
{
    std::string type{"AllReduce"}; //!< class of the collective
    uint32_t workers{10};          //!< how many
    uint32_t numbers{29};          //!< of a vector
    uint64_t declared{0};          //!< bytes that it stands for
    uint32_t steps{1};             //!< how many
    bool waits{false};             //!< whether the service waits with its answers
    bool deletes{true};            //!< whether parts are deleted
    uint32_t numberBytes{4};       //!< on the wire
    uint32_t segmentBytes{64000};  //!< of a TCP segment
    std::string rate{"520Mbps"};   //!< of workers' interfaces
    uint32_t buckets{1};           //!< of ScatterReduce
    bool paginates{true};          //!< whether lists are read to their ends
    uint32_t listPage{1000};       //!< keys in a LIST reply
    std::vector<Time> delays;      //!< of the workers' starts
    Time timeout{Seconds(300)};    //!< of a step
};

/// What came of them.
struct ExchangeOutcome
{
    std::vector<std::vector<double>> sums; //!< of the last step, by worker
    std::vector<std::string> errors;       //!< those that there were
    Time longest;             //!< of the last step, from the first start to the last end
    uint64_t puts{0};         //!< requests that were answered as asked
    uint64_t gets{0};         //!< likewise
    uint64_t deletes{0};      //!< likewise
    uint64_t batchDeletes{0}; //!< likewise
    uint64_t lists{0};        //!< likewise
    uint64_t bytesUp{0};      //!< declared
    uint64_t bytesDown{0};    //!< declared
    std::string log;          //!< all requests
};

/**
 * A worker's vector.
 * @param worker its index
 * @param step of the collective
 * @param numbers how many
 * @return normal variates of very different sizes
 */
std::vector<double> DrawVector(uint32_t worker, uint32_t step, uint32_t numbers);

/**
 * The sum of all workers' vectors, in double precision.
 * @param exchange the collective
 * @param step of it
 * @return the sum, and the sum of magnitudes that its rounding errors are relative to
 */
std::pair<std::vector<double>, std::vector<double>> AddUp(const Exchange& exchange, uint32_t step);

/**
 * Runs a collective.
 * @param exchange what to run
 * @return what came of it
 */
ExchangeOutcome RunExchange(const Exchange& exchange);

} // namespace serverless
} // namespace ns3

#endif /* EXCHANGE_BENCH_H */
