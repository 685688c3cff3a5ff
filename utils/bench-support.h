/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef BENCH_SUPPORT_H
#define BENCH_SUPPORT_H

#include <algorithm>
#include <cstdio>
#include <time.h>
#include <vector>

/**
 * @file
 *
 * What the benchmarks share: a clock, a median, and a line for a figure with its bar.
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
