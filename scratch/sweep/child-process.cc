/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "child-process.h"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace ns3
{
namespace learning
{

namespace
{

/**
 * Opens a file for the child, or says why not.
 * @param file its path
 * @return descriptor
 */
int
OpenForWriting(const std::string& file)
{
    const int descriptor =
        open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0666);
    if (descriptor < 0)
    {
        throw std::runtime_error(file + ": cannot be written: " + std::strerror(errno));
    }
    return descriptor;
}

} // namespace

ChildProcess::ChildProcess(const std::vector<std::string>& arguments,
                           const std::string& outputFile,
                           const std::string& errorFile)
    : m_start(Clock::now()),
      m_end(m_start)
{
    std::vector<char*> argv;
    for (const auto& argument : arguments)
    {
        argv.push_back(const_cast<char*>(argument.c_str()));
    }
    argv.push_back(nullptr);

    const int output = OpenForWriting(outputFile);
    const int error = OpenForWriting(errorFile);
    int report[2]; // the child's errno if the program cannot be started; closed by a successful
                   // start
    if (pipe2(report, O_CLOEXEC) != 0)
    {
        throw std::runtime_error(arguments[0] + ": cannot be started: " + std::strerror(errno));
    }
    const pid_t parent = getpid();
    m_pid = fork();
    if (m_pid == 0)
    {
        // Only async-signal-safe calls from here on.
        setpgid(0, 0);
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != parent) // the parent died before the line above
        {
            _exit(127);
        }
        sigset_t none;
        sigemptyset(&none);
        sigprocmask(SIG_SETMASK, &none, nullptr);
        std::signal(SIGINT, SIG_DFL);
        const int input = open("/dev/null", O_RDONLY);
        dup2(input, STDIN_FILENO);
        dup2(output, STDOUT_FILENO);
        dup2(error, STDERR_FILENO);
        execvp(argv[0], argv.data());
        const int reason = errno;
        const ssize_t written = write(report[1], &reason, sizeof(reason));
        _exit(written < 0 ? 126 : 127);
    }
    const int forkError = errno;
    close(output);
    close(error);
    close(report[1]);
    int reason = m_pid < 0 ? forkError : 0;
    if (m_pid > 0 && read(report[0], &reason, sizeof(reason)) > 0)
    {
        Wait();
    }
    close(report[0]);
    if (reason != 0)
    {
        throw std::runtime_error(arguments[0] + ": cannot be started: " + std::strerror(reason));
    }
}

ChildProcess::~ChildProcess()
{
    Signal(SIGKILL);
    Wait();
}

bool
ChildProcess::HasEnded()
{
    Reap(WNOHANG);
    return m_ended;
}

void
ChildProcess::Wait()
{
    while (!m_ended)
    {
        Reap(0);
    }
}

void
ChildProcess::Reap(int options)
{
    siginfo_t info{};
    if (m_ended ||
        (waitid(P_PID, m_pid, &info, WEXITED | WNOWAIT | options) == 0 && info.si_pid == 0))
    {
        return;
    }
    if (info.si_pid == m_pid)
    {
        // what it leaves behind; not reaped yet, it keeps its number from being another group's
        kill(-m_pid, SIGKILL);
        waitpid(m_pid, &m_status, 0);
    }
    m_ended = info.si_pid == m_pid || errno != EINTR;
    m_end = Clock::now();
}

void
ChildProcess::Signal(int signal)
{
    if (!m_ended)
    {
        kill(-m_pid, signal);
    }
}

int
ChildProcess::GetExitStatus() const
{
    return WIFSIGNALED(m_status) ? 128 + WTERMSIG(m_status) : WEXITSTATUS(m_status);
}

double
ChildProcess::GetSeconds() const
{
    const auto end = m_ended ? m_end : Clock::now();
    return std::chrono::duration<double>(end - m_start).count();
}

SignalWaiter::SignalWaiter()
{
    sigemptyset(&m_stops);
    sigaddset(&m_stops, SIGINT);
    sigaddset(&m_stops, SIGTERM);
    struct sigaction hangUp;
    sigaction(SIGHUP, nullptr, &hangUp);
    if (hangUp.sa_handler != SIG_IGN)
    {
        sigaddset(&m_stops, SIGHUP);
    }
    m_waited = m_stops;
    sigaddset(&m_waited, SIGCHLD);
    sigprocmask(SIG_BLOCK, &m_waited, &m_before);
}

SignalWaiter::~SignalWaiter()
{
    sigprocmask(SIG_SETMASK, &m_before, nullptr);
}

bool
SignalWaiter::WaitForStop(int milliseconds)
{
    const timespec patience{milliseconds / 1000, milliseconds % 1000 * 1000000L};
    const int signal = sigtimedwait(&m_waited, nullptr, &patience);
    return signal > 0 && sigismember(&m_stops, signal) == 1;
}

bool
SignalWaiter::TakeStop()
{
    const timespec now{0, 0};
    return sigtimedwait(&m_stops, nullptr, &now) > 0;
}

} // namespace learning
} // namespace ns3
