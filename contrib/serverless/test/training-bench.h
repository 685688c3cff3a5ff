/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef TRAINING_BENCH_H
#define TRAINING_BENCH_H

#include "ns3/function-platform.h"
#include "ns3/machine-fleet.h"
#include "ns3/nstime.h"
#include "ns3/object-factory.h"
#include "ns3/training-job.h"
#include "ns3/training-worker.h"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace ns3
{
namespace serverless
{

/// A training on Higgs-like samples, small unless said otherwise.
struct TrainingSetting
{
    using Adjust = std::function<void(ObjectFactory&)>; //!< sets attributes

    uint32_t workers{4};                     //!< how many
    uint32_t samples{400};                   //!< real ones
    uint32_t features{28};                   //!< of a sample
    uint32_t batch{20};                      //!< samples of a mini-batch
    std::string model{"LogisticRegression"}; //!< class
    double learningRate{0.1};                //!< of plain descent
    double sorted{0};                        //!< share of the samples that is dealt by label
    uint32_t evaluated{400};                 //!< samples
    uint32_t rounds{3};                      //!< to train, 0 for no limit
    double epochs{0};                        //!< to train, 0 for no limit
    double targetLoss{0};                    //!< that ends the training, 0 for none
    uint64_t dataBytes{4000};                //!< declared
    uint64_t modelBytes{0};                  //!< declared
    double epochSeconds{4};                  //!< of one reference machine
    uint32_t threads{1};                     //!< of the host

    std::string optimization{"AveragedModels"}; //!< class
    std::string collective;                     //!< class, or empty for the default
    std::string channel{"ObjectStore"};         //!< class of the service for models; a
                                                //!< ParameterMachine has its own collective
    Adjust adjustOptimization;                  //!< or empty
    Adjust adjustCollective;                    //!< or empty
    Adjust adjustChannel;                       //!< or empty
    std::function<void(FunctionPlatform&)> adjustPlatform; //!< or empty

    bool onMachines{false};                           //!< instead of functions
    MachineFleet::Source source{MachineFleet::STORE}; //!< of machines' partitions
    Time lifetime{Seconds(900)};                      //!< of a function
    bool checkpoints{true};                           //!< whether functions go on after it
    uint32_t roundsPerInvocation{0};                  //!< see FunctionPlatform
    uint32_t concurrency{1000};                       //!< of functions
    std::string startUp;                              //!< of functions, or empty for the default

    std::string workerRate; //!< of interfaces, or empty for the platform's
    std::string straggler{"ns3::ConstantRandomVariable[Constant=1]"}; //!< factor of computations
    uint32_t slowWorkers{0};                                          //!< how many
    double slowdown{1};                                               //!< of them
    Time failure;                                                     //!< of worker 1, 0 for never
    double dropRate{0};                                               //!< of packets
    uint32_t segmentBytes{0};                                         //!< of a TCP segment; 0 for
                                                                      //!< each class's own
    uint32_t run{1};                                                  //!< of random draws
};

/// What came of it.
struct BenchOutcome
{
    std::vector<std::vector<float>> models;   //!< by worker
    std::vector<TrainingJob::Record> records; //!< of the job
    std::vector<std::string> errors;          //!< of workers that failed
    std::string error;                        //!< of the first one that failed, or empty
    std::vector<uint32_t> rounds;             //!< merged, by worker
    std::vector<uint32_t> invocations;        //!< of functions, by worker
    std::vector<Time> firstLoads;             //!< when each worker first loaded
    std::vector<Time> firstRounds;            //!< when each worker had ended its first round
    std::vector<double> firstLosses;          //!< of each worker's model then
    Time end;                                 //!< of the last worker
    std::vector<double> seconds;              //!< mean of each state
    std::string log;                          //!< all states and requests
    uint64_t requests{0};                     //!< to all services
    uint64_t throttled{0};                    //!< of these, refused for their number
    uint64_t events{0};                       //!< of the simulator
    Time longestInstance;                     //!< of functions
    int64_t cost{0};                          //!< nano-dollars
    std::string ledger;                       //!< all items of the cost
    std::map<std::string, int64_t> items;     //!< quantities of these

    /**
     * Time of a round once workers are in step.
     * @return the mean of all but the first, s
     */
    double GetRoundSeconds() const;
};

/**
 * Trains. Random draws are the same in each call with the same run.
 * @param setting what
 * @return what came of it
 * @throws std::invalid_argument if parts do not fit together
 */
BenchOutcome Train(const TrainingSetting& setting);

/**
 * A job whose time and cost are looked at; what it learns is small: gradient averaging, with one
 * mini-batch an epoch, so that a round is an epoch; functions that start at once.
 * @param workers how many
 * @param modelBytes declared
 * @param roundSeconds computation of a round on each worker
 * @return the setting
 */
TrainingSetting MakeTimedSetting(uint32_t workers, uint64_t modelBytes, double roundSeconds);

/**
 * Lets the service wait with its answers, and leaves deletions out, as closed forms do.
 * @param setting a training over a store
 */
void LeaveOutPolls(TrainingSetting& setting);

} // namespace serverless
} // namespace ns3

#endif /* TRAINING_BENCH_H */
