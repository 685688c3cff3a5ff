/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef RING_ALL_REDUCE_H
#define RING_ALL_REDUCE_H

#include "collective.h"
#include "frame-stream.h"

#include "ns3/address.h"
#include "ns3/node.h"
#include "ns3/socket.h"

#include <map>
#include <string>
#include <utility>

namespace ns3
{
namespace serverless
{

/**
 * @ingroup serverless-learning-collective
 *
 * Ring all-reduce between machines: every worker keeps a TCP connection to the next one. In w - 1
 * steps partial sums of chunks go round until each worker has one whole chunk, in w - 1 further
 * steps these go round; 2w - 2 transfers of m/w bytes, (2w - 2)(m/(wB) + L).
 *
 * Each chunk is summed from another worker on, in the precision of the wire, so that sums agree
 * with those of other collectives to rounding only.
 *
 * Source: P. Patarasuk, X. Yuan, "Bandwidth optimal all-reduce algorithms for clusters of
 * workstations", Journal of Parallel and Distributed Computing 69 (2009); what PyTorch's gloo does
 * on LambdaML's virtual machines.
 */
class RingAllReduce : public Collective
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    /**
     * States who takes part, and begins to listen.
     * @param rank index of this worker
     * @param workers how many there are
     * @param node this worker's machine
     * @param next address of the next worker's machine, with its Port
     */
    void Configure(uint32_t rank, uint32_t workers, Ptr<Node> node, const Address& next);

    /**
     * Port that the previous worker connects to.
     * @return the TCP port
     */
    uint16_t GetPort() const;

  protected:
    void DoStart() override;
    void DoCancel() override;
    void DoDispose() override;

  private:
    /// Connects to the next worker, unless that is done.
    void Connect();

    /**
     * Takes the previous worker's connection.
     * @param socket its socket
     * @param from its address
     */
    void HandleAccept(Ptr<Socket> socket, const Address& from);

    /// Sends the chunk of the present transfer.
    void SendChunk();

    /// Takes chunks that have come, in order.
    void Advance();

    uint16_t m_port;         //!< TCP port
    uint32_t m_segmentBytes; //!< of a TCP segment

    Ptr<Node> m_node;             //!< this worker's machine
    Address m_next;               //!< of the next worker
    Ptr<Socket> m_listener;       //!< takes the previous worker's connection
    Ptr<FrameStream> m_out;       //!< to the next worker
    Ptr<FrameStream> m_in;        //!< from the previous worker
    std::vector<double> m_vector; //!< partial sums
    uint32_t m_transfer{0};       //!< number of the transfer waited for
    uint32_t m_sent{0};           //!< transfers of this step begun
    bool m_isActive{false};       //!< whether a step is under way
    std::map<std::pair<std::string, uint32_t>, Payload> m_arrived; //!< by step and transfer
};

} // namespace serverless
} // namespace ns3

#endif /* RING_ALL_REDUCE_H */
