/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef FAULT_SCHEDULE_HELPER_H
#define FAULT_SCHEDULE_HELPER_H

#include "training-helper.h"

#include "ns3/interruptible-channel.h"
#include "ns3/nstime.h"

#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-helper
 *
 * What fails during a training, and when: hosts that crash and come back, links that go down and
 * up, partitions that heal. Hosts are counted as in the training: workers from 0, then dedicated
 * servers.
 *
 * A host that crashes loses what its worker and its server know, and its links are down until it is
 * back. The links of all hosts concerned must be InterruptibleChannels, as those of our topology
 * helpers are. Whatever is dropped is dropped by a device and counted so.
 *
 * All mistakes are std::invalid_argument with one sentence.
 * Source: the failures that the parameter server of M. Li et al. (OSDI 2014, Section 4.3) recovers
 * from, and partitions besides; hosts fail by stopping (F. Schneider, ACM TOCS 2(2), 1984).
 */
class FaultScheduleHelper
{
  public:
    /**
     * A host crashes.
     * @param host the host
     * @param from when, above 0
     * @param until when it comes back; Time::Max() for never
     */
    void AddCrash(uint32_t host, Time from, Time until);

    /**
     * The links of a host go down.
     * @param host the host
     * @param from when, above 0
     * @param until when they come up again; Time::Max() for never
     */
    void AddLinkDown(uint32_t host, Time from, Time until);

    /**
     * Some hosts are cut off from all others, but not from one another.
     * @param hosts the hosts
     * @param from when, above 0
     * @param until when the partition heals; Time::Max() for never
     */
    void AddPartition(const std::set<uint32_t>& hosts, Time from, Time until);

    /**
     * Adds the faults of a list: crash:HOST, link:HOST or partition:HOST+HOST, each with
     * @FROM-UNTIL, or @FROM for good, separated by commas, blanks or line ends; a # begins a
     * comment.
     * @param text such as "crash:3@1s-2s,link:0@500ms-700ms,partition:0+1+2@1s"
     */
    void AddList(const std::string& text);

    /**
     * Adds the faults of a file, see AddList().
     * @param file its name
     */
    void AddFile(const std::string& file);

    /**
     * Schedules all that was added; before the simulation runs.
     * @param training the training, installed
     */
    void Install(const TrainingHelper& training) const;

    /**
     * When the last of the faults that end has ended.
     * @return the time; 0 without any
     */
    Time GetEnd() const;

  private:
    /// What fails.
    enum Kind
    {
        CRASH,    //!< a host
        LINK,     //!< the links of a host
        PARTITION //!< the ways between some hosts and all others
    };

    /// A fault.
    struct Fault
    {
        Kind kind;                //!< what fails
        std::set<uint32_t> hosts; //!< of which hosts
        Time from;                //!< when
        Time until;               //!< until when
    };

    /// What a training has on one host.
    struct Host
    {
        Ptr<Node> node;              //!< where it lives
        Ptr<Worker> worker;          //!< or null
        Ptr<ParameterServer> server; //!< or null
    };

    /**
     * Adds a fault.
     * @param fault the fault
     */
    void Add(const Fault& fault);

    /**
     * Reads a fault.
     * @param text such as "crash:3@1s-2s"
     * @return the fault
     */
    static Fault Read(const std::string& text);

    /**
     * The hosts of a training.
     * @param training the training
     * @return workers, then dedicated servers
     */
    static std::vector<Host> GetHosts(const TrainingHelper& training);

    /**
     * The links of a host.
     * @param host the host
     * @return the links
     */
    static std::vector<Ptr<InterruptibleChannel>> GetLinks(const Host& host);

    /**
     * Schedules a partition.
     * @param fault the fault
     * @param hosts of the training
     */
    static void InstallPartition(const Fault& fault, const std::vector<Host>& hosts);

    std::vector<Fault> m_faults; //!< in the order in which they were added
};

} // namespace learning
} // namespace ns3

#endif /* FAULT_SCHEDULE_HELPER_H */
