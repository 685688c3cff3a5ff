/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef TRAINING_ADVISOR_H
#define TRAINING_ADVISOR_H

#include "training-run.h"

#include "ns3/advice.h"
#include "ns3/local-optimization.h"
#include "ns3/object-factory.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace ns3
{
namespace serverless
{

/**
 * @ingroup serverless-learning-helper
 *
 * What is to be trained, and to which loss.
 */
struct AdviceWorkload
{
    LearningTask task;    //!< what is learned; samples are dealt at random to any number of workers
    double dataBytes{0};  //!< declared bytes of the training set
    double modelBytes{0}; //!< declared bytes of the model; 0 for those of its numbers
    double epochSeconds{0}; //!< one epoch on one reference machine
    double targetLoss{0};   //!< what is to be reached
    double share{0.1};      //!< of the samples that rounds are estimated on
    uint32_t mostRounds{0}; //!< given up after
    uint32_t evaluated{0};  //!< samples that the loss is of in simulations
};

/**
 * @ingroup serverless-learning-helper
 *
 * What a simulation says of a design.
 */
struct AdviceSimulation
{
    TrainingOutcome outcome; //!< to the loss
    bool isProjected{false}; //!< from fewer rounds, so that the loss was not looked at
};

/**
 * @ingroup serverless-learning-helper
 *
 * Asks the analytic model how to train something, with the constants of this simulator's classes,
 * and simulates what it says. Rounds to the loss are estimated by training on a share of the
 * samples, for a few numbers of workers and each optimization algorithm.
 */
class TrainingAdvisor
{
  public:
    /**
     * Begins a question.
     * @param workload what is to be trained
     * @param fewest smallest number of workers to look at, at least 1
     * @param most largest number of workers to look at
     */
    TrainingAdvisor(const AdviceWorkload& workload, uint32_t fewest, uint32_t most);

    /**
     * Sets where data and checkpoints are, and what is exchanged over the channel of that type;
     * before platforms are offered.
     * @param store makes an ObjectStore
     */
    void SetStore(const ObjectFactory& store);

    /// Offers functions, as FunctionPlatform's attributes say.
    void AddFunctions();

    /// Offers machines, as MachineFleet's attributes say.
    void AddMachines();

    /**
     * Offers a channel of functions.
     * @param name for output
     * @param service makes the StorageService
     */
    void AddChannel(const std::string& name, const ObjectFactory& service);

    /**
     * Offers an optimization algorithm and estimates its rounds.
     * @param name for output
     * @param optimization makes the LocalOptimization
     * @return why it cannot learn that, or empty
     */
    std::string AddOptimization(const std::string& name, const ObjectFactory& optimization);

    /**
     * The question, for objective and deadline.
     * @return the request
     */
    AdviceRequest& GetRequest();

    /**
     * Simulates a design up to the loss, but no longer than three times the rounds predicted. With
     * more rounds predicted than there may be, half of that number and that number are simulated,
     * and times and costs projected to those predicted, linearly: rounds are alike. Functions' new
     * instances come at intervals: as many as are predicted are added, with what they are predicted
     * to take.
     * @param candidate one of FindDesigns()
     * @param prices name of the price table
     * @param most rounds to simulate, at least 2
     * @return what came of it; the simulation is destroyed
     */
    AdviceSimulation Simulate(const AdviceCandidate& candidate,
                              const std::string& prices,
                              uint32_t most) const;

    /**
     * A design in words.
     * @param candidate one of FindDesigns()
     * @return such as "function s3 allreduce admm 10"
     */
    std::string Describe(const AdviceCandidate& candidate) const;

  private:
    /**
     * Deals the samples.
     * @param workers to how many
     * @return the task with parts
     */
    LearningTask Deal(uint32_t workers) const;

    /**
     * What a new instance of each worker takes, by the analytic model.
     * @param candidate one of FindDesigns()
     * @param prices name of the price table
     * @return times and cost; 0 where none is predicted
     */
    TrainingOutcome PredictRestart(const AdviceCandidate& candidate,
                                   const std::string& prices) const;

    /**
     * Simulates rounds of a design.
     * @param candidate one of FindDesigns()
     * @param prices name of the price table
     * @param rounds at most
     * @param loss to end with; 0 for none
     * @return what came of it
     */
    TrainingOutcome Train(const AdviceCandidate& candidate,
                          const std::string& prices,
                          uint32_t rounds,
                          double loss) const;

    AdviceWorkload m_workload;                  //!< what is to be trained
    uint32_t m_fewest;                          //!< workers
    uint32_t m_most;                            //!< workers
    AdviceRequest m_request;                    //!< the question
    ObjectFactory m_store;                      //!< of data and checkpoints
    std::vector<ObjectFactory> m_channels;      //!< as offered
    std::vector<ObjectFactory> m_optimizations; //!< as offered
};

} // namespace serverless
} // namespace ns3

#endif /* TRAINING_ADVISOR_H */
