/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MIXING_LABORATORY_H
#define MIXING_LABORATORY_H

#include "ns3/dataset.h"
#include "ns3/star-topology-helper.h"
#include "ns3/training-helper.h"
#include "ns3/worker.h"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-paper
 *
 * What a MixingLaboratory builds.
 */
struct MixingScenario
{
    uint32_t workers{16};                                          //!< n, a server on each
    double dropRate{0};                                            //!< p of every segment
    std::string algorithm{"ns3::learning::RobustParameterServer"}; //!< text of a TrainingAlgorithm
    double learningRate{0};                                        //!< 0 for rounds that only mix
    uint32_t rounds{1};                                            //!< to run, at least 1
    uint32_t segmentFloats{4};     //!< numbers in a segment: the unit that is dropped and averaged
    uint32_t segmentsPerPacket{1}; //!< of a train, 1 to 64
    Ptr<Dataset> data; //!< targets of the quadratic; as many numbers a sample as parameters
};

/**
 * @ingroup distributed-learning-paper
 *
 * Rounds of a training on the quadratic (h = 1) on a star of co-located servers with permuted
 * owners, as packets, with all replicas handed out after each round.
 *
 * Computation takes 10 us of simulated time a round, links have 10 Gbit/s. The simulation's seed
 * and run number are those of ns-3's RngSeedManager. One at a time: it destroys the simulation at
 * its end.
 */
class MixingLaboratory
{
  public:
    /// Called once a round, in the order of rounds.
    /// @param round its number, from 0
    /// @param replicas parameters of each worker at the end of its round
    using Handler = std::function<void(uint32_t round, const std::vector<AlignedVector>& replicas)>;

    /**
     * Builds network and training.
     * @param scenario what to build
     * @param handler what is done with the replicas
     */
    MixingLaboratory(const MixingScenario& scenario, Handler handler);
    ~MixingLaboratory();
    MixingLaboratory(const MixingLaboratory&) = delete;
    MixingLaboratory& operator=(const MixingLaboratory&) = delete;

    /**
     * Starts every round from the same models, so that rounds are independent draws of what one
     * round makes of them; with a learning rate of 0.
     * @param models the model of each worker
     */
    void KeepModels(std::vector<std::vector<float>> models);

    /// Runs all rounds.
    void Run();

  private:
    /**
     * A worker ends a round.
     * @param worker its index
     * @param round the round
     */
    void RoundEnded(uint32_t worker, uint32_t round);

    /**
     * A worker.
     * @param index its index
     * @return the worker
     */
    Ptr<Worker> GetWorker(uint32_t index) const;

    /// Replicas of a round that not all workers have ended.
    struct Round
    {
        std::vector<AlignedVector> replicas; //!< of those that have
        uint32_t count{0};                   //!< how many have
    };

    Handler m_handler;                        //!< gets the replicas
    StarTopologyHelper m_star;                //!< the network
    TrainingHelper m_training;                //!< the training
    ApplicationContainer m_workers;           //!< the workers
    std::vector<std::vector<float>> m_models; //!< kept models, if any
    std::map<uint32_t, Round> m_rounds;       //!< not complete
};

/**
 * @ingroup distributed-learning-paper
 *
 * Mean of independent samples and its standard error, by Welford's recursion.
 */
class SampleMean
{
  public:
    /**
     * Takes in a sample.
     * @param value the sample
     */
    void Add(double value);

    /**
     * Number of samples.
     * @return the number
     */
    uint64_t GetCount() const;

    /**
     * Mean of the samples.
     * @return the mean; 0 of none
     */
    double GetMean() const;

    /**
     * Standard error of the mean, by the variance of the samples.
     * @return the error; not a number of fewer than two
     */
    double GetError() const;

  private:
    uint64_t m_count{0}; //!< number of samples
    double m_mean{0};    //!< of the samples
    double m_squares{0}; //!< sum of squared distances from the mean
};

} // namespace learning
} // namespace ns3

#endif /* MIXING_LABORATORY_H */
