/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef SCATTER_REDUCE_H
#define SCATTER_REDUCE_H

#include "store-collective.h"

#include <functional>
#include <map>

namespace ns3
{
namespace serverless
{

/**
 * @ingroup serverless-learning-collective
 *
 * ScatterReduce over a storage service: every worker adds up one w-th of the vectors.
 *
 * 1. Worker r PUTs the w - 1 chunks of its vector that are others'.
 * 2. It LIST-polls for the w - 1 pieces of chunk r, GETs them and deletes them, one by one.
 * 3. It PUTs the sum of chunk r.
 * 4. It LIST-polls for the other sums, GETs them, and puts all together.
 *
 * A step takes 3w - 2 transfers of m/w bytes, (3w - 2)(m/(wB) + L), besides lists, deletions and
 * polls; w^2 PUTs, 2w(w - 1) GETs, w(w - 1) DELETEs. Sums are in the order of workers, so that the
 * bits are those of AllReduce.
 *
 * Source: released code of LambdaML, pattern "reduce_scatter", and its variant with several
 * buckets, where chunk i lies in bucket i modulo Buckets.
 */
class ScatterReduce : public StoreCollective
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

  protected:
    void DoStart() override;

  private:
    /// Objects that are looked for.
    struct Search
    {
        std::string listed;                             //!< prefix that is listed
        std::string prefix;                             //!< of the objects
        std::size_t wanted;                             //!< how many
        uint32_t least;                                 //!< names to wait for, own one included
        bool deletes;                                   //!< whether they are deleted
        std::map<std::string, std::vector<double>> got; //!< by name
        std::function<void()> next;                     //!< what to do when all are there
    };

    /**
     * Stores the chunks of others.
     * @param index of the next one
     */
    void Scatter(uint32_t index);

    /// Looks for pieces of the own chunk.
    void Reduce();

    /// Adds up the own chunk and stores the sum.
    void Merge();

    /**
     * Looks for the sums of chunks in a bucket, then in the next one.
     * @param bucket its index
     */
    void Gather(uint32_t bucket);

    /// Puts all sums together.
    void Assemble();

    /// Looks for the objects of m_search.
    void Look();

    /**
     * Name of a piece of a chunk.
     * @param chunk index of the chunk
     * @return prefix, to be followed by the worker
     */
    std::string GetPiecePrefix(uint32_t chunk) const;

    /**
     * Name of the sum of a chunk.
     * @param chunk index of the chunk
     * @return bucket/key
     */
    std::string GetSumName(uint32_t chunk) const;

    uint32_t m_buckets;                                //!< that pieces and sums are spread over
    bool m_listsBucket;                                //!< whether lists are of whole buckets
    Search m_search;                                   //!< what is looked for
    std::vector<double> m_chunkSum;                    //!< sum of the own chunk
    std::map<std::string, std::vector<double>> m_sums; //!< sums of all chunks, by name
};

} // namespace serverless
} // namespace ns3

#endif /* SCATTER_REDUCE_H */
