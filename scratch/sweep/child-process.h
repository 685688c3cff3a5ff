/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef CHILD_PROCESS_H
#define CHILD_PROCESS_H

#include <chrono>
#include <csignal>
#include <string>
#include <sys/types.h>
#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-sweep
 *
 * A program that runs beside this one, in a process group of its own, so that Ctrl-C on the
 * terminal does not reach it.
 *
 * It never outlives its parent: the kernel kills it when the parent dies, of whatever cause (Linux
 * only), and the destructor kills it if it still runs. Nor do the processes outlive it that it
 * started in its group, unless the parent is killed. Its standard input is empty.
 */
class ChildProcess
{
  public:
    /**
     * Starts a program.
     * @param arguments path of the program (looked up in PATH if it has no slash) and its arguments
     * @param outputFile where its standard output goes; the file is made anew
     * @param errorFile where its standard error goes; may be the same file
     * @throws std::runtime_error if a file cannot be written or the program cannot be started
     */
    ChildProcess(const std::vector<std::string>& arguments,
                 const std::string& outputFile,
                 const std::string& errorFile);
    ~ChildProcess();
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;

    /**
     * Looks whether the program has ended, without waiting.
     * @return whether it has
     */
    bool HasEnded();

    /// Waits until the program has ended.
    void Wait();

    /**
     * Sends a signal to the program's process group, if it still runs.
     * @param signal such as SIGTERM
     */
    void Signal(int signal);

    /**
     * How it ended.
     * @return its exit status, or 128 + signal if it was killed, as a shell gives it
     */
    int GetExitStatus() const;

    /**
     * Time since its start, up to its end if it has ended.
     * @return wall seconds
     */
    double GetSeconds() const;

  private:
    /**
     * Takes over how the program ended, if it has, and kills the rest of its group.
     * @param options WNOHANG not to wait for that
     */
    void Reap(int options);

    using Clock = std::chrono::steady_clock; //!< never set back

    pid_t m_pid{-1};           //!< process and process group
    bool m_ended{false};       //!< whether it was reaped
    int m_status{0};           //!< as waitpid() gave it
    Clock::time_point m_start; //!< when it was started
    Clock::time_point m_end;   //!< when its end was seen
};

/**
 * @ingroup distributed-learning-sweep
 *
 * While it lives, the signals that end a program and those of children are not acted on but waited
 * for.
 *
 * SIGHUP stays ignored where it was (nohup). One at a time, in a program with one thread;
 * ChildProcess gives children the usual signal mask.
 */
class SignalWaiter
{
  public:
    SignalWaiter();
    ~SignalWaiter();
    SignalWaiter(const SignalWaiter&) = delete;
    SignalWaiter& operator=(const SignalWaiter&) = delete;

    /**
     * Waits for a child's end or a signal to stop.
     * @param milliseconds how long at most
     * @return whether a signal to stop came (SIGINT, SIGTERM or SIGHUP)
     */
    bool WaitForStop(int milliseconds);

    /**
     * Takes a signal to stop that has come already.
     * @return whether there was one
     */
    bool TakeStop();

  private:
    sigset_t m_stops;  //!< signals to stop
    sigset_t m_waited; //!< and the end of a child
    sigset_t m_before; //!< mask to put back
};

} // namespace learning
} // namespace ns3

#endif /* CHILD_PROCESS_H */
