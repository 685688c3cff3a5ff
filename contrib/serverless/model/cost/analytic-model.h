/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef ANALYTIC_MODEL_H
#define ANALYTIC_MODEL_H

#include <cstdint>
#include <string>

namespace ns3
{
namespace serverless
{

/**
 * @ingroup serverless-learning-cost
 *
 * How vectors are exchanged, for the closed forms.
 */
enum class ExchangePattern
{
    ALL_REDUCE,     //!< over a store, one leader
    SCATTER_REDUCE, //!< over a store, all workers
    RING,           //!< between machines
    PUSH_AND_PULL,  //!< through a parameter server
    ASYNCHRONOUS,   //!< over one object of a store, nobody waits
    STALE           //!< over a store, with bounded staleness
};

/**
 * @ingroup serverless-learning-cost
 *
 * What the analytic model is asked about. All sizes are of the whole job.
 */
struct AnalyticJob
{
    uint32_t workers{1};      //!< w
    double startUp{0};        //!< t(w), s
    double dataBytes{0};      //!< s
    double loadRate{65e6};    //!< B of the data source for one worker, bytes a second
    double loadLatency{0.08}; //!< of a request to the data source, s
    double vectorBytes{0};    //!< m
    double rate{65e6};        //!< B of the channel, bytes a second
    double latency{0.08};     //!< L of the channel, s
    double aggregateRate{0};  //!< of the channel for all workers, bytes a second; 0 for no limit
    bool deletes{false};      //!< whether parts are deleted while others wait
    double lists{1};          //!< LISTs that find all parts: pages, mean over rounds
    double sumLists{1};       //!< LISTs that find all sums of ScatterReduce: its buckets
    double pollInterval{0};   //!< between two looks for what is not there yet, s
    bool polls{false};        //!< whether workers look until there is what they wait for
    double skew{0};           //!< what a mean worker waits for the last one to begin, s
    double leaderSkew{0};     //!< what the first worker waits for the last one to begin, s
    double serialization{0};  //!< of a byte at a parameter server, s
    double workerSerialization{0}; //!< of a byte at a worker of one, s
    double loadAggregate{0};       //!< of the data source for all workers; 0 for no limit
    double rounds{1};              //!< R f(w)
    double roundSeconds{0};        //!< C: computation of a round on one worker, s
    double meanSlowdown{1};        //!< mean factor of computations, by stragglers
    double largestSlowdown{1};     //!< mean of the largest factor of w workers
    double lifetime{0};            //!< of an instance's loading and rounds, s; 0 for no limit
    bool checkpoints{true};        //!< whether instances have successors, which others wait for
    double roundsPerInvocation{0}; //!< after which an instance ends; 0 for no limit
    double restart{0};             //!< until an instance's successor begins, s
    ExchangePattern pattern{ExchangePattern::SCATTER_REDUCE}; //!< how vectors are exchanged
};

/**
 * @ingroup serverless-learning-cost
 *
 * Times by the analytic model, in s.
 */
struct AnalyticTime
{
    double startUp{0};       //!< t(w), and starts of successors
    double load{0};          //!< of the data, and again by successors with the checkpoint
    double communication{0}; //!< of all rounds
    double computation{0};   //!< of all rounds, of a mean worker
    double waiting{0};       //!< of a mean worker for the slowest one, of all rounds
    double checkpoint{0};    //!< storing checkpoints
    double restarts{0};      //!< number of successors; infinite if a life is too short for a round

