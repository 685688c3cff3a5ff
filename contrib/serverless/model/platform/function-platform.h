/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef FUNCTION_PLATFORM_H
#define FUNCTION_PLATFORM_H

#include "ns3/data-rate.h"
#include "ns3/nstime.h"
#include "ns3/object.h"
#include "ns3/random-variable-stream.h"

#include <cstdint>
#include <string>

namespace ns3
{
namespace serverless
{

/**
 * @ingroup serverless-learning-platform
 *
 * Where functions run: how they start, what an instance may use, how long it lives, and in what
 * steps it is billed.
 *
 * A starter invokes the functions of a job one after another; the n-th one begins
 * StartUpTable(n) after the job, by measurements of w functions, and a draw of ColdStart later. A
 * function that invokes itself again begins a draw of WarmStart later.
 *
 * Source: LambdaML's released code (the serial loop, lifetimes, memory), its analytic model
 * (start-up times) and vendor documentation (limits); all but the code unverified.
 */
class FunctionPlatform : public Object
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    /**
     * When the n-th function of a job begins, since the job's start.
     * @param index of the function, from 0
     * @return the time, with a draw of the cold start
     */
    Time DrawStart(uint32_t index) const;

    /**
     * Time from an invocation by a function itself to the begin of its successor.
     * @return the time
     */
    Time DrawRestart() const;

    /**
     * Takes an instance.
     * @return whether there was one left
     */
    bool Acquire();

    /// Gives an instance back.
    void Release();

    /**
     * Instances at a time.
     * @return the most there may be
     */
    uint32_t GetConcurrency() const;

    /**
     * Factor by which a computation is slower than on ReferenceVcpus.
     * @return the factor
     */
    double GetSlowdown() const;

    /**
     * Bytes of memory that a worker needs: Expansion of its partition, ModelCopies of the vector.
     * @param partition bytes of its partition
     * @param vector bytes of the vector that workers exchange
     * @return the bytes
     */
    double GetNeededBytes(double partition, double vector) const;

    /**
     * Bytes of memory that an instance has.
     * @return the bytes
     */
    double GetMemoryBytes() const;

    /**
     * Smallest number of workers whose partitions fit.
     * @param data bytes of the training set
     * @param vector bytes of the vector that workers exchange
     * @return the number, 0 if the model alone does not fit
     */
    uint32_t GetSmallestFleet(double data, double vector) const;

    /**
     * Whether a worker has too little memory.
     * @param partition bytes of its partition
     * @param data bytes of the training set
     * @param vector bytes of the vector that workers exchange
     * @return a sentence that says how many workers would do, or empty
     */
    std::string GetShortage(double partition, double data, double vector) const;

    /**
     * Memory of an instance.
     * @return megabytes
     */
    uint32_t GetMemoryMegabytes() const;

    /**
     * Rate of an instance's network interface.
     * @return the rate
     * @throws std::invalid_argument with one sentence if it is 0
     */
    DataRate GetNetworkRate() const;

    /**
     * Longest life of an instance.
     * @return the time
     */
    Time GetLifetime() const;

    /**
     * What is kept of a lifetime for the checkpoint.
     * @return the time
     */
    Time GetLifetimeMargin() const;

    /**
     * Whether functions store checkpoints and invoke themselves again.
     * @return true if so
     */
    bool HasCheckpoints() const;

    /**
     * Rounds after which a function invokes itself again.
     * @return the number, 0 where the lifetime decides
     */
    uint32_t GetRoundsPerInvocation() const;

    /**
     * Step of billed durations.
     * @return the time
     */
    Time GetBillingQuantum() const;

    /**
     * Fixes the random streams used.
     * @param stream first stream number
     * @return number of streams used
     * @throws std::invalid_argument with one sentence if ColdStart or WarmStart cannot draw, see
     * CheckDraws()
     */
    int64_t AssignStreams(int64_t stream);

  protected:
    void DoDispose() override;

  private:
    uint32_t m_memory;                //!< megabytes of an instance
    double m_vcpusPerMegabyte;        //!< share of processors
    double m_referenceVcpus;          //!< of the machine that compute times are of
    DataRate m_networkRate;           //!< of an instance
    Time m_lifetime;                  //!< of an instance
    Time m_lifetimeMargin;            //!< kept for the checkpoint
    bool m_checkpoints;               //!< whether functions go on after their lifetime
    uint32_t m_roundsPerInvocation;   //!< 0 where the lifetime decides
    uint32_t m_concurrency;           //!< instances at a time
    std::string m_startUpTable;       //!< see StartUpTable
    Ptr<RandomVariableStream> m_cold; //!< in s
    Ptr<RandomVariableStream> m_warm; //!< in s
    Time m_billingQuantum;            //!< step of billed durations
    double m_expansion;               //!< bytes in memory of a byte of a partition
    double m_modelCopies;             //!< copies of the model in memory
    uint32_t m_active{0};             //!< instances that run
};

} // namespace serverless
} // namespace ns3

#endif /* FUNCTION_PLATFORM_H */
