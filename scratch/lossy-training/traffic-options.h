/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef TRAFFIC_OPTIONS_H
#define TRAFFIC_OPTIONS_H

#include "ns3/application-container.h"
#include "ns3/completion-times.h"
#include "ns3/loss-trace-recorder.h"
#include "ns3/node-container.h"
#include "ns3/scenario-options.h"
#include "ns3/switched-topology-helper.h"
#include "ns3/training-helper.h"

#include <string>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-scenario
 *
 * Adds the options that say which other traffic there is, and who yields to whom.
 * @param options where to
 */
void AddTrafficOptions(ScenarioOptions& options);

/**
 * @ingroup distributed-learning-scenario
 *
 * Sets the queue discs of switches and hosts.
 * @param options the options
 * @param topology the network, not built yet
 */
void SetQueueDiscs(ScenarioOptions& options, SwitchedTopologyHelper& topology);

/**
 * @ingroup distributed-learning-scenario
 *
 * The load that a training puts on the network, and a Web service beside it, if there is one.
 */
class OtherTraffic
{
  public:
    /**
     * Sets when the training sends, and installs the service.
     * @param options the options
     * @param hosts all hosts
     * @param training the training, installed, with its end set
     */
    OtherTraffic(ScenarioOptions& options,
                 const NodeContainer& hosts,
                 const TrainingHelper& training);

    /// Writes the trace of losses, if there is to be one.
    void WriteTrace() const;

    /**
     * What became of the messages.
     * @return " key=value" for each column; empty without a service
     */
    std::string Summary() const;

  private:
    /**
     * Says when messages start, and which of them count.
     * @param options the options
     * @param service the applications
     * @param workers the workers
     */
    void SetWindow(ScenarioOptions& options,
                   ApplicationContainer service,
                   const ApplicationContainer& workers);

    Ptr<LossTraceRecorder> m_losses; //!< of the training; null without a trace
    std::string m_lossFile;          //!< where they are written
    Ptr<CompletionTimes> m_times;    //!< of the messages; null without a service
    Time m_period; //!< between the bursts of the training; 0 if it is left to itself
};

} // namespace learning
} // namespace ns3

#endif /* TRAFFIC_OPTIONS_H */
