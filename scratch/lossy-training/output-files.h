/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef OUTPUT_FILES_H
#define OUTPUT_FILES_H

#include "ns3/net-device-container.h"
#include "ns3/pcap-file-wrapper.h"
#include "ns3/scenario-options.h"

#include <string>
#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-scenario
 *
 * Checks that a file can be written, and leaves what it holds.
 * @param file its path; empty for none
 * @throws std::runtime_error if it cannot
 */
void CheckWritable(const std::string& file);

/**
 * @ingroup distributed-learning-scenario
 *
 * The pcap files of the hosts' links, as ns-3's PointToPointHelper writes them, if there are to be
 * any. They are kept at hand, since ns-3 says nothing of a packet that could not be written.
 */
class PcapFiles
{
  public:
    /**
     * Takes note of the files, and opens none.
     * @param options the options
     * @param devices of the hosts
     * @throws std::invalid_argument if the process may not have so many files open
     */
    PcapFiles(ScenarioOptions& options, const NetDeviceContainer& devices);

    /**
     * Begins to write.
     * @throws std::runtime_error if a file cannot be written
     */
    void Open();

    /**
     * Ends to write.
     * @throws std::runtime_error if packets are missing in a file
     */
    void Close();

  private:
    NetDeviceContainer m_devices;              //!< of the hosts
    std::vector<std::string> m_names;          //!< of the files; empty if there are none
    std::vector<Ptr<PcapFileWrapper>> m_files; //!< once they are open, in this order
};

} // namespace learning
} // namespace ns3

#endif /* OUTPUT_FILES_H */
