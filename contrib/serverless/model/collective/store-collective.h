/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef STORE_COLLECTIVE_H
#define STORE_COLLECTIVE_H

#include "collective.h"
#include "storage-client.h"

namespace ns3
{
namespace serverless
{

/**
 * @ingroup serverless-learning-collective
 *
 * A collective over a storage service: parts are objects, and the existence of an object is the
 * barrier. Workers poll for what is not there yet.
 *
 * With Waits the service answers when the object is there, which no real service does: the
 * difference is what polling costs.
 */
class StoreCollective : public Collective
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    /**
     * States who takes part.
     * @param rank index of this worker
     * @param workers how many there are
     * @param client of the service, this worker's own
     */
    void Configure(uint32_t rank, uint32_t workers, Ptr<StorageClient> client);

    void Disconnect() override;

  protected:
    /**
     * Adds attribute PollInterval to a kind that looks for things again and again.
     * @param tid the kind
     * @return the kind
     */
    static TypeId AddPollInterval(TypeId tid);

    /**
     * Adds attribute Waits to a kind that the service can spare looking again and again.
     * @param tid the kind
     * @return the kind
     */
    static TypeId AddWaits(TypeId tid);

    /**
     * Adds attribute Deletes to a kind whose parts nobody needs in the end.
     * @param tid the kind
     * @return the kind
     */
    static TypeId AddDeletes(TypeId tid);

    void DoDispose() override;
    void DoCancel() override;

    /**
     * Stores a part.
     * @param name bucket/key
     * @param numbers the numbers
     * @param chunk which of them
     * @param next done when it is stored
     */
    void Put(const std::string& name,
             const std::vector<double>& numbers,
             const Chunk& chunk,
             std::function<void()> next);

    /**
     * Reads a part.
     * @param name bucket/key
     * @param polls whether to wait for it
     * @param next given the numbers
     */
    void Get(const std::string& name,
             bool polls,
             std::function<void(const std::vector<double>&)> next);

    /// Given the names of parts.
    using Names = std::function<void(const std::vector<std::string>&)>;

    /**
     * Lists objects.
     * @param prefix of their names
     * @param least names to wait for with Waits
     * @param next given the names
     */
    void List(const std::string& prefix, uint32_t least, Names next);

    /// Given name and numbers of a part.
    using Take = std::function<void(const std::string&, const std::vector<double>&)>;

    /**
     * Reads parts, one after another.
     * @param names bucket/key of each
     * @param deletes whether to delete each before the next one is read
     * @param take given each when it is read
     * @param next done when all are read; given the names
     */
    void Fetch(std::vector<std::string> names, bool deletes, Take take, Names next);

    /**
     * Does something after PollInterval.
     * @param next what
     */
    void Sleep(std::function<void()> next);

    /**
     * Makes a callback that goes on if a request was done, and fails the step otherwise.
     * @param what the request, for the sentence
     * @param next what to do then
     * @return the callback
     */
    StorageClient::Callback Expect(const std::string& what,
                                   std::function<void(const StorageReply&)> next);

    /**
     * A number of fixed width, so that names are in order.
     * @param number the number
     * @return six digits
     */
    static std::string Pad(uint32_t number);

    Ptr<StorageClient> m_client; //!< of the service
    bool m_waits{false};         //!< whether the service waits with its answers
    bool m_deletes{true};        //!< whether parts are deleted when they are merged

  private:
    /// What is fetched: kept here, since a copy for each request would take time in proportion to
    /// the names.
    struct Fetching
    {
        std::vector<std::string> names; //!< of the parts
        std::size_t index{0};           //!< of the next one
        bool deletes{false};            //!< whether each is deleted when it is read
        Take take;                      //!< given each
        Names next;                     //!< done in the end
    };

    /// Reads the next part, or goes on.
    void FetchNext();

    Time m_pollInterval; //!< between polls
    EventId m_poll;      //!< the next one
    Fetching m_fetching; //!< what is fetched
};

} // namespace serverless
} // namespace ns3

#endif /* STORE_COLLECTIVE_H */
