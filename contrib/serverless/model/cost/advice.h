/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef ADVICE_H
#define ADVICE_H

#include "analytic-model.h"
#include "billing-rules.h"
#include "price-table.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace ns3
{
namespace serverless
{

/**
 * @ingroup serverless-learning-cost
 *
 * What workers can run on.
 */
struct PlatformOffer
{
    std::string name;                           //!< for output
    bool isFunction{true};                      //!< or a machine
    std::function<double(uint32_t)> startUp;    //!< s until so many run, not falling
    uint32_t fewest{1};                         //!< smallest number of workers, for their memory
    uint32_t most{1};                           //!< largest number of workers
    std::function<bool(uint32_t, double)> fits; //!< whether so many workers have the memory for
                                                //!< vectors of so many bytes; empty for always
    double rate{0};                             //!< of a worker's interface, bytes a second
    double loadRate{0};            //!< of a worker's data, bytes a second; 0 for hot data
    double loadAggregate{0};       //!< of all workers' data, bytes a second; 0 for no limit
    double loadLatency{0};         //!< of a request for a worker's data, or of its disk, s
    bool loadsFromStore{true};     //!< whether loading costs requests
    double slowdown{1};            //!< of computations
    double latency{0};             //!< between machines, s
    double lifetime{0};            //!< of a function's rounds and loading, s; 0: no limit
    double roundsPerInvocation{0}; //!< of a function; 0 for no limit
    bool checkpoints{true};        //!< whether a function has successors
    double restart{0};             //!< until a function's successor begins, s
    double quantum{0};             //!< step of a function's billed time, s
    double gigabytes{0};           //!< of a function
    std::string machine;           //!< type of machines, as in price tables
};

/**
 * @ingroup serverless-learning-cost
 *
 * What functions can exchange vectors over.
 */
struct ChannelOffer
{
    std::string name;         //!< for output
    double startUp{0};        //!< until it can be reached, s
    double latency{0};        //!< of a request, s
    double rate{0};           //!< of a connection, bytes a second; 0 for no limit
    double aggregateRate{0};  //!< of all connections, bytes a second; 0 for no limit
    double maxObjectBytes{0}; //!< of an item
    double listPage{1000};    //!< keys of a reply to LIST
    bool isServer{false};     //!< a parameter server: 8 bytes a number, pushed and pulled
    double serialization{0};  //!< of a byte, at a parameter server, s
    std::string node;         //!< what is paid by the hour, as in price tables; or empty
    std::string put;          //!< what a PUT costs, as in price tables; or empty
    std::string get;          //!< what a GET costs, as in price tables; or empty
    std::string list;         //!< what a LIST costs, as in price tables; or empty
    std::string remove;       //!< what a DELETE costs, as in price tables; or empty
    double putUnit{0}; //!< bytes that PUT and DELETE, each of a batch, are paid by; 0 for each
    double getUnit{0}; //!< bytes that GET and LIST, a scan, are paid by; 0 for each request
};

/**
 * @ingroup serverless-learning-cost
 *
 * An optimization algorithm, and what it needs to reach the loss that is asked for.
 */
struct OptimizerOffer
{
    /// What so many workers need.
    struct Point
    {
        uint32_t workers;      //!< w
        double rounds;         //!< R f(w); infinite if the loss is not reached
        double epochsPerRound; //!< passes over the data between two exchanges
    };

    std::string name;          //!< for output
    double vectorFactor{1};    //!< length of its vector relative to the model
    std::vector<Point> points; //!< workers ascending; linear in between, rounds
                               //!< rounded up; nothing beyond

    /**
     * Looks up a number of workers.
     * @param workers how many
     * @return the point, with infinite rounds where nothing is known
     */
    Point Find(uint32_t workers) const;
};

/**
 * @ingroup serverless-learning-cost
 *
 * What is asked: how to train this, on one of these.
 */
struct AdviceRequest
{
    /// What is to be small.
    enum Objective
    {
        TIME,         //!< to the end of the job
        COST,         //!< of the job
        COST_IN_TIME, //!< of the job, if it ends before the deadline
    };

    double dataBytes{0};                    //!< of the training set, s
    double modelBytes{0};                   //!< of the model, 4 a number, m
    double epochSeconds{0};                 //!< one epoch on one reference machine
    std::vector<PlatformOffer> platforms;   //!< to choose from
    std::vector<ChannelOffer> channels;     //!< to choose from; of functions
    std::vector<OptimizerOffer> optimizers; //!< to choose from
    double timeout{0};                      //!< of an exchange, s; 0 for none
    double meanSlowdown{1};                 //!< see AnalyticJob
    double largestSlowdown{1};              //!< see AnalyticJob
    bool deletes{false};                    //!< see AnalyticJob
    bool polls{false};                      //!< see AnalyticJob
    double pollInterval{0};                 //!< see AnalyticJob
    double workerSerialization{0};          //!< see AnalyticJob
    bool listsBucket{true};                 //!< see ScatterReduce
    double buckets{1};                      //!< see ScatterReduce
    BillingRules billing;                   //!< how times are rounded
    Objective objective{TIME};              //!< what is to be small
    double deadline{0};                     //!< s
};

/**
 * @ingroup serverless-learning-cost
 *
 * A way to train: one of each of what a request offers.
 */
struct AdviceDesign
{
    std::size_t platform{0};  //!< index in the request
    std::size_t channel{0};   //!< index in the request; not looked at for a ring
    std::size_t optimizer{0}; //!< index in the request
    ExchangePattern pattern{ExchangePattern::ALL_REDUCE}; //!< how vectors are exchanged
    uint32_t workers{1};                                  //!< how many
    uint32_t staleness{1};                                //!< of a stale exchange
};

/**
 * @ingroup serverless-learning-cost
 *
 * A design, and what the analytic model says of it.
 */
struct AdviceCandidate
{
    AdviceDesign design; //!< what it is of
    AnalyticJob job;     //!< what the model is asked about
    AnalyticTime time{}; //!< of the job
    double dollars{0};   //!< which the job costs

    /**
     * Time of the job.
     * @return s
     */
    double GetSeconds() const
    {
        return time.GetTotal();
    }
};

/**
 * @ingroup serverless-learning-cost
 *
 * What the analytic model says of one design, whether it works or not: Predict(), and the cost:
 * functions by their steps of time from their own begin on, each life of the same length, to the
 * end of the job, or to their own where they exchange asynchronously or stale: there with the fewer
 * GETs of those that begin early, and their wait and looks for the last one; machines and nodes by
 * the BillingRules of the ledger; requests of loading, checkpoints and exchanges, lists, deletions
 * and polls (GetPolls()) included. Lost packets and throttled requests are left out, and a scan is
 * taken to find all parts of a round.
 * @param request what is asked
 * @param design the design; a number of rounds is known for it
 * @param prices what things cost
 * @return times and cost; infinite if a life of functions is too short for a round
 */
AdviceCandidate PredictDesign(const AdviceRequest& request,
                              const AdviceDesign& design,
                              const PriceTable& prices);

/**
 * @ingroup serverless-learning-cost
 *
 * PredictDesign() of a design that works.
 * @param request what is asked
 * @param design the design
 * @param prices what things cost
 * @param candidate filled in
 * @return whether the design works: enough memory and workers, items small enough, a life of
 * functions of one round at least, or of the whole job without checkpoints, and the loss is reached
 */
bool EvaluateDesign(const AdviceRequest& request,
                    const AdviceDesign& design,
                    const PriceTable& prices,
                    AdviceCandidate& candidate);

/**
 * @ingroup serverless-learning-cost
 *
 * Whether one design is better than another by the objective. Designs that miss the deadline come
 * after all others, the fastest first.
 * @param request what is asked
 * @param seconds of the one
 * @param dollars of the one
 * @param otherSeconds of the other
 * @param otherDollars of the other
 * @return true if so
 */
bool IsBetter(const AdviceRequest& request,
              double seconds,
              double dollars,
              double otherSeconds,
              double otherDollars);

/**
 * @ingroup serverless-learning-cost
 *
 * Searches all designs by the analytic model: functions by AllReduce, ScatterReduce or a parameter
 * server, machines in a ring.
 * @param request what is asked
 * @param prices what things cost
 * @return the best number of workers for each platform, channel, pattern and optimizer that works;
 * the best design first
 * @throws std::invalid_argument with one sentence if prices are missing
 */
std::vector<AdviceCandidate> FindDesigns(const AdviceRequest& request, const PriceTable& prices);

/**
 * @ingroup serverless-learning-cost
 *
 * Name of a pattern.
 * @param pattern the pattern
 * @return such as "allreduce"
 */
std::string GetPatternName(ExchangePattern pattern);

} // namespace serverless
} // namespace ns3

#endif /* ADVICE_H */
