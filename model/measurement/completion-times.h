/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef COMPLETION_TIMES_H
#define COMPLETION_TIMES_H

#include "ns3/application-container.h"
#include "ns3/nstime.h"
#include "ns3/simple-ref-count.h"

#include <cstdint>
#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-measurement
 *
 * Collects the completion times of the messages of RequestApplications that start in a window of
 * simulated time. It only listens to trace sources.
 *
 * Messages that start close to one another wait for the same packets, so the standard error of the
 * mean is taken from means of intervals of the window, not of messages.
 */
class CompletionTimes : public SimpleRefCount<CompletionTimes>
{
  public:
    /**
     * Sets the window; before anything is collected. By default it is all time.
     * @param from messages that start earlier do not count
     * @param until nor those that start at this time or later
     */
    void SetWindow(Time from, Time until);

    /**
     * Listens to applications.
     * @param applications RequestApplications
     * @throws std::invalid_argument if one is something else
     */
    void Observe(const ApplicationContainer& applications);

    /**
     * Messages that started in the window.
     * @return their number
     */
    uint64_t GetStartedCount() const;

    /**
     * Messages that started in the window and are complete.
     * @return their number
     */
    uint64_t GetCompletedCount() const;

    /**
     * Mean completion time.
     * @return seconds; not a number without a message
     */
    double GetMean() const;

    /**
     * Standard error of the mean by the means of intervals.
     * @param intervals number of equal intervals between the first and the last start, at least 2
     * @return seconds; not a number if fewer than two intervals have messages
     */
    double GetStandardError(uint32_t intervals = 20) const;

    /**
     * A percentile of the completion times, by the nearest rank.
     * @param percent above 0, at most 100
     * @return seconds; not a number without a message
     */
    double GetPercentile(double percent) const;

  private:
    /// A message that is complete.
    struct Message
    {
        Time start;      //!< when it started
        double duration; //!< completion time in s
    };

    /**
     * Whether a start counts.
     * @param start the time
     * @return true if it is in the window
     */
    bool IsInWindow(Time start) const;

    /**
     * A message starts.
     * @param bytes its length
     */
    void Started(uint32_t bytes);

    /**
     * A message is complete.
     * @param start when it started
     * @param bytes its length
     * @param duration its completion time
     */
    void Completed(Time start, uint32_t bytes, Time duration);

    Time m_from;                     //!< begin of the window
    Time m_until{Time::Max()};       //!< end of the window
    uint64_t m_started{0};           //!< messages that started in it
    std::vector<Message> m_messages; //!< those that are complete
};

} // namespace learning
} // namespace ns3

#endif /* COMPLETION_TIMES_H */
