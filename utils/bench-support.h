/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef BENCH_SUPPORT_H
#define BENCH_SUPPORT_H

#include <algorithm>
#include <cstdio>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <type_traits>
#include <unistd.h>
#include <vector>

/**
 * @file
 *
 * What the benchmarks share: a clock, a median, processes of their own, and a line for a figure
 * with its bar.
 */

namespace bench
{

inline bool g_allHold = true; //!< whether every bar has held

/**
 * Processor time of this process.
 * @return seconds
 */
inline double
GetSeconds()
{
    timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/**
 * Median.
 * @param values at least one
 * @return the median
 */
inline double
GetMedian(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

/**
 * Calls a function in a process of its own, so that what it leaves behind serves nobody else.
 * @param function returns a Result
 * @param result what it returned; as before if the process failed
 * @return what the process took
 */
template <typename Result, typename Function>
rusage
RunApart(Function function, Result& result)
{
    static_assert(std::is_trivially_copyable_v<Result>, "it goes through a pipe");
    rusage usage{};
    int ends[2];
    if (pipe(ends) != 0)
    {
        return usage;
    }
    std::fflush(stdout);
    const pid_t child = fork();
    if (child == 0)
    {
        const Result mine = function();
        std::fflush(stdout);
        const bool written = write(ends[1], &mine, sizeof(mine)) == sizeof(mine);
        _exit(written ? 0 : 1);
    }
    close(ends[1]);
    Result received;
    const bool isWhole = read(ends[0], &received, sizeof(received)) == sizeof(received);
    close(ends[0]);
    int status = 1;
    wait4(child, &status, 0, &usage);
    if (isWhole && status == 0)
    {
        result = received;
    }
    return usage;
}

/**
 * Prints a figure with its bar.
 * @param what the figure
 * @param value its value
 * @param bar the largest value that holds
 */
inline void
Report(const char* what, double value, double bar)
{
    const bool holds = value <= bar;
    g_allHold = g_allHold && holds;
    std::printf("%-66s %8.3f   bar %5.3f   %s\n",
                what,
                value,
                bar,
                holds ? "holds" : "DOES NOT HOLD");
}

} // namespace bench

#endif /* BENCH_SUPPORT_H */