    /**
     * The whole.
     * @return the sum, s
     */
    double GetTotal() const
    {
        return startUp + load + communication + computation + waiting + checkpoint;
    }
};

/**
 * @ingroup serverless-learning-cost
 *
 * One exchange: (w + 3)(m/B + L), 3 (m/B + L) of one worker, whose sum nobody else reads,
 * (3w - 2)(m/(wB) + L) or (2w - 2)(m/(wB) + L); 0 for one machine in a ring. Through a parameter
 * server, vectorBytes being those on the wire: w pushes and w pulls under one lock, 2wm of
 * serialization, and one transfer, m/B + 2L, that no other hides; what a worker serializes, 2m, is
 * hidden unless it and its own share of the server take longer. Where w workers transfer at a time,
 * a transfer takes no less than their bytes do at the aggregate rate, if there is one: all of
 * ScatterReduce and of a parameter server, first and last transfer of AllReduce, all of the two
 * below.
 *
 * Asynchronous, a GET and a PUT: 2 (m/B + L); stale, a PUT and w GETs: (w + 1)(m/B + L). These two
 * are no forms of the reference's; that of stale exchanges leaves out what a worker waits that is
 * ahead of others.
 * @param job the job
 * @return s
 */
double GetExchangeTime(const AnalyticJob& job);

/**
 * @ingroup serverless-learning-cost
 *
 * The lists that a simulated exchange makes and the closed form leaves out: a latency for each page
 * of parts, and one for each bucket of sums of ScatterReduce; and the questions whether a parameter
 * server may be pushed to and pulled from, two latencies.
 * @param job the job
 * @return s
 */
double GetListTime(const AnalyticJob& job);

/**
 * @ingroup serverless-learning-cost
 *
 * Looks of all workers in one exchange that find nothing, in the mean, or some parts of many; of
 * AllReduce and ScatterReduce, the others are not predicted.
 */
struct AnalyticPolls
{
    double gets{0};  //!< for the sum, by w - 1 workers
    double lists{0}; //!< for parts, by the leader of AllReduce or all workers of ScatterReduce
};

/**
 * @ingroup serverless-learning-cost
 *
 * Predicts looks in vain, which cost money. Workers of AllReduce look for the sum every
 * pollInterval + L, from the end of their PUT on: as long as the leader takes to LIST, GET, delete
 * and PUT, and as they wait for stragglers and late starters. The leader looks once too often, as
 * it is done with a round before the others are, and without a pause for stragglers that are later
 * than all other parts take to GET, and, in the first round, for those that begin one after
 * another, whose parts it GETs and deletes meanwhile. Workers of ScatterReduce look in vain for
 * stragglers and late starters alone. What looks add to the time, half an interval a round and up
 * to one, depends on how workers' clocks lie and is not predicted. A look takes L, but 80 us at
 * least, as simulated over S3 without latency and round trip.
 * @param job the job
 * @return numbers of requests; none where workers do not look
 */
AnalyticPolls GetPolls(const AnalyticJob& job);

/**
 * @ingroup serverless-learning-cost
 *
 * The deletions that others wait for, where parts are deleted: one batch, a latency, by the leader
 * of AllReduce; w - 1 latencies by each worker of ScatterReduce (LambdaML, derived); one by stale
 * exchanges. Those after a sum is stored are not waited for, but see GetFewWorkersTime().
 * @param job the job
 * @return s
 */
double GetDeletionTime(const AnalyticJob& job);

/**
 * @ingroup serverless-learning-cost
 *
 * What a simulated AllReduce of 1 to 4 workers takes beyond closed form, list and deletion, mean of
 * all rounds; below 0 where it takes less. 0 for more workers, of which it is a smaller part, over
 * S3 less than a tenth of the exchange for vectors of up to 89 MB that are deleted; and for other
 * patterns.
 *
 * One worker waits for its own clean-up: the LIST of sums and, from the second round on, the
 * deletion of the last one. Of more, the leader cleans up, 2 L, and begins the next round while the
 * others still GET the last sum. Where that takes longer, the leader's first look finds its own
 * vector alone: it GETs and deletes it meanwhile, one transfer less on its path, and LISTs and
 * deletes once more for the others'. Where it does not, the others wait for the clean-up. When the
 * others find the sum depends on their polls: any time within an interval is taken to be as likely.
 * With Waits nobody polls, the first look finds all vectors, and the clean-up alone may count.
 * @param job the job
 * @return s
 */
double GetFewWorkersTime(const AnalyticJob& job);

/**
 * @ingroup serverless-learning-cost
 *
 * What the corrected model says of one exchange: closed form, lists, deletions and what few workers
 * take beyond them; mean of all rounds.
 * @param job the job
 * @return s
 */
double GetStepTime(const AnalyticJob& job);

/**
 * @ingroup serverless-learning-cost
 *
 * The model as printed: FaaS(w) and IaaS(w) with s/B for the load, ScatterReduce or ring, no rate
 * that workers share. Only for AllReduce, which it takes for ScatterReduce, ScatterReduce and ring:
 * there is no printed form of other patterns.
 *
 * Source: LambdaML, section on the analytic model (unverified).
 * @param job the job
 * @return times
 */
AnalyticTime PredictAsPrinted(const AnalyticJob& job);

/**
 * @ingroup serverless-learning-cost
 *
 * The corrected model: each worker loads s/w, so s/(wB) (12.3 s for 8 GB at w = 10, where the
 * published breakdown has 9 s and s/B would be 123 s); the pattern is the one that is used; lists
 * are counted, and deletions, if there are any; AllReduce of few workers is corrected for what its
 * leader does while others read (GetFewWorkersTime()). Polls (but see GetPolls()), lost packets and
 * throttled requests are not.
 *
 * Where stragglers are, workers that wait for one another wait for the slowest of w; those of
 * asynchronous and stale exchanges are taken not to wait at all, and to end when a mean one does.
 *
 * An instance that ends, by its lifetime or after as many rounds as it may have, stores a
 * checkpoint; its successor starts, loads its partition again, and the checkpoint. A life leaves
 * the time of a load, in which another worker may load that is waited for.
 * @param job the job
 * @return times
 */
AnalyticTime Predict(const AnalyticJob& job);

/**
 * @ingroup serverless-learning-cost
 *
 * Number of workers with the shortest round, for a tiny model and ScatterReduce, start-up left out:
 * the minimum of (3w - 2) L + C/w.
 * @param roundSeconds C, s
 * @param latency L, s, above 0
 * @return sqrt(C / (3 L))
 */
double GetBestWorkers(double roundSeconds, double latency);

/**
 * @ingroup serverless-learning-cost
 *
 * Vector size at which AllReduce and ScatterReduce take as long; 0 where ScatterReduce is never
 * slower, with 2 workers.
 * @param workers w, at least 2
 * @param rate B, bytes a second
 * @param latency L, s
 * @return bytes
 */
double GetCrossoverBytes(uint32_t workers, double rate, double latency);

/**
 * @ingroup serverless-learning-cost
 *
 * Ratio of times below which functions are cheaper than as many machines, requests left out.
 * @param machineHour dollars
 * @param gigabytes of a function
 * @param gigabyteSecond dollars
 * @return T_F / T_I at equal cost
 */
double GetBreakEvenRatio(double machineHour, double gigabytes, double gigabyteSecond);

} // namespace serverless
} // namespace ns3

#endif /* ANALYTIC_MODEL_H */
