/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef PROGRESS_H
#define PROGRESS_H

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-sweep
 *
 * Shows on standard output how far a sweep is: a bar with the time left on a terminal, one line a
 * finished run elsewhere.
 *
 * The time left is the mean time of the runs of this session times the runs left, over the jobs at
 * a time.
 */
class Progress
{
  public:
    /**
     * Starts.
     * @param total runs of the sweep
     * @param done how many of them had finished before
     * @param jobs processes at a time
     */
    Progress(size_t total, size_t done, uint32_t jobs);
    ~Progress();
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    /**
     * Tells of a finished run.
     * @param label which
     * @param message why it failed, empty if it did not
     * @param seconds its wall time
     */
    void Finished(const std::string& label, const std::string& message, double seconds);

    /// Draws the bar again, at most a few times a second.
    void Tick();

    /**
     * Writes a duration.
     * @param seconds the duration
     * @return such as 0:07, 3:21 or 1:02:03
     */
    static std::string FormatDuration(double seconds);

  private:
    using Clock = std::chrono::steady_clock; //!< never set back

    /// Draws the bar.
    void Draw();

    /// Makes the line of the bar empty.
    void Clear();

    size_t m_total;            //!< runs of the sweep
    size_t m_done;             //!< finished ones
    size_t m_failed{0};        //!< failed ones of this session
    uint32_t m_jobs;           //!< processes at a time
    size_t m_timed{0};         //!< runs of this session
    double m_seconds{0};       //!< their wall time
    bool m_terminal;           //!< whether there is someone to look at a bar
    Clock::time_point m_last;  //!< when the last run finished
    Clock::time_point m_drawn; //!< when the bar was last drawn
};

} // namespace learning
} // namespace ns3

#endif /* PROGRESS_H */
